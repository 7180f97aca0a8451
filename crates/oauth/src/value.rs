//! How one value stands in a databag.
//!
//! The Python libraries put each value that they read through `json.loads`, and keep it as it is
//! where that fails (`_load_data` in `charmlibs.interfaces.oauth` and `charms.hydra.v0.oauth`). So a
//! client id of digits reaches them as a number, which their schema refuses: the requirer goes into
//! error. Such a text is written as a JSON string, and all others as they are, since some
//! requirers read the databag without a library.

use std::borrow::Cow;

use juju_hook::json;
use serde::de::IgnoredAny;

/// The white space of JSON.
const WHITE_SPACE: [char; 4] = [' ', '\t', '\n', '\r'];

/// The longest text in bytes that may begin like a number or a nest of lists and be written as it
/// is. Of what is longer, Python may read a number of more than 4300 digits, or lists nested deeper
/// than its stack, and that is a `ValueError` or a `RecursionError`, which the libraries do not
/// catch.
const LENGTH_LIMIT: usize = 256;

/// What a reader makes of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A text.
    Text(String),
    /// A list of texts.
    Texts(Vec<String>),
    /// JSON of another shape, of which the interface has none.
    Other,
}

/// `text` as it is written. An empty text becomes `""`: Juju drops a key with an empty value.
#[must_use]
pub fn encode(text: &str) -> Cow<'_, str> {
    if text.is_empty() || is_json(text) || is_exhausting(text) {
        json::encode(text).into_exposed().into()
    } else {
        text.into()
    }
}

/// A list as it is written, with the spaces that Python's `json.dumps` puts there.
#[must_use]
pub fn encode_texts<T: AsRef<str>>(texts: &[T]) -> String {
    let items = texts
        .iter()
        .map(|text| json::encode(text.as_ref()).into_exposed());
    format!("[{}]", items.collect::<Vec<_>>().join(", "))
}

/// `True` or `False`, as Python writes them: `true` would reach a requirer as a bool, where its
/// schema wants a text.
#[must_use]
pub fn encode_bool(value: bool) -> &'static str {
    if value { "True" } else { "False" }
}

/// What a reader makes of `text`: JSON if it is any, and else the text itself.
#[must_use]
pub fn decode(text: &str) -> Value {
    match serde_json::from_str(text) {
        Ok(serde_json::Value::String(text)) => Value::Text(text),
        Ok(serde_json::Value::Array(items)) => {
            let texts = items.into_iter().map(|item| match item {
                serde_json::Value::String(text) => Some(text),
                _ => None,
            });
            texts
                .collect::<Option<_>>()
                .map_or(Value::Other, Value::Texts)
        }
        Ok(_) => Value::Other,
        // A number or a nest that is too much for `serde_json`, or `NaN`.
        Err(_) if is_json(text) => Value::Other,
        Err(_) => Value::Text(text.to_owned()),
    }
}

/// Whether a word of Python's `strtobool` stands for a yes; `None` if it is none of them.
pub(crate) fn truth(word: &str) -> Option<bool> {
    match word.to_lowercase().as_str() {
        "y" | "yes" | "t" | "true" | "on" | "1" => Some(true),
        "n" | "no" | "f" | "false" | "off" | "0" => Some(false),
        _ => None,
    }
}

/// Whether Python's `json.loads` reads `text`: JSON, and three names of numbers. Neither its values
/// nor its nesting are looked at, so that nothing is too large.
fn is_json(text: &str) -> bool {
    let text = text.trim_matches(WHITE_SPACE);
    let is_json = |text: &str| serde_json::from_str::<IgnoredAny>(text).is_ok();
    match text.as_bytes().first() {
        Some(b'N' | b'I') => matches!(text, "NaN" | "Infinity"),
        Some(b'-') => text == "-Infinity" || is_json(text),
        Some(b'[' | b'{') => is_json(&without_names(text)),
        _ => is_json(text),
    }
}

/// `text` with `null` in place of the names of numbers that only Python knows, which JSON has
/// only in strings.
fn without_names(text: &str) -> Cow<'_, str> {
    if !text.contains("NaN") && !text.contains("Infinity") {
        return text.into();
    }
    let mut result = String::with_capacity(text.len());
    let (mut in_string, mut is_escaped) = (false, false);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let names = ["NaN", "Infinity", "-Infinity"];
        let name = names.into_iter().find(|name| rest.starts_with(name));
        if let Some(name) = name.filter(|_| !in_string) {
            result.push_str("null");
            rest = &rest[name.len()..];
            continue;
        }
        if c == '"' && !is_escaped {
            in_string = !in_string;
        }
        is_escaped = in_string && c == '\\' && !is_escaped;
        result.push(c);
        rest = &rest[c.len_utf8()..];
    }
    result.into()
}

/// Whether Python may give up on `text` before it finds that it is no JSON.
fn is_exhausting(text: &str) -> bool {
    let begins = |c: char| c.is_ascii_digit() || matches!(c, '-' | '[' | '{');
    text.len() > LENGTH_LIMIT && text.trim_start_matches(WHITE_SPACE).starts_with(begins)
}
