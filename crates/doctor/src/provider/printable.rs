//! Words of a provider, made harmless before anybody reads them.

use std::cmp::Reverse;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use juju_hook::Secret;
use percent_encoding::percent_decode_str;

use super::form;

/// The most that is shown of one text, in characters.
const LIMIT: usize = 200;

/// The shortest text that is hidden, in bytes: what is shorter is in every sentence.
const SHORTEST: usize = 4;

/// Hides secrets in texts from outside.
pub(super) struct Redaction {
    /// The secrets, in each form that a provider may repeat them in.
    forms: Vec<Secret>,
    /// The secrets, reduced.
    reduced: Vec<Secret>,
}

impl Redaction {
    /// Hides these secrets, however a provider that repeats what it was sent may write them.
    pub(super) fn new<'a>(client_id: &str, secrets: impl IntoIterator<Item = &'a Secret>) -> Self {
        let secrets: Vec<_> = secrets.into_iter().map(Secret::expose).collect();
        let forms = secrets.iter().flat_map(|secret| {
            let encoded = form::encoded(secret);
            let pairs = [
                format!("{}:{encoded}", form::encoded(client_id)),
                format!("{client_id}:{secret}"),
            ];
            let texts = pairs.iter().map(String::as_str).chain([*secret]);
            let in_base64 =
                texts.flat_map(|text| [STANDARD_NO_PAD.encode(text), URL_SAFE_NO_PAD.encode(text)]);
            let hex: String = secret
                .bytes()
                .map(|byte| format!("{byte:02x}"))
                .collect::<Vec<_>>()
                .concat();
            in_base64
                .chain([encoded, hex, (*secret).to_owned()])
                .collect::<Vec<_>>()
        });
        let mut forms: Vec<_> = forms.filter(|form| form.len() >= SHORTEST).collect();
        // The longest first: one may be part of another.
        forms.sort_by_key(|form| Reverse(form.len()));
        let reduced = secrets.iter().map(|secret| reduced(secret));
        let reduced: Vec<_> = reduced.filter(|secret| secret.len() >= SHORTEST).collect();
        Self {
            forms: forms.into_iter().map(Secret::new).collect(),
            reduced: reduced.into_iter().map(Secret::new).collect(),
        }
    }

    /// `text` without secrets, and so that a terminal shows it as one line: at most [`LIMIT`]
    /// characters, none of which moves the cursor or turns the direction of writing.
    pub(super) fn shown(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for secret in &self.forms {
            text = text.replace(secret.expose(), "***");
        }
        // In a form that was not thought of, all of it goes.
        if self.hides(&text) {
            return "***".to_owned();
        }
        let spaced: Vec<_> = text.split_whitespace().collect();
        let harmless = spaced.join(" ").chars().map(harmless).collect::<String>();
        if harmless.chars().count() <= LIMIT {
            return harmless;
        }
        let start: String = harmless.chars().take(LIMIT).collect();
        format!("{start}…")
    }

    /// Whether a secret is in `text`: as it is, in one of its forms, or percent-encoded, with
    /// entities of HTML or escapes of JSON, in other cases or with white space in between.
    pub(super) fn hides(&self, text: &str) -> bool {
        let is_in_it = |secret: &Secret| text.contains(secret.expose());
        let decoded = [
            text.to_owned(),
            percent_decode_str(text).decode_utf8_lossy().into_owned(),
            percent_decode_str(&text.replace('+', " "))
                .decode_utf8_lossy()
                .into_owned(),
            without_entities(text),
            without_escapes(text),
        ];
        let is_within = |text: &String| {
            let text = reduced(text);
            self.reduced
                .iter()
                .any(|secret| text.contains(secret.expose()))
        };
        self.forms.iter().any(is_in_it) || decoded.iter().any(is_within)
    }
}

/// A text without what may be changed in it and is still read: white space, what is invisible,
/// backslashes, and the case.
fn reduced(text: &str) -> String {
    let stays = |c: &char| !c.is_whitespace() && *c != '\\' && harmless(*c) == *c;
    text.chars()
        .filter(stays)
        .flat_map(char::to_lowercase)
        .collect()
}

