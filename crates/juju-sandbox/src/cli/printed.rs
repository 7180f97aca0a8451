//! What the commands have in common: reading arguments, and what is printed.

use crate::error::Error;
use crate::refusals;
use crate::surroundings;
use std::path::Path;

/// What a command prints, and its exit code.
#[derive(Debug, Default)]
pub(super) struct Printed {
    pub(super) stdout: String,
    pub(super) stderr: String,
    pub(super) code: u8,
}

impl Printed {
    pub(super) fn out(stdout: String) -> Self {
        Self {
            stdout,
            ..Self::default()
        }
    }
}

pub(super) fn read(path: &Path) -> Result<String, Error> {
    std::fs::read_to_string(path).map_err(Error::io(format!("read {}", path.display())))
}

/// `NAME=VALUE`, or `NAME` with the value that it has here.
pub(super) fn variable(argument: &str) -> Result<(String, String), Error> {
    if let Some((name, value)) = argument.split_once('=') {
        return Ok((name.to_owned(), value.to_owned()));
    }
    let value = surroundings::variable(argument).and_then(|value| value.into_string().ok());
    let value = value.ok_or_else(|| Error::Refused(refusals::no_variable(argument)))?;
    Ok((argument.to_owned(), value))
}

pub(super) fn key_value(text: &str) -> Result<(&str, &str), Error> {
    text.split_once('=')
        .filter(|(key, _)| !key.is_empty())
        .ok_or_else(|| Error::Refused(refusals::not_key_value(text)))
}
