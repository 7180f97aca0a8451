//! What a person sees at a terminal: which hooks run, and colours.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod support;

use rustix::fs::{Mode, OFlags, open};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use std::fs::File;
use std::io::Read;
use std::process::{Command, Stdio};
use support::charm;
use support::cli::Cli;

/// Which of the outputs are a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Terminal {
    Nothing,
    Stdout,
    Stderr,
}

/// What a command prints, on both outputs, of which one may be a terminal.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place of the test that starts processes"
)]
fn printed(
    cli: &Cli,
    terminal: Terminal,
    variables: &[(&str, &str)],
    args: &[&str],
) -> (String, String) {
    let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&ours).unwrap();
    unlockpt(&ours).unwrap();
    let name = ptsname(&ours, Vec::new()).unwrap();
    let theirs = open(name, OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_juju-sandbox"));
    command
        .current_dir(cli.folder.path())
        .env_remove("JUJU_MODEL")
        .env_remove("JUJU_SANDBOX_STATE")
        .env_remove("NO_COLOR")
        .env("TERM", "xterm")
        .envs(variables.iter().copied())
        .args(args)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    match terminal {
        Terminal::Nothing => {}
        Terminal::Stdout => drop(command.stdout(theirs.try_clone().unwrap())),
        Terminal::Stderr => drop(command.stderr(theirs.try_clone().unwrap())),
    }
    let output = command.output().unwrap();
    // The command held the terminal, too.
    drop((command, theirs));
    let mut seen = Vec::new();
    // The end of a terminal that nobody has open any more is an error.
    let _ = File::from(ours).read_to_end(&mut seen);
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().replace("\r\n", "\n");
    match terminal {
        Terminal::Stdout => (text(seen), text(output.stderr)),
        Terminal::Stderr => (text(output.stdout), text(seen)),
        Terminal::Nothing => (text(output.stdout), text(output.stderr)),
    }
}

#[test]
fn hooks_are_told_to_a_person() {
    const HOOKS: &str = "\
a/0: install…
a/0: cluster-relation-created…
a/0: leader-elected…
a/0: config-changed…
a/0: start…
";
    for (name, terminal, options, expected) in [
        ("a terminal", Terminal::Stderr, &[][..], HOOKS),
        ("a terminal, quiet", Terminal::Stderr, &["--quiet"], ""),
        ("only the result is seen", Terminal::Stdout, &[], ""),
        ("a log", Terminal::Nothing, &[], ""),
        ("a log that wants it", Terminal::Nothing, &["-v"], HOOKS),
        (
            "the same in other words",
            Terminal::Nothing,
            &["--debug"],
            HOOKS,
        ),
        (
            "both",
            Terminal::Nothing,
            &["-q", "-v"],
            "ERROR \"verbose\" and \"quiet\" flags clash, please use one or the other, not both\n",
        ),
    ] {
        let cli = Cli::new();
        let probe = charm("probe");
        let deploy = ["deploy", probe.to_str().unwrap(), "a"];
        let seen = printed(&cli, terminal, &[], &[&deploy, options].concat());
        assert_eq!(seen, (String::new(), expected.to_owned()), "{name}");
    }
}

#[test]
fn information_can_be_left_out() {
    let cli = Cli::new();
    cli.probe("a");
    for (args, expected) in [
        (
            &["run", "a/0", "do", "script=exit 0"][..],
            "Running operation 1 with 1 task\n  - task 2 on unit-a-0\n\nWaiting for task 2...\n\n",
        ),
        (&["run", "a/0", "do", "script=exit 0", "--quiet"], ""),
        (
            &["deploy", "--to", "1", "nowhere", "-q"],
            "WARNING --to does nothing in juju-sandbox\n",
        ),
    ] {
        let (_, stderr) = printed(&cli, Terminal::Nothing, &[], args);
        assert!(
            stderr.starts_with(expected) && (!expected.is_empty() || stderr.is_empty()),
            "{args:?}: {stderr}"
        );
    }
}

