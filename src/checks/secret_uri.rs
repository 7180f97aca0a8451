//! Secrets that were meant to be the URI of a user secret.

use super::Subject;
use crate::finding::{Finding, Fix};

/// The problem of a secret that was meant to be a URI.
pub(crate) const PROBLEM: &str = "it starts like the URI of a user secret, but is none";

/// What is no URI is taken for the secret itself. A character that was lost in copying
/// would go unnoticed until a login fails.
pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let looks_like_one = |text: &str| {
        text.get(..7)
            .is_some_and(|start| start.eq_ignore_ascii_case("secret:"))
    };
    subject
        .secret
        .filter(|(_, secret)| looks_like_one(secret.expose()))
        .map(|(option, _)| {
            Finding::warning(
                option,
                PROBLEM,
                Fix::set("<the URI that juju add-secret printed>"),
            )
        })
        .into_iter()
        .collect()
}
