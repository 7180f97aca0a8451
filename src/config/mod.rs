//! The configuration: from what `config-get` prints to checked providers.

mod list;
mod loose;
mod options;
mod pieces;
mod user_secret;

use std::cmp::Reverse;
use std::collections::BTreeSet;

pub use self::list::Requested;
pub use self::loose::{Loose, YamlError};
pub use self::options::{OPTIONS, OptionType, Options};
pub use self::user_secret::UserSecrets;
use crate::checks::{self, unsafe_values};
use crate::external_provider::databag::SecretBackend;
use crate::finding::{self, Finding, Fix, Severity};
use crate::hooktools::SecretUri;
use crate::mapper;
use crate::provider::{NOT_SET, Provider, Settings, UnsafeValues};

/// The largest secret that every Juju with secrets takes, in bytes: the limit of
/// 3.0 and 3.1 (`core/secrets/createsecret.go`), raised since.
pub const SECRET_LIMIT: usize = 5 * 1024;

/// The options, with the providers that they ask for told apart.
#[derive(Debug)]
pub struct Request {
    options: Options,
    providers: Vec<Requested>,
    /// What keeps a part of them from being looked at.
    refused: Vec<Finding>,
}

impl Request {
    /// Finds out which providers `options` ask for.
    #[must_use]
    pub fn new(mut options: Options) -> Self {
        let mut refused = std::mem::take(&mut options.refused);
        let settings = std::mem::take(&mut options.provider);
        let has_no_list = refused.iter().any(|one| one.place.option == "providers");
        let providers = match options.providers.take() {
            // What is missing is not to be told from what is in the list.
            None if has_no_list => vec![],
            None => vec![Requested {
                item: None,
                settings,
            }],
            Some(text) => {
                let list = list::read(&text);
                refused.extend(list.refused);
                refused.extend(list::set_beside(settings));
                list.requested
            }
        };
        Self {
            options,
            providers,
            refused,
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
    /// What there is to say about it.
    pub findings: Vec<Finding>,
    /// The providers that are complete, although something may be wrong with them.
    providers: Vec<Provider>,
    /// Whether there are others.
    incomplete: bool,
}

impl Configuration {
    /// Checks `request`, with what `secrets` hold in place of the URIs. Finds
    /// everything that is wrong, not only the first.
    #[must_use]
    pub fn read(request: Request, secrets: &Secrets) -> Self {
        let Request {
            options,
            providers: requested,
            refused,
        } = request;
        let refused_at: Vec<_> = refused.iter().map(|one| one.place.clone()).collect();
        let mut findings = refused;
        let mut say = |finding| findings.push(finding);
        let policies = Policies {
            secret_backend: secret_backend(options.secret_backend.as_deref(), secrets)
                .map_err(&mut say)
                .unwrap_or_default(),
            unsafe_values: unsafe_values::policy(options.unsafe_values.as_deref())
                .map_err(&mut say)
                .unwrap_or_default(),
        };
        if policies.secret_backend == SecretBackend::Secret {
            say(Finding::note(
                "secret_backend",
                "released Kratos charms read relation only",
                Fix::instruction("run juju config {app} secret_backend=relation if logins fail"),
            ));
        }
        let asked_for = requested.len();
        let mut providers = Vec::with_capacity(asked_for);
        let mut items = Vec::with_capacity(asked_for);
        let mut mappers = mapper::Checked::default();
        for Requested { item, settings } in requested {
            let (provider, found) = read_provider(settings, policies, secrets, &mut mappers);
            let found = found.into_iter().map(|one| one.in_item(item));
            // What is refused is not also missing.
            findings.extend(
                found.filter(|one| one.problem != NOT_SET || !refused_at.contains(&one.place)),
            );
            if let Some(provider) = provider {
                providers.push(provider);
                items.push(item);
            }
        }
        findings.extend(same_ids(&providers, &items));
        findings.sort_by_key(|one| (Reverse(one.severity), one.place.item));
        let valid = finding::count(&findings, Severity::Error) == 0;
        Self {
            // A list of which every item is disabled is disabled as a whole.
            enabled: options.enabled && !(valid && providers.is_empty()),
            secret_backend: policies.secret_backend,
            findings,
            incomplete: providers.len() < asked_for,
            providers,
        }
    }

    /// The providers to publish; `None` if a finding is an error.
    #[must_use]
    pub fn providers(&self) -> Option<&[Provider]> {
        let valid = finding::count(&self.findings, Severity::Error) == 0;
        valid.then_some(&self.providers)
    }

    /// The ids of what is asked for, wrong or not; `None` if one cannot be told.
    #[must_use]
    pub fn ids(&self) -> Option<Vec<&str>> {
        (!self.incomplete).then(|| self.providers.iter().map(Provider::id).collect())
    }
}

/// What is decided for all providers alike.
#[derive(Clone, Copy)]
struct Policies {
    secret_backend: SecretBackend,
    unsafe_values: UnsafeValues,
}

/// The provider that `settings` ask for, if they are complete, and what there is to say
/// about it.
fn read_provider(
    mut settings: Settings,
    policies: Policies,
    secrets: &Secrets,
    mappers: &mut mapper::Checked,
) -> (Option<Provider>, Vec<Finding>) {
    let uri =
        user_secret::referred(&settings).filter(|uri| matches!(secrets.user.get(uri), Some(Ok(_))));
    let mut findings = Vec::from_iter(user_secret::resolve(&mut settings, &secrets.user));
    let checked = checks::check(&settings, mappers);
    let provider = match Provider::try_from(settings) {
        Ok(provider) => {
            if policies.secret_backend == SecretBackend::Secret {
                findings.extend(too_large(&provider));
            }
            findings.extend(unsafe_values::check(&provider, policies.unsafe_values));
            Some(provider.with_unsafe_values(policies.unsafe_values))
        }
        Err(missing) => {
            findings.extend(missing);
            None
        }
    };
    findings.extend(checked);
    if let Some(uri) = &uri {
        findings = findings
            .into_iter()
            .map(|one| user_secret::fixed_in(uri, one))
            .collect();
    }
    (provider, findings)
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
    let (option, secret) = provider.secret();
    (secret.expose().len() > SECRET_LIMIT).then(|| {
        Finding::error(
            option,
            "more than 5 KiB, which is too large for a Juju secret",
            Fix::instruction("run juju config {app} secret_backend=relation"),
        )
    })
}

/// Kratos takes the first provider with an id for all of that id.
fn same_ids<'a>(
    providers: &'a [Provider],
    items: &'a [Option<usize>],
) -> impl Iterator<Item = Finding> {
    let mut seen = BTreeSet::new();
    let again = providers
        .iter()
        .zip(items)
        .filter(move |(provider, _)| !seen.insert(provider.id()));
    again.map(|(_, item)| {
        Finding::error(
            "provider_id",
            "another provider of the list has the same id",
            Fix::set("<an id of its own>"),
        )
        .in_item(*item)
    })
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
                "secret, with a note",
                format!(r#"{{{google},"secret_backend":"secret"}}"#),
                true,
                Some(1),
                vec!["secret_backend"],
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
                "two alike, and another mistake after them",
                list(&format!("[{one},{one},{{provider: github, client_id: c}}]")),
                true,
                None,
                vec!["providers[2].provider_id", "providers[3].client_secret"],
            ),
            (
                "no list, and so no other options missing",
                r#"{"providers":["x"]}"#.to_owned(),
                true,
                None,
                vec!["providers"],
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
            let count = seen.providers().map(<[_]>::len);
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
            ("5 KiB", large.clone(), false, vec!["secret_backend"]),
            (
                "a byte more",
                large + "x",
                false,
                vec!["client_secret", "secret_backend"],
            ),
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
