//! The messages between the threads of a hook.

use crate::log::Level;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::process::ExitStatus;
use std::sync::mpsc::Sender;

/// What is sent to the thread that owns the context while a hook runs.
pub(super) enum Message {
    /// A tool call, and where its answer goes.
    Call(Request, Sender<Reply>),
    /// What the charm printed.
    Output(Stream, Vec<u8>),
    /// One of its pipes was closed.
    Closed,
    /// The process ended.
    Exited(io::Result<ExitStatus>),
}

/// One call as it was received.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) context: String,
    pub(super) directory: PathBuf,
    pub(super) tool: String,
    pub(super) stdin: Option<Vec<u8>>,
    pub(super) args: Vec<String>,
}

/// The answer to a tool call.
pub(super) enum Reply {
    Done {
        code: u8,
        stdout: Vec<u8>,
        stderr: Vec<u8>,
    },
    NeedsStdin,
}

/// One of the charm's output pipes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stream {
    Stdout,
    Stderr,
}

impl Stream {
    /// The level that the charm's output is logged at (`runCharmProcessOnLocal`).
    pub(super) fn level(self) -> Level {
        match self {
            Self::Stdout => Level::Debug,
            Self::Stderr => Level::Warning,
        }
    }
}

/// The variables of a hook's process, by name.
pub(super) type Environment = BTreeMap<String, OsString>;
