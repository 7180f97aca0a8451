//! Storage at the command line: adding it, moving it, removing it.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod support;

use serde_json::json;
use support::cli::Cli;
use support::probe_with;
use tempfile::TempDir;

const STORAGE: &str = "\
storage:
  data: {type: filesystem, location: /srv/data}
  logs: {type: filesystem, multiple: {range: 0-2}, minimum-size: 2G}
";

/// A model that imitates a version of Juju, with the charm as `web`.
fn deployed(juju: &str, options: &[&str]) -> (Cli, TempDir) {
    let cli = Cli::new();
    let charm = probe_with(STORAGE);
    cli.ok(&["add-model", "m", "--juju-version", juju]);
    let deploy = ["deploy", charm.path().to_str().unwrap(), "web"];
    cli.ok(&[&deploy, options].concat());
    (cli, charm)
}

/// The hooks of a unit, in the order in which they ran.
fn hooks(cli: &Cli, unit: &str) -> Vec<String> {
    let log = cli.ok(&["debug-log", "--replay", "--include", unit]);
    let ran = log.lines().filter_map(|line| line.split_once("ran \""));
    ran.map(|(_, rest)| rest.split('"').next().unwrap().to_owned())
        .collect()
}

/// The rows of `storage`, each without its type and size.
fn listed(cli: &Cli) -> Vec<(String, String, String)> {
    let storage = cli.json(&["storage"]);
    let storage = storage["storage"].as_object().unwrap().clone();
    storage
        .into_iter()
        .map(|(id, storage)| {
            let units = storage["attachments"]["units"].as_object();
            let unit = units.and_then(|units| units.keys().next().cloned());
            let status = storage["status"]["current"].as_str().unwrap().to_owned();
            (id, unit.unwrap_or_default(), status)
        })
        .collect()
}

fn rows(rows: &[(&str, &str, &str)]) -> Vec<(String, String, String)> {
    let rows = rows.iter();
    rows.map(|(id, unit, status)| ((*id).to_owned(), (*unit).to_owned(), (*status).to_owned()))
        .collect()
}

#[test]
fn storage_moves_from_unit_to_unit() {
    let (cli, _charm) = deployed("3.6.12", &["-n", "2"]);
    let (code, stdout, stderr) = cli.call(&["add-storage", "web/0", "logs=ssd,2,3G"]);
    assert_eq!(
        (code, stdout.as_str(), stderr.as_str()),
        (
            0,
            "",
            "added storage logs/2 to web/0\nadded storage logs/3 to web/0\n"
        )
    );
    cli.ok(&[
        "exec",
        "--unit",
        "web/0",
        "echo kept > $(storage-get -s logs/2 location)/file",
    ]);
    let (_, _, stderr) = cli.call(&["detach-storage", "logs/2"]);
    assert_eq!(stderr, "detaching logs/2\n");
    assert_eq!(
        cli.ok(&["storage"]),
        "\
Unit   Storage ID  Type        Pool    Size     Status    Message
web/0  data/0      filesystem  rootfs  1.0 GiB  attached
web/0  logs/3      filesystem  ssd     3.0 GiB  attached
web/1  data/1      filesystem  rootfs  1.0 GiB  attached
       logs/2      filesystem  ssd     3.0 GiB  detached
"
    );
    assert_eq!(
        hooks(&cli, "web/0").last().unwrap(),
        "logs-storage-detaching"
    );
    assert_eq!(
        cli.ok(&["exec", "--unit", "web/0", "storage-list"]),
        "data/0\nlogs/3\n"
    );

    let (_, _, stderr) = cli.call(&["attach-storage", "web/1", "logs/2"]);
    assert_eq!(stderr, "attaching logs/2 to web/1\n");
    assert_eq!(
        hooks(&cli, "web/1").last().unwrap(),
        "logs-storage-attached"
    );
    let read = "cat $(storage-get -s logs/2 location)/file";
    assert_eq!(cli.ok(&["exec", "--unit", "web/1", read]), "kept\n");
    // It has it already.
    cli.ok(&["attach-storage", "web/1", "logs/2"]);

    let (code, _, stderr) = cli.call(&["remove-storage", "logs/2"]);
    assert_eq!(
        (code, stderr.as_str()),
        (
            1,
            "failed to remove logs/2: cannot destroy storage \"logs/2\": storage is attached\n\
             \n\
             Use the --force option to remove attached storage, or use\n\
             \"juju detach-storage\" to explicitly detach the storage\n\
             before removing.\n"
        )
    );
    cli.ok(&["remove-storage", "logs/2", "--force"]);
    cli.ok(&["detach-storage", "logs/3"]);
    cli.ok(&["remove-storage", "logs/3", "--no-destroy"]);
    assert_eq!(
        listed(&cli),
        rows(&[
            ("data/0", "web/0", "attached"),
            ("data/1", "web/1", "attached")
        ])
    );
    assert!(
        !cli.folder
            .path()
            .join(".juju-sandbox/storage/logs/2")
            .exists()
    );
}

