//! JSON as Go's encoding/json prints it.

use super::bytes::lone_byte;
use super::fields::entries;
use super::number::json_float;
use super::time::moment;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::RangeInclusive;

/// A map of texts (`json.Unmarshal`). Half a surrogate pair is read as U+FFFD, which `serde_json`
/// refuses.
pub(crate) fn json_pairs(bytes: &[u8]) -> Option<BTreeMap<String, String>> {
    let read = |bytes: &[u8]| serde_json::from_slice(bytes).ok();
    read(bytes).or_else(|| read(whole_pairs(std::str::from_utf8(bytes).ok()?).as_bytes()))
}

/// JSON with `\ufffd` in the place of each half of a surrogate pair.
fn whole_pairs(json: &str) -> String {
    let unit = |text: &str| {
        let digits = text.strip_prefix("\\u")?.get(..4)?;
        u16::from_str_radix(digits, 16).ok()
    };
    let is = |text: &str, range: RangeInclusive<u16>| {
        unit(text).is_some_and(|unit| range.contains(&unit))
    };
    let mut whole = String::new();
    let mut rest = json;
    while let Some(at) = rest.find('\\') {
        let (before, escape) = rest.split_at(at);
        whole.push_str(before);
        let is_pair = is(escape, 0xd800..=0xdbff)
            && escape
                .get(6..)
                .is_some_and(|next| is(next, 0xdc00..=0xdfff));
        let (length, half) = match () {
            () if is_pair => (12, false),
            () if is(escape, 0xd800..=0xdfff) => (6, true),
            // An escaped backslash does not begin another escape.
            () => (
                1 + escape[1..].chars().next().map_or(0, char::len_utf8),
                false,
            ),
        };
        let (escape, after) = escape.split_at(length);
        whole.push_str(if half { "\\ufffd" } else { escape });
        rest = after;
    }
    whole + rest
}

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
    fn halves_of_surrogate_pairs() {
        for (json, text) in [
            (r#"{"a": "\ud800"}"#, Some("\u{fffd}")),
            (r#"{"a": "\udc00é\ud800x"}"#, Some("\u{fffd}é\u{fffd}x")),
            (r#"{"a": "\ud800\ud83d\ude00"}"#, Some("\u{fffd}😀")),
            (r#"{"a": "\\ud800\ud800"}"#, Some("\\ud800\u{fffd}")),
            (r#"{"a": "\u00"#, None),
            (r#"{"a": 1}"#, None),
        ] {
            let read = json_pairs(json.as_bytes()).map(|pairs| pairs["a"].clone());
            assert_eq!(read.as_deref(), text, "{json}");
        }
    }

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
