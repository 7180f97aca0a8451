//! Looking at applications and units.

use super::handle::Model;
use crate::error::Error;
use crate::go::Pairs;
use crate::names;
use crate::state::{Application, Life, Stage, Unit, Work};
use crate::status::Status;
use std::path::PathBuf;

/// An application as it is now.
#[derive(Debug, Clone, Copy)]
pub struct ApplicationView<'m> {
    model: &'m Model,
    name: &'m str,
    state: &'m Application,
}

/// A unit as it is now.
#[derive(Debug, Clone, Copy)]
pub struct UnitView<'m> {
    model: &'m Model,
    application: &'m str,
    number: u32,
    state: &'m Unit,
}

/// A range of ports that a unit opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortView {
    /// `tcp`, `udp` or `icmp`.
    pub protocol: String,
    /// The first port; -1 for `icmp`.
    pub from: i64,
    /// The last port.
    pub to: i64,
    /// The endpoint that it is open for; empty means all of them.
    pub endpoint: String,
}

impl Model {
    /// An application by its name.
    ///
    /// # Errors
    ///
    /// When it does not exist.
    pub fn application(&self, name: &str) -> Result<ApplicationView<'_>, Error> {
        let found = self.state.applications.get_key_value(name);
        let (name, state) = found.ok_or_else(|| Error::not_found("application", name))?;
        Ok(ApplicationView {
            model: self,
            name,
            state,
        })
    }

    /// All applications, sorted by name.
    pub fn applications(&self) -> impl Iterator<Item = ApplicationView<'_>> {
        self.state
            .applications
            .iter()
            .map(|(name, state)| ApplicationView {
                model: self,
                name,
                state,
            })
    }

    /// A unit by its name.
    ///
    /// # Errors
    ///
    /// When it does not exist.
    pub fn unit(&self, name: &str) -> Result<UnitView<'_>, Error> {
        let found = names::split_unit(name).and_then(|(application, number)| {
            self.application(application)
                .ok()?
                .units()
                .find(|unit| unit.number == number)
        });
        found.ok_or_else(|| Error::not_found("unit", name))
    }
}

impl<'m> ApplicationView<'m> {
    pub(super) fn state(&self) -> &'m Application {
        self.state
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'m str {
        self.name
    }

    /// The status that Juju shows: the one set by `status-set --application`, or else the worst
    /// status of its units.
    #[must_use]
    pub fn status(&self) -> Status {
        self.state.shown_status()
    }

    /// Its charm's name.
    #[must_use]
    pub fn charm(&self) -> &'m str {
        &self.state.charm.metadata.name
    }

    /// How often it has been refreshed, as Juju's table shows it: 0 after deploy.
    #[must_use]
    pub fn charm_revision(&self) -> u32 {
        self.state.charm_revision - 1
    }

    /// Whether it is exposed.
    #[must_use]
    pub fn is_exposed(&self) -> bool {
        self.state.exposed
    }

    /// Its leader's name, if it has one.
    #[must_use]
    pub fn leader(&self) -> Option<String> {
        self.state
            .leader
            .map(|number| format!("{}/{number}", self.name))
    }

    /// The workload version that Juju shows: the leader's if it set one, or else that of the first
    /// unit that did.
    #[must_use]
    pub fn version(&self) -> &'m str {
        let leader = self
            .state
            .leader
            .and_then(|number| self.state.units.get(&number));
        let versions = leader
            .into_iter()
            .chain(self.state.units.values())
            .map(|unit| unit.version.as_str());
        versions
            .into_iter()
            .find(|version| !version.is_empty())
            .unwrap_or_default()
    }

    /// Whether it has no charm code.
    #[must_use]
    pub fn is_stand_in(&self) -> bool {
        self.state.stand_in
    }

    /// Whether it is being removed.
    #[must_use]
    pub fn is_dying(&self) -> bool {
        self.state.life == Life::Dying
    }

    /// The names of its endpoints, sorted.
    pub fn endpoints(&self) -> impl Iterator<Item = &'m str> + use<'m> {
        let endpoints = self.state.charm.metadata.endpoints.keys();
        endpoints.map(String::as_str)
    }

    /// Whether its units live beside those of other applications.
    #[must_use]
    pub fn is_subordinate(&self) -> bool {
        self.state.charm.metadata.subordinate
    }

    /// Its units, sorted by number.
    pub fn units(&self) -> impl Iterator<Item = UnitView<'m>> + use<'m> {
        let (model, application) = (self.model, self.name);
        self.state
            .units
            .iter()
            .map(move |(number, state)| UnitView {
                model,
                application,
                number: *number,
                state,
            })
    }
}

