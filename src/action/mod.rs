//! What the actions answer: pure functions of what was observed, and of parameters.

mod get_redirect_uri;
pub mod test_mapper;
pub mod validate_config;

pub use self::test_mapper::Trial;
use crate::hooktools::{HookTools, ToolError};
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

/// An action that somebody runs, and its parameters.
#[derive(Debug)]
pub enum Action {
    /// `get-redirect-uri`.
    GetRedirectUri,
    /// `validate-config`.
    ValidateConfig(validate_config::Parameters),
    /// `test-mapper`.
    TestMapper(test_mapper::Parameters),
    /// One of another revision of the charm.
    Unknown,
}

impl Action {
    /// The action called `name`. Asks Juju for the parameters, of an action that has any.
    ///
    /// # Errors
    ///
    /// If `action-get` fails.
    pub fn read(tools: &HookTools, name: &str) -> Result<Self, ToolError> {
        Ok(match name {
            "get-redirect-uri" => Self::GetRedirectUri,
            "validate-config" => Self::ValidateConfig(tools.action_get()?),
            "test-mapper" => Self::TestMapper(tools.action_get()?),
            _ => Self::Unknown,
        })
    }

    /// Answers it. `run` runs a mapper, which takes a process.
    pub fn answer(self, seen: &Observed, run: impl FnOnce(Trial<'_>) -> DryRun) -> Reply {
        match self {
            Self::GetRedirectUri => get_redirect_uri::answer(seen),
            Self::ValidateConfig(parameters) => validate_config::answer(seen, &parameters),
            Self::TestMapper(parameters) => test_mapper::answer(seen, parameters, run),
            Self::Unknown => Reply::failed("This charm has no such action"),
        }
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
            own_secrets: vec![],
            withdrawn: vec![],
            takes_over: false,
            unread_revision: None,
        };
        let action = Action::read(&HookTools::default(), "reboot").unwrap();
        let reply = action.answer(&seen, |_| DryRun::of(&[]));
        assert!(reply.failure.is_some());
    }
}
