//! Standard tags of a map's values, such as `!!binary`. `serde_yaml` tells only of tags with one
//! `!`, so the text is read a second time, with the other one left out.

use super::bytes::from_bytes;
use super::resolve::is_string;
use crate::refusals;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_yaml::Value;
use std::collections::BTreeMap;

/// Does to the values of a map what their tags ask for (`resolve` and `decoder.scalar` of go-yaml):
/// `!!binary` is decoded, and what is only a text is refused where the tag says something else.
pub(super) fn apply(bytes: &[u8], pairs: &mut BTreeMap<String, String>) -> Result<(), String> {
    let text = String::from_utf8_lossy(bytes);
    if !text.contains("!!") {
        return Ok(());
    }
    for (key, tag) in tags(&text.replace("!!", "!")) {
        let Some(value) = pairs.get_mut(&key) else {
            continue;
        };
        match tag.as_str() {
            "binary" => {
                let lines = value.replace(['\r', '\n'], "");
                let decoded = STANDARD.decode(lines);
                *value = from_bytes(&decoded.map_err(|_| refusals::yaml_binary())?);
            }
            "bool" | "float" | "int" | "null" | "timestamp" if is_string(value) => {
                return Err(refusals::yaml_tag(value, &tag));
            }
            _ => {}
        }
    }
    Ok(())
}

/// The tag of each value that has one. Keys are right unless they contain `!!`, and then nobody has
/// such a key.
fn tags(text: &str) -> Vec<(String, String)> {
    let document = serde_yaml::Deserializer::from_str(text).next();
    let map = document.map(BTreeMap::<Option<String>, Value>::deserialize);
    let Some(Ok(map)) = map else {
        return Vec::new();
    };
    map.into_iter()
        .filter_map(|(key, value)| match value {
            Value::Tagged(tagged) => {
                let tag = tagged.tag.to_string();
                Some((key.unwrap_or_default(), tag.trim_start_matches('!').into()))
            }
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use crate::go::yaml_pairs;

    #[test]
    fn tagged_values() {
        for (text, outcome) in [
            ("a: !!binary aGk=", Ok("hi")),
            // As Python's yaml.dump writes bytes.
            ("a: !!binary |\n  aGk=\n", Ok("hi")),
            ("a: !!str 1", Ok("1")),
            ("a: !!int 7", Ok("7")),
            ("a: 'x !!int y'", Ok("x !!int y")),
            ("!!map {a: b}", Ok("b")),
            ("a: !own b", Ok("b")),
            (
                "a: !!binary '?'",
                Err("yaml: !!binary value contains invalid base64 data"),
            ),
            (
                "a: !!int 'x'",
                Err("yaml: cannot decode !!str `x` as a !!int"),
            ),
        ] {
            let read = yaml_pairs(text.as_bytes(), "map[string]string");
            let read = read.map(|pairs| pairs["a"].clone());
            let outcome = outcome.map(str::to_owned).map_err(str::to_owned);
            assert_eq!(read, outcome, "{text}");
        }
    }
}
