//! Reads single keys of a databag.

use juju_hook::Databag;

use crate::errors::{MalformedError, Problem, Reason, UnwritableError};
use crate::value::{Value, decode};

/// The value of `key`, if there is one.
pub(crate) fn value(databag: &Databag, key: &str) -> Option<Value> {
    databag.get(key).map(|text| decode(text.expose()))
}

/// The text of `key`, which may be empty; `None` without the key.
pub(crate) fn text(databag: &Databag, key: &'static str) -> Result<Option<String>, MalformedError> {
    match value(databag, key) {
        None => Ok(None),
        Some(Value::Text(text)) => Ok(Some(text)),
        Some(Value::Texts(_) | Value::Other) => Err(malformed(key, Problem::NotText)),
    }
}

/// The text of `key`, which has to be there.
pub(crate) fn required_text(
    databag: &Databag,
    key: &'static str,
) -> Result<String, MalformedError> {
    text(databag, key)?.ok_or(malformed(key, Problem::Missing))
}

/// The list of `key`; `None` without the key.
pub(crate) fn texts(
    databag: &Databag,
    key: &'static str,
) -> Result<Option<Vec<String>>, MalformedError> {
    match value(databag, key) {
        None => Ok(None),
        Some(Value::Texts(texts)) => Ok(Some(texts)),
        Some(Value::Text(_) | Value::Other) => Err(malformed(key, Problem::NotTexts)),
    }
}

pub(crate) fn malformed(key: &'static str, problem: Problem) -> MalformedError {
    MalformedError { key, problem }
}

/// Refuses to write a text of one line that has control characters.
pub(crate) fn check_line(field: &'static str, text: &str) -> Result<(), UnwritableError> {
    if text.contains(char::is_control) {
        let reason = Reason::ControlCharacter;
        return Err(UnwritableError { field, reason });
    }
    Ok(())
}

/// Refuses to write an empty text, too.
pub(crate) fn check_filled(field: &'static str, text: &str) -> Result<(), UnwritableError> {
    if text.is_empty() {
        let reason = Reason::Empty;
        return Err(UnwritableError { field, reason });
    }
    check_line(field, text)
}
