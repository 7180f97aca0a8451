//! Scopes that the provider lacks or refuses.

use super::Subject;
use crate::finding::{Code, Finding, Fix};
use crate::provider::{ScopeFacts, scopes};

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let configured = subject.settings.scope.as_deref();
    if configured.is_some_and(|scope| scope.contains(',')) {
        return vec![Finding::new(
            Code::ScopesJoined,
            "scope",
            "scopes have spaces between them, and no commas",
            Fix::set("<scope> <scope>"),
        )];
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
