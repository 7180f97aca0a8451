//! Reads what is published: all of it for the requirer, and as much as possible for the provider.

use juju_hook::{Secret, SecretContent, SecretUri};
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::offer::{Form, SecretBackend, content_key, offer_in_plain};
use crate::plain_scalar;
use crate::provider::{Lack, Provider};
use crate::settings::{SecretValue, Settings};
use crate::unreadable::{UnreadableError, items};

/// One provider, as received from either generation. Nulls count as unset:
/// library v1 writes them.
#[derive(Deserialize)]
struct Received {
    provider: String,
    client_id: Option<String>,
    scope: Option<String>,
    label: Option<String>,
    client_secret: Option<Secret>,
    issuer_url: Option<String>,
    jsonnet_mapper: Option<String>,
    mapper_url: Option<String>,
    id: Option<String>,
    provider_id: Option<String>,
    microsoft_tenant: Option<String>,
    microsoft_tenant_id: Option<String>,
    tenant_id: Option<String>,
    apple_team_id: Option<String>,
    team_id: Option<String>,
    apple_private_key_id: Option<String>,
    private_key_id: Option<String>,
    apple_private_key: Option<Secret>,
    private_key: Option<Secret>,
    secret_backend: Option<String>,
}

impl From<Received> for Settings {
    fn from(received: Received) -> Self {
        let first =
            |texts: [Option<String>; 3]| texts.into_iter().flatten().find(|text| !text.is_empty());
        let one = |text| first([text, None, None]);
        let secret = |secrets: [Option<Secret>; 2]| {
            secrets
                .into_iter()
                .flatten()
                .find(|secret| !secret.is_empty())
                .map(SecretValue::Given)
        };
        Self {
            provider: Some(received.provider),
            client_id: one(received.client_id),
            client_secret: secret([received.client_secret, None]),
            issuer_url: one(received.issuer_url),
            microsoft_tenant_id: first([
                received.microsoft_tenant,
                received.microsoft_tenant_id,
                received.tenant_id,
            ]),
            apple_team_id: first([received.apple_team_id, received.team_id, None]),
            apple_private_key_id: first([
                received.apple_private_key_id,
                received.private_key_id,
                None,
            ]),
            apple_private_key: secret([received.apple_private_key, received.private_key]),
            jsonnet_mapper: one(received.jsonnet_mapper),
            mapper_url: one(received.mapper_url),
            provider_id: first([received.id, received.provider_id, None]),
            label: one(received.label),
            scope: one(received.scope),
        }
    }
}

/// Reads what a provider published, in either generation's form. If it contains the URI of a Juju
/// secret, `resolve` reads the secret.
///
/// # Errors
///
/// If it is not a JSON list of objects with strings, if one of them lacks something, or if `resolve`
/// fails.
pub fn read_offer<E: From<UnreadableError>>(
    value: &str,
    mut resolve: impl FnMut(&SecretUri) -> Result<SecretContent, E>,
) -> Result<Vec<Provider>, E> {
    let items: Vec<Received> = serde_json::from_str(value).map_err(UnreadableError::from)?;
    let mut providers = Vec::new();
    for (item, index) in items.into_iter().zip(1..) {
        let refused = |option: &'static str, problem| UnreadableError::Provider {
            index,
            option,
            problem,
        };
        let by_uri = item.secret_backend.as_deref() == Some(SecretBackend::Secret.word());
        let mut settings = Settings::from(item);
        if let (true, Some((option, value))) = (by_uri, settings.secret()) {
            let uri = SecretUri::parse(value.expose())
                .ok_or_else(|| refused(option, "not the URI of a secret"))?;
            let content = resolve(&uri)?;
            let found = content.get(content_key(option)).or_else(|| only(&content));
            let found = found.ok_or_else(|| refused(option, "not in the secret"))?;
            settings.set_secret(found.clone());
        }
        providers.push(
            Provider::try_from(settings).map_err(|lacks| match lacks.first() {
                Some(Lack::Option(option)) => refused(option, "not set"),
                Some(Lack::Kind) | None => refused("provider", "not a known kind"),
            })?,
        );
    }
    Ok(providers)
}

