//! The charm's options, by name and type.

use std::collections::BTreeMap;

use external_provider::{Settings, plain_scalar};
use juju_hook::Secret;

use super::loose::Loose;
use crate::finding::{Code, Finding, Fix};

/// The type of an option in `config.yaml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OptionType {
    /// `string`.
    Text,
    /// `boolean`.
    Switch,
}

/// Every option of the charm. The first 14 have the names and types of the Python charm, so
/// `juju refresh --switch` from it keeps the configuration. `config.yaml` adds defaults and
/// descriptions; a test compares the two.
pub const OPTIONS: [(&str, OptionType); 16] = [
    ("client_id", OptionType::Text),
    ("client_secret", OptionType::Text),
    ("provider", OptionType::Text),
    ("issuer_url", OptionType::Text),
    ("secret_backend", OptionType::Text),
    ("microsoft_tenant_id", OptionType::Text),
    ("apple_team_id", OptionType::Text),
    ("apple_private_key_id", OptionType::Text),
    ("apple_private_key", OptionType::Text),
    ("jsonnet_mapper", OptionType::Text),
    ("provider_id", OptionType::Text),
    ("label", OptionType::Text),
    ("scope", OptionType::Text),
    ("enabled", OptionType::Switch),
    ("providers", OptionType::Text),
    ("unsafe_values", OptionType::Text),
];

/// The options that are set. An empty string or only white space counts as unset: Terraform modules
/// pass empty strings for what they do not use.
#[derive(Debug, Clone)]
pub struct Options {
    /// The kill switch.
    pub enabled: bool,
    /// How secrets travel.
    pub secret_backend: Option<String>,
    /// What to do with values that Kratos would misread.
    pub unsafe_values: Option<String>,
    /// Several providers, as a list.
    pub providers: Option<Secret>,
    /// The one provider.
    pub provider: Settings,
    /// Findings about values that Juju would have refused.
    pub refused: Vec<Finding>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            enabled: true,
            secret_backend: None,
            unsafe_values: None,
            providers: None,
            provider: Settings::default(),
            refused: Vec::new(),
        }
    }
}

impl Options {
    /// Sorts values by option, and finds those that Juju would refuse (`ParseSettingsYAML` of its
    /// charm library): a value of another type, or an option that the charm does not have.
    #[must_use]
    pub fn sort(values: BTreeMap<String, Loose>) -> Self {
        let mut options = Self::default();
        for (name, value) in values {
            let sorted = match name.as_str() {
                "enabled" => switch(&name, value).map(|on| options.enabled = on.unwrap_or(true)),
                "secret_backend" => text(&name, value).map(|text| {
                    options.secret_backend = text.map(|text| text.expose().to_owned());
                }),
                "unsafe_values" => text(&name, value).map(|text| {
                    options.unsafe_values = text.map(|text| text.expose().to_owned());
                }),
                "providers" => text(&name, value).map(|text| options.providers = text),
                _ => set(&mut options.provider, &name, value),
            };
            options.refused.extend(sorted.err());
        }
        options
    }
}

/// Gives a provider's setting its value.
pub(super) fn set(settings: &mut Settings, name: &str, value: Loose) -> Result<(), Finding> {
    if Settings::OPTIONS.contains(&name) {
        settings.set(name, text(name, value)?);
        return Ok(());
    }
    if OPTIONS.iter().any(|(option, _)| *option == name) {
        let fix = format!("remove it from the list, and run juju config {{app}} {name}='<value>'");
        return Err(Finding::new(
            Code::OptionForAll,
            name,
            "this applies to all providers, not to one",
            Fix::instruction(fix),
        ));
    }
    Err(Finding::new(
        Code::OptionUnknown,
        nameable(name),
        Code::OptionUnknown.brief(),
        Fix::instruction("remove it, or correct the name"),
    ))
}

/// A name that is safe to show. Something that does not look like a name may be a secret: a colon
/// without a space after it makes one part of the key.
fn nameable(name: &str) -> &str {
    let is_name = name.len() <= 30
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'_' | b'-'));
    if is_name { name } else { "<not a name>" }
}

/// The value of a string option.
fn text(name: &str, value: Loose) -> Result<Option<Secret>, Finding> {
    match value {
        Loose::Unset => Ok(None),
        Loose::Text(text) => Ok(Some(text).filter(|text| !is_unset(name, text.expose()))),
        Loose::Switch(_) | Loose::Number => Err(Finding::new(
            Code::NotText,
            name,
            Code::NotText.brief(),
            Fix::instruction("put it in quotes"),
        )),
        Loose::List(_) | Loose::Map(_) => Err(Finding::new(
            Code::NotText,
            name,
            Code::NotText.brief(),
            Fix::instruction("write it as a string, for example as a block after |"),
        )),
    }
}

/// Whether a string counts as unset: it is empty, or only white space, which Kratos' YAML drops. A
/// scope of white space is left to a check.
fn is_unset(name: &str, text: &str) -> bool {
    text.is_empty() || name != "scope" && plain_scalar::trimmed(text).is_empty()
}

/// The value of a switch. It may be a string, which Juju reads with Go's `strconv.ParseBool`.
pub(super) fn switch(name: &str, value: Loose) -> Result<Option<bool>, Finding> {
    match value {
        Loose::Unset => Ok(None),
        Loose::Switch(on) => Ok(Some(on)),
        Loose::Text(text) => match text.expose() {
            "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(Some(true)),
            "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(Some(false)),
            "" => Ok(None),
            _ => Err(no_switch(name)),
        },
        Loose::Number | Loose::List(_) | Loose::Map(_) => Err(no_switch(name)),
    }
}

fn no_switch(name: &str) -> Finding {
    Finding::new(
        Code::NotBoolean,
        name,
        Code::NotBoolean.brief(),
        Fix::set("<true or false>"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sort(json: &str) -> Options {
        Options::sort(serde_json::from_str(json).unwrap())
    }

    #[test]
    fn every_option_is_known() {
        for (name, kind) in OPTIONS {
            let value = match kind {
                OptionType::Text => r#""text""#,
                OptionType::Switch => "false",
            };
            let refused = |value: &str| sort(&format!(r#"{{"{name}": {value}}}"#)).refused;
            assert_eq!(refused(value), [], "{name}");
            assert_eq!(refused("[7]").len(), 1, "{name} of another type");
            assert_eq!(refused("null"), [], "{name} unset");
        }
    }

    #[test]
    fn what_juju_would_refuse_is_found() {
        for (name, json, found) in [
            ("unknown", r#"{"lable": "x"}"#, "lable: no such option"),
            (
                "number",
                r#"{"client_id": 7}"#,
                "client_id: must be a string",
            ),
            (
                "no switch",
                r#"{"enabled": "maybe"}"#,
                "enabled: must be true or false",
            ),
        ] {
            let refused = sort(json).refused;
            let [finding] = refused.as_slice() else {
                panic!("{name}: {refused:?}")
            };
            assert!(
                finding.advice("idp").starts_with(found),
                "{name}: {finding:?}"
            );
        }
        for (text, enabled) in [("true", true), ("f", false), ("0", false), ("", true)] {
            let options = sort(&format!(r#"{{"enabled": "{text}"}}"#));
            assert_eq!(options.enabled, enabled, "{text}");
        }
    }
}
