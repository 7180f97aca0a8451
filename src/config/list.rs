//! The option `providers`: several providers in one application.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::loose::{Loose, Scalar, YamlError};
use super::options::{set, switch};
use super::pieces;
use crate::finding::{Finding, Fix};
use crate::provider::Settings;
use crate::secret::Secret;

/// One provider that is asked for, and where.
#[derive(Debug, PartialEq, Eq)]
pub struct Requested {
    /// Which item of the list, counted from 1; `None` for the options of the charm.
    pub item: Option<usize>,
    /// Its settings.
    pub settings: Settings,
}

/// The list, as far as it can be used.
#[derive(Debug, Default, PartialEq, Eq)]
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
///
/// In YAML a text needs no quotes, whatever YAML would take it for: a client id of digits
/// is the digits that stand there.
pub(super) fn read(text: &Secret) -> List {
    let text = text.expose();
    let list = match serde_json::from_str(text) {
        Ok(list) => Some(list),
        // JSON is YAML too, but YAML sees breaks in texts where JSON has none.
        Err(_) if is_json(text) => None,
        Err(_) => in_pieces(text, pieces::SIZE).or_else(|| whole(text)),
    };
    match list {
        Some(List { length: 0, .. }) => List::refused([broken("it names no provider")]),
        Some(list) => list,
        None => List::refused(misshapen(text)),
    }
}

fn is_json(text: &str) -> bool {
    serde_json::from_str::<IgnoredAny>(text).is_ok()
}

/// Reads a list in YAML.
fn whole(text: &str) -> Option<List> {
    let mut list = List::default();
    list.append_yaml(text)?;
    Some(list)
}

/// Reads a list in YAML a few items at a time, in pieces of `size` bytes or a little
/// more. `None` where it is not laid out for that, or a piece cannot be read, as where an
/// item has an alias for what stands in another.
fn in_pieces(text: &str, size: usize) -> Option<List> {
    let mut list = List::default();
    for piece in pieces::cut(text, size)? {
        list.append_yaml(piece)?;
    }
    Some(list)
}

/// What keeps `text` from being a list of maps of texts.
fn misshapen(text: &str) -> Vec<Finding> {
    let items = match Loose::read(text) {
        Ok(Loose::List(items)) => items,
        Ok(_) => return vec![broken("it has to be a list")],
        Err(error) => return vec![broken(format!("it is {error}"))],
    };
    let is_json = is_json(text);
    let mut refused = Vec::new();
    for (at, value) in (1..).zip(items) {
        let Loose::Map(values) = value else {
            refused.push(broken(format!("its item {at} is no map of options")));
            continue;
        };
        let mut item = Item::default();
        for (name, value) in values {
            // Those of YAML are texts here.
            if is_json || !matches!(value, Loose::Number | Loose::Switch(_)) {
                item.set(&name, value);
            }
        }
        refused.extend(item.refused.into_iter().map(|one| one.in_item(at)));
    }
    if refused.is_empty() {
        // Not to be taken for a list of nothing.
        refused.push(broken(format!("it is {}", YamlError::Intricate)));
    }
    refused
}

impl List {
    fn refused(refused: impl Into<Vec<Finding>>) -> Self {
        Self {
            refused: refused.into(),
            ..Self::default()
        }
    }

    /// Adds the items of another list.
    fn append<'de, D: Deserializer<'de>>(&mut self, more: D) -> Result<(), D::Error> {
        more.deserialize_seq(self)
    }

    /// Adds the items of a list in YAML, if it can be read.
    fn append_yaml(&mut self, more: &str) -> Option<()> {
        // To YAML a text that begins with `!` is a tag. Its reader passes over it where a
        // text is asked for, and so would publish half of what was meant.
        if more.contains('!') && Loose::read(more).is_err() {
            return None;
        }
        self.append(serde_yaml::Deserializer::from_str(more)).ok()
    }

    fn push(&mut self, item: Item) {
        self.length += 1;
        let at = Some(self.length);
        let refused = item.refused.into_iter();
        self.refused.extend(refused.map(|one| one.in_item(at)));
        if !item.disabled {
            self.requested.push(Requested {
                item: at,
                settings: item.settings,
            });
        }
    }
}

impl<'de> Deserialize<'de> for List {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut list = Self::default();
        list.append(deserializer)?;
        Ok(list)
    }
}

/// Sorts each item as it comes: a list may be long, and what is read of it large.
impl<'de> Visitor<'de> for &mut List {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while let Some(item) = items.next_element()? {
            self.push(item);
        }
        Ok(())
    }
}

/// One item of the list.
#[derive(Default)]
struct Item {
    settings: Settings,
    disabled: bool,
    refused: Vec<Finding>,
}

impl Item {
    fn set(&mut self, name: &str, value: Loose) {
        let sorted = if name == "enabled" {
            switch(name, value).map(|on| self.disabled = on == Some(false))
        } else {
            set(&mut self.settings, name, value)
        };
        self.refused.extend(sorted.err());
    }
}

impl<'de> Deserialize<'de> for Item {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Asked for a map, the reader of YAML would take nothing at all for an empty one.
        deserializer.deserialize_any(ItemVisitor)
    }
}

struct ItemVisitor;

impl<'de> Visitor<'de> for ItemVisitor {
    type Value = Item;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a map of options")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut values: A) -> Result<Item, A::Error> {
        let mut item = Item::default();
        let mut names = BTreeSet::new();
        while let Some(name) = values.next_key::<String>()? {
            if names.contains(&name) {
                return Err(de::Error::custom("a key stands there twice"));
            }
            let value = if name == "enabled" {
                values.next_value()?
            } else {
                values.next_value::<Scalar>()?.0
            };
            item.set(&name, value);
            names.insert(name);
        }
        Ok(item)
    }
}

