//! Kinds of which Kratos' own code makes one doubt whether they work.

use super::Subject;
use crate::finding::{Finding, Fix};

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let Some(problem) = subject.kind.doubt() else {
        return Vec::new();
    };
    let fix = match subject.kind.issuer() {
        // It is no longer that kind then, and another check says so.
        Some(_) if subject.settings.issuer_url.is_some() => return Vec::new(),
        Some(issuer) => Fix::as_generic(issuer),
        None => Fix::instruction("try a login: there is no other way with this charm"),
    };
    vec![Finding::note("provider", problem, fix)]
}
