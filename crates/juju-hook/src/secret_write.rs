//! `secret-add`, `secret-set`, `secret-grant`, `secret-revoke` and `secret-remove`. All of Juju
//! 3.0 or newer; what they write counts once the hook has succeeded.

use std::io;

use crate::memory_file::MemoryFile;
use crate::relation::RelationId;
use crate::rotation::{Expiry, Rotation};
use crate::secret::Secret;
use crate::secret_uri::SecretUri;
use crate::secrets::SecretOwner;
use crate::tools::{HookTools, ToolError, shown};

/// What to make of a secret. What is `None` or empty stays as it is: Juju takes an empty text for
/// none at all.
///
/// The content goes in by way of a file in memory. All else is an argument, and so is not secret.
#[derive(Debug, Clone, Copy, Default)]
pub struct SecretChange<'a> {
    /// All keys, and their values: those that are not here are not in the new revision. A key
    /// has at least three characters: lower-case letters and digits with single hyphens between
    /// them, a letter first (Juju's `core/secrets/createsecret.go`).
    pub content: &'a [(&'a str, &'a Secret)],
    /// A name for it, which no other secret of the owner has.
    pub label: Option<&'a str>,
    /// For a person.
    pub description: Option<&'a str>,
    /// When the newest revision expires.
    pub expiry: Option<Expiry<'a>>,
    /// How often it is due for a new revision.
    pub rotation: Option<Rotation>,
}

