//! `state-get`, `state-set` and `state-delete`.

use std::collections::BTreeMap;

use crate::json;
use crate::secret::Secret;
use crate::tools::{HookTools, ToolError};

/// What this unit has stored with Juju, by key. Every value may be a secret, though Juju does not
/// keep it as one.
pub type State = BTreeMap<String, Secret>;

impl HookTools {
    /// All that this unit has stored, what this hook has written included (`state-get`). One
    /// key costs as much, and one that is not there looks like an empty value.
    ///
    /// # Errors
    ///
    /// If the tool fails.
    pub fn state_get(&self) -> Result<State, ToolError> {
        // `null` if nothing was ever stored.
        let state: Option<State> = self.read("state-get", &[])?;
        Ok(state.unwrap_or_default())
    }

    /// Stores values for this unit: keys that are not named stay, and unlike in a databag an
    /// empty value is one (`state-set --file -`). They count once the hook has succeeded.
    ///
    /// A key has at most 256 bytes, a value 64 KiB, and all of it 2 MiB unless the controller's
    /// `max-charm-state-size` says otherwise (Juju's `core/quota`).
    ///
    /// # Errors
    ///
    /// If it is too large.
    pub fn state_set(&self, values: &BTreeMap<&str, &str>) -> Result<(), ToolError> {
        self.feed("state-set", &["--file", "-"], || json::encode(values))
    }

    /// Forgets a value (`state-delete`), which need not be there.
    ///
    /// # Errors
    ///
    /// If the tool fails.
    pub fn state_delete(&self, key: &str) -> Result<(), ToolError> {
        self.run("state-delete", &["--", key]).map(drop)
    }
}
