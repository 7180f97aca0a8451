//! Which texts YAML reads unchanged without quotes.
//!
//! Charmed Kratos writes each value of a provider unquoted into Kratos'
//! configuration, as `key: value` in a map in a list. YAML calls this a plain
//! scalar. A text that is not a plain scalar changes or breaks the whole
//! configuration of Kratos. [`read`] tells beforehand how a value is read.
//!
//! Two readers matter:
//!
//! * Kratos' own, Go's `gopkg.in/yaml.v3`, into an `interface{}`: it must find
//!   exactly the same string. Its rules: `yaml_parser_update_buffer` in `readerc.go`,
//!   `yaml_parser_fetch_next_token` and `yaml_parser_scan_plain_scalar` in
//!   `scannerc.go`, `resolve` and `parseTimestamp` in `resolve.go`.
//! * `PyYAML`, which the Kratos charm uses, for YAML 1.1: it must not fail. If it
//!   finds another type than a string, that does no harm as long as Kratos does not.
//!   Its rules: `Reader.check_printable`, `Scanner.check_plain`, `Scanner.scan_plain`,
//!   the patterns at the end of `resolver.py`, `SafeConstructor`.
//!
//! The matchers below follow these readers, bugs included, and not YAML's grammar:
//! `0b-1` is a number and `1e999` is not, because yaml.v3 does it that way. We compared
//! them with yaml.v3 3.0.1 and `PyYAML` 6.0.3 on three million values, including near
//! misses of every rule. Two differences are left:
//!
//! * Numbers with hundreds of digits count as numbers, although some are read as text
//!   (see `LONGEST_OVERFLOW`).
//! * U+FEFF is accepted, as it is by both readers. But yaml.v3's `is_bom` looks at the
//!   start of its buffer instead of the current position, so it may skip the first
//!   character of a later line if it happens to refill the buffer at the mark. That
//!   depends on the rest of the file, which we do not know.
//!
//! Three things that you might expect do not matter. Document markers (`---`, `...`)
//! and directives count only in the first column. The signs of flow collections
//! (`,[]{}`) count only within those, or as the first character. The limit of 1024
//! characters is for keys.

mod reading;
mod rest;
mod yaml_1_1;

use std::borrow::Cow;

use juju_hook::{Secret, json};

pub use self::reading::{Reading, Why};
use self::rest::{Rest, date, is_digit, is_space, split_sign};
use self::yaml_1_1::resolve_1_1;

/// `value` without the white space around it, which YAML drops: spaces, tabs and the line
/// breaks of YAML 1.1.
#[must_use]
pub fn trimmed(value: &str) -> &str {
    value.trim_matches(|c| matches!(c, ' ' | '\t') || is_break(c))
}

/// The text of a value that is quoted as a whole, in either kind of YAML quotes. `None` for any
/// other value, and if the readers may read the quotes differently: only escapes that JSON shares
/// with YAML are accepted.
#[must_use]
pub fn unquoted(value: &str) -> Option<String> {
    let is_one_line = !value.contains(|c| c == '\t' || is_unprintable(c) || is_break(c));
    let inner = value
        .strip_prefix('\'')
        .and_then(|rest| rest.strip_suffix('\''));
    let text = if let Some(inner) = inner {
        let apart = inner.replace("\'\'", "");
        (!apart.contains('\'')).then(|| inner.replace("\'\'", "'"))
    } else {
        let is_quoted = value.starts_with('"') && !value.contains("\\/") && !has_surrogate(value);
        is_quoted
            .then(|| serde_json::from_str(value).ok())
            .flatten()
    };
    text.filter(|text: &String| is_one_line && !text.is_empty())
}

/// Whether a character is written as two escapes, as in JSON: YAML uses one.
fn has_surrogate(value: &str) -> bool {
    value
        .to_ascii_lowercase()
        .match_indices("\\ud")
        .any(|(at, _)| {
            matches!(
                value.as_bytes().get(at + 3),
                Some(b'8'..=b'9' | b'a'..=b'f' | b'A'..=b'F')
            )
        })
}

/// What `value` means to Kratos, whose charm writes it into YAML without quotes: the text without
/// white space around it, or the text within its quotes.
#[must_use]
pub fn meant(value: &str) -> Cow<'_, str> {
    let value = trimmed(value);
    unquoted(value).map_or(Cow::Borrowed(value), Cow::Owned)
}

