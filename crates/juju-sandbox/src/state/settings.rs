//! The settings of a model.

use crate::error::Error;
use crate::refusals;
use crate::version::Version;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The settings of a model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
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
    /// Variables that hooks and actions have besides Juju's. Those that Juju copies from its agent's
    /// own environment on Kubernetes, such as `KUBERNETES_SERVICE_HOST` (`context/env.go`), they
    /// have from the sandbox's, unless they are here. Juju's own variables cannot be set.
    #[serde(default)]
    pub environment: BTreeMap<String, String>,
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
            environment: BTreeMap::new(),
            hook_limit: 2000,
        }
    }
}

impl Settings {
    pub(crate) fn check(&self) -> Result<(), Error> {
        let version = self.juju_version.parse::<Version>().map(drop);
        version
            .and_then(|()| check_variables(&self.environment))
            .map_err(Error::Refused)
    }

    /// The Juju version; [`check`](Self::check) has made sure that it is valid.
    pub(crate) fn version(&self) -> Version {
        self.juju_version
            .parse()
            .unwrap_or_else(|_| Version::default())
    }
}

/// Refuses variables that Juju sets itself, and what is not a variable.
pub(crate) fn check_variables(variables: &BTreeMap<String, String>) -> Result<(), String> {
    let is_jujus = |name: &str| name.starts_with("JUJU_") || name == "CHARM_DIR" || name == "PATH";
    let is_variable = |(name, value): (&String, &String)| {
        !name.is_empty() && !name.contains(['=', '\0']) && !value.contains('\0')
    };
    if let Some((name, _)) = variables.iter().find(|variable| !is_variable(*variable)) {
        return Err(refusals::invalid_variable(name));
    }
    match variables.keys().find(|name| is_jujus(name)) {
        Some(name) => Err(refusals::variable_of_juju(name)),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables() {
        for (name, reason) in [
            ("KUBERNETES_PORT", None),
            ("LANG", None),
            (
                "JUJU_UNIT_NAME",
                Some("the variable \"JUJU_UNIT_NAME\" is Juju's own"),
            ),
            ("PATH", Some("the variable \"PATH\" is Juju's own")),
            ("", Some("invalid variable \"\"")),
            ("a=b", Some("invalid variable \"a=b\"")),
        ] {
            let variables = [(name.to_owned(), String::new())].into();
            let wanted = reason.map(str::to_owned);
            assert_eq!(check_variables(&variables).err(), wanted, "{name}");
        }
    }
}
