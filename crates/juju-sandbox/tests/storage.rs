//! Storage: hooks, tools, and what is asked for.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod support;

use juju_sandbox::{Deploy, Model};
use support::{act, probe_with, settled};
use tempfile::TempDir;

fn charm() -> TempDir {
    probe_with(
        "storage:\n  data: {type: filesystem, location: /srv/data}\n  logs: {type: filesystem, multiple: {range: 0-2}}\n  disks: {type: block, multiple: {range: 0+}}\n",
    )
}

fn deployed() -> Model {
    let mut model = Model::new().unwrap();
    let how = Deploy {
        storage: vec![("data".into(), "ssd,5G".into())],
        ..Deploy::default()
    };
    model.deploy(charm().path(), "web", how).unwrap();
    model.settle().unwrap();
    model
}

#[test]
fn hooks_and_their_environment() {
    let mut model = deployed();
    let first = &model.runs()[0];
    assert_eq!(first.hook, "data-storage-attached");
    assert_eq!(first.environment["JUJU_STORAGE_ID"], "data/0");
    assert_eq!(first.environment["JUJU_STORAGE_KIND"], "filesystem");
    let location = first.environment["JUJU_STORAGE_LOCATION"].clone();
    assert!(std::path::Path::new(&location).is_dir());
    assert_eq!(model.runs()[1].hook, "install");
    let storage = &model.storage()[0];
    assert_eq!((storage.pool.as_str(), storage.size), ("ssd", 5120));
    assert_eq!(storage.location.to_str(), Some(location.as_str()));

    let add = act(&mut model, "web/0", "storage-add logs=2; storage-list");
    assert_eq!(add.stdout, "data/0\n");
    model.forget_runs();
    assert_eq!(
        settled(&mut model, "web/0"),
        ["logs-storage-attached", "logs-storage-attached"]
    );
    let list = act(&mut model, "web/0", "storage-list logs --format json");
    assert_eq!(list.stdout, "[\"logs/1\",\"logs/2\"]\n");

    model.forget_runs();
    model.remove_unit("web/0").unwrap();
    assert_eq!(
        settled(&mut model, "web/0"),
        [
            "data-storage-detaching",
            "logs-storage-detaching",
            "logs-storage-detaching",
            "stop",
            "remove"
        ]
    );
    // The root file system has gone with the unit; what is of another pool stays.
    let left = model.storage();
    assert_eq!(left.len(), 1);
    assert_eq!((left[0].id.as_str(), &left[0].unit), ("data/0", &None));
    assert!(std::path::Path::new(&location).is_dir());
    model.remove_storage("data/0", false, true).unwrap();
    assert!(!std::path::Path::new(&location).exists());
}

#[test]
fn words_of_the_tools() {
    struct Case {
        name: &'static str,
        script: &'static str,
        code: i32,
        /// The output, or what is said after `ERROR `.
        text: &'static str,
    }

    let mut model = deployed();
    for Case {
        name,
        script,
        code,
        text,
    } in [
        Case {
            name: "one attribute",
            script: "storage-get -s data/0 kind",
            code: 0,
            text: "filesystem\n",
        },
        Case {
            name: "all of them",
            script: "storage-get -s data/0 --format json | sed 's|:\"/.*/storage|:\"…/storage|'",
            code: 0,
            text: "{\"kind\":\"filesystem\",\"location\":\"…/storage/data/0\"}\n",
        },
        Case {
            name: "an unknown attribute",
            script: "storage-get -s data/0 colour",
            code: 1,
            text: "invalid storage attribute \"colour\"",
        },
        Case {
            name: "outside of a storage hook",
            script: "storage-get",
            code: 2,
            text: "no storage instance specified",
        },
        Case {
            name: "not an id",
            script: "storage-get -s data",
            code: 2,
            text: "invalid value \"data\" for option -s: invalid storage ID \"data\"",
        },
        Case {
            name: "another unit's",
            script: "storage-get -s data/7",
            code: 2,
            text: "invalid value \"data/7\" for option -s: storage not found",
        },
        Case {
            name: "nothing to add",
            script: "storage-add",
            code: 2,
            text: "storage add requires a storage directive",
        },
        Case {
            name: "more than a count",
            script: "storage-add logs=10G",
            code: 2,
            text: "only count can be specified for \"logs\"",
        },
        Case {
            name: "twice",
            script: "storage-add logs logs",
            code: 2,
            text: "storage \"logs\" specified more than once",
        },
    ] {
        let outcome = act(&mut model, "web/0", script);
        assert_eq!(outcome.return_code, Some(code), "{name}");
        if code == 0 {
            assert_eq!(outcome.stdout, text, "{name}");
        } else {
            assert_eq!(outcome.stderr, format!("ERROR {text}\n"), "{name}");
        }
    }
}

