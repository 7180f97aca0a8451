//! The provider model: what the administrator asked for, checked.
//!
//! Loose in, strict inside: [`Settings`] takes whatever is set, `Provider` can
//! only hold what Kratos can work with. A provider is tagged by its [`Kind`];
//! kinds that need the same fields share a variant of [`Credentials`], so that a
//! new kind is one row in the table of `kind.rs`.

mod id;
mod kind;
mod mapper;

use serde::{Deserialize, Deserializer};

pub use self::kind::{Kind, Shape};
use crate::finding::{Finding, Fix};
use crate::secret::Secret;

/// The settings of one provider under the names of the charm's options, each of
/// which may be unset. The empty string counts as unset: Terraform modules pass it
/// for what they do not use.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The word of a [`Kind`]; unset means `generic`.
    #[serde(deserialize_with = "text")]
    pub provider: Option<String>,
    /// The OAuth client's id.
    #[serde(deserialize_with = "text")]
    pub client_id: Option<String>,
    /// The OAuth client's secret.
    #[serde(deserialize_with = "secret")]
    pub client_secret: Option<Secret>,
    /// The issuer, for generic providers.
    #[serde(deserialize_with = "text")]
    pub issuer_url: Option<String>,
    /// The tenant, for Entra ID.
    #[serde(deserialize_with = "text")]
    pub microsoft_tenant_id: Option<String>,
    /// The developer team, for Apple.
    #[serde(deserialize_with = "text")]
    pub apple_team_id: Option<String>,
    /// The private key's id, for Apple.
    #[serde(deserialize_with = "text")]
    pub apple_private_key_id: Option<String>,
    /// The private key, for Apple.
    #[serde(deserialize_with = "secret")]
    pub apple_private_key: Option<Secret>,
    /// A Jsonnet program.
    #[serde(deserialize_with = "text")]
    pub jsonnet_mapper: Option<String>,
    /// Where Kratos reads the mapper. No option: only databags have it.
    #[serde(skip)]
    pub mapper_url: Option<String>,
    /// The provider's id within Kratos.
    #[serde(deserialize_with = "text")]
    pub provider_id: Option<String>,
    /// The button's text.
    #[serde(deserialize_with = "text")]
    pub label: Option<String>,
    /// Scopes with white space between them.
    #[serde(deserialize_with = "text")]
    pub scope: Option<String>,
}

impl Settings {
    /// The one option of this kind that holds a secret, by name, and its value.
    /// `None` where the kind is unknown.
    pub fn secret_option(&mut self) -> Option<(&'static str, &mut Option<Secret>)> {
        let kind = self
            .provider
            .as_deref()
            .map_or(Some(Kind::Generic), Kind::from_word)?;
        Some(match kind.shape() {
            Shape::Apple => ("apple_private_key", &mut self.apple_private_key),
            Shape::Generic | Shape::Social | Shape::Microsoft => {
                ("client_secret", &mut self.client_secret)
            }
        })
    }
}

/// A text that is unset where it is empty.
fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Ok(Option::deserialize(deserializer)?.filter(|text: &String| !text.is_empty()))
}

/// As [`text`], for secrets.
fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Secret>, D::Error> {
    Ok(Option::deserialize(deserializer)?.filter(|secret: &Secret| !secret.is_empty()))
}

/// An identity provider that has all that its kind needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    kind: Kind,
    client_id: String,
    id: String,
    label: String,
    scope: String,
    mapper: Option<Mapper>,
    credentials: Credentials,
}

/// What proves to the provider that Kratos is the client, and where; one variant
/// for each [`Shape`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credentials {
    /// For [`Shape::Generic`].
    Generic {
        /// The issuer, as its discovery document says it.
        issuer_url: String,
        /// The OAuth client's secret.
        client_secret: Secret,
    },
    /// For [`Shape::Social`].
    Social {
        /// The OAuth client's secret.
        client_secret: Secret,
    },
    /// For [`Shape::Microsoft`].
    Microsoft {
        /// Whose users may log in.
        tenant: String,
        /// The OAuth client's secret.
        client_secret: Secret,
    },
    /// For [`Shape::Apple`], which takes no client secret: Kratos signs one with
    /// the key for every login.
    Apple {
        /// The developer team's id.
        team_id: String,
        /// The key's id.
        private_key_id: String,
        /// The key, in PEM.
        private_key: Secret,
    },
}

