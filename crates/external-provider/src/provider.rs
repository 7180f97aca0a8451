//! The provider model: what the administrator configured, checked.
//!
//! Loose in, strict inside: [`Settings`] accepts anything, but a [`Provider`] always has everything
//! that its kind needs.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

use crate::kind::{Kind, Shape};
use crate::plain_scalar;
use crate::settings::{SecretValue, Settings};

/// An identity provider with everything that its kind needs: one variant for each [`Shape`].
///
/// It is tagged by the word of its kind. As JSON it is what version 1 of the Python library reads. `S`
/// is the type of the secret, which cannot be turned into JSON by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "provider", rename_all = "lowercase")]
pub enum Provider<S = SecretValue> {
    /// GitHub.
    Github {
        /// What all kinds need.
        #[serde(flatten)]
        client: Client,
        /// The OAuth client's secret.
        client_secret: S,
    },
    /// Microsoft's Entra ID.
    Microsoft {
        /// What all kinds need.
        #[serde(flatten)]
        client: Client,
        /// The OAuth client's secret.
        client_secret: S,
        /// The tenant whose users may log in.
        #[serde(rename = "microsoft_tenant")]
        tenant: String,
    },
    /// Sign in with Apple, which has no client secret: Kratos signs one with the key for every login.
    Apple {
        /// What all kinds need.
        #[serde(flatten)]
        client: Client,
        /// The developer team's id.
        #[serde(rename = "apple_team_id")]
        team_id: String,
        /// The key's id.
        #[serde(rename = "apple_private_key_id")]
        private_key_id: String,
        /// The key, in PEM.
        #[serde(rename = "apple_private_key")]
        private_key: S,
    },
    /// A provider that Kratos finds by its issuer. The tag is its kind.
    #[serde(untagged)]
    Generic {
        /// The kind.
        #[serde(rename = "provider")]
        kind: Kind,
        /// What all kinds need.
        #[serde(flatten)]
        client: Client,
        /// The OAuth client's secret.
        client_secret: S,
        /// The issuer, as in its discovery document.
        issuer_url: String,
    },
    /// A provider whose endpoints Kratos knows. The tag is its kind.
    #[serde(untagged)]
    Social {
        /// The kind.
        #[serde(rename = "provider")]
        kind: Kind,
        /// What all kinds need.
        #[serde(flatten)]
        client: Client,
        /// The OAuth client's secret.
        client_secret: S,
    },
}

/// What providers of all kinds have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Client {
    /// The OAuth client's id.
    pub client_id: String,
    /// The provider's id as it was typed, perhaps with white space or quotes around it.
    /// [`Provider::id`] is without them.
    pub id: String,
    /// The text of the button on the login page.
    pub label: String,
    /// The scopes, with one space between them.
    pub scope: String,
    /// The Jsonnet program that maps claims to traits, if its text is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jsonnet_mapper: Option<String>,
    /// The URL from which Kratos reads that program.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mapper_url: Option<String>,
}

impl<S> Provider<S> {
    /// The kind, whose word is the tag.
    #[must_use]
    pub fn kind(&self) -> Kind {
        match self {
            Self::Generic { kind, .. } | Self::Social { kind, .. } => *kind,
            Self::Github { .. } => Kind::Github,
            Self::Microsoft { .. } => Kind::Microsoft,
            Self::Apple { .. } => Kind::Apple,
        }
    }

    /// What all kinds have.
    #[must_use]
    pub fn client(&self) -> &Client {
        match self {
            Self::Generic { client, .. }
            | Self::Social { client, .. }
            | Self::Github { client, .. }
            | Self::Microsoft { client, .. }
            | Self::Apple { client, .. } => client,
        }
    }

