//! `get-redirect-uri`: what to register at the identity provider.

use external_provider::{ENDPOINT, Origin};
use juju_hook::{ARGUMENT_LIMIT, json};
use serde::Serialize;

use super::reply::Reply;
use crate::applications::Requests;
use crate::config::Configuration;
use crate::finding::Severity;
use crate::observe::Observed;
use crate::registration::Registration;

/// An item of the result `redirect-uris`.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Item<'a> {
    relation_id: &'a str,
    app: &'a str,
    provider_id: &'a str,
    redirect_uri: &'a str,
    derived: bool,
}

pub(super) fn answer(seen: &Observed) -> Reply {
    let configuration = &seen.configuration;
    let registrations = Registration::read_each(configuration, &seen.relations);
    let mut items = Vec::new();
    for one in &registrations {
        items.extend(one.redirect_uris.iter().map(|redirect| Item {
            relation_id: one.relation.id.as_str(),
            app: &one.relation.requirer,
            provider_id: &redirect.provider_id,
            redirect_uri: &redirect.uri,
            derived: redirect.origin == Origin::Derived,
        }));
    }
    let is_registered = !items.is_empty();
    let applications = &configuration.applications;
    let requests = Requests::new(applications, &seen.applications);
    if configuration.enabled {
        let provider_id = applications.provider.as_ref().map_or("", |one| &one.id);
        let asked = requests.redirect_uris();
        items.extend(asked.map(|(relation, redirect_uri)| Item {
            relation_id: relation.id.as_str(),
            app: &relation.requirer,
            provider_id,
            redirect_uri,
            derived: false,
        }));
    }
    let Some(first) = items.first() else {
        let todo = why_there_is_none(&seen.application, configuration, &registrations, &requests);
        return Reply::failed(format!("No redirect uri is found: {todo}"));
    };
    let mut reply = Reply::default();
    // Whoever waits for that of Kratos must not take another one for it.
    let is_due = !is_registered && !registrations.is_empty();
    if !is_due {
        reply.whole("redirect-uri", first.redirect_uri.to_owned());
    }
    if is_due || items.len() > 1 || registrations.len() > 1 {
        let fitting = fitting(&items);
        reply.whole("redirect-uris", json::encode(fitting).into_exposed());
        if fitting.len() < items.len() {
            let (listed, all) = (fitting.len(), items.len());
            reply.warn(&format!(
                "only the first {listed} of {all} redirect URIs fit into the result"
            ));
        }
    }
    for warning in registrations.iter().flat_map(|one| &one.warnings) {
        reply.warn(warning);
    }
    let mut found = requests.findings.iter();
    let is_wrong = found.any(|one| one.severity == Severity::Error);
    if requests.is_any && (is_wrong || !applications.is_offered()) {
        reply.warn("applications on the endpoint oauth get nothing yet: run validate-config");
    }
    if is_due {
        let todo = why_there_is_none(&seen.application, configuration, &registrations, &requests);
        reply.warn(&format!("none of these is that of Kratos: {todo}"));
    }
    reply
}

/// As many of the first items as fit into one result.
fn fitting<'a, 'b>(items: &'a [Item<'b>]) -> &'a [Item<'b>] {
    let mut length = 0;
    let fits = items.iter().take_while(|item| {
        length += json::encode(*item).expose().len() + 1;
        length < ARGUMENT_LIMIT
    });
    &items[..fits.count()]
}

