//! The charm's process.

use super::group;
use super::message::{Environment, Message, Stream};
use crate::refusals;
use std::io::{self, Read};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ExitStatus, Stdio};
use std::sync::mpsc::Sender;
use std::thread;
use std::time::{Duration, Instant};

/// How long to wait for a program that is still being written.
const BUSY: Duration = Duration::from_secs(5);

/// The name of a command's script.
const SCRIPT: &str = "script.sh";

/// What Juju runs for an event.
#[derive(Debug)]
pub(super) struct Program {
    pub(super) path: PathBuf,
    /// The script that it runs, if it is a shell.
    script: Option<PathBuf>,
    dispatch: bool,
}

impl Program {
    /// `dispatch`, or else the hook's or action's own file, or nothing. A file that exists but is
    /// not executable is an error (`discoverHookHandler` in `runner.go`).
    pub(super) fn find(charm: &Path, dispatch_path: &str) -> Result<Option<Self>, String> {
        if !charm.join("metadata.yaml").exists() {
            return Err(refusals::charm_missing());
        }
        for (path, dispatch) in [
            (charm.join("dispatch"), true),
            (charm.join(dispatch_path), false),
        ] {
            match path.metadata() {
                Ok(metadata)
                    if metadata.is_file() && metadata.permissions().mode() & 0o111 == 0 =>
                {
                    return Err(refusals::cannot_exec(path.to_string_lossy()));
                }
                Ok(_) => {
                    return Ok(Some(Self {
                        path,
                        script: None,
                        dispatch,
                    }));
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error.to_string()),
            }
        }
        Ok(None)
    }

    /// The shell, to run a command of `juju exec` (`runCommands` in `runner.go`). The script's path
    /// is part of the shell's complaints: `/tmp/juju-exec…/script.sh: line 1: …`.
    pub(super) fn shell(command: &str, scratch: &Path) -> io::Result<Self> {
        let script = scratch.join(SCRIPT);
        std::fs::write(&script, command)?;
        let bash = Path::new("/bin/bash");
        let path = if bash.exists() {
            bash
        } else {
            Path::new("/bin/sh")
        };
        Ok(Self {
            path: path.to_owned(),
            script: Some(script),
            dispatch: false,
        })
    }

    /// The name for it in Juju's log (`hookHandlerType`).
    pub(super) fn kind(&self) -> &'static str {
        if self.dispatch {
            "hook dispatching script: dispatch"
        } else {
            "explicit, bespoke hook script"
        }
    }
}

/// Starts the charm, and the threads that report its output and its end.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place of the library that starts processes"
)]
pub(super) fn start(
    program: &Program,
    charm: &Path,
    environment: &Environment,
    scratch: &Path,
    sender: &Sender<Message>,
) -> io::Result<()> {
    let mut command = std::process::Command::new(&program.path);
    command
        .args(&program.script)
        .current_dir(charm)
        .env_clear()
        .envs(environment)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let since = Instant::now();
    let child = loop {
        match group::start(&mut command, scratch) {
            // Another thread may have been starting a process at that moment.
            Err(error)
                if error.kind() == io::ErrorKind::ExecutableFileBusy && since.elapsed() < BUSY =>
            {
                thread::sleep(Duration::from_millis(5));
            }
            spawned => break spawned?,
        }
    };
    watch(child, sender);
    Ok(())
}

fn watch(mut child: Child, sender: &Sender<Message>) {
    if let Some(pipe) = child.stdout.take() {
        forward(pipe, Stream::Stdout, sender.clone());
    }
    if let Some(pipe) = child.stderr.take() {
        forward(pipe, Stream::Stderr, sender.clone());
    }
    let sender = sender.clone();
    thread::spawn(move || {
        // Here and below, the receiver may be gone: then nobody wants to know.
        let _ = sender.send(Message::Exited(group::wait(&mut child)));
    });
}

/// Forwards what comes through a pipe. The thread ends when every writer has closed the pipe, which
/// may be after the hook: a process left behind may hold it open.
fn forward(mut pipe: impl Read + Send + 'static, stream: Stream, sender: Sender<Message>) {
    thread::spawn(move || {
        let mut buffer = [0; 8192];
        loop {
            match pipe.read(&mut buffer) {
                Ok(0) => break,
                Ok(length) => {
                    if sender
                        .send(Message::Output(stream, buffer[..length].to_vec()))
                        .is_err()
                    {
                        return;
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => break,
            }
        }
        let _ = sender.send(Message::Closed);
    });
}

/// How a process failed, in Go's words (`ProcessState.String`).
pub(super) fn go_text(status: ExitStatus) -> String {
    const SIGNALS: [(i32, &str); 8] = [
        (1, "hangup"),
        (2, "interrupt"),
        (3, "quit"),
        (6, "aborted"),
        (9, "killed"),
        (11, "segmentation fault"),
        (13, "broken pipe"),
        (15, "terminated"),
    ];
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("exit status {code}"),
        (None, Some(signal)) => {
            let name = SIGNALS
                .iter()
                .find(|(number, _)| *number == signal)
                .map(|(_, name)| *name);
            let dumped = if status.core_dumped() {
                " (core dumped)"
            } else {
                ""
            };
            format!(
                "signal: {}{dumped}",
                name.map_or_else(|| format!("signal {signal}"), str::to_owned)
            )
        }
        (None, None) => status.to_string(),
    }
}
