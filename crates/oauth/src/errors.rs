//! What cannot be written, and what cannot be read. No error holds any part of the value.

/// Something that a writer refuses, since it would do harm on the other side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {reason}")]
pub struct UnwritableError {
    /// The key of the databag, or `client_secret`.
    pub field: &'static str,
    /// What is wrong with it.
    pub reason: Reason,
}

/// Why a value is not written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// There is none.
    #[error("not set")]
    Empty,
    /// It has a character that belongs in no URL, name or scope.
    #[error("has a control character")]
    ControlCharacter,
    /// It is not a URL with a host.
    #[error("not an http:// or https:// URL")]
    NotUrl,
    /// Not every Juju with secrets keeps as much.
    #[error("longer than {limit} bytes")]
    TooLong {
        /// The most that there may be, in bytes.
        limit: usize,
    },
}

/// What the other side wrote is not what the interface says, or not yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{key}: {problem}")]
pub struct MalformedError {
    /// The key of the databag.
    pub key: &'static str,
    /// What is wrong with it.
    pub problem: Problem,
}

/// What is wrong with a value of the other side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The key is not there, or has nothing to say.
    #[error("not there yet")]
    Missing,
    /// JSON, or a number, where a text is due.
    #[error("not a text")]
    NotText,
    /// No JSON list of texts.
    #[error("not a JSON list of texts")]
    NotTexts,
    /// A word that the interface does not have.
    #[error("a word that the interface does not have")]
    UnknownWord,
    /// A control character, which nobody should print.
    #[error("has a control character")]
    ControlCharacter,
    /// Too long for what it is.
    #[error("too long")]
    TooLong,
    /// Not a URI of a Juju secret.
    #[error("not a URI of a Juju secret")]
    NotSecretUri,
    /// The secret has no key `secret`.
    #[error("the secret has no key named secret")]
    NoSecretKey,
}
