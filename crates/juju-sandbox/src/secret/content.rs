//! The content of one revision of a secret. Source: `core/secrets/createsecret.go`, `value.go`.

use crate::go::{Pairs, json_pairs, normal_path, open_error, to_bytes, yaml_pairs};
use crate::refusals;
use crate::version::Version;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

/// Keys and values. Juju stores every value in base 64; here that is done only for values that are
/// not text, or whose base 64 was given in an unusual form.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Content {
    /// Every key, with its value decoded; bytes that are not UTF-8 are replaced, as in Go's JSON.
    text: Pairs,
    /// Values in base 64 that cannot be recovered from their text.
    #[serde(default, skip_serializing_if = "Pairs::is_empty")]
    encoded: Pairs,
}

impl fmt::Debug for Content {
    /// Shows only the keys, because the values are secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.text.keys()).finish()
    }
}

/// The maximum sizes that Juju accepts, in bytes.
struct Limits {
    value: usize,
    content: usize,
    /// Whether sizes are those of the base 64.
    encoded: bool,
}

impl Limits {
    fn of(juju: &Version) -> Self {
        let (value, content, encoded) = if juju.at_least(3, 6, 9) {
            (1_000_000, 1_000_000, true)
        } else if juju.at_least(3, 3, 2) {
            (8 * 1024, 64 * 1024, false)
        } else {
            (5 * 1024, 64 * 1024, false)
        };
        Self {
            value,
            content,
            encoded,
        }
    }

    fn kind(&self) -> &'static str {
        if self.encoded {
            "base64 encoded secret content"
        } else {
            "secret content"
        }
    }

    /// Refuses a file that is too long, without reading it.
    fn check_file(&self, path: &str) -> Result<(), String> {
        match Path::new(path).metadata() {
            Ok(file) if file.len() > self.content as u64 => {
                Err(refusals::secret_file_too_large(path, file.len()))
            }
            _ => Ok(()),
        }
    }
}

impl Content {
    /// Reads `key=value`, `key#base64=value` and `key#file=path` arguments, and the pairs of a YAML
    /// or JSON file, which override them (`CreateSecretData`, `ReadSecretData`). The files are
    /// opened here, as Juju's unit agent opens those of a hook tool.
    pub(crate) fn read(
        arguments: &[String],
        file: Option<&str>,
        juju: &Version,
    ) -> Result<Self, String> {
        let limits = Limits::of(juju);
        let mut data = BTreeMap::new();
        for argument in arguments {
            // Padding of base 64 is not a separator.
            let end = argument.trim_end_matches('=').find('=').unwrap_or(0);
            let (key, value) = argument.split_at(end);
            let Some(value) = value.strip_prefix('=').filter(|_| !key.is_empty()) else {
                return Err(refusals::invalid_secret_argument(argument));
            };
            match key.strip_suffix("#file") {
                None => data.insert(key.to_owned(), to_bytes(value)),
                Some(key) => {
                    let path = normal_path(value)?;
                    limits.check_file(&path)?;
                    let bytes = std::fs::read(&path).map_err(|error| {
                        refusals::cannot_read_secret_key(key, open_error(value, &error))
                    })?;
                    data.insert(key.to_owned(), bytes)
                }
            };
        }
        let mut content = Self::encode(data, &limits)?;
        if let Some(path) = file.filter(|path| !path.is_empty()) {
            let path = normal_path(path)?;
            limits.check_file(&path)?;
            let bytes = std::fs::read(&path).map_err(|error| open_error(&path, &error))?;
            let pairs = match json_pairs(&bytes) {
                Some(pairs) => pairs,
                None => yaml_pairs(&bytes, "secrets.SecretData")?,
            };
            let data = pairs.iter();
            let data = data.map(|(key, value)| (key.clone(), to_bytes(value)));
            content.merge(Self::encode(data.collect(), &limits)?);
        }
        Ok(content)
    }

    /// Content from the pairs that a program gives.
    pub(crate) fn from_pairs(pairs: &[(&str, &str)], juju: &Version) -> Result<Self, String> {
        let pairs = pairs
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        Self::of(pairs.collect(), &Limits::of(juju))
    }

