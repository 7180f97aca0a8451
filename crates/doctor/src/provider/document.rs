//! The discovery document (OpenID Connect Discovery 1.0), as Kratos uses it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::network::Answer;
use super::printable::Redaction;
use super::question::{Check, Comparison, Found, Issuer, Name, Remedy, Verdict};
use super::unreachable::Unreachable;

/// Where the document is, below the issuer.
const WELL_KNOWN: &str = "/.well-known/openid-configuration";

/// The algorithms of ID tokens that Kratos accepts: those of its fork of go-oidc.
const ALGORITHMS: [&str; 10] = [
    "RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "EdDSA",
];

/// The longest URL that is taken from a document, in bytes.
const URL_LIMIT: usize = 2000;

/// The members that Kratos' go-oidc decodes: one of another type spoils the document.
const DECODED: [&str; 6] = [
    "issuer",
    "authorization_endpoint",
    "token_endpoint",
    "jwks_uri",
    "userinfo_endpoint",
    "id_token_signing_alg_values_supported",
];

/// A document that can be used. What is not needed of it is not decoded.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub(super) struct Document(BTreeMap<String, Box<RawValue>>);

/// Where the document of an issuer is: Kratos' go-oidc takes off one slash.
pub(super) fn url(issuer: &str) -> String {
    format!("{}{WELL_KNOWN}", issuer.strip_suffix('/').unwrap_or(issuer))
}

/// Judges what was answered at the document's URL. The second is the document, if the other
/// checks may go by it.
pub(super) fn judge(
    issuer: &Issuer,
    is_fixed: bool,
    answer: Result<&Answer, &Unreachable>,
    redaction: &Redaction,
) -> (Check, Option<Document>) {
    let bad =
        |seen: String, to_do: &str| (check(Verdict::Bad, seen, Remedy::instruction(to_do)), None);
    let answer = match answer {
        Ok(answer) => answer,
        Err(why) => return (unanswered(why), None),
    };
    let at = redaction.shown(&url(&issuer.url));
    match answer.status {
        200 => {}
        429 | 500.. => {
            let seen = format!("{at} answered with HTTP {}", answer.status);
            let remedy = Remedy::instruction("try again later");
            return (check(Verdict::Unknown, seen, remedy), None);
        }
        status => {
            let to_do = match issuer.comparison {
                // Entra ID: 400 for a tenant that does not exist.
                Comparison::Nothing => "check microsoft_tenant_id",
                Comparison::Exact | Comparison::BarSlash => {
                    "look up the issuer in the provider's documentation: its document must be at \
                     <issuer>/.well-known/openid-configuration"
                }
            };
            return bad(
                format!("{at} answered with HTTP {status} instead of a document"),
                to_do,
            );
        }
    }
    let Ok(document) = serde_json::from_str::<Document>(&answer.body) else {
        return bad(
            format!("what is at {at} is not a JSON object"),
            "look up the issuer in the provider's documentation",
        );
    };
    let Some(stated) = document.text("issuer") else {
        return bad(
            "the document names no issuer".to_owned(),
            "ask whoever runs the provider",
        );
    };
    let stated = stated.as_str();
    let has_slash_only = stated.trim_end_matches('/') == issuer.url.trim_end_matches('/');
    let matches = match issuer.comparison {
        Comparison::Exact => stated == issuer.url,
        Comparison::BarSlash => has_slash_only,
        Comparison::Nothing => true,
    };
    if !matches {
        let seen = format!(
            "the document's issuer is {}, and not the one that is configured, byte for byte",
            redaction.shown(stated)
        );
        let remedy = if issuer.is_option && is_url(stated) && !redaction.hides(stated) {
            Remedy::set("issuer_url", stated)
        } else {
            Remedy::instruction("ask whoever runs the provider for its issuer")
        };
        // Another issuer's endpoints get no secret.
        let usable = has_slash_only.then_some(document);
        return (check(Verdict::Bad, seen, remedy), usable);
    }
    let problems = document.problems(&issuer.url, is_fixed);
    if problems.is_empty() {
        let seen = format!("the document at {at} has all that Kratos needs");
        (check(Verdict::Good, seen, None), Some(document))
    } else {
        let to_do = "ask whoever runs the provider: Kratos cannot use it as it is";
        let remedy = Remedy::instruction(to_do);
        let seen = format!("in the document, {}", problems.join("; "));
        (check(Verdict::Bad, seen, remedy), Some(document))
    }
}

fn check(verdict: Verdict, seen: String, remedy: impl Into<Option<Remedy>>) -> Check {
    Check::new(Name::Discovery, verdict, seen, remedy)
}

fn unanswered(why: &Unreachable) -> Check {
    let verdict = match why {
        Unreachable::NotAUrl
        | Unreachable::PlainText
        | Unreachable::LinkLocal
        | Unreachable::TooLong
        | Unreachable::TooManyRedirects(_)
        | Unreachable::OtherHost
        | Unreachable::Expired => Verdict::Bad,
        // Kratos may be elsewhere, and trust others.
        _ => Verdict::Unknown,
    };
    let seen = format!("the issuer cannot be asked: {why}");
    check(verdict, seen, Remedy::instruction(why.what_to_do()))
}

