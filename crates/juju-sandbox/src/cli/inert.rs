//! Options of Juju's that have no effect here. They are taken, so that what was written for Juju
//! runs, and whoever gives one is told.

use clap::ArgMatches;
use clap::parser::ValueSource;

/// The heading in a command's help under which such options stand.
pub(super) const HEADING: &str = "Options without an effect here";

/// A line for each such option that was given.
pub(super) fn notes(command: &clap::Command, matches: &ArgMatches) -> String {
    let Some((name, matches)) = matches.subcommand() else {
        return String::new();
    };
    let Some(command) = command.find_subcommand(name) else {
        return String::new();
    };
    let given = command.get_arguments().filter(|argument| {
        argument.get_help_heading() == Some(HEADING)
            && matches.value_source(argument.get_id().as_str()) == Some(ValueSource::CommandLine)
    });
    let notes: Vec<String> = given
        .filter_map(clap::Arg::get_long)
        .map(|option| note(&format!("--{option}")))
        .collect();
    notes.concat()
}

/// The line for something that has no effect.
pub(super) fn note(name: &str) -> String {
    format!("WARNING {name} does nothing in juju-sandbox\n")
}
