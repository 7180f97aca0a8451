//! The hook tool as a program of its own: `build.rs` compiles this file with nothing but std.

mod jujuc;
mod wire;

use std::process::ExitCode;

fn main() -> ExitCode {
    jujuc::run()
}
