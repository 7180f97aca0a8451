//! Values that were meant to be the URI of a user secret.

use external_provider::plain_scalar;

use super::subject::Subject;
use crate::finding::{Code, Finding, Fix};

/// No provider issues secrets that start like this: if it were published, logins would fail.
pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    subject
        .secret
        .filter(|(_, secret)| is_meant_as_uri(secret.expose()))
        .map(|(option, _)| {
            Finding::new(
                Code::SecretUriMalformed,
                option,
                "this looks like the URI of a user secret, but is not valid",
                Fix::set("<the URI that juju add-secret printed>"),
            )
        })
        .into_iter()
        .collect()
}

/// What people type when they mean a user secret: its name instead of the id, half of an id, the
/// word in the plural, or the arguments of `juju add-secret`.
fn is_meant_as_uri(text: &str) -> bool {
    let text = plain_scalar::meant(text).to_ascii_lowercase();
    let starts = [
        "secret:",
        "secrets:",
        "secret//",
        "client-secret=",
        "client_secret=",
        "apple-private-key=",
        "apple_private_key=",
    ];
    starts.iter().any(|start| text.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_meant_as_a_uri_is_told_from_a_secret() {
        for (text, expected) in [
            ("secret:google-client", true),
            ("secret: d0erdgfmp25c762i8np0", true),
            ("Secret:d0erdgfmp25c762i8np0", true),
            ("secrets:d0erdgfmp25c762i8np0", true),
            ("secret://google-client", true),
            ("client-secret=abc", true),
            ("\"secret:x\"", true),
            ("secretive", false),
            ("my-secret:x", false),
            ("client-secret", false),
        ] {
            assert_eq!(is_meant_as_uri(text), expected, "{text}");
        }
    }
}
