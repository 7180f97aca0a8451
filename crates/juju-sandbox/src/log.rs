//! The model's log.

use crate::clock::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// How severe a record is (loggo's levels).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Level {
    /// Below every level that a logger is set to: such a record is dropped.
    Unspecified,
    /// Details of a trace.
    Trace,
    /// A hook's stdout.
    Debug,
    /// `juju-log` without a level.
    Info,
    /// A hook's stderr.
    Warning,
    /// What makes a hook fail.
    Error,
    /// Worse than that.
    Critical,
}

impl Level {
    /// The word for it in the log.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Unspecified => "UNSPECIFIED",
            Self::Trace => "TRACE",
            Self::Debug => "DEBUG",
            Self::Info => "INFO",
            Self::Warning => "WARNING",
            Self::Error => "ERROR",
            Self::Critical => "CRITICAL",
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// The text is not one of Juju's levels.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown log level {0:?}")]
pub struct UnknownLevel(String);

impl FromStr for Level {
    type Err = UnknownLevel;

    /// Reads a level in any case, as `loggo.ParseLevel` does.
    fn from_str(text: &str) -> Result<Self, UnknownLevel> {
        Ok(match text.to_ascii_uppercase().as_str() {
            "UNSPECIFIED" => Self::Unspecified,
            "TRACE" => Self::Trace,
            "DEBUG" => Self::Debug,
            "INFO" => Self::Info,
            "WARN" | "WARNING" => Self::Warning,
            "ERROR" => Self::Error,
            "CRITICAL" => Self::Critical,
            _ => return Err(UnknownLevel(text.to_owned())),
        })
    }
}

/// One record of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogRecord {
    /// When it was logged; no two records share a time.
    pub time: Timestamp,
    /// The unit whose agent logged it.
    pub unit: String,
    /// The logger: `unit.idp/0.config-changed` for a hook's own output, `unit.idp/0.juju-log` for
    /// that tool, `juju.worker.uniter` for the agent.
    pub module: String,
    /// How severe it is.
    pub level: Level,
    /// The text, newlines included.
    pub message: String,
}

impl LogRecord {
    /// The record as `juju debug-log` prints it, with its level in other words.
    pub(crate) fn line(&self, level: &str) -> String {
        let Self {
            time,
            unit,
            module,
            level: _,
            message,
        } = self;
        let unit = unit.replace('/', "-");
        let time = time.time_of_day();
        format!("unit-{unit}: {time} {level} {module} {message}")
    }
}

impl fmt::Display for LogRecord {
    /// As `juju debug-log` prints it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.line(self.level.word()))
    }
}
