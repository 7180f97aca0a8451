//! What becomes of a hook's writes, and how its process is treated.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod support;

use juju_sandbox::{ActionStatus, CommitStep, Fault, FaultKind, Level, Model};
use std::time::Duration;
use support::{act, deploy, pair, script};

/// Writes everything that waits for the commit.
const WRITES: &str =
    "relation-set -r 2 u=1; relation-set -r 2 --app a=1; state-set s=1; open-port 80";

/// The unit databag's `u`, the application's `a`, whether there is state, and the opened ports.
fn written(model: &Model) -> (Option<String>, Option<String>, bool, usize) {
    let unit = model.unit("a/0").unwrap();
    (
        model.unit_databag(2, "a/0").unwrap().get("u").cloned(),
        model.app_databag(2, "a").unwrap().get("a").cloned(),
        unit.charm_state().is_some(),
        unit.ports().len(),
    )
}

fn update_status(model: &mut Model, text: &str) {
    script(model, "a/0", "update-status", text);
    model.forget_runs();
    model.update_status("a/0").unwrap();
    model.settle().unwrap();
}

#[test]
fn a_failed_hook_commits_nothing() {
    let mut model = pair();
    let immediate =
        "status-set active now; application-version-set 9; juju-log said; leader-set l=1";
    let reads = "relation-get -r 2 u a/0; relation-get -r 2 --app a a; state-get s; opened-ports";
    update_status(
        &mut model,
        &format!("{immediate}; {WRITES}; {reads}; exit 1"),
    );
    let run = model
        .runs()
        .iter()
        .find(|run| run.hook == "update-status")
        .unwrap();
    assert!(!run.committed);
    // It has seen its own writes.
    let outputs: Vec<&[u8]> = run.calls[8..]
        .iter()
        .map(|call| call.stdout.as_slice())
        .collect();
    assert_eq!(outputs, [&b"1\n"[..], b"1\n", b"1\n", b"80/tcp\n"]);
    assert_eq!(written(&model), (None, None, false, 0));
    // What took effect immediately stays.
    assert_eq!(model.unit("a/0").unwrap().version(), "9");
    assert!(model.log().iter().any(|record| record.message == "said"));
    assert_eq!(
        act(&mut model, "a/0", "status-get; leader-get l").stdout,
        "active\n1\n"
    );

    // The same hook, resolved, commits everything.
    script(&model, "a/0", "update-status", WRITES);
    model.resolved("a/0", true).unwrap();
    model.settle().unwrap();
    assert_eq!(
        written(&model),
        (Some("1".into()), Some("1".into()), true, 1)
    );
    assert_eq!(model.unit("a/0").unwrap().workload(), ("active", "now"));
}

#[test]
fn a_failed_action_keeps_its_results_only() {
    let mut model = pair();
    let outcome = act(
        &mut model,
        "a/0",
        &format!("{WRITES}; action-set r=1; exit 2"),
    );
    assert_eq!(
        (outcome.status, outcome.message.as_str()),
        (ActionStatus::Failed, "exit status 2")
    );
    assert_eq!(outcome.results["r"], "1");
    assert_eq!(written(&model), (None, None, false, 0));
    assert_eq!(model.unit("a/0").unwrap().agent(), ("idle", ""));
    // action-fail and exit 0 still commits.
    let outcome = act(&mut model, "a/0", &format!("{WRITES}; action-fail no"));
    assert_eq!(
        (outcome.status, outcome.message.as_str()),
        (ActionStatus::Failed, "no")
    );
    assert_eq!(
        written(&model),
        (Some("1".into()), Some("1".into()), true, 1)
    );
}

#[test]
fn leadership_lost_before_the_commit() {
    let mut model = pair();
    model.inject(Fault {
        tool: "juju-log".into(),
        kind: FaultKind::LoseLeadership,
        ..Fault::default()
    });
    update_status(
        &mut model,
        &format!("{WRITES}; juju-log x; is-leader; is-leader"),
    );
    assert_eq!(
        model.unit("a/0").unwrap().workload(),
        ("error", "hook failed: \"update-status\"")
    );
    assert_eq!(written(&model), (None, None, false, 0));
    let refused = "cannot apply changes: prerequisites failed: \"a/0\" is not leader of \"a\"";
    assert!(
        model
            .log()
            .iter()
            .any(|record| record.level == Level::Error && record.message == refused)
    );
    let run = model
        .runs()
        .iter()
        .find(|run| run.hook == "update-status")
        .unwrap();
    assert_eq!(
        (run.exit_code, run.error.as_deref()),
        (Some(0), Some(refused))
    );
    assert_eq!(run.calls.last().unwrap().stdout, b"False\n");
    assert!(model.unit("a/1").unwrap().is_leader());

    model.set_leader("a/0").unwrap();
    model.inject(Fault {
        tool: "juju-log".into(),
        kind: FaultKind::LoseLeadership,
        ..Fault::default()
    });
    let outcome = act(&mut model, "a/0", &format!("{WRITES}; juju-log x"));
    assert_eq!(outcome.message, "committing requested changes failed");
    assert_eq!(
        (outcome.return_code, outcome.stderr.as_str()),
        (Some(1), refused)
    );
}

