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

#[cfg(test)]
mod tests {
    use super::*;

    fn document(json: &str) -> Document {
        serde_json::from_str(json).unwrap()
    }

    fn redaction() -> Redaction {
        Redaction::new("c", [])
    }

    const ACCEPTED: Methods = Methods {
        accepted: Some(Method::Basic),
        refused: None,
    };

    const UNHEARD: Methods = Methods {
        accepted: None,
        refused: None,
    };

    #[test]
    fn grant_types_go_by_the_document() {
        struct Case {
            name: &'static str,
            document: &'static str,
            asked: &'static [&'static str],
            methods: Methods,
            verdict: Verdict,
            seen: &'static str,
        }

        let code = r#"{"grant_types_supported":["authorization_code"]}"#;
        for Case {
            name,
            document: text,
            asked,
            methods,
            verdict,
            seen,
        } in [
            Case {
                name: "listed",
                document: code,
                asked: &["authorization_code"],
                methods: UNHEARD,
                verdict: Verdict::Good,
                seen: "the provider lists all that the application asks for",
            },
            Case {
                name: "the default",
                document: "{}",
                asked: &["authorization_code"],
                methods: UNHEARD,
                verdict: Verdict::Good,
                seen: "every provider can do authorization_code unless it lists others",
            },
            Case {
                name: "more than the default",
                document: "{}",
                asked: &["authorization_code", "refresh_token"],
                methods: ACCEPTED,
                verdict: Verdict::Unknown,
                seen: "the discovery document does not list any, so refresh_token may work or not",
            },
            Case {
                name: "more than is listed",
                document: code,
                asked: &["authorization_code", "refresh_token", "client_credentials"],
                methods: ACCEPTED,
                verdict: Verdict::Unknown,
                seen: "the provider does not list refresh_token client_credentials, but such lists are \
                       often incomplete",
            },
            Case {
                name: "no code",
                document: r#"{"grant_types_supported":["implicit"]}"#,
                asked: &["authorization_code"],
                methods: UNHEARD,
                verdict: Verdict::Bad,
                seen: "the provider does not list authorization_code, and nobody logs in without a \
                       code",
            },
            Case {
                name: "a code all the same",
                document: r#"{"grant_types_supported":["implicit"]}"#,
                asked: &["authorization_code"],
                methods: ACCEPTED,
                verdict: Verdict::Unknown,
                seen: "the provider does not list authorization_code, but such lists are often \
                       incomplete",
            },
            Case {
                name: "a list that is none",
                document: r#"{"grant_types_supported":"authorization_code"}"#,
                asked: &["client_credentials"],
                methods: ACCEPTED,
                verdict: Verdict::Unknown,
                seen: "the discovery document does not list any, so client_credentials may work or not",
            },
            Case {
                name: "hostile words",
                document: code,
                asked: &["\u{1b}[2J\u{202e}x"],
                methods: ACCEPTED,
                verdict: Verdict::Unknown,
                seen: "the provider does not list \u{fffd}[2J\u{fffd}x, but such lists are often \
                       incomplete",
            },
        ] {
            let application = Application {
                grant_types: asked.iter().map(|&one| one.to_owned()).collect(),
                ..Application::default()
            };
            let check = grant_types(&application, &document(text), &methods, &redaction());
            assert_eq!((check.verdict, &*check.seen), (verdict, seen), "{name}");
            let is_good = verdict == Verdict::Good;
            assert_eq!(check.remedy.is_none(), is_good, "{name}");
        }
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table")]
    fn auth_methods_go_by_what_was_tried_then_by_the_document() {
        struct Case {
            name: &'static str,
            document: Option<&'static str>,
            asked: &'static str,
            methods: Methods,
            /// The verdict, and what was seen.
            said: Option<(Verdict, &'static str)>,
        }

        let basic = Some(r#"{"token_endpoint_auth_methods_supported":["client_secret_basic"]}"#);
        let other = Some(r#"{"token_endpoint_auth_methods_supported":["private_key_jwt"]}"#);
        let by_body = || Methods {
            accepted: Some(Method::Body),
            refused: Some(Method::Basic),
        };
        for Case {
            name,
            document: text,
            asked,
            methods,
            said,
        } in [
            Case {
                name: "tried",
                document: None,
                asked: "client_secret_basic",
                methods: ACCEPTED,
                said: Some((
                    Verdict::Good,
                    "the provider accepts the client with client_secret_basic",
                )),
            },
            Case {
                name: "tried in vain, whatever is listed",
                document: basic,
                asked: "client_secret_basic",
                methods: by_body(),
                said: Some((
                    Verdict::Bad,
                    "the provider refuses the client with client_secret_basic, but not with \
                     client_secret_post",
                )),
            },
            Case {
                name: "listed",
                document: basic,
                asked: "client_secret_basic",
                methods: UNHEARD,
                said: Some((Verdict::Good, "the provider lists client_secret_basic")),
            },
            Case {
                name: "not listed, not tried",
                document: basic,
                asked: "client_secret_post",
                methods: ACCEPTED,
                said: Some((
                    Verdict::Unknown,
                    "the provider does not list client_secret_post, but such lists are often \
                     incomplete",
                )),
            },
            Case {
                name: "no secret at all",
                document: other,
                asked: "client_secret_post",
                methods: UNHEARD,
                said: Some((
                    Verdict::Bad,
                    "the provider lists neither client_secret_basic nor client_secret_post",
                )),
            },
            Case {
                name: "a secret all the same",
                document: other,
                asked: "client_secret_post",
                methods: ACCEPTED,
                said: Some((
                    Verdict::Unknown,
                    "the provider does not list client_secret_post, but such lists are often \
                     incomplete",
                )),
            },
            Case {
                name: "the default",
                document: Some("{}"),
                asked: "client_secret_basic",
                methods: UNHEARD,
                said: Some((
                    Verdict::Good,
                    "the discovery document does not list any, which means client_secret_basic",
                )),
            },
            Case {
                name: "not the default",
                document: Some("{}"),
                asked: "client_secret_post",
                methods: ACCEPTED,
                said: Some((
                    Verdict::Unknown,
                    "the discovery document does not list any, so client_secret_post may work or not",
                )),
            },
            Case {
                name: "no document",
                document: None,
                asked: "client_secret_post",
                methods: ACCEPTED,
                said: None,
            },
        ] {
            let application = Application {
                auth_method: asked.to_owned(),
                ..Application::default()
            };
            let document = text.map(document);
            let check = auth_method(&application, document.as_ref(), &methods, &redaction());
            let found = check.as_ref().map(|check| (check.verdict, &*check.seen));
            assert_eq!(found, said, "{name}");
            let is_good = |check: Check| check.remedy.is_none() == (check.verdict == Verdict::Good);
            assert!(check.is_none_or(is_good), "{name}");
        }
    }
}
