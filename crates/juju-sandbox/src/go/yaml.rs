//! YAML as go-yaml v2 prints it, for `--format yaml`, and for maps in the format `smart`.

use super::fields::entries;
use super::keys::key_order;
use super::number::shortest_g;
use super::scalar::scalar;
use super::time::moment;
use serde_json::Value;

/// Block-style YAML, ended by a newline (`yaml.Marshal`).
pub(crate) fn to_yaml(value: &Value) -> String {
    let mut text = String::new();
    write_node(&mut text, value, 0);
    text
}

/// Writes a node that starts on a new line.
fn write_node(text: &mut String, value: &Value, indent: usize) {
    match value {
        Value::Object(map) if !map.is_empty() && moment(map).is_none() => {
            for (index, (key, item)) in entries(map, key_order).into_iter().enumerate() {
                // The first key of a map in a list follows the dash.
                if index > 0 || text.is_empty() || text.ends_with('\n') {
                    text.push_str(&" ".repeat(indent));
                }
                text.push_str(&scalar(key, true, indent));
                text.push(':');
                match item {
                    Value::Object(inner) if !inner.is_empty() && moment(inner).is_none() => {
                        text.push('\n');
                        write_node(text, item, indent + 2);
                    }
                    Value::Array(inner) if !inner.is_empty() => {
                        text.push('\n');
                        write_node(text, item, indent);
                    }
                    _ => {
                        text.push(' ');
                        write_leaf(text, item, indent + 2);
                    }
                }
            }
        }
        Value::Array(items) if !items.is_empty() => {
            for (index, item) in items.iter().enumerate() {
                if index > 0 || text.is_empty() || text.ends_with('\n') {
                    text.push_str(&" ".repeat(indent));
                }
                text.push_str("- ");
                write_node(text, item, indent + 2);
            }
        }
        _ => write_leaf(text, value, indent),
    }
}

fn write_leaf(text: &mut String, value: &Value, indent: usize) {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(flag) => text.push_str(if *flag { "true" } else { "false" }),
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() => text.push_str(&shortest_g(float)),
            _ => text.push_str(&number.to_string()),
        },
        Value::String(string) => {
            let column = text.chars().rev().take_while(|c| *c != '\n').count();
            let written = scalar(string, false, indent);
            if written.starts_with('|') || written.starts_with("!!binary |") {
                text.push_str(&written);
            } else {
                fold(text, &written, column, indent.max(2));
            }
        }
        Value::Array(_) => text.push_str("[]"),
        Value::Object(map) => text.push_str(moment(map).unwrap_or("{}")),
    }
    text.push('\n');
}

/// Writes a scalar of one line, broken at single spaces beyond the emitter's width
/// (`yaml_emitter_write_plain_scalar` and similar functions).
fn fold(text: &mut String, scalar: &str, mut column: usize, indent: usize) {
    const WIDTH: usize = 80;
    let quoted = usize::from(scalar.starts_with(['"', '\'']));
    let characters: Vec<char> = scalar.chars().collect();
    let inside = quoted + 1..characters.len().saturating_sub(1 + quoted);
    let mut after_space = false;
    for (index, character) in characters.iter().enumerate() {
        let space = *character == ' ';
        let single = !after_space && characters.get(index + 1) != Some(&' ');
        if space && single && column > WIDTH && inside.contains(&index) {
            text.push('\n');
            text.push_str(&" ".repeat(indent));
            column = indent;
        } else {
            text.push(*character);
            column += 1;
        }
        after_space = space;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn long_lines_are_folded() {
        let words = "0123456 ".repeat(12);
        for (text, folded) in [
            (
                words.trim().to_owned(),
                format!(
                    "k: {}\n  {}\n",
                    "0123456 ".repeat(10).trim(),
                    "0123456 0123456"
                ),
            ),
            ("x".repeat(100), format!("k: {}\n", "x".repeat(100))),
        ] {
            assert_eq!(to_yaml(&json!({"k": text})), folded);
        }
    }

    #[test]
    fn as_go_yaml_marshals() {
        for (value, text) in [
            (json!({}), "{}\n"),
            (
                json!({"a": "b", "n": 1_000_000.0, "i": 1_000_000, "f": 1.5, "t": true, "z": null}),
                "a: b\nf: 1.5\ni: 1000000\n\"n\": 1e+06\nt: true\nz: null\n",
            ),
            (
                json!({"a": {"b": ["x", {"c": "1", "d": "y"}]}}),
                "a:\n  b:\n  - x\n  - c: \"1\"\n    d: \"y\"\n",
            ),
            (
                json!({"a": "x: y", "b": "-", "c": "-x", "d": "a\nb", "e": "a\n"}),
                "a: 'x: y'\nb: '-'\nc: -x\nd: |-\n  a\n  b\ne: |\n  a\n",
            ),
            (
                json!({"d": "2001-01-01", "e": "", "q": "it's", "s": "*x"}),
                "d: \"2001-01-01\"\ne: \"\"\nq: it's\ns: '*x'\n",
            ),
        ] {
            assert_eq!(to_yaml(&value), text, "{value}");
        }
    }
}