/// Whose right to read a secret ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Grantee<'a> {
    /// The application on the other side of a relation.
    Relation(&'a RelationId),
    /// An application by its name.
    Application(&'a str),
    /// One unit.
    Unit(&'a str),
}

impl HookTools {
    /// Makes a secret that the application owns, with one key (`secret-add`). It
    /// exists once the hook succeeds. Leader only.
    ///
    /// # Errors
    ///
    /// If this unit does not lead, the label is taken, or the content is too large.
    pub fn secret_add(
        &self,
        label: &str,
        key: &str,
        value: &Secret,
    ) -> Result<SecretUri, ToolError> {
        let secret = SecretChange {
            content: &[(key, value)],
            label: Some(label),
            ..SecretChange::default()
        };
        self.secret_add_as(SecretOwner::Application, secret)
    }

    /// Makes a secret (`secret-add`). It exists once the hook succeeds. Only the leader makes
    /// one that the application owns.
    ///
    /// # Errors
    ///
    /// If this unit may not, the label is taken, or the content is too large, has a key of
    /// another form, or is empty.
    pub fn secret_add_as(
        &self,
        owner: SecretOwner,
        secret: SecretChange<'_>,
    ) -> Result<SecretUri, ToolError> {
        let tool = "secret-add";
        let owner: &[&str] = match owner {
            SecretOwner::Application => &[],
            SecretOwner::Unit => &["--owner", "unit"],
        };
        let printed = self.change(tool, owner, secret)?;
        let text = String::from_utf8_lossy(&printed);
        SecretUri::parse(text.trim()).ok_or(ToolError::Output {
            tool,
            line: 1,
            column: 1,
        })
    }

    /// Gives a secret of the application a new revision, with one key
    /// (`secret-set`). Leader only.
    ///
    /// # Errors
    ///
    /// If the secret does not exist, or the content is too large.
    pub fn secret_set(&self, uri: &SecretUri, key: &str, value: &Secret) -> Result<(), ToolError> {
        let secret = SecretChange {
            content: &[(key, value)],
            ..SecretChange::default()
        };
        self.secret_set_as(uri, secret)
    }

    /// Changes a secret of ours (`secret-set`), with a new revision if there is content. Only
    /// the leader changes one that the application owns: on another unit the hook fails at its
    /// end. The same content as before makes no new revision since Juju 3.6.
    ///
    /// # Errors
    ///
    /// If the secret does not exist, or as for [`Self::secret_add_as`].
    pub fn secret_set_as(
        &self,
        uri: &SecretUri,
        secret: SecretChange<'_>,
    ) -> Result<(), ToolError> {
        self.change("secret-set", &[uri.as_str()], secret).map(drop)
    }

    /// Runs a tool that takes a secret's content and its properties.
    fn change(
        &self,
        tool: &'static str,
        args: &[&str],
        secret: SecretChange<'_>,
    ) -> Result<zeroize::Zeroizing<Vec<u8>>, ToolError> {
        let SecretChange {
            content,
            label,
            description,
            expiry,
            rotation,
        } = secret;
        let description = description.map(shown);
        let expiry = expiry.map(Expiry::word);
        let options = [
            ("--label", label),
            ("--description", description.as_deref()),
            ("--expire", expiry.as_deref()),
            ("--rotate", rotation.map(Rotation::word)),
        ];
        // The files must live as long as the call.
        let files = content
            .iter()
            .map(|(key, value)| Ok((*key, MemoryFile::new(value.expose())?)))
            .collect::<io::Result<Vec<_>>>()
            .map_err(|source| ToolError::Start { tool, source })?;
        let content: Vec<_> = files
            .iter()
            .map(|(key, file)| format!("{key}#file={}", file.path()))
            .collect();
        let mut args = args.to_vec();
        for (option, value) in options {
            args.extend(value.into_iter().flat_map(|value| [option, value]));
        }
        args.extend(content.iter().map(String::as_str));
        self.run_with_secret(tool, &args)
    }

    /// Lets the application on the other side of `relation` read the secret, for as
    /// long as the relation lives (`secret-grant`). Leader only.
    ///
    /// # Errors
    ///
    /// If the secret is not ours, or the relation does not exist.
    pub fn secret_grant(&self, uri: &SecretUri, relation: &RelationId) -> Result<(), ToolError> {
        self.run("secret-grant", &[uri.as_str(), "-r", relation.as_str()])
            .map(drop)
    }

    /// Lets one unit on the other side of `relation` read the secret, for as long as the
    /// relation lives (`secret-grant --unit`). Of several in one hook, Juju 3.6 keeps only the
    /// last for each relation.
    ///
    /// # Errors
    ///
    /// If the secret is not ours, the relation does not exist, or the unit is not on its other
    /// side.
    pub fn secret_grant_unit(
        &self,
        uri: &SecretUri,
        relation: &RelationId,
        unit: &str,
    ) -> Result<(), ToolError> {
        let args = [uri.as_str(), "-r", relation.as_str(), "--unit", unit];
        self.run("secret-grant", &args).map(drop)
    }

    /// Ends somebody's right to read the secret (`secret-revoke`). Only the leader does it for
    /// one that the application owns.
    ///
    /// # Errors
    ///
    /// If the secret is not ours, or the relation does not exist.
    pub fn secret_revoke(&self, uri: &SecretUri, from: Grantee<'_>) -> Result<(), ToolError> {
        let [option, name] = match from {
            Grantee::Relation(relation) => ["-r", relation.as_str()],
            Grantee::Application(name) => ["--app", name],
            Grantee::Unit(name) => ["--unit", name],
        };
        self.run("secret-revoke", &[uri.as_str(), option, name])
            .map(drop)
    }

    /// Removes one revision of a secret of the application (`secret-remove --revision`),
    /// which is what the event secret-remove asks for. Leader only.
    ///
    /// The last thing to do with this secret in a hook: Juju forgets what the hook has written to
    /// it so far, and no longer finds it by its label or in `secret-info-get`.
    ///
    /// # Errors
    ///
    /// If the tool fails.
    pub fn secret_remove_revision(&self, uri: &SecretUri, revision: u32) -> Result<(), ToolError> {
        let revision = revision.to_string();
        let args = [uri.as_str(), "--revision", &revision];
        self.run("secret-remove", &args).map(drop)
    }

    /// Removes a secret of the application with all its revisions
    /// (`secret-remove`). Leader only: on another unit the hook fails at its end.
    ///
    /// # Errors
    ///
    /// If the tool fails.
    pub fn secret_remove(&self, uri: &SecretUri) -> Result<(), ToolError> {
        self.run("secret-remove", &[uri.as_str()]).map(drop)
    }
}
