//! What a hook's process was given: its environment, and how it was started.

use super::Hook;
use crate::hook::{Names, Place};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Where Juju keeps its agents, and their tools.
const JUJU: &str = "/var/lib/juju";

/// Variables of the recorded shell, which the shell here sets otherwise or not at all.
const SHELL: [&str; 4] = ["OLDPWD", "PWD", "SHLVL", "_"];

/// Variables that have another value here, and why. Each of them has to, in every hook.
pub(super) const VALUES: [(&str, &str); 4] = [
    (
        "JUJU_AGENT_SOCKET_ADDRESS",
        "a socket's path may have 107 bytes, which the path of a state folder can exceed",
    ),
    (
        "JUJU_API_ADDRESSES",
        "the address of a controller, of which there is none",
    ),
    (
        "JUJU_MACHINE_ID",
        "the story was played on a machine; a model here is one on Kubernetes, where this is empty",
    ),
    (
        "PATH",
        "after the hook tools come the programs of this machine, wherever they are",
    ),
];

/// What is compared: each variable, and what the process was besides.
fn comparable(environment: &BTreeMap<String, String>) -> BTreeMap<&str, String> {
    let variables = environment.iter().map(|(name, value)| {
        let value = match name.as_str() {
            // The rest is random.
            "JUJU_CONTEXT_ID" => value.rsplit_once('-').map_or("", |(id, _)| id),
            _ => value,
        };
        (name.as_str(), value.to_owned())
    });
    variables
        .filter(|(name, _)| !SHELL.contains(name))
        .collect()
}

/// The environment in what `env` has printed.
pub(super) fn environment(printed: &str, end: char) -> BTreeMap<String, String> {
    let variables = printed.split_terminator(end);
    variables
        .filter_map(|variable| variable.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

/// A text of the sandbox with Juju's folder in the place of the model's.
pub(super) fn in_jujus_folder(text: &str, root: &Path) -> String {
    text.replace(root.to_str().unwrap(), JUJU)
}

/// How two environments differ, and which of [`VALUES`] do.
pub(super) fn unlike(
    ours: &BTreeMap<String, String>,
    theirs: &BTreeMap<String, String>,
) -> (Vec<String>, Vec<&'static str>) {
    let (ours, theirs) = (comparable(ours), comparable(theirs));
    let all: BTreeSet<&str> = ours.keys().chain(theirs.keys()).copied().collect();
    let mut unlike = Vec::new();
    let mut texts = Vec::new();
    for name in all {
        let (ours, theirs) = (ours.get(name), theirs.get(name));
        if ours == theirs {
            continue;
        }
        let both = ours.is_some() && theirs.is_some();
        match VALUES.iter().find(|(known, _)| both && *known == name) {
            Some((known, _)) => unlike.push(*known),
            None => texts.push(format!("{name}\n  Juju    {theirs:?}\n  sandbox {ours:?}")),
        }
    }
    (texts, unlike)
}

/// How the hook's process differs from the recorded one, and which of [`VALUES`] do.
pub(super) fn differences(
    place: &Place,
    root: &Path,
    names: &Names,
    recorded: &Hook,
) -> (Vec<String>, Vec<&'static str>) {
    let seen = fs::read(place.charm.join("environment")).unwrap();
    let seen = String::from_utf8(names.masked(&seen)).unwrap();
    let seen = environment(&in_jujus_folder(&seen, root), '\0');
    let (mut texts, unlike) = unlike(&seen, &recorded.environment);
    let told = fs::read_to_string(place.charm.join("process")).unwrap();
    let told: Vec<&str> = told.lines().collect();
    let folder = place.charm.to_str().unwrap();
    let dispatch = format!("{folder}/dispatch");
    // What a command starts, it starts by the name that it likes.
    let program = if recorded.environment["JUJU_HOOK_NAME"].is_empty()
        && recorded.environment["JUJU_ACTION_NAME"] == "juju-exec"
    {
        "./dispatch"
    } else {
        &dispatch
    };
    let process = [program, folder, "/dev/null"];
    if told != process {
        texts.push(format!(
            "program, folder, standard input\n  Juju    {process:?}\n  sandbox {told:?}"
        ));
    }
    (texts, unlike)
}

#[test]
fn a_different_environment_is_found() {
    let of = |text: &str| environment(text, ' ');
    let (texts, others) = unlike(&of("A=1 B=2 PATH=x SHLVL=1"), &of("A=1 B=3 C= PATH=y"));
    let names: Vec<&str> = texts
        .iter()
        .filter_map(|text| text.lines().next())
        .collect();
    assert_eq!(
        (names.as_slice(), others.as_slice()),
        (&["B", "C"][..], &["PATH"][..])
    );
    let (texts, _) = unlike(&of(""), &of("PATH=y"));
    assert_eq!(texts.len(), 1);
}
