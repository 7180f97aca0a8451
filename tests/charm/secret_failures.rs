//! What goes wrong with secrets: those that Juju refuses, in the words of each version; commits
//! that stop halfway; a leader that changes while a secret is to be removed.

use juju_sandbox::{CommitStep, Fault, FaultKind};

use crate::support::{
    ANSWER, GOOGLE, GOOGLE_BY_SECRET, World, assert_all_succeeded, every_call_fails,
};

#[test]
fn a_secret_that_is_not_granted_blocks_with_the_command_in_every_juju() {
    // The first with secrets of users, the last with the words of Juju 3, and the first with
    // those of Juju 4.
    for version in ["3.3.0", "3.6.28", "4.0.0"] {
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

/// Runs the hook of `unit` that failed once more, without the fault.
fn resolve(world: &mut World, unit: &str) {
    world.clear_faults();
    world.resolved(unit, true).unwrap();
    world.settle().unwrap();
}

#[test]
fn a_commit_that_stopped_halfway_is_put_right() {
    /// What happens before the hook is tried again.
    enum Change {
        Options(&'static [(&'static str, &'static str)]),
        NoRelation,
    }
    struct Case {
        name: &'static str,
        change: Change,
        /// Whether the secret is still needed afterwards.
        is_left: bool,
    }
    for step in [
        CommitStep::Nothing,
        CommitStep::Created,
        CommitStep::Updated,
        CommitStep::Granted,
        CommitStep::Removed,
    ] {
        for Case {
            name,
            change,
            is_left,
        } in [
            Case {
                name: "no change",
                change: Change::Options(&[]),
                is_left: true,
            },
            Case {
                name: "another id",
                change: Change::Options(&[("provider_id", "corp")]),
                is_left: true,
            },
            Case {
                name: "no relation",
                change: Change::NoRelation,
                is_left: false,
            },
            Case {
                name: "back to plain text",
                change: Change::Options(&[("secret_backend", "relation")]),
                is_left: false,
            },
            Case {
                name: "disabled",
                change: Change::Options(&[("enabled", "false")]),
                is_left: false,
            },
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
            let name = format!("{step:?}, then {name}");
            assert_eq!(world.status("idp/0").0, "error", "{name}");
            match change {
                Change::Options(options) => world.configure("idp", options).unwrap(),
                Change::NoRelation => world.remove_relation_id(relation).unwrap(),
            }
            resolve(&mut world, "idp/0");
            if matches!(change, Change::NoRelation) && world.status("idp/0").0 == "error" {
                // Juju grants nothing on a relation that is being removed.
                world.resolved("idp/0", false).unwrap();
                world.settle().unwrap();
            }
            let own = world.own_secrets();
            assert_eq!(own.len(), usize::from(is_left), "{name}: {own:?}");
            if let [id] = own.as_slice() {
                assert_eq!(
                    world.secret(id).unwrap().grants().len(),
                    1,
                    "{name}: granted"
                );
                let published = world.published(relation).unwrap();
                assert!(published.contains(id), "{name}: {published}");
            }
        }
    }
}

#[test]
fn a_secret_goes_with_its_relation_when_the_leader_changes() {
    let (mut world, relation) = World::with_kratos(2, &GOOGLE_BY_SECRET);
    assert_eq!(world.own_secrets().len(), 1);
    // The new leader saw the relation end before it led, the old one after it had led.
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
    assert!(world.own_secrets().is_empty());
    assert_all_succeeded(&world);
}

#[test]
fn a_revision_that_nobody_reads_is_removed() {
    let (mut world, _) = World::with_kratos(2, &GOOGLE_BY_SECRET);
    for value in ["second", "third"] {
        world.config(&[("client_secret", value)]);
    }
    let [id] = world.own_secrets().try_into().unwrap();
    let secret = world.secret(&id).unwrap();
    assert_eq!(secret.latest_revision(), 3);
    assert_eq!(secret.revisions(), [3], "the others are gone");
    let told = world.runs().iter().any(|run| run.hook == "secret-remove");
    assert!(told, "Juju asks for it");
    assert_all_succeeded(&world);
}

#[test]
fn a_failure_of_juju_is_not_taken_for_a_missing_secret() {
    let (mut world, relation) = World::integrated(1, &GOOGLE_BY_SECRET);
    world.announce_secrets(relation);
    let before = world.own_secrets();
    assert_eq!(before.len(), 1);
    for reason in [
        "ERROR model not found\n",
        "ERROR secret backend \"vault\" not found\n",
    ] {
        world.inject(every_call_fails("secret-get", reason));
        world.update_status("idp/0");
        let run = world.last_run("idp/0", "update-status");
        assert_eq!(run.exit_code, Some(1), "{reason}");
        resolve(&mut world, "idp/0");
        assert_eq!(world.own_secrets(), before, "{reason}: no second one");
    }
}
