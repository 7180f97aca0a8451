//! Secrets as the controller keeps them. Source: `state/secrets.go`.

use crate::clock::{Moment, Timestamp};
use crate::names;
use crate::secret::{Content, Rotation};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Who owns a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SecretOwner {
    /// A person, who created it with `juju add-secret` (Juju says: the model).
    User,
    /// An application; its leader manages the secret, and all its units may read it.
    Application(String),
    /// A unit.
    Unit(String),
}

/// The scope of a grant: how long it lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum SecretScope {
    /// A user's grant, which only `juju revoke-secret` ends.
    Model,
    /// A grant for as long as this relation exists.
    Relation(u32),
}

/// A secret with its revisions, and who reads it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Secret {
    pub(crate) owner: SecretOwner,
    /// The owner's label; for a user's secret its name, as in Juju.
    pub(crate) label: String,
    pub(crate) description: String,
    pub(crate) rotation: Option<Rotation>,
    pub(crate) next_rotation: Option<Moment>,
    pub(crate) expires: Option<Moment>,
    /// Whether revisions are removed once nobody tracks them.
    pub(crate) auto_prune: bool,
    pub(crate) created: Timestamp,
    pub(crate) updated: Timestamp,
    pub(crate) latest: u32,
    pub(crate) revisions: BTreeMap<u32, Revision>,
    /// By application or unit.
    pub(crate) grants: BTreeMap<String, SecretScope>,
    /// The units that have read it.
    pub(crate) consumers: BTreeMap<String, Consumer>,
}

/// One revision of a secret.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Revision {
    pub(crate) content: Content,
    /// When it was made.
    #[serde(default)]
    pub(crate) created: Timestamp,
    /// When its owner is told that it has expired, for the first time or again.
    #[serde(default)]
    pub(crate) expires: Option<Moment>,
    /// Whether it is neither the latest nor tracked by a unit: its owner is told.
    pub(crate) obsolete: bool,
}

/// What the controller knows of a unit that has read a secret (`secretConsumerDoc`).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Consumer {
    pub(crate) label: String,
    /// The revision that the unit tracks.
    pub(crate) current: u32,
    /// The newest one that it may read, which its agent watches.
    pub(crate) latest: u32,
}

/// What to change in a secret, or the parts of a new one.
#[derive(Debug, Clone, Default)]
pub(crate) struct SecretChange {
    pub(crate) label: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) rotation: Option<Rotation>,
    pub(crate) expires: Option<Moment>,
    pub(crate) auto_prune: Option<bool>,
    pub(crate) content: Option<Content>,
}

impl SecretChange {
    pub(crate) fn is_empty(&self) -> bool {
        let Self {
            label,
            description,
            rotation,
            expires,
            auto_prune,
            content,
        } = self;
        label.is_none()
            && description.is_none()
            && rotation.is_none()
            && expires.is_none()
            && auto_prune.is_none()
            && content.is_none()
    }

    /// Adds a later change, which overrides this one.
    pub(crate) fn merge(&mut self, later: Self) {
        self.label = later.label.or(self.label.take());
        self.description = later.description.or(self.description.take());
        self.rotation = later.rotation.or(self.rotation);
        self.expires = later.expires.or(self.expires);
        self.auto_prune = later.auto_prune.or(self.auto_prune);
        self.content = later.content.or(self.content.take());
    }
}

impl SecretOwner {
    /// The application that it is, or that its unit belongs to.
    pub(crate) fn application(&self) -> Option<&str> {
        match self {
            Self::User => None,
            Self::Application(name) | Self::Unit(name) => Some(names::application_of(name)),
        }
    }

    /// Whether this unit is the owner, or belongs to the application that is.
    pub(crate) fn includes(&self, unit: &str) -> bool {
        match self {
            Self::User => false,
            Self::Application(name) => name == names::application_of(unit),
            Self::Unit(name) => name == unit,
        }
    }
}

impl Secret {
    /// Whether the unit may read it (`CanRead` in `apiserver/common/secrets/access.go`).
    pub(crate) fn is_readable_by(&self, unit: &str) -> bool {
        self.owner.includes(unit)
            || self.grants.contains_key(unit)
            || self.grants.contains_key(names::application_of(unit))
    }

    /// The content of the newest revision.
    pub(crate) fn latest_content(&self) -> Option<&Content> {
        self.revisions
            .get(&self.latest)
            .map(|revision| &revision.content)
    }

    /// The label that a hook of a unit is given: the unit's own label for the secret or, if the
    /// unit belongs to the owner, the owner's (`getSecretConsumerInfo`).
    pub(crate) fn label_for(&self, unit: &str) -> String {
        let own = self.consumers.get(unit).map(|consumer| &consumer.label);
        let own = own.filter(|label| !label.is_empty()).cloned();
        let owners = || {
            let label = self.owner.includes(unit).then(|| self.label.clone());
            label.unwrap_or_default()
        };
        own.unwrap_or_else(owners)
    }

    /// Marks the revisions that nobody needs any more (`markObsoleteRevisionOps`).
    pub(super) fn mark_obsolete(&mut self) {
        let tracked: BTreeSet<u32> = self
            .consumers
            .values()
            .map(|consumer| consumer.current)
            .collect();
        for (number, revision) in &mut self.revisions {
            revision.obsolete |= *number != self.latest && !tracked.contains(number);
        }
        if self.auto_prune {
            self.revisions.retain(|_, revision| !revision.obsolete);
        }
    }
}

/// Which revision a reader asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// The one it tracks.
    Tracked,
    /// The latest one, only this time.
    Peek,
    /// The latest one, which it then tracks.
    Refresh,
}