fn broken(problem: impl Into<String>) -> Finding {
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
                "no map, and beside it no text",
                "- \n- client_id: 7\n- {label: [a], scope: {a: b}, nosuch: a}",
                vec![],
                vec![
                    "providers: its item 1 is no map of options",
                    "providers[3].label: it has to be a text",
                    "providers[3].nosuch: there is no such option",
                    "providers[3].scope: it has to be a text",
                ],
            ),
            (
                "a number in JSON",
                r#"[{"client_id":7,"enabled":true,"label":"a\ud83d\ude00"}]"#,
                vec![],
                vec!["providers[1].client_id: it has to be a text"],
            ),
            (
                "a tag, which leaves half of a secret",
                "- client_secret: !abc def",
                vec![],
                vec!["providers: it is no YAML or has a key twice, see its line 1, column 18"],
            ),
            (
                "a tag, which leaves nothing",
                "- {label: a}\n- {client_secret: !abc}",
                vec![],
                vec!["providers: it is no YAML or has a key twice, see its line 2"],
            ),
            (
                "no switch",
                "- {}\n- {enabled: [true]}",
                vec![1, 2],
                vec!["providers[2].enabled: it is true or false"],
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
    fn a_text_is_what_stands_there() {
        for (name, text, client_id) in [
            ("a text", "- client_id: a1", Some("a1")),
            ("digits", "- client_id: 0123_4", Some("0123_4")),
            ("a number", "- client_id: 1.50e3", Some("1.50e3")),
            ("a switch", "- client_id: True", Some("True")),
            ("a date", "- client_id: 2001-02-03", Some("2001-02-03")),
            ("a null", "- client_id: ~", None),
            ("nothing", "- client_id:", None),
            ("a null in quotes", "- client_id: 'null'", Some("null")),
            ("JSON", r#"[{"client_id":"a1"}]"#, Some("a1")),
            ("nearly JSON", r#"[{"client_id":123,}]"#, Some("123")),
            ("no tag", "- client_id: 'a !b'\n  label: a!b", Some("a !b")),
            ("JSON, a null", r#"[{"client_id":null}]"#, None),
            (
                "JSON, escaped",
                r#"[{"client_id":"\ud83d\ude00"}]"#,
                Some("😀"),
            ),
            ("an alias", "- {label: &a 12, client_id: *a}", Some("12")),
        ] {
            let list = read(&Secret::new(text.into()));
            assert_eq!(said(&list.refused), Vec::<String>::new(), "{name}");
            let [one] = list.requested.as_slice() else {
                panic!("{name}: {list:?}")
            };
            assert_eq!(one.settings.client_id.as_deref(), client_id, "{name}");
        }
    }

    #[test]
    fn a_usual_list_is_read_in_pieces() {
        for (name, text, is_read) in [
            ("maps", "- label: a\n  scope: b\n\n- label: c\n", true),
            (
                "comments",
                "# a\n  # b\n- label: a\n# c\n- label: c # d",
                true,
            ),
            (
                "dashes within",
                "- label: |\n    - a\n    - b\n- {label: '- c'}",
                true,
            ),
            ("no list", "label: a", false),
            ("nothing", "# a", false),
            ("a dash alone", "-\n  label: a\n- label: b", false),
            ("a document's start", "---\n- label: a\n- label: b", true),
            (
                "two documents' starts",
                "---\n- label: a\n---\n- label: b",
                false,
            ),
            (
                "breaks of another system",
                "- label: a\r\n\r\n- label: b\r\n",
                true,
            ),
            ("a document's end", "- label: a\n...\n- label: b", false),
            ("two indentations", "  - label: a\n- label: b", false),
            ("another break", "- label: a\r...\n- label: b", false),
            (
                "quotes around a dash",
                "- label: 'a\n- b'\n- label: c",
                false,
            ),
            ("brackets around a dash", "- [a,\n- b]\n- label: c", false),
            ("an alias", "- label: &a b\n- label: *a", false),
            ("no map", "- label: a\n- b", false),
        ] {
            let list = in_pieces(text, 1);
            assert_eq!(list.is_some(), is_read, "{name}: {list:?}");
            // Lines of one item have to stay together.
            let is_one_piece = in_pieces(text, text.len()).is_some();
            assert!(!is_read || is_one_piece, "{name}: in one piece");
        }
    }

    /// Texts that are lists or nearly so, of lines that mean something to YAML.
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
        // More of the usual, so that some of it can be read.
        let usual = lines(&STARTS[..2], &NAMES[..2], &VALUES[..8]);
        let lines = prop::collection::vec(prop_oneof![1 => any, 3 => usual], 1..8);
        lines.prop_map(|lines| lines.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4096, failure_persistence: None, ..ProptestConfig::default() })]

        /// What cannot be read is no list of nothing, which would end all logins.
        #[test]
        fn what_cannot_be_read_is_refused(text in prop_oneof![texts(), any::<String>()]) {
            let list = read(&Secret::new(text));
            prop_assert!(list.length > 0 || !list.refused.is_empty());
        }

        /// Whatever is read in pieces is what the whole says.
        #[test]
        fn pieces_say_what_the_whole_says(text in texts()) {
            if let Some(list) = in_pieces(&text, 1) {
                prop_assert_eq!(whole(&text), Some(list));
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
