//! What people call the kinds, and what to tell them.

use external_provider::Kind;

use super::facts::facts;
use crate::finding::{Code, Finding, Fix};

/// What to use instead of a kind that only Kratos knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Instead {
    /// A generic provider with this issuer, since it has discovery.
    Issuer(&'static str),
    /// Another kind, after following an instruction.
    Kind(&'static str, &'static str),
    /// Nothing.
    Nothing,
}

/// The kinds in the schema of Kratos' configuration, up to 26.2.0, that the interface has no
/// word for.
const OF_KRATOS_ONLY: [(&str, Instead); 13] = [
    // OAuth without ID tokens.
    ("amazon", Instead::Nothing),
    ("fedcm-test", Instead::Nothing),
    // A GitHub App grants no scopes, and the kind `github` wants those that it asks for.
    (
        "github-app",
        Instead::Kind("register an OAuth app instead of the GitHub App", "github"),
    ),
    ("jackson", Instead::Nothing),
    ("lark", Instead::Nothing),
    // LINE has discovery, but signs with HS256, which Kratos does not accept, unless it is asked for
    // another algorithm. `ProviderLineV21` does that, but generic does not.
    ("line", Instead::Nothing),
    (
        "linkedin",
        Instead::Issuer("https://www.linkedin.com/oauth"),
    ),
    (
        "linkedin_v2",
        Instead::Issuer("https://www.linkedin.com/oauth"),
    ),
    ("patreon", Instead::Nothing),
    (
        "salesforce",
        Instead::Issuer("https://<domain>.my.salesforce.com"),
    ),
    ("twitter", Instead::Nothing),
    ("uaepass", Instead::Nothing),
    // OAuth 1.0a.
    ("x", Instead::Nothing),
];

/// What to use instead of the kind that Kratos knows by `word` and the interface does not.
#[must_use]
fn of_kratos_only(word: &str) -> Option<Instead> {
    let mut known = OF_KRATOS_ONLY.iter();
    known
        .find(|(known, _)| *known == word)
        .map(|(_, instead)| *instead)
}

/// The kind that somebody means by `word`, although it is not its name.
fn from_misnomer(word: &str) -> Option<Kind> {
    let letters = word.chars().filter(char::is_ascii_alphabetic);
    let word = letters.collect::<String>().to_ascii_lowercase();
    let mut kinds = Kind::ALL.iter().copied();
    kinds.find(|kind| facts(*kind).misnomers.contains(&word.as_str()))
}

/// What to use instead of `kind`, which does not work: `generic`, if the provider has an issuer.
#[must_use]
pub fn instead_of(kind: Kind) -> Fix {
    match facts(kind).issuer {
        Some(issuer) => Fix::as_generic(issuer),
        None => Fix::another_provider(),
    }
}

