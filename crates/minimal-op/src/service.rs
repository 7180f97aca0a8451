//! The provider itself, without HTTP: sessions, codes, and what it says of itself.

use std::fmt;
use std::sync::Arc;

use serde::Serialize;

use crate::clock::Clock;
use crate::dialect::{Dialect, Quirk};
use crate::key::{Jwks, SigningKey};
use crate::registry::{Client, User};
use crate::return_uri;
use crate::store::{Store, StoreError};
use crate::ticket::{Ticket, TicketKind};
use crate::tickets::{CodeContent, SessionContent, Tickets};
use crate::token_error::TokenError;

/// How long a code is good for, in seconds: an hour, as at Gafaelfawr.
pub const CODE_LIFETIME: u64 = 60 * 60;

/// How long a session is good for, in seconds: a day. Tokens end with the session.
pub const SESSION_LIFETIME: u64 = 24 * 60 * 60;

/// The scopes that mean something, sorted. Others are dropped silently.
pub(crate) const SCOPES: [&str; 4] = ["email", "openid", "profile", "rubin"];

/// The discovery document (OpenID Connect Discovery, 3), with the fields that Gafaelfawr's has, in
/// its order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OpenIdConfiguration {
    /// Who issues tokens.
    pub issuer: String,
    /// Where browsers go to log in.
    pub authorization_endpoint: String,
    /// Where clients redeem codes.
    pub token_endpoint: String,
    /// Where clients ask about users.
    pub userinfo_endpoint: String,
    /// Where the keys are.
    pub jwks_uri: String,
    /// The scopes that mean something.
    pub scopes_supported: Vec<&'static str>,
    /// What a login can end in: a code.
    pub response_types_supported: Vec<&'static str>,
    /// How that gets to the client: in the query.
    pub response_modes_supported: Vec<&'static str>,
    /// What clients get tokens for: a code.
    pub grant_types_supported: Vec<&'static str>,
    /// Whether all clients see the same `sub`: they do.
    pub subject_types_supported: Vec<&'static str>,
    /// What ID tokens are signed with: RS256.
    pub id_token_signing_alg_values_supported: Vec<&'static str>,
    /// How clients can authenticate.
    pub token_endpoint_auth_methods_supported: Vec<&'static str>,
    /// Only where the dialect asks for PKCE (RFC 8414, 2).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub code_challenge_methods_supported: Vec<&'static str>,
}

/// A request for a code, on behalf of somebody who has logged in.
#[derive(Debug, Clone, Default)]
pub struct CodeRequest {
    /// Who asks.
    pub client_id: String,
    /// Where the code goes.
    pub redirect_uri: String,
    /// What is asked for, with spaces between.
    pub scope: String,
    /// What the ID token shall have (OpenID Connect Core, 3.1.2.1).
    pub nonce: Option<String>,
    /// What the verifier is compared with, by S256 (RFC 7636, 4.3).
    pub code_challenge: Option<String>,
}

/// No code was issued.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// No client has this id. Gafaelfawr: `UnauthorizedClientError`.
    #[error("no client has the id {0:?}")]
    UnauthorizedClient(String),
    /// The return URI is not the registered one.
    #[error("the return URI is not that of the registration")]
    ReturnUri,
    /// Nobody is logged in with this session.
    #[error("the session is not known or has expired")]
    Session,
    /// The code could not be kept.
    #[error(transparent)]
    Failed(TokenError),
}