    fn of(pairs: Pairs, limits: &Limits) -> Result<Self, String> {
        let data = pairs
            .into_iter()
            .map(|(key, value)| (key, value.into_bytes()));
        Self::encode(data.collect(), limits)
    }

    /// `encodeBase64`.
    fn encode(data: BTreeMap<String, Vec<u8>>, limits: &Limits) -> Result<Self, String> {
        let mut content = Self::default();
        let mut total = 0;
        let too_large = |key: &str, length: usize| {
            Err(refusals::secret_value_too_large(limits.kind(), key, length))
        };
        for (given, value) in data {
            if !limits.encoded && value.len() > limits.value {
                return too_large(&given, value.len());
            }
            let (key, is_encoded) = match given.strip_suffix("#base64") {
                Some(key) => (key, true),
                None => (given.as_str(), false),
            };
            if !is_key(key) {
                return Err(refusals::invalid_secret_key(key));
            }
            let length = if limits.encoded && !is_encoded {
                value.len().div_ceil(3) * 4
            } else {
                value.len()
            };
            if limits.encoded && length > limits.value {
                return too_large(key, length);
            }
            total += length;
            if is_encoded {
                content.insert_encoded(key, &String::from_utf8_lossy(&value));
            } else {
                content.insert(key, value);
            }
        }
        if total > limits.content {
            return Err(refusals::secret_too_large(limits.kind(), total));
        }
        Ok(content)
    }

    fn insert(&mut self, key: &str, bytes: Vec<u8>) {
        self.encoded.remove(key);
        let text = String::from_utf8(bytes).unwrap_or_else(|error| {
            self.encoded
                .insert(key.to_owned(), STANDARD.encode(error.as_bytes()));
            String::from_utf8_lossy(error.as_bytes()).into_owned()
        });
        self.text.insert(key.to_owned(), text);
    }

    fn insert_encoded(&mut self, key: &str, value: &str) {
        self.insert(key, decode(value).unwrap_or_default());
        if self.base64(key).as_deref() != Some(value) {
            self.encoded.insert(key.to_owned(), value.to_owned());
        }
    }

