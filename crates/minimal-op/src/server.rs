//! The provider on a port of this machine.

use std::convert::Infallible;
use std::fmt;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use hyper::service::service_fn;
use hyper::{Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::sync::oneshot;

use crate::clock::{Clock, SystemClock};
use crate::dialect::Dialect;
use crate::key::{KeyError, SigningKey};
use crate::registry::{Client, User};
use crate::reply::Reply;
use crate::request::{Fields, Request};
use crate::return_uri;
use crate::secret::Secret;
use crate::service::{OidcService, Settings};
use crate::store::{MemoryStore, Store};

/// The longest body of a request, in bytes: no form of OAuth is nearly as long.
const BODY_LIMIT: usize = 64 * 1024;

/// The most requests that are kept for a test to see.
const KEPT: usize = 10_000;

/// What a server is started with. The default listens on a free port of loopback, knows nobody, and
/// keeps everything in memory.
pub struct Config {
    /// Where to listen. Port 0 is any free one.
    pub listen: SocketAddr,
    /// Whether it may listen where other machines reach it.
    pub listen_anywhere: bool,
    /// The issuer: without one, `http://` and where it listens. One with a path moves all routes
    /// below it.
    pub issuer: Option<String>,
    /// The clients that may ask for logins.
    pub clients: Vec<Client>,
    /// Who can log in.
    pub users: Vec<User>,
    /// Whose ways it has.
    pub dialect: Dialect,
    /// What signs ID tokens: without one, the key of this process.
    pub key: Option<Arc<SigningKey>>,
    /// Where codes, tokens and sessions are kept.
    pub store: Arc<dyn Store>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// Whether to keep requests for [`Server::requests`].
    pub keep_requests: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            listen_anywhere: false,
            issuer: None,
            clients: Vec::new(),
            users: Vec::new(),
            dialect: Dialect::default(),
            key: None,
            store: Arc::new(MemoryStore::default()),
            clock: Arc::new(SystemClock),
            keep_requests: true,
        }
    }
}

/// The server did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Other machines would reach it.
    #[error("{0} is not on loopback, and this provider is for tests and demos on one machine")]
    NotLoopback(SocketAddr),
    /// The address cannot be listened on.
    #[error("cannot listen on {address}")]
    Listen {
        /// Where it should have listened.
        address: SocketAddr,
        /// Why not.
        source: io::Error,
    },
    /// It is no URL with a host, or has more behind its path (OpenID Connect Discovery, 3).
    #[error("{0:?} is no issuer: it is http:// or https://, a host, and perhaps a path")]
    Issuer(String),
    /// There is no key to sign with.
    #[error("there is no key to sign with")]
    Key(#[from] KeyError),
}

