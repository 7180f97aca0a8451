//! The issuer of a generic provider: what every issuer must look like. [`super::well_known`] has
//! what we know about those of particular providers.

use external_provider::{Shape, plain_scalar};

use super::absolute_uri::is_absolute_uri;
use super::mistake::look_up;
use super::subject::Subject;
use super::url::Url;
use super::well_known;
use crate::finding::{Code, Finding, Fix};

/// What people paste instead of the issuer contains this.
const WELL_KNOWN: &str = "/.well-known";

/// Kratos compares the issuer byte by byte with the one in the discovery document,
/// which it reads from the issuer with `/.well-known/openid-configuration` behind it
/// (`NewProvider` of go-oidc).
pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let issuer = match (subject.kind.shape(), &subject.settings.issuer_url) {
        (Shape::Generic, Some(issuer)) => plain_scalar::meant(issuer),
        _ => return Vec::new(),
    };
    let (code, problem, fix) = if !is_absolute_uri(&issuer) {
        // Go's `url.Parse`, by which ory/jsonschema judges the format `uri` of Kratos' schema.
        (
            Code::IssuerNotAUri,
            "this is not an absolute URI, and Kratos does not start without one",
            look_up(),
        )
    } else if issuer.contains(char::is_whitespace) {
        (
            Code::IssuerNotAUrl,
            "a URL cannot contain white space",
            look_up(),
        )
    } else if issuer.contains(WELL_KNOWN) {
        // The issuer is not always the part before this: it may end in a slash, or name no tenant.
        (
            Code::IssuerIsDiscovery,
            "this is the URL of the discovery document, not the issuer",
            Fix::DoThenSet(
                "run curl -s <that URL> | jq -r .issuer".into(),
                "<the value of issuer in that document>".into(),
            ),
        )
    } else if issuer.contains(['?', '#']) {
        (
            Code::IssuerWithQuery,
            "an issuer cannot have a query or a fragment",
            Fix::set("<the part before ? or #>"),
        )
    } else {
        match Url::parse(&issuer) {
            None => (
                Code::IssuerNotAUrl,
                "must start with https:// (or http://) and a host",
                look_up(),
            ),
            Some(url) if url.scheme == "http" && !url.is_loopback() => (
                Code::IssuerWithoutTls,
                "with http, others can read and change what the provider sends",
                Fix::set("<the same with https, if the provider supports it>"),
            ),
            Some(_) => return Vec::new(),
        }
    };
    // The part before all that, if it is the issuer of a provider that we know.
    let before = issuer.split(['?', '#']).next().unwrap_or_default();
    let before = before.split(WELL_KNOWN).next().unwrap_or_default();
    let right = match code {
        Code::IssuerNotAUri | Code::IssuerIsDiscovery | Code::IssuerWithQuery => {
            well_known::right(subject, before.trim_end_matches('/'))
        }
        _ => None,
    };
    let fix = right.unwrap_or(fix);
    vec![Finding::new(code, "issuer_url", problem, fix)]
}

#[cfg(test)]
mod tests {
    use external_provider::Settings;

    use super::*;

    #[test]
    fn what_is_known_is_named() {
        struct Case<'a> {
            name: &'static str,
            issuer: String,
            fix: &'a str,
        }

        let entra = "https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47";
        let look_up = "run curl -s <issuer>/.well-known/openid-configuration | jq -r .issuer, then \
                       run juju config idp issuer_url='<the issuer from the discovery document>'";
        let read_it = "run curl -s <that URL> | jq -r .issuer, then run juju config idp \
                       issuer_url='<the value of issuer in that document>'";
        let document = |issuer: &str| format!("{issuer}/.well-known/openid-configuration");
        for Case { name, issuer, fix } in [
            Case {
                name: "Google's document",
                issuer: document("https://accounts.google.com"),
                fix: "run juju config idp issuer_url=https://accounts.google.com",
            },
            Case {
                name: "Entra's",
                issuer: document(&format!("{entra}/v2.0")),
                fix: &format!("run juju config idp issuer_url={entra}/v2.0"),
            },
            Case {
                name: "of its version 1.0",
                issuer: document(entra),
                fix: &format!("run juju config idp issuer_url={entra}/v2.0"),
            },
            Case {
                name: "Okta's",
                issuer: document("https://acme.okta.com/oauth2/default"),
                fix: "run juju config idp issuer_url=https://acme.okta.com/oauth2/default",
            },
            Case {
                name: "Auth0's",
                issuer: document("https://example.eu.auth0.com"),
                fix: "run juju config idp issuer_url=https://example.eu.auth0.com/",
            },
            Case {
                name: "Keycloak's",
                issuer: document("https://sso.example.com/realms/main"),
                fix: "run juju config idp issuer_url=https://sso.example.com/realms/main",
            },
            Case {
                name: "another",
                issuer: document("https://sso.example.com/x"),
                fix: read_it,
            },
            Case {
                name: "a password in it",
                issuer: document("https://me:hunter2@sso.example.com/realms/main"),
                fix: look_up,
            },
            Case {
                name: "no scheme",
                issuer: "accounts.google.com".into(),
                fix: "run juju config idp issuer_url=https://accounts.google.com",
            },
            Case {
                name: "no scheme, not known",
                issuer: "sso.example.com".into(),
                fix: look_up,
            },
            Case {
                name: "a query",
                issuer: "https://gitlab.com?x=1".into(),
                fix: "run juju config idp issuer_url=https://gitlab.com",
            },
        ] {
            let settings = Settings {
                issuer_url: Some(issuer),
                ..Settings::default()
            };
            let found = check(&Subject {
                kind: settings.kind().unwrap(),
                settings: &settings,
                secret: None,
                mapper: None,
            });
            let told = found[0].what_to_do("idp");
            assert_eq!(told, fix, "{name}");
        }
    }
}
