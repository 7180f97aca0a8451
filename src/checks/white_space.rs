//! White space that came in when a value was copied, or from a file.

use external_provider::plain_scalar;

use super::subject::Subject;
use crate::finding::{Code, Finding, Fix};

/// Kratos' YAML drops the white space around a value, and so does the charm. The provider's id is
/// still made from the value as it was typed, as in the Python charm.
pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    subject
        .lines()
        // White space separates scopes.
        .filter(|(option, _)| *option != "scope")
        .filter(|(_, value)| plain_scalar::trimmed(value) != *value)
        .map(|(option, _)| {
            Finding::new(
                Code::WhiteSpace,
                option,
                "leading and trailing white space is dropped",
                Fix::set("<the same without it>"),
            )
        })
        .collect()
}
