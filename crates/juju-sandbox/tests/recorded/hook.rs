//! A hook that stays open while calls are made in it.
//!
//! The calls do not start a process each: they go straight to the agent's socket, as the program
//! behind the hook tools would send them. What that program does, other tests hold to its texts.

use crate::recording::{Answer, Call, Text};
use crate::wire;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

/// How long the hook may take until it is open.
const PATIENCE: Duration = Duration::from_secs(60);

/// Where calls are made, and may leave files.
pub(crate) struct Place {
    /// The unit's charm directory.
    pub(crate) charm: PathBuf,
    /// `@F@` of the recording.
    pub(crate) scratch: PathBuf,
}

/// Lets `run` run the hook, makes the calls in it, and then lets it end.
pub(crate) fn hold(place: &Place, calls: &[Call], run: impl FnOnce()) -> Vec<Answer> {
    fs::write(place.charm.join("calls"), "").unwrap();
    thread::scope(|scope| {
        let caller = scope.spawn(|| {
            // Whatever happens to the calls, the hook has to end.
            let _done = Done(&place.charm);
            let session = Session::of(place);
            let mut names = Names::default();
            calls
                .iter()
                .map(|call| session.call(call, &mut names))
                .collect::<Vec<_>>()
        });
        run();
        caller.join().unwrap()
    })
}

/// Ends the hook when it is dropped.
struct Done<'a>(&'a Path);

impl Drop for Done<'_> {
    fn drop(&mut self) {
        let _ = fs::write(self.0.join("done"), "");
    }
}

/// What is called otherwise here than in the recording: ids of secrets, in pairs of what to look
/// for and what to put in its place.
#[derive(Default)]
pub(crate) struct Names {
    /// From the recording's to ours.
    filled: Vec<(String, String)>,
    /// From ours to the recording's.
    masked: Vec<(String, String)>,
}

impl Names {
    /// A secret's id in the recording, and here.
    pub(crate) fn add(&mut self, recorded: &str, ours: &str) {
        // `<id>` stands for every id, and in arguments `@0@`, `@1@` … for one after the other.
        let argument = match recorded {
            "<id>" => format!("@{}@", self.filled.len()),
            id => id.to_owned(),
        };
        self.filled.push((argument, ours.to_owned()));
        self.masked.push((ours.to_owned(), recorded.to_owned()));
    }

    /// A text with our names.
    pub(crate) fn ours(&self, text: &str) -> Vec<u8> {
        let all = self.filled.iter();
        all.fold(text.into(), |text: Vec<u8>, (from, to)| {
            replaced(&text, from.as_bytes(), to.as_bytes())
        })
    }

    /// A text with the recording's names.
    pub(crate) fn masked(&self, text: &[u8]) -> Vec<u8> {
        let all = self.masked.iter();
        all.fold(text.to_owned(), |text, (from, to)| {
            replaced(&text, from.as_bytes(), to.as_bytes())
        })
    }
}

/// The id in a secret's URI.
pub(crate) fn id_of(uri: &[u8]) -> String {
    let uri = String::from_utf8_lossy(uri);
    let id = uri.trim_end().rsplit(['/', ':']).next();
    id.unwrap_or_default().to_owned()
}

/// An open hook.
pub(crate) struct Session<'a> {
    place: &'a Place,
    context: String,
    socket: String,
    told: String,
}

impl<'a> Session<'a> {
    /// Waits until the hook is open.
    pub(crate) fn of(place: &'a Place) -> Self {
        let open = place.charm.join("open");
        let since = Instant::now();
        while !open.exists() {
            assert!(since.elapsed() < PATIENCE, "the hook does not open");
            thread::sleep(Duration::from_millis(2));
        }
        let text = fs::read_to_string(open).unwrap();
        let mut lines = text.lines().map(str::to_owned);
        let mut line = || lines.next().unwrap_or_default();
        Self {
            place,
            context: line(),
            socket: line(),
            told: line().trim_end().to_owned(),
        }
    }

