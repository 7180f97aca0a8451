//! The charm's options: from what `config-get` prints to checked providers.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::external_provider::databag::SecretBackend;
use crate::finding::{self, Finding, Fix, Severity};
use crate::hooktools::{SecretContent, SecretTrouble, SecretUri};
use crate::provider::{Provider, Settings};
use crate::secret::Secret;

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

/// The largest secret that every Juju with secrets takes, in bytes: the limit of
/// 3.0 and 3.1 (`core/secrets/createsecret.go`), raised since.
pub const SECRET_LIMIT: usize = 5 * 1024;

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

impl Options {
    /// The user secrets that the options refer to: those to read before the
    /// configuration can be checked.
    #[must_use]
    pub fn user_secrets(&self) -> Vec<SecretUri> {
        let mut settings = self.provider.clone();
        let value = settings
            .secret_option()
            .and_then(|(_, value)| value.as_ref());
        value
            .and_then(|value| SecretUri::parse(value.expose()))
            .into_iter()
            .collect()
    }
}

/// What Juju's secrets have to say to a configuration.
#[derive(Debug, Clone, Default)]
pub struct Secrets {
    /// What became of each of [`Options::user_secrets`].
    pub user: BTreeMap<SecretUri, Result<SecretContent, SecretTrouble>>,
    /// Whether this Juju is too old for the charm to make secrets of its own.
    pub unsupported: bool,
}

/// What the administrator asked for, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Configuration {
    /// Whether anything is to be published at all.
    pub enabled: bool,
    /// How secrets travel.
    pub secret_backend: SecretBackend,
    /// The providers to publish; `None` if a finding is an error.
    pub providers: Option<Vec<Provider>>,
    /// What there is to say about it.
    pub findings: Vec<Finding>,
}

impl Configuration {
    /// Checks `options`, with what `secrets` hold in place of the URIs. Finds
    /// everything that is wrong, not only the first.
    #[must_use]
    pub fn read(options: Options, secrets: &Secrets) -> Self {
        let Options {
            enabled,
            secret_backend,
            provider: mut settings,
        } = options;
        let mut findings = Vec::new();
        if let Some((option, Some(value))) = settings.secret_option() {
            match resolve(option, value, secrets) {
                Ok(resolved) => *value = resolved,
                // The URI stays in its place, so that the option counts as set.
                Err(finding) => findings.push(finding),
            }
        }
        let provider = Provider::try_from(settings).map_err(|missing| findings.extend(missing));
        let secret_backend = self::secret_backend(secret_backend.as_deref(), secrets)
            .unwrap_or_else(|finding| {
                findings.push(finding);
                SecretBackend::default()
            });
        if let (Ok(provider), SecretBackend::Secret) = (&provider, secret_backend) {
            findings.extend(too_large(provider));
        }
        let valid = finding::count(&findings, Severity::Error) == 0;
        let providers = provider
            .ok()
            .filter(|_| valid)
            .map(|provider| vec![provider]);
        Self {
            enabled,
            secret_backend,
            providers,
            findings,
        }
    }
}

