//! What goes wrong around the charm: secrets that Juju refuses, in the words of each version;
//! a kill switch while all else fails; commits that stop halfway; leadership that moves.

use juju_sandbox::{CommitStep, Fault, FaultKind, SecretOwner};
use serde_json::Value;

use crate::support::{ANSWER, GOOGLE, World, assert_all_succeeded};

const SEALED: [&str; 2] = [
    "ERROR Vault is sealed\n",
    "ERROR dial tcp 127.0.0.1:8200: connect: connection refused\n",
];

/// Every call of `tool` fails from now on.
fn fails(tool: &str, stderr: &str) -> Fault {
    Fault {
        tool: tool.into(),
        nth: 0,
        kind: FaultKind::Fail {
            exit_code: 1,
            stderr: stderr.into(),
        },
        ..Fault::default()
    }
}

/// The secrets of the application, and to how many each is granted.
fn own(world: &World) -> Vec<(String, usize)> {
    let owner = SecretOwner::Application("idp".into());
    let own = world.secrets().filter(|secret| *secret.owner() == owner);
    own.map(|secret| (secret.id().to_owned(), secret.grants().len()))
        .collect()
}

fn published_ids(world: &World, relation: u32) -> Vec<String> {
    let Some(value) = world.published(relation) else {
        return Vec::new();
    };
    let items: Vec<Value> = serde_json::from_str(&value).unwrap();
    let ids = items
        .iter()
        .map(|item| item["id"].as_str().unwrap().to_owned());
    ids.collect()
}

#[test]
fn a_secret_that_is_not_granted_blocks_with_the_command_in_every_juju() {
    for version in [
        "3.3.7", "3.4.6", "3.5.7", "3.6.12", "3.6.28", "4.0.0", "4.0.14", "4.1.0",
    ] {
        let mut world = World::with_juju(version);
        world.deploy_idp(2, &GOOGLE);
        let relation = world.add_stand_in("kratos");
        world.answer(relation, ANSWER);
        let before = world.published(relation);
        let uri = world
            .add_secret("client", &[("client-secret", "new")])
            .unwrap();
        let id = uri.trim_start_matches("secret:").to_owned();
        let blocked = format!(
            "Invalid OIDC provider configuration: client_secret: not granted: \
             run juju grant-secret {id} idp"
        );
        world.config(&[("client_secret", &uri)]);
        for unit in ["idp/0", "idp/1"] {
            let status = world.status(unit);
            assert_eq!(
                status,
                ("blocked".into(), blocked.clone()),
                "{version}: {unit}"
            );
        }
        assert_eq!(
            world.published(relation),
            before,
            "{version}: nothing is lost"
        );
        world.grant_secret("client", "idp").unwrap();
        for unit in ["idp/0", "idp/1"] {
            world.update_status(unit);
            assert_eq!(world.status(unit).0, "active", "{version}: granted");
        }
        world.revoke_secret("client", "idp").unwrap();
        for unit in ["idp/0", "idp/1"] {
            world.update_status(unit);
            assert_eq!(world.status(unit).1, blocked, "{version}: revoked");
        }
        assert_all_succeeded(&world);

        let never_made = "secret:d0erdgfmp25c762i8np0";
        world.config(&[("client_secret", never_made)]);
        let status = world.status("idp/1").1;
        assert!(
            status.contains("client_secret: no such secret"),
            "{version}: {status}"
        );
        assert_all_succeeded(&world);
    }
}

