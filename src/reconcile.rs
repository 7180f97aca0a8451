//! Decides what to do about the world as it is, whatever event woke us.
//!
//! No process, clock, environment or network here: all policy is in pure
//! functions.

use std::collections::BTreeSet;
use std::rc::Rc;

use crate::config::Configuration;
use crate::external_provider::KEY;
use crate::external_provider::databag::{self, Carried, Offered, SecretBackend, content_key};
use crate::finding::Severity;
use crate::hooktools::{LogLevel, RelationId, SecretContent, SecretUri, Status, StatusLevel};
use crate::observe::{Observed, OwnSecret, Relation, secret_label};
use crate::provider::Provider;
use crate::registration::{self, Registration};
use crate::secret::Secret;
use crate::status;

/// What is to be done.
#[derive(Debug, PartialEq, Eq)]
pub struct Plan {
    /// What to write on relations. Only where something changes.
    pub writes: Vec<Write>,
    /// Secrets of ours that nobody needs any more.
    pub removals: Vec<SecretUri>,
    /// What is odd about the other side, for the log.
    pub warnings: Vec<String>,
    /// What this unit says of itself.
    pub status: Status,
    /// What to log if that status is news.
    pub news: Option<(LogLevel, String)>,
}

/// A change on one relation.
#[derive(Debug, PartialEq, Eq)]
pub struct Write {
    /// Where.
    pub relation: RelationId,
    /// What becomes of our databag.
    pub databag: DatabagWrite,
    /// New revisions of secrets whose URIs stay.
    pub revisions: Vec<Revision>,
}

/// A change to our databag on one relation.
#[derive(Debug, PartialEq, Eq)]
pub enum DatabagWrite {
    /// It stays as it is.
    Nothing,
    /// This value for [`KEY`]; the same for all relations, and large with many providers.
    Offer(Rc<Secret>),
    /// These keys go, which is all that there are.
    Clear(Vec<String>),
    /// All providers, by the URIs of their secrets, some of which are still to be
    /// made.
    ByUri(Vec<ByUri>),
}

impl DatabagWrite {
    /// Whether anything is written at all.
    #[must_use]
    pub fn is_change(&self) -> bool {
        !matches!(self, Self::Nothing)
    }
}

/// A provider whose secret travels in a Juju secret.
#[derive(Debug, PartialEq, Eq)]
pub struct ByUri {
    /// The provider.
    pub provider: Provider,
    /// The secret that is there already, or how to make it.
    pub secret: Carrier,
}

/// The Juju secret that carries a provider's secret.
#[derive(Debug, PartialEq, Eq)]
pub enum Carrier {
    /// It is there.
    Present(SecretUri),
    /// It is to be made, and granted to the relation.
    New {
        /// Under this label.
        label: String,
        /// With this key.
        key: &'static str,
        /// And this value.
        value: Secret,
    },
}

/// A new revision of a secret of ours.
#[derive(Debug, PartialEq, Eq)]
pub struct Revision {
    /// Of which.
    pub uri: SecretUri,
    /// The one key that it has.
    pub key: &'static str,
    /// What it holds now.
    pub value: Secret,
}

/// What should be published, on every relation alike.
enum Intent<'a> {
    /// This value, secrets included.
    Plain(Rc<Secret>),
    /// These providers, by the URIs of their secrets.
    ByUri(&'a [Provider]),
    /// Nothing.
    Withdraw,
    /// Whatever is: a typo must not end logins.
    Keep,
}

