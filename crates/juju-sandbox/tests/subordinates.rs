//! Units that live beside others, and the endpoint that every charm provides.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod support;

use juju_sandbox::{Deploy, Model};
use support::{act, deploy, probe_with, settled, told};

const SUBORDINATE: &str = "
subordinate: true
requires:
  host: {interface: juju-info, scope: container}
  logs: {interface: logs, scope: container}
";

/// `a` with two units, and the subordinate `sub`, related through the implicit endpoint, at rest.
fn related() -> (Model, u32) {
    let mut model = Model::new().unwrap();
    deploy(&mut model, "a", 2);
    let charm = probe_with(SUBORDINATE);
    model
        .deploy(charm.path(), "sub", Deploy::default())
        .unwrap();
    model.settle().unwrap();
    assert_eq!(model.application("sub").unwrap().units().count(), 0);
    let relation = model.integrate("a", "sub").unwrap();
    model.settle().unwrap();
    (model, relation)
}

#[test]
fn each_principal_gets_a_subordinate_and_sees_only_it() {
    let (mut model, relation) = related();
    assert_eq!(
        model.relation(relation).unwrap().key(),
        "sub:host a:juju-info"
    );
    let runs: Vec<String> = model
        .runs()
        .iter()
        .filter(|run| run.unit == "sub/1" || run.hook.starts_with("juju-info"))
        .map(told)
        .collect();
    assert_eq!(
        runs,
        [
            "a/0 juju-info-relation-created",
            "a/1 juju-info-relation-created",
            "sub/1 install",
            "sub/1 host-relation-created",
            "a/0 juju-info-relation-joined sub/0",
            "a/1 juju-info-relation-joined sub/1",
            "sub/1 leader-settings-changed",
            "a/0 juju-info-relation-changed sub/0",
            "a/1 juju-info-relation-changed sub/1",
            "sub/1 config-changed",
            "sub/1 start",
            "sub/1 host-relation-joined a/1",
            "sub/1 host-relation-changed a/1",
        ]
    );
    for (unit, sees) in [
        ("a/0", "sub/0"),
        ("a/1", "sub/1"),
        ("sub/0", "a/0"),
        ("sub/1", "a/1"),
    ] {
        let list = format!("relation-list -r {relation}");
        assert_eq!(
            act(&mut model, unit, &list).stdout,
            format!("{sees}\n"),
            "{unit}"
        );
    }
    let get = format!("relation-get -r {relation} - a/0");
    assert_eq!(act(&mut model, "sub/0", &get).return_code, Some(0));
    assert_eq!(
        act(&mut model, "sub/1", &get).stderr,
        "ERROR cannot read settings for unit \"a/0\" in relation \"sub:host a:juju-info\": unit \"a/0\": settings not found\n"
    );
    let principal = "echo \"$JUJU_PRINCIPAL_UNIT\"";
    assert_eq!(act(&mut model, "sub/1", principal).stdout, "a/1\n");
    assert_eq!(act(&mut model, "a/1", principal).stdout, "\n");
    let address = |unit| model.unit(unit).unwrap().address().to_owned();
    assert_eq!(address("sub/1"), address("a/1"));

    model.add_units("a", 1).unwrap();
    model.settle().unwrap();
    assert_eq!(model.unit("sub/2").unwrap().principal(), Some("a/2"));
}

#[test]
fn a_subordinate_leaves_with_its_principal() {
    let (mut model, _) = related();
    model.forget_runs();
    model.remove_unit("a/1").unwrap();
    model.settle().unwrap();
    assert!(model.unit("a/1").is_err() && model.unit("sub/1").is_err());
    assert!(model.unit("sub/0").is_ok());
    let last = |unit: &str| {
        let mut runs = model.runs().iter().filter(|run| run.unit == unit);
        runs.next_back().unwrap().hook.clone()
    };
    assert_eq!(
        (last("a/1"), last("sub/1")),
        ("remove".into(), "remove".into())
    );
    model.remove_application("a").unwrap();
    model.settle().unwrap();
    assert_eq!(model.application("sub").unwrap().units().count(), 0);
    assert_eq!(model.relations().count(), 0);
}

#[test]
fn a_subordinate_leaves_with_its_last_relation() {
    let mut model = Model::new().unwrap();
    let principal = probe_with("provides: {logs: {interface: logs}}");
    model
        .deploy(principal.path(), "a", Deploy::default())
        .unwrap();
    let charm = probe_with(SUBORDINATE);
    model
        .deploy(charm.path(), "sub", Deploy::default())
        .unwrap();
    // Not ambiguous: the implicit endpoint counts only if there is nothing else.
    let logs = model.integrate("a", "sub").unwrap();
    assert_eq!(model.relation(logs).unwrap().key(), "sub:logs a:logs");
    let host = model.integrate("a:juju-info", "sub").unwrap();
    model.settle().unwrap();
    assert_eq!(model.application("sub").unwrap().units().count(), 1);
    model.remove_relation_id(host).unwrap();
    model.settle().unwrap();
    assert!(!model.unit("sub/0").unwrap().is_dying());
    model.forget_runs();
    model.remove_relation_id(logs).unwrap();
    assert_eq!(
        settled(&mut model, "sub/0"),
        [
            "logs-relation-departed a/0",
            "logs-relation-broken",
            "stop",
            "remove"
        ]
    );
    assert!(model.unit("sub/0").is_err());
}

