//! Eleven faults of another charm for the same purpose, none of which this one has.

use serde_json::json;

use super::{GENERIC, SECRET, Scene};
use crate::check_provider::honest;
use crate::support::{GOOGLE, assert_all_succeeded, callback};

#[test]
fn changed_credentials_never_reach_an_existing_relation() {
    let (mut scene, _, relation) = Scene::google(1);
    scene.config(&[("client_id", "new.apps.googleusercontent.com")]);
    let id = "new.apps.googleusercontent.com".to_owned();
    assert_eq!(scene.credentials(relation), (id.clone(), SECRET.into()));
    scene.config(&[("client_secret", "hunter2-new")]);
    assert_eq!(scene.credentials(relation), (id, "hunter2-new".into()));
    scene.config(&[("client_id", "both"), ("client_secret", "hunter2-both")]);
    assert_eq!(
        scene.credentials(relation),
        ("both".into(), "hunter2-both".into())
    );
    assert_all_succeeded(&scene);
}

#[test]
fn a_charm_that_is_configured_last_never_gives_credentials() {
    // In every order of the three steps.
    for order in ["rac", "rca", "cra"] {
        let mut scene = Scene::new(1, &[]);
        let mut relation = 0;
        for step in order.chars() {
            match step {
                'r' => relation = scene.integrated("grafana"),
                'a' => scene.ask(relation, "grafana", &[]),
                _ => scene.config(&GENERIC),
            }
        }
        assert_eq!(scene.client(relation).1, SECRET, "{order}");
        assert_all_succeeded(&scene);
    }
    // And where all of it comes between two hooks.
    let mut scene = Scene::new(1, &[]);
    let relation = scene.begin_application("grafana");
    scene.begin_asking(relation, "grafana", &[]);
    scene.config(&GENERIC);
    assert_eq!(scene.client(relation).1, SECRET);
    assert_all_succeeded(&scene);
}

#[test]
fn a_unit_that_does_not_lead_fails_in_update_status() {
    let (mut scene, _, relation) = Scene::google(3);
    for unit in ["idp/1", "idp/2"] {
        let run = scene.update_status(unit);
        assert_eq!((run.exit_code, &*run.stderr), (Some(0), ""), "{unit}");
        assert_eq!(
            scene.says(unit),
            "active: The OIDC provider is ready",
            "{unit}"
        );
    }
    let second = scene.integrated("mimir");
    for unit in ["idp/1", "idp/2"] {
        scene.update_status(unit);
        let waits = "waiting: Waiting for mimir to ask for a client on oauth";
        assert_eq!(scene.says(unit), waits, "{unit}");
    }
    // Such a unit may come to lead at any time.
    scene.set_leader("idp/2").unwrap();
    scene.settle();
    scene.ask(second, "mimir", &[]);
    assert_eq!(scene.credentials(second), scene.credentials(relation));
    assert_all_succeeded(&scene);
}

#[test]
fn bogus_defaults_are_handed_out() {
    let mut scene = Scene::new(2, &[]);
    let relation = scene.application("grafana");
    for options in [
        &[][..],
        &[("client_id", "corp-client")],
        &[("client_id", ""), ("client_secret", SECRET)],
        &[("client_id", "corp-client"), ("client_secret", "")],
    ] {
        scene.config(options);
        for unit in ["idp/0", "idp/1"] {
            let says = scene.says(unit);
            assert!(
                says.starts_with("blocked: Invalid OIDC"),
                "{options:?}: {says}"
            );
        }
        let databag = scene.app_databag(relation, "idp").unwrap();
        assert!(databag.is_empty(), "{options:?}: {databag:?}");
        assert!(scene.own_secrets().is_empty(), "{options:?}");
    }
    // With the client, but not where the provider is.
    scene.config(&[
        ("client_secret", SECRET),
        ("provider_id", "corp"),
        ("scope", "openid email"),
        ("issuer_url", "https://op.example.org"),
    ]);
    let says = scene.says("idp/0");
    let waits = "blocked: Endpoint oauth waits: authorization_endpoint: not set";
    assert!(says.starts_with(waits), "{says}");
    assert!(scene.app_databag(relation, "idp").unwrap().is_empty());
    scene.config(&GENERIC);
    assert_eq!(scene.client(relation).1, SECRET);
    assert_all_succeeded(&scene);
}

