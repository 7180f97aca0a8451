//! Units as the controller keeps them.

use super::life::Life;
use super::memory::Memory;
use crate::go::Pairs;
use crate::status::Status;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A unit: what the controller knows of it, and its agent's memory.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Unit {
    pub(crate) life: Life,
    pub(crate) address: String,
    /// What the charm says of itself.
    pub(crate) workload: Status,
    pub(crate) agent: Status,
    pub(crate) version: String,
    /// What `state-set` keeps; `None` until the first write.
    pub(crate) charm_state: Option<Pairs>,
    pub(crate) ports: BTreeSet<Port>,
    /// Somebody asked for `update-status`.
    pub(crate) update_status: bool,
    pub(crate) memory: Memory,
}

impl Unit {
    /// The workload status that `juju status` shows: a failed hook's error covers the charm's own
    /// (`apiserver/facades/client/client/status.go`).
    pub(crate) fn shown_status(&self) -> Status {
        if self.agent.word == "error" {
            self.agent.clone()
        } else {
            self.workload.clone()
        }
    }
}

/// A range of ports that a unit opened for an endpoint; no endpoint is all of them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(crate) struct Port {
    pub(crate) protocol: String,
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) endpoint: String,
}