/// How to publish `value` so that it reaches Kratos unchanged through a charm that writes it without
/// quotes. If YAML reads it unchanged, or it is already in quotes, that is the value without white
/// space around it. Otherwise it is a JSON string literal, which YAML reads as the value.
#[must_use]
pub fn written(value: &str) -> Cow<'_, str> {
    let value = trimmed(value);
    let is_bent = matches!(read(value), Reading::Bent(_));
    if is_bent && unquoted(value).is_none() {
        Cow::Owned(json::encode(value).into_exposed())
    } else {
        Cow::Borrowed(value)
    }
}

/// How `value` is read.
#[must_use]
pub fn read(value: &str) -> Reading {
    match scan(value).or_else(|| resolve(value)) {
        Some(why) => Reading::Bent(why),
        None => resolve_1_1(value),
    }
}

/// Why `value` as a whole is not one plain scalar. Here both readers agree, except on tabs.
fn scan(value: &str) -> Option<Why> {
    // Nearly every value is printable ASCII, in which only a space can be wrong until its
    // characters are examined.
    let is_printable_ascii = value.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    // `yaml_parser_update_buffer` and `Reader.check_printable` refuse the file.
    if !is_printable_ascii && value.contains(is_unprintable) {
        return Some(Why::Unprintable);
    }
    // A scalar may continue in the next line, but then the line break is read as a space.
    if !is_printable_ascii && value.contains(is_break) {
        return Some(Why::LineBreak);
    }
    let is_blank = |byte: Option<&u8>| matches!(byte, Some(b' ' | b'\t'));
    if is_blank(value.as_bytes().first()) || is_blank(value.as_bytes().last()) {
        return Some(Why::WhiteSpace);
    }
    // `Scanner.scan_plain_spaces` accepts only spaces; yaml.v3 would accept the tab.
    if !is_printable_ascii && value.contains('\t') {
        return Some(Why::Tab);
    }
    match value.chars().next() {
        None => return Some(Why::Empty),
        Some('#') => return Some(Why::Comment),
        Some('"' | '\'') => return Some(Why::Quote),
        Some(',' | '[' | ']' | '{' | '}' | '&' | '*' | '!' | '|' | '>' | '%' | '@' | '`') => {
            return Some(Why::Indicator);
        }
        // Like `:`, these are text unless nothing or a space follows.
        Some('-' | '?') if value.len() == 1 || value[1..].starts_with(' ') => {
            return Some(Why::Indicator);
        }
        Some(_) => {}
    }
    let has_space = value.contains(' ');
    if value.ends_with(':') || has_space && value.contains(": ") {
        return Some(Why::Colon);
    }
    (has_space && value.contains(" #")).then_some(Why::Comment)
}

/// The characters that both readers refuse: all outside the range in the comment near the end of
/// `yaml_parser_update_buffer`, which is that of `Reader.NON_PRINTABLE`. U+FEFF and everything
/// beyond the BMP are in that range.
fn is_unprintable(c: char) -> bool {
    matches!(
        c,
        '\0'..='\u{8}'
            | '\u{b}'..='\u{c}'
            | '\u{e}'..='\u{1f}'
            | '\u{7f}'..='\u{84}'
            | '\u{86}'..='\u{9f}'
            | '\u{fffe}'
            | '\u{ffff}'
    )
}

/// The line breaks of YAML 1.1: `is_break` in `yamlprivateh.go`. YAML 1.2 kept only the first two,
/// but yaml.v3 kept all.
fn is_break(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}')
}

/// Which type other than a string yaml.v3 gives a plain scalar: its `resolve`.
fn resolve(value: &str) -> Option<Why> {
    match value {
        "~" | "null" | "Null" | "NULL" => return Some(Why::Null),
        "true" | "True" | "TRUE" | "false" | "False" | "FALSE" => return Some(Why::Boolean),
        ".nan" | ".NaN" | ".NAN" | ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF"
        | "-.inf" | "-.Inf" | "-.INF" => return Some(Why::Number),
        _ => {}
    }
    // The hints of `resolveTable`.
    match value.as_bytes().first()? {
        b'.' => is_go_float(value).then_some(Why::Number),
        b'0'..=b'9' | b'+' | b'-' if is_timestamp(value) => Some(Why::Date),
        b'0'..=b'9' | b'+' | b'-' => {
            let plain = without_underscores(value);
            let plain = plain.expose();
            (is_integer(plain) || is_float(plain)).then_some(Why::Number)
        }
        _ => None,
    }
}

