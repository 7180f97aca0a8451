//! What the tests share: the probe charm, and short ways to make it do things.

#![allow(dead_code, reason = "each test file uses some of this")]
#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

pub(crate) mod cli;

use juju_sandbox::{ActionOutcome, Deploy, HookRun, Model, Settings};
use std::path::PathBuf;

/// A charm directory of the tests.
pub(crate) fn charm(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/charms")
        .join(name)
}

/// A charm directory with the code and the actions of the probe charm, and other metadata besides
/// name, summary and description.
pub(crate) fn probe_with(metadata: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let head = "name: probe\nsummary: s\ndescription: d\n";
    std::fs::write(
        folder.path().join("metadata.yaml"),
        format!("{head}{metadata}"),
    )
    .unwrap();
    for file in ["dispatch", "actions.yaml"] {
        std::fs::copy(charm("probe").join(file), folder.path().join(file)).unwrap();
    }
    folder
}

/// `units` of the probe charm under a name.
pub(crate) fn deploy(model: &mut Model, application: &str, units: u32) {
    let how = Deploy {
        units,
        ..Deploy::default()
    };
    model.deploy(&charm("probe"), application, how).unwrap();
}

/// A model that imitates a Juju version.
pub(crate) fn model(juju_version: &str) -> Model {
    Model::with_settings(Settings {
        juju_version: juju_version.into(),
        ..Settings::default()
    })
    .unwrap()
}

/// `a` with two units, related through `db` to `b` with one, all at rest: the relation's id is 2,
/// after the two peer relations.
pub(crate) fn pair() -> Model {
    pair_of(&Settings::default().juju_version)
}

/// [`pair`] in a model that imitates a Juju version.
pub(crate) fn pair_of(juju_version: &str) -> Model {
    let mut model = model(juju_version);
    deploy(&mut model, "a", 2);
    deploy(&mut model, "b", 1);
    assert_eq!(model.integrate("a:db", "b:backend").unwrap(), 2);
    model.settle().unwrap();
    model.forget_runs();
    model
}

/// Leaves a shell script for a hook of a unit.
pub(crate) fn script(model: &Model, unit: &str, hook: &str, text: &str) {
    let folder = model.unit(unit).unwrap().charm_dir().join("scripts/hooks");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join(hook), text).unwrap();
}

/// Runs a shell script in the probe's action.
pub(crate) fn act(model: &mut Model, unit: &str, script: &str) -> ActionOutcome {
    model
        .run_action(unit, "do", &[("script", script.into())])
        .unwrap()
}

/// A hook as the tests write it: `unit hook [remote unit]`.
pub(crate) fn told(run: &HookRun) -> String {
    let remote = run
        .remote_unit
        .as_ref()
        .map(|unit| format!(" {unit}"))
        .unwrap_or_default();
    format!("{} {}{remote}", run.unit, run.hook)
}

/// Settles, and tells the hooks that ran for one unit since the last time, without its name.
pub(crate) fn settled(model: &mut Model, unit: &str) -> Vec<String> {
    model.settle().unwrap();
    let own = model.runs().iter().filter(|run| run.unit == unit);
    own.map(|run| told(run).split_once(' ').unwrap().1.to_owned())
        .collect()
}
