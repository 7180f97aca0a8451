//! What the commands have in common: reading arguments, and what is printed.

use crate::error::Error;
use crate::go::{to_json, to_yaml};
use crate::refusals;
use crate::surroundings;
use serde_json::Value;
use std::path::Path;

/// What a command prints, and its exit code.
#[derive(Debug, Default)]
pub(super) struct Printed {
    pub(super) stdout: String,
    /// What is said while the command runs.
    pub(super) stderr: String,
    /// Why it fails, which comes last (`cmd.Main` of juju/cmd).
    pub(super) failure: String,
    pub(super) code: u8,
}

impl Printed {
    pub(super) fn out(stdout: String) -> Self {
        Self {
            stdout,
            ..Self::default()
        }
    }

    /// Nothing but a note about what has been done.
    pub(super) fn note(text: String) -> Self {
        Self {
            stderr: text + "\n",
            ..Self::default()
        }
    }

    /// A value in JSON or YAML.
    pub(super) fn value(value: &Value, format: &str) -> Self {
        Self::out(if format == "json" {
            to_json(value) + "\n"
        } else {
            to_yaml(value)
        })
    }

    /// A complaint: 1 is the exit code for what cannot be done, 2 for what is not understood
    /// (`cmd.Main` of juju/cmd).
    pub(super) fn error(reason: &str, code: u8) -> Self {
        Self {
            failure: format!("ERROR {reason}\n"),
            code,
            ..Self::default()
        }
    }
}

/// A file's text; `-` is the standard input (`cmd.FileVar` of juju/cmd).
pub(super) fn read(path: &Path) -> Result<String, Error> {
    if path == Path::new("-") {
        return std::io::read_to_string(std::io::stdin())
            .map_err(Error::io("read the standard input"));
    }
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
