//! Units: adding and removing them, moving leadership, resolving errors.

use super::handle::Model;
use crate::error::Error;
use crate::names;
use crate::refusals;
use crate::state::{Life, Unit, Work};

impl Model {
    /// Adds units (`juju add-unit -n`). The application's first unit becomes its leader.
    ///
    /// # Errors
    ///
    /// When there is no such application, it is being removed, or it is a subordinate, which gets its
    /// units by relations.
    pub fn add_units(&mut self, application: &str, count: u32) -> Result<(), Error> {
        self.add_units_with(application, count, &[])
    }

    /// Adds units, of which the first gets storage that no unit has.
    pub(super) fn add_units_with(
        &mut self,
        application: &str,
        count: u32,
        storage: &[u32],
    ) -> Result<(), Error> {
        let life = self.app(application)?.life;
        if life == Life::Dying {
            return Err(Error::Refused(refusals::cannot_add_unit(
                count,
                application,
            )));
        }
        if self.state.is_subordinate(application) && count > 0 {
            return Err(Error::Refused(refusals::cannot_add_subordinate(
                count,
                application,
            )));
        }
        let mut storage = storage;
        for _ in 0..count {
            self.state.add_unit(application, None, storage);
            storage = &[];
        }
        Ok(())
    }

    /// Removes a unit once its hooks have run, and those of its subordinates (`juju remove-unit`).
    ///
    /// # Errors
    ///
    /// When there is no such unit, or it is a subordinate itself.
    pub fn remove_unit(&mut self, unit: &str) -> Result<(), Error> {
        if self.unit_mut(unit)?.principal.is_some() {
            let application = names::application_of(unit);
            let refusal = refusals::cannot_remove_subordinate(unit, application);
            return Err(Error::Refused(refusal));
        }
        self.state.destroy_unit(unit);
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
            self.folder.keep_step(&self.state)?;
            self.folder.forget_unit(&unit)?;
        }
        self.clear_storage()
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
