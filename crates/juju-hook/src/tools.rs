//! Juju's hook tools: the only door to Juju.
//!
//! One method per tool, named after it, in one file per family. Every tool is
//! asked for JSON. What is secret goes in by standard input, or where a tool takes
//! it only from a file by one in memory, never as an argument: `jujuc` logs the
//! arguments of every call (`jujuc.Main` in Juju's
//! `worker/uniter/runner/jujuc/server.go`), and so may anyone with `ps`. What a person
//! typed is an argument only as far as the system takes it as one ([`ARGUMENT_LIMIT`]).

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::process::{Command, ExitStatus, Stdio};

use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use crate::refusal::Denial;
use crate::secret::Secret;

/// The most that an error keeps of what a tool said, in bytes: the end of it,
/// where the reason is.
const REASON_LIMIT: usize = 1024;

/// What Juju's refusals say. Of a tool that was fed through standard input, only
/// these words are repeated: the rest may quote what it was fed, as Juju's YAML
/// errors do.
const KNOWN_REASONS: [&str; 14] = [
    "already exists",
    "cannot write relation settings",
    "cannot unmarshal",
    "connection is shut down",
    "is not allowed to manage this secret",
    "is not allowed to read this secret",
    "is not leader of",
    "max allowed",
    "not found",
    "not valid",
    "permission denied",
    "this unit is not the leader",
    "too large",
    "yaml:",
];

/// A hook tool, or what saves one, did not do its work.
///
/// No variant holds arguments, input or output: neither its `Display` nor its
/// `Debug` can show a secret.
#[derive(Debug, thiserror::Error)]
pub enum ToolError {
    /// The program does not exist. Juju is too old for it, or nobody is Juju here.
    #[error("{tool} is not there: this Juju does not have it, or Juju did not start this program")]
    Absent {
        /// The tool's name.
        tool: &'static str,
    },
    /// The program is there but the system would not run it.
    #[error("{tool} could not be started")]
    Start {
        /// The tool's name.
        tool: &'static str,
        /// Why.
        source: io::Error,
    },
    /// It ran and said no.
    #[error("{tool} failed ({status}): {reason}")]
    Failed {
        /// The tool's name.
        tool: &'static str,
        /// Its exit code or signal.
        status: ExitStatus,
        /// What it said, if that is something that a charm may do something about.
        denial: Option<Denial>,
        /// The end of its standard error; for a tool that was fed secrets, only
        /// the words that this library knows.
        reason: String,
    },
    /// It succeeded, but what it printed is not what Juju prints. The place is
    /// kept, and not the parser's own message: that would quote the value.
    #[error("{tool} printed unexpected JSON at line {line}, column {column}")]
    Output {
        /// The tool's name.
        tool: &'static str,
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
    },
    /// The unit's own note that an endpoint is unused is wrong, and stays
    /// ([`HookTools::living_relations_if_used`]).
    #[error("the note that an endpoint is unused cannot be removed")]
    Note {
        /// Why.
        source: io::Error,
    },
}

impl ToolError {
    /// What Juju denied, if it is something that a charm may do something about.
    #[must_use]
    pub fn denial(&self) -> Option<Denial> {
        match self {
            Self::Failed { denial, .. } => *denial,
            _ => None,
        }
    }
}

/// Runs Juju's hook tools.
#[derive(Debug, Default)]
pub struct HookTools {
    /// Where the tools are; `None` for `PATH`, on which Juju puts them first.
    dir: Option<PathBuf>,
}

impl HookTools {
    /// The tools of the hook that this process is.
    #[must_use]
    pub fn on_path() -> Self {
        Self::default()
    }

    /// The tools in one folder, for tests.
    #[must_use]
    pub fn in_dir(dir: impl Into<PathBuf>) -> Self {
        Self {
            dir: Some(dir.into()),
        }
    }

    /// Runs `tool` and gives back what it printed.
    pub(crate) fn run(
        &self,
        tool: &'static str,
        args: &[&str],
    ) -> Result<Zeroizing<Vec<u8>>, ToolError> {
        self.start(tool, args, None, tail)
    }

    /// As [`Self::run`], where `args` lead the tool to a secret, which its complaint
    /// may quote.
    pub(crate) fn run_with_secret(
        &self,
        tool: &'static str,
        args: &[&str],
    ) -> Result<Zeroizing<Vec<u8>>, ToolError> {
        self.start(tool, args, None, known_reason)
    }

    /// Runs `tool`, feeding it `input`, which may be secret. That is made while the tool
    /// starts.
    pub(crate) fn feed(
        &self,
        tool: &'static str,
        args: &[&str],
        input: impl Fn() -> Secret,
    ) -> Result<(), ToolError> {
        self.start(tool, args, Some(&input), known_reason).map(drop)
    }