#[test]
fn storage_outlives_its_unit_unless_it_is_of_the_machine() {
    let (cli, charm) = deployed("3.6.12", &["--storage", "data=ssd", "--storage", "logs=2"]);
    cli.ok(&["remove-unit", "web/0"]);
    assert_eq!(listed(&cli), rows(&[("data/0", "", "detached")]));
    cli.ok(&["add-unit", "web", "--attach-storage", "data/0"]);
    assert_eq!(
        listed(&cli),
        rows(&[
            ("data/0", "web/1", "attached"),
            ("logs/3", "web/1", "attached"),
            ("logs/4", "web/1", "attached"),
        ])
    );
    assert_eq!(hooks(&cli, "web/1")[0], "data-storage-attached");
    cli.ok(&["remove-application", "web"]);
    let charm = charm.path().to_str().unwrap();
    cli.ok(&["deploy", charm, "next", "--attach-storage", "data/0"]);
    assert_eq!(listed(&cli), rows(&[("data/0", "next/0", "attached")]));
    cli.ok(&["remove-application", "next", "--destroy-storage"]);
    assert_eq!(cli.ok(&["storage", "--format", "json"]), "");
    let (_, _, stderr) = cli.call(&["storage"]);
    assert_eq!(stderr, "No storage to display.\n");
}

#[test]
fn what_is_shown() {
    let (cli, _charm) = deployed("3.6.12", &["--storage", "logs=ssd"]);
    let location = cli.ok(&["exec", "--unit", "web/0", "storage-get -s logs/1 location"]);
    let location = location.trim_end();
    let attachment = json!({"location": location, "life": "alive"});
    let shown = cli.json(&["show-storage", "logs/1"]);
    let since = &shown["logs/1"]["status"]["since"];
    assert!(since.is_string());
    let described = json!({
        "kind": "filesystem",
        "life": "alive",
        "status": {"current": "attached", "since": since},
        "persistent": false,
        "attachments": {"units": {"web/0": attachment}},
    });
    assert_eq!(shown, json!({"logs/1": described}));
    let all = cli.json(&["storage"]);
    assert_eq!(all["storage"]["logs/1"], described);
    let mount = json!({"mount-point": location, "read-only": false, "life": "alive"});
    assert_eq!(
        all["filesystems"]["1"],
        json!({
            "provider-id": "1",
            "storage": "logs/1",
            "attachments": {"containers": {"web/0": mount}, "units": {"web/0": attachment}},
            "pool": "ssd",
            "size": 2048,
            "life": "alive",
            "status": {"current": "attached", "since": since},
        })
    );
    assert_eq!(cli.json(&["status"])["storage"], all);
    assert!(!cli.ok(&["status"]).contains("logs/1"));
    let row =
        format!("web/0         logs/1      filesystem  ssd     {location}  2.0 GiB  attached");
    assert!(cli.ok(&["status", "--storage"]).contains(&row));
    cli.ok(&["detach-storage", "logs/1"]);
    let shown = cli.json(&["show-storage", "logs/1"]);
    assert_eq!(shown["logs/1"]["status"]["current"], "detached");
    assert!(shown["logs/1"].get("attachments").is_none());
}