/// A provider that runs in a thread of its own, until it is dropped.
///
/// Nothing about it is asynchronous for who uses it, so that any test can.
pub struct Server {
    service: Arc<OidcService>,
    address: SocketAddr,
    requests: Arc<Requests>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts a provider. When this returns, it listens.
    ///
    /// # Errors
    ///
    /// The address is not on loopback, or cannot be listened on, or no key could be made.
    pub fn start(config: Config) -> Result<Self, StartError> {
        let Config {
            listen,
            listen_anywhere,
            issuer,
            clients,
            users,
            dialect,
            key,
            store,
            clock,
            keep_requests,
        } = config;
        if !listen.ip().is_loopback() && !listen_anywhere {
            return Err(StartError::NotLoopback(listen));
        }
        let cannot = |source| StartError::Listen {
            address: listen,
            source,
        };
        if let Some(issuer) = &issuer {
            if return_uri::origin(issuer).is_none() || issuer.contains(['?', '#']) {
                return Err(StartError::Issuer(issuer.clone()));
            }
        }
        let listener = TcpListener::bind(listen).map_err(cannot)?;
        listener.set_nonblocking(true).map_err(cannot)?;
        let address = listener.local_addr().map_err(cannot)?;
        let key = match key {
            Some(key) => key,
            None => SigningKey::of_process()?,
        };
        let service = Arc::new(OidcService::new(Settings {
            issuer: issuer.unwrap_or_else(|| format!("http://{address}")),
            clients,
            users,
            dialect,
            key,
            store,
            clock,
        }));
        let requests = Arc::new(Requests {
            kept: keep_requests.then(Mutex::default),
        });
        let (stop, stopped) = oneshot::channel();
        let answering = Answering {
            service: Arc::clone(&service),
            requests: Arc::clone(&requests),
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(cannot)?;
        let listener = {
            let _guard = runtime.enter();
            tokio::net::TcpListener::from_std(listener).map_err(cannot)?
        };
        let thread = thread::Builder::new()
            .name("minimal-op".to_owned())
            .spawn(move || {
                runtime.spawn(accept(listener, answering));
                // What is left of connections ends with the runtime. An error is a sender that was
                // dropped, which means the same.
                let _ = runtime.block_on(stopped);
            })
            .map_err(cannot)?;
        Ok(Self {
            service,
            address,
            requests,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// The issuer, as the dialect writes it.
    #[must_use]
    pub fn issuer(&self) -> &str {
        self.service.issuer()
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The provider behind it: a test can log people in and issue codes without a browser.
    #[must_use]
    pub fn service(&self) -> &OidcService {
        &self.service
    }

    /// The requests so far, in order: the first 10,000, or none if they are not kept.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        self.requests.all()
    }

    /// Waits until the server ends, which it does with the process only.
    pub fn wait(mut self) {
        if let Some(thread) = self.thread.take() {
            // The thread has no result, and has said already why it panicked.
            let _ = thread.join();
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            // Whoever does not listen any more has stopped.
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("service", &self.service)
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

/// The requests that came in, if they are kept.
struct Requests {
    kept: Option<Mutex<Vec<Request>>>,
}

impl Requests {
    fn keep(&self, request: &Request) {
        let Some(kept) = &self.kept else { return };
        let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() < KEPT {
            kept.push(request.clone());
        }
    }

    fn all(&self) -> Vec<Request> {
        let kept = self.kept.as_ref().map(Mutex::lock);
        let kept = kept.map(|kept| kept.unwrap_or_else(PoisonError::into_inner).clone());
        kept.unwrap_or_default()
    }
}

/// What each connection has.
#[derive(Clone)]
struct Answering {
    service: Arc<OidcService>,
    requests: Arc<Requests>,
}

async fn accept(listener: tokio::net::TcpListener, answering: Answering) {
    loop {
        let stream = match listener.accept().await {
            Ok((stream, _)) => stream,
            Err(error) => {
                // Most often the process has too many files open, and in a moment has not.
                tracing::warn!("a connection failed: {error}");
                tokio::time::sleep(Duration::from_millis(100)).await;
                continue;
            }
        };
        let answering = answering.clone();
        tokio::spawn(async move {
            let answer = service_fn(|request| answer(answering.clone(), request));
            let connection = hyper::server::conn::http1::Builder::new();
            let connection = connection.serve_connection(TokioIo::new(stream), answer);
            if let Err(error) = connection.await {
                tracing::debug!("a connection ended early: {error}");
            }
        });
    }
}

async fn answer(
    answering: Answering,
    request: hyper::Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let reply = match read(request).await {
        Some(request) => {
            answering.requests.keep(&request);
            answering.service.answer(&request)
        }
        None => Reply::text_detail(413, "Content Too Large"),
    };
    Ok(written(reply))
}

/// Reads a request. None, if its body is too long or ends early.
async fn read(request: hyper::Request<Incoming>) -> Option<Request> {
    let (head, body) = request.into_parts();
    let body = Limited::new(body, BODY_LIMIT).collect().await.ok()?;
    let content_type = head.headers.get(CONTENT_TYPE);
    let is_form = content_type.is_some_and(|value| {
        let value = value.to_str().unwrap_or_default();
        let kind = value.split(';').next().unwrap_or_default().trim();
        kind.eq_ignore_ascii_case("application/x-www-form-urlencoded")
    });
    let headers = head.headers.iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        (name.as_str().to_owned(), Secret::new(value))
    });
    Some(Request {
        method: head.method.as_str().to_owned(),
        path: head.uri.path().to_owned(),
        raw_query: head.uri.query().unwrap_or_default().to_owned(),
        headers: headers.collect(),
        form: if is_form {
            Fields::parse(&body.to_bytes())
        } else {
            Fields::default()
        },
    })
}

fn written(reply: Reply) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::from(reply.body)));
    // Each status is one of ours, and each value was looked at before it came here.
    *response.status_mut() =
        StatusCode::from_u16(reply.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in reply.headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response
                .headers_mut()
                .append(HeaderName::from_static(name), value);
        }
    }
    response
}