#[test]
fn an_endpoint_of_a_subordinate_may_have_the_reserved_name() {
    let mut model = Model::new().unwrap();
    deploy(&mut model, "a", 1);
    let charm = probe_with(
        "subordinate: true\nrequires: {juju-info: {interface: juju-info, scope: container}}",
    );
    model
        .deploy(charm.path(), "sub", Deploy::default())
        .unwrap();
    let relation = model.integrate("sub", "a").unwrap();
    model.settle().unwrap();
    let key = model.relation(relation).unwrap().key();
    assert_eq!(key, "sub:juju-info a:juju-info");
    assert_eq!(model.unit("sub/0").unwrap().principal(), Some("a/0"));
}

#[test]
fn either_side_may_be_a_stand_in() {
    let head = "name: x, summary: s, description: d";
    let mut model = Model::new().unwrap();
    model
        .deploy_stand_in("host", &format!("{{{head}}}"))
        .unwrap();
    let charm = probe_with(SUBORDINATE);
    model
        .deploy(charm.path(), "sub", Deploy::default())
        .unwrap();
    let relation = model.integrate("sub", "host").unwrap();
    model.settle().unwrap();
    assert_eq!(model.unit("sub/0").unwrap().principal(), Some("host/0"));
    model
        .write_unit_databag(relation, "host/0", &[("k", "v")])
        .unwrap();
    model.forget_runs();
    assert_eq!(
        settled(&mut model, "sub/0"),
        ["host-relation-changed host/0"]
    );
    model.remove_unit("host/0").unwrap();
    model.settle().unwrap();
    assert!(model.unit("sub/0").is_err() && model.unit("host/0").is_err());

    let beside = "subordinate: true, requires: {host: {interface: juju-info, scope: container}}";
    model
        .deploy_stand_in("agent", &format!("{{{head}, {beside}}}"))
        .unwrap();
    deploy(&mut model, "a", 2);
    model.integrate("agent", "a").unwrap();
    model.settle().unwrap();
    assert_eq!(model.unit("agent/1").unwrap().principal(), Some("a/1"));
    let joined = model.runs().iter().map(told);
    let joined = joined.filter(|run| run.contains("juju-info-relation-joined"));
    assert_eq!(joined.count(), 2);
}

#[test]
fn refusals() {
    let (mut model, _) = related();
    let charm = probe_with(SUBORDINATE);
    let three = Deploy {
        units: 3,
        ..Deploy::default()
    };
    let scoped = probe_with("requires: {x: {interface: db, scope: container}}");
    model
        .deploy(scoped.path(), "scoped", Deploy::default())
        .unwrap();
    for (refused, reason) in [
        (
            model.deploy(charm.path(), "more", three),
            "cannot use --num-units or --to with subordinate application",
        ),
        (
            model.add_units("sub", 1),
            "cannot add unit 1/1 to application \"sub\": application is a subordinate",
        ),
        (
            model.remove_unit("sub/0"),
            "unit \"sub/0\" is a subordinate, to remove use remove-relation. Note: this will remove all units of \"sub\"",
        ),
        (
            model.integrate("scoped:x", "a:db").map(drop),
            "no relations found",
        ),
    ] {
        assert_eq!(refused.unwrap_err().to_string(), reason);
    }
}

#[test]
fn a_charm_may_ask_any_other_for_juju_info() {
    let mut model = Model::new().unwrap();
    deploy(&mut model, "a", 1);
    let charm = probe_with("requires: {watch: {interface: juju-info}}");
    model
        .deploy(charm.path(), "watcher", Deploy::default())
        .unwrap();
    let relation = model.integrate("watcher", "a").unwrap();
    model.settle().unwrap();
    let get = format!("relation-get -r {relation} ingress-address a/0");
    let address = model.unit("a/0").unwrap().address().to_owned();
    assert_eq!(act(&mut model, "watcher/0", &get).stdout, address + "\n");
    let ids = "relation-ids juju-info";
    assert_eq!(
        act(&mut model, "a/0", ids).stdout,
        format!("juju-info:{relation}\n")
    );
    // A refresh does not take the endpoint away.
    model.refresh("a", charm.path()).unwrap_err();
    model.refresh("a", &support::charm("probe")).unwrap();
    model.settle().unwrap();
}