fn only(content: &SecretContent) -> Option<&Secret> {
    content.values().next().filter(|_| content.len() == 1)
}

/// What we know about a published provider, whatever else is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// Its id.
    pub id: String,
    /// The Juju secret that contains its secret, if any.
    pub secret: Option<SecretUri>,
}

/// The providers in the published `value`, as far as it can be read. They show whose an answer is and
/// which secrets are in use, if what is published is not what is configured.
#[must_use]
pub fn published(value: &Secret) -> Vec<Published> {
    let items = items::<Item>(value.expose()).unwrap_or_default();
    let known = items.into_iter().flatten();
    known.filter_map(Item::published).collect()
}

/// What [`published`] looks at in an item.
#[derive(Deserialize)]
struct Item {
    id: Option<String>,
    provider_id: Option<String>,
    secret_backend: Option<String>,
    client_secret: Option<Secret>,
    apple_private_key: Option<Secret>,
}

impl Item {
    fn published(self) -> Option<Published> {
        let by_uri = self.secret_backend.as_deref() == Some(SecretBackend::Secret.word());
        let secret = self.client_secret.or(self.apple_private_key);
        let id = self.id.or(self.provider_id)?;
        Some(Published {
            id: plain_scalar::meant(&id).into_owned(),
            secret: secret
                .filter(|_| by_uri)
                .and_then(|text| SecretUri::parse(text.expose())),
        })
    }
}

/// The published `value` without the providers with these `ids`; `None` if it has none of them. The
/// others stay the same, byte for byte.
#[must_use]
pub fn without(value: &Secret, ids: &[String]) -> Option<Secret> {
    let items: Vec<&RawValue> = serde_json::from_str(value.expose()).ok()?;
    let goes = |item: &RawValue| {
        let published: Option<Item> = serde_json::from_str(item.get()).ok();
        let published = published.and_then(Item::published);
        published.is_some_and(|published| ids.contains(&published.id))
    };
    let rest: Vec<_> = items.iter().filter(|item| !goes(item)).collect();
    if rest.len() == items.len() {
        return None;
    }
    let rest: Vec<_> = rest.into_iter().map(|item| item.get()).collect();
    // An empty value deletes the key: the Python library treats an empty list as a mistake.
    let text = if rest.is_empty() {
        String::new()
    } else {
        format!("[{}]", rest.join(","))
    };
    Some(Secret::new(text))
}