#[test]
#[expect(clippy::too_many_lines, reason = "one table")]
fn refusals() {
    struct Case {
        name: &'static str,
        args: &'static [&'static str],
        stderr: &'static str,
        /// The same in 4.0, if it differs.
        stderr_4: Option<&'static str>,
    }

    let case = |name, args, stderr, stderr_4| Case {
        name,
        args,
        stderr,
        stderr_4,
    };
    let cases = [
        case(
            "one too many for a singular storage",
            &["add-storage", "web/0", "data"],
            "failed to add storage \"data\" to web/0: adding \"data\" storage to web/0: cannot attach, storage is singular",
            Some(
                "failed to add storage \"data\" to web/0: storage directive \"data\" request count 2 exceeds the charm's maximum count of 1",
            ),
        ),
        case(
            "more than the charm takes",
            &["add-storage", "web/0", "logs=3"],
            "failed to add storage \"logs\" to web/0: adding \"logs\" storage to web/0: attaching 3 storage instances brings the total to 4, exceeding the maximum of 2",
            Some(
                "failed to add storage \"logs\" to web/0: storage directive \"logs\" request count 4 exceeds the charm's maximum count of 2",
            ),
        ),
        case(
            "too small",
            &["add-storage", "web/0", "logs=1G"],
            "failed to add storage \"logs\" to web/0: adding \"logs\" storage to web/0: charm \"probe\" store \"logs\": minimum storage size is 2.0 GB, 1.0 GB specified",
            Some(
                "failed to add storage \"logs\" to web/0: charm \"probe\" store \"logs\": minimum storage size is 2.0 GB, 1.0 GB specified",
            ),
        ),
        case(
            "not declared",
            &["add-storage", "web/0", "other"],
            "failed to add storage \"other\" to web/0: adding \"other\" storage to web/0: charm storage \"other\" not found",
            Some(
                "failed to add storage \"other\" to web/0: storage name \"other\" not supported by charm",
            ),
        ),
        case(
            "to no unit",
            &["add-storage", "web/9", "logs"],
            "failed to add storage \"logs\" to web/9: unit \"web/9\" not found",
            Some("failed to add storage \"logs\" to web/9: unit \"web/9\" does not exist"),
        ),
        case(
            "not a unit",
            &["add-storage", "web", "logs"],
            "ERROR unit name \"web\" not valid",
            None,
        ),
        case(
            "not constraints",
            &["add-storage", "web/0", "logs=?"],
            "ERROR cannot parse constraints for storage \"logs\": unrecognized storage constraint \"?\" not valid",
            None,
        ),
        case(
            "of another unit",
            &["attach-storage", "web/1", "logs/0"],
            "failed to attach logs/0 to web/1: cannot attach storage logs/0 to unit web/1: storage instance \"logs/0\" not found",
            Some("failed to attach logs/0 to web/1: storage \"logs/0\" does not exist"),
        ),
        case(
            "another unit has it",
            &["attach-storage", "web/1", "logs/1"],
            "failed to attach logs/1 to web/1: cannot attach storage logs/1 to unit web/1: cannot attach storage owned by unit web/0 to unit web/1",
            Some(
                "failed to attach logs/1 to web/1: storage \"logs/1\" already has attachments but the charm storage definition of unit \"web/1\" does not support shared access",
            ),
        ),
        case(
            "attach without an id",
            &["attach-storage", "web/1", "logs"],
            "ERROR storage ID \"logs\" not valid",
            None,
        ),
        case(
            "attach to no unit's name",
            &["attach-storage", "web", "logs/1"],
            "ERROR unit ID \"web\" not valid",
            None,
        ),
        case(
            "the charm needs it",
            &["detach-storage", "data/0"],
            "failed to detach data/0: cannot destroy storage attachment data/0:web/0: cannot detach, storage is singular",
            Some(
                "failed to detach data/0: detaching storage \"data/0\" attachment 0: removing storage from unit would violate charm storage \"data\" requirements of having minimum 1 storage instances",
            ),
        ),
        case(
            "detach what is not",
            &["detach-storage", "data/7"],
            "failed to detach data/7: storage instance \"data/7\" not found",
            Some("failed to detach data/7: storage \"data/7\" does not exist"),
        ),
        case(
            "remove what the charm needs",
            &["remove-storage", "data/0", "--force"],
            "failed to remove data/0: cannot destroy storage \"data/0\": cannot detach, storage is singular",
            Some("failed to remove data/0: cannot detach, storage is singular"),
        ),
        case(
            "release what is of the machine",
            &["remove-storage", "logs/1", "--force", "--no-destroy"],
            "failed to remove logs/1: cannot release storage \"logs/1\": storage provider \"rootfs\" does not support releasing storage",
            Some(
                "failed to remove logs/1: storage provider \"rootfs\" does not support releasing storage",
            ),
        ),
        case(
            "show what is not",
            &["show-storage", "data/7"],
            "ERROR storage instance \"data/7\" not found",
            None,
        ),
        case(
            "show without an id",
            &["show-storage", "data"],
            "ERROR invalid storage id data",
            None,
        ),
        case(
            "attach for several new units",
            &["add-unit", "web", "-n", "2", "--attach-storage", "logs/1"],
            "ERROR --attach-storage cannot be used with -n",
            None,
        ),
        case(
            "attach to a new unit what another one has",
            &["add-unit", "web", "--attach-storage", "logs/1"],
            "ERROR cannot add unit to application \"web\": cannot attach storage owned by unit web/0 to unit web/2",
            None,
        ),
    ];
    for (juju, is_4) in [("3.6.12", false), ("4.0.14", true)] {
        let (cli, _charm) = deployed(juju, &["--storage", "logs=1"]);
        cli.ok(&["add-unit", "web"]);
        for Case {
            name,
            args,
            stderr,
            stderr_4,
        } in &cases
        {
            let wanted = stderr_4.filter(|_| is_4).unwrap_or(stderr);
            assert_eq!(cli.fails(args), format!("{wanted}\n"), "{name}, {juju}");
        }
        assert_eq!(
            cli.json(&["storage"])["storage"].as_object().unwrap().len(),
            4
        );
    }
}

