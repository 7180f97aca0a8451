//! A web server on loopback that answers as a test wants, and remembers what it was asked.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

/// What it was asked.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// The path and the query.
    pub(crate) target: String,
    /// The header `Authorization`.
    pub(crate) authorization: String,
    pub(crate) body: String,
    /// All of it, as it came.
    pub(crate) whole: String,
}

/// What it answers, to the last byte.
pub(crate) type Answer = Vec<u8>;

/// An answer with a body.
pub(crate) fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Answer {
    let headers = headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}\r\n"));
    let headers: String = headers.collect();
    let length = body.len();
    let head = format!("HTTP/1.1 {status} Status\r\n{headers}Content-Length: {length}\r\n");
    format!("{head}Connection: close\r\n\r\n{body}").into_bytes()
}

/// An answer in JSON.
pub(crate) fn json(status: u16, body: &serde_json::Value) -> Answer {
    answer(
        status,
        &[("Content-Type", "application/json")],
        &body.to_string(),
    )
}

/// A server; it stops when it is dropped.
pub(crate) struct Web {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
    thread: Option<JoinHandle<()>>,
    stopped: Arc<Mutex<bool>>,
}

impl Web {
    /// Starts one. `answer` gets the request and the URL of the server.
    pub(crate) fn start(answer: impl Fn(&Request, &str) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let stopped = Arc::new(Mutex::new(false));
        let (seen, stop) = (Arc::clone(&requests), Arc::clone(&stopped));
        let url = format!("http://{address}");
        let thread = thread::spawn(move || {
            for stream in listener.incoming() {
                if *stop.lock().unwrap() {
                    break;
                }
                // Whoever goes away early is not waited for.
                let _ = serve(stream.unwrap(), &seen, |request| answer(request, &url));
            }
        });
        Self {
            address,
            requests,
            thread: Some(thread),
            stopped,
        }
    }

    /// Its URL, without a path.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The requests so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }
}

impl Drop for Web {
    fn drop(&mut self) {
        *self.stopped.lock().unwrap() = true;
        // Wakes it up.
        drop(TcpStream::connect(self.address));
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

fn serve(
    mut stream: TcpStream,
    seen: &Mutex<Vec<Request>>,
    answer: impl Fn(&Request) -> Answer,
) -> io::Result<()> {
    let request = read(&stream)?;
    let answer = answer(&request);
    seen.lock().unwrap().push(request);
    stream.write_all(&answer)
}

/// Reads one request.
pub(crate) fn read(stream: impl io::Read) -> io::Result<Request> {
    let mut lines = BufReader::new(stream);
    let mut whole = String::new();
    let mut line = || -> io::Result<String> {
        let mut line = String::new();
        lines.read_line(&mut line)?;
        whole.push_str(&line);
        Ok(line.trim_end().to_owned())
    };
    let first = line()?;
    let mut words = first.split(' ').map(str::to_owned);
    let (method, target) = (words.next(), words.next());
    let (mut authorization, mut length) = (String::new(), 0);
    loop {
        let header = line()?;
        let Some((name, value)) = header.split_once(": ") else {
            break;
        };
        match name.to_ascii_lowercase().as_str() {
            "authorization" => value.clone_into(&mut authorization),
            "content-length" => length = value.parse().unwrap_or_default(),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    lines.read_exact(&mut body)?;
    let body = String::from_utf8_lossy(&body).into_owned();
    whole.push_str(&body);
    Ok(Request {
        method: method.unwrap_or_default(),
        target: target.unwrap_or_default(),
        authorization,
        body,
        whole,
    })
}
