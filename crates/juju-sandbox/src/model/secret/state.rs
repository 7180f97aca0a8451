//! Secrets as the controller keeps them. Source: `state/secrets.go`, and
//! `apiserver/facades/agent/secretsmanager/secrets.go`.

use crate::clock::{Moment, Timestamp};
use crate::go::quote;
use crate::model::state::{Life, State};
use crate::names;
use crate::secret::{Content, Rotation, SecretUri, new_id};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Who owns a secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum SecretOwner {
    /// The person at the keyboard: it was made with `juju add-secret` (Juju says: the model).
    User,
    /// An application; its leader manages the secret, and all its units may read it.
    Application(String),
    /// A unit.
    Unit(String),
}

/// What ends a grant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SecretScope {
    /// Nothing but `juju revoke-secret`: a user's grant.
    Model,
    /// The end of this relation.
    Relation(u32),
}

/// A secret with its revisions, and who reads it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Secret {
    pub(crate) owner: SecretOwner,
    /// The owner's label; a user's secret has its name here, as in Juju.
    pub(crate) label: String,
    pub(crate) description: String,
    pub(crate) rotation: Option<Rotation>,
    pub(crate) next_rotation: Option<Moment>,
    pub(crate) expires: Option<Moment>,
    /// Revisions go when nobody tracks them any more.
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
pub(crate) struct Revision {
    pub(crate) content: Content,
    /// It is not the latest, and no unit tracks it: its owner hears of it.
    pub(crate) obsolete: bool,
}

/// What the controller knows of a unit that has read a secret (`secretConsumerDoc`).
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Consumer {
    pub(crate) label: String,
    /// The revision that the unit tracks.
    pub(crate) current: u32,
    /// The newest one that there is for it: its agent watches this.
    pub(crate) latest: u32,
}

