//! `config.yaml`: options, their types, and the values that they accept. Source of the rules:
//! `juju/charm`, `config.go`.

use super::error::CharmError;
use crate::go::quote;
use crate::refusals;
use crate::version::Version;
use serde::{Deserialize, Serialize};
use serde_json::{Number, Value};
use std::collections::BTreeMap;

/// The type of an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum OptionType {
    String,
    Int,
    Float,
    Boolean,
    Secret,
}

impl OptionType {
    /// The word for it in `config.yaml`, and in Juju's messages.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Int => "int",
            Self::Float => "float",
            Self::Boolean => "boolean",
            Self::Secret => "secret",
        }
    }
}

/// One declared option.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ConfigOption {
    #[serde(rename = "type")]
    pub(crate) kind: OptionType,
    pub(crate) description: String,
    pub(crate) default: Option<Value>,
}

/// The options that a charm declares, by name.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct ConfigOptions(BTreeMap<String, ConfigOption>);

#[derive(Deserialize)]
struct Raw {
    options: Option<BTreeMap<String, Option<RawOption>>>,
}

#[derive(Deserialize)]
struct RawOption {
    #[serde(default, rename = "type")]
    kind: Option<String>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    default: Option<serde_yaml::Value>,
}

impl ConfigOptions {
    /// Reads the text of a `config.yaml` (`charm.ReadConfig`).
    pub(crate) fn parse(text: &str, juju: &Version) -> Result<Self, CharmError> {
        let invalid = |reason: String| CharmError::Invalid(refusals::invalid_config(reason));
        let raw: Option<Raw> =
            serde_yaml::from_str(text).map_err(|error| invalid(error.to_string()))?;
        let declared = raw
            .and_then(|raw| raw.options)
            .ok_or_else(|| invalid(refusals::empty_config()))?;
        let mut options = BTreeMap::new();
        for (name, declaration) in declared {
            let RawOption {
                kind,
                description,
                default,
            } = declaration.unwrap_or(RawOption {
                kind: None,
                description: None,
                default: None,
            });
            let kind = match kind.as_deref().unwrap_or("string") {
                "" | "string" => OptionType::String,
                "int" => OptionType::Int,
                "float" => OptionType::Float,
                "boolean" => OptionType::Boolean,
                "secret" if juju.has_user_secrets() => OptionType::Secret,
                other => {
                    return Err(invalid(refusals::unknown_type(&name, other)));
                }
            };
            let default = default
                .and_then(|value| from_yaml(kind, &name, &value).transpose())
                .transpose()
                .map_err(|reason| CharmError::Invalid(refusals::invalid_default(reason)))?;
            options.insert(
                name,
                ConfigOption {
                    kind,
                    description: description.unwrap_or_default(),
                    default,
                },
            );
        }
        Ok(Self(options))
    }

    /// The declared options, sorted by name.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &ConfigOption)> {
        self.0.iter().map(|(name, option)| (name.as_str(), option))
    }

    /// A declared option, or Juju's words for an unknown one (`Config.option`).
    pub(crate) fn option(&self, name: &str) -> Result<&ConfigOption, String> {
        self.0
            .get(name)
            .ok_or_else(|| refusals::unknown_option(name))
    }

    /// Reads the text that was given for an option (`Config.ParseSettingsStrings`).
    pub(crate) fn typed_text(&self, name: &str, text: &str) -> Result<Value, String> {
        let kind = self.option(name)?.kind;
        let refused = || mismatch(name, kind, &quote(text));
        match kind {
            OptionType::String => Ok(text.into()),
            OptionType::Int => crate::go::atoi(text)
                .map(Value::from)
                .map_err(|_| refused()),
            OptionType::Float => {
                let number = text.parse().ok().and_then(Number::from_f64);
                number.map(Value::Number).ok_or_else(refused)
            }
            OptionType::Boolean => crate::go::parse_bool(text)
                .map(Value::Bool)
                .map_err(|_| refused()),
            // Here Juju checks the form of a secret's URI, not whether the secret exists.
            OptionType::Secret if text.is_empty() || text.starts_with("secret:") => Ok(text.into()),
            OptionType::Secret => Err(refused()),
        }
    }

    /// Whether a value can stay when the charm is replaced: the option exists, and has a type that
    /// fits.
    pub(crate) fn accepts(&self, name: &str, value: &Value) -> bool {
        self.0.get(name).is_some_and(|option| match option.kind {
            OptionType::String | OptionType::Secret => value.is_string(),
            OptionType::Int => value.is_i64(),
            OptionType::Float => value.is_number(),
            OptionType::Boolean => value.is_boolean(),
        })
    }

    /// Reads a value from a YAML file (`Config.ParseSettingsYAML`); `None` resets the option.
    pub(crate) fn typed_yaml(
        &self,
        name: &str,
        value: &serde_yaml::Value,
    ) -> Result<Option<Value>, String> {
        from_yaml(self.option(name)?.kind, name, value)
    }
}

