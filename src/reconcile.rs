//! Decides what to do about the world as it is, whatever event woke us.
//!
//! No process, clock, environment or network here: all policy is in pure
//! functions.

use std::collections::BTreeMap;

use crate::config::Configuration;
use crate::external_provider::{KEY, databag};
use crate::finding::Severity;
use crate::hooktools::{LogLevel, RelationId, Status, StatusLevel};
use crate::observe::{Observed, Relation};
use crate::registration::Registration;
use crate::secret::Secret;
use crate::status;

/// What is to be done.
#[derive(Debug, PartialEq, Eq)]
pub struct Plan {
    /// What to write on relations. Only what changes something.
    pub writes: Vec<Write>,
    /// What is odd about the other side, for the log.
    pub warnings: Vec<String>,
    /// What this unit says of itself.
    pub status: Status,
    /// What to log if that status is news.
    pub news: Option<(LogLevel, String)>,
}

/// A change to our databag on one relation.
#[derive(Debug, PartialEq, Eq)]
pub struct Write {
    /// Where.
    pub relation: RelationId,
    /// The new values; an empty one deletes its key.
    pub changes: BTreeMap<String, Secret>,
}

/// What should be published, on every relation alike.
enum Intent {
    /// This value.
    Publish(Secret),
    /// Nothing.
    Withdraw,
    /// Whatever is: a typo must not end logins.
    Keep,
}

/// Decides what to do.
#[must_use]
pub fn reconcile(seen: &Observed) -> Plan {
    let configuration = Configuration::read(seen.options.clone());
    let registrations: Vec<_> = seen
        .relations
        .iter()
        .map(|relation| Registration::read(&configuration, relation))
        .collect();
    let intent = intent(&configuration);
    let writes = seen
        .relations
        .iter()
        .filter_map(|relation| write(&intent, relation))
        .collect();
    let kept = matches!(intent, Intent::Keep) && seen.relations.iter().any(is_published);
    let status = status::status(&seen.application, &configuration, &registrations, kept);
    let news = news(
        &seen.application,
        &configuration,
        &registrations,
        &status,
        kept,
    );
    let warnings = registrations
        .into_iter()
        .flat_map(|registration| registration.warnings)
        .collect();
    Plan {
        writes,
        warnings,
        status,
        news,
    }
}

/// The kill switch wins over everything, a wrong configuration included.
fn intent(configuration: &Configuration) -> Intent {
    match (configuration.enabled, &configuration.providers) {
        (false, _) => Intent::Withdraw,
        (true, Some(providers)) => Intent::Publish(databag::offer(providers)),
        (true, None) => Intent::Keep,
    }
}

/// The write that makes `relation` what is intended; `None` where it is already,
/// or where this unit does not lead.
fn write(intent: &Intent, relation: &Relation) -> Option<Write> {
    let ours = relation.ours.as_ref()?;
    let changes = match intent {
        Intent::Publish(value) if ours.get(KEY) == Some(value) => BTreeMap::new(),
        Intent::Publish(value) => BTreeMap::from([(KEY.to_owned(), value.clone())]),
        // Everything goes, as `remove_provider` of the Python library has it.
        Intent::Withdraw => ours
            .keys()
            .map(|key| (key.to_owned(), Secret::new(String::new())))
            .collect(),
        Intent::Keep => BTreeMap::new(),
    };
    (!changes.is_empty()).then(|| Write {
        relation: relation.id.clone(),
        changes,
    })
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
    if configuration.providers.is_none() {
        let errors = configuration
            .findings
            .iter()
            .filter(|one| one.severity == Severity::Error);
        let mut lines: Vec<_> = errors.map(|error| error.advice(application)).collect();
        if kept {
            lines.push("The last valid configuration stays published.".to_owned());
        }
        let lines = lines.join("\n");
        return Some((
            LogLevel::Error,
            format!("Invalid OIDC provider configuration:\n{lines}"),
        ));
    }
    if status.level != StatusLevel::Active || !configuration.enabled {
        return None;
    }
    let lines: Vec<_> = registrations
        .iter()
        .flat_map(|registration| {
            registration.redirect_uris.iter().map(|redirect| {
                format!(
                    "{} registered {} under redirect URI {}",
                    registration.relation.requirer, redirect.provider_id, redirect.uri
                )
            })
        })
        .collect();
    Some((LogLevel::Info, lines.join("\n")))
}

#[cfg(test)]
mod tests {
    use super::*;
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
        }
    }

    fn observed(options: &str, relations: Vec<Relation>) -> Observed {
        let options = serde_json::from_str(options).unwrap();
        Observed {
            application: "idp".into(),
            options,
            relations,
        }
    }

    fn published(options: &str) -> String {
        let configuration = Configuration::read(serde_json::from_str(options).unwrap());
        databag::offer(&configuration.providers.unwrap())
            .expose()
            .to_owned()
    }

    /// The values that are written, in short.
    fn written(plan: &Plan) -> Vec<&str> {
        plan.writes
            .iter()
            .flat_map(|write| write.changes.values().map(Secret::expose))
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
    }
}
