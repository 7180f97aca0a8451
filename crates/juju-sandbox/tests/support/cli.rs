//! The command line, as a process.

use super::charm;
use serde_json::Value;
use signal_hook::consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM};
use signal_hook::flag;
use std::io::{BufRead, BufReader, Read, Seek};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, ChildStderr, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Once};
use tempfile::TempDir;

/// A state folder, and the binary.
pub(crate) struct Cli {
    pub(crate) folder: TempDir,
}

impl Cli {
    /// An empty folder.
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// What unit b/0 shows about the first relation of its endpoint `backend`.
    pub(crate) fn relation_info(&self) -> Value {
        let endpoint = ["show-unit", "b/0", "--endpoint", "backend"];
        let shown = self.ok(&[&endpoint[..], &["--format", "json"]].concat());
        let mut shown: Value = serde_json::from_str(&shown).unwrap();
        shown["b/0"]["relation-info"][0].take()
    }

    /// Exit code, output and complaints of a command.
    pub(crate) fn call(&self, args: &[&str]) -> (i32, String, String) {
        self.call_in(&[], args)
    }

    /// Exit code of a command, and all that it prints, in that order.
    pub(crate) fn all(&self, args: &[&str]) -> (i32, String) {
        let mut file = tempfile::tempfile().unwrap();
        let status = self
            .command(args)
            .stdout(file.try_clone().unwrap())
            .stderr(file.try_clone().unwrap())
            .status();
        let mut text = String::new();
        file.rewind().unwrap();
        file.read_to_string(&mut text).unwrap();
        (status.unwrap().code().unwrap(), text)
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the one place of the test that starts processes"
    )]
    fn command(&self, args: &[&str]) -> Command {
        heed_signals();
        let mut command = Command::new(env!("CARGO_BIN_EXE_juju-sandbox"));
        command
            .current_dir(self.folder.path())
            .env_remove("JUJU_MODEL")
            .env_remove("JUJU_SANDBOX_STATE")
            .env_remove("KUBERNETES_SERVICE_HOST")
            .env_remove("KUBERNETES_SERVICE_PORT")
            .args(args);
        command
    }

    /// Exit code, output and complaints of a command with variables of the environment.
    pub(crate) fn call_in(
        &self,
        variables: &[(&str, &str)],
        args: &[&str],
    ) -> (i32, String, String) {
        let mut command = self.command(args);
        let output = command.envs(variables.iter().copied()).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (
            code(output.status),
            text(output.stdout),
            text(output.stderr),
        )
    }

    /// Starts a command, and does not wait for it.
    pub(crate) fn start(&self, args: &[&str]) -> Started {
        let child = self
            .command(args)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        Started::new(child)
    }

    /// The path of a file next to the state folder.
    pub(crate) fn path(&self, name: &str) -> String {
        let path = self.folder.path().join(name);
        path.into_os_string().into_string().unwrap()
    }

    /// A charm directory next to the state folder, with a dispatch in sh; `metadata` comes after
    /// the name. It may be refreshed with the same name.
    pub(crate) fn charm(&self, name: &str, metadata: &str, dispatch: &str) -> String {
        let folder = self.folder.path().join(name);
        std::fs::create_dir_all(&folder).unwrap();
        let head = "name: charm\nsummary: s\ndescription: d\n";
        std::fs::write(folder.join("metadata.yaml"), format!("{head}{metadata}")).unwrap();
        let script = folder.join("dispatch");
        std::fs::write(&script, format!("#!/bin/sh\n{dispatch}")).unwrap();
        std::fs::set_permissions(script, std::fs::Permissions::from_mode(0o755)).unwrap();
        self.path(name)
    }

    /// A FIFO next to the state folder.
    #[expect(clippy::disallowed_methods, reason = "std makes no FIFOs")]
    pub(crate) fn fifo(&self, name: &str) -> String {
        let path = self.path(name);
        assert!(
            Command::new("mkfifo")
                .arg(&path)
                .status()
                .unwrap()
                .success()
        );
        path
    }

    /// The output of a command that succeeds.
    pub(crate) fn ok(&self, args: &[&str]) -> String {
        let (code, stdout, stderr) = self.call(args);
        assert_eq!(code, 0, "{args:?}: {stderr}");
        stdout
    }

    /// The complaint of a command that fails.
    pub(crate) fn fails(&self, args: &[&str]) -> String {
        let (code, stdout, stderr) = self.call(args);
        assert_eq!((code, stdout.as_str()), (1, ""), "{args:?}");
        stderr
    }

    /// Writes a file next to the state folder.
    pub(crate) fn file(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join(name), text).unwrap();
    }

    /// The output of a command that succeeds, as JSON.
    pub(crate) fn json(&self, args: &[&str]) -> Value {
        serde_json::from_str(&self.ok(&[args, &["--format", "json"]].concat())).unwrap()
    }

    /// Deploys the probe charm.
    pub(crate) fn probe(&self, application: &str) {
        let charm = charm("probe");
        self.ok(&["deploy", charm.to_str().unwrap(), application]);
    }
}

/// Lets signals end what is started, even if they are ignored here, as with `nohup` or in a script's
/// background: a program inherits that from who starts it, but not a handler.
fn heed_signals() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        for signal in [SIGHUP, SIGINT, SIGQUIT, SIGTERM] {
            let always = Arc::new(AtomicBool::new(true));
            flag::register_conditional_default(signal, always).unwrap();
        }
    });
}

/// A command that has been started. It is killed when this is dropped.
pub(crate) struct Started {
    child: Child,
    pub(crate) stdout: BufReader<ChildStdout>,
    pub(crate) stderr: BufReader<ChildStderr>,
}

impl Started {
    fn new(mut child: Child) -> Self {
        let (stdout, stderr) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        Self {
            child,
            stdout: BufReader::new(stdout),
            stderr: BufReader::new(stderr),
        }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// The next line that it prints.
    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        assert!(
            self.stdout.read_line(&mut line).unwrap() > 0,
            "it has ended"
        );
        line
    }

    /// The next line of its complaints.
    pub(crate) fn complaint(&mut self) -> String {
        let mut line = String::new();
        self.stderr.read_line(&mut line).unwrap();
        line
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "std sends no signals but SIGKILL"
    )]
    pub(crate) fn signal(&self, name: &str) {
        let id = self.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &id]).status();
        assert!(sent.unwrap().success());
    }

    /// Waits for it: exit code, output and complaints.
    pub(crate) fn end(mut self) -> (i32, String, String) {
        let (mut stdout, mut stderr) = (String::new(), String::new());
        self.stdout.read_to_string(&mut stdout).unwrap();
        self.stderr.read_to_string(&mut stderr).unwrap();
        let status = self.child.wait().unwrap();
        (code(status), stdout, stderr)
    }
}

/// An exit code. A signal counts as 128 and its number, as for a shell.
fn code(status: ExitStatus) -> i32 {
    let signal = status.signal().map(|signal| 128 + signal);
    status.code().or(signal).unwrap()
}

impl Drop for Started {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Waits until a process has ended, whether or not somebody has waited for it.
pub(crate) fn await_end(id: &str) {
    let is_running = || {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", id.trim()));
        let state = |stat: String| stat.rsplit_once(") ").map(|(_, rest)| rest.as_bytes()[0]);
        !matches!(stat.ok().and_then(state), None | Some(b'Z' | b'X'))
    };
    let begun = std::time::Instant::now();
    while is_running() {
        // Long enough for any machine.
        assert!(begun.elapsed().as_secs() < 120, "process {id} goes on");
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
}
