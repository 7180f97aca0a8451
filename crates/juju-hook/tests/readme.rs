//! The README's numbers of dependencies are those that `cargo tree` prints.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeSet;
use std::process::Command;

const README: &str = include_str!("../README.md");

/// The crates that `cargo tree` prints, juju-hook itself included.
#[expect(
    clippy::disallowed_methods,
    reason = "asks what the README tells to ask"
)]
fn tree(depth: &[&str]) -> BTreeSet<String> {
    let command = "tree --locked --offline -p juju-hook -e normal --prefix none --no-dedupe";
    let output = Command::new(env!("CARGO"))
        .args(command.split(' '))
        .args(depth)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(str::to_owned).collect()
}

#[test]
fn the_numbers_of_dependencies_are_right() {
    let direct = tree(&["--depth", "1"]);
    let all = tree(&[]).len();
    let (own, rest): (Vec<_>, Vec<_>) = direct
        .iter()
        .map(|line| line.split(' ').next().unwrap())
        .partition(|name| *name == "juju-hook");
    assert_eq!((own.len(), rest.len()), (1, 5), "{direct:?}");
    let (last, names) = rest.split_last().unwrap();
    let prose = README.split_whitespace().collect::<Vec<_>>().join(" ");
    for sentence in [
        format!("Five crates: {} and {last}.", names.join(", ")),
        format!("With all that they stand on there are {},", all - 1),
        format!("prints in {all} lines with juju-hook itself"),
        format!("| sort -u | wc -l {all} ```"),
    ] {
        assert!(prose.contains(&sentence), "README.md: {sentence}");
    }
}
