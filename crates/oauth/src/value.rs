//! How one value stands in a databag.
//!
//! The Python libraries put each value that they read through `json.loads`, and keep it as it is
//! where that fails (`_load_data` in `charmlibs.interfaces.oauth` and `charms.hydra.v0.oauth`). So a
//! client id of digits reaches them as a number, which their schema refuses: the requirer goes into
//! error. Such a text is written as a JSON string, and all others as they are, since some
//! requirers read the databag without a library.

use std::borrow::Cow;

use juju_hook::json;
use serde::de::IgnoredAny;

/// The white space of JSON.
const WHITE_SPACE: [char; 4] = [' ', '\t', '\n', '\r'];

/// The longest text in bytes that may begin like a number or a nest of lists and be written as it
/// is. Of what is longer, Python may read a number of more than 4300 digits, or lists nested deeper
/// than its stack, and that is a `ValueError` or a `RecursionError`, which the libraries do not
/// catch.
const LENGTH_LIMIT: usize = 256;

/// What a reader makes of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A text.
    Text(String),
    /// A list of texts.
    Texts(Vec<String>),
    /// JSON of another shape, of which the interface has none.
    Other,
}

/// `text` as it is written. An empty text becomes `""`: Juju drops a key with an empty value.
#[must_use]
pub fn encode(text: &str) -> Cow<'_, str> {
    if text.is_empty() || is_json(text) || is_exhausting(text) {
        json::encode(text).into_exposed().into()
    } else {
        text.into()
    }
}

/// A list as it is written, with the spaces that Python's `json.dumps` puts there.
#[must_use]
pub fn encode_texts<T: AsRef<str>>(texts: &[T]) -> String {
    let items = texts
        .iter()
        .map(|text| json::encode(text.as_ref()).into_exposed());
    format!("[{}]", items.collect::<Vec<_>>().join(", "))
}

/// `True` or `False`, as Python writes them: `true` would reach a requirer as a bool, where its
/// schema wants a text.
#[must_use]
pub fn encode_bool(value: bool) -> &'static str {
    if value { "True" } else { "False" }
}

/// What a reader makes of `text`: JSON if it is any, and else the text itself.
#[must_use]
pub fn decode(text: &str) -> Value {
    match serde_json::from_str(text) {
        Ok(serde_json::Value::String(text)) => Value::Text(text),
        Ok(serde_json::Value::Array(items)) => {
            let texts = items.into_iter().map(|item| match item {
                serde_json::Value::String(text) => Some(text),
                _ => None,
            });
            texts
                .collect::<Option<_>>()
                .map_or(Value::Other, Value::Texts)
        }
        Ok(_) => Value::Other,
        // A number or a nest that is too much for `serde_json`, or `NaN`.
        Err(_) if is_json(text) => Value::Other,
        Err(_) => Value::Text(text.to_owned()),
    }
}

/// Whether a word of Python's `strtobool` stands for a yes; `None` if it is none of them.
pub(crate) fn truth(word: &str) -> Option<bool> {
    match word.to_lowercase().as_str() {
        "y" | "yes" | "t" | "true" | "on" | "1" => Some(true),
        "n" | "no" | "f" | "false" | "off" | "0" => Some(false),
        _ => None,
    }
}

/// Whether Python's `json.loads` reads `text`: JSON, and three names of numbers. Neither its values
/// nor its nesting are looked at, so that nothing is too large.
fn is_json(text: &str) -> bool {
    let text = text.trim_matches(WHITE_SPACE);
    let is_json = |text: &str| serde_json::from_str::<IgnoredAny>(text).is_ok();
    match text.as_bytes().first() {
        Some(b'N' | b'I') => matches!(text, "NaN" | "Infinity"),
        Some(b'-') => text == "-Infinity" || is_json(text),
        Some(b'[' | b'{') => is_json(&without_names(text)),
        _ => is_json(text),
    }
}

/// `text` with `null` in place of the names of numbers that only Python knows, which JSON has
/// only in strings.
fn without_names(text: &str) -> Cow<'_, str> {
    if !text.contains("NaN") && !text.contains("Infinity") {
        return text.into();
    }
    let mut result = String::with_capacity(text.len());
    let (mut in_string, mut is_escaped) = (false, false);
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let names = ["NaN", "Infinity", "-Infinity"];
        let name = names.into_iter().find(|name| rest.starts_with(name));
        if let Some(name) = name.filter(|_| !in_string) {
            result.push_str("null");
            rest = &rest[name.len()..];
            continue;
        }
        if c == '"' && !is_escaped {
            in_string = !in_string;
        }
        is_escaped = in_string && c == '\\' && !is_escaped;
        result.push(c);
        rest = &rest[c.len_utf8()..];
    }
    result.into()
}

