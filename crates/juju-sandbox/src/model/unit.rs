//! Units: adding and removing them, moving leadership, resolving errors.

use super::handle::Model;
use crate::error::Error;
use crate::names;
use crate::refusals;
use crate::state::{Life, Memory, Unit, Work};
use crate::status::Status;
use std::collections::BTreeSet;

impl Model {
    /// Adds units (`juju add-unit -n`). The application's first unit becomes its leader.
    ///
    /// # Errors
    ///
    /// When there is no such application, or it is being removed.
    pub fn add_units(&mut self, application: &str, count: u32) -> Result<(), Error> {
        let life = self.app(application)?.life;
        if life == Life::Dying {
            return Err(Error::Refused(refusals::cannot_add_unit(
                count,
                application,
            )));
        }
        for _ in 0..count {
            self.add_unit(application)?;
        }
        Ok(())
    }

    fn add_unit(&mut self, application: &str) -> Result<(), Error> {
        let since = self.state.tick();
        let index = self.state.next_address;
        self.state.next_address += 1;
        let address = format!(
            "10.{}.{}.{}",
            1 + index / 62_500,
            index / 250 % 250,
            1 + index % 250
        );
        let app = self.app_mut(application)?;
        let number = app.next_unit;
        app.next_unit += 1;
        let (word, message, agent) = if app.stand_in {
            ("active", "", "idle")
        } else {
            ("waiting", "installing agent", "allocating")
        };
        let unit = Unit {
            life: Life::Alive,
            address,
            workload: Status::new(word, message, since),
            agent: Status::new(agent, "", since),
            history: Vec::new(),
            version: String::new(),
            charm_state: None,
            ports: BTreeSet::new(),
            update_status: false,
            memory: Memory::default(),
        };
        app.units.insert(number, unit);
        app.leader.get_or_insert(number);
        if app.stand_in {
            let name = format!("{application}/{number}");
            let alive = self
                .state
                .relations
                .iter()
                .filter(|(_, relation)| relation.life == Life::Alive);
            let ids: Vec<u32> = alive
                .filter(|(_, relation)| relation.side(application).is_some())
                .map(|(id, _)| *id)
                .collect();
            for id in ids {
                self.state.enter_scope(id, &name);
            }
        }
        Ok(())
    }

    /// Removes a unit once its hooks have run (`juju remove-unit`).
    ///
    /// # Errors
    ///
    /// When there is no such unit.
    pub fn remove_unit(&mut self, unit: &str) -> Result<(), Error> {
        self.unit_mut(unit)?.life = Life::Dying;
        Ok(())
    }

    /// Removes the units that are to be removed and are in error, without their last hooks. Juju
    /// does this some time after `remove-unit --force` (`forceDestroyUnit` in `state/cleanup.go`);
    /// here it is asked for.
    ///
    /// # Errors
    ///
    /// When their files cannot be removed.
    pub fn abandon_units(&mut self) -> Result<(), Error> {
        for unit in self.failed(|unit| unit.life == Life::Dying) {
            self.state.remove_unit(&unit);
            self.folder.forget_unit(&unit)?;
        }
        Ok(())
    }

    /// Takes units that are in error out of relations that are to be removed, without their last
    /// hooks (`remove-relation --force`; `forceRelationDestroy` in `state/relation.go`).
    pub fn abandon_relations(&mut self) {
        let dying = self.state.relations.iter();
        let dying = dying.filter(|(_, relation)| relation.life == Life::Dying);
        let ids: Vec<u32> = dying.map(|(id, _)| *id).collect();
        for unit in self.failed(|_| true) {
            for id in &ids {
                self.state.leave_scope(*id, &unit);
            }
        }
        self.state.collect();
    }

    /// The names of units in error, of those that a condition holds for.
    pub(super) fn failed(&self, is_wanted: impl Fn(&Unit) -> bool) -> Vec<String> {
        let applications = self.state.applications.iter();
        let units = applications.flat_map(|(name, application)| {
            let units = application.units.iter();
            units.map(move |(number, unit)| (format!("{name}/{number}"), unit))
        });
        units
            .filter(|(_, unit)| matches!(unit.memory.work, Work::Failed(_)) && is_wanted(unit))
            .map(|(name, _)| name)
            .collect()
    }

    /// Makes a unit its application's leader.
    ///
    /// # Errors
    ///
    /// When there is no such unit.
    pub fn set_leader(&mut self, unit: &str) -> Result<(), Error> {
        self.unit_mut(unit)?;
        let Some((application, number)) = names::split_unit(unit) else {
            return Err(Error::not_found("unit", unit));
        };
        self.state.lead(application, Some(number));
        Ok(())
    }

    /// Queues `update-status` for a unit: it runs once there is nothing else to do.
    ///
    /// # Errors
    ///
    /// When there is no such unit.
    pub fn update_status(&mut self, unit: &str) -> Result<(), Error> {
        self.unit_mut(unit)?.update_status = true;
        Ok(())
    }

    /// Resolves a unit in error (`juju resolved`): its hook runs again or, if `retry` is false,
    /// counts as done (`--no-retry`). Juju itself also retries after a while; here nothing happens
    /// until it is asked for, so that the same steps always run the same hooks.
    ///
    /// # Errors
    ///
    /// When there is no such unit, or it is not in error.
    pub fn resolved(&mut self, unit: &str, retry: bool) -> Result<(), Error> {
        let memory = &mut self.unit_mut(unit)?.memory;
        let Work::Failed(event) = memory.work.clone() else {
            return Err(Error::Refused(refusals::not_in_error(unit)));
        };
        if retry {
            memory.work = Work::Retry(event);
        } else {
            self.state.complete(unit, &event);
        }
        Ok(())
    }
}
