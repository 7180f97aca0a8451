//! Issuers of well-known providers, and what people set instead.
//!
//! [`RULES`] has a function for each provider, which knows the issuer in the provider's own
//! discovery document. Kratos compares the two byte by byte.

use external_provider::{Kind, Shape, plain_scalar};

use super::absolute_uri::is_absolute_uri;
use super::entra::{entra, is_of_entra, sovereign_cloud};
use super::mistake::{Mistake, wrong};
use super::subject::Subject;
use super::url::Url;
use crate::finding::{Code, Finding, Fix};

/// What a rule says of an issuer: whether it is about its provider at all, and then what is
/// wrong with it.
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
    let text = if text.contains("://") {
        text.to_owned()
    } else {
        format!("https://{text}")
    };
    let url = Url::parse(&text)?;
    let mistake = RULES.iter().find_map(|rule| rule(subject.kind, &url));
    if let Some(mistake) = mistake {
        return Some(mistake.fix);
    }
    // Only what these issuers consist of: the rest of what was typed is not repeated.
    let segments = url.segments();
    let is_short = segments.len() <= 3 && segments.iter().all(|part| part.len() <= 40);
    (is_known(&url) && is_short).then(|| wrong("", &*text).fix)
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
    let is_at_one = domains.iter().any(|domain| url.is_at(domain));
    is_cognito(url) || is_keycloak || is_of_entra(url) || is_of_okta(url) || is_at_one
}

