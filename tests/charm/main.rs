//! Black-box tests: the built binary, run as Juju runs it, in an embedded Juju
//! model whose hook tools refuse what Juju's refuse; and as a person runs it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should stop, and clippy only knows #[test] functions"
)]

mod actions;
mod advice;
mod charm_files;
mod check_provider;
mod checks;
mod command_line;
mod compatibility;
mod documentation;
mod failing_tools;
mod guard;
mod hooks;
mod kill_switch;
mod oauth;
mod public_reports;
mod requirer;
mod robustness;
mod secrecy;
mod secret_failures;
mod secrets;
mod support;
mod vectors;
