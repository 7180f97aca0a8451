//! The settings of a model.

use crate::error::Error;
use crate::version::Version;
use serde::{Deserialize, Serialize};

/// The settings of a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settings {
    /// `JUJU_MODEL_NAME`.
    pub name: String,
    /// `JUJU_MODEL_UUID`.
    pub uuid: String,
    /// The version of Juju that the model imitates, 2.9 to 4.x.
    pub juju_version: String,
    /// `juju-http-proxy` of the model: what charms should use for `http://`.
    pub juju_http_proxy: String,
    /// `juju-https-proxy` of the model: what charms should use for `https://`.
    pub juju_https_proxy: String,
    /// `juju-no-proxy` of the model: what charms should reach directly.
    pub juju_no_proxy: String,
    /// The most hooks that one [`settle`](crate::Model::settle) runs.
    pub hook_limit: u32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            name: "sandbox".into(),
            uuid: "5a0d0b0c-7a9e-4c57-8f6e-0c0ffee0cafe".into(),
            juju_version: "3.6.12".into(),
            juju_http_proxy: String::new(),
            juju_https_proxy: String::new(),
            juju_no_proxy: "127.0.0.1,localhost,::1".into(),
            hook_limit: 2000,
        }
    }
}

impl Settings {
    pub(crate) fn check(&self) -> Result<(), Error> {
        self.juju_version
            .parse::<Version>()
            .map(drop)
            .map_err(Error::Refused)
    }

    /// The Juju version; [`check`](Self::check) has made sure that it is valid.
    pub(crate) fn version(&self) -> Version {
        self.juju_version
            .parse()
            .unwrap_or_else(|_| Version::default())
    }
}