#[test]
fn the_secret_can_only_be_in_the_configuration() {
    let (mut scene, _, relation) = Scene::google(2);
    let uri = scene
        .add_secret("client", &[("client-secret", "hunter2-user")])
        .unwrap();
    scene.config(&[("client_secret", &uri)]);
    assert_eq!(scene.client(relation).1, SECRET, "not granted: what it had");
    scene.grant_secret("client", "idp").unwrap();
    for unit in ["idp/0", "idp/1"] {
        scene.update_status(unit);
    }
    assert_eq!(scene.client(relation).1, "hunter2-user");
    scene.forget_runs();
    scene
        .update_secret("client", &[("client-secret", "hunter2-rotated")])
        .unwrap();
    scene.settle();
    assert_eq!(scene.client(relation).1, "hunter2-rotated");
    let run = scene.last_run("idp/0", "secret-changed");
    assert!(run.tools().contains(&"secret-add"), "{:?}", run.tools());
    scene.update_status("idp/0");
    assert_eq!(scene.own_secrets().len(), 1);
    assert_all_succeeded(&scene);
}

#[test]
fn endpoints_are_typed_by_hand_and_never_checked() {
    let web = honest();
    let url = web.url();
    let options = [
        ("client_id", "c"),
        ("client_secret", SECRET),
        ("issuer_url", &url),
        ("provider_id", "corp"),
        ("scope", "openid email"),
    ];
    let mut scene = Scene::new(1, &options);
    let relation = scene.application("grafana");
    let says = scene.says("idp/0");
    assert!(
        says.starts_with("blocked: Endpoint oauth waits: auth"),
        "{says}"
    );
    let outcome = scene.run("idp/0", "check-provider");
    let command = outcome.results["configure"].as_str().unwrap().to_owned();
    // What a person does: types what is printed.
    let set = command.strip_prefix("juju config idp ").unwrap();
    let set = set.replace("\\\n", "");
    let set: Vec<_> = set
        .split_whitespace()
        .map(|one| one.split_once('=').unwrap())
        .collect();
    scene.config(&set);
    assert_eq!(scene.says("idp/0"), "active: The OIDC provider is ready");
    let (keys, _) = scene.client(relation);
    for (key, path) in [
        ("authorization_endpoint", "authorize"),
        ("token_endpoint", "token"),
        ("jwks_endpoint", "jwks"),
    ] {
        assert_eq!(keys.text(key).unwrap(), format!("{url}/{path}"), "{key}");
    }
    // Introspection is not mandatory.
    scene.config(&[("introspection_endpoint", "")]);
    assert_eq!(
        scene.client(relation).0.text("introspection_endpoint"),
        Some("")
    );
    assert_eq!(scene.says("idp/0"), "active: The OIDC provider is ready");
    for wrong in [
        "op.example.org/token",
        "https://",
        "https://op.example.org/<id>",
    ] {
        scene.config(&[("token_endpoint", wrong)]);
        assert!(scene.finds("idp/0", "endpoint-not-a-url"), "{wrong}");
    }
    assert_all_succeeded(&scene);
}

#[test]
fn nobody_sees_which_redirect_uri_to_register() {
    let mut scene = Scene::new(2, &GOOGLE);
    let first = scene.integrated("grafana");
    let outcome = scene.run("idp/0", "get-redirect-uri");
    assert!(
        !outcome.message.is_empty(),
        "nothing is asked for yet: {outcome:?}"
    );
    scene.ask(first, "grafana", &[]);
    let second = scene.integrated("mimir");
    let uris = ["https://mimir.example.com/a", "https://mimir.example.com/b"];
    let list = json!(uris).to_string();
    scene.ask(second, "mimir", &[("redirect_uri", &list)]);
    let expected = [callback("grafana"), uris[0].into(), uris[1].into()];
    for unit in ["idp/0", "idp/1"] {
        let results = scene.run(unit, "get-redirect-uri").results;
        assert_eq!(results["redirect-uri"], expected[0], "{unit}");
        let listed: serde_json::Value =
            serde_json::from_str(results["redirect-uris"].as_str().unwrap()).unwrap();
        let listed = listed.as_array().unwrap().iter();
        let listed: Vec<_> = listed
            .map(|one| (one["app"].clone(), one["redirect-uri"].clone()))
            .collect();
        let apps = ["grafana", "mimir", "mimir"];
        let pairs = apps.iter().zip(&expected);
        let pairs: Vec<_> = pairs.map(|(app, uri)| (json!(app), json!(uri))).collect();
        assert_eq!(listed, pairs, "{unit}");
        let shown = scene.run(unit, "validate-config").results;
        assert_eq!(shown["redirect-uris"], expected.join("\n"), "{unit}");
    }
    let told = |uri: &str| scene.log().iter().any(|one| one.message.contains(uri));
    assert!(
        expected.iter().all(|uri| told(uri)),
        "the log has them, too"
    );
    // One that asks for another has that from now on.
    let moved = "https://grafana.example.org/callback";
    scene.ask(first, "grafana", &[("redirect_uri", moved)]);
    let results = scene.run("idp/1", "get-redirect-uri").results;
    assert_eq!(results["redirect-uri"], moved);
    assert_all_succeeded(&scene);
}

