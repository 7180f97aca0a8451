//! `enabled=false` takes the client away from every application at once, whatever else is wrong.

use std::fs;

use juju_sandbox::{Fault, FaultKind};

use super::{GENERIC, SECRET, Scene};
use crate::support::{ANSWER, assert_all_succeeded, assert_all_succeeded_with, every_call_fails};

const DISABLED: &str = "active: The OIDC provider is disabled";

/// A scene with two applications. Gives the relation with Kratos, and those with them.
fn two(units: u32) -> (Scene, u32, [u32; 2]) {
    let (mut scene, kratos, first) = Scene::google(units);
    let second = scene.application("mimir");
    (scene, kratos, [first, second])
}

fn assert_withdrawn(scene: &Scene, relations: &[u32], name: &str) {
    for relation in relations {
        let keys = scene.waiting(*relation);
        for key in ["client_id", "client_secret_id"] {
            assert_eq!(scene.raw(*relation, key), None, "{name}: {key}");
        }
        let issuer = keys.text("issuer_url");
        assert_eq!(
            issuer,
            Some("https://accounts.google.com"),
            "{name}: endpoints stay"
        );
    }
}

#[test]
fn every_client_goes_at_once_and_comes_back() {
    let (mut scene, kratos, relations) = two(2);
    let before = relations.map(|relation| scene.credentials(relation));
    scene.config(&[("enabled", "false")]);
    assert_withdrawn(&scene, &relations, "off");
    assert_eq!(scene.published(kratos), None);
    scene.update_status("idp/0");
    assert!(scene.own_secrets().is_empty(), "the secrets are gone");
    for unit in ["idp/0", "idp/1"] {
        assert_eq!(scene.says(unit), DISABLED, "{unit}");
    }
    // One that comes while all is off gets nothing.
    let third = scene.application("loki");
    assert!(
        scene
            .app_databag(third, "idp")
            .unwrap()
            .get("client_id")
            .is_none()
    );
    scene.config(&[("enabled", "true")]);
    assert_eq!(
        relations.map(|relation| scene.credentials(relation)),
        before
    );
    assert_eq!(scene.credentials(third), before[0]);
    assert_eq!(scene.own_secrets().len(), 3);
    assert_all_succeeded(&scene);
}

#[test]
fn whatever_else_is_wrong() {
    struct Case {
        name: &'static str,
        options: &'static [(&'static str, &'static str)],
    }
    for Case { name, options } in [
        Case {
            name: "no client",
            options: &[("client_id", "")],
        },
        Case {
            name: "no kind",
            options: &[("provider", "gogle")],
        },
        Case {
            name: "a kind without OpenID",
            options: &[("provider", "github")],
        },
        Case {
            name: "a wrong scope",
            options: &[("scope", "openid;email")],
        },
        Case {
            name: "options about applications",
            options: &[
                ("ca_chain", "x"),
                ("jwks_endpoint", "x"),
                ("groups_claim", "\u{7}"),
            ],
        },
        Case {
            name: "a list that is not one",
            options: &[("providers", "{")],
        },
        Case {
            name: "words",
            options: &[("secret_backend", "vault"), ("unsafe_values", "x")],
        },
    ] {
        // Both at once, and one after the other.
        for is_wrong_before in [false, true] {
            let (mut scene, kratos, relations) = two(1);
            scene.forget_runs();
            if is_wrong_before {
                scene.config(options);
                assert_eq!(scene.client(relations[0]).1, SECRET, "{name}: kept");
            } else {
                scene.configure("idp", options).unwrap();
            }
            scene.config(&[("enabled", "false")]);
            assert_withdrawn(&scene, &relations, name);
            assert_eq!(scene.published(kratos), None, "{name}");
            scene.update_status("idp/0");
            assert!(scene.own_secrets().is_empty(), "{name}");
            assert_all_succeeded_with(&scene, name);
        }
    }
}

