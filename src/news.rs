//! What the log says where a status is news.

use crate::applications::Requests;
use crate::finding::Finding;
use crate::registration::Registration;

/// What is wrong, which is what `says` says, and how to fix it.
pub(crate) fn to_fix(says: &str, application: &str, findings: &[&Finding]) -> String {
    let lines = one_for_each(findings.iter(), |one| one.advice(application));
    format!("{says}:\n{lines}")
}

/// The redirect URIs to register.
pub(crate) fn to_register(registrations: &[Registration<'_>], requests: &Requests<'_>) -> String {
    let redirects = registrations.iter().flat_map(|registration| {
        let requirer = &registration.relation.requirer;
        let redirects = registration.redirect_uris.iter();
        redirects.map(move |redirect| {
            format!(
                "{requirer} registered {} under redirect URI {}",
                redirect.provider_id, redirect.uri
            )
        })
    });
    let asked = requests.redirect_uris();
    let asked =
        asked.map(|(relation, uri)| format!("{} asks for redirect URI {uri}", relation.requirer));
    one_for_each(redirects.chain(asked), |line| line)
}

/// How many lines of news are worth a reader's while.
const NEWS_LINES: usize = 50;

/// A line about each of `items`, as far as they are worth it, and how many more there are.
fn one_for_each<T>(mut items: impl Iterator<Item = T>, line: impl Fn(T) -> String) -> String {
    let mut lines: Vec<_> = items.by_ref().take(NEWS_LINES).map(line).collect();
    let more = items.count();
    if more > 0 {
        lines.push(format!("… and {more} more"));
    }
    lines.join("\n")
}