/// What the option really holds: its value, or what is in the secret that its value
/// is the URI of.
fn resolve(option: &str, value: &Secret, secrets: &Secrets) -> Result<Secret, Finding> {
    let Some(uri) = SecretUri::parse(value.expose()) else {
        return Ok(value.clone());
    };
    let id = uri.id();
    // The option's name as a secret's key, which has no underscores.
    let key = option.replace('_', "-");
    let add = format!(
        "run juju add-secret <name> {key}=<value>, juju grant-secret <name> {{app}}, \
         and juju config {{app}} {option}=<the URI that add-secret prints>"
    );
    let content = match secrets.user.get(&uri) {
        Some(Ok(content)) => content,
        Some(Err(SecretTrouble::NotGranted)) => {
            return Err(Finding::error(
                option,
                format!("secret {id} is not granted"),
                Fix::Do(format!("run juju grant-secret {id} {{app}}")),
            ));
        }
        Some(Err(SecretTrouble::NotFound)) => {
            return Err(Finding::error(
                option,
                format!("secret {id} does not exist"),
                Fix::Do(add),
            ));
        }
        Some(Err(SecretTrouble::NoSecrets)) => {
            return Err(Finding::error(
                option,
                "this Juju has no user secrets",
                Fix::Do(format!(
                    "upgrade to Juju 3.3 or newer, or run juju config {{app}} {option}=<the secret itself>"
                )),
            ));
        }
        // Nobody asked Juju: a check without Juju goes on with the URI.
        None => return Ok(value.clone()),
    };
    let update = Fix::Do(format!("run juju update-secret {id} {key}=<value>"));
    let found = match content.get(&key) {
        Some(found) => found,
        None if content.len() == 1 => content.values().next().unwrap_or(value),
        None => {
            let problem = format!("secret {id} has several keys, and none is {key}");
            return Err(Finding::error(option, problem, update));
        }
    };
    if found.is_empty() {
        return Err(Finding::error(
            option,
            format!("secret {id} is empty"),
            update,
        ));
    }
    Ok(found.clone())
}

/// To take another word for `relation` would hand out in plain text what the
/// administrator wanted hidden.
fn secret_backend(word: Option<&str>, secrets: &Secrets) -> Result<SecretBackend, Finding> {
    let (problem, to) = match word {
        None | Some("" | "relation") => return Ok(SecretBackend::Relation),
        Some("secret") if !secrets.unsupported => return Ok(SecretBackend::Secret),
        Some("secret") => (
            "this Juju has no secrets; they need Juju 3.0 or newer",
            "relation",
        ),
        Some("vault") => (
            "the charm has no Vault of its own; a model's secrets can live in one",
            "secret",
        ),
        Some(_) => ("it is relation or secret", "relation"),
    };
    Err(Finding::error(
        "secret_backend",
        problem,
        Fix::Set { to: to.into() },
    ))
}