#[test]
fn databags_of_members_are_those_announced() {
    let mut model = pair();
    let read = "relation-get -r 2 k b/0";
    model.write_unit_databag(2, "b/0", &[("k", "1")]).unwrap();
    script(&model, "a/0", "db-relation-changed", read);
    model.settle().unwrap();
    model.write_unit_databag(2, "b/0", &[("k", "2")]).unwrap();
    model.write_app_databag(2, "b", &[("k", "2")]).unwrap();
    // Not yet announced, and so not yet seen; an application's databag is always fresh.
    assert_eq!(
        act(
            &mut model,
            "a/0",
            &format!("{read}; relation-get -r 2 --app k b")
        )
        .stdout,
        "1\n2\n"
    );
    model.settle().unwrap();
    assert_eq!(act(&mut model, "a/0", read).stdout, "2\n");
}

#[test]
fn environment() {
    let mut model = pair();
    script(&model, "a/0", "update-status", "env; pwd; cat");
    update_status(&mut model, "env | sort; pwd; cat; readlink /proc/self/fd/0");
    let run = model.runs()[0].clone();
    let charm_dir = model
        .unit("a/0")
        .unwrap()
        .charm_dir()
        .to_string_lossy()
        .into_owned();
    for (name, value) in [
        ("JUJU_CHARM_DIR", charm_dir.as_str()),
        ("CHARM_DIR", &charm_dir),
        ("JUJU_HOOK_NAME", "update-status"),
        ("JUJU_DISPATCH_PATH", "hooks/update-status"),
        ("JUJU_UNIT_NAME", "a/0"),
        ("JUJU_MODEL_NAME", "sandbox"),
        ("JUJU_MODEL_UUID", "5a0d0b0c-7a9e-4c57-8f6e-0c0ffee0cafe"),
        ("JUJU_VERSION", "3.6.12"),
        ("JUJU_AGENT_SOCKET_NETWORK", "unix"),
        ("JUJU_MACHINE_ID", ""),
        ("JUJU_PRINCIPAL_UNIT", ""),
        // Seen in real Juju where nothing is set.
        ("JUJU_CHARM_NO_PROXY", "127.0.0.1,localhost,::1"),
        ("LANG", "C.UTF-8"),
    ] {
        assert_eq!(
            run.environment.get(name).map(String::as_str),
            Some(value),
            "{name}"
        );
        assert!(
            run.stdout
                .lines()
                .any(|line| line == format!("{name}={value}")),
            "{name}"
        );
    }
    for name in [
        "HOME",
        "USER",
        "TMPDIR",
        "SHELL",
        "JUJU_REMOTE_UNIT",
        "JUJU_ACTION_NAME",
        "CARGO_MANIFEST_DIR",
    ] {
        assert!(!run.environment.contains_key(name), "{name}");
    }
    assert!(run.environment["JUJU_CONTEXT_ID"].starts_with("a/0-update-status-"));
    assert!(
        run.environment["PATH"]
            .starts_with(&format!("{}/tools/unit-a-0:", model.folder().display()))
    );
    let last: Vec<&str> = run.stdout.lines().rev().take(2).collect();
    assert_eq!(last, ["/dev/null", charm_dir.as_str()]);

    let action = act(
        &mut model,
        "a/0",
        "echo \"$JUJU_HOOK_NAME,$JUJU_ACTION_NAME,$JUJU_ACTION_UUID,$JUJU_ACTION_TAG\"",
    );
    assert_eq!(action.stdout, ",do,2,action-2\n");
}

