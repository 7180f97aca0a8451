//! Values as people and Juju write them, before their types are checked.

use std::collections::BTreeMap;
use std::fmt;

use juju_hook::Secret;
use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// Why a text cannot be read. Holds no part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum YamlError {
    /// It is neither JSON nor YAML, or a map has a duplicate key.
    #[error("not valid YAML, or has a duplicate key (line {line}, column {column})")]
    At {
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
    },
    /// It is YAML, but more than one document.
    #[error("more than one YAML document")]
    Documents,
    /// Its aliases make it too large. There is no position for this.
    #[error("YAML whose aliases expand too far")]
    Intricate,
}

impl Loose {
    /// Reads JSON or YAML.
    ///
    /// # Errors
    ///
    /// If it is neither.
    pub fn read(text: &str) -> Result<Self, YamlError> {
        // JSON is YAML too, except for some escapes.
        let value = serde_json::from_str(text).or_else(|_| serde_yaml::from_str(text));
        value.map_err(|error: serde_yaml::Error| match error.location() {
            Some(location) => YamlError::At {
                line: location.line(),
                column: location.column(),
            },
            None if serde_yaml::Deserializer::from_str(text).nth(1).is_some() => {
                YamlError::Documents
            }
            None => YamlError::Intricate,
        })
    }
}

/// A JSON or YAML value. Any string may be a secret.
#[derive(Debug)]
pub enum Loose {
    /// Null.
    Unset,
    /// A string.
    Text(Secret),
    /// True or false.
    Switch(bool),
    /// A number.
    Number,
    /// A list.
    List(Vec<Loose>),
    /// A map.
    Map(BTreeMap<String, Loose>),
}

impl<'de> Deserialize<'de> for Loose {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LooseVisitor)
    }
}

struct LooseVisitor;

impl<'de> Visitor<'de> for LooseVisitor {
    type Value = Loose;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_unit<E>(self) -> Result<Loose, E> {
        Ok(Loose::Unset)
    }

    fn visit_none<E>(self) -> Result<Loose, E> {
        Ok(Loose::Unset)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Loose, E> {
        Ok(Loose::Switch(value))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Loose, E> {
        Ok(Loose::Number)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Loose, E> {
        Ok(Loose::Number)
    }

    fn visit_i128<E>(self, _: i128) -> Result<Loose, E> {
        Ok(Loose::Number)
    }

    fn visit_u128<E>(self, _: u128) -> Result<Loose, E> {
        Ok(Loose::Number)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Loose, E> {
        Ok(Loose::Number)
    }

    fn visit_str<E>(self, value: &str) -> Result<Loose, E> {
        Ok(Loose::Text(Secret::new(value.to_owned())))
    }

    fn visit_string<E>(self, value: String) -> Result<Loose, E> {
        Ok(Loose::Text(Secret::new(value)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Loose, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element()? {
            values.push(value);
        }
        Ok(Loose::List(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Loose, A::Error> {
        let mut values = BTreeMap::new();
        while let Some((key, value)) = map.next_entry()? {
            if values.insert(key, value).is_some() {
                return Err(de::Error::custom("a key stands there twice"));
            }
        }
        Ok(Loose::Map(values))
    }
}

/// What a plain word is to YAML 1.1 where YAML 1.2 has a text; `None` if it is a text there,
/// too.
#[must_use]
pub fn switch_of_yaml_1_1(word: &str) -> Option<bool> {
    match word {
        "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Some(true),
        "no" | "No" | "NO" | "off" | "Off" | "OFF" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_and_yaml_are_read_alike() {
        let text =
            r#"{"a": null, "b": "x", "c": true, "d": 1, "e": -1.5, "f": [18446744073709551616]}"#;
        let json: Loose = serde_json::from_str(text).unwrap();
        let yaml: Loose = serde_yaml::from_str(text).unwrap();
        assert_eq!(format!("{json:?}"), format!("{yaml:?}"));
        let Loose::Map(values) = json else {
            panic!("a map")
        };
        let shapes: Vec<_> = values.values().map(|value| format!("{value:?}")).collect();
        let expected = [
            "Unset",
            "Text(Secret(…))",
            "Switch(true)",
            "Number",
            "Number",
            "List([Number])",
        ];
        assert_eq!(shapes, expected);
        assert!(
            serde_yaml::from_str::<Loose>("a: 1\na: 2").is_err(),
            "a key twice"
        );
    }
}
