//! Every hook, on the leader and on other units: the statuses, what is written, and
//! what it costs.

use crate::support::{ANSWER, GOOGLE, World, assert_all_succeeded};

const WAITING: &str = "Waiting for the requirer charm to register the OIDC provider";
const READY: &str = "The OIDC provider is ready";
const DISABLED: &str = "The OIDC provider is disabled";
const MISSING: &str = "Missing integration kratos-external-idp";
const INVALID: &str = "Invalid OIDC provider configuration: client_id: not set: \
                       run juju config idp client_id='<client id>' (and 2 more)";

fn shown(word: &str, message: &str) -> (String, String) {
    (word.to_owned(), message.to_owned())
}

#[test]
fn the_story_of_a_deployment() {
    let mut world = World::with_idp(2, &[]);
    for unit in ["idp/0", "idp/1"] {
        assert_eq!(
            world.status(unit),
            shown("blocked", INVALID),
            "{unit} deployed"
        );
        assert_eq!(
            world.unit(unit).unwrap().version(),
            env!("CARGO_PKG_VERSION"),
            "{unit}"
        );
    }
    world.config(&GOOGLE);
    for unit in ["idp/0", "idp/1"] {
        assert_eq!(
            world.status(unit),
            shown("blocked", MISSING),
            "{unit} configured"
        );
    }
    let relation = world.add_stand_in("kratos");
    for unit in ["idp/0", "idp/1"] {
        assert_eq!(
            world.status(unit),
            shown("waiting", WAITING),
            "{unit} integrated"
        );
    }
    assert!(world.published(relation).is_some());
    world.answer(relation, ANSWER);
    for unit in ["idp/0", "idp/1"] {
        assert_eq!(
            world.status(unit),
            shown("active", READY),
            "{unit} answered"
        );
    }
    world.config(&[("enabled", "false")]);
    for unit in ["idp/0", "idp/1"] {
        assert_eq!(
            world.status(unit),
            shown("active", DISABLED),
            "{unit} disabled"
        );
    }
    assert_eq!(world.published(relation), None, "withdrawn");
    world.config(&[("enabled", "true")]);
    assert!(world.published(relation).is_some(), "published again");
    world.remove_relation("idp", "kratos").unwrap();
    world.settle().unwrap();
    for unit in ["idp/0", "idp/1"] {
        assert_eq!(
            world.status(unit),
            shown("blocked", MISSING),
            "{unit} without an integration again"
        );
    }
    world.remove_application("idp").unwrap();
    world.settle().unwrap();
    assert_all_succeeded(&world);
}

#[test]
fn a_typo_does_not_end_logins_but_the_kill_switch_does() {
    let (mut world, relation) = World::integrated(2, &GOOGLE);
    world.answer(relation, ANSWER);
    let published = world.published(relation);
    world.config(&[("client_secret", "")]);
    let invalid = "Invalid OIDC provider configuration: client_secret: not set: \
                   run juju config idp client_secret='<secret>'";
    assert_eq!(
        world.status("idp/0"),
        shown("blocked", invalid),
        "the leader"
    );
    assert_eq!(
        world.status("idp/1"),
        shown("blocked", invalid),
        "other units"
    );
    assert_eq!(world.published(relation), published, "kept");
    assert!(
        world
            .log()
            .iter()
            .any(|record| record.message.contains("stays published")),
        "the log says so"
    );
    world.config(&[("enabled", "false")]);
    assert_eq!(world.published(relation), None, "withdrawn");
    assert_eq!(world.status("idp/0"), shown("blocked", invalid));
    world.config(&[
        ("enabled", "true"),
        ("client_secret", "hunter2-client-secret"),
    ]);
    assert_eq!(world.published(relation), published, "fixed");
    assert_all_succeeded(&world);
}