    fn merge(&mut self, over: Self) {
        self.encoded.retain(|key, _| !over.text.contains_key(key));
        self.text.extend(over.text);
        self.encoded.extend(over.encoded);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Every key with its value as text, as far as it can be decoded.
    pub(crate) fn text(&self) -> &Pairs {
        &self.text
    }

    /// Every key with its value, if all of them can be decoded (`SecretValue.Values`).
    pub(crate) fn values(&self) -> Result<&Pairs, String> {
        for value in self.encoded.values() {
            decode(value)?;
        }
        Ok(&self.text)
    }

    /// One value in base 64.
    pub(crate) fn base64(&self, key: &str) -> Option<String> {
        let text = self.text.get(key)?;
        let encoded = self.encoded.get(key).cloned();
        Some(encoded.unwrap_or_else(|| STANDARD.encode(text)))
    }
}

/// Go's `base64.StdEncoding.DecodeString`, with its error text.
fn decode(value: &str) -> Result<Vec<u8>, String> {
    let value: String = value.chars().filter(|c| !"\r\n".contains(*c)).collect();
    STANDARD.decode(&value).map_err(|error| {
        let byte = match error {
            base64::DecodeError::InvalidByte(byte, _)
            | base64::DecodeError::InvalidLastSymbol(byte, _) => byte,
            base64::DecodeError::InvalidLength(_) | base64::DecodeError::InvalidPadding => {
                value.trim_end_matches('=').len()
            }
        };
        refusals::illegal_base64(byte)
    })
}

/// `^([a-z](?:-?[a-z0-9]){2,})$`.
fn is_key(key: &str) -> bool {
    let significant = key.bytes().filter(|byte| *byte != b'-').count();
    significant >= 3
        && key.starts_with(|c: char| c.is_ascii_lowercase())
        && !key.ends_with('-')
        && !key.contains("--")
        && key
            .bytes()
            .all(|byte| byte == b'-' || byte.is_ascii_lowercase() || byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &[&str], juju: &str) -> Result<Content, String> {
        let arguments: Vec<String> = arguments.iter().map(|&text| text.to_owned()).collect();
        Content::read(&arguments, None, &juju.parse().unwrap())
    }

    #[test]
    fn keys() {
        for (key, valid) in [
            ("abc", true),
            ("a-b-c", true),
            ("token2", true),
            ("ab", false),
            ("a-b", false),
            ("2ab", false),
            ("ab_c", false),
            ("abC", false),
            ("abc-", false),
            ("a--bc", false),
            ("-abc", false),
        ] {
            assert_eq!(is_key(key), valid, "{key}");
        }
    }

    #[test]
    fn values() {
        struct Case {
            name: &'static str,
            argument: &'static str,
            text: &'static str,
            base64: &'static str,
        }

        for Case {
            name,
            argument,
            text,
            base64,
        } in [
            Case {
                name: "text",
                argument: "key=a=b",
                text: "a=b",
                base64: "YT1i",
            },
            Case {
                name: "padding",
                argument: "key=YQ==",
                text: "YQ==",
                base64: "WVE9PQ==",
            },
            Case {
                name: "encoded",
                argument: "key#base64=YQ==",
                text: "a",
                base64: "YQ==",
            },
            Case {
                name: "binary",
                argument: "key#base64=/w==",
                text: "\u{fffd}",
                base64: "/w==",
            },
        ] {
            let content = read(&[argument], "3.6.12").unwrap();
            assert_eq!(content.values().unwrap()["key"], text, "{name}");
            assert_eq!(content.base64("key").as_deref(), Some(base64), "{name}");
        }
        let bad = read(&["key#base64=a!b="], "3.6.12").unwrap();
        assert_eq!(
            bad.values(),
            Err("illegal base64 data at input byte 1".to_owned())
        );
        assert_eq!(bad.base64("key").as_deref(), Some("a!b="));
        assert_eq!(format!("{bad:?}"), "{\"key\"}");
        assert_eq!(
            read(&["key#base64=YQ=="], "3.6.12"),
            read(&["key=a"], "3.6.12")
        );
    }

    #[test]
    fn sizes() {
        struct Case {
            name: &'static str,
            juju: &'static str,
            keys: usize,
            length: usize,
            refusal: Option<&'static str>,
        }

        let of = |length: usize| "x".repeat(length);
        for Case {
            name,
            juju,
            keys,
            length,
            refusal,
        } in [
            Case {
                name: "3.1",
                juju: "3.1.9",
                keys: 1,
                length: 5120,
                refusal: None,
            },
            Case {
                name: "3.1 value",
                juju: "3.1.9",
                keys: 1,
                length: 5121,
                refusal: Some("secret content for key \"key0\" too large: 5121 bytes"),
            },
            Case {
                name: "3.1 content",
                juju: "3.1.9",
                keys: 13,
                length: 5120,
                refusal: Some("secret content too large: 66560 bytes"),
            },
            Case {
                name: "3.3.2",
                juju: "3.3.2",
                keys: 8,
                length: 8192,
                refusal: None,
            },
            Case {
                name: "3.6.8 value",
                juju: "3.6.8",
                keys: 1,
                length: 8193,
                refusal: Some("secret content for key \"key0\" too large: 8193 bytes"),
            },
            Case {
                name: "3.6.8 content",
                juju: "3.6.8",
                keys: 9,
                length: 8192,
                refusal: Some("secret content too large: 73728 bytes"),
            },
            Case {
                name: "3.6.9",
                juju: "3.6.9",
                keys: 1,
                length: 750_000,
                refusal: None,
            },
            Case {
                name: "3.6.9 value",
                juju: "3.6.9",
                keys: 1,
                length: 750_001,
                refusal: Some(
                    "base64 encoded secret content for key \"key0\" too large: 1000004 bytes",
                ),
            },
            Case {
                name: "3.6.9 content",
                juju: "3.6.9",
                keys: 2,
                length: 600_000,
                refusal: Some("base64 encoded secret content too large: 1600000 bytes"),
            },
        ] {
            let arguments: Vec<String> = (0..keys)
                .map(|n| format!("key{n}={}", of(length)))
                .collect();
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            assert_eq!(read(&arguments, juju).err().as_deref(), refusal, "{name}");
        }
    }
}
