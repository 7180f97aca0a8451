//! `debug-log`: shows the log, or a part of it.

use super::inert::HEADING;
use super::printed::Printed;
use super::terminal::Palette;
use crate::log::{Level, LogRecord};
use crate::model::Model;
use clap::Args;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox debug-log --include web/0 --level WARNING
  juju-sandbox debug-log --limit 20 --exclude db")]
pub(super) struct DebugLog {
    /// Show only what these units logged.
    #[arg(short, long, value_name = "UNIT")]
    include: Vec<String>,
    /// Show only records of this level or above.
    #[arg(short, long, default_value = "debug", value_name = "LEVEL")]
    level: Level,
    /// Show only the last records.
    #[arg(long)]
    limit: Option<usize>,
    /// The same: Juju would go on from there.
    #[arg(short = 'n', long)]
    lines: Option<usize>,
    /// Do not show what these units logged.
    #[arg(short = 'x', long, value_name = "UNIT")]
    exclude: Vec<String>,
    /// Show only records of these modules, such as unit.web/0, and those below.
    #[arg(long, value_name = "MODULE")]
    include_module: Vec<String>,
    /// Do not show records of these modules, and those below.
    #[arg(long, value_name = "MODULE")]
    exclude_module: Vec<String>,
    /// Use colours even if the output is no terminal, or `NO_COLOR` is set.
    #[arg(long)]
    color: bool,
    #[command(flatten)]
    _inert: LogInert,
    /// Accepted because Juju has it: the whole log is always shown.
    #[arg(long, hide = true)]
    replay: bool,
    /// Accepted because Juju has it: nothing is added while the command runs.
    #[arg(long, hide = true)]
    no_tail: bool,
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "options of Juju's")]
struct LogInert {
    #[arg(long, help_heading = HEADING)]
    tail: bool,
    #[arg(long, help_heading = HEADING)]
    include_labels: Vec<String>,
    #[arg(long, help_heading = HEADING)]
    exclude_labels: Vec<String>,
    #[arg(long, hide = true)]
    retry: bool,
    #[arg(long, hide = true)]
    date: bool,
    #[arg(long, hide = true)]
    ms: bool,
    #[arg(long, hide = true)]
    utc: bool,
    #[arg(long, hide = true)]
    location: bool,
}

/// Whether a unit is one of those that were named: `web/0`, `unit-web-0`, or `web` and `unit-web-*`
/// for all of an application (`debuglog.go`).
fn is_among(unit: &str, names: &[String]) -> bool {
    let tag = format!("unit-{}", unit.replace('/', "-"));
    names.iter().any(|name| {
        name == unit
            || *name == tag
            || name == crate::names::application_of(unit)
            || name
                .strip_suffix('*')
                .is_some_and(|start| tag.starts_with(start) || unit.starts_with(start))
    })
}

fn is_in_module(module: &str, names: &[String]) -> bool {
    names.iter().any(|name| {
        module
            .strip_prefix(name.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}

impl DebugLog {
    pub(super) fn run(&self, model: &Model) -> Printed {
        let is_shown = |record: &LogRecord| {
            let (unit, module) = (&record.unit, &record.module);
            record.level >= self.level
                && (self.include.is_empty() || is_among(unit, &self.include))
                && !is_among(unit, &self.exclude)
                && (self.include_module.is_empty() || is_in_module(module, &self.include_module))
                && !is_in_module(module, &self.exclude_module)
        };
        let records = model.log().iter().filter(|record| is_shown(record));
        let palette = Palette::of(self.color);
        let lines: Vec<String> = records
            .map(|record| palette.record(record) + "\n")
            .collect();
        // No limit is also written as 0.
        let limit = self.limit.filter(|limit| *limit > 0).or(self.lines);
        let skipped = limit.map_or(0, |limit| lines.len().saturating_sub(limit));
        Printed::out(lines[skipped..].concat())
    }
}
