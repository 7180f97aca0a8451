//! What travels over the relation.
//!
//! Charmed Kratos carries one of two generations of the Python library for this
//! interface. Their spellings differ, and the older refuses nulls, so that what
//! is published here is a superset: both spellings, and no key without a value.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::redirect_uri::{CALLBACK, path_segment};
use crate::finding::Finding;
use crate::hooktools::{Databag, Refusal, SecretContent, SecretUri};
use crate::json;
use crate::plain_scalar;
use crate::provider::{Credentials, Provider, Settings};
use crate::secret::Secret;

/// One provider, as published. The order of the fields is the order on the wire:
/// the same providers always give the same bytes, so that nothing is written
/// twice.
#[derive(Serialize)]
struct Item<'a> {
    // Both generations read these.
    provider: Text<'a>,
    client_id: Text<'a>,
    scope: Text<'a>,
    label: Text<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issuer_url: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    jsonnet_mapper: Option<Text<'a>>,
    // Library v1 reads these.
    id: Text<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mapper_url: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    microsoft_tenant: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    apple_team_id: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    apple_private_key_id: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    apple_private_key: Option<Text<'a>>,
    // Library v0 and the interface text read these.
    provider_id: Text<'a>,
    secret_backend: Text<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant_id: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    team_id: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    private_key_id: Option<Text<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    private_key: Option<Text<'a>>,
}

/// A text as it is published.
type Text<'a> = Cow<'a, str>;

impl<'a> Item<'a> {
    fn new(provider: &'a Provider, carried: Carried<'a>, form: Form) -> Self {
        let text = |text: &'a str| form.write(text);
        let (secret_backend, secret) = match carried {
            Carried::Plain => (SecretBackend::Relation, form.write_secret(provider)),
            Carried::Uri(uri) => (SecretBackend::Secret, uri.as_str().into()),
            Carried::Masked(secret_backend) => (secret_backend, MASK.into()),
        };
        let secret = Some(secret);
        let mapper = provider.mapper();
        let mut item = Self {
            provider: provider.kind().word().into(),
            client_id: text(provider.client_id()),
            scope: provider.scope().into(),
            label: text(provider.label()),
            client_secret: None,
            issuer_url: None,
            // The requirer decodes it, or takes the URL in its place.
            jsonnet_mapper: mapper
                .and_then(|mapper| mapper.jsonnet.as_deref())
                .map(Cow::from),
            id: text(provider.written_id()),
            mapper_url: mapper.map(|mapper| mapper.url.as_str().into()),
            microsoft_tenant: None,
            apple_team_id: None,
            apple_private_key_id: None,
            apple_private_key: None,
            provider_id: text(provider.written_id()),
            secret_backend: secret_backend.word().into(),
            tenant_id: None,
            team_id: None,
            private_key_id: None,
            private_key: None,
        };
        match provider.credentials() {
            Credentials::Generic {
                issuer_url,
                client_secret: _,
            } => {
                item.issuer_url = Some(text(issuer_url));
                item.client_secret = secret;
            }
            Credentials::Social { client_secret: _ } => {
                item.client_secret = secret;
            }
            Credentials::Microsoft {
                tenant,
                client_secret: _,
            } => {
                item.microsoft_tenant = Some(text(tenant));
                item.tenant_id = Some(text(tenant));
                item.client_secret = secret;
            }
            Credentials::Apple {
                team_id,
                private_key_id,
                private_key: _,
            } => {
                item.apple_team_id = Some(text(team_id));
                item.team_id = Some(text(team_id));
                item.apple_private_key_id = Some(text(private_key_id));
                item.private_key_id = Some(text(private_key_id));
                item.apple_private_key.clone_from(&secret);
                item.private_key = secret;
            }
        }
        item
    }
}

/// How values are written, which depends on what the requirer does with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// For a requirer that writes each value without quotes into YAML, as every released
    /// Kratos charm does: see [`plain_scalar::written`].
    PlainScalars,
    /// As they are, for a requirer that does not, such as Keystone's charm, which writes
    /// JSON.
    AsTheyAre,
}