    /// The id in Kratos: the last part of the redirect URI.
    #[must_use]
    pub fn id(&self) -> Cow<'_, str> {
        plain_scalar::meant(&self.client().id)
    }

    /// Its secret.
    #[must_use]
    pub fn secret(&self) -> &S {
        match self {
            Self::Generic { client_secret, .. }
            | Self::Social { client_secret, .. }
            | Self::Github { client_secret, .. }
            | Self::Microsoft { client_secret, .. } => client_secret,
            Self::Apple { private_key, .. } => private_key,
        }
    }

    /// The same provider with each text converted by `text`, and this `secret`. The mapper and the
    /// scope stay as they are.
    pub(crate) fn written<T>(&self, text: impl Fn(&str) -> String, secret: T) -> Provider<T> {
        let own = self.client();
        let client = Client {
            client_id: text(&own.client_id),
            id: text(&own.id),
            label: text(&own.label),
            ..own.clone()
        };
        match self {
            Self::Generic {
                kind, issuer_url, ..
            } => Provider::Generic {
                kind: *kind,
                client,
                client_secret: secret,
                issuer_url: text(issuer_url),
            },
            Self::Social { kind, .. } => Provider::Social {
                kind: *kind,
                client,
                client_secret: secret,
            },
            Self::Github { .. } => Provider::Github {
                client,
                client_secret: secret,
            },
            Self::Microsoft { tenant, .. } => Provider::Microsoft {
                client,
                client_secret: secret,
                tenant: text(tenant),
            },
            Self::Apple {
                team_id,
                private_key_id,
                ..
            } => Provider::Apple {
                client,
                team_id: text(team_id),
                private_key_id: text(private_key_id),
                private_key: secret,
            },
        }
    }
}

impl Provider {
    /// Every text that goes into Kratos' configuration, with its option. The mapper is not included,
    /// because Kratos charms get it as base64.
    #[must_use]
    pub fn texts(&self) -> Vec<(&'static str, &str)> {
        let Client {
            client_id,
            id,
            label,
            scope,
            jsonnet_mapper: _,
            mapper_url: _,
        } = self.client();
        let mut texts = vec![
            ("client_id", client_id.as_str()),
            (self.kind().shape().secret_option(), self.secret().expose()),
            ("provider_id", id),
            ("label", label),
            ("scope", scope),
        ];
        match self {
            Self::Generic { issuer_url, .. } => texts.push(("issuer_url", issuer_url)),
            Self::Social { .. } | Self::Github { .. } => {}
            Self::Microsoft { tenant, .. } => texts.push(("microsoft_tenant_id", tenant)),
            Self::Apple {
                team_id,
                private_key_id,
                ..
            } => texts.extend([
                ("apple_team_id", team_id.as_str()),
                ("apple_private_key_id", private_key_id),
            ]),
        }
        texts
    }
}

/// Why settings do not make a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lack {
    /// The word of the kind is unknown.
    Kind,
    /// This option is not set, and the kind needs it.
    Option(&'static str),
}

impl TryFrom<Settings> for Provider {
    /// Everything that is missing, in the order of the options.
    type Error = Vec<Lack>;

    fn try_from(settings: Settings) -> Result<Self, Vec<Lack>> {
        let mut lacks = Vec::new();
        let kind = settings.kind();
        if kind.is_none() {
            lacks.push(Lack::Kind);
        }
        let needed = kind.map_or(&[][..], |kind| kind.shape().options());
        let needed = ["client_id"].iter().chain(needed);
        let missing = needed.filter(|option| settings.get(option).is_none());
        lacks.extend(missing.map(|option| Lack::Option(option)));
        // Everything that is missing is among them.
        kind.and_then(|kind| complete(kind, settings)).ok_or(lacks)
    }
}

/// The provider of `kind` from `settings`; `None` if one that it needs is not set.
fn complete(kind: Kind, settings: Settings) -> Option<Provider> {
    let scopes: Vec<_> = settings.scopes(kind).collect();
    let client = Client {
        id: settings.written_id()?,
        scope: scopes.join(" "),
        client_id: settings.client_id?,
        label: settings.label.unwrap_or_else(|| kind.word().to_owned()),
        // An explicit URL takes precedence over the program, as in `deserialize_mapper_url` of the
        // Python library.
        mapper_url: settings
            .mapper_url
            .or_else(|| settings.jsonnet_mapper.as_deref().map(mapper_url)),
        jsonnet_mapper: settings.jsonnet_mapper,
    };
    Some(match kind.shape() {
        Shape::Generic => Provider::Generic {
            kind,
            client,
            client_secret: settings.client_secret?,
            issuer_url: settings.issuer_url?,
        },
        Shape::Social => Provider::Social {
            kind,
            client,
            client_secret: settings.client_secret?,
        },
        Shape::Github => Provider::Github {
            client,
            client_secret: settings.client_secret?,
        },
        Shape::Microsoft => Provider::Microsoft {
            client,
            client_secret: settings.client_secret?,
            tenant: settings.microsoft_tenant_id?,
        },
        Shape::Apple => Provider::Apple {
            client,
            team_id: settings.apple_team_id?,
            private_key_id: settings.apple_private_key_id?,
            private_key: settings.apple_private_key?,
        },
    })
}

