//! What the log says where a status is news.

use juju_hook::{LogLevel, Status, StatusLevel};

use crate::config::Configuration;
use crate::finding::{Finding, Severity};
use crate::registration::Registration;

/// What the log should say if `status` is new: what is wrong with the configuration, or
/// which redirect URIs to register.
#[must_use]
pub fn news(
    application: &str,
    configuration: &Configuration,
    findings: &[Finding],
    registrations: &[Registration<'_>],
    status: &Status,
    kept: bool,
) -> Option<(LogLevel, String)> {
    let of = |severity| {
        let found = findings.iter().filter(move |one| one.severity == severity);
        at_most(NEWS_LINES, found, |one| one.advice(application))
    };
    if findings.iter().any(|one| one.severity == Severity::Error) {
        let lines = of(Severity::Error);
        let kept = if kept {
            "\nThe last valid configuration stays published."
        } else {
            ""
        };
        return Some((
            LogLevel::Error,
            format!("Invalid OIDC provider configuration:\n{lines}{kept}"),
        ));
    }
    if !configuration.enabled || !registrations.iter().all(|one| one.complete) {
        return None;
    }
    if status.level == StatusLevel::Blocked && !registrations.is_empty() {
        let lines = of(Severity::Warning);
        return Some((LogLevel::Error, format!("Logins will fail:\n{lines}")));
    }
    if status.level != StatusLevel::Active {
        return None;
    }
    let redirects = registrations.iter().flat_map(|registration| {
        let requirer = &registration.relation.requirer;
        let redirects = registration.redirect_uris.iter();
        redirects.map(move |redirect| (requirer, redirect))
    });
    let lines = at_most(NEWS_LINES, redirects, |(requirer, redirect)| {
        format!(
            "{requirer} registered {} under redirect URI {}",
            redirect.provider_id, redirect.uri
        )
    });
    Some((LogLevel::Info, lines))
}

/// How many lines of news are worth a reader's while.
const NEWS_LINES: usize = 50;

/// A line about each of the first `count` of `items`, and how many more there are.
fn at_most<T>(
    count: usize,
    mut items: impl Iterator<Item = T>,
    line: impl Fn(T) -> String,
) -> String {
    let mut lines: Vec<_> = items.by_ref().take(count).map(line).collect();
    let more = items.count();
    if more > 0 {
        lines.push(format!("… and {more} more"));
    }
    lines.join("\n")
}
