//! What the provider says of itself.

use std::collections::BTreeMap;

use juju_hook::Databag;

use crate::errors::{MalformedError, Problem, Reason, UnwritableError};
use crate::fields::{check_line, malformed, required_text, text, texts};
use crate::interface::{
    AUTHORIZATION_ENDPOINT, CA_CHAIN, GROUPS, INTROSPECTION_ENDPOINT, ISSUER_URL, JWKS_ENDPOINT,
    JWT_ACCESS_TOKEN, SCOPE, TOKEN_ENDPOINT, USERINFO_ENDPOINT,
};
use crate::value::{encode, encode_bool, encode_texts, truth};

/// Where the provider is reached, and what it can do. An empty text stands for an endpoint that
/// it does not have.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Endpoints {
    /// The issuer, as its tokens have it.
    pub issuer_url: String,
    /// Where users log in.
    pub authorization_endpoint: String,
    /// Where codes are redeemed.
    pub token_endpoint: String,
    /// Where tokens are looked up. Google, Entra and Gafaelfawr have none.
    pub introspection_endpoint: String,
    /// Where claims are asked for.
    pub userinfo_endpoint: String,
    /// Where the keys are: `jwks_uri` in a discovery document.
    pub jwks_endpoint: String,
    /// What may be asked for, with spaces between.
    pub scope: String,
    /// The claim that has the groups of a user.
    pub groups: Option<String>,
    /// Certificates in PEM, of a provider that the system's own authorities do not know.
    pub ca_chain: Vec<String>,
    /// Whether access tokens are JWTs.
    pub jwt_access_token: bool,
}

impl Endpoints {
    /// Reads what a provider wrote, credentials aside.
    ///
    /// # Errors
    ///
    /// If a key is missing or has another shape. The Python library raises an exception then.
    pub fn read(databag: &Databag) -> Result<Self, MalformedError> {
        let required = |key| required_text(databag, key);
        let jwt_access_token = match text(databag, JWT_ACCESS_TOKEN)? {
            None => false,
            Some(word) => truth(&word).ok_or(malformed(JWT_ACCESS_TOKEN, Problem::UnknownWord))?,
        };
        Ok(Self {
            issuer_url: required(ISSUER_URL)?,
            authorization_endpoint: required(AUTHORIZATION_ENDPOINT)?,
            token_endpoint: required(TOKEN_ENDPOINT)?,
            introspection_endpoint: required(INTROSPECTION_ENDPOINT)?,
            userinfo_endpoint: required(USERINFO_ENDPOINT)?,
            jwks_endpoint: required(JWKS_ENDPOINT)?,
            scope: required(SCOPE)?,
            groups: text(databag, GROUPS)?.filter(|claim| !claim.is_empty()),
            ca_chain: texts(databag, CA_CHAIN)?.unwrap_or_default(),
            jwt_access_token,
        })
    }

    /// The keys that are always there, and their texts.
    fn texts(&self) -> [(&'static str, &str); 7] {
        [
            (ISSUER_URL, &self.issuer_url),
            (AUTHORIZATION_ENDPOINT, &self.authorization_endpoint),
            (TOKEN_ENDPOINT, &self.token_endpoint),
            (INTROSPECTION_ENDPOINT, &self.introspection_endpoint),
            (USERINFO_ENDPOINT, &self.userinfo_endpoint),
            (JWKS_ENDPOINT, &self.jwks_endpoint),
            (SCOPE, &self.scope),
        ]
    }

    /// All keys as they are written. An empty value means that the key is not there.
    pub(crate) fn entries(&self) -> BTreeMap<&'static str, String> {
        let texts = self.texts().into_iter();
        let mut entries: BTreeMap<_, _> = texts
            .map(|(key, text)| (key, encode(text).into_owned()))
            .collect();
        let groups = self.groups.as_deref().filter(|claim| !claim.is_empty());
        let groups = groups.map(|claim| encode(claim).into_owned());
        entries.insert(GROUPS, groups.unwrap_or_default());
        let has_chain = !self.ca_chain.is_empty();
        let chain = has_chain.then(|| encode_texts(&self.ca_chain));
        entries.insert(CA_CHAIN, chain.unwrap_or_default());
        let is_jwt = encode_bool(self.jwt_access_token);
        entries.insert(JWT_ACCESS_TOKEN, is_jwt.to_owned());
        entries
    }
}

