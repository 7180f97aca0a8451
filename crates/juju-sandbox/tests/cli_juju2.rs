//! The commands that Juju has not had since 3.0, in a model that imitates 2.9.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod support;

use support::cli::Cli;
use support::probe_with;

/// A command, and what it does: exit code, output and complaint.
struct Case {
    name: &'static str,
    args: &'static [&'static str],
    code: i32,
    stdout: &'static str,
    stderr: &'static str,
}

/// Each line that is logged takes a second.
fn without_seconds(text: &str) -> String {
    let mut parts = text.split("00:00:");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + "00:00:__" + &part[2..])
}

fn assert_each(version: &str, cases: &[Case]) {
    let cli = Cli::new();
    let probe = probe_with("");
    cli.ok(&["add-model", "m", "--juju-version", version]);
    let charm = probe.path().to_str().unwrap();
    cli.ok(&["deploy", charm, "a", "-n", "2"]);
    for Case {
        name,
        args,
        code,
        stdout,
        stderr,
    } in cases
    {
        let expected = (*code, (*stdout).to_owned(), (*stderr).to_owned());
        let (code, stdout, stderr) = cli.call(args);
        assert_eq!(
            (code, without_seconds(&stdout), stderr),
            expected,
            "{version}: {name}"
        );
    }
}

#[test]
fn actions() {
    assert_each(
        "2.9.51",
        &[
            Case {
                name: "none yet",
                args: &["show-action-status"],
                code: 1,
                stdout: "",
                stderr: "ERROR no actions found\n",
            },
            Case {
                name: "without waiting",
                args: &["run-action", "a/0", "do", "script=echo hi; action-set x=1"],
                code: 0,
                stdout: "Action queued with id: \"2\"\n",
                stderr: "",
            },
            Case {
                name: "its results",
                args: &["show-action-output", "2"],
                code: 0,
                stdout: "\
UnitId: a/0
id: \"2\"
results:
  Stdout: |
    hi
  x: \"1\"
status: completed
timing:
  completed: 2026-01-01 00:00:__ +0000 UTC
  enqueued: 2026-01-01 00:00:__ +0000 UTC
  started: 2026-01-01 00:00:__ +0000 UTC
",
                stderr: "",
            },
            Case {
                name: "its status",
                args: &["show-action-status"],
                code: 0,
                stdout: "\
actions:
- action: do
  completed at: \"2026-01-01 00:00:__\"
  id: \"2\"
  status: completed
  unit: a/0
",
                stderr: "",
            },
            Case {
                name: "a failure is none of the command's",
                args: &["run-action", "a/leader", "do", "script=exit 3", "--wait"],
                code: 0,
                stdout: "\
unit-a-0:
  UnitId: a/0
  id: \"4\"
  message: exit status 3
  results:
    ReturnCode: 3
  status: failed
  timing:
    completed: 2026-01-01 00:00:__ +0000 UTC
    enqueued: 2026-01-01 00:00:__ +0000 UTC
    started: 2026-01-01 00:00:__ +0000 UTC
",
                stderr: "",
            },
            Case {
                name: "on two units",
                args: &[
                    "run-action",
                    "a/0",
                    "a/1",
                    "do",
                    "script=true",
                    "--string-args",
                ],
                code: 0,
                stdout: "unit-a-0:\n  id: \"6\"\n  unit: a/0\nunit-a-1:\n  id: \"7\"\n  unit: a/1\n",
                stderr: "",
            },
        ],
    );
}

#[test]
fn refused_actions() {
    assert_each(
        "2.9.51",
        &[
            Case {
                name: "an unknown action",
                args: &["run-action", "a/0", "none"],
                code: 1,
                stdout: "",
                stderr: "ERROR action \"none\" not defined on unit \"a/0\"\n",
            },
            Case {
                name: "no action",
                args: &["run-action", "a/0"],
                code: 2,
                stdout: "",
                stderr: "ERROR no action specified\n",
            },
            Case {
                name: "an unknown number",
                args: &["show-action-output", "99"],
                code: 1,
                stdout: "",
                stderr: "ERROR actions for identifier \"99\" not found\n",
            },
            Case {
                name: "an unknown beginning",
                args: &["show-action-status", "9"],
                code: 1,
                stdout: "",
                stderr: "ERROR no actions found matching prefix \"9\"\n",
            },
            Case {
                name: "an unknown name",
                args: &["show-action-status", "--name", "none"],
                code: 1,
                stdout: "",
                stderr: "ERROR no actions were found for name none\n",
            },
        ],
    );
}

#[test]
fn run_is_exec() {
    assert_each(
        "2.9.51",
        &[
            Case {
                name: "on one unit, as if here",
                args: &["run", "--unit", "a/0", "echo out; echo err >&2; exit 5"],
                code: 5,
                stdout: "out\n",
                stderr: "err\n",
            },
            Case {
                name: "on several",
                args: &["run", "--application", "a", "--", "sh", "-c", "is-leader"],
                code: 0,
                stdout: "- Stdout: |\n    True\n  UnitId: a/0\n- Stdout: |\n    False\n  UnitId: a/1\n",
                stderr: "",
            },
            Case {
                name: "on one, for a program",
                args: &["run", "--unit", "a/0", "--format", "json", "exit 1"],
                code: 0,
                stdout: "[{\"ReturnCode\":1,\"Stdout\":\"\",\"UnitId\":\"a/0\"}]\n",
                stderr: "",
            },
            Case {
                name: "on one that is not there",
                args: &["run", "--unit", "a/9", "true"],
                code: 1,
                stdout: "",
                stderr: "couldn't queue one action: unit-a-9 not found\n\
                         ERROR no actions were successfully enqueued, aborting\n",
            },
            Case {
                name: "as a newer client calls an action",
                args: &["run", "a/0", "do", "script=exit 0", "--quiet"],
                code: 0,
                stdout: "\n",
                stderr: "",
            },
        ],
    );
}

#[test]
fn gone() {
    for version in ["3.6.12", "4.0.14"] {
        assert_each(
            version,
            &[
                Case {
                    name: "run-action",
                    args: &["run-action", "a/0", "do", "script=exit 0"],
                    code: 2,
                    stdout: "",
                    stderr: "ERROR juju-sandbox: \"run-action\" is not a juju-sandbox command. \
                             See \"juju-sandbox --help\".\n\nSince Juju 3, there is run for this.\n",
                },
                Case {
                    name: "show-action-output",
                    args: &["show-action-output", "1"],
                    code: 2,
                    stdout: "",
                    stderr: "ERROR juju-sandbox: \"show-action-output\" is not a juju-sandbox command. \
                             See \"juju-sandbox --help\".\n\nSince Juju 3, there is show-task for this.\n",
                },
                Case {
                    name: "run as exec",
                    args: &["run", "--unit", "a/0", "true"],
                    code: 2,
                    stdout: "",
                    stderr: "ERROR option provided but not defined: --unit\n",
                },
            ],
        );
    }
}
