//! The configuration: from what `config-get` prints to checked providers.

mod list;
mod loose;
mod options;
mod user_secret;

use std::cmp::Reverse;
use std::collections::BTreeSet;

pub use self::list::Requested;
pub use self::loose::Loose;
pub use self::options::{OPTIONS, OptionType, Options};
pub use self::user_secret::UserSecrets;
use crate::checks::{self, unsafe_values};
use crate::external_provider::databag::SecretBackend;
use crate::finding::{self, Finding, Fix, Severity};
use crate::hooktools::SecretUri;
use crate::provider::{NOT_SET, Provider, UnsafeValues};

/// The largest secret that every Juju with secrets takes, in bytes: the limit of
/// 3.0 and 3.1 (`core/secrets/createsecret.go`), raised since.
pub const SECRET_LIMIT: usize = 5 * 1024;

/// The options, with the providers that they ask for told apart.
#[derive(Debug)]
pub struct Request {
    options: Options,
    providers: Vec<Requested>,
    findings: Vec<Finding>,
}

impl Request {
    /// Finds out which providers `options` ask for.
    #[must_use]
    pub fn new(mut options: Options) -> Self {
        let mut findings = std::mem::take(&mut options.refused);
        let settings = std::mem::take(&mut options.provider);
        let providers = match &options.providers {
            None => vec![Requested {
                item: None,
                settings,
            }],
            Some(text) => {
                let (requested, refused) = list::read(text);
                findings.extend(refused);
                findings.extend(list::set_beside(&settings));
                requested
            }
        };
        Self {
            options,
            providers,
            findings,
        }
    }

    /// The user secrets to read before the configuration can be checked.
    pub fn user_secrets(&self) -> impl Iterator<Item = SecretUri> {
        self.providers
            .iter()
            .filter_map(|one| user_secret::referred(&one.settings))
    }
}

/// What Juju can do for a configuration, beyond telling the options.
#[derive(Debug, Clone, Default)]
pub struct Secrets {
    /// What became of each of [`Request::user_secrets`].
    pub user: UserSecrets,
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
    /// The ids of what is asked for, wrong or not; `None` if one cannot be told.
    pub ids: Option<Vec<String>>,
    /// What there is to say about it.
    pub findings: Vec<Finding>,
}

impl Configuration {
    /// Checks `request`, with what `secrets` hold in place of the URIs. Finds
    /// everything that is wrong, not only the first.
    #[must_use]
    pub fn read(request: Request, secrets: &Secrets) -> Self {
        let Request {
            options,
            providers: requested,
            mut findings,
        } = request;
        let refused = findings.clone();
        let secret_backend = secret_backend(options.secret_backend.as_deref(), secrets)
            .unwrap_or_else(|finding| {
                findings.push(finding);
                SecretBackend::default()
            });
        let unsafe_values =
            unsafe_values::policy(options.unsafe_values.as_deref()).unwrap_or_else(|finding| {
                findings.push(finding);
                UnsafeValues::default()
            });
        let asked_for = requested.len();
        let mut providers = Vec::new();
        let mut seen = BTreeSet::new();
        for mut one in requested {
            let uri = user_secret::referred(&one.settings)
                .filter(|uri| matches!(secrets.user.get(uri), Some(Ok(_))));
            let mut found = Vec::from_iter(user_secret::resolve(&mut one.settings, &secrets.user));
            match Provider::try_from(one.settings.clone()) {
                Ok(provider) => {
                    if secret_backend == SecretBackend::Secret {
                        found.extend(too_large(&provider));
                    }
                    if !seen.insert(provider.id().to_owned()) {
                        found.push(same_id());
                    }
                    found.extend(unsafe_values::check(&provider, unsafe_values));
                    providers.push(provider.with_unsafe_values(unsafe_values));
                }
                Err(missing) => found.extend(missing),
            }
            found.extend(checks::check(&one.settings));
            if let Some(uri) = &uri {
                found = found
                    .into_iter()
                    .map(|one| user_secret::fixed_in(uri, one))
                    .collect();
            }
            findings.extend(one.place(found));
        }
        // What is refused is not also missing.
        let refused: Vec<_> = refused
            .iter()
            .map(|finding| finding.place.clone())
            .collect();
        findings.retain(|finding| finding.problem != NOT_SET || !refused.contains(&finding.place));
        findings.sort_by_key(|finding| Reverse(finding.severity));
        let ids: Vec<_> = providers
            .iter()
            .map(|provider| provider.id().to_owned())
            .collect();
        let ids = Some(ids).filter(|ids| ids.len() == asked_for);
        let valid = finding::count(&findings, Severity::Error) == 0;
        // A list of which every item is disabled is disabled as a whole.
        let enabled = options.enabled && !(valid && providers.is_empty());
        Self {
            enabled,
            secret_backend,
            providers: valid.then_some(providers),
            ids,
            findings,
        }
    }
}

