//! Scopes that are missing, or that the provider refuses.

use external_provider::Kind;

use super::subject::Subject;
use crate::finding::{Code, Finding, Fix};
use crate::kinds::{ScopeFacts, facts};

/// Scopes that are safe to print: nobody has one of these as a secret.
const KNOWN: [&str; 21] = [
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
    "read_user",
    "guilds",
    "user-read-email",
    "user-read-private",
    "read:org",
];

/// Scopes that are not separated by spaces. A scope may contain such signs, so it is certain only
/// if a part between them is a known scope.
fn joined(kind: Kind, configured: &str) -> Option<Finding> {
    let parted = |text: &str| text.replace("%20", " ").replace([',', ';', '+'], " ");
    let spaced = parted(configured);
    if spaced == configured {
        return None;
    }
    let scopes: Vec<_> = spaced.split_whitespace().collect();
    let is_known = |scope: &&str| KNOWN.contains(scope);
    // Scopes that stand by themselves prove nothing.
    let mut joined_words = configured
        .split_whitespace()
        .filter(|word| parted(word) != **word);
    let is_certain = joined_words.any(|word| parted(word).split(' ').any(|one| is_known(&one)));
    let takes_commas =
        matches!(kind, Kind::Facebook | Kind::Vk) && !configured.contains([';', '+']);
    let code = if is_certain && !takes_commas {
        Code::ScopesJoined
    } else {
        Code::ScopesJoinedMaybe
    };
    let fix = shown(scopes.into_iter()).unwrap_or("<scope> <scope>".to_owned());
    let problem = "separate scopes with spaces only";
    Some(Finding::new(code, "scope", problem, Fix::set(fix)))
}

/// Scopes as a fix may show them, if all are known.
fn shown<'a>(scopes: impl Iterator<Item = &'a str>) -> Option<String> {
    let scopes: Vec<_> = scopes.collect();
    let are_known = scopes.iter().all(|scope| KNOWN.contains(scope));
    are_known.then(|| scopes.join(" "))
}

/// The configured scopes and one more, if they can be shown, or else `suggestion`.
pub(super) fn with(configured: Option<&str>, more: &str, suggestion: &str) -> String {
    let scopes = configured.map(|scope| scope.split_whitespace().chain([more]));
    scopes
        .and_then(shown)
        .unwrap_or_else(|| suggestion.to_owned())
}

/// The configured scopes without one, if they can be shown and any is left, or else `suggestion`.
pub(super) fn without(configured: Option<&str>, gone: &str, suggestion: &str) -> String {
    let scopes = configured.map(|scope| scope.split_whitespace().filter(|one| *one != gone));
    scopes
        .and_then(shown)
        .filter(|left| !left.is_empty())
        .unwrap_or_else(|| suggestion.to_owned())
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
            "only white space: Kratos asks for the default scope",
            Fix::Unset,
        )];
    }
    let ScopeFacts {
        needs_openid,
        refused,
        is_certain,
        suggestion,
    } = facts(subject.kind).scope;
    let whose = if configured.is_none() {
        "the default scope"
    } else {
        "the scope"
    };
    let kind = subject.kind.word();
    let (code, problem, scope) = if needs_openid && !subject.asks_for("openid") {
        let problem = format!("{whose} lacks openid, which {kind} needs");
        let scope = configured.map(|others| {
            let scope = format!("openid {others}");
            shown(scope.split_whitespace()).unwrap_or("openid <the other scopes>".to_owned())
        });
        (Code::ScopeLacksOpenid, problem, scope)
    } else {
        // These come from the kind's own list, not from what is configured, so they can be shown.
        let refused: Vec<_> = refused
            .iter()
            .copied()
            .filter(|one| subject.asks_for(one))
            .collect();
        if refused.is_empty() {
            return Vec::new();
        }
        let (code, verb) = if is_certain {
            (Code::ScopeRefused, "refuses")
        } else {
            (Code::ScopeUnknown, "may not know")
        };
        let others = subject
            .settings
            .scopes(subject.kind)
            .any(|one| !refused.contains(&one));
        let named = refused.join(" ");
        let scope = configured.filter(|_| others).map(|scope| {
            let left = scope
                .split_whitespace()
                .filter(|one| !refused.contains(one));
            shown(left).unwrap_or(format!("<the same without {named}>"))
        });
        let problem = format!("{whose} includes {named}, which {kind} {verb}");
        (code, problem, scope)
    };
    let scope = scope.unwrap_or_else(|| suggestion.to_owned());
    vec![Finding::new(code, "scope", problem, Fix::set(scope))]
}

#[cfg(test)]
mod tests {
    use crate::checks::tests::about;

    #[test]
    fn a_fix_keeps_the_scopes_that_it_can_show() {
        struct Case {
            name: &'static str,
            kind: &'static str,
            scope: &'static str,
            to: &'static str,
        }

        for Case {
            name,
            kind,
            scope,
            to,
        } in [
            Case {
                name: "joined",
                kind: "google",
                scope: "openid,email",
                to: "'openid email'",
            },
            Case {
                name: "joined as in a URL",
                kind: "google",
                scope: "openid+email%20profile",
                to: "'openid email profile'",
            },
            Case {
                name: "joined, one not known",
                kind: "generic",
                scope: "openid,hunter2",
                to: "'<scope> <scope>'",
            },
            Case {
                name: "no openid",
                kind: "auth0",
                scope: "email",
                to: "'openid email'",
            },
            Case {
                name: "no openid, one not known",
                kind: "auth0",
                scope: "email hunter2",
                to: "'openid <the other scopes>'",
            },
            Case {
                name: "refused",
                kind: "apple",
                scope: "name email profile",
                to: "'name email'",
            },
            Case {
                name: "refused, one not known",
                kind: "discord",
                scope: "identify hunter2 email profile",
                to: "'<the same without profile>'",
            },
            Case {
                name: "no email",
                kind: "discord",
                scope: "identify guilds",
                to: "'identify guilds email'",
            },
            Case {
                name: "no email, one not known",
                kind: "google",
                scope: "openid hunter2",
                to: "'openid profile email'",
            },
            Case {
                name: "phone",
                kind: "generic",
                scope: "openid email groups phone",
                to: "'openid email groups'",
            },
        ] {
            let found = about("scope", &[("provider", kind), ("scope", scope)]);
            let (_, told) = found.unwrap();
            assert_eq!(told, format!("run juju config idp scope={to}"), "{name}");
        }
    }
}
