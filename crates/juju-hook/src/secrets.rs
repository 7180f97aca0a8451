//! `secret-get`, `secret-info-get` and `secret-ids`. All of Juju 3.0 or newer.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::refusal::Refusal;
use crate::rotation::Rotation;
use crate::secret::Secret;
use crate::secret_uri::SecretUri;
use crate::tools::{HookTools, ToolError};

/// What a secret holds, by key.
pub type SecretContent = BTreeMap<String, Secret>;

/// How a secret is named to Juju. A label is an argument, and so is not secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretName<'a> {
    /// By its URI.
    Uri(&'a SecretUri),
    /// By the label that its owner or this unit gave it.
    Label(&'a str),
    /// By its URI, which also gives the secret this label for this unit, or for the owner if
    /// that reads it.
    Labelled(&'a SecretUri, &'a str),
}

/// Which revision of a secret to read.
///
/// The first read tracks the newest revision, and a revision that any unit tracks is not
/// removed (Juju's `apiserver/facades/agent/secretsmanager/secrets.go`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// The one that this unit tracks.
    Tracked,
    /// The newest, without tracking it.
    Peek,
    /// The newest, which this unit tracks from now on.
    Refresh,
}

/// Who a secret belongs to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SecretOwner {
    /// The application: its leader writes it, and all of its units may read it.
    #[default]
    Application,
    /// This unit.
    Unit,
}

/// What Juju knows of a secret of ours (`metadataDisplay` in Juju's `jujuc/secret-info-get.go`).
/// Dates are as Juju writes them. Left
/// out is who may read it: to grant it once more costs as little as to ask.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SecretInfo {
    /// The newest revision.
    pub revision: u32,
    /// The owner's label for it; may be empty.
    #[serde(default)]
    pub label: String,
    /// Who it belongs to.
    pub owner: SecretOwner,
    /// For a person; may be empty.
    #[serde(default)]
    pub description: String,
    /// How often it is due for a new revision.
    pub rotation: Option<Rotation>,
    /// When it expires.
    pub expiry: Option<String>,
    /// When it is next due for a new revision.
    pub rotates: Option<String>,
}

impl HookTools {
    /// The newest content of the secret at `uri`, which this unit tracks from now
    /// on (`secret-get --refresh`): Juju tells it of new revisions.
    ///
    /// # Errors
    ///
    /// If the tool fails for a reason that is not a [`Refusal`].
    pub fn secret_get(&self, uri: &SecretUri) -> Result<Result<SecretContent, Refusal>, ToolError> {
        self.secret_get_as(SecretName::Uri(uri), Reading::Refresh)
    }

    /// The newest content of the secret at `uri`, without tracking it (`secret-get --peek`).
    ///
    /// # Errors
    ///
    /// If the tool fails for a reason that is not a [`Refusal`].
    pub fn secret_peek(
        &self,
        uri: &SecretUri,
    ) -> Result<Result<SecretContent, Refusal>, ToolError> {
        self.secret_get_as(SecretName::Uri(uri), Reading::Peek)
    }

    /// The content of any revision of a secret that may be read (`secret-get`).
    ///
    /// # Errors
    ///
    /// If the tool fails for a reason that is not a [`Refusal`].
    pub fn secret_get_as(
        &self,
        name: SecretName<'_>,
        reading: Reading,
    ) -> Result<Result<SecretContent, Refusal>, ToolError> {
        let mut args = name.args();
        match reading {
            Reading::Tracked => {}
            Reading::Peek => args.push("--peek"),
            Reading::Refresh => args.push("--refresh"),
        }
        sort_out(self.read("secret-get", &args))
    }

    /// The newest content of the secret of our own with this label, which this unit tracks
    /// from now on (`secret-get --refresh`): a revision that any unit tracks is one that
    /// Juju takes for needed. `None` if there is none.
    ///
    /// # Errors
    ///
    /// If the tool fails for another reason.
    pub fn own_secret_get(&self, label: &str) -> Result<Option<SecretContent>, ToolError> {
        let answer = self.secret_get_as(SecretName::Label(label), Reading::Refresh)?;
        found(answer, "secret-get")
    }

    /// The URI of the secret of our own with this label (`secret-info-get`). `None`
    /// if there is none. Only the leader knows of the application's secrets.
    ///
    /// # Errors
    ///
    /// If the tool fails for another reason.
    pub fn own_secret_uri(&self, label: &str) -> Result<Option<SecretUri>, ToolError> {
        let info = self.info::<serde::de::IgnoredAny>(SecretName::Label(label))?;
        Ok(info.map(|(uri, _)| uri))
    }

    /// What Juju knows of a secret of our own (`secret-info-get`). `None` if there is none. Only
    /// the leader knows of the application's secrets.
    ///
    /// # Errors
    ///
    /// If the tool fails for another reason, as it does for [`SecretName::Labelled`]: it takes a
    /// URI or a label, but not both.
    pub fn secret_info_get(
        &self,
        name: SecretName<'_>,
    ) -> Result<Option<(SecretUri, SecretInfo)>, ToolError> {
        self.info(name)
    }

    fn info<T: serde::de::DeserializeOwned>(
        &self,
        name: SecretName<'_>,
    ) -> Result<Option<(SecretUri, T)>, ToolError> {
        // Keyed by the bare id.
        let answer = self.read("secret-info-get", &name.args());
        let infos: Option<BTreeMap<String, T>> = found(sort_out(answer)?, "secret-info-get")?;
        let mut infos = infos.into_iter().flatten();
        Ok(infos.find_map(|(id, info)| Some((SecretUri::from_id(&id)?, info))))
    }

    /// The secrets that the application owns, on its leader, and those of this unit
    /// (`secret-ids`).
    ///
    /// # Errors
    ///
    /// If the tool fails.
    pub fn secret_ids(&self) -> Result<Vec<SecretUri>, ToolError> {
        // Bare ids; `null` if there are none.
        let ids: Option<Vec<String>> = self.read("secret-ids", &[])?;
        let ids = ids.unwrap_or_default();
        Ok(ids.iter().filter_map(|id| SecretUri::from_id(id)).collect())
    }
}

impl<'a> SecretName<'a> {
    fn args(self) -> Vec<&'a str> {
        match self {
            Self::Uri(uri) => vec![uri.as_str()],
            Self::Label(label) => vec!["--label", label],
            Self::Labelled(uri, label) => vec![uri.as_str(), "--label", label],
        }
    }
}

/// Tells what the administrator can do something about from what is Juju's own failure.
fn sort_out<T>(answer: Result<T, ToolError>) -> Result<Result<T, Refusal>, ToolError> {
    match answer {
        Ok(value) => Ok(Ok(value)),
        Err(ToolError::Absent { .. }) => Ok(Err(Refusal::NoSecrets)),
        Err(error) => match &error {
            ToolError::Failed { reason, .. } => Refusal::of(reason).map(Err).ok_or(error),
            _ => Err(error),
        },
    }
}

/// `None` for a secret that is not there; a Juju without secrets is an error where
/// the charm would write some.
fn found<T>(answer: Result<T, Refusal>, tool: &'static str) -> Result<Option<T>, ToolError> {
    match answer {
        Ok(value) => Ok(Some(value)),
        Err(Refusal::NotFound | Refusal::NotGranted) => Ok(None),
        Err(Refusal::NoSecrets) => Err(ToolError::Absent { tool }),
    }
}
