//! The configuration: from the output of `config-get` to checked providers.

mod list;
mod loose;
mod options;
mod request;
mod user_secret;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::time::SystemTime;

use external_provider::{Form, Kind, Lack, Provider, SecretBackend, Settings, plain_scalar};
use juju_hook::SecretUri;

pub use self::list::Requested;
pub use self::loose::{Loose, YamlError, switch_of_yaml_1_1};
pub use self::options::{OptionType, is_option, options};
pub use self::request::Request;
pub use self::user_secret::UserSecrets;
use crate::applications::Applications;
use crate::checks::{self, Mappers, UnsafeValues, unsafe_values};
use crate::finding::{self, Code, Finding, Fix, Place, Severity};
use crate::kinds::{self, brings_phone_number};

/// The largest secret, in bytes, that every Juju with secrets accepts: the limit of 3.0 and 3.1
/// (`core/secrets/createsecret.go`). Later versions raised it.
pub const SECRET_LIMIT: usize = 5 * 1024;

/// What Juju and the doctor say of a configuration, beyond its options.
#[derive(Debug, Clone, Default)]
pub struct Answers {
    /// What became of each of [`Request::user_secrets`].
    pub user_secrets: UserSecrets,
    /// Whether this Juju is too old for the charm to make secrets of its own.
    pub secrets_unsupported: bool,
    /// What the doctor says about each of [`Request::mappers`].
    pub mappers: Mappers,
    /// The time, by which tokens are signed for applications; `None` where none is.
    pub now: Option<SystemTime>,
}

/// The checked configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Configuration {
    /// Whether to publish anything at all.
    pub enabled: bool,
    /// The ids of providers that are switched off one by one. They are withdrawn even if something
    /// else is wrong, in which case the rest of what is published stays.
    pub switched_off: Vec<String>,
    /// How secrets travel.
    pub secret_backend: SecretBackend,
    /// What to do with values that Kratos would misread.
    pub unsafe_values: UnsafeValues,
    /// The findings, the worst first.
    pub findings: Vec<Finding>,
    /// Whether there is one provider, and its id is made from other options.
    pub derives_id: bool,
    /// The mappers of all requested providers, complete or not.
    pub mappers: Vec<MapperOf>,
    /// What applications on the endpoint `oauth` get.
    pub applications: Applications,
    /// The complete providers, although something may be wrong with them.
    providers: Vec<Provider>,
    /// Where the options of each of them are.
    origins: Vec<Origin>,
    /// Whether there are others.
    incomplete: bool,
}

impl Configuration {
    /// Checks `request`, with the secrets in `answers` instead of their URIs. Finds everything that
    /// is wrong, not only the first mistake.
    #[must_use]
    pub fn check(request: Request, answers: &Answers) -> Self {
        let enabled = request.is_enabled();
        let Request {
            secret_backend: backend,
            unsafe_values: guard,
            providers: requested,
            switched_off,
            refused: mut findings,
            applications,
            ..
        } = request;
        let mut say = |finding| findings.push(finding);
        let policies = Policies {
            secret_backend: secret_backend(backend.as_deref(), answers)
                .map_err(&mut say)
                .unwrap_or_default(),
            unsafe_values: unsafe_values::policy(guard.as_deref())
                .map_err(&mut say)
                .unwrap_or_default(),
        };
        if policies.secret_backend == SecretBackend::Secret {
            say(Finding::new(
                Code::SecretBackendUnreleased,
                "secret_backend",
                "no released Kratos charm announces that it reads secrets, so nothing changes on its \
                 relation",
                Fix::set("relation"),
            ));
        }
        let asked_for = requested.len();
        let derives_id = matches!(&requested[..], [one] if one.settings.provider_id.is_none());
        let mut providers = Vec::new();
        let mut origins = Vec::new();
        let mappers = requested.iter().filter_map(MapperOf::new).collect();
        for Requested { item, settings } in requested {
            let derives_id = settings.provider_id.is_none();
            let user_secret = user_secret::readable(&settings, &answers.user_secrets);
            let (provider, found) =
                read_provider(settings, user_secret.as_ref(), policies, answers);
            findings.extend(found.into_iter().map(|one| one.in_item(item)));
            if let Some(provider) = provider {
                providers.push(provider);
                origins.push(Origin {
                    item,
                    user_secret,
                    derives_id,
                });
            }
        }
        findings.extend(same_ids(&providers, &origins));
        let findings = finding::one_for_each_mistake(findings);
        let shared = origins.iter().map(|origin| origin.item).zip(&providers);
        let shared: Vec<_> = shared.filter(|_| !has_error(&findings)).collect();
        Self {
            applications: Applications::new(enabled, applications, &shared, answers.now),
            enabled,
            switched_off,
            secret_backend: policies.secret_backend,
            unsafe_values: policies.unsafe_values,
            findings,
            derives_id,
            mappers,
            incomplete: providers.len() < asked_for,
            providers,
            origins,
        }
    }

