//! Which hooks run, in which order.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod support;

use juju_sandbox::{Error, Model, Settings};
use support::{act, charm, deploy, model, pair, script, settled, told};

/// A stand-in that provides what the probe's `extra` requires.
const STAND_IN: &str =
    "{name: other, summary: s, description: d, provides: {extra: extra, more: extra}}";

#[test]
fn deploy_of_leader_and_another() {
    let mut model = Model::new().unwrap();
    deploy(&mut model, "a", 2);
    model.settle().unwrap();
    let hooks: Vec<String> = model.runs().iter().map(told).collect();
    // One hook each, in turn.
    assert_eq!(
        hooks,
        [
            "a/0 install",
            "a/1 install",
            "a/0 cluster-relation-created",
            "a/1 cluster-relation-created",
            "a/0 leader-elected",
            "a/1 leader-settings-changed",
            "a/0 config-changed",
            "a/1 config-changed",
            "a/0 start",
            "a/1 start",
            "a/0 cluster-relation-joined a/1",
            "a/1 cluster-relation-joined a/0",
            "a/0 cluster-relation-changed a/1",
            "a/1 cluster-relation-changed a/0",
        ]
    );
    assert!(model.is_idle());
    assert_eq!(model.unit("a/0").unwrap().workload(), ("unknown", ""));
    assert_eq!(model.unit("a/0").unwrap().agent(), ("idle", ""));
}

#[test]
fn juju_4_has_no_leader_settings() {
    let mut model = model("4.0.1");
    deploy(&mut model, "a", 2);
    let hooks = settled(&mut model, "a/1");
    assert_eq!(
        hooks[..3],
        ["install", "cluster-relation-created", "config-changed"]
    );
}

#[test]
fn integrate_before_the_first_hook() {
    let mut model = Model::new().unwrap();
    deploy(&mut model, "a", 1);
    deploy(&mut model, "b", 1);
    model.integrate("b:backend", "a:db").unwrap();
    assert_eq!(
        settled(&mut model, "a/0"),
        [
            "install",
            "cluster-relation-created",
            "db-relation-created",
            "leader-elected",
            "config-changed",
            "start",
            "db-relation-joined b/0",
            "db-relation-changed b/0",
        ]
    );
}

#[test]
fn integrate_and_scale_and_remove() {
    let mut model = pair();
    model.add_units("b", 1).unwrap();
    assert_eq!(
        settled(&mut model, "a/0"),
        ["db-relation-joined b/1", "db-relation-changed b/1"]
    );
    let new: Vec<String> = model
        .runs()
        .iter()
        .filter(|run| run.unit == "b/1")
        .map(|run| run.hook.clone())
        .collect();
    assert_eq!(
        new,
        [
            "install",
            "cluster-relation-created",
            "backend-relation-created",
            "leader-settings-changed",
            "config-changed",
            "start",
            // Peers come after the others.
            "backend-relation-joined",
            "backend-relation-changed",
            "backend-relation-joined",
            "backend-relation-changed",
            "cluster-relation-joined",
            "cluster-relation-changed",
        ]
    );

    model.forget_runs();
    model.remove_unit("b/0").unwrap();
    assert_eq!(settled(&mut model, "a/0"), ["db-relation-departed b/0"]);
    let gone: Vec<(String, Option<&String>)> = model
        .runs()
        .iter()
        .filter(|run| run.unit == "b/0")
        .map(|run| (run.hook.clone(), run.environment.get("JUJU_DEPARTING_UNIT")))
        .collect();
    let own = "b/0".to_owned();
    assert_eq!(
        gone,
        [
            ("backend-relation-departed".to_owned(), Some(&own)),
            ("backend-relation-departed".to_owned(), Some(&own)),
            ("backend-relation-broken".to_owned(), None),
            ("cluster-relation-departed".to_owned(), Some(&own)),
            ("stop".to_owned(), None),
            ("remove".to_owned(), None),
        ]
    );
    assert!(model.unit("b/0").is_err());
    assert!(model.unit("b/1").unwrap().is_leader());
    // The databag of a unit that left stays readable.
    assert_eq!(
        act(&mut model, "a/0", "relation-get -r 2 ingress-address b/0").stdout,
        "10.1.0.4\n"
    );

    model.forget_runs();
    model.remove_relation("a", "b").unwrap();
    assert_eq!(
        settled(&mut model, "a/0"),
        ["db-relation-departed b/1", "db-relation-broken"]
    );
    let departed = &model.runs()[0];
    assert_eq!(
        departed.environment["JUJU_DEPARTING_UNIT"],
        departed.environment["JUJU_REMOTE_UNIT"]
    );
    assert!(model.relation(2).is_err());
}