/// Decides what to do.
#[must_use]
pub fn reconcile(seen: &Observed) -> Plan {
    let Observed {
        application,
        configuration,
        relations,
        orphans,
        shown: _,
    } = seen;
    let registrations: Vec<_> = relations
        .iter()
        .map(|relation| Registration::read(configuration, relation))
        .collect();
    let intent = intent(configuration);
    let writes: Vec<_> = relations
        .iter()
        .filter_map(|relation| write(&intent, relation))
        .collect();
    // Where the databag stays, so does everything that it refers to.
    let is_changing = |relation: &Relation| {
        let its = writes.iter().find(|write| write.relation == relation.id);
        its.is_some_and(|write| write.databag.is_change())
    };
    let changing: Vec<_> = registrations
        .iter()
        .filter(|one| is_changing(one.relation))
        .map(|one| (one, one.relation.offered()))
        .collect();
    let unneeded = changing
        .iter()
        .flat_map(|(_, offered)| unneeded(&intent, offered));
    let removals = unneeded.chain(orphans.iter().cloned()).collect();
    let kept = matches!(intent, Intent::Keep) && relations.iter().any(is_published);
    let status = status::status(application, configuration, &registrations, kept);
    let news = news(application, configuration, &registrations, &status, kept);
    let changing = changing.iter().map(|(one, offered)| (*one, &offered[..]));
    let changed = registration::changed_ids(configuration, changing);
    let warnings = changed
        .iter()
        .map(|finding| finding.advice(application))
        .chain(registrations.iter().flat_map(|one| one.warnings.clone()))
        .collect();
    Plan {
        writes,
        removals,
        warnings,
        status,
        news,
    }
}

/// The kill switch wins over everything, a wrong configuration included.
fn intent(configuration: &Configuration) -> Intent<'_> {
    match (configuration.enabled, configuration.providers()) {
        (false, _) => Intent::Withdraw,
        (true, None) => Intent::Keep,
        (true, Some(providers)) => match configuration.secret_backend {
            SecretBackend::Secret => Intent::ByUri(providers),
            SecretBackend::Relation => {
                let plain = providers.iter().map(|provider| (provider, Carried::Plain));
                Intent::Plain(Rc::new(databag::offer(plain)))
            }
        },
    }
}

/// What makes `relation` what is intended; `None` where it is already, or where this
/// unit does not lead.
fn write(intent: &Intent<'_>, relation: &Relation) -> Option<Write> {
    let ours = relation.ours.as_ref()?;
    let unless_there = |offer: Rc<Secret>| {
        if ours.get(KEY) == Some(&*offer) {
            DatabagWrite::Nothing
        } else {
            DatabagWrite::Offer(offer)
        }
    };
    let mut revisions = Vec::new();
    let databag = match intent {
        Intent::Plain(offer) => unless_there(Rc::clone(offer)),
        Intent::ByUri(providers) => {
            revisions = providers
                .iter()
                .filter_map(|one| revision(relation, one))
                .collect();
            match all_present(providers, relation) {
                Some(uris) => {
                    let by_uri = providers.iter().zip(uris.into_iter().map(Carried::Uri));
                    unless_there(Rc::new(databag::offer(by_uri)))
                }
                None => DatabagWrite::ByUri(
                    providers
                        .iter()
                        .map(|provider| by_uri(relation, provider))
                        .collect(),
                ),
            }
        }
        // Everything goes, as `remove_provider` of the Python library has it.
        Intent::Withdraw if ours.keys().next().is_some() => {
            DatabagWrite::Clear(ours.keys().map(str::to_owned).collect())
        }
        Intent::Withdraw | Intent::Keep => DatabagWrite::Nothing,
    };
    if !databag.is_change() && revisions.is_empty() {
        return None;
    }
    Some(Write {
        relation: relation.id.clone(),
        databag,
        revisions,
    })
}

/// The key and the value that the secret for `provider` should have.
fn content(provider: &Provider) -> (&'static str, Secret) {
    let (option, secret) = provider.secret();
    let value = provider.published(secret.expose());
    (content_key(option), Secret::new(value.into_owned()))
}

/// The new revision that the secret for `provider` needs, if it is there and holds
/// something else.
fn revision(relation: &Relation, provider: &Provider) -> Option<Revision> {
    let OwnSecret {
        uri,
        content: current,
    } = relation.secrets.get(provider.id())?;
    let (key, value) = content(provider);
    let wanted = SecretContent::from([(key.to_owned(), value.clone())]);
    (*current != wanted).then(|| Revision {
        uri: uri.clone(),
        key,
        value,
    })
}

