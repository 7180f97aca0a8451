//! How bad a finding is.

use std::fmt;

use serde::Serialize;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Something may be wrong, or is worth knowing. The provider is published, and the status
    /// does not mention it.
    Note,
    /// A login with this provider certainly cannot work. The provider is published all the same,
    /// and the unit is blocked.
    Warning,
    /// Nothing is published, and the unit is blocked. About applications on the endpoint `oauth`:
    /// they get nothing new, and Kratos is not affected.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}
