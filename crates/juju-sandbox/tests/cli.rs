//! The command line, as a process.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod support;

use std::path::Path;
use support::charm;
use support::cli::Cli;

#[test]
fn a_story() {
    let cli = Cli::new();
    let charm = charm("probe");
    cli.ok(&[
        "deploy",
        charm.to_str().unwrap(),
        "a",
        "-n",
        "2",
        "--config",
        "text=first",
    ]);
    cli.probe("b");
    cli.ok(&["integrate", "a:db", "b:backend"]);
    let set = "script=status-set active '<ok>'; application-version-set 1.0; open-port 80; relation-set -r 2 k=v";
    cli.ok(&["run", "a/leader", "do", set]);
    let status = cli.ok(&["status"]);
    let status = status
        .split_once('\n')
        .unwrap()
        .1
        .split_once('\n')
        .unwrap()
        .1;
    assert_eq!(
        status,
        "
App  Version  Status   Scale  Charm  Rev  Message
a    1.0      active       2  probe    0  <ok>
b             unknown      1  probe    0

Unit  Workload  Agent  Address   Ports   Message
a/0*  active    idle   10.1.0.2  80/tcp  <ok>
a/1   unknown   idle   10.1.0.3
b/0*  unknown   idle   10.1.0.4

Integration provider  Requirer   Interface  Type     Message
a:cluster             a:cluster  cluster    peer
b:cluster             b:cluster  cluster    peer
a:db                  b:backend  db         regular
"
    );
    let json: serde_json::Value =
        serde_json::from_str(&cli.ok(&["status", "a", "--format=yaml", "--format", "json"]))
            .unwrap();
    assert_eq!(json["model"]["name"], "sandbox");
    let application = &json["applications"]["a"];
    assert_eq!(application["application-status"]["current"], "active");
    assert_eq!(
        application["relations"]["db"][0]["related-application"],
        "b"
    );
    assert_eq!(
        application["units"]["a/0"]["workload-status"]["message"],
        "<ok>"
    );
    assert_eq!(
        application["units"]["a/0"]["juju-status"]["current"],
        "idle"
    );
    assert_eq!(application["units"]["a/0"]["leader"], true);
    assert_eq!(application["charm-rev"], 0);
    assert!(json["applications"].get("b").is_none());

    let info = cli.relation_info();
    assert_eq!(
        (&info["relation-id"], &info["related-endpoint"]),
        (&2.into(), &"db".into())
    );
    assert_eq!(info["related-units"]["a/0"]["data"]["k"], "v");
    assert_eq!(info["local-unit"]["in-scope"], true);

    cli.ok(&["set-leader", "a/1"]);
    cli.ok(&["update-status", "a/0"]);
    cli.ok(&["refresh", "a", "--path", charm.to_str().unwrap()]);
    cli.ok(&["add-unit", "b"]);
    cli.ok(&["remove-unit", "b/0"]);
    cli.ok(&["remove-relation", "a", "b"]);
    cli.ok(&["remove-application", "b"]);
    let log = cli.ok(&["debug-log", "--replay", "--include", "a/0"]);
    for hook in [
        "leader-settings-changed",
        "update-status",
        "upgrade-charm",
        "db-relation-broken",
    ] {
        assert!(log.contains(&format!("ran \"{hook}\" hook")), "{hook}");
    }
    assert!(!log.contains("unit-b-1") && cli.ok(&["debug-log", "--replay"]).contains("unit-b-1"));
    assert_eq!(cli.ok(&["debug-log", "--replay", "--level", "ERROR"]), "");
    assert!(!cli.ok(&["status"]).contains("b/"));
    cli.ok(&["destroy-model"]);
    assert!(!cli.folder.path().join(".juju-sandbox").exists());
}

