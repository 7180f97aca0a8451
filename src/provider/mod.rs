//! The provider model: what the administrator asked for, checked.
//!
//! Loose in, strict inside: [`Settings`] takes whatever is set, `Provider` can
//! only hold what has all that its kind needs. A provider is tagged by its [`Kind`];
//! kinds that need the same fields share a variant of [`Credentials`], so that a
//! new kind is one row in the table of `kind.rs`.

mod id;
mod kind;
mod mapper;

use std::borrow::Cow;

pub use self::id::digest;
use self::kind::Instead;
pub use self::kind::{Kind, ScopeFacts, Shape};
use crate::finding::{Code, Finding, Fix};
use crate::plain_scalar;
use crate::secret::Secret;

/// The settings of one provider under the names of the charm's options, each of
/// which may be unset.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// The word of a [`Kind`]; unset means `generic`.
    pub provider: Option<String>,
    /// The OAuth client's id.
    pub client_id: Option<String>,
    /// The OAuth client's secret.
    pub client_secret: Option<Secret>,
    /// The issuer, for generic providers.
    pub issuer_url: Option<String>,
    /// The tenant, for Entra ID.
    pub microsoft_tenant_id: Option<String>,
    /// The developer team, for Apple.
    pub apple_team_id: Option<String>,
    /// The private key's id, for Apple.
    pub apple_private_key_id: Option<String>,
    /// The private key, for Apple.
    pub apple_private_key: Option<Secret>,
    /// A Jsonnet program.
    pub jsonnet_mapper: Option<String>,
    /// Where Kratos reads the mapper. No option: only databags have it.
    pub mapper_url: Option<String>,
    /// The provider's id within Kratos.
    pub provider_id: Option<String>,
    /// The button's text.
    pub label: Option<String>,
    /// Scopes with white space between them.
    pub scope: Option<String>,
}

/// Where a setting of a provider is kept.
#[derive(Debug)]
pub enum Field<'a> {
    /// A plain text.
    Text(&'a mut Option<String>),
    /// A secret.
    Secret(&'a mut Option<Secret>),
}

impl Field<'_> {
    /// Whether it has a value.
    #[must_use]
    pub fn is_set(&self) -> bool {
        match self {
            Self::Text(text) => text.is_some(),
            Self::Secret(secret) => secret.is_some(),
        }
    }
}

impl Settings {
    /// The options that make up the settings of one provider.
    pub const OPTIONS: [&str; 12] = [
        "provider",
        "client_id",
        "client_secret",
        "issuer_url",
        "microsoft_tenant_id",
        "apple_team_id",
        "apple_private_key_id",
        "apple_private_key",
        "jsonnet_mapper",
        "provider_id",
        "label",
        "scope",
    ];

    /// The setting that an option is for; `None` for an option that is about all
    /// providers, or for none at all.
    pub fn field(&mut self, option: &str) -> Option<Field<'_>> {
        Some(match option {
            "provider" => Field::Text(&mut self.provider),
            "client_id" => Field::Text(&mut self.client_id),
            "client_secret" => Field::Secret(&mut self.client_secret),
            "issuer_url" => Field::Text(&mut self.issuer_url),
            "microsoft_tenant_id" => Field::Text(&mut self.microsoft_tenant_id),
            "apple_team_id" => Field::Text(&mut self.apple_team_id),
            "apple_private_key_id" => Field::Text(&mut self.apple_private_key_id),
            "apple_private_key" => Field::Secret(&mut self.apple_private_key),
            "jsonnet_mapper" => Field::Text(&mut self.jsonnet_mapper),
            "provider_id" => Field::Text(&mut self.provider_id),
            "label" => Field::Text(&mut self.label),
            "scope" => Field::Text(&mut self.scope),
            _ => return None,
        })
    }

    /// The kind that is asked for; `None` if its word is unknown.
    #[must_use]
    pub fn kind(&self) -> Option<Kind> {
        self.provider
            .as_deref()
            .map_or(Some(Kind::Generic), Kind::from_word)
    }

    /// The id that the provider has in Kratos, as far as these settings tell.
    #[must_use]
    pub fn id(&self) -> Option<String> {
        self.written_id()
            .map(|id| plain_scalar::meant(&id).into_owned())
    }

    /// As [`Self::id`], as it was given if it was.
    fn written_id(&self) -> Option<String> {
        if let Some(id) = &self.provider_id {
            return Some(id.clone());
        }
        let kind = self.kind()?;
        let realm = match kind.shape() {
            Shape::Generic => Some(self.issuer_url.as_deref()?),
            Shape::Microsoft => Some(self.microsoft_tenant_id.as_deref()?),
            Shape::Social | Shape::Apple => None,
        };
        Some(id::derive(kind, self.client_id.as_deref()?, realm))
    }

    /// The secret that `kind` needs, and the option that it is from, if it is set.
    #[must_use]
    pub fn secret(&self, kind: Kind) -> Option<(&'static str, &Secret)> {
        let secret = match kind.shape() {
            Shape::Apple => &self.apple_private_key,
            Shape::Generic | Shape::Social | Shape::Microsoft => &self.client_secret,
        };
        let option = kind.shape().secret_option();
        secret.as_ref().map(|secret| (option, secret))
    }

    /// The one option of this kind that holds a secret, by name, and its value.
    /// `None` where the kind is unknown.
    pub fn secret_option(&mut self) -> Option<(&'static str, &mut Option<Secret>)> {
        let option = self.kind()?.shape().secret_option();
        match self.field(option)? {
            Field::Secret(field) => Some((option, field)),
            Field::Text(_) => None,
        }
    }
}

