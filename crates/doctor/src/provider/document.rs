//! The discovery document (OpenID Connect Discovery 1.0), as Kratos uses it.

use serde_json::{Map, Value};

use super::network::{Answer, Unreachable};
use super::printable::Redaction;
use super::question::{Check, Comparison, Found, Issuer, Name, Remedy, Verdict};

/// Where the document is, below the issuer.
const WELL_KNOWN: &str = "/.well-known/openid-configuration";

/// The algorithms of ID tokens that Kratos accepts: those of its fork of go-oidc.
pub(super) const ALGORITHMS: [&str; 10] = [
    "RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "EdDSA",
];

/// The longest URL that is taken from a document, in bytes.
const URL_LIMIT: usize = 2000;

/// A document that can be used.
#[derive(Debug)]
pub(super) struct Document(Map<String, Value>);

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
    let bad = |seen: String, to_do: &str| {
        let remedy = Remedy::Do(to_do.to_owned());
        (check(Verdict::Bad, seen, Some(remedy)), None)
    };
    let answer = match answer {
        Ok(answer) => answer,
        Err(why) => return (unanswered(why), None),
    };
    let at = redaction.shown(&url(&issuer.url));
    match answer.status {
        200 => {}
        429 | 500.. => {
            let seen = format!("{at} answered with HTTP {}", answer.status);
            let remedy = Remedy::Do("try again later".to_owned());
            return (check(Verdict::Unknown, seen, Some(remedy)), None);
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
    let Ok(document) = serde_json::from_str::<Map<String, Value>>(&answer.body) else {
        return bad(
            format!("what is at {at} is not a JSON object"),
            "look up the issuer in the provider's documentation",
        );
    };
    let document = Document(document);
    let stated = document.text("issuer");
    let Some(stated) = stated else {
        return bad(
            "the document names no issuer".to_owned(),
            "ask whoever runs the provider",
        );
    };
    let has_slash_only = stated.trim_end_matches('/') == issuer.url.trim_end_matches('/');
    let matches = match issuer.comparison {
        Comparison::Exact => stated == issuer.url,
        Comparison::BarSlash => has_slash_only,
        Comparison::Nothing => true,
    };
    if !matches {
        let seen = format!(
            "the document's issuer is {}, and Kratos compares it with issuer_url byte for byte",
            redaction.shown(stated)
        );
        let remedy = if is_url(stated) {
            Remedy::Set {
                option: "issuer_url".to_owned(),
                to: stated.to_owned(),
            }
        } else {
            Remedy::Do("ask whoever runs the provider for its issuer".to_owned())
        };
        // Another issuer's endpoints get no secret.
        let usable = has_slash_only.then_some(document);
        return (check(Verdict::Bad, seen, Some(remedy)), usable);
    }
    let problems = document.problems(&issuer.url, is_fixed);
    if problems.is_empty() {
        let seen = format!("the document at {at} has all that Kratos needs");
        (check(Verdict::Good, seen, None), Some(document))
    } else {
        let remedy =
            Remedy::Do("ask whoever runs the provider: Kratos cannot use it so".to_owned());
        let seen = format!("in the document, {}", problems.join("; "));
        (check(Verdict::Bad, seen, Some(remedy)), Some(document))
    }
}

fn check(verdict: Verdict, seen: String, remedy: Option<Remedy>) -> Check {
    Check {
        name: Name::Discovery,
        verdict,
        seen,
        remedy,
    }
}

fn unanswered(why: &Unreachable) -> Check {
    let verdict = match why {
        Unreachable::NotAUrl
        | Unreachable::PlainText
        | Unreachable::LinkLocal
        | Unreachable::TooLong
        | Unreachable::TooManyRedirects
        | Unreachable::OtherHost
        | Unreachable::Expired => Verdict::Bad,
        // Kratos may be elsewhere, and trust others.
        _ => Verdict::Unknown,
    };
    let to_do = to_do_about(why);
    check(
        verdict,
        format!("the issuer cannot be asked: {why}"),
        Some(Remedy::Do(to_do.to_owned())),
    )
}

/// What to do about an endpoint that does not answer.
pub(super) fn to_do_about(why: &Unreachable) -> &'static str {
    match why {
        Unreachable::UnknownAuthority => {
            "give the authority's certificate as ca, and to Kratos too"
        }
        Unreachable::NoAddress | Unreachable::NotAUrl => {
            "check the provider's host name, and whether this machine can resolve it"
        }
        Unreachable::Refused | Unreachable::TooSlow | Unreachable::Proxy => {
            "check the host and the port, and whether a firewall or a proxy stands between"
        }
        Unreachable::OtherHost | Unreachable::Expired => "renew the provider's certificate",
        Unreachable::LinkLocal | Unreachable::PlainText => "use the provider's public address",
        Unreachable::TooLong
        | Unreachable::TooManyRedirects
        | Unreachable::NoTls
        | Unreachable::NoAnswer => "check whether the URL is the provider's",
    }
}