/// The URIs of the secrets for `providers`, if all of them are there.
fn all_present<'a>(providers: &[Provider], relation: &'a Relation) -> Option<Vec<&'a SecretUri>> {
    providers
        .iter()
        .map(|provider| {
            relation
                .secrets
                .get(provider.id())
                .map(|secret| &secret.uri)
        })
        .collect()
}

fn by_uri(relation: &Relation, provider: &Provider) -> ByUri {
    let present = relation
        .secrets
        .get(provider.id())
        .map(|own| Carrier::Present(own.uri.clone()));
    let secret = present.unwrap_or_else(|| {
        let (key, value) = content(provider);
        Carrier::New {
            label: secret_label(&relation.id, provider.id()),
            key,
            value,
        }
    });
    ByUri {
        provider: provider.clone(),
        secret,
    }
}

/// The secrets among what is `offered` that carry nothing any more: of providers that
/// are gone, or whose secret now travels otherwise.
fn unneeded(intent: &Intent<'_>, offered: &[Offered<'_>]) -> Vec<SecretUri> {
    let needed: BTreeSet<&str> = match intent {
        Intent::ByUri(providers) => providers.iter().map(Provider::id).collect(),
        Intent::Plain(_) | Intent::Withdraw | Intent::Keep => BTreeSet::new(),
    };
    offered
        .iter()
        .filter(|one| !needed.contains(&*one.id))
        .filter_map(|one| one.secret.clone())
        .collect()
}

fn is_published(relation: &Relation) -> bool {
    relation
        .ours
        .as_ref()
        .is_some_and(|ours| ours.get(KEY).is_some())
}

