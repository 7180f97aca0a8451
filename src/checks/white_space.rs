//! White space that came along when a value was copied, or with a file.

use super::Subject;
use crate::finding::{Code, Finding, Fix};
use crate::plain_scalar;

/// Kratos' YAML drops the white space around a value, and so does the charm. The id is made
/// of the value as it was given all the same, as it always was.
pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let settings = subject.settings;
    let texts = [
        ("client_id", &settings.client_id),
        ("issuer_url", &settings.issuer_url),
        ("microsoft_tenant_id", &settings.microsoft_tenant_id),
        ("apple_team_id", &settings.apple_team_id),
        ("apple_private_key_id", &settings.apple_private_key_id),
        ("provider_id", &settings.provider_id),
        ("label", &settings.label),
    ];
    let texts = texts
        .into_iter()
        .filter_map(|(option, text)| Some((option, text.as_deref()?)));
    let secret = subject
        .secret
        // A key in PEM ends in a line break.
        .filter(|(option, _)| *option == "client_secret")
        .map(|(option, secret)| (option, secret.expose()));
    texts
        .chain(secret)
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