impl Credentials {
    /// The option that the one secret comes from.
    #[must_use]
    pub fn secret_option(&self) -> &'static str {
        match self {
            Self::Generic { .. } | Self::Social { .. } | Self::Microsoft { .. } => "client_secret",
            Self::Apple { .. } => "apple_private_key",
        }
    }

    /// The one secret among them, whatever it is.
    #[must_use]
    pub fn secret(&self) -> &Secret {
        match self {
            Self::Generic { client_secret, .. }
            | Self::Social { client_secret }
            | Self::Microsoft { client_secret, .. } => client_secret,
            Self::Apple { private_key, .. } => private_key,
        }
    }
}

/// What turns claims into traits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapper {
    /// The program, where it is known as text.
    pub jsonnet: Option<String>,
    /// Where Kratos reads it.
    pub url: String,
}

impl Provider {
    /// The kind, which is the tag on the wire.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The OAuth client's id.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The id within Kratos: the last part of the redirect URI.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The text of the button on the login page.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label
    }

    /// The scopes, with one space between them.
    #[must_use]
    pub fn scope(&self) -> &str {
        &self.scope
    }

    /// The mapper, unless Kratos is to use its own.
    #[must_use]
    pub fn mapper(&self) -> Option<&Mapper> {
        self.mapper.as_ref()
    }

    /// The credentials.
    #[must_use]
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }
}

impl TryFrom<Settings> for Provider {
    /// Everything that is wrong, in the order of the options.
    type Error = Vec<Finding>;

    fn try_from(settings: Settings) -> Result<Self, Vec<Finding>> {
        let mut findings = Vec::new();
        let kind = match settings.provider.as_deref() {
            None => Some(Kind::Generic),
            Some(word) => Kind::from_word(word).or_else(|| {
                findings.push(unknown_kind(word));
                None
            }),
        };
        let mut needs = Needs {
            findings: &mut findings,
        };
        let client_id = needs.value("client_id", "<client id>", settings.client_id);
        let Some(kind) = kind else {
            return Err(findings);
        };

        let credentials = match kind.shape() {
            Shape::Generic => {
                let client_secret = needs.client_secret(settings.client_secret);
                let issuer_url = needs.value("issuer_url", "<issuer>", settings.issuer_url);
                client_secret
                    .zip(issuer_url)
                    .map(|(client_secret, issuer_url)| Credentials::Generic {
                        issuer_url,
                        client_secret,
                    })
            }
            Shape::Social => needs
                .client_secret(settings.client_secret)
                .map(|client_secret| Credentials::Social { client_secret }),
            Shape::Microsoft => {
                let client_secret = needs.client_secret(settings.client_secret);
                let tenant = needs.value(
                    "microsoft_tenant_id",
                    "<tenant>",
                    settings.microsoft_tenant_id,
                );
                client_secret
                    .zip(tenant)
                    .map(|(client_secret, tenant)| Credentials::Microsoft {
                        tenant,
                        client_secret,
                    })
            }
            Shape::Apple => {
                let team_id = needs.value("apple_team_id", "<team id>", settings.apple_team_id);
                let private_key_id = needs.value(
                    "apple_private_key_id",
                    "<key id>",
                    settings.apple_private_key_id,
                );
                let private_key = needs.value(
                    "apple_private_key",
                    "@<file>.p8",
                    settings.apple_private_key,
                );
                team_id.zip(private_key_id).zip(private_key).map(
                    |((team_id, private_key_id), private_key)| Credentials::Apple {
                        team_id,
                        private_key_id,
                        private_key,
                    },
                )
            }
        };
        let (Some(client_id), Some(credentials)) = (client_id, credentials) else {
            return Err(findings);
        };

        let realm = match &credentials {
            Credentials::Generic { issuer_url, .. } => Some(issuer_url.as_str()),
            Credentials::Microsoft { tenant, .. } => Some(tenant.as_str()),
            Credentials::Social { .. } | Credentials::Apple { .. } => None,
        };
        Ok(Self {
            id: settings
                .provider_id
                .unwrap_or_else(|| id::derive(kind, &client_id, realm)),
            label: settings.label.unwrap_or_else(|| kind.word().to_owned()),
            scope: scope(kind, settings.scope.as_deref()),
            mapper: mapper(settings.jsonnet_mapper, settings.mapper_url),
            kind,
            client_id,
            credentials,
        })
    }
}

