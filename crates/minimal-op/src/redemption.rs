//! What a client sends to redeem a code, and the steps that a provider checks it in.

use serde::{Deserialize, Serialize};

use crate::secret::Secret;

/// How a client authenticates (RFC 6749, 2.3.1; the names are those of OpenID Connect Dynamic
/// Client Registration, 2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum ClientAuth {
    /// In the `Authorization` header.
    #[default]
    #[serde(rename = "client_secret_basic")]
    Basic,
    /// In the form.
    #[serde(rename = "client_secret_post")]
    Body,
}

/// A request to the token endpoint. What is missing is `None`, so that one place refuses it.
#[derive(Debug, Clone, Default)]
pub struct TokenRequest {
    /// The kind of grant: `authorization_code` is the one that works.
    pub grant_type: Option<String>,
    /// Who asks.
    pub client_id: Option<String>,
    /// What proves it.
    pub client_secret: Option<Secret>,
    /// The return URI of the login request, once more.
    pub redirect_uri: Option<String>,
    /// The code.
    pub code: Option<Secret>,
    /// What the challenge of the login request was made of (RFC 7636, 4.5).
    pub code_verifier: Option<Secret>,
    /// Where the id and the secret came from.
    pub auth: ClientAuth,
}

/// One check of a request to the token endpoint. Which there are, and in which order, is the
/// difference between providers that a client notices most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// All that a grant of an authorization code needs is there.
    Parameters,
    /// The grant is one of an authorization code.
    GrantType,
    /// The code has the form of one.
    CodeForm,
    /// The code is known, whoever asks.
    CodeKnown,
    /// There is a secret.
    SecretGiven,
    /// There is a client with this id.
    Client,
    /// The client authenticates as it registered to.
    Method,
    /// The secret is that of the client.
    Secret,
    /// The return URI is that of the registration.
    ReturnUri,
    /// The code is good for all of this.
    Code,
}
