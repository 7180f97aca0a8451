//! What the provider publishes.
//!
//! Charmed Kratos contains one of two generations of the Python library for this interface. They
//! spell some keys differently, and the older refuses nulls. So we publish both spellings, and no
//! key without a value. The same providers always give the same bytes, so nothing is written
//! twice.

use std::borrow::Cow;

use juju_hook::{Secret, SecretUri, json};
use serde::{Serialize, Serializer};

use crate::plain_scalar;
use crate::provider::Provider;

/// One provider, as published.
#[derive(Serialize)]
struct Item {
    /// What library v1 reads.
    #[serde(flatten)]
    v1: Provider<Exposed>,
    // What library v0 and the interface text read in addition, or under other names.
    provider_id: String,
    secret_backend: &'static str,
    #[serde(flatten)]
    v0: V0,
}

/// Fields that have other names in library v0 and the interface text.
#[derive(Serialize)]
#[serde(untagged)]
enum V0 {
    Microsoft {
        tenant_id: String,
    },
    Apple {
        team_id: String,
        private_key_id: String,
        private_key: Exposed,
    },
    Others {},
}

/// A secret, or what is published instead of it.
#[derive(Clone)]
struct Exposed(Secret);

impl Serialize for Exposed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0.expose())
    }
}

impl Item {
    fn new(provider: &Provider, carried: Carried<'_>, form: Form) -> Self {
        let (secret_backend, secret) = match carried {
            Carried::Plain => (SecretBackend::Relation, form.write_secret(provider)),
            Carried::Uri(uri) => (SecretBackend::Secret, Secret::new(uri.as_str().to_owned())),
            Carried::Masked(secret_backend) => (secret_backend, Secret::new(MASK.to_owned())),
        };
        let v1 = provider.written(|text| form.write(text).into_owned(), Exposed(secret));
        let v0 = match &v1 {
            Provider::Generic { .. } | Provider::Social { .. } | Provider::Github { .. } => {
                V0::Others {}
            }
            Provider::Microsoft { tenant, .. } => V0::Microsoft {
                tenant_id: tenant.clone(),
            },
            Provider::Apple {
                client: _,
                team_id,
                private_key_id,
                private_key,
            } => V0::Apple {
                team_id: team_id.clone(),
                private_key_id: private_key_id.clone(),
                private_key: private_key.clone(),
            },
        };
        Self {
            provider_id: v1.client().id.clone(),
            secret_backend: secret_backend.word(),
            v0,
            v1,
        }
    }
}

/// How to write values, depending on what the requirer does with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// For a requirer that writes each value without quotes into YAML, as every released
    /// Kratos charm does: see [`plain_scalar::written`].
    PlainScalars,
    /// As they are, for other requirers, such as Keystone's charm, which writes JSON.
    AsTheyAre,
}

impl Form {
    /// `text` in this form.
    #[must_use]
    pub fn write(self, text: &str) -> Cow<'_, str> {
        match self {
            Self::PlainScalars => plain_scalar::written(text),
            Self::AsTheyAre => text.into(),
        }
    }

    /// The secret of `provider` in this form. A private key keeps the line break at its end, because
    /// that belongs to PEM.
    #[must_use]
    pub fn write_secret(self, provider: &Provider) -> Secret {
        let secret = provider.secret().expose();
        let is_key = matches!(provider, Provider::Apple { .. });
        if self == Self::PlainScalars && is_key && plain_scalar::trimmed(secret).contains('\n') {
            return json::encode(secret);
        }
        Secret::new(self.write(secret).into_owned())
    }
}

/// How a provider's secret reaches the requirer: the words of the interface text, without `vault`,
/// which no requirer supports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SecretBackend {
    /// In plain text, in the databag: the only way that released Kratos charms support.
    #[default]
    Relation,
    /// In a Juju secret, whose URI is in the databag instead of the secret.
    Secret,
}

impl SecretBackend {
    /// The word for it, in the option and on the wire.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Relation => "relation",
            Self::Secret => "secret",
        }
    }
}

/// What an offer contains for a provider's secret.
#[derive(Debug, Clone, Copy)]
pub enum Carried<'a> {
    /// The secret itself.
    Plain,
    /// The URI of the Juju secret that holds it.
    Uri(&'a SecretUri),
    /// [`MASK`], to show the offer to people.
    Masked(SecretBackend),
}

/// What people see instead of a secret.
pub const MASK: &str = "********";

/// The value that the provider publishes under [`crate::KEY`], in this form.
pub fn offer<'a>(
    providers: impl IntoIterator<Item = (&'a Provider, Carried<'a>)>,
    form: Form,
) -> Secret {
    let items = providers
        .into_iter()
        .map(|(provider, carried)| Item::new(provider, carried, form));
    json::encode(&items.collect::<Vec<_>>())
}

/// [`offer`] of these providers, secrets included.
#[must_use]
pub fn offer_in_plain(providers: &[Provider], form: Form) -> Secret {
    offer(providers.iter().map(|one| (one, Carried::Plain)), form)
}

/// The key of a provider's secret within a Juju secret that its charm owns, made from the name of the
/// option that it comes from.
#[must_use]
pub fn content_key(option: &str) -> &'static str {
    if option == "apple_private_key" {
        "private-key"
    } else {
        "client-secret"
    }
}
