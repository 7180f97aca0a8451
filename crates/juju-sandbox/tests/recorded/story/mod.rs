//! A story that was played on a controller of Juju 4.0.14 with real agents, played again: each hook
//! has to be the next one of its unit, to be started in the same way with the same environment, and
//! its tools have to answer as they did.
//!
//! `story-4.0.14.jsonl.gz` has a JSON object a line: what the file is, then the steps in order, and
//! then the hooks of each unit in order. It was made from the commands of a script, and from what a
//! wrapper of the charms' `dispatch` and of the hook tools wrote down. After its 39 commands, people
//! tried more things on the same controller. Those commands were not written down, only the hooks
//! and the 32 commands of `juju exec`: the steps say `why` they are assumed. Where a unit's charm
//! was not wrapped, its hooks are marked `untraced`: they run here too, and publish what the other
//! side was recorded to read, but nothing of them is compared.
//!
//! The steps are commands of the built binary. The charms are stand-ins: in each hook, the test
//! makes the calls that were recorded for it, and lets it exit as it did. Compared are
//!
//! * which hooks and actions each unit runs, in which order, but not the order across units;
//! * each variable that the process sees, the program's path, its folder and its standard input;
//! * exit code, output and standard error of each tool call;
//! * exit code and output of `exec`, without addresses, times and the like.

mod act;
mod allowed;
mod stage;
mod surroundings;
mod text;

use crate::hook::id_of;
use crate::recording::{Call, lines};
use crate::support::cli::Cli;
use allowed::{ALLOWED, Allowed};
use juju_sandbox::{Model, Settings};
use serde::Deserialize;
use stage::Stage;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::PathBuf;
use surroundings::VALUES;

/// A line of `story-4.0.14.jsonl.gz`, but for the first.
#[derive(Deserialize)]
#[serde(untagged)]
enum Line {
    Step(Step),
    Hook(Hook),
}

/// What was done.
#[derive(Deserialize)]
struct Step {
    #[serde(rename = "do")]
    command: Vec<String>,
    /// Files to write before it.
    #[serde(default)]
    files: BTreeMap<String, String>,
    /// The id that the command's secret was given.
    secret: Option<String>,
    /// The exit code, if it is not 0.
    #[serde(default)]
    code: i32,
    /// What it printed, if that was recorded.
    output: Option<String>,
}

/// What ran then.
#[derive(Deserialize)]
struct Hook {
    unit: String,
    #[serde(rename = "hook")]
    name: String,
    code: i32,
    #[serde(default)]
    untraced: bool,
    environment: BTreeMap<String, String>,
    calls: Vec<Call>,
}

impl Hook {
    fn told(&self) -> String {
        let remote = self.environment.get("JUJU_REMOTE_UNIT");
        let remote = remote.map_or("", String::as_str);
        format!("{} {remote}", self.name).trim().to_owned()
    }
}

/// What has been compared: hooks, calls of tools, and commands of `juju exec`.
const COMPARED: (usize, usize, usize) = (189, 1232, 32);

/// The model's folder.
fn root(cli: &Cli) -> PathBuf {
    cli.folder.path().join(".juju-sandbox")
}

/// Plays a step, and compares what it says.
fn play(stage: &mut Stage, cli: &Cli, step: &Step) {
    let Some(words) = act::words(cli, step, &stage.names) else {
        return;
    };
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let (code, said) = stage.with_hooks(cli, || cli.all(&words));
    let secret = match (&step.secret, &step.output) {
        (Some(secret), _) => Some(secret.clone()),
        // A command that adds one prints its URI, too.
        (None, Some(output)) if output.starts_with("secret:") => Some(id_of(output.as_bytes())),
        (None, _) => None,
    };
    if let Some(secret) = secret {
        stage.names.add(&secret, &id_of(said.as_bytes()));
    }
    let Some(output) = &step.output else {
        assert_eq!(code, step.code, "{words:?}: {said}");
        return;
    };
    let said = String::from_utf8(stage.names.masked(said.as_bytes())).unwrap();
    let said = surroundings::in_jujus_folder(&said, &root(cli));
    stage.compare_command(step, output, (code, &said));
}

#[test]
fn hooks_run_as_on_a_controller_of_juju_4_0() {
    let mut steps = Vec::new();
    let mut stage = Stage::default();
    for line in lines(include_bytes!("../story-4.0.14.jsonl.gz")).skip(1) {
        match serde_json::from_str(&line).unwrap() {
            Line::Step(step) => steps.push(step),
            Line::Hook(hook) => stage.expect(hook),
        }
    }
    let cli = Cli::new();
    let settings = Settings {
        name: "controller".into(),
        uuid: "81824278-0594-426b-8f1d-e7a2d03d298f".into(),
        juju_version: "4.0.14".into(),
        ..Settings::default()
    };
    let mut model = Model::create(&root(&cli), settings).unwrap();
    model.save().unwrap();
    // The commands open it themselves.
    drop(model);
    for step in &steps {
        play(&mut stage, &cli, step);
    }
    stage.close();

    let mut differing: BTreeMap<(&str, usize), Vec<&str>> = BTreeMap::new();
    for difference in &stage.differences {
        let place = (difference.of.as_str(), difference.number);
        differing.entry(place).or_default().push(&difference.text);
    }
    let mut report = String::new();
    for Allowed { reason, places } in ALLOWED {
        for (of, number, expected) in *places {
            let found = differing.remove(&(*of, *number)).unwrap_or_default();
            let count = found.len();
            if count != *expected {
                let found = found.join("\n");
                writeln!(
                    report,
                    "{of} {number} ({reason}): {expected} differences are allowed, {count} found\n{found}"
                )
                .unwrap();
            }
        }
    }
    for ((of, number), texts) in differing {
        writeln!(report, "{of} {number}: {}", texts.join("\n")).unwrap();
    }
    for (name, reason) in VALUES {
        let count = stage.unlike.get(name).copied().unwrap_or_default();
        // Those of the hooks, and the one that a command printed.
        let environments = stage.compared.0 + 1;
        if count != environments {
            let count = format!("{count} of {environments} environments");
            writeln!(report, "{name} ({reason}): differs in {count}").unwrap();
        }
    }
    assert!(report.is_empty(), "{report}");
    assert_eq!(stage.compared, COMPARED);
}
