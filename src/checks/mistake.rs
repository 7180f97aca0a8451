//! What is wrong with an issuer, and what is right.

use crate::finding::{Code, Fix};

/// What to give for an issuer.
pub(super) const ISSUER: &str = "<the issuer, as its discovery document says it>";

/// What is wrong with an issuer of one provider.
pub(super) struct Mistake {
    pub(super) code: Code,
    pub(super) problem: &'static str,
    pub(super) fix: Fix,
}

/// Another text than the issuer, of which the issuer is known.
pub(super) fn wrong(problem: &'static str, right: impl Into<String>) -> Mistake {
    let right = right.into();
    // What is printed is what was typed in part: nothing but what issuers are made of.
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~:/<>() ".contains(&byte);
    let fix = if right.bytes().all(is_plain) && !right.contains('@') {
        Fix::set(right)
    } else {
        Fix::set(ISSUER)
    };
    Mistake {
        code: Code::IssuerMistaken,
        problem,
        fix,
    }
}
