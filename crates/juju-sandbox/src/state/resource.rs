//! Resources of applications as the controller keeps them.

use crate::clock::Timestamp;
use serde::{Deserialize, Serialize};

/// What somebody uploaded for a resource (`core/resources.Resource`). Its content is a file in the
/// model's folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Resource {
    /// The content's SHA-384, in hexadecimal.
    pub(crate) fingerprint: String,
    /// The content's length in bytes.
    pub(crate) size: u64,
    pub(crate) uploaded: Timestamp,
}
