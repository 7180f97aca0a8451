//! Which redirect URI is whose: the provider half's reading of the answer.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::databag::Registered;

/// The path of a redirect URI up to the provider's id, as Kratos makes it
/// (`StrategyMethod callback` of its `selfservice/strategy/oidc`).
const CALLBACK: &str = "/self-service/methods/oidc/callback/";

/// The redirect URI of one provider on one relation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedirectUri<'a> {
    /// The provider that it is for, by the id that is published.
    pub provider_id: Cow<'a, str>,
    /// What to register at the identity provider.
    pub uri: Cow<'a, str>,
    /// Where it comes from.
    pub origin: Origin<'a>,
}

/// How sure a redirect URI is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin<'a> {
    /// The requirer answered it for this provider.
    Answered,
    /// The requirer's only answer, for the only provider, but under another id:
    /// perhaps for an earlier configuration.
    AnsweredFor {
        /// The id in the answer.
        provider_id: Cow<'a, str>,
    },
    /// The requirer answered for another provider. Charmed Kratos answers for the
    /// last one of a relation only, and its URIs differ in nothing but the id.
    Derived,
}

/// Finds the redirect URI of each provider in `ids`, in their order, among what
/// the requirer of one relation answered. Providers without one are left out.
#[must_use]
pub fn redirect_uris<'a>(
    ids: Vec<Cow<'a, str>>,
    registered: &[Registered<'a>],
) -> Vec<RedirectUri<'a>> {
    let base = registered.iter().find_map(callback_base);
    let is_only = ids.len() == 1 && registered.len() == 1;
    // The first of several answers for one id wins, as it does with Kratos.
    let mut answers: BTreeMap<_, _> = registered
        .iter()
        .rev()
        .map(|answer| (answer.provider_id.clone(), answer.redirect_uri.clone()))
        .collect();
    ids.into_iter()
        .filter_map(|id| {
            let (uri, origin) = if let Some(uri) = answers.get(&*id) {
                (uri.clone(), Origin::Answered)
            } else if is_only {
                // The Python charm takes the first answer whatever its id.
                let (provider_id, uri) = answers.pop_first()?;
                (uri, Origin::AnsweredFor { provider_id })
            } else {
                (format!("{}{id}", base?).into(), Origin::Derived)
            };
            Some(RedirectUri {
                provider_id: id,
                uri,
                origin,
            })
        })
        .collect()
}

/// The redirect URI that Kratos makes for the provider called `id`, if users reach it
/// under `public_url`.
#[must_use]
pub fn of_kratos(public_url: &str, id: &str) -> String {
    format!("{}{CALLBACK}{id}", public_url.trim_end_matches('/'))
}

/// The redirect URI that the requirer will make for the provider called `id`, going by
/// its answer for another one.
#[must_use]
pub fn derived(registered: &[Registered<'_>], id: &str) -> Option<String> {
    registered
        .iter()
        .find_map(callback_base)
        .map(|base| format!("{base}{id}"))
}

/// What the requirer answered, as it is: for when it is not known what is
/// published.
#[must_use]
pub fn as_answered<'a>(registered: &[Registered<'a>]) -> Vec<RedirectUri<'a>> {
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

/// A redirect URI less the id that it ends in.
fn callback_base<'a>(answer: &'a Registered<'_>) -> Option<&'a str> {
    let base = answer.redirect_uri.strip_suffix(&*answer.provider_id)?;
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
            redirect_uri: redirect_uri.into(),
        };
        let found = |id: &'static str, uri: String, origin| RedirectUri {
            provider_id: id.into(),
            uri: uri.into(),
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
                "another requirer's URIs are not guessed from",
                vec!["a", "b"],
                vec![answer("b", elsewhere())],
                vec![found("b", elsewhere(), Origin::Answered)],
            ),
            (
                "an id that only looks like the end",
                vec!["a", "b"],
                vec![answer("b", uri("xb"))],
                vec![found("b", uri("xb"), Origin::Answered)],
            ),
            (
                "nothing is published",
                vec![],
                vec![answer("a", uri("a"))],
                vec![],
            ),
        ] {
            let ids = ids.into_iter().map(Cow::from).collect();
            assert_eq!(redirect_uris(ids, &registered), expected, "{name}");
        }
    }
}