/// A secret that some Juju would refuse, so that the hook would fail.
fn too_large(provider: &Provider) -> Option<Finding> {
    let credentials = provider.credentials();
    (credentials.secret().expose().len() > SECRET_LIMIT).then(|| {
        Finding::error(
            credentials.secret_option(),
            "more than 5 KiB, which is too large for a Juju secret",
            Fix::Do("run juju config {app} secret_backend=relation".into()),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "d0erdgfmp25c762i8np0";

    fn read(json: &str, secrets: &Secrets) -> Configuration {
        Configuration::read(serde_json::from_str(json).unwrap(), secrets)
    }

    fn options(seen: &Configuration) -> Vec<&str> {
        seen.findings
            .iter()
            .map(|finding| finding.option.as_str())
            .collect()
    }

    #[test]
    fn options_are_read_and_checked() {
        let google = r#""provider":"google","client_id":"c","client_secret":"s""#;
        for (name, json, enabled, providers, found) in [
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
                "not ours",
                format!(r#"{{{google},"new_option":7}}"#),
                true,
                Some(1),
                vec![],
            ),
            (
                "empty",
                format!(r#"{{{google},"secret_backend":""}}"#),
                true,
                Some(1),
                vec![],
            ),
            (
                "secret",
                format!(r#"{{{google},"secret_backend":"secret"}}"#),
                true,
                Some(1),
                vec![],
            ),
            (
                "vault",
                format!(r#"{{{google},"secret_backend":"vault"}}"#),
                true,
                None,
                vec!["secret_backend"],
            ),
            (
                "an unknown word",
                format!(r#"{{{google},"secret_backend":"banana"}}"#),
                true,
                None,
                vec!["secret_backend"],
            ),
        ] {
            let seen = read(&json, &Secrets::default());
            assert_eq!(seen.enabled, enabled, "{name}: enabled");
            assert_eq!(options(&seen), found, "{name}: findings");
            let count = seen.providers.map(|providers| providers.len());
            assert_eq!(count, providers, "{name}: providers");
        }
    }

    #[test]
    fn a_user_secret_stands_for_its_value_or_says_what_to_type() {
        let content = |keys: &[(&str, &str)]| {
            Ok(keys
                .iter()
                .map(|(key, value)| ((*key).to_owned(), Secret::new((*value).to_owned())))
                .collect())
        };
        let grant = format!("secret {ID} is not granted: run juju grant-secret {ID} idp");
        let add = format!("secret {ID} does not exist: run juju add-secret <name> client-secret=");
        let update = format!("run juju update-secret {ID} client-secret=<value>");
        for (name, secret, outcome) in [
            (
                "the key",
                content(&[("client-secret", "s"), ("other", "t")]),
                Ok("s"),
            ),
            ("the only key", content(&[("password", "s")]), Ok("s")),
            (
                "several others",
                content(&[("one", "s"), ("two", "t")]),
                Err(update.as_str()),
            ),
            (
                "empty",
                content(&[("client-secret", "")]),
                Err(update.as_str()),
            ),
            (
                "not granted",
                Err(SecretTrouble::NotGranted),
                Err(grant.as_str()),
            ),
            ("not there", Err(SecretTrouble::NotFound), Err(add.as_str())),
            (
                "too old",
                Err(SecretTrouble::NoSecrets),
                Err("Juju 3.3 or newer"),
            ),
        ] {
            let json = format!(
                r#"{{"provider":"google","client_id":"c","client_secret":"secret://model/{ID}"}}"#
            );
            let user = BTreeMap::from([(SecretUri::from_id(ID).unwrap(), secret)]);
            let seen = read(
                &json,
                &Secrets {
                    user,
                    unsupported: false,
                },
            );
            match (outcome, &seen.providers) {
                (Ok(value), Some(providers)) => {
                    assert_eq!(
                        providers[0].credentials().secret().expose(),
                        value,
                        "{name}"
                    );
                    assert_eq!(seen.findings, [], "{name}");
                }
                (Err(advice), None) => {
                    let [finding] = seen.findings.as_slice() else {
                        panic!("{name}")
                    };
                    assert_eq!(finding.option, "client_secret", "{name}");
                    let said = finding.advice("idp");
                    assert!(said.contains(advice), "{name}: {said}");
                }
                _ => panic!("{name}: {seen:?}"),
            }
        }
    }

    #[test]
    fn only_the_secret_that_the_kind_needs_is_read() {
        let uri = format!("secret:{ID}");
        for (name, json, count) in [
            (
                "google",
                format!(r#"{{"provider":"google","client_secret":"{uri}"}}"#),
                1,
            ),
            (
                "apple",
                format!(r#"{{"provider":"apple","apple_private_key":"{uri}"}}"#),
                1,
            ),
            (
                "of another kind",
                format!(r#"{{"apple_private_key":"{uri}"}}"#),
                0,
            ),
            (
                "unknown kind",
                format!(r#"{{"provider":"x","client_secret":"{uri}"}}"#),
                0,
            ),
            (
                "a literal",
                r#"{"client_secret":"secret:agent"}"#.to_owned(),
                0,
            ),
        ] {
            let options: Options = serde_json::from_str(&json).unwrap();
            assert_eq!(options.user_secrets().len(), count, "{name}");
        }
    }

    #[test]
    fn secrets_of_our_own_have_limits() {
        let json = |secret: &str| {
            format!(
                r#"{{"provider":"google","client_id":"c","client_secret":"{secret}","secret_backend":"secret"}}"#
            )
        };
        let large = "x".repeat(SECRET_LIMIT);
        for (name, secret, unsupported, found) in [
            ("5 KiB", large.clone(), false, vec![]),
            ("a byte more", large + "x", false, vec!["client_secret"]),
            (
                "Juju is too old",
                "s".to_owned(),
                true,
                vec!["secret_backend"],
            ),
        ] {
            let secrets = Secrets {
                unsupported,
                ..Secrets::default()
            };
            assert_eq!(options(&read(&json(&secret), &secrets)), found, "{name}");
        }
    }
}
