//! Moments among values. JSON shows them as strings, and so does YAML, but without quotes.

use serde_json::{Map, Value, json};

/// The one key of an object that stands for a moment: none that Juju has.
const KEY: &str = "\0time";

/// A moment in RFC 3339 (`time.Time`).
pub(crate) fn time(moment: &str) -> Value {
    json!({ KEY: moment })
}

/// The moment that an object stands for.
pub(super) fn moment(map: &Map<String, Value>) -> Option<&str> {
    map.get(KEY)?.as_str()
}
