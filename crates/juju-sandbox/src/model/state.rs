//! What a model is: the controller's side, and each unit agent's own memory. All of it is kept
//! between runs of the command line.

use crate::charm::{Charm, Endpoint, Role};
use crate::clock::Timestamp;
use crate::event::Event;
use crate::log::{Level, LogRecord};
use crate::model::SecretScope;
use crate::model::Settings;
use crate::model::secret_state::Secret;
use crate::names;
use crate::status::Status;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Keys and values of a databag.
pub(crate) type Pairs = BTreeMap<String, String>;

/// Everything that a model remembers.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct State {
    pub(crate) settings: Settings,
    pub(crate) applications: BTreeMap<String, Application>,
    pub(crate) relations: BTreeMap<u32, Relation>,
    pub(crate) next_relation: u32,
    /// By id.
    #[serde(default)]
    pub(crate) secrets: BTreeMap<String, Secret>,
    /// Counts secrets, for their ids.
    #[serde(default)]
    pub(crate) next_secret: u64,
    pub(crate) next_action: u32,
    /// Counts hook runs, for context ids.
    pub(crate) next_run: u64,
    /// Counts units, for addresses.
    pub(crate) next_address: u32,
    /// The seconds since the model was made; see [`Timestamp`].
    pub(crate) now: u64,
    /// The unit that ran a hook last: `step` goes on with the one after it.
    pub(crate) last_unit: Option<(String, u32)>,
    pub(crate) log: Vec<LogRecord>,
}

impl State {
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            settings,
            applications: BTreeMap::new(),
            relations: BTreeMap::new(),
            next_relation: 0,
            secrets: BTreeMap::new(),
            next_secret: 0,
            next_action: 1,
            next_run: 0,
            next_address: 1,
            now: 0,
            last_unit: None,
            log: Vec::new(),
        }
    }

    /// The next second of the model's clock.
    pub(crate) fn tick(&mut self) -> Timestamp {
        self.now += 1;
        Timestamp(self.now)
    }

    /// Adds a record to the log.
    pub(crate) fn record(&mut self, unit: &str, module: String, level: Level, message: &str) {
        if level > Level::Unspecified {
            let time = self.tick();
            self.log.push(LogRecord {
                time,
                unit: unit.to_owned(),
                module,
                level,
                message: message.to_owned(),
            });
        }
    }

    pub(crate) fn unit(&self, name: &str) -> Option<&Unit> {
        let (application, number) = names::split_unit(name)?;
        self.applications.get(application)?.units.get(&number)
    }

    pub(crate) fn unit_mut(&mut self, name: &str) -> Option<&mut Unit> {
        let (application, number) = names::split_unit(name)?;
        self.applications
            .get_mut(application)?
            .units
            .get_mut(&number)
    }

    /// What a grant's scope is called in Juju's messages.
    pub(crate) fn scope_tag(&self, scope: SecretScope) -> String {
        match scope {
            SecretScope::Model => format!("model-{}", self.settings.uuid),
            SecretScope::Relation(id) => self
                .relations
                .get(&id)
                .map(Relation::tag)
                .unwrap_or_default(),
        }
    }

    /// Whether the unit holds its application's leadership.
    pub(crate) fn is_leader(&self, unit: &str) -> bool {
        names::split_unit(unit).is_some_and(|(application, number)| {
            self.applications
                .get(application)
                .is_some_and(|application| application.leader == Some(number))
        })
    }
}

/// Whether something is there to stay (`core/life`; what is dead is gone from the state).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) enum Life {
    #[default]
    Alive,
    Dying,
}

/// An application: a charm, its configuration and its units.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Application {
    pub(crate) charm: Charm,
    /// Grows with each refresh; also the name of the folder that keeps the charm's files.
    pub(crate) charm_revision: u32,
    /// It has no charm code: a test plays its part by hand.
    pub(crate) stand_in: bool,
    /// The options that were set; defaults are the charm's.
    pub(crate) config: BTreeMap<String, Value>,
    pub(crate) units: BTreeMap<u32, Unit>,
    pub(crate) next_unit: u32,
    pub(crate) leader: Option<u32>,
    pub(crate) leader_settings: Pairs,
    /// Grows when the leader's settings, or the leader, change.
    pub(crate) leader_settings_version: u64,
    /// What `status-set --application` said; `None` derives it from the units.
    pub(crate) status: Option<Status>,
    pub(crate) life: Life,
    pub(crate) deployed: Timestamp,
}