#[test]
fn colours() {
    let cli = Cli::new();
    cli.probe("a");
    let on_a_terminal = |variables: &[(&str, &str)], args: &[&str]| {
        printed(&cli, Terminal::Stdout, variables, args).0
    };
    let in_a_file = |args: &[&str]| printed(&cli, Terminal::Nothing, &[], args).0;
    for (name, seen, painted) in [
        ("a terminal", on_a_terminal(&[], &["status"]), true),
        ("a file", in_a_file(&["status"]), false),
        ("a file, asked for", in_a_file(&["status", "--color"]), true),
        (
            "not wanted",
            on_a_terminal(&[], &["status", "--no-color"]),
            false,
        ),
        (
            "NO_COLOR",
            on_a_terminal(&[("NO_COLOR", "")], &["status"]),
            false,
        ),
        (
            "asked for in spite of NO_COLOR",
            on_a_terminal(&[("NO_COLOR", "1")], &["status", "--color"]),
            true,
        ),
        (
            "a terminal without",
            on_a_terminal(&[("TERM", "dumb")], &["status"]),
            false,
        ),
        (
            "the log",
            on_a_terminal(&[], &["debug-log", "--replay", "--no-tail"]),
            true,
        ),
        (
            "the log in a file",
            in_a_file(&["debug-log", "--replay"]),
            false,
        ),
        (
            "the log in a file, asked for",
            in_a_file(&["debug-log", "--replay", "--color"]),
            true,
        ),
        ("the models", on_a_terminal(&[], &["models"]), true),
        ("the models in a file", in_a_file(&["models"]), false),
        (
            "for machines",
            on_a_terminal(&[], &["status", "--format", "json"]),
            false,
        ),
    ] {
        assert!(!seen.is_empty(), "{name}");
        assert_eq!(seen.contains("\x1b["), painted, "{name}: {seen:?}");
    }
    assert_eq!(
        cli.call(&["status", "--color", "--no-color"]),
        (
            2,
            String::new(),
            "ERROR cannot mix --no-color and --color\n".into()
        )
    );
}

#[test]
fn words_and_their_colours() {
    let cli = Cli::new();
    cli.probe("a");
    cli.probe("b");
    cli.ok(&["integrate", "a:db", "b:backend"]);
    cli.ok(&["exec", "--unit", "a/0", "--", "status-set", "active", "up"]);
    cli.ok(&["exec", "--unit", "b/0", "--", "status-set", "blocked", "no"]);
    cli.ok(&["exec", "--unit", "a/0", "--", "open-port", "80"]);
    cli.ok(&[
        "exec", "--unit", "a/0", "--", "juju-log", "-l", "WARNING", "w",
    ]);
    cli.ok(&["expose", "a"]);
    let plain = cli.ok(&["status"]);
    let painted = cli.ok(&["status", "--color"]);
    for part in [
        "\x1b[39;1mApp\x1b[0m",
        "\x1b[32mactive\x1b[0m",
        "\x1b[31mblocked\x1b[0m",
        "\x1b[32midle\x1b[0m",
        "\x1b[37mup\x1b[0m\n",
        "\x1b[95m80\x1b[0m/tcp",
        "\x1b[32myes\x1b[0m",
        "b\x1b[35m:backend\x1b[0m",
    ] {
        assert!(painted.contains(part), "{part:?} in {painted:?}");
    }
    // The columns are as wide.
    let mut stripped = String::new();
    for (index, part) in painted.split("\x1b[").enumerate() {
        let rest = part.split_once('m').map_or(part, |(_, rest)| rest);
        stripped += if index == 0 { part } else { rest };
    }
    assert_eq!(stripped, plain);
    let log = cli.ok(&["debug-log", "--replay", "--color"]);
    for part in [" \x1b[33mWARNING\x1b[0m ", " \x1b[94mINFO\x1b[0m "] {
        assert!(log.contains(part), "{part:?}");
    }
}
