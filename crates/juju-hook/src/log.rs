//! `juju-log`.

use crate::tools::{HookTools, ToolError, shown};

/// How much a line in Juju's log matters. Which levels are kept is for the model's
/// `logging-config` to say: by default those from INFO on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    /// For whoever reads this program's code.
    Trace,
    /// For whoever looks for a mistake.
    Debug,
    /// Something changed, as it should.
    Info,
    /// Something may be wrong.
    Warning,
    /// Something is wrong.
    Error,
    /// Nothing works any more.
    Critical,
}

impl LogLevel {
    /// The word that `juju-log` takes.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Trace => "TRACE",
            Self::Debug => "DEBUG",
            Self::Info => "INFO",
            Self::Warning => "WARNING",
            Self::Error => "ERROR",
            Self::Critical => "CRITICAL",
        }
    }
}

impl HookTools {
    /// Writes a line to Juju's log (`juju-log`).
    ///
    /// Costs a process. What a hook prints to its standard output or error is
    /// logged for nothing, at DEBUG and WARNING (`runCharmProcessOnLocal` in
    /// Juju's uniter), so this is for the other levels.
    ///
    /// # Errors
    ///
    /// If the tool fails.
    pub fn juju_log(&self, level: LogLevel, message: &str) -> Result<(), ToolError> {
        let message = shown(message);
        self.run("juju-log", &["--log-level", level.word(), "--", &message])
            .map(drop)
    }
}