impl Document {
    fn text(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.as_str()
    }

    /// The list under `key`, without what is not text; `None` if there is none.
    pub(super) fn list(&self, key: &str) -> Option<Vec<&str>> {
        let list = self.0.get(key)?.as_array()?;
        Some(list.iter().filter_map(Value::as_str).collect())
    }

    /// Whether the list under `key` contains `word`; `absent` if there is no list.
    fn lists(&self, key: &str, word: &str, absent: bool) -> bool {
        self.list(key).map_or(absent, |list| list.contains(&word))
    }

    /// The endpoint under `key`, if it is a URL.
    pub(super) fn endpoint(&self, key: &str) -> Option<&str> {
        self.text(key).filter(|url| is_url(url))
    }

    /// The algorithms of ID tokens that it offers and Kratos accepts. The default is RS256, which
    /// every provider must support.
    pub(super) fn algorithms(&self) -> Vec<&str> {
        let offered = self.list("id_token_signing_alg_values_supported");
        let offered = offered.unwrap_or_else(|| vec!["RS256"]);
        let accepted = offered.into_iter().filter(|one| ALGORITHMS.contains(one));
        accepted.collect()
    }

    /// Whether it offers the one way of PKCE that Kratos uses (RFC 8414, section 2).
    pub(super) fn offers_pkce(&self) -> bool {
        self.lists("code_challenge_methods_supported", "S256", false)
    }

    /// What Kratos cannot use. Whose endpoints Kratos knows by itself needs none.
    fn problems(&self, issuer: &str, is_fixed: bool) -> Vec<String> {
        let mut problems = Vec::new();
        let needed: &[&str] = if is_fixed {
            &["jwks_uri"]
        } else {
            &["authorization_endpoint", "token_endpoint", "jwks_uri"]
        };
        let plain = issuer.starts_with("http://");
        for key in needed {
            match self.text(key) {
                None => problems.push(format!("{key} is missing")),
                Some(url) if !is_url(url) => problems.push(format!("{key} is not a URL")),
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

    /// Its endpoints.
    pub(super) fn found(&self) -> Found {
        let endpoint = |key| self.endpoint(key).map(str::to_owned);
        Found {
            authorization_endpoint: endpoint("authorization_endpoint"),
            token_endpoint: endpoint("token_endpoint"),
            userinfo_endpoint: endpoint("userinfo_endpoint"),
            introspection_endpoint: endpoint("introspection_endpoint"),
            jwks_endpoint: endpoint("jwks_uri"),
        }
    }
}

/// Whether this is a URL of the web that can be shown and typed: characters of RFC 3986 only.
pub(super) fn is_url(text: &str) -> bool {
    let of_a_url =
        |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte);
    let after = |scheme| text.strip_prefix(scheme);
    let rest = after("https://").or_else(|| after("http://"));
    rest.is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
        && text.len() <= URL_LIMIT
        && text.bytes().all(of_a_url)
}
