//! Values that no log line can show, and what is kept of them: their hashes.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

/// A text that must reach whom it is for, and nobody else: a client's secret, a code, a token.
///
/// `Debug` shows no part of it, and it has neither `Display` nor `Serialize`. Its memory is wiped
/// when it is dropped.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes charge of `value`.
    #[must_use]
    pub fn new(value: impl Into<String>) -> Self {
        Self(Zeroizing::new(value.into()))
    }

    /// The text itself.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(value: String) -> Self {
        Self::new(value)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The SHA-256 hash of a secret: all that is kept of it.
///
/// One round without salt is enough for what is random. People's passwords need more, and so this
/// is nothing for real ones. Unlike bcrypt, it takes texts of any length.
#[derive(Clone, Copy)]
pub struct Digest([u8; 32]);

impl Digest {
    /// The hash of `text`.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let mut bytes = [0; 32];
        let digest = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
        bytes.copy_from_slice(digest.as_ref());
        Self(bytes)
    }

    /// Whether it is the hash of `text`. How long that takes tells nothing about either.
    #[must_use]
    pub fn is_of(&self, text: &str) -> bool {
        self.0.ct_eq(&Self::of(text).0).into()
    }

    /// The hash in unpadded URL-safe base64: 43 characters. It is how PKCE writes one (RFC 7636,
    /// 4.2).
    #[must_use]
    pub fn to_base64(self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    /// Reads what [`Self::to_base64`] wrote.
    pub(crate) fn from_base64(text: &str) -> Option<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        bytes.try_into().map(Self).ok()
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Digest(…)")
    }
}

impl Serialize for Digest {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_base64())
    }
}

impl<'de> Deserialize<'de> for Digest {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::from_base64(&text).ok_or_else(|| serde::de::Error::custom("not a hash"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_part_of_a_secret() {
        let secret = Secret::new("hunter2");
        let shown = format!("{secret:?} {:?}", Digest::of("hunter2"));
        assert_eq!(shown, "Secret(…) Digest(…)");
    }

    /// bcrypt looks at the first 72 bytes only, or refuses more. This does neither.
    #[test]
    fn long_secrets_differ_in_their_last_character() {
        let long = "x".repeat(100);
        let digest = Digest::of(&format!("{long}a"));
        assert!(digest.is_of(&format!("{long}a")));
        assert!(!digest.is_of(&format!("{long}b")));
        assert!(!digest.is_of(&long));
    }

    /// The example of RFC 7636, appendix B.
    #[test]
    fn a_challenge_is_the_hash_of_its_verifier() {
        let digest = Digest::of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(
            digest.to_base64(),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }
}
