//! What one hook sees, and what it has pending. Source: `context/context.go` and its neighbours.
//!
//! Reads come from the model, through this unit's memory; most writes wait here for
//! [`Context::commit`]. A context is created for one hook and dropped after it, with whatever is
//! not committed.

use super::action::ActionRun;
use super::pending::Pending;
use crate::event::Event;
use crate::folder::UnitFiles;
use crate::go::{Pairs, through_json};
use crate::log::Level;
use crate::names;
use crate::refusals;
use crate::state::{Application, RelationMemory, State, Unit};
use crate::status::Status;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The maximum length of a key of the charm's state, in bytes (`core/quota`).
const STATE_KEY_LIMIT: usize = 256;
/// The maximum length of a value of the charm's state, in bytes.
const STATE_VALUE_LIMIT: usize = 65_536;

/// One hook's view of the model.
#[derive(Debug)]
pub(crate) struct Context<'m> {
    pub(super) state: &'m mut State,
    pub(super) unit: String,
    pub(super) event: Event,
    /// `JUJU_CONTEXT_ID`: a tool call with any other is refused.
    pub(super) id: String,
    pub(super) action: Option<ActionRun>,
    /// Whether the hook has been told that it is not the leader, which holds until it ends.
    pub(super) minion: bool,
    /// The configuration, as it was when the hook first asked.
    pub(super) settings: Option<BTreeMap<String, Option<Value>>>,
    /// The unit's status, as it was when the hook first asked.
    pub(super) status: Option<Status>,
    /// Databags of applications, and of units that are not members, as they were first read.
    pub(super) fetched: BTreeMap<(u32, String), Pairs>,
    /// The secrets that the unit managed when the hook began.
    pub(super) managed_secrets: BTreeSet<String>,
    pub(super) pending: Pending,
    /// The files that the tools read and write.
    pub(super) files: UnitFiles,
}

impl<'m> Context<'m> {
    /// The context of one event; `None` if there is no such unit.
    pub(crate) fn new(
        state: &'m mut State,
        unit: &str,
        event: Event,
        id: String,
        action: Option<ActionRun>,
        files: UnitFiles,
    ) -> Option<Self> {
        state.unit(unit)?;
        let managed_secrets = state.managed_secrets(unit);
        let mut context = Self {
            state,
            unit: unit.to_owned(),
            event,
            id,
            action,
            minion: false,
            settings: None,
            status: None,
            fetched: BTreeMap::new(),
            managed_secrets,
            pending: Pending::default(),
            files,
        };
        context.forget_stale_databag();
        Some(context)
    }

    pub(crate) fn unit(&self) -> &str {
        &self.unit
    }

    pub(crate) fn application(&self) -> &str {
        names::application_of(&self.unit)
    }

