//! `application/x-www-form-urlencoded`, as Go writes it.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// What `QueryEscape` of Go's `net/url` encodes; a space it writes as a plus.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~')
    .remove(b' ');

/// `text` as a value of a form or a query. Kratos writes the client's id and secret so too
/// (RFC 6749, 2.3.1), and some providers compare them without decoding.
pub(super) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, ENCODED)
        .to_string()
        .replace(' ', "+")
}

/// A form, or a query.
pub(super) fn form(fields: &[(&str, &str)]) -> String {
    let fields = fields
        .iter()
        .map(|(key, value)| format!("{key}={}", encoded(value)));
    fields.collect::<Vec<_>>().join("&")
}

/// The value of `key` in a form or a query.
pub(super) fn value(form: &str, key: &str) -> Option<String> {
    let mut pairs = form.split('&').filter_map(|pair| pair.split_once('='));
    let (_, value) = pairs.find(|(name, _)| *name == key)?;
    let spaced = value.replace('+', " ");
    Some(percent_decode_str(&spaced).decode_utf8_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_comes_back() {
        let form = form(&[("a", "1"), ("odd", "é +/=&%~-_.\n"), ("empty", "")]);
        assert_eq!(form, "a=1&odd=%C3%A9+%2B%2F%3D%26%25~-_.%0A&empty=");
        assert_eq!(value(&form, "odd").as_deref(), Some("é +/=&%~-_.\n"));
        assert_eq!(value(&form, "empty").as_deref(), Some(""));
        assert_eq!(value(&form, "none"), None);
    }
}
