//! Storage as the controller keeps it. Source: `state/storage.go`.

use crate::clock::Timestamp;
use serde::{Deserialize, Serialize};

/// A file system: a unit's, or one that stays in the model without a unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Storage {
    /// The charm's name for this kind of storage.
    pub(crate) name: String,
    pub(crate) pool: String,
    /// In MiB.
    pub(crate) size: u64,
    /// When it was attached or, if no unit has it, detached.
    pub(crate) since: Timestamp,
    /// What becomes of it when its unit has let go of it; `None` while the unit keeps it.
    #[serde(default)]
    pub(crate) fate: Option<Fate>,
}

/// What becomes of storage that its unit lets go of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Fate {
    /// It stays in the model, and can be attached to another unit.
    Stay,
    /// It is removed with what is in it.
    Go,
}

/// The pools whose storage is a part of the unit's machine (`Releasable`, and `Scope`, of the
/// providers in `storage/provider`).
const OF_THE_MACHINE: [&str; 3] = ["loop", "rootfs", "tmpfs"];

impl Storage {
    /// `data/0`; the numbers count all storage of the model (`newStorageInstanceId`).
    pub(crate) fn id(&self, number: u32) -> String {
        format!("{}/{number}", self.name)
    }

    /// Whether it cannot outlive its unit's machine.
    pub(crate) fn is_of_the_machine(&self) -> bool {
        OF_THE_MACHINE.contains(&self.pool.as_str())
    }
}
