//! Scopes that the provider lacks or refuses.

use super::Subject;
use crate::finding::{Code, Finding, Fix};
use crate::provider::{Kind, ScopeFacts, scopes};

/// Scopes that are no secret wherever they stand.
const KNOWN: [&str; 16] = [
    "openid",
    "profile",
    "email",
    "address",
    "phone",
    "offline_access",
    "groups",
    "roles",
    "name",
    "user",
    "user:email",
    "read:user",
    "identify",
    "public_profile",
    "identity.basic",
    "identity.email",
];

/// Scopes with something else than spaces between them. A scope may have such signs in it, so
/// that it is certain only where what is between them is known.
fn joined(kind: Kind, configured: &str) -> Option<Finding> {
    let spaced = configured.replace("%20", " ").replace([',', ';', '+'], " ");
    if spaced == configured {
        return None;
    }
    let scopes: Vec<_> = spaced.split_whitespace().collect();
    let is_known = |scope: &&str| KNOWN.contains(scope);
    let takes_commas =
        matches!(kind, Kind::Facebook | Kind::Vk) && !configured.contains([';', '+']);
    let code = if scopes.iter().any(is_known) && !takes_commas {
        Code::ScopesJoined
    } else {
        Code::ScopesJoinedMaybe
    };
    let fix = if scopes.iter().all(is_known) {
        Fix::set(scopes.join(" "))
    } else {
        Fix::set("<scope> <scope>")
    };
    let problem = "scopes have spaces between them, and nothing else";
    Some(Finding::new(code, "scope", problem, fix))
}

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let configured = subject.settings.scope.as_deref();
    if let Some(finding) = configured.and_then(|scope| joined(subject.kind, scope)) {
        return vec![finding];
    }
    if configured.is_some_and(|scope| scope.trim().is_empty()) {
        return vec![Finding::new(
            Code::ScopeBlank,
            "scope",
            "white space only: the default scope is asked for",
            Fix::Unset,
        )];
    }
    let ScopeFacts {
        needs_openid,
        refused,
        is_certain,
        suggestion,
    } = subject.kind.scope_facts();
    let asks_for = |scope: &str| scopes(subject.kind, configured).any(|one| one == scope);
    let whose = if configured.is_none() {
        "the default scope"
    } else {
        "it"
    };
    let kind = subject.kind.word();
    let (code, problem, scope) = if needs_openid && !asks_for("openid") {
        let problem = format!("{whose} lacks openid, which {kind} needs");
        let scope = configured.map(|_| "openid <the other scopes>".to_owned());
        (Code::ScopeLacksOpenid, problem, scope)
    } else {
        // Of the kind's own list, and not of what is configured.
        let refused: Vec<_> = refused
            .iter()
            .copied()
            .filter(|one| asks_for(one))
            .collect();
        if refused.is_empty() {
            return Vec::new();
        }
        let (code, verb) = if is_certain {
            (Code::ScopeRefused, "refuses")
        } else {
            (Code::ScopeUnknown, "may not know")
        };
        let others = scopes(subject.kind, configured).any(|one| !refused.contains(&one));
        let refused = refused.join(" ");
        let scope = configured
            .filter(|_| others)
            .map(|_| format!("<the same without {refused}>"));
        let problem = format!("{whose} asks for {refused}, which {kind} {verb}");
        (code, problem, scope)
    };
    let scope = scope.unwrap_or_else(|| suggestion.to_owned());
    vec![Finding::new(code, "scope", problem, Fix::set(scope))]
}
