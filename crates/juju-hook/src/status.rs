//! `status-get`, `status-set` and `application-version-set`.

use std::fmt;

use serde::Deserialize;

use crate::tools::{HookTools, ToolError, shown};

/// What a unit may say of itself. The agent sets other words on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusLevel {
    /// It works.
    Active,
    /// Somebody else has to do something, and will.
    Waiting,
    /// The administrator has to do something.
    Blocked,
}

impl StatusLevel {
    /// The word that `status-set` takes.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Waiting => "waiting",
            Self::Blocked => "blocked",
        }
    }
}

impl fmt::Display for StatusLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// The workload status of a unit, as `juju status` shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// How it is.
    pub level: StatusLevel,
    /// Why, and what to do about it.
    pub message: String,
}

/// What `juju status` shows for a unit, which may be a status that only the agent sets.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ShownStatus {
    status: String,
    #[serde(default)]
    message: String,
}

impl ShownStatus {
    /// Whether it is exactly `status`, as [`HookTools::status_set`] sets it.
    #[must_use]
    pub fn is(&self, status: &Status) -> bool {
        self.status == status.level.word() && self.message == shown(&status.message)
    }
}

impl HookTools {
    /// What `juju status` shows for this unit now (`status-get`).
    ///
    /// # Errors
    ///
    /// If the tool fails.
    pub fn status_get(&self) -> Result<ShownStatus, ToolError> {
        self.read("status-get", &["--include-data"])
    }

    /// Sets this unit's workload status at once, whatever becomes of the hook
    /// (`status-set`). Juju writes a new time stamp and a line of history even if
    /// nothing changed.
    ///
    /// # Errors
    ///
    /// If the tool fails.
    pub fn status_set(&self, status: &Status) -> Result<(), ToolError> {
        let message = shown(&status.message);
        self.run("status-set", &[status.level.word(), "--", &message])
            .map(drop)
    }

    /// Sets the version of the workload that `juju status` shows
    /// (`application-version-set`).
    ///
    /// # Errors
    ///
    /// If the tool fails.
    pub fn application_version_set(&self, version: &str) -> Result<(), ToolError> {
        self.run("application-version-set", &["--", version])
            .map(drop)
    }
}
