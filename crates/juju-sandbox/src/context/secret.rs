//! Secrets as one hook sees them. Source: `context/context.go`, `context/secrets.go`.

use super::Context;
use crate::clock::{Moment, Timestamp};
use crate::fault::CommitStep;
use crate::go::quote;
use crate::model::secret_state::{Reading, Secret, SecretChange};
use crate::model::{SecretOwner, SecretScope};
use crate::names;
use crate::secret::{Content, Rotation, SecretUri, refusal};
use std::collections::{BTreeMap, BTreeSet};

/// What waits for the commit, by secret (`secretsChangeRecorder`).
#[derive(Debug, Default)]
pub(super) struct PendingSecrets {
    creates: BTreeMap<String, (SecretOwner, SecretChange)>,
    updates: BTreeMap<String, (SecretUri, SecretChange)>,
    /// Secrets whose newest revision this unit tracks after the commit.
    track_latest: BTreeSet<String>,
    /// What is granted to whom.
    grants: BTreeMap<String, Vec<Grant>>,
    /// Whose grants are taken back.
    revokes: BTreeMap<String, Vec<String>>,
    /// The revisions to remove; none is all.
    deletes: BTreeMap<String, (SecretUri, BTreeSet<u32>)>,
}

/// That somebody may read a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Grant {
    /// An application or a unit.
    pub(crate) subject: String,
    pub(crate) scope: SecretScope,
}

