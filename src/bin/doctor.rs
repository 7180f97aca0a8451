//! The second program of the charm: what is slow or hostile. The first one starts it.

use std::process::ExitCode;

fn main() -> ExitCode {
    doctor::serve()
}
