//! Options that are set, but not used by this kind of provider.

use external_provider::{Settings, Shape};

use super::subject::Subject;
use crate::finding::{Code, Finding, Fix};
use crate::kinds::facts;

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let used = subject.kind.shape().options();
    let options = Settings::OPTIONS.iter().copied();
    options
        // Every kind uses the others.
        .filter(|option| Shape::any_needs(option))
        .filter(|option| subject.settings.get(option).is_some() && !used.contains(option))
        // If the kind should be generic, the issuer will be needed: another check says so.
        .filter(|option| !(*option == "issuer_url" && facts(subject.kind).broken.is_some()))
        .map(|option| {
            let problem = format!("the kind {} does not use this option", subject.kind.word());
            Finding::new(Code::OptionIgnored, option, problem, Fix::Unset)
        })
        .collect()
}