/// The kind `auth0` with an issuer of another well-known provider: Kratos asks the endpoints of
/// Auth0 there (`ProviderAuth0`).
fn not_auth0(subject: &Subject<'_>, url: &Url<'_>) -> Option<Mistake> {
    let is_other = subject.kind == Kind::Auth0 && is_known(url) && !url.is_at("auth0.com");
    is_other.then(|| {
        let mistake = RULES.iter().find_map(|rule| rule(Kind::Generic, url));
        let fix = match mistake.map(|mistake| mistake.fix) {
            Some(Fix::Set(issuer) | Fix::DoThenSet(_, issuer)) => Fix::as_generic(&issuer),
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
    match &*url.host.to_ascii_lowercase() {
        "accounts.google.com"
        | "google.com"
        | "www.google.com"
        | "oauth2.googleapis.com"
        | "www.googleapis.com" => other_than(
            url,
            "https://accounts.google.com",
            "this is not Google's issuer",
        ),
        _ => None,
    }
}

/// GitLab.com: <https://gitlab.com/.well-known/openid-configuration>.
fn gitlab(_: Kind, url: &Url<'_>) -> Option<Mistake> {
    match &*url.host.to_ascii_lowercase() {
        "gitlab.com" | "www.gitlab.com" => other_than(
            url,
            "https://gitlab.com",
            "this is not the issuer of GitLab.com",
        ),
        _ => None,
    }
}

/// The domains under which Okta's customers have theirs.
const OKTA: [&str; 4] = [
    "okta.com",
    "oktapreview.com",
    "okta-emea.com",
    "okta-gov.com",
];

/// Whether this is a host of Okta.
pub(super) fn is_of_okta(url: &Url<'_>) -> bool {
    OKTA.iter().any(|domain| url.is_at(domain))
}

/// Okta: `https://<domain>` for the organisation, `https://<domain>/oauth2/<server>` for an
/// authorization server; from Okta's documentation of its endpoints.
fn okta(_: Kind, url: &Url<'_>) -> Option<Mistake> {
    if !is_of_okta(url) {
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
    (is_ours && url.whole != right)
        .then(|| wrong("Cognito's issuer ends in the id of the user pool", right))
}

/// Hosts that have no discovery document for users, according to their own documentation, or whose
/// document lacks what Kratos needs.
fn without_discovery(_: Kind, url: &Url<'_>) -> Option<Mistake> {
    let problem = "this is not the provider's issuer";
    let kind = |kind| Fix::set_all([("provider", kind)]);
    let fix = match &*url.host.to_ascii_lowercase() {
        // Their issuers are below the host.
        "www.linkedin.com" => return other_than(url, LINKEDIN, problem),
        "id.twitch.tv" => return other_than(url, TWITCH, problem),
        "slack.com" => return other_than(url, "https://slack.com", problem),
        "github.com" | "www.github.com" | "api.github.com" => kind("github"),
        // Its document has no token endpoint.
        "facebook.com" | "www.facebook.com" | "graph.facebook.com" => kind("facebook"),
        "vk.com" | "oauth.vk.com" => kind("vk"),
        "linkedin.com" => Fix::set(LINKEDIN),
        "twitch.tv" | "www.twitch.tv" => Fix::set(TWITCH),
        "twitter.com" | "api.twitter.com" | "x.com" | "api.x.com" | "api.bitbucket.org"
        | "bitbucket.org" | "www.reddit.com" | "www.instagram.com" => Fix::another_provider(),
        _ => return None,
    };
    Some(Mistake {
        code: Code::IssuerWithoutDiscovery,
        problem: "this host has no OpenID discovery for users",
        fix,
    })
}

const LINKEDIN: &str = "https://www.linkedin.com/oauth";
const TWITCH: &str = "https://id.twitch.tv/oauth2";

/// A mistake unless the URL is `issuer`, which is the only one of its host.
fn other_than(url: &Url<'_>, issuer: &str, problem: &'static str) -> Option<Mistake> {
    (url.whole != issuer).then(|| wrong(problem, issuer))
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
        struct Case<'a> {
            name: &'static str,
            issuer: String,
            code: Code,
            fix: &'a str,
        }

        use Code::{IssuerMistaken, IssuerOutdated, IssuerWithoutDiscovery};
        let entra = format!("issuer_url=https://login.microsoftonline.com/{GUID}/v2.0");
        let entra_placeholder =
            "issuer_url='https://login.microsoftonline.com/<Directory (tenant) ID>/v2.0'";
        let of = |rest: &str| format!("https://login.microsoftonline.com/{rest}");
        for Case {
            name,
            issuer,
            code,
            fix,
        } in [
            Case {
                name: "Entra 1.0",
                issuer: of(GUID),
                code: IssuerMistaken,
                fix: entra.as_str(),
            },
            Case {
                name: "a slash after it",
                issuer: of(&format!("{GUID}/")),
                code: IssuerMistaken,
                fix: &entra,
            },
            Case {
                name: "a slash at the end",
                issuer: of(&format!("{GUID}/v2.0/")),
                code: IssuerMistaken,
                fix: &entra,
            },
            Case {
                name: "capitals",
                issuer: of(&format!("{}/v2.0", GUID.to_uppercase())),
                code: IssuerMistaken,
                fix: &entra,
            },
            Case {
                name: "a domain for the tenant",
                issuer: of("contoso.onmicrosoft.com/v2.0"),
                code: IssuerMistaken,
                fix: entra_placeholder,
            },
            Case {
                name: "an endpoint",
                issuer: of(&format!("{GUID}/oauth2/v2.0/authorize")),
                code: IssuerMistaken,
                fix: &entra,
            },
            Case {
                name: "no tenant",
                issuer: of(""),
                code: IssuerMistaken,
                fix: entra_placeholder,
            },
            Case {
                name: "the issuer of 1.0",
                issuer: format!("https://sts.windows.net/{GUID}/"),
                code: IssuerOutdated,
                fix: &entra,
            },
            Case {
                name: "the same without its slash",
                issuer: format!("https://sts.windows.net/{GUID}"),
                code: IssuerMistaken,
                fix: &entra,
            },
            Case {
                name: "all tenants",
                issuer: of("common/v2.0"),
                code: Code::IssuerOfAllTenants,
                fix: "provider=microsoft microsoft_tenant_id=common",
            },
            Case {
                name: "the template",
                issuer: of("{tenantid}/v2.0"),
                code: Code::IssuerOfAllTenants,
                fix: "provider=microsoft microsoft_tenant_id='<tenant>'",
            },
            Case {
                name: "another name of its host",
                issuer: format!("https://login.microsoft.com/{GUID}/v2.0"),
                code: IssuerMistaken,
                fix: &entra,
            },
            Case {
                name: "Okta's servers",
                issuer: "https://dev-123456.okta.com/oauth2".into(),
                code: IssuerMistaken,
                fix: "issuer_url=https://dev-123456.okta.com",
            },
            Case {
                name: "Auth0's console",
                issuer: "https://manage.auth0.com/dashboard/eu/example".into(),
                code: IssuerMistaken,
                fix: "issuer_url='https://<tenant>.<region>.auth0.com/'",
            },
            Case {
                name: "Auth0 with two slashes",
                issuer: "https://example.eu.auth0.com//".into(),
                code: IssuerMistaken,
                fix: "issuer_url=https://example.eu.auth0.com/",
            },
            Case {
                name: "Cognito in China",
                issuer: "https://cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_X/".into(),
                code: IssuerMistaken,
                fix: "issuer_url=https://cognito-idp.cn-north-1.amazonaws.com.cn/cn-north-1_X",
            },
            Case {
                name: "Google with a slash",
                issuer: "https://accounts.google.com/".into(),
                code: IssuerMistaken,
                fix: "issuer_url=https://accounts.google.com",
            },
            Case {
                name: "Google's endpoint",
                issuer: "https://accounts.google.com/o/oauth2/v2/auth".into(),
                code: IssuerMistaken,
                fix: "issuer_url=https://accounts.google.com",
            },
            Case {
                name: "Google's token endpoint",
                issuer: "https://oauth2.googleapis.com/token".into(),
                code: IssuerMistaken,
                fix: "issuer_url=https://accounts.google.com",
            },
            Case {
                name: "GitLab's endpoint",
                issuer: "https://gitlab.com/oauth/authorize".into(),
                code: IssuerMistaken,
                fix: "issuer_url=https://gitlab.com",
            },
            Case {
                name: "Okta's console",
                issuer: "https://dev-123456-admin.okta.com/oauth2/default".into(),
                code: IssuerMistaken,
                fix: "issuer_url=https://dev-123456.okta.com/oauth2/default",
            },
            Case {
                name: "Okta with a slash",
                issuer: "https://dev-123456.okta.com/".into(),
                code: IssuerMistaken,
                fix: "issuer_url=https://dev-123456.okta.com",
            },
            Case {
                name: "Okta's endpoint",
                issuer: "https://dev-123456.okta.com/oauth2/v1/authorize".into(),
                code: IssuerMistaken,
                fix: "issuer_url=https://dev-123456.okta.com",
            },
            Case {
                name: "an endpoint of a server of Okta's",
                issuer: "https://dev-123456.okta.com/oauth2/aus1/v1/token".into(),
                code: IssuerMistaken,
                fix: "issuer_url=https://dev-123456.okta.com/oauth2/aus1",
            },
            Case {
                name: "Keycloak without a realm",
                issuer: "https://kc.example.com/realms/".into(),
                code: IssuerMistaken,
                fix: "issuer_url='https://kc.example.com/realms/<realm>'",
            },
            Case {
                name: "Keycloak with a slash",
                issuer: "https://kc.example.com/auth/realms/main/".into(),
                code: IssuerMistaken,
                fix: "issuer_url=https://kc.example.com/auth/realms/main",
            },
            Case {
                name: "Keycloak's endpoint",
                issuer: "https://kc.example.com/realms/main/protocol/openid-connect/auth".into(),
                code: IssuerMistaken,
                fix: "issuer_url=https://kc.example.com/realms/main",
            },
            Case {
                name: "Keycloak's console",
                issuer: "https://kc.example.com:8443/admin/master/console/#/corp/clients".into(),
                code: IssuerMistaken,
                fix: "issuer_url=https://kc.example.com:8443/realms/corp",
            },
            Case {
                name: "the console of a realm",
                issuer: "https://kc.example.com/auth/admin/corp/console/".into(),
                code: IssuerMistaken,
                fix: "issuer_url=https://kc.example.com/auth/realms/corp",
            },
            Case {
                name: "Auth0 without its slash",
                issuer: "https://example.eu.auth0.com".into(),
                code: IssuerMistaken,
                fix: "issuer_url=https://example.eu.auth0.com/",
            },
            Case {
                name: "Auth0's endpoint",
                issuer: "https://example.eu.auth0.com/authorize".into(),
                code: IssuerMistaken,
                fix: "issuer_url=https://example.eu.auth0.com/",
            },
            Case {
                name: "Cognito's login domain",
                issuer: "https://corp.auth.eu-west-1.amazoncognito.com".into(),
                code: IssuerMistaken,
                fix: "issuer_url='https://cognito-idp.eu-west-1.amazonaws.com/<user pool id>'",
            },
            Case {
                name: "Cognito with a slash",
                issuer: "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1-Ab/".into(),
                code: IssuerMistaken,
                fix: "issuer_url=https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1-Ab",
            },
            Case {
                name: "GitHub",
                issuer: "https://github.com/login/oauth".into(),
                code: IssuerWithoutDiscovery,
                fix: "provider=github",
            },
            Case {
                name: "Facebook",
                issuer: "https://www.facebook.com".into(),
                code: IssuerWithoutDiscovery,
                fix: "provider=facebook",
            },
            Case {
                name: "LinkedIn",
                issuer: "https://www.linkedin.com".into(),
                code: IssuerMistaken,
                fix: "issuer_url=https://www.linkedin.com/oauth",
            },
            Case {
                name: "X",
                issuer: "https://x.com".into(),
                code: IssuerWithoutDiscovery,
                fix: "use another provider",
            },
            Case {
                name: "Apple",
                issuer: "https://appleid.apple.com".into(),
                code: IssuerMistaken,
                fix: "provider=apple apple_team_id='<team id>' apple_private_key_id='<key id>' \
                 apple_private_key=@AuthKey.p8 scope='name email' client_secret= issuer_url=",
            },
            Case {
                name: "all tenants of another cloud",
                issuer: "https://login.microsoftonline.us/common/v2.0".into(),
                code: Code::IssuerOfAllTenants,
                fix: "issuer_url='https://login.microsoftonline.us/<Directory (tenant) ID>/v2.0'",
            },
            Case {
                name: "an older console of Keycloak",
                issuer: "https://kc.example.com/auth/admin/master/console/#/realms/corp".into(),
                code: IssuerMistaken,
                fix: "issuer_url=https://kc.example.com/auth/realms/corp",
            },
            Case {
                name: "a console that shows no realm",
                issuer: "https://kc.example.com/admin/master/console/".into(),
                code: IssuerMistaken,
                fix: "issuer_url='https://kc.example.com/realms/<realm>'",
            },
            Case {
                name: "Keycloak's endpoint elsewhere",
                issuer: "https://kc.example.com/sso/realms/main/protocol/openid-connect".into(),
                code: IssuerMistaken,
                fix: "issuer_url=https://kc.example.com/sso/realms/main",
            },
            Case {
                name: "Slack with a slash",
                issuer: "https://slack.com/".into(),
                code: IssuerMistaken,
                fix: "issuer_url=https://slack.com",
            },
            Case {
                name: "nothing that was typed is printed, but for what issuers are made of",
                issuer: "https://hunter2:pw@kc.example.com/realms/main/".into(),
                code: IssuerMistaken,
                fix: "run curl -s <issuer>/.well-known/openid-configuration | jq -r .issuer, then run \
                      juju config idp issuer_url='<the issuer from the discovery document>'",
            },
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
        struct Case {
            name: &'static str,
            issuer: &'static str,
            to: Option<&'static str>,
        }

        for Case { name, issuer, to } in [
            Case {
                name: "Google",
                issuer: "https://accounts.google.com",
                to: Some("provider=generic"),
            },
            Case {
                name: "Okta's console",
                issuer: "https://acme-admin.okta.com",
                to: Some("provider=generic issuer_url=https://acme.okta.com"),
            },
            Case {
                name: "an endpoint",
                issuer: "https://example.eu.auth0.com/authorize",
                to: Some("issuer_url=https://example.eu.auth0.com/"),
            },
            Case {
                name: "Auth0",
                issuer: "https://example.eu.auth0.com/",
                to: None,
            },
            Case {
                name: "a domain of its own",
                issuer: "https://login.example.com",
                to: None,
            },
        ] {
            let told = found("auth0", issuer);
            let expected = to.map(|to| (Code::IssuerMistaken, to.to_owned()));
            assert_eq!(told, expected, "{name}");
        }
    }

    #[test]
    fn a_kind_may_fit_better() {
        struct Case {
            name: &'static str,
            issuer: &'static str,
            scope: &'static str,
            code: Option<Code>,
        }

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
        for Case {
            name,
            issuer,
            scope,
            code,
        } in [
            Case {
                name: "a profile from Auth0",
                issuer: "https://example.eu.auth0.com/",
                scope: "openid profile",
                code: Some(Code::IssuerHasAKind),
            },
            Case {
                name: "no profile",
                issuer: "https://example.eu.auth0.com/",
                scope: "openid email",
                code: None,
            },
            Case {
                name: "Apple with openid only",
                issuer: "https://appleid.apple.com",
                scope: "openid",
                code: Some(Code::IssuerHasAKind),
            },
            Case {
                name: "Apple with an email",
                issuer: "https://appleid.apple.com",
                scope: "email",
                code: Some(Code::IssuerMistaken),
            },
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
