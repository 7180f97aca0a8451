//! The unit agent's socket. Connections are read in parallel, so that a slow or dead caller delays
//! nobody; the calls themselves are answered one after another, by the thread that owns the
//! context.

use super::message::{Message, Reply, Request};
use crate::go::from_bytes;
use crate::wire;
use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Sender};
use std::thread::{self, JoinHandle};

/// A listening socket.
pub(super) struct Server {
    socket: PathBuf,
    closing: Arc<AtomicBool>,
    listener: JoinHandle<()>,
}

impl Server {
    /// Listens until it is closed, and forwards each call.
    pub(super) fn listen(socket: &Path, sender: Sender<Message>) -> io::Result<Self> {
        let listener = UnixListener::bind(socket)?;
        let closing = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&closing);
        let listener = thread::spawn(move || {
            for stream in listener.incoming() {
                if seen.load(Ordering::SeqCst) {
                    break;
                }
                if let Ok(stream) = stream {
                    let sender = sender.clone();
                    thread::spawn(move || converse(stream, &sender));
                }
            }
        });
        Ok(Self {
            socket: socket.to_owned(),
            closing,
            listener,
        })
    }

    /// Stops listening.
    pub(super) fn close(self) {
        self.closing.store(true, Ordering::SeqCst);
        // Wakes the listener. If that fails, there is nothing to wait for.
        if UnixStream::connect(&self.socket).is_ok() {
            let _ = self.listener.join();
        }
    }
}

/// One connection: a request and an answer. A peer that disappears in between does no harm.
fn converse(mut stream: UnixStream, sender: &Sender<Message>) {
    let Some(request) = wire::read(&mut stream).ok().and_then(request) else {
        return;
    };
    let (answer, answered) = mpsc::channel();
    if sender.send(Message::Call(request, answer)).is_err() {
        return;
    }
    // No answer: the hook is over. Closing the connection tells the caller.
    let Ok(reply) = answered.recv() else { return };
    let _ = match reply {
        Reply::Done {
            code,
            stdout,
            stderr,
        } => wire::write(&mut stream, &[b"done", &[code], &stdout, &stderr]),
        Reply::NeedsStdin => wire::write(&mut stream, &[b"stdin"]),
    };
}

fn request(fields: Vec<Vec<u8>>) -> Option<Request> {
    let mut fields = fields.into_iter();
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    let context = text(fields.next()?);
    let directory = PathBuf::from(std::ffi::OsString::from_vec(fields.next()?));
    let tool = text(fields.next()?);
    let has_stdin = OsStr::from_bytes(&fields.next()?) == "stdin";
    let stdin = fields.next()?;
    Some(Request {
        context,
        directory,
        tool,
        stdin: has_stdin.then_some(stdin),
        args: fields.map(|bytes| from_bytes(&bytes)).collect(),
    })
}