impl Form {
    /// `text` in this form.
    #[must_use]
    pub fn write(self, text: &str) -> Cow<'_, str> {
        match self {
            Self::PlainScalars => plain_scalar::written(text),
            Self::AsTheyAre => text.into(),
        }
    }

    /// The secret of `provider` in this form. A private key goes with the line break that it
    /// ends in: what it says is PEM, and not only the text.
    #[must_use]
    pub fn write_secret(self, provider: &Provider) -> Cow<'_, str> {
        let (_, secret) = provider.secret();
        let secret = secret.expose();
        let is_key = matches!(provider.credentials(), Credentials::Apple { .. });
        if self == Self::PlainScalars && is_key && plain_scalar::trimmed(secret).contains('\n') {
            return json::encode(secret).into_exposed().into();
        }
        self.write(secret)
    }
}

/// How a provider's secret travels to the requirer: the words of the interface
/// text, less `vault`, which no requirer reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SecretBackend {
    /// In plain text, in the databag. All that released Kratos charms read.
    #[default]
    Relation,
    /// In a Juju secret, whose URI is in the databag in place of the secret.
    Secret,
}

impl SecretBackend {
    /// The word for it, in the option and on the wire.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Relation => "relation",
            Self::Secret => "secret",
        }
    }
}

/// What an offer carries in place of a provider's secret.
#[derive(Debug, Clone, Copy)]
pub enum Carried<'a> {
    /// The secret itself.
    Plain,
    /// The URI of the Juju secret that holds it.
    Uri(&'a SecretUri),
    /// [`MASK`], for a person to look at.
    Masked(SecretBackend),
}

/// What a person sees in place of a secret.
pub const MASK: &str = "********";

/// The value that the provider publishes under [`super::KEY`], in this form.
pub fn offer<'a>(
    providers: impl IntoIterator<Item = (&'a Provider, Carried<'a>)>,
    form: Form,
) -> Secret {
    let items = providers
        .into_iter()
        .map(|(provider, carried)| Item::new(provider, carried, form));
    json::encode_list(items)
}

/// [`offer`] of these providers, secrets included.
#[must_use]
pub fn offer_in_plain(providers: &[Provider], form: Form) -> Secret {
    offer(providers.iter().map(|one| (one, Carried::Plain)), form)
}

/// What the other side wrote cannot be read. Holds no part of it.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnreadableError {
    /// It is no JSON, or JSON of another shape.
    #[error("no JSON of the expected shape, at line {line}, column {column}")]
    Shape {
        /// Counted from 1.
        line: usize,
        /// Counted from 1.
        column: usize,
    },
    /// A secret that it refers to cannot be read.
    #[error("{0}")]
    Secret(Refusal),
    /// A provider lacks something that its kind needs.
    #[error("provider {index}: {option}: {problem}")]
    Provider {
        /// Which in the list, counted from 1.
        index: usize,
        /// The field, under the name of the option that it comes from.
        option: String,
        /// What is wrong with it.
        problem: String,
    },
}

impl From<serde_json::Error> for UnreadableError {
    fn from(error: serde_json::Error) -> Self {
        Self::Shape {
            line: error.line(),
            column: error.column(),
        }
    }
}

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

/// Reads what a provider published, whichever generation wrote it. Where it carries
/// the URI of a secret, `resolve` says what is in the secret.
///
/// # Errors
///
/// If it is no JSON list of objects with texts, or one of them lacks something;
/// and whatever `resolve` fails with.
pub fn read_offer<E: From<UnreadableError>>(
    value: &str,
    mut resolve: impl FnMut(&SecretUri) -> Result<SecretContent, E>,
) -> Result<Vec<Provider>, E> {
    let items: Vec<Received> = serde_json::from_str(value).map_err(UnreadableError::from)?;
    let mut providers = Vec::new();
    for (item, index) in items.into_iter().zip(1..) {
        let refused = |option: &str, problem: &str| UnreadableError::Provider {
            index,
            option: option.to_owned(),
            problem: problem.to_owned(),
        };
        let by_uri = item.secret_backend.as_deref() == Some(SecretBackend::Secret.word());
        let mut settings = Settings::from(item);
        if let (true, Some((option, Some(value)))) = (by_uri, settings.secret_option()) {
            let uri = SecretUri::parse(value.expose())
                .ok_or_else(|| refused(option, "no URI of a secret"))?;
            let content = resolve(&uri)?;
            *value = match content.get(content_key(option)).or_else(|| only(&content)) {
                Some(found) => found.clone(),
                None => return Err(refused(option, "not in the secret").into()),
            };
        }
        providers.push(Provider::try_from(settings).map_err(|findings| {
            findings.first().map_or_else(
                || refused("provider", "incomplete"),
                |Finding { place, problem, .. }| refused(&place.option, problem),
            )
        })?);
    }
    Ok(providers)
}

