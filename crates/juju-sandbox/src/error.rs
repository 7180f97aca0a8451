//! What the model refuses, and what can go wrong around it.

use crate::charm::CharmError;
use std::io;

/// Why something was not done to the model. A charm's own failures are not errors: they show in
/// statuses, in the log and in [`HookRun`](crate::HookRun).
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The application, unit, relation, action or other thing does not exist.
    #[error("{what} not found")]
    NotFound {
        /// The thing with its name: `application "idp"`.
        what: String,
    },
    /// Juju would refuse this; the text is Juju's where Juju's is known.
    #[error("{0}")]
    Refused(String),
    /// Juju does not accept the charm's files.
    #[error("cannot deploy the charm")]
    Charm(#[from] CharmError),
    /// The machine failed, not the model.
    #[error("cannot {doing}")]
    Io {
        /// What was tried.
        doing: String,
        /// Why it failed.
        source: io::Error,
    },
    /// The file of a model's state holds something that this version did not write.
    #[error("cannot read the model in {path}; to give the model up, remove that file")]
    State {
        /// The file.
        path: String,
        /// What it is not.
        source: serde_json::Error,
    },
    /// The same of its log.
    #[error("cannot read line {line} of the log in {path}; to give the log up, remove that file")]
    Log {
        /// The file.
        path: String,
        /// The number of the line.
        line: usize,
        /// What it is not.
        source: serde_json::Error,
    },
    /// Another process, or another [`Model`](crate::Model) of this one, has the model open.
    #[error("the model in {folder} is in use by {holder}")]
    InUse {
        /// The model's folder.
        folder: String,
        /// Who has it open.
        holder: String,
    },
    /// The model never becomes idle: charms keep answering each other.
    #[error("the model is not idle after {limit} hooks; the last were {last}")]
    Restless {
        /// [`Settings::hook_limit`](crate::Settings::hook_limit).
        limit: u32,
        /// The last few hooks, with their units.
        last: String,
    },
}

impl Error {
    pub(crate) fn not_found(kind: &str, name: &str) -> Self {
        Self::NotFound {
            what: format!("{kind} {}", crate::go::quote(name)),
        }
    }

    /// For `map_err`: an I/O error with what was tried.
    pub(crate) fn io(doing: impl Into<String>) -> impl FnOnce(io::Error) -> Self {
        let doing = doing.into();
        move |source| Self::Io { doing, source }
    }
}

/// An error with its causes, joined by `: `.
#[must_use]
pub fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
