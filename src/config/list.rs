//! The option `providers`: several providers in one application.

use std::fmt;

use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};

use super::loose::{Loose, json_or_yaml};
use super::options::{set, switch};
use crate::finding::{Finding, Fix};
use crate::provider::Settings;
use crate::secret::Secret;

/// One provider that is asked for, and where.
#[derive(Debug)]
pub struct Requested {
    /// Which item of the list, counted from 1; `None` for the options of the charm.
    pub item: Option<usize>,
    /// Its settings.
    pub settings: Settings,
}

/// The list, as far as it can be used.
#[derive(Debug, Default)]
pub(super) struct List {
    /// How many items it has.
    length: usize,
    /// The providers that are asked for. Items that are disabled are left out.
    pub(super) requested: Vec<Requested>,
    /// What is wrong with it.
    pub(super) refused: Vec<Finding>,
}

/// Reads the list: YAML or JSON, each item a map of the options that are about one
/// provider, and `enabled`.
pub(super) fn read(text: &Secret) -> List {
    match json_or_yaml(text.expose()) {
        Ok(List { length: 0, .. }) => List::broken("it names no provider".into()),
        Ok(list) => list,
        Err(_) => List::broken(match Loose::read(text.expose()) {
            Ok(_) => "it has to be a list".into(),
            Err(error) => format!("it is {error}"),
        }),
    }
}

impl List {
    fn broken(problem: String) -> Self {
        Self {
            refused: vec![broken(problem)],
            ..Self::default()
        }
    }

    fn push(&mut self, value: Loose) {
        self.length += 1;
        let item = self.length;
        let Loose::Map(values) = value else {
            let problem = format!("its item {item} is no map of options");
            self.refused.push(broken(problem));
            return;
        };
        let mut settings = Settings::default();
        let mut enabled = true;
        for (name, value) in values {
            let sorted = if name == "enabled" {
                switch(&name, value).map(|on| enabled = on.unwrap_or(true))
            } else {
                set(&mut settings, &name, value)
            };
            let refused = sorted.err().map(|finding| finding.in_item(item));
            self.refused.extend(refused);
        }
        if enabled {
            self.requested.push(Requested {
                item: Some(item),
                settings,
            });
        }
    }
}

impl<'de> Deserialize<'de> for List {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(ListVisitor)
    }
}

/// Sorts each item as it comes: a list may be long, and what is read of it large.
struct ListVisitor;

impl<'de> Visitor<'de> for ListVisitor {
    type Value = List;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<List, A::Error> {
        let mut list = List::default();
        while let Some(value) = items.next_element()? {
            list.push(value);
        }
        Ok(list)
    }
}

fn broken(problem: String) -> Finding {
    Finding::error("providers", problem, Fix::set("@<file with the list>"))
}

/// Options about one provider, set beside the list: it is not to be guessed which was
/// meant. The default of the option `provider` does not count as set.
pub(super) fn set_beside(mut settings: Settings) -> Vec<Finding> {
    if settings.provider.as_deref() == Some("generic") {
        settings.provider = None;
    }
    let mut findings = Vec::new();
    for option in Settings::OPTIONS {
        if settings.field(option).is_some_and(|field| field.is_set()) {
            let problem = "set beside the list providers, which has to say everything";
            findings.push(Finding::error(option, problem, Fix::Unset));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(findings: &[Finding]) -> Vec<String> {
        findings
            .iter()
            .map(|finding| finding.advice("idp"))
            .collect()
    }

    #[test]
    fn a_list_is_read_item_by_item() {
        for (name, text, items, findings) in [
            (
                "YAML",
                "- {provider: google}\n- provider: github\n",
                vec![1, 2],
                vec![],
            ),
            ("JSON", r#"[{"provider":"google"}]"#, vec![1], vec![]),
            (
                "disabled",
                "- {enabled: false}\n- {enabled: 'yes'}",
                vec![2],
                vec![],
            ),
            (
                "no list",
                "provider: google",
                vec![],
                vec!["providers: it has to be a list"],
            ),
            (
                "no YAML",
                "- [\n",
                vec![],
                vec!["providers: it is no YAML or has a key twice, see its line 2, column 1"],
            ),
            (
                "a key twice",
                "- {label: a, label: b}",
                vec![],
                vec!["providers: it is no YAML or has a key twice, see its line 1"],
            ),
            (
                "two documents",
                "- {}\n---\n- {}",
                vec![],
                vec!["providers: it is more than one YAML document"],
            ),
            (
                "empty",
                "[]",
                vec![],
                vec!["providers: it names no provider"],
            ),
            (
                "no map",
                "- google",
                vec![],
                vec!["providers: its item 1 is no map of options"],
            ),
            (
                "a key that is not one provider's",
                "- secret_backend: secret",
                vec![1],
                vec!["providers[1].secret_backend: that is for all providers, and not for one"],
            ),
            (
                "a number",
                "- {}\n- client_id: 7",
                vec![1, 2],
                vec!["providers[2].client_id: it has to be a text"],
            ),
        ] {
            let list = read(&Secret::new(text.into()));
            let read: Vec<_> = list.requested.iter().filter_map(|one| one.item).collect();
            assert_eq!(read, items, "{name}");
            let found = said(&list.refused);
            assert_eq!(found.len(), findings.len(), "{name}: {found:?}");
            for (found, expected) in found.iter().zip(findings) {
                assert!(found.starts_with(expected), "{name}: {found}");
            }
        }
    }

    #[test]
    fn nothing_is_set_beside_the_list() {
        let none = Settings {
            provider: Some("generic".into()),
            ..Settings::default()
        };
        assert_eq!(set_beside(none), []);
        let label = Settings {
            label: Some("x".into()),
            ..Settings::default()
        };
        let [finding] = set_beside(label).try_into().unwrap();
        assert!(
            finding
                .advice("idp")
                .ends_with("run juju config idp --reset label")
        );
    }

    #[test]
    fn every_setting_has_its_field() {
        let mut settings = Settings::default();
        for option in Settings::OPTIONS {
            assert!(settings.field(option).is_some(), "{option}");
        }
    }
}
