//! Resources: what is uploaded, and what a charm gets.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod support;

use juju_sandbox::{Deploy, Model};
use serde_json::Value;
use std::fs;
use support::cli::Cli;
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

/// The command line shows what the application has, and what each unit has got of it.
#[test]
fn what_is_shown_of_units() {
    let cli = Cli::new();
    let charm = probe_with(METADATA);
    cli.file("data.txt", "one");
    let deploy = ["deploy", charm.path().to_str().unwrap(), "web", "-n", "2"];
    let options = ["--resource", "data=data.txt", "--resource", "image=a/b:1"];
    cli.ok(&[&deploy[..], &options].concat());
    cli.ok(&["exec", "--unit", "web/0", "resource-get data"]);
    cli.file("data.txt", "other");
    cli.ok(&["attach-resource", "web", "data=data.txt"]);

    let all = cli.json(&["resources", "web"]);
    let (data, image) = (&all["resources"][0], &all["resources"][1]);
    assert_eq!(
        (&data["size"], &image["type"]),
        (&5.into(), &"oci-image".into())
    );
    let time = |resource: &Value| {
        let time = resource["timestamp"].as_str().unwrap();
        let (day, month) = (&time[8..10], &time[5..7]);
        format!("{}-{day}-{month}T{}", &time[0..4], &time[11..16])
    };
    let unit = cli.json(&["resources", "web/0"]);
    assert_eq!(
        (&unit[0]["size"], &unit[0]["revision"]),
        (&3.into(), &"0".into())
    );
    // It has not got this one, of which the rest is the application's.
    assert_eq!(
        (&unit[1]["size"], &unit[1]["revision"]),
        (&image["size"], &"-".into())
    );
    let (old, new) = (time(&unit[0]), time(data));
    let of_image = time(image);
    assert_eq!(
        cli.ok(&["resources", "web/0"]),
        format!("Resource  Revision\ndata      {old}\nimage     {of_image}\n")
    );
    assert_eq!(
        cli.ok(&["resources", "web/0", "--details"]),
        format!(
            "\
Resource  Revision          Expected
data      {old}  {new}
image     -                 {of_image}
"
        )
    );
    assert_eq!(
        cli.ok(&["resources", "web", "--details"]),
        format!(
            "\
Unit   Resource  Revision          Expected
web/0  data      {old}  {new}
web/0  image     -                 {of_image}
web/1  data      -                 {new}
web/1  image     -                 {of_image}
"
        )
    );
    let details = cli.json(&["resources", "web/0", "--details"]);
    assert_eq!(details[0]["unitID"], "web/0");
    assert_eq!(details[0]["unit"]["size"], 3);
    assert_eq!(details[0]["expected"], *data);
    assert_eq!(details[0]["progress"], -1);
    assert_eq!(details[1]["unit"]["used"], false);
    assert_eq!(
        cli.json(&["resources", "web", "--details"])["resources"][0],
        details[0]
    );

    // A unit that does not exist has got nothing.
    assert_eq!(cli.json(&["resources", "web/7"])[0]["revision"], "-");
    assert_eq!(
        cli.fails(&["resources", "web/x"]),
        "ERROR \"web/x\" is neither an application nor a unit\n"
    );
    assert_eq!(
        cli.fails(&["resources", "db"]),
        "ERROR application \"db\" not found\n"
    );
}
