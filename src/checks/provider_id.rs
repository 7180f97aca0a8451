//! The id that the administrator chose.

use external_provider::{path_segment, plain_scalar};

use super::subject::Subject;
use crate::finding::{Code, Finding, Fix};

/// The id is a segment of the redirect URI. Seen with a real Kratos: a slash leads elsewhere, and
/// so do `.` and `..`. With everything else users can log in: what cannot be in a path is encoded.
pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let Some(id) = subject.settings.provider_id.as_deref() else {
        return Vec::new();
    };
    let id = plain_scalar::meant(id);
    let finding = if id.contains('/') || matches!(&*id, "." | "..") {
        Finding::new(
            Code::ProviderIdUnroutable,
            "provider_id",
            "with a slash, or as . or .., it makes the redirect URI lead elsewhere",
            Fix::set("<letters, digits or dashes>"),
        )
    } else if path_segment(&id) != id {
        Finding::new(
            Code::ProviderIdEncoded,
            "provider_id",
            "Kratos percent-encodes it in the redirect URI",
            Fix::instruction("register the redirect URI as get-redirect-uri prints it"),
        )
    } else {
        return Vec::new();
    };
    vec![finding]
}