#[test]
fn the_commit_refuses_what_is_too_much() {
    for (script, reason) in [
        (
            "storage-add data",
            "adding storage to unit web/0: adding \"data\" storage: cannot attach, storage is singular",
        ),
        (
            "storage-add logs=3",
            "adding storage to unit web/0: adding \"logs\" storage: attaching 3 storage instances brings the total to 3, exceeding the maximum of 2",
        ),
        (
            "storage-add other",
            "adding storage to unit web/0: adding \"other\" storage: charm storage \"other\" not found",
        ),
    ] {
        let mut model = deployed();
        let outcome = act(&mut model, "web/0", script);
        assert!(
            outcome.stderr.ends_with(reason),
            "{script}: {}",
            outcome.stderr
        );
        assert_eq!(model.storage().len(), 1);
    }
}

#[test]
fn a_failed_hook_is_named_without_the_storage() {
    let mut model = Model::new().unwrap();
    let charm = charm();
    std::fs::write(charm.path().join("dispatch"), "#!/bin/sh\nexit 1\n").unwrap();
    model
        .deploy(charm.path(), "web", Deploy::default())
        .unwrap();
    model.settle().unwrap();
    let unit = model.unit("web/0").unwrap();
    assert_eq!(
        unit.workload(),
        ("error", "hook failed: \"storage-attached\"")
    );
    assert!(!unit.is_installed());
}

#[test]
fn deploy_and_refresh_check_what_the_charm_declares() {
    let charm = charm();
    let mut model = Model::new().unwrap();
    for (wish, reason) in [
        (
            ("other", "1"),
            "charm \"probe\" has no store called \"other\"",
        ),
        (
            ("logs", "3"),
            "charm \"probe\" store \"logs\": at most 2 instances supported, 3 specified",
        ),
        (
            ("disks", "1"),
            "charm \"probe\" store \"disks\": storage of type block is not supported by the sandbox",
        ),
        (
            ("data", "2"),
            "charm \"probe\" store \"data\": storage is singular, 2 specified",
        ),
        (
            ("data", "?"),
            "cannot parse constraints for storage \"data\": unrecognized storage constraint \"?\" not valid",
        ),
    ] {
        let how = Deploy {
            storage: vec![(wish.0.into(), wish.1.into())],
            ..Deploy::default()
        };
        let refused = model.deploy(charm.path(), "web", how).unwrap_err();
        assert_eq!(refused.to_string(), reason);
    }
    let mut model = deployed();
    let without = probe_with("");
    let refused = model.refresh("web", without.path()).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "cannot upgrade application \"web\" to charm \"probe\": in-use storage \"data\" removed"
    );
    let more = probe_with("storage: {data: {type: filesystem}, cache: {type: filesystem}}");
    model.refresh("web", more.path()).unwrap();
    model.forget_runs();
    assert_eq!(
        settled(&mut model, "web/0"),
        ["cache-storage-attached", "upgrade-charm", "config-changed"]
    );
}
