//! What the tests share: the binary as a person runs it, and the charm in a
//! model.

use std::io::Write as _;
use std::process::{Command, Output, Stdio};

/// The built charm.
const CHARM: &str = env!("CARGO_BIN_EXE_kratos-external-idp-integrator");

/// Runs the charm's binary by hand, with `input` to read.
#[expect(
    clippy::disallowed_methods,
    reason = "runs what is tested, as a person would"
)]
pub(crate) fn charm(args: &[&str], input: &str) -> Output {
    let mut child = Command::new(CHARM)
        .args(args)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that takes no input may be gone already.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

/// `render --reveal` of `options`.
pub(crate) fn render(options: &str) -> Output {
    charm(&["render", "--reveal", "-"], options)
}

/// What it printed.
pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}
