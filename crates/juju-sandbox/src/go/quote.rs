//! `%q` of Go's fmt.

use super::bytes::lone_byte;
use std::fmt::Write;

/// A double-quoted Go string literal (`strconv.Quote`).
pub(crate) fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\u{7}' => quoted.push_str("\\a"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{c}' => quoted.push_str("\\f"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\u{b}' => quoted.push_str("\\v"),
            _ if is_printable(character) => quoted.push(character),
            // Writing to a string cannot fail.
            _ => drop(match (lone_byte(character), u32::from(character)) {
                (Some(byte), _) => write!(quoted, "\\x{byte:02x}"),
                (None, code @ ..=0x7f) => write!(quoted, "\\x{code:02x}"),
                (None, code @ ..=0xffff) => write!(quoted, "\\u{code:04x}"),
                (None, code) => write!(quoted, "\\U{code:08x}"),
            }),
        }
    }
    quoted.push('"');
    quoted
}

/// `strconv.IsPrint`: letters, marks, numbers, punctuation, symbols, and the ASCII space. Rust's own
/// escaping knows the same categories; after another character it spares marks, as Go does.
fn is_printable(character: char) -> bool {
    if character.is_ascii() {
        return (' '..='~').contains(&character);
    }
    let text = String::from_iter(['a', character]);
    text.escape_debug().eq(text.chars())
}

/// `%q` of a slice of strings: `["a" "b"]`.
pub(crate) fn quote_list(texts: &[String]) -> String {
    let quoted: Vec<String> = texts.iter().map(|text| quote(text)).collect();
    format!("[{}]", quoted.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::go::from_bytes;

    #[test]
    fn as_go_quotes() {
        for (text, quoted) in [
            ("", r#""""#),
            ("a \"b\" \\", r#""a \"b\" \\""#),
            ("é\n\t\u{1}\u{7f}", r#""é\n\t\x01\x7f""#),
            ("\u{85}", r#""\u0085""#),
            (
                "e\u{301} \u{200b}\u{a0}'\u{e000}\u{e0001}",
                "\"e\u{301} \\u200b\\u00a0'\\ue000\\U000e0001\"",
            ),
            (&from_bytes(b"\xff\xfe"), r#""\xff\xfe""#),
        ] {
            assert_eq!(quote(text), quoted);
        }
        assert_eq!(quote_list(&["a".into(), "b c".into()]), r#"["a" "b c"]"#);
    }
}