#[test]
fn the_kill_switch_wins_whatever_else_fails() {
    for reason in SEALED {
        for backend in ["relation", "secret"] {
            let (mut world, relation) = World::integrated(1, &GOOGLE);
            world.announce_secrets(relation);
            let uri = world
                .add_secret("client", &[("client-secret", "s")])
                .unwrap();
            world.grant_secret("client", "idp").unwrap();
            world.config(&[("client_secret", &uri), ("secret_backend", backend)]);
            world.answer(relation, ANSWER);
            assert_eq!(published_ids(&world, relation), ["google"], "{backend}");
            let failing = [
                "secret-get",
                "secret-ids",
                "secret-info-get",
                "secret-remove",
                "relation-list",
                "relation-get",
                "status-get",
                "status-set",
                "juju-log",
            ];
            for tool in failing {
                world.inject(fails(tool, reason));
            }
            world.config(&[("enabled", "false"), ("scope", "openid;email")]);
            let run = world.last_run("idp/0", "config-changed");
            assert!(run.committed, "{backend}: {reason}: {}", run.stderr);
            assert_eq!(world.published(relation), None, "{backend}: {reason}");

            // The back end is there again: what was left is swept up.
            world.clear_faults();
            world.config(&[("label", "x")]);
            assert_eq!(own(&world), [], "{backend}: {reason}");
            assert_eq!(world.status("idp/0").1, "The OIDC provider is disabled");
        }
    }
}

#[test]
fn one_provider_is_switched_off_while_another_is_wrong() {
    struct Case<'a> {
        name: &'static str,
        list: String,
        kept: Vec<&'a str>,
    }

    let item = |id: &str, more: &str| {
        format!(
            "- {{provider: google, client_id: c, client_secret: s, provider_id: {id}, scope: email{more}}}\n"
        )
    };
    let off = ", enabled: false";
    let unset = GOOGLE.map(|(option, _)| (option, ""));
    for Case { name, list, kept } in [
        Case {
            name: "another lacks something",
            list: item("a", off) + "- {provider: google}\n",
            kept: vec!["b"],
        },
        Case {
            name: "another is not a map",
            list: item("a", off) + "- 7\n",
            kept: vec!["b"],
        },
        Case {
            name: "another has a wrong option",
            list: item("a", off) + &item("b", ", lable: x"),
            kept: vec!["b"],
        },
        Case {
            name: "all are off, and one is wrong",
            list: item("a", off) + &item("b", ", enabled: false, x: y"),
            kept: vec![],
        },
    ] {
        let (mut world, relation) = World::integrated(2, &unset);
        world.config(&[("providers", &(item("a", "") + &item("b", "")))]);
        assert_eq!(published_ids(&world, relation), ["a", "b"], "{name}");
        world.config(&[("providers", &list)]);
        assert_eq!(published_ids(&world, relation), kept, "{name}");
        assert_eq!(world.status("idp/0").0, "blocked", "{name}");
        assert_all_succeeded(&world);
    }

    // And while the secret of another cannot be read.
    let (mut world, relation) = World::integrated(1, &unset);
    let uri = world
        .add_secret("client", &[("client-secret", "s")])
        .unwrap();
    world.grant_secret("client", "idp").unwrap();
    let by_secret = item("b", "").replace("client_secret: s", &format!("client_secret: '{uri}'"));
    world.config(&[("providers", &(item("a", "") + &by_secret))]);
    assert_eq!(published_ids(&world, relation), ["a", "b"]);
    world.inject(fails("secret-get", SEALED[0]));
    world.config(&[("providers", &(item("a", off) + &by_secret))]);
    assert_eq!(published_ids(&world, relation), ["b"]);
    let run = world.last_run("idp/0", "config-changed");
    assert!(run.stderr.contains("withdrawn, but"), "{}", run.stderr);
    world.clear_faults();
    world.update_status("idp/0");
    assert_all_succeeded(&world);
}

/// Options of a Google client whose secret travels in a Juju secret.
fn by_secret() -> Vec<(&'static str, &'static str)> {
    let mut options = GOOGLE.to_vec();
    options.push(("secret_backend", "secret"));
    options
}

/// A hook of `unit` failed at its end: what is left of it is to be made up for.
fn resolve(world: &mut World, unit: &str) {
    world.clear_faults();
    world.resolved(unit, true).unwrap();
    world.settle().unwrap();
}

