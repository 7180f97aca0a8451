//! What the sandbox finds in its own environment, in one place.

use std::ffi::OsString;

/// A variable of the sandbox's own environment.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place of the library that reads the environment"
)]
pub(crate) fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}
