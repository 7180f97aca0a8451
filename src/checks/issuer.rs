//! The issuer of a generic provider.

use super::Subject;
use crate::absolute_uri::is_absolute_uri;
use crate::finding::{Code, Finding, Fix};
use crate::plain_scalar;
use crate::provider::Shape;

/// The host of Entra ID, whose discovery documents of `common` and the like name no
/// issuer that Kratos' comparison would accept.
const ENTRA: &str = "login.microsoftonline.com";

/// What people paste in place of the issuer has this in it.
const WELL_KNOWN: &str = "/.well-known";

/// What to give for an issuer.
pub(super) const ISSUER: &str = "<the issuer, as its discovery document says it>";

/// Kratos compares the issuer byte by byte with the one in the discovery document,
/// which it reads from the issuer with `/.well-known/openid-configuration` behind it
/// (`NewProvider` of go-oidc).
pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let issuer = match (subject.kind.shape(), &subject.settings.issuer_url) {
        (Shape::Generic, Some(issuer)) => issuer.as_str(),
        _ => return Vec::new(),
    };
    let found_in =
        |code, problem: &str, to: &str| Finding::new(code, "issuer_url", problem, Fix::set(to));
    let issuer = plain_scalar::meant(issuer);
    let issuer = &*issuer;
    let found = if !is_absolute_uri(issuer) {
        // Go's `url.Parse`, by which ory/jsonschema judges the format `uri` of Kratos' schema.
        let problem = "that is not an absolute URI, with which Kratos does not start at all";
        found_in(Code::IssuerNotAUri, problem, ISSUER)
    } else if issuer.contains(char::is_whitespace) {
        found_in(
            Code::IssuerNotAUrl,
            "a URL has no white space in it",
            ISSUER,
        )
    } else if issuer.contains(WELL_KNOWN) {
        // Not always what is before that: it may end in a slash, or name no tenant.
        found_in(
            Code::IssuerIsDiscovery,
            "that is the discovery document and not the issuer",
            "<the value of issuer in that document>",
        )
    } else if issuer.contains(['?', '#']) {
        found_in(
            Code::IssuerWithQuery,
            "an issuer has no query and no fragment",
            "<the part before them>",
        )
    } else {
        match (host(issuer), tenant_for_all(issuer)) {
            (Some((_, ENTRA)), Some(tenant)) => Finding::new(
                Code::IssuerOfAllTenants,
                "issuer_url",
                "generic does not work with Entra ID for all tenants",
                Fix::set_all([("provider", "microsoft"), ("microsoft_tenant_id", tenant)]),
            ),
            (None, _) => found_in(
                Code::IssuerNotAUrl,
                "it has to start with https:// and a host",
                ISSUER,
            ),
            (Some(("http", host)), _) if !is_loopback(host) => found_in(
                Code::IssuerWithoutTls,
                "http lets others read and forge what the provider says",
                "<the same with https, if the provider has it>",
            ),
            (Some(_), _) => return Vec::new(),
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

/// The word for the tenants that an issuer of Entra ID is for, if it is for no one tenant.
fn tenant_for_all(issuer: &str) -> Option<&'static str> {
    [
        ("/common", "common"),
        ("/organizations", "organizations"),
        ("/consumers", "consumers"),
        ("{tenantid}", "<tenant>"),
    ]
    .into_iter()
    .find_map(|(path, tenant)| issuer.contains(path).then_some(tenant))
}
