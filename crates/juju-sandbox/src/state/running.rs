//! What runs now.

use crate::event::Event;
use crate::status::Status;
use rustix::io::Errno;
use rustix::process::{Pid, test_kill_process};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// The hook or action that has begun.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Running {
    pub(crate) unit: String,
    pub(crate) event: Event,
    /// Its `JUJU_CONTEXT_ID`.
    pub(crate) context: String,
    /// The folder of its socket, outside of the model's.
    #[serde(default)]
    pub(crate) scratch: PathBuf,
    /// The process that runs it.
    pub(crate) process: u32,
    /// What the agent was doing before; `None` for hooks, after which it is idle or in error.
    pub(crate) before: Option<Status>,
}

impl Running {
    /// Whether the process that runs it is there.
    pub(crate) fn goes_on(&self) -> bool {
        let process = i32::try_from(self.process).ok().and_then(Pid::from_raw);
        process.is_some_and(|process| test_kill_process(process) != Err(Errno::SRCH))
    }
}