#[test]
fn a_commit_that_stopped_halfway_is_made_up_for() {
    for step in [
        CommitStep::Nothing,
        CommitStep::Created,
        CommitStep::Updated,
        CommitStep::Granted,
        CommitStep::Removed,
    ] {
        for change in [
            "none",
            "the id",
            "the relation",
            "back to plain text",
            "disabled",
        ] {
            let (mut world, relation) = World::integrated(2, &GOOGLE);
            world.announce_secrets(relation);
            world.answer(relation, ANSWER);
            world.inject(Fault {
                unit: Some("idp/0".into()),
                hook: Some("config-changed".into()),
                kind: FaultKind::CommitStops(step),
                ..Fault::default()
            });
            world.config(&[("secret_backend", "secret")]);
            let name = format!("{step:?}, then {change}");
            assert_eq!(world.status("idp/0").0, "error", "{name}");
            match change {
                "the id" => world.configure("idp", &[("provider_id", "corp")]).unwrap(),
                "the relation" => world.remove_relation_id(relation).unwrap(),
                "back to plain text" => {
                    world
                        .configure("idp", &[("secret_backend", "relation")])
                        .unwrap();
                }
                "disabled" => world.configure("idp", &[("enabled", "false")]).unwrap(),
                _ => {}
            }
            resolve(&mut world, "idp/0");
            if change == "the relation" && world.status("idp/0").0 == "error" {
                // Juju grants nothing on a relation that is going.
                world.resolved("idp/0", false).unwrap();
                world.settle().unwrap();
            }
            let own = own(&world);
            let is_left = matches!(change, "none" | "the id");
            assert_eq!(own.len(), usize::from(is_left), "{name}: {own:?}");
            if is_left {
                let (id, grants) = &own[0];
                assert_eq!(*grants, 1, "{name}: granted");
                let published = world.published(relation).unwrap();
                assert!(published.contains(id), "{name}: {published}");
            }
        }
    }
}

#[test]
fn a_secret_goes_with_its_relation_whoever_leads_by_then() {
    let mut world = World::with_idp(2, &by_secret());
    world.deploy_kratos("kratos", &[("public-url", "https://iam.example.com")]);
    let relation = world.integrate("idp", "kratos").unwrap();
    world.settle().unwrap();
    assert_eq!(own(&world).len(), 1);
    // The new leader has seen the end of the relation before it led, the old one after.
    world.inject(Fault {
        tool: "relation-ids".into(),
        hook: Some("kratos-external-idp-relation-broken".into()),
        unit: Some("idp/0".into()),
        kind: FaultKind::LoseLeadership,
        ..Fault::default()
    });
    world.remove_relation_id(relation).unwrap();
    world.settle().unwrap();
    world.clear_faults();
    for leader in ["idp/0", "idp/1"] {
        world.set_leader(leader).unwrap();
        world.settle().unwrap();
    }
    assert_eq!(own(&world), []);
    assert_all_succeeded(&world);
}

#[test]
fn a_revision_that_nobody_reads_is_removed() {
    let mut world = World::with_idp(2, &by_secret());
    world.deploy_kratos("kratos", &[("public-url", "https://iam.example.com")]);
    world.integrate("idp", "kratos").unwrap();
    world.settle().unwrap();
    for value in ["second", "third"] {
        world.config(&[("client_secret", value)]);
    }
    let [(id, _)] = own(&world).try_into().unwrap();
    let secret = world.secret(&id).unwrap();
    assert_eq!(secret.latest_revision(), 3);
    assert_eq!(secret.revisions(), [3], "the others are gone");
    let told = world.runs().iter().any(|run| run.hook == "secret-remove");
    assert!(told, "Juju asks for it");
    assert_all_succeeded(&world);
}

#[test]
fn a_failure_of_juju_is_not_taken_for_a_secret_that_is_not_there() {
    let (mut world, relation) = World::integrated(1, &by_secret());
    world.announce_secrets(relation);
    let before = own(&world);
    assert_eq!(before.len(), 1);
    for reason in [
        "ERROR model not found\n",
        "ERROR secret backend \"vault\" not found\n",
    ] {
        world.inject(fails("secret-get", reason));
        world.update_status("idp/0");
        let run = world.last_run("idp/0", "update-status");
        assert_eq!(run.exit_code, Some(1), "{reason}");
        resolve(&mut world, "idp/0");
        assert_eq!(own(&world), before, "{reason}: no second one");
    }
}

