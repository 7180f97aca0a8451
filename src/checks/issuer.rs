//! The issuer of a generic provider.

use super::Subject;
use crate::finding::{Finding, Fix};
use crate::provider::Shape;

/// The host of Entra ID, whose discovery documents of `common` and the like name no
/// issuer that Kratos' comparison would accept.
const ENTRA: &str = "login.microsoftonline.com";

/// What people paste in place of the issuer.
const WELL_KNOWN: &str = "/.well-known/";

/// Kratos compares the issuer byte by byte with the one in the discovery document,
/// which it reads from the issuer with `/.well-known/openid-configuration` behind it
/// (`NewProvider` of go-oidc).
pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let issuer = match (subject.kind.shape(), &subject.settings.issuer_url) {
        (Shape::Generic, Some(issuer)) => issuer.as_str(),
        _ => return Vec::new(),
    };
    let warning = |problem: &str, to: &str| Finding::warning("issuer_url", problem, Fix::set(to));
    let whole = "<the issuer, as the provider's discovery document says it>";
    let found = if issuer.contains(char::is_whitespace) {
        warning("white space is in no URL", whole)
    } else if issuer.contains(WELL_KNOWN) {
        warning("that is the discovery document and not the issuer", {
            "<the part before /.well-known/>"
        })
    } else if issuer.contains(['?', '#']) {
        warning(
            "an issuer has no query and no fragment",
            "<the part before them>",
        )
    } else {
        match host(issuer) {
            Some((_, host)) if host == ENTRA && is_for_all(issuer) => Finding::warning(
                "issuer_url",
                "generic does not work with Entra ID for all tenants",
                Fix::SetOther("provider", "microsoft".into()),
            ),
            None => warning("no URL that starts with https:// and a host", whole),
            Some(("http", host)) if !is_loopback(host) => Finding::note(
                "issuer_url",
                "http lets others read and forge what the provider says",
                Fix::set("<the same with https, if the provider has it>"),
            ),
            Some(_) => return Vec::new(),
        }
    };
    vec![found]
}

/// Scheme and host of a URL for the web; `None` if it is none.
fn host(url: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = url.split_once("://")?;
    let authority = rest.split('/').next()?;
    let host = authority.rsplit('@').next()?;
    let host = match host.strip_prefix('[') {
        Some(v6) => v6.split(']').next()?,
        None => host.split(':').next()?,
    };
    (matches!(scheme, "http" | "https") && !host.is_empty()).then_some((scheme, host))
}

fn is_loopback(host: &str) -> bool {
    host == "localhost"
        || host
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

/// Whether an issuer of Entra ID is for accounts of no one tenant.
fn is_for_all(issuer: &str) -> bool {
    ["/common", "/organizations", "/consumers", "{tenantid}"]
        .iter()
        .any(|tenant| issuer.contains(tenant))
}
