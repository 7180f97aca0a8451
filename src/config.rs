//! The charm's options: from what `config-get` prints to checked providers.

use serde::Deserialize;

use crate::finding::{self, Finding, Fix, Severity};
use crate::provider::{Provider, Settings};

/// The type of an option in `config.yaml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OptionType {
    /// `string`.
    Text,
    /// `boolean`.
    Switch,
}

/// Every option of the charm. Names and types are those of the Python charm, so
/// that `juju refresh --switch` from it keeps the configuration. `config.yaml`
/// adds defaults and descriptions; a test holds the two together.
pub const OPTIONS: [(&str, OptionType); 14] = [
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
];

/// The options as Juju prints them: flat, and any of them may be unset.
#[derive(Clone, Deserialize)]
#[serde(default)]
pub struct Options {
    /// The kill switch.
    pub enabled: bool,
    /// How secrets travel; unset means `relation`.
    pub secret_backend: Option<String>,
    /// The one provider.
    #[serde(flatten)]
    pub provider: Settings,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            enabled: true,
            secret_backend: None,
            provider: Settings::default(),
        }
    }
}

/// What the administrator asked for, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Configuration {
    /// Whether anything is to be published at all.
    pub enabled: bool,
    /// The providers to publish; `None` if a finding is an error.
    pub providers: Option<Vec<Provider>>,
    /// What there is to say about it.
    pub findings: Vec<Finding>,
}

impl Configuration {
    /// Checks `options`. Finds everything that is wrong, not only the first.
    #[must_use]
    pub fn read(options: Options) -> Self {
        let Options {
            enabled,
            secret_backend,
            provider,
        } = options;
        let (provider, mut findings) = match Provider::try_from(provider) {
            Ok(provider) => (Some(provider), Vec::new()),
            Err(findings) => (None, findings),
        };
        findings.extend(check_secret_backend(secret_backend.as_deref()));
        let valid = finding::count(&findings, Severity::Error) == 0;
        let providers = provider.filter(|_| valid).map(|provider| vec![provider]);
        Self {
            enabled,
            providers,
            findings,
        }
    }
}

/// To take another word for `relation` would hand out in plain text what the
/// administrator wanted hidden.
fn check_secret_backend(word: Option<&str>) -> Option<Finding> {
    match word {
        None | Some("" | "relation") => None,
        Some(_) => Some(Finding::error(
            "secret_backend",
            "this charm knows no such way",
            Fix::Set {
                to: "relation".into(),
            },
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read_and_checked() {
        let google = r#""provider":"google","client_id":"c","client_secret":"s""#;
        for (name, json, enabled, providers, options) in [
            (
                "nothing set",
                "{}".to_owned(),
                true,
                None,
                vec!["client_id", "client_secret", "issuer_url"],
            ),
            ("valid", format!("{{{google}}}"), true, Some(1), vec![]),
            (
                "disabled",
                format!(r#"{{{google},"enabled":false}}"#),
                false,
                Some(1),
                vec![],
            ),
            (
                "disabled and wrong",
                r#"{"provider":"google","client_id":"c","enabled":false}"#.to_owned(),
                false,
                None,
                vec!["client_secret"],
            ),
            (
                "an option that is not ours",
                format!(r#"{{{google},"new_option":7}}"#),
                true,
                Some(1),
                vec![],
            ),
            (
                "an unknown back end",
                format!(r#"{{{google},"secret_backend":"banana"}}"#),
                true,
                None,
                vec!["secret_backend"],
            ),
        ] {
            let seen = Configuration::read(serde_json::from_str(&json).unwrap());
            assert_eq!(seen.enabled, enabled, "{name}: enabled");
            assert_eq!(
                seen.providers.map(|providers| providers.len()),
                providers,
                "{name}: providers"
            );
            let found: Vec<_> = seen
                .findings
                .iter()
                .map(|finding| finding.option.as_str())
                .collect();
            assert_eq!(found, options, "{name}: findings");
        }
    }
}
