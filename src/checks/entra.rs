//! Entra ID: its hosts, its issuers, its tenants.

use external_provider::{Kind, plain_scalar};

use super::mistake::{Mistake, wrong};
use super::subject::Subject;
use super::url::Url;
use crate::finding::{Code, Fix};
use crate::kinds::tenant::{ACCOUNTS, is_guid};

/// The placeholder for a tenant.
pub(super) const TENANT: &str = "<the Directory (tenant) ID>";

/// The public cloud of Entra ID.
const PUBLIC_CLOUD: &str = "login.microsoftonline.com";

/// The hosts of the other clouds of Entra ID, from the pages on national clouds of Microsoft's
/// documentation.
const SOVEREIGN_CLOUDS: [&str; 3] = [
    "login.microsoftonline.us",
    "login.partner.microsoftonline.cn",
    "login.chinacloudapi.cn",
];

/// Other names of these hosts. The discovery documents there name the usual one.
const ALIASES: [(&str, &str); 2] = [
    ("login.microsoft.com", PUBLIC_CLOUD),
    ("login.chinacloudapi.cn", "login.partner.microsoftonline.cn"),
];

/// The hosts of the public cloud's version 1.0.
const OLD_HOSTS: [&str; 2] = ["sts.windows.net", "login.windows.net"];

/// Whether this is a host of Entra ID, in any cloud.
pub(super) fn is_of_entra(url: &Url<'_>) -> bool {
    let hosts = [PUBLIC_CLOUD].into_iter().chain(SOVEREIGN_CLOUDS);
    let aliases = ALIASES.into_iter().map(|(alias, _)| alias);
    hosts
        .chain(OLD_HOSTS)
        .chain(aliases)
        .any(|host| url.is_at(host))
}

/// Entra ID: `https://login.microsoftonline.com/<GUID of the tenant>/v2.0`. Without `/v2.0` the
/// document names the issuer of version 1.0, `https://sts.windows.net/<GUID>/`.
pub(super) fn entra(_: Kind, url: &Url<'_>) -> Option<Mistake> {
    let host = url.host.to_ascii_lowercase();
    let is_old = OLD_HOSTS.contains(&host.as_str());
    let mut aliases = ALIASES.iter();
    let alias_of = aliases.find(|(alias, _)| *alias == host);
    let host = match alias_of {
        _ if is_old => PUBLIC_CLOUD,
        Some((_, usual)) => usual,
        None if host == PUBLIC_CLOUD || SOVEREIGN_CLOUDS.contains(&host.as_str()) => &host,
        None => return None,
    };
    let segments = url.segments();
    let tenant = segments.first().copied().unwrap_or_default();
    // The kind microsoft is the public cloud only.
    let right = if is_guid(tenant) {
        format!("https://{host}/{}/v2.0", tenant.to_ascii_lowercase())
    } else {
        format!("https://{host}/<Directory (tenant) ID>/v2.0")
    };
    if let Some(word) = tenant_for_all(url) {
        return Some(Mistake {
            code: Code::IssuerOfAllTenants,
            problem: "generic does not work with an issuer for all tenants of Entra ID",
            fix: if host == PUBLIC_CLOUD {
                Fix::set_all([("provider", "microsoft"), ("microsoft_tenant_id", word)])
            } else {
                Fix::set(right)
            },
        });
    }
    if segments.len() == 2 && url.whole == right {
        return None;
    }
    let problem = match segments.get(1) {
        _ if is_old => "this is the issuer of Entra ID version 1.0",
        _ if alias_of.is_some() => "the discovery document of Entra ID names another host",
        None => "without /v2.0 this belongs to Entra ID version 1.0, which has another issuer",
        Some(&"v2.0") if !is_guid(tenant) => "the issuer of Entra ID contains the tenant's GUID",
        Some(&"v2.0") => "the issuer of Entra ID is in lower case and ends in /v2.0",
        Some(_) => "this is an address below the issuer of Entra ID, not the issuer",
    };
    if is_old && url.path.ends_with('/') && segments.len() == 1 {
        // This is the issuer in the document of version 1.0, and may work.
        return Some(Mistake {
            code: Code::IssuerOutdated,
            problem,
            fix: Fix::set(right),
        });
    }
    Some(wrong(problem, right))
}

/// The word for the tenants that an issuer of Entra ID covers, unless it is for one tenant.
fn tenant_for_all(url: &Url<'_>) -> Option<&'static str> {
    let segments = url.segments();
    let tenant = segments.first()?;
    ACCOUNTS
        .into_iter()
        .find(|word| word == tenant)
        .or_else(|| tenant.starts_with('{').then_some("<tenant>"))
}

/// The kind `microsoft` has only the endpoints of the public cloud: `ProviderMicrosoft` of Kratos.
/// It needs no issuer, so anyone who sets one probably wants its cloud. The issuer of another tenant
/// may be left over from before.
pub(super) fn sovereign_cloud(subject: &Subject<'_>, url: &Url<'_>) -> Option<Mistake> {
    let is_other = SOVEREIGN_CLOUDS.iter().any(|host| url.is_at(host));
    let tenant = subject.settings.microsoft_tenant_id.as_deref();
    let tenant = tenant.map(plain_scalar::meant);
    let named = url.segments().first().copied().unwrap_or_default();
    let is_of_another =
        is_guid(named) && tenant.is_some_and(|tenant| !named.eq_ignore_ascii_case(&tenant));
    (is_other && !is_of_another).then(|| {
        let settings = match entra(subject.kind, url).map(|mistake| mistake.fix) {
            Some(Fix::Set(issuer)) => Fix::as_generic(&issuer),
            _ => Fix::set_all([("provider", "generic")]),
        };
        Mistake {
            code: Code::IssuerOfAnotherCloud,
            problem: "the kind microsoft works with the public cloud only, but this issuer is of another",
            fix: settings,
        }
    })
}

/// Whether it is a generic provider with an issuer of one tenant of Entra ID.
pub(super) fn has_issuer_of_entra(subject: &Subject<'_>) -> bool {
    // With the issuer for all tenants it cannot stay generic.
    subject.has_issuer(|url| is_of_entra(url) && tenant_for_all(url).is_none())
}