#[test]
fn output_is_logged() {
    let mut model = pair();
    update_status(
        &mut model,
        "echo out; echo; printf 'no newline'; echo err >&2; kill -9 $$",
    );
    let records = model
        .log()
        .iter()
        .filter(|record| record.module == "unit.a/0.update-status");
    let mut seen: Vec<_> = records
        .map(|record| (record.level, record.message.as_str()))
        .collect();
    seen.sort_unstable();
    assert_eq!(
        seen,
        [
            (Level::Debug, ""),
            (Level::Debug, "no newline"),
            (Level::Debug, "out"),
            (Level::Warning, "err")
        ]
    );
    let run = &model.runs()[0];
    assert_eq!(
        (run.exit_code, run.error.as_deref()),
        (None, Some("signal: killed"))
    );
    let times: Vec<_> = model.log().iter().map(|record| record.time).collect();
    assert!(times.is_sorted());
}

#[test]
fn calls_side_by_side() {
    let mut model = pair();
    let text = "for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do (state-set k$n=$n; relation-get -r 2 - b/0 | relation-set -r 2 --file -) & done; wait";
    let outcome = act(&mut model, "a/0", text);
    assert_eq!(
        (outcome.status, outcome.stderr.as_str()),
        (ActionStatus::Completed, "")
    );
    assert_eq!(model.unit("a/0").unwrap().charm_state().unwrap().len(), 16);
    assert_eq!(model.runs().last().unwrap().calls.len(), 1 + 16 * 3);
}

#[test]
fn what_a_hook_leaves_behind_does_not_hold_it() {
    let mut model = pair();
    let folder = model.unit("a/0").unwrap().charm_dir();
    // It keeps the hook's pipes until it is told to go on, and then calls a tool: the hook is long
    // over. If the hook waits for it, it gives up and says so.
    let late = "(for n in $(seq 600); do test -e go && break; sleep 0.1; done; \
                test -e go && state-set late=1; echo $? > over.new; mv over.new over) & \
                state-set soon=1";
    assert_eq!(act(&mut model, "a/0", late).status, ActionStatus::Completed);
    assert!(!folder.join("over").exists(), "the hook has waited");
    std::fs::write(folder.join("go"), "").unwrap();
    while !folder.join("over").exists() {
        std::thread::sleep(Duration::from_millis(10));
    }
    let code = std::fs::read_to_string(folder.join("over")).unwrap();
    assert_eq!(code, "1\n", "nobody serves it any more");
    assert_eq!(model.unit("a/0").unwrap().charm_state().unwrap().len(), 1);
}

#[test]
fn misbehaving_clients() {
    let mut model = pair();
    for (script, stderr) in [
        (
            "env -u JUJU_CONTEXT_ID is-leader",
            "ERROR JUJU_CONTEXT_ID not set\n",
        ),
        (
            "JUJU_AGENT_SOCKET_ADDRESS= is-leader",
            "ERROR JUJU_AGENT_SOCKET_ADDRESS not set\n",
        ),
        (
            "env -u JUJU_AGENT_SOCKET_NETWORK is-leader",
            "ERROR JUJU_AGENT_SOCKET_NETWORK not set\n",
        ),
        (
            "JUJU_AGENT_SOCKET_ADDRESS=/no/such is-leader",
            "ERROR dial unix /no/such: connect: no such file or directory\n",
        ),
        (
            "JUJU_CONTEXT_ID=other is-leader",
            "ERROR bad request: wrong context ID; got \"other\"\n",
        ),
        (
            "ln -sf $(command -v is-leader) no-such-tool; ./no-such-tool x",
            "ERROR bad request: unknown command: no-such-tool\n",
        ),
        // One that dies while the sandbox waits for it.
        (
            "(sleep 1 | state-set --file - & sleep 0.1; kill -9 $!) 2> /dev/null; is-leader > /dev/null; false",
            "",
        ),
    ] {
        let outcome = act(&mut model, "a/0", script);
        assert_eq!(
            (outcome.return_code, outcome.stderr.as_str()),
            (Some(1), stderr),
            "{script}"
        );
    }
}

#[test]
fn long_state_folders() {
    let folder = tempfile::tempdir().unwrap();
    let long = folder.path().join("x".repeat(120));
    let mut model = Model::create(&long, juju_sandbox::Settings::default()).unwrap();
    deploy(&mut model, "a", 1);
    model.settle().unwrap();
    assert_eq!(act(&mut model, "a/0", "is-leader").stdout, "True\n");
    // Nobody else can change it meanwhile.
    for second in [
        Model::open(&long),
        Model::create(&long, juju_sandbox::Settings::default()),
    ] {
        let refused = second.unwrap_err().to_string();
        assert!(refused.contains("is in use by process"), "{refused}");
    }
    // It is the same after saving and opening it.
    model.save().unwrap();
    let records = model.log().to_vec();
    drop(model);
    assert!(Model::create(&long, juju_sandbox::Settings::default()).is_err());
    let mut again = Model::open(&long).unwrap();
    assert!(again.is_idle());
    assert_eq!(again.log(), records);
    assert_eq!(act(&mut again, "a/0", "is-leader").stdout, "True\n");
}

