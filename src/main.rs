//! Dispatched by Juju, or run by a person: the exit code, and nothing else.

use std::io::Write as _;
use std::process::ExitCode;

use kratos_external_idp_integrator::{chain, run};

fn main() -> ExitCode {
    match run() {
        Ok(code) => code,
        Err(error) => {
            // Not `eprintln!`, which panics if standard error is closed.
            let _ = writeln!(std::io::stderr(), "ERROR {}", chain(&error));
            ExitCode::FAILURE
        }
    }
}
