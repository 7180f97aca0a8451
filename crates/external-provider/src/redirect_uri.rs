//! Finds out which redirect URI in the answer belongs to which provider.

use std::collections::BTreeMap;

use crate::answer::Registered;
use crate::callback::{CALLBACK, path_segment};

/// The redirect URI of one provider on one relation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedirectUri {
    /// The published id of the provider that it is for.
    pub provider_id: String,
    /// What to register at the identity provider.
    pub uri: String,
    /// Where it comes from.
    pub origin: Origin,
}

/// How sure a redirect URI is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The requirer answered it for this provider.
    Answered,
    /// The requirer's only answer, for the only provider, but under another id:
    /// perhaps for an earlier configuration.
    AnsweredFor {
        /// The id in the answer.
        provider_id: String,
    },
    /// The requirer answered for another provider. Charmed Kratos answers only for the
    /// last one on a relation, and its URIs differ only in the id. Other requirers have
    /// one URI for all.
    Derived,
}

/// The redirect URI of each provider in `ids`, in their order, from the answer of the requirer on one
/// relation. Providers without one are left out.
#[must_use]
pub fn redirect_uris(ids: Vec<String>, registered: &[Registered]) -> Vec<RedirectUri> {
    let is_only = ids.len() == 1 && registered.len() == 1;
    // The first of several answers for one id wins, as in Kratos.
    let mut answers: BTreeMap<_, _> = registered
        .iter()
        .rev()
        .map(|answer| (answer.provider_id.clone(), answer.redirect_uri.clone()))
        .collect();
    ids.into_iter()
        .filter_map(|id| {
            let (uri, origin) = if let Some(uri) = answers.get(&id) {
                (uri.clone(), Origin::Answered)
            } else if is_only {
                // The Python charm uses the first answer, whatever its id.
                let (provider_id, uri) = answers.pop_first()?;
                (uri, Origin::AnsweredFor { provider_id })
            } else {
                (derived(registered, &id)?, Origin::Derived)
            };
            Some(RedirectUri {
                provider_id: id,
                uri,
                origin,
            })
        })
        .collect()
}

/// The redirect URI that the requirer uses, or will use, for the provider called `id`, derived from
/// its answers for others. That is the same URI with this id at its end. If all answers are one URI
/// that does not end in an id, it is that one: Keystone's charm answers like that, and so does a
/// Kratos that always uses PKCE.
#[must_use]
pub fn derived(registered: &[Registered], id: &str) -> Option<String> {
    if let Some(base) = registered.iter().find_map(callback_base) {
        return Some(format!("{base}{}", path_segment(id)));
    }
    let shared = &registered.first()?.redirect_uri;
    registered
        .iter()
        .all(|answer| answer.redirect_uri == *shared)
        .then(|| shared.clone())
}

/// Whether the answers may come from Kratos. Without any, they may.
#[must_use]
pub fn may_be_of_kratos(registered: &[Registered]) -> bool {
    let is_of_kratos =
        |answer: &Registered| answer.redirect_uri.contains(CALLBACK.trim_end_matches('/'));
    registered.is_empty() || registered.iter().any(is_of_kratos)
}

/// The requirer's answers as they are, for a unit that does not know what is published.
#[must_use]
pub fn as_answered(registered: &[Registered]) -> Vec<RedirectUri> {
    registered
        .iter()
        .cloned()
        .map(|answer| RedirectUri {
            provider_id: answer.provider_id,
            uri: answer.redirect_uri,
            origin: Origin::Answered,
        })
        .collect()
}

