//! What hooks cost in which nothing is to be done: calls of hook tools, each of which is a process
//! and a question to the controller.

use juju_sandbox::HookRun;

use super::Scene;
use crate::support::{ANSWER, GOOGLE, assert_all_succeeded};

/// The hook tools that change something, beside those of the status.
const WRITERS: [&str; 10] = [
    "relation-set",
    "secret-add",
    "secret-set",
    "secret-grant",
    "secret-revoke",
    "secret-remove",
    "state-set",
    "status-set",
    "juju-log",
    "application-version-set",
];

/// Options about applications that change nothing where there is none.
const OPTIONS: [(&str, &str); 3] = [
    ("groups_claim", "groups"),
    ("jwt_access_token", "true"),
    ("introspection_endpoint", "not a URL"),
];

fn assert_writes_nothing(name: &str, run: &HookRun) {
    let tools = run.tools();
    let writes = tools.iter().any(|tool| WRITERS.contains(tool));
    assert!(!writes, "{name}: {tools:?}");
}

/// A model with Kratos that has answered, and nothing else.
fn kratos_only(units: u32) -> Scene {
    let mut scene = Scene::new(units, &GOOGLE);
    let kratos = scene.add_stand_in("kratos");
    scene.answer(kratos, ANSWER);
    scene
}

/// The calls of a unit's steady update-status.
fn cost(scene: &mut Scene, unit: &str) -> usize {
    let run = scene.update_status(unit);
    assert_writes_nothing(unit, &run);
    run.calls.len()
}

#[test]
fn without_an_application_the_endpoint_costs_nothing() {
    let mut scene = kratos_only(2);
    for (unit, calls) in [("idp/0", 7), ("idp/1", 6)] {
        let run = scene.update_status(unit);
        assert_eq!(run.calls.len(), calls, "{unit}: {:?}", run.tools());
        assert_writes_nothing(unit, &run);
    }
    // The options about applications need no call, either.
    scene.config(&OPTIONS);
    for (unit, calls) in [("idp/0", 7), ("idp/1", 6)] {
        assert_eq!(cost(&mut scene, unit), calls, "{unit}");
    }

    // An application that was there, and is gone.
    let relation = scene.integrated("grafana");
    scene.remove_relation_id(relation).unwrap();
    scene.settle();
    for (unit, calls) in [("idp/0", 7), ("idp/1", 6)] {
        scene.update_status(unit);
        assert_eq!(cost(&mut scene, unit), calls, "{unit} after an application");
    }
    assert_all_succeeded(&scene);
}

#[test]
fn a_config_changed_that_changes_nothing_writes_nothing() {
    let mut scene = kratos_only(2);
    scene.forget_runs();
    scene.config(&OPTIONS);
    for (unit, sweep, calls) in [("idp/0", 1, 7), ("idp/1", 0, 6)] {
        let run = scene.last_run(unit, "config-changed");
        assert_writes_nothing(unit, &run);
        // The leader looks for secrets that a hook has left behind, in one call, as without the endpoint.
        let tools = run.tools();
        let looks = tools.iter().filter(|tool| **tool == "secret-ids").count();
        assert_eq!(
            (looks, tools.len() - looks),
            (sweep, calls),
            "{unit}: {tools:?}"
        );
        let relations = tools.iter().filter(|tool| **tool == "relation-ids");
        assert_eq!(relations.count(), 1, "{unit}: {tools:?}");
    }
    assert_all_succeeded(&scene);
}

#[test]
fn each_application_costs_at_most_four_calls() {
    let mut scene = kratos_only(2);
    for (count, name) in [(1, "grafana"), (2, "mimir")] {
        scene.application(name);
        for (unit, without) in [("idp/0", 7), ("idp/1", 6)] {
            // The first one may still tidy up.
            scene.update_status(unit);
            let calls = cost(&mut scene, unit);
            assert!(calls <= without + 4 * count, "{unit} with {count}: {calls}");
        }
    }
    let reads = scene.update_status("idp/0");
    let secrets = reads
        .tools()
        .iter()
        .filter(|tool| **tool == "secret-get")
        .count();
    assert_eq!(secrets, 2, "one for each: {:?}", reads.tools());
    assert_all_succeeded(&scene);
}

#[test]
fn what_waits_and_what_is_off_is_steady_too() {
    struct Case {
        name: &'static str,
        options: &'static [(&'static str, &'static str)],
    }
    let (mut scene, _, _) = Scene::google(2);
    scene.integrated("mimir");
    for Case { name, options } in [
        Case {
            name: "one has not asked",
            options: &[],
        },
        Case {
            name: "a wrong option",
            options: &[("ca_chain", "x")],
        },
        Case {
            name: "a wrong provider",
            options: &[("client_id", ""), ("ca_chain", "")],
        },
        Case {
            name: "off",
            options: &[("enabled", "false")],
        },
    ] {
        scene.config(options);
        for (unit, without) in [("idp/0", 7), ("idp/1", 6)] {
            scene.update_status(unit);
            let run = scene.update_status(unit);
            assert_writes_nothing(&format!("{name}: {unit}"), &run);
            let calls = run.calls.len();
            assert!(calls <= without + 8, "{name}: {unit}: {:?}", run.tools());
        }
    }
    assert_all_succeeded(&scene);
}
