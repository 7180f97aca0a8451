//! The charm's side: starts the second program, bounds it, and asks it one thing.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Resource, Rlimit, Signal, getrlimit, prlimit};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::mapper::{Identity, MapperError, SyntaxError};
use crate::protocol::Request;

/// The most that is read of one answer, in bytes. An answer is at most the 64 KiB that Kratos
/// takes, written once more as JSON.
const ANSWER_LIMIT: u64 = 1024 * 1024;

/// The most that is read of the program's last words, in bytes.
const LAST_WORDS_LIMIT: u64 = 4096;

/// What the program may have at most: soft and hard. A typical mapper needs less than 40 MiB of
/// address space, 32 of them for its stack.
const RESOURCES: [(Resource, u64, u64); 5] = [
    (Resource::As, 256 * 1024 * 1024, 256 * 1024 * 1024),
    // In seconds of a processor, and not by the clock: what is said of a mapper does not depend
    // on how busy the machine is. At the hard limit the signal would say nothing.
    (Resource::Cpu, 1, 2),
    (Resource::Core, 0, 0),
    (Resource::Fsize, 0, 0),
    // A few are open while a program starts.
    (Resource::Nofile, 8, 8),
];

/// The second program, which answers what is slow or hostile.
#[derive(Debug, Clone)]
pub struct Doctor {
    program: PathBuf,
}

impl Doctor {
    /// The program at this path.
    #[must_use]
    pub fn at(program: impl Into<PathBuf>) -> Self {
        Self {
            program: program.into(),
        }
    }

    /// The program `doctor` in the folder that this program is in.
    ///
    /// A refresh may have replaced both meanwhile: Linux notes that behind this program's own
    /// name, and the new one answers as well as the old.
    #[must_use]
    pub fn beside_this_program() -> Self {
        let beside = std::env::current_exe().map(|this| this.with_file_name("doctor"));
        // Not the bare name, which would be looked for on PATH: an empty one starts nothing.
        Self::at(beside.unwrap_or_default())
    }

    /// Reads a mapper as Kratos would before it runs it: its syntax, and what can be said of its
    /// names without running it. Ends after a second of a processor's time, whatever the mapper.
    ///
    /// # Errors
    ///
    /// The first mistake, or why it is not checked.
    pub fn check(&self, jsonnet: &str) -> Result<(), SyntaxError> {
        let request = Request::Check {
            jsonnet: jsonnet.to_owned(),
        };
        let (mut answers, ending) = self.ask(&request, 1);
        answers.pop().unwrap_or_else(|| {
            let problem = match ending {
                MapperError::TooSlow => "too intricate to be checked",
                _ => "its check did not answer",
            };
            Err(SyntaxError::unchecked(problem))
        })
    }

    /// What Kratos would take from `jsonnet` for `claims`, where `provider` is the provider's id.
    /// Ends after a second of a processor's time, whatever the mapper.
    ///
    /// # Errors
    ///
    /// If Kratos would take nothing.
    pub fn evaluate(
        &self,
        jsonnet: &str,
        claims: &Value,
        provider: &str,
    ) -> Result<Identity, MapperError> {
        let mut answers = self.evaluate_each(jsonnet, &[claims], provider);
        answers.pop().unwrap_or(Err(MapperError::NoAnswer))
    }

    /// As [`Self::evaluate`], for several claims, which share the second. As many answers as
    /// there are claims, in their order.
    #[must_use]
    pub fn evaluate_each(
        &self,
        jsonnet: &str,
        claims: &[&Value],
        provider: &str,
    ) -> Vec<Result<Identity, MapperError>> {
        let request = Request::Evaluate {
            jsonnet: jsonnet.to_owned(),
            provider: provider.to_owned(),
            claims: claims.iter().map(|&claims| claims.clone()).collect(),
        };
        let (mut answers, ending) = self.ask(&request, claims.len());
        answers.resize(claims.len(), Err(ending));
        answers
    }

