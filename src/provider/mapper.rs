//! Jsonnet mappers: what turns a provider's claims into an identity's traits.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The URL under which Kratos reads the mapper: `base64://` and the text in
/// standard base64, as in the Python library's `deserialize_mapper_url`.
#[must_use]
pub(super) fn mapper_url(jsonnet: &str) -> String {
    format!("base64://{}", STANDARD.encode(jsonnet))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_holds_the_text() {
        for (jsonnet, url) in [
            ("", "base64://"),
            ("{}", "base64://e30="),
            ("// café 🔐\n", "base64://Ly8gY2Fmw6kg8J+UkAo="),
        ] {
            assert_eq!(mapper_url(jsonnet), url, "{jsonnet:?}");
        }
    }
}