#[test]
fn config() {
    let cli = Cli::new();
    cli.probe("a");
    assert_eq!(cli.ok(&["config", "a", "text"]), "hello\n");
    assert_eq!(cli.ok(&["config", "a", "unset"]), "\n");
    cli.file("value", "from a file\n");
    cli.file("all.yaml", "a: {number: 7, ratio: 1.5}");
    cli.ok(&["config", "a", "text=@value", "flag=false"]);
    cli.ok(&["config", "a", "--file", "all.yaml"]);
    assert_eq!(cli.ok(&["config", "a", "text"]), "from a file\n\n");
    assert_eq!(cli.ok(&["config", "a", "number"]), "7\n");
    cli.ok(&["config", "a", "--reset", "text,number"]);
    let shown = cli.ok(&["config", "a"]);
    let start = "application: a\napplication-config:\n  trust:\n    default: false\n    description: Does this application have access to trusted credentials\n    source: default\n    type: bool\n    value: false\ncharm: probe\nsettings:\n  empty:\n    default: \"\"\n    description: \"\"\n    source: default\n    type: string\n    value: \"\"\n  flag:\n    default: true\n    description: \"\"\n    source: user\n    type: boolean\n    value: false\n";
    assert!(shown.starts_with(start), "{shown}");
    assert!(
        shown.contains("  number:\n    default: 1000000\n"),
        "{shown}"
    );
    for (args, text) in [
        (
            vec!["config", "a", "number=x"],
            "ERROR option \"number\" expected int, got \"x\"\n",
        ),
        (
            vec!["config", "a", "nope=x"],
            "ERROR unknown option \"nope\"\n",
        ),
        (vec!["config", "b"], "ERROR application \"b\" not found\n"),
        (
            vec!["config", "a", "--reset", "nope"],
            "ERROR unknown option \"nope\"\n",
        ),
    ] {
        assert_eq!(cli.fails(&args), text);
    }
}

#[test]
fn errors_and_resolved() {
    let cli = Cli::new();
    cli.probe("a");
    let scripts = cli
        .folder
        .path()
        .join(".juju-sandbox/agents/unit-a-0/charm/scripts/hooks");
    std::fs::create_dir_all(&scripts).unwrap();
    std::fs::write(scripts.join("config-changed"), "exit 1").unwrap();
    let (code, _, stderr) = cli.call(&["config", "a", "text=x"]);
    assert_eq!(
        (code, stderr.as_str()),
        (
            0,
            "WARNING a/0: hook failed: \"config-changed\" (see debug-log)\n"
        )
    );
    assert!(
        cli.ok(&["status"])
            .contains("a/0*  error     idle   10.1.0.2         hook failed: \"config-changed\"\n")
    );
    assert!(
        cli.ok(&["debug-log", "--replay", "--level", "error"])
            .ends_with("failed: exit status 1\n")
    );
    assert_eq!(
        cli.fails(&["resolved", "a/1"]),
        "ERROR unit \"a/1\" not found\n"
    );
    // It fails again, and is reported again.
    assert_eq!(cli.call(&["resolved", "a/0"]).2, stderr);
    cli.ok(&["resolved", "--no-retry", "--all"]);
    assert_eq!(
        cli.fails(&["resolved", "a/0"]),
        "ERROR unit \"a/0\" is not in an error state\n"
    );
}

#[test]
fn stand_ins_and_versions() {
    let cli = Cli::new();
    cli.ok(&[
        "--state",
        "other",
        "add-model",
        "mine",
        "--juju-version",
        "4.0.1",
    ]);
    assert!(
        cli.fails(&["--state", "other", "add-model", "mine"])
            .ends_with("model \"mine\" for admin already exists (already exists)\n")
    );
    cli.file(
        "meta.yaml",
        "{name: other, summary: s, description: d, provides: {extra: extra}}",
    );
    let state = ["--state", "other"];
    let with = |args: &[&str]| {
        [&state[..], args]
            .concat()
            .iter()
            .map(|&arg| arg.to_owned())
            .collect::<Vec<_>>()
    };
    for args in [
        with(&["deploy", charm("probe").to_str().unwrap()]),
        with(&["stand-in", "meta.yaml", "other"]),
        with(&["integrate", "probe", "other"]),
        with(&["write-databag", "1", "other", "k=v"]),
        with(&["write-databag", "1", "other/0", "k=w"]),
    ] {
        cli.ok(&args.iter().map(String::as_str).collect::<Vec<_>>());
    }
    let output = cli.ok(&[
        "--state",
        "other",
        "run",
        "probe/0",
        "do",
        "script=relation-get -r 1 --app k other; relation-get -r 1 k other/0",
    ]);
    assert_eq!(output, "\nv\nw\n");
    let mode = |path: &str| {
        std::os::unix::fs::PermissionsExt::mode(
            &cli.folder
                .path()
                .join(path)
                .metadata()
                .unwrap()
                .permissions(),
        ) & 0o777
    };
    assert_eq!((mode("other"), mode("other/state.json")), (0o700, 0o600));
}

