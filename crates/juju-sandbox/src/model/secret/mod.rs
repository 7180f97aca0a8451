//! User secrets: what a person does to them (`cmd/juju/secrets`, `apiserver/facades/client/secrets`).

mod view;

pub use view::SecretView;

use super::handle::Model;
use crate::error::Error;
use crate::refusals;
use crate::secret::{Content, SecretUri};
use crate::state::{Secret, SecretChange, SecretOwner, SecretScope};
use std::collections::BTreeSet;

impl Model {
    /// Adds a user secret and returns its URI (`juju add-secret`). The value of a key that ends in
    /// `#base64` is in base 64. No application may read the secret yet, and no hook runs.
    ///
    /// # Errors
    ///
    /// When the name is taken, Juju does not accept a key or value, or the model's Juju is older
    /// than 3.3.
    pub fn add_secret(&mut self, name: &str, content: &[(&str, &str)]) -> Result<String, Error> {
        let content = self.content(content)?;
        let change = SecretChange {
            content: Some(content),
            ..SecretChange::default()
        };
        self.create_user_secret(name, change)
    }

    /// Gives a user secret new content: a new revision (`juju update-secret`). Each unit that has
    /// read the secret is told with `secret-changed`, and keeps reading the revision that it tracks
    /// until it asks for the new one. From Juju 3.6 on, content that has not changed makes no new
    /// revision.
    ///
    /// # Errors
    ///
    /// When there is no such user secret, or Juju does not accept a key or value.
    pub fn update_secret(
        &mut self,
        name_or_id: &str,
        content: &[(&str, &str)],
    ) -> Result<(), Error> {
        let content = self.content(content)?;
        let change = SecretChange {
            content: Some(content),
            ..SecretChange::default()
        };
        self.change_user_secret(name_or_id, change)
    }

    /// Lets all units of an application read a user secret (`juju grant-secret`). No hook runs.
    ///
    /// # Errors
    ///
    /// When there is no such user secret or application.
    pub fn grant_secret(&mut self, name_or_id: &str, application: &str) -> Result<(), Error> {
        let uri = self.user_secret(name_or_id)?;
        self.state
            .grant_secret(&uri, application, SecretScope::Model)
            .map_err(Error::Refused)
    }

    /// Revokes the grant (`juju revoke-secret`). No hook runs.
    ///
    /// # Errors
    ///
    /// When there is no such user secret or application.
    pub fn revoke_secret(&mut self, name_or_id: &str, application: &str) -> Result<(), Error> {
        let uri = self.user_secret(name_or_id)?;
        self.app(application)?;
        self.state.revoke_secret(&uri, application);
        Ok(())
    }

    /// Removes a user secret with all its revisions (`juju remove-secret`). No hook runs.
    ///
    /// # Errors
    ///
    /// When there is no such user secret.
    pub fn remove_secret(&mut self, name_or_id: &str) -> Result<(), Error> {
        let uri = self.user_secret(name_or_id)?;
        self.state.delete_secret(&uri, &BTreeSet::new());
        Ok(())
    }

    /// Removes one revision of a user secret; with its last revision, the secret itself goes
    /// (`juju remove-secret --revision`). A unit that tracks the revision can read the secret again
    /// once it asks for the latest one.
    ///
    /// # Errors
    ///
    /// When there is no such user secret.
    pub fn remove_secret_revision(&mut self, name_or_id: &str, revision: u32) -> Result<(), Error> {
        let uri = self.user_secret(name_or_id)?;
        self.state.delete_secret(&uri, &BTreeSet::from([revision]));
        Ok(())
    }

    /// Adds a secret as an application's leader would with `secret-add`, and returns the URI that
    /// the tool would print. This is how a stand-in gets a secret.
    ///
    /// # Errors
    ///
    /// When there is no such application, the label is taken, Juju does not accept a key or value,
    /// or the model's Juju is older than 3.0.
    pub fn add_application_secret(
        &mut self,
        application: &str,
        label: &str,
        content: &[(&str, &str)],
    ) -> Result<String, Error> {
        self.app(application)?;
        if !self.state.settings.version().has_secrets() {
            return Err(Error::Refused(refusals::secrets_not_supported()));
        }
        let change = SecretChange {
            label: Some(label.to_owned()),
            content: Some(self.content(content)?),
            ..SecretChange::default()
        };
        let id = self.state.new_secret_id();
        self.state
            .create_secret(
                &id,
                SecretOwner::Application(application.to_owned()),
                change,
            )
            .map_err(Error::Refused)?;
        Ok(self.state.new_secret_uri(&id).to_string())
    }

    /// Gives an application's secret new content, as its leader would with `secret-set`.
    ///
    /// # Errors
    ///
    /// When there is no such secret of an application, or Juju does not accept a key or value.
    pub fn update_application_secret(
        &mut self,
        id_or_label: &str,
        content: &[(&str, &str)],
    ) -> Result<(), Error> {
        let uri = self.application_secret(id_or_label)?;
        let change = SecretChange {
            content: Some(self.content(content)?),
            ..SecretChange::default()
        };
        self.state
            .update_secret(&uri, change)
            .map_err(Error::Refused)
    }

