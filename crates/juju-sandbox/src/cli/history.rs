//! `show-status-log`. Source of texts and keys: `cmd/juju/status/history.go`.

use super::printed::Printed;
use super::table::{Align, Table};
use crate::error::Error;
use crate::go::time;
use crate::model::Model;
use crate::names;
use crate::refusals;
use crate::status::Status;
use clap::Args;
use serde_json::{Value, json};

/// How many statuses are shown by default.
const DEFAULT: usize = 20;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox show-status-log web/0
  juju-sandbox show-status-log web/0 --type workload -n 5 --format json
  juju-sandbox show-status-log web --type application")]
pub(super) struct ShowStatusLog {
    /// The unit, or the application.
    name: String,
    /// Whose statuses: of both, of the agent, of the workload, or of the application now.
    #[arg(
        long = "type",
        default_value = "unit",
        value_parser = ["unit", "juju-unit", "workload", "application"]
    )]
    kind: String,
    /// The most that are shown, the newest.
    #[arg(short = 'n')]
    limit: Option<usize>,
    /// Accepted because Juju has it: days do not pass here.
    #[arg(long, conflicts_with_all = ["limit", "from_date"])]
    days: Option<u32>,
    /// Accepted because Juju has it: days do not pass here.
    #[arg(long, conflicts_with = "limit", hide = true)]
    from_date: Option<String>,
    /// Accepted because Juju has it: times are always in UTC.
    #[arg(long, hide = true)]
    utc: bool,
    /// The output format.
    #[arg(long, default_value = "tabular", value_parser = ["tabular", "yaml", "json"])]
    format: String,
}

impl ShowStatusLog {
    pub(super) fn run(&self, model: &Model) -> Result<Printed, Error> {
        let all = self.statuses(model)?;
        if all.is_empty() {
            return Err(Error::Refused(refusals::no_status_history()));
        }
        let everything = self.days.is_some() || self.from_date.is_some();
        let limit = self.limit.filter(|limit| *limit > 0).unwrap_or(DEFAULT);
        let skipped = if everything {
            0
        } else {
            all.len().saturating_sub(limit)
        };
        let shown = &all[skipped..];
        if self.format != "tabular" {
            let shown: Vec<Value> = shown
                .iter()
                .map(|(kind, status)| {
                    let mut entry = json!({
                        "status": status.word,
                        "since": time(&status.since.to_string()),
                        "type": kind,
                    });
                    if !status.message.is_empty() {
                        entry["message"] = json!(status.message);
                    }
                    entry
                })
                .collect();
            return Ok(Printed::value(&shown.into(), &self.format));
        }
        let mut table =
            Table::new(["Time", "Type", "Status", "Message"].map(|title| (title, Align::Left)));
        for (kind, status) in shown {
            table.row([
                status.since.since(),
                kind.clone(),
                status.word.clone(),
                status.message.clone(),
            ]);
        }
        Ok(Printed::out(table.render()))
    }

    /// Each status with what it is of.
    fn statuses(&self, model: &Model) -> Result<Vec<(String, Status)>, Error> {
        if self.kind == "application" {
            let status = model.application(&self.name)?.status();
            return Ok(vec![("application".into(), status)]);
        }
        if names::split_unit(&self.name).is_none() {
            let reason = refusals::not_a_unit_name(&self.name, &self.kind);
            return Err(Error::Refused(reason));
        }
        let mut statuses = model.unit(&self.name)?.statuses();
        statuses.retain(|(kind, _)| self.kind == "unit" || *kind == self.kind);
        Ok(statuses)
    }
}
