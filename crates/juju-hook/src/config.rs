//! `config-get`.

use serde::de::DeserializeOwned;

use crate::tools::{HookTools, ToolError};

impl HookTools {
    /// All options that have a value, read in one call (`config-get`).
    ///
    /// Juju leaves out an option that is neither set nor has a default.
    ///
    /// # Errors
    ///
    /// If the tool fails or prints something that is not a `T`.
    pub fn config_get<T: DeserializeOwned>(&self) -> Result<T, ToolError> {
        self.read("config-get", &[])
    }
}
