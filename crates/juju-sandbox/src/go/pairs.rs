//! YAML as go-yaml v2 reads it into a `map[string]string`: settings and secrets in files.

use crate::refusals;
use std::collections::BTreeMap;

/// Keys and values, as in a databag.
pub(crate) type Pairs = BTreeMap<String, String>;

/// Reads a map of scalars, each as its source text; null is the empty text.
pub(crate) fn yaml_pairs(bytes: &[u8]) -> Result<Pairs, String> {
    // serde_yaml gives a string target the text as it was written, which is what go-yaml does.
    let read: Result<Option<BTreeMap<String, Option<String>>>, _> = serde_yaml::from_slice(bytes);
    match read {
        Ok(pairs) => {
            let pairs = pairs.unwrap_or_default();
            Ok(pairs
                .into_iter()
                .map(|(key, value)| (key, value.unwrap_or_default()))
                .collect())
        }
        Err(error) => Err(unmarshal_error(bytes, &error)),
    }
}

/// go-yaml's words for what cannot be read.
fn unmarshal_error(bytes: &[u8], error: &serde_yaml::Error) -> String {
    use serde_yaml::Value;
    let cannot = |line: usize, what: &str, into: &str| refusals::yaml_type(line, what, into);
    match serde_yaml::from_slice::<Value>(bytes) {
        Ok(Value::Sequence(_)) => cannot(1, "!!seq", "map[string]string"),
        Ok(Value::String(text)) => cannot(
            1,
            &format!("!!str `{}`", shortened(&text)),
            "map[string]string",
        ),
        Ok(Value::Number(number)) => {
            let tag = if number.is_f64() { "!!float" } else { "!!int" };
            cannot(
                1,
                &format!("{tag} `{}`", shortened(&number.to_string())),
                "map[string]string",
            )
        }
        Ok(Value::Bool(flag)) => cannot(1, &format!("!!bool `{flag}`"), "map[string]string"),
        Ok(_) => {
            let line = error.location().map_or(1, |location| location.line());
            let what = if error.to_string().contains("invalid type: sequence") {
                "!!seq"
            } else {
                "!!map"
            };
            cannot(line, what, "string")
        }
        Err(error) => {
            let text = error.to_string();
            // Both use libyaml's words, but give the position differently.
            let problem = text.split(" at line ").next().unwrap_or(&text);
            match error.location().map(|location| location.line()) {
                Some(line) if line > 1 => refusals::yaml_at(line, problem),
                _ => refusals::yaml(problem),
            }
        }
    }
}

/// go-yaml shows at most ten bytes of a value.
fn shortened(text: &str) -> String {
    if text.len() > 10 {
        text.chars().take(7).chain("...".chars()).collect()
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs<const N: usize>(pairs: [(&str, &str); N]) -> BTreeMap<String, String> {
        pairs
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect()
    }

    #[test]
    fn yaml() {
        struct Case {
            name: &'static str,
            text: &'static str,
            outcome: Result<Pairs, &'static str>,
        }

        for Case {
            name,
            text,
            outcome,
        } in [
            Case {
                name: "empty",
                text: "",
                outcome: Ok(pairs([])),
            },
            Case {
                name: "json",
                text: r#"{"a": "x\u00e9"}"#,
                outcome: Ok(pairs([("a", "xé")])),
            },
            Case {
                name: "source text",
                text: "a: 80\nb: 1.50\nc: yes\nd: 0x10\n",
                outcome: Ok(pairs([
                    ("a", "80"),
                    ("b", "1.50"),
                    ("c", "yes"),
                    ("d", "0x10"),
                ])),
            },
            Case {
                name: "no trimming",
                text: "a: ' x '\n",
                outcome: Ok(pairs([("a", " x ")])),
            },
            Case {
                name: "null",
                text: "a: null\nb: ~\nc:\nd: ''\n",
                outcome: Ok(pairs([("a", ""), ("b", ""), ("c", ""), ("d", "")])),
            },
            Case {
                name: "later wins",
                text: "{a: 1, a: 2}",
                outcome: Ok(pairs([("a", "2")])),
            },
            Case {
                name: "map",
                text: "{a: {}}",
                outcome: Err(
                    "yaml: unmarshal errors:\n  line 1: cannot unmarshal !!map into string",
                ),
            },
            Case {
                name: "list",
                text: "b: 1\na: [x]",
                outcome: Err(
                    "yaml: unmarshal errors:\n  line 2: cannot unmarshal !!seq into string",
                ),
            },
            Case {
                name: "text",
                text: "haha",
                outcome: Err(
                    "yaml: unmarshal errors:\n  line 1: cannot unmarshal !!str `haha` into map[string]string",
                ),
            },
            Case {
                name: "top list",
                text: "[a]",
                outcome: Err(
                    "yaml: unmarshal errors:\n  line 1: cannot unmarshal !!seq into map[string]string",
                ),
            },
        ] {
            assert_eq!(
                yaml_pairs(text.as_bytes()),
                outcome.map_err(str::to_owned),
                "{name}"
            );
        }
        // As go-yaml, which has the same reader: no surrogate pairs, no raw control characters.
        assert!(yaml_pairs(br#"{"a": "\uD83D\uDE00"}"#).is_err());
        assert!(yaml_pairs(b"a: \"\x7f\"").is_err());
        assert!(yaml_pairs("a: \"😀\"".as_bytes()).is_ok());
    }
}