/// Collects what is missing.
struct Needs<'a> {
    findings: &'a mut Vec<Finding>,
}

impl Needs<'_> {
    fn value<T>(&mut self, option: &str, placeholder: &str, value: Option<T>) -> Option<T> {
        if value.is_none() {
            let to = placeholder.to_owned();
            self.findings
                .push(Finding::error(option, "not set", Fix::Set { to }));
        }
        value
    }

    fn client_secret(&mut self, value: Option<Secret>) -> Option<Secret> {
        self.value("client_secret", "<client secret>", value)
    }
}

fn unknown_kind(word: &str) -> Finding {
    let lower_case = word.trim().to_lowercase();
    let (problem, to) = match Kind::from_word(&lower_case) {
        Some(kind) => (
            "kinds are written in lower case, without spaces",
            kind.word(),
        ),
        None => ("no kind of provider that Kratos knows", "generic"),
    };
    Finding::error("provider", problem, Fix::Set { to: to.to_owned() })
}

/// Split and joined as `BaseProvider.deserialize_scope` of the Python library does.
fn scope(kind: Kind, configured: Option<&str>) -> String {
    let scopes: Vec<_> = configured.unwrap_or_default().split_whitespace().collect();
    if scopes.is_empty() {
        kind.default_scope().to_owned()
    } else {
        scopes.join(" ")
    }
}

/// A URL of its own wins over the program, as in `deserialize_mapper_url` of the
/// Python library.
fn mapper(jsonnet: Option<String>, url: Option<String>) -> Option<Mapper> {
    let url = url.or_else(|| jsonnet.as_deref().map(mapper::mapper_url))?;
    Some(Mapper { jsonnet, url })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(json: serde_json::Value) -> Settings {
        serde_json::from_value(json).unwrap()
    }

    #[test]
    fn what_is_missing_is_named() {
        for (name, json, options) in [
            (
                "nothing set",
                serde_json::json!({}),
                vec!["client_id", "client_secret", "issuer_url"],
            ),
            (
                "empty is unset",
                serde_json::json!({"client_id": "", "client_secret": "", "issuer_url": ""}),
                vec!["client_id", "client_secret", "issuer_url"],
            ),
            (
                "microsoft",
                serde_json::json!({"provider": "microsoft", "client_id": "c"}),
                vec!["client_secret", "microsoft_tenant_id"],
            ),
            (
                "apple takes no client secret",
                serde_json::json!({"provider": "apple", "client_id": "c", "client_secret": "s"}),
                vec!["apple_team_id", "apple_private_key_id", "apple_private_key"],
            ),
            (
                "unknown kind",
                serde_json::json!({"provider": "go0gle"}),
                vec!["provider", "client_id"],
            ),
        ] {
            let findings = Provider::try_from(settings(json)).unwrap_err();
            let found: Vec<_> = findings
                .iter()
                .map(|finding| finding.option.as_str())
                .collect();
            assert_eq!(found, options, "{name}");
        }
    }

    #[test]
    fn a_wrong_word_is_never_repeated_but_its_kind_is_guessed() {
        for (name, word, to) in [
            ("case", "GitHub", "github"),
            ("spaces", " google ", "google"),
            ("unknown", "hunter2", "generic"),
        ] {
            let finding = unknown_kind(word);
            assert_eq!(finding.fix, Fix::Set { to: to.into() }, "{name}");
            assert!(!format!("{finding:?}").contains("hunter2"), "{name}");
        }
    }

    #[test]
    fn defaults_are_filled_in() {
        let given =
            serde_json::json!({"provider": "vkontakte", "client_id": "c", "client_secret": "s"});
        let provider = Provider::try_from(settings(given)).unwrap();
        assert_eq!(provider.kind(), Kind::Vk);
        assert_eq!(provider.label(), "vk");
        assert_eq!(provider.scope(), "profile email address phone");
        assert!(provider.id().starts_with("vk_"));
        assert_eq!(provider.mapper(), None);
    }

    #[test]
    fn scopes_have_one_space_between_them() {
        for (name, configured, expected) in [
            ("unset", None, "user:email"),
            ("white space alone", Some(" \t"), "user:email"),
            ("extra spaces", Some("  a   b\tc "), "a b c"),
        ] {
            assert_eq!(scope(Kind::Github, configured), expected, "{name}");
        }
    }
}
