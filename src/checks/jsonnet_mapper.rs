//! The Jsonnet mapper: only read here. The action `test-mapper` runs it.

use super::Subject;
use crate::finding::Finding;
use crate::mapper::SyntaxError;

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let finding = subject.mapper.map(SyntaxError::finding);
    finding.into_iter().collect()
}
