//! `status-get`, `status-set` and `application-version-set`.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

use crate::tools::{HookTools, ToolError, shown};

/// What a charm may say of a unit or an application. The agent sets other words on its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusLevel {
    /// It works.
    Active,
    /// It is busy, and will go on by itself.
    Maintenance,
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
            Self::Maintenance => "maintenance",
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

/// The status of a unit's workload or of an application, as `juju status` shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// How it is.
    pub level: StatusLevel,
    /// Why, and what to do about it.
    pub message: String,
}

/// What `juju status` shows for a unit or an application, which may be a status that only the
/// agent sets.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ShownStatus {
    status: String,
    #[serde(default)]
    message: String,
}

impl ShownStatus {
    /// Juju's word, such as `active` or `error`.
    #[must_use]
    pub fn word(&self) -> &str {
        &self.status
    }

    /// Why.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Whether it is exactly `status`, as [`HookTools::status_set`] sets it.
    #[must_use]
    pub fn is(&self, status: &Status) -> bool {
        self.status == status.level.word() && self.message == shown(&status.message)
    }
}

/// What `juju status` shows for an application and its units.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ApplicationStatus {
    /// Of the application: what its leader set, or else the worst of its units.
    #[serde(flatten)]
    pub own: ShownStatus,
    /// Of each unit, by its name.
    pub units: BTreeMap<String, ShownStatus>,
}

/// What `status-get --application` prints.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct ApplicationAnswer {
    application_status: ApplicationStatus,
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

    /// What `juju status` shows for this unit's application now, and for all of its units
    /// (`status-get --application`). Leader only.
    ///
    /// # Errors
    ///
    /// If this unit does not lead, or the tool fails.
    pub fn application_status_get(&self) -> Result<ApplicationStatus, ToolError> {
        let args = ["--include-data", "--application"];
        let answer: ApplicationAnswer = self.read("status-get", &args)?;
        Ok(answer.application_status)
    }

    /// Sets the application's status at once, whatever becomes of the hook (`status-set
    /// --application`). Leader only.
    ///
    /// # Errors
    ///
    /// If this unit does not lead, or the tool fails.
    pub fn application_status_set(&self, status: &Status) -> Result<(), ToolError> {
        let message = shown(&status.message);
        let args = ["--application", status.level.word(), "--", &message];
        self.run("status-set", &args).map(drop)
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
