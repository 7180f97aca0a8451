//! What Charmed Kratos does with what is published: it writes every value without
//! quotes into YAML. Whatever the administrator types, that gives the value back, or
//! nothing is published.

use std::collections::BTreeMap;

use external_provider::{Carried, offer, plain_scalar};
use juju_hook::Secret;
use kratos_external_idp_integrator::config::{Answers, Configuration, Loose, Request};
use proptest::prelude::*;

/// The options that end up as values of their own, and the databag's keys for them.
const CARRIED: [(&str, &[&str]); 5] = [
    ("client_id", &["client_id"]),
    ("client_secret", &["client_secret"]),
    ("label", &["label"]),
    ("provider_id", &["id", "provider_id"]),
    ("microsoft_tenant_id", &["microsoft_tenant", "tenant_id"]),
];

/// What is published of these options; `None` if nothing.
fn published(
    values: &BTreeMap<String, String>,
    unsafe_values: &str,
) -> Option<BTreeMap<String, String>> {
    let text = |text: &str| Loose::Text(Secret::new(text.to_owned()));
    let mut options: BTreeMap<_, _> = values
        .iter()
        .map(|(name, value)| (name.clone(), text(value)))
        .collect();
    options.insert("provider".into(), text("microsoft"));
    options.insert("unsafe_values".into(), text(unsafe_values));
    let configuration = Configuration::check(Request::new(options), &Answers::default());
    let providers = configuration.providers()?;
    let value = offer(
        providers.iter().map(|provider| (provider, Carried::Plain)),
        configuration.form(),
    );
    let mut items: Vec<BTreeMap<String, String>> = serde_json::from_str(value.expose()).unwrap();
    items.pop()
}

/// The template of the Kratos charm, in short, and what a YAML reader makes of it.
fn through_the_template(key: &str, value: &str) -> Option<serde_yaml::Value> {
    let text = format!("providers:\n  - first: 1\n    {key}: {value}\n    last: end\n");
    let read: serde_yaml::Value = serde_yaml::from_str(&text).ok()?;
    let item = read.get("providers")?.get(0)?;
    (item.as_mapping()?.len() == 3 && item.get("last")? == "end").then(|| item.get(key).cloned())?
}

/// Texts that YAML has opinions on.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-zA-Z0-9 ._-]{1,12}",
        "[-?:,\\[\\]{}#&*!|>'\"%@`~=<. \t\n0-9a-zA-Z]{1,12}",
        "[0-9eE+._:xob-]{1,10}",
        "\\PC{1,8}",
        proptest::string::string_regex("(?s).{1,8}").unwrap(),
        prop::sample::select(vec![
            "yes",
            "null",
            "~",
            "true",
            "2001-01-01",
            "0x1f",
            "1e3",
            "a: b",
            "a #b",
            "Okta: Corp",
            "---",
            "- a",
            "@x",
            "\u{85}",
            "\u{2028}",
            "\u{feff}a",
            "🔐",
            "\u{7f}",
            "\"a\"",
        ])
        .prop_map(str::to_owned),
    ]
}

fn options() -> impl Strategy<Value = BTreeMap<String, String>> {
    let entries: Vec<_> = CARRIED
        .iter()
        .map(|(option, _)| {
            texts()
                // What is blank counts as unset.
                .prop_filter("blank", |text| !plain_scalar::trimmed(text).is_empty())
                .prop_map(|text| ((*option).to_owned(), text))
        })
        .collect();
    entries.prop_map(|entries| entries.into_iter().collect())
}

proptest! {
    #[test]
    fn every_value_comes_back_or_nothing_is_published(values in options()) {
        for unsafe_values in ["block", "escape"] {
            let Some(item) = published(&values, unsafe_values) else { continue };
            for (option, keys) in CARRIED {
                for key in keys {
                    let read = through_the_template(key, &item[*key]);
                    let meant = plain_scalar::meant(&values[option]);
                    prop_assert_eq!(
                        read.as_ref().and_then(serde_yaml::Value::as_str),
                        Some(&*meant),
                        "{} under {}", key, unsafe_values
                    );
                }
            }
        }
    }

    #[test]
    fn in_quotes_everything_can_be_published(values in options()) {
        prop_assert!(published(&values, "escape").is_some());
    }

    #[test]
    fn verbatim_is_verbatim(values in options()) {
        let item = published(&values, "verbatim").unwrap();
        for (option, keys) in CARRIED {
            for key in keys {
                prop_assert_eq!(&item[*key], &values[option]);
            }
        }
    }
}

#[test]
fn real_values_are_told_apart() {
    struct Case {
        name: &'static str,
        option: &'static str,
        value: &'static str,
        safe: bool,
    }

    let with = |option: &str, value: &str| {
        let mut values: BTreeMap<String, String> = CARRIED
            .iter()
            .map(|(option, _)| ((*option).to_owned(), "fine".to_owned()))
            .collect();
        values.insert(option.to_owned(), value.to_owned());
        values
    };
    for Case {
        name,
        option,
        value,
        safe,
    } in [
        Case {
            name: "a label with a colon",
            option: "label",
            value: "Okta: Corp",
            safe: false,
        },
        Case {
            name: "a label with a hash",
            option: "label",
            value: "Corp #1",
            safe: false,
        },
        Case {
            name: "a plain label",
            option: "label",
            value: "Corp (EU)",
            safe: true,
        },
        Case {
            name: "an id of digits",
            option: "client_id",
            value: "1234567890",
            safe: false,
        },
        Case {
            name: "a date",
            option: "label",
            value: "2001-01-01",
            safe: false,
        },
        Case {
            name: "yes is fine with Kratos",
            option: "label",
            value: "yes",
            safe: true,
        },
        Case {
            name: "a secret that starts badly",
            option: "client_secret",
            value: "@x",
            safe: false,
        },
        Case {
            name: "a secret as Entra makes them",
            option: "client_secret",
            value: "abc~DEF.ghi",
            safe: true,
        },
    ] {
        let values = with(option, value);
        assert_eq!(published(&values, "block").is_some(), safe, "{name}");
        let escaped = published(&values, "escape").unwrap();
        assert_eq!(
            escaped[option] == value,
            safe,
            "{name}: quotes only where needed"
        );
    }
}
