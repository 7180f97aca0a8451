//! Running a mapper in a process of its own, which has one second, little memory
//! and nothing else.
//!
//! The second place in the charm that starts a process, beside
//! `juju-hook`. Not through it: a hook tool is Juju's and has all the time
//! that it needs, this child is ours and is killed.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Resource, Rlimit, Signal, getrlimit, setrlimit};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Identity, MapperError, evaluation, syntax};

/// The argument after which a program calls [`serve`], and does nothing else.
pub const ARGUMENT: &str = "evaluate-mapper";

/// The longest that a child lives, in real time, whatever the number of claims.
const TIME_LIMIT: Duration = Duration::from_millis(900);

/// The most that is read of one answer, in bytes. An answer is at most the 64 KiB
/// that Kratos takes, written once more as JSON.
const ANSWER_LIMIT: u64 = 1024 * 1024;

/// The most that is read of the child's last words, in bytes.
const LAST_WORDS_LIMIT: u64 = 4096;

/// What the child may have at most. A typical mapper needs less than 40 MiB of
/// address space, 32 of them for [`syntax::STACK`].
const RESOURCES: [(Resource, u64); 5] = [
    (Resource::As, 256 * 1024 * 1024),
    // In seconds, should nobody be there any more to kill it.
    (Resource::Cpu, 1),
    (Resource::Core, 0),
    (Resource::Fsize, 0),
    // What is open stays open.
    (Resource::Nofile, 0),
];

/// What the child reads from its standard input. Never an argument or a variable,
/// which others can see.
#[derive(Serialize, Deserialize)]
struct Request {
    jsonnet: String,
    provider: String,
    claims: Vec<Value>,
}

/// A line that the child prints: one for each claims.
type Answer = Result<Identity, MapperError>;

/// What Kratos would take from `jsonnet` for `claims`, where `provider` is the
/// provider's id.
///
/// `program` is started with [`ARGUMENT`] alone and has to call [`serve`] then. The
/// charm's program does: it hands over [`std::env::current_exe`]. A program that
/// uses this library has to do as much, or to name the charm's.
///
/// Ends within a second, whatever the mapper.
///
/// # Errors
///
/// If Kratos would take nothing.
pub fn evaluate(
    program: &Path,
    jsonnet: &str,
    claims: &Value,
    provider: &str,
) -> Result<Identity, MapperError> {
    evaluate_each(program, jsonnet, &[claims], provider)
        .pop()
        .unwrap_or(Err(MapperError::NoAnswer))
}

/// As [`evaluate`], for several claims, which share the second. As many answers as
/// there are claims, in their order.
#[must_use]
pub fn evaluate_each(
    program: &Path,
    jsonnet: &str,
    claims: &[&Value],
    provider: &str,
) -> Vec<Result<Identity, MapperError>> {
    let request = Request {
        jsonnet: jsonnet.to_owned(),
        provider: provider.to_owned(),
        claims: claims.iter().map(|&claims| claims.clone()).collect(),
    };
    let (mut answers, ending) = match serde_json::to_vec(&request) {
        Ok(request) => run(program, request, claims.len()),
        Err(_) => (Vec::new(), MapperError::NoAnswer),
    };
    answers.truncate(claims.len());
    answers.resize(claims.len(), Err(ending));
    answers
}

/// What is heard from a child.
enum Heard {
    Answer(Answer),
    /// The end of what it printed: what it printed to its standard error.
    LastWords(String),
}

/// Starts a child: its answers, and why there are no more of them.
fn run(program: &Path, request: Vec<u8>, claims: usize) -> (Vec<Answer>, MapperError) {
    let began = Instant::now();
    let Ok(mut child) = start(program) else {
        return (Vec::new(), MapperError::NoAnswer);
    };
    let (sender, receiver) = mpsc::channel();
    listen(&mut child, request, claims, sender);
    let mut answers = Vec::new();
    let last_words = loop {
        match receiver.recv_timeout(TIME_LIMIT.saturating_sub(began.elapsed())) {
            Ok(Heard::Answer(answer)) => answers.push(answer),
            Ok(Heard::LastWords(words)) => break Some(words),
            Err(RecvTimeoutError::Timeout) => break None,
            // The system gave no thread.
            Err(RecvTimeoutError::Disconnected) => break Some(String::new()),
        }
    };
    let ending = match last_words {
        None => MapperError::TooSlow,
        Some(words) => ending(&words, signal(&mut child)),
    };
    // Does nothing to one that has ended.
    let _ = child.kill();
    let _ = child.wait();
    (answers, ending)
}

/// The signal that ended a child, if one did. A child that says no more is about to
/// end; one that does not is not waited for.
fn signal(child: &mut Child) -> Option<i32> {
    for _ in 0..50 {
        if let Some(status) = child.try_wait().ok()? {
            return status.signal();
        }
        thread::sleep(Duration::from_millis(1));
    }
    None
}

#[expect(
    clippy::disallowed_methods,
    reason = "a child that is ours and not Juju's: see the module's header"
)]
fn start(program: &Path) -> io::Result<Child> {
    Command::new(program)
        .arg(ARGUMENT)
        .env_clear()
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
}

