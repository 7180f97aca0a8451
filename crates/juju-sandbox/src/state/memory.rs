//! What a unit's agent remembers from one hook to the next.

use crate::event::Event;
use crate::go::Pairs;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What a unit agent remembers from one hook to the next (`resolver.LocalState`,
/// `operation.State`, and the relation state tracker's).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Memory {
    pub(crate) stage: Stage,
    /// Whether the charm has set the unit's status itself.
    pub(crate) status_set: bool,
    /// Whether it has accepted leadership.
    pub(crate) leader: bool,
    pub(crate) leader_settings_seen: Option<u64>,
    /// The configuration that the last `config-changed` announced.
    pub(crate) config_seen: Option<BTreeMap<String, Option<Value>>>,
    /// Whether the same configuration is to be announced once more, as Juju 4.0 does.
    #[serde(default)]
    pub(crate) config_again: bool,
    /// The revision of the charm in the unit's charm directory.
    pub(crate) charm_seen: u32,
    /// The version of the application's resources that the unit has been told about.
    #[serde(default)]
    pub(crate) resources_seen: u64,
    pub(crate) relations: BTreeMap<u32, RelationMemory>,
    #[serde(default)]
    pub(crate) secrets: SecretMemory,
    /// The storage, by number, whose `storage-attached` has run.
    #[serde(default)]
    pub(crate) storage: BTreeSet<u32>,
    pub(crate) work: Work,
}

/// What a unit agent remembers of secrets (`secrets.State` of the uniter).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SecretMemory {
    /// The revision that the last `secret-changed` announced, by secret.
    pub(crate) told: BTreeMap<String, u32>,
    /// The secrets and revisions that `secret-remove` has run for.
    pub(crate) obsolete: BTreeSet<(String, u32)>,
}

/// How far a unit is through its life.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) enum Stage {
    #[default]
    New,
    Installed,
    Started,
    Stopped,
    Removed,
}

/// What a unit agent is in the middle of (`operation.Kind` and `Step`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Work {
    #[default]
    Idle,
    /// This hook must come next.
    Queued(Event),
    /// This hook failed, and nobody has resolved it yet.
    Failed(Event),
    /// The failed hook was resolved, and may run again.
    Retry(Event),
    /// The failed hook was given up together with its charm, which a newer revision is to replace.
    Replace,
}

/// What a unit agent remembers of one relation that it is part of.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RelationMemory {
    pub(crate) created: bool,
    /// Remote units that have joined, each with the version of its databag that was announced.
    pub(crate) members: BTreeMap<String, u64>,
    /// The announced version of each application's databag.
    pub(crate) applications: BTreeMap<String, u64>,
    /// The unit whose `joined` was the last hook: its `changed` must follow.
    pub(crate) changed_pending: Option<String>,
    /// Databags of members as they were read (`RelationCache` in `context/cache.go`).
    pub(crate) cache: BTreeMap<String, Pairs>,
}
