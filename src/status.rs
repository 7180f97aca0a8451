//! What `juju status` says, in the words of the Python charm.

use crate::config::Configuration;
use crate::finding::{self, Severity};
use crate::hooktools::{Status, StatusLevel};
use crate::registration::Registration;

/// The status of this unit. Worst first: the first that applies is shown.
///
/// `kept` says whether the last valid configuration stays published.
#[must_use]
pub fn status(
    application: &str,
    configuration: &Configuration,
    registrations: &[Registration<'_>],
    kept: bool,
) -> Status {
    let (level, message) = if let Some(invalid) = invalid(application, configuration, kept) {
        (StatusLevel::Blocked, invalid)
    } else if registrations.is_empty() {
        (
            StatusLevel::Blocked,
            "Missing integration kratos-external-idp".to_owned(),
        )
    } else if configuration.enabled && registrations.iter().any(|one| !one.complete) {
        let text = "Waiting for the requirer charm to register the OIDC provider";
        (StatusLevel::Waiting, text.to_owned())
    } else if configuration.enabled {
        (
            StatusLevel::Active,
            with_warnings("The OIDC provider is ready", configuration),
        )
    } else {
        (
            StatusLevel::Active,
            with_warnings("The OIDC provider is disabled", configuration),
        )
    };
    Status { level, message }
}

/// The first error and how many more there are, if there is any.
fn invalid(application: &str, configuration: &Configuration, kept: bool) -> Option<String> {
    let mut errors = configuration
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error);
    let advice = errors.next()?.advice(application);
    let kept = if kept {
        "; the last valid configuration stays published"
    } else {
        ""
    };
    let more = match errors.count() {
        0 => String::new(),
        more => format!(" (and {more} more: run validate-config)"),
    };
    Some(format!(
        "Invalid OIDC provider configuration: {advice}{kept}{more}"
    ))
}

fn with_warnings(text: &str, configuration: &Configuration) -> String {
    match finding::count(&configuration.findings, Severity::Warning) {
        0 => text.to_owned(),
        warnings => format!("{text} ({warnings} warnings: run validate-config)"),
    }
}
