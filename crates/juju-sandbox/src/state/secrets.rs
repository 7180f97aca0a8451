//! Creating, changing and removing secrets. Source: `state/secrets.go`, and
//! `apiserver/facades/agent/secretsmanager/secrets.go`.

use super::root::State;
use super::secret::{Revision, Secret, SecretChange, SecretOwner};
use crate::clock::Timestamp;
use crate::names;
use crate::refusals;
use crate::secret::{Rotation, SecretUri, new_id};
use std::collections::{BTreeMap, BTreeSet};

impl State {
    /// The id of the next secret.
    pub(crate) fn new_secret_id(&mut self) -> String {
        self.next_secret += 1;
        let now = Timestamp(self.now).moment();
        new_id(now.seconds(), &self.settings.uuid, self.next_secret)
    }

    /// The URI that is given to a new secret's owner.
    pub(crate) fn new_secret_uri(&self, id: &str) -> SecretUri {
        if self.settings.version().prints_model_in_secret_uris() {
            SecretUri::in_model(id, &self.settings.uuid)
        } else {
            SecretUri::of(id)
        }
    }

    /// The secret that a URI refers to, if it is in this model.
    pub(crate) fn secret(&self, uri: &SecretUri) -> Option<&Secret> {
        self.secrets
            .get(uri.id())
            .filter(|_| uri.is_local(&self.settings.uuid))
    }

    pub(super) fn secret_mut(&mut self, uri: &SecretUri) -> Result<&mut Secret, String> {
        let is_local = uri.is_local(&self.settings.uuid);
        self.secrets
            .get_mut(uri.id())
            .filter(|_| is_local)
            .ok_or_else(|| refusals::secret_not_found(uri))
    }

    /// Whether a unit may change an owner's secrets: its own, and its application's if it is the
    /// leader (`CanManage` in `apiserver/common/secrets/access.go`).
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

    /// Adds a secret (`CreateSecret`).
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
            created: now,
            expires: change.expires,
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

    /// Changes a secret; new content makes a new revision (`UpdateSecret`).
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
        if let (Some(_), None) = (change.expires, &change.content) {
            if let Some(revision) = secret.revisions.get_mut(&secret.latest) {
                revision.expires = change.expires;
            }
        }
        if let Some(content) = change.content {
            secret.latest += 1;
            let revision = Revision {
                content,
                created: now,
                expires: change.expires,
                obsolete: false,
            };
            secret.revisions.insert(secret.latest, revision);
            // Units that may not read it any more are not told.
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

    /// Whether a label is taken for an owner: by itself, by one of its units, or by the unit's
    /// application (`uniqueSecretOwnerLabelOps`).
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

    /// Removes revisions, or the whole secret if none is named or left (`DeleteSecret`).
    pub(crate) fn delete_secret(&mut self, uri: &SecretUri, revisions: &BTreeSet<u32>) {
        if let Ok(secret) = self.secret_mut(uri) {
            secret
                .revisions
                .retain(|number, _| !revisions.contains(number));
            if revisions.is_empty() || secret.revisions.is_empty() {
                self.secrets.remove(uri.id());
            }
        }
        // Nobody is told of what is gone (`NewNoOpSecretsRemoved` of the uniter).
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

    /// The obsolete revisions that a unit may remove.
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

    /// A new leader is told only of revisions that become obsolete from now on: its watcher skips
    /// those that it finds when it starts (`obsoleteSecretsWatcher.loop`).
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
}

/// How the facades report `state.LabelExists`.
fn label_exists(owner: &SecretOwner, label: &str) -> String {
    if *owner == SecretOwner::User {
        refusals::secret_name_exists(label)
    } else {
        refusals::secret_label_exists(label)
    }
}
