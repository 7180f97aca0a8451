//! What was recorded: `hook-tools-3.6.jsonl.gz`, a JSON object a line. The first one describes the
//! whole, one with `scenario` begins a hook, and each other one is a call in it.

use flate2::read::GzDecoder;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;
use std::io::{BufRead, BufReader};

/// All scenarios.
pub(crate) struct Recording {
    pub(crate) scenarios: Vec<Scenario>,
}

/// The calls of one hook, in which each sees what those before it did.
#[derive(Deserialize)]
pub(crate) struct Scenario {
    #[serde(rename = "scenario")]
    pub(crate) name: String,
    pub(crate) state: HookState,
    #[serde(skip)]
    pub(crate) calls: Vec<Call>,
}

/// In which hook the calls were made; its relation is `idp:kratos-external-idp`.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum HookState {
    /// `update-status` of the leader.
    Leader,
    /// `update-status` of the other unit.
    Minion,
    /// `relation-changed` of the leader, for a unit.
    RelUnit,
    /// `relation-changed` of the leader, for an application.
    RelApp,
    /// `relation-changed` of the other unit, for a unit.
    RelMinion,
    /// The action `act` of the leader.
    Action,
}

/// One call, and Juju's answer.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Call {
    pub(crate) tool: String,
    pub(crate) args: Vec<Text>,
    pub(crate) stdin: Option<Text>,
    /// Files to write before it, in the scratch folder.
    #[serde(default)]
    pub(crate) files: BTreeMap<String, Text>,
    /// Files of the scratch folder whose text is shown after the output.
    #[serde(default)]
    pub(crate) read_after: Vec<String>,
    /// Unset where the answer was left out of the recording.
    code: Option<u8>,
    #[serde(default)]
    stdout: Text,
    #[serde(default)]
    stderr: Text,
}

impl Call {
    /// Makes the recorded answer a wrong one.
    pub(crate) fn falsify(&mut self) {
        self.stdout = Text::Plain("something else\n".into());
    }

    /// Juju's answer, if it was recorded.
    pub(crate) fn answer(&self) -> Option<Answer> {
        Some(Answer {
            code: self.code?,
            stdout: self.stdout.bytes(),
            stderr: self.stderr.bytes(),
        })
    }
}

/// What a tool answered.
#[derive(PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) code: u8,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: Vec<u8>,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            code,
            stdout,
            stderr,
        } = self;
        write!(
            f,
            "{code} \"{}\" \"{}\"",
            stdout.escape_ascii(),
            stderr.escape_ascii()
        )
    }
}

/// A text, or what JSON cannot or should not spell out.
#[derive(Deserialize)]
#[serde(untagged)]
pub(crate) enum Text {
    Plain(String),
    Bytes { bytes: Vec<u8> },
    Repeated { repeat: String, times: usize },
}

impl Default for Text {
    fn default() -> Self {
        Self::Plain(String::new())
    }
}

impl Text {
    pub(crate) fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Plain(text) => text.clone().into_bytes(),
            Self::Bytes { bytes } => bytes.clone(),
            Self::Repeated { repeat, times } => repeat.repeat(*times).into_bytes(),
        }
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = self.bytes();
        write!(f, "\"{}\"", bytes[..bytes.len().min(200)].escape_ascii())
    }
}

/// The lines of a packed text.
pub(crate) fn lines(packed: &[u8]) -> impl Iterator<Item = String> {
    let lines = BufReader::new(GzDecoder::new(packed)).lines();
    lines.map(Result::unwrap)
}

impl Recording {
    pub(crate) fn read() -> Self {
        let mut scenarios: Vec<Scenario> = Vec::new();
        for line in lines(include_bytes!("hook-tools-3.6.jsonl.gz")).skip(1) {
            if line.starts_with(r#"{"scenario""#) {
                scenarios.push(serde_json::from_str(&line).unwrap());
            } else {
                let call = serde_json::from_str(&line).unwrap();
                scenarios.last_mut().unwrap().calls.push(call);
            }
        }
        Self { scenarios }
    }
}