/// `value` without any `_`, as yaml.v3 reads numbers. It may be a secret that begins like a number.
fn without_underscores(value: &str) -> Secret {
    Secret::new(value.replace('_', ""))
}

/// `strconv.ParseInt` and `ParseUint` with base 0, and what `resolve` tries after
/// them.
fn is_integer(plain: &str) -> bool {
    let (sign, number) = split_sign(plain);
    let (prefix, digits) = number.split_at_checked(2).unwrap_or(("", number));
    let base = match prefix {
        "0b" | "0B" => 2,
        "0o" | "0O" => 8,
        "0x" | "0X" => 16,
        // As in C; a comment in `resolve` says that it keeps YAML 1.1's octals. The leading zero
        // changes nothing.
        _ if number.starts_with('0') => return fits(sign, number, 8),
        _ => return fits(sign, number, 10),
    };
    if fits(sign, digits, base) {
        return true;
    }
    // The part after `0b` and `0o` goes to `ParseInt` again, with its own sign.
    let (inner, digits) = split_sign(digits);
    sign.is_none() && inner.is_some() && matches!(prefix, "0b" | "0o") && fits(inner, digits, base)
}

/// Whether there are `digits`, and the number fits into Go's `int64`, or its `uint64` if it has no
/// sign.
fn fits(sign: Option<u8>, digits: &str, base: u32) -> bool {
    let limit = match sign {
        None => u64::MAX,
        Some(b'-') => i64::MIN.unsigned_abs(),
        Some(_) => i64::MAX.unsigned_abs(),
    };
    // `from_str_radix` would accept another `+`.
    split_sign(digits).0.is_none()
        && u64::from_str_radix(digits, base).is_ok_and(|number| number <= limit)
}

/// The maximum length in bytes of a number that may be out of range.
///
/// For yaml.v3 a number beyond the range of a double is a string. We let `f64` decide, which reads
/// every digit. Go's `readFloat` keeps only 800 digits, and five of the exponent, which makes a
/// difference if hundreds of zeros cancel out the exponent. We do not copy that but stay on the safe
/// side: in quotes, every number is read correctly.
const LONGEST_OVERFLOW: usize = 800;

/// The pattern `yamlStyleFloat`, and whether `strconv.ParseFloat` accepts what matches: `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`.
fn is_float(plain: &str) -> bool {
    let mut rest = Rest(plain);
    rest.eat("+-");
    let mut digits = rest.run(is_digit).len();
    if rest.eat(".") {
        digits += rest.run(is_digit).len();
    }
    if digits == 0 {
        return false;
    }
    if rest.eat("eE") {
        rest.eat("+-");
        if rest.run(is_digit).is_empty() {
            return false;
        }
    }
    rest.is_empty()
        && plain
            .parse()
            .is_ok_and(|number: f64| number.is_finite() || plain.len() > LONGEST_OVERFLOW)
}

/// `strconv.ParseFloat` for a value that begins with a dot: here `resolve` keeps the underscores,
/// and Go requires each to be between two digits (`underscoreOK`).
fn is_go_float(value: &str) -> bool {
    let bytes = value.as_bytes();
    let is_digit_at = |at: usize| bytes.get(at).copied().is_some_and(is_digit);
    let placed = value
        .match_indices('_')
        .all(|(at, _)| at > 0 && is_digit_at(at - 1) && is_digit_at(at + 1));
    placed && is_float(without_underscores(value).expose())
}

/// `parseTimestamp`: its four layouts as Go's `time.Parse` reads them. It accepts one digit instead
/// of two, a comma instead of the dot, and several spaces instead of one.
fn is_timestamp(value: &str) -> bool {
    let mut rest = Rest(value);
    let Some((_, date_exists)) = date(&mut rest) else {
        return false;
    };
    date_exists && (rest.is_empty() || go_time(&mut rest).is_some() && rest.is_empty())
}

