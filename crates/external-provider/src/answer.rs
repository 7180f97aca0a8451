//! What the requirer writes: the providers that it has registered, and how it accepts secrets.

use juju_hook::{Databag, json};
use serde::{Deserialize, Serialize};

use crate::callback::{CALLBACK, path_segment};
use crate::offer::SecretBackend;
use crate::plain_scalar;
use crate::unreadable::{UnreadableError, items};

/// The key with which a requirer announces how it accepts secrets, in its application databag. Its
/// value is a JSON list of the words of [`SecretBackend`].
pub const SECRET_BACKENDS: &str = "secret_backends";

/// What a requirer that reads Juju secrets announces under [`SECRET_BACKENDS`].
pub const BOTH_BACKENDS: &str = r#"["relation","secret"]"#;

/// Whether a requirer announces in `theirs`, its databag, that it reads Juju secrets. No
/// released Kratos charm does.
#[must_use]
pub fn reads_secrets(theirs: &Databag) -> bool {
    let words = theirs.get(SECRET_BACKENDS);
    let words = words.and_then(|text| serde_json::from_str::<Vec<String>>(text.expose()).ok());
    words.is_some_and(|words| {
        words
            .iter()
            .any(|word| word == SecretBackend::Secret.word())
    })
}

/// A provider that the requirer has registered: an item of its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registered {
    /// The id that was published, or that the requirer made.
    pub provider_id: String,
    /// Where the identity provider sends users back to.
    pub redirect_uri: String,
}

impl Registered {
    /// The same in Kratos' own form. Its charm answers with the id as it was published, including
    /// quotes, and puts it into the URI unchanged. Kratos removes the quotes, and encodes what cannot
    /// be in a path.
    #[must_use]
    pub fn as_kratos_has_it(self) -> Self {
        let id = plain_scalar::meant(&self.provider_id).into_owned();
        let base = self.redirect_uri.strip_suffix(&*self.provider_id);
        let redirect_uri = match base.filter(|base| base.ends_with(CALLBACK)) {
            Some(base) => format!("{base}{}", path_segment(&id)),
            None => self.redirect_uri,
        };
        Self {
            provider_id: id,
            redirect_uri,
        }
    }
}

/// The value that the requirer writes under [`crate::KEY`].
#[must_use]
pub fn answer(registered: &[Registered]) -> String {
    json::encode(registered).into_exposed()
}

/// The maximum length of an id or a redirect URI in an answer, in bytes: printing one makes it an
/// argument of `action-set`, which has a limit.
const TEXT_LIMIT: usize = 2048;

/// What the requirer answered.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// The usable items.
    pub registered: Vec<Registered>,
    /// The number of unusable items: without a redirect URI, or of another shape.
    pub unusable: usize,
}

/// Reads the requirer's answer. Unusable items do not affect the others.
///
/// # Errors
///
/// If it is not a JSON list.
pub fn read_answer(value: &str) -> Result<Answer, UnreadableError> {
    let usable = |text: &str| {
        !text.is_empty() && text.len() <= TEXT_LIMIT && !text.contains(char::is_control)
    };
    let mut answer = Answer::default();
    for item in items::<Registered>(value)? {
        match item {
            Some(item) if usable(&item.provider_id) && usable(&item.redirect_uri) => {
                answer.registered.push(item);
            }
            Some(_) | None => answer.unusable += 1,
        }
    }
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_item_by_item() {
        struct Case<'a> {
            name: &'static str,
            value: &'a str,
            registered: Vec<Registered>,
            unusable: usize,
        }

        let good = Registered {
            provider_id: "a".into(),
            redirect_uri: "https://k/a".into(),
        };
        let long = format!(
            r#"[{{"provider_id":"a","redirect_uri":"{}"}}]"#,
            "x".repeat(2049)
        );
        for Case {
            name,
            value,
            registered,
            unusable,
        } in [
            Case {
                name: "nobody yet",
                value: "[]",
                registered: vec![],
                unusable: 0,
            },
            Case {
                name: "one",
                value: r#"[{"provider_id":"a","redirect_uri":"https://k/a"}]"#,
                registered: vec![good.clone()],
                unusable: 0,
            },
            Case {
                name: "one good, one of another shape",
                value: r#"[5, {"provider_id":"a","redirect_uri":"https://k/a","more":1}]"#,
                registered: vec![good],
                unusable: 1,
            },
            Case {
                name: "no URI",
                value: r#"[{"provider_id":"a","redirect_uri":""}]"#,
                registered: vec![],
                unusable: 1,
            },
            Case {
                name: "null URI",
                value: r#"[{"provider_id":"a","redirect_uri":null}]"#,
                registered: vec![],
                unusable: 1,
            },
            Case {
                name: "wrong type",
                value: r#"[{"provider_id":1,"redirect_uri":"x"}]"#,
                registered: vec![],
                unusable: 1,
            },
            Case {
                name: "a control character",
                value: r#"[{"provider_id":"a","redirect_uri":"x\u0000"}]"#,
                registered: vec![],
                unusable: 1,
            },
            Case {
                name: "delete, which is a control character",
                value: r#"[{"provider_id":"a","redirect_uri":"x\u007f"}]"#,
                registered: vec![],
                unusable: 1,
            },
            Case {
                name: "too long",
                value: &long,
                registered: vec![],
                unusable: 1,
            },
        ] {
            let answer = read_answer(value).unwrap();
            assert_eq!(
                answer,
                Answer {
                    registered,
                    unusable
                },
                "{name}"
            );
        }
        for (name, value) in [
            ("not JSON", "hunter2"),
            ("an object", r#"{"hunter2":1}"#),
            ("a text", r#""hunter2""#),
            ("null", "null"),
        ] {
            let error = read_answer(value).unwrap_err();
            assert!(matches!(error, UnreadableError::Shape { .. }), "{name}");
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{name}");
        }
    }
}
