//! Looking at a secret.

use crate::clock::Timestamp;
use crate::secret::Content;
use crate::state::{Secret, SecretOwner, SecretScope};
use std::collections::BTreeMap;

/// A secret as it is now.
#[derive(Debug, Clone, Copy)]
pub struct SecretView<'m> {
    id: &'m str,
    state: &'m Secret,
}

impl<'m> SecretView<'m> {
    pub(super) fn new(id: &'m str, state: &'m Secret) -> Self {
        Self { id, state }
    }

    /// Its id: 20 digits.
    #[must_use]
    pub fn id(&self) -> &'m str {
        self.id
    }

    /// `secret:<id>`.
    #[must_use]
    pub fn uri(&self) -> String {
        format!("secret:{}", self.id)
    }

    /// Who owns it.
    #[must_use]
    pub fn owner(&self) -> &'m SecretOwner {
        &self.state.owner
    }

    /// The label that its owner gave it; empty if none did. A user's secret has a
    /// [`name`](Self::name) instead.
    #[must_use]
    pub fn label(&self) -> &'m str {
        match self.state.owner {
            SecretOwner::User => "",
            _ => &self.state.label,
        }
    }

    /// A user secret's name.
    #[must_use]
    pub fn name(&self) -> Option<&'m str> {
        match self.state.owner {
            SecretOwner::User => Some(&self.state.label),
            _ => None,
        }
    }

    /// The description that its owner gave it.
    #[must_use]
    pub fn description(&self) -> &'m str {
        &self.state.description
    }

    /// The number of its newest revision.
    #[must_use]
    pub fn latest_revision(&self) -> u32 {
        self.state.latest
    }

    /// The numbers of its existing revisions.
    #[must_use]
    pub fn revisions(&self) -> Vec<u32> {
        self.state.revisions.keys().copied().collect()
    }

    /// When a revision was made; when the secret was created if there is no such revision.
    #[must_use]
    pub fn made(&self, revision: u32) -> Timestamp {
        let revision = self.state.revisions.get(&revision);
        revision.map_or(self.state.created, |revision| revision.created)
    }

    /// The content of a revision. Bytes that are not UTF-8 are replaced.
    #[must_use]
    pub fn content(&self, revision: u32) -> Option<&'m BTreeMap<String, String>> {
        let revision = self.state.revisions.get(&revision);
        revision.map(|revision| revision.content.text())
    }

    /// The checksum of its newest revision's content, as Juju 3.6 and later show it.
    #[must_use]
    pub fn checksum(&self) -> String {
        let content = self.state.latest_content();
        content.map(Content::checksum).unwrap_or_default()
    }

    /// The applications and units, other than its owner, that may read it, each with the scope of
    /// its grant.
    #[must_use]
    pub fn grants(&self) -> BTreeMap<&'m str, SecretScope> {
        let grants = self.state.grants.iter();
        grants
            .map(|(name, scope)| (name.as_str(), *scope))
            .collect()
    }

    /// The units that have read it, each with the revision that it tracks.
    #[must_use]
    pub fn tracked(&self) -> BTreeMap<&'m str, u32> {
        let consumers = self.state.consumers.iter();
        consumers
            .map(|(unit, consumer)| (unit.as_str(), consumer.current))
            .collect()
    }

    /// How often its owner is to rotate it: `never`, `hourly` and so on; `None` if that was never
    /// set.
    #[must_use]
    pub fn rotation(&self) -> Option<&'static str> {
        self.state.rotation.map(crate::secret::Rotation::word)
    }

    /// When its owner is to rotate it next.
    #[must_use]
    pub fn rotates(&self) -> Option<String> {
        self.state.next_rotation.map(|moment| moment.to_string())
    }

    /// When its newest revision expires.
    #[must_use]
    pub fn expires(&self) -> Option<String> {
        self.state.expires.map(|moment| moment.to_string())
    }

    /// When it was created.
    #[must_use]
    pub fn created(&self) -> Timestamp {
        self.state.created
    }

    /// When it was last changed.
    #[must_use]
    pub fn updated(&self) -> Timestamp {
        self.state.updated
    }
}