    /// The hook or action, and its remote unit, if the charm told them.
    pub(crate) fn told(&self) -> &str {
        &self.told
    }

    /// Makes a call, and tells its answer with the recording's names.
    pub(crate) fn call(&self, call: &Call, names: &mut Names) -> Answer {
        for (name, text) in &call.files {
            fs::write(self.place.scratch.join(name), text.bytes()).unwrap();
        }
        let args: Vec<Vec<u8>> = call
            .args
            .iter()
            .map(|arg| self.filled(&arg.bytes(), names))
            .collect();
        let mut answer = self.ask(call, &args, None);
        if answer.is_none() {
            let stdin = call.stdin.as_ref();
            let stdin = stdin.map(Text::bytes).unwrap_or_default();
            answer = self.ask(call, &args, Some(&self.filled(&stdin, names)));
        }
        let mut answer = answer.unwrap();
        if call.tool == "secret-add" && answer.code == 0 {
            let recorded = call.answer().filter(|recorded| recorded.code == 0);
            let recorded = recorded.map_or("<id>".into(), |recorded| id_of(&recorded.stdout));
            names.add(&recorded, &id_of(&answer.stdout));
        }
        for name in &call.read_after {
            match fs::read(self.place.scratch.join(name)) {
                Ok(text) => {
                    answer.stdout.extend(b"\n--- file: ");
                    answer.stdout.extend(text);
                }
                Err(_) => answer.stdout.extend(b"\n--- no file"),
            }
        }
        answer.stdout = names.masked(&self.masked(&answer.stdout));
        answer.stderr = names.masked(&self.masked(&answer.stderr));
        answer
    }

    /// One round; `None` if the tool asks for its standard input.
    fn ask(&self, call: &Call, args: &[Vec<u8>], stdin: Option<&[u8]>) -> Option<Answer> {
        let mut fields = vec![
            self.context.as_bytes(),
            self.place.charm.as_os_str().as_bytes(),
            call.tool.as_bytes(),
            if stdin.is_some() { b"stdin" } else { b"" },
            stdin.unwrap_or_default(),
        ];
        fields.extend(args.iter().map(Vec::as_slice));
        let mut stream = UnixStream::connect(&self.socket).unwrap();
        wire::write(&mut stream, &fields).unwrap();
        match wire::read(&mut stream).unwrap().as_slice() {
            [kind, code, stdout, stderr] if kind == b"done" => Some(Answer {
                code: code[0],
                stdout: stdout.clone(),
                stderr: stderr.clone(),
            }),
            [kind] if kind == b"stdin" => None,
            other => unreachable!("{other:?}"),
        }
    }

    /// An input with this run's ids and folders.
    fn filled(&self, text: &[u8], names: &Names) -> Vec<u8> {
        let text = replaced(text, b"@F@", self.place.scratch.as_os_str().as_bytes());
        names.filled.iter().fold(text, |text, (from, to)| {
            replaced(&text, from.as_bytes(), to.as_bytes())
        })
    }

    /// An output with the recording's words for folders.
    fn masked(&self, text: &[u8]) -> Vec<u8> {
        let agents = self.place.charm.ancestors().nth(3).unwrap();
        let text = replaced(text, self.place.scratch.as_os_str().as_bytes(), b"@F@");
        // The recorded agent was at home in /root.
        let home = format!("open {}/x:", home());
        let text = replaced(&text, home.as_bytes(), b"open /root/x:");
        replaced(&text, agents.as_os_str().as_bytes(), b"@A@")
    }
}

/// The home of whoever runs the sandbox, here the test.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place of the test that reads the environment"
)]
fn home() -> String {
    std::env::var("HOME").unwrap_or_default()
}

fn replaced(text: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut result = Vec::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix(from) {
            result.extend(to);
            rest = after;
        } else {
            result.push(rest[0]);
            rest = &rest[1..];
        }
    }
    result
}
