//! Decides what to do, given the state of the world. The event hardly matters.
//!
//! No process, clock, environment or network here: all policy is in pure
//! functions. They are asked in this order: [`withdrawals`], which wins over everything;
//! [`missing_secrets`], which have to exist before anything can refer to them; and
//! [`reconcile`].

use std::collections::BTreeSet;
use std::mem;

use external_provider::{
    Carried, Form, KEY, Provider, Published, SecretBackend, content_key, may_be_of_kratos,
};
use juju_hook::{Databag, Event, RelationPhase, Secret, SecretContent, SecretPhase, SecretUri};
use oauth::provider;

use crate::applications::Requests;
use crate::config::Configuration;
use crate::finding::{self, Code, Finding, Fix};
use crate::observe::{Observed, OwnSecret, Relation, Surroundings, secret_label};
use crate::plan::{DatabagWrite, Grant, NewSecret, Plan, Revision, Withdrawals, Write};
use crate::registration::{self, Registration};
use crate::status::status_and_news;

/// The version in `juju status`. The charm has no workload: it is its own.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What should be published on one relation.
enum Intent<'a> {
    /// These providers, secrets included.
    Plain(&'a [Provider], Form),
    /// These providers, by the URIs of their secrets.
    ByUri(&'a [Provider], Form),
    /// Nothing.
    Withdraw,
    /// Whatever is: a typo must not end logins.
    Keep,
}

/// What is published and switched off. It is withdrawn before anything else is looked at:
/// the kill switch wins over a wrong configuration, a secret that cannot be read, and
/// whatever else fails in this hook.
#[must_use]
pub fn withdrawals(seen: &Surroundings) -> Withdrawals {
    let Surroundings {
        request,
        leads: _,
        relations,
        applications,
        withdrawn: _,
    } = seen;
    let write = |relation: &Relation| {
        let ours = relation.ours.as_ref()?;
        let databag = if request.is_enabled() {
            let rest = external_provider::without(ours.get(KEY)?, request.switched_off())?;
            DatabagWrite::Offer(rest)
        } else {
            cleared(ours)?
        };
        Some(Write {
            relation: relation.id.clone(),
            databag,
        })
    };
    let is_off = |relation: &provider::Relation| {
        let published = relation.published_client();
        let is_off = |(client, issuer): (String, String)| request.is_client_off(&client, &issuer);
        !request.is_enabled() || published.is_some_and(is_off)
    };
    let for_applications = applications.as_ref().ok();
    let for_applications = for_applications.map(|seen| provider::withdraw(seen, is_off));
    let mut for_applications = for_applications.unwrap_or_default();
    Withdrawals {
        writes: relations.iter().filter_map(write).collect(),
        retired: mem::take(&mut for_applications.removals),
        applications: for_applications,
    }
}

/// The same surroundings once these `withdrawals` are written.
#[must_use]
pub fn without(mut seen: Surroundings, withdrawals: Withdrawals) -> Surroundings {
    let Withdrawals {
        writes,
        applications,
        retired,
    } = withdrawals;
    if let Ok(seen) = &mut seen.applications {
        seen.note(&applications);
    }
    seen.withdrawn.extend(retired);
    for Write { relation, databag } in writes {
        let mut relations = seen.relations.iter_mut();
        let Some(relation) = relations.find(|one| one.id == relation) else {
            continue;
        };
        let before = relation.published().into_iter();
        let before: Vec<_> = before.filter_map(|one| one.secret).collect();
        relation.ours = Some(match databag {
            DatabagWrite::Clear(_) => Databag::default(),
            DatabagWrite::Offer(offer) => Databag::from([(KEY, offer.expose())]),
        });
        let after = relation.published().into_iter();
        let after: BTreeSet<_> = after.filter_map(|one| one.secret).collect();
        let gone = before.into_iter().filter(|uri| !after.contains(uri));
        seen.withdrawn.extend(gone);
    }
    seen
}

/// The secrets of ours that are still to be made.
#[must_use]
pub fn missing_secrets(seen: &Observed) -> Vec<NewSecret> {
    let mut missing = Vec::new();
    for relation in seen.relations.iter().filter(|one| one.ours.is_some()) {
        let Intent::ByUri(providers, form) = intent(&seen.configuration, relation) else {
            continue;
        };
        let is_missing = |one: &&Provider| !relation.secrets.contains_key(&*one.id());
        missing.extend(providers.iter().filter(is_missing).map(|provider| {
            let (key, value) = content(provider, form);
            NewSecret {
                relation: relation.id.clone(),
                provider_id: provider.id().into_owned(),
                label: secret_label(&relation.id, &provider.id()),
                key,
                value,
            }
        }));
    }
    missing
}

/// Decides what to do, once no secret is missing.
#[must_use]
pub fn reconcile(seen: &Observed) -> Plan {
    let Observed {
        application,
        configuration,
        relations,
        applications,
        event,
        event_revision,
        leads,
        writes_secrets,
        own_secrets,
        withdrawn,
        unreachable,
    } = seen;
    // This unit does not know how far the one before it got.
    let takes_over = *leads && is_new_in_charge(event);
    let registrations = Registration::read_each(configuration, relations);
    let (mut revisions, mut grants) = (Vec::new(), Vec::new());
    let (mut writes, mut removals) = (Vec::new(), BTreeSet::new());
    let mut changing = Vec::new();
    let mut needed = BTreeSet::new();
    for registration in &registrations {
        let relation = registration.relation;
        let Some(ours) = &relation.ours else { continue };
        let published = relation.published();
        let intent = intent(configuration, relation);
        let used = used_secrets(&intent, relation, &published);
        if let Intent::ByUri(providers, form) = &intent {
            let revision = |one| revision(relation, one, *form);
            revisions.extend(providers.iter().filter_map(revision));
            // What is published was granted before that: Juju writes databags last. What
            // is not may have been made by a hook that stopped before it granted it.
            let granted: BTreeSet<_> = published
                .iter()
                .filter_map(|one| one.secret.as_ref())
                .collect();
            let is_due = |uri: &&SecretUri| takes_over || !granted.contains(uri);
            grants.extend(used.iter().filter(is_due).map(|uri| Grant {
                uri: uri.clone(),
                relation: relation.id.clone(),
            }));
        }
        if let Some(databag) = write(&intent, relation, ours) {
            writes.push(Write {
                relation: relation.id.clone(),
                databag,
            });
            let gone = published.iter().filter_map(|one| one.secret.clone());
            removals.extend(gone.filter(|uri| !used.contains(uri)));
            changing.push((registration, published));
        }
        needed.extend(used);
    }
    // What is switched off was withdrawn at the beginning of the hook.
    let served = applications.as_ref().ok().filter(|_| configuration.enabled);
    let served =
        served.map(|seen| provider::reconcile(seen, |one| configuration.applications.wanted(one)));
    let served = served.unwrap_or_default();
    let theirs = applications.iter().flat_map(provider::Observed::secrets);
    needed.extend(theirs.filter(|uri| !withdrawn.contains(uri)));
    let left_behind = own_secrets.iter().flatten().chain(withdrawn);
    // To remove what is in a back end that is out of order would fail this hook at its end, and
    // take back what it withdrew. A later sweep finds it.
    let can_go = |uri: &&SecretUri| !needed.contains(uri) && !unreachable.contains(uri);
    removals.extend(left_behind.filter(can_go).cloned());

    let findings = findings(configuration, &registrations);
    let is_kept = configuration.enabled && configuration.providers().is_none();
    let mut served_before = applications.iter().flat_map(|seen| &seen.relations);
    let is_any = relations.iter().any(is_published)
        || served_before.any(provider::Relation::has_credentials);
    let kept = is_kept && is_any;
    let requests = Requests::new(&configuration.applications, applications);
    let (status, news) = status_and_news(
        application,
        configuration,
        &findings,
        &registrations,
        &requests,
        kept,
    );
    let changing = changing
        .iter()
        .map(|(one, published)| (*one, &published[..]));
    let changed = registration::changed_ids(configuration, changing);
    let warnings = changed
        .iter()
        .map(|finding| finding.advice(application))
        .chain(registrations.iter().flat_map(|one| one.warnings.clone()))
        .collect();
    Plan {
        revisions,
        grants,
        writes,
        applications: served,
        removals: removals.into_iter().collect(),
        unread_revision: event_revision
            .clone()
            .filter(|_| *writes_secrets && *event == Event::Secret(SecretPhase::Remove)),
        warnings,
        version: matches!(event, Event::Install | Event::UpgradeCharm).then_some(VERSION),
        news,
        status: Some(status),
    }
}

/// Whether this unit has come to lead, or to this revision of the charm, with this hook.
fn is_new_in_charge(event: &Event) -> bool {
    matches!(event, Event::LeaderElected | Event::UpgradeCharm)
}

/// Whether to spend a call on looking for secrets that an interrupted hook left behind, and then
/// make the plan again.
#[must_use]
pub fn wants_sweep(seen: &Observed, plan: &Plan) -> bool {
    let by_secret = seen.configuration.secret_backend == SecretBackend::Secret;
    let may_be_left = match seen.event {
        // Juju runs the hook again, perhaps with another configuration. Where that changes
        // nothing, there is time to look.
        Event::ConfigChanged => by_secret || plan.writes.is_empty(),
        Event::Relation {
            phase: RelationPhase::Broken,
            ..
        } => true,
        // It comes again and again, and seldom with anything to write.
        Event::UpdateStatus => false,
        ref event => by_secret || is_new_in_charge(event),
    };
    // What is left behind may have the label of a secret that is to be made, and then becomes that.
    let may_be_reused = plan.applications.makes_secrets();
    seen.writes_secrets && seen.own_secrets.is_none() && may_be_left && !may_be_reused
}

/// What there is to say about the configuration in the light of the relations, the worst
/// first: on each relation whether the requirer reads secrets, and in each fix the id that
/// is known to Kratos now.
#[must_use]
pub fn findings(configuration: &Configuration, registrations: &[Registration<'_>]) -> Vec<Finding> {
    let mut findings = configuration.findings.clone();
    let known = match registrations {
        [one] if configuration.derives_id => one.known_id(),
        _ => None,
    };
    if let Some(id) = known {
        for finding in findings.iter_mut().filter(|one| one.place.item.is_none()) {
            finding.kept_id = Some(id.clone());
        }
    }
    let by_secret = configuration.secret_backend == SecretBackend::Secret;
    let is_unreleased = |one: &Finding| one.code == Code::SecretBackendUnreleased;
    if by_secret && configuration.enabled && !registrations.is_empty() {
        findings.retain(|one| !is_unreleased(one));
        findings.extend(
            registrations
                .iter()
                .find_map(|one| not_announced(configuration, one)),
        );
        finding::sort(&mut findings);
    }
    findings
}

/// Says that a requirer does not read secrets. Where it has what is configured now, in plain
/// text since before, that does no harm; where it has not, it does not get it.
fn not_announced(
    configuration: &Configuration,
    registration: &Registration<'_>,
) -> Option<Finding> {
    let relation = registration.relation;
    if relation.reads_secrets() {
        return None;
    }
    let providers = configuration.providers()?;
    let has_all = match relation.ours.as_ref() {
        Some(ours) => ours
            .get(KEY)
            .is_some_and(|value| external_provider::is_offer_of(value, providers)),
        None => registration.complete,
    };
    let code = if has_all {
        Code::SecretBackendUnused
    } else {
        Code::SecretBackendNotAnnounced
    };
    let problem = format!(
        "{} does not announce that it reads secrets, so nothing changes on {}",
        relation.requirer, relation.id
    );
    Some(Finding::new(
        code,
        "secret_backend",
        problem,
        Fix::set("relation"),
    ))
}

/// What should be published on `relation`. The kill switch wins over everything, a wrong
/// configuration included.
fn intent<'a>(configuration: &'a Configuration, relation: &Relation) -> Intent<'a> {
    if !configuration.enabled {
        return Intent::Withdraw;
    }
    let Some(providers) = configuration.providers() else {
        return Intent::Keep;
    };
    let answered = registration::answered(relation);
    let form = if may_be_of_kratos(&answered) {
        configuration.form()
    } else {
        // It does not write YAML: in quotes a value would be another one.
        Form::AsTheyAre
    };
    match configuration.secret_backend {
        SecretBackend::Relation => Intent::Plain(providers, form),
        SecretBackend::Secret if relation.reads_secrets() => Intent::ByUri(providers, form),
        // To publish the secret would hand out what was to be hidden, and its URI would
        // put older Kratos charms into error.
        SecretBackend::Secret => Intent::Keep,
    }
}