#[test]
fn remove_application() {
    let mut model = pair();
    model.remove_application("b").unwrap();
    assert_eq!(
        settled(&mut model, "a/0"),
        ["db-relation-departed b/0", "db-relation-broken"]
    );
    assert!(model.application("b").is_err());
    assert_eq!(model.relations().count(), 1);
    assert!(matches!(
        model.remove_application("b"),
        Err(Error::NotFound { .. })
    ));
    // An application that never ran a hook is removed without one.
    deploy(&mut model, "c", 1);
    model.forget_runs();
    model.remove_application("c").unwrap();
    model.settle().unwrap();
    assert!(model.runs().is_empty() && model.application("c").is_err());
}

#[test]
fn databag_changes() {
    struct Case {
        name: &'static str,
        changes: [(&'static str, &'static str); 1],
        hooks: usize,
    }

    let mut model = pair();
    // The remote application's databag comes before the units' joining.
    model.deploy_stand_in("other", STAND_IN).unwrap();
    let id = model.integrate("a", "other:extra").unwrap();
    model.write_app_databag(id, "other", &[("k", "v")]).unwrap();
    assert_eq!(
        settled(&mut model, "a/0"),
        [
            "extra-relation-created",
            "extra-relation-changed",
            "extra-relation-joined other/0",
            "extra-relation-changed other/0",
        ]
    );
    for Case {
        name,
        changes,
        hooks,
    } in [
        Case {
            name: "same",
            changes: [("k", "v")],
            hooks: 0,
        },
        Case {
            name: "other value",
            changes: [("k", "w")],
            hooks: 1,
        },
        Case {
            name: "removal of a missing key",
            changes: [("x", "")],
            hooks: 0,
        },
        Case {
            name: "removal",
            changes: [("k", "")],
            hooks: 1,
        },
    ] {
        model.forget_runs();
        model.write_app_databag(id, "other", &changes).unwrap();
        assert_eq!(settled(&mut model, "a/0").len(), hooks, "{name}");
    }
    model.forget_runs();
    model
        .write_unit_databag(id, "other/0", &[("k", "v")])
        .unwrap();
    assert_eq!(
        settled(&mut model, "a/1"),
        ["extra-relation-changed other/0"]
    );

    // A unit is not told about its own databag, but the leader is about its application's among
    // peers.
    model.forget_runs();
    act(
        &mut model,
        "a/0",
        "relation-set -r 2 x=1; relation-set -r 2 --app x=1; relation-set -r 0 --app x=1",
    );
    assert_eq!(
        settled(&mut model, "a/0")[1..],
        ["cluster-relation-changed"]
    );
    assert_eq!(
        settled(&mut model, "b/0"),
        ["backend-relation-changed", "backend-relation-changed a/0"]
    );
}

#[test]
fn configuration() {
    struct Case {
        name: &'static str,
        key: &'static str,
        value: &'static str,
        hooks: usize,
    }

    let mut model = pair();
    for Case {
        name,
        key,
        value,
        hooks,
    } in [
        Case {
            name: "a change",
            key: "text",
            value: "x",
            hooks: 1,
        },
        Case {
            name: "the same",
            key: "text",
            value: "x",
            hooks: 0,
        },
        Case {
            name: "the default",
            key: "number",
            value: "1000000",
            hooks: 0,
        },
    ] {
        model.forget_runs();
        model.configure("a", &[(key, value)]).unwrap();
        assert_eq!(settled(&mut model, "a/0").len(), hooks, "{name}");
    }
    model.forget_runs();
    model.configure("a", &[("text", "y")]).unwrap();
    model.reset_config("a", &["text"]).unwrap();
    model.configure("a", &[("text", "x")]).unwrap();
    assert!(
        settled(&mut model, "a/0").is_empty(),
        "changed and changed back"
    );
    model
        .config_file("a", "a: {text: null, number: 3, flag: false}")
        .unwrap();
    assert_eq!(settled(&mut model, "a/0"), ["config-changed"]);
    assert_eq!(model.config_value("a", "text").unwrap(), "hello");
    for (values, text) in [
        (
            [("number", "x")],
            "option \"number\" expected int, got \"x\"",
        ),
        ([("nope", "x")], "unknown option \"nope\""),
        (
            [("key", "foo")],
            "option \"key\" expected secret, got \"foo\"",
        ),
    ] {
        let error = model.configure("a", &values).unwrap_err();
        assert_eq!(error.to_string(), text);
    }
    assert_eq!(
        model.config_file("a", "b: {}").unwrap_err().to_string(),
        "no settings found for \"a\""
    );
}