impl<'m> UnitView<'m> {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> String {
        format!("{}/{}", self.application, self.number)
    }

    /// The status that Juju shows for the workload, as word and message. The error of a failed hook
    /// hides the charm's own status.
    #[must_use]
    pub fn workload(&self) -> (&'m str, &'m str) {
        let error = self.state.agent.word == "error";
        let status = if error {
            &self.state.agent
        } else {
            &self.state.workload
        };
        (&status.word, &status.message)
    }

    /// The same with its time.
    #[must_use]
    pub fn status(&self) -> Status {
        self.state.shown_status()
    }

    /// The agent's status, as word and message: `idle`, `allocating`, `error`.
    #[must_use]
    pub fn agent(&self) -> (&'m str, &'m str) {
        (&self.state.agent.word, &self.state.agent.message)
    }

    /// The same with its time, as `juju status` shows it, where an agent whose hook failed is idle.
    #[must_use]
    pub fn agent_status(&self) -> Status {
        match self.state.agent.word.as_str() {
            "error" => Status::new("idle", "", self.state.agent.since),
            _ => self.state.agent.clone(),
        }
    }

    /// All statuses that it had, oldest first, each with what it was of: `workload`, or `juju-unit`
    /// for the agent.
    #[must_use]
    pub fn statuses(&self) -> Vec<(String, Status)> {
        let past = self.state.statuses().into_iter();
        past.map(|past| (past.kind, past.status)).collect()
    }

    /// The version that `application-version-set` set.
    #[must_use]
    pub fn version(&self) -> &'m str {
        &self.state.version
    }

    /// Whether it leads its application.
    #[must_use]
    pub fn is_leader(&self) -> bool {
        self.model.state.is_leader(&self.name())
    }

    /// Whether its `install` hook has succeeded.
    #[must_use]
    pub fn is_installed(&self) -> bool {
        self.state.memory.stage > Stage::New
    }

    /// Whether it is being removed.
    #[must_use]
    pub fn is_dying(&self) -> bool {
        self.state.life == Life::Dying
    }

    /// The failed hook, if the unit waits to be resolved.
    #[must_use]
    pub fn failed_hook(&self) -> Option<String> {
        match &self.state.memory.work {
            Work::Failed(event) => Some(event.name()),
            _ => None,
        }
    }

    /// The unit that it lives beside, if it is a subordinate.
    #[must_use]
    pub fn principal(&self) -> Option<&'m str> {
        self.state.principal.as_deref()
    }

    /// The units that live beside it, sorted by name.
    #[must_use]
    pub fn subordinates(&self) -> Vec<String> {
        self.model.state.subordinates_of(&self.name())
    }

    /// Its address.
    #[must_use]
    pub fn address(&self) -> &'m str {
        &self.state.address
    }

    /// The ports that it opened.
    #[must_use]
    pub fn ports(&self) -> Vec<PortView> {
        let ports = self.state.ports.iter().cloned();
        ports
            .map(|port| PortView {
                protocol: port.protocol,
                from: port.from,
                to: port.to,
                endpoint: port.endpoint,
            })
            .collect()
    }

    /// What `state-set` has stored for it; `None` until the first write.
    #[must_use]
    pub fn charm_state(&self) -> Option<&'m Pairs> {
        self.state.charm_state.as_ref()
    }

    pub(super) fn state(&self) -> &'m Unit {
        self.state
    }

    /// What its application is.
    pub(super) fn application(&self) -> Option<&'m Application> {
        self.model.state.applications.get(self.application)
    }

    /// The directory that its hooks run in.
    #[must_use]
    pub fn charm_dir(&self) -> PathBuf {
        self.model.folder.unit_charm(&self.name())
    }
}
