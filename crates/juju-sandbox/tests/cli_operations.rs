//! `run`, `exec` and what they leave behind; `ssh`, `scp`; statuses and logs that have passed.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod support;

use serde_json::json;
use support::cli::Cli;

#[test]
fn run() {
    let cli = Cli::new();
    cli.probe("a");
    let script = "script=action-set x.y=1 z='two words'; action-log hi; echo out; echo err >&2";
    let (code, stdout, stderr) = cli.call(&["run", "a/leader", "do", script, "level=3"]);
    assert_eq!(
        (code, stdout.as_str()),
        (0, "x:\n  \"y\": \"1\"\nz: two words\n\nout\nerr\n")
    );
    let (before, log) = stderr.split_once("00:").unwrap();
    assert_eq!(
        before,
        "Running operation 1 with 1 task\n  - task 2 on unit-a-0\n\nWaiting for task 2...\n\n"
    );
    assert!(log.ends_with(" hi\n\n\n"), "{log}");
    // As in Juju, only an exit code makes the command fail.
    let failed = cli.ok(&["run", "a/0", "do", "script=action-fail 'no way'"]);
    assert_eq!(failed, "Action id 4 failed: no way\n\n");
    let (code, stdout, stderr) = cli.call(&["run", "a/0", "do", "script=exit 3"]);
    assert_eq!(
        (code, stdout.as_str()),
        (1, "Action id 6 failed: exit status 3\n\n")
    );
    assert!(
        stderr.ends_with(
            "ERROR the following task failed:\n - id \"6\" with return code 3\n\nuse 'juju show-task' to inspect the failure\n\n"
        ),
        "{stderr}"
    );
    cli.file(
        "params.yaml",
        "script: action-get --format=json\nlevel: 1\n",
    );
    let output = cli.json(&[
        "run",
        "a/0",
        "do",
        "--params",
        "params.yaml",
        "mode=fast",
        "nested.deep=false",
    ]);
    assert_eq!(output["a/0"]["status"], "completed");
    assert_eq!(
        output["a/0"]["results"]["stdout"],
        "{\"level\":1,\"mode\":\"fast\",\"nested\":{\"deep\":false},\"script\":\"action-get --format=json\"}\n"
    );
    let timing: Vec<&String> = output["a/0"]["timing"]
        .as_object()
        .unwrap()
        .keys()
        .collect();
    assert_eq!(timing, ["completed", "enqueued", "started"]);
    cli.ok(&["run", "a/0", "do", "script=true", "--string-args"]);
}

/// A command line that is refused before anything runs.
struct Refused {
    name: &'static str,
    args: &'static [&'static str],
    code: i32,
    said: &'static str,
    /// Exit code and complaint of Juju 4, where it differs.
    by_4: Option<(i32, &'static str)>,
}

fn assert_refused(cases: &[Refused]) {
    for version in ["2.9.51", "3.6.12", "4.0.14"] {
        let cli = Cli::new();
        cli.ok(&["add-model", "m", "--juju-version", version]);
        let charm = support::charm("hooks");
        cli.ok(&["deploy", charm.to_str().unwrap(), "a", "-n", "2"]);
        for Refused {
            name,
            args,
            code,
            said,
            by_4,
        } in cases
        {
            let (code, said) = by_4
                .filter(|_| version.starts_with('4'))
                .unwrap_or((*code, said));
            let (found, stdout, stderr) = cli.call(args);
            assert_eq!((found, stdout.as_str()), (code, ""), "{version}: {name}");
            assert!(stderr.ends_with(said), "{version}: {name}: {stderr}");
        }
    }
}