/// A redirect URI without the id at its end.
fn callback_base(answer: &Registered) -> Option<&str> {
    let id = path_segment(&answer.provider_id);
    let base = answer.redirect_uri.strip_suffix(&*id)?;
    base.ends_with(CALLBACK).then_some(base)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table")]
    fn every_provider_gets_its_own() {
        struct Case {
            name: &'static str,
            ids: Vec<&'static str>,
            registered: Vec<Registered>,
            expected: Vec<RedirectUri>,
        }

        let uri = |id: &str| format!("https://k{CALLBACK}{id}");
        let answer = |id: &'static str, redirect_uri: String| Registered {
            provider_id: id.into(),
            redirect_uri,
        };
        let found = |id: &'static str, uri: String, origin| RedirectUri {
            provider_id: id.into(),
            uri,
            origin,
        };
        let elsewhere = || "https://elsewhere/b".to_owned();
        for Case {
            name,
            ids,
            registered,
            expected,
        } in [
            Case {
                name: "no answer",
                ids: vec!["a"],
                registered: vec![],
                expected: vec![],
            },
            Case {
                name: "the one answer",
                ids: vec!["a"],
                registered: vec![answer("a", uri("a"))],
                expected: vec![found("a", uri("a"), Origin::Answered)],
            },
            Case {
                name: "the one answer is for another id",
                ids: vec!["a"],
                registered: vec![answer("b", uri("b"))],
                expected: vec![found(
                    "a",
                    uri("b"),
                    Origin::AnsweredFor {
                        provider_id: "b".into(),
                    },
                )],
            },
            Case {
                name: "two answers, one of them ours",
                ids: vec!["a"],
                registered: vec![answer("b", uri("b")), answer("a", uri("a"))],
                expected: vec![found("a", uri("a"), Origin::Answered)],
            },
            Case {
                name: "Kratos answers only for the last",
                ids: vec!["a", "b"],
                registered: vec![answer("b", uri("b"))],
                expected: vec![
                    found("a", uri("a"), Origin::Derived),
                    found("b", uri("b"), Origin::Answered),
                ],
            },
            Case {
                name: "the first of two answers for one id",
                ids: vec!["a", "a"],
                registered: vec![answer("a", uri("a")), answer("a", elsewhere())],
                expected: vec![
                    found("a", uri("a"), Origin::Answered),
                    found("a", uri("a"), Origin::Answered),
                ],
            },
            Case {
                name: "one URI that ends in no id stands for all",
                ids: vec!["a", "b"],
                registered: vec![answer("b", elsewhere())],
                expected: vec![
                    found("a", elsewhere(), Origin::Derived),
                    found("b", elsewhere(), Origin::Answered),
                ],
            },
            Case {
                name: "different URIs of another form stand for nobody else",
                ids: vec!["a", "b", "c"],
                registered: vec![answer("b", elsewhere()), answer("c", uri("xc"))],
                expected: vec![
                    found("b", elsewhere(), Origin::Answered),
                    found("c", uri("xc"), Origin::Answered),
                ],
            },
            Case {
                name: "what a path does not carry is encoded",
                ids: vec!["a b", "c"],
                registered: vec![answer("c", uri("c"))],
                expected: vec![
                    found("a b", uri("a%20b"), Origin::Derived),
                    found("c", uri("c"), Origin::Answered),
                ],
            },
            Case {
                name: "an id that only looks like the end",
                ids: vec!["a", "b"],
                registered: vec![answer("b", uri("xb")), answer("d", uri("xd"))],
                expected: vec![found("b", uri("xb"), Origin::Answered)],
            },
            Case {
                name: "nothing is published",
                ids: vec![],
                registered: vec![answer("a", uri("a"))],
                expected: vec![],
            },
        ] {
            let ids = ids.into_iter().map(str::to_owned).collect();
            assert_eq!(redirect_uris(ids, &registered), expected, "{name}");
        }
    }

    #[test]
    fn an_id_is_encoded_as_kratos_does() {
        struct Case {
            name: &'static str,
            id: &'static str,
            segment: &'static str,
        }

        for Case { name, id, segment } in [
            Case {
                name: "unreserved",
                id: "aZ0-_.~",
                segment: "aZ0-_.~",
            },
            Case {
                name: "what a path may hold",
                id: "a:b+c@d=e&f,g;h$i",
                segment: "a:b+c@d=e&f,g;h$i",
            },
            Case {
                name: "a space",
                id: "a b",
                segment: "a%20b",
            },
            Case {
                name: "beyond ASCII",
                id: "ü",
                segment: "%C3%BC",
            },
            Case {
                name: "signs",
                id: "'(*!?#%",
                segment: "%27%28%2A%21%3F%23%25",
            },
            Case {
                name: "a slash leads elsewhere",
                id: "a/b",
                segment: "a/b",
            },
        ] {
            assert_eq!(path_segment(id), segment, "{name}");
        }
    }

    #[test]
    fn a_requirer_shows_by_its_answers_that_it_is_not_kratos() {
        struct Case {
            name: &'static str,
            registered: Vec<Registered>,
            may_be: bool,
        }

        let answer = |redirect_uri: &str| Registered {
            provider_id: "a".into(),
            redirect_uri: redirect_uri.into(),
        };
        let keystone = "https://k/keystone/v3/OS-FEDERATION/protocols/openid/redirect_uri";
        for Case {
            name,
            registered,
            may_be,
        } in [
            Case {
                name: "no answer",
                registered: vec![],
                may_be: true,
            },
            Case {
                name: "Kratos",
                registered: vec![answer("https://k/self-service/methods/oidc/callback/a")],
                may_be: true,
            },
            Case {
                name: "PKCE always",
                registered: vec![answer("https://k/self-service/methods/oidc/callback")],
                may_be: true,
            },
            Case {
                name: "Keystone",
                registered: vec![answer(keystone)],
                may_be: false,
            },
        ] {
            assert_eq!(may_be_of_kratos(&registered), may_be, "{name}");
        }
    }
}
