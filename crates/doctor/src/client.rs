//! The charm's side: starts the second program, bounds it, and asks it one thing.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::os::fd::AsFd;
use std::os::unix::process::ExitStatusExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, Resource, Rlimit, Signal, getrlimit, prlimit};
use serde::de::DeserializeOwned;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::mapper::{Identity, MapperError, SyntaxError};
use crate::protocol::Request;
use crate::provider::{Examination, Question};

/// The most that is read of one answer, in bytes. An answer is at most the 64 KiB that Kratos
/// takes, written once more as JSON.
const ANSWER_LIMIT: u64 = 1024 * 1024;

/// The most that is read of the program's last words, in bytes.
const LAST_WORDS_LIMIT: u64 = 4096;

/// What the program may use at most.
struct Limits {
    /// The address space, in bytes.
    memory: u64,
    /// Seconds of a processor.
    cpu: u64,
    /// Open files.
    files: u64,
    /// How long it may take to answer.
    time: Option<Duration>,
}

/// A typical mapper needs less than 40 MiB, 32 of them for its stack. What is said of it does not
/// depend on how busy the machine is, so nothing looks at the clock. A few files are open while a
/// program starts.
const FOR_A_MAPPER: Limits = Limits {
    memory: 256 * 1024 * 1024,
    cpu: 1,
    files: 8,
    time: None,
};

/// Names are looked up in threads, each of which the C library gives much address space. By its
/// own clock the program ends before this time is over; a provider may keep it busy until then.
const FOR_A_PROVIDER: Limits = Limits {
    memory: 1024 * 1024 * 1024,
    cpu: 60,
    files: 64,
    time: Some(Duration::from_secs(60)),
};

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

    /// Asks a provider over the network. Ends after a minute, whatever the provider does.
    ///
    /// # Errors
    ///
    /// What is wrong with the question, or that the program does not answer.
    pub fn examine(&self, question: Question) -> Result<Examination, String> {
        let request = Request::Examine(Box::new(question));
        let answers = self
            .start()
            .and_then(|child| talk(child, &request, 1, &FOR_A_PROVIDER));
        let answer = answers.ok().and_then(|(mut answers, _)| answers.pop());
        answer.unwrap_or_else(|| {
            Err("the program that asks the provider did not answer: run it again".to_owned())
        })
    }

    /// The answers to `request`, at most `count`, and why there are no more.
    fn ask<T: DeserializeOwned>(&self, request: &Request, count: usize) -> (Vec<T>, MapperError) {
        self.start()
            .and_then(|child| talk(child, request, count, &FOR_A_MAPPER))
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

/// Asks a program that has just been started, and sees it end.
fn talk<T: DeserializeOwned>(
    mut child: Child,
    request: &Request,
    count: usize,
    limits: &Limits,
) -> io::Result<(Vec<T>, MapperError)> {
    let until = limits.time.map(|time| Instant::now() + time);
    // Before it has anything to do: it waits for the request.
    let bounded = bound(&child, limits);
    let request = serde_json::to_vec(request).map(Zeroizing::new);
    if let (Ok(()), Ok(request), Some(mut stdin)) = (&bounded, &request, child.stdin.take()) {
        // One that does not read all of it says why by its end. No deadlock: it prints nothing
        // before it has read everything.
        let _ = stdin.write_all(request);
    }
    // One that was not asked has read its end, and ends.
    drop(child.stdin.take());
    let answers = child.stdout.take().map(|output| {
        let limit = ANSWER_LIMIT.saturating_mul(count as u64);
        let lines = BufReader::new(Hurried { output, until }.take(limit)).lines();
        let answers = lines.map_while(|line| serde_json::from_str(&line.ok()?).ok());
        answers.take(count).collect::<Vec<_>>()
    });
    // It has said all that it has to say, or more than it should. What it printed to its
    // standard error came before that.
    let mut words = Vec::new();
    if let Some(output) = child.stderr.take() {
        let output = Hurried { output, until };
        // What cannot be read says nothing: the signal may.
        let _ = output.take(LAST_WORDS_LIMIT).read_to_end(&mut words);
    }
    if until.is_some_and(|until| Instant::now() >= until) {
        // Most often it has ended.
        let _ = child.kill();
    }
    let status = child.wait()?;
    bounded?;
    request?;
    let words = String::from_utf8_lossy(&words);
    Ok((answers.unwrap_or_default(), ending(&words, status.signal())))
}

/// An output that is read until a time comes.
struct Hurried<R> {
    output: R,
    until: Option<Instant>,
}

impl<R: io::Read + AsFd> io::Read for Hurried<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if let Some(until) = self.until {
            let left = until.saturating_duration_since(Instant::now());
            let left = Timespec::try_from(left).map_err(|_| io::ErrorKind::InvalidInput)?;
            let mut readable = [PollFd::new(&self.output, PollFlags::IN)];
            if poll(&mut readable, Some(&left))? == 0 {
                return Err(io::ErrorKind::TimedOut.into());
            }
        }
        self.output.read(buffer)
    }
}

/// Gives a program these limits, or what is left of them.
fn bound(child: &Child, limits: &Limits) -> io::Result<()> {
    let pid = Some(Pid::from_child(child));
    for (resource, soft, hard) in [
        (Resource::As, limits.memory, limits.memory),
        // At the hard limit the signal would say nothing.
        (Resource::Cpu, limits.cpu, limits.cpu + 1),
        (Resource::Core, 0, 0),
        (Resource::Fsize, 0, 0),
        (Resource::Nofile, limits.files, limits.files),
    ] {
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
    #[expect(clippy::disallowed_methods, reason = "plays a program that hangs")]
    fn a_program_that_hangs_is_stopped() {
        let child = Command::new("/bin/sleep")
            .arg("infinity")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let limits = Limits {
            time: Some(Duration::from_millis(50)),
            ..FOR_A_PROVIDER
        };
        let request = Request::Check {
            jsonnet: "{}".into(),
        };
        let (answers, _): (Vec<()>, _) = talk(child, &request, 1, &limits).unwrap();
        assert!(answers.is_empty());
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
