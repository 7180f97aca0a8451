//! The second program's side.

use std::io::{self, Read as _, Write as _};
use std::process::ExitCode;
use std::thread;

use rustix::process::{DumpableBehavior, set_dumpable_behavior};
use serde::Serialize;
use zeroize::Zeroizing;

use crate::mapper::{evaluation, syntax};
use crate::protocol::Request;
use crate::provider;

/// Answers the one request that [`crate::Doctor`] makes of this process.
#[must_use]
pub fn serve() -> ExitCode {
    // The kernel's limit does not keep a program from getting a core that is piped to it. What the
    // system does not let us do, it does not.
    let _ = set_dumpable_behavior(DumpableBehavior::NotDumpable);
    let served = read().and_then(|request| {
        let answers = thread::Builder::new()
            .stack_size(syntax::STACK)
            .spawn(move || answer(&request))?;
        let panicked = || Err(io::ErrorKind::Other.into());
        answers.join().unwrap_or_else(|_| panicked())
    });
    match served {
        Ok(()) => ExitCode::SUCCESS,
        // Not why: it may quote the request.
        Err(_) => ExitCode::FAILURE,
    }
}

fn read() -> io::Result<Request> {
    let mut request = Zeroizing::new(Vec::new());
    io::stdin().read_to_end(&mut request)?;
    Ok(serde_json::from_slice(&request)?)
}

fn answer(request: &Request) -> io::Result<()> {
    match request {
        Request::Check { jsonnet } => say(&syntax::check(jsonnet)),
        Request::Evaluate {
            jsonnet,
            provider,
            claims,
        } => claims
            .iter()
            .try_for_each(|claims| say(&evaluation::evaluate(jsonnet, claims, provider))),
        Request::Examine(question) => say(&provider::examine(question)),
    }
}

/// Prints an answer at once, since the next one may be the end of this process.
fn say<T: Serialize>(answer: &T) -> io::Result<()> {
    let mut line = serde_json::to_vec(answer)?;
    line.push(b'\n');
    let mut out = io::stdout().lock();
    out.write_all(&line)?;
    out.flush()
}
