//! Why a mapper gives no identity.

use serde::{Deserialize, Serialize};

use super::position::Position;
use super::syntax::SyntaxError;

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
