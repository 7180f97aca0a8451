//! Is the client who it says? Asked with a code that cannot exist, so that nothing is issued and
//! no user is needed.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use juju_hook::Secret;
use ureq::http::Uri;

use super::form::{encoded, form};
use super::network::Network;
use super::printable::Redaction;
use super::question::{Check, Credentials, Name, Question, Remedy, Verdict};
use super::token_answer::{Meaning, TokenAnswer};
use super::unreachable::Unreachable;

/// A code that cannot exist. Gafaelfawr looks at its form before it looks at the client; all
/// others take it for one that they do not know.
const CODE: &str = "gc-0123456789abcdefABCDEF.0123456789abcdefABCDEF";

/// A secret that is nobody's.
const WRONG: &str = "not-the-secret-a-deliberately-wrong-one";

/// Where redirect URIs would lead if none is known.
const NOWHERE: &str = "https://kratos.invalid/self-service/methods/oidc/callback/check";

/// Hosts of token endpoints that are known to look at the client first.
const KNOWN_ORDER: [&str; 8] = [
    "accounts.google.com",
    "appleid.apple.com",
    "auth0.com",
    "github.com",
    "gitlab.com",
    "oauth2.googleapis.com",
    "okta.com",
    "oktapreview.com",
];

/// Hosts that may look at the code first.
const UNKNOWN_ORDER: [&str; 4] = [
    "ciamlogin.com",
    "login.microsoftonline.com",
    "login.microsoftonline.us",
    "login.partner.microsoftonline.cn",
];

/// What was heard.
pub(super) struct Heard {
    pub(super) check: Check,
    /// Whether the provider complained of the redirect URI.
    pub(super) wrong_redirect_uri: bool,
    /// In which ways the client said who it is.
    pub(super) methods: Methods,
}

/// What became of the ways of saying who the client is.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Methods {
    /// The way in which the provider knew it, if the check is good.
    pub(super) accepted: Option<Method>,
    /// The way in which it did not, before another in which it did.
    pub(super) refused: Option<Method>,
}

/// A way of saying who the client is (RFC 6749, 2.3.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Method {
    Basic,
    Body,
}

impl Method {
    /// The word for it in a discovery document (OpenID Connect Core 1.0, section 9).
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Basic => "client_secret_basic",
            Self::Body => "client_secret_post",
        }
    }
}

struct Asker<'a> {
    network: &'a Network,
    question: &'a Question,
    endpoint: &'a str,
}

/// Asks the token endpoint.
pub(super) fn ask(
    network: &Network,
    question: &Question,
    endpoint: &str,
    redaction: &Redaction,
) -> Heard {
    let (secret, methods): (&Secret, &[Method]) = match &question.credentials {
        Credentials::Secret(secret) => (secret, &[Method::Basic, Method::Body]),
        Credentials::Signed(token) => (token, &[Method::Body]),
        Credentials::Unsigned => {
            let seen = "no token can be signed with apple_private_key".to_owned();
            return unjudged(check(
                Verdict::Bad,
                seen,
                Remedy::set("apple_private_key", "@AuthKey.p8"),
            ));
        }
        Credentials::Unknown => {
            let seen = "the secret is in a Juju secret, which cannot be read here".to_owned();
            let to_do = "run the action check-provider, which can read the secret";
            return unjudged(check(Verdict::Unknown, seen, Remedy::instruction(to_do)));
        }
    };
    let asker = Asker {
        network,
        question,
        endpoint,
    };
    let mut best: Option<(Method, TokenAnswer)> = None;
    let mut refused = None;
    let mut unreachable = None;
    for &method in methods {
        match asker.ask(secret.expose(), method) {
            Ok(answer) => {
                if matches!(answer.meaning, Meaning::Refused | Meaning::UnknownClient)
                    && asker.is_written_in_one_way(secret.expose())
                {
                    refused = Some(method);
                }
                let before = best.as_ref().map(|(_, before)| before.meaning);
                if before.is_none_or(|before| answer.meaning < before) {
                    best = Some((method, answer));
                }
            }
            Err(why) => unreachable = Some(why),
        }
        let best = best.as_ref();
        // Kratos asks again after any error; what would not change that is not asked.
        if best.is_some_and(|(_, answer)| answer.meaning <= Meaning::TooMany) {
            break;
        }
    }
    let Some((method, answer)) = best else {
        let why = unreachable.unwrap_or(Unreachable::NoAnswer);
        let seen = format!("the token endpoint cannot be asked: {why}");
        return unjudged(check(
            Verdict::Unknown,
            seen,
            Remedy::instruction(why.what_to_do()),
        ));
    };
    let check = if answer.meaning == Meaning::Accepted {
        let control = question.control.then(|| asker.ask(WRONG, method));
        accepted(&answer, control, endpoint, redaction)
    } else {
        judged(&answer, question, redaction)
    };
    let accepted = (check.verdict == Verdict::Good).then_some(method);
    Heard {
        check,
        wrong_redirect_uri: answer.meaning == Meaning::RedirectUri
            && question.redirect_uri.is_some(),
        methods: Methods {
            accepted,
            refused: refused.filter(|_| accepted.is_some()),
        },
    }
}

