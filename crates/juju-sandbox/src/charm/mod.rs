//! A charm directory as Juju reads it: `metadata.yaml`, `config.yaml`, `actions.yaml`.

mod actions;
mod archive;
mod assumes;
mod config;
mod error;
mod metadata;
mod schema;

pub(crate) use actions::Actions;
pub(crate) use archive::CharmFolder;
pub(crate) use config::ConfigOptions;
pub use error::CharmError;
pub(crate) use metadata::{Endpoint, Metadata, Role};

use crate::refusals;
use crate::version::Version;
use serde::{Deserialize, Serialize};
use std::io;
use std::path::Path;

/// The contents of a charm's files.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Charm {
    pub(crate) metadata: Metadata,
    pub(crate) config: ConfigOptions,
    pub(crate) actions: Actions,
}

impl Charm {
    /// Reads a charm directory (`charm.ReadCharmDir`).
    pub(crate) fn read(directory: &Path, juju: &Version) -> Result<Self, CharmError> {
        let metadata = text(&directory.join("metadata.yaml"))?
            .ok_or_else(|| CharmError::Invalid(refusals::no_metadata()))?;
        let charm = Self {
            metadata: Metadata::parse(&metadata, Some(juju))?,
            config: text(&directory.join("config.yaml"))?.map_or_else(
                || Ok(ConfigOptions::default()),
                |text| ConfigOptions::parse(&text, juju),
            )?,
            actions: text(&directory.join("actions.yaml"))?.map_or_else(
                || Ok(Actions::default()),
                |text| Actions::parse(&text, juju),
            )?,
        };
        let hooks = directory
            .join("hooks")
            .read_dir()
            .is_ok_and(|mut entries| entries.next().is_some());
        if !hooks && !directory.join("dispatch").exists() {
            // api/client/charms/localcharmclient.go
            return Err(CharmError::Invalid(refusals::no_hooks(
                &charm.metadata.name,
            )));
        }
        Ok(charm)
    }

    /// A charm without code, which has only metadata.
    pub(crate) fn without_code(metadata: &str) -> Result<Self, CharmError> {
        Ok(Self {
            metadata: Metadata::parse(metadata, None)?,
            config: ConfigOptions::default(),
            actions: Actions::default(),
        })
    }
}

/// A file's text; `None` if there is no such file.
fn text(path: &Path) -> Result<Option<String>, CharmError> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(CharmError::Read {
            path: path.to_owned(),
            source,
        }),
    }
}
