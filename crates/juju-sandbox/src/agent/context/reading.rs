//! Reading secrets. Source: `context/secrets.go`, and `getSecretContent` in
//! `apiserver/facades/agent/secretsmanager/secrets.go`.

use super::view::Context;
use crate::refusals;
use crate::secret::{Content, SecretUri, refusal};
use crate::state::{Reading, SecretChange, SecretOwner};

impl Context<'_> {
    /// `secret-get`: by URI, by label, or by URI while giving it a label. The first read starts
    /// tracking the revision, even if the hook then fails (`GetSecret`; `getSecretContent` of the
    /// facade).
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
            .ok_or_else(|| refusals::secret_revision_not_found(uri.id(), number))
    }

    /// The content of a secret that this hook has created or changed, and not yet committed
    /// (`getPendingSecretValue`).
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

    /// The secret of a URI, and the label that the unit gives it. If the unit owns the secret, the
    /// secret's own label is set instead.
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

    /// The secret of a label: one of the unit's own, one of its application's, or one that the unit
    /// has read and labelled.
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
}
