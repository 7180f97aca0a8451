//! Storage of units as the controller keeps it. Source: `state/storage.go`.

use crate::clock::Timestamp;
use serde::{Deserialize, Serialize};

/// A file system that is attached to a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Storage {
    /// The charm's name for this kind of storage.
    pub(crate) name: String,
    pub(crate) pool: String,
    /// In MiB.
    pub(crate) size: u64,
    /// When it was attached.
    pub(crate) since: Timestamp,
}

impl Storage {
    /// `data/0`; the numbers count all storage of the model (`newStorageInstanceId`).
    pub(crate) fn id(&self, number: u32) -> String {
        format!("{}/{number}", self.name)
    }
}