/// What a charm is told of a secret of its own (`jujuc.SecretMetadata`).
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

    /// The secrets that the unit manages, pending changes included (`SecretMetadata`).
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
        for id in &self.managed_secrets {
            // Removed as a whole or in part: Juju hides it either way.
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
                rotation: change.rotation.or(secret.rotation),
                expires: change.expires.or(secret.expires),
                rotates: secret.next_rotation,
                access: access.collect(),
            };
            infos.insert(id.clone(), info);
        }
        for (id, info) in &mut infos {
            let granted = pending.grants.get(id).into_iter().flatten();
            info.access.extend(granted.cloned());
            let revoked = pending.revokes.get(id);
            info.access
                .retain(|grant| revoked.is_none_or(|revoked| !revoked.contains(&grant.subject)));
        }
        infos
    }

    /// `secret-add`: the id is there at once, the secret after the commit (`CreateSecret`).
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
                return Err(format!("secret with label {} already exists", quote(label)));
            }
        }
        let creates = &mut self.pending.secrets.creates;
        creates.insert(id.clone(), (owner, change));
        Ok(self.state.new_secret_uri(&id))
    }

    /// Refuses who leads no more to manage a secret that was the application's at the hook's start.
    /// Of what the unit does not manage nothing is known here: the commit refuses that.
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
        if latest == change.content.as_ref() && self.state.settings.compares_secrets() {
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

    /// `secret-remove`; no revision is all of them (`RemoveSecret`).
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

    /// `secret-grant` (`GrantSecret`).
    pub(crate) fn grant_secret(&mut self, uri: &SecretUri, grant: Grant) -> Result<(), String> {
        let infos = self.secret_infos();
        let info = infos
            .get(uri.id())
            .ok_or_else(|| format!("secret {} not found", quote(uri.id())))?;
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
                return Err("any unit level grants need to be revoked before granting access to the corresponding application".into());
            }
        }
        let grants = &mut self.pending.secrets.grants;
        grants.entry(uri.id().to_owned()).or_default().push(grant);
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

    /// `secret-get`: by URI, by label, or by URI giving a label. What is read first is tracked from
    /// then on, whatever becomes of the hook (`GetSecret`; `getSecretContent` of the facade).
    pub(crate) fn get_secret(
        &mut self,
        uri: Option<&SecretUri>,
        label: Option<&str>,
        reading: Reading,
    ) -> Result<Content, String> {
        if let Some(content) = self.pending_content(uri, label, reading) {
            return Ok(content);
        }
        let (uri, label) = match (uri, label) {
            (Some(uri), label) => self.label_owned(uri, label)?,
            (None, label) => (self.labelled(label.unwrap_or_default())?, None),
        };
        let secret = self
            .state
            .secret(&uri)
            .ok_or_else(|| refusal::unknown(&self.juju(), &uri))?;
        if !secret.is_readable_by(&self.unit) {
            return Err(refusal::not_readable(&self.juju(), &self.unit));
        }
        let unit = self.unit.clone();
        let number = self
            .state
            .consume_secret(&uri, &unit, reading, label.as_deref())?;
        let secret = self.state.secret(&uri);
        let revision = secret.and_then(|secret| secret.revisions.get(&number));
        revision
            .map(|revision| revision.content.clone())
            .ok_or_else(|| {
                let key = quote(&format!("{}/{number}", uri.id()));
                format!("secret revision {key} not found")
            })
    }

    /// What a secret of this hook's making holds, or shall hold (`getPendingSecretValue`).
    fn pending_content(
        &mut self,
        uri: Option<&SecretUri>,
        label: Option<&str>,
        reading: Reading,
    ) -> Option<Content> {
        let pending = &mut self.pending.secrets;
        let is_meant = |id: &str, change: &SecretChange| {
            uri.is_some_and(|uri| uri.id() == id)
                || label.is_some() && label == change.label.as_deref()
        };
        let created = pending.creates.iter_mut();
        for (id, (_, change)) in created {
            if is_meant(id, change) {
                if let (Some(_), Some(label)) = (uri, label) {
                    change.label = Some(label.to_owned());
                }
                return change.content.clone();
            }
        }
        if reading == Reading::Tracked {
            return None;
        }
        for (id, (_, change)) in &mut pending.updates {
            if is_meant(id, change) {
                if let (Some(_), Some(label)) = (uri, label) {
                    change.label = Some(label.to_owned());
                }
                if reading == Reading::Refresh {
                    pending.track_latest.insert(id.clone());
                }
                return change.content.clone();
            }
        }
        None
    }

    /// A secret that is named by its URI, and the label that the unit shall know it by. Who owns
    /// the secret sets its own label with it.
    fn label_owned(
        &mut self,
        uri: &SecretUri,
        label: Option<&str>,
    ) -> Result<(SecretUri, Option<String>), String> {
        let uri = uri.clone();
        let label = label.map(str::to_owned);
        let Some(secret) = self
            .state
            .secret(&uri)
            .filter(|secret| secret.owner.includes(&self.unit))
        else {
            return Ok((uri, label));
        };
        if label.as_ref().is_none_or(|label| *label == secret.label) {
            return Ok((uri, None));
        }
        if secret.owner == SecretOwner::Application(self.application().to_owned())
            && !self.state.is_leader(&self.unit)
        {
            return Ok((uri, label));
        }
        let change = SecretChange {
            label,
            ..SecretChange::default()
        };
        self.state.update_secret(&uri, change)?;
        Ok((uri, None))
    }

    /// The secret of a label: an own one's, the application's, or one that the unit gave.
    fn labelled(&self, label: &str) -> Result<SecretUri, String> {
        let pending = self.pending.secrets.updates.iter();
        let renamed = pending
            .filter(|(_, (_, change))| change.label.as_deref() == Some(label))
            .map(|(id, _)| id);
        let owned = |owned_by_unit: bool| {
            let secrets = self.state.secrets.iter();
            secrets
                .filter(move |(_, secret)| {
                    secret.label == label
                        && secret.owner.includes(&self.unit)
                        && matches!(secret.owner, SecretOwner::Unit(_)) == owned_by_unit
                })
                .map(|(id, _)| id)
        };
        let consumed = self.state.secrets.iter().filter(|(_, secret)| {
            let consumer = secret.consumers.get(&self.unit);
            consumer.is_some_and(|consumer| consumer.label == label)
        });
        owned(true)
            .chain(renamed)
            .chain(owned(false))
            .chain(consumed.map(|(id, _)| id))
            .next()
            .map(|id| SecretUri::of(id))
            .ok_or_else(|| refusal::unknown_label(&self.juju(), label))
    }

    /// Puts what is pending into the model, kind by kind. What was done before a kind is refused
    /// stays done: Juju has no transaction around it.
    ///
    /// A fault may stop it after a step.
    pub(super) fn commit_secrets(&mut self, stops: Option<CommitStep>) -> Result<(), String> {
        let stops_after = |step| match stops {
            Some(stop) if stop == step => Err("connection is shut down".to_owned()),
            _ => Ok(()),
        };
        let pending = std::mem::take(&mut self.pending.secrets);
        stops_after(CommitStep::Nothing)?;
        all(
            "creating secrets",
            pending.creates,
            |(id, (owner, change))| {
                if matches!(owner, SecretOwner::Application(_)) && !self.state.is_leader(&self.unit)
                {
                    return Err(self.not_leader());
                }
                self.state.create_secret(&id, owner, change)
            },
        )?;
        stops_after(CommitStep::Created)?;
        all("updating secrets", pending.updates, |(_, (uri, change))| {
            self.check_may_change(&uri)?;
            self.state.update_secret(&uri, change)
        })?;
        let unit = self.unit.clone();
        all(
            "updating secret tracked revisions",
            pending.track_latest,
            |id| {
                let uri = SecretUri::of(&id);
                self.state
                    .consume_secret(&uri, &unit, Reading::Refresh, None)
                    .map(drop)
            },
        )?;
        stops_after(CommitStep::Updated)?;
        all(
            "granting secrets access",
            flat(pending.grants),
            |(id, grant)| {
                let uri = SecretUri::of(&id);
                self.check_may_change(&uri)?;
                self.state.grant_secret(&uri, &grant.subject, grant.scope)
            },
        )?;
        all(
            "revoking secrets access",
            flat(pending.revokes),
            |(id, subject)| {
                let uri = SecretUri::of(&id);
                self.check_may_change(&uri)?;
                self.state.revoke_secret(&uri, &subject);
                Ok(())
            },
        )?;
        stops_after(CommitStep::Granted)?;
        all(
            "removing secrets",
            pending.deletes,
            |(_, (uri, revisions))| {
                // What is gone already may be removed again.
                if self.state.secret(&uri).is_some() {
                    self.check_may_change(&uri)?;
                    self.state.delete_secret(&uri, &revisions);
                }
                Ok(())
            },
        )?;
        stops_after(CommitStep::Removed)
    }

    /// Refuses what the unit may not do, as the controller does.
    fn check_may_change(&self, uri: &SecretUri) -> Result<(), String> {
        let unknown = || refusal::unknown(&self.juju(), uri);
        let secret = self.state.secret(uri).ok_or_else(unknown)?;
        let may = self.state.manages(&self.unit, &secret.owner);
        may.then_some(())
            .ok_or_else(|| refusal::not_manageable(&self.juju(), &self.unit))
    }
}

fn flat<T>(pending: BTreeMap<String, Vec<T>>) -> impl Iterator<Item = (String, T)> {
    pending
        .into_iter()
        .flat_map(|(id, items)| items.into_iter().map(move |item| (id.clone(), item)))
}

/// Does everything of one kind, and then tells of all refusals.
fn all<T>(
    doing: &str,
    items: impl IntoIterator<Item = T>,
    act: impl FnMut(T) -> Result<(), String>,
) -> Result<(), String> {
    let refusals: Vec<String> = items.into_iter().map(act).filter_map(Result::err).collect();
    if refusals.is_empty() {
        Ok(())
    } else {
        Err(format!("{doing}: {}", refusals.join("\n")))
    }
}