/// [`Endpoints`] that can be written: no requirer goes into error over them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderInfo(Endpoints);

impl ProviderInfo {
    /// What it says.
    #[must_use]
    pub fn endpoints(&self) -> &Endpoints {
        &self.0
    }
}

impl TryFrom<Endpoints> for ProviderInfo {
    type Error = UnwritableError;

    fn try_from(endpoints: Endpoints) -> Result<Self, UnwritableError> {
        for (field, text) in endpoints.texts() {
            check_line(field, text)?;
        }
        if let Some(claim) = &endpoints.groups {
            check_line(GROUPS, claim)?;
        }
        let is_odd = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
        for certificate in &endpoints.ca_chain {
            let reason = match certificate.as_str() {
                "" => Reason::Empty,
                text if text.contains(is_odd) => Reason::ControlCharacter,
                _ => continue,
            };
            let field = CA_CHAIN;
            return Err(UnwritableError { field, reason });
        }
        Ok(Self(endpoints))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The provider of section 6 of the interface's documentation, as the Python library writes it.
    const WRITTEN: [(&str, &str); 10] = [
        ("issuer_url", "https://accounts.google.com"),
        (
            "authorization_endpoint",
            "https://accounts.google.com/o/oauth2/v2/auth",
        ),
        ("token_endpoint", "https://oauth2.googleapis.com/token"),
        (
            "introspection_endpoint",
            "https://oauth2.googleapis.com/tokeninfo",
        ),
        (
            "userinfo_endpoint",
            "https://openidconnect.googleapis.com/v1/userinfo",
        ),
        (
            "jwks_endpoint",
            "https://www.googleapis.com/oauth2/v3/certs",
        ),
        ("scope", "openid profile email"),
        ("jwt_access_token", "True"),
        ("groups", "groups"),
        ("ca_chain", r#"["PEM1", "PEM2"]"#),
    ];

    fn google() -> Endpoints {
        Endpoints {
            issuer_url: "https://accounts.google.com".into(),
            authorization_endpoint: "https://accounts.google.com/o/oauth2/v2/auth".into(),
            token_endpoint: "https://oauth2.googleapis.com/token".into(),
            introspection_endpoint: "https://oauth2.googleapis.com/tokeninfo".into(),
            userinfo_endpoint: "https://openidconnect.googleapis.com/v1/userinfo".into(),
            jwks_endpoint: "https://www.googleapis.com/oauth2/v3/certs".into(),
            scope: "openid profile email".into(),
            groups: Some("groups".into()),
            ca_chain: vec!["PEM1".into(), "PEM2".into()],
            jwt_access_token: true,
        }
    }

    /// What Juju keeps of `entries`: no key with an empty value.
    fn kept(entries: &BTreeMap<&'static str, String>) -> Databag {
        let kept = entries.iter().filter(|(_, value)| !value.is_empty());
        let kept: BTreeMap<_, _> = kept.collect();
        serde_json::from_value(serde_json::to_value(kept).unwrap()).unwrap()
    }

    #[test]
    fn it_is_written_byte_for_byte_as_the_python_library_writes_it() {
        let written = WRITTEN.map(|(key, value)| (key, value.to_owned()));
        assert_eq!(google().entries(), BTreeMap::from(written));
        assert_eq!(Endpoints::read(&Databag::from(WRITTEN)), Ok(google()));
        let gafaelfawr = Endpoints {
            issuer_url: "https://data.example.org/".into(),
            authorization_endpoint: "https://data.example.org/auth/openid/login".into(),
            token_endpoint: "https://data.example.org/auth/openid/token".into(),
            userinfo_endpoint: "https://data.example.org/auth/openid/userinfo".into(),
            jwks_endpoint: "https://data.example.org/.well-known/jwks.json".into(),
            scope: "openid profile email".into(),
            ..Endpoints::default()
        };
        let entries = gafaelfawr.entries();
        let shown: Vec<_> = [
            "introspection_endpoint",
            "jwt_access_token",
            "groups",
            "ca_chain",
        ]
        .iter()
        .map(|key| entries[key].as_str())
        .collect();
        assert_eq!(
            shown,
            [r#""""#, "False", "", ""],
            "nothing is left out, or is there"
        );
        assert_eq!(Endpoints::read(&kept(&entries)), Ok(gafaelfawr));
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table")]
    fn every_row_of_the_table_is_read_as_the_newest_requirer_reads_it() {
        struct Case {
            name: &'static str,
            key: &'static str,
            /// Empty: not there.
            value: &'static str,
            read: Result<fn(&mut Endpoints), &'static str>,
        }
        let same: fn(&mut Endpoints) = |_| {};

        for Case {
            name,
            key,
            value,
            read,
        } in [
            Case {
                name: "jwt_access_token True",
                key: JWT_ACCESS_TOKEN,
                value: "True",
                read: Ok(same),
            },
            Case {
                name: "jwt_access_token quoted",
                key: JWT_ACCESS_TOKEN,
                value: r#""True""#,
                read: Ok(same),
            },
            Case {
                name: "jwt_access_token absent",
                key: JWT_ACCESS_TOKEN,
                value: "",
                read: Ok(|one| one.jwt_access_token = false),
            },
            Case {
                name: "jwt_access_token off",
                key: JWT_ACCESS_TOKEN,
                value: "off",
                read: Ok(|one| one.jwt_access_token = false),
            },
            Case {
                name: "jwt_access_token true",
                key: JWT_ACCESS_TOKEN,
                value: "true",
                read: Err("jwt_access_token: not a text"),
            },
            Case {
                name: "jwt_access_token maybe",
                key: JWT_ACCESS_TOKEN,
                value: "maybe",
                read: Err("jwt_access_token: a word that the interface does not have"),
            },
            Case {
                name: "ca_chain []",
                key: CA_CHAIN,
                value: "[]",
                read: Ok(|one| one.ca_chain.clear()),
            },
            Case {
                name: "ca_chain absent",
                key: CA_CHAIN,
                value: "",
                read: Ok(|one| one.ca_chain.clear()),
            },
            Case {
                name: "ca_chain bare",
                key: CA_CHAIN,
                value: "-----BEGIN CERTIFICATE-----\nx",
                read: Err("ca_chain: not a JSON list of texts"),
            },
            Case {
                name: "ca_chain of numbers",
                key: CA_CHAIN,
                value: "[1]",
                read: Err("ca_chain: not a JSON list of texts"),
            },
            Case {
                name: "groups absent",
                key: GROUPS,
                value: "",
                read: Ok(|one| one.groups = None),
            },
            Case {
                name: "groups null",
                key: GROUPS,
                value: "null",
                read: Err("groups: not a text"),
            },
            Case {
                name: "groups that is a word of JSON",
                key: GROUPS,
                value: r#""null""#,
                read: Ok(|one| one.groups = Some("null".into())),
            },
            Case {
                name: "introspection_endpoint missing",
                key: INTROSPECTION_ENDPOINT,
                value: "",
                read: Err("introspection_endpoint: not there yet"),
            },
            Case {
                name: "introspection_endpoint null",
                key: INTROSPECTION_ENDPOINT,
                value: "null",
                read: Err("introspection_endpoint: not a text"),
            },
            Case {
                name: "introspection_endpoint empty",
                key: INTROSPECTION_ENDPOINT,
                value: r#""""#,
                read: Ok(|one| one.introspection_endpoint.clear()),
            },
            Case {
                name: "userinfo_endpoint missing",
                key: USERINFO_ENDPOINT,
                value: "",
                read: Err("userinfo_endpoint: not there yet"),
            },
            Case {
                name: "authorization_endpoint missing",
                key: AUTHORIZATION_ENDPOINT,
                value: "",
                read: Err("authorization_endpoint: not there yet"),
            },
            Case {
                name: "token_endpoint missing",
                key: TOKEN_ENDPOINT,
                value: "",
                read: Err("token_endpoint: not there yet"),
            },
            Case {
                name: "jwks_endpoint missing",
                key: JWKS_ENDPOINT,
                value: "",
                read: Err("jwks_endpoint: not there yet"),
            },
            Case {
                name: "issuer_url missing",
                key: ISSUER_URL,
                value: "",
                read: Err("issuer_url: not there yet"),
            },
            Case {
                name: "issuer_url that is no URL",
                key: ISSUER_URL,
                value: "op",
                read: Ok(|one| one.issuer_url = "op".into()),
            },
            Case {
                name: "scope missing",
                key: SCOPE,
                value: "",
                read: Err("scope: not there yet"),
            },
            Case {
                name: "scope as a list",
                key: SCOPE,
                value: r#"["openid"]"#,
                read: Err("scope: not a text"),
            },
            Case {
                name: "an unknown key",
                key: "more",
                value: "1",
                read: Ok(same),
            },
        ] {
            let mut entries: BTreeMap<_, _> = WRITTEN
                .into_iter()
                .map(|(key, value)| (key, value.to_owned()))
                .collect();
            entries.insert(key, value.to_owned());
            let read = read.map_err(str::to_owned).map(|change| {
                let mut endpoints = google();
                change(&mut endpoints);
                endpoints
            });
            let found = Endpoints::read(&kept(&entries));
            assert_eq!(found.map_err(|error| error.to_string()), read, "{name}");
        }
    }

    #[test]
    fn what_would_do_harm_is_refused_with_its_name() {
        struct Case {
            name: &'static str,
            change: fn(&mut Endpoints),
            error: Option<&'static str>,
        }

        for Case {
            name,
            change,
            error,
        } in [
            Case {
                name: "nothing",
                change: |_| {},
                error: None,
            },
            Case {
                name: "all empty",
                change: |one| *one = Endpoints::default(),
                error: None,
            },
            Case {
                name: "PEM",
                change: |one| one.ca_chain = vec!["-----BEGIN-----\r\n\tx\n".into()],
                error: None,
            },
            Case {
                name: "two lines",
                change: |one| one.token_endpoint.push('\n'),
                error: Some("token_endpoint: has a control character"),
            },
            Case {
                name: "a claim with DEL",
                change: |one| one.groups = Some("\u{7f}".into()),
                error: Some("groups: has a control character"),
            },
            Case {
                name: "NUL in PEM",
                change: |one| one.ca_chain.push("\0".into()),
                error: Some("ca_chain: has a control character"),
            },
            Case {
                name: "an empty certificate",
                change: |one| one.ca_chain.push(String::new()),
                error: Some("ca_chain: not set"),
            },
        ] {
            let mut endpoints = google();
            change(&mut endpoints);
            let checked = ProviderInfo::try_from(endpoints);
            let found = checked.err().map(|error| error.to_string());
            assert_eq!(found.as_deref(), error, "{name}");
        }
    }

    #[test]
    fn whatever_is_written_is_read_as_it_was_meant() {
        for text in ["7890123", "null", "NaN", "[]", "{}", "\"", "", "é🔐"] {
            let endpoints = Endpoints {
                issuer_url: text.into(),
                authorization_endpoint: text.into(),
                token_endpoint: text.into(),
                introspection_endpoint: text.into(),
                userinfo_endpoint: text.into(),
                jwks_endpoint: text.into(),
                scope: text.into(),
                groups: Some(text.into()).filter(|claim: &String| !claim.is_empty()),
                ca_chain: vec![text.into()],
                jwt_access_token: false,
            };
            let found = Endpoints::read(&kept(&endpoints.entries()));
            assert_eq!(found, Ok(endpoints), "{text}");
        }
    }
}
