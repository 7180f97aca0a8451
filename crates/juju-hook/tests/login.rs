//! The example charm from install to upgrade, in a model without a controller.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use juju_sandbox::{
    ActionStatus, Deploy, Model, SecretOwner, SecretScope, Settings, built_example,
};
use serde_json::json;
use tempfile::TempDir;

/// Who asks for a login.
const WEB: &str = "{name: web, summary: s, description: d, requires: {login: login}}";

/// The folder of the charm: its YAML files, and `dispatch`.
fn charm() -> TempDir {
    let charm = tempfile::tempdir().unwrap();
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/login");
    for file in ["metadata.yaml", "config.yaml", "actions.yaml"] {
        fs::copy(source.join(file), charm.path().join(file)).unwrap();
    }
    let manifest = "bases: [{name: ubuntu, channel: 24.04/stable, architectures: [amd64]}]";
    fs::write(charm.path().join("manifest.yaml"), manifest).unwrap();
    symlink(
        built_example("login").unwrap(),
        charm.path().join("dispatch"),
    )
    .unwrap();
    charm
}

/// The newest content of the charm's secret.
fn content(model: &Model) -> BTreeMap<String, String> {
    let secret = model.secret("login").unwrap();
    secret.content(secret.latest_revision()).unwrap().clone()
}

fn open_ports(model: &Model, unit: &str) -> Vec<i64> {
    let ports = model.unit(unit).unwrap().ports();
    ports.iter().map(|port| port.from).collect()
}

/// Whether every hook succeeded, and no argument, log line or output shows the passwords.
fn assert_in_order(model: &Model, passwords: &[String]) {
    for run in model.runs() {
        let name = format!("{} of {}", run.hook, run.unit);
        assert_eq!(run.exit_code, Some(0), "{name}: {}", run.stderr);
        assert!(run.committed, "{name}: {:?}", run.error);
        let args = run.calls.iter().flat_map(|call| &call.args);
        let shown: Vec<_> = args.chain([&run.stdout, &run.stderr]).collect();
        for password in passwords {
            assert!(
                !shown.iter().any(|text| text.contains(password)),
                "{name} shows it"
            );
        }
    }
    for record in model.log() {
        let shows = passwords.iter().any(|text| record.message.contains(text));
        assert!(!shows, "{}", record.message);
    }
}

#[test]
fn it_lives_on_juju_3_1() {
    live("3.1.8");
}

#[test]
fn it_lives_on_juju_3_6() {
    live("3.6.12");
}

#[test]
fn it_lives_on_juju_4() {
    live("4.0.14");
}

fn live(juju: &str) {
    let settings = Settings {
        juju_version: juju.into(),
        ..Settings::default()
    };
    let mut model = Model::with_settings(settings).unwrap();
    let charm = charm();
    let two = Deploy {
        units: 2,
        ..Deploy::default()
    };
    model.deploy(charm.path(), "login", two).unwrap();
    model.settle().unwrap();

    let unit = model.unit("login/0").unwrap();
    assert_eq!(unit.workload(), ("active", "Applications: 0"), "{juju}");
    assert_eq!(unit.charm_state().unwrap()["port"], "8080");
    assert_eq!(open_ports(&model, "login/1"), [8080]);
    let secret = model.secret("login").unwrap();
    assert_eq!(secret.owner(), &SecretOwner::Application("login".into()));
    assert_eq!(secret.rotation(), Some("monthly"));
    assert_eq!(secret.description(), "What applications log in with");
    let first = content(&model);
    assert_eq!(first["user"], "admin");
    assert_eq!(first["password"].len(), 32);

    model.deploy_stand_in("web", WEB).unwrap();
    let relation = model.integrate("login", "web").unwrap();
    model.settle().unwrap();
    let secret = model.secret("login").unwrap();
    assert_eq!(secret.grants()["web"], SecretScope::Relation(relation));
    let published = &model.app_databag(relation, "login").unwrap()["login"];
    assert!(published.ends_with(secret.id()), "{published}");
    for unit in ["login/0", "login/1"] {
        let databag = model.unit_databag(relation, unit).unwrap();
        let address = model.unit(unit).unwrap().address();
        assert_eq!((&*databag["address"], &*databag["port"]), (address, "8080"));
    }
    assert_eq!(content(&model), first, "the password stays");

    let options = [("port", "9090"), ("user", "alice")];
    model.configure("login", &options).unwrap();
    model.settle().unwrap();
    assert_eq!(open_ports(&model, "login/0"), [9090]);
    let databag = model.unit_databag(relation, "login/1").unwrap();
    assert_eq!(databag["port"], "9090");
    let second = content(&model);
    assert_eq!(second["user"], "alice");
    assert_ne!(second["password"], first["password"]);

    let reason = [("reason", json!("it leaked"))];
    let done = model.run_action("login/leader", "rotate", &reason).unwrap();
    assert_eq!(done.status, ActionStatus::Completed, "{}", done.stderr);
    assert_eq!(done.results["user"], "alice");
    assert_eq!(done.log, ["making a new password"]);
    let third = content(&model);
    assert_ne!(third["password"], second["password"]);
    let refused = model.run_action("login/1", "rotate", &[]).unwrap();
    assert_eq!(refused.status, ActionStatus::Failed);
    assert!(
        refused.message.contains("login/leader"),
        "{}",
        refused.message
    );
    assert_eq!(content(&model), third);

    model.configure("login", &[("user", "")]).unwrap();
    model.settle().unwrap();
    let unit = model.unit("login/1").unwrap();
    assert_eq!(unit.workload(), ("blocked", "Set user"));
    model.configure("login", &[("user", "alice")]).unwrap();
    model.settle().unwrap();

    model.refresh("login", charm.path()).unwrap();
    model.settle().unwrap();
    let upgrades = model
        .runs()
        .iter()
        .filter(|run| run.hook == "upgrade-charm");
    assert_eq!(upgrades.count(), 2);
    assert_eq!(content(&model), third, "the password outlives the charm");
    let version = model.application("login").unwrap().version().to_owned();
    assert_eq!(version, env!("CARGO_PKG_VERSION"));

    model.remove_relation("login", "web").unwrap();
    model.settle().unwrap();
    let unit = model.unit("login/0").unwrap();
    assert_eq!(unit.workload(), ("active", "Applications: 0"));
    let passwords = [first, second, third].map(|content| content["password"].clone());
    assert_in_order(&model, &passwords);
}
