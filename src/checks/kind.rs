//! Kinds with which no login works.

use super::Subject;
use crate::finding::{Code, Finding, Fix};

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let Some(problem) = subject.kind.broken() else {
        return Vec::new();
    };
    let fix = match subject.kind.issuer() {
        // The libraries drop it for this kind; for generic it is what is needed.
        Some(_) if subject.settings.issuer_url.is_some() => Fix::set_all([("provider", "generic")]),
        Some(issuer) => Fix::as_generic(issuer),
        None => Fix::instruction("use another provider"),
    };
    vec![Finding::new(Code::KindBroken, "provider", problem, fix)]
}
