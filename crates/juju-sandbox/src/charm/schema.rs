//! The part of JSON schema that action parameters use: `type`, `properties`, `required`,
//! `additionalProperties`, `enum`, `minimum`, `maximum`, `minLength`, `maxLength`, `items` and
//! `default`. Other keys (`pattern`, `oneOf`, …) are accepted but not enforced. The texts follow
//! `juju/gojsonschema`, which Juju validates with.

use crate::go::to_json;
use crate::refusals;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A schema that is known to be well formed.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Schema(Value);

const TYPES: [&str; 7] = [
    "string", "integer", "number", "boolean", "object", "array", "null",
];

impl Schema {
    /// Checks the schema itself.
    pub(crate) fn new(schema: Value) -> Result<Self, String> {
        check(&schema)?;
        Ok(Self(schema))
    }

    /// The schema as JSON.
    pub(crate) fn value(&self) -> &Value {
        &self.0
    }

    /// Refuses parameters that do not fit, then inserts defaults (`ActionSpec.ValidateParams` and
    /// `InsertDefaults`).
    pub(crate) fn complete(&self, parameters: &Value) -> Result<Value, String> {
        let mut problems = Vec::new();
        validate(&self.0, parameters, "(root)", &mut problems);
        if !problems.is_empty() {
            return Err(refusals::invalid_parameters(problems.join(" ; ")));
        }
        let mut parameters = parameters.clone();
        insert_defaults(&self.0, &mut parameters);
        Ok(parameters)
    }
}

fn check(schema: &Value) -> Result<(), String> {
    let Value::Object(keys) = schema else {
        return Err("a schema must be a map".into());
    };
    if let Some(kind) = keys.get("type") {
        let known = |value: &Value| value.as_str().is_some_and(|word| TYPES.contains(&word));
        let valid = match kind {
            Value::Array(kinds) => kinds.iter().all(known),
            kind => known(kind),
        };
        if !valid {
            return Err(format!("{} is not a valid type", to_json(kind)));
        }
    }
    match keys.get("required") {
        None | Some(Value::Array(_)) => {}
        Some(_) => return Err("\"required\" must be a list".into()),
    }
    match keys.get("properties") {
        None => {}
        Some(Value::Object(properties)) => properties.values().try_for_each(check)?,
        Some(_) => return Err("\"properties\" must be a map".into()),
    }
    keys.get("items").map_or(Ok(()), check)
}

