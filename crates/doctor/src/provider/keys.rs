//! The keys of a provider (RFC 7517), as Kratos' go-oidc uses them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use super::network::Answer;
use super::question::{Check, Name, Remedy, Verdict};
use super::unreachable::Unreachable;

/// The shortest RSA key that Go's `crypto/rsa` verifies with, in bits.
const RSA_BITS: usize = 1024;

/// Judges the keys at `jwks_uri` for the algorithms that the provider offers.
pub(super) fn judge(answer: Result<&Answer, &Unreachable>, algorithms: &[&str]) -> Check {
    let check = |verdict, seen: String, to_do: Option<&str>| {
        Check::new(Name::Keys, verdict, seen, to_do.map(Remedy::instruction))
    };
    let answer = match answer {
        Ok(answer) => answer,
        Err(why) => {
            let seen = format!("jwks_uri cannot be asked: {why}");
            return check(Verdict::Unknown, seen, Some(why.what_to_do()));
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
    let keys: Vec<_> = keys.iter().map(Key::read).collect();
    if keys.contains(&Key::Unreadable) {
        return bad("a key at jwks_uri is malformed, so that Kratos can read none of them");
    }
    let usable = keys.iter().filter(|key| key.is_for(algorithms)).count();
    if usable == 0 {
        return bad(
            "no key at jwks_uri is for an algorithm that the provider offers and Kratos accepts",
        );
    }
    if keys.contains(&Key::Unknown) {
        let seen = "Kratos can use a key at jwks_uri, but there is one of a type that some versions of \
                    Kratos cannot read";
        return check(
            Verdict::Unknown,
            seen.to_owned(),
            Some("log in once to find out"),
        );
    }
    let seen = match usable {
        1 => "Kratos can use the key at jwks_uri".to_owned(),
        count => format!("Kratos can use {count} keys at jwks_uri"),
    };
    check(Verdict::Good, seen, None)
}

const ASK: &str = "ask whoever runs the provider: Kratos cannot verify its ID tokens";

/// A key, as go-jose reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Key {
    /// It verifies signatures of these algorithms.
    Verifies(Vec<&'static str>),
    /// It is for something else.
    Other,
    /// Its type or curve is not in RFC 7518.
    Unknown,
    /// It is malformed: go-jose then refuses the whole set.
    Unreadable,
}

impl Key {
    /// Reads a key (RFC 7518, 6; RFC 8037, 2).
    fn read(key: &Value) -> Self {
        let Some(key) = key.as_object() else {
            return Self::Unreadable;
        };
        let text = |name| key.get(name).and_then(Value::as_str);
        // An empty text is as none for Go.
        let set = |name| text(name).filter(|text| !text.is_empty());
        let is_odd = |name: &&str| {
            let value = key.get(*name);
            value.is_some_and(|value| !value.is_string() && !value.is_null())
        };
        if ["kty", "use", "alg", "kid", "crv"].iter().any(is_odd) {
            return Self::Unreadable;
        }
        let bytes = |name| {
            let text = text(name)?;
            URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok()
        };
        let is_long = |name, length| bytes(name).is_some_and(|bytes| bytes.len() == length);
        let on_curve = |length| is_long("x", length) && is_long("y", length);
        let (is_whole, algorithms): (bool, &[&'static str]) = match (text("kty"), text("crv")) {
            (Some("RSA"), _) => {
                let modulus = bytes("n").unwrap_or_default();
                let zeros = modulus.iter().take_while(|byte| **byte == 0).count();
                let bits = (modulus.len() - zeros) * 8;
                let is_whole = bits > 0 && bytes("e").is_some_and(|e| !e.is_empty());
                (is_whole, if bits >= RSA_BITS { &RSA } else { &[] })
            }
            (Some("EC"), Some("P-256")) => (on_curve(32), &["ES256"]),
            (Some("EC"), Some("P-384")) => (on_curve(48), &["ES384"]),
            (Some("EC"), Some("P-521")) => (on_curve(66), &["ES512"]),
            (Some("OKP"), Some("Ed25519")) => (is_long("x", 32), &["EdDSA"]),
            (Some("oct"), _) => (bytes("k").is_some(), &[]),
            (Some(_), _) => return Self::Unknown,
            (None, _) => return Self::Unreadable,
        };
        let is_its = |one: &&&str| set("alg").is_none_or(|own| own == **one);
        let algorithms: Vec<_> = algorithms.iter().filter(is_its).copied().collect();
        let signs = set("use").is_none_or(|purpose| purpose == "sig");
        match (is_whole, signs && !algorithms.is_empty()) {
            (false, _) => Self::Unreadable,
            (true, false) => Self::Other,
            (true, true) => Self::Verifies(algorithms),
        }
    }

    /// Whether it verifies tokens of one of these algorithms.
    fn is_for(&self, offered: &[&str]) -> bool {
        matches!(self, Self::Verifies(own) if own.iter().any(|one| offered.contains(one)))
    }
}

/// What an RSA key verifies.
const RSA: [&str; 6] = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];
