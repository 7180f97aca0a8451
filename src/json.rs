//! JSON that a YAML reader takes for the same value.
//!
//! `relation-set --file` reads its input with go-yaml v2, and Charmed Kratos
//! puts what it reads from the databag into a YAML file. JSON is nearly a subset
//! of YAML; this module keeps to the part that is.

use std::fmt::Write as _;

use serde::{Serialize, Serializer as _};

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
    write(&mut Writer::new(&mut text)).expect("the type can be JSON");
    // To wipe a buffer is to touch all of it.
    text.shrink_to_fit();
    let text = String::from_utf8(text).expect("serde_json writes UTF-8");
    printable(Secret::new(text))
}

type Writer<'a> = serde_json::Serializer<&'a mut Vec<u8>>;

/// `json` with the escapes of [`encode`] on top of those that JSON itself asks for.
/// What is escaped here can stand in a string only.
fn printable(json: Secret) -> Secret {
    let text = json.expose();
    // Nearly all of it is, and this takes a fraction of the time.
    if text.is_ascii() && !text.contains('\u{7f}') {
        return json;
    }
    let unprintable = text.chars().filter(|c| is_unprintable(*c)).count();
    if unprintable == 0 {
        return json;
    }
    let mut escaped = String::with_capacity(text.len() + unprintable * "\\u0000".len());
    for c in text.chars() {
        if is_unprintable(c) {
            // A `String` takes everything.
            let _ = write!(escaped, "\\u{:04x}", u32::from(c));
        } else {
            escaped.push(c);
        }
    }
    Secret::new(escaped)
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
