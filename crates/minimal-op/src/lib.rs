//! A small OpenID provider for tests and demos, and for nothing else: its people have simple
//! passwords or none, and its page to log in names them all.
//!
//! [`OidcService`] is the provider without HTTP: what the service of the same name is to Gafaelfawr,
//! with the same methods, checks, order of checks and errors. [`Server`] puts it on a port of
//! loopback, in a thread, for tests that are not asynchronous; it stops when it is dropped.
//!
//! ```
//! use minimal_op::{Client, Config, Server, User};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let server = Server::start(Config {
//!     clients: vec![Client::new("corp", "its secret", "https://iam.example.com/callback/corp")],
//!     users: vec![User { username: "alice".to_owned(), ..User::default() }],
//!     ..Config::default()
//! })?;
//! let issuer = server.issuer();
//! // … run what is to be tested against the issuer, and see what it asked for:
//! let asked = server.requests();
//! # assert!(issuer.starts_with("http://127.0.0.1:") && asked.is_empty());
//! # Ok(())
//! # }
//! ```
//!
//! # How others differ
//!
//! A [`Dialect`] has the ways of another provider, as far as those notice who check clients: the
//! status and form of errors, what is checked first, how the issuer ends. One table in `dialect.rs`
//! knows them all: which checks there are and in which order, which function words the answers, and
//! what else is different. `github` and `slack` answer at their own paths too, such as
//! `/login/oauth/access_token` and `/api/oauth.access`. All compare return URIs as Gafaelfawr does.
//! Entra's codes for an expired secret (7000222) and an unknown tenant (90002) do not come up.
//!
//! # Time
//!
//! The provider knows the time from its [`Clock`] only. Tests give it a [`ManualClock`], and put
//! that forward: a code is good for [`CODE_LIFETIME`], a session and its tokens for
//! [`SESSION_LIFETIME`].
//!
//! # What is kept
//!
//! Codes, access tokens and sessions are [`Ticket`]s: a key that finds them in the [`Store`], and a
//! secret, of which the store has only the hash. Of the secrets of clients and users, hashes are kept
//! in memory. No error, no log line and no `Debug` shows any of them.
//!
//! # Layers
//!
//! From below: `secret`, `clock`, `ticket`, `store` and `sqlite`; `key`, `registry` and
//! `return_uri`; `dialect` with its `answers`; `service` with `redeem` and `tokens`; `routes` with an
//! endpoint in each of `authorize`, `token_endpoint`, `userinfo_endpoint` and `login`; `server`. All
//! but the last are functions from a [`Request`] to a [`Reply`], and know nothing of sockets.
//!
//! # What is different from Gafaelfawr
//!
//! * Return URIs on loopback may be http, where they are registered so: see [`return_uri_matches`].
//! * Secrets of more than 72 bytes work like others. bcrypt, which Gafaelfawr has, refuses them, and
//!   Gafaelfawr then fails.
//! * Bodies of errors at the login and userinfo endpoints have Gafaelfawr's statuses and types, and
//!   words of their own.
//! * Forms are `application/x-www-form-urlencoded` only.
//! * Sessions start with `gs-`, and are not tokens of the kind that other routes take.

mod answers;
mod authorize;
mod clock;
mod config_file;
mod dialect;
mod html;
mod key;
mod login;
mod redeem;
mod redemption;
mod registry;
mod reply;
mod request;
mod return_uri;
mod routes;
mod secret;
mod server;
mod service;
mod sqlite;
mod store;
mod ticket;
mod tickets;
mod token_endpoint;
mod token_error;
mod tokens;
mod userinfo_endpoint;

pub use self::answers::IssuedTokens;
pub use self::clock::{Clock, ManualClock, SystemClock};
pub use self::config_file::{ConfigError, ConfigFile};
pub use self::dialect::{Dialect, UnknownDialect};
pub use self::key::{Jwk, Jwks, KeyError, SigningKey};
pub use self::redemption::{ClientAuth, TokenRequest};
pub use self::registry::{Client, User};
pub use self::reply::Reply;
pub use self::request::{Authorization, Fields, Request};
pub use self::return_uri::matches as return_uri_matches;
pub use self::secret::{Digest, Secret};
pub use self::server::{Config, Server, StartError};
pub use self::service::{
    CODE_LIFETIME, CodeRequest, IssueError, LoginError, OidcService, OpenIdConfiguration,
    SESSION_LIFETIME, Settings,
};
pub use self::sqlite::SqliteStore;
pub use self::store::{Entry, MemoryStore, Store, StoreError};
pub use self::ticket::{NoRandomness, Ticket, TicketKind};
pub use self::token_error::{CodeFault, TokenError};
pub use self::tokens::{InvalidToken, TokenClaims, UserInfoError, VerifiedToken};
