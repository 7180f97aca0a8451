//! The option `providers`: several providers in one application.

use external_provider::Settings;
use juju_hook::Secret;

use super::loose::{Loose, switch_of_yaml_1_1};
use super::options::{set, switch};
use crate::finding::{Code, Finding, Fix};

/// One requested provider, and where it is requested.
#[derive(Debug, PartialEq, Eq)]
pub struct Requested {
    /// Which item of the list, counted from 1; `None` for the options of the charm.
    pub item: Option<usize>,
    /// Its settings.
    pub settings: Settings,
}

/// The usable part of the list.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct List {
    /// The requested providers.
    pub(super) requested: Vec<Requested>,
    /// Those that are switched off.
    pub(super) disabled: Vec<Settings>,
    /// Whether all are.
    pub(super) is_disabled: bool,
    /// Findings about the list itself.
    pub(super) refused: Vec<Finding>,
}

/// Reads the list: YAML or JSON, in which each item is a map of the options about one provider, and
/// `enabled`.
pub(super) fn read(text: &Secret) -> List {
    let mut list = List::default();
    let items = match Loose::read(text.expose()) {
        Ok(Loose::List(items)) => items,
        Ok(_) => return list.refuse(Code::ListNotAList, "must be a list"),
        Err(error) => return list.refuse(Code::ListNotYaml, format!("the list is {error}")),
    };
    if items.is_empty() {
        return list.refuse(Code::ListEmpty, "the list is empty");
    }
    let mut other = Vec::new();
    for (at, item) in (1..).zip(items) {
        let Loose::Map(values) = item else {
            other.push(at.to_string());
            continue;
        };
        let mut settings = Settings::default();
        let mut enabled = true;
        for (name, value) in values {
            let sorted = if name == "enabled" {
                word_or_switch(&name, value).map(|on| enabled = on != Some(false))
            } else {
                set(&mut settings, &name, value)
            };
            list.refused.extend(sorted.err().map(|one| one.in_item(at)));
        }
        if enabled {
            list.requested.push(Requested {
                item: Some(at),
                settings,
            });
        } else {
            list.disabled.push(settings);
        }
    }
    list.is_disabled = list.requested.is_empty() && other.is_empty();
    match &other[..] {
        [] => list,
        [at] => list.refuse(
            Code::ListItemNotAMap,
            format!("item {at} is not a map of options"),
        ),
        _ => list.refuse(
            Code::ListItemNotAMap,
            format!("items {} are not maps of options", and(&other)),
        ),
    }
}

/// `a`, `a and b`, `a, b and c`.
fn and<T: AsRef<str>>(names: &[T]) -> String {
    let names: Vec<_> = names.iter().map(AsRef::as_ref).collect();
    match names.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}

/// The value of a switch within the list. It may also be a YAML 1.1 word such as `off`: Juju does not
/// read the list, and it does no harm to switch off what was meant to be off.
fn word_or_switch(name: &str, value: Loose) -> Result<Option<bool>, Finding> {
    let word = match &value {
        Loose::Text(text) => switch_of_yaml_1_1(text.expose()),
        _ => None,
    };
    match word {
        Some(on) => Ok(Some(on)),
        None => switch(name, value),
    }
}

impl List {
    fn refuse(mut self, code: Code, problem: impl Into<String>) -> Self {
        let fix = Fix::set("@providers.yaml");
        self.refused
            .push(Finding::new(code, "providers", problem, fix));
        self
    }
}

