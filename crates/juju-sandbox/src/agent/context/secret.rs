//! A unit's own secrets as one hook sees and changes them. Source: `context/context.go`,
//! `context/secrets.go`.

use super::pending::Grant;
use super::view::Context;
use crate::clock::{Moment, Timestamp};
use crate::names;
use crate::refusals;
use crate::secret::{Rotation, SecretUri};
use crate::state::{Secret, SecretChange, SecretOwner};
use std::collections::BTreeMap;

/// What a charm is told about a secret of its own (`jujuc.SecretMetadata`).
#[derive(Debug)]
pub(crate) struct SecretInfo {
    pub(crate) owner: SecretOwner,
    pub(crate) revision: u32,
    pub(crate) label: String,
    pub(crate) description: String,
    pub(crate) rotation: Option<Rotation>,
    pub(crate) expires: Option<Moment>,
    pub(crate) rotates: Option<Moment>,
    pub(crate) access: Vec<Grant>,
}

impl Context<'_> {
    pub(crate) fn now(&self) -> Moment {
        Timestamp(self.state.now).moment()
    }

    /// The secrets that the unit manages, including pending changes (`SecretMetadata`). Pending
    /// grants and revocations do not show: Juju works them out, but into a copy that it drops.
    pub(crate) fn secret_infos(&self) -> BTreeMap<String, SecretInfo> {
        let pending = &self.pending.secrets;
        let mut infos: BTreeMap<String, SecretInfo> = pending
            .creates
            .iter()
            .map(|(id, (owner, change))| {
                let info = SecretInfo {
                    owner: owner.clone(),
                    revision: 1,
                    label: change.label.clone().unwrap_or_default(),
                    description: change.description.clone().unwrap_or_default(),
                    rotation: change.rotation,
                    expires: change.expires,
                    rotates: None,
                    access: Vec::new(),
                };
                (id.clone(), info)
            })
            .collect();
        let never = Some(Rotation::Never).filter(|_| self.juju().tells_rotation());
        for id in &self.managed_secrets {
            // Juju hides the secret whether all or only some of it is to be removed.
            let Some(secret) = self
                .state
                .secrets
                .get(id)
                .filter(|_| !pending.deletes.contains_key(id))
            else {
                continue;
            };
            let change = pending.updates.get(id).map(|(_, change)| change.clone());
            let change = change.unwrap_or_default();
            let access = secret.grants.iter().map(|(subject, scope)| Grant {
                subject: subject.clone(),
                scope: *scope,
            });
            let info = SecretInfo {
                owner: secret.owner.clone(),
                revision: secret.latest,
                label: change.label.unwrap_or_else(|| secret.label.clone()),
                description: change
                    .description
                    .unwrap_or_else(|| secret.description.clone()),
                rotation: change.rotation.or(secret.rotation).or(never),
                expires: change.expires.or(secret.expires),
                rotates: secret.next_rotation,
                access: access.collect(),
            };
            infos.insert(id.clone(), info);
        }
        infos
    }

    /// `secret-add`: the id exists at once, the secret only after the commit (`CreateSecret`).
    pub(crate) fn add_secret(
        &mut self,
        owner: SecretOwner,
        change: SecretChange,
    ) -> Result<SecretUri, String> {
        if matches!(owner, SecretOwner::Application(_)) {
            self.require_leader()?;
        }
        let id = self.state.new_secret_id();
        if let Some(label) = &change.label {
            let mut others = self.pending.secrets.creates.values();
            if others.any(|(_, other)| other.label.as_ref() == Some(label)) {
                return Err(refusals::secret_label_exists(label));
            }
        }
        let creates = &mut self.pending.secrets.creates;
        creates.insert(id.clone(), (owner, change));
        Ok(self.state.new_secret_uri(&id))
    }

    /// Refuses to change an application's secret if the unit has lost leadership since the hook
    /// began. Secrets that the unit did not manage then are not known here: the commit refuses
    /// those.
    fn check_manages(&mut self, uri: &SecretUri) -> Result<(), String> {
        let secret = self
            .state
            .secrets
            .get(uri.id())
            .filter(|_| self.managed_secrets.contains(uri.id()));
        if secret.is_some_and(|secret| matches!(secret.owner, SecretOwner::Application(_))) {
            self.require_leader()?;
        }
        Ok(())
    }

    /// `secret-set` (`UpdateSecret`).
    pub(crate) fn set_secret(
        &mut self,
        uri: SecretUri,
        mut change: SecretChange,
    ) -> Result<(), String> {
        self.check_manages(&uri)?;
        let known = self
            .state
            .secret(&uri)
            .filter(|_| self.managed_secrets.contains(uri.id()));
        let latest = known.and_then(Secret::latest_content);
        if latest == change.content.as_ref() && self.juju().compares_secrets() {
            change.content = None;
        }
        if change.is_empty() {
            return Ok(());
        }
        let pending = &mut self.pending.secrets;
        let id = uri.id().to_owned();
        pending.deletes.remove(&id);
        if let Some((_, created)) = pending.creates.get_mut(&id) {
            created.merge(change);
        } else {
            let (_, update) = pending
                .updates
                .entry(id)
                .or_insert((uri, SecretChange::default()));
            update.merge(change);
        }
        Ok(())
    }

    /// `secret-remove`; without a revision, all of them (`RemoveSecret`).
    pub(crate) fn remove_secret(
        &mut self,
        uri: SecretUri,
        revision: Option<u32>,
    ) -> Result<(), String> {
        self.check_manages(&uri)?;
        let pending = &mut self.pending.secrets;
        let id = uri.id().to_owned();
        pending.creates.remove(&id);
        pending.updates.remove(&id);
        pending.grants.remove(&id);
        pending.revokes.remove(&id);
        pending.track_latest.remove(&id);
        match pending.deletes.get_mut(&id) {
            None => {
                let revisions = revision.into_iter().collect();
                pending.deletes.insert(id, (uri, revisions));
            }
            Some((_, revisions)) if revisions.is_empty() => {}
            Some((_, revisions)) => match revision {
                Some(revision) => drop(revisions.insert(revision)),
                None => revisions.clear(),
            },
        }
        Ok(())
    }

    /// `secret-grant` (`GrantSecret`). Grants of the same hook are not in its way.
    pub(crate) fn grant_secret(&mut self, uri: &SecretUri, grant: Grant) -> Result<(), String> {
        let infos = self.secret_infos();
        let info = infos
            .get(uri.id())
            .ok_or_else(|| refusals::secret_not_found(uri.id()))?;
        if matches!(info.owner, SecretOwner::Application(_)) {
            self.require_leader()?;
        }
        let application = names::application_of(&grant.subject);
        let related = info.access.iter().filter(|granted| {
            granted.scope == grant.scope && names::application_of(&granted.subject) == application
        });
        for granted in related {
            if granted.subject == grant.subject || granted.subject == application {
                return Ok(());
            }
            if grant.subject == application {
                return Err(refusals::unit_grants_first());
            }
        }
        let grants = &mut self.pending.secrets.grants;
        let grants = grants.entry(uri.id().to_owned()).or_default();
        grants.insert(grant.scope, grant);
        Ok(())
    }

    /// `secret-revoke` (`RevokeSecret`).
    pub(crate) fn revoke_secret(&mut self, uri: &SecretUri, subject: String) -> Result<(), String> {
        self.check_manages(uri)?;
        let revokes = &mut self.pending.secrets.revokes;
        revokes
            .entry(uri.id().to_owned())
            .or_default()
            .push(subject);
        Ok(())
    }
}
