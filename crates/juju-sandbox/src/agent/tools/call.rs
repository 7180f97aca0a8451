//! One call of a hook tool, and how it ends.

use std::path::PathBuf;

/// The input of one call, and what it prints.
#[derive(Debug, Default)]
pub(crate) struct Call {
    /// Its arguments, without its name.
    pub(crate) args: Vec<String>,
    /// The caller's working directory.
    pub(crate) directory: PathBuf,
    /// The caller's standard input, in the second round.
    pub(crate) stdin: Option<Vec<u8>>,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
}

/// Why a tool stopped.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The options or arguments are wrong: exit 2 (`Init` of a juju/cmd command).
    Usage(String),
    /// The work failed: exit 1 (`Run`).
    Work(String),
    /// Not a failure: help was asked for. The options, as they are listed.
    Help(String),
    /// The tool reads its standard input, which has not been sent yet.
    NeedsStdin,
}

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Exit(u8),
    NeedsStdin,
}
