//! Signals that end the command line. What is saved is whole at every moment, so all there is to do
//! is to end the hook that runs: the next command runs it again.

use crate::agent::hook;
use crate::error::Error;
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::iterator::Signals;
use std::io::{self, Write};
use std::thread;

/// Exits on a signal, after the processes of the running hook.
pub(super) fn watch() -> Result<(), Error> {
    let caught = [SIGHUP, SIGINT, SIGQUIT, SIGTERM].into_iter();
    let caught = caught.filter(|signal| !is_ignored(*signal));
    let mut signals = Signals::new(caught).map_err(Error::io("wait for signals"))?;
    // Those that a terminal sends would reach hooks in its group, and fail them before this knows.
    hook::separate();
    thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            hook::end_all();
            let said = "interrupted; the next command goes on from here\n";
            let _ = io::stderr().write_all(said.as_bytes());
            leave(128 + signal);
        }
    });
    Ok(())
}

#[expect(clippy::exit, reason = "the main thread may be waiting for anything")]
fn leave(code: i32) {
    std::process::exit(code);
}

/// Whether whoever started this wants a signal to be ignored, as `nohup` does.
fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask >> (signal - 1) & 1 == 1)
}
