//! Options that hold the URI of a Juju user secret in place of a secret.

use std::collections::BTreeMap;

use crate::checks::secret_uri;
use crate::finding::{Finding, Fix};
use crate::hooktools::{SecretContent, SecretTrouble, SecretUri};
use crate::provider::Settings;
use crate::secret::Secret;

/// What became of the user secrets that a configuration refers to. One that is not
/// in here was not asked for: a check without Juju goes on with its URI.
pub type UserSecrets = BTreeMap<SecretUri, Result<SecretContent, SecretTrouble>>;

/// The secret that `settings` refer to, if they do.
#[must_use]
pub(super) fn referred(settings: &Settings) -> Option<SecretUri> {
    let (_, value) = settings.secret(settings.kind()?)?;
    SecretUri::parse(value.expose())
}

/// Puts what is in the secret in place of its URI. Where that cannot be done, the URI
/// stays, so that the option counts as set.
pub(super) fn resolve(settings: &mut Settings, secrets: &UserSecrets) -> Option<Finding> {
    let (option, value) = settings.secret_option()?;
    let value = value.as_mut()?;
    match resolved(option, value, secrets) {
        Ok(found) => {
            *value = found;
            None
        }
        Err(finding) => Some(finding),
    }
}

/// The same finding, with a fix of what is in the secret in place of the option that
/// refers to it.
pub(super) fn fixed_in(uri: &SecretUri, finding: Finding) -> Finding {
    let option = finding.place.option.as_str();
    let (true, Fix::Set(to)) = (
        matches!(option, "client_secret" | "apple_private_key"),
        &finding.fix,
    ) else {
        return finding;
    };
    let key = option.replace('_', "-");
    let to = if finding.problem == secret_uri::PROBLEM {
        "<the secret itself>"
    } else {
        to
    };
    let content = match to.strip_prefix('@') {
        Some(file) => format!("{key}#file={file}"),
        None => format!("{key}={to}"),
    };
    let fix = Fix::instruction(format!("run juju update-secret {} {content}", uri.id()));
    Finding { fix, ..finding }
}

fn resolved(option: &str, value: &Secret, secrets: &UserSecrets) -> Result<Secret, Finding> {
    let Some(uri) = SecretUri::parse(value.expose()) else {
        return Ok(value.clone());
    };
    let id = uri.id();
    // The option's name as the key of a secret, which has no underscores.
    let key = option.replace('_', "-");
    let content = match secrets.get(&uri) {
        None => return Ok(value.clone()),
        Some(Ok(content)) => content,
        Some(Err(trouble)) => return Err(unreadable(option, &key, id, *trouble)),
    };
    let update = || Fix::instruction(format!("run juju update-secret {id} {key}=<value>"));
    let only = || content.values().next().filter(|_| content.len() == 1);
    match content.get(&key).or_else(only) {
        Some(found) if found.is_empty() => Err(Finding::error(
            option,
            format!("secret {id} is empty"),
            update(),
        )),
        // Juju hands out JSON, in which a byte that is no text becomes this character.
        Some(found) if found.expose().contains('\u{fffd}') => Err(Finding::error(
            option,
            format!("secret {id} is no text"),
            update(),
        )),
        Some(found) if SecretUri::parse(found.expose()).is_some() => Err(Finding::error(
            option,
            format!("secret {id} holds the URI of a secret"),
            Fix::instruction(format!(
                "run juju update-secret {id} {key}=<the secret itself>"
            )),
        )),
        Some(found) => Ok(found.clone()),
        None => {
            let problem = format!("secret {id} has several keys, and none is {key}");
            Err(Finding::error(option, problem, another(&key)))
        }
    }
}

/// A secret of its own for this `key`. To update the one that is there would take its
/// other keys away.
fn another(key: &str) -> Fix {
    Fix::DoThenSet(
        format!("run juju add-secret <name> {key}=<value> and juju grant-secret <name> {{app}}"),
        "<the URI that add-secret prints>".into(),
    )
}

fn unreadable(option: &str, key: &str, id: &str, trouble: SecretTrouble) -> Finding {
    let (problem, fix) = match trouble {
        SecretTrouble::NotGranted => (
            format!("secret {id} is not granted"),
            Fix::instruction(format!("run juju grant-secret {id} {{app}}")),
        ),
        SecretTrouble::NotFound => (format!("secret {id} does not exist"), another(key)),
        SecretTrouble::NoSecrets => (
            "this Juju has no user secrets".to_owned(),
            Fix::set("<the secret itself>, or upgrade to Juju 3.3 or newer"),
        ),
    };
    Finding::error(option, problem, fix)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "d0erdgfmp25c762i8np0";

    fn google(secret: &str) -> Settings {
        Settings {
            provider: Some("google".into()),
            client_secret: Some(Secret::new(secret.into())),
            ..Settings::default()
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
                Err("none is client-secret: run juju add-secret <name> client-secret="),
            ),
            (
                "another URI",
                content(&[("client-secret", "secret:d0erdgfmp25c762i8npg")]),
                Err("update-secret d0erdgfmp25c762i8np0 client-secret=<the secret itself>"),
            ),
            (
                "bytes",
                content(&[("client-secret", "\u{fffd}x")]),
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
        let uri = format!("secret:{ID}");
        let apple = Settings {
            provider: Some("apple".into()),
            apple_private_key: Some(Secret::new(uri.clone())),
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
        for (name, settings, expected) in [
            ("google", google(&uri), true),
            ("apple", apple, true),
            ("of another kind", as_google, false),
            ("unknown kind", unknown, false),
            ("a literal", google("secret:agent"), false),
        ] {
            assert_eq!(referred(&settings).is_some(), expected, "{name}");
        }
    }
}