/// Nothing was heard of the redirect URI.
fn unjudged(check: Check) -> Heard {
    Heard {
        check,
        wrong_redirect_uri: false,
        methods: Methods::default(),
    }
}

impl Asker<'_> {
    /// Whether the client's id and secret are the same with and without the encoding of RFC 6749,
    /// 2.3.1. Some providers do not undo it, and refuse in Kratos' way what they take in another.
    fn is_written_in_one_way(&self, secret: &str) -> bool {
        let is_plain = |text: &str| encoded(text) == text;
        is_plain(&self.question.client_id) && is_plain(secret)
    }

    fn ask(&self, secret: &str, method: Method) -> Result<TokenAnswer, Unreachable> {
        let id = &self.question.client_id;
        let redirect_uri = self.question.redirect_uri.as_deref().unwrap_or(NOWHERE);
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", CODE),
            ("redirect_uri", redirect_uri),
        ];
        let authorization = match method {
            Method::Basic => {
                let pair = Secret::new(format!("{}:{}", encoded(id), encoded(secret)));
                Some(Secret::new(format!(
                    "Basic {}",
                    STANDARD.encode(pair.expose())
                )))
            }
            Method::Body => {
                fields.extend([("client_id", id.as_str()), ("client_secret", secret)]);
                None
            }
        };
        let form = Secret::new(form(&fields));
        let authorization = authorization.as_ref().map(Secret::expose);
        let answer = self
            .network
            .post(self.endpoint, authorization, form.expose())?;
        Ok(TokenAnswer::read(&answer))
    }
}

fn check(verdict: Verdict, seen: String, remedy: impl Into<Option<Remedy>>) -> Check {
    Check::new(Name::Credentials, verdict, seen, remedy)
}

