//! The Jsonnet mapper: only read here. The action `test-mapper` runs it.

use super::Subject;
use crate::finding::Finding;
use crate::mapper;

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let error = subject
        .settings
        .jsonnet_mapper
        .as_deref()
        .and_then(|text| mapper::check(text).err());
    error.map(|error| error.finding()).into_iter().collect()
}