/// The key under which a provider's secret is in a Juju secret that its charm owns,
/// by the option that it comes from.
#[must_use]
pub fn content_key(option: &str) -> &'static str {
    if option == "apple_private_key" {
        "private-key"
    } else {
        "client-secret"
    }
}

fn only(content: &SecretContent) -> Option<&Secret> {
    content.values().next().filter(|_| content.len() == 1)
}

/// What can be told of a provider that is published, whatever else is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered<'a> {
    /// Its id.
    pub id: Cow<'a, str>,
    /// The Juju secret that carries its secret, if one does.
    pub secret: Option<SecretUri>,
}

/// What stays of `value`, which is published, without the providers of these `ids`; `None`
/// if none of them is in it. The others stay byte for byte.
#[must_use]
pub fn without(value: &Secret, ids: &[String]) -> Option<Secret> {
    let items: Vec<&RawValue> = serde_json::from_str(value.expose()).ok()?;
    let goes = |item: &RawValue| {
        let published: Option<Published<'_>> = serde_json::from_str(item.get()).ok();
        let offered = published.and_then(Published::offered);
        offered.is_some_and(|offered| ids.iter().any(|id| *id == offered.id))
    };
    let rest: Vec<_> = items.iter().filter(|item| !goes(item)).collect();
    if rest.len() == items.len() {
        return None;
    }
    let rest: Vec<_> = rest.into_iter().map(|item| item.get()).collect();
    // As a key without a value: the Python library takes an empty list for a mistake.
    let text = if rest.is_empty() {
        String::new()
    } else {
        format!("[{}]", rest.join(","))
    };
    Some(Secret::new(text))
}

/// Whether `value`, which is published, offers just these providers in plain text, whoever
/// wrote it and in whatever form.
#[must_use]
pub fn is_offer_of(value: &Secret, providers: &[Provider]) -> bool {
    let Ok(items) = serde_json::from_str::<Vec<Received>>(value.expose()) else {
        return false;
    };
    // Whatever it says of `secret_backend`, which the Python charm passes on and ignores.
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

/// The key under which a requirer announces how secrets may travel to it, in its
/// application databag: a JSON list of the words of [`SecretBackend`].
pub const SECRET_BACKENDS: &str = "secret_backends";

/// What a requirer that reads Juju secrets announces under [`SECRET_BACKENDS`].
pub const BOTH_BACKENDS: &str = r#"["relation","secret"]"#;

/// Whether a requirer announces in `theirs`, its databag, that it reads Juju secrets. No
/// released Kratos charm does.
#[must_use]
pub fn reads_secrets(theirs: &Databag) -> bool {
    let words = theirs.get(SECRET_BACKENDS);
    let words = words.and_then(|text| serde_json::from_str::<Vec<String>>(text.expose()).ok());
    words.is_some_and(|words| {
        words
            .iter()
            .any(|word| word == SecretBackend::Secret.word())
    })
}

/// Which providers are published in `value`, as far as it can be read: for telling
/// whose an answer is, and which secrets are in use, when what is published is not
/// what is configured.
#[must_use]
pub fn offered(value: &Secret) -> Vec<Offered<'_>> {
    let items = items::<Published<'_>>(value.expose()).unwrap_or_default();
    items
        .into_iter()
        .filter_map(|item| item?.offered())
        .collect()
}

/// What [`offered`] looks at in an item.
#[derive(Deserialize)]
struct Published<'a> {
    #[serde(borrow)]
    id: Option<Borrowed<'a>>,
    #[serde(borrow)]
    provider_id: Option<Borrowed<'a>>,
    #[serde(borrow)]
    secret_backend: Option<Borrowed<'a>>,
    #[serde(borrow)]
    client_secret: Option<Borrowed<'a>>,
    #[serde(borrow)]
    apple_private_key: Option<Borrowed<'a>>,
}

/// A text that is not copied: serde does so within an `Option` only for a type like this.
#[derive(Deserialize)]
struct Borrowed<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'a> Published<'a> {
    fn offered(self) -> Option<Offered<'a>> {
        let by_uri = self
            .secret_backend
            .is_some_and(|word| word.0 == SecretBackend::Secret.word());
        let secret = self.client_secret.or(self.apple_private_key);
        let Borrowed(id) = self.id.or(self.provider_id)?;
        Some(Offered {
            id: plain_scalar::meant(&id).into_owned().into(),
            secret: secret
                .filter(|_| by_uri)
                .and_then(|text| SecretUri::parse(&text.0)),
        })
    }
}