#[test]
fn jwt_groups_and_certificates_are_not_passed_on() {
    let pem = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";
    let (mut scene, _, relation) = Scene::google(1);
    scene.config(&[
        ("jwt_access_token", "true"),
        ("groups_claim", "groups"),
        ("ca_chain", pem),
    ]);
    let (keys, _) = scene.client(relation);
    assert_eq!(keys.text("jwt_access_token"), Some("True"));
    assert_eq!(keys.text("groups"), Some("groups"));
    assert_eq!(keys.texts("ca_chain").unwrap(), [pem]);
    scene
        .reset_config("idp", &["jwt_access_token", "groups_claim", "ca_chain"])
        .unwrap();
    scene.settle();
    let (keys, _) = scene.client(relation);
    assert_eq!(keys.text("jwt_access_token"), Some("False"));
    assert_eq!((keys.text("groups"), keys.texts("ca_chain")), (None, None));
    assert_all_succeeded(&scene);
}

#[test]
fn a_departing_unit_takes_the_client_with_it() {
    let (mut scene, _, relation) = Scene::google(2);
    scene.add_units("grafana", 2).unwrap();
    scene.settle();
    let before = (scene.client(relation), scene.own_secrets());
    scene.forget_runs();
    for unit in ["grafana/2", "grafana/0"] {
        scene.remove_unit(unit).unwrap();
        scene.settle();
        assert_eq!(
            (scene.client(relation), scene.own_secrets()),
            before,
            "{unit}"
        );
    }
    let departed = scene
        .runs()
        .iter()
        .filter(|run| run.hook == "oauth-relation-departed");
    assert_eq!(departed.count(), 4, "both of ours saw both of theirs go");
    scene.add_units("grafana", 1).unwrap();
    scene.settle();
    assert_eq!((scene.client(relation), scene.own_secrets()), before);
    assert_all_succeeded(&scene);
}

#[test]
fn one_application_is_the_limit() {
    let (mut scene, _, first) = Scene::google(2);
    let others = ["mimir", "loki"].map(|name| scene.application(name));
    let all = [first, others[0], others[1]];
    let uris: std::collections::BTreeSet<_> = all
        .iter()
        .map(|one| scene.raw(*one, "client_secret_id"))
        .collect();
    assert_eq!(uris.len(), 3, "each has a secret of its own");
    for relation in all {
        assert_eq!(
            scene.credentials(relation),
            (GOOGLE[1].1.into(), SECRET.into())
        );
    }
    scene.config(&[("client_secret", "hunter2-new")]);
    for relation in all {
        assert_eq!(scene.client(relation).1, "hunter2-new", "{relation}");
    }
    scene.remove_relation_id(others[0]).unwrap();
    scene.settle();
    for relation in [first, others[1]] {
        assert_eq!(scene.client(relation).1, "hunter2-new", "{relation}");
    }
    scene.update_status("idp/0");
    assert_eq!(scene.own_secrets().len(), 2);
    assert_all_succeeded(&scene);
}

#[test]
fn a_client_id_of_digits_breaks_the_application() {
    let (mut scene, _, relation) = Scene::served(1, &GENERIC);
    scene.config(&[("client_id", "7890123")]);
    assert_eq!(scene.raw(relation, "client_id").unwrap(), "\"7890123\"");
    assert_eq!(
        scene.credentials(relation),
        ("7890123".into(), SECRET.into())
    );
    assert_all_succeeded(&scene);
}
