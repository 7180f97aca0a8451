//! Why a code was not redeemed.

use crate::key::KeyError;
use crate::store::StoreError;
use crate::ticket::NoRandomness;

/// What is wrong with a code that looks like one. Clients are not told which it is: who guesses
/// codes would learn from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CodeFault {
    /// There is no such code, or it was redeemed.
    #[error("the code is not known, or was redeemed")]
    Unknown,
    /// The half that finds the code is right, and the other one is not.
    #[error("the secret half of the code is wrong")]
    WrongSecret,
    /// The code is too old.
    #[error("the code has expired")]
    Expired,
    /// What was stored cannot be read.
    #[error("what is stored of the code is corrupt")]
    Corrupt,
    /// The code was issued to another client.
    #[error("the code was issued to another client")]
    OtherClient,
    /// The login request had another return URI.
    #[error("the return URI is not that of the login request")]
    OtherReturnUri,
    /// Who logged in has logged out since, or is known no more.
    #[error("the session of the user is gone or has expired")]
    SessionGone,
    /// The verifier does not fit the challenge of the login request (RFC 7636, 4.6).
    #[error("the code verifier is missing or wrong")]
    WrongVerifier,
}

/// Why a code was not redeemed. The text says it fully, for a log; [`Self::error`] and
/// [`Self::description`] are what a client may know.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// `grant_type`, `client_id`, `code` or `redirect_uri` is missing.
    #[error("a parameter is missing")]
    MissingParameter,
    /// The grant is not `authorization_code`.
    #[error("the grant type {0:?} is not known")]
    UnsupportedGrantType(String),
    /// The code does not even look like one.
    #[error("the code is malformed")]
    MalformedCode,
    /// The client says who it is, and does not prove it.
    #[error("no secret came with the client's id")]
    NoSecret,
    /// No client has this id.
    #[error("no client has the id {0:?}")]
    UnknownClient(String),
    /// The secret is not that of the client with this id.
    #[error("the secret is not that of client {0:?}")]
    WrongSecret(String),
    /// The client registered another way to authenticate than it used.
    #[error("client {0:?} is registered with another way to authenticate")]
    WrongMethod(String),
    /// The return URI is not the registered one.
    #[error("the return URI is not that of the registration")]
    ReturnUri,
    /// The code is not good for this request.
    #[error(transparent)]
    Code(#[from] CodeFault),
    /// The store failed: not the client's fault.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The token could not be signed: not the client's fault.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// No token could be made up: not the client's fault.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
}

impl TokenError {
    /// The code of RFC 6749, 5.2, or `server_error` where the client is not at fault.
    #[must_use]
    pub fn error(&self) -> &'static str {
        match self {
            Self::MissingParameter => "invalid_request",
            Self::UnsupportedGrantType(_) => "unsupported_grant_type",
            Self::NoSecret
            | Self::UnknownClient(_)
            | Self::WrongSecret(_)
            | Self::WrongMethod(_) => "invalid_client",
            Self::MalformedCode | Self::ReturnUri | Self::Code(_) => "invalid_grant",
            Self::Store(_) | Self::Key(_) | Self::Randomness(_) => "server_error",
        }
    }

    /// What Gafaelfawr says about it.
    #[must_use]
    pub fn description(&self) -> String {
        match self {
            Self::MissingParameter => "Invalid token request".to_owned(),
            Self::UnsupportedGrantType(kind) => format!("Invalid grant type {kind}"),
            Self::NoSecret => "No client_secret provided".to_owned(),
            Self::UnknownClient(id) => format!("Unknown client ID {id}"),
            Self::WrongSecret(id) => format!("Invalid secret for {id}"),
            Self::WrongMethod(id) => format!("Invalid authentication method for {id}"),
            Self::MalformedCode | Self::ReturnUri | Self::Code(_) => {
                "Invalid authorization code".to_owned()
            }
            Self::Store(_) | Self::Key(_) | Self::Randomness(_) => {
                "Internal Server Error".to_owned()
            }
        }
    }
}