    /// The providers to publish; `None` if a finding is an error.
    #[must_use]
    pub fn providers(&self) -> Option<&[Provider]> {
        (!has_error(&self.findings)).then_some(&self.providers)
    }

    /// How to give an option of the provider at `index` among [`Self::providers`] the value `to`, in
    /// the application named `application`.
    #[must_use]
    pub fn how_to_set(&self, index: usize, option: &str, to: &str, application: &str) -> String {
        let origin = self.origins.get(index);
        let uri = origin.and_then(|origin| origin.user_secret.as_ref());
        let in_secret = uri.and_then(|uri| user_secret::set_in(uri, option, to));
        let place = Place {
            item: origin.and_then(|origin| origin.item),
            option: option.to_owned(),
        };
        let derives_id = origin.is_some_and(|origin| origin.derives_id);
        let id = self.providers.get(index).filter(|_| derives_id);
        let id = id.map(Provider::id);
        let fix = in_secret.unwrap_or_else(|| Fix::set(to));
        fix.command(&place, id.as_deref(), application)
    }

    /// The ids of all requested providers, right or wrong; `None` if one is unknown.
    #[must_use]
    pub fn ids(&self) -> Option<Vec<Cow<'_, str>>> {
        (!self.incomplete).then(|| self.providers.iter().map(Provider::id).collect())
    }

    /// How values are written for Kratos.
    #[must_use]
    pub fn form(&self) -> Form {
        match self.unsafe_values {
            UnsafeValues::Verbatim => Form::AsTheyAre,
            UnsafeValues::Block | UnsafeValues::Escape => Form::PlainScalars,
        }
    }
}

fn has_error(findings: &[Finding]) -> bool {
    findings.iter().any(|one| one.severity == Severity::Error)
}

/// Why an action does not know which provider is meant, if the parameter `provider-id` is this and
/// `found` providers have that id.
#[must_use]
pub fn why_not_one(provider_id: &str, found: usize) -> &'static str {
    match found {
        0 if provider_id.is_empty() => "no provider is configured: run validate-config",
        0 => "no provider has this provider-id: run validate-config to see the ids",
        _ => "there are several providers: choose one with provider-id",
    }
}

/// The mapper of one provider, which can be tried out even if other options are missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapperOf {
    /// The provider's id, if it is known.
    pub id: Option<String>,
    /// Its kind.
    pub kind: Kind,
    /// The program; `None` for Charmed Kratos' own.
    pub jsonnet: Option<String>,
    /// Whether its scopes bring a phone number.
    pub asks_for_phone: bool,
}

impl MapperOf {
    fn new(requested: &Requested) -> Option<Self> {
        let settings = &requested.settings;
        let kind = settings.kind()?;
        Some(Self {
            id: settings.id(),
            kind,
            jsonnet: settings.jsonnet_mapper.clone(),
            asks_for_phone: brings_phone_number(kind, settings),
        })
    }
}

/// Where the options of a provider are.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Origin {
    /// The item of the list, counted from 1; `None` for the options of the charm.
    item: Option<usize>,
    /// The user secret that its secret was read from.
    user_secret: Option<SecretUri>,
    /// Whether its id is made from other options.
    derives_id: bool,
}

/// The options that apply to all providers.
#[derive(Clone, Copy)]
struct Policies {
    secret_backend: SecretBackend,
    unsafe_values: UnsafeValues,
}