#[test]
fn refused_actions() {
    assert_refused(&[
        Refused {
            name: "an unknown action",
            args: &["run", "a/0", "none"],
            code: 0,
            said: "failed to schedule any tasks:\naction \"none\" not defined on unit \"a/0\"\n",
            by_4: Some((
                1,
                "ERROR action \"none\" not defined for unit \"a/0\". (not found)\n",
            )),
        },
        Refused {
            name: "an unknown unit",
            args: &["run", "a/9", "there"],
            code: 0,
            said: "failed to schedule any tasks:\nunit-a-9 not found\n",
            by_4: Some((0, "failed to schedule any tasks:\nunit \"a/9\" not found\n")),
        },
        Refused {
            name: "a leader that is not there",
            args: &["run", "b/leader", "there"],
            code: 0,
            said: "failed to schedule any tasks:\ncould not determine leader for \"b\"\n",
            by_4: None,
        },
        Refused {
            name: "an argument without a value",
            args: &["run", "a/0", "there", "x"],
            code: 2,
            said: "ERROR argument \"x\" must be of the form key.key.key...=value\n",
            by_4: None,
        },
        Refused {
            name: "a bad name of a parameter",
            args: &["run", "a/0", "there", "a_b=1"],
            code: 2,
            said: "ERROR key \"a_b\" must start and end with lowercase alphanumeric, and contain only lowercase alphanumeric and hyphens\n",
            by_4: None,
        },
        Refused {
            name: "a map on the command line",
            args: &["run", "a/0", "there", "x={a: b}"],
            code: 1,
            said: "ERROR json: unsupported type: map[interface {}]interface {}\n",
            by_4: None,
        },
        Refused {
            name: "no unit",
            args: &["run", "there"],
            code: 2,
            said: "ERROR no unit specified\n",
            by_4: None,
        },
        Refused {
            name: "no action",
            args: &["run", "a/0"],
            code: 2,
            said: "ERROR no action specified\n",
            by_4: None,
        },
        Refused {
            name: "units of two applications",
            args: &["run", "a/0", "b/0", "there"],
            code: 2,
            said: "ERROR all units must be of the same application\n",
            by_4: None,
        },
        Refused {
            name: "waiting for what is in the background",
            args: &["run", "a/0", "there", "--wait", "1s", "--background"],
            code: 2,
            said: "ERROR cannot specify both --wait and --background\n",
            by_4: None,
        },
    ]);
}

#[test]
fn refused_commands() {
    assert_refused(&[
        Refused {
            name: "a command without a target",
            args: &["exec", "true"],
            code: 2,
            said: "ERROR You must specify a target, either through --all, --machine, --application or --unit\n",
            by_4: None,
        },
        Refused {
            name: "a command on all machines",
            args: &["exec", "--all", "true"],
            code: 1,
            said: "ERROR cannot run on all machines with a caas model\n",
            by_4: None,
        },
        Refused {
            name: "a command on a leader that is not there",
            args: &["exec", "--unit", "b/leader", "true"],
            code: 1,
            said: "ERROR could not determine leader for \"b\"\n",
            by_4: None,
        },
        Refused {
            name: "a command on a machine",
            args: &["exec", "--machine", "0", "true"],
            code: 1,
            said: "ERROR unable to target machines with a k8s controller\n",
            by_4: None,
        },
        Refused {
            name: "a command on what is not a unit",
            args: &["exec", "--unit", "a", "true"],
            code: 2,
            said: "ERROR The following exec targets are not valid:\n  \"a\" is not a valid unit name\n",
            by_4: None,
        },
    ]);
}

#[test]
fn parameters_that_do_not_fit() {
    let args = ["run", "a/0", "do", "script=5", "--format", "json"];
    let cli = Cli::new();
    cli.probe("a");
    let (code, stdout, stderr) = cli.call(&args);
    assert_eq!((code, stdout.as_str()), (0, ""));
    assert!(
        stderr.ends_with("validation failed: (root).script : must be of type string, given 5\n"),
        "{stderr}"
    );
    // Only the operation has taken a number.
    let task = cli.json(&["run", "a/0", "do", "script=exit 0"]);
    assert_eq!(task["a/0"]["id"], "3");

    // Juju 4 makes a task of it, which does not run.
    let cli = Cli::new();
    cli.ok(&["add-model", "m", "--juju-version", "4.0.14"]);
    cli.probe("a");
    let (code, stdout, _) = cli.call(&args);
    let task: serde_json::Value = serde_json::from_str(&stdout).unwrap();
    let task = &task["a/0"];
    assert_eq!(
        (code, &task["id"], &task["status"], &task["message"]),
        (
            0,
            &json!("1"),
            &json!("error"),
            &json!(
                "cannot run \"do\" action: validation failed: (root).script : must be of type string, given 5"
            )
        )
    );
    assert!(task.get("results").is_none());
    let task = cli.json(&["run", "a/0", "do", "script=exit 0"]);
    let timing: Vec<&String> = task["a/0"]["timing"].as_object().unwrap().keys().collect();
    assert_eq!(
        (task["a/0"]["id"].as_str(), timing.as_slice()),
        (
            Some("3"),
            &[&"enqueued".to_owned(), &"started".to_owned()][..]
        )
    );
}