#[test]
fn refresh() {
    let mut model = pair();
    let left = model
        .unit("a/0")
        .unwrap()
        .charm_dir()
        .join("left-by-a-hook");
    std::fs::write(&left, "x").unwrap();
    model.refresh("a", &charm("probe")).unwrap();
    assert_eq!(
        settled(&mut model, "a/0"),
        ["upgrade-charm", "config-changed"]
    );
    assert!(left.exists());
    assert_eq!(model.application("a").unwrap().charm_revision(), 1);
    let error = model.refresh("a", &charm("no-endpoints")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot upgrade application \"a\" to charm \"no-endpoints\": would break relation \"a:cluster\""
    );
}

#[test]
fn leadership_moves() {
    let mut model = pair();
    model.set_leader("a/1").unwrap();
    assert_eq!(settled(&mut model, "a/1"), ["leader-elected"]);
    assert_eq!(settled(&mut model, "a/0"), ["leader-settings-changed"]);
    assert_eq!(
        model.application("a").unwrap().leader().as_deref(),
        Some("a/1")
    );
    model.forget_runs();
    act(&mut model, "a/1", "leader-set x=1");
    assert_eq!(settled(&mut model, "a/0"), ["leader-settings-changed"]);
    model.forget_runs();
    model.set_leader("a/0").unwrap();
    model.set_leader("a/1").unwrap();
    assert!(settled(&mut model, "a/1").is_empty(), "lost and won again");
}

#[test]
fn update_status_comes_last() {
    let mut model = pair();
    model.update_status("a/0").unwrap();
    model.configure("a", &[("text", "new")]).unwrap();
    model.write_app_databag(2, "b", &[("x", "1")]).unwrap();
    assert_eq!(
        settled(&mut model, "a/0"),
        ["config-changed", "db-relation-changed", "update-status"]
    );
}

#[test]
fn failure_and_resolved() {
    let mut model = pair();
    script(&model, "a/0", "db-relation-changed", "exit 7");
    model.write_app_databag(2, "b", &[("x", "1")]).unwrap();
    model.configure("a", &[("text", "x")]).unwrap();
    model.update_status("a/0").unwrap();
    assert_eq!(
        settled(&mut model, "a/0"),
        ["config-changed", "db-relation-changed"]
    );
    let unit = model.unit("a/0").unwrap();
    assert_eq!(
        unit.workload(),
        ("error", "hook failed: \"db-relation-changed\"")
    );
    assert_eq!(unit.agent().0, "error");
    assert_eq!(unit.failed_hook().as_deref(), Some("db-relation-changed"));
    let failed = model.runs().iter().find(|run| !run.committed).unwrap();
    assert_eq!(
        (failed.exit_code, failed.error.as_deref()),
        (Some(7), Some("exit status 7"))
    );

    // In error, only actions run.
    model.configure("a", &[("text", "y")]).unwrap();
    model.forget_runs();
    assert!(settled(&mut model, "a/0").is_empty());
    assert_eq!(act(&mut model, "a/0", "is-leader").stdout, "True\n");

    // Each retry is the same hook.
    model.forget_runs();
    model.resolved("a/0", true).unwrap();
    assert_eq!(settled(&mut model, "a/0"), ["db-relation-changed"]);
    script(&model, "a/0", "db-relation-changed", "");
    model.forget_runs();
    model.resolved("a/0", true).unwrap();
    assert_eq!(
        settled(&mut model, "a/0"),
        ["db-relation-changed", "config-changed", "update-status"]
    );
    assert_eq!(model.unit("a/0").unwrap().workload(), ("unknown", ""));
    let error = model.resolved("a/0", true).unwrap_err();
    assert_eq!(error.to_string(), "unit \"a/0\" is not in an error state");

    // Not retried: it counts as done, and the hooks after it run.
    script(&model, "a/0", "upgrade-charm", "false");
    let failing = model.unit("a/0").unwrap().charm_dir();
    model.refresh("a", &failing).unwrap();
    model.forget_runs();
    assert_eq!(settled(&mut model, "a/0"), ["upgrade-charm"]);
    model.resolved("a/0", false).unwrap();
    assert_eq!(
        settled(&mut model, "a/0"),
        ["upgrade-charm", "config-changed"]
    );
}

