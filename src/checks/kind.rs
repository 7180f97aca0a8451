//! Kinds of which Kratos' own code makes one doubt whether they work.

use super::Subject;
use crate::finding::{Finding, Fix};

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let note = |problem| Finding::note("provider", problem, Fix::set("generic"));
    subject.kind.doubt().map(note).into_iter().collect()
}
