//! What is left when the command line is stopped, at whatever moment.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod support;

use serde_json::Value;
use std::time::Duration;
use support::cli::{Cli, await_end};

/// Endpoints and a peer relation.
const METADATA: &str = "\
peers: {cluster: {interface: cluster}}
provides: {db: {interface: db}}
";

/// The other side.
const STAND_IN: &str = "{name: app, summary: s, description: d, requires: {db: {interface: db}}}";

/// A charm that kills the sandbox at a chosen one of its steps: each hook is one, and each call of a
/// hook tool. The hook itself goes on, until the next command ends it.
const KILLER: &str = r#"
step() {
    read -r count < "$PLACE/steps"
    read -r kill_at < "$PLACE/kill-at"
    echo $((count + 1)) > "$PLACE/steps"
    if [ $((count + 1)) = "$kill_at" ]; then
        kill -9 $PPID
        echo $$ > "$PLACE/survivor"
        sleep 600
        status-set blocked "a hook that was over"
        exit 1
    fi
}
call() { "$@"; step; }
step
case $JUJU_DISPATCH_PATH in
    hooks/install) call status-set maintenance installing ;;
    hooks/leader-elected)
        call secret-add --label own token=s3cr3t ;;
    hooks/db-relation-created)
        if is-leader > /dev/null; then
            uri=$(secret-info-get --label own | head -n 1 | tr -d :)
            call secret-grant "$uri" -r "$JUJU_RELATION_ID"
            call relation-set --app "secret=secret:$uri" count="$(relation-ids db | wc -l)"
        fi ;;
    hooks/db-relation-joined) call relation-set "for=$JUJU_REMOTE_UNIT" ;;
    hooks/db-relation-changed)
        call juju-log seen
        call state-set "seen=$(relation-get - app/0)"
        call status-set active "$(config-get greeting)" ;;
esac
"#;

const CONFIG: &str = "options: {greeting: {type: string, default: hello}}";

/// Deploys the charm, relates it, and comes to rest, whatever stops the commands. What has been
/// done is not done again.
fn story(cli: &Cli) {
    let place = format!("PLACE={}", cli.path("place"));
    cli.call(&["deploy", "./charm", "web", "-n", "2", "--env", &place]);
    cli.call(&["stand-in", "app.yaml", "app"]);
    cli.call(&["integrate", "web", "app"]);
    // Has nothing to do but to go on.
    cli.ok(&["resolved", "--all"]);
}

fn place(kill_at: usize) -> Cli {
    let cli = Cli::new();
    let charm = cli.charm("charm", METADATA, KILLER);
    std::fs::write(format!("{charm}/config.yaml"), CONFIG).unwrap();
    std::fs::create_dir(cli.path("place")).unwrap();
    cli.file("place/kill-at", &format!("{kill_at}\n"));
    cli.file("place/steps", "0\n");
    cli.file("app.yaml", STAND_IN);
    cli
}

/// What the model has come to, without times and without the ids of secrets, of which no two are
/// the same.
fn outcome(cli: &Cli) -> String {
    let mut shown = vec![
        cli.json(&["status"]),
        cli.json(&["show-unit", "web/0", "web/1", "app/0"]),
    ];
    let secrets = cli.json(&["secrets"]);
    let mut text = String::new();
    for id in secrets.as_object().into_iter().flatten().map(|(id, _)| id) {
        shown.push(cli.json(&["show-secret", id, "--reveal"]));
    }
    for value in &mut shown {
        without_times(value);
        text += &serde_json::to_string_pretty(value).unwrap();
    }
    for (number, id) in secrets.as_object().into_iter().flatten().enumerate() {
        text = text.replace(id.0, &format!("<{number}>"));
    }
    text
}

fn without_times(value: &mut Value) {
    if let Value::Object(fields) = value {
        for time in ["since", "timestamp", "created", "updated"] {
            fields.remove(time);
        }
    }
    match value {
        Value::Object(fields) => fields.values_mut().for_each(without_times),
        Value::Array(items) => items.iter_mut().for_each(without_times),
        _ => {}
    }
}

