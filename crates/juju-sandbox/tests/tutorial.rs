//! The tutorial, followed word by word: what it says to type does what it says.

#![expect(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

use std::path::Path;
use std::process::Command;

const PAGE: &str = include_str!("../docs/tutorial.md");

/// The tools of Python are not what every machine has: `make jubilant` runs them.
const ELSEWHERE: &str = "python3 ";

/// A command, and what the page shows of its output.
struct Step {
    command: String,
    output: String,
}

/// The steps of the page, in order.
fn steps() -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    let mut language = None;
    for line in PAGE.lines() {
        if let Some(fence) = line.strip_prefix("```") {
            language = Some(fence).filter(|fence| !fence.is_empty());
            if fence == "shell" {
                steps.push(Step {
                    command: String::new(),
                    output: String::new(),
                });
            }
            continue;
        }
        match (language, line.strip_prefix("$ ")) {
            (Some("shell"), _) => {
                let script = &mut steps.last_mut().unwrap().command;
                script.extend([line, "\n"]);
            }
            (Some("console"), Some(command)) => steps.push(Step {
                command: command.to_owned(),
                output: String::new(),
            }),
            (Some("console"), None) => {
                let output = &mut steps.last_mut().unwrap().output;
                output.extend([line, "\n"]);
            }
            (Some(other), _) => panic!("nobody runs a block of {other:?}"),
            (None, _) => {}
        }
    }
    steps
}

/// Whether a text is what is shown, in which `…` between spaces, or on a line of its own, stands for
/// anything.
fn is_shown(text: &str, shown: &str) -> bool {
    let mut parts = shown.split(" … ").flat_map(|part| part.split("…\n"));
    let first = parts.next().unwrap();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, between)) = parts.split_last() else {
        return rest.is_empty();
    };
    for part in between {
        let Some((_, after)) = rest.split_once(part) else {
            return false;
        };
        rest = after;
    }
    rest.ends_with(last)
}

/// What a command prints, on both outputs.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place of the test that starts processes"
)]
fn printed(command: &str, folder: &Path) -> String {
    let binary = Path::new(env!("CARGO_BIN_EXE_juju-sandbox"));
    let tools = binary.parent().unwrap().display();
    let output = Command::new("sh")
        .args(["-ec", &format!("exec 2>&1\n{command}")])
        .current_dir(folder)
        .env_clear()
        .env("PATH", format!("{tools}:/usr/local/bin:/usr/bin:/bin"))
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{command}: {text}");
    text
}

#[test]
fn the_tutorial_is_true() {
    let folder = tempfile::tempdir().unwrap();
    let mut count = 0;
    for Step { command, output } in steps() {
        if command.starts_with(ELSEWHERE) {
            continue;
        }
        let text = printed(&command, folder.path());
        assert!(
            is_shown(&text, &output),
            "{command} prints\n{text}and not\n{output}"
        );
        count += 1;
    }
    assert!(count > 10, "only {count} steps");
}

#[test]
fn showing() {
    for (text, shown, expected) in [
        ("a\n", "a\n", true),
        ("a\nb\n", "a\n", false),
        ("a\nb\nc\n", "a\n…\nc\n", true),
        ("a\nb\nc\n", "a\n…\nd\n", false),
        ("a\nb\nc\n", "…\nc\n", true),
        ("a 1 b\n", "a … b\n", true),
        ("a 1 c\n", "a … b\n", false),
    ] {
        assert_eq!(is_shown(text, shown), expected, "{text:?} {shown:?}");
    }
}
