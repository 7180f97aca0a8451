//! Would the provider send users back to Kratos? It is asked for a login without a user, which it
//! refuses, if it can, at the redirect URI (OpenID Connect Core 1.0, 3.1.2.1: `prompt=none`).

use super::form::{form, value};
use super::network::Answer;
use super::printable::Redaction;
use super::question::{Check, Name, Question, Remedy, Verdict};
use super::unreachable::Unreachable;

/// `S256` of the verifier in appendix B of RFC 7636. No token is asked for, so the verifier is
/// not needed.
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A value that the provider gives back.
const STATE: &str = "kratos-external-idp-integrator-check";

/// Where to ask.
pub(super) fn url(endpoint: &str, question: &Question, redirect_uri: &str, pkce: bool) -> String {
    let scope = question.scopes.join(" ");
    let mut fields = vec![
        ("client_id", question.client_id.as_str()),
        ("nonce", STATE),
        ("prompt", "none"),
        ("redirect_uri", redirect_uri),
        ("response_type", "code"),
        ("scope", &scope),
        ("state", STATE),
    ];
    if pkce {
        fields.extend([
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ]);
    }
    let separator = if endpoint.contains('?') { '&' } else { '?' };
    format!("{endpoint}{separator}{}", form(&fields))
}

/// What was said at the redirect URI.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SentBack {
    /// The error; `None` if there is none, as after a login.
    pub(super) error: Option<String>,
    /// What the provider says of it.
    pub(super) description: String,
}

/// What the provider said at the redirect URI; `None` if it sent nobody there.
pub(super) fn sent_back(answer: &Answer, redirect_uri: &str) -> Option<SentBack> {
    let rest = answer.location.as_deref()?.strip_prefix(redirect_uri)?;
    let query = if rest.is_empty() {
        ""
    } else {
        rest.strip_prefix(['?', '&', '#'])?
    };
    Some(SentBack {
        error: value(query, "error"),
        description: value(query, "error_description").unwrap_or_default(),
    })
}

/// Judges what was answered.
pub(super) fn judge(
    answer: Result<&Answer, &Unreachable>,
    sent_back: Option<&SentBack>,
    redirect_uri: &str,
    redaction: &Redaction,
) -> Check {
    let check = |verdict, seen: String, to_do: Option<String>| {
        Check::new(
            Name::RedirectUri,
            verdict,
            seen,
            to_do.map(Remedy::instruction),
        )
    };
    let answer = match answer {
        Ok(answer) => answer,
        Err(why) => {
            let seen = format!("the authorization endpoint cannot be asked: {why}");
            return check(Verdict::Unknown, seen, Some(why.what_to_do().to_owned()));
        }
    };
    let shown = redaction.shown(redirect_uri);
    if let Some(sent_back) = sent_back {
        let Some(error) = &sent_back.error else {
            let seen = format!("the provider sends users back to {shown}");
            return check(Verdict::Good, seen, None);
        };
        let said = redaction.shown(error);
        if error == "unauthorized_client" {
            let seen = format!("the provider does not let the client log users in: {said}");
            let to_do = "allow the client the authorization code flow at the provider";
            return check(Verdict::Bad, seen, Some(to_do.into()));
        }
        let seen = format!("the provider sends users back to {shown}, here with {said}");
        return check(Verdict::Good, seen, None);
    }
    let to_do =
        format!("check that {shown} is registered at the provider, character for character");
    let seen = match (answer.status, &answer.location) {
        (status @ 400..=499, _) => format!(
            "the provider answered with HTTP {status}, as some do if the redirect URI is not registered"
        ),
        (_, Some(_)) => "the provider sends users to a page of its own first".to_owned(),
        (status, None) => format!("the provider answered with a page (HTTP {status})"),
    };
    check(Verdict::Unknown, seen, Some(to_do))
}