/// What an answer says, in the provider's words.
fn quoted(answer: &TokenAnswer, redaction: &Redaction) -> String {
    let error = answer.error.as_deref().map(|error| redaction.shown(error));
    let description = answer
        .description
        .as_deref()
        .map(|text| redaction.shown(text));
    match (error, description) {
        (Some(error), Some(description)) => format!("{error} ({description})"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => format!("HTTP {} without a word", answer.status),
    }
}

/// The client was accepted, as it seems. `control` is what became of a wrong secret.
fn accepted(
    answer: &TokenAnswer,
    control: Option<Result<TokenAnswer, Unreachable>>,
    endpoint: &str,
    redaction: &Redaction,
) -> Check {
    let said = quoted(answer, redaction);
    let ask_again = || Remedy::instruction("run it again with control for a proof");
    match control {
        Some(Ok(control)) if control.meaning == Meaning::Accepted => check(
            Verdict::Unknown,
            format!("the provider says {said} whatever the secret, so nothing is proven"),
            Remedy::instruction("log in once to find out"),
        ),
        Some(Ok(control)) if control.meaning == Meaning::TokenForNothing => issues_tokens(),
        Some(Ok(control)) => {
            let other = quoted(&control, redaction);
            let seen =
                format!("the provider says {said} with the secret, and {other} with a wrong one");
            let proves = matches!(
                control.meaning,
                Meaning::Refused | Meaning::UnknownClient | Meaning::Expired | Meaning::NotAllowed
            );
            if proves {
                check(Verdict::Good, seen, None)
            } else {
                check(
                    Verdict::Unknown,
                    seen,
                    Remedy::instruction("try again later"),
                )
            }
        }
        Some(Err(why)) => check(
            Verdict::Unknown,
            format!("the provider says {said}, but with a wrong secret {why}"),
            Remedy::instruction("try again later"),
        ),
        None if is_at(endpoint, &UNKNOWN_ORDER) => check(
            Verdict::Unknown,
            format!("the provider says {said}, perhaps before it looks at the secret"),
            ask_again(),
        ),
        None if is_at(endpoint, &KNOWN_ORDER) => check(
            Verdict::Good,
            format!(
                "the provider knows the client and its secret: it says {said} of a made-up code"
            ),
            None,
        ),
        None => check(
            Verdict::Good,
            format!(
                "the provider says {said} of a made-up code, as those do that know the client and \
                 its secret"
            ),
            ask_again(),
        ),
    }
}

/// It cannot be worse.
fn issues_tokens() -> Check {
    check(
        Verdict::Bad,
        "the provider issued a token for a code that does not exist: anybody can log in as anybody"
            .into(),
        Remedy::instruction("use another provider"),
    )
}

/// Whether a URL is at one of these hosts, or below it.
fn is_at(url: &str, hosts: &[&str]) -> bool {
    let url: Option<Uri> = url.parse().ok();
    let host = url.as_ref().and_then(Uri::host).unwrap_or_default();
    hosts.iter().any(|one| {
        let before = host.strip_suffix(one);
        before.is_some_and(|before| before.is_empty() || before.ends_with('.'))
    })
}

/// The client was not accepted.
fn judged(answer: &TokenAnswer, question: &Question, redaction: &Redaction) -> Check {
    let is_signed = matches!(question.credentials, Credentials::Signed(_));
    let said = quoted(answer, redaction);
    match answer.meaning {
        Meaning::UnknownClient => check(
            Verdict::Bad,
            format!("the provider does not know client_id: {said}"),
            Remedy::set("client_id", "<client id>"),
        ),
        Meaning::UnknownTenant => check(
            Verdict::Bad,
            format!("the provider does not know the tenant: {said}"),
            Remedy::instruction("check the tenant in microsoft_tenant_id or issuer_url"),
        ),
        Meaning::Refused | Meaning::Expired if is_signed => check(
            Verdict::Bad,
            format!("the provider refuses the token signed with apple_private_key: {said}"),
            Remedy::instruction(
                "compare client_id, apple_team_id and apple_private_key_id with the Apple \
                     developer site, and check that the key was not revoked",
            ),
        ),
        Meaning::Refused => check(
            Verdict::Bad,
            format!("the provider refuses client_id and client_secret: {said}"),
            Remedy::set("client_secret", "<secret>"),
        ),
        Meaning::Expired => check(
            Verdict::Bad,
            format!("client_secret has expired: {said}"),
            Remedy::set("client_secret", "<new secret>"),
        ),
        Meaning::NotAllowed => check(
            Verdict::Bad,
            format!("the provider does not let the client log users in, or refuses it: {said}"),
            Remedy::instruction(
                "check client_secret, and that the provider allows the client the authorization code \
                 flow",
            ),
        ),
        Meaning::TokenForNothing => issues_tokens(),
        Meaning::RedirectUri => check(
            Verdict::Unknown,
            format!("the provider looks at the redirect URI first: {said}"),
            if question.redirect_uri.is_some() {
                Remedy::instruction(
                    "register the redirect URI at the provider, then run this again",
                )
            } else {
                Remedy::instruction(
                    "run this again with the URL where users reach Kratos as public-url",
                )
            },
        ),
        Meaning::TooMany | Meaning::NotNow => check(
            Verdict::Unknown,
            format!("the provider does not answer now: {said}"),
            Remedy::instruction("try again in some minutes"),
        ),
        Meaning::Accepted | Meaning::Unclear => check(
            Verdict::Unknown,
            format!("the provider answers with {said}"),
            Remedy::instruction("log in once to find out"),
        ),
    }
}
