//! Everything that a model remembers. It is saved between runs of the command line.

use super::application::Application;
use super::operation::Operation;
use super::relation::Relation;
use super::running::Running;
use super::secret::{Secret, SecretScope};
use super::settings::Settings;
use super::storage::Storage;
use super::unit::Unit;
use crate::clock::Timestamp;
use crate::log::{Level, LogRecord};
use crate::names;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Everything that a model remembers.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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
    /// Counts storage, for its ids.
    #[serde(default)]
    pub(crate) next_storage: u32,
    /// Storage that no unit has, by number.
    #[serde(default)]
    pub(crate) detached: BTreeMap<u32, Storage>,
    /// The next number of an operation or task, which is an action; they share one sequence.
    pub(crate) next_action: u32,
    /// What `juju run` and `juju exec` have started, oldest first.
    #[serde(default)]
    pub(crate) operations: Vec<Operation>,
    /// What `juju model-config` has set; nothing but `juju-*-proxy` has an effect.
    #[serde(default)]
    pub(crate) model_config: BTreeMap<String, String>,
    /// What `juju set-model-constraints` has set, without an effect.
    #[serde(default)]
    pub(crate) constraints: BTreeMap<String, String>,
    /// Counts hook runs, for context ids.
    pub(crate) next_run: u64,
    /// Counts units, for addresses.
    pub(crate) next_address: u32,
    /// The seconds since the model was made; see [`Timestamp`].
    pub(crate) now: u64,
    /// Until when somebody has let time pass; see [`State::wait_until`].
    #[serde(default)]
    pub(crate) awaited: u64,
    /// The unit that ran a hook last: `step` continues with the one after it.
    pub(crate) last_unit: Option<(String, u32)>,
    /// The hook or action that has begun and not ended; somebody may have stopped it.
    #[serde(default)]
    pub(crate) running: Option<Running>,
    /// In a file of its own.
    #[serde(skip)]
    pub(crate) log: Vec<LogRecord>,
}

impl State {
    pub(crate) fn new(settings: Settings) -> Self {
        let next_action = settings.version().first_operation();
        Self {
            settings,
            applications: BTreeMap::new(),
            relations: BTreeMap::new(),
            next_relation: 0,
            secrets: BTreeMap::new(),
            next_secret: 0,
            next_storage: 0,
            detached: BTreeMap::new(),
            next_action,
            operations: Vec::new(),
            model_config: BTreeMap::new(),
            constraints: BTreeMap::new(),
            next_run: 0,
            next_address: 1,
            now: 0,
            awaited: 0,
            last_unit: None,
            running: None,
            log: Vec::new(),
        }
    }

    /// The next second of the model's clock.
    pub(crate) fn tick(&mut self) -> Timestamp {
        self.now += 1;
        Timestamp(self.now)
    }

    /// A number for an operation or a task.
    pub(crate) fn next_number(&mut self) -> u32 {
        let number = self.next_action;
        self.next_action += 1;
        number
    }

    /// Takes the log from where it is kept. It may know of what happened after the state was saved,
    /// and no two records share a time.
    pub(crate) fn put_log(&mut self, log: Vec<LogRecord>) {
        if let Some(last) = log.last() {
            self.now = self.now.max(last.time.0);
        }
        self.log = log;
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

    /// The name of a grant's scope in Juju's messages.
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

    /// Whether the unit is its application's leader.
    pub(crate) fn is_leader(&self, unit: &str) -> bool {
        names::split_unit(unit).is_some_and(|(application, number)| {
            self.applications
                .get(application)
                .is_some_and(|application| application.leader == Some(number))
        })
    }
}
