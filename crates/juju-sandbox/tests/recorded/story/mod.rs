//! A story that was played on a controller of Juju 4.0.14 with real agents, played again: each hook
//! has to be the next one of its unit, with the same environment, and its tools have to answer as
//! they did.
//!
//! The charms are stand-ins. In each hook the test makes the calls that were recorded for it, and
//! lets it exit as it did.

mod act;
mod allowed;

use crate::hook::{Names, Place, Session};
use crate::recording::{Call, lines};
use act::act;
use allowed::{ALLOWED, Allowed};
use juju_sandbox::{Model, Settings};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;
use tempfile::TempDir;

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
}

/// What ran then.
#[derive(Deserialize)]
struct Hook {
    unit: String,
    #[serde(rename = "hook")]
    name: String,
    code: i32,
    environment: BTreeMap<String, String>,
    calls: Vec<Call>,
}

impl Hook {
    fn remote(&self) -> &str {
        let remote = self.environment.get("JUJU_REMOTE_UNIT");
        remote.map_or("", String::as_str)
    }

    fn told(&self) -> String {
        format!("{} {}", self.name, self.remote()).trim().to_owned()
    }
}

/// The hooks of one unit.
#[derive(Default)]
struct Part {
    recorded: Vec<Hook>,
    /// How many of them have been played.
    played: usize,
}

impl Part {
    /// The next hook, and those before it that the sandbox does not run.
    fn next(&self, told: &str) -> Option<usize> {
        let coming = self.recorded.iter().enumerate().skip(self.played);
        let found = coming
            .take(LOOK_AHEAD)
            .find(|(_, hook)| hook.told() == told);
        found.map(|(number, _)| number)
    }
}

/// Where a unit does something else than it did, how many hooks may have been left out.
const LOOK_AHEAD: usize = 6;

/// How many tool calls are compared: all but those of hooks that do not run here.
const COMPARED: usize = 878;

/// What is not as it was.
struct Difference {
    unit: String,
    /// Which of the unit's recorded hooks it is.
    number: usize,
    text: String,
}

/// What is known while the story is played.
#[derive(Default)]
struct Stage {
    parts: BTreeMap<String, Part>,
    names: Names,
    differences: Vec<Difference>,
    calls: usize,
    /// Which recorded hook each hook is, in the order in which they ran.
    ran: Vec<Option<usize>>,
}

impl Stage {
    fn differ(&mut self, unit: &str, number: usize, text: String) {
        let unit = unit.to_owned();
        self.differences.push(Difference { unit, number, text });
    }

    /// The number of the recorded hook that a unit runs now.
    fn enter(&mut self, unit: &str, told: &str) -> Option<usize> {
        let part = self.parts.get_mut(unit)?;
        let before = part.played;
        let Some(number) = part.next(told) else {
            self.differ(unit, before, format!("{told} runs in addition"));
            return None;
        };
        part.played = number + 1;
        let left_out: Vec<String> = part.recorded[before..number]
            .iter()
            .map(Hook::told)
            .collect();
        for (index, left_out) in left_out.into_iter().enumerate() {
            self.differ(unit, before + index, format!("{left_out} does not run"));
        }
        Some(number)
    }

    /// Plays a hook that has opened, and returns its exit code.
    fn play(&mut self, unit: &str, place: &Place) -> i32 {
        let session = Session::of(place);
        fs::remove_file(place.charm.join("open")).unwrap();
        let before = self.parts[unit].played;
        let entered = self.enter(unit, session.told());
        self.ran.push(entered);
        let Some(number) = entered else {
            return 0;
        };
        let recorded = &self.parts[unit].recorded;
        // What hooks that were left out did is done now, so that what follows is as it was.
        let left_out = recorded[before..number]
            .iter()
            .filter(|hook| hook.code == 0);
        for call in left_out.flat_map(|hook| &hook.calls) {
            session.call(call, &mut self.names);
        }
        let hook = &recorded[number];
        let mut found = Vec::new();
        for call in &hook.calls {
            let answer = session.call(call, &mut self.names);
            let expected = call.answer();
            if expected.as_ref() != Some(&answer) {
                found.push(format!(
                    "{call:?}\n  Juju    {expected:?}\n  sandbox {answer:?}"
                ));
            }
        }
        self.calls += hook.calls.len();
        let code = hook.code;
        for text in found {
            self.differ(unit, number, text);
        }
        code
    }

    /// Does something that runs hooks.
    fn with_hooks<T>(&mut self, agents: &Path, scratch: &Path, act: impl FnOnce() -> T) -> T {
        let over = AtomicBool::new(false);
        thread::scope(|scope| {
            let over = &over;
            scope.spawn(move || serve(agents, scratch, over, self));
            let result = act();
            over.store(true, Ordering::SeqCst);
            result
        })
    }

    /// The units in error that ran their hook again next.
    fn retrying(&self, model: &Model) -> Vec<String> {
        model
            .applications()
            .flat_map(|application| application.units())
            .filter(|unit| {
                let failed = unit.failed_hook();
                failed.is_some_and(|hook| self.retries(&unit.name(), &hook))
            })
            .map(|unit| unit.name())
            .collect()
    }

