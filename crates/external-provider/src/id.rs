//! Provider ids.

use std::fmt::Write as _;

use sha1::{Digest as _, Sha1};

use crate::kind::Kind;

/// The id of a provider for which none was set: `<kind>_<sha1 in hex>`. The SHA-1 is that of the
/// client id, followed by `_` and the issuer or the tenant for the kinds that have one.
///
/// Kratos stores the id with every user who logs in, and the redirect URI ends in it. If it changed,
/// Kratos would no longer recognise these users. So the values are used untrimmed, as in the Python
/// library's `deserialize_id`.
pub(crate) fn derive(kind: Kind, client_id: &str, realm: Option<&str>) -> String {
    let mut hash = Sha1::new_with_prefix(client_id);
    if let Some(realm) = realm {
        hash.update("_");
        hash.update(realm);
    }
    format!("{}_{}", kind.word(), hex(&hash.finalize()))
}

/// A short name for any `text`, without special characters: its SHA-1 in hex.
#[must_use]
pub fn digest(text: &str) -> String {
    hex(&Sha1::digest(text))
}

fn hex(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in bytes {
        // Writing to a `String` cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_those_of_the_python_library() {
        struct Case {
            name: &'static str,
            id: String,
            expected: &'static str,
        }

        for Case { name, id, expected } in [
            Case {
                name: "only the client id",
                id: derive(Kind::Github, "Iv1.abcdef", None),
                expected: "github_1d1973c20f8e0dfe3b593a59a3ae0933a6ce322c",
            },
            Case {
                name: "with an issuer",
                id: derive(Kind::Generic, "my-client", Some("https://idp.example.com")),
                expected: "generic_da6bd2cd2940810dd06639a247d4c9c76d890660",
            },
            Case {
                name: "a slash counts",
                id: derive(Kind::Generic, "my-client", Some("https://idp.example.com/")),
                expected: "generic_48139559425f56699635261fd264ec8866d9ebbf",
            },
        ] {
            assert_eq!(id, expected, "{name}");
        }
    }
}