    /// Lets the other application of a relation read an application's secret, as its leader would
    /// with `secret-grant`.
    ///
    /// # Errors
    ///
    /// When there is no such secret of an application, or the application is not part of such a
    /// relation.
    pub fn grant_application_secret(
        &mut self,
        id_or_label: &str,
        relation: u32,
    ) -> Result<(), Error> {
        let uri = self.application_secret(id_or_label)?;
        let secret = self.state.secret(&uri);
        let owner = secret.and_then(|secret| secret.owner.application());
        let other = self
            .relation_state(relation)?
            .other_side(owner.unwrap_or_default())
            .map(|side| side.application.clone())
            .ok_or_else(|| Error::not_found("side of application", owner.unwrap_or_default()))?;
        self.state
            .grant_secret(&uri, &other, SecretScope::Relation(relation))
            .map_err(Error::Refused)
    }

    /// The secret of an application by its id or label.
    fn application_secret(&self, id_or_label: &str) -> Result<SecretUri, Error> {
        let secret = self.secret(id_or_label)?;
        match secret.owner() {
            SecretOwner::Application(_) => Ok(SecretUri::of(secret.id())),
            _ => Err(Error::not_found("secret of an application", id_or_label)),
        }
    }

    /// All secrets including those of charms, oldest first.
    pub fn secrets(&self) -> impl Iterator<Item = SecretView<'_>> {
        self.state
            .secrets
            .iter()
            .map(|(id, secret)| SecretView::new(id, secret))
    }

    /// A secret by its id or URI, or else by a user secret's name, or by the label that its owner
    /// gave it.
    ///
    /// # Errors
    ///
    /// When there is none, or several applications or units use the label.
    pub fn secret(&self, name_or_id_or_label: &str) -> Result<SecretView<'_>, Error> {
        let text = name_or_id_or_label;
        if let Ok(uri) = SecretUri::parse(text) {
            let found = self.secrets().find(|secret| secret.id() == uri.id());
            return found
                .filter(|_| uri.is_local(&self.state.settings.uuid))
                .ok_or_else(|| Error::not_found("secret", uri.id()));
        }
        if let Some(secret) = self.secrets().find(|secret| secret.name() == Some(text)) {
            return Ok(secret);
        }
        let mut labelled = self.secrets().filter(|secret| secret.label() == text);
        match (
            labelled.next().filter(|_| !text.is_empty()),
            labelled.next(),
        ) {
            (Some(secret), None) => Ok(secret),
            (Some(_), Some(_)) => Err(Error::Refused(refusals::ambiguous_secret_label(text))),
            (None, _) => Err(Error::not_found("secret", text)),
        }
    }

    /// The name of a grant's scope in Juju's messages.
    pub(crate) fn scope_tag(&self, scope: SecretScope) -> String {
        self.state.scope_tag(scope)
    }

    fn content(&self, pairs: &[(&str, &str)]) -> Result<Content, Error> {
        Content::from_pairs(pairs, &self.state.settings.version()).map_err(Error::Refused)
    }

    /// Adds a user secret.
    pub(crate) fn create_user_secret(
        &mut self,
        name: &str,
        change: SecretChange,
    ) -> Result<String, Error> {
        self.check_user_secrets()?;
        if change.content.as_ref().is_none_or(Content::is_empty) {
            return Err(Error::Refused(refusals::no_secret_value()));
        }
        let id = self.state.new_secret_id();
        let change = SecretChange {
            label: Some(name.to_owned()),
            ..change
        };
        self.state
            .create_secret(&id, SecretOwner::User, change)
            .map_err(Error::Refused)?;
        Ok(SecretUri::of(&id).to_string())
    }

    /// Changes a user secret.
    pub(crate) fn change_user_secret(
        &mut self,
        name_or_id: &str,
        mut change: SecretChange,
    ) -> Result<(), Error> {
        let uri = self.user_secret(name_or_id)?;
        change.content = change.content.filter(|content| !content.is_empty());
        if change.is_empty() {
            return Err(Error::Refused(refusals::nothing_to_update()));
        }
        let latest = self.state.secret(&uri).and_then(Secret::latest_content);
        if change.content.as_ref() == latest && self.state.settings.version().has_secret_checksums()
        {
            change.content = None;
        }
        self.state
            .update_secret(&uri, change)
            .map_err(Error::Refused)
    }

    /// The user secret of a name, id or URI (`getSecretURI` of the facade).
    fn user_secret(&self, name_or_id: &str) -> Result<SecretUri, Error> {
        self.check_user_secrets()?;
        if let Ok(uri) = SecretUri::parse(name_or_id) {
            let refusal = match self.state.secret(&uri).map(|secret| &secret.owner) {
                Some(SecretOwner::User) => return Ok(uri),
                Some(_) => refusals::permission_denied(),
                None => refusals::secret_not_found(&uri),
            };
            return Err(Error::Refused(refusal));
        }
        let secret = self
            .secrets()
            .find(|secret| secret.name() == Some(name_or_id));
        secret
            .map(|secret| SecretUri::of(secret.id()))
            .ok_or_else(|| Error::not_found("secret", name_or_id))
    }

    fn check_user_secrets(&self) -> Result<(), Error> {
        if self.state.settings.version().has_user_secrets() {
            Ok(())
        } else {
            Err(Error::Refused(refusals::user_secrets_not_supported()))
        }
    }
}
