//! The command line, as a process.

use super::charm;
use serde_json::Value;
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

    /// The same with variables of the environment.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place of the test that starts processes"
    )]
    pub(crate) fn call_in(
        &self,
        variables: &[(&str, &str)],
        args: &[&str],
    ) -> (i32, String, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_juju-sandbox"))
            .current_dir(self.folder.path())
            .env_remove("JUJU_MODEL")
            .env_remove("JUJU_SANDBOX_STATE")
            .env_remove("KUBERNETES_SERVICE_HOST")
            .env_remove("KUBERNETES_SERVICE_PORT")
            .envs(variables.iter().copied())
            .args(args)
            .output()
            .unwrap();
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