#[test]
fn maps_as_parameters() {
    struct Case {
        version: &'static str,
        delivered: &'static str,
    }

    for Case { version, delivered } in [
        Case {
            version: "3.6.12",
            delivered: "{\"deep\":false}\n",
        },
        Case {
            version: "4.0.14",
            delivered: "\"map[deep:false]\"\n",
        },
    ] {
        let cli = Cli::new();
        cli.ok(&["add-model", "m", "--juju-version", version]);
        cli.probe("a");
        let script = "script=action-get --format=json nested";
        let task = cli.json(&["run", "a/0", "do", script, "nested.deep=false"]);
        assert_eq!(task["a/0"]["results"]["stdout"], delivered, "{version}");
    }
}

#[test]
fn exec() {
    let cli = Cli::new();
    let charm = support::charm("probe");
    cli.ok(&["deploy", charm.to_str().unwrap(), "a", "-n", "2"]);
    // The environment is an action's, but for the path to dispatch.
    let environment = cli.ok(&["exec", "--unit", "a/0", "--", "env"]);
    for line in [
        "JUJU_ACTION_NAME=juju-exec",
        "JUJU_ACTION_TAG=action-2",
        "JUJU_ACTION_UUID=2",
        "JUJU_HOOK_NAME=",
        "JUJU_UNIT_NAME=a/0",
    ] {
        assert!(environment.lines().any(|has| has == line), "{line}");
    }
    assert!(!environment.contains("JUJU_DISPATCH_PATH"));
    let folder = cli.ok(&[
        "exec",
        "--unit",
        "a/leader",
        "basename $PWD; ls metadata.yaml",
    ]);
    assert_eq!(folder, "charm\nmetadata.yaml\n");
    // Words are quoted, and a single one is a script.
    assert_eq!(
        cli.ok(&["exec", "--unit", "a/0", "--", "echo", "$HOME  x"]),
        "$HOME  x\n"
    );
    let given = cli.ok(&[
        "exec",
        "--unit",
        "a/0",
        "--wait",
        "2s",
        "action-get --format=json",
    ]);
    assert_eq!(
        given,
        "{\"command\":\"action-get --format=json\",\"timeout\":2000000000,\"workload-context\":true}\n"
    );
    let both = cli.ok(&["exec", "--application", "a", "echo $JUJU_UNIT_NAME >&2"]);
    assert_eq!(both, "a/0:\na/0\n\na/1:\na/1\n\n");
    // What it writes stays although it fails.
    let (code, stdout, stderr) = cli.call(&[
        "exec",
        "--unit",
        "a/0",
        "status-set active ok; open-port 80; exit 4",
    ]);
    assert_eq!((code, stdout.as_str()), (1, ""));
    assert!(
        stderr.starts_with("ERROR the following task failed:\n - id \""),
        "{stderr}"
    );
    assert!(
        cli.ok(&["status"])
            .contains("a/0*  active    idle   10.1.0.2  80/tcp  ok\n")
    );
    let (_, stdout, _) = cli.call(&["exec", "--unit", "a/0", "--format", "json", "exit 4"]);
    let task: serde_json::Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!(task["a/0"]["status"], "completed");
    assert_eq!(task["a/0"]["results"], json!({"return-code": 4}));
}

