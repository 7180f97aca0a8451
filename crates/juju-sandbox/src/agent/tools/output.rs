//! Printing a value in the format that was asked for. Source: juju/cmd, `output.go`.

use super::call::{Call, Failure};
use super::options::{Parsed, Spec, Takes};
use crate::go::{to_bytes, to_json, to_yaml};
use serde_json::{Map, Value};
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

/// The options of a tool that prints smart, YAML or JSON.
pub(super) const STANDARD: &[Spec] = &[
    ("format", Takes::Format(&["smart", "yaml", "json"])),
    ("o", Takes::Text),
    ("output", Takes::Text),
];

/// The options of a tool that prints only YAML or JSON.
pub(super) const STRUCTURED: &[Spec] = &[
    ("format", Takes::Format(&["yaml", "json"])),
    ("o", Takes::Text),
    ("output", Takes::Text),
];

/// Whether the output is `smart`: the default of [`STANDARD`].
pub(super) fn is_smart(options: &Parsed) -> bool {
    options
        .text("format")
        .is_none_or(|format| format == "smart")
}

/// Prints a value of a [`STANDARD`] tool.
pub(super) fn print(call: &mut Call, options: &Parsed, value: &Value) -> Result<(), Failure> {
    write(call, options, value, "smart")
}

/// Prints a value of a [`STRUCTURED`] tool.
pub(super) fn print_structured(
    call: &mut Call,
    options: &Parsed,
    value: &Value,
) -> Result<(), Failure> {
    write(call, options, value, "yaml")
}

/// An empty map or slice that was never made, which Go prints in a way of its own.
pub(super) enum Unmade {
    Map,
    Slice,
}

/// Prints an unmade value of a [`STANDARD`] tool.
pub(super) fn print_unmade(
    call: &mut Call,
    options: &Parsed,
    unmade: &Unmade,
) -> Result<(), Failure> {
    let value = match (unmade, options.text("format")) {
        (_, Some("json")) => Value::Null,
        (Unmade::Map, _) => Value::Object(Map::new()),
        (Unmade::Slice, _) => Value::Array(Vec::new()),
    };
    print(call, options, &value)
}

fn write(call: &mut Call, options: &Parsed, value: &Value, default: &str) -> Result<(), Failure> {
    let text = match options.text("format").unwrap_or(default) {
        "json" => to_json(value) + "\n",
        "yaml" => yaml(value),
        _ => smart(value),
    };
    let file = options
        .either("o", "output")
        .filter(|path| !path.is_empty());
    if let Some(path) = file {
        // The agent opens the file, relative to the caller's directory.
        let file = OsString::from_vec(to_bytes(path));
        return std::fs::write(call.directory.join(file), to_bytes(&text))
            .map_err(|error| Failure::Work(crate::go::open_error(path, &error)));
    }
    call.stdout.extend(to_bytes(&text));
    Ok(())
}

fn yaml(value: &Value) -> String {
    if value.is_null() {
        return String::new();
    }
    let mut value = value.clone();
    as_floats(&mut value);
    format!("{}\n", to_yaml(&value).trim_end_matches('\n'))
}

/// Every number reaches a hook tool through JSON, and so as a float.
fn as_floats(value: &mut Value) {
    match value {
        Value::Number(number) => *value = number.as_f64().map_or(Value::Null, Value::from),
        Value::Array(items) => items.iter_mut().for_each(as_floats),
        Value::Object(map) => map.values_mut().for_each(as_floats),
        Value::Null | Value::Bool(_) | Value::String(_) => {}
    }
}

fn smart(value: &Value) -> String {
    match value {
        Value::String(text) if text.is_empty() => String::new(),
        Value::String(text) => format!("{text}\n"),
        Value::Bool(true) => "True\n".into(),
        Value::Bool(false) => "False\n".into(),
        Value::Array(items) if items.is_empty() => String::new(),
        Value::Array(items) => {
            let lines: Option<Vec<&str>> = items.iter().map(Value::as_str).collect();
            lines.map_or_else(|| yaml(value), |lines| lines.join("\n") + "\n")
        }
        _ => yaml(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn smart_values() {
        for (value, text) in [
            (json!(null), ""),
            (json!(""), ""),
            (json!("a"), "a\n"),
            (json!(true), "True\n"),
            (json!([]), ""),
            (json!(["a", "b"]), "a\nb\n"),
            (json!({}), "{}\n"),
            (json!({"k": 80}), "k: 80\n"),
            (json!(1_000_000), "1e+06\n"),
        ] {
            assert_eq!(smart(&value), text, "{value}");
        }
    }
}
