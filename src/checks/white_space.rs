//! White space that came along when a value was copied, or with a file.

use external_provider::plain_scalar;

use super::subject::Subject;
use crate::finding::{Code, Finding, Fix};

/// Kratos' YAML drops the white space around a value, and so does the charm. The id is made
/// of the value as it was given all the same, as it always was.
pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    subject
        .lines()
        // Scopes are parted by it.
        .filter(|(option, _)| *option != "scope")
        .filter(|(_, value)| plain_scalar::trimmed(value) != *value)
        .map(|(option, _)| {
            Finding::new(
                Code::WhiteSpace,
                option,
                "the white space around it is left out",
                Fix::set("<the same without it>"),
            )
        })
        .collect()
}