/// Whether Python may give up on `text` before it finds that it is no JSON.
fn is_exhausting(text: &str) -> bool {
    let begins = |c: char| c.is_ascii_digit() || matches!(c, '-' | '[' | '{');
    text.len() > LENGTH_LIMIT && text.trim_start_matches(WHITE_SPACE).starts_with(begins)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table")]
    fn a_value_is_quoted_where_a_reader_would_misread_it() {
        struct Case {
            name: &'static str,
            text: &'static str,
            written: &'static str,
        }
        let as_it_is = |name, text| Case {
            name,
            text,
            written: text,
        };
        for Case {
            name,
            text,
            written,
        } in [
            as_it_is("leading zero", "0123"),
            as_it_is("digits and letters", "12a"),
            as_it_is("of Google", "123-abc.apps.googleusercontent.com"),
            as_it_is("a URL", "https://op.example.com/"),
            as_it_is("scopes", "openid profile email"),
            as_it_is("a URI of a secret", "secret:d0a1b2c3d4e5f6g7h8i9"),
            as_it_is("a word of Python", "True"),
            as_it_is("None", "None"),
            as_it_is("lower case", "nan"),
            as_it_is("no such number", "-NaN"),
            as_it_is("plus", "+1"),
            as_it_is("a dot at the end", "1."),
            as_it_is("hexadecimal", "0x10"),
            as_it_is("two numbers", "1 2"),
            as_it_is("a list that does not end", "[1"),
            as_it_is("an unquoted key", "{a: 1}"),
            as_it_is("a quote inside", r#"a"b"#),
            as_it_is("one quote", "\""),
            as_it_is("white space only", " "),
            as_it_is("another space is not JSON's", "\u{a0}1"),
            as_it_is("a byte order mark", "\u{feff}1"),
            as_it_is("digits of another script", "١٢٣"),
            as_it_is("a line break in a string", "\"a\nb\""),
            Case {
                name: "empty",
                text: "",
                written: r#""""#,
            },
            Case {
                name: "an integer",
                text: "7890123",
                written: r#""7890123""#,
            },
            Case {
                name: "of Slack",
                text: "1234.5678",
                written: r#""1234.5678""#,
            },
            Case {
                name: "an exponent",
                text: "1e5",
                written: r#""1e5""#,
            },
            Case {
                name: "more than a float holds",
                text: "1e999",
                written: r#""1e999""#,
            },
            Case {
                name: "negative",
                text: "-0",
                written: r#""-0""#,
            },
            Case {
                name: "NaN",
                text: "NaN",
                written: r#""NaN""#,
            },
            Case {
                name: "Infinity",
                text: "Infinity",
                written: r#""Infinity""#,
            },
            Case {
                name: "-Infinity",
                text: "-Infinity",
                written: r#""-Infinity""#,
            },
            Case {
                name: "in a list",
                text: r#"[1, {"a\"NaN": -Infinity}, NaN]"#,
                written: r#""[1, {\"a\\\"NaN\": -Infinity}, NaN]""#,
            },
            Case {
                name: "null",
                text: "null",
                written: r#""null""#,
            },
            Case {
                name: "true",
                text: "true",
                written: r#""true""#,
            },
            Case {
                name: "false",
                text: "false",
                written: r#""false""#,
            },
            Case {
                name: "a list",
                text: "[..]",
                written: "[..]",
            },
            Case {
                name: "an empty list",
                text: "[]",
                written: r#""[]""#,
            },
            Case {
                name: "an object",
                text: r#"{"a":1}"#,
                written: r#""{\"a\":1}""#,
            },
            Case {
                name: "a string",
                text: r#""a""#,
                written: r#""\"a\"""#,
            },
            Case {
                name: "half of a character",
                text: r#""\ud800""#,
                written: r#""\"\\ud800\"""#,
            },
            Case {
                name: "white space around",
                text: "\t 5\r\n",
                written: r#""\t 5\r\n""#,
            },
        ] {
            assert_eq!(encode(text), written, "{name}");
            assert_eq!(decode(&encode(text)), Value::Text(text.into()), "{name}");
            assert_eq!(python(&encode(text)), Ok(text.into()), "{name}");
        }
    }

    #[test]
    fn what_python_gives_up_on_is_quoted() {
        let digits = "1".repeat(5000);
        for text in [
            digits.clone(),
            format!("{digits}a"),
            format!("[{digits}a"),
            "[".repeat(100_000),
            "{\"a\":".repeat(100_000),
            format!(" -{digits}b"),
        ] {
            let name = &text[..6];
            assert!(encode(&text).starts_with('"'), "{name}");
            assert_eq!(decode(&encode(&text)), Value::Text(text.clone()), "{name}");
        }
    }

    #[test]
    fn a_value_is_read_as_python_reads_it() {
        let text = |text: &str| Value::Text(text.to_owned());
        let texts = |texts: &[&str]| Value::Texts(texts.iter().map(|&one| one.into()).collect());
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        for (written, value) in [
            ("", text("")),
            ("\"\"", text("")),
            ("a", text("a")),
            ("\"a\"", text("a")),
            ("\"\\u0041\\n\"", text("A\n")),
            ("True", text("True")),
            ("true", Value::Other),
            ("null", Value::Other),
            ("7890123", Value::Other),
            ("1e999", Value::Other),
            ("NaN", Value::Other),
            ("[-Infinity]", Value::Other),
            ("[1NaN]", text("[1NaN]")),
            ("{}", Value::Other),
            ("[]", texts(&[])),
            ("[\"a\", \"b\"]", texts(&["a", "b"])),
            ("[\"a\", 1]", Value::Other),
            ("[\"a\"", text("[\"a\"")),
            ("\"\\ud800\"", Value::Other),
            (&deep, Value::Other),
        ] {
            let name = written.chars().take(20).collect::<String>();
            assert_eq!(decode(written), value, "{name}");
        }
        for (value, written) in [
            (&[][..], "[]"),
            (&["a"], "[\"a\"]"),
            (&["PEM1", "PEM2"], "[\"PEM1\", \"PEM2\"]"),
            (&["é\"\n\u{85}"], "[\"é\\\"\\n\\u0085\"]"),
        ] {
            assert_eq!(encode_texts(value), written);
            assert_eq!(decode(written), texts(value), "{written}");
        }
        assert_eq!([true, false].map(encode_bool), ["True", "False"]);
    }

    #[test]
    fn yes_and_no_are_the_words_of_strtobool() {
        for word in ["y", "yes", "T", "true", "True", "TRUE", "on", "1"] {
            assert_eq!(truth(word), Some(true), "{word}");
        }
        for word in ["n", "no", "F", "false", "False", "Off", "0"] {
            assert_eq!(truth(word), Some(false), "{word}");
        }
        for word in ["", "maybe", " true", "2"] {
            assert_eq!(truth(word), None, "{word}");
        }
    }

    /// What `json.loads` or, if that fails, nothing makes of a text: the text that the schema then
    /// sees, or that it sees none. Follows `_make_scanner` in Python's `json/scanner.py`, and has
    /// nothing in common with the code that it tests.
    fn python(text: &str) -> Result<String, &'static str> {
        let mut scanner = Scanner {
            chars: text.chars().collect(),
            at: 0,
        };
        scanner.skip();
        let value = scanner.value();
        scanner.skip();
        match value {
            Some(value) if scanner.at == scanner.chars.len() => value.ok_or("not a text"),
            _ => Ok(text.to_owned()),
        }
    }

    struct Scanner {
        chars: Vec<char>,
        at: usize,
    }

    impl Scanner {
        fn peek(&self) -> Option<char> {
            self.chars.get(self.at).copied()
        }

        fn take(&mut self, word: &str) -> bool {
            let is_next = self.chars[self.at..].iter().copied().take(word.len());
            let is_next = is_next.eq(word.chars());
            self.at += if is_next { word.len() } else { 0 };
            is_next
        }

        fn skip(&mut self) {
            while matches!(self.peek(), Some(' ' | '\t' | '\n' | '\r')) {
                self.at += 1;
            }
        }

        fn digits(&mut self) -> usize {
            let start = self.at;
            while self.peek().is_some_and(|c| c.is_ascii_digit()) {
                self.at += 1;
            }
            self.at - start
        }

        /// `None` for what is no JSON, `Some(None)` for what is no text.
        #[expect(clippy::option_option, reason = "a test")]
        fn value(&mut self) -> Option<Option<String>> {
            let words = ["null", "true", "false", "NaN", "Infinity", "-Infinity"];
            if self.take("\"") {
                return self.string().map(Some);
            }
            if self.take("[") {
                return self.items("]", |it| it.value().map(drop));
            }
            if self.take("{") {
                return self.items("}", |it| {
                    it.take("\"").then_some(())?;
                    it.string()?;
                    it.skip();
                    it.take(":").then_some(())?;
                    it.skip();
                    it.value().map(drop)
                });
            }
            if words.into_iter().any(|word| self.take(word)) {
                return Some(None);
            }
            self.take("-");
            if !self.take("0") && self.digits() == 0 {
                return None;
            }
            let end = self.at;
            if !(self.take(".") && self.digits() > 0) {
                self.at = end;
            }
            let end = self.at;
            let has_exponent = self.take("e") || self.take("E");
            if has_exponent && !self.take("+") {
                self.take("-");
            }
            if has_exponent && self.digits() == 0 {
                self.at = end;
            }
            Some(None)
        }

        #[expect(clippy::option_option, reason = "a test")]
        fn items(
            &mut self,
            end: &str,
            item: impl Fn(&mut Self) -> Option<()>,
        ) -> Option<Option<String>> {
            self.skip();
            if self.take(end) {
                return Some(None);
            }
            loop {
                self.skip();
                item(self)?;
                self.skip();
                if self.take(end) {
                    return Some(None);
                }
                self.take(",").then_some(())?;
            }
        }

        fn string(&mut self) -> Option<String> {
            let mut units = Vec::new();
            let mut push = |c: char| units.extend_from_slice(c.encode_utf16(&mut [0; 2]));
            loop {
                let c = self.peek()?;
                self.at += 1;
                match c {
                    '"' => break,
                    '\u{0}'..='\u{1f}' => return None,
                    '\\' => {
                        let c = self.peek()?;
                        self.at += 1;
                        match c {
                            '"' | '\\' | '/' => push(c),
                            'b' => push('\u{8}'),
                            'f' => push('\u{c}'),
                            'n' => push('\n'),
                            'r' => push('\r'),
                            't' => push('\t'),
                            'u' => {
                                let hex = self.chars.get(self.at..self.at + 4)?;
                                let hex: String = hex.iter().collect();
                                let code = u16::from_str_radix(&hex, 16).ok()?;
                                self.at += 4;
                                push(char::from_u32(code.into()).unwrap_or('\u{fffd}'));
                            }
                            _ => return None,
                        }
                    }
                    c => push(c),
                }
            }
            Some(String::from_utf16_lossy(&units))
        }
    }

    /// Texts in which much is JSON, or nearly.
    fn nearly_json() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            Just("NaN".to_owned()),
            Just("Infinity".to_owned()),
            Just("null".to_owned()),
            Just("\\u00e9".to_owned()),
            "[-+0-9.eE]{1,4}",
            r#"[\[\]{}:,"\\ \t\n]"#,
            any::<char>().prop_map(String::from),
        ];
        proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn every_text_comes_back(text in any::<String>()) {
            prop_assert_eq!(decode(&encode(&text)), Value::Text(text.clone()));
            prop_assert_eq!(python(&encode(&text)), Ok(text));
        }

        #[test]
        fn what_is_nearly_json_comes_back(text in nearly_json()) {
            prop_assert_eq!(decode(&encode(&text)), Value::Text(text.clone()));
            prop_assert_eq!(python(&encode(&text)), Ok(text.clone()));
            let is_misread = python(&text) != Ok(text.clone());
            prop_assert_eq!(encode(&text) != text, is_misread || text.is_empty());
        }

        #[test]
        fn numbers_come_back(text in "[ \t]{0,2}-?[0-9]{1,3}(\\.[0-9]{1,2})?([eE][-+]?[0-9]{1,3})?[ \n]{0,2}") {
            prop_assert_eq!(decode(&encode(&text)), Value::Text(text.clone()));
            prop_assert_eq!(python(&encode(&text)), Ok(text));
        }

        #[test]
        fn lists_come_back(texts in proptest::collection::vec(any::<String>(), 0..5)) {
            prop_assert_eq!(decode(&encode_texts(&texts)), Value::Texts(texts));
        }
    }
}
