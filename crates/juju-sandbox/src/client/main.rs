//! The hook tool as a separate program, which `build.rs` compiles with nothing but std.

mod jujuc;
mod wire;

use std::process::ExitCode;

fn main() -> ExitCode {
    jujuc::run()
}
