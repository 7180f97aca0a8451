//! Secrets that were meant to be the URI of a user secret.

use super::Subject;
use crate::finding::{Code, Finding, Fix};

/// No provider makes secrets that begin so: published, it could only fail at a login.
pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let looks_like_one = |text: &str| {
        text.get(..7)
            .is_some_and(|start| start.eq_ignore_ascii_case("secret:"))
    };
    subject
        .secret
        .filter(|(_, secret)| looks_like_one(secret.expose()))
        .map(|(option, _)| {
            Finding::new(
                Code::SecretUriMalformed,
                option,
                "it starts like the URI of a user secret, and is not one",
                Fix::set("<the URI that juju add-secret printed>"),
            )
        })
        .into_iter()
        .collect()
}
