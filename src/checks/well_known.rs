//! Issuers of well-known providers, and what people give in their place.
//!
//! One function for each provider in [`RULES`]; each knows what the issuer looks like in the
//! provider's own discovery document, with which Kratos compares it byte by byte.

use super::issuer::ISSUER;
use super::url::Url;
use super::{Subject, is_guid};
use crate::absolute_uri::is_absolute_uri;
use crate::finding::{Code, Finding, Fix};
use crate::plain_scalar;
use crate::provider::{Kind, Shape};

/// What is wrong with an issuer of one provider.
struct Mistake {
    code: Code,
    problem: &'static str,
    fix: Fix,
}

/// What a rule says of an issuer: whether it is about its provider at all, and then what is
/// wrong with it.
type Rule = fn(Kind, &Url<'_>) -> Option<Mistake>;

/// Every rule. The first that finds something counts.
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
            RULES.iter().find_map(|rule| rule(subject.kind, &url))
        }
        Shape::Microsoft => sovereign_cloud(&url),
        Shape::Social | Shape::Apple => None,
    };
    let found = |Mistake { code, problem, fix }| Finding::new(code, "issuer_url", problem, fix);
    mistake.map(found).into_iter().collect()
}

/// Another text than the issuer, of which the issuer is known.
fn wrong(problem: &'static str, right: impl Into<String>) -> Mistake {
    let right = right.into();
    // What is printed is what was typed in part: nothing but what issuers are made of.
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

/// Entra ID: `https://login.microsoftonline.com/<GUID of the tenant>/v2.0`. Without `/v2.0` the
/// document names the issuer of version 1.0, `https://sts.windows.net/<GUID>/`.
fn entra(_: Kind, url: &Url<'_>) -> Option<Mistake> {
    let host = url.host.to_ascii_lowercase();
    let is_old = matches!(host.as_str(), "sts.windows.net" | "login.windows.net");
    if !(is_old || host == PUBLIC_CLOUD || SOVEREIGN_CLOUDS.contains(&host.as_str())) {
        return None;
    }
    let host = if is_old { PUBLIC_CLOUD } else { &host };
    let segments = url.segments();
    let tenant = segments.first().copied().unwrap_or_default();
    if let Some(word) = tenant_for_all(url) {
        return Some(Mistake {
            code: Code::IssuerOfAllTenants,
            problem: "generic does not work with Entra ID for all tenants",
            fix: Fix::set_all([("provider", "microsoft"), ("microsoft_tenant_id", word)]),
        });
    }
    let right = if is_guid(tenant) {
        format!("https://{host}/{}/v2.0", tenant.to_ascii_lowercase())
    } else {
        format!("https://{host}/<Directory (tenant) ID>/v2.0")
    };
    let is_right = segments.len() == 2 && format!("{}{}", url.origin, url.path) == right;
    if is_right {
        return None;
    }
    let problem = match segments.get(1) {
        _ if is_old => "that is the issuer of Entra ID's version 1.0",
        None => "without /v2.0 that is the issuer of Entra ID's version 1.0, which says another",
        Some(&"v2.0") if !is_guid(tenant) => "Entra ID's document names the tenant by its GUID",
        Some(&"v2.0") => "Entra ID's issuer is in lower case and has nothing after /v2.0",
        Some(_) => "that is not the issuer of Entra ID but an address below it",
    };
    if is_old && url.path.ends_with('/') && segments.len() == 1 {
        // It is what the document of version 1.0 says, and may work.
        return Some(Mistake {
            code: Code::IssuerOutdated,
            problem,
            fix: Fix::set(right),
        });
    }
    Some(wrong(problem, right))
}

/// The word for the tenants that an issuer of Entra ID is for, if it is for no one tenant.
pub(super) fn tenant_for_all(url: &Url<'_>) -> Option<&'static str> {
    let segments = url.segments();
    let tenant = segments.first()?;
    let mut words = ["common", "organizations", "consumers"].into_iter();
    words
        .find(|word| word == tenant)
        .or_else(|| tenant.starts_with('{').then_some("<tenant>"))
}

/// The kind `microsoft` has the endpoints of the public cloud and no other: `ProviderMicrosoft`
/// of Kratos.
fn sovereign_cloud(url: &Url<'_>) -> Option<Mistake> {
    let is_other = SOVEREIGN_CLOUDS.iter().any(|host| url.is_at(host));
    is_other.then(|| Mistake {
        code: Code::IssuerOfAnotherCloud,
        problem: "microsoft is the public cloud only, and this issuer is of another",
        fix: Fix::set_all([("provider", "generic")]),
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
        .then(|| wrong("that is not Google's issuer", issuer))
}

/// GitLab.com: <https://gitlab.com/.well-known/openid-configuration>.
fn gitlab(_: Kind, url: &Url<'_>) -> Option<Mistake> {
    let issuer = "https://gitlab.com";
    let host = url.host.to_ascii_lowercase();
    let is_ours = host == "gitlab.com" || host == "www.gitlab.com";
    let is_right = url.origin == issuer && url.path.is_empty();
    (is_ours && !is_right).then(|| wrong("that is not GitLab.com's issuer", issuer))
}

/// Okta: `https://<domain>` for the organisation, `https://<domain>/oauth2/<server>` for an
/// authorization server; from Okta's documentation of its endpoints.
fn okta(_: Kind, url: &Url<'_>) -> Option<Mistake> {
    let domains = [
        "okta.com",
        "oktapreview.com",
        "okta-emea.com",
        "okta-gov.com",
    ];
    if !domains.iter().any(|domain| url.is_at(domain)) {
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
            "-admin is Okta's console: the issuer is the same without it",
            right,
        ));
    }
    let is_address = segments.contains(&"v1") || segments.first() == Some(&"admin");
    if is_address {
        return Some(wrong(
            "that is not the issuer of Okta but an address below it",
            right,
        ));
    }
    let has_slash = url.path.ends_with('/');
    has_slash.then(|| wrong("Okta's issuer has no slash at its end", right))
}

/// Keycloak: `<where it is>/realms/<realm>`, from its documentation of the endpoints.
fn keycloak(_: Kind, url: &Url<'_>) -> Option<Mistake> {
    let segments = url.segments();
    let at = |name: &str| segments.iter().position(|segment| *segment == name);
    let base = |to: usize| {
        let before = segments[..to].iter().map(|segment| format!("/{segment}"));
        format!("{}{}", url.origin, before.collect::<String>())
    };
    if let (Some(admin), Some(_)) = (at("admin"), at("console")) {
        let in_fragment = url
            .fragment
            .map(|fragment| fragment.trim_start_matches('/'));
        let realm = in_fragment.and_then(|fragment| fragment.split('/').next());
        let realm = realm
            .filter(|realm| !realm.is_empty())
            .or(segments.get(admin + 1).copied());
        let realm = realm.unwrap_or("<realm>");
        let right = format!("{}/realms/{realm}", base(admin));
        return Some(wrong(
            "that is Keycloak's console and not the issuer",
            right,
        ));
    }
    let realms = at("realms")?;
    // Of OpenAM, which has realms within its own addresses.
    if at("oauth2").is_some() {
        return None;
    }
    let Some(realm) = segments.get(realms + 1) else {
        let right = format!("{}/realms/<realm>", base(realms));
        return Some(wrong(
            "Keycloak's issuer ends in the name of a realm",
            right,
        ));
    };
    let right = format!("{}/realms/{realm}", base(realms));
    let is_address = segments.get(realms + 2).is_some_and(|below| {
        ["protocol", "account", "broker", "clients-registrations"].contains(below)
    });
    if is_address {
        let problem = "that is not the issuer of Keycloak but an address below it";
        return Some(wrong(problem, right));
    }
    let has_slash = segments.len() == realms + 2 && url.path.ends_with('/');
    has_slash.then(|| wrong("Keycloak's issuer has no slash at its end", right))
}

/// Auth0: `https://<domain>/`. To the kind `auth0` the slash does not matter, since Kratos puts
/// the endpoints together itself.
fn auth0(kind: Kind, url: &Url<'_>) -> Option<Mistake> {
    if !url.is_at("auth0.com") || url.is_at("manage.auth0.com") {
        return None;
    }
    let right = format!("{}/", url.origin);
    if !url.segments().is_empty() {
        return Some(wrong(
            "that is not the issuer of Auth0 but an address below it",
            right,
        ));
    }
    let lacks_slash = url.path.is_empty() && kind != Kind::Auth0;
    lacks_slash.then(|| wrong("Auth0's issuer has a slash at its end", right))
}

/// Cognito: `https://cognito-idp.<region>.amazonaws.com/<user pool>`, from AWS' page on the
/// endpoints of user pools. The domain of its login pages serves no discovery.
fn cognito(_: Kind, url: &Url<'_>) -> Option<Mistake> {
    let host = url.host.to_ascii_lowercase();
    if let Some(rest) = host.strip_suffix(".amazoncognito.com") {
        let region = rest.rsplit('.').next()?;
        let right = format!("https://cognito-idp.{region}.amazonaws.com/<user pool id>");
        return Some(wrong(
            "that is Cognito's login domain and not the issuer",
            right,
        ));
    }
    let is_ours = host.starts_with("cognito-idp.") && host.ends_with(".amazonaws.com");
    let pool = url.segments().first().copied().unwrap_or("<user pool id>");
    let right = format!("https://{host}/{pool}");
    (is_ours && format!("{}{}", url.origin, url.path) != right)
        .then(|| wrong("Cognito's issuer ends in the id of the user pool", right))
}

/// What a host without discovery for users is better had as.
enum Better {
    /// A kind of its own.
    Kind(&'static str),
    /// Another issuer.
    Issuer(&'static str),
    /// Nothing that this interface has.
    Nothing,
}

/// Hosts that serve no discovery document for users, by what they document themselves, or
/// whose document lacks what Kratos needs.
const WITHOUT_DISCOVERY: [(&str, Better); 17] = [
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
    ] {
        if host == host_of && format!("{}{}", url.origin, url.path) != issuer {
            return Some(wrong("that is not the provider's issuer", issuer));
        }
    }
    if host == "appleid.apple.com" {
        return Some(Mistake {
            code: Code::IssuerHasAKind,
            problem: "Apple wants a client secret that is signed anew, which apple has",
            fix: Fix::set_all([("provider", "apple")]),
        });
    }
    let (_, better) = WITHOUT_DISCOVERY.iter().find(|(known, _)| *known == host)?;
    let fix = match better {
        Better::Kind(kind) => Fix::set_all([("provider", *kind)]),
        Better::Issuer(issuer) => Fix::set(*issuer),
        Better::Nothing => Fix::instruction("use another provider"),
    };
    Some(Mistake {
        code: Code::IssuerWithoutDiscovery,
        problem: "this host has no OpenID discovery for users",
        fix,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::Settings;

    const GUID: &str = "72f988bf-86f1-41af-91ab-2d7cd011db47";

    /// The code of what is found about an issuer, and what to type.
    fn found(kind: &str, issuer: &str) -> Option<(Code, String)> {
        let settings = Settings {
            provider: Some(kind.to_owned()),
            issuer_url: Some(issuer.to_owned()),
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
                Code::IssuerHasAKind,
                "provider=apple",
            ),
            (
                "nothing that was typed is printed, but for what issuers are made of",
                "https://hunter2:pw@kc.example.com/realms/main/".into(),
                IssuerMistaken,
                "issuer_url='<the issuer, as its discovery document says it>'",
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
    fn another_cloud_is_not_of_the_kind_microsoft() {
        let issuer = format!("https://login.microsoftonline.us/{GUID}/v2.0");
        let fix = (Code::IssuerOfAnotherCloud, "provider=generic".to_owned());
        assert_eq!(found("microsoft", &issuer), Some(fix));
        let issuer = format!("https://login.microsoftonline.com/{GUID}/v2.0");
        assert_eq!(found("microsoft", &issuer), None);
    }
}
