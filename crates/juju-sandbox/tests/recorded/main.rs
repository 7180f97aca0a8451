//! Held to the real thing: thousands of calls that were made with Juju's own hook tools are made
//! again in the sandbox, and their answers compared byte for byte; and a story that was played on a
//! real controller is played again (`story`).
//!
//! `hook-tools-3.6.jsonl.gz` was recorded with the client, server, runner and hook context of Juju
//! 3.6.28, and a stub for the controller's API. It has a JSON object a line, as `recording.rs` reads
//! them: scenarios, of which each is one hook or action, with its calls. Each of them is made in
//! such a hook of a copy of the same model (`place.rs`). Exit code and both outputs are compared,
//! with the recording's words for folders and for the ids of new secrets. Help is not recorded: of
//! it, only the first line is looked at.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod allowed;
mod hook;
mod place;
mod recording;
mod story;
#[path = "../support/mod.rs"]
mod support;
#[path = "../../src/client/wire.rs"]
mod wire;

use allowed::{ALLOWED, Allowed};
use place::Template;
use recording::{Answer, Call, Recording, Scenario};
use std::collections::BTreeMap;
use std::fmt::Write;

/// How many differences are shown in full.
const SHOWN: usize = 20;

/// How many calls were recorded, and how many of them without the answer.
const RECORDED: (usize, usize) = (11_676, 250);

/// The answers of the sandbox that are not Juju's, by scenario and call.
type Differences<'a> = BTreeMap<(&'a str, usize), String>;

/// Makes the calls of a scenario, all in one hook.
fn compare<'a>(template: &Template, scenario: &'a Scenario, found: &mut Differences<'a>) {
    let answers = template.replay(scenario);
    let name = scenario.name.as_str();
    assert_eq!(answers.len(), scenario.calls.len(), "{name}");
    for (step, (call, answer)) in scenario.calls.iter().zip(&answers).enumerate() {
        let expected = call.answer();
        let agrees = match &expected {
            Some(expected) => expected == answer,
            None => is_help(call, answer),
        };
        if !agrees {
            let text =
                format!("{name} {step}: {call:?}\n  Juju    {expected:?}\n  sandbox {answer:?}\n");
            found.insert((name, step), text);
        }
    }
}

/// What the recording leaves out is help: its texts are long, change with each version, and are
/// Juju's own.
fn is_help(call: &Call, answer: &Answer) -> bool {
    let begin = format!("Usage: {} [options]", call.tool);
    answer.code == 0 && answer.stderr.is_empty() && answer.stdout.starts_with(begin.as_bytes())
}

#[test]
fn hook_tools_answer_as_those_of_juju_3_6() {
    let recording = Recording::read();
    let calls = || recording.scenarios.iter().flat_map(|one| &one.calls);
    let unrecorded = calls().filter(|call| call.answer().is_none()).count();
    assert_eq!((calls().count(), unrecorded), RECORDED);

    let template = Template::new();
    let mut found = Differences::new();
    for scenario in &recording.scenarios {
        compare(&template, scenario, &mut found);
    }
    let mut report = String::new();
    for Allowed { reason, calls } in ALLOWED {
        for (scenario, steps) in *calls {
            for step in *steps {
                if found.remove(&(*scenario, *step)).is_none() {
                    writeln!(report, "{scenario} {step} ({reason}): does not differ").unwrap();
                }
            }
        }
    }
    report.extend(found.values().take(SHOWN).map(String::as_str));
    if found.len() > SHOWN {
        writeln!(report, "… and {} more", found.len() - SHOWN).unwrap();
    }
    assert!(report.is_empty(), "{report}");
}

#[test]
fn a_wrong_answer_is_found() {
    let mut recording = Recording::read();
    let scenario = &mut recording.scenarios[0];
    scenario.calls[3].falsify();
    let mut found = Differences::new();
    compare(&Template::new(), scenario, &mut found);
    let found: Vec<usize> = found.into_keys().map(|(_, step)| step).collect();
    assert_eq!(found, [3]);
}