/// Options about one provider that are set as well as the list: the charm does not guess which was
/// meant. The default of the option `provider` does not count as set.
pub(super) fn set_beside(mut settings: Settings) -> Option<Finding> {
    if settings.provider.as_deref() == Some("generic") {
        settings.provider = None;
    }
    let is_set = |option: &&str| settings.get(option).is_some();
    let set: Vec<_> = Settings::OPTIONS.iter().copied().filter(is_set).collect();
    let verb = if set.len() == 1 { "is" } else { "are" };
    let problem = format!(
        "{} {verb} set, but the list in providers must contain everything",
        and(&set)
    );
    let unset = set.iter().map(|option| (*option, String::new())).collect();
    let first = set.first()?;
    Some(Finding::new(
        Code::OptionsBesideList,
        *first,
        problem,
        Fix::SetAll(unset),
    ))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    fn said(findings: &[Finding]) -> Vec<String> {
        findings
            .iter()
            .map(|finding| finding.advice("idp"))
            .collect()
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table")]
    fn a_list_is_read_item_by_item() {
        struct Case {
            name: &'static str,
            text: &'static str,
            items: Vec<usize>,
            findings: Vec<&'static str>,
        }

        for Case {
            name,
            text,
            items,
            findings,
        } in [
            Case {
                name: "YAML",
                text: "- {provider: google}\n- provider: github\n",
                items: vec![1, 2],
                findings: vec![],
            },
            Case {
                name: "JSON",
                text: r#"[{"provider":"google"}]"#,
                items: vec![1],
                findings: vec![],
            },
            Case {
                name: "disabled",
                text: "- {enabled: false}\n- {enabled: 'yes'}",
                items: vec![2],
                findings: vec![],
            },
            Case {
                name: "not a list",
                text: "provider: google",
                items: vec![],
                findings: vec!["providers: must be a list"],
            },
            Case {
                name: "not YAML",
                text: "- [\n",
                items: vec![],
                findings: vec![
                    "providers: the list is not valid YAML, or has a duplicate key (line 2, column 1)",
                ],
            },
            Case {
                name: "a key twice",
                text: "- {label: a, label: b}",
                items: vec![],
                findings: vec![
                    "providers: the list is not valid YAML, or has a duplicate key (line 1",
                ],
            },
            Case {
                name: "two documents",
                text: "- {}\n---\n- {}",
                items: vec![],
                findings: vec!["providers: the list is more than one YAML document"],
            },
            Case {
                name: "empty",
                text: "[]",
                items: vec![],
                findings: vec!["providers: the list is empty"],
            },
            Case {
                name: "not a map",
                text: "- google",
                items: vec![],
                findings: vec!["providers: item 1 is not a map of options"],
            },
            Case {
                name: "a key that is not one provider's",
                text: "- secret_backend: secret",
                items: vec![1],
                findings: vec![
                    "providers[1].secret_backend: this applies to all providers, not to one",
                ],
            },
            Case {
                name: "not a map, and beside it values that are not text",
                text: "- \n- client_id: 7\n- {label: [a], scope: {a: b}, nosuch: a}",
                items: vec![2, 3],
                findings: vec![
                    "providers[2].client_id: must be a string",
                    "providers[3].label: must be a string",
                    "providers[3].nosuch: no such option",
                    "providers[3].scope: must be a string",
                    "providers: item 1 is not a map of options",
                ],
            },
            Case {
                name: "two that are not maps",
                text: "[1, {}, 2]",
                items: vec![2],
                findings: vec!["providers: items 1 and 3 are not maps of options"],
            },
            Case {
                name: "a number in JSON",
                text: r#"[{"client_id":7,"enabled":true,"label":"a\ud83d\ude00"}]"#,
                items: vec![1],
                findings: vec!["providers[1].client_id: must be a string"],
            },
            Case {
                name: "a tag, which leaves half of a secret",
                text: "- client_secret: !abc def",
                items: vec![],
                findings: vec![
                    "providers: the list is not valid YAML, or has a duplicate key (line 1, column 18)",
                ],
            },
            Case {
                name: "a tag, which leaves nothing",
                text: "- {label: a}\n- {client_secret: !abc}",
                items: vec![],
                findings: vec![
                    "providers: the list is not valid YAML, or has a duplicate key (line 2",
                ],
            },
            Case {
                name: "not a switch",
                text: "- {}\n- {enabled: [true]}",
                items: vec![1, 2],
                findings: vec!["providers[2].enabled: must be true or false"],
            },
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
    fn a_text_is_what_stands_there() {
        struct Case {
            name: &'static str,
            text: &'static str,
            client_id: Option<&'static str>,
        }

        for Case {
            name,
            text,
            client_id,
        } in [
            Case {
                name: "a text",
                text: "- client_id: a1",
                client_id: Some("a1"),
            },
            Case {
                name: "digits in quotes",
                text: "- client_id: '0123_4'",
                client_id: Some("0123_4"),
            },
            Case {
                name: "a date",
                text: "- client_id: 2001-02-03",
                client_id: Some("2001-02-03"),
            },
            Case {
                name: "a null",
                text: "- client_id: ~",
                client_id: None,
            },
            Case {
                name: "nothing",
                text: "- client_id:",
                client_id: None,
            },
            Case {
                name: "a null in quotes",
                text: "- client_id: 'null'",
                client_id: Some("null"),
            },
            Case {
                name: "JSON",
                text: r#"[{"client_id":"a1"}]"#,
                client_id: Some("a1"),
            },
            Case {
                name: "nearly JSON",
                text: r#"[{"client_id":"123",}]"#,
                client_id: Some("123"),
            },
            Case {
                name: "not a tag",
                text: "- client_id: 'a !b'\n  label: a!b",
                client_id: Some("a !b"),
            },
            Case {
                name: "JSON, a null",
                text: r#"[{"client_id":null}]"#,
                client_id: None,
            },
            Case {
                name: "JSON, escaped",
                text: r#"[{"client_id":"\ud83d\ude00"}]"#,
                client_id: Some("😀"),
            },
            Case {
                name: "an alias",
                text: "- {label: &a x1, client_id: *a}",
                client_id: Some("x1"),
            },
        ] {
            let list = read(&Secret::new(text.into()));
            assert_eq!(said(&list.refused), Vec::<String>::new(), "{name}");
            let [one] = list.requested.as_slice() else {
                panic!("{name}: {list:?}")
            };
            assert_eq!(one.settings.client_id.as_deref(), client_id, "{name}");
        }
    }

    /// Texts that are lists, or nearly, with lines that mean something in YAML.
    fn texts() -> impl Strategy<Value = String> {
        const STARTS: [&str; 10] = ["- ", "  ", "- ", "", " ", "-", "\t", "#", "  - ", "? "];
        const NAMES: [&str; 6] = ["label: ", "scope: ", "", "<<: ", "enabled: ", "'label': "];
        const VALUES: [&str; 26] = [
            "a",
            "b c",
            "1",
            "",
            "~",
            "'a",
            "b'",
            "'a'",
            "\"a",
            "b\"",
            "|",
            ">-",
            "[a",
            "b]",
            "{a: b}",
            "{",
            "}",
            "&x a",
            "*x",
            "!t a",
            "a # b",
            "a: b",
            "...",
            "---",
            "%YAML 1.1",
            "a\rb",
        ];
        let lines = |starts, names, values| {
            (select(starts), select(names), select(values))
                .prop_map(|(start, name, value)| format!("{start}{name}{value}\n"))
        };
        let any = lines(&STARTS[..], &NAMES[..], &VALUES[..]);
        // More of the usual lines, so that some texts can be read.
        let usual = lines(&STARTS[..2], &NAMES[..2], &VALUES[..8]);
        let lines = prop::collection::vec(prop_oneof![1 => any, 3 => usual], 1..8);
        lines.prop_map(|lines| lines.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4096, failure_persistence: None, ..ProptestConfig::default() })]

        /// What cannot be read must not count as an empty list, which would end all logins.
        #[test]
        fn what_cannot_be_read_is_refused(text in prop_oneof![texts(), any::<String>()]) {
            let list = read(&Secret::new(text));
            prop_assert!(list != List::default());
        }
    }

    #[test]
    fn nothing_is_set_beside_the_list() {
        let none = Settings {
            provider: Some("generic".into()),
            ..Settings::default()
        };
        assert_eq!(set_beside(none), None);
        let two = Settings {
            client_id: Some("x".into()),
            label: Some("x".into()),
            ..Settings::default()
        };
        assert_eq!(
            set_beside(two).unwrap().advice("idp"),
            "client_id: client_id and label are set, but the list in providers must contain \
             everything: run juju config idp client_id= label="
        );
    }
}