/// Nobody was logged in.
#[derive(Debug, thiserror::Error)]
pub enum LoginError {
    /// Which of the two is wrong stays open.
    #[error("the user or the password is wrong")]
    Refused,
    /// The session could not be kept.
    #[error(transparent)]
    Failed(#[from] TokenError),
}

/// What a provider is made of.
pub struct Settings {
    /// The issuer, as configured; [`OidcService::issuer`] is how the dialect writes it.
    pub issuer: String,
    /// The clients that may ask for logins.
    pub clients: Vec<Client>,
    /// Who can log in.
    pub users: Vec<User>,
    /// Whose ways it has.
    pub dialect: Dialect,
    /// What signs ID tokens.
    pub key: Arc<SigningKey>,
    /// Where codes, tokens and sessions are kept.
    pub store: Arc<dyn Store>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
}

/// A small OpenID provider: what Gafaelfawr's service of the same name is to its routes.
///
/// It knows nothing of HTTP, and the time only from its clock.
pub struct OidcService {
    pub(crate) issuer: String,
    pub(crate) clients: Vec<Client>,
    pub(crate) users: Vec<User>,
    pub(crate) dialect: Dialect,
    pub(crate) key: Arc<SigningKey>,
    pub(crate) tickets: Tickets,
}

impl OidcService {
    /// A provider with these settings.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let Settings {
            issuer,
            clients,
            users,
            dialect,
            key,
            store,
            clock,
        } = settings;
        Self {
            issuer: dialect.issuer(&issuer),
            clients,
            users,
            dialect,
            key,
            tickets: Tickets { store, clock },
        }
    }

    /// The issuer: the `iss` of each token, and of the discovery document.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Whose ways it has.
    #[must_use]
    pub fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The URL of a path of the provider.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.issuer.trim_end_matches('/'))
    }

    /// A path of the provider, below that of its issuer.
    pub(crate) fn path(&self, path: &str) -> String {
        let issuer = self.issuer.trim_end_matches('/');
        let rest = issuer.split_once("://").map_or(issuer, |(_, rest)| rest);
        let below = rest.find('/').map_or("", |at| &rest[at..]);
        format!("{below}{path}")
    }

    /// The host of the issuer, without its port.
    pub(crate) fn host(&self) -> &str {
        let (_, rest) = self.issuer.split_once("://").unwrap_or_default();
        let authority = rest.split('/').next().unwrap_or_default();
        match authority.rsplit_once(':') {
            // A colon within brackets is one of an IPv6 address.
            Some((host, port)) if !port.ends_with(']') => host,
            _ => authority,
        }
    }

    /// The discovery document.
    #[must_use]
    pub fn openid_configuration(&self) -> OpenIdConfiguration {
        let needs_pkce = self.dialect.has(Quirk::NeedsPkce);
        OpenIdConfiguration {
            issuer: self.issuer.clone(),
            authorization_endpoint: self.url("/auth/openid/login"),
            token_endpoint: self.url("/auth/openid/token"),
            userinfo_endpoint: self.url("/auth/openid/userinfo"),
            jwks_uri: self.url("/.well-known/jwks.json"),
            scopes_supported: vec!["openid", "profile", "email", "rubin"],
            response_types_supported: vec!["code"],
            response_modes_supported: vec!["query"],
            grant_types_supported: vec!["authorization_code"],
            subject_types_supported: vec!["public"],
            id_token_signing_alg_values_supported: vec!["RS256"],
            token_endpoint_auth_methods_supported: vec![
                "client_secret_basic",
                "client_secret_post",
            ],
            code_challenge_methods_supported: if needs_pkce { vec!["S256"] } else { vec![] },
        }
    }

    /// The key set, for who checks signatures.
    #[must_use]
    pub fn jwks(&self) -> Jwks {
        self.key.jwks()
    }

    /// Whether a client has this id.
    #[must_use]
    pub fn is_valid_client(&self, client_id: &str) -> bool {
        self.client(client_id).is_some()
    }

    pub(crate) fn client(&self, id: &str) -> Option<&Client> {
        self.clients.iter().find(|client| client.id == id)
    }

    pub(crate) fn user(&self, username: &str) -> Option<&User> {
        self.users.iter().find(|user| user.username == username)
    }

    /// Logs somebody in, for [`SESSION_LIFETIME`]. Who has no password needs none.
    ///
    /// # Errors
    ///
    /// The user is not known or the password is wrong, or the session could not be kept.
    pub fn log_in(&self, username: &str, password: Option<&str>) -> Result<Ticket, LoginError> {
        let user = self.user(username).ok_or(LoginError::Refused)?;
        if let Some(digest) = &user.password {
            let is_right = password.is_some_and(|password| digest.is_of(password));
            is_right.then_some(()).ok_or(LoginError::Refused)?;
        }
        let content = SessionContent {
            username: username.to_owned(),
        };
        let expires_at = self.tickets.clock.now() + SESSION_LIFETIME;
        let session = self
            .tickets
            .issue(TicketKind::Session, &content, expires_at)?;
        Ok(session)
    }

    /// Logs somebody out: codes and tokens of the session count no more.
    ///
    /// # Errors
    ///
    /// The store failed.
    pub fn log_out(&self, session: &Ticket) -> Result<(), StoreError> {
        self.tickets.remove(session).map(drop)
    }

    /// Who is logged in with a session. Nobody, where it is not known, has expired, or cannot be
    /// looked for.
    #[must_use]
    pub fn user_of(&self, session: &Ticket) -> Option<&User> {
        let found = self.tickets.find::<SessionContent>(session).ok()?;
        self.user(&found.content.username)
    }

    /// Issues a code for somebody who has logged in, for one redemption within
    /// [`CODE_LIFETIME`].
    ///
    /// # Errors
    ///
    /// The client or the session is not known, the return URI is not the registered one, or the
    /// code could not be kept.
    pub fn issue_code(
        &self,
        request: &CodeRequest,
        session: &Ticket,
    ) -> Result<Ticket, IssueError> {
        let client = self
            .client(&request.client_id)
            .ok_or_else(|| IssueError::UnauthorizedClient(request.client_id.clone()))?;
        if !return_uri::matches(&client.return_uri, &request.redirect_uri) {
            return Err(IssueError::ReturnUri);
        }
        self.user_of(session).ok_or(IssueError::Session)?;
        let asked: Vec<&str> = request.scope.split_whitespace().collect();
        let scopes = SCOPES.iter().filter(|scope| asked.contains(scope));
        let content = CodeContent {
            client_id: client.id.clone(),
            redirect_uri: request.redirect_uri.clone(),
            session: session.key().to_owned(),
            scopes: scopes.map(|&scope| scope.to_owned()).collect(),
            nonce: request.nonce.clone(),
            code_challenge: request.code_challenge.clone(),
        };
        let expires_at = self.tickets.clock.now() + CODE_LIFETIME;
        let code = self.tickets.issue(TicketKind::Code, &content, expires_at);
        code.map_err(IssueError::Failed)
    }

    /// Forgets all codes: none can be redeemed any more.
    ///
    /// # Errors
    ///
    /// The store failed.
    pub fn delete_all_codes(&self) -> Result<(), StoreError> {
        self.tickets.store.remove_all(TicketKind::Code)
    }
}

impl fmt::Debug for OidcService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OidcService")
            .field("issuer", &self.issuer)
            .field("dialect", &self.dialect)
            .finish_non_exhaustive()
    }
}
