//! A small OpenID provider for tests and demos.

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