/// The provider that `settings` ask for, if they are complete, and the findings about it, the most
/// important first.
fn read_provider(
    mut settings: Settings,
    user_secret: Option<&SecretUri>,
    policies: Policies,
    answers: &Answers,
) -> (Option<Provider>, Vec<Finding>) {
    let derives_id = settings.provider_id.is_none();
    let mut findings = Vec::from_iter(user_secret::resolve(&mut settings, &answers.user_secrets));
    findings.extend(checks::check(&settings, &answers.mappers));
    let word = settings.provider.clone();
    let provider = match Provider::try_from(settings) {
        Ok(provider) => {
            if policies.secret_backend == SecretBackend::Secret {
                findings.extend(too_large(&provider));
            }
            findings.extend(unsafe_values::check(&provider, policies.unsafe_values));
            if derives_id {
                // A fix of a published value would change the id.
                let id = provider.id();
                let keep = |one: Finding| match one.severity {
                    Severity::Error => one,
                    Severity::Warning | Severity::Note => one.keeping_id(&id),
                };
                findings = findings.into_iter().map(keep).collect();
            }
            Some(provider)
        }
        Err(lacks) => {
            // Notes do not matter while something is missing.
            findings.retain(|one| one.severity > Severity::Note);
            findings.extend(lacks.into_iter().map(|lack| lacking(lack, word.as_deref())));
            None
        }
    };
    if let Some(uri) = user_secret {
        findings = findings
            .into_iter()
            .map(|one| user_secret::fixed_in(uri, one))
            .collect();
    }
    (provider, findings)
}

/// The finding for something that a provider lacks; `word` is the value of `provider`.
fn lacking(lack: Lack, word: Option<&str>) -> Finding {
    let option = match lack {
        Lack::Kind => return kinds::unknown_kind(word.unwrap_or_default()),
        Lack::Option(option) => option,
    };
    let placeholder = match option {
        "client_id" => "<client id>",
        "issuer_url" => "<issuer>",
        "microsoft_tenant_id" => "<tenant>",
        "apple_team_id" => "<team id>",
        "apple_private_key_id" => "<key id>",
        "apple_private_key" => "@AuthKey.p8",
        _ => "<secret>",
    };
    let code = Code::NotSet;
    Finding::new(code, option, code.brief(), Fix::set(placeholder))
}

/// Any other word is an error. If it counted as `relation`, a secret that the administrator wanted to
/// hide would be published in plain text.
fn secret_backend(word: Option<&str>, answers: &Answers) -> Result<SecretBackend, Finding> {
    let (code, problem, to) = match word.map(plain_scalar::trimmed) {
        None | Some("relation") => return Ok(SecretBackend::Relation),
        Some("secret") if !answers.secrets_unsupported => return Ok(SecretBackend::Secret),
        Some("secret") => (
            Code::SecretBackendUnsupported,
            "secrets need Juju 3.0 or newer",
            "relation",
        ),
        Some("vault") => (
            Code::SecretBackendVault,
            "the charm does not use Vault itself, but Juju can keep a model's secrets in one",
            "secret",
        ),
        Some(_) => (
            Code::SecretBackendUnknown,
            "must be relation or secret",
            "relation",
        ),
    };
    Err(Finding::new(code, "secret_backend", problem, Fix::set(to)))
}

/// A secret that some Juju versions would refuse, making the hook fail.
fn too_large(provider: &Provider) -> Option<Finding> {
    let option = provider.kind().shape().secret_option();
    (provider.secret().expose().len() > SECRET_LIMIT).then(|| {
        Finding::new(
            Code::SecretTooLarge,
            option,
            "larger than 5 KiB, which is too large for a Juju secret",
            Fix::instruction("run juju config {app} secret_backend=relation"),
        )
    })
}

