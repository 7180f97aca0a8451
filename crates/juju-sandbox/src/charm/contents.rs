//! What a charm's files say: `metadata.yaml`, `config.yaml`, `actions.yaml`.

use super::actions::Actions;
use super::config::ConfigOptions;
use super::error::CharmError;
use super::metadata::Metadata;
use crate::version::Version;
use serde::{Deserialize, Serialize};

/// The contents of a charm's files.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Charm {
    pub(crate) metadata: Metadata,
    pub(crate) config: ConfigOptions,
    pub(crate) actions: Actions,
}

impl Charm {
    /// Reads the texts of the files; only the first one must exist.
    pub(super) fn parse(
        metadata: &str,
        config: Option<&str>,
        actions: Option<&str>,
        juju: &Version,
    ) -> Result<Self, CharmError> {
        let config = config.map(|text| ConfigOptions::parse(text, juju));
        let actions = actions.map(|text| Actions::parse(text, juju));
        Ok(Self {
            metadata: Metadata::parse(metadata, Some(juju))?,
            config: config.transpose()?.unwrap_or_default(),
            actions: actions.transpose()?.unwrap_or_default(),
        })
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
