//! `debug-log`: shows the log, or a part of it.

use super::printed::Printed;
use crate::log::Level;
use crate::model::Model;
use clap::Args;

#[derive(Debug, Args)]
pub(super) struct DebugLog {
    /// Show only what these units logged.
    #[arg(short, long, value_name = "UNIT")]
    include: Vec<String>,
    /// Show only records of this level or above.
    #[arg(short, long, default_value = "debug")]
    level: Level,
    /// Show only the last records.
    #[arg(short = 'n', long, visible_alias = "lines")]
    limit: Option<usize>,
    /// Accepted because Juju has it: the whole log is always shown.
    #[arg(long, hide = true)]
    replay: bool,
    /// Accepted because Juju has it: nothing is added while the command runs.
    #[arg(long, hide = true)]
    no_tail: bool,
}

impl DebugLog {
    pub(super) fn run(&self, model: &Model) -> Printed {
        let included = |unit: &str| {
            let tag = format!("unit-{}", unit.replace('/', "-"));
            self.include.is_empty()
                || self
                    .include
                    .iter()
                    .any(|wanted| wanted == unit || *wanted == tag)
        };
        let records = model
            .log()
            .iter()
            .filter(|record| record.level >= self.level && included(&record.unit));
        let lines: Vec<String> = records.map(|record| format!("{record}\n")).collect();
        let skipped = self
            .limit
            .map_or(0, |limit| lines.len().saturating_sub(limit));
        Printed::out(lines[skipped..].concat())
    }
}
