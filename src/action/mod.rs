//! What the actions answer: pure functions of what was observed.

mod get_redirect_uri;
mod test_mapper;
mod validate_config;

use serde::Deserialize;
use serde_json::Value;

pub use self::test_mapper::Trial;
use crate::mapper::DryRun;
use crate::observe::Observed;

/// What an action gives back.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Reply {
    /// Results, by key.
    pub results: Vec<(String, String)>,
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
    /// What the provider says of a user, for `test-mapper`.
    pub claims: Option<Value>,
    /// Whose mapper, for `test-mapper`.
    pub provider_id: String,
}

/// Whether the action called `name` has parameters to ask Juju for.
#[must_use]
pub fn has_parameters(name: &str) -> bool {
    matches!(name, "validate-config" | "test-mapper")
}

/// Answers the action called `name`. `run` runs a mapper, which takes a process.
pub fn answer(
    name: &str,
    parameters: Parameters,
    seen: &Observed,
    run: impl FnOnce(Trial<'_>) -> DryRun,
) -> Reply {
    let Parameters {
        public_url,
        claims,
        provider_id,
    } = parameters;
    match name {
        "get-redirect-uri" => get_redirect_uri::answer(seen),
        "validate-config" => validate_config::answer(seen, &public_url),
        "test-mapper" => test_mapper::answer(seen, &provider_id, claims, run),
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
            answer("reboot", Parameters::default(), &seen, |_| DryRun::of(&[]))
                .failure
                .is_some()
        );
    }
}
