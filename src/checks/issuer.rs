//! The issuer of a generic provider: what every issuer has to be. What is known of some
//! providers' is in [`super::well_known`].

use super::Subject;
use super::url::Url;
use crate::absolute_uri::is_absolute_uri;
use crate::finding::{Code, Finding, Fix};
use crate::plain_scalar;
use crate::provider::Shape;

/// What people paste in place of the issuer has this in it.
const WELL_KNOWN: &str = "/.well-known";

/// What to give for an issuer.
pub(super) const ISSUER: &str = "<the issuer, as its discovery document says it>";

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
            "that is not an absolute URI, with which Kratos does not start at all",
            ISSUER,
        )
    } else if issuer.contains(char::is_whitespace) {
        (
            Code::IssuerNotAUrl,
            "a URL has no white space in it",
            ISSUER,
        )
    } else if issuer.contains(WELL_KNOWN) {
        // Not always what is before that: it may end in a slash, or name no tenant.
        (
            Code::IssuerIsDiscovery,
            "that is the discovery document and not the issuer",
            "<the value of issuer in that document>",
        )
    } else if issuer.contains(['?', '#']) {
        (
            Code::IssuerWithQuery,
            "an issuer has no query and no fragment",
            "<the part before them>",
        )
    } else {
        match Url::parse(&issuer) {
            None => (
                Code::IssuerNotAUrl,
                "it has to start with https:// and a host",
                ISSUER,
            ),
            Some(url) if url.scheme == "http" && !url.is_loopback() => (
                Code::IssuerWithoutTls,
                "http lets others read and forge what the provider says",
                "<the same with https, if the provider has it>",
            ),
            Some(_) => return Vec::new(),
        }
    };
    vec![Finding::new(code, "issuer_url", problem, Fix::set(to))]
}
