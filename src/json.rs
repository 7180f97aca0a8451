//! JSON that a YAML reader takes for the same value.
//!
//! `relation-set --file` reads its input with go-yaml v2, and Charmed Kratos
//! puts what it reads from the databag into a YAML file. JSON is nearly a subset
//! of YAML; this module keeps to the part that is.

use std::io;

use serde::{Serialize, Serializer as _};
use serde_json::ser::{CompactFormatter, Formatter};

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
/// If `T` cannot be JSON, as a map whose keys are maps: a slip in this program
/// and no matter of what `value` holds.
pub(crate) fn encode<T: Serialize + ?Sized>(value: &T) -> Secret {
    written(0, |writer| value.serialize(writer))
}

/// As [`encode`], a list of what `items` gives, one after another.
///
/// # Panics
///
/// As [`encode`].
pub(crate) fn encode_list<T: Serialize>(items: impl Iterator<Item = T>) -> Secret {
    // A provider without a mapper takes less. A buffer that grows is copied, and what it
    // leaves behind is not wiped.
    let capacity = items.size_hint().0 * 512;
    written(capacity, |writer| writer.collect_seq(items))
}

#[expect(
    clippy::expect_used,
    reason = "structs and maps of texts are always JSON"
)]
fn written(
    capacity: usize,
    write: impl FnOnce(&mut Writer<'_>) -> Result<(), serde_json::Error>,
) -> Secret {
    let mut text = Vec::with_capacity(capacity);
    let mut writer = serde_json::Serializer::with_formatter(&mut text, Printable);
    write(&mut writer).expect("the type can be JSON");
    // To wipe a buffer is to touch all of it.
    text.shrink_to_fit();
    Secret::new(String::from_utf8(text).expect("serde_json writes UTF-8"))
}

type Writer<'a> = serde_json::Serializer<&'a mut Vec<u8>, Printable>;

/// `serde_json`'s compact form, with the escapes of [`encode`] on top of the C0
/// controls that JSON itself asks for.
struct Printable;

impl Formatter for Printable {
    fn write_string_fragment<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        // Keys and most values; it takes a fraction of the time.
        if fragment.bytes().all(|byte| byte < 0x7f) {
            return CompactFormatter.write_string_fragment(writer, fragment);
        }
        let mut rest = fragment;
        while let Some(at) = rest.find(is_unprintable) {
            let (plain, tail) = rest.split_at(at);
            CompactFormatter.write_string_fragment(writer, plain)?;
            let mut chars = tail.chars();
            if let Some(c) = chars.next() {
                write!(writer, "\\u{:04x}", u32::from(c))?;
            }
            rest = chars.as_str();
        }
        CompactFormatter.write_string_fragment(writer, rest)
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
        for (name, value, expected) in [
            ("plain", "abc", r#""abc""#),
            ("C0", "a\n\t\0\u{1b}b", r#""a\n\t\u0000\u001bb""#),
            ("DEL", "\u{7f}", r#""\u007f""#),
            (
                "C1, NEL included",
                "\u{80}\u{85}\u{9f}",
                r#""\u0080\u0085\u009f""#,
            ),
            ("separators", "\u{2028}x\u{2029}", r#""\u2028x\u2029""#),
            ("byte order mark", "\u{feff}", r#""\ufeff""#),
            ("no characters", "\u{fffe}\u{ffff}", r#""\ufffe\uffff""#),
            (
                "accents and beyond the BMP stay",
                "é🔐\u{a0}",
                "\"é🔐\u{a0}\"",
            ),
            ("quotes", r#"a"\/"#, r#""a\"\\/""#),
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
