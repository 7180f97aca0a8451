//! A `charmcraft.yaml` that says everything about a charm: its metadata, options and actions, as
//! charmcraft writes them into files of their own when it packs. Source: `write_metadata` in
//! `services/package.py`, `CharmMetadata.from_charm` in `models/metadata.py`, and
//! `METADATA_YAML_KEYS` in `const.py` of charmcraft.

use super::error::CharmError;
use crate::refusals;
use serde_yaml::{Mapping, Value};

/// The keys that go into `metadata.yaml` as they are.
const METADATA: [&str; 15] = [
    "assumes",
    "charm-user",
    "containers",
    "description",
    "devices",
    "extra-bindings",
    "name",
    "peers",
    "provides",
    "requires",
    "resources",
    "storage",
    "subordinate",
    "summary",
    "terms",
];

/// The text of a `charmcraft.yaml`, split into the files that charmcraft would write.
#[derive(Debug)]
pub(super) struct Unified(Mapping);

impl Unified {
    /// Reads the text.
    pub(super) fn parse(text: &str) -> Result<Self, CharmError> {
        let keys: Mapping = serde_yaml::from_str(text)
            .map_err(|error| CharmError::Invalid(refusals::charmcraft(error)))?;
        if keys.get("type").and_then(Value::as_str) == Some("bundle") {
            return Err(CharmError::Unsupported("bundles"));
        }
        let extensions = keys.get("extensions").and_then(Value::as_sequence);
        if extensions.is_some_and(|names| !names.is_empty()) {
            return Err(CharmError::Unsupported(
                "extensions of charmcraft; pack the charm first",
            ));
        }
        Ok(Self(keys))
    }

    /// The text of one of the three files; `None` if there is nothing to put into it.
    pub(super) fn file(&self, name: &str) -> Option<String> {
        let content = match name {
            "metadata.yaml" => Some(Value::Mapping(self.metadata())),
            "config.yaml" => self.0.get("config").cloned(),
            "actions.yaml" => self.0.get("actions").cloned(),
            _ => None,
        };
        let content = content.filter(|content| match content {
            Value::Mapping(keys) => !keys.is_empty(),
            other => !other.is_null(),
        });
        content.and_then(|content| serde_yaml::to_string(&content).ok())
    }

    /// A `metadata.yaml` that says something, completed by what may be said here instead; `None` if
    /// it is complete.
    pub(super) fn completed(&self, metadata: &str) -> Option<String> {
        let mut metadata: Mapping = serde_yaml::from_str(metadata).ok()?;
        let missing: Vec<(&str, &Value)> = ["name", "summary", "description"]
            .into_iter()
            .filter(|key| !metadata.contains_key(*key))
            .filter_map(|key| Some((key, self.0.get(key)?)))
            .collect();
        if missing.is_empty() {
            return None;
        }
        for (key, value) in missing {
            metadata.insert(key.into(), value.clone());
        }
        serde_yaml::to_string(&metadata).ok()
    }

    /// The keys for `metadata.yaml`, some of which have another name there.
    fn metadata(&self) -> Mapping {
        let mut metadata: Mapping = self
            .0
            .iter()
            .filter(|(key, value)| {
                key.as_str().is_some_and(|key| METADATA.contains(&key)) && !value.is_null()
            })
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        if let Some(title) = self.0.get("title") {
            metadata.insert("display-name".into(), title.clone());
        }
        let links = self.0.get("links").and_then(Value::as_mapping);
        for (key, value) in links.into_iter().flatten() {
            match (key.as_str(), value) {
                (Some("documentation"), _) => metadata.insert("docs".into(), value.clone()),
                (Some("contact"), Value::String(_)) => {
                    let one = Value::Sequence(vec![value.clone()]);
                    metadata.insert("maintainers".into(), one)
                }
                (Some("contact"), _) => metadata.insert("maintainers".into(), value.clone()),
                _ => metadata.insert(key.clone(), value.clone()),
            };
        }
        metadata
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_split_as_by_charmcraft() {
        struct Case {
            name: &'static str,
            file: &'static str,
            text: Option<&'static str>,
        }

        let text = "
type: charm
name: web
title: The Web
summary: s
description: d
base: ubuntu@24.04
platforms: {amd64: }
parts: {charm: {plugin: charm}}
requires: {db: {interface: postgresql}}
links: {contact: me@example.com, documentation: https://docs, source: https://code}
config: {options: {port: {type: int, default: 80}}}
actions: {}
";
        let unified = Unified::parse(text).unwrap();
        for Case { name, file, text } in [
            Case {
                name: "metadata, with renamed keys and without those of charmcraft",
                file: "metadata.yaml",
                text: Some(
                    "{name: web, summary: s, description: d, requires: {db: {interface: postgresql}}, display-name: The Web, maintainers: [me@example.com], docs: https://docs, source: https://code}",
                ),
            },
            Case {
                name: "options",
                file: "config.yaml",
                text: Some("{options: {port: {type: int, default: 80}}}"),
            },
            Case {
                name: "nothing to write",
                file: "actions.yaml",
                text: None,
            },
        ] {
            let value = |text: &str| serde_yaml::from_str::<Value>(text).unwrap();
            let seen = unified.file(file).map(|text| value(&text));
            assert_eq!(seen, text.map(value), "{name}");
        }
    }

    #[test]
    fn refusals() {
        for (text, reason) in [
            (
                "{type: bundle, name: b}",
                "not supported by the sandbox: bundles",
            ),
            (
                "{name: a, extensions: [flask-framework]}",
                "not supported by the sandbox: extensions of charmcraft; pack the charm first",
            ),
        ] {
            let seen = Unified::parse(text).map(|_| ()).unwrap_err().to_string();
            assert_eq!(seen, reason, "{text}");
        }
    }
}