#[test]
fn killed_at_each_step() {
    let undisturbed = place(0);
    story(&undisturbed);
    let expected = outcome(&undisturbed);
    assert!(
        expected.contains("s3cr3t") && expected.contains("hello"),
        "{expected}"
    );
    let steps = std::fs::read_to_string(undisturbed.path("place/steps")).unwrap();
    let steps: usize = steps.trim().parse().unwrap();
    assert!(steps > 25, "{steps}");
    for step in 1..=steps {
        let cli = place(step);
        story(&cli);
        assert_eq!(outcome(&cli), expected, "killed at step {step}");
        await_end(&std::fs::read_to_string(cli.path("place/survivor")).unwrap());
        let log = cli.ok(&["debug-log", "--replay"]);
        let told = log.matches("was interrupted; running it again").count();
        assert_eq!(told, 1, "killed at step {step}: {log}");
    }
}

#[test]
fn killed_at_any_moment() {
    let prepared = || {
        let cli = place(0);
        // Copying them takes a while.
        for number in 0..100 {
            cli.file(&format!("charm/{number}"), &"x".repeat(4096));
        }
        cli
    };
    let undisturbed = prepared();
    story(&undisturbed);
    let expected = outcome(&undisturbed);
    for wait in (0..160).step_by(20) {
        let cli = prepared();
        let env = format!("PLACE={}", cli.path("place"));
        let deploy = ["deploy", "./charm", "web", "-n", "2", "--env", &env];
        let first = cli.start(&deploy);
        std::thread::sleep(Duration::from_millis(wait));
        first.signal("KILL");
        first.end();
        // It is known, or it is not; if it is, all of it is.
        let known = cli.call(&["status"]).1.contains("web/1");
        let (code, _, stderr) = cli.call(&deploy);
        let refused = stderr.contains("already exists");
        assert_eq!(
            (code, refused),
            (i32::from(known), known),
            "{wait}: {stderr}"
        );
        story(&cli);
        assert_eq!(outcome(&cli), expected, "killed after {wait} ms");
        for file in ["0", "50", "99"] {
            let read = format!("wc -c < {file}");
            assert_eq!(cli.ok(&["ssh", "web/1", &read]).trim(), "4096");
        }
    }
}

/// A charm whose hook or action blocks with a child, after it has told so.
const BLOCKING: &str = r#"
if [ "$JUJU_DISPATCH_PATH" = "$(cat "$PLACE/blocks")" ]; then
    sleep 600 & echo "$! $$" > "$PLACE/processes"
    status-set maintenance blocked-on-purpose
    echo > "$PLACE/blocked"
    wait
fi
"#;

struct Blocking {
    cli: Cli,
    place: String,
}

impl Blocking {
    fn new() -> Self {
        let cli = Cli::new();
        let charm = cli.charm("charm", "", BLOCKING);
        std::fs::write(format!("{charm}/actions.yaml"), "wait: {}\n").unwrap();
        std::fs::create_dir(cli.path("place")).unwrap();
        cli.fifo("place/blocked");
        let place = format!("PLACE={}", cli.path("place"));
        cli.file("place/blocks", "nothing");
        Self { cli, place }
    }

    /// Starts a command, and waits until the charm has come to its blocking part.
    fn until_blocked(&self, path: &str, args: &[&str]) -> support::cli::Started {
        self.cli.file("place/blocks", path);
        let started = self.cli.start(args);
        std::fs::read(self.cli.path("place/blocked")).unwrap();
        self.cli.file("place/blocks", "nothing");
        started
    }

    fn await_ends(&self) {
        let processes = std::fs::read_to_string(self.cli.path("place/processes")).unwrap();
        processes.split_whitespace().for_each(await_end);
    }

    fn agent(&self) -> Value {
        let status = self.cli.json(&["status"]);
        status["applications"]["web"]["units"]["web/0"]["juju-status"].clone()
    }
}