impl Document {
    fn text(&self, key: &str) -> Option<String> {
        serde_json::from_str(self.0.get(key)?.get()).ok()
    }

    /// The list under `key`; `None` if there is none.
    pub(super) fn list(&self, key: &str) -> Option<Vec<String>> {
        serde_json::from_str(self.0.get(key)?.get()).ok()
    }

    /// Whether the list under `key` contains `word`; `absent` if there is no list.
    fn lists(&self, key: &str, word: &str, absent: bool) -> bool {
        let list = self.list(key);
        list.map_or(absent, |list| list.iter().any(|one| one == word))
    }

    /// The endpoint under `key`, if it is a URL.
    pub(super) fn endpoint(&self, key: &str) -> Option<String> {
        self.text(key).filter(|url| is_url(url))
    }

    /// The algorithms of ID tokens that it offers and Kratos accepts. The default is RS256, which
    /// every provider must support.
    pub(super) fn algorithms(&self) -> Vec<&'static str> {
        let offered = self.list("id_token_signing_alg_values_supported");
        let offered = offered.unwrap_or_else(|| vec!["RS256".to_owned()]);
        let is_offered = |one: &&str| offered.iter().any(|offered| offered == one);
        ALGORITHMS.into_iter().filter(is_offered).collect()
    }

    /// Whether Kratos can decode what is under `key`.
    fn is_of_its_type(&self, key: &str) -> bool {
        let is_null = self.0.get(key).is_none_or(|raw| raw.get() == "null");
        let is_list = key.ends_with("_supported");
        is_null
            || if is_list {
                self.list(key).is_some()
            } else {
                self.text(key).is_some()
            }
    }

    /// Whether it offers the one way of PKCE that Kratos uses (RFC 8414, section 2).
    pub(super) fn offers_pkce(&self) -> bool {
        self.lists("code_challenge_methods_supported", "S256", false)
    }

    /// What Kratos cannot use. Whose endpoints Kratos knows by itself needs none.
    fn problems(&self, issuer: &str, is_fixed: bool) -> Vec<String> {
        let wrong = DECODED.iter().filter(|key| !self.is_of_its_type(key));
        let mut problems: Vec<_> = wrong
            .map(|key| format!("{key} is of a wrong type"))
            .collect();
        let needed: &[&str] = if is_fixed {
            &["jwks_uri"]
        } else {
            &["authorization_endpoint", "token_endpoint", "jwks_uri"]
        };
        let plain = issuer.starts_with("http://");
        for key in needed {
            match self.text(key) {
                None if !self.is_of_its_type(key) => {}
                None => problems.push(format!("{key} is missing")),
                Some(url) if !is_url(&url) => problems.push(format!("{key} is not a URL")),
                Some(url) if url.starts_with("http://") && !plain => {
                    problems.push(format!("{key} does not start with https://"));
                }
                Some(_) => {}
            }
        }
        if self.algorithms().is_empty() {
            problems.push(
                "id_token_signing_alg_values_supported contains nothing that Kratos accepts".into(),
            );
        }
        // A provider whose endpoints Kratos knows need not say what else it can: Facebook's document
        // does not.
        if is_fixed {
            return problems;
        }
        for (key, words) in [
            ("response_types_supported", &["code"][..]),
            ("grant_types_supported", &["authorization_code"]),
            (
                "token_endpoint_auth_methods_supported",
                &["client_secret_basic", "client_secret_post"],
            ),
        ] {
            // The defaults have one of them (section 3).
            if !words.iter().any(|word| self.lists(key, word, true)) {
                problems.push(format!("{key} does not contain {}", words.join(" or ")));
            }
        }
        problems
    }

    /// Its endpoints, but those that repeat a secret.
    pub(super) fn found(&self, redaction: &Redaction) -> Found {
        let endpoint = |key| self.endpoint(key).filter(|url| !redaction.hides(url));
        Found {
            authorization_endpoint: endpoint("authorization_endpoint"),
            token_endpoint: endpoint("token_endpoint"),
            userinfo_endpoint: endpoint("userinfo_endpoint"),
            introspection_endpoint: endpoint("introspection_endpoint"),
            jwks_endpoint: endpoint("jwks_uri"),
        }
    }
}

/// Whether this is a URL of the web that can be shown and typed: characters of RFC 3986 only, nobody's
/// name and password, and no fragment, which an endpoint must not have (RFC 6749, 3.1).
pub(super) fn is_url(text: &str) -> bool {
    let of_a_url =
        |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?[]@!$&'()*+,;=%".contains(&byte);
    let after = |scheme| text.strip_prefix(scheme);
    let rest = after("https://").or_else(|| after("http://"));
    let authority = rest.and_then(|rest| rest.split(['/', '?']).next());
    authority.is_some_and(|authority| !authority.is_empty() && !authority.contains('@'))
        && text.len() <= URL_LIMIT
        && text.bytes().all(of_a_url)
}
