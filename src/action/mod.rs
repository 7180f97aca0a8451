//! The actions: from what was observed, and parameters, to results. What needs a program of its own
//! is asked of the doctor.

mod check_provider;
mod get_redirect_uri;
mod reply;
pub mod test_mapper;
pub mod validate_config;

use doctor::Doctor;
use juju_hook::{HookTools, Proxies, ToolError};

pub use self::reply::Reply;
use crate::observe::Observed;
use crate::{inquiry, mapper};

/// An action that somebody runs, and its parameters.
#[derive(Debug)]
pub enum Action {
    /// `get-redirect-uri`.
    GetRedirectUri,
    /// `validate-config`.
    ValidateConfig(validate_config::Parameters),
    /// `test-mapper`.
    TestMapper(test_mapper::Parameters),
    /// `check-provider`.
    CheckProvider(inquiry::Parameters),
    /// An action from another revision of the charm.
    Unknown,
}

impl Action {
    /// The action called `name`. Asks Juju for the parameters, if the action has any.
    ///
    /// # Errors
    ///
    /// If `action-get` fails.
    pub fn read(tools: &HookTools, name: &str) -> Result<Self, ToolError> {
        Ok(match name {
            "get-redirect-uri" => Self::GetRedirectUri,
            "validate-config" => Self::ValidateConfig(tools.action_get()?),
            "test-mapper" => Self::TestMapper(tools.action_get()?),
            "check-provider" => Self::CheckProvider(tools.action_get()?),
            _ => Self::Unknown,
        })
    }

    /// Runs the action. What it asks of the network goes through `proxies`.
    #[must_use]
    pub fn answer(self, seen: &Observed, proxies: &Proxies, doctor: &Doctor) -> Reply {
        match self {
            Self::GetRedirectUri => get_redirect_uri::answer(seen),
            Self::ValidateConfig(parameters) => validate_config::answer(seen, &parameters),
            Self::TestMapper(parameters) => {
                test_mapper::answer(seen, parameters, |trial| mapper::dry_run(doctor, trial))
            }
            Self::CheckProvider(parameters) => {
                check_provider::answer(seen, parameters, proxies, doctor)
            }
            Self::Unknown => Reply::failed("This charm has no such action"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Answers, Configuration, Request};

    #[test]
    fn an_unknown_action_fails() {
        let configuration = Configuration::check(
            Request::new(std::collections::BTreeMap::new()),
            &Answers::default(),
        );
        let seen = Observed::at_rest(configuration, vec![]);
        let action = Action::read(&HookTools::default(), "reboot").unwrap();
        let reply = action.answer(&seen, &Proxies::default(), &Doctor::at(""));
        assert!(reply.failure.is_some());
    }
}
