//! `run`: actions. Source of the texts: `cmd/juju/action`, `run.go`.

use super::printed::{Printed, read};
use super::target::Targets;
use super::task;
use crate::error::Error;
use crate::go::milliseconds;
use crate::model::{Job, Model};
use crate::names;
use crate::refusals;
use clap::Args;
use serde_json::{Map, Value, json};
use std::io::{self, Write};
use std::path::PathBuf;

/// How long Juju waits for an action by default, in milliseconds.
const DEFAULT_WAIT: i64 = 60_000;

/// What `run` and `exec` share.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "options of Juju's")]
pub(super) struct Waiting {
    /// Do not show the results: show-task does.
    #[arg(long)]
    background: bool,
    /// The most time that it may take, such as 2m; the command runs to its end in any case.
    #[arg(long, value_parser = duration)]
    wait: Option<i64>,
    /// Accepted because Juju has it: times are always in UTC.
    #[arg(long, hide = true)]
    utc: bool,
    /// Accepted because Juju has it: there are no colours.
    #[arg(long, hide = true)]
    color: bool,
    /// Accepted because Juju has it: there are no colours.
    #[arg(long, hide = true)]
    no_color: bool,
}

impl Waiting {
    pub(super) fn is_background(&self) -> bool {
        self.background
    }

    /// The most time, in milliseconds; a negative time is no limit.
    pub(super) fn limit(&self, default: i64) -> Option<i64> {
        let wait = self.wait.filter(|wait| *wait != 0).unwrap_or(default);
        Some(wait).filter(|wait| *wait > 0)
    }

    pub(super) fn check(&self) -> Result<(), String> {
        if self.background && self.wait.is_some_and(|wait| wait > 0) {
            return Err(refusals::wait_and_background());
        }
        Ok(())
    }
}

/// A time as Go writes it.
pub(super) fn duration(text: &str) -> Result<i64, String> {
    milliseconds(text).ok_or_else(|| format!("time: invalid duration {text:?}"))
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox run web/leader get-password user=admin
  juju-sandbox run web/0 web/1 backup target.kind=s3 --format json
  juju-sandbox run web/0 backup --params parameters.yaml --background
  juju-sandbox show-task 2")]
pub(super) struct Run {
    #[command(flatten)]
    request: Request,
    /// The format of the results.
    #[arg(long, default_value = "plain", value_parser = ["plain", "yaml", "json"])]
    format: String,
    #[command(flatten)]
    waiting: Waiting,
    #[command(
        flatten,
        next_help_heading = "Options with which it is exec, as in Juju 2.9"
    )]
    old: Old,
}

/// Options of `juju run` before Juju 3.0, when it was what is `juju exec` now.
#[derive(Debug, Args)]
pub(super) struct Old {
    #[command(flatten)]
    pub(super) targets: Targets,
    /// The most time that it may take, such as 2m; the command runs to its end in any case.
    #[arg(long, value_parser = duration)]
    pub(super) timeout: Option<i64>,
    /// Say that the command is for the charm's container, in which it runs anyway.
    #[arg(long)]
    pub(super) operator: bool,
}

/// What to run on which units.
#[derive(Debug, Args)]
pub(super) struct Request {
    /// The units, each as its name or application/leader; then the action, and its parameters,
    /// whose values are YAML. A dotted key sets a nested one.
    #[arg(required = true, value_name = "UNIT… ACTION KEY=VALUE")]
    words: Vec<String>,
    /// A YAML file of parameters; those on the command line override it.
    #[arg(long)]
    params: Option<PathBuf>,
    /// Treat all values on the command line as strings.
    #[arg(long)]
    string_args: bool,
}

/// The words of the command line by their meaning.
pub(super) struct Words<'a> {
    pub(super) units: Vec<String>,
    pub(super) action: &'a str,
    /// Keys of each parameter from the outermost to the innermost, and the text of its value.
    parameters: Vec<(Vec<&'a str>, &'a str)>,
}

