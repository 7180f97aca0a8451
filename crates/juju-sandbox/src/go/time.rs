//! Moments in JSON values. JSON shows them as strings, YAML does so without quotes.

use serde_json::{Map, Value, json};

/// The only key of an object that stands for a moment, which no object of Juju's has.
const KEY: &str = "\0time";

/// A moment in RFC 3339 (`time.Time`).
pub(crate) fn time(moment: &str) -> Value {
    json!({ KEY: moment })
}

/// The moment that an object stands for.
pub(super) fn moment(map: &Map<String, Value>) -> Option<&str> {
    map.get(KEY)?.as_str()
}
