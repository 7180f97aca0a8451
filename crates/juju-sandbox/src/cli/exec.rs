//! `exec`: a shell command in the context of units' hooks. Source of the texts: `cmd/juju/action`,
//! `exec.go`.

use super::act::Waiting;
use super::printed::Printed;
use super::target::Targets;
use super::task;
use crate::error::Error;
use crate::model::{Command, EXEC_WAIT, Job, Model};
use clap::Args;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox exec --unit web/0 -- relation-ids db
  juju-sandbox exec --unit web/leader 'config-get port; is-leader'
  juju-sandbox exec --application web --format json -- env")]
pub(super) struct Exec {
    /// The command: one word is a script, several are quoted and joined.
    command: Vec<String>,
    #[command(flatten)]
    targets: Targets,
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
        if let Err(reason) = self
            .waiting
            .check()
            .and_then(|()| self.targets.check(&self.command))
        {
            return Ok(Printed::error(&reason, 2));
        }
        self.targets.check_machines()?;
        model.settle()?;
        let units = self.targets.units(model)?;
        let begun = std::time::Instant::now();
        let limit = self.waiting.limit(EXEC_WAIT);
        let command = Command {
            script: script(&self.command),
            timeout: limit.unwrap_or(-1),
            operator: self.operator,
        };
        let operation = model.operate(&units, &Job::Command(command), |_| {})?;
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
}

/// One word is a script; several are quoted.
pub(super) fn script(words: &[String]) -> String {
    if let [script] = words {
        return script.clone();
    }
    let quoted: Vec<String> = words.iter().map(|word| shell_word(word)).collect();
    quoted.join(" ")
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
