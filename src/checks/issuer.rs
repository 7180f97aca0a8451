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
        let entra = "https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47";
        let hint = "issuer_url='<the value of issuer in that document>'";
        let document = |issuer: &str| format!("{issuer}/.well-known/openid-configuration");
        for (name, issuer, to) in [
            (
                "Google's document",
                document("https://accounts.google.com"),
                "issuer_url=https://accounts.google.com",
            ),
            (
                "Entra's",
                document(&format!("{entra}/v2.0")),
                &format!("issuer_url={entra}/v2.0"),
            ),
            (
                "of its version 1.0",
                document(entra),
                &format!("issuer_url={entra}/v2.0"),
            ),
            (
                "Okta's",
                document("https://acme.okta.com/oauth2/default"),
                "issuer_url=https://acme.okta.com/oauth2/default",
            ),
            (
                "Auth0's",
                document("https://example.eu.auth0.com"),
                "issuer_url=https://example.eu.auth0.com/",
            ),
            (
                "Keycloak's",
                document("https://sso.example.com/realms/main"),
                "issuer_url=https://sso.example.com/realms/main",
            ),
            ("another", document("https://sso.example.com/x"), hint),
            (
                "a password in it",
                document("https://me:hunter2@sso.example.com/realms/main"),
                "issuer_url='<the issuer from the discovery document>'",
            ),
            (
                "no scheme",
                "accounts.google.com".into(),
                "issuer_url=https://accounts.google.com",
            ),
            (
                "no scheme, not known",
                "sso.example.com".into(),
                "issuer_url='<the issuer from the discovery document>'",
            ),
            (
                "a query",
                "https://gitlab.com?x=1".into(),
                "issuer_url=https://gitlab.com",
            ),
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
