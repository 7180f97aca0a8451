//! `is-leader`.

use crate::tools::{HookTools, ToolError};

impl HookTools {
    /// Whether this unit leads its application (`is-leader`). A yes holds for at
    /// least 30 seconds from the call.
    ///
    /// # Errors
    ///
    /// If the tool fails, as it does while Juju does not know the leader.
    pub fn is_leader(&self) -> Result<bool, ToolError> {
        self.read("is-leader", &[])
    }
}