/// What makes our databag on `relation`, which is `ours`, what is intended; `None` where it
/// is already.
fn write(intent: &Intent<'_>, relation: &Relation, ours: &Databag) -> Option<DatabagWrite> {
    let offer = match intent {
        Intent::Plain(providers, form) => external_provider::offer_in_plain(providers, *form),
        Intent::ByUri(providers, form) => {
            let uris = providers
                .iter()
                .map(|one| Some(Carried::Uri(&relation.secrets.get(&*one.id())?.uri)));
            let uris: Vec<_> = uris.collect::<Option<_>>()?;
            external_provider::offer(providers.iter().zip(uris), *form)
        }
        Intent::Withdraw => return cleared(ours),
        Intent::Keep => return None,
    };
    (ours.get(KEY) != Some(&offer)).then_some(DatabagWrite::Offer(offer))
}

/// Everything goes, as `remove_provider` of the Python library has it; `None` if nothing is
/// there.
fn cleared(ours: &Databag) -> Option<DatabagWrite> {
    let keys: Vec<_> = ours.keys().map(str::to_owned).collect();
    (!keys.is_empty()).then_some(DatabagWrite::Clear(keys))
}

/// The secrets of ours that `relation` needs.
fn used_secrets(
    intent: &Intent<'_>,
    relation: &Relation,
    published: &[Published],
) -> Vec<SecretUri> {
    match intent {
        Intent::ByUri(providers, _) => providers
            .iter()
            .filter_map(|one| Some(relation.secrets.get(&*one.id())?.uri.clone()))
            .collect(),
        // Where the databag stays, so does everything that it refers to.
        Intent::Keep => published
            .iter()
            .filter_map(|one| one.secret.clone())
            .collect(),
        Intent::Plain(..) | Intent::Withdraw => Vec::new(),
    }
}

