//! The keys of a provider (RFC 7517), as Kratos' go-oidc uses them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::document::to_do_about;
use super::network::{Answer, Unreachable};
use super::question::{Check, Name, Remedy, Verdict};

/// The shortest RSA key that Go's `crypto/rsa` verifies with, in bits.
const RSA_BITS: usize = 1024;

/// Judges the keys at `jwks_uri` for the algorithms that the provider offers.
pub(super) fn judge(answer: Result<&Answer, &Unreachable>, algorithms: &[&str]) -> Check {
    let check = |verdict, seen: String, to_do: Option<&str>| Check {
        name: Name::Keys,
        verdict,
        seen,
        remedy: to_do.map(|to_do| Remedy::Do(to_do.to_owned())),
    };
    let answer = match answer {
        Ok(answer) => answer,
        Err(why) => {
            let seen = format!("jwks_uri cannot be asked: {why}");
            return check(Verdict::Unknown, seen, Some(to_do_about(why)));
        }
    };
    match answer.status {
        200 => {}
        status @ (429 | 500..) => {
            let seen = format!("jwks_uri answered with HTTP {status}");
            return check(Verdict::Unknown, seen, Some("try again later"));
        }
        status => {
            let seen = format!("jwks_uri answered with HTTP {status}");
            return check(Verdict::Bad, seen, Some(ASK));
        }
    }
    let bad = |seen: &str| check(Verdict::Bad, seen.to_owned(), Some(ASK));
    let Ok(Value::Object(set)) = serde_json::from_str(&answer.body) else {
        return bad("what is at jwks_uri is not a JSON object");
    };
    let keys = set.get("keys").and_then(Value::as_array);
    let Some(keys) = keys.filter(|keys| !keys.is_empty()) else {
        return bad("there are no keys at jwks_uri");
    };
    let typed = |key: &Value| key.get("kty").is_some_and(Value::is_string);
    if !keys.iter().all(typed) {
        return bad("a key at jwks_uri has no type, so that Kratos can read none of them");
    }
    let is_usable = |key: &&Value| {
        key.as_object()
            .is_some_and(|key| algorithms.iter().any(|one| fits(key, one)))
    };
    match keys.iter().filter(is_usable).count() {
        0 => bad(
            "no key at jwks_uri is for an algorithm that the provider offers and Kratos accepts",
        ),
        1 => check(
            Verdict::Good,
            "Kratos can use the key at jwks_uri".into(),
            None,
        ),
        count => check(
            Verdict::Good,
            format!("Kratos can use {count} of the keys at jwks_uri"),
            None,
        ),
    }
}

const ASK: &str = "ask whoever runs the provider: Kratos cannot verify its ID tokens";

/// Whether tokens of `algorithm` (RFC 7518, 3.1; RFC 8037, 3.1) can be verified with `key`.
fn fits(key: &Map<String, Value>, algorithm: &str) -> bool {
    let text = |name| key.get(name).and_then(Value::as_str);
    let signs = text("use").is_none_or(|purpose| purpose == "sig");
    let is_its = text("alg").is_none_or(|own| own == algorithm);
    let bytes = |name| {
        let text = text(name)?;
        URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()
    };
    let curve = |name, length| {
        let is_long = |part| bytes(part).is_some_and(|bytes| bytes.len() == length);
        text("crv") == Some(name) && is_long("x") && (name == "Ed25519" || is_long("y"))
    };
    let matches = match (text("kty"), algorithm) {
        (Some("RSA"), "RS256" | "RS384" | "RS512" | "PS256" | "PS384" | "PS512") => {
            let modulus = bytes("n").unwrap_or_default();
            modulus.len() * 8 >= RSA_BITS && bytes("e").is_some_and(|e| !e.is_empty())
        }
        (Some("EC"), "ES256") => curve("P-256", 32),
        (Some("EC"), "ES384") => curve("P-384", 48),
        (Some("EC"), "ES512") => curve("P-521", 66),
        (Some("OKP"), "EdDSA") => curve("Ed25519", 32),
        _ => false,
    };
    signs && is_its && matches
}