    pub(crate) fn event(&self) -> &Event {
        &self.event
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    pub(crate) fn state(&self) -> &State {
        self.state
    }

    /// The unit's application, which exists as long as the unit runs hooks.
    fn application_state(&mut self) -> Option<&mut Application> {
        self.state
            .applications
            .get_mut(names::application_of(&self.unit))
    }

    pub(super) fn unit_state(&self) -> Option<&Unit> {
        self.state.unit(&self.unit)
    }

    pub(super) fn relation_memory(&self, id: u32) -> Option<&RelationMemory> {
        self.unit_state()?.memory.relations.get(&id)
    }

    /// `is-leader`: "no" is remembered, "yes" is checked each time (`context/leader.go`).
    pub(crate) fn is_leader(&mut self) -> bool {
        self.minion = self.minion || !self.state.is_leader(&self.unit);
        !self.minion
    }

    /// Every option with its value, fetched once.
    pub(crate) fn settings(&mut self) -> BTreeMap<String, Option<Value>> {
        if self.settings.is_none() {
            self.settings = self
                .application_state()
                .map(|application| application.settings());
        }
        self.settings.clone().unwrap_or_default()
    }

    /// Logs on behalf of the charm, with the logger's name after `unit.<unit>.`.
    pub(crate) fn log(&mut self, logger: &str, level: Level, message: &str) {
        let module = format!("unit.{}.{logger}", self.unit);
        self.state
            .record(&self.unit.clone(), module, level, message);
    }

    /// Logs on behalf of the unit agent.
    pub(crate) fn log_agent(&mut self, level: Level, message: &str) {
        self.state.record(
            &self.unit.clone(),
            "juju.worker.uniter.operation".into(),
            level,
            message,
        );
    }

    /// `status-set`, which does not wait for the commit.
    pub(crate) fn set_status(&mut self, word: &str, message: &str) {
        let since = self.state.tick();
        if let Some(unit) = self.state.unit_mut(&self.unit) {
            unit.set_workload(Status::new(word, message, since));
            unit.memory.status_set = true;
        }
    }

    /// `status-set --application`.
    pub(crate) fn set_application_status(
        &mut self,
        word: &str,
        message: &str,
    ) -> Result<(), String> {
        self.require_leader()?;
        let status = Status::new(word, message, self.state.tick());
        if let Some(application) = self.application_state() {
            application.status = Some(status);
        }
        Ok(())
    }

    /// The unit's status as it was when the hook first asked.
    pub(crate) fn status(&mut self) -> Option<Status> {
        if self.status.is_none() {
            self.status = self.unit_state().map(|unit| unit.workload.clone());
        }
        self.status.clone()
    }

    /// The application's status, and that of each unit.
    pub(crate) fn application_status(&mut self) -> Result<(Status, Vec<(String, Status)>), String> {
        self.require_leader()?;
        let name = self.application().to_owned();
        let application = self
            .application_state()
            .ok_or_else(refusals::application_gone)?;
        let units = application
            .units
            .iter()
            .map(|(number, unit)| (format!("{name}/{number}"), unit.workload.clone()));
        Ok((application.shown_status(), units.collect()))
    }

    /// `application-version-set`.
    pub(crate) fn set_version(&mut self, version: &str) {
        if let Some(unit) = self.state.unit_mut(&self.unit) {
            version.clone_into(&mut unit.version);
        }
    }

    /// `ErrIsNotLeader` of `context/context.go`.
    pub(super) fn require_leader(&mut self) -> Result<(), String> {
        if self.is_leader() {
            Ok(())
        } else {
            Err(refusals::not_the_leader())
        }
    }

    /// What `state-set` has stored, including pending writes; `None` before the first write.
    pub(crate) fn charm_state(&self) -> Option<&Pairs> {
        self.pending
            .charm_state
            .as_ref()
            .or_else(|| self.unit_state()?.charm_state.as_ref())
    }

    /// `state-set` of one key (`SetCharmStateValue`).
    pub(crate) fn set_charm_state(&mut self, key: &str, value: &str) -> Result<(), String> {
        if key.len() > STATE_KEY_LIMIT {
            return Err(refusals::state_key_too_long(STATE_KEY_LIMIT));
        }
        if value.len() > STATE_VALUE_LIMIT {
            return Err(refusals::state_value_too_long(STATE_VALUE_LIMIT));
        }
        let mut charm_state = self.charm_state().cloned().unwrap_or_default();
        charm_state.insert(key.to_owned(), value.to_owned());
        self.pending.charm_state = Some(charm_state);
        Ok(())
    }

    /// `state-delete`.
    pub(crate) fn delete_charm_state(&mut self, key: &str) {
        if let Some(mut charm_state) = self.charm_state().cloned() {
            charm_state.remove(key);
            self.pending.charm_state = Some(charm_state);
        }
    }

    /// `leader-get`.
    pub(crate) fn leader_settings(&mut self) -> Pairs {
        self.application_state()
            .map(|application| application.leader_settings.clone())
            .unwrap_or_default()
    }

    /// `leader-set`, which does not wait for the commit.
    pub(crate) fn set_leader_settings(&mut self, changes: &Pairs) -> Result<(), String> {
        if !self.is_leader() {
            // `errIsMinion` of `context/leader.go`.
            return Err(refusals::settings_not_the_leader());
        }
        if let Some(application) = self.application_state() {
            let before = application.leader_settings.clone();
            for (key, value) in changes {
                let (key, value) = (through_json(key), through_json(value));
                if value.is_empty() {
                    application.leader_settings.remove(&key);
                } else {
                    application.leader_settings.insert(key, value);
                }
            }
            if application.leader_settings != before {
                application.leader_settings_version += 1;
            }
        }
        Ok(())
    }

    /// The running action, or Juju's words if there is none.
    pub(crate) fn action(&mut self) -> Result<&mut ActionRun, String> {
        self.action
            .as_mut()
            .ok_or_else(refusals::not_running_action)
    }

    /// Another unit becomes the leader while the hook runs.
    pub(crate) fn lose_leadership(&mut self) {
        let successor = self.state.successor(&self.unit);
        self.state
            .lead(names::application_of(&self.unit), successor);
    }
}

/// What the tools ask about the model.
impl Context<'_> {
    /// The Juju version that the model imitates.
    pub(crate) fn juju(&self) -> crate::version::Version {
        self.state.settings.version()
    }

    /// The unit's address for one of its endpoints or bindings, if the charm declares it.
    pub(crate) fn address_for(&self, binding: &str) -> Option<String> {
        let application = self.state.applications.get(self.application())?;
        let metadata = &application.charm.metadata;
        let known = metadata.endpoints.contains_key(binding)
            || metadata.extra_bindings.iter().any(|extra| extra == binding)
            || binding == "juju-info";
        self.unit_state()
            .filter(|_| known)
            .map(|unit| unit.address.clone())
    }
}