/// Of several providers with one id, Kratos uses only the first.
fn same_ids<'a>(providers: &'a [Provider], origins: &'a [Origin]) -> impl Iterator<Item = Finding> {
    let mut seen = BTreeSet::new();
    let again = providers
        .iter()
        .zip(origins)
        .filter(move |(provider, _)| !seen.insert(provider.id()));
    again.map(|(_, origin)| {
        Finding::new(
            Code::ProviderIdRepeated,
            "provider_id",
            "another provider in the list has the same id",
            Fix::set("<a unique id>"),
        )
        .in_item(origin.item)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str, answers: &Answers) -> Configuration {
        Configuration::check(Request::new(serde_json::from_str(json).unwrap()), answers)
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
        struct Case {
            name: &'static str,
            json: String,
            enabled: bool,
            providers: Option<usize>,
            found: Vec<&'static str>,
        }

        let google = r#""provider":"google","client_id":"c","client_secret":"s","scope":"email""#;
        let list = |items: &str| format!(r#"{{"provider":"generic","providers":{items:?}}}"#);
        let (one, two) = (
            "{provider: google, client_id: c, client_secret: s, scope: email}",
            "{provider: github, client_id: c, client_secret: s}",
        );
        for Case {
            name,
            json,
            enabled,
            providers,
            found,
        } in [
            Case {
                name: "nothing set",
                json: "{}".to_owned(),
                enabled: true,
                providers: None,
                found: vec!["client_id", "client_secret", "issuer_url"],
            },
            Case {
                name: "empty is unset",
                json: r#"{"client_id":"","client_secret":"","issuer_url":""}"#.to_owned(),
                enabled: true,
                providers: None,
                found: vec!["client_id", "client_secret", "issuer_url"],
            },
            Case {
                name: "valid",
                json: format!("{{{google}}}"),
                enabled: true,
                providers: Some(1),
                found: vec![],
            },
            Case {
                name: "disabled",
                json: format!(r#"{{{google},"enabled":false}}"#),
                enabled: false,
                providers: Some(1),
                found: vec![],
            },
            Case {
                name: "disabled and wrong",
                json: r#"{"provider":"google","client_id":"c","scope":"email","enabled":false}"#
                    .to_owned(),
                enabled: false,
                providers: None,
                found: vec!["client_secret"],
            },
            Case {
                name: "empty word",
                json: format!(r#"{{{google},"secret_backend":""}}"#),
                enabled: true,
                providers: Some(1),
                found: vec![],
            },
            Case {
                name: "secret, with a note",
                json: format!(r#"{{{google},"secret_backend":"secret"}}"#),
                enabled: true,
                providers: Some(1),
                found: vec!["secret_backend"],
            },
            Case {
                name: "vault",
                json: format!(r#"{{{google},"secret_backend":"vault"}}"#),
                enabled: true,
                providers: None,
                found: vec!["secret_backend"],
            },
            Case {
                name: "an unknown word",
                json: format!(r#"{{{google},"secret_backend":"banana"}}"#),
                enabled: true,
                providers: None,
                found: vec!["secret_backend"],
            },
            Case {
                name: "two",
                json: list(&format!("[{one},{two}]")),
                enabled: true,
                providers: Some(2),
                found: vec![],
            },
            Case {
                name: "two alike",
                json: list(&format!("[{one},{one}]")),
                enabled: true,
                providers: None,
                found: vec!["providers[2].provider_id"],
            },
            Case {
                name: "two alike, and another mistake after them",
                json: list(&format!("[{one},{one},{{provider: github, client_id: c}}]")),
                enabled: true,
                providers: None,
                found: vec!["providers[2].provider_id", "providers[3].client_secret"],
            },
            Case {
                name: "not a list, so no option counts as missing",
                json: r#"{"providers":["x"]}"#.to_owned(),
                enabled: true,
                providers: None,
                found: vec!["providers"],
            },
            Case {
                name: "one of two",
                json: list(&format!("[{{}},{two}]")),
                enabled: true,
                providers: None,
                found: vec![
                    "providers[1].client_id",
                    "providers[1].client_secret",
                    "providers[1].issuer_url",
                ],
            },
            Case {
                name: "all disabled",
                json: list("[{enabled: false}]"),
                enabled: false,
                providers: Some(0),
                found: vec![],
            },
            Case {
                name: "a list and an option beside it",
                json: format!(r#"{{"label":"x","providers":"[{one}]"}}"#),
                enabled: true,
                providers: None,
                found: vec!["label"],
            },
        ] {
            let seen = read(&json, &Answers::default());
            assert_eq!(seen.enabled, enabled, "{name}: enabled");
            assert_eq!(places(&seen), found, "{name}: findings");
            let count = seen.providers().map(<[_]>::len);
            assert_eq!(count, providers, "{name}: providers");
        }
    }

    #[test]
    fn secrets_of_our_own_have_limits() {
        struct Case {
            name: &'static str,
            secret: String,
            unsupported: bool,
            found: Vec<&'static str>,
        }

        let json = |secret: &str| {
            format!(
                r#"{{"provider":"google","client_id":"c","client_secret":"{secret}","scope":"email","secret_backend":"secret"}}"#
            )
        };
        let large = "x".repeat(SECRET_LIMIT);
        for Case {
            name,
            secret,
            unsupported,
            found,
        } in [
            Case {
                name: "5 KiB",
                secret: large.clone(),
                unsupported: false,
                found: vec!["secret_backend"],
            },
            Case {
                name: "a byte more",
                secret: large + "x",
                unsupported: false,
                found: vec!["client_secret", "secret_backend"],
            },
            Case {
                name: "Juju is too old",
                secret: "s".to_owned(),
                unsupported: true,
                found: vec!["secret_backend"],
            },
        ] {
            let answers = Answers {
                secrets_unsupported: unsupported,
                ..Answers::default()
            };
            assert_eq!(places(&read(&json(&secret), &answers)), found, "{name}");
        }
    }
}
