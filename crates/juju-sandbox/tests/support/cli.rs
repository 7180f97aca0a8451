//! The command line, as a process.

use super::charm;
use serde_json::Value;
use std::io::{Read, Seek};
use std::process::Command;
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
        let mut command = Command::new(env!("CARGO_BIN_EXE_juju-sandbox"));
        command
            .current_dir(self.folder.path())
            .env_remove("JUJU_MODEL")
            .env_remove("JUJU_SANDBOX_STATE")
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
            output.status.code().unwrap(),
            text(output.stdout),
            text(output.stderr),
        )
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