#[test]
fn an_unreadable_answer_counts_as_no_answer_yet() {
    let (mut world, relation) = World::integrated(2, &GOOGLE);
    for (name, answer) in [
        ("not JSON", "{"),
        ("an object", r#"{"providers":[]}"#),
        ("a text", r#""https://iam.example.com""#),
        ("a list of numbers", "[1]"),
        ("wrong types", r#"[{"provider_id":1,"redirect_uri":2}]"#),
        ("no URI", r#"[{"provider_id":"google"}]"#),
        (
            "an empty URI",
            r#"[{"provider_id":"google","redirect_uri":""}]"#,
        ),
        (
            "a control character",
            r#"[{"provider_id":"google","redirect_uri":"https://x\u0000"}]"#,
        ),
    ] {
        world.forget_runs();
        world.answer(relation, answer);
        for unit in ["idp/0", "idp/1"] {
            assert_eq!(
                world.status(unit),
                shown("waiting", WAITING),
                "{name}: {unit}"
            );
            let run = world.last_run(unit, "kratos-external-idp-relation-changed");
            assert!(run.stderr.contains("ignored"), "{name}: {}", run.stderr);
        }
        assert_all_succeeded(&world);
    }
    world.answer(relation, "[]");
    assert_eq!(
        world.status("idp/0"),
        shown("waiting", WAITING),
        "nobody yet"
    );
    let run = world.last_run("idp/0", "kratos-external-idp-relation-changed");
    assert_eq!(run.stderr, "", "an empty list is nothing odd");
    world.answer(relation, ANSWER);
    assert_eq!(
        world.status("idp/0"),
        shown("active", READY),
        "and then it answers"
    );
}

#[test]
fn every_relation_gets_the_provider() {
    let (mut world, first) = World::integrated(1, &GOOGLE);
    let second = world.add_stand_in("kratos-two");
    assert_eq!(world.published(first), world.published(second));
    world.answer(first, ANSWER);
    assert_eq!(
        world.status("idp/0"),
        shown("waiting", WAITING),
        "one of two"
    );
    world
        .write_app_databag(second, "kratos-two", &[("providers", ANSWER)])
        .unwrap();
    world.settle().unwrap();
    assert_eq!(world.status("idp/0"), shown("active", READY), "both");
    world.remove_relation_id(first).unwrap();
    world.settle().unwrap();
    assert_eq!(world.status("idp/0"), shown("active", READY), "the other");
    assert_all_succeeded(&world);
}

#[test]
fn a_new_leader_takes_over() {
    let (mut world, relation) = World::integrated(2, &GOOGLE);
    world.set_leader("idp/1").unwrap();
    world.settle().unwrap();
    world.config(&[("label", "Sign in")]);
    assert!(world.published(relation).unwrap().contains("Sign in"));
    let run = world.last_run("idp/0", "config-changed");
    assert!(
        !run.tools().contains(&"relation-set"),
        "only the leader writes"
    );
    assert_all_succeeded(&world);
}

#[test]
fn refreshing_changes_nothing_but_the_version() {
    let (mut world, relation) = World::integrated(1, &GOOGLE);
    world.answer(relation, ANSWER);
    let published = world.published(relation);
    world.forget_runs();
    let charm = world.idp_charm();
    world.refresh("idp", &charm).unwrap();
    world.settle().unwrap();
    assert_eq!(world.published(relation), published);
    let upgraded = world.last_run("idp/0", "upgrade-charm");
    assert!(upgraded.tools().contains(&"application-version-set"));
    assert!(
        world
            .runs()
            .iter()
            .all(|run| !run.tools().contains(&"relation-set"))
    );
    assert!(
        world
            .runs()
            .iter()
            .all(|run| !run.tools().contains(&"status-set"))
    );
}

#[test]
fn a_steady_hook_reads_and_writes_nothing() {
    let (mut world, relation) = World::integrated(2, &GOOGLE);
    world.answer(relation, ANSWER);
    let leader = world.update_status("idp/0");
    assert_eq!(
        leader.tools(),
        [
            "config-get",
            "relation-ids",
            "is-leader",
            "relation-list",
            "relation-get",
            "relation-get",
            "status-get",
        ]
    );
    let other = world.update_status("idp/1");
    assert_eq!(
        other.tools(),
        [
            "config-get",
            "relation-ids",
            "is-leader",
            "relation-list",
            "relation-get",
            "status-get",
        ]
    );
}

#[test]
fn a_changed_option_costs_one_write_and_one_status() {
    let (mut world, relation) = World::integrated(1, &GOOGLE);
    world.answer(relation, ANSWER);
    world.forget_runs();
    world.config(&[("label", "Sign in with Google")]);
    let run = world.last_run("idp/0", "config-changed");
    assert_eq!(
        run.tools(),
        [
            "config-get",
            "relation-ids",
            "is-leader",
            "relation-list",
            "relation-get",
            "relation-get",
            "relation-set",
            "status-set",
        ]
    );
}

#[test]
fn the_redirect_uri_is_news_once() {
    let (mut world, relation) = World::integrated(1, &GOOGLE);
    world.answer(relation, ANSWER);
    let said = |world: &World| {
        world
            .log()
            .iter()
            .filter(|line| line.message.contains("registered google"))
            .count()
    };
    assert_eq!(said(&world), 1);
    world.update_status("idp/0");
    assert_eq!(said(&world), 1);
}

#[test]
fn what_will_fail_is_news_once_though_it_is_published() {
    let (mut world, relation) = World::integrated(1, &GOOGLE);
    world.answer(relation, ANSWER);
    let said = |world: &World| {
        let log = world.log();
        log.iter()
            .filter(|line| line.message.starts_with("Logins will fail:"))
            .count()
    };
    world.config(&[("jsonnet_mapper", "https://idp.example.com/mapper.jsonnet")]);
    assert_eq!(world.status("idp/0").0, "blocked");
    assert_eq!(said(&world), 1);
    world.update_status("idp/0");
    assert_eq!(said(&world), 1);
}

#[test]
fn hooks_that_do_not_concern_us_do_nothing() {
    use std::process::Command;
    #[expect(
        clippy::disallowed_methods,
        reason = "runs what is tested, as Juju would"
    )]
    let dispatch = |path: &str| {
        Command::new(env!("CARGO_BIN_EXE_kratos-external-idp-integrator"))
            .env_clear()
            .env("JUJU_DISPATCH_PATH", path)
            .env("JUJU_UNIT_NAME", "idp/0")
            .env("JUJU_RELATION_ID", "db:1")
            .env("PATH", "/nowhere")
            .output()
            .unwrap()
    };
    for hook in [
        "hooks/stop",
        "hooks/remove",
        "hooks/brand-new-hook",
        "hooks/collect-metrics",
        "hooks/meter-status-changed",
        "hooks/pre-series-upgrade",
        "hooks/db-relation-changed",
        "hooks/data-storage-attached",
        "hooks/x-pebble-ready",
    ] {
        let output = dispatch(hook);
        // There are no hook tools: a hook that called one would fail.
        assert_eq!(output.status.code(), Some(0), "{hook}: {output:?}");
    }
    for hook in ["hooks/start", "actions/validate-config"] {
        let output = dispatch(hook);
        assert_eq!(output.status.code(), Some(1), "{hook}");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains("config-get is not there"), "{hook}: {said}");
    }
}