/// The items of a JSON list; `None` in place of one of another shape, which hides no
/// other.
fn items<'a, T: Deserialize<'a>>(value: &'a str) -> Result<Vec<Option<T>>, serde_json::Error> {
    // Item by item takes twice the time, and is hardly ever needed.
    if let Ok(items) = serde_json::from_str::<Vec<T>>(value) {
        return Ok(items.into_iter().map(Some).collect());
    }
    let items: Vec<&RawValue> = serde_json::from_str(value)?;
    Ok(items
        .into_iter()
        .map(|item| serde_json::from_str(item.get()).ok())
        .collect())
}

/// A provider that the requirer has registered: an item of its answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registered<'a> {
    /// The id that was published, or that the requirer made.
    #[serde(borrow)]
    pub provider_id: Cow<'a, str>,
    /// Where the identity provider sends users back to.
    #[serde(borrow)]
    pub redirect_uri: Cow<'a, str>,
}

impl Registered<'_> {
    /// The same as Kratos itself has it. Its charm answers with the id as it was
    /// published, quotes included, and puts that into the URI as it is; Kratos takes the
    /// quotes off, and encodes what a path does not carry.
    #[must_use]
    pub fn as_kratos_has_it(self) -> Self {
        let id = plain_scalar::meant(&self.provider_id).into_owned();
        let base = self.redirect_uri.strip_suffix(&*self.provider_id);
        let redirect_uri = match base.filter(|base| base.ends_with(CALLBACK)) {
            Some(base) => format!("{base}{}", path_segment(&id)).into(),
            None => self.redirect_uri,
        };
        Self {
            provider_id: id.into(),
            redirect_uri,
        }
    }
}

/// The value that the requirer writes under [`super::KEY`].
#[must_use]
pub fn answer(registered: &[Registered<'_>]) -> String {
    json::encode(registered).into_exposed()
}

/// The most that an id or a redirect URI of an answer may measure, in bytes. What
/// is printed travels as an argument of `action-set`, which has a limit.
const TEXT_LIMIT: usize = 2048;

/// What the requirer answered.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Answer<'a> {
    /// The items that can be used.
    pub registered: Vec<Registered<'a>>,
    /// How many others there are: without a redirect URI, or of another shape.
    pub unusable: usize,
}

