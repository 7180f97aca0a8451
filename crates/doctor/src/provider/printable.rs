//! Words of a provider, made harmless before anybody reads them.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use juju_hook::Secret;

use super::form;

/// The most that is shown of one text, in characters.
const LIMIT: usize = 200;

/// Hides secrets in texts from outside.
pub(super) struct Redaction(Vec<Secret>);

impl Redaction {
    /// Hides these secrets, however a provider that repeats what it was sent may write them.
    pub(super) fn new<'a>(client_id: &str, secrets: impl IntoIterator<Item = &'a Secret>) -> Self {
        let forms = secrets.into_iter().flat_map(|secret| {
            let secret = secret.expose();
            let encoded = form::encoded(secret);
            let pair = format!("{}:{encoded}", form::encoded(client_id));
            [
                STANDARD.encode(&pair),
                STANDARD.encode(secret),
                URL_SAFE_NO_PAD.encode(secret),
                // Without the quotes.
                serde_json::Value::from(secret)
                    .to_string()
                    .trim_matches('"')
                    .to_owned(),
                encoded,
                secret.to_owned(),
            ]
        });
        let mut forms: Vec<_> = forms.filter(|form| !form.is_empty()).collect();
        // The longest first: one may be part of another.
        forms.sort_by_key(|form| std::cmp::Reverse(form.len()));
        Self(forms.into_iter().map(Secret::new).collect())
    }

    /// `text` without secrets, and so that a terminal shows it as one line: at most [`LIMIT`]
    /// characters, none of which moves the cursor or turns the direction of writing.
    pub(super) fn shown(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for secret in &self.0 {
            text = text.replace(secret.expose(), "***");
        }
        let spaced: Vec<_> = text.split_whitespace().collect();
        let harmless = spaced.join(" ").chars().map(harmless).collect::<String>();
        if harmless.chars().count() <= LIMIT {
            return harmless;
        }
        let start: String = harmless.chars().take(LIMIT).collect();
        format!("{start}…")
    }
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
                name: "in a JSON text",
                said: serde_json::to_string(plain).unwrap(),
            },
            Case {
                name: "in base64",
                said: STANDARD.encode(plain),
            },
            Case {
                name: "in base64 for URLs",
                said: URL_SAFE_NO_PAD.encode(plain),
            },
            Case {
                name: "in an Authorization header",
                said: STANDARD.encode(format!("my+client:{}", form::encoded(plain))),
            },
        ] {
            let shown = redaction.shown(&format!("bad secret {said}!"));
            assert!(shown.starts_with("bad secret "), "{name}: {shown}");
            assert!(
                shown.ends_with('!') && shown.contains("***"),
                "{name}: {shown}"
            );
            assert!(
                !shown.contains("hun") && !shown.contains(&said),
                "{name}: {shown}"
            );
        }
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