#[test]
fn failed_unit_holds_a_relation() {
    let mut model = pair();
    script(&model, "a/0", "config-changed", "false");
    model.configure("a", &[("text", "x")]).unwrap();
    settled(&mut model, "a/0");
    model.remove_relation("a:db", "b:backend").unwrap();
    settled(&mut model, "a/0");
    assert_eq!(
        model
            .integrate("a:db", "b:backend")
            .unwrap_err()
            .to_string(),
        "cannot add relation \"b:backend a:db\": relation b:backend a:db is dying, but not yet removed"
    );
    model.resolved("a/0", false).unwrap();
    settled(&mut model, "a/0");
    model.integrate("a:db", "b:backend").unwrap();
}

#[test]
fn refused_relations() {
    struct Case {
        name: &'static str,
        one: &'static str,
        other: &'static str,
        text: &'static str,
    }

    let mut model = pair();
    model.deploy_stand_in("other", STAND_IN).unwrap();
    for Case {
        name,
        one,
        other,
        text,
    } in [
        Case {
            name: "there already",
            one: "a:db",
            other: "b:backend",
            text: "cannot add relation \"b:backend a:db\": relation b:backend a:db already exists",
        },
        Case {
            name: "several fit",
            one: "a",
            other: "other",
            text: "ambiguous relation: \"a other\" could refer to \"a:extra other:extra\"; \"a:extra other:more\"",
        },
        Case {
            name: "none fits",
            one: "a",
            other: "b:extra",
            text: "no relations found",
        },
        Case {
            name: "no such endpoint",
            one: "a:nope",
            other: "b",
            text: "application \"a\" has no \"nope\" relation",
        },
        Case {
            name: "no such application",
            one: "a",
            other: "nobody",
            text: "application \"nobody\" not found",
        },
    ] {
        assert_eq!(
            model.integrate(one, other).unwrap_err().to_string(),
            text,
            "{name}"
        );
    }
    let client = "{name: client, summary: s, description: d, requires: {solo: solo}}";
    model.deploy_stand_in("x", client).unwrap();
    model.deploy_stand_in("y", client).unwrap();
    model.integrate("a:solo", "x").unwrap();
    assert_eq!(
        model.integrate("a:solo", "y").unwrap_err().to_string(),
        "cannot add relation \"y:solo a:solo\": establishing a new relation for a:solo would exceed its maximum relation limit of 1"
    );
    let error = model.remove_relation("a", "y").unwrap_err();
    assert_eq!(error.to_string(), "relation \"a y\" not found");
    assert!(
        model.remove_relation_id(0).is_err(),
        "a peer relation stays"
    );
    // Several relations of one endpoint.
    model.integrate("a:extra", "other:extra").unwrap();
    model.integrate("a:extra", "other:more").unwrap();
    model.settle().unwrap();
    let ids = act(&mut model, "a/0", "relation-ids --format json extra");
    assert_eq!(ids.stdout, "[\"extra:4\",\"extra:5\"]\n");
}

#[test]
fn charms_that_never_rest() {
    let mut model = Model::with_settings(Settings {
        hook_limit: 60,
        ..Settings::default()
    })
    .unwrap();
    deploy(&mut model, "a", 2);
    model.settle().unwrap();
    for unit in ["a/0", "a/1"] {
        script(
            &model,
            unit,
            "cluster-relation-changed",
            "relation-set n=$JUJU_CONTEXT_ID",
        );
    }
    act(&mut model, "a/0", "relation-set -r 0 n=1");
    let error = model.settle().unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("the model is not idle after 60 hooks; the last were a/"),
        "{error}"
    );
}

#[test]
fn hooks_without_dispatch() {
    let mut model = Model::new().unwrap();
    model
        .deploy(&charm("hooks"), "h", juju_sandbox::Deploy::default())
        .unwrap();
    model.settle().unwrap();
    assert_eq!(
        model.unit("h/0").unwrap().workload(),
        ("active", "installed by hooks/install")
    );
    let log = model
        .log()
        .iter()
        .any(|record| record.message == "skipped \"start\" hook (missing)");
    assert!(log);
    assert_eq!(
        model.run_action("h/0", "there", &[]).unwrap().results["ran"],
        "actions/there"
    );
    let outcome = model.run_action("h/0", "not-there", &[]).unwrap();
    assert_eq!(outcome.message, "action not implemented on unit \"h/0\"");
}