    /// The answers to `request`, at most `count`, and why there are no more.
    fn ask<T: DeserializeOwned>(&self, request: &Request, count: usize) -> (Vec<T>, MapperError) {
        self.start()
            .and_then(|child| talk(child, request, count))
            .unwrap_or_else(|_| (Vec::new(), MapperError::NoAnswer))
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "a program of ours: what is Juju's is started by juju-hook"
    )]
    fn start(&self) -> io::Result<Child> {
        Command::new(&self.program)
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
    }
}

/// Asks a program that has just been started.
fn talk<T: DeserializeOwned>(
    mut child: Child,
    request: &Request,
    count: usize,
) -> io::Result<(Vec<T>, MapperError)> {
    // Before it has anything to do: it waits for the request.
    let bounded = bound(&child);
    if let (Ok(()), Some(mut stdin)) = (&bounded, child.stdin.take()) {
        // One that does not read all of it says why by its end. No deadlock: it prints nothing
        // before it has read everything.
        let _ = stdin.write_all(&serde_json::to_vec(request)?);
    }
    let answers = child.stdout.take().map(|stdout| {
        let limit = ANSWER_LIMIT.saturating_mul(count as u64);
        let lines = BufReader::new(stdout.take(limit)).lines();
        let answers = lines.map_while(|line| serde_json::from_str(&line.ok()?).ok());
        answers.take(count).collect()
    });
    // It has said all that it has to say, or more than it should. What it printed to its
    // standard error came before that.
    let mut words = Vec::new();
    if let Some(stderr) = child.stderr.take() {
        // What cannot be read says nothing: the signal may.
        let _ = stderr.take(LAST_WORDS_LIMIT).read_to_end(&mut words);
    }
    let status = child.wait()?;
    bounded?;
    let words = String::from_utf8_lossy(&words);
    Ok((answers.unwrap_or_default(), ending(&words, status.signal())))
}

/// Gives a program the limits of [`RESOURCES`], or what is left of them.
fn bound(child: &Child) -> io::Result<()> {
    let pid = Some(Pid::from_child(child));
    for (resource, soft, hard) in RESOURCES {
        // Nobody may raise what is lower already.
        let most = getrlimit(resource).maximum.unwrap_or(hard);
        let limit = Rlimit {
            current: Some(soft.min(most)),
            maximum: Some(hard.min(most)),
        };
        prlimit(pid, resource, limit)?;
    }
    Ok(())
}

/// Why a program ended without all of its answers, from what Rust's standard library
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_says_why() {
        struct Case {
            name: &'static str,
            words: &'static str,
            signal: Option<i32>,
            ending: MapperError,
        }

        for Case {
            name,
            words,
            signal,
            ending,
        } in [
            Case {
                name: "allocation",
                words: "memory allocation of 1000000000000 bytes failed\n",
                signal: Some(6),
                ending: MapperError::TooMuchMemory,
            },
            Case {
                name: "size",
                words: "thread '<unnamed>' panicked at …:\ncapacity overflow\n",
                signal: None,
                ending: MapperError::TooMuchMemory,
            },
            Case {
                name: "stack",
                words: "\nthread '<unnamed>' has overflowed its stack\n",
                signal: Some(6),
                ending: MapperError::TooDeep,
            },
            Case {
                name: "no memory on the machine",
                words: "",
                signal: Some(9),
                ending: MapperError::TooMuchMemory,
            },
            Case {
                name: "no time",
                words: "",
                signal: Some(24),
                ending: MapperError::TooSlow,
            },
            Case {
                name: "anything else",
                words: "hunter2",
                signal: Some(6),
                ending: MapperError::NoAnswer,
            },
            Case {
                name: "success",
                words: "",
                signal: None,
                ending: MapperError::NoAnswer,
            },
        ] {
            assert_eq!(super::ending(words, signal), ending, "{name}");
        }
    }

    #[test]
    fn a_program_that_is_no_such_program_gives_no_answer() {
        let claims = serde_json::json!({});
        // The last never ends by itself, and would print without end.
        for program in [
            "",
            "/nowhere",
            "/bin/false",
            "/bin/cat",
            "/bin/echo",
            "/usr/bin/yes",
        ] {
            assert_eq!(
                Doctor::at(program).evaluate("{}", &claims, "idp"),
                Err(MapperError::NoAnswer),
                "{program}"
            );
        }
    }
}
