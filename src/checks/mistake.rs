//! What is wrong with an issuer, and what is right.

use crate::finding::{Code, Fix};

/// The placeholder for an issuer.
const ISSUER: &str = "<the issuer from the discovery document>";

/// What is wrong with an issuer of one provider.
pub(super) struct Mistake {
    pub(super) code: Code,
    pub(super) problem: &'static str,
    pub(super) fix: Fix,
}

/// How to look the issuer up instead of guessing it.
pub(super) fn look_up() -> Fix {
    let ask = "run curl -s <issuer>/.well-known/openid-configuration | jq -r .issuer";
    Fix::DoThenSet(ask.into(), ISSUER.into())
}

/// The finding for a wrong issuer, where we know the right one.
pub(super) fn wrong(problem: &'static str, right: impl Into<String>) -> Mistake {
    let right = right.into();
    // The fix repeats part of what was typed, so allow only what issuers consist of.
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/<>() ".contains(&byte);
    let fix = if right.bytes().all(is_plain) && !right.contains('@') {
        Fix::set(right)
    } else {
        look_up()
    };
    Mistake {
        code: Code::IssuerMistaken,
        problem,
        fix,
    }
}