impl Application {
    /// Every declared option with its value; `None` where it is not set and has no default.
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

/// What a unit agent remembers from one hook to the next (`resolver.LocalState`,
/// `operation.State`, and the relation state tracker's).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Memory {
    pub(crate) stage: Stage,
    /// The charm has set the unit's status itself.
    pub(crate) status_set: bool,
    /// It has accepted leadership.
    pub(crate) leader: bool,
    pub(crate) leader_settings_seen: Option<u64>,
    /// The configuration that the last `config-changed` announced.
    pub(crate) config_seen: Option<BTreeMap<String, Option<Value>>>,
    /// The same configuration is to be announced once more, as Juju 4.0 does.
    #[serde(default)]
    pub(crate) config_again: bool,
    /// The revision of the charm in the unit's charm directory.
    pub(crate) charm_seen: u32,
    pub(crate) relations: BTreeMap<u32, RelationMemory>,
    #[serde(default)]
    pub(crate) secrets: SecretMemory,
    pub(crate) work: Work,
}

/// What a unit agent remembers of secrets (`secrets.State` of the uniter).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct SecretMemory {
    /// The revision that the last `secret-changed` announced, by secret.
    pub(crate) told: BTreeMap<String, u32>,
    /// The secrets and revisions that `secret-remove` has run for.
    pub(crate) obsolete: BTreeSet<(String, u32)>,
}

/// How far a unit has come in its life.
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
    /// This hook failed, and is in nobody's hands.
    Failed(Event),
    /// Somebody said that the failed hook may run again.
    Retry(Event),
}

/// What a unit agent remembers of one relation it takes part in.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
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

/// A relation between two endpoints, or a peer relation of one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Relation {
    /// Requirer first, as in Juju's relation keys; a peer relation has one.
    pub(crate) sides: Vec<Side>,
    pub(crate) life: Life,
    /// By application.
    pub(crate) application_bags: BTreeMap<String, Databag>,
    /// By unit; kept when the unit leaves, until the relation is gone.
    pub(crate) unit_bags: BTreeMap<String, Databag>,
    /// The units that take part now.
    pub(crate) in_scope: BTreeSet<String>,
}

/// One end of a relation.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Side {
    pub(crate) application: String,
    pub(crate) endpoint: Endpoint,
}

impl Side {
    /// `app:endpoint`.
    pub(crate) fn key(&self) -> String {
        format!("{}:{}", self.application, self.endpoint.name)
    }
}

impl Relation {
    pub(crate) fn is_peer(&self) -> bool {
        self.sides
            .iter()
            .any(|side| side.endpoint.role == Role::Peer)
    }

    /// The end that the application is.
    pub(crate) fn side(&self, application: &str) -> Option<&Side> {
        self.sides
            .iter()
            .find(|side| side.application == application)
    }

    /// The other end; the application's own in a peer relation.
    pub(crate) fn other_side(&self, application: &str) -> Option<&Side> {
        self.side(application)?;
        self.sides
            .iter()
            .find(|side| side.application != application)
            .or_else(|| self.sides.first())
    }

    /// `requirer:endpoint provider:endpoint` (`relationKey` in `state/relation.go`).
    pub(crate) fn key(&self) -> String {
        let keys: Vec<String> = self.sides.iter().map(Side::key).collect();
        keys.join(" ")
    }

    /// `relation-requirer.endpoint#provider.endpoint` (`names.RelationTag`).
    pub(crate) fn tag(&self) -> String {
        format!(
            "relation-{}",
            self.key().replace(':', ".").replace(' ', "#")
        )
    }

    /// The units that this one meets, with the versions of their databags.
    pub(crate) fn members_for(&self, unit: &str) -> BTreeMap<String, u64> {
        let Some(other) = self.other_side(names::application_of(unit)) else {
            return BTreeMap::new();
        };
        self.in_scope
            .iter()
            .filter(|name| *name != unit && names::application_of(name) == other.application)
            .map(|name| {
                (
                    name.clone(),
                    self.unit_bags.get(name).map_or(0, |bag| bag.version),
                )
            })
            .collect()
    }
}

/// A databag and how often it changed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Databag {
    pub(crate) values: Pairs,
    /// 0: never written.
    pub(crate) version: u64,
}

impl Databag {
    /// Sets keys, an empty value removing one. What changes nothing is no new version.
    pub(crate) fn write<'a>(&mut self, changes: impl IntoIterator<Item = (&'a str, &'a str)>) {
        let before = self.values.clone();
        for (key, value) in changes {
            if value.is_empty() {
                self.values.remove(key);
            } else {
                self.values.insert(key.to_owned(), value.to_owned());
            }
        }
        if self.values != before {
            self.version += 1;
        }
    }
}
