//! Would the provider send users back to Kratos, or to an application? It is asked for a login
//! without a user, which it refuses, if it can, at the redirect URI (OpenID Connect Core 1.0,
//! 3.1.2.1: `prompt=none`).

use super::form::{form, value};
use super::network::Answer;
use super::printable::Redaction;
use super::question::{Check, Name, Remedy, Verdict};
use super::unreachable::Unreachable;

/// `S256` of the verifier in appendix B of RFC 7636. No token is asked for, so the verifier is
/// not needed.
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A value that the provider gives back.
const STATE: &str = "kratos-external-idp-integrator-check";

/// Where to ask.
pub(super) fn url(
    endpoint: &str,
    client_id: &str,
    redirect_uri: &str,
    scopes: &[String],
    pkce: bool,
) -> String {
    let scope = scopes.join(" ");
    let mut fields = vec![
        ("client_id", client_id),
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
fn sent_back(answer: &Answer, redirect_uri: &str) -> Option<SentBack> {
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

/// What became of a login without a user.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Login {
    /// What was said at the redirect URI; `None` if nobody was sent there.
    pub(super) sent_back: Option<SentBack>,
    status: u16,
    /// Whether the answer leads anywhere.
    leads_on: bool,
}

impl Login {
    /// Reads the answer to a login with this redirect URI.
    pub(super) fn read(answer: &Answer, redirect_uri: &str) -> Self {
        Self {
            sent_back: sent_back(answer, redirect_uri),
            status: answer.status,
            leads_on: answer.location.is_some(),
        }
    }

    /// Whether the provider refused it on a page of its own. For a client that it knows it does so
    /// only if it does not know the redirect URI: everything else is to be said there (RFC 6749,
    /// 4.1.2.1).
    fn is_refused(&self) -> bool {
        let is_for_now = matches!(self.status, 408 | 425 | 429);
        (400..500).contains(&self.status) && !is_for_now
    }
}

/// Why nothing is known of a redirect URI.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unheard {
    seen: String,
    to_do: Option<&'static str>,
}

impl Unheard {
    /// The provider was not asked.
    pub(super) fn not_asked(why: &str, to_do: Option<&'static str>) -> Self {
        Self {
            seen: format!("not asked, since {why}"),
            to_do,
        }
    }
}

impl From<&Unreachable> for Unheard {
    fn from(why: &Unreachable) -> Self {
        Self {
            seen: format!("the authorization endpoint cannot be asked: {why}"),
            to_do: Some(why.what_to_do()),
        }
    }
}

/// Judges what was answered. `tells` is whether the provider has sent users of this client back to
/// some redirect URI: then it tells those that it knows from others.
pub(super) fn judge(
    answer: Result<&Login, &Unheard>,
    redirect_uri: &str,
    tells: bool,
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
    let login = match answer {
        Ok(login) => login,
        Err(Unheard { seen, to_do }) => {
            return check(Verdict::Unknown, seen.clone(), to_do.map(str::to_owned));
        }
    };
    let shown = redaction.shown(redirect_uri);
    if let Some(sent_back) = &login.sent_back {
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
    let status = login.status;
    if tells && login.is_refused() {
        let seen = format!(
            "the provider answered with HTTP {status}, but sends users back to another redirect URI"
        );
        return check(Verdict::Bad, seen, Some(register(&shown)));
    }
    let to_do =
        format!("check that {shown} is registered at the provider, character for character");
    let seen = match (status, login.leads_on) {
        (400..=499, _) => format!(
            "the provider answered with HTTP {status}, as some do if the redirect URI is not registered"
        ),
        (_, true) => "the provider sends users to a page of its own first".to_owned(),
        (_, false) => format!("the provider answered with a page (HTTP {status})"),
    };
    check(Verdict::Unknown, seen, Some(to_do))
}

/// What to do about a redirect URI that the provider does not know.
pub(super) fn register(shown: &str) -> String {
    format!("register {shown} at the provider, character for character")
}

#[cfg(test)]
mod tests {
    use super::*;

    const URI: &str = "https://grafana.example.com/login/generic_oauth";

    #[test]
    fn a_refusal_says_something_where_another_is_sent_back() {
        struct Case {
            name: &'static str,
            status: u16,
            location: Option<&'static str>,
            tells: bool,
            verdict: Verdict,
        }

        let case = Case {
            name: "",
            status: 400,
            location: None,
            tells: true,
            verdict: Verdict::Unknown,
        };
        for Case {
            name,
            status,
            location,
            tells,
            verdict,
        } in [
            Case {
                name: "refused, another is not",
                verdict: Verdict::Bad,
                ..case
            },
            Case {
                name: "forbidden, another is not",
                status: 403,
                verdict: Verdict::Bad,
                ..case
            },
            Case {
                name: "refused as perhaps all are",
                tells: false,
                ..case
            },
            Case {
                name: "too many requests",
                status: 429,
                ..case
            },
            Case {
                name: "too slow",
                status: 408,
                ..case
            },
            Case {
                name: "out of order",
                status: 500,
                ..case
            },
            Case {
                name: "a page",
                status: 200,
                ..case
            },
            Case {
                name: "elsewhere",
                status: 302,
                location: Some("https://idp.example.com/error"),
                ..case
            },
            Case {
                name: "to one that only starts like it",
                status: 302,
                location: Some("https://grafana.example.com/login/generic_oauth2?error=x"),
                ..case
            },
            Case {
                name: "back",
                status: 302,
                location: Some("https://grafana.example.com/login/generic_oauth?error=x"),
                verdict: Verdict::Good,
                ..case
            },
        ] {
            let answer = Answer {
                status,
                location: location.map(str::to_owned),
                body: String::new(),
            };
            let login = Login::read(&answer, URI);
            let check = judge(Ok(&login), URI, tells, &Redaction::new("c", []));
            assert_eq!(check.verdict, verdict, "{name}");
            let to_do = Remedy::instruction(register(URI));
            let is_to_register = check.remedy == Some(to_do);
            assert_eq!(is_to_register, verdict == Verdict::Bad, "{name}");
        }
    }
}
