//! Issuers of well-known providers, and what people set instead.
//!
//! [`RULES`] has a function for each provider, which knows the issuer in the provider's own
//! discovery document. Kratos compares the two byte by byte.

use external_provider::{Kind, Shape, plain_scalar};

use super::is_absolute_uri;
use super::issuer::ISSUER;
use super::microsoft::ACCOUNTS;
use super::url::Url;
use super::{Subject, is_guid};
use crate::finding::{Code, Finding, Fix};

/// What is wrong with an issuer of one provider.
struct Mistake {
    code: Code,
    problem: &'static str,
    fix: Fix,
}

/// What is wrong with an issuer; `None` if it is right, or belongs to another provider.
type Rule = fn(Kind, &Url<'_>) -> Option<Mistake>;

/// Every rule. The first to find a mistake counts.
const RULES: [Rule; 8] = [
    entra,
    google,
    gitlab,
    okta,
    keycloak,
    auth0,
    cognito,
    without_discovery,
];

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let Some(issuer) = &subject.settings.issuer_url else {
        return Vec::new();
    };
    let issuer = plain_scalar::meant(issuer);
    let Some(url) = Url::parse(&issuer).filter(|_| is_absolute_uri(&issuer)) else {
        return Vec::new();
    };
    let mistake = match subject.kind.shape() {
        Shape::Generic => {
            if issuer.contains("/.well-known") {
                return Vec::new();
            }
            let of_subject = not_auth0(subject, &url)
                .or_else(|| apple(subject, &url))
                .or_else(|| profile_of_auth0(subject, &url));
            let by_rule = || RULES.iter().find_map(|rule| rule(subject.kind, &url));
            of_subject.or_else(by_rule)
        }
        Shape::Microsoft => sovereign_cloud(subject, &url),
        Shape::Social | Shape::Github | Shape::Apple => None,
    };
    let found = |Mistake { code, problem, fix }| Finding::new(code, "issuer_url", problem, fix);
    mistake.map(found).into_iter().collect()
}

/// How to set the issuer that `text` is about, if it is that of a well-known provider with something
/// after it or without its scheme.
pub(super) fn right(subject: &Subject<'_>, text: &str) -> Option<Fix> {
    let with_scheme;
    let text = if text.contains("://") {
        text
    } else {
        with_scheme = format!("https://{text}");
        &with_scheme
    };
    let url = Url::parse(text)?;
    let mistake = RULES.iter().find_map(|rule| rule(subject.kind, &url));
    if let Some(mistake) = mistake {
        return Some(mistake.fix);
    }
    // Only what these issuers consist of: the rest of what was typed is not repeated.
    let segments = url.segments();
    let is_short = segments.len() <= 3 && segments.iter().all(|part| part.len() <= 40);
    (is_known(&url) && is_short).then(|| wrong("", text).fix)
}

/// Whether we know what issuers at this host look like.
fn is_known(url: &Url<'_>) -> bool {
    let domains = [
        "accounts.google.com",
        "gitlab.com",
        "auth0.com",
        "slack.com",
        "www.linkedin.com",
        "id.twitch.tv",
    ];
    let is_keycloak = matches!(url.segments()[..], ["realms", _] | ["auth", "realms", _]);
    let is_at_one = |domains: &[&str]| domains.iter().any(|domain| url.is_at(domain));
    is_cognito(url) || is_keycloak || is_of_entra(url) || is_at_one(&OKTA) || is_at_one(&domains)
}

