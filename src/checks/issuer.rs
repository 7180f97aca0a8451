//! The issuer of a generic provider: what every issuer must look like. [`super::well_known`] has
//! what we know about those of particular providers.

use external_provider::{Shape, plain_scalar};

use super::absolute_uri::is_absolute_uri;
use super::mistake::ISSUER;
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
    let (code, problem, to) = if !is_absolute_uri(&issuer) {
        // Go's `url.Parse`, by which ory/jsonschema judges the format `uri` of Kratos' schema.
        (
            Code::IssuerNotAUri,
            "this is not an absolute URI, and Kratos does not start without one",
            ISSUER,
        )
    } else if issuer.contains(char::is_whitespace) {
        (
            Code::IssuerNotAUrl,
            "a URL cannot contain white space",
            ISSUER,
        )
    } else if issuer.contains(WELL_KNOWN) {
        // The issuer is not always the part before this: it may end in a slash, or name no tenant.
        (
            Code::IssuerIsDiscovery,
            "this is the URL of the discovery document, not the issuer",
            "<the value of issuer in that document>",
        )
    } else if issuer.contains(['?', '#']) {
        (
            Code::IssuerWithQuery,
            "an issuer cannot have a query or a fragment",
            "<the part before ? or #>",
        )
    } else {
        match Url::parse(&issuer) {
            None => (
                Code::IssuerNotAUrl,
                "must start with https:// (or http://) and a host",
                ISSUER,
            ),
            Some(url) if url.scheme == "http" && !url.is_loopback() => (
                Code::IssuerWithoutTls,
                "with http, others can read and change what the provider sends",
                "<the same with https, if the provider supports it>",
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
    let fix = right.unwrap_or_else(|| Fix::set(to));
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
            to: &'a str,
        }

        let entra = "https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47";
        let hint = "issuer_url='<the value of issuer in that document>'";
        let document = |issuer: &str| format!("{issuer}/.well-known/openid-configuration");
        for Case { name, issuer, to } in [
            Case {
                name: "Google's document",
                issuer: document("https://accounts.google.com"),
                to: "issuer_url=https://accounts.google.com",
            },
            Case {
                name: "Entra's",
                issuer: document(&format!("{entra}/v2.0")),
                to: &format!("issuer_url={entra}/v2.0"),
            },
            Case {
                name: "of its version 1.0",
                issuer: document(entra),
                to: &format!("issuer_url={entra}/v2.0"),
            },
            Case {
                name: "Okta's",
                issuer: document("https://acme.okta.com/oauth2/default"),
                to: "issuer_url=https://acme.okta.com/oauth2/default",
            },
            Case {
                name: "Auth0's",
                issuer: document("https://example.eu.auth0.com"),
                to: "issuer_url=https://example.eu.auth0.com/",
            },
            Case {
                name: "Keycloak's",
                issuer: document("https://sso.example.com/realms/main"),
                to: "issuer_url=https://sso.example.com/realms/main",
            },
            Case {
                name: "another",
                issuer: document("https://sso.example.com/x"),
                to: hint,
            },
            Case {
                name: "a password in it",
                issuer: document("https://me:hunter2@sso.example.com/realms/main"),
                to: "issuer_url='<the issuer from the discovery document>'",
            },
            Case {
                name: "no scheme",
                issuer: "accounts.google.com".into(),
                to: "issuer_url=https://accounts.google.com",
            },
            Case {
                name: "no scheme, not known",
                issuer: "sso.example.com".into(),
                to: "issuer_url='<the issuer from the discovery document>'",
            },
            Case {
                name: "a query",
                issuer: "https://gitlab.com?x=1".into(),
                to: "issuer_url=https://gitlab.com",
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
            assert_eq!(told, format!("run juju config idp {to}"), "{name}");
        }
    }
}
