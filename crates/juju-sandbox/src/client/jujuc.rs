//! The hook tool: it carries its name, arguments and standard input to the sandbox, and brings back
//! the answer. It decides nothing itself. Source of the texts: `cmd/jujuc/main.go`.

use super::wire;
use std::ffi::OsString;
use std::io::{self, Read, Write};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::net::UnixStream;
use std::process::ExitCode;

/// The variables that a tool cannot run without, in the order in which Juju looks for them.
const NEEDED: [&str; 3] = [
    "JUJU_CONTEXT_ID",
    "JUJU_AGENT_SOCKET_ADDRESS",
    "JUJU_AGENT_SOCKET_NETWORK",
];

/// Runs the tool whose name this process was started under.
pub(crate) fn run() -> ExitCode {
    match call() {
        Ok(code) => ExitCode::from(code),
        Err(error) => {
            // If this fails, there is nobody left to tell.
            let _ = writeln!(io::stderr(), "ERROR {error}");
            ExitCode::FAILURE
        }
    }
}

/// The name that this process was started under, if any.
pub(crate) fn name() -> Option<Vec<u8>> {
    let path = std::env::args_os().next()?;
    path.as_bytes()
        .rsplit(|byte| *byte == b'/')
        .next()
        .map(<[u8]>::to_vec)
}

fn call() -> Result<u8, String> {
    let [context, address, network] = environment()?;
    if network != "unix" {
        return Err(format!("unsupported network {}", network.to_string_lossy()));
    }
    let directory = std::env::current_dir().map_err(|error| error.to_string())?;
    let tool = name().unwrap_or_default();
    let arguments: Vec<Vec<u8>> = std::env::args_os()
        .skip(1)
        .map(OsStringExt::into_vec)
        .collect();

    let mut stdin = None;
    loop {
        let mut fields = vec![
            context.as_bytes(),
            directory.as_os_str().as_bytes(),
            &tool,
            if stdin.is_some() { b"stdin" } else { b"" },
            stdin.as_deref().unwrap_or_default(),
        ];
        fields.extend(arguments.iter().map(Vec::as_slice));
        // Each round has a connection of its own: it may be long until the standard input is
        // complete, which may well come from another hook tool.
        let reply = ask(&address, &fields)?;
        match reply.as_slice() {
            [kind, code, out, err] if kind == b"done" => {
                // That a caller closed its end does not change what the tool did.
                let _ = io::stdout()
                    .write_all(out)
                    .and_then(|()| io::stdout().flush());
                let _ = io::stderr().write_all(err);
                return Ok(code.first().copied().unwrap_or(1));
            }
            [kind] if kind == b"stdin" && stdin.is_none() => {
                let mut bytes = Vec::new();
                io::stdin()
                    .read_to_end(&mut bytes)
                    .map_err(|error| error.to_string())?;
                stdin = Some(bytes);
            }
            _ => return Err("unexpected answer".into()),
        }
    }
}

fn ask(address: &OsString, fields: &[&[u8]]) -> Result<Vec<Vec<u8>>, String> {
    let mut stream = UnixStream::connect(address).map_err(|error| {
        let reason = match error.kind() {
            io::ErrorKind::NotFound => "no such file or directory".to_owned(),
            io::ErrorKind::ConnectionRefused => "connection refused".to_owned(),
            io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
            _ => error.to_string(),
        };
        format!("dial unix {}: connect: {reason}", address.to_string_lossy())
    })?;
    wire::write(&mut stream, fields).map_err(|error| error.to_string())?;
    // Go's net/rpc says this when the agent closes a connection without an answer.
    wire::read(&mut stream).map_err(|_| "unexpected EOF".to_owned())
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place of the client that reads the environment"
)]
fn environment() -> Result<[OsString; 3], String> {
    let mut values = NEEDED.map(|_| OsString::new());
    for (value, name) in values.iter_mut().zip(NEEDED) {
        *value = std::env::var_os(name)
            .filter(|value| !value.is_empty())
            .ok_or_else(|| format!("{name} not set"))?;
    }
    Ok(values)
}