/// Talks to `child` in a thread of its own, which ends when the child does.
fn listen(child: &mut Child, request: Vec<u8>, claims: usize, sender: Sender<Heard>) {
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    let talk = move || {
        // A child that does not read all of it says why by its end. No deadlock: it
        // prints nothing before it has read everything, and little after that.
        if let Some(mut stdin) = stdin {
            let _ = stdin.write_all(&request);
        }
        if let Some(stdout) = stdout {
            let limit = ANSWER_LIMIT.saturating_mul(claims as u64);
            let lines = BufReader::new(stdout.take(limit)).lines();
            for line in lines.map_while(Result::ok) {
                let Ok(answer) = serde_json::from_str(&line) else {
                    break;
                };
                let _ = sender.send(Heard::Answer(answer));
            }
        }
        let mut words = Vec::new();
        if let Some(stderr) = stderr {
            let _ = stderr.take(LAST_WORDS_LIMIT).read_to_end(&mut words);
        }
        let words = String::from_utf8_lossy(&words).into_owned();
        let _ = sender.send(Heard::LastWords(words));
    };
    // Without a thread the sender is dropped, and so nothing is heard.
    let _ = thread::Builder::new().spawn(talk);
}

/// Why a child ended without all of its answers, from what Rust's standard library
/// and its allocator print then, or from the signal that ended it.
fn ending(words: &str, signal: Option<i32>) -> MapperError {
    let said = |text| words.contains(text);
    if said("memory allocation of") || said("capacity overflow") || said("out of memory") {
        MapperError::TooMuchMemory
    } else if said("has overflowed its stack") {
        MapperError::TooDeep
    } else if signal == Some(Signal::XCPU.as_raw()) {
        MapperError::TooSlow
    } else if signal == Some(Signal::KILL.as_raw()) {
        // By the kernel, where the machine has less memory than the child may have.
        MapperError::TooMuchMemory
    } else {
        MapperError::NoAnswer
    }
}

/// The child's side: gives up what it does not need, reads one request from the
/// standard input, and prints an answer for each claims.
///
/// For a program that was started with [`ARGUMENT`], and for nothing else: the
/// limits hold for the whole process, and for good.
#[must_use]
pub fn serve() -> ExitCode {
    let served = give_up_rights().and_then(|()| {
        let mut request = Vec::new();
        io::stdin().read_to_end(&mut request)?;
        let request = serde_json::from_slice(&request)?;
        let answers = thread::Builder::new()
            .stack_size(syntax::STACK)
            .spawn(move || answer(&request))?;
        answers
            .join()
            .unwrap_or_else(|_| Err(io::ErrorKind::Other.into()))
    });
    match served {
        Ok(()) => ExitCode::SUCCESS,
        // Not why: it may quote the request.
        Err(_) => ExitCode::FAILURE,
    }
}

fn answer(request: &Request) -> io::Result<()> {
    let Request {
        jsonnet,
        provider,
        claims,
    } = request;
    let mut out = io::stdout().lock();
    claims.iter().try_for_each(|claims| {
        let answer: Answer = evaluation::evaluate(jsonnet, claims, provider);
        let mut line = serde_json::to_vec(&answer)?;
        line.push(b'\n');
        // At once, since the next one may be the end of this process.
        out.write_all(&line)?;
        out.flush()
    })
}

fn give_up_rights() -> io::Result<()> {
    for (resource, most) in RESOURCES {
        // Nobody may raise what is lower already.
        let most = getrlimit(resource)
            .maximum
            .map_or(most, |maximum| maximum.min(most));
        let limit = Rlimit {
            current: Some(most),
            maximum: Some(most),
        };
        setrlimit(resource, limit)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_says_why() {
        for (name, words, signal, ending) in [
            (
                "allocation",
                "memory allocation of 1000000000000 bytes failed\n",
                Some(6),
                MapperError::TooMuchMemory,
            ),
            (
                "size",
                "thread '<unnamed>' panicked at …:\ncapacity overflow\n",
                None,
                MapperError::TooMuchMemory,
            ),
            (
                "stack",
                "\nthread '<unnamed>' has overflowed its stack\n",
                Some(6),
                MapperError::TooDeep,
            ),
            (
                "no memory on the machine",
                "",
                Some(9),
                MapperError::TooMuchMemory,
            ),
            ("no time", "", Some(24), MapperError::TooSlow),
            ("anything else", "hunter2", Some(6), MapperError::NoAnswer),
            ("success", "", None, MapperError::NoAnswer),
        ] {
            assert_eq!(super::ending(words, signal), ending, "{name}");
        }
    }

    #[test]
    fn a_program_that_is_no_such_program_gives_no_answer() {
        let claims = serde_json::json!({});
        for program in ["/nowhere", "/bin/false", "/bin/cat", "/bin/echo"] {
            assert_eq!(
                evaluate(Path::new(program), "{}", &claims, "idp"),
                Err(MapperError::NoAnswer),
                "{program}"
            );
        }
    }
}
