//! Judges that we did not write: what the charm thinks of Kratos, held against the
//! libraries that Kratos is made of, with cases at random.
//!
//! `make peers-kratos` runs this, with a Go program that has those libraries (`main.go`). It
//! tells apart where our rules and theirs differ, and that is a bug of ours, or news.
//!
//! ```text
//! peers PROGRAM [--seed N] [--cases N]
//! ```
//!
//! The same seed and number of cases give the same cases.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a program for developers: it prints what it found, and stops where it cannot go on"
)]

mod go;
mod issuers;
mod libraries;
mod mappers;
mod random;
mod values;

use std::env;
use std::path::PathBuf;
use std::process::ExitCode;

use self::go::Go;
use self::random::Random;

/// The number of configurations. The other cases are as many times that as they are
/// quicker to judge.
const CASES: usize = 20_000;

/// The most differences of one kind that are printed.
const SHOWN: usize = 10;

/// What was judged, and how often the judges disagreed.
pub(crate) struct Tally {
    what: &'static str,
    held: usize,
    differences: usize,
    /// Cases in which one side gave up before it had a verdict.
    undecided: usize,
}

impl Tally {
    fn new(what: &'static str) -> Self {
        Self {
            what,
            held: 0,
            differences: 0,
            undecided: 0,
        }
    }

    /// Counts a verdict, and says what differs if something does.
    pub(crate) fn hold(&mut self, agrees: bool, difference: impl FnOnce() -> String) {
        self.held += 1;
        if agrees {
            return;
        }
        self.differences += 1;
        if self.differences <= SHOWN {
            println!("peers: {}", difference());
        }
    }

    /// Counts a case without a verdict.
    pub(crate) fn skip(&mut self) {
        self.undecided += 1;
    }
}

/// `text` on one line, as Rust and JSON write it, but that a character which is repeated
/// dozens of times is followed by how often: `"1{800}e-491"`.
pub(crate) fn shown(text: &str) -> String {
    let mut out = String::new();
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let mut times = 1;
        while characters.next_if_eq(&character).is_some() {
            times += 1;
        }
        let escaped = character.escape_debug().to_string();
        if times > 20 {
            out.push_str(&escaped);
            out.extend(["{", &times.to_string(), "}"]);
        } else {
            out.push_str(&escaped.repeat(times));
        }
    }
    format!("\"{out}\"")
}

fn main() -> ExitCode {
    let mut program = None;
    let (mut seed, mut cases) = (random::seed(), CASES);
    let mut arguments = env::args_os().skip(1);
    while let Some(argument) = arguments.next() {
        let mut number = || {
            let number = arguments
                .next()
                .and_then(|number| number.into_string().ok());
            number
                .and_then(|number| number.parse().ok())
                .expect("a number")
        };
        match argument.to_str() {
            Some("--seed") => seed = number(),
            Some("--cases") => cases = usize::try_from(number()).unwrap(),
            _ => program = Some(PathBuf::from(argument)),
        }
    }
    let program = program.expect("the path of the Go program");
    println!("peers: seed {seed}, {cases} cases");
    let mut go = Go::start(&program);
    let mut tallies = [
        "YAML documents",
        "readings of the databag",
        "issuers",
        "evaluations of mappers",
    ]
    .map(Tally::new);
    let [values, readings, issuers, mappers] = &mut tallies;
    // Each has numbers of its own, so that a change of one does not change the others.
    let random = |part| Random::new(seed.wrapping_mul(4).wrapping_add(part));
    issuers::judge(&mut go, &mut random(0), cases * 10, issuers);
    values::judge(&mut go, &mut random(1), cases, values, readings);
    mappers::judge(&mut go, &mut random(2), cases / 5, mappers);
    for Tally {
        what,
        held,
        differences,
        undecided,
    } in &tallies
    {
        println!("peers: {held} {what}, {differences} differences, {undecided} undecided");
    }
    ExitCode::from(u8::from(tallies.iter().any(|one| one.differences > 0)))
}