/// The time of day after a date, with a zone after a `T` and without one after spaces; `None` if a
/// part is out of range.
fn go_time(rest: &mut Rest<'_>) -> Option<()> {
    let zoned = rest.eat("Tt");
    if !zoned && rest.run(is_space).is_empty() {
        return None;
    }
    rest.number(1, 2).filter(|hour| *hour < 24)?;
    rest.expect(":")?;
    rest.number(1, 2).filter(|minute| *minute < 60)?;
    rest.expect(":")?;
    rest.number(1, 2).filter(|second| *second < 60)?;
    if rest.eat(".,") && rest.run(is_digit).is_empty() {
        return None;
    }
    if zoned && !rest.eat("Z") {
        rest.expect("+-")?;
        // Sic: "some people do write offsets of 24 hours or 60 minutes".
        rest.number(2, 2).filter(|hours| *hours <= 24)?;
        rest.expect(":")?;
        rest.number(2, 2).filter(|minutes| *minutes <= 60)?;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use proptest::sample::select;
    use proptest::test_runner::Config;
    use serde::Deserialize;

    use super::Reading::{Bent, OtherInYaml1_1, Same};
    use super::*;

    /// What both readers made of some values; the file says what its words mean.
    #[derive(Deserialize)]
    struct Vectors {
        rows: Vec<Row>,
    }

    /// One value of [`Vectors`].
    #[derive(Deserialize)]
    struct Row {
        value: String,
        yaml_v3: String,
        yaml_1_1: String,
    }

    #[test]
    fn both_readers_agree() {
        let vectors: Vectors = serde_json::from_str(include_str!(
            "../../../tests/vectors/yaml-plain-scalars.json"
        ))
        .unwrap();
        assert!(vectors.rows.len() > 200);
        for row in vectors.rows {
            let expected = match (row.yaml_v3.as_str(), row.yaml_1_1.as_str()) {
                ("same", "same") => "gets through",
                ("same", "error") => "is bent",
                ("same", _) => "is for YAML 1.1 to type",
                (_, _) => "is bent",
            };
            let actual = match read(&row.value) {
                Same => "gets through",
                OtherInYaml1_1 => "is for YAML 1.1 to type",
                Bent(_) => "is bent",
            };
            assert_eq!(actual, expected, "{:?}", row.value);
        }
    }

    struct Case {
        name: &'static str,
        value: &'static str,
        reading: Reading,
    }

    /// Checks named cases. The vectors have neither reasons nor all corners of the
    /// rules; all cases here are as yaml.v3 3.0.1 and `PyYAML` 6.0.3 read them.
    fn check(cases: &[Case]) {
        for Case {
            name,
            value,
            reading,
        } in cases
        {
            assert_eq!(read(value), *reading, "{name}: {value:?}");
        }
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table")]
    fn a_plain_scalar_is_one_line_and_all_of_it() {
        check(&[
            Case {
                name: "nothing",
                value: "",
                reading: Bent(Why::Empty),
            },
            Case {
                name: "spaces only",
                value: "  ",
                reading: Bent(Why::WhiteSpace),
            },
            Case {
                name: "a tab before",
                value: "\ta",
                reading: Bent(Why::WhiteSpace),
            },
            Case {
                name: "a tab inside",
                value: "a\tb",
                reading: Bent(Why::Tab),
            },
            Case {
                name: "a tab after a space",
                value: "a \tb",
                reading: Bent(Why::Tab),
            },
            Case {
                name: "other white space is text",
                value: "\u{a0}a\u{3000}",
                reading: Same,
            },
            Case {
                name: "a line feed at the end",
                value: "a\n",
                reading: Bent(Why::LineBreak),
            },
            Case {
                name: "next line, of EBCDIC",
                value: "a\u{85}",
                reading: Bent(Why::LineBreak),
            },
            Case {
                name: "a paragraph separator",
                value: "\u{2029}a",
                reading: Bent(Why::LineBreak),
            },
            Case {
                name: "a form feed, which is not a line break",
                value: "a\u{c}b",
                reading: Bent(Why::Unprintable),
            },
            Case {
                name: "worse goes first",
                value: "a\n\0",
                reading: Bent(Why::Unprintable),
            },
            Case {
                name: "a noncharacter that is refused",
                value: "\u{ffff}",
                reading: Bent(Why::Unprintable),
            },
            Case {
                name: "noncharacters that are not",
                value: "\u{fdd0}\u{1fffe}",
                reading: Same,
            },
            Case {
                name: "beyond the BMP",
                value: "\u{10ffff}",
                reading: Same,
            },
            Case {
                name: "a byte order mark inside",
                value: "a\u{feff}b",
                reading: Same,
            },
            Case {
                name: "a quoted text",
                value: "\"a\"",
                reading: Bent(Why::Quote),
            },
            Case {
                name: "a quote inside",
                value: "it's \"so\"",
                reading: Same,
            },
            Case {
                name: "a tag",
                value: "!!str x",
                reading: Bent(Why::Indicator),
            },
            Case {
                name: "a block scalar",
                value: "|",
                reading: Bent(Why::Indicator),
            },
            Case {
                name: "an entry of a list",
                value: "- a",
                reading: Bent(Why::Indicator),
            },
            Case {
                name: "only a dash",
                value: "-",
                reading: Bent(Why::Indicator),
            },
            Case {
                name: "a dash before a letter",
                value: "-a",
                reading: Same,
            },
            Case {
                name: "a dash before a no-break space",
                value: "-\u{a0}a",
                reading: Same,
            },
            Case {
                name: "a question mark and a break",
                value: "?",
                reading: Bent(Why::Indicator),
            },
            Case {
                name: "a question mark before a letter",
                value: "?a",
                reading: Same,
            },
            Case {
                name: "a document marker is not in the first column",
                value: "--- a",
                reading: Same,
            },
            Case {
                name: "only a colon",
                value: ":",
                reading: Bent(Why::Colon),
            },
            Case {
                name: "a colon first",
                value: ":a",
                reading: Same,
            },
            Case {
                name: "a colon first, before a space",
                value: ": a",
                reading: Bent(Why::Colon),
            },
            Case {
                name: "a colon last",
                value: "https:",
                reading: Bent(Why::Colon),
            },
            Case {
                name: "colons inside",
                value: "a:b::c :d",
                reading: Same,
            },
            Case {
                name: "a colon before a no-break space",
                value: "a:\u{a0}b",
                reading: Same,
            },
            Case {
                name: "a number sign first",
                value: "#a",
                reading: Bent(Why::Comment),
            },
            Case {
                name: "a number sign after a space",
                value: "a #",
                reading: Bent(Why::Comment),
            },
            Case {
                name: "a number sign after a no-break space",
                value: "a\u{a0}#b",
                reading: Same,
            },
            Case {
                name: "a URL",
                value: "https://a.example/b?c=d,[e]#f",
                reading: Same,
            },
            Case {
                name: "scopes",
                value: "openid profile email",
                reading: Same,
            },
        ]);
    }

    #[test]
    fn some_words_are_not_text() {
        check(&[
            Case {
                name: "null",
                value: "NULL",
                reading: Bent(Why::Null),
            },
            Case {
                name: "null with odd case",
                value: "nuLL",
                reading: Same,
            },
            Case {
                name: "true",
                value: "True",
                reading: Bent(Why::Boolean),
            },
            Case {
                name: "yes",
                value: "Yes",
                reading: OtherInYaml1_1,
            },
            Case {
                name: "yes with odd case",
                value: "yEs",
                reading: Same,
            },
            Case {
                name: "one letter, which PyYAML leaves out",
                value: "y",
                reading: Same,
            },
            Case {
                name: "merge",
                value: "<<",
                reading: Bent(Why::Yaml1_1),
            },
            Case {
                name: "value",
                value: "=",
                reading: Bent(Why::Yaml1_1),
            },
        ]);
    }

    #[test]
    fn integers_are_not_text() {
        check(&[
            Case {
                name: "octal",
                value: "0777",
                reading: Bent(Why::Number),
            },
            Case {
                name: "not octal, so it is a float",
                value: "0888",
                reading: Bent(Why::Number),
            },
            Case {
                name: "capital prefixes, for ParseInt only",
                value: "0B1",
                reading: Bent(Why::Number),
            },
            Case {
                name: "the sign goes before the prefix",
                value: "-0x1f",
                reading: Bent(Why::Number),
            },
            Case {
                name: "or after it, where resolve asks twice",
                value: "0b-1",
                reading: Bent(Why::Number),
            },
            Case {
                name: "also a plus",
                value: "0o+7",
                reading: Bent(Why::Number),
            },
            Case {
                name: "not for hexadecimals",
                value: "0x-1",
                reading: Same,
            },
            Case {
                name: "nor in capitals",
                value: "0B-1",
                reading: Same,
            },
            Case {
                name: "nor twice",
                value: "-0b-1",
                reading: Same,
            },
            Case {
                name: "no digits",
                value: "0o",
                reading: Same,
            },
            Case {
                name: "underscores anywhere",
                value: "0_x1_f_",
                reading: Bent(Why::Number),
            },
            Case {
                name: "but not first",
                value: "_1",
                reading: Same,
            },
            Case {
                name: "after a sign",
                value: "-_1",
                reading: Bent(Why::Number),
            },
            Case {
                name: "the largest of 64 bits",
                value: "0xffffffffffffffff",
                reading: Bent(Why::Number),
            },
            Case {
                name: "with a sign there are 63",
                value: "+0xffffffffffffffff",
                reading: OtherInYaml1_1,
            },
            Case {
                name: "the least",
                value: "-0x8000000000000000",
                reading: Bent(Why::Number),
            },
            Case {
                name: "less than that",
                value: "-0x8000000000000001",
                reading: OtherInYaml1_1,
            },
            Case {
                name: "more than 64 bits in octal is a float",
                value: "07777777777777777777777777",
                reading: Bent(Why::Number),
            },
            Case {
                name: "with a prefix it is not, and 1.1 has no such",
                value: "0o7777777777777777777777777",
                reading: Same,
            },
        ]);
    }

    #[test]
    fn integers_of_yaml_1_1_only_are_text() {
        check(&[
            Case {
                name: "no hexadecimal digits",
                value: "0x_",
                reading: Bent(Why::Yaml1_1),
            },
            Case {
                name: "no binary digits",
                value: "-0b__",
                reading: Bent(Why::Yaml1_1),
            },
            Case {
                name: "base 60",
                value: "1:30",
                reading: OtherInYaml1_1,
            },
            Case {
                name: "base 60, negative and long",
                value: "-1_0:5:59",
                reading: OtherInYaml1_1,
            },
            Case {
                name: "not a minute",
                value: "1:60",
                reading: Same,
            },
            Case {
                name: "not an hour",
                value: "01:30",
                reading: Same,
            },
            Case {
                name: "an address",
                value: "10:20:30:aa:bb:cc",
                reading: Same,
            },
        ]);
    }

    #[test]
    fn floats_are_not_text() {
        check(&[
            Case {
                name: "an exponent",
                value: "1e5",
                reading: Bent(Why::Number),
            },
            Case {
                name: "with a sign",
                value: "-1.E+05",
                reading: Bent(Why::Number),
            },
            Case {
                name: "without digits",
                value: "1e",
                reading: Same,
            },
            Case {
                name: "an id, whose exponent is too large",
                value: "123e4567",
                reading: Same,
            },
            Case {
                name: "beyond a double",
                value: "1e999",
                reading: Same,
            },
            Case {
                name: "beyond a double, in the pattern of 1.1",
                value: "1.0e+999",
                reading: OtherInYaml1_1,
            },
            Case {
                name: "below a double is zero",
                value: "1e-999",
                reading: Bent(Why::Number),
            },
            Case {
                name: "a dot first",
                value: ".5",
                reading: Bent(Why::Number),
            },
            Case {
                name: "a dot first, underscores between digits",
                value: ".5_0e1_0",
                reading: Bent(Why::Number),
            },
            Case {
                name: "a dot first, an underscore last",
                value: ".5_",
                reading: OtherInYaml1_1,
            },
            Case {
                name: "a dot first, an underscore next",
                value: "._5",
                reading: Same,
            },
            Case {
                name: "a sign, a dot, an underscore",
                value: "+._5",
                reading: Bent(Why::Number),
            },
            Case {
                name: "a dot",
                value: ".",
                reading: Same,
            },
            Case {
                name: "a version",
                value: "1.2.3",
                reading: Same,
            },
            Case {
                name: "infinity",
                value: "+.INF",
                reading: Bent(Why::Number),
            },
            Case {
                name: "not a number, which has no sign",
                value: "-.nan",
                reading: Same,
            },
            Case {
                name: "a word of C",
                value: "-inf",
                reading: Same,
            },
            Case {
                name: "hexadecimal floats are Go's, not YAML's",
                value: "0x1p-2",
                reading: Same,
            },
            Case {
                name: "base 60, with a fraction",
                value: "0:30.5_",
                reading: OtherInYaml1_1,
            },
        ]);
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table")]
    fn dates_are_not_text() {
        check(&[
            Case {
                name: "a date",
                value: "2001-02-28",
                reading: Bent(Why::Date),
            },
            Case {
                name: "digits left out",
                value: "2001-2-3",
                reading: Bent(Why::Date),
            },
            Case {
                name: "a leap day",
                value: "2000-02-29",
                reading: Bent(Why::Date),
            },
            Case {
                name: "not a leap day",
                value: "1900-02-29",
                reading: Bent(Why::NoSuchDate),
            },
            Case {
                name: "not a leap day, digits left out",
                value: "1900-2-29",
                reading: Same,
            },
            Case {
                name: "the year 0, of Go only",
                value: "0000-01-01",
                reading: Bent(Why::Date),
            },
            Case {
                name: "a time",
                value: "2001-02-03 4:5:6",
                reading: Bent(Why::Date),
            },
            Case {
                name: "more spaces",
                value: "2001-02-03   04:05:06",
                reading: Bent(Why::Date),
            },
            Case {
                name: "a comma, which Go takes for a dot",
                value: "2001-02-03 04:05:06,7",
                reading: Bent(Why::Date),
            },
            Case {
                name: "a dot without digits, of 1.1 only",
                value: "2001-02-03 04:05:06.",
                reading: OtherInYaml1_1,
            },
            Case {
                name: "a T and a zone",
                value: "2001-02-03t04:05:06.7-08:00",
                reading: Bent(Why::Date),
            },
            Case {
                name: "a T and no zone, of 1.1 only",
                value: "2001-02-03T04:05:06",
                reading: OtherInYaml1_1,
            },
            Case {
                name: "a space and a zone, of 1.1 only",
                value: "2001-02-03 04:05:06 -5",
                reading: OtherInYaml1_1,
            },
            Case {
                name: "a zone that Go takes",
                value: "2001-02-03T04:05:06+24:60",
                reading: Bent(Why::Date),
            },
            Case {
                name: "a zone that neither takes",
                value: "2001-02-03T04:05:06+24:61",
                reading: Bent(Why::NoSuchDate),
            },
            Case {
                name: "the last zone",
                value: "2001-02-03 04:05:06+23:59",
                reading: OtherInYaml1_1,
            },
            Case {
                name: "hour 24",
                value: "2001-02-03 24:00:00",
                reading: Bent(Why::NoSuchDate),
            },
            Case {
                name: "a leap second",
                value: "2016-12-31T23:59:60Z",
                reading: Bent(Why::NoSuchDate),
            },
            Case {
                name: "a month",
                value: "2001-02",
                reading: Same,
            },
            Case {
                name: "a date and more",
                value: "2001-02-03-a",
                reading: Same,
            },
            Case {
                name: "five digits",
                value: "20010-01-01",
                reading: Same,
            },
        ]);
    }

    #[test]
    fn length_matters_in_numbers_only() {
        struct Long {
            name: &'static str,
            value: String,
            reading: Reading,
        }

        let many = |text: &str, times| text.repeat(times);
        for Long {
            name,
            value,
            reading,
        } in [
            Long {
                name: "text",
                value: many("a, b", 5_000),
                reading: Same,
            },
            Long {
                name: "too large for a double",
                value: many("9", 309),
                reading: OtherInYaml1_1,
            },
            Long {
                name: "just not",
                value: many("9", 308),
                reading: Bent(Why::Number),
            },
            Long {
                name: "the last that Go reads as we do",
                value: many("9", 800),
                reading: OtherInYaml1_1,
            },
            Long {
                name: "longer, to be on the safe side",
                value: many("9", 801),
                reading: Bent(Why::Number),
            },
            Long {
                name: "underscores do not count",
                value: many("9", 800) + "_",
                reading: OtherInYaml1_1,
            },
            Long {
                name: "bits do not either",
                value: "0b".to_owned() + &many("1", 5_000),
                reading: OtherInYaml1_1,
            },
            Long {
                name: "base 60",
                value: "1".to_owned() + &many(":1", 200),
                reading: OtherInYaml1_1,
            },
            Long {
                name: "base 60, the last float",
                value: "1".to_owned() + &many(":1", 173) + ".",
                reading: OtherInYaml1_1,
            },
            Long {
                name: "base 60, no longer a float",
                value: "1".to_owned() + &many(":1", 174) + ".",
                reading: Bent(Why::Yaml1_1),
            },
            Long {
                // Go keeps 800 digits, and finds a number.
                name: "zeros that make up for an exponent, beyond what Go keeps",
                value: "1".to_owned() + &many("0", 800) + "e-491",
                reading: Bent(Why::Number),
            },
            Long {
                // Go reads the exponent as 30000, and finds 0.1.
                name: "zeros that make up for an exponent",
                value: "0.".to_owned() + &many("0", 30_000) + "1e300000",
                reading: Bent(Why::Number),
            },
        ] {
            assert_eq!(read(&value), reading, "{name}");
        }
    }

    #[test]
    fn a_reason_is_one_short_line() {
        for why in [
            Why::Empty,
            Why::WhiteSpace,
            Why::LineBreak,
            Why::Unprintable,
            Why::Tab,
            Why::Quote,
            Why::Indicator,
            Why::Colon,
            Why::Comment,
            Why::Null,
            Why::Boolean,
            Why::Number,
            Why::Date,
            Why::NoSuchDate,
            Why::Yaml1_1,
        ] {
            let text = why.to_string();
            assert!(text.len() < 60 && !text.contains(['\n', ':']), "{text}");
        }
    }

    /// Texts near every rule: pieces that mean something to one of the readers.
    fn texts() -> impl Strategy<Value = String> {
        let digits = "0 1 7 9 00 12 30 59 60 308 2001 4300 - + _ . e E : , 0x 0b 0o f F";
        let dates = "2001 0000 -1 -02 -29 -31 T t 10 :30 :59 :61 .5 Z +01:00 -5 +24:60 -";
        let words = "true False NULL ~ yes No on OFF y << = .inf -.INF .nan nan e 1 -";
        let signs = "- ? : , [ ] { } # & * ! | > ' \" % @ ` \\ / = < ~ ( ) --- ... !!str a b é 😀";
        let odd = "\t \n \r \u{85} \u{a0} \u{2028} \u{2029} \u{feff} \u{fffd} \u{fffe} \0 \u{1b} \u{7f} \u{9f}";
        let pieces = |list: &'static str| select(list.split(' ').collect::<Vec<_>>());
        let owned = |list| pieces(list).prop_map(str::to_owned);
        let some = |piece: BoxedStrategy<String>| {
            prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat())
        };
        let blank = || Just(" ".to_owned());
        let any_char = || any::<char>().prop_map(String::from);
        prop_oneof![
            3 => some(owned(digits).boxed()),
            2 => some(prop_oneof![8 => owned(dates), 1 => blank()].boxed()),
            1 => some(prop_oneof![owned(words), owned(digits)].boxed()),
            3 => some(prop_oneof![4 => owned(signs), 2 => blank(), 1 => owned(words)].boxed()),
            1 => some(prop_oneof![4 => owned(signs), 1 => owned(odd), 1 => any_char()].boxed()),
        ]
    }

    /// A provider as the Kratos charm writes it, with a key after the one in question.
    fn document(value: &str) -> String {
        format!("providers:\n- id: x\n  key: {value}\n  last: end\n")
    }

    /// Whether `serde_yaml` may have a number, which has 128 bits, where yaml.v3 with
    /// its 64 has a string.
    fn is_number_of_128_bits(value: &str) -> bool {
        let (_, number) = split_sign(value);
        ["0b", "0o", "0x"]
            .iter()
            .any(|base| number.starts_with(base))
            && number.len() > 16
    }

    proptest! {
        #![proptest_config(Config { cases: 4096, failure_persistence: None, ..Config::default() })]

        /// A reader of a third kind, `libyaml` with the types of YAML 1.2, finds what
        /// gets through unbent.
        #[test]
        fn nothing_gets_through_bent(value in texts()) {
            if let Bent(_) = read(&value) {
                return Ok(());
            }
            let text = document(&value);
            let expected = BTreeMap::from([
                ("id".to_owned(), "x".to_owned()),
                ("key".to_owned(), value.clone()),
                ("last".to_owned(), "end".to_owned()),
            ]);
            // As text, it is the scanner that is asked; as a value, the types.
            let texts: BTreeMap<String, Vec<BTreeMap<String, String>>> =
                serde_yaml::from_str(&text).unwrap();
            prop_assert_eq!(&texts["providers"], &[expected]);
            if !is_number_of_128_bits(&value) {
                let typed: serde_yaml::Value = serde_yaml::from_str(&text).unwrap();
                prop_assert_eq!(typed["providers"][0]["key"].as_str(), Some(value.as_str()));
            }
        }
    }
}
