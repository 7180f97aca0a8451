//! What the options ask for, before anything that they refer to is known.

use std::collections::{BTreeMap, BTreeSet};

use external_provider::Settings;
use juju_hook::{Secret, SecretUri};

use super::list::{self, Requested};
use super::loose::Loose;
use super::options::{is_for_applications, set, switch, text};
use super::user_secret;
use crate::applications::{self, ENDPOINTS};
use crate::finding::Finding;

/// The options by what they are about, with the providers that they ask for told apart.
///
/// An empty string or only white space counts as unset: Terraform modules pass empty strings for
/// what they do not use.
#[derive(Debug)]
pub struct Request {
    /// The kill switch.
    enabled: bool,
    /// How secrets travel: a word.
    pub(super) secret_backend: Option<String>,
    /// What to do with values that Kratos would misread: a word.
    pub(super) unsafe_values: Option<String>,
    /// What concerns applications only.
    pub(super) applications: applications::Options,
    pub(super) providers: Vec<Requested>,
    /// The ids of providers of the list that are switched off there.
    pub(super) switched_off: Vec<String>,
    /// Those providers.
    disabled: Vec<Settings>,
    /// Findings about the parts that cannot be used.
    pub(super) refused: Vec<Finding>,
}

impl Request {
    /// Sorts the values of options, by name, and finds those that Juju would refuse
    /// (`ParseSettingsYAML` of its charm library): a value of another type, or an option that the
    /// charm does not have.
    #[must_use]
    pub fn new(values: BTreeMap<String, Loose>) -> Self {
        let mut settings = Settings::default();
        let mut list = None;
        let mut request = Self {
            enabled: true,
            secret_backend: None,
            unsafe_values: None,
            applications: applications::Options::default(),
            providers: Vec::new(),
            switched_off: Vec::new(),
            disabled: Vec::new(),
            refused: Vec::new(),
        };
        for (name, value) in values {
            let word = |value| Ok(text(&name, value)?.map(Secret::into_exposed));
            let applications = &mut request.applications;
            let sorted = match name.as_str() {
                "enabled" => switch(&name, value).map(|on| request.enabled = on.unwrap_or(true)),
                "secret_backend" => word(value).map(|word| request.secret_backend = word),
                "unsafe_values" => word(value).map(|word| request.unsafe_values = word),
                "providers" => text(&name, value).map(|text| list = text),
                "groups_claim" => word(value).map(|word| applications.groups_claim = word),
                "jwt_access_token" => switch(&name, value)
                    .map(|on| applications.jwt_access_token = on.unwrap_or_default()),
                "ca_chain" => text(&name, value).map(|text| applications.ca_chain = text),
                other => match ENDPOINTS.iter().find(|endpoint| **endpoint == other) {
                    Some(endpoint) => word(value).map(|word| {
                        let set = word.map(|url| (*endpoint, url));
                        applications.endpoints.extend(set);
                    }),
                    None => set(&mut settings, &name, value),
                },
            };
            let refused = if is_for_applications(&name) {
                &mut applications.refused
            } else {
                &mut request.refused
            };
            refused.extend(sorted.err());
        }
        match list {
            Some(list) => request.take(list::read(&list), settings),
            // Whether anything is missing cannot be told without the list.
            None if request
                .refused
                .iter()
                .any(|one| one.place.option == "providers") => {}
            None => request.providers.push(Requested {
                item: None,
                settings,
            }),
        }
        request
    }

    /// Takes over what `list` asks for, where `settings` are those beside it.
    fn take(&mut self, list: list::List, settings: Settings) {
        self.refused.extend(list.refused);
        self.refused.extend(list::set_beside(settings));
        // If every item of a list is disabled, so is the whole, whatever else is wrong.
        self.enabled &= !list.is_disabled;
        let asked_for = list.requested.iter().filter_map(|one| one.settings.id());
        let asked_for: BTreeSet<_> = asked_for.collect();
        let disabled = list.disabled.iter().filter_map(Settings::id);
        self.switched_off = disabled.filter(|id| !asked_for.contains(id)).collect();
        self.disabled = list.disabled;
        self.providers = list.requested;
    }

    /// Whether anything is to be published at all: the kill switch, which holds whatever
    /// else is wrong or cannot be read.
    #[must_use]
    pub fn is_enabled(&self) -> bool {
        self.enabled
    }

    /// The ids of providers of the list that are switched off there, and that no other item
    /// asks for.
    #[must_use]
    pub fn switched_off(&self) -> &[String] {
        &self.switched_off
    }

    /// Whether an application that has this `client` of this `issuer` has it from a provider of the
    /// list that is switched off there, and that no other item asks for.
    #[must_use]
    pub fn is_client_off(&self, client: &str, issuer: &str) -> bool {
        let is_of = |settings: &Settings| applications::is_of(settings, client, issuer);
        let is_asked_for = self.providers.iter().any(|one| is_of(&one.settings));
        self.disabled.iter().any(is_of) && !is_asked_for
    }

    /// The user secrets to read before the configuration can be checked: those that it
    /// refers to, and those that it may be meant to refer to.
    pub fn user_secrets(&self) -> impl Iterator<Item = SecretUri> {
        self.providers
            .iter()
            .filter_map(|one| user_secret::referred(&one.settings))
    }

    /// The texts of the mappers to ask the doctor about, each once.
    #[must_use]
    pub fn mappers(&self) -> BTreeSet<&str> {
        let mappers = self.providers.iter();
        mappers
            .filter_map(|one| one.settings.jsonnet_mapper.as_deref())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::options::{OptionType, options};

    fn sort(json: &str) -> Request {
        Request::new(serde_json::from_str(json).unwrap())
    }

    #[test]
    fn every_option_is_known() {
        for (name, kind) in options() {
            let value = match kind {
                OptionType::Text if name == "providers" => r#""[{}]""#,
                OptionType::Text => r#""text""#,
                OptionType::Switch => "false",
            };
            let refused = |value: &str| {
                let request = sort(&format!(r#"{{"{name}": {value}}}"#));
                [request.refused, request.applications.refused].concat()
            };
            assert_eq!(refused(value), [], "{name}");
            assert_eq!(refused("[7]").len(), 1, "{name} of another type");
            assert_eq!(refused("null"), [], "{name} unset");
        }
    }

    #[test]
    fn what_juju_would_refuse_is_found() {
        struct Case {
            name: &'static str,
            json: &'static str,
            found: &'static str,
        }

        for Case { name, json, found } in [
            Case {
                name: "unknown",
                json: r#"{"lable": "x"}"#,
                found: "lable: no such option",
            },
            Case {
                name: "number",
                json: r#"{"client_id": 7}"#,
                found: "client_id: must be a string",
            },
            Case {
                name: "not a switch",
                json: r#"{"enabled": "maybe"}"#,
                found: "enabled: must be true or false",
            },
        ] {
            let refused = sort(json).refused;
            let [finding] = refused.as_slice() else {
                panic!("{name}: {refused:?}")
            };
            assert!(
                finding.advice("idp").starts_with(found),
                "{name}: {finding:?}"
            );
        }
        for (text, enabled) in [("true", true), ("f", false), ("0", false), ("", true)] {
            let request = sort(&format!(r#"{{"enabled": "{text}"}}"#));
            assert_eq!(request.enabled, enabled, "{text}");
        }
    }
}
