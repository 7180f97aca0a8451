//! Options that are set, but not used by this kind of provider.

use external_provider::Settings;

use super::subject::Subject;
use crate::finding::{Code, Finding, Fix};
use crate::kinds::facts;

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let Settings {
        client_secret,
        issuer_url,
        microsoft_tenant_id,
        apple_team_id,
        apple_private_key_id,
        apple_private_key,
        // Every kind uses the others.
        ..
    } = subject.settings;
    let of_some_kinds = [
        ("client_secret", client_secret.is_some()),
        ("issuer_url", issuer_url.is_some()),
        ("microsoft_tenant_id", microsoft_tenant_id.is_some()),
        ("apple_team_id", apple_team_id.is_some()),
        ("apple_private_key_id", apple_private_key_id.is_some()),
        ("apple_private_key", apple_private_key.is_some()),
    ];
    let used = subject.kind.shape().options();
    of_some_kinds
        .into_iter()
        .filter(|(option, is_set)| *is_set && !used.contains(option))
        // If the kind should be generic, the issuer will be needed: another check says so.
        .filter(|(option, _)| !(*option == "issuer_url" && facts(subject.kind).broken.is_some()))
        .map(|(option, _)| {
            let problem = format!("the kind {} does not use this option", subject.kind.word());
            Finding::new(Code::OptionIgnored, option, problem, Fix::Unset)
        })
        .collect()
}