    /// Whether the unit ran this hook again next.
    fn retries(&self, unit: &str, hook: &str) -> bool {
        let part = &self.parts[unit];
        let mut next = part.recorded[part.played..].iter();
        // More failures in between are those of Juju's timer.
        let next = next.find(|next| next.code == 0 || next.name != hook);
        next.is_some_and(|next| next.name == hook)
    }
}

/// Variables that tell of the machine.
const MACHINE: [&str; 6] = [
    "CHARM_DIR",
    "JUJU_AGENT_SOCKET_ADDRESS",
    "JUJU_API_ADDRESSES",
    "JUJU_CHARM_DIR",
    "JUJU_MACHINE_ID",
    "PATH",
];

/// An environment without what no other machine or run has.
fn comparable(environment: &BTreeMap<String, String>, names: &Names) -> BTreeMap<String, String> {
    // Where the tests run may be a pod.
    let here = environment.iter();
    let comparable = here.filter(|(name, _)| !name.starts_with("KUBERNETES_"));
    let comparable = comparable.map(|(name, value)| {
        let value = match name.as_str() {
            name if MACHINE.contains(&name) => "",
            // The rest is random.
            "JUJU_CONTEXT_ID" => value.rsplit_once('-').map_or("", |(id, _)| id),
            _ => value,
        };
        let value = names.masked(value.as_bytes());
        (name.clone(), String::from_utf8_lossy(&value).into_owned())
    });
    comparable.collect()
}

/// Answers every hook that opens, until it is told to stop.
fn serve(agents: &Path, scratch: &Path, over: &AtomicBool, stage: &mut Stage) {
    let units: Vec<String> = stage.parts.keys().cloned().collect();
    while !over.load(Ordering::SeqCst) {
        for unit in &units {
            let name = format!("unit-{}", unit.replace('/', "-"));
            let place = Place {
                charm: agents.join(name).join("charm"),
                scratch: scratch.to_owned(),
            };
            if place.charm.join("open").exists() {
                let code = stage.play(unit, &place);
                let part = place.charm.join("done.part");
                fs::write(&part, format!("{code}\n")).unwrap();
                fs::rename(part, place.charm.join("done")).unwrap();
            }
        }
        thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn hooks_run_as_on_a_controller_of_juju_4_0() {
    let mut steps = Vec::new();
    let mut stage = Stage::default();
    for line in lines(include_bytes!("../story-4.0.14.jsonl.gz")).skip(1) {
        match serde_json::from_str(&line).unwrap() {
            Line::Step(step) => steps.push(step),
            Line::Hook(hook) => {
                let part = stage.parts.entry(hook.unit.clone()).or_default();
                part.recorded.push(hook);
            }
        }
    }
    let settings = Settings {
        name: "controller".into(),
        uuid: "81824278-0594-426b-8f1d-e7a2d03d298f".into(),
        juju_version: "4.0.14".into(),
        ..Settings::default()
    };
    let mut model = Model::with_settings(settings).unwrap();
    let agents = model.folder().join("agents");
    let scratch = TempDir::new().unwrap();
    for step in &steps {
        let mut names = std::mem::take(&mut stage.names);
        if step.command[0] == "run" {
            stage.names = names;
            let mut none = Names::default();
            stage.with_hooks(&agents, scratch.path(), || act(&mut model, step, &mut none));
        } else {
            act(&mut model, step, &mut names);
            stage.names = names;
        }
        for unit in stage.retrying(&model) {
            model.resolved(&unit, true).unwrap();
        }
        stage.with_hooks(&agents, scratch.path(), || model.settle().unwrap());
    }
    for (run, number) in model.runs().iter().zip(&stage.ran) {
        let Some(number) = *number else { continue };
        let recorded = &stage.parts[&run.unit].recorded[number].environment;
        let ours = comparable(&run.environment, &stage.names);
        let theirs = comparable(recorded, &Names::default());
        let names: BTreeSet<&String> = ours.keys().chain(theirs.keys()).collect();
        for name in names {
            let (ours, theirs) = (ours.get(name), theirs.get(name));
            if ours != theirs {
                stage.differences.push(Difference {
                    unit: run.unit.clone(),
                    number,
                    text: format!("{name}\n  Juju    {theirs:?}\n  sandbox {ours:?}"),
                });
            }
        }
    }
    for (unit, part) in &stage.parts {
        assert_eq!(
            part.played,
            part.recorded.len(),
            "{unit} has run all its hooks"
        );
    }
    let mut differing: BTreeMap<(&str, usize), Vec<&str>> = BTreeMap::new();
    for Difference { unit, number, text } in &stage.differences {
        differing.entry((unit, *number)).or_default().push(text);
    }
    let mut report = String::new();
    for Allowed { reason, hooks } in ALLOWED {
        for (unit, number, expected) in *hooks {
            let found = differing.remove(&(*unit, *number)).unwrap_or_default();
            if found.len() != *expected {
                let count = found.len();
                writeln!(
                    report,
                    "{unit} {number} ({reason}): {expected} differences are allowed, {count} found\n{}",
                    found.join("\n")
                )
                .unwrap();
            }
        }
    }
    for ((unit, number), texts) in differing {
        writeln!(report, "{unit} {number}: {}", texts.join("\n")).unwrap();
    }
    assert!(report.is_empty(), "{report}");
    assert_eq!(stage.calls, COMPARED);
}
