//! Hook tools that fail: exit code 1, a message that names the tool, no secret in it, and the
//! next try succeeds.

use juju_sandbox::{Fault, FaultKind};

use crate::support::{ANSWER, GOOGLE, World};

const SECRET: &str = "hunter2-client-secret";

/// A change that needs every hook tool that writes.
fn change(world: &mut World) {
    world.configure("idp", &[("label", "Sign in")]).unwrap();
    world.settle().unwrap();
}

#[test]
fn every_tool_may_fail_at_every_call() {
    let kinds = [
        FaultKind::Fail {
            exit_code: 1,
            stderr: format!("ERROR cannot do it with {SECRET}\n"),
        },
        FaultKind::Garbage(format!(r#"{{"{SECRET}": [}}"#)),
    ];
    for kind in kinds {
        // The last call is the eighth.
        for nth in 1..=8 {
            let (mut world, relation) = World::integrated(1, &GOOGLE);
            world.answer(relation, ANSWER);
            world.forget_runs();
            world.inject(Fault {
                nth,
                kind: kind.clone(),
                ..Fault::default()
            });
            change(&mut world);
            let run = world.last_run("idp/0", "config-changed");
            let at = usize::try_from(nth).unwrap() - 1;
            let tool = run.tools()[at].to_owned();
            let writes = matches!(tool.as_str(), "relation-set" | "status-set");
            if writes && matches!(kind, FaultKind::Garbage(_)) {
                assert_eq!(run.exit_code, Some(0), "{tool} prints nothing that is read");
                continue;
            }
            let why = format!("call {nth}, {tool}, {kind:?}: {}", run.stderr);
            assert_eq!(run.exit_code, Some(1), "{why}");
            assert!(run.stderr.contains(&tool), "{why}");
            assert_eq!(world.status("idp/0").0, "error", "{why}");
            if !matches!(kind, FaultKind::Fail { .. }) || tool == "relation-set" {
                assert!(!run.stderr.contains(SECRET), "{why}");
            }
            assert!(
                !world.published(relation).unwrap().contains("Sign in"),
                "{why}: not committed"
            );

            world.clear_faults();
            world.resolved("idp/0", true).unwrap();
            world.settle().unwrap();
            assert_eq!(world.status("idp/0").0, "active", "{why}: the next try");
            assert!(
                world.published(relation).unwrap().contains("Sign in"),
                "{why}: the next try"
            );
        }
    }
}

#[test]
fn a_missing_tool_is_named() {
    for tool in [
        "config-get",
        "relation-ids",
        "is-leader",
        "relation-list",
        "relation-set",
    ] {
        let (mut world, relation) = World::integrated(1, &GOOGLE);
        world.answer(relation, ANSWER);
        let kind = FaultKind::Absent;
        world.inject(Fault {
            tool: tool.into(),
            kind,
            ..Fault::default()
        });
        change(&mut world);
        let run = world.last_run("idp/0", "config-changed");
        assert_eq!(run.exit_code, Some(1), "{tool}");
        assert!(
            run.stderr.contains(&format!("{tool} is not there")),
            "{tool}: {}",
            run.stderr
        );
    }
}

#[test]
fn a_status_that_cannot_be_compared_is_set() {
    let (mut world, relation) = World::integrated(1, &GOOGLE);
    world.answer(relation, ANSWER);
    world.inject(Fault {
        tool: "status-get".into(),
        ..Fault::default()
    });
    let run = world.update_status("idp/0");
    assert_eq!(run.exit_code, Some(0), "{}", run.stderr);
    assert_eq!(run.tools().last(), Some(&"status-set"));
}

#[test]
fn a_change_survives_a_leader_that_is_replaced_in_the_middle_of_a_hook() {
    let (mut world, relation) = World::integrated(2, &GOOGLE);
    world.answer(relation, ANSWER);
    let kind = FaultKind::LoseLeadership;
    world.inject(Fault {
        tool: "status-set".into(),
        kind,
        ..Fault::default()
    });
    change(&mut world);
    world.clear_faults();
    if world.unit("idp/0").unwrap().failed_hook().is_some() {
        world.resolved("idp/0", true).unwrap();
        world.settle().unwrap();
    }
    assert!(
        world.published(relation).unwrap().contains("Sign in"),
        "the new leader writes"
    );
    for unit in ["idp/0", "idp/1"] {
        assert_eq!(world.status(unit).0, "active", "{unit}");
    }
}
