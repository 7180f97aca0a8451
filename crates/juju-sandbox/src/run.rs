//! What happened: hook runs with their tool calls, and the outcomes of actions.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// One run of a charm: a hook or an action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HookRun {
    /// The unit that ran it.
    pub unit: String,
    /// The hook's or action's name, with the endpoint in front for relation hooks.
    pub hook: String,
    /// Whether it was an action.
    pub action: bool,
    /// The relation that the hook was about.
    pub relation: Option<u32>,
    /// The URI of the secret that the hook was about.
    pub secret: Option<String>,
    /// The remote unit that the hook was about.
    pub remote_unit: Option<String>,
    /// The remote application of a relation hook.
    pub remote_application: Option<String>,
    /// The whole environment of the process.
    pub environment: BTreeMap<String, String>,
    /// `None`: a signal ended it, it could not be started, or the charm has nothing for this hook.
    pub exit_code: Option<i32>,
    /// What it printed.
    pub stdout: String,
    /// What it printed to standard error.
    pub stderr: String,
    /// Its hook-tool calls, in the order they were answered.
    pub calls: Vec<ToolCall>,
    /// Whether its writes are in the model: it exited 0 and Juju accepted the changes.
    pub committed: bool,
    /// Why it did not succeed: `exit status 1`, or what the commit refused.
    pub error: Option<String>,
}

impl HookRun {
    /// The names of the tools that were called, in order.
    #[must_use]
    pub fn tools(&self) -> Vec<&str> {
        self.calls.iter().map(|call| call.tool.as_str()).collect()
    }
}

/// One call of a hook tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolCall {
    /// Its name.
    pub tool: String,
    /// Its arguments.
    pub args: Vec<String>,
    /// Its standard input, if the tool asked for it.
    pub stdin: Option<Vec<u8>>,
    /// 0, 1 or 2.
    pub exit_code: u8,
    /// What it printed.
    pub stdout: Vec<u8>,
    /// What it printed to standard error.
    pub stderr: Vec<u8>,
}

/// How an action ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ActionStatus {
    /// The charm exited 0 and did not call `action-fail`.
    Completed,
    /// It never ran: its unit has gone, for instance.
    Cancelled,
    /// It ran, and it is not completed.
    Failed,
    /// It did not run, because its parameters are not what the charm declares (Juju 4).
    Error,
    /// It has not begun.
    Pending,
    /// It has begun, and not ended.
    Running,
}

impl ActionStatus {
    /// Juju's word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
            Self::Failed => "failed",
            Self::Error => "error",
            Self::Pending => "pending",
            Self::Running => "running",
        }
    }
}

/// The outcome of an action.
#[derive(Debug, Clone, PartialEq)]
pub struct ActionOutcome {
    /// The number of its task in the model.
    pub id: u32,
    /// The unit that ran it.
    pub unit: String,
    /// How it ended.
    pub status: ActionStatus,
    /// Why it failed; empty otherwise.
    pub message: String,
    /// What `action-set` set.
    pub results: Map<String, Value>,
    /// What `action-log` said.
    pub log: Vec<String>,
    /// What the charm printed.
    pub stdout: String,
    /// What it printed to standard error.
    pub stderr: String,
    /// Its exit code; `None` if a signal ended it or it was not started.
    pub return_code: Option<i32>,
}

impl ActionOutcome {
    /// The results as Juju stores them: with `return-code`, and with `stdout` and `stderr` if there
    /// was any (`runner.go`).
    #[must_use]
    pub fn stored_results(&self) -> Map<String, Value> {
        let mut results = self.results.clone();
        if let Some(code) = self.return_code {
            results.insert("return-code".into(), code.into());
        }
        for (key, text) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !text.is_empty() {
                results.insert(key.into(), text.as_str().into());
            }
        }
        results
    }
}
