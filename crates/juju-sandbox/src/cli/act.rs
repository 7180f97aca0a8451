//! `run`: actions. Source of the texts: `cmd/juju/action`.

use super::printed::{Printed, read};
use crate::error::Error;
use crate::go::{to_json, to_yaml};
use crate::model::Model;
use crate::names;
use crate::refusals;
use crate::run::{ActionOutcome, ActionStatus};
use clap::Args;
use serde_json::{Map, Value, json};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Run {
    /// The unit, or application/leader.
    unit: String,
    /// The action.
    action: String,
    /// Parameters; values are YAML, and a dotted key sets a nested one.
    #[arg(value_name = "KEY=VALUE")]
    parameters: Vec<String>,
    /// A YAML file of parameters; those on the command line override it.
    #[arg(long)]
    params: Option<PathBuf>,
    /// Treat all values on the command line as strings.
    #[arg(long)]
    string_args: bool,
    /// The format of the results.
    #[arg(long, default_value = "plain", value_parser = ["plain", "yaml", "json"])]
    format: String,
}

impl Run {
    pub(super) fn run(&self, model: &mut Model) -> Result<Printed, Error> {
        model.settle()?;
        let parameters = self.parameters()?;
        let parameters: Vec<(&str, Value)> = parameters
            .iter()
            .map(|(name, value)| (name.as_str(), value.clone()))
            .collect();
        let outcome = model.run_action(&self.unit, &self.action, &parameters)?;
        let id = outcome.id;
        // An operation with one task, and the task, take numbers from one sequence.
        let operation = id.saturating_sub(1);
        let mut stderr = format!(
            "Running operation {operation} with 1 task\n  - task {id} on unit-{}\n\nWaiting for task {id}...\n",
            outcome.unit.replace('/', "-")
        );
        for message in &outcome.log {
            stderr.push_str(message);
            stderr.push('\n');
        }
        let failed = outcome.status == ActionStatus::Failed;
        let stdout = match self.format.as_str() {
            "json" => to_json(&described(&outcome)) + "\n",
            "yaml" => to_yaml(&described(&outcome)),
            _ => {
                stderr.push_str(&outcome.stderr);
                let results = Value::Object(outcome.results.clone());
                let results = if outcome.results.is_empty() {
                    String::new()
                } else {
                    to_yaml(&results)
                };
                results + &outcome.stdout
            }
        };
        if failed {
            stderr.extend([
                "Action id ",
                &id.to_string(),
                " failed: ",
                &outcome.message,
                "\n",
            ]);
        }
        Ok(Printed {
            stdout,
            stderr,
            code: u8::from(failed),
        })
    }

    /// The parameters of the file, overridden by those on the command line.
    fn parameters(&self) -> Result<Map<String, Value>, Error> {
        let mut parameters = match &self.params {
            Some(path) => serde_yaml::from_str::<Option<Map<String, Value>>>(&read(path)?)
                .map_err(|error| Error::Refused(format!("invalid params file: {error}")))?
                .unwrap_or_default(),
            None => Map::new(),
        };
        for argument in &self.parameters {
            let (key, text) = argument
                .split_once('=')
                .ok_or_else(|| Error::Refused(refusals::run_argument(argument)))?;
            let keys: Vec<&str> = key.split('.').collect();
            if let Some(bad) = keys.iter().find(|key| !names::is_action(key)) {
                return Err(Error::Refused(refusals::action_key(bad)));
            }
            let value = if self.string_args {
                json!(text)
            } else {
                serde_yaml::from_str(text)
                    .map_err(|error| Error::Refused(format!("invalid value of {key}: {error}")))?
            };
            insert(&mut parameters, &keys, value);
        }
        Ok(parameters)
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

/// The outcome as `--format` shows it.
fn described(outcome: &ActionOutcome) -> Value {
    let status = match outcome.status {
        ActionStatus::Completed => "completed",
        ActionStatus::Failed => "failed",
    };
    let mut task = json!({
        "id": outcome.id.to_string(),
        "results": outcome.stored_results(),
        "status": status,
        "unit": outcome.unit,
    });
    if !outcome.message.is_empty() {
        task["message"] = json!(outcome.message);
    }
    if !outcome.log.is_empty() {
        task["log"] = json!(outcome.log);
    }
    json!({ outcome.unit.as_str(): task })
}
