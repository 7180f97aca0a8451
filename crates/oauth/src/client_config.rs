//! What the requirer asks for.

use std::collections::BTreeMap;

use juju_hook::Databag;

use crate::errors::{MalformedError, Problem, Reason, UnwritableError};
use crate::fields::{check_filled, check_line, malformed, required_text, text, texts, value};
use crate::interface::{AUDIENCE, AUTH_METHOD, CLIENT_ID, GRANT_TYPES, REDIRECT_URI, SCOPE};
use crate::value::{Value, encode, encode_texts};

/// The longest text that is read, in bytes: a person is shown it, and that makes it an argument.
const TEXT_LIMIT: usize = 2048;

/// The longest list that is read.
const LIST_LIMIT: usize = 64;

/// How a client comes by tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum GrantType {
    /// A user logs in, and is sent back with a code.
    AuthorizationCode,
    /// Without the user, from what it got before.
    RefreshToken,
    /// In its own name.
    ClientCredentials,
    /// A user logs in on another device.
    DeviceCode,
}

impl GrantType {
    const ALL: [Self; 4] = [
        Self::AuthorizationCode,
        Self::RefreshToken,
        Self::ClientCredentials,
        Self::DeviceCode,
    ];

    /// The word for it, here and in a discovery document.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::AuthorizationCode => "authorization_code",
            Self::RefreshToken => "refresh_token",
            Self::ClientCredentials => "client_credentials",
            Self::DeviceCode => "urn:ietf:params:oauth:grant-type:device_code",
        }
    }
}

/// How a client shows its secret at the token endpoint.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum AuthMethod {
    /// In a header.
    #[default]
    ClientSecretBasic,
    /// In the form.
    ClientSecretPost,
}

impl AuthMethod {
    const ALL: [Self; 2] = [Self::ClientSecretBasic, Self::ClientSecretPost];

    /// The word for it, here and in a discovery document.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::ClientSecretBasic => "client_secret_basic",
            Self::ClientSecretPost => "client_secret_post",
        }
    }
}

/// The client that a requirer would like to be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ClientConfig {
    /// Where users are sent back to. Several need a provider with `charmlibs-interfaces-oauth`
    /// 1.2.0, or this crate.
    pub redirect_uris: Vec<String>,
    /// What it will ask for, with spaces between.
    pub scope: String,
    /// How it comes by tokens.
    pub grant_types: Vec<GrantType>,
    /// For whom tokens are, beyond the client itself.
    pub audience: Vec<String>,
    /// How it shows its secret.
    pub auth_method: AuthMethod,
    /// The id that it would like to have. No provider is known that minds.
    pub client_id: Option<String>,
}

impl ClientConfig {
    /// Reads what a requirer wrote. The Python library accepts the same, but for texts that
    /// nobody should print.
    ///
    /// # Errors
    ///
    /// If a key is missing or has another shape: the request is not there yet.
    pub fn read(databag: &Databag) -> Result<Self, MalformedError> {
        let scope = required_text(databag, SCOPE)?;
        check_text(SCOPE, &scope)?;
        let grant_types = words(databag, GRANT_TYPES)?;
        let grant_types: Vec<GrantType> = grant_types
            .iter()
            .map(|word| find(GRANT_TYPES, &GrantType::ALL, GrantType::word, word))
            .collect::<Result<_, _>>()?;
        let audience = words(databag, AUDIENCE)?;
        let method = required_text(databag, AUTH_METHOD)?;
        let auth_method = find(AUTH_METHOD, &AuthMethod::ALL, AuthMethod::word, &method)?;
        let mut redirect_uris = match value(databag, REDIRECT_URI) {
            None => Vec::new(),
            Some(Value::Text(uri)) => vec![uri],
            Some(Value::Texts(uris)) => uris,
            Some(Value::Other) => return Err(malformed(REDIRECT_URI, Problem::NotText)),
        };
        redirect_uris.retain(|uri| !uri.is_empty());
        check_texts(REDIRECT_URI, &redirect_uris)?;
        if redirect_uris.is_empty() && grant_types.contains(&GrantType::AuthorizationCode) {
            return Err(malformed(REDIRECT_URI, Problem::Missing));
        }
        let client_id = text(databag, CLIENT_ID)?.filter(|id| !id.is_empty());
        if let Some(id) = &client_id {
            check_text(CLIENT_ID, id)?;
        }
        Ok(Self {
            redirect_uris,
            scope,
            grant_types,
            audience,
            auth_method,
            client_id,
        })
    }
}