/// What the log should say if `status` is new: what is wrong with the
/// configuration, or which redirect URIs to register.
fn news(
    application: &str,
    configuration: &Configuration,
    registrations: &[Registration<'_>],
    status: &Status,
    kept: bool,
) -> Option<(LogLevel, String)> {
    if configuration.providers().is_none() {
        let errors = configuration
            .findings
            .iter()
            .filter(|one| one.severity == Severity::Error);
        let lines = at_most(NEWS_LINES, errors, |error| error.advice(application));
        let kept = if kept {
            "\nThe last valid configuration stays published."
        } else {
            ""
        };
        return Some((
            LogLevel::Error,
            format!("Invalid OIDC provider configuration:\n{lines}{kept}"),
        ));
    }
    if status.level != StatusLevel::Active || !configuration.enabled {
        return None;
    }
    let redirects = registrations.iter().flat_map(|registration| {
        let requirer = &registration.relation.requirer;
        let redirects = registration.redirect_uris.iter();
        redirects.map(move |redirect| (requirer, redirect))
    });
    let lines = at_most(NEWS_LINES, redirects, |(requirer, redirect)| {
        format!(
            "{requirer} registered {} under redirect URI {}",
            redirect.provider_id, redirect.uri
        )
    });
    Some((LogLevel::Info, lines))
}

/// How many lines of news are worth a reader's while. They also have to fit in one
/// argument of `juju-log`.
const NEWS_LINES: usize = 50;

/// A line about each of the first `count` of `items`, and how many more there are.
fn at_most<T>(
    count: usize,
    mut items: impl Iterator<Item = T>,
    line: impl Fn(T) -> String,
) -> String {
    let mut lines: Vec<_> = items.by_ref().take(count).map(line).collect();
    let more = items.count();
    if more > 0 {
        lines.push(format!("… and {more} more"));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::config::{Options, Request, Secrets};
    use crate::hooktools::Databag;

    const GOOGLE: &str =
        r#"{"provider":"google","client_id":"c","client_secret":"s","provider_id":"g"}"#;
    const NO_SECRET: &str = r#"{"provider":"google","client_id":"c"}"#;
    const DISABLED: &str =
        r#"{"provider":"google","client_id":"c","client_secret":"s","enabled":false}"#;
    const DISABLED_NO_SECRET: &str = r#"{"provider":"google","client_id":"c","enabled":false}"#;
    const ANSWER: &str = r#"[{"provider_id":"g","redirect_uri":"https://k/g"}]"#;

    /// What a leader (`Some`) or another unit sees of one relation.
    fn relation(ours: Option<&str>, theirs: Option<&str>) -> Relation {
        let databag = |value: &str| match value {
            "" => Databag::default(),
            value => Databag::from([(KEY, value)]),
        };
        Relation {
            id: RelationId::new("kratos-external-idp:7"),
            requirer: "kratos".into(),
            ours: ours.map(databag),
            theirs: databag(theirs.unwrap_or_default()),
            secrets: BTreeMap::new(),
        }
    }

    fn configuration(options: &str) -> Configuration {
        let options = Options::sort(serde_json::from_str(options).unwrap());
        Configuration::read(Request::new(options), &Secrets::default())
    }

    fn observed(options: &str, relations: Vec<Relation>) -> Observed {
        Observed {
            application: "idp".into(),
            configuration: configuration(options),
            relations,
            orphans: vec![],
            shown: None,
        }
    }

    fn published(options: &str) -> String {
        let configuration = configuration(options);
        let providers = configuration.providers().unwrap();
        let carried = providers.iter().map(|provider| (provider, Carried::Plain));
        databag::offer(carried).expose().to_owned()
    }

    /// The values that are written, in short.
    fn written(plan: &Plan) -> Vec<&str> {
        plan.writes
            .iter()
            .flat_map(|write| match &write.databag {
                DatabagWrite::Offer(value) => vec![value.expose()],
                DatabagWrite::Clear(keys) => vec![""; keys.len()],
                DatabagWrite::Nothing => vec![],
                DatabagWrite::ByUri(_) => vec!["by URI"],
            })
            .collect()
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table")]
    fn every_situation_has_its_status_and_its_writes() {
        let google = published(GOOGLE);
        let invalid = "Invalid OIDC provider configuration: client_secret: not set: \
                       run juju config idp client_secret=<client secret>";
        let kept = format!("{invalid}; the last valid configuration stays published");
        let waiting = "Waiting for the requirer charm to register the OIDC provider";
        let (ready, disabled) = (
            "The OIDC provider is ready",
            "The OIDC provider is disabled",
        );
        let missing = "Missing integration kratos-external-idp";
        for (name, options, relations, level, message, writes) in [
            (
                "valid, alone",
                GOOGLE,
                vec![],
                StatusLevel::Blocked,
                missing,
                vec![],
            ),
            (
                "disabled, alone",
                DISABLED,
                vec![],
                StatusLevel::Blocked,
                missing,
                vec![],
            ),
            (
                "invalid, alone",
                NO_SECRET,
                vec![],
                StatusLevel::Blocked,
                invalid,
                vec![],
            ),
            (
                "the leader publishes",
                GOOGLE,
                vec![relation(Some(""), None)],
                StatusLevel::Waiting,
                waiting,
                vec![google.as_str()],
            ),
            (
                "other units do not",
                GOOGLE,
                vec![relation(None, None)],
                StatusLevel::Waiting,
                waiting,
                vec![],
            ),
            (
                "nothing is written twice",
                GOOGLE,
                vec![relation(Some(&google), Some(ANSWER))],
                StatusLevel::Active,
                ready,
                vec![],
            ),
            (
                "other units see the answer",
                GOOGLE,
                vec![relation(None, Some(ANSWER))],
                StatusLevel::Active,
                ready,
                vec![],
            ),
            (
                "an unreadable answer is none",
                GOOGLE,
                vec![relation(Some(&google), Some("{"))],
                StatusLevel::Waiting,
                waiting,
                vec![],
            ),
            (
                "one of two has not answered",
                GOOGLE,
                vec![
                    relation(Some(&google), Some(ANSWER)),
                    relation(Some(""), None),
                ],
                StatusLevel::Waiting,
                waiting,
                vec![google.as_str()],
            ),
            (
                "what the Python charm wrote is replaced",
                GOOGLE,
                vec![relation(Some("[{}]"), Some(ANSWER))],
                StatusLevel::Active,
                ready,
                vec![google.as_str()],
            ),
            (
                "disabled withdraws",
                DISABLED,
                vec![relation(Some(&google), Some(ANSWER))],
                StatusLevel::Active,
                disabled,
                vec![""],
            ),
            (
                "withdrawn once",
                DISABLED,
                vec![relation(Some(""), None)],
                StatusLevel::Active,
                disabled,
                vec![],
            ),
            (
                "the kill switch wins over a wrong configuration",
                DISABLED_NO_SECRET,
                vec![relation(Some(&google), Some(ANSWER))],
                StatusLevel::Blocked,
                invalid,
                vec![""],
            ),
            (
                "the last good one stays",
                NO_SECRET,
                vec![relation(Some(&google), Some(ANSWER))],
                StatusLevel::Blocked,
                &kept,
                vec![],
            ),
            (
                "there was no good one",
                NO_SECRET,
                vec![relation(Some(""), None)],
                StatusLevel::Blocked,
                invalid,
                vec![],
            ),
        ] {
            let plan = reconcile(&observed(options, relations));
            assert_eq!(
                (plan.status.level, plan.status.message.as_str()),
                (level, message),
                "{name}"
            );
            assert_eq!(written(&plan), writes, "{name}: writes");
        }
    }

    #[test]
    fn the_status_counts_the_other_errors() {
        let plan = reconcile(&observed("{}", vec![]));
        assert_eq!(
            plan.status.message,
            "Invalid OIDC provider configuration: client_id: not set: \
             run juju config idp client_id=<client id> (and 2 more: run validate-config)"
        );
    }

    #[test]
    fn what_is_odd_about_an_answer_is_said() {
        let google = published(GOOGLE);
        let other = r#"[{"provider_id":"old","redirect_uri":"https://k/old"}]"#;
        for (name, options, theirs, warnings) in [
            ("nothing", GOOGLE, None, 0),
            ("a good one", GOOGLE, Some(ANSWER), 0),
            ("no JSON", GOOGLE, Some("hunter2"), 1),
            ("a wrong item", GOOGLE, Some("[1]"), 1),
            ("another id", GOOGLE, Some(other), 1),
            (
                "of no interest while disabled",
                DISABLED,
                Some("hunter2"),
                0,
            ),
        ] {
            let plan = reconcile(&observed(options, vec![relation(Some(&google), theirs)]));
            assert_eq!(plan.warnings.len(), warnings, "{name}: {:?}", plan.warnings);
            assert!(!format!("{plan:?}").contains("hunter2"), "{name}");
        }
    }

    #[test]
    fn news_says_what_to_mend_or_what_to_register() {
        let google = published(GOOGLE);
        let level = |options, theirs| {
            let seen = observed(options, vec![relation(Some(&google), theirs)]);
            reconcile(&seen)
                .news
                .map(|(level, text)| (level, text.lines().count()))
        };
        assert_eq!(level(GOOGLE, None), None, "waiting");
        assert_eq!(
            level(GOOGLE, Some(ANSWER)),
            Some((LogLevel::Info, 1)),
            "ready"
        );
        assert_eq!(level(DISABLED, Some(ANSWER)), None, "disabled");
        assert_eq!(
            level(NO_SECRET, Some(ANSWER)),
            Some((LogLevel::Error, 3)),
            "invalid"
        );
        let many = "[".to_owned() + &"{}, ".repeat(20) + "]";
        let many = format!(r#"{{"provider":"generic","providers":"{many}"}}"#);
        let (_, text) = reconcile(&observed(&many, vec![relation(Some(&google), None)]))
            .news
            .unwrap();
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(
            (lines.len(), &lines[51..]),
            (
                53,
                &[
                    "… and 10 more",
                    "The last valid configuration stays published."
                ][..]
            ),
            "three errors for each of twenty"
        );
    }

    const BY_SECRET: &str = r#"{"provider":"google","client_id":"c","client_secret":"s","provider_id":"g","secret_backend":"secret"}"#;
    const ID: &str = "d0erdgfmp25c762i8np0";

    /// A relation on which the secret for provider `g` holds `value`.
    fn with_secret(ours: &str, value: &str) -> Relation {
        let own = OwnSecret {
            uri: SecretUri::from_id(ID).unwrap(),
            content: SecretContent::from([(
                "client-secret".to_owned(),
                Secret::new(value.to_owned()),
            )]),
        };
        let secrets = BTreeMap::from([("g".to_owned(), own)]);
        Relation {
            secrets,
            ..relation(Some(ours), None)
        }
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table")]
    fn a_secret_is_made_once_kept_up_to_date_and_removed() {
        let by_uri = published(GOOGLE)
            .replace(
                r#""client_secret":"s""#,
                &format!(r#""client_secret":"secret:{ID}""#),
            )
            .replace(
                r#""secret_backend":"relation""#,
                r#""secret_backend":"secret""#,
            );
        let in_plain = published(GOOGLE);
        let other = BY_SECRET.replace(r#""g""#, r#""h""#);
        let disabled = BY_SECRET.replace('{', r#"{"enabled":false,"#);
        let invalid = BY_SECRET.replace(r#""s""#, r#""""#);
        for (name, options, relation, writes, revisions, removals) in [
            (
                "first",
                BY_SECRET,
                relation(Some(""), None),
                vec!["by URI"],
                0,
                0,
            ),
            (
                "from plain text",
                BY_SECRET,
                relation(Some(&in_plain), None),
                vec!["by URI"],
                0,
                0,
            ),
            (
                "nothing changed",
                BY_SECRET,
                with_secret(&by_uri, "s"),
                vec![],
                0,
                0,
            ),
            (
                "rotated",
                BY_SECRET,
                with_secret(&by_uri, "old"),
                vec![],
                1,
                0,
            ),
            (
                "made, but not published",
                BY_SECRET,
                with_secret("", "s"),
                vec![by_uri.as_str()],
                0,
                0,
            ),
            (
                "back to plain text",
                GOOGLE,
                relation(Some(&by_uri), None),
                vec![in_plain.as_str()],
                0,
                1,
            ),
            (
                "another id",
                &other,
                relation(Some(&by_uri), None),
                vec!["by URI"],
                0,
                1,
            ),
            (
                "disabled",
                &disabled,
                relation(Some(&by_uri), None),
                vec![""],
                0,
                1,
            ),
            (
                "invalid: all stays",
                &invalid,
                relation(Some(&by_uri), None),
                vec![],
                0,
                0,
            ),
            (
                "another unit leads",
                BY_SECRET,
                self::relation(None, None),
                vec![],
                0,
                0,
            ),
        ] {
            let plan = reconcile(&observed(options, vec![relation]));
            assert_eq!(written(&plan), writes, "{name}: databag");
            let revised: usize = plan.writes.iter().map(|write| write.revisions.len()).sum();
            assert_eq!(revised, revisions, "{name}: revisions");
            assert_eq!(plan.removals.len(), removals, "{name}: removals");
        }
        let orphans = vec![SecretUri::from_id(ID).unwrap()];
        let broken = Observed {
            orphans: orphans.clone(),
            ..observed(BY_SECRET, vec![])
        };
        assert_eq!(reconcile(&broken).removals, orphans, "the relation breaks");
    }
}
