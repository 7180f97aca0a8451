//! The action that is running. Source: `context/context.go`, `actionData`.

use crate::names;
use crate::refusals;
use crate::version::Version;
use serde_json::{Map, Value};

/// The number of messages that are kept; further ones are silently dropped (`state/action.go`).
const LOG_LIMIT: usize = 1000;

/// Keys that `action-set` refuses (`jujuc/action-set.go`).
const RESERVED: [&str; 4] = ["stdout", "stdout-encoding", "stderr", "stderr-encoding"];

/// The input and the results of an action. Unlike other writes, the results are kept whatever the
/// exit code.
#[derive(Debug, Default, Clone)]
pub(crate) struct ActionRun {
    pub(crate) parameters: Value,
    pub(crate) results: Map<String, Value>,
    /// The last message of `action-fail`.
    pub(crate) failure: Option<String>,
    pub(crate) log: Vec<String>,
}

impl ActionRun {
    pub(crate) fn new(parameters: Value) -> Self {
        Self {
            parameters,
            ..Self::default()
        }
    }

    /// The parameter at a path of keys; only maps are followed.
    pub(crate) fn parameter(&self, keys: &[&str]) -> Value {
        let found = keys
            .iter()
            .try_fold(&self.parameters, |value, key| value.as_object()?.get(*key));
        found.cloned().unwrap_or(Value::Null)
    }

    /// Checks one segment of a result's key.
    pub(crate) fn check_key(key: &str, juju: &Version) -> Result<(), String> {
        if !names::is_action(key) {
            return Err(if juju.is_2() {
                refusals::action_key_2(key)
            } else {
                refusals::action_key(key)
            });
        }
        if RESERVED.contains(&key) {
            return Err(refusals::reserved_action_key(key));
        }
        Ok(())
    }

    /// Sets a result; a value in the way of a nested key is overwritten (`addValueToMap`).
    pub(crate) fn set_result(&mut self, keys: &[String], value: &str) {
        let Some((last, parents)) = keys.split_last() else {
            return;
        };
        let mut map = &mut self.results;
        for key in parents {
            let inner = map.entry(key.clone()).or_insert(Value::Null);
            if !inner.is_object() {
                *inner = Value::Object(Map::new());
            }
            let Value::Object(inner) = inner else { return };
            map = inner;
        }
        map.insert(last.clone(), value.into());
    }

    pub(crate) fn add_log(&mut self, message: String) {
        if self.log.len() < LOG_LIMIT {
            self.log.push(message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn nested_results() {
        let mut run = ActionRun::default();
        for (key, value) in [
            ("a.b", "1"),
            ("a.c.d", "2"),
            ("x", "3"),
            ("x.y", "4"),
            ("a.b", "5"),
        ] {
            let keys: Vec<String> = key.split('.').map(str::to_owned).collect();
            run.set_result(&keys, value);
        }
        assert_eq!(
            Value::Object(run.results),
            json!({"a": {"b": "5", "c": {"d": "2"}}, "x": {"y": "4"}})
        );
    }

    #[test]
    fn parameters() {
        let run = ActionRun::new(json!({"a": {"b": [1]}}));
        assert_eq!(run.parameter(&["a", "b"]), json!([1]));
        assert_eq!(run.parameter(&["a", "b", "0"]), Value::Null);
    }
}
