//! Units as the controller keeps them.

use super::life::Life;
use super::memory::Memory;
use super::storage::Storage;
use crate::go::Pairs;
use crate::status::Status;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A unit: what the controller knows about it, and its agent's memory.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Unit {
    pub(crate) life: Life,
    pub(crate) address: String,
    /// The unit beside which it lives, if it is a subordinate.
    #[serde(default)]
    pub(crate) principal: Option<String>,
    /// The status that the charm set.
    pub(crate) workload: Status,
    pub(crate) agent: Status,
    pub(crate) version: String,
    /// What `state-set` has stored; `None` until the first write.
    pub(crate) charm_state: Option<Pairs>,
    pub(crate) ports: BTreeSet<Port>,
    /// By number.
    #[serde(default)]
    pub(crate) storage: BTreeMap<u32, Storage>,
    /// Whether `update-status` is queued.
    pub(crate) update_status: bool,
    pub(crate) memory: Memory,
}

impl Unit {
    /// The workload status that `juju status` shows: the error of a failed hook hides the charm's
    /// own status (`apiserver/facades/client/client/status.go`).
    pub(crate) fn shown_status(&self) -> Status {
        if self.agent.word == "error" {
            self.agent.clone()
        } else {
            self.workload.clone()
        }
    }
}

/// A range of ports that a unit opened for an endpoint; an empty endpoint means all of them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Port {
    pub(crate) protocol: String,
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) endpoint: String,
}
