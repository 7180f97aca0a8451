//! Why a charm cannot be deployed.

use std::io;
use std::path::PathBuf;

/// Why a charm cannot be deployed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CharmError {
    /// A file is missing or cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The path of the file.
        path: PathBuf,
        /// Why it could not be read.
        source: io::Error,
    },
    /// A file's text is refused; the text is Juju's where Juju's is known.
    #[error("{0}")]
    Invalid(String),
    /// The charm needs something that the sandbox does not have.
    #[error("not supported by the sandbox: {0}")]
    Unsupported(&'static str),
}
