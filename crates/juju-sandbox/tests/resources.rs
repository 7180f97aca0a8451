//! Resources: what is uploaded, and what a charm gets.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod support;

use juju_sandbox::{Deploy, Model};
use std::fs;
use support::{act, model, probe_with, settled};

const METADATA: &str =
    "resources: {data: {filename: data.txt}, image: {type: oci-image, description: an image}}";

#[test]
fn a_charm_gets_what_was_uploaded_last() {
    let charm = probe_with(METADATA);
    let file = charm.path().join("upload");
    fs::write(&file, "one").unwrap();
    let file = file.to_str().unwrap();
    let how = Deploy {
        resources: vec![
            ("data".into(), file.into()),
            ("image".into(), "ghcr.io/a/b:1".into()),
        ],
        ..Deploy::default()
    };
    let mut model = Model::new().unwrap();
    model.deploy(charm.path(), "web", how).unwrap();
    model.settle().unwrap();
    let get = "p=$(resource-get data) && echo ${p##*/unit-web-0/} $(cat $p)";
    assert_eq!(
        act(&mut model, "web/0", get).stdout,
        "resources/data/data.txt one\n"
    );
    assert_eq!(
        act(&mut model, "web/0", "cat $(resource-get image)").stdout,
        "registrypath: ghcr.io/a/b:1\nusername: \"\"\npassword: \"\"\n"
    );

    fs::write(file, "two").unwrap();
    model.attach_resource("web", "data", file).unwrap();
    model.forget_runs();
    assert_eq!(
        settled(&mut model, "web/0"),
        ["upgrade-charm", "config-changed"]
    );
    assert_eq!(
        act(&mut model, "web/0", get).stdout,
        "resources/data/data.txt two\n"
    );
    let resources = model.application("web").unwrap().resources();
    let upload = resources[0].upload.as_ref().unwrap();
    assert_eq!((resources[0].name.as_str(), upload.size), ("data", 3));
    assert!(
        upload.fingerprint.starts_with("0b5a10c7"),
        "{}",
        upload.fingerprint
    );
}

#[test]
fn words_of_the_tool() {
    struct Case {
        name: &'static str,
        juju: &'static str,
        script: &'static str,
        code: i32,
        stderr: &'static str,
    }

    const URL: &str = "https://10.0.0.1:17070/model/5a0d0b0c-7a9e-4c57-8f6e-0c0ffee0cafe/units/unit-web-0/resources";
    let charm = probe_with(METADATA);
    for Case {
        name,
        juju,
        script,
        code,
        stderr,
    } in [
        Case {
            name: "nothing uploaded",
            juju: "3.6.12",
            script: "resource-get data",
            code: 1,
            stderr: "could not download resource: HTTP request failed: Get URL/data: resource#web/data not found",
        },
        Case {
            name: "not declared",
            juju: "2.9.49",
            script: "resource-get other",
            code: 1,
            stderr: "could not download resource: HTTP request failed: Get URL/other: resource#web/other not found",
        },
        Case {
            name: "nothing uploaded, 4.0",
            juju: "4.0.1",
            script: "resource-get data",
            code: 1,
            stderr: "could not download resource: HTTP request failed: Get URL/data: resource data of application web not found",
        },
        Case {
            name: "no name",
            juju: "3.6.12",
            script: "resource-get",
            code: 2,
            stderr: "missing required resource name",
        },
        Case {
            name: "two names",
            juju: "3.6.12",
            script: "resource-get a b",
            code: 2,
            stderr: "unrecognized args: [\"b\"]",
        },
    ] {
        let mut model = model(juju);
        model
            .deploy(charm.path(), "web", Deploy::default())
            .unwrap();
        model.settle().unwrap();
        let outcome = act(&mut model, "web/0", script);
        let stderr = format!("ERROR {}\n", stderr.replace("URL", URL));
        assert_eq!(
            (outcome.return_code, outcome.stderr),
            (Some(code), stderr),
            "{name}"
        );
    }
}

#[test]
fn refusals() {
    let charm = probe_with(METADATA);
    let mut model = Model::new().unwrap();
    for (name, value, reason) in [
        ("other", "x", "unrecognized resource \"other\""),
        (
            "data",
            "/nowhere/x",
            "file for resource \"data\": open /nowhere/x: no such file or directory",
        ),
        (
            "image",
            "a b",
            "resource \"image\": filepath or registry path: a b not valid",
        ),
    ] {
        let how = Deploy {
            resources: vec![(name.into(), value.into())],
            ..Deploy::default()
        };
        let refused = model.deploy(charm.path(), "web", how).unwrap_err();
        assert_eq!(refused.to_string(), reason, "{name}");
        assert!(model.application("web").is_err());
    }
    model
        .deploy(charm.path(), "web", Deploy::default())
        .unwrap();
    let refused = model.attach_resource("web", "other", "x").unwrap_err();
    assert_eq!(
        refused.to_string(),
        "failed to upload resource \"other\": resource#web/other not found"
    );
}