/// The URL from which Kratos reads a mapper: `base64://` and the text in standard base64, as in the
/// Python library's `deserialize_mapper_url`.
fn mapper_url(jsonnet: &str) -> String {
    format!("base64://{}", STANDARD.encode(jsonnet))
}

#[cfg(test)]
mod tests {
    use juju_hook::Secret;

    use super::*;

    fn settings(set: &[(&str, &str)]) -> Settings {
        let mut settings = Settings::default();
        for (option, text) in set {
            let text = Secret::new((*text).to_owned());
            assert!(settings.set(option, Some(text)), "{option}");
        }
        settings
    }

    #[test]
    fn what_is_missing_is_named() {
        struct Case {
            name: &'static str,
            set: &'static [(&'static str, &'static str)],
            lacks: &'static [Lack],
        }
        for Case { name, set, lacks } in [
            Case {
                name: "nothing set",
                set: &[],
                lacks: &[
                    Lack::Option("client_id"),
                    Lack::Option("client_secret"),
                    Lack::Option("issuer_url"),
                ],
            },
            Case {
                name: "microsoft",
                set: &[("provider", "microsoft"), ("client_id", "c")],
                lacks: &[
                    Lack::Option("client_secret"),
                    Lack::Option("microsoft_tenant_id"),
                ],
            },
            Case {
                name: "apple takes no client secret",
                set: &[
                    ("provider", "apple"),
                    ("client_id", "c"),
                    ("client_secret", "s"),
                ],
                lacks: &[
                    Lack::Option("apple_team_id"),
                    Lack::Option("apple_private_key_id"),
                    Lack::Option("apple_private_key"),
                ],
            },
            Case {
                name: "unknown kind",
                set: &[("provider", "go0gle")],
                lacks: &[Lack::Kind, Lack::Option("client_id")],
            },
        ] {
            let found = Provider::try_from(settings(set)).unwrap_err();
            assert_eq!(found, lacks, "{name}");
        }
    }

    #[test]
    fn every_kind_can_be_had_with_what_its_shape_needs() {
        for &kind in Kind::ALL {
            let mut set = vec![("provider", kind.word()), ("client_id", "c")];
            set.extend(kind.shape().options().iter().map(|option| (*option, "x")));
            let provider = Provider::try_from(settings(&set)).unwrap();
            assert_eq!(provider.kind(), kind);
            assert_eq!(provider.client().label, kind.word());
        }
    }

    #[test]
    fn defaults_are_filled_in() {
        let given = [
            ("provider", "vkontakte"),
            ("client_id", "c"),
            ("client_secret", "s"),
        ];
        let provider = Provider::try_from(settings(&given)).unwrap();
        assert_eq!(provider.kind(), Kind::Vk);
        assert!(provider.id().starts_with("vk_"));
        let client = provider.client();
        assert_eq!(client.label, "vk");
        assert_eq!(client.scope, "profile email address phone");
        assert_eq!(client.mapper_url, None);
    }

    #[test]
    fn scopes_are_split_at_white_space() {
        struct Case {
            name: &'static str,
            set: Option<&'static str>,
            expected: Vec<&'static str>,
        }

        for Case {
            name,
            set,
            expected,
        } in [
            Case {
                name: "unset",
                set: None,
                expected: vec!["user:email"],
            },
            Case {
                name: "only white space",
                set: Some(" \t"),
                expected: vec!["user:email"],
            },
            Case {
                name: "extra spaces",
                set: Some("  a   b\tc "),
                expected: vec!["a", "b", "c"],
            },
        ] {
            let settings = Settings {
                scope: set.map(str::to_owned),
                ..Settings::default()
            };
            let scopes: Vec<_> = settings.scopes(Kind::Github).collect();
            assert_eq!(scopes, expected, "{name}");
        }
    }

    #[test]
    fn the_url_of_a_mapper_holds_its_text() {
        for (jsonnet, url) in [
            ("", "base64://"),
            ("{}", "base64://e30="),
            ("// café 🔐\n", "base64://Ly8gY2Fmw6kg8J+UkAo="),
        ] {
            assert_eq!(mapper_url(jsonnet), url, "{jsonnet:?}");
        }
    }
}
