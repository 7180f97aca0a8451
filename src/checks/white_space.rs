//! White space that came along when a value was copied.

use super::Subject;
use crate::finding::{Finding, Fix};

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let client_id = subject
        .settings
        .client_id
        .as_deref()
        .map(|id| ("client_id", id));
    let secret = subject
        .secret
        // A key in PEM ends in a line break.
        .filter(|(option, _)| *option == "client_secret")
        .map(|(option, secret)| (option, secret.expose()));
    let around = |value: &str| value.trim() != value;
    client_id
        .into_iter()
        .chain(secret)
        .filter(|(_, value)| around(value))
        .map(|(option, _)| {
            Finding::warning(
                option,
                "white space at its start or end belongs to it",
                Fix::set("<the same without white space around it>"),
            )
        })
        .collect()
}
