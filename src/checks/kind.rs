//! Kinds with which no login works.

use super::subject::Subject;
use crate::finding::{Code, Finding, Fix};
use crate::kinds::{facts, instead_of};

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let Some(problem) = facts(subject.kind).broken else {
        return Vec::new();
    };
    let has_issuer = facts(subject.kind).issuer.is_some() && subject.settings.issuer_url.is_some();
    let fix = if has_issuer {
        // The libraries drop the issuer for this kind, but generic needs it.
        Fix::set_all([("provider", "generic")])
    } else {
        instead_of(subject.kind)
    };
    vec![Finding::new(Code::KindBroken, "provider", problem, fix)]
}
