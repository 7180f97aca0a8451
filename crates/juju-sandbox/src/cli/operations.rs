//! `operations`, `show-operation`, `show-task`: what `run` and `exec` did; and `actions`. Source of
//! texts and keys: `cmd/juju/action`.

use super::printed::Printed;
use super::table::{Align, Table};
use super::task;
use crate::clock::Timestamp;
use crate::error::Error;
use crate::model::Model;
use crate::refusals;
use crate::state::Operation;
use clap::Args;
use serde_json::{Map, Value, json};

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox operations --units web/0 --status failed
  juju-sandbox operations --actions juju-exec --format yaml")]
pub(super) struct Operations {
    /// Only those of these actions.
    #[arg(long, value_delimiter = ',')]
    actions: Vec<String>,
    /// Only those on units of these applications.
    #[arg(long, visible_alias = "apps", value_delimiter = ',')]
    applications: Vec<String>,
    /// Only those on these units.
    #[arg(long, value_delimiter = ',')]
    units: Vec<String>,
    /// Only those with one of these statuses.
    #[arg(long, value_delimiter = ',')]
    status: Vec<String>,
    /// The most that are shown.
    #[arg(long, default_value_t = 50)]
    limit: usize,
    /// How many are skipped.
    #[arg(long, default_value_t = 0)]
    offset: usize,
    /// Accepted because Juju has it: times are always in UTC.
    #[arg(long, hide = true)]
    utc: bool,
    /// The output format.
    #[arg(long, default_value = "plain", value_parser = ["plain", "yaml", "json"])]
    format: String,
}

impl Operations {
    fn shows(&self, operation: &Operation) -> bool {
        let any = |wanted: &[String], has: &dyn Fn(&str) -> bool| {
            wanted.is_empty() || wanted.iter().any(|wanted| has(wanted))
        };
        let on = |name: &str, of: fn(&str) -> &str| {
            operation.tasks.iter().any(|task| of(&task.unit) == name)
        };
        any(&self.actions, &|name| operation.action == name)
            && any(&self.status, &|word| operation.status().word() == word)
            && any(&self.units, &|name| on(name, |unit| unit))
            && any(&self.applications, &|name| {
                on(name, crate::names::application_of)
            })
    }

    pub(super) fn run(&self, model: &Model) -> Printed {
        let hides = model.settings().version().hides_completion();
        let shown: Vec<&Operation> = model
            .operations()
            .iter()
            .filter(|operation| self.shows(operation))
            .skip(self.offset)
            .take(if self.limit == 0 { 50 } else { self.limit })
            .collect();
        if shown.is_empty() {
            return Printed::note("no matching operations".into());
        }
        if self.format != "plain" {
            let shown: Map<String, Value> = shown
                .into_iter()
                .map(|one| (one.id.to_string(), task::described_operation(one, hides)))
                .collect();
            return Printed::value(&shown.into(), &self.format);
        }
        let mut table = Table::new([
            ("ID", Align::Right),
            ("Status", Align::Left),
            ("Started", Align::Left),
            ("Finished", Align::Left),
            ("Task IDs", Align::Left),
            ("Summary", Align::Left),
        ]);
        for operation in shown {
            let ids: Vec<String> = operation
                .tasks
                .iter()
                .map(|task| task.id.to_string())
                .collect();
            let at = |at: Option<Timestamp>| {
                at.map(|at| at.to_string().trim_end_matches('Z').to_owned())
                    .unwrap_or_default()
            };
            table.row([
                operation.id.to_string(),
                operation.status().word().to_owned(),
                at(operation.tasks.iter().filter_map(|task| task.started).min()),
                at(operation.completed()),
                ids.join(","),
                operation.summary.clone(),
            ]);
        }
        Printed::out(table.render())
    }
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox show-operation 1")]
pub(super) struct ShowOperation {
    /// The operation's number.
    id: String,
    #[command(flatten)]
    _polling: Polling,
    /// The output format.
    #[arg(long, default_value = "yaml", value_parser = ["yaml", "json"])]
    format: String,
}

/// Options about waiting for what here has always ended.
#[derive(Debug, Args)]
struct Polling {
    /// Accepted because Juju has it: nothing is pending.
    #[arg(long, hide = true)]
    wait: Option<String>,
    /// Accepted because Juju has it: nothing is pending.
    #[arg(long, hide = true)]
    watch: bool,
    /// Accepted because Juju has it: times are always in UTC.
    #[arg(long, hide = true)]
    utc: bool,
}

impl ShowOperation {
    pub(super) fn run(&self, model: &Model) -> Result<Printed, Error> {
        let mut all = model.operations().iter();
        let operation = all
            .find(|operation| operation.id.to_string() == self.id)
            .ok_or_else(|| Error::Refused(refusals::operation_not_found(&self.id)))?;
        let hides = model.settings().version().hides_completion();
        let shown = task::described_operation(operation, hides);
        Ok(Printed::value(&shown, &self.format))
    }
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox show-task 2
  juju-sandbox show-task 2 --format json")]
pub(super) struct ShowTask {
    /// The task's number.
    id: String,
    #[command(flatten)]
    _polling: Polling,
    /// The output format.
    #[arg(long, default_value = "plain", value_parser = ["plain", "yaml", "json"])]
    format: String,
}

impl ShowTask {
    pub(super) fn run(&self, model: &Model) -> Result<Printed, Error> {
        let mut all = model.operations().iter().flat_map(|one| &one.tasks);
        let task = all
            .find(|task| task.id.to_string() == self.id)
            .ok_or_else(|| Error::Refused(refusals::task_not_found(&self.id)))?;
        if self.format == "plain" {
            return Ok(Printed::out(task::plain(std::slice::from_ref(task))));
        }
        let hides = model.settings().version().hides_completion();
        Ok(Printed::value(&task::described(task, hides), &self.format))
    }
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox actions web
  juju-sandbox actions web --schema")]
pub(super) struct Actions {
    /// The application.
    application: String,
    /// Show the parameters, too.
    #[arg(long)]
    schema: bool,
    /// The output format; tabular by default, and yaml with --schema.
    #[arg(long, default_value = "default", value_parser = ["default", "tabular", "yaml", "json"])]
    format: String,
}

impl Actions {
    pub(super) fn run(&self, model: &Model) -> Result<Printed, Error> {
        let schemas = model.action_schemas(&self.application)?;
        if self.schema {
            if self.format == "tabular" {
                let reason = "full schema not compatible with tabular output";
                return Ok(Printed::error(reason, 2));
            }
            return Ok(Printed::value(&schemas.into(), &self.format));
        }
        let descriptions = schemas.iter().map(|(name, schema)| {
            let text = schema.get("description").and_then(Value::as_str);
            let text = text.filter(|text| !text.is_empty());
            (name.clone(), text.unwrap_or("No description").to_owned())
        });
        if ["yaml", "json"].contains(&self.format.as_str()) {
            let shown: Map<String, Value> = descriptions
                .map(|(name, text)| (name, json!(text)))
                .collect();
            return Ok(Printed::value(&shown.into(), &self.format));
        }
        if schemas.is_empty() {
            let note = format!("No actions defined for {}.", self.application);
            return Ok(Printed::note(note));
        }
        let mut table = Table::new([("Action", Align::Left), ("Description", Align::Left)]);
        for (name, text) in descriptions {
            table.row([name, text.trim().to_owned()]);
        }
        Ok(Printed::out(table.render()))
    }
}
