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
    fn every_provider_gets_its_own() {
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
        for (name, ids, registered, expected) in [
            ("no answer", vec!["a"], vec![], vec![]),
            (
                "the one answer",
                vec!["a"],
                vec![answer("a", uri("a"))],
                vec![found("a", uri("a"), Origin::Answered)],
            ),
            (
                "the one answer is for another id",
                vec!["a"],
                vec![answer("b", uri("b"))],
                vec![found(
                    "a",
                    uri("b"),
                    Origin::AnsweredFor {
                        provider_id: "b".into(),
                    },
                )],
            ),
            (
                "two answers, one of them ours",
                vec!["a"],
                vec![answer("b", uri("b")), answer("a", uri("a"))],
                vec![found("a", uri("a"), Origin::Answered)],
            ),
            (
                "Kratos answers for the last alone",
                vec!["a", "b"],
                vec![answer("b", uri("b"))],
                vec![
                    found("a", uri("a"), Origin::Derived),
                    found("b", uri("b"), Origin::Answered),
                ],
            ),
            (
                "the first of two answers for one id",
                vec!["a", "a"],
                vec![answer("a", uri("a")), answer("a", elsewhere())],
                vec![
                    found("a", uri("a"), Origin::Answered),
                    found("a", uri("a"), Origin::Answered),
                ],
            ),
            (
                "one URI that ends in no id stands for all",
                vec!["a", "b"],
                vec![answer("b", elsewhere())],
                vec![
                    found("a", elsewhere(), Origin::Derived),
                    found("b", elsewhere(), Origin::Answered),
                ],
            ),
            (
                "different URIs of another form stand for nobody else",
                vec!["a", "b", "c"],
                vec![answer("b", elsewhere()), answer("c", uri("xc"))],
                vec![
                    found("b", elsewhere(), Origin::Answered),
                    found("c", uri("xc"), Origin::Answered),
                ],
            ),
            (
                "what a path does not carry is encoded",
                vec!["a b", "c"],
                vec![answer("c", uri("c"))],
                vec![
                    found("a b", uri("a%20b"), Origin::Derived),
                    found("c", uri("c"), Origin::Answered),
                ],
            ),
            (
                "an id that only looks like the end",
                vec!["a", "b"],
                vec![answer("b", uri("xb")), answer("d", uri("xd"))],
                vec![found("b", uri("xb"), Origin::Answered)],
            ),
            (
                "nothing is published",
                vec![],
                vec![answer("a", uri("a"))],
                vec![],
            ),
        ] {
            let ids = ids.into_iter().map(str::to_owned).collect();
            assert_eq!(redirect_uris(ids, &registered), expected, "{name}");
        }
    }

    #[test]
    fn an_id_is_encoded_as_kratos_does() {
        for (name, id, segment) in [
            ("unreserved", "aZ0-_.~", "aZ0-_.~"),
            (
                "what a path may hold",
                "a:b+c@d=e&f,g;h$i",
                "a:b+c@d=e&f,g;h$i",
            ),
            ("a space", "a b", "a%20b"),
            ("beyond ASCII", "ü", "%C3%BC"),
            ("signs", "'(*!?#%", "%27%28%2A%21%3F%23%25"),
            ("a slash leads elsewhere", "a/b", "a/b"),
        ] {
            assert_eq!(path_segment(id), segment, "{name}");
        }
    }

    #[test]
    fn a_requirer_shows_by_its_answers_that_it_is_not_kratos() {
        let answer = |redirect_uri: &str| Registered {
            provider_id: "a".into(),
            redirect_uri: redirect_uri.into(),
        };
        let keystone = "https://k/keystone/v3/OS-FEDERATION/protocols/openid/redirect_uri";
        for (name, registered, may_be) in [
            ("no answer", vec![], true),
            (
                "Kratos",
                vec![answer("https://k/self-service/methods/oidc/callback/a")],
                true,
            ),
            (
                "PKCE always",
                vec![answer("https://k/self-service/methods/oidc/callback")],
                true,
            ),
            ("Keystone", vec![answer(keystone)], false),
        ] {
            assert_eq!(may_be_of_kratos(&registered), may_be, "{name}");
        }
    }
}