fn mismatch(name: &str, kind: OptionType, got: &str) -> String {
    refusals::option_type(name, kind.word(), got)
}

fn from_yaml(
    kind: OptionType,
    name: &str,
    value: &serde_yaml::Value,
) -> Result<Option<Value>, String> {
    use serde_yaml::Value as Yaml;
    let matched = match (kind, value) {
        (_, Yaml::Null) => return Ok(None),
        (OptionType::String, Yaml::String(text)) => Some(Value::from(text.as_str())),
        (OptionType::Secret, Yaml::String(text))
            if text.is_empty() || text.starts_with("secret:") =>
        {
            Some(Value::from(text.as_str()))
        }
        (OptionType::Int, Yaml::Number(number)) => number.as_i64().map(Value::from),
        (OptionType::Float, Yaml::Number(number)) => number
            .as_f64()
            .and_then(Number::from_f64)
            .map(Value::Number),
        (OptionType::Boolean, Yaml::Bool(flag)) => Some(Value::Bool(*flag)),
        _ => None,
    };
    let got = || match value {
        Yaml::String(text) => quote(text),
        Yaml::Bool(flag) => flag.to_string(),
        Yaml::Number(number) => number.to_string(),
        other => serde_yaml::to_string(other)
            .unwrap_or_default()
            .trim()
            .to_owned(),
    };
    matched
        .map(Some)
        .ok_or_else(|| mismatch(name, kind, &got()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn parse(text: &str) -> Result<ConfigOptions, String> {
        ConfigOptions::parse(text, &"3.6.12".parse().unwrap()).map_err(|error| error.to_string())
    }

    #[test]
    fn refused_files() {
        for (text, reason) in [
            ("", "invalid config: empty configuration"),
            ("a: b\n", "invalid config: empty configuration"),
            (
                "options: {x: {type: y}}\n",
                "invalid config: option \"x\" has unknown type \"y\"",
            ),
            (
                "options: {x: {type: int, default: a}}\n",
                "invalid config default: option \"x\" expected int, got \"a\"",
            ),
            (
                "options: {x: {default: 3}}\n",
                "invalid config default: option \"x\" expected string, got 3",
            ),
        ] {
            assert_eq!(parse(text).map(|_| ()), Err(reason.to_owned()), "{text}");
        }
        assert!(parse("options: {}\n").is_ok());
        let old = ConfigOptions::parse("options: {x: {type: secret}}\n", &"3.2.0".parse().unwrap());
        assert_eq!(
            old.unwrap_err().to_string(),
            "invalid config: option \"x\" has unknown type \"secret\""
        );
    }

    #[test]
    fn typed_values() {
        struct Case {
            option: &'static str,
            text: &'static str,
            value: Result<Value, &'static str>,
        }

        let options = parse("options: {s: {}, i: {type: int}, f: {type: float}, b: {type: boolean}, k: {type: secret}}").unwrap();
        for Case {
            option,
            text,
            value,
        } in [
            Case {
                option: "s",
                text: "3",
                value: Ok(json!("3")),
            },
            Case {
                option: "i",
                text: "3",
                value: Ok(json!(3)),
            },
            Case {
                option: "i",
                text: "a",
                value: Err("option \"i\" expected int, got \"a\""),
            },
            Case {
                option: "f",
                text: "1.5",
                value: Ok(json!(1.5)),
            },
            Case {
                option: "f",
                text: "x",
                value: Err("option \"f\" expected float, got \"x\""),
            },
            Case {
                option: "b",
                text: "True",
                value: Ok(json!(true)),
            },
            Case {
                option: "b",
                text: "yes",
                value: Err("option \"b\" expected boolean, got \"yes\""),
            },
            Case {
                option: "k",
                text: "secret:9m4e2mr0ui3e8a215n4g",
                value: Ok(json!("secret:9m4e2mr0ui3e8a215n4g")),
            },
            Case {
                option: "k",
                text: "foo",
                value: Err("option \"k\" expected secret, got \"foo\""),
            },
            Case {
                option: "nope",
                text: "",
                value: Err("unknown option \"nope\""),
            },
        ] {
            assert_eq!(
                options.typed_text(option, text),
                value.map_err(str::to_owned),
                "{option}={text}"
            );
        }
    }
}