#[test]
fn signals() {
    for (signal, code) in [("INT", 130), ("TERM", 143), ("HUP", 129), ("QUIT", 131)] {
        let blocking = Blocking::new();
        let cli = &blocking.cli;
        let deploy = ["deploy", "./charm", "web", "--env", &blocking.place];
        let started = blocking.until_blocked("hooks/config-changed", &deploy);
        started.signal(signal);
        let (ended, stdout, stderr) = started.end();
        assert_eq!((ended, stdout.as_str()), (code, ""), "{signal}");
        assert_eq!(stderr, "interrupted; the next command goes on from here\n");
        blocking.await_ends();
        let agent = blocking.agent();
        assert_eq!(agent["message"], "running config-changed hook", "{signal}");
        cli.ok(&["config", "web"]);
        cli.ok(&["resolved", "--all"]);
        assert_eq!(blocking.agent()["current"], "idle", "{signal}");
        let log = cli.ok(&["debug-log", "--replay", "--level", "INFO"]);
        let hooks: Vec<&str> = log
            .lines()
            .filter(|line| line.contains("config-changed"))
            .map(|line| line.split_once("juju.worker.uniter").unwrap().1)
            .collect();
        let again = " hook \"config-changed\" was interrupted; running it again";
        let ran = ".operation ran \"config-changed\" hook (via hook dispatching script: dispatch)";
        assert_eq!(hooks, [again, ran], "{signal}");
    }
}

#[test]
fn interrupted_actions() {
    const TOLD: &str = "\
Running operation 1 with 2 tasks
  - task 2 on unit-web-0
  - task 3 on unit-web-1

Waiting for task 2...

Waiting for task 3...

";
    // Whether the sandbox could do something about it or not.
    for signal in ["INT", "KILL"] {
        let blocking = Blocking::new();
        let cli = &blocking.cli;
        cli.ok(&[
            "deploy",
            "./charm",
            "web",
            "-n",
            "2",
            "--env",
            &blocking.place,
        ]);
        let run = ["run", "web/0", "web/1", "wait"];
        let mut started = blocking.until_blocked("actions/wait", &run);
        // While it runs.
        let told: String = (0..8).map(|_| started.complaint()).collect();
        assert_eq!(told, TOLD, "{signal}");
        let state = std::fs::read(cli.path(".juju-sandbox/state.json")).unwrap();
        let state: Value = serde_json::from_slice(&state).unwrap();
        let scratch = std::path::Path::new(state["running"]["scratch"].as_str().unwrap());
        assert!(scratch.join("agent.socket").exists(), "{signal}");
        let task = cli.json(&["show-task", "2"]);
        assert_eq!(task["status"], "running", "{signal}");
        assert_eq!(
            cli.json(&["show-task", "3"])["status"],
            "pending",
            "{signal}"
        );
        assert_eq!(
            blocking.agent()["message"],
            "running action wait",
            "{signal}"
        );
        started.signal(signal);
        started.end();
        let failed = cli.json(&["show-task", "2"]);
        let failed = (&failed["status"], &failed["message"]);
        assert_eq!(failed, (&"failed".into(), &"action terminated".into()));
        assert_eq!(blocking.agent()["current"], "idle", "{signal}");
        // The other unit is not concerned.
        cli.ok(&["resolved", "--all"]);
        let tasks = cli.json(&["show-operation", "1"])["tasks"].take();
        assert_eq!(tasks["2"]["message"], "action terminated", "{signal}");
        assert_eq!(tasks["3"]["status"], "completed", "{signal}");
        assert!(!scratch.exists(), "{signal}");
        blocking.await_ends();
    }
}

