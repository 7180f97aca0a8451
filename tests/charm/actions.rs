//! The actions, on every unit.

use juju_sandbox::{ActionOutcome, ActionStatus};
use serde_json::{Value, json};

use crate::support::{ANSWER, GOOGLE, World};

const URI: &str = "https://iam.example.com/self-service/methods/oidc/callback/google";

fn failure(outcome: &ActionOutcome) -> &str {
    assert_eq!(outcome.status, ActionStatus::Failed);
    assert_eq!(outcome.return_code, Some(0), "the charm itself is fine");
    &outcome.message
}

#[test]
fn every_unit_knows_the_redirect_uri() {
    let (mut world, relation) = World::integrated(2, &GOOGLE);
    world.answer(relation, ANSWER);
    for unit in ["idp/0", "idp/1"] {
        let outcome = world.run(unit, "get-redirect-uri");
        assert_eq!(outcome.status, ActionStatus::Completed, "{unit}");
        assert_eq!(
            Value::from(outcome.results),
            json!({ "redirect-uri": URI }),
            "{unit}"
        );
        assert_eq!(
            (outcome.stdout, outcome.stderr),
            (String::new(), String::new()),
            "{unit}"
        );
    }
}

#[test]
fn several_relations_are_listed() {
    let (mut world, first) = World::integrated(2, &GOOGLE);
    let second = world.add_stand_in("kratos-two");
    world.answer(first, ANSWER);
    let other = ANSWER.replace("iam", "two");
    world
        .write_app_databag(second, "kratos-two", &[("providers", &other)])
        .unwrap();
    world.settle().unwrap();
    for unit in ["idp/0", "idp/1"] {
        let outcome = world.run(unit, "get-redirect-uri");
        assert_eq!(outcome.results["redirect-uri"], URI, "{unit}");
        let list: Value =
            serde_json::from_str(outcome.results["redirect-uris"].as_str().unwrap()).unwrap();
        let item = |relation: u32, app: &str, uri: &str| {
            json!({
                "relation-id": format!("kratos-external-idp:{relation}"),
                "app": app,
                "provider-id": "google",
                "redirect-uri": uri,
                "derived": false,
            })
        };
        let expected = [
            item(first, "kratos", URI),
            item(second, "kratos-two", &URI.replace("iam", "two")),
        ];
        assert_eq!(list, json!(expected), "{unit}");
    }
}

#[test]
fn an_answer_for_another_id_comes_with_a_warning() {
    let (mut world, relation) = World::integrated(2, &GOOGLE);
    world.answer(relation, ANSWER);
    world.config(&[("provider_id", "corp")]);
    for unit in ["idp/0", "idp/1"] {
        let outcome = world.run(unit, "get-redirect-uri");
        assert_eq!(outcome.results["redirect-uri"], URI, "{unit}");
        let warning = outcome.results["warning"].as_str().unwrap();
        assert!(
            warning.contains("for provider google, not for corp"),
            "{unit}: {warning}"
        );
        let run = world.update_status(unit);
        assert!(
            run.stderr.contains("for provider google, not for corp"),
            "{unit}: the log"
        );
    }
}

#[test]
fn without_a_redirect_uri_it_fails_and_says_what_to_do() {
    let mut world = World::with_idp(2, &[]);
    let expect = |world: &mut World, name: &str, todo: &str| {
        for unit in ["idp/0", "idp/1"] {
            let outcome = world.run(unit, "get-redirect-uri");
            let said = failure(&outcome);
            assert!(
                said.starts_with("No redirect uri is found"),
                "{name}: {said}"
            );
            assert!(said.contains(todo), "{name}: {said}");
            assert!(outcome.results.is_empty(), "{name}");
        }
    };
    expect(&mut world, "invalid", "run validate-config");
    world.config(&GOOGLE);
    expect(
        &mut world,
        "not integrated",
        "run juju integrate idp:kratos-external-idp kratos",
    );
    let relation = world.add_stand_in("kratos");
    expect(&mut world, "no answer", "juju status kratos");
    world.answer(relation, "{");
    expect(&mut world, "unreadable", "is ignored: it is not JSON");
    world.answer(relation, ANSWER);
    world.config(&[("enabled", "false")]);
    expect(&mut world, "disabled", "juju config idp enabled=true");
}

#[test]
fn while_the_configuration_is_invalid_the_old_one_still_answers() {
    let (mut world, relation) = World::integrated(2, &GOOGLE);
    world.answer(relation, ANSWER);
    world.config(&[("client_secret", "")]);
    for unit in ["idp/0", "idp/1"] {
        assert_eq!(
            world.run(unit, "get-redirect-uri").results["redirect-uri"],
            URI,
            "{unit}"
        );
    }
}

#[test]
fn validate_config_names_everything_that_is_wrong() {
    let mut world = World::with_idp(
        2,
        &[
            ("provider", "microsoft"),
            ("client_id", "5c09f0c4-7d0b-4f4f-9a53-6d0f1f5b7a11"),
        ],
    );
    let wrong = "error: client_secret: not set: run juju config idp client_secret='<secret>'\n\
                 error: microsoft_tenant_id: not set: run juju config idp microsoft_tenant_id='<tenant>'";
    for unit in ["idp/0", "idp/1"] {
        let outcome = world.run(unit, "validate-config");
        assert_eq!(outcome.status, ActionStatus::Completed, "{unit}");
        assert_eq!(outcome.results["valid"], "false", "{unit}");
        assert_eq!(outcome.results["findings"], wrong, "{unit}");
    }
    world.config(&[("client_secret", "s"), ("microsoft_tenant_id", "common")]);
    world.add_stand_in("kratos");
    for unit in ["idp/0", "idp/1"] {
        let url = ("public-url", json!("https://iam.example.com"));
        let outcome = world.run_action(unit, "validate-config", &[url]).unwrap();
        assert_eq!(outcome.results["valid"], "true", "{unit}");
        assert_eq!(outcome.results["findings"], "none", "{unit}");
        let id = outcome.results["provider-ids"].as_str().unwrap();
        assert!(id.starts_with("microsoft_"), "{unit}: {id}");
        let uri = format!("https://iam.example.com/self-service/methods/oidc/callback/{id}");
        assert_eq!(outcome.results["redirect-uris"], uri, "{unit}");
        let report: Value =
            serde_json::from_str(outcome.results["json"].as_str().unwrap()).unwrap();
        assert_eq!(
            report["providers"],
            json!([{ "id": id, "redirect-uri": uri }]),
            "{unit}"
        );
    }
}

#[test]
fn an_action_refuses_unknown_parameters() {
    let mut world = World::with_idp(1, &GOOGLE);
    for action in ["get-redirect-uri", "validate-config"] {
        let refused = world.run_action("idp/0", action, &[("wait", json!(true))]);
        let ran = refused.is_ok_and(|outcome| outcome.return_code.is_some());
        assert!(!ran, "{action}");
    }
}
