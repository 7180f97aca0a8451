//! Values of JSON as Go's `%v` prints them.

use super::number::json_float;
use serde_json::Value;

/// `fmt.Sprint` of a value that came from JSON: maps are sorted, and nothing is quoted.
pub(crate) fn to_text(value: &Value) -> String {
    match value {
        Value::Null => "<nil>".into(),
        Value::Bool(flag) => flag.to_string(),
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() => json_float(float),
            _ => number.to_string(),
        },
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(to_text).collect();
            format!("[{}]", items.join(" "))
        }
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            let entries: Vec<String> = entries
                .into_iter()
                .map(|(key, value)| format!("{key}:{}", to_text(value)))
                .collect();
            format!("map[{}]", entries.join(" "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn as_go_prints() {
        for (value, text) in [
            (
                json!({"b": [1, "x y"], "a": {"c": null}}),
                "map[a:map[c:<nil>] b:[1 x y]]",
            ),
            (json!({}), "map[]"),
            (json!([true, 1.5]), "[true 1.5]"),
        ] {
            assert_eq!(to_text(&value), text);
        }
    }
}
