//! `actions.yaml`. Source of the rules: `juju/charm`, `actions.go`.

use super::error::CharmError;
use super::schema::Schema;
use crate::names;
use crate::refusals;
use crate::version::Version;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The actions that a charm declares, each with the schema of its parameters.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Actions(BTreeMap<String, Schema>);

impl Actions {
    /// Reads the text of an `actions.yaml` (`charm.ReadActionsYaml`).
    pub(crate) fn parse(text: &str, juju: &Version) -> Result<Self, CharmError> {
        let invalid = |reason: String| CharmError::Invalid(reason);
        let raw: Option<BTreeMap<String, Option<Map<String, Value>>>> =
            serde_yaml::from_str(text).map_err(|error| invalid(format!("actions: {error}")))?;
        let mut actions = BTreeMap::new();
        for (name, keys) in raw.unwrap_or_default() {
            if !names::is_action(&name) {
                return Err(invalid(refusals::bad_action_name(name)));
            }
            if name == "juju" || name.starts_with("juju-") {
                return Err(invalid(refusals::reserved_action(name)));
            }
            let schema = schema_of(&name, keys.unwrap_or_default(), juju).map_err(invalid)?;
            actions.insert(name, schema);
        }
        Ok(Self(actions))
    }

    /// The parameters' schema of an action, if it is declared.
    pub(crate) fn get(&self, name: &str) -> Option<&Schema> {
        self.0.get(name)
    }

    /// The names of the declared actions.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

/// Makes the schema of an action: without Juju's own keys, and with `params` as its properties.
fn schema_of(name: &str, mut keys: Map<String, Value>, juju: &Version) -> Result<Schema, String> {
    for key in ["description", "title", "execution-group"] {
        if keys.get(key).is_some_and(|value| !value.is_string()) {
            return Err(refusals::schema_key_not_string(key));
        }
    }
    keys.remove("execution-group");
    keys.entry("title").or_insert_with(|| name.into());
    if keys
        .remove("parallel")
        .is_some_and(|value| !value.is_boolean())
    {
        return Err(refusals::schema_key_not_bool("parallel"));
    }
    if let Some(banned) = ["$ref", "$schema"]
        .iter()
        .find(|key| keys.contains_key(**key))
    {
        return Err(refusals::schema_key_banned(banned));
    }
    match keys.remove("params") {
        None | Some(Value::Null) => {}
        Some(params @ Value::Object(_)) => {
            keys.insert("properties".into(), params);
        }
        Some(_) => return Err(refusals::params_not_map()),
    }
    keys.insert("type".into(), "object".into());
    keys.entry("additionalProperties")
        .or_insert_with(|| Value::Bool(juju.takes_undeclared_parameters()));
    Schema::new(Value::Object(keys)).map_err(|reason| refusals::invalid_action_schema(name, reason))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn files() {
        let parse = |text: &str| {
            Actions::parse(text, &"3.6.0".parse().unwrap()).map_err(|error| error.to_string())
        };
        for (text, reason) in [
            ("Bad_name: {}\n", "bad action name Bad_name"),
            (
                "juju-run: {}\n",
                "cannot use action name juju-run: the \"juju-\" prefix is reserved",
            ),
            ("a: {params: 3}\n", "params failed to parse as a map"),
            (
                "a: {description: 3}\n",
                "value for schema key \"description\" must be a string",
            ),
            (
                "a: {\"$ref\": x}\n",
                "schema key \"$ref\" not compatible with this version of juju",
            ),
        ] {
            assert_eq!(parse(text).map(|_| ()), Err(reason.to_owned()), "{text}");
        }
        let actions =
            parse("go:\n  description: d\n  params: {n: {type: integer, default: 3}}\nplain:\n")
                .unwrap();
        assert_eq!(actions.names().collect::<Vec<_>>(), ["go", "plain"]);
        assert_eq!(
            actions.get("go").unwrap().complete(&json!({})),
            Ok(json!({"n": 3}))
        );
    }

    #[test]
    fn additional_properties_by_version() {
        for (juju, accepted) in [("3.6.0", true), ("4.0.0", false)] {
            let actions = Actions::parse("go: {}\n", &juju.parse().unwrap()).unwrap();
            assert_eq!(
                actions
                    .get("go")
                    .unwrap()
                    .complete(&json!({"x": 1}))
                    .is_ok(),
                accepted,
                "{juju}"
            );
        }
    }
}
