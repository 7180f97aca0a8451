//! JSON as Go's encoding/json prints it.

use super::bytes::lone_byte;
use super::fields::entries;
use super::number::json_float;
use super::time::moment;
use serde_json::Value;
use std::fmt::Write;

/// Compact JSON with HTML characters escaped (`json.Marshal`).
pub(crate) fn to_json(value: &Value) -> String {
    let mut text = String::new();
    write_value(&mut text, value);
    text
}

fn write_value(text: &mut String, value: &Value) {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(flag) => text.push_str(if *flag { "true" } else { "false" }),
        Value::Number(number) => match number.as_f64() {
            // Integers keep all their digits.
            Some(float) if number.is_f64() => text.push_str(&json_float(float)),
            _ => text.push_str(&number.to_string()),
        },
        Value::String(string) => write_string(text, string),
        Value::Array(items) => {
            text.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write_value(text, item);
            }
            text.push(']');
        }
        Value::Object(map) if moment(map).is_some() => {
            write_string(text, moment(map).unwrap_or_default());
        }
        Value::Object(map) => {
            text.push('{');
            for (index, (key, item)) in entries(map, str::cmp).into_iter().enumerate() {
                if index > 0 {
                    text.push(',');
                }
                write_string(text, key);
                text.push(':');
                write_value(text, item);
            }
            text.push('}');
        }
    }
}

fn write_string(text: &mut String, string: &str) {
    text.push('"');
    for character in string.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\u{8}' => text.push_str("\\b"),
            '\u{c}' => text.push_str("\\f"),
            '\0'..='\u{1f}' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                // Writing to a string cannot fail.
                let _ = write!(text, "\\u{:04x}", u32::from(character));
            }
            _ if lone_byte(character).is_some() => text.push_str("\\ufffd"),
            _ => text.push(character),
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::go::{fields, time};
    use serde_json::json;

    #[test]
    fn as_go_marshals() {
        for (value, text) in [
            (
                json!({"b": [1, 2.0, null], "a": true}),
                r#"{"a":true,"b":[1,2,null]}"#,
            ),
            (
                json!("<a href='x'> & \u{2028}é\u{1}"),
                r#""\u003ca href='x'\u003e \u0026 \u2028é\u0001""#,
            ),
            (
                json!({"at": time("2026-01-01T00:00:00Z")}),
                r#"{"at":"2026-01-01T00:00:00Z"}"#,
            ),
            (
                fields([
                    ("b", json!(1)),
                    ("a", fields([("z", json!("")), ("y", json!(true))])),
                ]),
                r#"{"b":1,"a":{"z":"","y":true}}"#,
            ),
            (json!({}), "{}"),
            (json!([]), "[]"),
        ] {
            assert_eq!(to_json(&value), text);
        }
    }
}
