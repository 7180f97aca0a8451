//! Options that hold the URI of a Juju user secret instead of the secret itself.

use std::collections::BTreeMap;

use external_provider::{SecretValue, Settings, plain_scalar};
use juju_hook::{Refusal, Secret, SecretContent, SecretUri};

use crate::finding::{Code, Finding, Fix, shell_word};

/// The user secrets that a configuration refers to, as far as Juju hands them out. One that is missing
/// here was not read: without Juju, checks leave its URI as it is.
pub type UserSecrets = BTreeMap<SecretUri, Result<SecretContent, Refusal>>;

/// The secret that `settings` refer to, or may refer to: only Juju can tell a bare id from a secret
/// that looks like one.
#[must_use]
pub(super) fn referred(settings: &Settings) -> Option<SecretUri> {
    match settings.secret()?.1 {
        SecretValue::InJuju(uri) => Some(uri.clone()),
        SecretValue::Given(secret) => as_bare_id(secret),
    }
}

/// The URI of the user secret that these settings refer to, if `secrets` has its content.
pub(super) fn readable(settings: &Settings, secrets: &UserSecrets) -> Option<SecretUri> {
    let is_read = |uri: &SecretUri| matches!(secrets.get(uri), Some(Ok(_)));
    referred(settings).filter(is_read)
}

/// The URI of the user secret whose id `secret` may be.
fn as_bare_id(secret: &Secret) -> Option<SecretUri> {
    SecretUri::from_id(plain_scalar::trimmed(secret.expose()))
}

/// Replaces the URI by the content of the secret. If that is not possible the URI stays, so that the
/// option counts as set.
pub(super) fn resolve(settings: &mut Settings, secrets: &UserSecrets) -> Option<Finding> {
    let (option, value) = settings.secret()?;
    match value {
        SecretValue::InJuju(uri) => match resolved(option, uri, secrets.get(uri)?) {
            Ok(found) => {
                settings.set_secret(found);
                None
            }
            Err(finding) => Some(finding),
        },
        SecretValue::Given(secret) => {
            let uri = as_bare_id(secret)?;
            bare_id(option, &uri, secrets.get(&uri))
        }
    }
}

/// The finding for a value that looks like the bare id of a secret.
fn bare_id(
    option: &str,
    uri: &SecretUri,
    answer: Option<&Result<SecretContent, Refusal>>,
) -> Option<Finding> {
    let problem = "this is the id of a user secret, not its URI";
    match answer {
        Some(Ok(_) | Err(Refusal::NotGranted)) => Some(Finding::new(
            Code::SecretUriMalformed,
            option,
            problem,
            // Juju knows it, so it is an id and safe to print.
            Fix::set(format!("secret:{}", uri.id())),
        )),
        Some(Err(Refusal::NotFound | Refusal::NoSecrets)) => None,
        None => Some(Finding::new(
            Code::SecretLooksLikeId,
            option,
            "this looks like the id of a user secret, which needs secret: before it",
            Fix::set("secret:<id>"),
        )),
    }
}

/// The same finding, with a fix that changes the content of the secret instead of the option that
/// refers to it.
pub(super) fn fixed_in(uri: &SecretUri, finding: Finding) -> Finding {
    let Fix::Set(to) = &finding.fix else {
        return finding;
    };
    let to = if finding.code == Code::SecretUriMalformed {
        "<the secret itself>"
    } else {
        to
    };
    let fix = set_in(uri, &finding.place.option, to);
    Finding {
        fix: fix.unwrap_or(finding.fix),
        ..finding
    }
}

/// How to give `option` the value `to` in the secret that it refers to; `None` if no secret holds
/// such an option.
pub(super) fn set_in(uri: &SecretUri, option: &str, to: &str) -> Option<Fix> {
    if !matches!(option, "client_secret" | "apple_private_key") {
        return None;
    }
    let key = option.replace('_', "-");
    let content = match to.strip_prefix('@') {
        Some(file) => format!("{key}#file={}", shell_word(file)),
        None => format!("{key}={}", shell_word(to)),
    };
    let command = format!("run juju update-secret {} {content}", uri.id());
    Some(Fix::instruction(command))
}

fn resolved(
    option: &str,
    uri: &SecretUri,
    answer: &Result<SecretContent, Refusal>,
) -> Result<Secret, Finding> {
    let id = uri.id();
    // The option's name as a key of the secret: keys cannot have underscores.
    let key = option.replace('_', "-");
    let content = match answer {
        Ok(content) => content,
        Err(trouble) => return Err(unreadable(option, &key, id, *trouble)),
    };
    let refuse = |code, problem: &str, to: &str| {
        Err(Finding::new(
            code,
            option,
            format!("secret {id} {problem}"),
            Fix::instruction(format!("run juju update-secret {id} {key}='{to}'")),
        ))
    };
    let only = || content.values().next().filter(|_| content.len() == 1);
    match content.get(&key).or_else(only) {
        Some(found) if found.is_empty() => refuse(Code::SecretEmpty, "is empty", "<value>"),
        // Juju prints JSON, in which bytes that are not text become this character.
        Some(found) if found.expose().contains('\u{fffd}') => {
            refuse(Code::SecretNotText, "is not text", "<value>")
        }
        Some(found) if SecretUri::parse(plain_scalar::trimmed(found.expose())).is_some() => {
            let problem = "contains the URI of a secret";
            refuse(Code::SecretHoldsUri, problem, "<the secret itself>")
        }
        Some(found) => Ok(found.clone()),
        None if content.is_empty() => refuse(Code::SecretWithoutKeys, "has no keys", "<value>"),
        None => Err(Finding::new(
            Code::SecretKeyUnclear,
            option,
            format!("secret {id} has several keys, but not {key}"),
            another(&key),
        )),
    }
}

