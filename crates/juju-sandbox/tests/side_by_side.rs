//! Several commands at once.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod support;

use std::fs;
use support::cli::{Cli, Started};

/// A charm whose update-status and action block, and its config-changed if it is asked to: they say so through one FIFO, and go on when they
/// read from another.
const BLOCKING: &str = r#"
case $JUJU_DISPATCH_PATH/$(config-get text) in
    hooks/update-status/* | actions/wait/* | hooks/config-changed/blocking)
        status-set maintenance "in the middle"
        juju-log "a record"
        echo > "$PLACE/blocked"
        read -r line < "$PLACE/goes-on"
        status-set active "$(config-get text)" ;;
    hooks/config-changed/*) status-set active "$(config-get text)" ;;
esac
"#;

fn place() -> Cli {
    let cli = Cli::new();
    let charm = cli.charm("charm", "", BLOCKING);
    let options: Vec<String> = (0..8)
        .map(|number| format!("  o{number}: {{type: string, default: ''}}\n"))
        .collect();
    let config =
        "options:\n  text: {type: string, default: first}\n".to_owned() + &options.concat();
    fs::write(format!("{charm}/config.yaml"), config).unwrap();
    fs::write(format!("{charm}/actions.yaml"), "wait: {}\n").unwrap();
    cli.fifo("blocked");
    cli.fifo("goes-on");
    let here = cli.folder.path().to_str().unwrap();
    let env = format!("PLACE={here}");
    cli.ok(&["deploy", "./charm", "web", "--env", &env]);
    cli
}

fn until_blocked(cli: &Cli, args: &[&str]) -> Started {
    let started = cli.start(args);
    fs::read(cli.path("blocked")).unwrap();
    started
}

fn go_on(cli: &Cli) {
    fs::write(cli.path("goes-on"), "\n").unwrap();
}

#[test]
fn what_others_see_while_a_hook_runs() {
    let cli = place();
    let unit = || cli.json(&["status"])["applications"]["web"]["units"]["web/0"].take();
    let first = until_blocked(&cli, &["config", "web", "text=blocking"]);
    let now = unit();
    assert_eq!(now["juju-status"]["current"], "executing");
    assert_eq!(now["juju-status"]["message"], "running config-changed hook");
    assert_eq!(now["workload-status"]["message"], "in the middle");
    let log = cli.ok(&[
        "debug-log",
        "--replay",
        "--include-module",
        "unit.web/0.juju-log",
    ]);
    assert!(
        log.ends_with("INFO unit.web/0.juju-log a record\n"),
        "{log}"
    );
    for args in [
        &["show-unit", "web/0"][..],
        &["show-application", "web"],
        &["show-status-log", "web/0"],
        &["config", "web"],
        &["actions", "web"],
        &["secrets"],
        &["models"],
        &["show-model"],
        &["model-config"],
        &["operations"],
        &["ssh", "web/0", "true"],
    ] {
        assert_eq!(cli.call(args).0, 0, "{args:?}");
    }
    go_on(&cli);
    assert_eq!(first.end().0, 0);
    assert!(cli.ok(&["status"]).contains("  blocking\n"));

    let action = until_blocked(&cli, &["run", "web/0", "wait"]);
    assert_eq!(unit()["juju-status"]["message"], "running action wait");
    assert_eq!(cli.json(&["operations"])["1"]["status"], "running");
    go_on(&cli);
    assert_eq!(action.end().0, 0);
    let status = cli.json(&["show-task", "2"])["status"].take();
    assert_eq!(status, "completed");
}

#[test]
fn one_after_the_other() {
    let cli = place();
    let first = until_blocked(&cli, &["update-status"]);
    let mut second = cli.start(&["config", "web", "text=second"]);
    let said = format!(
        "waiting for process {} (juju-sandbox update-status)\n",
        first.id()
    );
    assert_eq!(second.complaint(), said);
    assert_eq!(cli.ok(&["config", "web", "text"]), "first\n");
    // Whoever destroys a model waits, too, and others can be made meanwhile.
    cli.ok(&["add-model", "other", "--no-switch"]);
    cli.ok(&["destroy-model", "other"]);
    go_on(&cli);
    assert_eq!(first.end().0, 0);
    let (code, _, stderr) = second.end();
    assert_eq!((code, stderr.as_str()), (0, ""));
    assert!(cli.ok(&["status"]).contains("second"));
    let log = cli.ok(&["debug-log", "--replay"]);
    let ran = |hook: &str| log.rfind(&format!("ran \"{hook}\"")).unwrap();
    assert!(ran("update-status") < ran("config-changed"), "{log}");

    // A command that waits can be interrupted.
    let first = until_blocked(&cli, &["update-status"]);
    let mut second = cli.start(&["config", "web", "text=third"]);
    second.complaint();
    second.signal("INT");
    assert_eq!(second.end().0, 130);
    let mut last = cli.start(&["destroy-model"]);
    last.complaint();
    go_on(&cli);
    assert_eq!(first.end().0, 0);
    let (code, _, stderr) = last.end();
    assert_eq!((code, stderr.as_str()), (0, "Model destroyed: sandbox\n"));
    assert!(!cli.folder.path().join(".juju-sandbox").exists());
}

#[test]
fn many_at_once() {
    let cli = place();
    let settings: Vec<String> = (0..8).map(|number| format!("o{number}=set")).collect();
    let started: Vec<Started> = settings
        .iter()
        .map(|setting| cli.start(&["config", "web", setting]))
        .collect();
    for one in started {
        assert_eq!(one.end().0, 0);
    }
    let settings = cli.json(&["config", "web"])["settings"].take();
    for number in 0..8 {
        assert_eq!(settings[format!("o{number}")]["value"], "set", "o{number}");
    }

    // The first of them makes the first model, and all of them are in it.
    let cli = Cli::new();
    cli.charm("charm", "", "");
    let names: Vec<String> = (0..6).map(|number| format!("web{number}x")).collect();
    let started: Vec<Started> = names
        .iter()
        .map(|name| cli.start(&["deploy", "./charm", name]))
        .collect();
    for one in started {
        let (code, _, stderr) = one.end();
        assert_eq!(code, 0, "{stderr}");
    }
    let status = cli.json(&["status"]);
    assert_eq!(status["applications"].as_object().unwrap().len(), 6);
    assert_eq!(cli.json(&["models"])["models"].as_array().unwrap().len(), 1);

    // Models come and go without getting in each other's way.
    let names: Vec<String> = (0..6).map(|number| format!("m{number}")).collect();
    for command in ["add-model", "destroy-model"] {
        let started: Vec<Started> = names
            .iter()
            .map(|name| cli.start(&[command, name]))
            .collect();
        for one in started {
            let (code, _, stderr) = one.end();
            assert_eq!(code, 0, "{command}: {stderr}");
        }
        let models = cli.json(&["models"])["models"].as_array().unwrap().len();
        assert_eq!(models, if command == "add-model" { 7 } else { 1 });
    }
}

#[test]
fn following_the_log() {
    let cli = place();
    let all = cli.ok(&["debug-log", "--replay"]);
    let all: Vec<&str> = all.lines().collect();
    assert!(all.len() < 10);
    for (option, code) in [("--tail", 2), ("--retry", 2), ("--replay", 0)] {
        let (ended, stdout, stderr) = cli.call(&["debug-log", "--no-tail", option]);
        assert_eq!(
            (ended, stdout.is_empty()),
            (code, code == 2),
            "{option}: {stderr}"
        );
    }
    // So many have been shown, and that is all.
    let last = cli.ok(&["debug-log", "--replay", "--tail", "--limit", "2"]);
    assert_eq!(last.lines().collect::<Vec<_>>(), all[all.len() - 2..]);

    let mut whole = cli.start(&["debug-log", "--replay", "--tail", "--replay"]);
    let mut new = cli.start(&[
        "debug-log",
        "--replay",
        "--tail",
        "-n",
        "1",
        "--level",
        "INFO",
    ]);
    let limit = (all.len() + 1).to_string();
    let mut enough = cli.start(&["debug-log", "--replay", "--tail", "--limit", &limit]);
    for line in &all {
        assert_eq!(whole.line().trim_end(), *line);
    }
    for line in &all {
        assert_eq!(enough.line().trim_end(), *line);
    }
    let blocked = until_blocked(&cli, &["update-status"]);
    // While the hook runs.
    assert!(
        whole
            .line()
            .ends_with("INFO unit.web/0.juju-log a record\n")
    );
    let (code, rest, _) = enough.end();
    assert_eq!(code, 0);
    assert!(rest.ends_with("INFO unit.web/0.juju-log a record\n") && rest.lines().count() == 1);
    go_on(&cli);
    assert_eq!(blocked.end().0, 0);
    assert!(whole.line().contains("ran \"update-status\" hook"));
    // It may have begun after the record, and not after what follows once more.
    cli.ok(&["config", "web", "text=second"]);
    while !new.line().contains("ran \"config-changed\" hook") {}
    new.signal("INT");
    assert_eq!(new.end().0, 130);
    cli.ok(&["destroy-model"]);
    // Nothing can be added to it.
    let (code, rest, _) = whole.end();
    assert_eq!(code, 0);
    assert!(rest.contains("config-changed"), "{rest}");
}

#[test]
fn watching_the_status() {
    let cli = place();
    let mut watching = cli.start(&["status", "--watch", "10ms"]);
    let first = watching.line();
    assert!(first.starts_with("\u{1b}cModel "), "{first}");
    while !watching.line().ends_with("  first\n") {}
    cli.ok(&["config", "web", "text=second"]);
    while !watching.line().ends_with("  second\n") {}
    // A reader that has seen enough ends it.
    drop(std::mem::replace(
        &mut watching,
        cli.start(&["status", "--watch", "10ms"]),
    ));
    watching.signal("TERM");
    assert_eq!(watching.end().0, 143);
    for (time, code) in [("0", 0), ("x", 2)] {
        assert_eq!(cli.call(&["status", "--watch", time]).0, code, "{time}");
    }
}