fn is_type(value: &Value, kind: &str) -> bool {
    match kind {
        "string" => value.is_string(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "object" => value.is_object(),
        "array" => value.is_array(),
        _ => value.is_null(),
    }
}

fn validate(schema: &Value, value: &Value, path: &str, problems: &mut Vec<String>) {
    let given = || to_json(value);
    let kinds: Vec<&str> = match schema.get("type") {
        Some(Value::String(kind)) => vec![kind],
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    if !kinds.is_empty() && !kinds.iter().any(|kind| is_type(value, kind)) {
        problems.push(refusals::not_of_type(path, kinds.join(" or "), given()));
        return;
    }
    if let Some(Value::Array(allowed)) = schema.get("enum") {
        if !allowed.contains(value) {
            let allowed: Vec<String> = allowed.iter().map(to_json).collect();
            problems.push(refusals::not_in_enum(path, allowed.join(","), given()));
        }
    }
    let bound = |key: &str| schema.get(key).and_then(Value::as_f64);
    if let Some(number) = value.as_f64() {
        if let Some(least) = bound("minimum").filter(|least| number < *least) {
            problems.push(refusals::too_small(path, least, given()));
        }
        if let Some(most) = bound("maximum").filter(|most| number > *most) {
            problems.push(refusals::too_great(path, most, given()));
        }
    }
    if let Some(text) = value.as_str() {
        let length = text.chars().count();
        let limit = |key: &str| {
            schema
                .get(key)
                .and_then(Value::as_u64)
                .and_then(|limit| usize::try_from(limit).ok())
        };
        if let Some(least) = limit("minLength").filter(|least| length < *least) {
            problems.push(refusals::too_short(path, least, given()));
        }
        if let Some(most) = limit("maxLength").filter(|most| length > *most) {
            problems.push(refusals::too_long(path, most, given()));
        }
    }
    if let (Some(items), Value::Array(values)) = (schema.get("items"), value) {
        for (index, item) in values.iter().enumerate() {
            validate(items, item, &format!("{path}.{index}"), problems);
        }
    }
    if let Value::Object(values) = value {
        validate_object(schema, values, path, problems);
    }
}

fn validate_object(
    schema: &Value,
    values: &Map<String, Value>,
    path: &str,
    problems: &mut Vec<String>,
) {
    let given = || to_json(&Value::Object(values.clone()));
    let properties = schema.get("properties").and_then(Value::as_object);
    for name in schema
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
    {
        if !values.contains_key(name) {
            problems.push(refusals::property_missing(path, name, given()));
        }
    }
    for (name, value) in values {
        if let Some(property) = properties.and_then(|properties| properties.get(name)) {
            validate(property, value, &format!("{path}.{name}"), problems);
            continue;
        }
        match schema.get("additionalProperties") {
            Some(Value::Bool(false)) => {
                problems.push(refusals::property_not_allowed(path, name, given()));
            }
            Some(schema @ Value::Object(_)) => {
                validate(schema, value, &format!("{path}.{name}"), problems);
            }
            _ => {}
        }
    }
}

fn insert_defaults(schema: &Value, value: &mut Value) {
    let (Some(properties), Value::Object(values)) =
        (schema.get("properties").and_then(Value::as_object), value)
    else {
        return;
    };
    for (name, property) in properties {
        if let Some(value) = values.get_mut(name) {
            insert_defaults(property, value);
        } else if let Some(default) = property.get("default") {
            values.insert(name.clone(), default.clone());
        } else if property.get("properties").is_some() {
            let mut inner = Value::Object(Map::new());
            insert_defaults(property, &mut inner);
            if inner.as_object().is_some_and(|inner| !inner.is_empty()) {
                values.insert(name.clone(), inner);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn parameters() {
        struct Case {
            name: &'static str,
            parameters: Value,
            outcome: Result<Value, &'static str>,
        }

        let schema = Schema::new(json!({
            "type": "object", "required": ["file"], "additionalProperties": false,
            "properties": {
                "file": {"type": "string"},
                "level": {"type": "integer", "minimum": 1, "maximum": 3, "default": 2},
                "mode": {"enum": ["a", "b"]},
                "deep": {"type": "object", "properties": {"x": {"type": "boolean", "default": true}}},
            },
        }))
        .unwrap();
        for Case {
            name,
            parameters,
            outcome,
        } in [
            Case {
                name: "defaults",
                parameters: json!({"file": "f"}),
                outcome: Ok(json!({"file": "f", "level": 2, "deep": {"x": true}})),
            },
            Case {
                name: "missing",
                parameters: json!({}),
                outcome: Err(
                    "validation failed: (root) : \"file\" property is missing and required, given {}",
                ),
            },
            Case {
                name: "type",
                parameters: json!({"file": 5}),
                outcome: Err("validation failed: (root).file : must be of type string, given 5"),
            },
            Case {
                name: "range",
                parameters: json!({"file": "f", "level": 9}),
                outcome: Err(
                    "validation failed: (root).level : must be less than or equal to 3, given 9",
                ),
            },
            Case {
                name: "enum",
                parameters: json!({"file": "f", "mode": "c"}),
                outcome: Err(
                    "validation failed: (root).mode : must match one of the enum values [\"a\",\"b\"], given \"c\"",
                ),
            },
            Case {
                name: "extra",
                parameters: json!({"file": "f", "x": 1}),
                outcome: Err(
                    "validation failed: (root) : additional property \"x\" is not allowed, given {\"file\":\"f\",\"x\":1}",
                ),
            },
        ] {
            assert_eq!(
                schema.complete(&parameters),
                outcome.map_err(str::to_owned),
                "{name}"
            );
        }
    }

    #[test]
    fn malformed() {
        assert!(Schema::new(json!({"properties": {"x": {"type": "text"}}})).is_err());
        assert!(Schema::new(json!({"required": true})).is_err());
    }
}
