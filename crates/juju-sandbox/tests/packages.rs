//! Charms as authors have them: packed, and as source trees.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod support;

use juju_sandbox::{Deploy, Model, chain};
use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use support::told;
use tempfile::TempDir;
use zip::write::SimpleFileOptions;

const METADATA: &str = "{name: web, summary: s, description: d}";

/// Packs a charm whose `dispatch` is a link to a program that says something.
fn packed(folder: &TempDir, says: &str) -> PathBuf {
    let path = folder.path().join(format!("{says}.charm"));
    let mut zip = zip::ZipWriter::new(File::create(&path).unwrap());
    let options = SimpleFileOptions::default();
    zip.start_file("metadata.yaml", options).unwrap();
    zip.write_all(METADATA.as_bytes()).unwrap();
    zip.start_file("bin/run", options.unix_permissions(0o755))
        .unwrap();
    write!(zip, "#!/bin/sh\nstatus-set active {says}\n").unwrap();
    zip.add_symlink("dispatch", "bin/run", options).unwrap();
    zip.finish().unwrap();
    path
}

#[test]
fn a_packed_charm_is_deployed_and_refreshed() {
    let folder = tempfile::tempdir().unwrap();
    let mut model = Model::new().unwrap();
    let (first, second) = (packed(&folder, "first"), packed(&folder, "second"));
    model.deploy(&first, "web", Deploy::default()).unwrap();
    model.settle().unwrap();
    let unit = model.unit("web/0").unwrap();
    assert_eq!(unit.workload(), ("active", "first"));
    assert!(unit.charm_dir().join("dispatch").is_symlink());
    model.forget_runs();
    model.refresh("web", &second).unwrap();
    model.settle().unwrap();
    let unit = model.unit("web/0").unwrap();
    assert_eq!(unit.workload(), ("active", "second"));
    let runs: Vec<String> = model.runs().iter().map(told).collect();
    assert_eq!(runs, ["web/0 upgrade-charm", "web/0 config-changed"]);
}

fn write(folder: &Path, name: &str, text: &str) {
    fs::write(folder.join(name), text).unwrap();
    fs::set_permissions(folder.join(name), fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_source_tree_has_everything_in_one_file() {
    let folder = tempfile::tempdir().unwrap();
    let text = "
type: charm
name: web
summary: s
description: d
config: {options: {port: {type: int, default: 80}}}
actions: {go: {description: d}}
peers: {cluster: {interface: c}}
parts: {charm: {plugin: nil}}
";
    write(folder.path(), "charmcraft.yaml", text);
    let mut model = Model::new().unwrap();
    let refused = model.deploy(folder.path(), "web", Deploy::default());
    assert_eq!(
        chain(&refused.unwrap_err()),
        "cannot deploy the charm: invalid charm \"web\": has no hooks nor dispatch file: \
         build or pack it first, and deploy the .charm file or what is in it"
    );
    // The other files are there for the charm, too, as they are once it is packed.
    let dispatch = "#!/bin/sh\nset -e\ntest -f config.yaml -a -f actions.yaml\nstatus-set active $(config-get port)\n";
    write(folder.path(), "dispatch", dispatch);
    model
        .deploy(folder.path(), "web", Deploy::default())
        .unwrap();
    model.settle().unwrap();
    assert_eq!(model.unit("web/0").unwrap().workload(), ("active", "80"));
    assert_eq!(model.actions("web").unwrap(), ["go"]);
    assert_eq!(model.relation_ids("web", "cluster").unwrap(), [0]);
    model.run_action("web/0", "go", &[]).unwrap();
}
