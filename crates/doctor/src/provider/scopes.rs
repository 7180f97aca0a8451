//! The scopes that somebody asks for, against those that the provider lists and refuses.

use super::document::Document;
use super::printable::Redaction;
use super::question::{Check, Name, Remedy, Verdict};
use super::redirect_uri::SentBack;

/// Who asks for them, and so what can be done about them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asker {
    /// Kratos: they are an option of the charm.
    Kratos,
    /// An application: they are in its own configuration.
    Application,
}

/// Judges `scopes`. `answers` is what the provider said where they were asked for. `None`
/// if nothing can be said.
pub(super) fn judge<'a>(
    who: Asker,
    scopes: &[String],
    document: Option<&Document>,
    answers: impl IntoIterator<Item = &'a SentBack>,
    redaction: &Redaction,
) -> Option<Check> {
    let check = |verdict, seen: String, to_do: Option<&str>| {
        let remedy = to_do.map(Remedy::instruction);
        Some(Check::new(Name::Scopes, verdict, seen, remedy))
    };
    let is_refused = |one: &&SentBack| one.error.as_deref() == Some("invalid_scope");
    if let Some(sent_back) = answers.into_iter().find(is_refused) {
        let said = redaction.shown(&sent_back.description);
        let seen = format!("the provider refuses them: invalid_scope ({said})");
        let to_do = match who {
            Asker::Kratos => "set scope to what the provider's documentation has",
            Asker::Application => {
                "let the application ask for what the provider's documentation has"
            }
        };
        return check(Verdict::Bad, seen, Some(to_do));
    }
    let Some(listed) = document?.list("scopes_supported") else {
        let seen = "the discovery document does not list any";
        return check(Verdict::Unknown, seen.to_owned(), None);
    };
    let unlisted = scopes.iter().filter(|one| !listed.contains(one));
    let unlisted: Vec<_> = unlisted.map(String::as_str).collect();
    if unlisted.is_empty() {
        let name = match who {
            Asker::Kratos => "Kratos",
            Asker::Application => "the application",
        };
        let seen = format!("the provider lists all that {name} asks for");
        return check(Verdict::Good, seen, None);
    }
    let unlisted = redaction.shown(&unlisted.join(" "));
    let seen =
        format!("the provider does not list {unlisted}, but such lists are often incomplete");
    let to_do = match who {
        Asker::Kratos => "leave them out of scope, unless the provider's documentation has them",
        Asker::Application => {
            "let the application leave them out, unless the provider's documentation has them"
        }
    };
    check(Verdict::Unknown, seen, Some(to_do))
}