#[test]
fn refused_charms() {
    let mut model = Model::new().unwrap();
    let folder = model.folder().join("charm");
    std::fs::create_dir(&folder).unwrap();
    let mut refused = |file: &str, text: &str| {
        std::fs::write(folder.join(file), text).unwrap();
        juju_sandbox::chain(
            &model
                .deploy(&folder, "x", juju_sandbox::Deploy::default())
                .unwrap_err(),
        )
    };
    assert_eq!(
        refused("README", ""),
        "cannot deploy the charm: open metadata.yaml: no such file or directory"
    );
    assert_eq!(
        refused("metadata.yaml", "{name: x, summary: s, description: d}"),
        "cannot deploy the charm: invalid charm \"x\": has no hooks nor dispatch file"
    );
    // A hook that is not executable is not missing: it fails.
    std::fs::write(folder.join("dispatch"), "#!/bin/sh\n").unwrap();
    model
        .deploy(&folder, "x", juju_sandbox::Deploy::default())
        .unwrap();
    model.settle().unwrap();
    assert_eq!(
        model.unit("x/0").unwrap().workload(),
        ("error", "hook failed: \"install\"")
    );
    let error = model
        .deploy(&folder, "x", juju_sandbox::Deploy::default())
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot add application \"x\": application \"x\" already exists"
    );
}

#[test]
fn juju_4_announces_a_change_twice_and_a_reset_never() {
    struct Case {
        name: &'static str,
        key: &'static str,
        value: &'static str,
        hooks: usize,
    }

    struct Juju {
        version: &'static str,
        change: usize,
        reset: usize,
    }

    for Juju {
        version,
        change,
        reset,
    } in [
        Juju {
            version: "3.6.12",
            change: 1,
            reset: 1,
        },
        Juju {
            version: "4.0.14",
            change: 2,
            reset: 0,
        },
    ] {
        let mut model = support::model(version);
        deploy(&mut model, "a", 2);
        model.settle().unwrap();
        for Case {
            name,
            key,
            value,
            hooks,
        } in [
            Case {
                name: "a change",
                key: "text",
                value: "x",
                hooks: change,
            },
            Case {
                name: "the same",
                key: "text",
                value: "x",
                hooks: 0,
            },
            Case {
                name: "set to nothing",
                key: "text",
                value: "",
                hooks: change,
            },
        ] {
            model.forget_runs();
            model.configure("a", &[(key, value)]).unwrap();
            for unit in ["a/0", "a/1"] {
                let told = settled(&mut model, unit);
                assert_eq!(
                    told,
                    vec!["config-changed"; hooks],
                    "{version}: {name}, {unit}"
                );
            }
        }
        model.forget_runs();
        model.reset_config("a", &["text"]).unwrap();
        let told = settled(&mut model, "a/0");
        assert_eq!(told, vec!["config-changed"; reset], "{version}: a reset");
        assert_eq!(
            model.config_value("a", "text").unwrap(),
            "hello",
            "{version}"
        );
    }
}

#[test]
fn from_juju_4_on_followers_read_their_own_application_databag() {
    for (version, said) in [
        ("3.6.12", "ERROR permission denied\n"),
        ("4.0.14", "x: \"1\"\n"),
    ] {
        let mut model = support::model(version);
        deploy(&mut model, "a", 2);
        deploy(&mut model, "b", 1);
        let relation = model.integrate("a:db", "b:backend").unwrap();
        model.settle().unwrap();
        model
            .write_app_databag(relation, "a", &[("x", "1")])
            .unwrap();
        let read = format!("relation-get -r {relation} --app - a");
        let outcome = support::act(&mut model, "a/1", &read);
        assert_eq!(outcome.stdout + &outcome.stderr, said, "{version}");
    }
}

#[test]
fn a_change_that_failed_and_its_retry_are_enough_for_juju_4() {
    for version in ["3.6.12", "4.0.14"] {
        for changed_again in [false, true] {
            let mut model = support::model(version);
            deploy(&mut model, "a", 1);
            model.settle().unwrap();
            model.forget_runs();
            script(&model, "a/0", "config-changed", "test -e mended");
            model.configure("a", &[("text", "x")]).unwrap();
            model.settle().unwrap();
            if changed_again {
                model.configure("a", &[("text", "y")]).unwrap();
            }
            script(&model, "a/0", "config-changed", "exit 0");
            model.resolved("a/0", true).unwrap();
            assert_eq!(
                settled(&mut model, "a/0"),
                ["config-changed"; 2],
                "{version}, changed again: {changed_again}"
            );
        }
    }
}
