//! Trying a Jsonnet mapper out: is it Jsonnet, and what would Kratos store?
//!
//! * [`check`]: reads a mapper without running it. Cheap enough for every hook.
//! * [`evaluate`]: runs it over claims, in a process of its own.
//!
//! A mapper is a program: it may loop, recurse or fill the memory, and memory that
//! runs out ends the process. So it runs in a child, this same program started
//! again (see [`ARGUMENT`]), that gives up most of its rights first, and that is
//! killed when its time is over. Kratos does likewise (`jsonnetsecure` of `ory/x`).
//!
//! No error holds a value of the mapper or of the claims: places and our own words
//! only. What an `error` or `assert` of the mapper says is the administrator's own
//! text and is kept, cut short.

mod evaluation;
mod isolation;
mod request;
mod syntax;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use self::isolation::{ARGUMENT, evaluate, evaluate_each, serve};
pub use self::syntax::{Flaw, SyntaxError, check};

/// The option that holds the mapper.
const OPTION: &str = "jsonnet_mapper";

/// A place in a mapper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Position {
    /// Counted from 1.
    pub line: usize,
    /// Counted from 1, in characters.
    pub column: usize,
}

impl Position {
    /// The place of the byte `offset` of `text`.
    fn of(text: &str, offset: usize) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        Self {
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
        }
    }
}

/// What Kratos takes from a mapper's result: `setTraits`, `setMetadata` and
/// `extractVerifiedAddresses` of its `strategy_registration.go`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Identity {
    /// `identity.traits`, before Kratos holds them against its identity schema.
    pub traits: Map<String, Value>,
    /// `identity.metadata_public`.
    pub metadata_public: Option<Map<String, Value>>,
    /// `identity.metadata_admin`.
    pub metadata_admin: Option<Map<String, Value>>,
    /// `identity.verified_addresses`.
    pub verified_addresses: Vec<VerifiedAddress>,
    /// Whether the mapper asked for `std.extVar('provider')`. No release of Kratos
    /// that was read sets it, only copies of it do: `newIdentityFromClaims` sets
    /// only `claims`.
    pub asked_for_provider: bool,
}

/// An address that needs no verification by Kratos.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct VerifiedAddress {
    /// The address.
    pub value: String,
    /// What kind of address: `email` or `sms`.
    pub via: String,
}

/// Why a mapper gives no identity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum MapperError {
    /// It is not Jsonnet.
    #[error(transparent)]
    Syntax(SyntaxError),
    /// It failed while it ran.
    #[error("it fails{}: {problem}", place(*.at))]
    Failed {
        /// Where, if that is known.
        at: Option<Position>,
        /// What went wrong, in our words.
        problem: String,
    },
    /// It refused the claims by `error` or `assert`.
    #[error("it refuses the claims{}: {message}", place(*.at))]
    Refused {
        /// Where, if that is known.
        at: Option<Position>,
        /// The mapper's own text, without control characters, cut short.
        message: String,
    },
    /// Its result is something else than an object.
    #[error("its result is not an object")]
    NotAnObject,
    /// A part of its result that Kratos reads is not of the type that Kratos wants.
    #[error("its result has no {part} as Kratos wants it: {wanted}")]
    Part {
        /// Which part.
        part: String,
        /// What Kratos wants.
        wanted: String,
    },
    /// It had no result in time.
    #[error("it takes too long: it is stopped after a second")]
    TooSlow,
    /// It wanted more memory than it may have.
    #[error("it wants too much memory")]
    TooMuchMemory,
    /// It calls itself without end, or its values are nested too deeply.
    #[error("it goes too deep: does it call itself without end?")]
    TooDeep,
    /// Its result is larger than Kratos takes.
    #[error(
        "its result is larger than the 64 KiB that Kratos takes, and one such login breaks those \
         with all other providers, too, until Kratos is restarted"
    )]
    TooLarge,
    /// With the claims, it is larger than Kratos hands over.
    #[error(
        "it and the claims are larger than Kratos hands over: 64 KiB, in which the mapper is twice"
    )]
    RequestTooLarge,
    /// Its result is a function that wants arguments.
    #[error("its result is a function that cannot be called without arguments")]
    Function,
    /// The other process could not be started, or ended in a way that says nothing
    /// about the mapper.
    #[error("it could not be tried out: its process did not answer")]
    NoAnswer,
}

fn place(at: Option<Position>) -> String {
    at.map_or_else(String::new, |Position { line, column }| {
        format!(" at line {line}, column {column}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_from_one_in_characters() {
        for (name, text, offset, line, column) in [
            ("start", "abc", 0, 1, 1),
            ("same line", "abc", 2, 1, 3),
            ("after a newline", "a\nbc", 2, 2, 1),
            ("characters, not bytes", "é\n🔐x", 7, 2, 2),
            ("the end", "ab\n", 3, 2, 1),
            ("beyond the end", "ab", 9, 1, 3),
            ("within a character", "é", 1, 1, 2),
        ] {
            assert_eq!(
                Position::of(text, offset),
                Position { line, column },
                "{name}"
            );
        }
    }
}
