//! Units: adding and removing them, moving leadership, resolving errors.

use super::handle::Model;
use crate::error::Error;
use crate::names;
use crate::refusals;
use crate::state::{Life, Work};

impl Model {
    /// Adds units (`juju add-unit -n`). The application's first unit becomes its leader.
    ///
    /// # Errors
    ///
    /// When there is no such application, it is being removed, or it is a subordinate, which gets its
    /// units by relations.
    pub fn add_units(&mut self, application: &str, count: u32) -> Result<(), Error> {
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
        for _ in 0..count {
            self.state.add_unit(application, None);
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
