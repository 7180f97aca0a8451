//! Units as the controller keeps them.

use super::life::Life;
use super::memory::Memory;
use super::resource::Resource;
use super::storage::Storage;
use crate::go::Pairs;
use crate::status::Status;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A unit: what the controller knows about it, and its agent's memory.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Unit {
    pub(crate) life: Life,
    pub(crate) address: String,
    /// The unit beside which it lives, if it is a subordinate.
    #[serde(default)]
    pub(crate) principal: Option<String>,
    /// The status that the charm set.
    pub(crate) workload: Status,
    pub(crate) agent: Status,
    /// Statuses that have been replaced, oldest first.
    #[serde(default)]
    pub(crate) history: Vec<Past>,
    pub(crate) version: String,
    /// What `state-set` has stored; `None` until the first write.
    pub(crate) charm_state: Option<Pairs>,
    pub(crate) ports: BTreeSet<Port>,
    /// By number.
    #[serde(default)]
    pub(crate) storage: BTreeMap<u32, Storage>,
    /// The resources that it has got, as they were then, by name.
    #[serde(default)]
    pub(crate) resources: BTreeMap<String, Resource>,
    /// Whether `update-status` is queued.
    pub(crate) update_status: bool,
    pub(crate) memory: Memory,
}

/// The most statuses that a unit's history keeps, as a model that lives long keeps growing.
const HISTORY_LIMIT: usize = 1000;

/// A status that a unit had (`juju show-status-log`).
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Past {
    /// `workload`, or `juju-unit` for its agent (`core/status`, `HistoryKind`).
    pub(crate) kind: String,
    pub(crate) status: Status,
}

impl Unit {
    /// Sets the workload's status, and remembers the one before.
    pub(crate) fn set_workload(&mut self, status: Status) {
        let past = std::mem::replace(&mut self.workload, status);
        self.remember("workload", past);
    }

    /// Sets the agent's status, and remembers the one before.
    pub(crate) fn set_agent(&mut self, status: Status) {
        let past = std::mem::replace(&mut self.agent, status);
        self.remember("juju-unit", past);
    }

    fn remember(&mut self, kind: &str, status: Status) {
        if self.history.len() == HISTORY_LIMIT {
            self.history.remove(0);
        }
        self.history.push(Past {
            kind: kind.to_owned(),
            status,
        });
    }

    /// All statuses up to now, oldest first.
    pub(crate) fn statuses(&self) -> Vec<Past> {
        let now = [("workload", &self.workload), ("juju-unit", &self.agent)];
        let now = now.map(|(kind, status)| Past {
            kind: kind.to_owned(),
            status: status.clone(),
        });
        let mut all: Vec<Past> = self.history.iter().cloned().chain(now).collect();
        all.sort_by_key(|past| past.status.since);
        all
    }

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
#[serde(deny_unknown_fields)]
pub(crate) struct Port {
    pub(crate) protocol: String,
    pub(crate) from: i64,
    pub(crate) to: i64,
    pub(crate) endpoint: String,
}

impl Port {
    /// Its range without the endpoint, as Juju shows it (`PortRange.String`).
    pub(crate) fn range(&self) -> String {
        let Self {
            protocol, from, to, ..
        } = self;
        match (protocol.as_str(), from == to) {
            ("icmp", _) => "icmp".into(),
            (_, true) => format!("{from}/{protocol}"),
            (_, false) => format!("{from}-{to}/{protocol}"),
        }
    }

    /// Whether it is the same range, perhaps for another endpoint.
    pub(crate) fn is_same_range(&self, other: &Self) -> bool {
        (&self.protocol, self.from, self.to) == (&other.protocol, other.from, other.to)
    }

    /// Whether the ranges have ports in common (`PortRange.ConflictsWith`).
    pub(crate) fn overlaps(&self, other: &Self) -> bool {
        self.protocol == other.protocol && self.from <= other.to && other.from <= self.to
    }
}
