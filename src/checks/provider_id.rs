//! The id that the administrator chose.

use super::Subject;
use crate::finding::{Finding, Fix};

/// The most characters that are sure to fit wherever an id goes.
const LENGTH_LIMIT: usize = 64;

/// The id is a segment of the redirect URI, which Kratos escapes and its charm does
/// not; and the part before the colon of what Kratos stores for each user.
pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let id = subject.settings.provider_id.as_deref();
    id.filter(|id| !is_safe(id))
        .map(|_| {
            Finding::warning(
                "provider_id",
                "it has to start with a letter, go on with letters, digits, - and _, and have \
                 at most 64 characters",
                Fix::DoThenSet(
                    "make sure that nobody has logged in with it yet".into(),
                    "<such an id>".into(),
                ),
            )
        })
        .into_iter()
        .collect()
}

fn is_safe(id: &str) -> bool {
    id.len() <= LENGTH_LIMIT
        && id.starts_with(|c: char| c.is_ascii_alphabetic())
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}
