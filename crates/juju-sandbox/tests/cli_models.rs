//! Several models in a state folder, and command lines that are not understood.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod support;

use support::cli::Cli;

#[test]
fn several_models() {
    let cli = Cli::new();
    // The first deploy makes a model, which has the folder to itself.
    cli.probe("a");
    assert!(cli.folder.path().join(".juju-sandbox/state.json").exists());
    assert_eq!(cli.ok(&["switch"]), "juju-sandbox:admin/sandbox\n");
    let (_, _, said) = cli.call(&["add-model", "next", "--juju-version", "4.0.14"]);
    assert!(said.starts_with("Added 'next' model on "), "{said}");
    assert_eq!(cli.ok(&["switch"]), "juju-sandbox:admin/next\n");
    cli.ok(&["add-model", "aside", "--no-switch"]);
    assert_eq!(cli.ok(&["switch"]), "juju-sandbox:admin/next\n");
    let (_, _, said) = cli.call(&["switch", "admin/sandbox"]);
    assert_eq!(
        said,
        "juju-sandbox:admin/next -> juju-sandbox:admin/sandbox\n"
    );

    let models = cli.json(&["models"]);
    let names: Vec<&str> = models["models"]
        .as_array()
        .unwrap()
        .iter()
        .map(|model| model["short-name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["aside", "next", "sandbox"]);
    assert_eq!(models["current-model"], "sandbox");
    let shown = cli.json(&["show-model", "next"]);
    assert_eq!(shown["next"]["agent-version"], "4.0.14");
    assert_ne!(
        shown["next"]["model-uuid"],
        cli.json(&["show-model"])["sandbox"]["model-uuid"]
    );
    for reference in ["next", "admin/next", "juju-sandbox:admin/next"] {
        let status = cli.json(&["status", "-m", reference]);
        assert_eq!(status["model"]["name"], "next", "{reference}");
        assert_eq!(status["applications"], serde_json::json!({}));
    }
    for name in ["none", "..", ""] {
        assert_eq!(
            cli.fails(&["status", "--model", name]),
            format!("ERROR model juju-sandbox:admin/{name} not found\n")
        );
    }

    // The current model is gone, and no other takes its place.
    cli.ok(&["destroy-model", "--no-prompt"]);
    assert!(
        cli.fails(&["status"])
            .starts_with("ERROR No model in focus.\n")
    );
    cli.ok(&["destroy-model", "next", "--no-prompt", "--force"]);
    cli.ok(&["switch", "aside"]);
    cli.ok(&["destroy-model", "aside", "--no-prompt"]);
    assert!(!cli.folder.path().join(".juju-sandbox").exists());
}

#[test]
fn a_model_that_does_not_become_current() {
    let cli = Cli::new();
    cli.ok(&["add-model", "aside", "--no-switch"]);
    assert!(cli.fails(&["deploy", "."]).contains("No model in focus"));
    cli.ok(&["add-model", "first"]);
    assert!(cli.folder.path().join(".juju-sandbox/state.json").exists());
    assert_eq!(cli.ok(&["switch"]), "juju-sandbox:admin/first\n");
}

/// Options take precedence over the environment.
#[test]
fn the_environment() {
    struct Case {
        name: &'static str,
        variables: &'static [(&'static str, &'static str)],
        args: &'static [&'static str],
        model: &'static str,
    }

    let cli = Cli::new();
    for (state, model) in [
        (".juju-sandbox", "one"),
        (".juju-sandbox", "two"),
        ("other", "three"),
    ] {
        cli.ok(&["--state", state, "add-model", model]);
    }
    for Case {
        name,
        variables,
        args,
        model,
    } in [
        Case {
            name: "nothing",
            variables: &[("JUJU_MODEL", ""), ("JUJU_SANDBOX_STATE", "")],
            args: &[],
            model: "two",
        },
        Case {
            name: "a model",
            variables: &[("JUJU_MODEL", "juju-sandbox:admin/one")],
            args: &[],
            model: "one",
        },
        Case {
            name: "a folder",
            variables: &[("JUJU_SANDBOX_STATE", "other")],
            args: &[],
            model: "three",
        },
        Case {
            name: "options",
            variables: &[("JUJU_MODEL", "three"), ("JUJU_SANDBOX_STATE", "other")],
            args: &["--state", ".juju-sandbox", "-m", "two"],
            model: "two",
        },
    ] {
        let args = [&["status", "--format", "json"], args].concat();
        let (code, stdout, stderr) = cli.call_in(variables, &args);
        assert_eq!(code, 0, "{name}: {stderr}");
        let status: serde_json::Value = serde_json::from_str(&stdout).unwrap();
        assert_eq!(status["model"]["name"], model, "{name}");
    }
}

/// A charm in whose directory the models are is copied without them.
#[test]
fn models_within_a_charm() {
    let cli = Cli::new();
    let charm = support::charm("probe");
    for entry in std::fs::read_dir(&charm).unwrap() {
        let path = entry.unwrap().path();
        let copy = cli.folder.path().join(path.file_name().unwrap());
        std::fs::copy(&path, copy).unwrap();
    }
    for model in ["one", "two"] {
        cli.ok(&["add-model", model]);
        cli.ok(&["deploy", ".", "a"]);
        assert_eq!(
            cli.ok(&["ssh", "a/0", "ls -a | grep -c juju-sandbox || true"]),
            "0\n",
            "{model}"
        );
    }
}

#[test]
fn names_of_models() {
    let cli = Cli::new();
    for name in ["Upper", "a_b", "-a", "../x"] {
        let (code, _, complaint) = cli.call(&["add-model", "--", name]);
        assert_eq!(code, 2, "{name}");
        assert!(complaint.contains("is not a valid name"), "{complaint}");
    }
    let refused = cli.fails(&["add-model", "m", "--controller", "other"]);
    assert_eq!(refused, "ERROR controller other not found\n");
}

#[test]
fn settings_of_models() {
    struct Case {
        name: &'static str,
        args: &'static [&'static str],
        key: &'static str,
        value: &'static str,
    }

    let cli = Cli::new();
    cli.ok(&["add-model", "m", "--config", "agent-version=2.9.51"]);
    for Case {
        name,
        args,
        key,
        value,
    } in [
        Case {
            name: "a default",
            args: &[],
            key: "logging-config",
            value: "<root>=INFO",
        },
        Case {
            name: "the version",
            args: &[],
            key: "agent-version",
            value: "2.9.51",
        },
        Case {
            name: "one that hooks see",
            args: &["juju-http-proxy=http://p"],
            key: "juju-http-proxy",
            value: "http://p",
        },
        Case {
            name: "one without an effect",
            args: &["logging-config=unit=DEBUG"],
            key: "logging-config",
            value: "unit=DEBUG",
        },
        Case {
            name: "a reset",
            args: &["--reset", "logging-config,juju-http-proxy"],
            key: "logging-config",
            value: "<root>=INFO",
        },
    ] {
        if !args.is_empty() {
            cli.ok(&[&["model-config"], args].concat());
        }
        let shown = cli.ok(&["model-config", key]);
        assert_eq!(shown, format!("{value}\n"), "{name}");
    }
    assert!(
        cli.fails(&["model-config", "agent-version=3.6.0"])
            .starts_with("ERROR agent-version cannot be changed")
    );
    let version = cli.json(&["version", "--all"]);
    let version = version["version"].as_str().unwrap();
    assert!(version.starts_with("2.9.51-ubuntu-"), "{version}");
}

