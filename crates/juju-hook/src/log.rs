//! `juju-log`.

use crate::tools::{HookTools, ToolError, shown};

/// How much a line in Juju's log matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogLevel {
    /// Something changed, as it should.
    Info,
    /// Something is wrong.
    Error,
}

impl LogLevel {
    /// The word that `juju-log` takes.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Info => "INFO",
            Self::Error => "ERROR",
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
