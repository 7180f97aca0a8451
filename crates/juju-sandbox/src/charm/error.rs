//! Why a charm cannot be deployed.

use std::io;
use std::path::PathBuf;

/// A charm that Juju would not deploy.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CharmError {
    /// A file is missing or cannot be read.
    #[error("cannot read {}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A file's text is refused; the text is Juju's where Juju's is known.
    #[error("{0}")]
    Invalid(String),
    /// The sandbox does not model what the charm needs.
    #[error("not supported by the sandbox: {0}")]
    Unsupported(&'static str),
}
