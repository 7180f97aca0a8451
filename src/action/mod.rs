//! What the actions answer: pure functions of what was observed.

mod get_redirect_uri;
mod validate_config;

use serde::Deserialize;

use crate::observe::Observed;

/// What an action gives back.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// Results, by key.
    pub results: Vec<(&'static str, String)>,
    /// Why it failed, if it did.
    pub failure: Option<String>,
}

impl Reply {
    fn failed(message: impl Into<String>) -> Self {
        Self {
            failure: Some(message.into()),
            ..Self::default()
        }
    }
}

/// The parameters of all actions, none of which any other has.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Parameters {
    /// Where users reach Kratos, for `validate-config`.
    pub public_url: String,
}

/// Whether the action called `name` has parameters to ask Juju for.
#[must_use]
pub fn has_parameters(name: &str) -> bool {
    name == "validate-config"
}

/// Answers the action called `name`.
#[must_use]
pub fn answer(name: &str, parameters: &Parameters, seen: &Observed) -> Reply {
    match name {
        "get-redirect-uri" => get_redirect_uri::answer(seen),
        "validate-config" => validate_config::answer(seen, &parameters.public_url),
        _ => Reply::failed("This charm has no such action"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Configuration, Options, Request, Secrets};

    #[test]
    fn an_unknown_action_fails() {
        let seen = Observed {
            application: "idp".into(),
            configuration: Configuration::read(
                Request::new(Options::default()),
                &Secrets::default(),
            ),
            relations: vec![],
            orphans: vec![],
        };
        assert!(
            answer("reboot", &Parameters::default(), &seen)
                .failure
                .is_some()
        );
    }
}
