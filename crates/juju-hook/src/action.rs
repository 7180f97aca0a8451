//! `action-get`, `action-set`, `action-fail` and `action-log`.

use serde::de::DeserializeOwned;

use crate::tools::{ARGUMENT_LIMIT, HookTools, ToolError, shown};

impl HookTools {
    /// The parameters of the running action, defaults included (`action-get`).
    ///
    /// # Errors
    ///
    /// If no action is running, the tool fails, or the parameters are not a `T`.
    pub fn action_get<T: DeserializeOwned>(&self) -> Result<T, ToolError> {
        self.read("action-get", &[])
    }

    /// Adds to the results of the running action (`action-set`).
    ///
    /// The results go in as arguments, since the tool takes them no other way:
    /// never a secret. Keys are words of `a-z`, `0-9` and `-`; values are cut at
    /// [`crate::ARGUMENT_LIMIT`]. Where all of them are more than the system may take
    /// at once, it takes several calls, which Juju adds up.
    ///
    /// # Errors
    ///
    /// If no action is running, or the tool refuses a key.
    pub fn action_set(&self, results: &[(String, String)]) -> Result<(), ToolError> {
        let pairs: Vec<_> = results
            .iter()
            .map(|(key, value)| format!("{key}={}", shown(value)))
            .collect();
        let mut args = vec!["--"];
        let mut length = 0;
        for pair in &pairs {
            if length > 0 && length + pair.len() > ARGUMENT_LIMIT {
                self.run("action-set", &args)?;
                args.truncate(1);
                length = 0;
            }
            args.push(pair);
            length += pair.len();
        }
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

    /// Tells who waits for the running action how it goes (`action-log`). Juju keeps about 1,000
    /// such messages, and drops more.
    ///
    /// # Errors
    ///
    /// If no action is running.
    pub fn action_log(&self, message: &str) -> Result<(), ToolError> {
        self.run("action-log", &["--", &shown(message)]).map(drop)
    }
}
