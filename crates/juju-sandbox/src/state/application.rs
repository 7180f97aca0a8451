//! Applications as the controller keeps them.

use super::life::Life;
use super::resource::Resource;
use super::unit::Unit;
use crate::charm::{Charm, StorageWish};
use crate::clock::Timestamp;
use crate::go::Pairs;
use crate::status::Status;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// An application: a charm, its configuration and its units.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Application {
    pub(crate) charm: Charm,
    /// Grows with each refresh; part of the name of the folder that holds the charm's files.
    pub(crate) charm_revision: u32,
    /// Whether it has no charm code: its part is played by hand.
    pub(crate) stand_in: bool,
    /// The options that have been set; the defaults are in the charm.
    pub(crate) config: BTreeMap<String, Value>,
    pub(crate) units: BTreeMap<u32, Unit>,
    pub(crate) next_unit: u32,
    pub(crate) leader: Option<u32>,
    pub(crate) leader_settings: Pairs,
    /// Grows when the leader's settings, or the leader, change.
    pub(crate) leader_settings_version: u64,
    /// What `status-set --application` set; if `None`, the status is derived from the units.
    pub(crate) status: Option<Status>,
    /// The resources that have content, by name; the charm says which ones there are.
    #[serde(default)]
    pub(crate) resources: BTreeMap<String, Resource>,
    /// Grows when a resource is uploaded, which the units are told like a new charm.
    #[serde(default)]
    pub(crate) resources_version: u64,
    /// What was asked for with `--storage`, by name; the charm says the rest.
    #[serde(default)]
    pub(crate) storage: BTreeMap<String, StorageWish>,
    /// Variables that its hooks have besides Juju's.
    #[serde(default)]
    pub(crate) environment: BTreeMap<String, String>,
    pub(crate) life: Life,
    /// Whether `juju trust` or `deploy --trust` has trusted it, which has no effect here.
    #[serde(default)]
    pub(crate) trust: bool,
    /// Whether `juju expose` has exposed it, which has no effect here.
    #[serde(default)]
    pub(crate) exposed: bool,
    pub(crate) deployed: Timestamp,
}

impl Application {
    /// Every declared option with its value; `None` if it is not set and has no default.
    pub(crate) fn settings(&self) -> BTreeMap<String, Option<Value>> {
        let options = self.charm.config.iter();
        options
            .map(|(name, option)| {
                let value = self.config.get(name).or(option.default.as_ref());
                (name.to_owned(), value.cloned())
            })
            .collect()
    }

    /// What `juju status` shows for the application.
    pub(crate) fn shown_status(&self) -> Status {
        if let Some(status) = &self.status {
            return status.clone();
        }
        let shown: Vec<Status> = self.units.values().map(Unit::shown_status).collect();
        Status::worst(shown.iter())
            .cloned()
            .unwrap_or_else(|| Status::new("unknown", "", self.deployed))
    }
}
