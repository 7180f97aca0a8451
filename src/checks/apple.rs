//! Sign in with Apple: the key is tried before Kratos has to.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use p256::ecdsa::signature::{Signer as _, Verifier as _};
use p256::ecdsa::{Signature, SigningKey, VerifyingKey};
use p256::pkcs8::DecodePrivateKey as _;

use super::Subject;
use crate::finding::{Code, Finding, Fix};
use crate::plain_scalar;
use crate::provider::Shape;
use crate::secret::{Secret, Wiped};

/// How long the ids of teams and keys are.
const ID_LENGTH: usize = 10;

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    if subject.kind.shape() != Shape::Apple {
        return Vec::new();
    }
    let ids = [
        ("apple_team_id", &subject.settings.apple_team_id),
        (
            "apple_private_key_id",
            &subject.settings.apple_private_key_id,
        ),
    ];
    let mut findings: Vec<_> = ids
        .into_iter()
        .filter(|(_, id)| id.as_deref().is_some_and(|id| !is_id(id)))
        .map(|(option, _)| {
            let problem = "it has to have ten characters, capital letters and digits";
            Finding::new(
                Code::AppleIdMalformed,
                option,
                problem,
                Fix::set("<as the developer site of Apple shows it>"),
            )
        })
        .collect();
    if let Some((option, key)) = subject.secret {
        if let Some(problem) = try_key(key.expose()) {
            findings.push(Finding::new(
                Code::AppleKeyUnusable,
                option,
                problem,
                Fix::set("@AuthKey.p8"),
            ));
        }
    }
    findings
}

fn is_id(text: &str) -> bool {
    text.len() == ID_LENGTH
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
}

/// What is wrong with a key; `None` if a token that is signed with it holds.
///
/// Kratos signs a token for each login (`ProviderApple.newClientSecret`): PEM of the
/// type `PRIVATE KEY`, PKCS#8 within, and for ES256 a key on P-256.
fn try_key(text: &str) -> Option<&'static str> {
    // An administrator may have put it in quotes, which Kratos' YAML takes off. White space
    // around it stays, as it is published.
    let unquoted = plain_scalar::unquoted(plain_scalar::trimmed(text));
    let pem = unquoted.as_deref().unwrap_or(text);
    if pem.contains("BEGIN EC PRIVATE KEY") {
        return Some("that is a SEC1 key, and Apple's are PKCS#8");
    }
    let Some(der) = pkcs8(pem) else {
        let is_indented = |line: &str| line.starts_with([' ', '\t']) && line.contains("-----");
        if pem.lines().any(is_indented) {
            return Some("its lines are indented, and BEGIN and END have to be at their start");
        }
        return Some(if pem.contains("\\n") {
            r"it has \n in place of line breaks, so that it is not PEM"
        } else {
            "that is not a private key in PEM"
        });
    };
    let Ok(key) = SigningKey::from_pkcs8_der(&der) else {
        return Some("that is not a PKCS#8 key on the curve P-256");
    };
    // Header and claims of a token, as far as they matter for the key.
    let token = [
        r#"{"alg":"ES256"}"#,
        r#"{"aud":"https://appleid.apple.com"}"#,
    ]
    .map(|part| URL_SAFE_NO_PAD.encode(part))
    .join(".");
    let signature: Signature = key.sign(token.as_bytes());
    match VerifyingKey::from(&key).verify(token.as_bytes(), &signature) {
        Ok(()) => None,
        Err(_) => Some("a token that is signed with it does not hold"),
    }
}

/// What is within the PEM. As lenient as Go's `pem.Decode`, and no more: that wants the lines
/// of BEGIN and END to start where they start, and nothing but white space after them.
fn pkcs8(pem: &str) -> Option<Wiped> {
    const BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
    let after_begin = match pem.strip_prefix(BEGIN) {
        Some(rest) => rest,
        None => pem.split_once(&format!("\n{BEGIN}"))?.1,
    };
    let (rest_of_line, rest) = after_begin.split_once('\n')?;
    let (body, end) = match rest.strip_prefix("-----END PRIVATE KEY-----") {
        Some(end) => ("", end),
        None => rest.split_once("\n-----END PRIVATE KEY-----")?,
    };
    let end = end.lines().next().unwrap_or_default();
    if !(rest_of_line.trim().is_empty() && end.trim().is_empty()) {
        return None;
    }
    let base64 = Secret::new(body.chars().filter(|c| !c.is_ascii_whitespace()).collect());
    STANDARD.decode(base64.expose()).ok().map(Wiped::new)
}
