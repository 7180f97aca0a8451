//! `juju run`.

use super::handle::Model;
use crate::agent::context::ActionRun;
use crate::error::Error;
use crate::event::Event;
use crate::go::quote;
use crate::refusals;
use crate::run::{ActionOutcome, ActionStatus};
use serde_json::{Map, Value};

impl Model {
    /// Runs an action at once, between hooks; the unit may be given as `app/leader`. If the charm
    /// fails, that is an outcome, not an error.
    ///
    /// # Errors
    ///
    /// When there is no such unit or action, the parameters are not what the charm declares, or the
    /// unit has not run a hook yet.
    pub fn run_action(
        &mut self,
        unit: &str,
        action: &str,
        parameters: &[(&str, Value)],
    ) -> Result<ActionOutcome, Error> {
        let unit = &self.resolve_unit(unit)?;
        let application = self.app(crate::names::application_of(unit))?;
        let schema = application
            .charm
            .actions
            .get(action)
            .ok_or_else(|| Error::Refused(refusals::action_not_defined(action, unit)))?;
        let given: Map<String, Value> = parameters
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()))
            .collect();
        let parameters = schema.complete(&Value::Object(given));
        // Also a task that is refused for its parameters takes its number.
        let id = self.state.next_operation + 1;
        self.state.next_operation += 2;
        let parameters = parameters.map_err(Error::Refused)?;
        if self.unit_mut(unit)?.memory.charm_seen == 0 {
            return Err(Error::Refused(format!(
                "unit {} has no charm yet",
                quote(unit)
            )));
        }
        let event = Event::Action {
            name: action.to_owned(),
            id,
        };
        let ran = self.run_event(unit, &event, Some(ActionRun::new(parameters)))?;
        let left = ran.action.unwrap_or_default();
        let (mut message, mut stderr) = (String::new(), ran.record.stderr.clone());
        let mut return_code = ran.record.exit_code;
        // finalizeAction in context/context.go: what the charm said takes precedence over the exit
        // code.
        match (&left.failure, &ran.record.error) {
            (failure, Some(error)) if return_code == Some(0) => {
                // The charm succeeded, but the commit was refused.
                message = failure.clone().unwrap_or_else(refusals::commit_failed);
                stderr.push_str(error);
                return_code = Some(1);
            }
            (Some(failure), _) => message.clone_from(failure),
            (None, Some(error)) => message.clone_from(error),
            (None, None) => {}
        }
        let failed = left.failure.is_some() || ran.record.error.is_some();
        let outcome = ActionOutcome {
            id,
            unit: unit.clone(),
            status: if failed {
                ActionStatus::Failed
            } else {
                ActionStatus::Completed
            },
            message,
            results: left.results,
            log: left.log,
            stdout: ran.record.stdout.clone(),
            stderr,
            return_code,
        };
        self.runs.push(ran.record);
        Ok(outcome)
    }

    /// The names of an application's actions.
    ///
    /// # Errors
    ///
    /// When there is no such application.
    pub fn actions(&self, application: &str) -> Result<Vec<&str>, Error> {
        Ok(self.app(application)?.charm.actions.names().collect())
    }

    /// A unit's name, with `app/leader` resolved.
    ///
    /// # Errors
    ///
    /// When there is no such unit, or the application has no leader.
    pub fn resolve_unit(&self, unit: &str) -> Result<String, Error> {
        let Some(application) = unit.strip_suffix("/leader") else {
            return self
                .state
                .unit(unit)
                .map(|_| unit.to_owned())
                .ok_or_else(|| Error::not_found("unit", unit));
        };
        let leader = self.app(application)?.leader;
        let leader = leader.ok_or_else(|| Error::Refused(refusals::no_leader(application)))?;
        Ok(format!("{application}/{leader}"))
    }
}
