//! Hooks as they open, held to the recorded ones.

use super::surroundings::{environment, unlike};
use super::text::masked;
use super::{Hook, Step, root, surroundings};
use crate::hook::{Names, Place, Session};
use crate::support::cli::Cli;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

/// Where a unit runs its hooks in another order, how far it may be from the recorded one.
const LOOK_AHEAD: usize = 6;

/// The hooks of one unit.
#[derive(Default)]
struct Part {
    recorded: Vec<Hook>,
    /// Which of them have not run yet, in order.
    coming: Vec<usize>,
}

impl Part {
    /// Where the hook is among those that are coming.
    fn find(&self, told: &str) -> Option<usize> {
        let mut coming = self.coming.iter().take(LOOK_AHEAD);
        coming.position(|number| self.recorded[*number].told() == told)
    }

    /// The hook that should be next, by number.
    fn next(&self) -> usize {
        self.coming.first().copied().unwrap_or(self.recorded.len())
    }
}

/// Says that it is over when it is dropped.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// What is not as it was.
pub(super) struct Difference {
    /// The unit, or `exec`.
    pub(super) of: String,
    /// Which of the unit's recorded hooks it is, or which command.
    pub(super) number: usize,
    pub(super) text: String,
}

/// What is known while the story is played.
#[derive(Default)]
pub(super) struct Stage {
    parts: BTreeMap<String, Part>,
    pub(super) names: Names,
    pub(super) differences: Vec<Difference>,
    /// In how many environments a variable had another value.
    pub(super) unlike: BTreeMap<&'static str, usize>,
    /// How many hooks, calls of tools, and commands were compared.
    pub(super) compared: (usize, usize, usize),
}

impl Stage {
    /// Adds a recorded hook.
    pub(super) fn expect(&mut self, hook: Hook) {
        let part = self.parts.entry(hook.unit.clone()).or_default();
        part.coming.push(part.recorded.len());
        part.recorded.push(hook);
    }

    fn differ(&mut self, of: &str, number: usize, text: String) {
        let of = of.to_owned();
        self.differences.push(Difference { of, number, text });
    }

    /// Counts variables that had another value.
    fn count(&mut self, unlike: Vec<&'static str>) {
        for name in unlike {
            *self.unlike.entry(name).or_default() += 1;
        }
    }

    /// Does something that runs hooks.
    pub(super) fn with_hooks<T>(&mut self, cli: &Cli, act: impl FnOnce() -> T) -> T {
        let over = AtomicBool::new(false);
        thread::scope(|scope| {
            // Whatever happens to the act, it ends.
            let over = Over(&over);
            let (root, scratch, flag) = (root(cli), cli.folder.path(), over.0);
            scope.spawn(move || self.serve(&root, scratch, flag));
            act()
        })
    }

    /// Answers every hook that opens, until it is told to stop.
    fn serve(&mut self, root: &Path, scratch: &Path, over: &AtomicBool) {
        let units: Vec<String> = self.parts.keys().cloned().collect();
        while !over.load(Ordering::SeqCst) {
            for unit in &units {
                let name = format!("unit-{}", unit.replace('/', "-"));
                let place = Place {
                    charm: root.join("agents").join(name).join("charm"),
                    scratch: scratch.to_owned(),
                };
                if place.charm.join("open").exists() {
                    let code = self.play(unit, &place, root);
                    let part = place.charm.join("done.part");
                    fs::write(&part, format!("{code}\n")).unwrap();
                    fs::rename(part, place.charm.join("done")).unwrap();
                }
            }
            thread::sleep(Duration::from_millis(1));
        }
    }

    /// Plays a hook that has opened, and returns its exit code.
    fn play(&mut self, unit: &str, place: &Place, root: &Path) -> i32 {
        let session = Session::of(place);
        fs::remove_file(place.charm.join("open")).unwrap();
        let part = self.parts.get_mut(unit).unwrap();
        let next = part.next();
        let told = session.told();
        let Some(place_in_order) = part.find(told) else {
            let text = format!("{told} runs in addition");
            self.differ(unit, next, text);
            return 0;
        };
        let number = part.coming.remove(place_in_order);
        let mut found = Vec::new();
        if place_in_order > 0 {
            let next = part.recorded[next].told();
            found.push(format!("{told} comes before {next}"));
        }
        let hook = &part.recorded[number];
        for call in &hook.calls {
            let answer = session.call(call, &mut self.names);
            let expected = call.answer();
            if expected.as_ref() != Some(&answer) {
                found.push(format!(
                    "{call:?}\n  Juju    {expected:?}\n  sandbox {answer:?}"
                ));
            }
        }
        let code = hook.code;
        if hook.untraced {
            return code;
        }
        self.compared.0 += 1;
        self.compared.1 += hook.calls.len();
        let (texts, unlike) = surroundings::differences(place, root, &self.names, hook);
        self.count(unlike);
        for text in found.into_iter().chain(texts) {
            self.differ(unit, number, text);
        }
        code
    }

    /// Compares what a command of `juju exec` answered.
    pub(super) fn compare_command(
        &mut self,
        step: &Step,
        expected: &str,
        (code, output): (i32, &str),
    ) {
        let number = self.compared.2;
        self.compared.2 += 1;
        if step.command.last().is_some_and(|command| command == "env") {
            let (ours, theirs) = (environment(output, '\n'), environment(expected, '\n'));
            let (texts, unlike) = unlike(&ours, &theirs);
            self.count(unlike);
            for text in texts {
                self.differ("exec", number, text);
            }
            return;
        }
        let (ours, theirs) = (masked(output), masked(expected));
        if (code, &ours) != (step.code, &theirs) {
            let command = &step.command;
            let juju = step.code;
            self.differ(
                "exec",
                number,
                format!("{command:?}\n  Juju    {juju} {theirs:?}\n  sandbox {code} {ours:?}"),
            );
        }
    }

    /// Says which hooks have not run in the end.
    pub(super) fn close(&mut self) {
        for (unit, part) in &self.parts {
            self.differences.extend(part.coming.iter().map(|number| {
                let told = part.recorded[*number].told();
                Difference {
                    of: unit.clone(),
                    number: *number,
                    text: format!("{told} does not run"),
                }
            }));
        }
    }
}
