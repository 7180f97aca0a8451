//! What the answers mean for an application that logs its users in at the provider, as the same
//! client as Kratos.
//!
//! What a document does not list may work all the same: dex took secrets in the body for years
//! before it said so (dexidp/dex, pull request 1951), and Casdoor takes refresh tokens without a
//! word (casdoor/casdoor, issue 4676). So a list without a word is not yet bad.

use super::credentials::{Method, Methods};
use super::document::Document;
use super::printable::Redaction;
use super::question::{Application, Check, Name, Remedy, Verdict};

/// The way to a token that begins with a login (RFC 6749, 4.1).
const CODE: &str = "authorization_code";

impl Application {
    /// Whether users log in with a code, and so are sent back. One that does not may have a redirect
    /// URI that it no longer uses: requirers do not remove what they once wrote.
    pub(super) fn sends_users(&self) -> bool {
        self.grant_types.is_empty() || self.grant_types.iter().any(|one| one == CODE)
    }
}

/// Judges the grant types (RFC 8414, section 2: `grant_types_supported`).
pub(super) fn grant_types(
    application: &Application,
    document: &Document,
    methods: &Methods,
    redaction: &Redaction,
) -> Check {
    let check = |verdict, seen: String, to_do: Option<&str>| {
        let remedy = to_do.map(Remedy::instruction);
        Check::new(Name::GrantTypes, verdict, seen, remedy)
    };
    let to_do =
        "look them up in the provider's documentation, or let the application leave them out";
    let listed = document.list("grant_types_supported");
    let is_listed = |one: &&str| match &listed {
        Some(listed) => listed.iter().any(|listed| listed == one),
        // The default has it. Apple and Entra ID list none and can do more.
        None => *one == CODE,
    };
    let asked = application.grant_types.iter().map(String::as_str);
    let unlisted: Vec<_> = asked.filter(|one| !is_listed(one)).collect();
    if unlisted.is_empty() {
        let seen = match listed {
            Some(_) => "the provider lists all that the application asks for",
            None => "every provider can do authorization_code unless it lists others",
        };
        return check(Verdict::Good, seen.to_owned(), None);
    }
    let shown = redaction.shown(&unlisted.join(" "));
    if listed.is_none() {
        let seen = format!("the discovery document does not list any, so {shown} may work or not");
        return check(Verdict::Unknown, seen, Some(to_do));
    }
    // Where the token endpoint complains of nothing but the code, it knows what to do with one.
    if unlisted.contains(&CODE) && methods.accepted.is_none() {
        let seen = format!("the provider does not list {shown}, and nobody logs in without a code");
        let to_do = "have the authorization code flow turned on at the provider";
        return check(Verdict::Bad, seen, Some(to_do));
    }
    let seen = format!("the provider does not list {shown}, but such lists are often incomplete");
    check(Verdict::Unknown, seen, Some(to_do))
}

/// Judges how the application shows its secret (RFC 8414, section 2:
/// `token_endpoint_auth_methods_supported`). `methods` is what became of the client in each way:
/// that says more than a list. `None` if nothing can be said.
pub(super) fn auth_method(
    application: &Application,
    document: Option<&Document>,
    methods: &Methods,
    redaction: &Redaction,
) -> Option<Check> {
    let check = |verdict, seen: String, to_do: Option<String>| {
        let remedy = to_do.map(Remedy::instruction);
        Some(Check::new(Name::AuthMethod, verdict, seen, remedy))
    };
    let asked = application.auth_method.as_str();
    let is_asked = |method: Option<Method>| method.is_some_and(|one| one.word() == asked);
    let shown = redaction.shown(asked);
    if is_asked(methods.accepted) {
        let seen = format!("the provider accepts the client with {shown}");
        return check(Verdict::Good, seen, None);
    }
    if let Some(accepted) = methods.accepted.filter(|_| is_asked(methods.refused)) {
        let accepted = accepted.word();
        let seen = format!("the provider refuses the client with {shown}, but not with {accepted}");
        let to_do = format!(
            "allow the client {shown} at the provider, or let the application use {accepted}"
        );
        return check(Verdict::Bad, seen, Some(to_do));
    }
    let Some(listed) = document?.list("token_endpoint_auth_methods_supported") else {
        if asked == Method::Basic.word() {
            let seen = format!("the discovery document does not list any, which means {shown}");
            return check(Verdict::Good, seen, None);
        }
        let seen = format!("the discovery document does not list any, so {shown} may work or not");
        let to_do = format!("look {shown} up in the provider's documentation");
        return check(Verdict::Unknown, seen, Some(to_do));
    };
    let is_listed = |word: &str| listed.iter().any(|one| one == word);
    if is_listed(asked) {
        let seen = format!("the provider lists {shown}");
        return check(Verdict::Good, seen, None);
    }
    let secret = [Method::Basic, Method::Body].map(Method::word);
    match secret.into_iter().find(|word| is_listed(word)) {
        // As the check of the document has it for Kratos.
        None if methods.accepted.is_none() => {
            let seen = format!("the provider lists neither {}", secret.join(" nor "));
            let to_do = "have one of them turned on at the provider".to_owned();
            check(Verdict::Bad, seen, Some(to_do))
        }
        other => {
            let seen =
                format!("the provider does not list {shown}, but such lists are often incomplete");
            let other = other.or_else(|| Some(methods.accepted?.word()));
            let to_do = format!(
                "let the application use {}, unless the provider's documentation has {shown}",
                other.unwrap_or("another")
            );
            check(Verdict::Unknown, seen, Some(to_do))
        }
    }
}