/// The finding for a wrong issuer, where we know the right one.
fn wrong(problem: &'static str, right: impl Into<String>) -> Mistake {
    let right = right.into();
    // The fix repeats part of what was typed, so allow only what issuers consist of.
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/<>() ".contains(&byte);
    let fix = if right.bytes().all(is_plain) && !right.contains('@') {
        Fix::set(right)
    } else {
        Fix::set(ISSUER)
    };
    Mistake {
        code: Code::IssuerMistaken,
        problem,
        fix,
    }
}

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
fn entra(_: Kind, url: &Url<'_>) -> Option<Mistake> {
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
    if let (Some(word), PUBLIC_CLOUD) = (tenant_for_all(url), host) {
        return Some(Mistake {
            code: Code::IssuerOfAllTenants,
            problem: "generic does not work with an issuer for all tenants of Entra ID",
            fix: Fix::set_all([("provider", "microsoft"), ("microsoft_tenant_id", word)]),
        });
    }
    let right = if is_guid(tenant) {
        format!("https://{host}/{}/v2.0", tenant.to_ascii_lowercase())
    } else {
        format!("https://{host}/<Directory (tenant) ID>/v2.0")
    };
    if tenant_for_all(url).is_some() {
        return Some(Mistake {
            code: Code::IssuerOfAllTenants,
            problem: "generic does not work with an issuer for all tenants of Entra ID",
            fix: Fix::set(right),
        });
    }
    let is_right = segments.len() == 2 && format!("{}{}", url.origin, url.path) == right;
    if is_right {
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
pub(super) fn tenant_for_all(url: &Url<'_>) -> Option<&'static str> {
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
fn sovereign_cloud(subject: &Subject<'_>, url: &Url<'_>) -> Option<Mistake> {
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

/// The kind `auth0` with the issuer of another well-known provider: Kratos would look for Auth0's
/// endpoints there (`ProviderAuth0`).
fn not_auth0(subject: &Subject<'_>, url: &Url<'_>) -> Option<Mistake> {
    let is_other = subject.kind == Kind::Auth0 && is_known(url) && !url.is_at("auth0.com");
    is_other.then(|| {
        let mistake = RULES.iter().find_map(|rule| rule(Kind::Generic, url));
        let fix = match mistake.map(|mistake| mistake.fix) {
            Some(Fix::Set(issuer)) => Fix::as_generic(&issuer),
            Some(fix) => fix,
            None => Fix::set_all([("provider", "generic")]),
        };
        Mistake {
            code: Code::IssuerMistaken,
            problem: "this is not an Auth0 issuer",
            fix,
        }
    })
}

/// Apple: with the scopes `email` and `name` it requires `response_mode=form_post`, which generic
/// never asks for (issue 6 of `nov/apple_id`), and it refuses other scopes. With only `openid`, and
/// a secret that somebody signs anew twice a year, it may work.
fn apple(subject: &Subject<'_>, url: &Url<'_>) -> Option<Mistake> {
    if !url.host.eq_ignore_ascii_case("appleid.apple.com") {
        return None;
    }
    let mut asked_for = subject.settings.scopes(subject.kind);
    let code = if asked_for.any(|scope| scope != "openid") {
        Code::IssuerMistaken
    } else {
        Code::IssuerHasAKind
    };
    Some(Mistake {
        code,
        problem: "use the kind apple, which asks as Apple requires and signs the client secret itself",
        fix: Fix::set_all([
            ("provider", "apple"),
            ("apple_team_id", "<team id>"),
            ("apple_private_key_id", "<key id>"),
            ("apple_private_key", "@AuthKey.p8"),
            ("scope", "name email"),
            ("client_secret", ""),
            ("issuer_url", ""),
        ]),
    })
}

/// With the scope `profile` Auth0 sends `updated_at` as a string. The kind `generic` cannot decode
/// that (ory/kratos#609), but `auth0` can.
fn profile_of_auth0(subject: &Subject<'_>, url: &Url<'_>) -> Option<Mistake> {
    let is_right = url.is_at("auth0.com") && url.path == "/";
    let is_generic = subject.kind == Kind::Generic;
    (is_generic && is_right && subject.asks_for("profile")).then(|| Mistake {
        code: Code::IssuerHasAKind,
        problem: "generic may fail to decode a profile from Auth0, but the kind auth0 can",
        fix: if subject.asks_for("openid") {
            Fix::set_all([("provider", "auth0")])
        } else {
            Fix::set_all([("provider", "auth0"), ("scope", "openid profile email")])
        },
    })
}

/// Google: <https://accounts.google.com/.well-known/openid-configuration>.
fn google(_: Kind, url: &Url<'_>) -> Option<Mistake> {
    let hosts = [
        "accounts.google.com",
        "google.com",
        "www.google.com",
        "oauth2.googleapis.com",
        "www.googleapis.com",
    ];
    let issuer = "https://accounts.google.com";
    let host = url.host.to_ascii_lowercase();
    let is_right = url.origin == issuer && url.path.is_empty();
    (hosts.contains(&host.as_str()) && !is_right)
        .then(|| wrong("this is not Google's issuer", issuer))
}

/// GitLab.com: <https://gitlab.com/.well-known/openid-configuration>.
fn gitlab(_: Kind, url: &Url<'_>) -> Option<Mistake> {
    let issuer = "https://gitlab.com";
    let host = url.host.to_ascii_lowercase();
    let is_ours = host == "gitlab.com" || host == "www.gitlab.com";
    let is_right = url.origin == issuer && url.path.is_empty();
    (is_ours && !is_right).then(|| wrong("this is not the issuer of GitLab.com", issuer))
}

/// The domains under which Okta's customers have theirs.
const OKTA: [&str; 4] = [
    "okta.com",
    "oktapreview.com",
    "okta-emea.com",
    "okta-gov.com",
];

/// Okta: `https://<domain>` for the organisation, `https://<domain>/oauth2/<server>` for an
/// authorization server; from Okta's documentation of its endpoints.
fn okta(_: Kind, url: &Url<'_>) -> Option<Mistake> {
    if !OKTA.iter().any(|domain| url.is_at(domain)) {
        return None;
    }
    let (name, domain) = url.host.split_once('.')?;
    let segments = url.segments();
    let path = match segments.as_slice() {
        ["oauth2", server, ..] if *server != "v1" => format!("/oauth2/{server}"),
        _ => String::new(),
    };
    let name_of_users = name.strip_suffix("-admin");
    let right = format!("https://{}.{domain}{path}", name_of_users.unwrap_or(name));
    if name_of_users.is_some() {
        return Some(wrong(
            "-admin is Okta's console: the issuer is the same without -admin",
            right,
        ));
    }
    let is_address = segments.contains(&"v1") || matches!(segments[..], ["admin", ..] | ["oauth2"]);
    if is_address {
        return Some(wrong(
            "this is an address below the issuer of Okta, not the issuer",
            right,
        ));
    }
    let has_slash = url.path.ends_with('/');
    has_slash.then(|| wrong("Okta's issuer does not end in a slash", right))
}

/// Keycloak: `<its URL>/realms/<realm>`, from its documentation of the endpoints.
fn keycloak(_: Kind, url: &Url<'_>) -> Option<Mistake> {
    let segments = url.segments();
    let at = |name: &str| segments.iter().position(|segment| *segment == name);
    let base = |to: usize| {
        let before = segments[..to].iter().map(|segment| format!("/{segment}"));
        format!("{}{}", url.origin, before.collect::<String>())
    };
    if let Some((admin, own)) = console(&segments) {
        // Users are hardly ever in the administrators' realm.
        let own = Some(own).filter(|own| *own != "master");
        // Older consoles have `realms` before the name.
        let shown = url.fragment.unwrap_or_default().split('/');
        let shown = shown.filter(|part| !part.is_empty());
        let realm = shown.clone().find(|part| *part != "realms").or(own);
        let right = format!("{}/realms/{}", base(admin), realm.unwrap_or("<realm>"));
        return Some(wrong("this is Keycloak's console, not the issuer", right));
    }
    let realms = at("realms")?;
    // OpenAM has realms in its addresses too.
    if at("oauth2").is_some() {
        return None;
    }
    // Keycloak's default paths, now and up to version 16. With others it may be another product.
    let is_usual = matches!(segments[..realms], [] | ["auth"]);
    let Some(realm) = segments.get(realms + 1) else {
        if !is_usual {
            return None;
        }
        let right = format!("{}/realms/<realm>", base(realms));
        return Some(wrong(
            "Keycloak's issuer ends in the name of a realm",
            right,
        ));
    };
    let right = format!("{}/realms/{realm}", base(realms));
    let is_address = match segments[realms + 2..] {
        ["protocol", "openid-connect", ..] => true,
        [
            "account" | "broker" | "clients-registrations" | "protocol",
            ..,
        ] => is_usual,
        _ => false,
    };
    if is_address {
        let problem = "this is an address below the issuer of Keycloak, not the issuer";
        return Some(wrong(problem, right));
    }
    let has_slash = is_usual && segments.len() == realms + 2 && url.path.ends_with('/');
    has_slash.then(|| wrong("Keycloak's issuer does not end in a slash", right))
}

/// Where `admin/<realm>/console` begins in a path, and the realm in it.
fn console<'a>(segments: &[&'a str]) -> Option<(usize, &'a str)> {
    let mut parts = segments.windows(3).enumerate();
    parts.find_map(|(at, part)| match *part {
        ["admin", realm, "console"] => Some((at, realm)),
        _ => None,
    })
}

/// Auth0: `https://<domain>/`. For the kind `auth0` the slash does not matter, since Kratos builds
/// the endpoints itself.
fn auth0(kind: Kind, url: &Url<'_>) -> Option<Mistake> {
    if url.is_at("manage.auth0.com") {
        let right = "https://<tenant>.<region>.auth0.com/";
        return Some(wrong("this is Auth0's console, not the issuer", right));
    }
    if !url.is_at("auth0.com") {
        return None;
    }
    let right = format!("{}/", url.origin);
    if !url.segments().is_empty() {
        return Some(wrong(
            "this is an address below the issuer of Auth0, not the issuer",
            right,
        ));
    }
    let is_wrong = url.path != "/" && kind != Kind::Auth0;
    is_wrong.then(|| wrong("Auth0's issuer ends in one slash", right))
}

/// Whether this is a host of Cognito's user pools, including those in China.
fn is_cognito(url: &Url<'_>) -> bool {
    let is_at_aws = url.is_at("amazonaws.com") || url.is_at("amazonaws.com.cn");
    is_at_aws && url.host.to_ascii_lowercase().starts_with("cognito-idp.")
}

/// Cognito: `https://cognito-idp.<region>.amazonaws.com/<user pool>`, from AWS' page on the
/// endpoints of user pools. The domain of its login pages has no discovery document.
fn cognito(_: Kind, url: &Url<'_>) -> Option<Mistake> {
    let host = url.host.to_ascii_lowercase();
    if let Some(rest) = host.strip_suffix(".amazoncognito.com") {
        let region = rest.rsplit('.').next()?;
        let right = format!("https://cognito-idp.{region}.amazonaws.com/<user pool id>");
        return Some(wrong(
            "this is Cognito's login domain, not the issuer",
            right,
        ));
    }
    let is_ours = is_cognito(url);
    let pool = url.segments().first().copied().unwrap_or("<user pool id>");
    let right = format!("https://{host}/{pool}");
    (is_ours && format!("{}{}", url.origin, url.path) != right)
        .then(|| wrong("Cognito's issuer ends in the id of the user pool", right))
}

/// What to use instead of a host without discovery for users.
enum Better {
    /// A kind of its own.
    Kind(&'static str),
    /// Another issuer.
    Issuer(&'static str),
    /// Nothing: this interface has no way.
    Nothing,
}

/// Hosts that have no discovery document for users, according to their own documentation, or whose
/// document lacks what Kratos needs.
const WITHOUT_DISCOVERY: [(&str, Better); 19] = [
    ("github.com", Better::Kind("github")),
    ("www.github.com", Better::Kind("github")),
    ("api.github.com", Better::Kind("github")),
    // Its document has no token endpoint.
    ("facebook.com", Better::Kind("facebook")),
    ("www.facebook.com", Better::Kind("facebook")),
    ("graph.facebook.com", Better::Kind("facebook")),
    ("vk.com", Better::Kind("vk")),
    ("oauth.vk.com", Better::Kind("vk")),
    (
        "linkedin.com",
        Better::Issuer("https://www.linkedin.com/oauth"),
    ),
    ("twitch.tv", Better::Issuer("https://id.twitch.tv/oauth2")),
    (
        "www.twitch.tv",
        Better::Issuer("https://id.twitch.tv/oauth2"),
    ),
    ("twitter.com", Better::Nothing),
    ("api.twitter.com", Better::Nothing),
    ("x.com", Better::Nothing),
    ("api.x.com", Better::Nothing),
    ("api.bitbucket.org", Better::Nothing),
    ("bitbucket.org", Better::Nothing),
    ("www.reddit.com", Better::Nothing),
    ("www.instagram.com", Better::Nothing),
];

fn without_discovery(_: Kind, url: &Url<'_>) -> Option<Mistake> {
    let host = url.host.to_ascii_lowercase();
    // Their issuers are below the host.
    for (host_of, issuer) in [
        ("www.linkedin.com", "https://www.linkedin.com/oauth"),
        ("id.twitch.tv", "https://id.twitch.tv/oauth2"),
        ("slack.com", "https://slack.com"),
    ] {
        if host == host_of && format!("{}{}", url.origin, url.path) != issuer {
            return Some(wrong("this is not the provider's issuer", issuer));
        }
    }
    let (_, better) = WITHOUT_DISCOVERY.iter().find(|(known, _)| *known == host)?;
    let fix = match better {
        Better::Kind(kind) => Fix::set_all([("provider", *kind)]),
        Better::Issuer(issuer) => Fix::set(*issuer),
        Better::Nothing => Fix::another_provider(),
    };
    Some(Mistake {
        code: Code::IssuerWithoutDiscovery,
        problem: "this host has no OpenID discovery for users",
        fix,
    })
}

#[cfg(test)]
mod tests {
    use external_provider::Settings;

    use super::*;

    const GUID: &str = "72f988bf-86f1-41af-91ab-2d7cd011db47";

    /// The code of what is found about an issuer, and what to type.
    fn found(kind: &str, issuer: &str) -> Option<(Code, String)> {
        let settings = Settings {
            provider: Some(kind.to_owned()),
            issuer_url: Some(issuer.to_owned()),
            microsoft_tenant_id: Some(GUID.to_owned()),
            scope: Some("openid email".to_owned()),
            ..Settings::default()
        };
        let subject = Subject {
            kind: settings.kind().unwrap(),
            settings: &settings,
            secret: None,
            mapper: None,
        };
        let finding = check(&subject).into_iter().next()?;
        let fix = finding.what_to_do("idp");
        Some((
            finding.code,
            fix.trim_start_matches("run juju config idp ").to_owned(),
        ))
    }

    #[test]
    fn right_issuers_are_left_alone() {
        for issuer in [
            &format!("https://login.microsoftonline.com/{GUID}/v2.0"),
            &format!("https://login.microsoftonline.us/{GUID}/v2.0"),
            &format!("https://login.partner.microsoftonline.cn/{GUID}/v2.0"),
            &format!("https://contoso.ciamlogin.com/{GUID}/v2.0"),
            "https://accounts.google.com",
            "https://gitlab.com",
            "https://gitlab.example.com/",
            "https://dev-123456.okta.com",
            "https://dev-123456.okta.com/oauth2/default",
            "https://dev-123456.oktapreview.com/oauth2/aus1abc",
            "https://okta.example.com/oauth2/default/",
            "https://keycloak.example.com/realms/main",
            "https://keycloak.example.com/auth/realms/main",
            "https://am.example.com/am/oauth2/realms/root/realms/alpha/",
            "https://example.com/application/o/main/",
            "https://example.eu.auth0.com/",
            "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf",
            "https://slack.com",
            "https://discord.com",
            "https://www.linkedin.com/oauth",
            "https://id.twitch.tv/oauth2",
            "https://token.actions.githubusercontent.com",
            // Nobody knows what is at these.
            "https://example.com/sso/realms/main/",
            "https://example.com/x/realms/",
            "https://example.com/console/admin",
            "https://github.example.com",
            "https://idp.example.com/",
        ] {
            assert_eq!(found("generic", issuer), None, "{issuer}");
        }
        assert_eq!(
            found("auth0", "https://example.eu.auth0.com"),
            None,
            "auth0 without slash"
        );
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table")]
    fn what_is_given_in_place_of_an_issuer_is_known() {
        use Code::{IssuerMistaken, IssuerOutdated, IssuerWithoutDiscovery};
        let entra = format!("issuer_url=https://login.microsoftonline.com/{GUID}/v2.0");
        let entra_placeholder =
            "issuer_url='https://login.microsoftonline.com/<Directory (tenant) ID>/v2.0'";
        let of = |rest: &str| format!("https://login.microsoftonline.com/{rest}");
        for (name, issuer, code, fix) in [
            ("Entra 1.0", of(GUID), IssuerMistaken, entra.as_str()),
            (
                "a slash after it",
                of(&format!("{GUID}/")),
                IssuerMistaken,
                &entra,
            ),
            (
                "a slash at the end",
                of(&format!("{GUID}/v2.0/")),
                IssuerMistaken,
                &entra,
            ),
            (
                "capitals",
                of(&format!("{}/v2.0", GUID.to_uppercase())),
                IssuerMistaken,
                &entra,
            ),
            (
                "a domain for the tenant",
                of("contoso.onmicrosoft.com/v2.0"),
                IssuerMistaken,
                entra_placeholder,
            ),
            (
                "an endpoint",
                of(&format!("{GUID}/oauth2/v2.0/authorize")),
                IssuerMistaken,
                &entra,
            ),
            ("no tenant", of(""), IssuerMistaken, entra_placeholder),
            (
                "the issuer of 1.0",
                format!("https://sts.windows.net/{GUID}/"),
                IssuerOutdated,
                &entra,
            ),
            (
                "the same without its slash",
                format!("https://sts.windows.net/{GUID}"),
                IssuerMistaken,
                &entra,
            ),
            (
                "all tenants",
                of("common/v2.0"),
                Code::IssuerOfAllTenants,
                "provider=microsoft microsoft_tenant_id=common",
            ),
            (
                "the template",
                of("{tenantid}/v2.0"),
                Code::IssuerOfAllTenants,
                "provider=microsoft microsoft_tenant_id='<tenant>'",
            ),
            (
                "another name of its host",
                format!("https://login.microsoft.com/{GUID}/v2.0"),
                IssuerMistaken,
                &entra,
            ),
            (
                "Okta's servers",
                "https://dev-123456.okta.com/oauth2".into(),
                IssuerMistaken,
                "issuer_url=https://dev-123456.okta.com",
            ),
            (
                "Auth0's console",
                "https://manage.auth0.com/dashboard/eu/example".into(),
                IssuerMistaken,
                "issuer_url='https://<tenant>.<region>.auth0.com/'",
            ),
            (
                "Auth0 with two slashes",
                "https://example.eu.auth0.com//".into(),
                IssuerMistaken,
                "issuer_url=https://example.eu.auth0.com/",
            ),
            (
                "Cognito in China",
                "https://cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_X/".into(),
                IssuerMistaken,
                "issuer_url=https://cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_X",
            ),
            (
                "Google with a slash",
                "https://accounts.google.com/".into(),
                IssuerMistaken,
                "issuer_url=https://accounts.google.com",
            ),
            (
                "Google's endpoint",
                "https://accounts.google.com/o/oauth2/v2/auth".into(),
                IssuerMistaken,
                "issuer_url=https://accounts.google.com",
            ),
            (
                "Google's token endpoint",
                "https://oauth2.googleapis.com/token".into(),
                IssuerMistaken,
                "issuer_url=https://accounts.google.com",
            ),
            (
                "GitLab's endpoint",
                "https://gitlab.com/oauth/authorize".into(),
                IssuerMistaken,
                "issuer_url=https://gitlab.com",
            ),
            (
                "Okta's console",
                "https://dev-123456-admin.okta.com/oauth2/default".into(),
                IssuerMistaken,
                "issuer_url=https://dev-123456.okta.com/oauth2/default",
            ),
            (
                "Okta with a slash",
                "https://dev-123456.okta.com/".into(),
                IssuerMistaken,
                "issuer_url=https://dev-123456.okta.com",
            ),
            (
                "Okta's endpoint",
                "https://dev-123456.okta.com/oauth2/v1/authorize".into(),
                IssuerMistaken,
                "issuer_url=https://dev-123456.okta.com",
            ),
            (
                "an endpoint of a server of Okta's",
                "https://dev-123456.okta.com/oauth2/aus1/v1/token".into(),
                IssuerMistaken,
                "issuer_url=https://dev-123456.okta.com/oauth2/aus1",
            ),
            (
                "Keycloak without a realm",
                "https://kc.example.com/realms/".into(),
                IssuerMistaken,
                "issuer_url='https://kc.example.com/realms/<realm>'",
            ),
            (
                "Keycloak with a slash",
                "https://kc.example.com/auth/realms/main/".into(),
                IssuerMistaken,
                "issuer_url=https://kc.example.com/auth/realms/main",
            ),
            (
                "Keycloak's endpoint",
                "https://kc.example.com/realms/main/protocol/openid-connect/auth".into(),
                IssuerMistaken,
                "issuer_url=https://kc.example.com/realms/main",
            ),
            (
                "Keycloak's console",
                "https://kc.example.com:8443/admin/master/console/#/corp/clients".into(),
                IssuerMistaken,
                "issuer_url=https://kc.example.com:8443/realms/corp",
            ),
            (
                "the console of a realm",
                "https://kc.example.com/auth/admin/corp/console/".into(),
                IssuerMistaken,
                "issuer_url=https://kc.example.com/auth/realms/corp",
            ),
            (
                "Auth0 without its slash",
                "https://example.eu.auth0.com".into(),
                IssuerMistaken,
                "issuer_url=https://example.eu.auth0.com/",
            ),
            (
                "Auth0's endpoint",
                "https://example.eu.auth0.com/authorize".into(),
                IssuerMistaken,
                "issuer_url=https://example.eu.auth0.com/",
            ),
            (
                "Cognito's login domain",
                "https://corp.auth.eu-west-1.amazoncognito.com".into(),
                IssuerMistaken,
                "issuer_url='https://cognito-idp.eu-west-1.amazonaws.com/<user pool id>'",
            ),
            (
                "Cognito with a slash",
                "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1-Ab/".into(),
                IssuerMistaken,
                "issuer_url=https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1-Ab",
            ),
            (
                "GitHub",
                "https://github.com/login/oauth".into(),
                IssuerWithoutDiscovery,
                "provider=github",
            ),
            (
                "Facebook",
                "https://www.facebook.com".into(),
                IssuerWithoutDiscovery,
                "provider=facebook",
            ),
            (
                "LinkedIn",
                "https://www.linkedin.com".into(),
                IssuerMistaken,
                "issuer_url=https://www.linkedin.com/oauth",
            ),
            (
                "X",
                "https://x.com".into(),
                IssuerWithoutDiscovery,
                "use another provider",
            ),
            (
                "Apple",
                "https://appleid.apple.com".into(),
                IssuerMistaken,
                "provider=apple apple_team_id='<team id>' apple_private_key_id='<key id>' \
                 apple_private_key=@AuthKey.p8 scope='name email' client_secret= issuer_url=",
            ),
            (
                "all tenants of another cloud",
                "https://login.microsoftonline.us/common/v2.0".into(),
                Code::IssuerOfAllTenants,
                "issuer_url='https://login.microsoftonline.us/<Directory (tenant) ID>/v2.0'",
            ),
            (
                "an older console of Keycloak",
                "https://kc.example.com/auth/admin/master/console/#/realms/corp".into(),
                IssuerMistaken,
                "issuer_url=https://kc.example.com/auth/realms/corp",
            ),
            (
                "a console that shows no realm",
                "https://kc.example.com/admin/master/console/".into(),
                IssuerMistaken,
                "issuer_url='https://kc.example.com/realms/<realm>'",
            ),
            (
                "Keycloak's endpoint elsewhere",
                "https://kc.example.com/sso/realms/main/protocol/openid-connect".into(),
                IssuerMistaken,
                "issuer_url=https://kc.example.com/sso/realms/main",
            ),
            (
                "Slack with a slash",
                "https://slack.com/".into(),
                IssuerMistaken,
                "issuer_url=https://slack.com",
            ),
            (
                "nothing that was typed is printed, but for what issuers are made of",
                "https://hunter2:pw@kc.example.com/realms/main/".into(),
                IssuerMistaken,
                "issuer_url='<the issuer from the discovery document>'",
            ),
        ] {
            assert_eq!(
                found("generic", &issuer),
                Some((code, fix.to_owned())),
                "{name}"
            );
        }
    }

    #[test]
    fn the_kind_auth0_is_for_auth0() {
        for (name, issuer, to) in [
            (
                "Google",
                "https://accounts.google.com",
                Some("provider=generic"),
            ),
            (
                "Okta's console",
                "https://acme-admin.okta.com",
                Some("provider=generic issuer_url=https://acme.okta.com"),
            ),
            (
                "an endpoint",
                "https://example.eu.auth0.com/authorize",
                Some("issuer_url=https://example.eu.auth0.com/"),
            ),
            ("Auth0", "https://example.eu.auth0.com/", None),
            ("a domain of its own", "https://login.example.com", None),
        ] {
            let told = found("auth0", issuer);
            let expected = to.map(|to| (Code::IssuerMistaken, to.to_owned()));
            assert_eq!(told, expected, "{name}");
        }
    }

    #[test]
    fn a_kind_may_fit_better() {
        let found = |issuer: &str, scope: &str| {
            let settings = Settings {
                issuer_url: Some(issuer.to_owned()),
                scope: Some(scope.to_owned()),
                ..Settings::default()
            };
            let subject = Subject {
                kind: Kind::Generic,
                settings: &settings,
                secret: None,
                mapper: None,
            };
            check(&subject).pop().map(|finding| finding.code)
        };
        for (name, issuer, scope, code) in [
            (
                "a profile from Auth0",
                "https://example.eu.auth0.com/",
                "openid profile",
                Some(Code::IssuerHasAKind),
            ),
            (
                "no profile",
                "https://example.eu.auth0.com/",
                "openid email",
                None,
            ),
            (
                "Apple with openid only",
                "https://appleid.apple.com",
                "openid",
                Some(Code::IssuerHasAKind),
            ),
            (
                "Apple with an email",
                "https://appleid.apple.com",
                "email",
                Some(Code::IssuerMistaken),
            ),
        ] {
            assert_eq!(found(issuer, scope), code, "{name}");
        }
    }

    #[test]
    fn another_cloud_is_not_of_the_kind_microsoft() {
        let issuer = format!("https://login.microsoftonline.us/{GUID}/v2.0");
        let fix = (Code::IssuerOfAnotherCloud, "provider=generic".to_owned());
        let other = issuer.replace("72f", "82f");
        assert_eq!(found("microsoft", &other), None, "of another tenant");
        assert_eq!(found("microsoft", &issuer), Some(fix));
        let issuer = format!("https://login.microsoftonline.com/{GUID}/v2.0");
        assert_eq!(found("microsoft", &issuer), None);
    }
}
