//! JSON that a YAML reader takes for the same value.
//!
//! `relation-set --file` reads its input with go-yaml v2, and charms put what they read from a
//! databag into YAML files, as Charmed Kratos does. JSON is nearly a subset of YAML; this module
//! keeps to the part that is.

use std::io;

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

use crate::secret::Secret;

/// Writes `value` as compact JSON in which everything that YAML 1.1 does not
/// count as printable is escaped as `\uXXXX`: C0 and C1 controls, DEL, U+2028,
/// U+2029 and U+FEFF. All else is raw UTF-8, characters beyond the BMP included:
/// go-yaml refuses surrogate pairs (its `yaml_parser_scan_flow_scalar`), as
/// `libyaml` does.
///
/// The text may hold secrets.
///
/// # Panics
///
/// If `T` cannot be JSON, such as a map whose keys are maps: a slip in the program, whatever
/// `value` holds.
#[expect(
    clippy::expect_used,
    reason = "structs and maps of texts are always JSON"
)]
pub fn encode<T: Serialize + ?Sized>(value: &T) -> Secret {
    let mut text = Vec::new();
    value
        .serialize(&mut Serializer::with_formatter(&mut text, Printable))
        .expect("the type can be JSON");
    Secret::new(String::from_utf8(text).expect("serde_json writes UTF-8"))
}

/// Escapes within a string what `serde_json` leaves as it is.
struct Printable;

impl Formatter for Printable {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((at, c)) = rest.char_indices().find(|(_, c)| is_unprintable(*c)) {
            write!(writer, "{}\\u{:04x}", &rest[..at], u32::from(c))?;
            rest = &rest[at + c.len_utf8()..];
        }
        writer.write_all(rest.as_bytes())
    }
}

/// Beyond the C0 controls, which `serde_json` escapes by itself. All are in the
/// BMP, so that four digits do.
fn is_unprintable(c: char) -> bool {
    matches!(
        c,
        '\u{7f}'..='\u{9f}' | '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_yaml_cannot_print_is_escaped() {
        struct Case {
            name: &'static str,
            value: &'static str,
            expected: &'static str,
        }
        for Case {
            name,
            value,
            expected,
        } in [
            Case {
                name: "plain",
                value: "abc",
                expected: r#""abc""#,
            },
            Case {
                name: "C0",
                value: "a\n\t\0\u{1b}b",
                expected: r#""a\n\t\u0000\u001bb""#,
            },
            Case {
                name: "DEL",
                value: "\u{7f}",
                expected: r#""\u007f""#,
            },
            Case {
                name: "C1, NEL included",
                value: "\u{80}\u{85}\u{9f}",
                expected: r#""\u0080\u0085\u009f""#,
            },
            Case {
                name: "separators",
                value: "\u{2028}x\u{2029}",
                expected: r#""\u2028x\u2029""#,
            },
            Case {
                name: "byte order mark",
                value: "\u{feff}",
                expected: r#""\ufeff""#,
            },
            Case {
                name: "noncharacters",
                value: "\u{fffe}\u{ffff}",
                expected: r#""\ufffe\uffff""#,
            },
            Case {
                name: "accents and beyond the BMP stay",
                value: "é🔐\u{a0}",
                expected: "\"é🔐\u{a0}\"",
            },
            Case {
                name: "quotes",
                value: r#"a"\/"#,
                expected: r#""a\"\\/""#,
            },
        ] {
            let text = encode(value);
            let text = text.expose();
            assert_eq!(text, expected, "{name}");
            assert_eq!(
                serde_json::from_str::<String>(text).unwrap(),
                value,
                "{name}: JSON"
            );
            assert_eq!(
                serde_yaml::from_str::<String>(text).unwrap(),
                value,
                "{name}: YAML"
            );
        }
    }
}
