//! The commands for actions that Juju had before 3.0, for models that imitate it. Source of texts and
//! keys: `cmd/juju/action` of Juju 2.9, where `compat` is set.

use super::act::{Old, Request};
use super::exec::script;
use super::printed::Printed;
use super::task;
use crate::error::Error;
use crate::model::{Command, EXEC_WAIT, Job, Model};
use crate::names;
use crate::refusals;
use crate::state::{Operation, Task};
use clap::Args;
use serde_json::{Map, Value, json};

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox run-action web/leader get-password user=admin --wait
  juju-sandbox run-action web/0 backup --params parameters.yaml
  juju-sandbox show-action-output 2")]
pub(super) struct RunAction {
    #[command(flatten)]
    request: Request,
    /// Show the results, which Juju would wait for: forever, or for a time such as 2m.
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "")]
    wait: Option<String>,
    /// The output format.
    #[arg(long, default_value = "yaml", value_parser = ["yaml", "json"])]
    format: String,
}

impl RunAction {
    pub(super) fn run(&self, model: &mut Model) -> Result<Printed, Error> {
        let words = match self.request.words() {
            Ok(words) => words,
            Err(reason) => return Ok(Printed::error(&reason, 2)),
        };
        model.settle()?;
        let parameters = self.request.parameters(&words)?;
        let job = Job::Action(words.action.to_owned(), parameters);
        let Operation { tasks, refused, .. } = model.operate(&words.units, &job, |_| {})?;
        if let Some(reason) = refused.first() {
            return Err(Error::Refused(reason.clone()));
        }
        let each = |show: fn(&Task) -> Value| -> Value {
            let tasks = tasks.iter();
            tasks
                .map(|task| (names::tag(&task.unit), show(task)))
                .collect::<Map<_, _>>()
                .into()
        };
        let shown = match (&self.wait, tasks.as_slice()) {
            (Some(_), _) => each(described),
            (None, [task]) => json!({"Action queued with id": task.id.to_string()}),
            (None, _) => each(|task| json!({"id": task.id.to_string(), "unit": task.unit})),
        };
        Ok(Printed::value(&shown, &self.format))
    }
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox show-action-output 2
  juju-sandbox show-action-output 2 --format json")]
pub(super) struct ShowActionOutput {
    /// The action's number.
    id: String,
    /// Accepted because Juju has it: nothing is pending.
    #[arg(long, hide = true)]
    wait: Option<String>,
    /// Accepted because Juju has it: times are always in UTC.
    #[arg(long, hide = true)]
    utc: bool,
    /// The output format.
    #[arg(long, default_value = "yaml", value_parser = ["plain", "yaml", "json"])]
    format: String,
}

impl ShowActionOutput {
    pub(super) fn run(&self, model: &Model) -> Result<Printed, Error> {
        let mut tasks = model.operations().iter().flat_map(|one| &one.tasks);
        let task = tasks
            .find(|task| task.id.to_string() == self.id)
            .ok_or_else(|| Error::Refused(refusals::action_not_found(&self.id)))?;
        if self.format == "plain" {
            return Ok(Printed::out(task::plain(std::slice::from_ref(task))));
        }
        Ok(Printed::value(&described(task), &self.format))
    }
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox show-action-status
  juju-sandbox show-action-status --name backup")]
pub(super) struct ShowActionStatus {
    /// The beginning of the numbers.
    id: Option<String>,
    /// Only actions with this name.
    #[arg(long)]
    name: Option<String>,
    /// The output format.
    #[arg(long, default_value = "yaml", value_parser = ["yaml", "json"])]
    format: String,
}

impl ShowActionStatus {
    pub(super) fn run(&self, model: &Model) -> Result<Printed, Error> {
        let start = self.id.as_deref().unwrap_or_default();
        let shows = |operation: &Operation, task: &Task| match &self.name {
            Some(name) => operation.action == *name,
            None => task.id.to_string().starts_with(start),
        };
        let mut actions = Vec::new();
        for operation in model.operations() {
            for task in operation.tasks.iter().filter(|task| shows(operation, task)) {
                let completed = task
                    .completed
                    .map_or("n/a".to_owned(), |time| time.to_string().replace('T', " "));
                actions.push(json!({
                    "action": operation.action,
                    "id": task.id.to_string(),
                    "unit": task.unit,
                    "status": task.status.word(),
                    "completed at": completed.trim_end_matches('Z'),
                }));
            }
        }
        if actions.is_empty() {
            return Err(Error::Refused(match (&self.name, start) {
                (Some(name), _) => refusals::no_actions_of_name(name),
                (None, "") => refusals::no_actions(),
                (None, start) => refusals::no_actions_with_prefix(start),
            }));
        }
        Ok(Printed::value(&json!({"actions": actions}), &self.format))
    }
}

/// `FormatActionResult`.
fn described(task: &Task) -> Value {
    let mut shown = task::described(task, false);
    shown["UnitId"] = shown["unit"].take();
    if let Value::Object(keys) = &mut shown {
        keys.remove("unit");
        if !task.results.is_empty() {
            keys.insert("results".into(), renamed(&task.results).into());
        }
    }
    shown
}

/// `ConvertActionOutput`: what a program printed, under its names in Juju 2.
fn renamed(results: &Map<String, Value>) -> Map<String, Value> {
    let results = results.iter();
    results
        .filter(|(key, value)| *key != "return-code" || **value != json!(0))
        .map(|(key, value)| {
            let key = match key.as_str() {
                "stdout" => "Stdout",
                "stderr" => "Stderr",
                "return-code" => "ReturnCode",
                key => key,
            };
            (key.to_owned(), value.clone())
        })
        .collect()
}

/// `juju run`, when it was what is `juju exec` now (`execCommand.Run`).
pub(super) fn run(
    (old, words, format): (&Old, &[String], &str),
    model: &mut Model,
) -> Result<Printed, Error> {
    if let Err(reason) = old.targets.check(words) {
        return Ok(Printed::error(&reason, 2));
    }
    old.targets.check_machines()?;
    model.settle()?;
    let units = old.targets.units(model)?;
    let command = Command {
        script: script(words),
        timeout: old.timeout.unwrap_or(EXEC_WAIT),
        operator: old.operator,
    };
    let operation = model.operate(&units, &Job::Command(command), |_| {})?;
    let mut printed = Printed::default();
    for reason in &operation.refused {
        let line = ["couldn't queue one action: ", reason, "\n"];
        printed.stderr.extend(line);
    }
    match operation.tasks.as_slice() {
        [] => {
            let none = Printed::error(&refusals::nothing_enqueued(), 1);
            printed.failure = none.failure;
            printed.code = none.code;
        }
        // As if it had been run here.
        [task] if format == "plain" => {
            let text = |key: &str| task.results.get(key).and_then(Value::as_str);
            printed.stdout.push_str(text("stdout").unwrap_or_default());
            printed.stderr.push_str(text("stderr").unwrap_or_default());
            let code = task.results.get("return-code").and_then(Value::as_u64);
            printed.code = code.and_then(|code| code.try_into().ok()).unwrap_or(1);
            if printed.code == 0 {
                printed.stderr.push_str(&task.message);
            }
        }
        tasks => {
            let values = tasks.iter().map(|task| {
                let mut value = renamed(&task.results);
                value.entry("Stdout").or_insert_with(|| json!(""));
                value.insert("UnitId".into(), json!(task.unit));
                if !task.message.is_empty() {
                    value.insert("Message".into(), json!(task.message));
                }
                Value::from(value)
            });
            printed.stdout = Printed::value(&values.collect(), format).stdout;
        }
    }
    Ok(printed)
}