#[test]
fn keystone_gets_values_as_they_are_and_its_one_answer_stands_for_all() {
    let item = |id: &str| {
        format!(
            "- {{provider: generic, client_id: a1, client_secret: '@{id}', scope: openid email, \
             provider_id: {id}, issuer_url: 'https://{id}.example.com', label: 'Corp: {id}'}}\n"
        )
    };
    let unset = GOOGLE.map(|(option, _)| (option, ""));
    let (mut world, relation) = World::integrated(2, &unset);
    world.config(&[("providers", &(item("one") + &item("two")))]);
    assert!(
        world.published(relation).unwrap().contains(r#""\"@one\"""#),
        "Kratos may come"
    );
    let uri = "https://172.16.1.204/keystone/v3/OS-FEDERATION/protocols/openid/redirect_uri";
    world.answer(
        relation,
        &format!(r#"[{{"provider_id":"two","redirect_uri":"{uri}"}}]"#),
    );
    let items: Vec<Value> = serde_json::from_str(&world.published(relation).unwrap()).unwrap();
    assert_eq!(items[0]["client_secret"], "@one");
    assert_eq!(items[1]["label"], "Corp: two");
    for unit in ["idp/0", "idp/1"] {
        assert_eq!(world.status(unit).1, "The OIDC provider is ready", "{unit}");
        let outcome = world.run(unit, "get-redirect-uri");
        let list: Vec<Value> =
            serde_json::from_str(outcome.results["redirect-uris"].as_str().unwrap()).unwrap();
        let uris: Vec<_> = list.iter().map(|one| &one["redirect-uri"]).collect();
        assert_eq!(uris, [uri, uri], "{unit}");
    }
    assert_all_succeeded(&world);
}

#[test]
fn an_upgrade_in_place_changes_nothing_that_works() {
    // As the Python charm writes it, which ignores secret_backend.
    let python = r#"[{"client_id":"1234.apps.example","provider":"google","id":"google","client_secret":"hunter2-client-secret","label":"google","scope":"openid email","secret_backend":"secret","jsonnet_mapper":null}]"#;
    let mut world = World::with_idp(2, &by_secret());
    let metadata = include_str!("../../examples/requirer/metadata.yaml");
    world.deploy_stand_in("kratos", metadata).unwrap();
    let relation = world.integrate("idp", "kratos").unwrap();
    world
        .write_app_databag(relation, "idp", &[("providers", python)])
        .unwrap();
    world.settle().unwrap();
    world.answer(relation, ANSWER);
    assert_eq!(
        world.published(relation).unwrap(),
        python,
        "nothing changes there"
    );
    for unit in ["idp/0", "idp/1"] {
        assert_eq!(world.status(unit).1, "The OIDC provider is ready", "{unit}");
    }
    assert_eq!(own(&world), []);

    // White space around a value, as with a file's last line break, and quotes by hand.
    let (mut world, relation) = World::integrated(1, &GOOGLE);
    world.config(&[
        ("client_secret", "hunter2-client-secret\n"),
        ("label", " 'Okta: Corp' "),
        ("provider_id", "\"google\""),
    ]);
    let items: Vec<Value> = serde_json::from_str(&world.published(relation).unwrap()).unwrap();
    assert_eq!(items[0]["client_secret"], "hunter2-client-secret");
    assert_eq!(items[0]["label"], "'Okta: Corp'");
    assert_eq!(items[0]["id"], "\"google\"");
    world.answer(relation, &ANSWER.replace("\"google\"", r#""\"google\"""#));
    assert_eq!(world.status("idp/0").1, "The OIDC provider is ready");
    assert_all_succeeded(&world);
}
