//! `debug-log`: shows the log, or a part of it.

use super::inert::HEADING;
use super::printed::Printed;
use super::terminal::Palette;
use crate::error::Error;
use crate::folder;
use crate::log::{Level, LogRecord};
use crate::log_file::LogReader;
use crate::refusals;
use clap::Args;
use std::io::{self, IsTerminal, Write};
use std::path::Path;
use std::thread;
use std::time::Duration;

/// How many records are shown before new ones (`defaultLineCount`).
const BACKLOG: usize = 10;
/// How often new ones are looked for.
const INTERVAL: Duration = Duration::from_millis(100);

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox debug-log --replay --include web/0 --level WARNING
  juju-sandbox debug-log --limit 20 --exclude db
  juju-sandbox debug-log --tail")]
#[expect(clippy::struct_excessive_bools, reason = "options of Juju's")]
pub(super) struct DebugLog {
    /// Show only what these units logged.
    #[arg(short, long, value_name = "UNIT")]
    include: Vec<String>,
    /// Show only records of this level or above.
    #[arg(short, long, default_value = "debug", value_name = "LEVEL")]
    level: Level,
    /// How many of the last records to show, instead of --lines; with --tail, exit when so many have
    /// been shown.
    #[arg(long)]
    limit: Option<usize>,
    /// How many of the last records to show first; 0 for all.
    #[arg(short = 'n', long, default_value_t = BACKLOG)]
    lines: usize,
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
    /// Show the whole log first.
    #[arg(long)]
    replay: bool,
    /// Go on with what is logged from now on, until interrupted; the default on a terminal.
    #[arg(long)]
    tail: bool,
    /// Show what has been logged, and exit; the default if the output goes elsewhere.
    #[arg(long)]
    no_tail: bool,
    /// Accepted because Juju has it: no connection can fail.
    #[arg(long, hide = true)]
    retry: bool,
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "options of Juju's")]
struct LogInert {
    #[arg(long, help_heading = HEADING)]
    include_labels: Vec<String>,
    #[arg(long, help_heading = HEADING)]
    exclude_labels: Vec<String>,
    #[arg(long, hide = true)]
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
    /// `Init` and `Run` in `debuglog.go`; how many records are shown is in `logTailer` of
    /// `state/logs.go`.
    pub(super) fn run(&self, model: &Path) -> Result<Printed, Error> {
        for (both, options) in [
            (self.tail && self.no_tail, "--tail and --no-tail"),
            (self.no_tail && self.retry, "--no-tail and --retry"),
        ] {
            if both {
                return Ok(Printed::error(&refusals::both_set(options), 2));
            }
        }
        let mut reader = folder::log_reader(model)?;
        let mut lines = self.shown(reader.records()?);
        // No limit is also written as 0.
        let limit = self.limit.filter(|limit| *limit > 0);
        let backlog = match limit {
            Some(limit) => limit,
            None if self.replay || self.lines == 0 => usize::MAX,
            None => self.lines,
        };
        lines.drain(..lines.len().saturating_sub(backlog));
        if self.tail || !self.no_tail && io::stdout().is_terminal() {
            // That nobody reads it any more is no failure.
            return Ok(self.follow(reader, lines, limit)?.unwrap_or_default());
        }
        Ok(Printed::out(lines.concat()))
    }

    /// Prints these lines, and goes on until there are no more, or enough.
    fn follow(
        &self,
        mut reader: LogReader,
        mut lines: Vec<String>,
        limit: Option<usize>,
    ) -> Result<io::Result<Printed>, Error> {
        let mut left = limit.unwrap_or(usize::MAX);
        loop {
            lines.truncate(left);
            left -= lines.len();
            let mut stdout = io::stdout().lock();
            let written = stdout.write_all(lines.concat().as_bytes());
            if let Err(error) = written.and_then(|()| stdout.flush()) {
                return Ok(Err(error));
            }
            if left == 0 || reader.is_gone() {
                return Ok(Ok(Printed::default()));
            }
            thread::sleep(INTERVAL);
            lines = self.shown(reader.records()?);
        }
    }

    /// The lines of the records that are to be shown.
    fn shown(&self, records: Vec<LogRecord>) -> Vec<String> {
        let is_shown = |record: &LogRecord| {
            let (unit, module) = (&record.unit, &record.module);
            record.level >= self.level
                && (self.include.is_empty() || is_among(unit, &self.include))
                && !is_among(unit, &self.exclude)
                && (self.include_module.is_empty() || is_in_module(module, &self.include_module))
                && !is_in_module(module, &self.exclude_module)
        };
        let palette = Palette::of(self.color);
        let records = records.into_iter().filter(is_shown);
        records
            .map(|record| palette.record(&record) + "\n")
            .collect()
    }
}