/// A list that has to be there.
fn words(databag: &Databag, key: &'static str) -> Result<Vec<String>, MalformedError> {
    let words = texts(databag, key)?.ok_or(malformed(key, Problem::Missing))?;
    check_texts(key, &words)?;
    Ok(words)
}

/// The one of `all` with this word.
fn find<T: Copy>(
    key: &'static str,
    all: &[T],
    word: fn(T) -> &'static str,
    wanted: &str,
) -> Result<T, MalformedError> {
    let found = all.iter().copied().find(|one| word(*one) == wanted);
    found.ok_or(malformed(key, Problem::UnknownWord))
}

fn check_text(key: &'static str, text: &str) -> Result<(), MalformedError> {
    if text.len() > TEXT_LIMIT {
        Err(malformed(key, Problem::TooLong))
    } else if text.contains(char::is_control) {
        Err(malformed(key, Problem::ControlCharacter))
    } else {
        Ok(())
    }
}

fn check_texts(key: &'static str, texts: &[String]) -> Result<(), MalformedError> {
    if texts.len() > LIST_LIMIT {
        return Err(malformed(key, Problem::TooLong));
    }
    texts.iter().try_for_each(|text| check_text(key, text))
}

/// A [`ClientConfig`] that can be written: no provider goes into error over it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientRequest(ClientConfig);

impl ClientRequest {
    /// What it asks for.
    #[must_use]
    pub fn config(&self) -> &ClientConfig {
        &self.0
    }

    /// All keys as they are written. An empty value means that the key is not there.
    pub(crate) fn entries(&self) -> BTreeMap<&'static str, String> {
        let ClientConfig {
            redirect_uris,
            scope,
            grant_types,
            audience,
            auth_method,
            client_id,
        } = &self.0;
        // Providers older than charmlibs-interfaces-oauth 1.2.0 read nothing but a text.
        let redirect_uri = match redirect_uris.as_slice() {
            [] => String::new(),
            [uri] => encode(uri).into_owned(),
            uris => encode_texts(uris),
        };
        let grant_types: Vec<_> = grant_types.iter().map(|one| one.word()).collect();
        let client_id = client_id.as_deref().map(encode).unwrap_or_default();
        BTreeMap::from([
            (REDIRECT_URI, redirect_uri),
            (SCOPE, encode(scope).into_owned()),
            (GRANT_TYPES, encode_texts(&grant_types)),
            (AUDIENCE, encode_texts(audience)),
            (AUTH_METHOD, auth_method.word().to_owned()),
            (CLIENT_ID, client_id.into_owned()),
        ])
    }
}

impl TryFrom<ClientConfig> for ClientRequest {
    type Error = UnwritableError;

    fn try_from(config: ClientConfig) -> Result<Self, UnwritableError> {
        let field = REDIRECT_URI;
        let is_needed = config.grant_types.contains(&GrantType::AuthorizationCode);
        if config.redirect_uris.is_empty() && is_needed {
            let reason = Reason::Empty;
            return Err(UnwritableError { field, reason });
        }
        for uri in &config.redirect_uris {
            check_filled(field, uri)?;
            if !is_url(uri) {
                let reason = Reason::NotUrl;
                return Err(UnwritableError { field, reason });
            }
        }
        check_line(SCOPE, &config.scope)?;
        for audience in &config.audience {
            check_filled(AUDIENCE, audience)?;
        }
        if let Some(id) = &config.client_id {
            check_filled(CLIENT_ID, id)?;
        }
        let lists = [(field, &config.redirect_uris), (AUDIENCE, &config.audience)];
        let texts = lists.into_iter().flat_map(|(field, texts)| {
            let texts = texts.iter().map(String::as_str);
            texts.map(move |text| (field, text))
        });
        let single = [(SCOPE, &*config.scope)].into_iter();
        let id = config.client_id.iter().map(|id| (CLIENT_ID, id.as_str()));
        for (field, text) in texts.chain(single).chain(id) {
            let limit = TEXT_LIMIT;
            if text.len() > limit {
                let reason = Reason::TooLong { limit };
                return Err(UnwritableError { field, reason });
            }
        }
        Ok(Self(config))
    }
}

/// Whether `uri` is one that a browser can be sent to. The interface wants `https://`, and its
/// libraries take `http://` with a warning, for tests.
fn is_url(uri: &str) -> bool {
    let rest = ["https://", "http://"]
        .into_iter()
        .find_map(|scheme| uri.strip_prefix(scheme));
    let has_host = |rest: &str| !rest.is_empty() && !rest.starts_with(['/', '?', '#', ':']);
    rest.is_some_and(has_host) && !uri.contains(char::is_whitespace)
}
