//! `resource-get`.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt as _;
use std::path::PathBuf;

use crate::tools::{HookTools, ToolError};

impl HookTools {
    /// Where the file of a resource is, which Juju fetches if it is not there yet, or has a newer
    /// revision (`resource-get`). For an image, it is a file that says where to pull it from.
    ///
    /// # Errors
    ///
    /// If the resource was not attached, or cannot be fetched.
    pub fn resource_get(&self, name: &str) -> Result<PathBuf, ToolError> {
        // The tool knows no format but the path itself.
        let printed = self.run("resource-get", &[name])?;
        let path = OsString::from_vec(printed.trim_ascii_end().to_vec());
        Ok(path.into())
    }
}