/// Whether the published `value` offers exactly these providers in plain text, in any form and no
/// matter who wrote it.
#[must_use]
pub fn is_offer_of(value: &Secret, providers: &[Provider]) -> bool {
    let Ok(items) = serde_json::from_str::<Vec<Received>>(value.expose()) else {
        return false;
    };
    // `secret_backend` does not matter: the Python charm passes it on and ignores it.
    let read = items
        .into_iter()
        .map(|item| Provider::try_from(Settings::from(item)));
    let Ok(published) = read.collect::<Result<Vec<_>, _>>() else {
        return false;
    };
    let published = offer_in_plain(&published, Form::AsTheyAre);
    [Form::PlainScalars, Form::AsTheyAre]
        .into_iter()
        .any(|form| offer_in_plain(providers, form) == published)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::offer::{Carried, MASK, offer};

    #[test]
    fn an_offer_of_library_v0_or_v1_is_read() {
        struct Case<'a> {
            name: &'static str,
            item: &'a str,
            id: &'static str,
            label: &'static str,
            scope: &'static str,
        }

        let apple = r#"{"client_id":"c","provider":"apple","secret_backend":"relation","team_id":"t",
            "private_key_id":"k","private_key":"p"}"#;
        let microsoft = r#"{"provider":"microsoft","client_id":"c","scope":"a  b","id":"x","label":null,
            "jsonnet_mapper":null,"mapper_url":null,"client_secret":"s","microsoft_tenant":"common"}"#;
        for Case {
            name,
            item,
            id,
            label,
            scope,
        } in [
            Case {
                name: "v0",
                item: apple,
                id: "apple_84a516841ba77a5b4648de2cd0dfcb30ea46dbb4",
                label: "apple",
                scope: "profile email address phone",
            },
            Case {
                name: "v1, with nulls",
                item: microsoft,
                id: "x",
                label: "microsoft",
                scope: "a b",
            },
        ] {
            let providers = read(&format!("[{item}]")).unwrap();
            let [provider] = providers.as_slice() else {
                panic!("{name}")
            };
            assert_eq!(
                (
                    &*provider.id(),
                    &*provider.client().label,
                    &*provider.client().scope
                ),
                (id, label, scope),
                "{name}"
            );
        }
    }

    #[test]
    fn what_is_published_reads_as_what_was_meant() {
        struct Case<'a> {
            name: &'static str,
            carried: Carried<'a>,
            secret: Option<SecretUri>,
            shows: bool,
        }

        let settings = Settings {
            client_id: Some("c".into()),
            client_secret: Some(SecretValue::Given(Secret::new("s: #\u{85}🔐".into()))),
            issuer_url: Some("https://i".into()),
            jsonnet_mapper: Some("{}".into()),
            ..Settings::default()
        };
        let provider = Provider::try_from(settings).unwrap();
        let uri = SecretUri::from_id("d0erdgfmp25c762i8np0").unwrap();
        let id = provider.id();
        for Case {
            name,
            carried,
            secret,
            shows,
        } in [
            Case {
                name: "plain",
                carried: Carried::Plain,
                secret: None,
                shows: true,
            },
            Case {
                name: "by URI",
                carried: Carried::Uri(&uri),
                secret: Some(uri.clone()),
                shows: false,
            },
        ] {
            let value = offer([(&provider, carried)], Form::AsTheyAre);
            assert_eq!(
                read(value.expose()).as_deref(),
                Ok(&[provider.clone()][..]),
                "{name}"
            );
            assert_eq!(
                published(&value),
                [Published {
                    id: id.clone().into_owned(),
                    secret
                }],
                "{name}"
            );
            assert_eq!(value.expose().contains("s: #"), shows, "{name}");
        }
        let odd = r#"[{"id":"a"}, 5, {"id":7}, {"provider_id":"\"1\""}, ["b"], {}]"#;
        let odd = Secret::new(odd.to_owned());
        let ids: Vec<_> = published(&odd).into_iter().map(|one| one.id).collect();
        assert_eq!(ids, ["a", "1"], "what can be read of an odd one");
        let carried = Carried::Masked(SecretBackend::Secret);
        let masked = offer([(&provider, carried)], Form::AsTheyAre);
        assert!(masked.expose().contains(MASK) && !masked.expose().contains("s: #"));
    }

    #[test]
    fn an_offer_that_lacks_something_is_refused_without_a_quote() {
        struct Case {
            name: &'static str,
            item: &'static str,
            error: &'static str,
        }

        for Case { name, item, error } in [
            Case {
                name: "no secret",
                item: r#"{"provider":"google","client_id":"hunter2"}"#,
                error: "provider 1: client_secret: not set",
            },
            Case {
                name: "not a URI",
                item: r#"{"provider":"google","client_id":"c","client_secret":"hunter2","secret_backend":"secret"}"#,
                error: "provider 1: client_secret: not the URI of a secret",
            },
            Case {
                name: "a number",
                item: r#"{"provider":"google","client_id":7777}"#,
                error: "not JSON of the expected shape, at line 1, column 38",
            },
        ] {
            assert_eq!(
                read(&format!("[{item}]")).unwrap_err().to_string(),
                error,
                "{name}"
            );
        }
    }

    /// Reads an offer in a world with one secret.
    fn read(value: &str) -> Result<Vec<Provider>, UnreadableError> {
        read_offer(value, |_| {
            let value = Secret::new("s: #\u{85}🔐".into());
            Ok(SecretContent::from([("client-secret".to_owned(), value)]))
        })
    }
}
