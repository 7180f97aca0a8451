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

#[cfg(test)]
mod tests {
    use super::*;

    /// What the Python library writes, byte for byte.
    const WRITTEN: [(&str, &str); 5] = [
        (REDIRECT_URI, "https://rp.example.com/oauth/callback"),
        (SCOPE, "openid email profile"),
        (GRANT_TYPES, r#"["authorization_code"]"#),
        (AUDIENCE, "[]"),
        (AUTH_METHOD, "client_secret_basic"),
    ];

    fn config() -> ClientConfig {
        ClientConfig {
            redirect_uris: vec!["https://rp.example.com/oauth/callback".into()],
            scope: "openid email profile".into(),
            grant_types: vec![GrantType::AuthorizationCode],
            ..ClientConfig::default()
        }
    }

    fn kept(entries: &BTreeMap<&str, String>) -> Databag {
        let kept = entries.iter().filter(|(_, value)| !value.is_empty());
        let kept: BTreeMap<_, _> = kept.collect();
        serde_json::from_value(serde_json::to_value(kept).unwrap()).unwrap()
    }

    #[test]
    fn it_is_written_byte_for_byte_as_the_python_library_writes_it() {
        struct Case {
            name: &'static str,
            change: fn(&mut ClientConfig),
            key: &'static str,
            written: &'static str,
        }

        let mut written = BTreeMap::from(WRITTEN.map(|(key, value)| (key, value.to_owned())));
        written.insert(CLIENT_ID, String::new());
        let request = ClientRequest::try_from(config()).unwrap();
        assert_eq!(request.entries(), written);
        for Case {
            name,
            change,
            key,
            written,
        } in [
            Case {
                name: "two redirect URIs",
                change: |one| {
                    one.redirect_uris =
                        vec!["https://a.example/cb".into(), "https://b.example/cb".into()];
                },
                key: REDIRECT_URI,
                written: r#"["https://a.example/cb", "https://b.example/cb"]"#,
            },
            Case {
                name: "none",
                change: |one| {
                    one.redirect_uris.clear();
                    one.grant_types = vec![GrantType::ClientCredentials];
                },
                key: REDIRECT_URI,
                written: "",
            },
            Case {
                name: "all grant types",
                change: |one| one.grant_types = GrantType::ALL.to_vec(),
                key: GRANT_TYPES,
                written: r#"["authorization_code", "refresh_token", "client_credentials", "urn:ietf:params:oauth:grant-type:device_code"]"#,
            },
            Case {
                name: "an audience",
                change: |one| one.audience = vec!["api".into()],
                key: AUDIENCE,
                written: r#"["api"]"#,
            },
            Case {
                name: "by form",
                change: |one| one.auth_method = AuthMethod::ClientSecretPost,
                key: AUTH_METHOD,
                written: "client_secret_post",
            },
            Case {
                name: "an id",
                change: |one| one.client_id = Some("7890123".into()),
                key: CLIENT_ID,
                written: r#""7890123""#,
            },
            Case {
                name: "no scope",
                change: |one| one.scope.clear(),
                key: SCOPE,
                written: r#""""#,
            },
        ] {
            let mut config = config();
            change(&mut config);
            let request = ClientRequest::try_from(config.clone()).unwrap();
            let entries = request.entries();
            assert_eq!(entries[key], written, "{name}");
            assert_eq!(ClientConfig::read(&kept(&entries)), Ok(config), "{name}");
        }
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table")]
    fn what_fails_the_schema_is_not_there_yet() {
        struct Case<'a> {
            name: &'static str,
            key: &'static str,
            /// Empty: not there.
            value: &'a str,
            error: Option<&'static str>,
        }

        let long = "x".repeat(2049);
        let fits = format!("https://{}", "x".repeat(2040));
        let many = format!("[{}\"x\"]", "\"x\",".repeat(64));
        for Case {
            name,
            key,
            value,
            error,
        } in [
            Case {
                name: "no redirect URI",
                key: REDIRECT_URI,
                value: "",
                error: Some("redirect_uri: not there yet"),
            },
            Case {
                name: "an empty redirect URI",
                key: REDIRECT_URI,
                value: r#""""#,
                error: Some("redirect_uri: not there yet"),
            },
            Case {
                name: "a list without a redirect URI",
                key: REDIRECT_URI,
                value: "[]",
                error: Some("redirect_uri: not there yet"),
            },
            Case {
                name: "a number as redirect URI",
                key: REDIRECT_URI,
                value: "7",
                error: Some("redirect_uri: not a text"),
            },
            Case {
                name: "a list with a number",
                key: REDIRECT_URI,
                value: r#"["https://a", 7]"#,
                error: Some("redirect_uri: not a text"),
            },
            Case {
                name: "a redirect URI that is no URL",
                key: REDIRECT_URI,
                value: "app:/cb",
                error: None,
            },
            Case {
                name: "as long as can be",
                key: REDIRECT_URI,
                value: &fits,
                error: None,
            },
            Case {
                name: "longer",
                key: REDIRECT_URI,
                value: &long,
                error: Some("redirect_uri: too long"),
            },
            Case {
                name: "many",
                key: REDIRECT_URI,
                value: &many,
                error: Some("redirect_uri: too long"),
            },
            Case {
                name: "an escape sequence",
                key: REDIRECT_URI,
                value: "https://\u{1b}[31m",
                error: Some("redirect_uri: has a control character"),
            },
            Case {
                name: "no scope",
                key: SCOPE,
                value: "",
                error: Some("scope: not there yet"),
            },
            Case {
                name: "a list of scopes",
                key: SCOPE,
                value: "[\"openid\"]",
                error: Some("scope: not a text"),
            },
            Case {
                name: "no grant types",
                key: GRANT_TYPES,
                value: "",
                error: Some("grant_types: not there yet"),
            },
            Case {
                name: "a grant type alone",
                key: GRANT_TYPES,
                value: "authorization_code",
                error: Some("grant_types: not a JSON list of texts"),
            },
            Case {
                name: "a grant type of its own",
                key: GRANT_TYPES,
                value: r#"["authorization_code", "password"]"#,
                error: Some("grant_types: a word that the interface does not have"),
            },
            Case {
                name: "every grant type",
                key: GRANT_TYPES,
                value: r#"["authorization_code","refresh_token","client_credentials","urn:ietf:params:oauth:grant-type:device_code"]"#,
                error: None,
            },
            Case {
                name: "no audience",
                key: AUDIENCE,
                value: "",
                error: Some("audience: not there yet"),
            },
            Case {
                name: "an empty text as audience",
                key: AUDIENCE,
                value: r#""""#,
                error: Some("audience: not a JSON list of texts"),
            },
            Case {
                name: "an audience",
                key: AUDIENCE,
                value: r#"["api"]"#,
                error: None,
            },
            Case {
                name: "no method",
                key: AUTH_METHOD,
                value: "",
                error: Some("token_endpoint_auth_method: not there yet"),
            },
            Case {
                name: "a list of methods",
                key: AUTH_METHOD,
                value: r#"["client_secret_basic"]"#,
                error: Some("token_endpoint_auth_method: not a text"),
            },
            Case {
                name: "another method",
                key: AUTH_METHOD,
                value: "private_key_jwt",
                error: Some("token_endpoint_auth_method: a word that the interface does not have"),
            },
            Case {
                name: "by form",
                key: AUTH_METHOD,
                value: "client_secret_post",
                error: None,
            },
            Case {
                name: "a client id",
                key: CLIENT_ID,
                value: "mine",
                error: None,
            },
            Case {
                name: "a number as client id",
                key: CLIENT_ID,
                value: "7",
                error: Some("client_id: not a text"),
            },
            Case {
                name: "an unknown key",
                key: "more",
                value: "{",
                error: None,
            },
        ] {
            let mut entries = BTreeMap::from(WRITTEN.map(|(key, value)| (key, value.to_owned())));
            entries.insert(key, value.to_owned());
            let read = ClientConfig::read(&kept(&entries));
            let said = read.err().map(|error| error.to_string());
            assert_eq!(said.as_deref(), error, "{name}");
        }
        let nothing = ClientConfig::read(&Databag::default()).unwrap_err();
        assert_eq!(nothing.problem, Problem::Missing);
        let mut machine = BTreeMap::from(WRITTEN.map(|(key, value)| (key, value.to_owned())));
        machine.remove(REDIRECT_URI);
        machine.insert(GRANT_TYPES, r#"["client_credentials"]"#.to_owned());
        assert!(
            ClientConfig::read(&kept(&machine)).is_ok(),
            "nobody logs in"
        );
    }

    #[test]
    fn what_would_do_harm_is_refused_with_its_name() {
        struct Case {
            name: &'static str,
            change: fn(&mut ClientConfig),
            error: Option<&'static str>,
        }

        for Case {
            name,
            change,
            error,
        } in [
            Case {
                name: "http, for tests",
                change: |one| one.redirect_uris = vec!["http://localhost:8080/cb".into()],
                error: None,
            },
            Case {
                name: "an address",
                change: |one| one.redirect_uris = vec!["https://10.0.0.1:8443/cb".into()],
                error: None,
            },
            Case {
                name: "no redirect URI",
                change: |one| one.redirect_uris.clear(),
                error: Some("redirect_uri: not set"),
            },
            Case {
                name: "an empty one",
                change: |one| one.redirect_uris.push(String::new()),
                error: Some("redirect_uri: not set"),
            },
            Case {
                name: "another scheme",
                change: |one| one.redirect_uris.push("app:/cb".into()),
                error: Some("redirect_uri: not an http:// or https:// URL"),
            },
            Case {
                name: "no host",
                change: |one| one.redirect_uris = vec!["https:///cb".into()],
                error: Some("redirect_uri: not an http:// or https:// URL"),
            },
            Case {
                name: "a space",
                change: |one| one.redirect_uris = vec!["https://a/c b".into()],
                error: Some("redirect_uri: not an http:// or https:// URL"),
            },
            Case {
                name: "too long",
                change: |one| one.redirect_uris[0].push_str(&"x".repeat(2048)),
                error: Some("redirect_uri: longer than 2048 bytes"),
            },
            Case {
                name: "scopes in lines",
                change: |one| one.scope.push('\n'),
                error: Some("scope: has a control character"),
            },
            Case {
                name: "an empty audience",
                change: |one| one.audience.push(String::new()),
                error: Some("audience: not set"),
            },
            Case {
                name: "an empty id",
                change: |one| one.client_id = Some(String::new()),
                error: Some("client_id: not set"),
            },
        ] {
            let mut config = config();
            change(&mut config);
            let checked = ClientRequest::try_from(config);
            let found = checked.err().map(|error| error.to_string());
            assert_eq!(found.as_deref(), error, "{name}");
        }
    }
}
