//! The process groups of running hooks, for whoever ends the sandbox to end them, too.

use crate::folder::while_none_starts;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::{
    Pid, PidfdFlags, Signal, WaitId, WaitIdOptions, kill_process_group, pidfd_open,
    pidfd_send_signal, waitid,
};
use std::fs;
use std::io;
use std::mem;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The hooks that run in a group of their own, and the scratch folder of each.
struct Groups {
    are_separate: bool,
    running: Vec<(Pid, PathBuf)>,
}

static GROUPS: Mutex<Groups> = Mutex::new(Groups {
    are_separate: false,
    running: Vec::new(),
});

fn groups() -> MutexGuard<'static, Groups> {
    GROUPS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// From now on each hook has a process group of its own. This is for those who catch signals and
/// then call [`end_all`]; with others, a hook is in their own group, which Ctrl-C ends as a whole.
pub(crate) fn separate() {
    groups().are_separate = true;
}

/// Kills the processes of all hooks, and lets no more start: the caller is about to exit.
pub(crate) fn end_all() {
    let groups = groups();
    for (group, scratch) in &groups.running {
        // Its first process has not been waited for yet, so the number is still its own.
        let _ = kill_process_group(*group, Signal::KILL);
        let _ = fs::remove_dir_all(scratch);
    }
    mem::forget(groups);
}

/// Starts a hook; its scratch folder is removed if its group is ended.
pub(super) fn start(command: &mut Command, scratch: &Path) -> io::Result<Child> {
    let mut groups = groups();
    if groups.are_separate {
        command.process_group(0);
    }
    let child = while_none_starts(|| command.spawn())?;
    if groups.are_separate {
        groups
            .running
            .push((Pid::from_child(&child), scratch.to_owned()));
    }
    Ok(child)
}

/// Waits for a hook's first process. Its group is forgotten before it is waited for, because its
/// number may then be another's.
pub(super) fn wait(child: &mut Child) -> io::Result<ExitStatus> {
    let id = Pid::from_child(child);
    let options = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
    while waitid(WaitId::Pid(id), options).is_err_and(|error| error == Errno::INTR) {}
    groups().running.retain(|(group, _)| *group != id);
    child.wait()
}

/// Kills the processes of a hook that have outlived the sandbox, as far as they are certain to be
/// that hook's: its context's id and its charm directory are in their environment. Those that have
/// a session of their own are meant to outlive hooks, and stay. The hook's scratch folder goes.
pub(crate) fn end_survivors(charm: &Path, context: &str, scratch: &Path) {
    let marks = [
        [b"JUJU_CONTEXT_ID=", context.as_bytes()].concat(),
        [b"JUJU_CHARM_DIR=", charm.as_os_str().as_bytes()].concat(),
    ];
    // Again, as long as there are any: one may have been starting another.
    while fs::read_dir("/proc").is_ok_and(|entries| {
        let names = entries.flatten().map(|entry| entry.file_name());
        let ids = names.filter_map(|name| name.to_str()?.parse().ok());
        // The hook may be about to go on with this very process.
        let ids = ids.filter(|id: &i32| id.unsigned_abs() != std::process::id());
        let ended: Vec<bool> = ids.map(|id| end_survivor(id, &marks)).collect();
        ended.contains(&true)
    }) {}
    // It may be gone, and a later one has another name.
    let _ = fs::remove_dir_all(scratch);
}

/// Whether a process's group is that of its session's first process: the fifth and sixth fields of
/// its status, after a name that may contain anything.
fn is_apart(id: i32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    let fields = stat
        .rsplit_once(')')
        .map(|(_, rest)| rest.split_whitespace());
    let fields: Vec<&str> = fields.into_iter().flatten().skip(2).take(2).collect();
    matches!(fields.as_slice(), [group, session] if group == session)
}

/// Whether a process was one of them, and has been killed.
fn end_survivor(id: i32, marks: &[Vec<u8>]) -> bool {
    let Some(pid) = Pid::from_raw(id) else {
        return false;
    };
    // Opened first: what is killed is what is looked at, even if it ends meanwhile.
    let Ok(process) = pidfd_open(pid, PidfdFlags::empty()) else {
        return false;
    };
    let environment = fs::read(format!("/proc/{id}/environ")).unwrap_or_default();
    let has = |mark: &Vec<u8>| environment.split(|byte| *byte == 0).any(|one| one == mark);
    if !marks.iter().all(has) || is_apart(id) {
        return false;
    }
    pidfd_send_signal(&process, Signal::KILL).is_ok() && {
        let mut ended = [PollFd::new(&process, PollFlags::IN)];
        let patience = Timespec {
            tv_sec: 5,
            tv_nsec: 0,
        };
        poll(&mut ended, Some(&patience)) == Ok(1)
    }
}
