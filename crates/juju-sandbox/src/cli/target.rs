//! On which units a command runs. Source of the texts: `cmd/juju/action/exec.go`.

use crate::error::Error;
use crate::go::quote;
use crate::model::Model;
use crate::names;
use crate::refusals;
use clap::Args;
use std::collections::BTreeSet;

/// The units.
#[derive(Debug, Args)]
pub(super) struct Targets {
    /// Units, each as its name or application/leader.
    #[arg(short, long, value_delimiter = ',', value_name = "UNIT,…")]
    unit: Vec<String>,
    /// All units of applications.
    #[arg(
        short,
        long,
        visible_alias = "app",
        value_delimiter = ',',
        value_name = "APPLICATION,…"
    )]
    application: Vec<String>,
    /// Machines, of which there are none.
    #[arg(long, value_delimiter = ',')]
    machine: Vec<String>,
    /// All machines, of which there are none.
    #[arg(long)]
    all: bool,
}

impl Targets {
    /// The first of these options that was given.
    pub(super) fn given(&self) -> Option<&'static str> {
        let given = [
            ("--unit", !self.unit.is_empty()),
            ("--application", !self.application.is_empty()),
            ("--machine", !self.machine.is_empty()),
            ("--all", self.all),
        ];
        let first = given.into_iter().find(|(_, given)| *given);
        first.map(|(option, _)| option)
    }

    /// Refuses machines.
    pub(super) fn check_machines(&self) -> Result<(), Error> {
        if self.all {
            return Err(Error::Refused(refusals::no_machines()));
        }
        if !self.machine.is_empty() {
            return Err(Error::Refused(refusals::no_machine_targets()));
        }
        Ok(())
    }

    /// The units, each once and in order (`getAllUnitNames` in the facade action).
    pub(super) fn units(&self, model: &Model) -> Result<Vec<String>, Error> {
        let mut units = BTreeSet::new();
        for name in &self.unit {
            let is_leader = name.ends_with("/leader");
            let refused = || Error::Refused(refusals::no_leader(names::application_of(name)));
            units.insert(if is_leader {
                model.resolve_unit(name).map_err(|_| refused())?
            } else {
                name.clone()
            });
        }
        for name in &self.application {
            let application = model.application(name)?;
            units.extend(application.units().map(|unit| unit.name()));
        }
        Ok(units.into_iter().collect())
    }

    /// `execCommand.Init`.
    pub(super) fn check(&self, command: &[String]) -> Result<(), String> {
        if command.is_empty() {
            return Err(refusals::no_commands());
        }
        let none = self.unit.is_empty() && self.application.is_empty() && self.machine.is_empty();
        if none && !self.all {
            return Err(refusals::no_exec_target());
        }
        let is_unit = |name: &str| {
            names::split_unit(name).is_some()
                || name
                    .strip_suffix("/leader")
                    .is_some_and(names::is_application)
        };
        let applications = self
            .application
            .iter()
            .filter(|name| !names::is_application(name))
            .map(|name| format!("  {} is not a valid application name", quote(name)));
        let units = self
            .unit
            .iter()
            .filter(|name| !is_unit(name))
            .map(|name| format!("  {} is not a valid unit name", quote(name)));
        let problems: Vec<String> = applications.chain(units).collect();
        if problems.is_empty() {
            return Ok(());
        }
        Err(refusals::invalid_exec_targets(problems.join("\n")))
    }
}