/// Adding, granting, configuring, relating, updating, with another leader in between: the databag
/// at each step. The charm's leader passes on the secret's content.
#[test]
fn a_story_of_a_secret() {
    const HAND_ON: &str = r#"
        is-leader | grep -q True || exit 0
        relation-ids db | grep -q . || exit 0
        uri=$(config-get key)
        token=$(secret-get "$uri" token --refresh 2>/dev/null) || token=none
        relation-set -r 2 --app by=$JUJU_UNIT_NAME token=$token
    "#;
    let cli = Cli::new();
    let source = charm("probe");
    cli.ok(&["deploy", source.to_str().unwrap(), "a", "-n", "2"]);
    cli.probe("b");
    for unit in ["unit-a-0", "unit-a-1"] {
        let hooks = format!(".juju-sandbox/agents/{unit}/charm/scripts/hooks");
        let hooks = cli.folder.path().join(hooks);
        std::fs::create_dir_all(&hooks).unwrap();
        for hook in [
            "config-changed",
            "secret-changed",
            "leader-elected",
            "update-status",
            "db-relation-created",
        ] {
            std::fs::write(hooks.join(hook), HAND_ON).unwrap();
        }
    }
    let bag = || cli.relation_info()["application-data"].to_string();
    cli.file("key.json", r#"{"token": "one"}"#);
    let uri = cli.ok(&[
        "add-secret",
        "login",
        "--file",
        "key.json",
        "--info",
        "for a",
    ]);
    let uri = uri.trim_end();
    assert!(uri.starts_with("secret:") && uri.len() == 27, "{uri}");
    let option = format!("key={uri}");

    // The hook that the option causes can already read the secret, which was granted before.
    cli.ok(&["grant-secret", "login", "a"]);
    cli.ok(&["config", "a", &option]);
    cli.ok(&["integrate", "a:db", "b:backend"]);
    assert_eq!(bag(), r#"{"by":"a/0","token":"one"}"#);
    cli.ok(&["update-secret", "login", "token=two"]);
    assert_eq!(bag(), r#"{"by":"a/0","token":"two"}"#);
    cli.ok(&["set-leader", "a/1"]);
    assert_eq!(bag(), r#"{"by":"a/1","token":"two"}"#);
    cli.ok(&["update-secret", uri, "token=three"]);
    assert_eq!(bag(), r#"{"by":"a/1","token":"three"}"#);
    // Neither revoking nor granting is announced.
    cli.ok(&["revoke-secret", "login", "a"]);
    assert_eq!(bag(), r#"{"by":"a/1","token":"three"}"#);
    cli.ok(&["update-status"]);
    assert_eq!(bag(), r#"{"by":"a/1","token":"none"}"#);
    cli.ok(&["grant-secret", uri, "a,b"]);
    assert_eq!(bag(), r#"{"by":"a/1","token":"none"}"#);
    cli.ok(&["update-status", "a/1"]);
    assert_eq!(bag(), r#"{"by":"a/1","token":"three"}"#);
    // The output does not contain the content.
    for args in [
        &["secrets", "--format", "yaml"][..],
        &["show-secret", "login"],
        &["status", "--format", "yaml"],
        &["debug-log", "--replay"],
        &["show-unit", "a/0", "a/1"],
    ] {
        let shown = cli.ok(args);
        for value in ["one", "two"] {
            let mut words = shown.split_whitespace();
            assert!(!words.any(|word| word == value), "{args:?}: {shown}");
        }
    }
}

#[test]
fn what_is_shown_of_secrets() {
    let cli = Cli::new();
    cli.probe("a");
    let uri = cli.ok(&["add-secret", "login", "token=one", "--info", "for a"]);
    let uri = uri.trim_end();
    for value in ["token=two", "token=three"] {
        cli.ok(&["update-secret", "login", value]);
    }
    cli.ok(&["grant-secret", "login", "a"]);
    let id = &uri[7..];
    let table = cli.ok(&["secrets"]);
    let rows: Vec<Vec<&str>> = table
        .lines()
        .map(|row| {
            row.split("  ")
                .filter(|cell| !cell.is_empty())
                .map(str::trim)
                .collect()
        })
        .collect();
    assert_eq!(
        rows[0],
        [
            "ID",
            "Name",
            "Owner",
            "Rotation",
            "Revision",
            "Last updated"
        ]
    );
    assert_eq!(rows[1][..5], [id, "login", "<model>", "never", "3"]);
    let json = |args: &[&str]| {
        serde_json::from_str::<serde_json::Value>(&cli.ok(args)).unwrap()[id].clone()
    };
    let shown = json(&["show-secret", "login", "--format", "json"]);
    assert_eq!(
        (
            &shown["owner"],
            &shown["name"],
            &shown["description"],
            &shown["revision"]
        ),
        (
            &"<model>".into(),
            &"login".into(),
            &"for a".into(),
            &3.into()
        )
    );
    assert_eq!(shown["access"][0]["target"], "application-a");
    assert_eq!(
        shown["access"][0]["scope"],
        "model-5a0d0b0c-7a9e-4c57-8f6e-0c0ffee0cafe"
    );
    assert!(shown.get("content").or(shown.get("checksum")).is_none());
    let revealed = json(&["show-secret", id, "--reveal", "--format", "json"]);
    assert_eq!(revealed["content"]["Data"]["token"], "three");
    // Of {"token":"dGhyZWU="}.
    assert_eq!(
        revealed["checksum"],
        "3148c259022736afa4abe996e6ff30df7589805d7e162e5e501310c4f864809e"
    );
    let first = cli.ok(&["show-secret", uri, "--reveal", "--revision", "1"]);
    assert!(first.contains("  content:\n    token: one\n"), "{first}");
    let revisions = json(&["show-secret", uri, "--revisions", "--format", "json"]);
    assert_eq!(revisions["revisions"].as_array().unwrap().len(), 3);
    let own = "script=secret-add --label key --rotate monthly token=v > /dev/null";
    cli.ok(&["run", "a/0", "do", own]);
    let shown = cli.ok(&["show-secret", "key"]);
    for line in ["  label: key\n", "  owner: a\n", "  rotation: monthly\n"] {
        assert!(shown.contains(line), "{shown}");
    }
}

#[test]
fn what_is_refused_of_secrets() {
    let cli = Cli::new();
    cli.probe("a");
    let id = cli.ok(&["add-secret", "login", "token=one"]);
    let id = id.trim_end().trim_start_matches("secret:");
    for (args, complaint) in [
        (
            &["add-secret", "login", "key=v"][..],
            "secret with name \"login\" already exists",
        ),
        (&["add-secret", "other"], "missing secret value or filename"),
        (
            &["add-secret", "other", "key#file=/no/such"],
            "reading content for secret key \"key\": open /no/such: no such file or directory",
        ),
        (
            &["update-secret", "other", "key=v"],
            "secret \"other\" not found",
        ),
        (
            &["update-secret", "login"],
            "at least one attribute to update must be specified",
        ),
        (
            &["grant-secret", "login", "a,y,z"],
            "failed to grant/revoke secret: invalid subject reference: application \"y\" not found, invalid subject reference: application \"z\" not found",
        ),
        (&["show-secret", "other"], "secret \"other\" not found"),
        (
            &["remove-secret", "9m4e2mr0ui3e8a215n4g"],
            "secret \"secret:9m4e2mr0ui3e8a215n4g\" not found",
        ),
    ] {
        assert_eq!(cli.fails(args), format!("ERROR {complaint}\n"), "{args:?}");
    }
    cli.ok(&["grant-secret", "login", "a"]);
    cli.ok(&[
        "run",
        "a/0",
        "do",
        &format!("script=secret-get {id} > /dev/null"),
    ]);
    cli.ok(&["update-secret", "login", "token=two"]);
    cli.ok(&["update-secret", "login", "token=three"]);
    // The unit tracks 1; 2 goes with the next update, which prunes.
    cli.ok(&[
        "update-secret",
        "login",
        "--auto-prune",
        "--name",
        "other",
        "token=four",
    ]);
    let shown = cli.ok(&["show-secret", "other", "--revisions"]);
    assert!(
        shown.contains("    revision: 1\n") && shown.contains("    revision: 4\n"),
        "{shown}"
    );
    assert_eq!(shown.matches("backend: internal").count(), 2, "{shown}");
    cli.ok(&["remove-secret", "other", "--revision", "1"]);
    cli.ok(&["remove-secret", "other"]);
    assert_eq!(cli.ok(&["secrets", "--format", "json"]), "{}\n");
}

#[test]
fn a_model_too_old_for_user_secrets() {
    let cli = Cli::new();
    cli.ok(&["add-model", "old", "--juju-version", "3.1.9"]);
    assert_eq!(
        cli.fails(&["add-secret", "x", "key=v"]),
        "ERROR user secrets not supported\n"
    );
    assert_eq!(
        cli.fails(&["remove-secret", "x"]),
        "ERROR user secrets not supported\n"
    );
}

#[test]
fn resources() {
    let cli = Cli::new();
    let charm = support::probe_with("resources: {data: {filename: a.txt}, more: {filename: b}}");
    cli.file("content", "text");
    let given = ["--resource", "data=content"];
    cli.ok(&[&["deploy", charm.path().to_str().unwrap(), "a"], &given[..]].concat());
    cli.file("content", "more text");
    cli.ok(&["attach-resource", "a", "data=content"]);
    assert_eq!(
        cli.ok(&["run", "a/0", "do", "script=cat $(resource-get data)"]),
        "\nmore text\n"
    );
    let table = cli.ok(&["resources", "a"]);
    let lines: Vec<&str> = table.lines().collect();
    assert_eq!(lines[0], "Resource  Supplied by  Revision");
    assert!(
        lines[1].starts_with("data      admin        2026-01-01T00:0"),
        "{table}"
    );
    assert_eq!(lines[2], "more      charmhub     -");
    let json = cli.ok(&["resources", "a", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let data = &json["resources"][0];
    assert_eq!(
        (&data["resourceid"], &data["size"], &data["used"]),
        (&"a/data".into(), &9.into(), &true.into())
    );
    assert_eq!(json["resources"][1]["origin"], "store");
    cli.file("content", "text of the next charm");
    let refresh = ["refresh", "a", "--path", charm.path().to_str().unwrap()];
    cli.ok(&[&refresh[..], &given[..]].concat());
    assert_eq!(
        cli.ok(&["exec", "--unit", "a/0", "cat $(resource-get data)"]),
        "text of the next charm\n"
    );
    let log = cli.ok(&["debug-log", "--replay"]);
    assert_eq!(log.matches("ran \"upgrade-charm\" hook").count(), 2);
    assert_eq!(
        cli.fails(&[&refresh[..], &["--resource", "none=content"]].concat()),
        "ERROR unrecognized resource \"none\"\n"
    );
    assert_eq!(
        cli.fails(&["attach-resource", "a", "data"]),
        "ERROR bad resource arg \"data\": expected name=path format\n"
    );
}

#[test]
fn subordinates_are_shown_below_their_principals() {
    let cli = Cli::new();
    cli.probe("a");
    let charm = support::probe_with(
        "subordinate: true\nrequires: {host: {interface: juju-info, scope: container}}",
    );
    cli.ok(&["deploy", charm.path().to_str().unwrap(), "sub"]);
    cli.ok(&["integrate", "a", "sub"]);
    let status = cli.ok(&["status"]);
    let (_, status) = status.split_once("\n\n").unwrap();
    assert_eq!(
        status,
        "App  Version  Status   Scale  Charm  Rev  Message
a             unknown      1  probe    0
sub           unknown      1  probe    0

Unit      Workload  Agent  Address   Ports  Message
a/0*      unknown   idle   10.1.0.2
  sub/0*  unknown   idle   10.1.0.2

Integration provider  Requirer   Interface  Type         Message
a:cluster             a:cluster  cluster    peer
a:juju-info           sub:host   juju-info  subordinate
"
    );
    let json: serde_json::Value =
        serde_json::from_str(&cli.ok(&["status", "--format", "json"])).unwrap();
    let applications = &json["applications"];
    assert_eq!(applications["sub"]["subordinate-to"][0], "a");
    assert!(applications["sub"].get("units").is_none());
    let unit = &applications["a"]["units"]["a/0"]["subordinates"]["sub/0"];
    assert_eq!(unit["leader"], true);
    assert_eq!(
        applications["a"]["relations"]["juju-info"][0]["scope"],
        "container"
    );
}

#[test]
fn storage() {
    let cli = Cli::new();
    cli.probe("b");
    assert_eq!(cli.call(&["storage"]).2, "No storage to display.\n");
    let charm = support::probe_with("storage: {data: {type: filesystem, multiple: {range: 1+}}}");
    let deploy = ["deploy", charm.path().to_str().unwrap(), "a"];
    cli.ok(&[&deploy[..], &["--storage", "data=2,512M"]].concat());
    assert_eq!(
        cli.ok(&["storage"]),
        "Unit  Storage ID  Type        Pool    Size     Status    Message
a/0   data/0      filesystem  rootfs  512 MiB  attached
a/0   data/1      filesystem  rootfs  512 MiB  attached
"
    );
    let json = cli.ok(&["storage", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["storage"]["data/1"]["status"]["current"], "attached");
}

#[test]
fn time_passes() {
    let cli = Cli::new();
    cli.probe("a");
    let add = "script=secret-add --rotate hourly token=one";
    cli.ok(&["run", "a/0", "do", add]);
    cli.ok(&["advance", "61m"]);
    assert!(
        cli.ok(&["debug-log", "--replay"])
            .contains("ran \"secret-rotate\" hook")
    );
    cli.ok(&["destroy-model"]);
    cli.probe("a");
    cli.ok(&["advance", "2026-02-01T00:00:00Z"]);
    assert!(cli.ok(&["status"]).contains("2026-02-01T00:"));
    assert!(
        cli.fails(&["advance", "2026-01-02T00:00:00Z"])
            .contains("is past: it is 2026-02-01")
    );
    assert_eq!(
        cli.fails(&["advance", "soon"]),
        "ERROR \"soon\" is neither a duration such as 24h nor a time such as 2026-02-01T00:00:00Z\n"
    );
}

#[test]
fn variables() {
    let cli = Cli::new();
    cli.ok(&[
        "add-model",
        "m",
        "--env",
        "KUBERNETES_SERVICE_HOST=10.0.0.1",
        "--env",
        "CARGO_MANIFEST_DIR",
    ]);
    cli.probe("a");
    let charm = charm("probe");
    let deploy = ["deploy", charm.to_str().unwrap(), "b"];
    cli.ok(&[
        &deploy[..],
        &["--env", "CARGO_MANIFEST_DIR=/b", "--env", "X=y=z"],
    ]
    .concat());
    let show = "script=echo $KUBERNETES_SERVICE_HOST $CARGO_MANIFEST_DIR $X";
    let here = env!("CARGO_MANIFEST_DIR");
    assert_eq!(
        cli.ok(&["run", "a/0", "do", show]),
        format!("\n10.0.0.1 {here}\n")
    );
    assert_eq!(cli.ok(&["run", "b/0", "do", show]), "\n10.0.0.1 /b y=z\n");
    for (argument, reason) in [
        (
            "JUJU_VERSION=9",
            "the variable \"JUJU_VERSION\" is Juju's own",
        ),
        (
            "NOT_SET_HERE",
            "the variable \"NOT_SET_HERE\" is not set here",
        ),
    ] {
        let refused = cli.fails(&["deploy", charm.to_str().unwrap(), "c", "--env", argument]);
        assert_eq!(refused, format!("ERROR {reason}\n"));
    }
}

/// As in a pod, hooks learn where the cluster is.
#[test]
fn variables_of_a_pod() {
    let cli = Cli::new();
    cli.probe("a");
    let show = "script=echo $KUBERNETES_SERVICE_HOST $KUBERNETES_SERVICE_PORT $KUBERNETES_OTHER";
    let run = ["run", "a/0", "do", show];
    let pod = [
        ("KUBERNETES_SERVICE_HOST", "10.152.183.1"),
        ("KUBERNETES_SERVICE_PORT", "443"),
        ("KUBERNETES_OTHER", "x"),
    ];
    assert_eq!(cli.call_in(&pod, &run).1, "\n10.152.183.1 443\n");
    assert_eq!(cli.ok(&run), "\n\n");
    let charm = charm("probe");
    let host = "KUBERNETES_SERVICE_HOST=10.0.0.1";
    cli.ok(&["deploy", charm.to_str().unwrap(), "b", "--env", host]);
    let run = ["run", "b/0", "do", show];
    assert_eq!(cli.call_in(&pod, &run).1, "\n10.0.0.1 443\n");
}

#[test]
fn usage() {
    let cli = Cli::new();
    assert_eq!(cli.call(&["nonsense"]).0, 2);
    assert_eq!(
        cli.fails(&["status"]),
        "ERROR model in \".juju-sandbox\" not found\n"
    );
    assert!(!cli.folder.path().join(".juju-sandbox").exists());
    assert_eq!(cli.call(&["--help"]).0, 0);
    assert_eq!(
        cli.fails(&["deploy", "nowhere"]),
        "ERROR cannot deploy \"nowhere\": there is no such file or directory, and juju-sandbox does not reach Charmhub\n"
    );
    assert_eq!(
        cli.fails(&["deploy", "./nowhere"]),
        "ERROR cannot deploy the charm: open metadata.yaml: no such file or directory\n"
    );
    assert!(!Path::new(cli.folder.path()).join("nowhere").exists());
}

#[test]
fn exposed() {
    let cli = Cli::new();
    cli.probe("a");
    let shown = |cli: &Cli| {
        let json = cli.json(&["status"]);
        let header = cli.ok(&["status"]).contains("  Rev  Exposed  Message\n");
        (json["applications"]["a"]["exposed"].clone(), header)
    };
    assert_eq!(shown(&cli), (false.into(), false));
    cli.ok(&["expose", "a"]);
    assert_eq!(shown(&cli), (true.into(), true));
    assert_eq!(cli.json(&["show-application", "a"])["a"]["exposed"], true);
    let (_, _, stderr) = cli.call(&["unexpose", "a", "--endpoints", "db"]);
    assert_eq!(stderr, "WARNING --endpoints does nothing in juju-sandbox\n");
    assert_eq!(shown(&cli), (false.into(), false));
    assert_eq!(
        cli.fails(&["expose", "b"]),
        "ERROR application \"b\" not found\n"
    );
}

#[test]
fn a_charm_without_anything_to_run() {
    let cli = Cli::new();
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("metadata.yaml", "{name: web, summary: s, description: d}");
    let charm = folder.path().to_str().unwrap();
    let refused =
        "ERROR cannot deploy the charm: invalid charm \"web\": has no hooks nor dispatch file\n";
    assert_eq!(cli.fails(&["deploy", charm]), refused);
    // Juju looks no closer than this.
    write("dispatcher.py", "");
    assert_eq!(
        cli.call(&["deploy", charm]),
        (
            0,
            String::new(),
            "WARNING charm \"web\" has neither dispatch nor hooks: nothing of it runs\n".into()
        )
    );
    assert!(
        cli.ok(&["debug-log", "--replay"])
            .contains("skipped \"install\" hook (missing)")
    );
}

#[test]
fn help_on_commands() {
    let cli = Cli::new();
    let help = cli.ok(&["help"]);
    let at = |text: &str| help.find(text).unwrap_or_else(|| panic!("{text}: {help}"));
    assert!(at("\n  deploy  ") < at("\nModels:\n") && at("\nModels:\n") < at("\n  add-model  "));
    assert_eq!(cli.ok(&["help", "deploy"]), cli.ok(&["deploy", "--help"]));
    assert_eq!(
        cli.fails(&["help", "deplo"]),
        "ERROR unknown command or topic for deplo\n\nDid you mean:\n\tdeploy\n"
    );
}

#[test]
fn completion() {
    let cli = Cli::new();
    for (shell, part) in [
        ("bash", "complete -F _juju__sandbox"),
        ("zsh", "#compdef juju-sandbox"),
        ("fish", "complete -c juju-sandbox "),
    ] {
        let script = cli.ok(&["completion", shell]);
        assert!(script.contains(part), "{shell}: {script}");
        assert!(script.contains("grant-secret"), "{shell}");
    }
    assert_eq!(cli.call(&["completion", "tcsh"]).0, 2);
}
