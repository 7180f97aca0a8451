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
            let mut session = Session::of(place);
            calls
                .iter()
                .map(|call| session.call(call))
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

/// The open hook.
struct Session<'a> {
    place: &'a Place,
    context: String,
    socket: String,
    /// The ids of secrets that were made in it.
    made: Vec<String>,
}

impl<'a> Session<'a> {
    /// Waits until the hook is open.
    fn of(place: &'a Place) -> Self {
        let open = place.charm.join("open");
        let since = Instant::now();
        while !open.exists() {
            assert!(since.elapsed() < PATIENCE, "the hook does not open");
            thread::sleep(Duration::from_millis(2));
        }
        let text = fs::read_to_string(open).unwrap();
        let (context, socket) = text.trim_end().split_once('\n').unwrap();
        Self {
            place,
            context: context.into(),
            socket: socket.into(),
            made: Vec::new(),
        }
    }

    fn call(&mut self, call: &Call) -> Answer {
        for (name, text) in &call.files {
            fs::write(self.place.scratch.join(name), text.bytes()).unwrap();
        }
        let args: Vec<Vec<u8>> = call
            .args
            .iter()
            .map(|arg| self.filled(&arg.bytes()))
            .collect();
        let mut answer = self.ask(call, &args, None);
        if answer.is_none() {
            let stdin = call.stdin.as_ref();
            let stdin = stdin.map(Text::bytes).unwrap_or_default();
            answer = self.ask(call, &args, Some(&stdin));
        }
        let mut answer = answer.unwrap();
        if call.tool == "secret-add" && answer.code == 0 {
            let uri = String::from_utf8(answer.stdout.clone()).unwrap();
            let id = uri.trim_end().rsplit(['/', ':']).next().unwrap();
            self.made.push(id.to_owned());
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
        answer.stdout = self.masked(&answer.stdout);
        answer.stderr = self.masked(&answer.stderr);
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

    /// An argument with this run's ids and folders.
    fn filled(&self, text: &[u8]) -> Vec<u8> {
        let mut text = replaced(text, b"@F@", self.place.scratch.as_os_str().as_bytes());
        for (index, id) in self.made.iter().enumerate() {
            text = replaced(&text, format!("@{index}@").as_bytes(), id.as_bytes());
        }
        text
    }

    /// An output with the recording's words for them.
    fn masked(&self, text: &[u8]) -> Vec<u8> {
        let agents = self.place.charm.ancestors().nth(3).unwrap();
        let mut text = replaced(text, self.place.scratch.as_os_str().as_bytes(), b"@F@");
        text = replaced(&text, agents.as_os_str().as_bytes(), b"@A@");
        for id in &self.made {
            text = replaced(&text, id.as_bytes(), b"<id>");
        }
        text
    }
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
