//! The option `providers`: several providers in one application.

use std::collections::BTreeMap;

use super::loose::Loose;
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

impl Requested {
    /// Says of `findings` where they are.
    pub fn place(&self, findings: impl IntoIterator<Item = Finding>) -> Vec<Finding> {
        let place = |finding: Finding| match self.item {
            Some(item) => finding.in_item(item),
            None => finding,
        };
        findings.into_iter().map(place).collect()
    }
}

/// Reads the list: YAML or JSON, each item a map of the options that are about one
/// provider, and `enabled`. Items that are disabled are left out.
pub(super) fn read(text: &Secret) -> (Vec<Requested>, Vec<Finding>) {
    // JSON is YAML too, but read in a tenth of the time.
    let json = serde_json::from_str(text.expose());
    let list = match json.or_else(|_| serde_yaml::from_str(text.expose())) {
        Ok(Loose::List(list)) => list,
        Ok(_) => return (Vec::new(), vec![broken("it has to be a list".into())]),
        Err(error) => {
            let place = error.location().map_or_else(String::new, |location| {
                format!(
                    ", see its line {}, column {}",
                    location.line(),
                    location.column()
                )
            });
            return (Vec::new(), vec![broken(format!("it is no YAML{place}"))]);
        }
    };
    if list.is_empty() {
        return (Vec::new(), vec![broken("it names no provider".into())]);
    }
    let mut requested = Vec::new();
    let mut findings = Vec::new();
    for (value, item) in list.into_iter().zip(1..) {
        let Loose::Map(values) = value else {
            findings.push(broken(format!("its item {item} is no map of options")));
            continue;
        };
        let (settings, enabled, refused) = read_item(values);
        findings.extend(refused.into_iter().map(|finding| finding.in_item(item)));
        if enabled {
            requested.push(Requested {
                item: Some(item),
                settings,
            });
        }
    }
    (requested, findings)
}

fn read_item(values: BTreeMap<String, Loose>) -> (Settings, bool, Vec<Finding>) {
    let mut settings = Settings::default();
    let mut enabled = true;
    let mut refused = Vec::new();
    for (name, value) in values {
        let sorted = if name == "enabled" {
            switch(&name, value).map(|on| enabled = on.unwrap_or(true))
        } else {
            set(&mut settings, &name, value)
        };
        refused.extend(sorted.err());
    }
    (settings, enabled, refused)
}

fn broken(problem: String) -> Finding {
    Finding::error("providers", problem, Fix::set("@<file with the list>"))
}

/// Options about one provider, set beside the list: it is not to be guessed which was
/// meant. The default of the option `provider` does not count as set.
pub(super) fn set_beside(settings: &Settings) -> Vec<Finding> {
    let mut settings = settings.clone();
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
                vec!["providers: it is no YAML, see its line"],
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
                vec!["providers[1].secret_backend: there is no such option"],
            ),
            (
                "a number",
                "- {}\n- client_id: 7",
                vec![1, 2],
                vec!["providers[2].client_id: it has to be a text"],
            ),
        ] {
            let (requested, found) = read(&Secret::new(text.into()));
            let read: Vec<_> = requested.iter().filter_map(|one| one.item).collect();
            assert_eq!(read, items, "{name}");
            let found = said(&found);
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
        assert_eq!(set_beside(&none), []);
        let label = Settings {
            label: Some("x".into()),
            ..Settings::default()
        };
        let [finding] = set_beside(&label).try_into().unwrap();
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
