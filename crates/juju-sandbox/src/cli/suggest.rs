//! What is said about a command line that is not understood. Source of the texts: `plugin.go` of
//! `cmd/juju/commands`, and juju/gnuflag.

use super::printed::Printed;
use crate::refusals;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use std::ffi::OsString;

/// The most changes of a letter between what was typed and what may have been meant.
const MOST_CHANGES: usize = 3;

/// What to print for an error of the parser, which may also be a request for help.
pub(super) fn refused(command: &clap::Command, words: &[OsString], error: &clap::Error) -> Printed {
    if !error.use_stderr() {
        return Printed::out(error.render().to_string());
    }
    if error.kind() == ErrorKind::InvalidSubcommand {
        // Only `help` looks for a command by itself: others are not known before.
        if let Some(ContextValue::String(name)) = error.get(ContextKind::InvalidSubcommand) {
            let unknown = refusals::unknown_topic(name) + &meant(name, known(command));
            return Printed::error(&unknown, 1);
        }
    }
    if error.kind() == ErrorKind::UnknownArgument {
        if let Some(ContextValue::String(option)) = error.get(ContextKind::InvalidArg) {
            if option.starts_with('-') {
                return Printed::error(&unknown_option(command, words, option), 2);
            }
        }
    }
    Printed {
        stderr: error.render().to_string(),
        code: 2,
        ..Printed::default()
    }
}

/// Which command is not known: a name that is near to others, or one that is not.
pub(super) fn unknown_command(command: &clap::Command, name: &str) -> String {
    refusals::unknown_command_line(name) + &meant(name, known(command))
}

/// The names of all commands.
fn known(command: &clap::Command) -> Vec<String> {
    let names = command
        .get_subcommands()
        .flat_map(|command| command.get_name_and_visible_aliases());
    names.map(str::to_owned).collect()
}

/// Which option is not known, of the command that is the first word that names one.
fn unknown_option(command: &clap::Command, words: &[OsString], option: &str) -> String {
    let mut names = words.iter().filter_map(|word| word.to_str());
    let called = names.find_map(|word| command.find_subcommand(word));
    let own = called.into_iter().flat_map(clap::Command::get_arguments);
    let options = own.chain(command.get_arguments());
    let options = options
        .filter_map(|argument| Some(format!("--{}", argument.get_long()?)))
        .collect();
    let option = option.split('=').next().unwrap_or(option);
    let help = called.map_or_else(String::new, |called| format!("{} ", called.get_name()));
    refusals::undefined_option(option)
        + &meant(option, options)
        + &format!("\n\nSee \"juju-sandbox {help}--help\".")
}

fn meant(typed: &str, known: Vec<String>) -> String {
    let mut near: Vec<(usize, String)> = known
        .into_iter()
        .map(|name| (changes(typed, &name), name))
        .filter(|(changes, name)| *changes <= MOST_CHANGES.min(name.len() / 2))
        .collect();
    near.sort();
    if near.is_empty() {
        return String::new();
    }
    let near: Vec<String> = near.into_iter().take(3).map(|(_, name)| name).collect();
    format!("\n\nDid you mean:\n\t{}", near.join("\n\t"))
}

/// How many letters to insert, remove or replace to get from one word to the other (Levenshtein).
fn changes(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (index, letter) in from.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], index + 1);
        for (column, other) in to.iter().enumerate() {
            let replaced = diagonal + usize::from(letter != *other);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(row[column] + 1).min(diagonal + 1);
        }
    }
    row[to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        for (from, to, expected) in [
            ("status", "status", 0),
            ("statsu", "status", 2),
            ("deplo", "deploy", 1),
            ("", "run", 3),
            ("kitten", "sitting", 3),
        ] {
            assert_eq!(changes(from, to), expected, "{from} {to}");
        }
    }
}