#[test]
fn whatever_juju_does_not_say() {
    let sealed = "ERROR Vault is sealed\n";
    let (mut scene, kratos, relations) = two(1);
    let uri = scene
        .add_secret("client", &[("client-secret", "hunter2-user")])
        .unwrap();
    scene.grant_secret("client", "idp").unwrap();
    scene.config(&[("client_secret", &uri)]);
    scene.update_status("idp/0");
    assert_eq!(scene.client(relations[1]).1, "hunter2-user");
    for tool in [
        "secret-get",
        "secret-ids",
        "secret-info-get",
        "secret-remove",
        "status-get",
        "status-set",
        "juju-log",
    ] {
        scene.inject(every_call_fails(tool, sealed));
    }
    scene.config(&[("enabled", "false"), ("scope", "openid;email")]);
    let run = scene.last_run("idp/0", "config-changed");
    assert!(run.committed, "{}", run.stderr);
    assert_withdrawn(&scene, &relations, "sealed");
    assert_eq!(scene.published(kratos), None);
    scene.clear_faults();
    scene.config(&[("label", "x")]);
    scene.update_status("idp/0");
    assert!(
        scene.own_secrets().is_empty(),
        "removed once that is possible"
    );
    assert_eq!(scene.says("idp/0"), DISABLED);
}

#[test]
fn whether_the_doctor_is_there_or_not() {
    let (mut scene, kratos, relations) = two(1);
    let folder = scene.unit("idp/0").unwrap().charm_dir();
    // The doctor is beside the program, and a link to another folder has none beside it.
    let dispatch = folder.join("dispatch");
    let program = fs::canonicalize(&dispatch).unwrap();
    let lonely = tempfile::tempdir().unwrap();
    let copy = lonely.path().join("dispatch");
    fs::copy(program, &copy).unwrap();
    fs::remove_file(&dispatch).unwrap();
    std::os::unix::fs::symlink(&copy, &dispatch).unwrap();
    scene.config(&[("jsonnet_mapper", "{ identity: {} }"), ("enabled", "false")]);
    assert_withdrawn(&scene, &relations, "no doctor");
    assert_eq!(scene.published(kratos), None);
    assert_all_succeeded(&scene);
}

#[test]
fn kratos_is_withdrawn_though_applications_cannot_be_read() {
    // Each call of its own, whichever relation it is about; and every call.
    for (tool, calls) in [("relation-get", 6), ("relation-list", 2)] {
        assert_kratos_is_withdrawn(tool, 0..=calls);
    }
    // The first one is about Kratos, and without its answer nobody knows where to withdraw.
    assert_kratos_is_withdrawn("relation-ids", 2..=2);
}

/// Kratos is withdrawn though one of these calls of `tool` fails, or with 0 all, and applications at
/// once or in the next hook.
fn assert_kratos_is_withdrawn(tool: &str, calls: std::ops::RangeInclusive<u32>) {
    let kinds = [
        FaultKind::Fail {
            exit_code: 1,
            stderr: "ERROR connection is shut down\n".into(),
        },
        FaultKind::Garbage("{".into()),
    ];
    for kind in kinds {
        for nth in calls.clone() {
            let name = format!("{tool}, {nth}, {kind:?}");
            let (mut scene, kratos, relations) = two(1);
            // Without this note of whose databag it is, relation-list is asked.
            scene
                .write_app_databag(relations[0], "idp", &[("requirer", "")])
                .unwrap();
            scene.inject(Fault {
                tool: tool.into(),
                nth,
                kind: kind.clone(),
                ..Fault::default()
            });
            scene.configure("idp", &[("enabled", "false")]).unwrap();
            scene.world.settle().unwrap();
            let run = scene.last_run("idp/0", "config-changed");
            assert_eq!(run.exit_code, Some(0), "{name}: {}", run.stderr);
            assert_eq!(scene.published(kratos), None, "{name}");
            scene.clear_faults();
            scene.update_status("idp/0");
            assert_withdrawn(&scene, &relations, &name);
            scene.config(&[("label", "x")]);
            scene.update_status("idp/0");
            assert!(scene.own_secrets().is_empty(), "{name}");
        }
    }
}

#[test]
fn a_follower_takes_nothing_away() {
    let (mut scene, kratos, first) = Scene::served(2, &GENERIC);
    scene.answer(kratos, ANSWER);
    scene.forget_runs();
    scene.config(&[("enabled", "false")]);
    let run = scene.last_run("idp/1", "config-changed");
    let writes = |tool: &&str| *tool == "relation-set" || tool.starts_with("secret-");
    assert!(!run.tools().iter().any(writes), "{:?}", run.tools());
    assert!(scene.raw(first, "client_id").is_none());
    assert_all_succeeded(&scene);
}
