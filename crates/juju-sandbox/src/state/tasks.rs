//! Finding tasks.

use super::operation::{Operation, Task};
use super::root::State;
use crate::run::ActionStatus;

impl State {
    pub(crate) fn task_mut(&mut self, id: u32) -> Option<&mut Task> {
        let mut tasks = self.operations.iter_mut().flat_map(|one| &mut one.tasks);
        tasks.find(|task| task.id == id)
    }

    /// The next task that waits for its turn.
    pub(crate) fn pending_task(&self) -> Option<(&Operation, &Task)> {
        self.operations.iter().find_map(|operation| {
            let mut tasks = operation.tasks.iter();
            let task = tasks.find(|task| task.status == ActionStatus::Pending)?;
            Some((operation, task))
        })
    }
}