/// To take another word for `relation` would hand out in plain text what the
/// administrator wanted hidden.
fn secret_backend(word: Option<&str>, secrets: &Secrets) -> Result<SecretBackend, Finding> {
    let (problem, to) = match word {
        None | Some("relation") => return Ok(SecretBackend::Relation),
        Some("secret") if !secrets.unsupported => return Ok(SecretBackend::Secret),
        Some("secret") => (
            "this Juju has no secrets, which need Juju 3.0 or newer",
            "relation",
        ),
        Some("vault") => (
            "the charm has no Vault of its own; a model's secrets can live in one",
            "secret",
        ),
        Some(_) => ("it is relation or secret", "relation"),
    };
    Err(Finding::error("secret_backend", problem, Fix::set(to)))
}

/// A secret that some Juju would refuse, so that the hook would fail.
fn too_large(provider: &Provider) -> Option<Finding> {
    let credentials = provider.credentials();
    (credentials.secret().expose().len() > SECRET_LIMIT).then(|| {
        Finding::error(
            credentials.secret_option(),
            "more than 5 KiB, which is too large for a Juju secret",
            Fix::instruction("run juju config {app} secret_backend=relation"),
        )
    })
}

/// Kratos takes the first provider with an id for all of that id.
fn same_id() -> Finding {
    Finding::error(
        "provider_id",
        "another provider of the list has the same id",
        Fix::set("<an id of its own>"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str, secrets: &Secrets) -> Configuration {
        let options = Options::sort(serde_json::from_str(json).unwrap());
        Configuration::read(Request::new(options), secrets)
    }

    fn places(seen: &Configuration) -> Vec<String> {
        seen.findings
            .iter()
            .map(|finding| finding.place.to_string())
            .collect()
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table")]
    fn options_are_read_and_checked() {
        let google = r#""provider":"google","client_id":"c","client_secret":"s","scope":"email""#;
        let list = |items: &str| format!(r#"{{"provider":"generic","providers":{items:?}}}"#);
        let (one, two) = (
            "{provider: google, client_id: c, client_secret: s, scope: email}",
            "{provider: github, client_id: c, client_secret: s}",
        );
        for (name, json, enabled, providers, found) in [
            (
                "nothing set",
                "{}".to_owned(),
                true,
                None,
                vec!["client_id", "client_secret", "issuer_url"],
            ),
            (
                "empty is unset",
                r#"{"client_id":"","client_secret":"","issuer_url":""}"#.to_owned(),
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
                r#"{"provider":"google","client_id":"c","scope":"email","enabled":false}"#
                    .to_owned(),
                false,
                None,
                vec!["client_secret"],
            ),
            (
                "empty word",
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
            (
                "two",
                list(&format!("[{one},{two}]")),
                true,
                Some(2),
                vec![],
            ),
            (
                "two alike",
                list(&format!("[{one},{one}]")),
                true,
                None,
                vec!["providers[2].provider_id"],
            ),
            (
                "one of two",
                list(&format!("[{{}},{two}]")),
                true,
                None,
                vec![
                    "providers[1].client_id",
                    "providers[1].client_secret",
                    "providers[1].issuer_url",
                ],
            ),
            (
                "all disabled",
                list("[{enabled: false}]"),
                false,
                Some(0),
                vec![],
            ),
            (
                "a list and an option beside it",
                format!(r#"{{"label":"x","providers":"[{one}]"}}"#),
                true,
                None,
                vec!["label"],
            ),
        ] {
            let seen = read(&json, &Secrets::default());
            assert_eq!(seen.enabled, enabled, "{name}: enabled");
            assert_eq!(places(&seen), found, "{name}: findings");
            let count = seen.providers.map(|providers| providers.len());
            assert_eq!(count, providers, "{name}: providers");
        }
    }

    #[test]
    fn secrets_of_our_own_have_limits() {
        let json = |secret: &str| {
            format!(
                r#"{{"provider":"google","client_id":"c","client_secret":"{secret}","scope":"email","secret_backend":"secret"}}"#
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
            assert_eq!(places(&read(&json(&secret), &secrets)), found, "{name}");
        }
    }
}