#[test]
fn faults() {
    struct Case {
        name: &'static str,
        fault: Fault,
        stdout: &'static str,
    }

    let mut model = pair();
    let text = "is-leader; echo $?; is-leader; echo $?";
    for Case {
        name,
        fault,
        stdout,
    } in [
        Case {
            name: "second call",
            fault: Fault {
                tool: "is-leader".into(),
                nth: 2,
                ..Fault::default()
            },
            stdout: "True\n0\n1\n",
        },
        Case {
            name: "garbage",
            fault: Fault {
                tool: "is-leader".into(),
                kind: FaultKind::Garbage("{".into()),
                ..Fault::default()
            },
            stdout: "{0\nTrue\n0\n",
        },
        Case {
            name: "every call",
            fault: Fault {
                tool: "is-leader".into(),
                nth: 0,
                kind: FaultKind::Fail {
                    exit_code: 2,
                    stderr: String::new(),
                },
                ..Fault::default()
            },
            stdout: "2\n2\n",
        },
        Case {
            name: "absent",
            fault: Fault {
                tool: "is-leader".into(),
                kind: FaultKind::Absent,
                ..Fault::default()
            },
            stdout: "127\n127\n",
        },
        Case {
            name: "another hook",
            fault: Fault {
                hook: Some("install".into()),
                nth: 0,
                ..Fault::default()
            },
            stdout: "True\n0\nTrue\n0\n",
        },
        Case {
            name: "another unit",
            fault: Fault {
                unit: Some("a/1".into()),
                nth: 0,
                ..Fault::default()
            },
            stdout: "True\n0\nTrue\n0\n",
        },
    ] {
        model.clear_faults();
        model.inject(fault);
        assert_eq!(act(&mut model, "a/0", text).stdout, stdout, "{name}");
    }
}

/// What the commit of [`SECRETS_WORK`] has done, in its order.
const DONE: [&str; 4] = ["created", "updated", "granted", "removed"];

/// One piece of work for each step of the commit, the databag last. `OLD` and `GONE` are ids.
const SECRETS_WORK: &str = "relation-set -r 2 --app a=1; secret-remove GONE; \
    secret-grant $(secret-add --label new token=one) -r 2; secret-set OLD token=two";

/// The parts of [`DONE`] that have happened in the model.
fn done(model: &Model) -> Vec<&'static str> {
    let new = model.secret("new");
    let shown = [
        new.is_ok(),
        model.secret("old").unwrap().latest_revision() == 2,
        new.is_ok_and(|secret| secret.grants().contains_key("b")),
        model.secret("gone").is_err(),
    ];
    let parts = DONE.into_iter().zip(shown);
    parts.filter_map(|(part, is)| is.then_some(part)).collect()
}

#[test]
fn a_commit_that_stops_halfway_leaves_what_it_did() {
    for (step, parts) in [
        (CommitStep::Nothing, 0),
        (CommitStep::Created, 1),
        (CommitStep::Updated, 2),
        (CommitStep::Granted, 3),
        (CommitStep::Removed, 4),
    ] {
        let mut model = pair();
        let adding = "secret-add --label old token=one; secret-add --label gone token=one";
        act(&mut model, "a/0", adding);
        let id = |label| model.secret(label).unwrap().id().to_owned();
        let work = SECRETS_WORK.replace("OLD", &id("old"));
        let work = work.replace("GONE", &id("gone"));
        model.inject(Fault {
            hook: Some("update-status".into()),
            kind: FaultKind::CommitStops(step),
            ..Fault::default()
        });
        update_status(&mut model, &work);
        let run = &model.runs()[0];
        assert_eq!((run.exit_code, run.committed), (Some(0), false), "{step:?}");
        assert_eq!(model.unit("a/0").unwrap().workload().0, "error", "{step:?}");
        assert_eq!(done(&model), DONE[..parts], "{step:?}");
        let bag = model.app_databag(2, "a").unwrap();
        assert_eq!(bag.get("a"), None, "{step:?}: databags come last");

        model.clear_faults();
        let again = "relation-set -r 2 --app a=1";
        script(&model, "a/0", "update-status", again);
        model.resolved("a/0", true).unwrap();
        model.settle().unwrap();
        let bag = model.app_databag(2, "a").unwrap();
        let written = bag.get("a").map(String::as_str);
        assert_eq!(written, Some("1"), "{step:?}: the next try");
    }
}
