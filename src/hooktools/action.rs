//! `action-get`, `action-set` and `action-fail`.

use serde::de::DeserializeOwned;

use super::{HookTools, ToolError};

/// The most that one result should measure, in bytes: `action-set` takes results as
/// arguments, and Linux takes no argument over 128 KiB (`MAX_ARG_STRLEN`).
pub const RESULT_LIMIT: usize = 100 * 1024;

impl HookTools {
    /// The parameters of the running action, defaults included (`action-get`).
    ///
    /// # Errors
    ///
    /// If no action is running, the tool fails, or the parameters are no `T`.
    pub fn action_get<T: DeserializeOwned>(&self) -> Result<T, ToolError> {
        self.read("action-get", &[])
    }

    /// Adds to the results of the running action (`action-set`).
    ///
    /// The results go in as arguments, since the tool takes them no other way:
    /// never a secret. Keys are words of `a-z`, `0-9` and `-`; values stay below
    /// [`RESULT_LIMIT`].
    ///
    /// # Errors
    ///
    /// If no action is running, or the tool refuses a key.
    pub fn action_set(&self, results: &[(String, String)]) -> Result<(), ToolError> {
        let pairs: Vec<_> = results
            .iter()
            .map(|(key, value)| format!("{key}={value}"))
            .collect();
        let args: Vec<_> = std::iter::once("--")
            .chain(pairs.iter().map(String::as_str))
            .collect();
        self.run("action-set", &args).map(drop)
    }

    /// Marks the running action as failed (`action-fail`). The results set so far
    /// are kept, and so is everything else that was written.
    ///
    /// # Errors
    ///
    /// If no action is running.
    pub fn action_fail(&self, message: &str) -> Result<(), ToolError> {
        self.run("action-fail", &["--", message]).map(drop)
    }
}
