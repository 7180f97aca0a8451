//! Operations and their tasks: what `juju run` and `juju exec` have started. Source:
//! `state/operation.go`, `state/action.go`.

use crate::clock::Timestamp;
use crate::run::ActionStatus;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// One call of `juju run` or `juju exec`, on one unit or several.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Operation {
    pub(crate) id: u32,
    /// The action's name; `juju-exec` for a command.
    pub(crate) action: String,
    pub(crate) parameters: Map<String, Value>,
    /// What was asked of which units: `backup run on unit-a-0,b/leader`.
    pub(crate) summary: String,
    pub(crate) enqueued: Timestamp,
    pub(crate) tasks: Vec<Task>,
    /// Why units got no task.
    pub(crate) refused: Vec<String>,
}

/// What one unit did of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Task {
    pub(crate) id: u32,
    pub(crate) unit: String,
    pub(crate) status: ActionStatus,
    /// Why it failed; empty otherwise.
    pub(crate) message: String,
    /// The results as Juju stores them.
    pub(crate) results: Map<String, Value>,
    pub(crate) log: Vec<String>,
    pub(crate) enqueued: Timestamp,
    /// When it began; `None` if it has not, or was refused before.
    pub(crate) started: Option<Timestamp>,
    /// When it ended; `None` if it has not.
    pub(crate) completed: Option<Timestamp>,
}

impl Task {
    /// A task that waits for its turn.
    pub(crate) fn pending(id: u32, unit: String, enqueued: Timestamp) -> Self {
        Self {
            id,
            unit,
            status: ActionStatus::Pending,
            message: String::new(),
            results: Map::new(),
            log: Vec::new(),
            enqueued,
            started: None,
            completed: None,
        }
    }
}

impl Operation {
    /// The status of a task that has not ended, or else the worst; without any task it is an error
    /// (`Operation.Status`).
    pub(crate) fn status(&self) -> ActionStatus {
        let worst = self.tasks.iter().map(|task| task.status).max();
        worst.unwrap_or(ActionStatus::Error)
    }

    /// When its last task ended; `None` if one of them has not.
    pub(crate) fn completed(&self) -> Option<Timestamp> {
        let ends: Option<Vec<Timestamp>> = self.tasks.iter().map(|task| task.completed).collect();
        ends?.into_iter().max()
    }
}
