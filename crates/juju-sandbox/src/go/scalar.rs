//! Strings in the style that go-yaml v2 chooses for them: `stringv` of its `encode.go`, and
//! `yaml_emitter_analyze_scalar` and the writers of its `emitterc.go`.

use super::bytes::{lone_byte, to_bytes};
use super::resolve::is_string;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use std::fmt::Write;

/// A string in the style that go-yaml chooses for it.
pub(super) fn scalar(string: &str, key: bool, indent: usize) -> String {
    if string.chars().any(|c| lone_byte(c).is_some()) {
        return format!("!!binary {}", styled(&binary(string), key, indent));
    }
    styled(string, key, indent)
}

/// Base 64, in lines of 70 characters if it is longer (`encodeBase64`).
fn binary(string: &str) -> String {
    const LINE: usize = 70;
    let encoded = STANDARD.encode(to_bytes(string));
    if encoded.len() < LINE {
        return encoded;
    }
    let mut lines = String::new();
    for (index, digit) in encoded.chars().enumerate() {
        lines.push(digit);
        if index % LINE == LINE - 1 || index + 1 == encoded.len() {
            lines.push('\n');
        }
    }
    lines
}

fn styled(string: &str, key: bool, indent: usize) -> String {
    let breaks = string.contains(['\n', '\u{2028}', '\u{2029}']);
    if !string.chars().all(is_printable) || (key && breaks) {
        return double_quoted(string);
    }
    if string.contains('\n') {
        let spaced = |c| format!(" {c}");
        let unfit = string.ends_with(' ')
            || ['\n', '\u{2028}', '\u{2029}']
                .iter()
                .any(|c| string.contains(&spaced(*c)));
        return if unfit {
            double_quoted(string)
        } else {
            literal(string, indent)
        };
    }
    if !is_string(string) {
        return double_quoted(string);
    }
    if plain(string) {
        return string.to_owned();
    }
    if [" \u{2028}", " \u{2029}", "\u{2028} ", "\u{2029} "]
        .iter()
        .any(|unfit| string.contains(unfit))
    {
        return double_quoted(string);
    }
    single_quoted(string, indent)
}

/// `is_printable`; these characters need no escape.
fn is_printable(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}' | '\u{10000}'..)
}

/// `yaml_emitter_write_double_quoted`.
fn double_quoted(string: &str) -> String {
    let mut quoted = String::from('"');
    for character in string.chars() {
        let short = match character {
            '\0' => '0',
            '\u{7}' => 'a',
            '\u{8}' => 'b',
            '\t' => 't',
            '\n' => 'n',
            '\u{b}' => 'v',
            '\u{c}' => 'f',
            '\r' => 'r',
            '\u{1b}' => 'e',
            '"' => '"',
            '\\' => '\\',
            '\u{85}' => 'N',
            '\u{2028}' => 'L',
            '\u{2029}' => 'P',
            _ if is_printable(character) => {
                quoted.push(character);
                continue;
            }
            _ => {
                // Writing to a string cannot fail.
                let _ = match u32::from(character) {
                    code @ ..=0xff => write!(quoted, "\\x{code:02X}"),
                    code @ ..=0xffff => write!(quoted, "\\u{code:04X}"),
                    code => write!(quoted, "\\U{code:08X}"),
                };
                continue;
            }
        };
        quoted.extend(['\\', short]);
    }
    quoted.push('"');
    quoted
}

/// `yaml_emitter_write_single_quoted`: text after Unicode's own line breaks is indented.
fn single_quoted(string: &str, indent: usize) -> String {
    let mut quoted = String::from('\'');
    let mut broken = false;
    for character in string.chars() {
        let breaks = matches!(character, '\u{2028}' | '\u{2029}');
        if broken && !breaks {
            quoted.push_str(&" ".repeat(indent.max(2)));
        }
        if character == '\'' {
            quoted.push('\'');
        }
        quoted.push(character);
        broken = breaks;
    }
    quoted.push('\'');
    quoted
}

fn literal(string: &str, indent: usize) -> String {
    let mut text = String::from("|");
    // A line that begins with a space would otherwise set the indentation.
    if string.starts_with([' ', '\n']) {
        text.push('2');
    }
    let body = match string.strip_suffix('\n') {
        None => {
            text.push('-');
            string
        }
        Some(body) if body.ends_with('\n') || body.is_empty() => {
            text.push('+');
            body
        }
        Some(body) => body,
    };
    for line in body.split('\n') {
        text.push('\n');
        if !line.is_empty() {
            text.push_str(&" ".repeat(indent.max(2)));
            text.push_str(line);
        }
    }
    text
}

/// Whether libyaml's `analyze_scalar` allows the plain style in a block.
fn plain(string: &str) -> bool {
    let Some(first) = string.chars().next() else {
        return false;
    };
    if string.starts_with("---")
        || string.starts_with("...")
        || string.contains(['\u{2028}', '\u{2029}'])
        || string.starts_with(' ')
        || string.ends_with(' ')
    {
        return false;
    }
    if "#,[]{}&*!|>'\"%@`".contains(first) {
        return false;
    }
    let second_is_space = string.chars().nth(1).is_none_or(|c| c == ' ');
    if "?:-".contains(first) && second_is_space {
        return false;
    }
    !string.contains(": ") && !string.ends_with(':') && !string.contains(" #")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::go::from_bytes;

    #[test]
    fn styles() {
        for (string, written) in [
            ("a b", "a b"),
            ("it's", "it's"),
            ("'a", "'''a'"),
            ("yes", "\"yes\""),
            ("<<", "<<"),
            ("1e3", "1e3"),
            ("\u{7f}\u{85}\u{1b}\0", "\"\\x7F\\N\\e\\0\""),
            ("\u{feff}\n", "\"\\uFEFF\\n\""),
            ("a\u{2028}b\u{2029}", "'a\u{2028}  b\u{2029}'"),
            ("a \u{2028}b", "\"a \\Lb\""),
            ("a\nb\n", "|\n  a\n  b"),
            (&from_bytes(b"\xff"), "!!binary /w=="),
        ] {
            assert_eq!(scalar(string, false, 0), written);
        }
        assert_eq!(scalar("a\u{2028}", true, 0), "\"a\\L\"");
        let long = scalar(&from_bytes(&[255; 60]), false, 2);
        assert_eq!(long.lines().map(str::len).collect::<Vec<_>>(), [10, 72, 12]);
    }
}
