//! Scopes that the provider lacks or refuses.

use super::Subject;
use crate::finding::{Finding, Fix, Severity};
use crate::provider::{ScopeFacts, joined_scope};

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    let scope = joined_scope(subject.kind, subject.settings.scope.as_deref());
    let ScopeFacts {
        needs_openid,
        refused,
        severity,
        suggestion,
    } = subject.kind.scope_facts();
    let tokens: Vec<_> = scope.split(' ').collect();
    let whose = if subject.settings.scope.is_none() {
        "the default scope"
    } else {
        "it"
    };
    let refused: Vec<_> = refused
        .iter()
        .copied()
        .filter(|one| tokens.contains(one))
        .collect();
    if scope.contains(',') {
        let problem = "scopes have spaces between them, and no commas";
        return vec![Finding::warning(
            "scope",
            problem,
            Fix::set("\"<scope> <scope>\""),
        )];
    }
    let problem = if needs_openid && !tokens.contains(&"openid") {
        format!("{whose} lacks openid, which {} needs", subject.kind.word())
    } else if refused.is_empty() {
        return Vec::new();
    } else {
        let doubt = if severity == Severity::Note {
            "may not know"
        } else {
            "refuses"
        };
        // Of the kind's own list, and not of what is configured.
        format!(
            "{whose} asks for {}, which {} {doubt}",
            refused.join(" "),
            subject.kind.word()
        )
    };
    let severity = if problem.contains("lacks openid") {
        Severity::Warning
    } else {
        severity
    };
    vec![Finding::new(
        severity,
        "scope",
        problem,
        Fix::set(format!("\"{suggestion}\"")),
    )]
}
