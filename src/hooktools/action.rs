//! `action-get`, `action-set` and `action-fail`.

use serde::de::DeserializeOwned;

use super::{HookTools, ToolError, shown};

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
    /// never a secret. Keys are words of `a-z`, `0-9` and `-`; values are cut at
    /// [`super::ARGUMENT_LIMIT`].
    ///
    /// # Errors
    ///
    /// If no action is running, or the tool refuses a key.
    pub fn action_set(&self, results: &[(String, String)]) -> Result<(), ToolError> {
        let pairs: Vec<_> = results
            .iter()
            .map(|(key, value)| format!("{key}={}", shown(value)))
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
        self.run("action-fail", &["--", &shown(message)]).map(drop)
    }
}