#[test]
fn looking_back() {
    let cli = Cli::new();
    let charm = support::charm("probe");
    cli.ok(&["deploy", charm.to_str().unwrap(), "a", "-n", "2"]);
    let (_, stdout, said) = cli.call(&["run", "a/0", "do", "script=echo out", "--background"]);
    assert_eq!(
        (stdout.as_str(), said.as_str()),
        (
            "",
            "Scheduled operation 1 with task 2\nCheck operation status with 'juju show-operation 1'\nCheck task status with 'juju show-task 2'\n"
        )
    );
    assert_eq!(cli.ok(&["show-task", "2"]), "\nout\n");
    let several = cli.json(&["run", "a/0", "a/1", "do", "script=action-set k=v"]);
    assert_eq!(
        (&several["a/0"]["id"], &several["a/1"]["id"]),
        (&json!("4"), &json!("5"))
    );
    let operation = cli.json(&["show-operation", "3"]);
    assert_eq!(operation["summary"], "do run on unit-a-0,unit-a-1");
    assert_eq!(
        operation["action"],
        json!({"name": "do", "parameters": {"script": "action-set k=v"}})
    );
    assert_eq!(
        operation["tasks"]["5"]["results"],
        json!({"k": "v", "return-code": 0})
    );
    assert_eq!(operation["tasks"]["5"]["host"], "a/1");
    cli.call(&["exec", "--unit", "a/1", "true"]);
    // An operation of which nothing came is kept, too.
    cli.ok(&["run", "a/leader", "none"]);
    let refused = cli.json(&["show-operation", "8"]);
    assert_eq!(
        refused["error"],
        "error(s) enqueueing action(s): action \"none\" not defined on unit \"a/0\""
    );
    assert_eq!(refused["summary"], "none run on a/leader");
    let ids = |args: &[&str]| {
        let shown = cli.json(&[&["operations"], args].concat());
        shown
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(&[]), ["1", "3", "6", "8"]);
    assert_eq!(ids(&["--actions", "juju-exec"]), ["6"]);
    assert_eq!(
        ids(&["--units", "a/0", "--limit", "1", "--offset", "1"]),
        ["3"]
    );
    let table = cli.ok(&["operations"]);
    assert!(table.starts_with("ID  Status     Started"), "{table}");
    let (_, _, said) = cli.call(&["operations", "--status", "failed"]);
    assert_eq!(said, "no matching operations\n");
    assert_eq!(
        cli.fails(&["show-task", "9"]),
        "ERROR task \"9\" not found\n"
    );

    let actions = cli.json(&["actions", "a"]);
    assert_eq!(
        actions,
        json!({"do": "Runs a shell script.", "plain": "No description"})
    );
    let schema = cli.json(&["actions", "a", "--schema"]);
    assert_eq!(schema["do"]["required"], json!(["script"]));
    assert_eq!(schema["plain"]["title"], "plain");

    let log = cli.json(&["show-status-log", "a/0", "--type", "workload"]);
    let words: Vec<&str> = log
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["status"].as_str().unwrap())
        .collect();
    assert_eq!(words, ["waiting", "maintenance", "unknown"]);
    assert_eq!(log[0]["since"], "2026-01-01T00:00:02Z");
    let newest = cli.ok(&["show-status-log", "a/0", "-n", "1"]);
    assert_eq!(newest.lines().count(), 2, "{newest}");
    let log = cli.ok(&["debug-log", "--replay", "--exclude", "a/0", "--limit", "0"]);
    assert!(
        log.contains("unit-a-1: ") && !log.contains("unit-a-0: "),
        "{log}"
    );
    let log = cli.ok(&["debug-log", "--replay"]);
    let log: Vec<&str> = log.lines().collect();
    assert!(log.len() > 13);
    for (options, expected) in [
        (&[][..], 10),
        (&["--limit", "0"], 10),
        (&["--limit", "13"], 13),
        (&["--limit", "3", "--replay"], 3),
        (&["-n", "2"], 2),
        (&["-n", "2", "--limit", "13"], 13),
        (&["-n", "0"], log.len()),
        (&["--lines", "2", "--replay"], log.len()),
    ] {
        let shown = cli.ok(&[&["debug-log"], options].concat());
        let shown: Vec<&str> = shown.lines().collect();
        assert_eq!(shown, log[log.len() - expected..], "{options:?}");
    }
}