#[test]
fn what_cannot_be_read() {
    let cli = Cli::new();
    cli.probe("a");
    let log = cli.ok(&["debug-log", "--replay"]);
    let state = cli.folder.path().join(".juju-sandbox");
    let change = |file: &str, text: &str| {
        let path = state.join(file);
        let before = std::fs::read(&path).unwrap_or_default();
        std::fs::write(&path, [&before[..], text.as_bytes()].concat()).unwrap();
        path
    };
    // Killed while it wrote.
    change("log.jsonl", r#"{"time":9,"unit":"a/0","mess"#);
    change("state.json.new", r#"{"settings":{"#);
    assert_eq!(cli.ok(&["debug-log", "--replay"]), log);
    cli.ok(&["update-status"]);
    let longer = cli.ok(&["debug-log", "--replay"]);
    assert!(
        longer.starts_with(&log) && longer.len() > log.len(),
        "{longer}"
    );

    let path = change("log.jsonl", "{}\n");
    let line = longer.lines().count() + 1;
    for command in [&["debug-log", "--replay"][..], &["update-status"]] {
        let complaint = cli.fails(command);
        let expected = format!("ERROR cannot read line {line} of the log in ");
        assert!(complaint.starts_with(&expected), "{complaint}");
    }
    std::fs::remove_file(path).unwrap();
    cli.ok(&["update-status"]);

    let path = change("state.json", "}");
    for command in [&["status"][..], &["update-status"], &["destroy-model"]] {
        let complaint = cli.fails(command);
        let expected = "state.json; to give the model up, remove that file: trailing characters";
        assert!(complaint.contains(expected), "{complaint}");
    }
    std::fs::remove_file(path).unwrap();

    // What a later version may have written would be lost by saving it.
    cli.probe("a");
    let path = change("state.json", "");
    let text = std::fs::read_to_string(&path).unwrap();
    let mut later: Value = serde_json::from_str(&text).unwrap();
    later["applications"]["a"]["new"] = "x".into();
    std::fs::write(&path, later.to_string()).unwrap();
    for command in [&["status"][..], &["update-status"], &["destroy-model"]] {
        let complaint = cli.fails(command);
        assert!(complaint.contains("unknown field `new`"), "{complaint}");
    }
    std::fs::remove_file(path).unwrap();
    // The same place will do for another one.
    cli.probe("a");
    assert!(cli.ok(&["status"]).contains("a/0*  unknown"));
    cli.ok(&["destroy-model"]);
    assert!(!state.exists());
}

/// A model is not made among somebody else's files of the same names, which would go with it.
#[test]
fn places_of_others() {
    for (name, make) in [
        ("agents", &["add-model", "m"][..]),
        ("charms", &["deploy", "charm", "web"]),
        ("resources", &["add-model", "m"]),
        ("storage", &["add-model", "m"]),
        ("tools", &["add-model", "m"]),
        ("log.jsonl", &["add-model", "m"]),
        ("state.json.new", &["stand-in", "app.yaml", "app"]),
        ("current", &["add-model", "m"]),
    ] {
        let cli = Cli::new();
        cli.charm("charm", METADATA, "");
        cli.file("app.yaml", STAND_IN);
        cli.file(name, "theirs");
        let complaint = cli.fails(&[&["--state", "."], make].concat());
        let expected = "is there already, and is not of a model: choose another state folder\n";
        assert!(complaint.ends_with(expected), "{name}: {complaint}");
        assert_eq!(std::fs::read(cli.path(name)).unwrap(), b"theirs", "{name}");
    }
    // Beside other files there is room.
    let cli = Cli::new();
    cli.charm("charm", METADATA, "");
    cli.file("lock", "theirs");
    cli.ok(&["--state", ".", "deploy", "charm", "web"]);
    cli.ok(&["--state", ".", "destroy-model"]);
    let left = std::fs::read_dir(cli.folder.path()).unwrap();
    let mut left: Vec<_> = left.map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["charm", "lock"]);
    assert_eq!(std::fs::read(cli.path("lock")).unwrap(), b"theirs");
}

/// `destroy-model` removes the state first: whatever it leaves behind is no model, and in the way of
/// none.
#[test]
fn half_destroyed_models() {
    for name in ["first", "second"] {
        let cli = Cli::new();
        for model in ["first", "second"] {
            cli.ok(&["add-model", model]);
            cli.probe("a");
        }
        let folder = cli.folder.path().join(".juju-sandbox");
        let folder = if name == "first" {
            folder
        } else {
            folder.join("models/second")
        };
        std::fs::remove_file(folder.join("state.json")).unwrap();
        std::fs::create_dir_all(folder.join("storage/data/0")).unwrap();
        assert!(!cli.ok(&["models"]).contains(name));
        cli.ok(&["add-model", name]);
        cli.probe("a");
        assert!(cli.ok(&["status"]).contains("a/0*  unknown"), "{name}");
        assert!(cli.ok(&["models"]).contains(&format!("{name}*")), "{name}");
        assert_eq!(
            cli.ok(&["debug-log", "--replay"])
                .matches("ran \"install\"")
                .count(),
            1
        );
        assert!(!folder.join("storage").exists(), "{name}");
    }
}