#[test]
fn deploy_takes_no_less_than_the_charm_needs() {
    let cli = Cli::new();
    let charm = probe_with(STORAGE);
    let deploy = ["deploy", charm.path().to_str().unwrap()];
    assert_eq!(
        cli.fails(&[&deploy[..], &["--storage", "logs=512M"]].concat()),
        "ERROR charm \"probe\" store \"logs\": minimum storage size is 2.0 GB, 512 MB specified\n"
    );
}

#[test]
fn force_does_without_a_hook_that_fails() {
    let charm = probe_with(STORAGE);
    let fails = "#!/bin/sh\ncase $JUJU_HOOK_NAME in logs-storage-detaching) exit 1;; esac\n";
    std::fs::write(charm.path().join("dispatch"), fails).unwrap();
    let cli = Cli::new();
    let deploy = ["deploy", charm.path().to_str().unwrap(), "web"];
    cli.ok(&[&deploy[..], &["--storage", "logs=2"]].concat());
    let (code, _, stderr) = cli.call(&["detach-storage", "logs/1"]);
    assert_eq!(
        (code, stderr.as_str()),
        (
            0,
            "detaching logs/1\nWARNING web/0: hook failed: \"storage-detaching\" (see debug-log)\n"
        )
    );
    let attachment = &cli.json(&["show-storage", "logs/1"])["logs/1"]["attachments"];
    assert_eq!(attachment["units"]["web/0"]["life"], "dying");
    cli.ok(&["detach-storage", "logs/1", "--force"]);
    cli.ok(&["remove-storage", "logs/2", "--force"]);
    assert_eq!(
        listed(&cli),
        rows(&[("data/0", "web/0", "attached"), ("logs/1", "", "detached")])
    );
    let status = cli.json(&["status"]);
    let unit = &status["applications"]["web"]["units"]["web/0"];
    assert_eq!(unit["juju-status"]["current"], "idle");
}