/// Why there is no redirect URI, and what to do about it.
fn why_there_is_none(
    application: &str,
    configuration: &Configuration,
    registrations: &[Registration<'_>],
    requests: &Requests<'_>,
) -> String {
    if !configuration.enabled {
        return format!("the provider is disabled: run juju config {application} enabled=true");
    }
    if configuration.providers().is_none() {
        return "the configuration is invalid: run validate-config to see what to fix".to_owned();
    }
    let Some(registration) = registrations.first() else {
        if let Some(silent) = requests.silent.first() {
            return format!("{silent} has not asked for a client yet: see juju status {silent}");
        }
        return format!(
            "nothing is integrated: run juju integrate {application}:{ENDPOINT} kratos"
        );
    };
    let requirer = &registration.relation.requirer;
    match registration.warnings.first() {
        Some(warning) => format!("{warning}; see juju status {requirer}"),
        None => format!(
            "{requirer} has not registered the provider yet: see juju status {requirer}, \
             which may need an ingress before it knows its own URL"
        ),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use external_provider::KEY;
    use juju_hook::{Databag, RelationId};

    use super::*;
    use crate::config::{Answers, Request};
    use crate::observe::Relation;

    const GOOGLE: &str = r#"{"provider":"google","client_id":"c","client_secret":"s","provider_id":"g","scope":"openid"}"#;
    const DISABLED: &str =
        r#"{"provider":"google","client_id":"c","client_secret":"s","enabled":false}"#;
    const ANSWER: &str = r#"[{"provider_id":"g","redirect_uri":"https://k/g"}]"#;
    const OLD_ANSWER: &str = r#"[{"provider_id":"old","redirect_uri":"https://k/old"}]"#;
    const OLD_OFFER: &str = r#"[{"provider":"google","id":"old"}]"#;

    fn relation(number: u32, ours: Option<&str>, theirs: &str) -> Relation {
        Relation {
            id: RelationId::new(format!("kratos-external-idp:{number}")),
            requirer: format!("kratos-{number}"),
            ours: ours.map(|value| Databag::from([(KEY, value)])),
            theirs: Databag::from([(KEY, theirs)]),
            secrets: BTreeMap::new(),
        }
    }

    fn answered(options: &str, relations: Vec<Relation>) -> Reply {
        let options = Request::new(serde_json::from_str(options).unwrap());
        let configuration = Configuration::check(options, &Answers::default());
        let seen = Observed::at_rest(configuration, relations);
        answer(&seen)
    }

    #[test]
    fn redirect_uris_are_found() {
        struct Case<'a> {
            name: &'static str,
            options: &'a str,
            relations: Vec<Relation>,
            uri: &'static str,
            uris: Option<&'a str>,
            warns: bool,
        }

        let both = r#"[{"relation-id":"kratos-external-idp:7","app":"kratos-7","provider-id":"g","redirect-uri":"https://k/g","derived":false}]"#;
        for Case {
            name,
            options,
            relations,
            uri,
            uris,
            warns,
        } in [
            Case {
                name: "one",
                options: GOOGLE,
                relations: vec![relation(7, None, ANSWER)],
                uri: "https://k/g",
                uris: None,
                warns: false,
            },
            Case {
                name: "two relations, one answer",
                options: GOOGLE,
                relations: vec![relation(7, None, ANSWER), relation(8, None, "")],
                uri: "https://k/g",
                uris: Some(both),
                warns: false,
            },
            Case {
                name: "an answer for another id",
                options: GOOGLE,
                relations: vec![relation(7, None, OLD_ANSWER)],
                uri: "https://k/old",
                uris: None,
                warns: true,
            },
            Case {
                name: "invalid: the leader answers for what is still published",
                options: "{}",
                relations: vec![relation(7, Some(OLD_OFFER), OLD_ANSWER)],
                uri: "https://k/old",
                uris: None,
                warns: false,
            },
            Case {
                name: "invalid: another unit answers what it sees",
                options: "{}",
                relations: vec![relation(7, None, OLD_ANSWER)],
                uri: "https://k/old",
                uris: None,
                warns: false,
            },
        ] {
            let reply = answered(options, relations);
            let result = |key| {
                reply
                    .results
                    .iter()
                    .find(|(known, _)| *known == key)
                    .map(|(_, value)| value.as_str())
            };
            assert_eq!(result("redirect-uri"), Some(uri), "{name}");
            assert_eq!(result("redirect-uris"), uris, "{name}: list");
            assert_eq!(result("warning").is_some(), warns, "{name}: warning");
            assert_eq!(reply.failure, None, "{name}: failure");
        }
    }

    #[test]
    fn without_one_the_failure_says_what_to_do() {
        struct Case<'a> {
            name: &'static str,
            options: &'a str,
            relations: Vec<Relation>,
            todo: &'static str,
        }

        for Case {
            name,
            options,
            relations,
            todo,
        } in [
            Case {
                name: "not integrated",
                options: GOOGLE,
                relations: vec![],
                todo: "run juju integrate idp:kratos-external-idp kratos",
            },
            Case {
                name: "disabled",
                options: DISABLED,
                relations: vec![relation(7, None, ANSWER)],
                todo: "juju config idp enabled=true",
            },
            Case {
                name: "invalid",
                options: "{}",
                relations: vec![],
                todo: "run validate-config",
            },
            Case {
                name: "no answer",
                options: GOOGLE,
                relations: vec![relation(7, None, "")],
                todo: "see juju status kratos-7",
            },
            Case {
                name: "unreadable",
                options: GOOGLE,
                relations: vec![relation(7, None, "{")],
                todo: "is ignored: it is not JSON",
            },
        ] {
            let reply = answered(options, relations);
            let failure = reply.failure.unwrap();
            assert!(
                failure.starts_with("No redirect uri is found"),
                "{name}: {failure}"
            );
            assert!(failure.contains(todo), "{name}: {failure}");
            assert!(reply.results.is_empty(), "{name}");
        }
    }
}
