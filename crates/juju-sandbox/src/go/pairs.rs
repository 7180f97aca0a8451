//! YAML as go-yaml v2 reads it into a map of texts: settings and secrets in files.

use super::tags;
use crate::refusals;
use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::collections::BTreeMap;
use std::fmt;

/// Keys and values, as in a databag.
pub(crate) type Pairs = BTreeMap<String, String>;

/// Reads a map of scalars, each as its source text; null is the empty text. Only the first of
/// several documents counts. `target` is Go's name for the type of the map.
pub(crate) fn yaml_pairs(bytes: &[u8], target: &str) -> Result<Pairs, String> {
    let read = first::<Option<Read>>(bytes);
    let read = read.map_err(|error| unmarshal_error(bytes, &error, target))?;
    let mut pairs = read.flatten().unwrap_or_default().0;
    tags::apply(bytes, &mut pairs)?;
    Ok(pairs)
}

/// The first document, if there is any.
fn first<'a, T: Deserialize<'a>>(bytes: &'a [u8]) -> Result<Option<T>, serde_yaml::Error> {
    let document = serde_yaml::Deserializer::from_slice(bytes).next();
    document.map(T::deserialize).transpose()
}

/// A map as it is read.
#[derive(Default)]
struct Read(Pairs);

impl<'de> Deserialize<'de> for Read {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Reader)
    }
}

/// Maps that are merged into another one: one, or a list of them, of which the first has the last
/// word.
struct Merged(Pairs);

impl<'de> Deserialize<'de> for Merged {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let read = deserializer.deserialize_any(Reader)?;
        Ok(Self(read.0))
    }
}

/// Reads a map, or what is merged into one.
struct Reader;

impl<'de> Visitor<'de> for Reader {
    type Value = Read;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Read, A::Error> {
        let mut pairs = Pairs::new();
        // serde_yaml gives a string target the text as it was written, which is what go-yaml does.
        while let Some(key) = map.next_key::<Option<String>>()? {
            if key.as_deref() == Some("<<") {
                pairs.extend(map.next_value::<Merged>()?.0);
            } else {
                let value = map.next_value::<Option<String>>()?;
                pairs.insert(key.unwrap_or_default(), value.unwrap_or_default());
            }
        }
        Ok(Read(pairs))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut maps: A) -> Result<Read, A::Error> {
        let mut merged = Pairs::new();
        while let Some(Read(map)) = maps.next_element()? {
            for (key, value) in map {
                merged.entry(key).or_insert(value);
            }
        }
        Ok(Read(merged))
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Read, E> {
        Err(E::custom(
            "map merge requires map or sequence of maps as the value",
        ))
    }
}

/// go-yaml's words for what cannot be read.
fn unmarshal_error(bytes: &[u8], error: &serde_yaml::Error, target: &str) -> String {
    use serde_yaml::Value;
    let cannot = |what: &str, into: &str| {
        let line = error.location().map_or(1, |location| location.line());
        refusals::yaml_type(line, what, into)
    };
    match first::<Value>(bytes).map(Option::unwrap_or_default) {
        Ok(Value::Sequence(_)) => cannot("!!seq", target),
        Ok(Value::String(text)) => cannot(&format!("!!str `{}`", shortened(&text)), target),
        Ok(Value::Number(number)) => {
            let tag = if number.is_f64() { "!!float" } else { "!!int" };
            cannot(
                &format!("{tag} `{}`", shortened(&number.to_string())),
                target,
            )
        }
        Ok(Value::Bool(flag)) => cannot(&format!("!!bool `{flag}`"), target),
        Ok(_) => {
            let text = error.to_string();
            let what = if text.contains("invalid type: sequence") {
                "!!seq"
            } else {
                "!!map"
            };
            cannot(what, "string")
        }
        Err(error) => syntax_error(bytes, &error),
    }
}

/// What `parser.fail` of go-yaml says. Both parsers use libyaml's words, but this one's text goes on
/// after the problem.
fn syntax_error(bytes: &[u8], error: &serde_yaml::Error) -> String {
    let text = error.to_string();
    let end = [" at line ", " at position ", ", while "]
        .iter()
        .filter_map(|after| text.find(after))
        .min();
    let problem = &text[..end.unwrap_or(text.len())];
    if problem == "unknown anchor" {
        let at = error.location().map_or(0, |location| location.index());
        let rest = String::from_utf8_lossy(bytes.get(at + 1..).unwrap_or_default());
        let is_name = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
        let name: String = rest.chars().take_while(|c| is_name(*c)).collect();
        return refusals::yaml_anchor(name);
    }
    let line = error.location().map_or(1, |location| location.line());
    // go-yaml counts lines from zero, but for those at which the scanner stopped.
    let line = if PARSER.contains(&problem) {
        line - 1
    } else {
        line
    };
    if line > usize::from(!PARSER.contains(&problem)) {
        refusals::yaml_at(line, problem)
    } else {
        refusals::yaml(problem)
    }
}

/// Problems of libyaml's parser, and not of its scanner.
const PARSER: [&str; 6] = [
    "did not find expected <document start>",
    "did not find expected node content",
    "did not find expected key",
    "did not find expected '-' indicator",
    "did not find expected ',' or ']'",
    "did not find expected ',' or '}'",
];

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

    struct Case {
        name: &'static str,
        text: &'static str,
        outcome: Result<Pairs, &'static str>,
    }

    fn check(name: &str, text: &str, outcome: Result<Pairs, &str>) {
        let read = yaml_pairs(text.as_bytes(), "map[string]string");
        assert_eq!(read, outcome.map_err(str::to_owned), "{name}");
    }

    #[test]
    fn yaml() {
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
                name: "null as a key",
                text: "~: a\n'~': b\n",
                outcome: Ok(pairs([("", "a"), ("~", "b")])),
            },
            Case {
                name: "several documents",
                text: "a: 1\n---\na: [\n",
                outcome: Ok(pairs([("a", "1")])),
            },
            Case {
                name: "merged",
                text: "a: 1\n<<: [{a: 2, b: 3}, {b: 4, c: 5}]\nc: 6\n",
                outcome: Ok(pairs([("a", "2"), ("b", "3"), ("c", "6")])),
            },
        ] {
            check(name, text, outcome);
        }
    }

    #[test]
    fn yaml_that_cannot_be_read() {
        for Case {
            name,
            text,
            outcome,
        } in [
            Case {
                name: "unknown anchor",
                text: "a: *no-such\n",
                outcome: Err("yaml: unknown anchor 'no-such' referenced"),
            },
            Case {
                name: "unfinished",
                text: "{\"a\":",
                outcome: Err("yaml: line 1: did not find expected node content"),
            },
            Case {
                name: "tab",
                text: "\ta: b\n",
                outcome: Err("yaml: found character that cannot start any token"),
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
            check(name, text, outcome);
        }
        // As go-yaml, which has the same reader: no surrogate pairs, no raw control characters.
        assert!(yaml_pairs(br#"{"a": "\uD83D\uDE00"}"#, "").is_err());
        assert!(yaml_pairs(b"a: \"\x7f\"", "").is_err());
        assert!(yaml_pairs("a: \"😀\"".as_bytes(), "").is_ok());
    }
}