/// Reads what the requirer answered. An item that cannot be used hides no other.
///
/// # Errors
///
/// If it is no JSON list.
pub fn read_answer(value: &str) -> Result<Answer<'_>, UnreadableError> {
    let usable = |text: &str| {
        !text.is_empty() && text.len() <= TEXT_LIMIT && !text.contains(char::is_control)
    };
    let mut answer = Answer::default();
    for item in items::<Registered<'_>>(value)? {
        match item {
            Some(item) if usable(&item.provider_id) && usable(&item.redirect_uri) => {
                answer.registered.push(item);
            }
            Some(_) | None => answer.unusable += 1,
        }
    }
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_item_by_item() {
        let good = Registered {
            provider_id: "a".into(),
            redirect_uri: "https://k/a".into(),
        };
        let long = format!(
            r#"[{{"provider_id":"a","redirect_uri":"{}"}}]"#,
            "x".repeat(2049)
        );
        for (name, value, registered, unusable) in [
            ("nobody yet", "[]", vec![], 0),
            (
                "one",
                r#"[{"provider_id":"a","redirect_uri":"https://k/a"}]"#,
                vec![good.clone()],
                0,
            ),
            (
                "one good, one of another shape",
                r#"[5, {"provider_id":"a","redirect_uri":"https://k/a","more":1}]"#,
                vec![good],
                1,
            ),
            (
                "no URI",
                r#"[{"provider_id":"a","redirect_uri":""}]"#,
                vec![],
                1,
            ),
            (
                "null URI",
                r#"[{"provider_id":"a","redirect_uri":null}]"#,
                vec![],
                1,
            ),
            (
                "wrong type",
                r#"[{"provider_id":1,"redirect_uri":"x"}]"#,
                vec![],
                1,
            ),
            (
                "a control character",
                r#"[{"provider_id":"a","redirect_uri":"x\u0000"}]"#,
                vec![],
                1,
            ),
            (
                "delete, which is a control character",
                r#"[{"provider_id":"a","redirect_uri":"x\u007f"}]"#,
                vec![],
                1,
            ),
            ("too long", &long, vec![], 1),
        ] {
            let answer = read_answer(value).unwrap();
            assert_eq!(
                answer,
                Answer {
                    registered,
                    unusable
                },
                "{name}"
            );
        }
        for (name, value) in [
            ("no JSON", "hunter2"),
            ("an object", r#"{"hunter2":1}"#),
            ("a text", r#""hunter2""#),
            ("null", "null"),
        ] {
            let error = read_answer(value).unwrap_err();
            assert!(matches!(error, UnreadableError::Shape { .. }), "{name}");
            assert!(!format!("{error} {error:?}").contains("hunter2"), "{name}");
        }
    }

    #[test]
    fn an_offer_of_library_v0_or_v1_is_read() {
        let apple = r#"{"client_id":"c","provider":"apple","secret_backend":"relation","team_id":"t",
            "private_key_id":"k","private_key":"p"}"#;
        let microsoft = r#"{"provider":"microsoft","client_id":"c","scope":"a  b","id":"x","label":null,
            "jsonnet_mapper":null,"mapper_url":null,"client_secret":"s","microsoft_tenant":"common"}"#;
        for (name, item, id, label, scope) in [
            (
                "v0",
                apple,
                "apple_84a516841ba77a5b4648de2cd0dfcb30ea46dbb4",
                "apple",
                "profile email address phone",
            ),
            ("v1, with nulls", microsoft, "x", "microsoft", "a b"),
        ] {
            let providers = read(&format!("[{item}]")).unwrap();
            let [provider] = providers.as_slice() else {
                panic!("{name}")
            };
            assert_eq!(
                (provider.id(), provider.label(), provider.scope()),
                (id.into(), label, scope),
                "{name}"
            );
        }
    }

    #[test]
    fn what_is_published_reads_as_what_was_meant() {
        let settings = Settings {
            client_id: Some("c".into()),
            client_secret: Some(Secret::new("s: #\u{85}🔐".into())),
            issuer_url: Some("https://i".into()),
            jsonnet_mapper: Some("{}".into()),
            ..Settings::default()
        };
        let provider = Provider::try_from(settings).unwrap();
        let uri = SecretUri::from_id("d0erdgfmp25c762i8np0").unwrap();
        let id = provider.id();
        for (name, carried, secret, shows) in [
            ("plain", Carried::Plain, None, true),
            ("by URI", Carried::Uri(&uri), Some(uri.clone()), false),
        ] {
            let value = offer([(&provider, carried)], Form::AsTheyAre);
            assert_eq!(
                read(value.expose()).as_deref(),
                Ok(&[provider.clone()][..]),
                "{name}"
            );
            assert_eq!(
                offered(&value),
                [Offered {
                    id: id.clone(),
                    secret
                }],
                "{name}"
            );
            assert_eq!(value.expose().contains("s: #"), shows, "{name}");
        }
        let odd = r#"[{"id":"a"}, 5, {"id":7}, {"provider_id":"\"1\""}, ["b"], {}]"#;
        let odd = Secret::new(odd.to_owned());
        let ids: Vec<_> = offered(&odd).into_iter().map(|one| one.id).collect();
        assert_eq!(ids, ["a", "1"], "what can be read of an odd one");
        let carried = Carried::Masked(SecretBackend::Secret);
        let masked = offer([(&provider, carried)], Form::AsTheyAre);
        assert!(masked.expose().contains(MASK) && !masked.expose().contains("s: #"));
    }

    #[test]
    fn an_offer_that_lacks_something_is_refused_without_a_quote() {
        for (name, item, error) in [
            (
                "no secret",
                r#"{"provider":"google","client_id":"hunter2"}"#,
                "provider 1: client_secret: not set",
            ),
            (
                "no URI",
                r#"{"provider":"google","client_id":"c","client_secret":"hunter2","secret_backend":"secret"}"#,
                "provider 1: client_secret: no URI of a secret",
            ),
            (
                "a number",
                r#"{"provider":"google","client_id":7777}"#,
                "no JSON of the expected shape, at line 1, column 38",
            ),
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