/// An identity provider that has all that its kind needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    kind: Kind,
    client_id: String,
    /// As it was given; [`Self::id`] is what is meant.
    written_id: String,
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
    pub fn id(&self) -> Cow<'_, str> {
        plain_scalar::meant(&self.written_id)
    }

    /// The id as it was given, which may have white space or quotes around it.
    #[must_use]
    pub fn written_id(&self) -> &str {
        &self.written_id
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

    /// The one secret among the credentials, and the option that it is from.
    #[must_use]
    pub fn secret(&self) -> (&'static str, &Secret) {
        (self.kind.shape().secret_option(), self.credentials.secret())
    }

    /// Every text that Kratos' configuration has to carry, by the option that it is
    /// from. Not the mapper: Kratos charms take that as base64.
    pub fn texts(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let credentials = match &self.credentials {
            Credentials::Generic { issuer_url, .. } => vec![("issuer_url", issuer_url)],
            Credentials::Social { .. } => vec![],
            Credentials::Microsoft { tenant, .. } => vec![("microsoft_tenant_id", tenant)],
            Credentials::Apple {
                team_id,
                private_key_id,
                ..
            } => {
                vec![
                    ("apple_team_id", team_id),
                    ("apple_private_key_id", private_key_id),
                ]
            }
        };
        let (secret_option, secret) = self.secret();
        let texts = [
            ("client_id", self.client_id.as_str()),
            (secret_option, secret.expose()),
            ("provider_id", &self.written_id),
            ("label", &self.label),
            ("scope", &self.scope),
        ];
        texts.into_iter().chain(
            credentials
                .into_iter()
                .map(|(option, text)| (option, text.as_str())),
        )
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
        let written_id = settings.written_id();
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
                    "@AuthKey.p8",
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
        let (Some(client_id), Some(credentials), Some(written_id)) =
            (client_id, credentials, written_id)
        else {
            return Err(findings);
        };
        Ok(Self {
            written_id,
            label: settings.label.unwrap_or_else(|| kind.word().to_owned()),
            scope: scopes(kind, settings.scope.as_deref())
                .collect::<Vec<_>>()
                .join(" "),
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
            self.findings.push(Finding::new(
                Code::NotSet,
                option,
                Code::NotSet.brief(),
                Fix::set(placeholder),
            ));
        }
        value
    }

    fn client_secret(&mut self, value: Option<Secret>) -> Option<Secret> {
        self.value("client_secret", "<secret>", value)
    }
}

fn unknown_kind(word: &str) -> Finding {
    let word = word.trim().to_lowercase();
    let (code, problem, kind) = if let Some(kind) = Kind::from_word(&word) {
        let problem = "kinds are written in lower case, without spaces";
        (Code::KindMisspelt, problem, kind)
    } else if let Some(kind) = Kind::from_misnomer(&word) {
        let problem = "Kratos has another word for that kind";
        (Code::KindMisspelt, problem, kind)
    } else if let Some(instead) = kind::of_kratos_only(&word) {
        let problem = "Kratos knows that kind, and the interface of its charm does not";
        let fix = match instead {
            Instead::Issuer(issuer) => Fix::as_generic(issuer),
            Instead::Kind(first, kind) => Fix::DoThenSet(first.into(), kind.into()),
            Instead::Nothing => Fix::another_provider(),
        };
        return Finding::new(Code::KindNotInInterface, "provider", problem, fix);
    } else {
        let problem = "not a kind of provider that the interface knows";
        (Code::KindUnknown, problem, Kind::Generic)
    };
    Finding::new(code, "provider", problem, Fix::set(kind.word()))
}

/// The scopes of `kind`, configured or not: split as `BaseProvider.deserialize_scope` of
/// the Python library does.
pub fn scopes(kind: Kind, configured: Option<&str>) -> impl Iterator<Item = &str> {
    let configured = configured.filter(|scopes| !scopes.trim().is_empty());
    configured
        .unwrap_or(kind.default_scope())
        .split_whitespace()
}

/// Whether the claims may have a phone number: those of the other kinds never do.
#[must_use]
pub fn brings_phone_number(kind: Kind, configured: Option<&str>) -> bool {
    let mut scopes = scopes(kind, configured);
    matches!(kind, Kind::Generic | Kind::Auth0) && scopes.any(|scope| scope == "phone")
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

    fn settings(set: &[(&str, &str)]) -> Settings {
        let mut settings = Settings::default();
        for (option, value) in set {
            match settings.field(option).unwrap() {
                Field::Text(field) => *field = Some((*value).to_owned()),
                Field::Secret(field) => *field = Some(Secret::new((*value).to_owned())),
            }
        }
        settings
    }

    #[test]
    fn what_is_missing_is_named() {
        for (name, set, options) in [
            (
                "nothing set",
                vec![],
                vec!["client_id", "client_secret", "issuer_url"],
            ),
            (
                "microsoft",
                vec![("provider", "microsoft"), ("client_id", "c")],
                vec!["client_secret", "microsoft_tenant_id"],
            ),
            (
                "apple takes no client secret",
                vec![
                    ("provider", "apple"),
                    ("client_id", "c"),
                    ("client_secret", "s"),
                ],
                vec!["apple_team_id", "apple_private_key_id", "apple_private_key"],
            ),
            (
                "unknown kind",
                vec![("provider", "go0gle")],
                vec!["provider", "client_id"],
            ),
        ] {
            let findings = Provider::try_from(settings(&set)).unwrap_err();
            let found: Vec<_> = findings
                .iter()
                .map(|finding| finding.place.option.as_str())
                .collect();
            assert_eq!(found, options, "{name}");
        }
    }

    #[test]
    fn a_wrong_word_is_never_repeated_but_its_kind_is_guessed() {
        use Code::{KindMisspelt, KindNotInInterface, KindUnknown};
        const GENERIC: &str = "run juju config idp provider=generic";
        const ANOTHER: &str = "use another provider";
        for (name, word, code, to) in [
            (
                "case",
                "GitHub",
                KindMisspelt,
                "run juju config idp provider=github",
            ),
            (
                "spaces",
                " google ",
                KindMisspelt,
                "run juju config idp provider=google",
            ),
            (
                "what Entra ID was called",
                "AzureAD",
                KindMisspelt,
                "run juju config idp provider=microsoft",
            ),
            ("a product", "Okta", KindMisspelt, GENERIC),
            (
                "a product's whole name",
                "Red Hat SSO",
                KindMisspelt,
                GENERIC,
            ),
            ("the protocol", "openid-connect", KindMisspelt, GENERIC),
            ("unknown", "hunter2", KindUnknown, GENERIC),
            ("nearly the protocol", "oidcx", KindUnknown, GENERIC),
            (
                "LinkedIn",
                "linkedin_v2",
                KindNotInInterface,
                "run juju config idp provider=generic issuer_url=https://www.linkedin.com/oauth",
            ),
            (
                "Salesforce",
                "salesforce",
                KindNotInInterface,
                "run juju config idp provider=generic \
                 issuer_url='https://<domain>.my.salesforce.com'",
            ),
            (
                "a GitHub App",
                "github-app",
                KindNotInInterface,
                "register an OAuth app in place of the GitHub App, then run juju config idp \
                 provider=github",
            ),
            ("LINE", "line", KindNotInInterface, ANOTHER),
            ("X", "X", KindNotInInterface, ANOTHER),
            ("Amazon", "amazon", KindNotInInterface, ANOTHER),
            ("Patreon", "patreon", KindNotInInterface, ANOTHER),
            ("UAE Pass", "uaepass", KindNotInInterface, ANOTHER),
            ("Lark", "lark", KindNotInInterface, ANOTHER),
            ("Jackson", "jackson", KindNotInInterface, ANOTHER),
            ("a test's", "fedcm-test", KindNotInInterface, ANOTHER),
        ] {
            let finding = unknown_kind(word);
            assert_eq!(finding.code, code, "{name}");
            assert_eq!(finding.what_to_do("idp"), to, "{name}");
            assert!(!format!("{finding:?}").contains("hunter2"), "{name}");
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
        assert_eq!(provider.label(), "vk");
        assert_eq!(provider.scope(), "profile email address phone");
        assert!(provider.id().starts_with("vk_"));
        assert_eq!(provider.mapper(), None);
    }

    #[test]
    fn scopes_are_split_at_white_space() {
        for (name, configured, expected) in [
            ("unset", None, vec!["user:email"]),
            ("white space alone", Some(" \t"), vec!["user:email"]),
            ("extra spaces", Some("  a   b\tc "), vec!["a", "b", "c"]),
        ] {
            let scopes: Vec<_> = scopes(Kind::Github, configured).collect();
            assert_eq!(scopes, expected, "{name}");
        }
    }
}