/// The finding for a word that is not the name of a kind.
#[must_use]
pub fn unknown_kind(word: &str) -> Finding {
    let word = word.trim().to_lowercase();
    let (code, problem, kind) = if let Some(kind) = Kind::from_word(&word) {
        let problem = "write the kind in lower case, without spaces";
        (Code::KindMisspelt, problem, kind)
    } else if let Some(kind) = from_misnomer(&word) {
        let problem = "Kratos has another name for this kind";
        (Code::KindMisspelt, problem, kind)
    } else if let Some(instead) = of_kratos_only(&word) {
        let problem = "Kratos supports this kind, but the interface of its charm does not";
        let fix = match instead {
            Instead::Issuer(issuer) => Fix::as_generic(issuer),
            Instead::Kind(first, kind) => Fix::DoThenSet(first.into(), kind.into()),
            Instead::Nothing => Fix::another_provider(),
        };
        return Finding::new(Code::KindNotInInterface, "provider", problem, fix);
    } else {
        let problem = "not a kind of provider that the interface supports";
        (Code::KindUnknown, problem, Kind::Generic)
    };
    Finding::new(code, "provider", problem, Fix::set(kind.word()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_word_stands_for_is_told_once() {
        for (word, _) in OF_KRATOS_ONLY {
            assert_eq!(Kind::from_word(word), None, "{word}");
            assert_eq!(from_misnomer(word), None, "{word}");
        }
        let misnomers = Kind::ALL.iter().flat_map(|kind| facts(*kind).misnomers);
        let mut misnomers: Vec<_> = misnomers.collect();
        let all = misnomers.len();
        misnomers.sort_unstable();
        misnomers.dedup();
        assert_eq!(misnomers.len(), all);
        for misnomer in misnomers {
            let is_sought = misnomer.bytes().all(|byte| byte.is_ascii_lowercase());
            assert!(
                is_sought && Kind::from_word(misnomer).is_none(),
                "{misnomer}"
            );
        }
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table")]
    fn a_wrong_word_is_never_repeated_but_its_kind_is_guessed() {
        struct Case {
            name: &'static str,
            word: &'static str,
            code: Code,
            to: &'static str,
        }

        use Code::{KindMisspelt, KindNotInInterface, KindUnknown};
        const GENERIC: &str = "run juju config idp provider=generic";
        const ANOTHER: &str = "use another provider";
        for Case {
            name,
            word,
            code,
            to,
        } in [
            Case {
                name: "case",
                word: "GitHub",
                code: KindMisspelt,
                to: "run juju config idp provider=github",
            },
            Case {
                name: "spaces",
                word: " google ",
                code: KindMisspelt,
                to: "run juju config idp provider=google",
            },
            Case {
                name: "what Entra ID was called",
                word: "AzureAD",
                code: KindMisspelt,
                to: "run juju config idp provider=microsoft",
            },
            Case {
                name: "a product",
                word: "Okta",
                code: KindMisspelt,
                to: GENERIC,
            },
            Case {
                name: "a product's whole name",
                word: "Red Hat SSO",
                code: KindMisspelt,
                to: GENERIC,
            },
            Case {
                name: "the protocol",
                word: "openid-connect",
                code: KindMisspelt,
                to: GENERIC,
            },
            Case {
                name: "unknown",
                word: "hunter2",
                code: KindUnknown,
                to: GENERIC,
            },
            Case {
                name: "nearly the protocol",
                word: "oidcx",
                code: KindUnknown,
                to: GENERIC,
            },
            Case {
                name: "LinkedIn",
                word: "linkedin_v2",
                code: KindNotInInterface,
                to: "run juju config idp provider=generic issuer_url=https://www.linkedin.com/oauth",
            },
            Case {
                name: "Salesforce",
                word: "salesforce",
                code: KindNotInInterface,
                to: "run juju config idp provider=generic \
                 issuer_url='https://<domain>.my.salesforce.com'",
            },
            Case {
                name: "a GitHub App",
                word: "github-app",
                code: KindNotInInterface,
                to: "register an OAuth app instead of the GitHub App, then run juju config idp \
                 provider=github",
            },
            Case {
                name: "LINE",
                word: "line",
                code: KindNotInInterface,
                to: ANOTHER,
            },
            Case {
                name: "X",
                word: "X",
                code: KindNotInInterface,
                to: ANOTHER,
            },
            Case {
                name: "Amazon",
                word: "amazon",
                code: KindNotInInterface,
                to: ANOTHER,
            },
            Case {
                name: "Patreon",
                word: "patreon",
                code: KindNotInInterface,
                to: ANOTHER,
            },
            Case {
                name: "UAE Pass",
                word: "uaepass",
                code: KindNotInInterface,
                to: ANOTHER,
            },
            Case {
                name: "Lark",
                word: "lark",
                code: KindNotInInterface,
                to: ANOTHER,
            },
            Case {
                name: "Jackson",
                word: "jackson",
                code: KindNotInInterface,
                to: ANOTHER,
            },
            Case {
                name: "a test's",
                word: "fedcm-test",
                code: KindNotInInterface,
                to: ANOTHER,
            },
        ] {
            let finding = unknown_kind(word);
            assert_eq!(finding.code, code, "{name}");
            assert_eq!(finding.what_to_do("idp"), to, "{name}");
            assert!(!format!("{finding:?}").contains("hunter2"), "{name}");
        }
    }
}
