//! Answers that may differ from Juju's.

use crate::recording::Call;

/// A class of calls whose answers may differ.
pub(crate) struct Allowed {
    pub(crate) class: &'static str,
    /// Exactly so many differ: the class can neither grow, nor be left here when it is gone.
    pub(crate) calls: usize,
}

/// What may differ, and why.
pub(crate) const ALLOWED: &[Allowed] = &[
    // The texts of `--help` are long, change with each version, and no charm reads them: the
    // recording leaves them out.
    Allowed {
        class: HELP,
        calls: 250,
    },
    // Known, and to be put right.
    Allowed {
        class: OTHER,
        calls: 31,
    },
];

const HELP: &str = "help texts";
const OTHER: &str = "other";

#[expect(
    clippy::unnecessary_wraps,
    reason = "while there is a class for the rest"
)]
/// The class of a difference, if it is allowed.
pub(crate) fn class(call: &Call) -> Option<&'static str> {
    match call.answer() {
        None => Some(HELP),
        Some(_) => Some(OTHER),
    }
}