#[test]
fn ssh_and_scp() {
    let cli = Cli::new();
    cli.probe("a");
    cli.file("here", "text\n");
    cli.ok(&["scp", "here", "a/0:there"]);
    assert_eq!(cli.ok(&["ssh", "a/leader", "cat", "there"]), "text\n");
    let (code, stdout, stderr) = cli.call(&["ssh", "root@a/0", "echo out; echo err >&2; exit 7"]);
    assert_eq!(
        (code, stdout.as_str(), stderr.as_str()),
        (7, "out\n", "err\n")
    );
    cli.ok(&["scp", "--", "-r", "a/0:.", "copy"]);
    assert!(cli.folder.path().join("copy/metadata.yaml").exists());
    for (args, said) in [
        (
            &["ssh", "a/0"][..],
            "say which command to run: there is no terminal to open",
        ),
        (&["ssh", "0", "true"], "machine \"0\" not found"),
        (&["ssh", "a/9", "true"], "unit \"a/9\" not found"),
        (&["scp", "here"], "at least two arguments required"),
    ] {
        assert_eq!(cli.fails(args), format!("ERROR {said}\n"), "{args:?}");
    }
}

#[test]
fn force() {
    let cli = Cli::new();
    cli.probe("a");
    cli.probe("b");
    cli.ok(&["integrate", "a:db", "b:backend"]);
    cli.ok(&[
        "exec",
        "--unit",
        "a/0",
        "mkdir -p scripts/hooks; echo 'exit 1' > scripts/hooks/config-changed",
    ]);
    cli.call(&["config", "a", "text=x"]);
    cli.ok(&["remove-relation", "a", "b"]);
    assert!(cli.ok(&["status"]).contains("dying"));
    cli.ok(&["remove-relation", "a", "b", "--force"]);
    assert!(!cli.ok(&["status"]).contains("a:db"));

    // The failed hook counts as done, and the charm is the new one.
    let charm = support::charm("probe");
    let path = charm.to_str().unwrap();
    cli.ok(&["exec", "--unit", "a/0", "rm scripts/hooks/config-changed"]);
    cli.ok(&["refresh", "a", "--path", path]);
    assert!(cli.ok(&["status"]).contains("a/0*  error"));
    cli.ok(&["refresh", "a", "--path", path, "--force-units"]);
    assert!(cli.ok(&["status"]).contains("a/0*  unknown"));

    cli.ok(&[
        "exec",
        "--unit",
        "b/0",
        "mkdir -p scripts/hooks; echo 'exit 1' > scripts/hooks/stop",
    ]);
    cli.call(&["remove-application", "b", "--no-prompt"]);
    assert!(cli.ok(&["status"]).contains("b/0*  error"));
    cli.ok(&["remove-application", "b", "--no-prompt", "--force"]);
    let status = cli.json(&["status"]);
    assert!(status["applications"].get("b").is_none(), "{status}");
}

#[test]
fn refresh_while_a_unit_is_in_error() {
    struct Way {
        name: &'static str,
        args: &'static [&'static str],
        /// The hooks of the unit in error.
        hooks: &'static [&'static str],
    }

    let dispatch = |version: &str| {
        format!(
            r#"
            if [ -e "$PLACE/fails" ] && [ "$JUJU_UNIT_NAME" = web/1 ]; then exit 1; fi
            status-set active {version}"#
        )
    };
    for way in [
        Way {
            name: "with the charm that failed",
            args: &["resolved", "web/1"],
            hooks: &["config-changed", "upgrade-charm", "config-changed"],
        },
        Way {
            name: "without its hook",
            args: &["resolved", "web/1", "--no-retry"],
            hooks: &["upgrade-charm", "config-changed"],
        },
        Way {
            name: "with another charm",
            args: &["refresh", "web", "--path", "./new", "--force-units"],
            hooks: &["config-changed"],
        },
    ] {
        let cli = Cli::new();
        for version in ["old", "new"] {
            let charm = cli.charm(version, "", &dispatch(version));
            let option = "options: {text: {type: string, default: ''}}";
            std::fs::write(format!("{charm}/config.yaml"), option).unwrap();
        }
        let place = format!("PLACE={}", cli.folder.path().to_str().unwrap());
        cli.ok(&["deploy", "./old", "web", "-n", "2", "--env", &place]);
        cli.file("fails", "");
        cli.ok(&["config", "web", "text=x"]);
        let (code, _, stderr) = cli.call(&["refresh", "web", "--path", "./new"]);
        let said = "WARNING web/1 is in error, and keeps its charm until it is resolved: \
            juju-sandbox resolved web/1, or refresh with --force-units\n";
        assert_eq!((code, stderr.as_str()), (0, said));
        let message = |unit: &str| {
            let units = cli.json(&["status"])["applications"]["web"]["units"].take();
            units[unit]["workload-status"]["message"].clone()
        };
        let text = |unit: &str| cli.ok(&["ssh", unit, "tail -n 1 dispatch"]);
        assert_eq!(message("web/0"), "new", "{}", way.name);
        assert_eq!(message("web/1"), "hook failed: \"config-changed\"");
        assert!(text("web/1").contains("old") && text("web/0").contains("new"));

        std::fs::remove_file(cli.folder.path().join("fails")).unwrap();
        let log = cli.ok(&["debug-log", "--replay", "--include", "web/1"]);
        let (code, _, stderr) = cli.call(way.args);
        assert_eq!((code, stderr.as_str()), (0, ""), "{}", way.name);
        assert_eq!(message("web/1"), "new", "{}", way.name);
        assert!(text("web/1").contains("new"), "{}", way.name);
        let longer = cli.ok(&["debug-log", "--replay", "--include", "web/1"]);
        let ran = longer[log.len()..].lines();
        let ran: Vec<&str> = ran.filter_map(|line| line.split('"').nth(1)).collect();
        assert_eq!(ran, way.hooks, "{}", way.name);
    }
}