/// A new secret for this `key`. Updating the existing one would remove its other keys.
fn another(key: &str) -> Fix {
    Fix::DoThenSet(
        format!(
            "run juju add-secret {{app}}-client {key}='<value>' && \
             juju grant-secret {{app}}-client {{app}}"
        ),
        "<the URI that add-secret prints>".into(),
    )
}

fn unreadable(option: &str, key: &str, id: &str, trouble: Refusal) -> Finding {
    let (code, problem, fix) = match trouble {
        Refusal::NotGranted => (
            Code::SecretNotGranted,
            format!("secret {id} is not granted"),
            Fix::instruction(format!("run juju grant-secret {id} {{app}}")),
        ),
        Refusal::NotFound => (
            Code::SecretNotFound,
            format!("secret {id} does not exist"),
            another(key),
        ),
        Refusal::NoSecrets => (
            Code::UserSecretsUnsupported,
            "user secrets need Juju 3.3 or newer".to_owned(),
            Fix::set("<the secret itself>"),
        ),
    };
    Finding::new(code, option, problem, fix)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "d0erdgfmp25c762i8np0";

    fn google(secret: &str) -> Settings {
        Settings {
            provider: Some("google".into()),
            client_secret: Some(SecretValue::new(Secret::new(secret.into()))),
            ..Settings::default()
        }
    }

    #[test]
    fn a_user_secret_stands_for_its_value_or_says_what_to_type() {
        struct Case<'a> {
            name: &'static str,
            secret: Result<SecretContent, Refusal>,
            outcome: Result<&'a str, &'a str>,
        }

        let content = |keys: &[(&str, &str)]| {
            Ok(keys
                .iter()
                .map(|(key, value)| ((*key).to_owned(), Secret::new((*value).to_owned())))
                .collect())
        };
        let grant = format!("secret {ID} is not granted: run juju grant-secret {ID} idp");
        let add =
            format!("secret {ID} does not exist: run juju add-secret idp-client client-secret=");
        let update = format!("run juju update-secret {ID} client-secret='<value>'");
        for Case {
            name,
            secret,
            outcome,
        } in [
            Case {
                name: "the key",
                secret: content(&[("client-secret", "s"), ("other", "t")]),
                outcome: Ok("s"),
            },
            Case {
                name: "the only key",
                secret: content(&[("password", "s")]),
                outcome: Ok("s"),
            },
            Case {
                name: "several others",
                secret: content(&[("one", "s"), ("two", "t")]),
                outcome: Err(
                    "but not client-secret: run juju add-secret idp-client client-secret=",
                ),
            },
            Case {
                name: "another URI",
                secret: content(&[("client-secret", "secret:d0erdgfmp25c762i8npg")]),
                outcome: Err(
                    "update-secret d0erdgfmp25c762i8np0 client-secret='<the secret itself>'",
                ),
            },
            Case {
                name: "bytes",
                secret: content(&[("client-secret", "\u{fffd}x")]),
                outcome: Err(update.as_str()),
            },
            Case {
                name: "empty",
                secret: content(&[("client-secret", "")]),
                outcome: Err(update.as_str()),
            },
            Case {
                name: "not granted",
                secret: Err(Refusal::NotGranted),
                outcome: Err(grant.as_str()),
            },
            Case {
                name: "not there",
                secret: Err(Refusal::NotFound),
                outcome: Err(add.as_str()),
            },
            Case {
                name: "too old",
                secret: Err(Refusal::NoSecrets),
                outcome: Err("Juju 3.3 or newer"),
            },
        ] {
            let mut settings = google(&format!("secret://model/{ID}"));
            let secrets = UserSecrets::from([(SecretUri::from_id(ID).unwrap(), secret)]);
            let finding = resolve(&mut settings, &secrets);
            match outcome {
                Ok(value) => {
                    assert_eq!(finding, None, "{name}");
                    assert_eq!(settings.client_secret.unwrap().expose(), value, "{name}");
                }
                Err(advice) => {
                    let said = finding.unwrap().advice("idp");
                    assert!(said.contains(advice), "{name}: {said}");
                }
            }
        }
    }

    #[test]
    fn only_the_secret_that_the_kind_needs_is_read() {
        struct Case {
            name: &'static str,
            settings: Settings,
            expected: bool,
        }

        let uri = format!("secret:{ID}");
        let apple = Settings {
            provider: Some("apple".into()),
            apple_private_key: Some(SecretValue::new(Secret::new(uri.clone()))),
            ..Settings::default()
        };
        let as_google = Settings {
            provider: Some("google".into()),
            ..apple.clone()
        };
        let unknown = Settings {
            provider: Some("x".into()),
            ..google(&uri)
        };
        for Case {
            name,
            settings,
            expected,
        } in [
            Case {
                name: "google",
                settings: google(&uri),
                expected: true,
            },
            Case {
                name: "apple",
                settings: apple,
                expected: true,
            },
            Case {
                name: "of another kind",
                settings: as_google,
                expected: false,
            },
            Case {
                name: "unknown kind",
                settings: unknown,
                expected: false,
            },
            Case {
                name: "a literal",
                settings: google("secret:agent"),
                expected: false,
            },
        ] {
            assert_eq!(referred(&settings).is_some(), expected, "{name}");
        }
    }
}
