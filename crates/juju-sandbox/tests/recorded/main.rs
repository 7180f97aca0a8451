//! Held to the real thing: thousands of calls that were made with Juju's own hook tools are made
//! again in the sandbox, and their answers compared byte for byte.

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
use recording::{Recording, Scenario};
use std::collections::BTreeMap;
use std::fmt::Write;

/// How many differences are shown in full.
const SHOWN: usize = 20;

/// An answer of the sandbox that is not Juju's.
struct Difference {
    class: Option<&'static str>,
    text: String,
}

/// Makes the calls of a scenario, all in one hook.
fn differences(template: &Template, scenario: &Scenario) -> Vec<Difference> {
    let answers = template.replay(scenario);
    assert_eq!(answers.len(), scenario.calls.len(), "{}", scenario.name);
    let compared = scenario.calls.iter().zip(&answers).enumerate();
    compared
        .filter_map(|(step, (call, answer))| {
            let expected = call.answer();
            if expected.as_ref() == Some(answer) {
                return None;
            }
            let text = format!(
                "{} {step}: {call:?}\n  Juju    {expected:?}\n  sandbox {answer:?}\n",
                scenario.name
            );
            let class = allowed::class(scenario, step, call);
            Some(Difference { class, text })
        })
        .collect()
}

#[test]
fn hook_tools_answer_as_those_of_juju_3_6() {
    let recording = Recording::read();
    let template = Template::new();
    let found: Vec<Difference> = recording
        .scenarios
        .iter()
        .flat_map(|scenario| differences(&template, scenario))
        .collect();

    let mut report = String::new();
    let unknown: Vec<&Difference> = found.iter().filter(|one| one.class.is_none()).collect();
    for difference in unknown.iter().take(SHOWN) {
        report.push_str(&difference.text);
    }
    if unknown.len() > SHOWN {
        writeln!(report, "… and {} more", unknown.len() - SHOWN).unwrap();
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for class in found.iter().filter_map(|difference| difference.class) {
        *counts.entry(class).or_default() += 1;
    }
    for allowed in ALLOWED {
        let count = counts.remove(allowed.class).unwrap_or_default();
        let Allowed { class, reason, .. } = allowed;
        let expected = allowed.count();
        if count != expected {
            writeln!(
                report,
                "{class} ({reason}): {expected} calls may differ, {count} do"
            )
            .unwrap();
        }
    }
    assert!(report.is_empty(), "{report}");
}
