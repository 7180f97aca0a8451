//! YAML as go-yaml v2 prints it, for `--format yaml`, and for maps in the format `smart`.

use super::fields::entries;
use super::number::shortest_g;
use super::quote::quote;
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
            for (index, (key, item)) in entries(map).into_iter().enumerate() {
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
            if written.starts_with('|') {
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

/// A string in the style that go-yaml's `encoder.stringv` and emitter choose for it.
fn scalar(string: &str, key: bool, indent: usize) -> String {
    let printable = string
        .chars()
        .all(|c| matches!(c, '\n' | ' '..='~' | '\u{85}' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}' | '\u{10000}'..));
    if !printable || (key && string.contains('\n')) {
        return quote(string);
    }
    if string.contains('\n') {
        return if string.ends_with(' ') || string.contains(" \n") {
            quote(string)
        } else {
            literal(string, indent)
        };
    }
    if resolves(string) {
        return quote(string);
    }
    if plain(string) {
        string.to_owned()
    } else {
        format!("'{}'", string.replace('\'', "''"))
    }
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

fn literal(string: &str, indent: usize) -> String {
    let mut text = String::from("|");
    // A line that begins with a space would otherwise set the indentation.
    if string.starts_with([' ', '\n']) {
        text.push('2');
    }
    let body = match string.strip_suffix('\n') {
        None => {
            text.push('-');
            string
        }
        Some(body) if body.ends_with('\n') || body.is_empty() => {
            text.push('+');
            body
        }
        Some(body) => body,
    };
    for line in body.split('\n') {
        text.push('\n');
        if !line.is_empty() {
            text.push_str(&" ".repeat(indent.max(2)));
            text.push_str(line);
        }
    }
    text
}

/// Whether a plain scalar of this text would be read as something other than a string
/// (go-yaml's `resolve`), so that it must be quoted.
fn resolves(string: &str) -> bool {
    const WORDS: [&str; 33] = [
        "", "~", "null", "Null", "NULL", "true", "True", "TRUE", "false", "False", "FALSE", "y",
        "Y", "n", "N", "yes", "Yes", "YES", "no", "No", "NO", "on", "On", "ON", "off", "Off",
        "OFF", "<<", ".nan", ".NaN", ".NAN", ".inf", "-.inf",
    ];
    if WORDS.contains(&string)
        || matches!(
            string,
            "+.inf" | ".Inf" | ".INF" | "-.Inf" | "-.INF" | "+.Inf" | "+.INF"
        )
    {
        return true;
    }
    let number = string.replace('_', "");
    let unsigned = number.strip_prefix(['-', '+']).unwrap_or(&number);
    let numeric = unsigned.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && unsigned.contains(|c: char| c.is_ascii_digit());
    let based = |prefix: &str, radix: u32| {
        unsigned
            .strip_prefix(prefix)
            .is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_digit(radix)))
    };
    if numeric
        && (unsigned.parse::<f64>().is_ok() || based("0x", 16) || based("0o", 8) || based("0b", 2))
    {
        return true;
    }
    date(string) || base_60(unsigned)
}

/// `2001-01-01`, with or without a time after it: it is read as a time stamp.
fn date(string: &str) -> bool {
    let mut parts = string.splitn(3, '-');
    let digits = |part: Option<&str>, most: usize| {
        part.is_some_and(|part| {
            (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        })
    };
    string.len() >= 8
        && string.as_bytes().get(4) == Some(&b'-')
        && digits(parts.next(), 4)
        && digits(parts.next(), 2)
        && digits(
            parts
                .next()
                .and_then(|rest| rest.split(['T', 't', ' ']).next()),
            2,
        )
}

/// `190:20:30`: a base 60 number in YAML 1.1 (go-yaml's `isBase60Float`).
fn base_60(unsigned: &str) -> bool {
    let mut parts = unsigned.split(':');
    let first = parts.next().unwrap_or_default();
    let rest: Vec<_> = parts.collect();
    !first.is_empty()
        && first.bytes().all(|byte| byte.is_ascii_digit())
        && !rest.is_empty()
        && rest.iter().all(|part| {
            (1..=2).contains(&part.split('.').next().unwrap_or_default().len())
                && part
                    .bytes()
                    .all(|byte| byte.is_ascii_digit() || byte == b'.')
        })
}

/// Whether libyaml's `analyze_scalar` allows the plain style in a block.
fn plain(string: &str) -> bool {
    let Some(first) = string.chars().next() else {
        return false;
    };
    if string.starts_with("---")
        || string.starts_with("...")
        || string.starts_with(' ')
        || string.ends_with(' ')
    {
        return false;
    }
    if "#,[]{}&*!|>'\"%@`".contains(first) {
        return false;
    }
    let second_is_space = string.chars().nth(1).is_none_or(|c| c == ' ');
    if "?:-".contains(first) && second_is_space {
        return false;
    }
    !string.contains(": ") && !string.ends_with(':') && !string.contains(" #")
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
