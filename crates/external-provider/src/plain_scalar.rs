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
        // As `:` these stand for themselves unless they stand alone.
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

    /// Checks named rows. The vectors have neither reasons nor all corners of the
    /// rules; all rows here are as yaml.v3 3.0.1 and `PyYAML` 6.0.3 read them.
    fn check(rows: &[(&str, &str, Reading)]) {
        for (name, value, expected) in rows {
            assert_eq!(read(value), *expected, "{name}: {value:?}");
        }
    }

    #[test]
    fn a_plain_scalar_is_one_line_and_all_of_it() {
        check(&[
            ("nothing", "", Bent(Why::Empty)),
            ("spaces only", "  ", Bent(Why::WhiteSpace)),
            ("a tab before", "\ta", Bent(Why::WhiteSpace)),
            ("a tab inside", "a\tb", Bent(Why::Tab)),
            ("a tab after a space", "a \tb", Bent(Why::Tab)),
            ("other white space is text", "\u{a0}a\u{3000}", Same),
            ("a line feed at the end", "a\n", Bent(Why::LineBreak)),
            ("next line, of EBCDIC", "a\u{85}", Bent(Why::LineBreak)),
            ("a paragraph separator", "\u{2029}a", Bent(Why::LineBreak)),
            ("a form feed is no break", "a\u{c}b", Bent(Why::Unprintable)),
            ("worse goes first", "a\n\0", Bent(Why::Unprintable)),
            (
                "a noncharacter that is refused",
                "\u{ffff}",
                Bent(Why::Unprintable),
            ),
            ("noncharacters that are not", "\u{fdd0}\u{1fffe}", Same),
            ("beyond the BMP", "\u{10ffff}", Same),
            ("a byte order mark inside", "a\u{feff}b", Same),
            ("a quoted text", "\"a\"", Bent(Why::Quote)),
            ("a quote inside", "it's \"so\"", Same),
            ("a tag", "!!str x", Bent(Why::Indicator)),
            ("a block scalar", "|", Bent(Why::Indicator)),
            ("an entry of a list", "- a", Bent(Why::Indicator)),
            ("a dash alone", "-", Bent(Why::Indicator)),
            ("a dash before a letter", "-a", Same),
            ("a dash before white space that is none", "-\u{a0}a", Same),
            ("a question mark and a break", "?", Bent(Why::Indicator)),
            ("a question mark before a letter", "?a", Same),
            (
                "a document marker is not in the first column",
                "--- a",
                Same,
            ),
            ("a colon alone", ":", Bent(Why::Colon)),
            ("a colon first", ":a", Same),
            ("a colon first, before a space", ": a", Bent(Why::Colon)),
            ("a colon last", "https:", Bent(Why::Colon)),
            ("colons inside", "a:b::c :d", Same),
            ("a colon before white space that is none", "a:\u{a0}b", Same),
            ("a number sign first", "#a", Bent(Why::Comment)),
            ("a number sign after a space", "a #", Bent(Why::Comment)),
            (
                "a number sign after white space that is none",
                "a\u{a0}#b",
                Same,
            ),
            ("a URL", "https://a.example/b?c=d,[e]#f", Same),
            ("scopes", "openid profile email", Same),
        ]);
    }

    #[test]
    fn a_word_is_no_text() {
        check(&[
            ("null", "NULL", Bent(Why::Null)),
            ("null with odd case", "nuLL", Same),
            ("true", "True", Bent(Why::Boolean)),
            ("yes", "Yes", OtherInYaml1_1),
            ("yes with odd case", "yEs", Same),
            ("one letter, which PyYAML leaves out", "y", Same),
            ("merge", "<<", Bent(Why::Yaml1_1)),
            ("value", "=", Bent(Why::Yaml1_1)),
        ]);
    }

    #[test]
    fn an_integer_is_no_text() {
        check(&[
            ("octal", "0777", Bent(Why::Number)),
            ("no octal, then it is a float", "0888", Bent(Why::Number)),
            (
                "capital prefixes, for ParseInt only",
                "0B1",
                Bent(Why::Number),
            ),
            (
                "the sign goes before the prefix",
                "-0x1f",
                Bent(Why::Number),
            ),
            (
                "or after it, where resolve asks twice",
                "0b-1",
                Bent(Why::Number),
            ),
            ("also a plus", "0o+7", Bent(Why::Number)),
            ("not for hexadecimals", "0x-1", Same),
            ("nor in capitals", "0B-1", Same),
            ("nor twice", "-0b-1", Same),
            ("no digits", "0o", Same),
            ("underscores anywhere", "0_x1_f_", Bent(Why::Number)),
            ("but not first", "_1", Same),
            ("after a sign", "-_1", Bent(Why::Number)),
            (
                "the largest of 64 bits",
                "0xffffffffffffffff",
                Bent(Why::Number),
            ),
            (
                "with a sign there are 63",
                "+0xffffffffffffffff",
                OtherInYaml1_1,
            ),
            ("the least", "-0x8000000000000000", Bent(Why::Number)),
            ("less than that", "-0x8000000000000001", OtherInYaml1_1),
            (
                "more than 64 bits in octal is a float",
                "07777777777777777777777777",
                Bent(Why::Number),
            ),
            (
                "with a prefix it is not, and 1.1 has no such",
                "0o7777777777777777777777777",
                Same,
            ),
        ]);
    }

    #[test]
    fn an_integer_of_yaml_1_1_is_text() {
        check(&[
            (
                "hexadecimal digits that are none",
                "0x_",
                Bent(Why::Yaml1_1),
            ),
            ("binary digits that are none", "-0b__", Bent(Why::Yaml1_1)),
            ("base 60", "1:30", OtherInYaml1_1),
            ("base 60, negative and long", "-1_0:5:59", OtherInYaml1_1),
            ("no minute", "1:60", Same),
            ("no hour", "01:30", Same),
            ("an address", "10:20:30:aa:bb:cc", Same),
        ]);
    }

    #[test]
    fn a_float_is_no_text() {
        check(&[
            ("an exponent", "1e5", Bent(Why::Number)),
            ("with a sign", "-1.E+05", Bent(Why::Number)),
            ("without digits", "1e", Same),
            ("an id, whose exponent is too large", "123e4567", Same),
            ("beyond a double", "1e999", Same),
            (
                "beyond a double, in the pattern of 1.1",
                "1.0e+999",
                OtherInYaml1_1,
            ),
            ("below a double is zero", "1e-999", Bent(Why::Number)),
            ("a dot first", ".5", Bent(Why::Number)),
            (
                "a dot first, underscores between digits",
                ".5_0e1_0",
                Bent(Why::Number),
            ),
            ("a dot first, an underscore last", ".5_", OtherInYaml1_1),
            ("a dot first, an underscore next", "._5", Same),
            ("a sign, a dot, an underscore", "+._5", Bent(Why::Number)),
            ("a dot", ".", Same),
            ("a version", "1.2.3", Same),
            ("infinity", "+.INF", Bent(Why::Number)),
            ("no number has no sign", "-.nan", Same),
            ("a word of C", "-inf", Same),
            ("hexadecimal floats are Go's, not YAML's", "0x1p-2", Same),
            ("base 60, with a fraction", "0:30.5_", OtherInYaml1_1),
        ]);
    }

    #[test]
    fn a_date_is_no_text() {
        check(&[
            ("a date", "2001-02-28", Bent(Why::Date)),
            ("digits left out", "2001-2-3", Bent(Why::Date)),
            ("a leap day", "2000-02-29", Bent(Why::Date)),
            ("no leap day", "1900-02-29", Bent(Why::NoSuchDate)),
            ("no leap day, digits left out", "1900-2-29", Same),
            ("the year 0, of Go only", "0000-01-01", Bent(Why::Date)),
            ("a time", "2001-02-03 4:5:6", Bent(Why::Date)),
            ("more spaces", "2001-02-03   04:05:06", Bent(Why::Date)),
            (
                "a comma, which Go takes for a dot",
                "2001-02-03 04:05:06,7",
                Bent(Why::Date),
            ),
            (
                "a dot without digits, of 1.1 only",
                "2001-02-03 04:05:06.",
                OtherInYaml1_1,
            ),
            (
                "a T and a zone",
                "2001-02-03t04:05:06.7-08:00",
                Bent(Why::Date),
            ),
            (
                "a T and no zone, of 1.1 only",
                "2001-02-03T04:05:06",
                OtherInYaml1_1,
            ),
            (
                "a space and a zone, of 1.1 only",
                "2001-02-03 04:05:06 -5",
                OtherInYaml1_1,
            ),
            (
                "a zone that Go takes",
                "2001-02-03T04:05:06+24:60",
                Bent(Why::Date),
            ),
            (
                "a zone that neither takes",
                "2001-02-03T04:05:06+24:61",
                Bent(Why::NoSuchDate),
            ),
            ("the last zone", "2001-02-03 04:05:06+23:59", OtherInYaml1_1),
            ("hour 24", "2001-02-03 24:00:00", Bent(Why::NoSuchDate)),
            (
                "a leap second",
                "2016-12-31T23:59:60Z",
                Bent(Why::NoSuchDate),
            ),
            ("a month", "2001-02", Same),
            ("a date and more", "2001-02-03-a", Same),
            ("five digits", "20010-01-01", Same),
        ]);
    }

    #[test]
    fn length_matters_in_numbers_only() {
        let many = |text: &str, times| text.repeat(times);
        for (name, value, expected) in [
            ("text", many("a, b", 5_000), Same),
            ("too large for a double", many("9", 309), OtherInYaml1_1),
            ("just not", many("9", 308), Bent(Why::Number)),
            (
                "the last that Go reads as we do",
                many("9", 800),
                OtherInYaml1_1,
            ),
            (
                "longer, to be on the safe side",
                many("9", 801),
                Bent(Why::Number),
            ),
            (
                "underscores do not count",
                many("9", 800) + "_",
                OtherInYaml1_1,
            ),
            (
                "bits do not either",
                "0b".to_owned() + &many("1", 5_000),
                OtherInYaml1_1,
            ),
            ("base 60", "1".to_owned() + &many(":1", 200), OtherInYaml1_1),
            (
                "base 60, the last float",
                "1".to_owned() + &many(":1", 173) + ".",
                OtherInYaml1_1,
            ),
            (
                "base 60, no float any more",
                "1".to_owned() + &many(":1", 174) + ".",
                Bent(Why::Yaml1_1),
            ),
            (
                // Go keeps 800 digits, and finds a number.
                "zeros that make up for an exponent, beyond what Go keeps",
                "1".to_owned() + &many("0", 800) + "e-491",
                Bent(Why::Number),
            ),
            (
                // Go reads the exponent as 30000, and finds 0.1.
                "zeros that make up for an exponent",
                "0.".to_owned() + &many("0", 30_000) + "1e300000",
                Bent(Why::Number),
            ),
        ] {
            assert_eq!(read(&value), expected, "{name}");
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