/// What is said, and the exit code, where the words of a command line are wrong.
#[test]
fn not_understood() {
    struct Case {
        name: &'static str,
        args: &'static [&'static str],
        code: i32,
        said: &'static str,
    }

    let cli = Cli::new();
    cli.probe("a");
    for Case {
        name,
        args,
        code,
        said,
    } in [
        Case {
            name: "a command with letters exchanged",
            args: &["statsu", "--format", "json"],
            code: 2,
            said: "ERROR juju-sandbox: \"statsu\" is not a juju-sandbox command. See \"juju-sandbox --help\".\n\nDid you mean:\n\tstatus\n",
        },
        Case {
            name: "a command like no other",
            args: &["xyzzy-plugh"],
            code: 2,
            said: "ERROR juju-sandbox: \"xyzzy-plugh\" is not a juju-sandbox command. See \"juju-sandbox --help\".\n",
        },
        Case {
            name: "an unknown option",
            args: &["deploy", ".", "--chanel", "edge"],
            code: 2,
            said: "ERROR option provided but not defined: --chanel\n\nDid you mean:\n\t--channel\n\nSee \"juju-sandbox deploy --help\".\n",
        },
        Case {
            name: "an option like no other of the command",
            args: &["-m", "sandbox", "status", "--channel=edge"],
            code: 2,
            said: "ERROR option provided but not defined: --channel\n\nSee \"juju-sandbox status --help\".\n",
        },
        Case {
            name: "a command of Juju's about machines",
            args: &["add-machine"],
            code: 1,
            said: "ERROR Juju command \"add-machine\" not supported on container models\n",
        },
        Case {
            name: "a command of Juju's that is not here",
            args: &["offer", "a:db"],
            code: 1,
            said: "ERROR juju-sandbox does not have \"offer\": models do not offer anything to each other\n",
        },
        Case {
            name: "an option without an effect",
            args: &["add-unit", "a", "--to", "3"],
            code: 0,
            said: "WARNING --to does nothing in juju-sandbox\n",
        },
        Case {
            name: "a number of units that is missing",
            args: &["remove-unit", "a"],
            code: 1,
            said: "ERROR specify the number of units (> 0) to remove using --num-units\n",
        },
        Case {
            name: "resources that are not given as such",
            args: &["refresh", "a", "--path", ".", "--resource", "x"],
            code: 1,
            said: "ERROR bad resource arg \"x\": expected name=path format\n",
        },
    ] {
        let (found, stdout, stderr) = cli.call(args);
        assert_eq!(
            (found, stdout.as_str(), stderr.as_str()),
            (code, "", said),
            "{name}"
        );
    }
}
