//! Options that are set, and that this kind of provider does nothing with.

use super::Subject;
use crate::finding::{Finding, Fix};
use crate::provider::{Kind, Shape};

/// The options that not every kind uses.
const OF_SOME_KINDS: [&str; 6] = [
    "client_secret",
    "issuer_url",
    "microsoft_tenant_id",
    "apple_team_id",
    "apple_private_key_id",
    "apple_private_key",
];

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let mut settings = subject.settings.clone();
    let used: &[&str] = match subject.kind.shape() {
        Shape::Generic => &["client_secret", "issuer_url"],
        Shape::Social => &["client_secret"],
        Shape::Microsoft => &["client_secret", "microsoft_tenant_id"],
        Shape::Apple => &["apple_team_id", "apple_private_key_id", "apple_private_key"],
    };
    OF_SOME_KINDS
        .into_iter()
        .filter(|option| !used.contains(option))
        .filter(|option| settings.field(option).is_some_and(|field| field.is_set()))
        .map(|option| {
            if (subject.kind, option) == (Kind::Gitlab, "issuer_url") {
                // `SocialProvider` of the Python library has no such field.
                return Finding::warning(
                    option,
                    "gitlab is gitlab.com alone, and a GitLab of your own is generic",
                    Fix::SetOther("provider", "generic".into()),
                );
            }
            let problem = format!("{} does nothing with it", subject.kind.word());
            Finding::note(option, problem, Fix::Unset)
        })
        .collect()
}
