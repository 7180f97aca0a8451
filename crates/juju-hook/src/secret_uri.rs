//! The URIs of Juju's secrets.

use std::fmt;

use serde::Deserialize;

/// How long the id of a secret is: an xid in base 32 (`juju/core/secrets`).
const ID_LENGTH: usize = 20;

/// The longest name of a model in a URI: its UUID.
const MODEL_LENGTH: usize = 36;

/// The URI of a Juju secret.
///
/// Juju prints the same secret as `secret:<id>`, `secret:<model>/<id>` or
/// `secret://<model>/<id>`, depending on its version and on who asks; ids are
/// unique, so that two URIs with one id are equal.
#[derive(Clone, Deserialize)]
#[serde(try_from = "String")]
pub struct SecretUri(String);

/// The text is not a URI of a Juju secret.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not a URI of a Juju secret")]
pub struct NoSecretUri;

impl SecretUri {
    /// Reads a URI in any form that Juju prints; `None` if `text` is none. What it reads fits
    /// into an argument, whoever typed it.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let rest = text.strip_prefix("secret:")?;
        let (model, id) = match rest.strip_prefix("//") {
            Some(rest) => rest.split_once('/')?,
            None => rest.split_once('/').unwrap_or(("model", rest)),
        };
        let is_id = id.len() == ID_LENGTH
            && id
                .bytes()
                .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'v'));
        let is_model = (1..=MODEL_LENGTH).contains(&model.len())
            && model
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        (is_id && is_model).then(|| Self(text.to_owned()))
    }

    /// The URI of the secret with the bare id that `secret-info-get` and `secret-ids` print.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::parse(&format!("secret:{id}"))
    }

    /// Only the id, which every hook tool and `juju` itself take too.
    #[must_use]
    pub fn id(&self) -> &str {
        // What was parsed ends in the id, which is ASCII.
        &self.0[self.0.len() - ID_LENGTH..]
    }

    /// The URI as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for SecretUri {
    type Error = NoSecretUri;

    fn try_from(text: String) -> Result<Self, NoSecretUri> {
        Self::parse(&text).ok_or(NoSecretUri)
    }
}

impl PartialEq for SecretUri {
    fn eq(&self, other: &Self) -> bool {
        self.id() == other.id()
    }
}

impl Eq for SecretUri {}

impl PartialOrd for SecretUri {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for SecretUri {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.id().cmp(other.id())
    }
}

/// A URI is not a secret: whoever has it still has to be granted the secret.
impl fmt::Debug for SecretUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for SecretUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "d0erdgfmp25c762i8np0";

    #[test]
    fn every_form_that_juju_prints_is_a_uri() {
        let model = "6c4c3c4e-3c4e-4c4e-8c4e-6c4c3c4e3c4e";
        for text in [
            format!("secret:{ID}"),
            format!("secret:{model}/{ID}"),
            format!("secret://{model}/{ID}"),
        ] {
            let uri = SecretUri::parse(&text).unwrap();
            assert_eq!((uri.id(), uri.as_str()), (ID, text.as_str()));
            assert_eq!(uri, SecretUri::from_id(ID).unwrap(), "one id, one secret");
        }
        for text in [
            "",
            "secret:",
            "secret:abc",
            ID,
            "secret://",
            "secret:///d0erdgfmp25c762i8np0",
            "secret:d0erdgfmp25c762i8npz",
            "secret:d0erdgfmp25c762i8np00",
            "s3cr3t: value",
            "secret://d0erdgfmp25c762i8np0",
            "secret:m/x/d0erdgfmp25c762i8np0",
            &format!("secret:{model}{model}/{ID}"),
            &format!("secret://{}/{ID}", "a".repeat(140_000)),
        ] {
            assert_eq!(SecretUri::parse(text), None, "{text:?}");
        }
    }
}