    /// Runs `tool --format=json` and reads what it printed.
    pub(crate) fn read<T: DeserializeOwned>(
        &self,
        tool: &'static str,
        args: &[&str],
    ) -> Result<T, ToolError> {
        let args = [&["--format=json"], args].concat();
        serde_json::from_slice(&self.run(tool, &args)?).map_err(|error| ToolError::Output {
            tool,
            line: error.line(),
            column: error.column(),
        })
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that starts Juju's processes"
    )]
    fn start(
        &self,
        tool: &'static str,
        args: &[&str],
        input: Option<&dyn Fn() -> Secret>,
        reason: impl Fn(&[u8]) -> String,
    ) -> Result<Zeroizing<Vec<u8>>, ToolError> {
        let failed_to_start = |source: io::Error| match source.kind() {
            io::ErrorKind::NotFound => ToolError::Absent { tool },
            _ => ToolError::Start { tool, source },
        };
        let program = self
            .dir
            .as_ref()
            .map_or_else(|| tool.into(), |dir| dir.join(tool));
        let mut child = Command::new(program)
            .args(args)
            .stdin(if input.is_some() {
                Stdio::piped()
            } else {
                Stdio::null()
            })
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(failed_to_start)?;
        if let (Some(input), Some(mut pipe)) = (input, child.stdin.take()) {
            // A tool that does not read all of it says why in its exit status,
            // and that is the better error. No deadlock: the tools that read
            // standard input print nothing before they have read it.
            let _ = pipe.write_all(input().expose().as_bytes());
        }
        let output = child.wait_with_output().map_err(failed_to_start)?;
        let stdout = Zeroizing::new(output.stdout);
        if output.status.success() {
            return Ok(stdout);
        }
        Err(ToolError::Failed {
            tool,
            status: output.status,
            denial: Denial::of(&tail(&output.stderr)),
            reason: reason(&output.stderr),
        })
    }
}

/// The most of a text that goes in as an argument, in bytes. Linux takes no argument of
/// 128 KiB or more (`MAX_ARG_STRLEN`), and in the tightest case as much of all arguments and
/// variables together (`bprm_stack_limits`).
pub const ARGUMENT_LIMIT: usize = 100 * 1024;

/// Whether a character is not for a person, nor for a terminal.
fn is_odd(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\t')
}

/// `text` with what is not for a person replaced.
pub fn printable(text: &str) -> String {
    text.replace(is_odd, "\u{fffd}")
}

/// `text` as an argument that shows it to a person: what no argument can hold, and no
/// terminal should print, is replaced, and what is too long is cut.
pub(crate) fn shown(text: &str) -> String {
    let mut shown = printable(text);
    if shown.len() > ARGUMENT_LIMIT {
        let boundary = |end: &usize| shown.is_char_boundary(*end);
        let end = (0..=ARGUMENT_LIMIT).rev().find(boundary);
        shown.truncate(end.unwrap_or_default());
        shown.push('…');
    }
    shown
}

/// Whether `text` is shown to a person as it is, with nothing replaced or cut.
pub fn is_shown_whole(text: &str) -> bool {
    text.len() <= ARGUMENT_LIMIT && !text.contains(is_odd)
}

/// The end of what a tool said.
fn tail(stderr: &[u8]) -> String {
    let end = &stderr[stderr.len().saturating_sub(REASON_LIMIT)..];
    String::from_utf8_lossy(end).trim().to_owned()
}

/// Those of [`KNOWN_REASONS`] that a tool said.
fn known_reason(stderr: &[u8]) -> String {
    let said = String::from_utf8_lossy(stderr);
    let known: Vec<_> = KNOWN_REASONS
        .into_iter()
        .filter(|reason| said.contains(reason))
        .collect();
    if known.is_empty() {
        "what it said is withheld, since it may quote what it was given".into()
    } else {
        known.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tool_that_was_fed_is_quoted_in_known_words_only() {
        struct Case {
            name: &'static str,
            said: &'static str,
            expected: &'static str,
        }
        for Case {
            name,
            said,
            expected,
        } in [
            Case {
                name: "refused",
                said: "ERROR cannot write relation settings\n",
                expected: "cannot write relation settings",
            },
            Case {
                name: "quotes its input",
                said: "ERROR yaml: unmarshal errors:\n  cannot unmarshal !!str `hunter2` into map",
                expected: "cannot unmarshal, yaml:",
            },
            Case {
                name: "anything else",
                said: "ERROR hunter2",
                expected: "what it said is withheld, since it may quote what it was given",
            },
        ] {
            assert_eq!(known_reason(said.as_bytes()), expected, "{name}");
        }
    }

    #[test]
    fn what_is_shown_fits_into_an_argument() {
        struct Case {
            name: &'static str,
            text: &'static str,
            expected: &'static str,
        }
        let long = "é".repeat(ARGUMENT_LIMIT);
        for Case {
            name,
            text,
            expected,
        } in [
            Case {
                name: "plain",
                text: "a: b\n\tc",
                expected: "a: b\n\tc",
            },
            Case {
                name: "NUL",
                text: "a\0b",
                expected: "a\u{fffd}b",
            },
            Case {
                name: "an escape sequence",
                text: "\u{1b}[31m",
                expected: "\u{fffd}[31m",
            },
        ] {
            assert_eq!(shown(text), expected, "{name}");
        }
        let cut = shown(&long);
        assert!(
            cut.len() <= ARGUMENT_LIMIT + 3 && cut.ends_with("é…"),
            "too long"
        );
        for (text, is_whole) in [
            ("a: b\n".to_owned(), true),
            ("x".repeat(ARGUMENT_LIMIT), true),
            ("x".repeat(ARGUMENT_LIMIT + 1), false),
            ("a\u{7f}".to_owned(), false),
        ] {
            let name = format!("{} bytes from {:?}", text.len(), &text[..2]);
            assert_eq!(is_shown_whole(&text), is_whole, "{name}");
            assert_eq!(shown(&text) == text, is_whole, "{name}");
        }
    }

    #[test]
    fn only_the_end_of_a_long_complaint_is_kept() {
        let said = format!("{}end\n", "x".repeat(REASON_LIMIT));
        assert!(tail(said.as_bytes()).ends_with("xend"));
        assert_eq!(tail(said.as_bytes()).len(), REASON_LIMIT - 1);
    }
}
