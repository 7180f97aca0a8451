//! What is wanted, and what is to be done about it, as plain data.

use std::collections::BTreeMap;

use juju_hook::{RelationId, Secret, SecretUri};

use crate::credentials::Credentials;
use crate::interface::RETIRED_SECRET_ID;
use crate::provider_info::ProviderInfo;

/// What should be on a relation.
#[derive(Debug, Clone, Copy)]
pub enum Wanted<'a> {
    /// The endpoints at once, and the credentials once the requirer has said what it needs. Without
    /// credentials, those that are there stay.
    Offer(&'a ProviderInfo, Option<&'a Credentials>),
    /// No credentials. The endpoints stay: without them, a requirer goes into error. No library
    /// tells the charm that it serves about this, and that may go on with what it had.
    Withdraw,
    /// Whatever is there: a typing error should not end logins.
    Keep,
}

impl<'a> Wanted<'a> {
    pub(crate) fn credentials(self) -> Option<&'a Credentials> {
        match self {
            Self::Offer(_, credentials) => credentials,
            Self::Withdraw | Self::Keep => None,
        }
    }
}

/// What to do. Empty where all is as it should be.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// What to do on relations.
    pub relations: Vec<RelationPlan>,
    /// Secrets of ours that nothing refers to any more.
    pub removals: Vec<SecretUri>,
}

impl Plan {
    /// Whether there is nothing to do.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.relations.is_empty() && self.removals.is_empty()
    }

    /// Whether secrets are to be made. A hook that was cut short may have made them already, and
    /// [`apply()`](crate::provider::apply()) finds those by their labels: a charm that removes by itself
    /// what no relation refers to waits until this is over.
    #[must_use]
    pub fn makes_secrets(&self) -> bool {
        self.relations.iter().any(|one| one.secret.is_some())
    }
}

/// What to do on one relation.
#[derive(Debug, PartialEq, Eq)]
pub struct RelationPlan {
    /// Which.
    pub relation: RelationId,
    /// The secret to make and to grant. Its URI becomes `client_secret_id`.
    pub secret: Option<NewSecret>,
    /// What to write, by key, apart from that URI. An empty value deletes its key.
    pub changes: BTreeMap<&'static str, String>,
}

impl RelationPlan {
    /// Whether the databag no longer refers to the secret that was published before.
    pub(super) fn forgets_retired(&self) -> bool {
        self.changes.contains_key(RETIRED_SECRET_ID)
    }
}

/// A secret to make.
#[derive(Debug, PartialEq, Eq)]
pub struct NewSecret {
    /// Its label.
    pub label: String,
    /// What it holds under [`SECRET_KEY`](crate::SECRET_KEY).
    pub value: Secret,
}