/// `text` with the entities of HTML as what they stand for.
fn without_entities(text: &str) -> String {
    let mut parts = text.split('&');
    let mut decoded = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once(';').unwrap_or((part, ""));
        let number =
            name.strip_prefix('#')
                .and_then(|number| match number.strip_prefix(['x', 'X']) {
                    Some(digits) => u32::from_str_radix(digits, 16).ok(),
                    None => number.parse().ok(),
                });
        let named = match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            _ => number.and_then(char::from_u32),
        };
        match named {
            Some(character) => decoded.extend([character.to_string().as_str(), rest]),
            None => decoded.extend(["&", part]),
        }
    }
    decoded
}

/// `text` with the numbers of JSON as the characters that they stand for. What else it escapes has
/// only a backslash more.
fn without_escapes(text: &str) -> String {
    let mut parts = text.split("\\u");
    let mut decoded = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let digits = part
            .get(..4)
            .and_then(|digits| u32::from_str_radix(digits, 16).ok());
        match digits.and_then(char::from_u32) {
            Some(character) => decoded.extend([character.to_string().as_str(), &part[4..]]),
            None => decoded.push_str(part),
        }
    }
    decoded
}

/// A character that a terminal shows, and does nothing else with. Marks of direction and other
/// invisible characters (Unicode's category Cf) are not such.
fn harmless(character: char) -> char {
    let is_invisible = matches!(character,
        '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}');
    if character.is_control() || is_invisible {
        '\u{FFFD}'
    } else {
        character
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_secret_is_hidden() {
        struct Case {
            name: &'static str,
            said: String,
        }

        let secret = Secret::new(r#"hun+ter/2 "é" ~~"#.to_owned());
        let redaction = Redaction::new("my client", [&secret]);
        let plain = secret.expose();
        let pair = format!("my client:{plain}");
        let sent = format!("my+client:{}", form::encoded(plain));
        for Case { name, said } in [
            Case {
                name: "as it is",
                said: plain.into(),
            },
            Case {
                name: "in a form",
                said: form::encoded(plain),
            },
            Case {
                name: "in a path",
                said: form::encoded(plain).replace('+', "%20").to_lowercase(),
            },
            Case {
                name: "in a JSON text",
                said: serde_json::to_string(plain).unwrap(),
            },
            Case {
                name: "in a JSON text of ASCII",
                said: plain.replace('"', "\\\"").replace('é', "\\u00E9"),
            },
            Case {
                name: "in a page",
                said: plain.replace('"', "&quot;").replace('é', "&#xe9;"),
            },
            Case {
                name: "with a space more",
                said: plain.replace('/', "/ \u{200b}"),
            },
            Case {
                name: "in capitals",
                said: plain.to_uppercase(),
            },
            Case {
                name: "in base64",
                said: STANDARD_NO_PAD.encode(plain),
            },
            Case {
                name: "in base64 for URLs",
                said: URL_SAFE_NO_PAD.encode(plain),
            },
            Case {
                name: "in an Authorization header",
                said: STANDARD_NO_PAD.encode(sent),
            },
            Case {
                name: "in an Authorization header, not encoded",
                said: STANDARD_NO_PAD.encode(pair),
            },
        ] {
            let text = format!("bad secret {said}!");
            let shown = redaction.shown(&text);
            assert!(redaction.hides(&text), "{name}");
            assert!(shown.contains("***"), "{name}: {shown}");
            let shown = shown.to_lowercase();
            assert!(!shown.contains("hun"), "{name}: {shown}");
            assert!(!shown.contains(&said.to_lowercase()), "{name}: {shown}");
        }
        let text = "the client hun is unknown";
        assert_eq!(redaction.shown(text), text);
    }

    #[test]
    fn nothing_moves_the_cursor() {
        let none = Redaction::new("", []);
        for (said, shown) in [
            (
                "a\u{1b}[2Jb\u{7}\u{202E}c\u{200B}",
                "a\u{FFFD}[2Jb\u{FFFD}\u{FFFD}c\u{FFFD}",
            ),
            (" two\r\n lines\t", "two lines"),
        ] {
            assert_eq!(none.shown(said), shown);
        }
        assert_eq!(none.shown(&"é".repeat(300)).chars().count(), LIMIT + 1);
    }
}