/// The keys of `status` and `show-application`, as Juju's client prints them for a model on
/// Kubernetes.
#[test]
fn keys() {
    let cli = Cli::new();
    cli.probe("a");
    cli.ok(&[
        "exec",
        "--unit",
        "a/0",
        "application-version-set 1; open-port 80; status-set active ok",
    ]);
    let status = cli.json(&["status"]);
    let keys = |path: &str| {
        let object = status.pointer(path).unwrap().as_object().unwrap();
        object.keys().map(String::as_str).collect::<Vec<_>>()
    };
    for (path, expected) in [
        ("", "applications controller machines model storage"),
        (
            "/model",
            "cloud controller model-status name region type version",
        ),
        (
            "/applications/a",
            "address application-status base charm charm-name charm-origin charm-rev endpoint-bindings exposed provider-id relations scale units version",
        ),
        (
            "/applications/a/units/a~10",
            "address juju-status leader open-ports provider-id workload-status",
        ),
        (
            "/applications/a/units/a~10/workload-status",
            "current message since",
        ),
        (
            "/applications/a/units/a~10/juju-status",
            "current since version",
        ),
    ] {
        assert_eq!(keys(path).join(" "), expected, "{path}");
    }
    let words = |value: &serde_json::Value| {
        let keys = value.as_object().unwrap().keys();
        keys.map(String::as_str).collect::<Vec<_>>().join(" ")
    };
    cli.ok(&["add-secret", "login", "token=s3cr3t"]);
    for (args, path, expected) in [
        (
            &["show-model"][..],
            "/sandbox",
            "agent-version cloud controller-name controller-uuid credential is-controller life model-type model-uuid name owner region secret-backends short-name sla status type users",
        ),
        (
            &["show-unit", "a/0"],
            "/a~10",
            "address charm leader life opened-ports provider-id public-address relation-info workload-version",
        ),
        (
            &["show-unit", "a/0"],
            "/a~10/relation-info/0",
            "application-data endpoint local-unit related-endpoint relation-id",
        ),
        (
            &["show-operation", "1"],
            "",
            "action status summary tasks timing",
        ),
        (
            &["show-operation", "1"],
            "/tasks/2",
            "host results status timing",
        ),
        (&["show-task", "2"], "", "id results status timing unit"),
        (
            &["config", "a"],
            "",
            "application application-config charm settings",
        ),
        (
            &["config", "a"],
            "/settings/text",
            "default description source type value",
        ),
        (&["model-config"], "/logging-config", "Source Value"),
    ] {
        let shown = cli.json(args);
        let found = words(shown.pointer(path).unwrap());
        assert_eq!(found, expected, "{args:?} {path}");
    }
    let shown = cli.json(&["show-application", "a"]);
    assert_eq!(shown["a"]["charm"], "probe");
    assert_eq!(shown["a"]["endpoint-bindings"]["db"], "alpha");
}
