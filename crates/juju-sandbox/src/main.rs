//! `juju-sandbox`: the command line of the embedded Juju model; and, under a hook tool's name,
//! that tool.

#[path = "client/jujuc.rs"]
mod jujuc;
#[path = "client/wire.rs"]
mod wire;

use std::process::ExitCode;

fn main() -> ExitCode {
    let name = jujuc::name().and_then(|name| String::from_utf8(name).ok());
    if name.is_some_and(|name| juju_sandbox::is_hook_tool(&name)) {
        return jujuc::run();
    }
    juju_sandbox::cli::main(std::env::args_os())
}
