//! `exec`: a shell command in the context of units' hooks. Source of the texts: `cmd/juju/action`,
//! `exec.go`.

use super::act::Waiting;
use super::printed::Printed;
use super::task;
use crate::error::Error;
use crate::go::quote;
use crate::model::{Command, EXEC_WAIT, Job, Model};
use crate::names;
use crate::refusals;
use clap::Args;
use std::collections::BTreeSet;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox exec --unit web/0 -- relation-ids db
  juju-sandbox exec --unit web/leader 'config-get port; is-leader'
  juju-sandbox exec --application web --format json -- env")]
pub(super) struct Exec {
    /// The command: one word is a script, several are quoted and joined.
    command: Vec<String>,
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
    /// The format of the results.
    #[arg(long, default_value = "plain", value_parser = ["plain", "yaml", "json"])]
    format: String,
    /// Accepted because Juju has it: units take turns.
    #[arg(
        long,
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true",
        value_name = "BOOL", hide = true
    )]
    parallel: Option<bool>,
    /// Accepted because Juju has it: units take turns.
    #[arg(long, hide = true)]
    execution_group: Option<String>,
    /// Say that the command is for the charm's container, in which it runs anyway.
    #[arg(long)]
    operator: bool,
    #[command(flatten)]
    waiting: Waiting,
}

impl Exec {
    pub(super) fn run(&self, model: &mut Model) -> Result<Printed, Error> {
        if let Err(reason) = self.waiting.check().and_then(|()| self.check()) {
            return Ok(Printed::error(&reason, 2));
        }
        if self.all {
            return Err(Error::Refused(refusals::no_machines()));
        }
        if !self.machine.is_empty() {
            return Err(Error::Refused(refusals::no_machine_targets()));
        }
        model.settle()?;
        let units = self.units(model)?;
        let script = match self.command.as_slice() {
            [script] => script.clone(),
            words => {
                let quoted: Vec<String> = words.iter().map(|word| shell_word(word)).collect();
                quoted.join(" ")
            }
        };
        let begun = std::time::Instant::now();
        let limit = self.waiting.limit(EXEC_WAIT);
        let command = Command {
            script,
            timeout: limit.unwrap_or(-1),
            operator: self.operator,
        };
        let operation = model.operate(&units, &Job::Command(command))?;
        let results = task::Results {
            operation: &operation,
            format: &self.format,
            is_command: true,
            hides_completion: model.settings().version().hides_completion(),
        };
        if self.waiting.is_background() {
            return Ok(results.scheduled());
        }
        Ok(results.waited(begun.elapsed(), limit))
    }

    /// The units, each once and in order (`getAllUnitNames` in the facade action).
    fn units(&self, model: &Model) -> Result<Vec<String>, Error> {
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
    fn check(&self) -> Result<(), String> {
        if self.command.is_empty() {
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

/// A word that the shell reads as it is (`utils.ShQuote`, in `CommandString`).
pub(super) fn shell_word(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_./=:,@%+".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\"'\"'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        for (word, quoted) in [
            ("config-get", "config-get"),
            ("a b", "'a b'"),
            ("it's", "'it'\"'\"'s'"),
            ("", "''"),
            ("$HOME", "'$HOME'"),
        ] {
            assert_eq!(shell_word(word), quoted);
        }
    }
}
