//! ID tokens, and what is known of a user.

use serde_json::{Map, Value, json};

use crate::dialect::Quirk;
use crate::key::KeyError;
use crate::registry::User;
use crate::secret::Secret;
use crate::service::OidcService;
use crate::ticket::{Ticket, TicketKind};
use crate::tickets::AccessContent;
use crate::token_error::TokenError;

/// What an ID token says beside who the user is.
#[derive(Debug, Clone, Default)]
pub struct TokenClaims {
    /// `aud`: for whom it is.
    pub client_id: String,
    /// `scope`, and which claims it has.
    pub scopes: Vec<String>,
    /// `nonce`, if the login request had one.
    pub nonce: Option<String>,
    /// `jti`: the key half of the code.
    pub jti: String,
    /// `exp`, in seconds since 1970.
    pub expires_at: u64,
}

/// A token that this provider issued, and that is still good.
#[derive(Debug, Clone, PartialEq)]
pub struct VerifiedToken {
    /// `sub`: who logged in.
    pub username: String,
    /// `aud`: for whom it is.
    pub client_id: String,
    /// `jti`: the key half of the code that it was issued for.
    pub jti: String,
    /// All claims.
    pub claims: Map<String, Value>,
}

/// It is no token that this provider issued, or it has expired.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the token is not one of this provider, or has expired")]
pub struct InvalidToken;

/// An access token is not good for the userinfo endpoint.
#[derive(Debug, thiserror::Error)]
pub enum UserInfoError {
    /// It is not known, or has expired.
    #[error("the access token is not known or has expired")]
    InvalidToken,
    /// It is a ticket of another kind.
    #[error("a token of type {0} is not allowed")]
    OtherKind(&'static str),
    /// The store failed.
    #[error(transparent)]
    Failed(TokenError),
}

impl OidcService {
    /// Issues an ID token: RS256, with the key's name in its header.
    ///
    /// # Errors
    ///
    /// It could not be signed.
    pub fn issue_token(&self, user: &User, claims: &TokenClaims) -> Result<Secret, KeyError> {
        let mut token = Map::new();
        let mut add = |name: &str, value: Value| token.insert(name.to_owned(), value);
        add("aud", json!(claims.client_id));
        add("exp", json!(claims.expires_at));
        add("iat", json!(self.tickets.clock.now()));
        add("iss", json!(self.issuer));
        add("sub", json!(user.username));
        if let Some(nonce) = &claims.nonce {
            add("nonce", json!(nonce));
        }
        if !self.dialect.has(Quirk::ThinTokens) {
            add("jti", json!(claims.jti));
            add("scope", json!(claims.scopes.join(" ")));
            let asked = |scope: &str| claims.scopes.iter().any(|asked| asked == scope);
            for (scope, name, value) in facts(user) {
                if asked(scope) {
                    token.entry(name).or_insert(value);
                }
            }
        }
        self.key.sign(&token).map(Secret::new)
    }

    /// Checks an ID token: its signature, that this provider issued it to one of its clients, that
    /// it has a `jti`, and that it has not expired.
    ///
    /// # Errors
    ///
    /// It is not such a token. Tokens of the dialect `thin-tokens` are not: they have no `jti`.
    pub fn verify_token(&self, token: &str) -> Result<VerifiedToken, InvalidToken> {
        let claims = self.key.claims(token).ok_or(InvalidToken)?;
        let text = |name: &str| claims.get(name).and_then(Value::as_str);
        let (iss, sub, aud, jti) = (text("iss"), text("sub"), text("aud"), text("jti"));
        let exp = claims.get("exp").and_then(Value::as_u64);
        let (Some(sub), Some(aud), Some(jti), Some(exp)) = (sub, aud, jti, exp) else {
            return Err(InvalidToken);
        };
        let is_ours = iss == Some(&self.issuer) && self.is_valid_client(aud);
        if !is_ours || self.tickets.clock.now() >= exp {
            return Err(InvalidToken);
        }
        Ok(VerifiedToken {
            username: sub.to_owned(),
            client_id: aud.to_owned(),
            jti: jti.to_owned(),
            claims: claims.clone(),
        })
    }

    /// What is known of the user of an access token, whatever scopes it was issued for (OpenID
    /// Connect Core, 5.3; that scopes do not count is Gafaelfawr's way).
    ///
    /// # Errors
    ///
    /// It is no access token of this provider, or has expired.
    pub fn user_info(&self, access_token: &str) -> Result<Map<String, Value>, UserInfoError> {
        let mut kinds = TicketKind::ALL.into_iter();
        let parsed = kinds.find_map(|kind| Ticket::parse(kind, access_token));
        let ticket = parsed.ok_or(UserInfoError::InvalidToken)?;
        if ticket.kind() != TicketKind::AccessToken {
            return Err(UserInfoError::OtherKind(ticket.kind().name()));
        }
        let found = match self.tickets.find::<AccessContent>(&ticket) {
            Ok(found) => found,
            Err(TokenError::Code(_)) => return Err(UserInfoError::InvalidToken),
            Err(other) => return Err(UserInfoError::Failed(other)),
        };
        let username = found.content.username;
        let mut info = Map::new();
        info.insert("sub".to_owned(), json!(username));
        if let Some(user) = self.user(&username) {
            for (_, name, value) in facts(user) {
                info.entry(name).or_insert(value);
            }
        }
        Ok(info)
    }
}

/// The claims about a user, each with the scope that it takes. Of two with the same name, the first
/// counts.
fn facts(user: &User) -> Vec<(&'static str, String, Value)> {
    let User {
        username,
        password: _,
        name,
        email,
        email_verified,
        data_rights,
        claims,
    } = user;
    let known = [
        ("profile", "name", name.as_ref().map(|name| json!(name))),
        ("profile", "preferred_username", Some(json!(username))),
        ("email", "email", email.as_ref().map(|email| json!(email))),
        ("email", "email_verified", email_verified.map(Value::from)),
        (
            "rubin",
            "data_rights",
            data_rights.as_ref().map(|rights| json!(rights)),
        ),
    ];
    let known = known
        .into_iter()
        .filter_map(|(scope, name, value)| Some((scope, name.to_owned(), value?)));
    let others = claims
        .iter()
        .map(|(name, value)| ("profile", name.clone(), value.clone()));
    known.chain(others).collect()
}