/// What shall be another in a secret, or what a new one shall be.
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

    /// Takes over what another change says.
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
    /// The application that it is, or that its unit is of.
    pub(crate) fn application(&self) -> Option<&str> {
        match self {
            Self::User => None,
            Self::Application(name) | Self::Unit(name) => Some(names::application_of(name)),
        }
    }

    /// Whether this unit is the owner, or of the application that is.
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

    /// What the newest revision holds.
    pub(crate) fn latest_content(&self) -> Option<&Content> {
        self.revisions
            .get(&self.latest)
            .map(|revision| &revision.content)
    }

    /// The label that a hook of a unit is given: the unit's own for it, or else the owner's where
    /// the unit belongs to that (`getSecretConsumerInfo`).
    pub(crate) fn label_for(&self, unit: &str) -> String {
        let own = self.consumers.get(unit).map(|consumer| &consumer.label);
        let own = own.filter(|label| !label.is_empty()).cloned();
        let owners = || {
            let label = self.owner.includes(unit).then(|| self.label.clone());
            label.unwrap_or_default()
        };
        own.unwrap_or_else(owners)
    }

    /// Marks the revisions that nobody has a use for (`markObsoleteRevisionOps`).
    fn mark_obsolete(&mut self) {
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

impl State {
    /// The id of the next secret.
    pub(crate) fn new_secret_id(&mut self) -> String {
        self.next_secret += 1;
        let now = Timestamp(self.now).moment();
        new_id(now.seconds(), &self.settings.uuid, self.next_secret)
    }

    /// How a new secret is handed to its owner: since Juju 3.1.3 with its model
    /// (`CreateSecretURIs`).
    pub(crate) fn new_secret_uri(&self, id: &str) -> SecretUri {
        if self.settings.version().at_least(3, 1, 3) {
            SecretUri::in_model(id, &self.settings.uuid)
        } else {
            SecretUri::of(id)
        }
    }

    /// The secret that a URI means, if it is in this model.
    pub(crate) fn secret(&self, uri: &SecretUri) -> Option<&Secret> {
        self.secrets
            .get(uri.id())
            .filter(|_| uri.is_local(&self.settings.uuid))
    }

    fn secret_mut(&mut self, uri: &SecretUri) -> Result<&mut Secret, String> {
        let is_local = uri.is_local(&self.settings.uuid);
        self.secrets
            .get_mut(uri.id())
            .filter(|_| is_local)
            .ok_or_else(|| unknown_secret(uri))
    }

    /// Whether a unit may change what an owner has: its own, and its application's if it leads that
    /// (`CanManage` in `apiserver/common/secrets/access.go`).
    pub(crate) fn manages(&self, unit: &str, owner: &SecretOwner) -> bool {
        match owner {
            SecretOwner::User => false,
            SecretOwner::Unit(name) => name == unit,
            SecretOwner::Application(name) => {
                name == names::application_of(unit) && self.is_leader(unit)
            }
        }
    }

    /// The ids of the secrets that a unit may change (`GetSecretMetadata`).
    pub(crate) fn managed_secrets(&self, unit: &str) -> BTreeSet<String> {
        let secrets = self.secrets.iter();
        secrets
            .filter(|(_, secret)| self.manages(unit, &secret.owner))
            .map(|(id, _)| id.clone())
            .collect()
    }

    /// A new secret (`CreateSecret`).
    pub(crate) fn create_secret(
        &mut self,
        id: &str,
        owner: SecretOwner,
        change: SecretChange,
    ) -> Result<(), String> {
        let label = change.label.unwrap_or_default();
        if !label.is_empty() && self.label_taken(&owner, &label) {
            return Err(label_exists(&owner, &label));
        }
        let now = self.tick();
        let revision = Revision {
            content: change.content.unwrap_or_default(),
            obsolete: false,
        };
        let secret = Secret {
            owner,
            label,
            description: change.description.unwrap_or_default(),
            rotation: change.rotation,
            next_rotation: change
                .rotation
                .and_then(|rotation| rotation.next(now.moment())),
            expires: change.expires,
            auto_prune: change.auto_prune.unwrap_or_default(),
            created: now,
            updated: now,
            latest: 1,
            revisions: BTreeMap::from([(1, revision)]),
            grants: BTreeMap::new(),
            consumers: BTreeMap::new(),
        };
        self.secrets.insert(id.to_owned(), secret);
        Ok(())
    }

    /// Changes a secret; new content is a new revision (`UpdateSecret`).
    pub(crate) fn update_secret(
        &mut self,
        uri: &SecretUri,
        change: SecretChange,
    ) -> Result<(), String> {
        let owner = self.secret_mut(uri)?.owner.clone();
        let old_label = self.secret_mut(uri)?.label.clone();
        if let Some(label) = change.label.as_ref().filter(|label| **label != old_label) {
            if self.label_taken(&owner, label) {
                return Err(label_exists(&owner, label));
            }
        }
        let now = self.tick();
        let secret = self.secret_mut(uri)?;
        secret.updated = now;
        if let Some(label) = change.label {
            secret.label = label;
        }
        if let Some(description) = change.description {
            secret.description = description;
        }
        if let Some(auto_prune) = change.auto_prune {
            secret.auto_prune = auto_prune;
        }
        if let Some(rotation) = change.rotation {
            secret.rotation = Some(rotation);
            let planned = secret.next_rotation.filter(|_| rotation != Rotation::Never);
            secret.next_rotation = planned.or_else(|| rotation.next(now.moment()));
        }
        if change.expires.is_some() || change.content.is_some() {
            secret.expires = change.expires;
        }
        if let Some(content) = change.content {
            secret.latest += 1;
            let revision = Revision {
                content,
                obsolete: false,
            };
            secret.revisions.insert(secret.latest, revision);
            // Who may not read it any more does not hear of it.
            let units: Vec<String> = secret.consumers.keys().cloned().collect();
            for unit in units {
                let readable = secret.is_readable_by(&unit);
                if let Some(consumer) = secret.consumers.get_mut(&unit).filter(|_| readable) {
                    consumer.latest = secret.latest;
                }
            }
            secret.mark_obsolete();
        }
        Ok(())
    }

    /// Whether an owner may not use a label, because it, one of its units or the application of
    /// the unit uses it already (`uniqueSecretOwnerLabelOps`).
    fn label_taken(&self, owner: &SecretOwner, label: &str) -> bool {
        self.secrets.values().any(|secret| {
            let by_owner = secret.label == label
                && match (owner, &secret.owner) {
                    (SecretOwner::User, SecretOwner::User) => true,
                    (SecretOwner::Application(name), other) => other.application() == Some(name),
                    (SecretOwner::Unit(unit), other) => other.includes(unit),
                    _ => false,
                };
            let by_reader = secret.consumers.iter().any(|(unit, consumer)| {
                let own = match owner {
                    SecretOwner::User => false,
                    SecretOwner::Application(name) => names::application_of(unit) == name,
                    SecretOwner::Unit(name) => unit == name,
                };
                own && consumer.label == label
            });
            by_owner || by_reader
        })
    }

    /// The revision that a unit is given, which it tracks from its first reading on
    /// (`getConsumedRevision`). The caller has made sure that the unit may read it.
    pub(crate) fn consume_secret(
        &mut self,
        uri: &SecretUri,
        unit: &str,
        reading: Reading,
        label: Option<&str>,
    ) -> Result<u32, String> {
        let secret = self.secret_mut(uri)?;
        let known = secret.consumers.get(unit).cloned();
        let refresh = reading == Reading::Refresh || known.is_none();
        let mut consumer = known.clone().unwrap_or(Consumer {
            latest: secret.latest,
            ..Consumer::default()
        });
        let wanted = if refresh || reading == Reading::Peek {
            secret.latest
        } else {
            consumer.current
        };
        if refresh {
            consumer.current = secret.latest;
        }
        if let Some(label) = label.filter(|label| *label != consumer.label) {
            self.check_consumer_label(unit, label)?;
            label.clone_into(&mut consumer.label);
        }
        let secret = self.secret_mut(uri)?;
        let moved = known.is_some_and(|known| known.current < consumer.current);
        secret.consumers.insert(unit.to_owned(), consumer);
        if moved {
            secret.mark_obsolete();
        }
        Ok(wanted)
    }

    /// `uniqueSecretConsumerLabelOps`.
    fn check_consumer_label(&self, unit: &str, label: &str) -> Result<(), String> {
        let taken = |role: &str| {
            Err(format!(
                "getting latest secret revision: secret label {} for {role}{} already exists",
                quote(label),
                quote(&names::tag(unit))
            ))
        };
        let application = SecretOwner::Application(names::application_of(unit).to_owned());
        let owner = SecretOwner::Unit(unit.to_owned());
        for secret in self.secrets.values() {
            if secret.label == label && secret.owner == application {
                return taken("");
            }
            if secret.label == label && secret.owner == owner {
                return taken("owner ");
            }
            let consumer = secret.consumers.get(unit);
            if consumer.is_some_and(|consumer| consumer.label == label) {
                return taken("consumer ");
            }
        }
        Ok(())
    }

    /// Lets an application or a unit read a secret (`GrantSecretAccess`).
    pub(crate) fn grant_secret(
        &mut self,
        uri: &SecretUri,
        subject: &str,
        scope: SecretScope,
    ) -> Result<(), String> {
        if let SecretScope::Relation(id) = scope {
            let relation = self.relations.get(&id);
            let relation = relation
                .ok_or_else(|| format!("invalid scope reference: relation {id} not found"))?;
            if relation.life == Life::Dying {
                return Err(format!(
                    "cannot grant access to secret in scope of {} which is not alive",
                    quote(&relation.tag())
                ));
            }
        }
        let (kind, life) = if subject.contains('/') {
            ("unit", self.unit(subject).map(|unit| unit.life))
        } else {
            let application = self.applications.get(subject);
            (
                "application",
                application.map(|application| application.life),
            )
        };
        match life {
            Some(Life::Alive) => {}
            Some(Life::Dying) => {
                let subject = quote(&names::tag(subject));
                return Err(format!("cannot grant dying {subject} access to secret"));
            }
            None => {
                let subject = quote(subject);
                return Err(format!(
                    "invalid subject reference: {kind} {subject} not found"
                ));
            }
        }
        let grants = &mut self.secret_mut(uri)?.grants;
        if *grants.entry(subject.to_owned()).or_insert(scope) != scope {
            return Err("cannot change secret permission scope".into());
        }
        Ok(())
    }

    /// Takes a grant back; there may be none (`RevokeSecretAccess`).
    pub(crate) fn revoke_secret(&mut self, uri: &SecretUri, subject: &str) {
        if let Ok(secret) = self.secret_mut(uri) {
            secret.grants.remove(subject);
        }
    }

    /// Removes revisions, or with none named or left the whole secret (`DeleteSecret`).
    pub(crate) fn delete_secret(&mut self, uri: &SecretUri, revisions: &BTreeSet<u32>) {
        if let Ok(secret) = self.secret_mut(uri) {
            secret
                .revisions
                .retain(|number, _| !revisions.contains(number));
            if revisions.is_empty() || secret.revisions.is_empty() {
                self.secrets.remove(uri.id());
            }
        }
        // What is gone is nothing to be told of (`NewNoOpSecretsRemoved` of the uniter).
        let secrets = &self.secrets;
        let units = self
            .applications
            .values_mut()
            .flat_map(|application| application.units.values_mut());
        for unit in units {
            let memory = &mut unit.memory.secrets;
            memory.told.retain(|id, _| secrets.contains_key(id));
            memory.obsolete.retain(|(id, revision)| {
                let secret = secrets.get(id);
                secret.is_some_and(|secret| secret.revisions.contains_key(revision))
            });
        }
    }

    /// The revisions that a unit may throw away.
    pub(crate) fn obsolete_revisions(&self, unit: &str) -> impl Iterator<Item = (String, u32)> {
        let secrets = self.secrets.iter();
        let managed = secrets.filter(move |(_, secret)| self.manages(unit, &secret.owner));
        managed.flat_map(|(id, secret)| {
            let revisions = secret.revisions.iter();
            revisions
                .filter(|(_, revision)| revision.obsolete)
                .map(move |(number, _)| (id.clone(), *number))
        })
    }

    /// A new leader hears of revisions that become obsolete from now on: its watcher passes over
    /// what it finds at its start (`obsoleteSecretsWatcher.loop`).
    pub(crate) fn skip_obsolete(&mut self, unit: &str) {
        let obsolete: Vec<(String, u32)> = self.obsolete_revisions(unit).collect();
        if let Some(unit) = self.unit_mut(unit) {
            unit.memory.secrets.obsolete.extend(obsolete);
        }
    }

    /// Removes the secrets of an owner that is gone.
    pub(crate) fn forget_secrets_of(&mut self, owner: &SecretOwner) {
        let secrets = self.secrets.iter();
        let ids: Vec<String> = secrets
            .filter(|(_, secret)| secret.owner == *owner)
            .map(|(id, _)| id.clone())
            .collect();
        for id in ids {
            self.delete_secret(&SecretUri::of(&id), &BTreeSet::new());
        }
    }

    /// Removes the grants and the readings of an application or a unit that is gone.
    pub(crate) fn forget_reader(&mut self, name: &str) {
        for secret in self.secrets.values_mut() {
            secret.grants.remove(name);
            secret.consumers.remove(name);
        }
    }

    /// Removes the grants of relations that are gone.
    pub(crate) fn end_grants(&mut self) {
        let relations = &self.relations;
        for secret in self.secrets.values_mut() {
            secret.grants.retain(|_, scope| match scope {
                SecretScope::Model => true,
                SecretScope::Relation(id) => relations.contains_key(id),
            });
        }
    }
}

/// Which revision a reader asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reading {
    /// The one it tracks.
    Tracked,
    /// The latest one, just this once.
    Peek,
    /// The latest one, to track it.
    Refresh,
}

/// Juju's words for a secret that is not there.
pub(crate) fn unknown_secret(uri: &SecretUri) -> String {
    format!("secret {} not found", quote(&uri.to_string()))
}

/// What the facades make of `state.LabelExists`.
fn label_exists(owner: &SecretOwner, label: &str) -> String {
    let what = if *owner == SecretOwner::User {
        "name"
    } else {
        "label"
    };
    format!("secret with {what} {} already exists", quote(label))
}