/// The key and the value that the secret for `provider` should have.
fn content(provider: &Provider, form: Form) -> (&'static str, Secret) {
    let option = provider.kind().shape().secret_option();
    (content_key(option), form.write_secret(provider))
}

/// The new revision that the secret for `provider` needs, if it is there and holds
/// something else.
fn revision(relation: &Relation, provider: &Provider, form: Form) -> Option<Revision> {
    let OwnSecret {
        uri,
        content: current,
    } = relation.secrets.get(&*provider.id())?;
    let (key, value) = content(provider, form);
    let wanted = SecretContent::from([(key.to_owned(), value.clone())]);
    (*current != wanted).then(|| Revision {
        uri: uri.clone(),
        key,
        value,
    })
}

fn is_published(relation: &Relation) -> bool {
    relation
        .ours
        .as_ref()
        .is_some_and(|ours| ours.get(KEY).is_some())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use juju_hook::{Databag, LogLevel, RelationId, StatusLevel};

    use super::*;
    use crate::config::{Answers, Request};

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
        let options = Request::new(serde_json::from_str(options).unwrap());
        Configuration::check(options, &Answers::default())
    }

    fn observed(options: &str, relations: Vec<Relation>) -> Observed {
        Observed::at_rest(configuration(options), relations)
    }

    fn published(options: &str) -> String {
        let configuration = configuration(options);
        let providers = configuration.providers().unwrap();
        let offer = external_provider::offer_in_plain(providers, Form::PlainScalars);
        offer.expose().to_owned()
    }

    fn status(plan: &Plan) -> &juju_hook::Status {
        plan.status.as_ref().unwrap()
    }

    /// The values that are written, in short.
    fn written(plan: &Plan) -> Vec<&str> {
        plan.writes
            .iter()
            .flat_map(|write| match &write.databag {
                DatabagWrite::Offer(value) => vec![value.expose()],
                DatabagWrite::Clear(keys) => vec![""; keys.len()],
            })
            .collect()
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table")]
    fn every_situation_has_its_status_and_its_writes() {
        struct Case<'a> {
            name: &'static str,
            options: &'a str,
            relations: Vec<Relation>,
            level: StatusLevel,
            message: &'a str,
            writes: Vec<&'a str>,
        }

        let google = published(GOOGLE);
        let invalid = "Invalid OIDC provider configuration: client_secret: not set: \
                       run juju config idp client_secret='<secret>'";
        let waiting = "Waiting for the requirer charm to register the OIDC provider";
        let (ready, disabled) = (
            "The OIDC provider is ready",
            "The OIDC provider is disabled",
        );
        let missing = "Missing integration kratos-external-idp";
        for Case {
            name,
            options,
            relations,
            level,
            message,
            writes,
        } in [
            Case {
                name: "valid, not integrated",
                options: GOOGLE,
                relations: vec![],
                level: StatusLevel::Blocked,
                message: missing,
                writes: vec![],
            },
            Case {
                name: "disabled, not integrated",
                options: DISABLED,
                relations: vec![],
                level: StatusLevel::Blocked,
                message: missing,
                writes: vec![],
            },
            Case {
                name: "invalid, not integrated",
                options: NO_SECRET,
                relations: vec![],
                level: StatusLevel::Blocked,
                message: invalid,
                writes: vec![],
            },
            Case {
                name: "the leader publishes",
                options: GOOGLE,
                relations: vec![relation(Some(""), None)],
                level: StatusLevel::Waiting,
                message: waiting,
                writes: vec![google.as_str()],
            },
            Case {
                name: "other units do not",
                options: GOOGLE,
                relations: vec![relation(None, None)],
                level: StatusLevel::Waiting,
                message: waiting,
                writes: vec![],
            },
            Case {
                name: "nothing is written twice",
                options: GOOGLE,
                relations: vec![relation(Some(&google), Some(ANSWER))],
                level: StatusLevel::Active,
                message: ready,
                writes: vec![],
            },
            Case {
                name: "other units see the answer",
                options: GOOGLE,
                relations: vec![relation(None, Some(ANSWER))],
                level: StatusLevel::Active,
                message: ready,
                writes: vec![],
            },
            Case {
                name: "an unreadable answer is none",
                options: GOOGLE,
                relations: vec![relation(Some(&google), Some("{"))],
                level: StatusLevel::Waiting,
                message: waiting,
                writes: vec![],
            },
            Case {
                name: "one of two has not answered",
                options: GOOGLE,
                relations: vec![
                    relation(Some(&google), Some(ANSWER)),
                    relation(Some(""), None),
                ],
                level: StatusLevel::Waiting,
                message: waiting,
                writes: vec![google.as_str()],
            },
            Case {
                name: "what the Python charm wrote is replaced",
                options: GOOGLE,
                relations: vec![relation(Some("[{}]"), Some(ANSWER))],
                level: StatusLevel::Active,
                message: ready,
                writes: vec![google.as_str()],
            },
            Case {
                name: "disabled withdraws",
                options: DISABLED,
                relations: vec![relation(Some(&google), Some(ANSWER))],
                level: StatusLevel::Active,
                message: disabled,
                writes: vec![""],
            },
            Case {
                name: "withdrawn once",
                options: DISABLED,
                relations: vec![relation(Some(""), None)],
                level: StatusLevel::Active,
                message: disabled,
                writes: vec![],
            },
            Case {
                name: "the kill switch wins over a wrong configuration",
                options: DISABLED_NO_SECRET,
                relations: vec![relation(Some(&google), Some(ANSWER))],
                level: StatusLevel::Blocked,
                message: invalid,
                writes: vec![""],
            },
            Case {
                name: "the last good one stays",
                options: NO_SECRET,
                relations: vec![relation(Some(&google), Some(ANSWER))],
                level: StatusLevel::Blocked,
                message: invalid,
                writes: vec![],
            },
            Case {
                name: "there was no good one",
                options: NO_SECRET,
                relations: vec![relation(Some(""), None)],
                level: StatusLevel::Blocked,
                message: invalid,
                writes: vec![],
            },
        ] {
            let plan = reconcile(&observed(options, relations));
            assert_eq!(
                (status(&plan).level, status(&plan).message.as_str()),
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
            status(&plan).message,
            "Invalid OIDC provider configuration: client_id: not set: \
             run juju config idp client_id='<client id>' (and 2 more)"
        );
    }

    #[test]
    fn what_is_odd_about_an_answer_is_reported() {
        struct Case<'a> {
            name: &'static str,
            options: &'a str,
            theirs: Option<&'a str>,
            warnings: usize,
        }

        let google = published(GOOGLE);
        let other = r#"[{"provider_id":"old","redirect_uri":"https://k/old"}]"#;
        for Case {
            name,
            options,
            theirs,
            warnings,
        } in [
            Case {
                name: "nothing",
                options: GOOGLE,
                theirs: None,
                warnings: 0,
            },
            Case {
                name: "a good one",
                options: GOOGLE,
                theirs: Some(ANSWER),
                warnings: 0,
            },
            Case {
                name: "not JSON",
                options: GOOGLE,
                theirs: Some("hunter2"),
                warnings: 1,
            },
            Case {
                name: "a wrong item",
                options: GOOGLE,
                theirs: Some("[1]"),
                warnings: 1,
            },
            Case {
                name: "another id",
                options: GOOGLE,
                theirs: Some(other),
                warnings: 1,
            },
            Case {
                name: "of no interest while disabled",
                options: DISABLED,
                theirs: Some("hunter2"),
                warnings: 0,
            },
        ] {
            let plan = reconcile(&observed(options, vec![relation(Some(&google), theirs)]));
            assert_eq!(plan.warnings.len(), warnings, "{name}: {:?}", plan.warnings);
            assert!(!format!("{plan:?}").contains("hunter2"), "{name}");
        }
    }

    #[test]
    fn news_says_what_to_fix_or_what_to_register() {
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

    /// A relation whose requirer reads secrets.
    fn reading(ours: Option<&str>) -> Relation {
        let theirs = [(
            external_provider::SECRET_BACKENDS,
            external_provider::BOTH_BACKENDS,
        )];
        Relation {
            theirs: Databag::from(theirs),
            ..relation(ours, None)
        }
    }

    fn uri() -> SecretUri {
        SecretUri::from_id(ID).unwrap()
    }

    /// The same, on which the secret for provider `g` holds `value`.
    fn with_secret(ours: &str, value: &str) -> Relation {
        let own = OwnSecret {
            uri: uri(),
            content: SecretContent::from([(
                "client-secret".to_owned(),
                Secret::new(value.to_owned()),
            )]),
        };
        let secrets = BTreeMap::from([("g".to_owned(), own)]);
        Relation {
            secrets,
            ..reading(Some(ours))
        }
    }

    /// What is published of [`BY_SECRET`].
    fn by_uri() -> String {
        published(GOOGLE)
            .replace(
                r#""client_secret":"s""#,
                &format!(r#""client_secret":"secret:{ID}""#),
            )
            .replace(
                r#""secret_backend":"relation""#,
                r#""secret_backend":"secret""#,
            )
    }

    #[test]
    fn a_secret_is_made_granted_kept_up_to_date_and_removed() {
        struct Case {
            name: &'static str,
            options: String,
            relation: Relation,
            missing: usize,
            writes: Vec<String>,
            revisions: usize,
            grants: usize,
            removals: usize,
        }
        let case = |name, options: &str, relation| Case {
            name,
            options: options.to_owned(),
            relation,
            missing: 0,
            writes: vec![],
            revisions: 0,
            grants: 0,
            removals: 0,
        };
        let (by_uri, in_plain) = (by_uri(), published(GOOGLE));
        let other = BY_SECRET.replace(r#""g""#, r#""h""#);
        let disabled = BY_SECRET.replace('{', r#"{"enabled":false,"#);
        let invalid = BY_SECRET.replace(r#""s""#, r#""""#);
        for case in [
            Case {
                missing: 1,
                ..case("first", BY_SECRET, reading(Some("")))
            },
            Case {
                missing: 1,
                ..case("from plain text", BY_SECRET, reading(Some(&in_plain)))
            },
            case("nothing changed", BY_SECRET, with_secret(&by_uri, "s")),
            Case {
                revisions: 1,
                ..case("rotated", BY_SECRET, with_secret(&by_uri, "old"))
            },
            Case {
                writes: vec![by_uri.clone()],
                grants: 1,
                ..case("made, perhaps not granted", BY_SECRET, with_secret("", "s"))
            },
            Case {
                writes: vec![in_plain.clone()],
                removals: 1,
                ..case("back to plain text", GOOGLE, reading(Some(&by_uri)))
            },
            Case {
                missing: 1,
                ..case("another id", &other, reading(Some(&by_uri)))
            },
            Case {
                writes: vec![String::new()],
                removals: 1,
                ..case("disabled", &disabled, reading(Some(&by_uri)))
            },
            case("invalid: all stays", &invalid, reading(Some(&by_uri))),
            case("another unit leads", BY_SECRET, reading(None)),
            case(
                "not read by the requirer: all stays",
                BY_SECRET,
                relation(Some(&in_plain), None),
            ),
        ] {
            let name = case.name;
            let seen = observed(&case.options, vec![case.relation]);
            assert_eq!(
                missing_secrets(&seen).len(),
                case.missing,
                "{name}: missing"
            );
            if case.missing > 0 {
                continue;
            }
            let plan = reconcile(&seen);
            assert_eq!(written(&plan), case.writes, "{name}: databag");
            assert_eq!(plan.revisions.len(), case.revisions, "{name}: revisions");
            assert_eq!(plan.grants.len(), case.grants, "{name}: grants");
            assert_eq!(plan.removals.len(), case.removals, "{name}: removals");
        }
    }

    #[test]
    fn a_sweep_finds_what_a_hook_left_behind() {
        let left = SecretUri::from_id("d0erdgfmp25c762i8npg").unwrap();
        let own_secrets = vec![uri(), left.clone()];
        let swept = |relations, options: &str| {
            let seen = observed(options, relations);
            let own_secrets = Some(own_secrets.clone());
            reconcile(&Observed {
                own_secrets,
                ..seen
            })
            .removals
        };
        let by_uri = by_uri();
        let invalid = BY_SECRET.replace(r#""s""#, r#""""#);
        assert_eq!(
            swept(vec![with_secret(&by_uri, "s")], BY_SECRET),
            std::slice::from_ref(&left),
            "one is used"
        );
        assert_eq!(
            swept(vec![reading(Some(&by_uri))], &invalid),
            [left],
            "one is published"
        );
        assert_eq!(
            swept(vec![], BY_SECRET),
            own_secrets,
            "the relation is gone"
        );
    }

    #[test]
    fn a_requirer_that_does_not_read_secrets_gets_none_and_is_reported() {
        struct Case<'a> {
            name: &'static str,
            ours: Option<&'a str>,
            theirs: Option<&'a str>,
            code: Code,
        }

        let python = r#"[{"client_id":"c","provider":"google","id":"g","client_secret":"s","label":"google","scope":"profile email address phone","jsonnet_mapper":null}]"#;
        for Case {
            name,
            ours,
            theirs,
            code,
        } in [
            Case {
                name: "nothing published",
                ours: Some(""),
                theirs: None,
                code: Code::SecretBackendNotAnnounced,
            },
            Case {
                name: "by the Python charm",
                ours: Some(python),
                theirs: None,
                code: Code::SecretBackendUnused,
            },
            Case {
                name: "another secret",
                ours: Some(&*python.replace(r#""s""#, r#""t""#)),
                theirs: None,
                code: Code::SecretBackendNotAnnounced,
            },
            Case {
                name: "another unit, answered",
                ours: None,
                theirs: Some(ANSWER),
                code: Code::SecretBackendUnused,
            },
            Case {
                name: "another unit",
                ours: None,
                theirs: None,
                code: Code::SecretBackendNotAnnounced,
            },
        ] {
            let configuration = configuration(BY_SECRET);
            let relation = relation(ours, theirs);
            let registrations = [Registration::read(&configuration, &relation)];
            let found = findings(&configuration, &registrations);
            let is_about = |one: &&Finding| one.place.option == "secret_backend";
            let found: Vec<_> = found.iter().filter(is_about).map(|one| one.code).collect();
            assert_eq!(found, [code], "{name}");
        }
    }

    #[test]
    fn what_is_switched_off_is_withdrawn_whatever_else_is_wrong() {
        struct Case<'a> {
            name: &'static str,
            options: String,
            ours: &'a str,
            writes: Vec<&'a str>,
        }

        let two = r#"[{"id":"g","client_secret":"s"},{"id":"h"}]"#;
        let list = |items: &str| format!(r#"{{"provider":"generic","providers":{items:?}}}"#);
        let off = "{provider: google, client_id: c, provider_id: g, enabled: false}";
        for Case {
            name,
            options,
            ours,
            writes,
        } in [
            Case {
                name: "nothing is off",
                options: GOOGLE.to_owned(),
                ours: two,
                writes: vec![],
            },
            Case {
                name: "all is off",
                options: DISABLED_NO_SECRET.to_owned(),
                ours: two,
                writes: vec![""],
            },
            Case {
                name: "off and nothing published",
                options: DISABLED.to_owned(),
                ours: "",
                writes: vec![],
            },
            Case {
                name: "one is off, and another wrong",
                options: list(&format!("[{off}, {{provider: google}}, 7]")),
                ours: two,
                writes: vec![r#"[{"id":"h"}]"#],
            },
            Case {
                name: "the only one is off, and an option beside it",
                options: list(&format!("[{off}]")).replacen('{', r#"{"label":"x","#, 1),
                ours: two,
                writes: vec![""],
            },
            Case {
                name: "off here and on there",
                options: list(&format!(
                    "[{off}, {{provider: google, client_id: c, provider_id: g}}]"
                )),
                ours: two,
                writes: vec![],
            },
        ] {
            let seen = Surroundings {
                request: Request::new(serde_json::from_str(&options).unwrap()),
                leads: true,
                relations: vec![relation(Some(ours), None)],
                applications: Ok(provider::Observed::default()),
                withdrawn: vec![],
            };
            let plan = Plan {
                writes: withdrawals(&seen).writes,
                ..reconcile(&observed(GOOGLE, vec![]))
            };
            assert_eq!(written(&plan), writes, "{name}");
        }
    }

    #[test]
    fn values_go_to_other_requirers_as_they_are() {
        struct Case {
            name: &'static str,
            theirs: Option<&'static str>,
            secret: &'static str,
        }

        let options = GOOGLE.replace(r#""s""#, r#""@s""#);
        let keystone = r#"[{"provider_id":"g","redirect_uri":"https://k/OS-FEDERATION/x"}]"#;
        let kratos = r#"[{"provider_id":"g","redirect_uri":"https://k/self-service/methods/oidc/callback/g"}]"#;
        for Case {
            name,
            theirs,
            secret,
        } in [
            Case {
                name: "nobody knows yet",
                theirs: None,
                secret: r#""client_secret":"\"@s\"""#,
            },
            Case {
                name: "Kratos",
                theirs: Some(kratos),
                secret: r#""client_secret":"\"@s\"""#,
            },
            Case {
                name: "Keystone",
                theirs: Some(keystone),
                secret: r#""client_secret":"@s""#,
            },
        ] {
            let plan = reconcile(&observed(&options, vec![relation(Some(""), theirs)]));
            let [offer] = written(&plan).try_into().unwrap();
            assert!(offer.contains(secret), "{name}: {offer}");
        }
    }
}
