//! Scopes that the provider lacks or refuses.

use super::Subject;
use crate::finding::{Finding, Fix, Severity};
use crate::provider::{ScopeFacts, scopes};

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let configured = subject.settings.scope.as_deref();
    if configured.is_some_and(|scope| scope.contains(',')) {
        return vec![Finding::warning(
            "scope",
            "scopes have spaces between them, and no commas",
            Fix::set("\"<scope> <scope>\""),
        )];
    }
    let ScopeFacts {
        needs_openid,
        refused,
        severity,
        suggestion,
    } = subject.kind.scope_facts();
    let asks_for = |scope: &str| scopes(subject.kind, configured).any(|one| one == scope);
    let whose = if configured.is_none() {
        "the default scope"
    } else {
        "it"
    };
    let kind = subject.kind.word();
    let (severity, problem, scope) = if needs_openid && !asks_for("openid") {
        let problem = format!("{whose} lacks openid, which {kind} needs");
        let scope = configured.map(|_| "openid <the other scopes>".to_owned());
        (Severity::Warning, problem, scope)
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
        let doubt = if severity == Severity::Note {
            "may not know"
        } else {
            "refuses"
        };
        let others = scopes(subject.kind, configured).any(|one| !refused.contains(&one));
        let refused = refused.join(" ");
        let scope = configured
            .filter(|_| others)
            .map(|_| format!("<the same without {refused}>"));
        let problem = format!("{whose} asks for {refused}, which {kind} {doubt}");
        (severity, problem, scope)
    };
    let scope = scope.unwrap_or_else(|| suggestion.to_owned());
    let fix = Fix::set(format!("\"{scope}\""));
    vec![Finding::new(severity, "scope", problem, fix)]
}
