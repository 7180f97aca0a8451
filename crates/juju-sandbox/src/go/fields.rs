//! Structs in JSON values. Go prints their fields in the order of their declaration, and those of a
//! map by name.

use serde_json::{Map, Value, json};
use std::cmp::Ordering;

/// The only key of an object that stands for a struct, which no object of Juju's has.
const KEY: &str = "\0fields";

/// A struct with its fields in order.
pub(crate) fn fields(fields: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    let fields: Vec<Value> = fields
        .into_iter()
        .map(|(name, value)| json!([name, value]))
        .collect();
    json!({ KEY: fields })
}

/// What an object holds, in the order in which Go prints it; `order` is that of a map's keys.
pub(super) fn entries(
    map: &Map<String, Value>,
    order: fn(&str, &str) -> Ordering,
) -> Vec<(&str, &Value)> {
    if let Some(Value::Array(fields)) = map.get(KEY) {
        return fields
            .iter()
            .filter_map(|field| Some((field.get(0)?.as_str()?, field.get(1)?)))
            .collect();
    }
    let mut entries: Vec<_> = map
        .iter()
        .map(|(name, value)| (name.as_str(), value))
        .collect();
    entries.sort_by(|(one, _), (other, _)| order(one, other));
    entries
}
