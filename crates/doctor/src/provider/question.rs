//! What is asked about a provider, and what is answered.

use juju_hook::Secret;
use serde::{Deserialize, Serialize, Serializer};

/// What is asked about one provider, as it is configured.
#[derive(Debug, Serialize, Deserialize)]
pub struct Question {
    /// How Kratos finds the provider.
    pub endpoints: Endpoints,
    /// The OAuth client's id.
    pub client_id: String,
    /// How Kratos proves that it is that client.
    pub credentials: Credentials,
    /// What Kratos asks for, `openid` included where Kratos adds it.
    pub scopes: Vec<String>,
    /// Where Kratos wants users to be sent back to, if that is known.
    pub redirect_uri: Option<String>,
    /// The applications that log users in at the provider beside Kratos, as the same client.
    pub applications: Vec<Application>,
    /// Certificates in PEM that are trusted beside those of the system, one or more in each text;
    /// a text may be empty.
    pub certificates: Vec<String>,
    /// Whether one request with a wrong secret may be made, to see whether the provider tells
    /// the difference.
    pub control: bool,
    /// How to get out of here.
    pub proxies: Proxies,
}

/// An application that logs its users in at the provider: what it asks for, in the words of the
/// interface `oauth`, which are those of discovery documents. Nothing of it is trusted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    /// What it is called in the answer.
    pub name: String,
    /// Where it wants users to be sent back to.
    pub redirect_uris: Vec<String>,
    /// The scopes that it asks for.
    pub scopes: Vec<String>,
    /// How it comes by tokens (RFC 7591, section 2: `grant_types`).
    pub grant_types: Vec<String>,
    /// How it shows its secret at the token endpoint (`token_endpoint_auth_method` there).
    pub auth_method: String,
}

/// How Kratos finds a provider. At least one of the two is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Endpoints {
    /// Where its discovery document is; `None` if Kratos reads none.
    pub issuer: Option<Issuer>,
    /// The endpoints, if Kratos knows them without a document.
    pub fixed: Option<Fixed>,
}

/// An issuer (OpenID Connect Discovery 1.0, section 3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Issuer {
    /// Its URL, as it is configured.
    pub url: String,
    /// Whether that is an option of the charm.
    pub is_option: bool,
    /// What the document must say of it.
    pub comparison: Comparison,
}

/// How the issuer in a document is compared with the one that is configured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Comparison {
    /// Byte for byte: Kratos refuses everything else (go-oidc's `NewProvider`).
    Exact,
    /// A slash at the end does not matter: Kratos makes the endpoints of the kind `auth0` itself.
    BarSlash,
    /// Not at all: Entra ID's documents have a template or the tenant's number.
    Nothing,
}

/// Endpoints that Kratos has in its code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fixed {
    /// The authorization endpoint.
    pub authorization: String,
    /// The token endpoint.
    pub token: String,
}

/// How a client proves who it is.
#[derive(Debug, Serialize, Deserialize)]
pub enum Credentials {
    /// By its secret: first by HTTP Basic, then in the body, as Go's `oauth2` does for Kratos.
    Secret(#[serde(serialize_with = "exposed")] Secret),
    /// By a token that was signed instead of a secret, in the body (`ProviderApple` of Kratos).
    Signed(#[serde(serialize_with = "exposed")] Secret),
    /// No token can be signed with the key.
    Unsigned,
    /// The secret cannot be read here.
    Unknown,
}

/// The other program reads it from its standard input, and from nowhere else.
fn exposed<S: Serializer>(secret: &Secret, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret.expose())
}

/// The proxies to use.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proxies {
    /// For `http://`.
    pub http: Option<String>,
    /// For `https://`.
    pub https: Option<String>,
    /// What is reached without one: hosts, domains and networks, with commas between.
    pub none: Option<String>,
}

/// What is answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Examination {
    /// What was checked: first for Kratos, then for each application, each in the order of
    /// [`Name`].
    pub checks: Vec<Check>,
    /// What the discovery document says, if it can be used.
    pub found: Option<Found>,
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// What was checked.
    pub name: Name,
    /// Whose login it is about, made harmless; `None` if it is Kratos'.
    pub application: Option<String>,
    /// The outcome.
    pub verdict: Verdict,
    /// What was seen, in a sentence without an end. It contains words of the provider, made
    /// harmless.
    pub seen: String,
    /// What to do about it, if there is something.
    pub remedy: Option<Remedy>,
}

impl Check {
    pub(super) fn new(
        name: Name,
        verdict: Verdict,
        seen: impl Into<String>,
        remedy: impl Into<Option<Remedy>>,
    ) -> Self {
        Self {
            name,
            application: None,
            verdict,
            seen: seen.into(),
            remedy: remedy.into(),
        }
    }

    /// The same, about the login of an application.
    pub(super) fn of(self, application: &str) -> Self {
        Self {
            application: Some(application.to_owned()),
            ..self
        }
    }
}

/// What is checked of a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Name {
    /// Its discovery document.
    Discovery,
    /// The keys that it signs ID tokens with.
    Keys,
    /// The client's id and secret, or what is signed instead of one.
    Credentials,
    /// Whether it would send users back to Kratos, or to an application.
    RedirectUri,
    /// The scopes.
    Scopes,
    /// The ways in which an application comes by tokens.
    GrantTypes,
    /// The way in which an application shows its secret.
    AuthMethod,
    /// Proof Key for Code Exchange (RFC 7636).
    Pkce,
    /// Its time against ours.
    Clock,
}

impl Name {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Discovery => "discovery",
            Self::Keys => "keys",
            Self::Credentials => "credentials",
            Self::RedirectUri => "redirect-uri",
            Self::Scopes => "scopes",
            Self::GrantTypes => "grant-types",
            Self::AuthMethod => "auth-method",
            Self::Pkce => "pkce",
            Self::Clock => "clock",
        }
    }
}

/// The outcome of a check; the later, the worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// It works.
    Good,
    /// It cannot be told from here.
    Unknown,
    /// Logins will fail.
    Bad,
}

impl Verdict {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Unknown => "unknown",
            Self::Bad => "bad",
        }
    }
}

/// What to do about a check that is not good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Remedy {
    /// Give an option this value, or one for which this is a placeholder such as `<secret>`.
    Set {
        /// The option of the charm.
        option: String,
        /// The value.
        to: String,
    },
    /// Follow this instruction.
    Do(String),
}

impl Remedy {
    pub(super) fn set(option: &str, to: &str) -> Self {
        Self::Set {
            option: option.to_owned(),
            to: to.to_owned(),
        }
    }

    pub(super) fn instruction(text: impl Into<String>) -> Self {
        Self::Do(text.into())
    }
}

/// What a discovery document says (OpenID Connect Discovery 1.0, section 3; RFC 8414, section 2).
/// Only URLs that can be typed are here.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// `authorization_endpoint`.
    pub authorization_endpoint: Option<String>,
    /// `token_endpoint`.
    pub token_endpoint: Option<String>,
    /// `userinfo_endpoint`.
    pub userinfo_endpoint: Option<String>,
    /// `introspection_endpoint`.
    pub introspection_endpoint: Option<String>,
    /// `jwks_uri`.
    pub jwks_endpoint: Option<String>,
}