impl Run {
    pub(super) fn run(&self, model: &mut Model, quiet: bool) -> Result<Printed, Error> {
        if let Some(option) = self.old.targets.given() {
            return Ok(Printed::error(&refusals::undefined_option(option), 2));
        }
        let words = match self.waiting.check().and_then(|()| self.request.words()) {
            Ok(words) => words,
            Err(reason) => return Ok(Printed::error(&reason, 2)),
        };
        model.settle()?;
        let parameters = self.request.parameters(&words)?;
        let job = Job::Action(words.action.to_owned(), parameters);
        let begun = std::time::Instant::now();
        let operation = model.operate(&words.units, &job, |operation| {
            if !quiet && !self.waiting.is_background() {
                // Nobody may want to know.
                let _ = io::stderr().write_all(task::progress(operation).as_bytes());
            }
        })?;
        let version = model.settings().version();
        let results = task::Results {
            operation: &operation,
            format: &self.format,
            is_command: false,
            hides_completion: version.hides_completion(),
        };
        if self.waiting.is_background() {
            return Ok(results.scheduled());
        }
        Ok(results.waited(begun.elapsed(), self.waiting.limit(DEFAULT_WAIT)))
    }

    /// The command, if this is what Juju 2.9 has under this name.
    pub(super) fn old(&self) -> Option<(&Old, &[String], &str)> {
        self.old.targets.given()?;
        Some((&self.old, &self.request.words, &self.format))
    }
}

impl Request {
    /// `runCommand.Init`.
    pub(super) fn words(&self) -> Result<Words<'_>, String> {
        let is_unit = |word: &str| {
            names::split_unit(word).is_some()
                || word
                    .strip_suffix("/leader")
                    .is_some_and(names::is_application)
        };
        let count = self.words.iter().take_while(|word| is_unit(word)).count();
        let (units, rest) = self.words.split_at(count);
        let action = rest.first().map(String::as_str);
        if let Some(bad) = action.filter(|action| !names::is_action(action)) {
            return Err(refusals::invalid_run_target(bad));
        }
        let first = units.first().ok_or_else(refusals::no_unit_specified)?;
        let action = action.ok_or_else(refusals::no_action_specified)?;
        let application = names::application_of(first);
        if units
            .iter()
            .any(|unit| names::application_of(unit) != application)
        {
            return Err(refusals::several_applications());
        }
        let mut parameters = Vec::new();
        for argument in &rest[1..] {
            let (key, text) = argument
                .split_once('=')
                .ok_or_else(|| refusals::run_argument(argument))?;
            let keys: Vec<&str> = key.split('.').collect();
            if let Some(bad) = keys.iter().find(|key| !names::is_action(key)) {
                return Err(refusals::action_key(bad));
            }
            parameters.push((keys, text));
        }
        Ok(Words {
            units: units.to_vec(),
            action,
            parameters,
        })
    }

    /// The parameters of the file, overridden by those on the command line.
    pub(super) fn parameters(&self, words: &Words<'_>) -> Result<Map<String, Value>, Error> {
        let mut parameters = match &self.params {
            Some(path) => serde_yaml::from_str::<Option<Map<String, Value>>>(&read(path)?)
                .map_err(|error| Error::Refused(format!("invalid params file: {error}")))?
                .unwrap_or_default(),
            None => Map::new(),
        };
        for (keys, text) in &words.parameters {
            let value = if self.string_args {
                json!(text)
            } else {
                serde_yaml::from_str(text).map_err(|error| {
                    Error::Refused(format!("invalid value of {}: {error}", keys.join(".")))
                })?
            };
            // The client hands on its YAML library's maps, which JSON cannot hold: enqueueActions
            // conforms the parameters, and then uses the others.
            if holds_map(&value) {
                return Err(Error::Refused(refusals::unsupported_json()));
            }
            insert(&mut parameters, keys, value);
        }
        Ok(parameters)
    }
}

fn holds_map(value: &Value) -> bool {
    match value {
        Value::Object(_) => true,
        Value::Array(items) => items.iter().any(holds_map),
        _ => false,
    }
}

fn insert(map: &mut Map<String, Value>, keys: &[&str], value: Value) {
    match keys {
        [] => {}
        [key] => drop(map.insert((*key).to_owned(), value)),
        [key, rest @ ..] => {
            let inner = map.entry((*key).to_owned()).or_insert(Value::Null);
            if !inner.is_object() {
                *inner = Value::Object(Map::new());
            }
            if let Value::Object(inner) = inner {
                insert(inner, rest, value);
            }
        }
    }
}
