//! The command line with its commands in groups, so that whoever is new to it finds the way.

use super::command::Cli;
use clap::CommandFactory;

/// Headings, and the commands below each.
const GROUPS: [(&str, &[&str]); 8] = [
    (
        "Deploy and change applications",
        &[
            "deploy",
            "config",
            "integrate",
            "refresh",
            "add-unit",
            "remove-unit",
            "remove-relation",
            "remove-application",
            "trust",
            "expose",
            "unexpose",
        ],
    ),
    (
        "See what is, and what happened",
        &[
            "status",
            "debug-log",
            "show-unit",
            "show-application",
            "show-status-log",
        ],
    ),
    (
        "Run actions and commands",
        &[
            "run",
            "exec",
            "actions",
            "operations",
            "show-operation",
            "show-task",
            "ssh",
            "scp",
        ],
    ),
    (
        "Make something happen",
        &["resolved", "update-status", "advance", "set-leader"],
    ),
    (
        "Play an application without its charm",
        &["stand-in", "write-databag"],
    ),
    (
        "Secrets, resources and storage",
        &[
            "add-secret",
            "update-secret",
            "grant-secret",
            "revoke-secret",
            "remove-secret",
            "secrets",
            "show-secret",
            "attach-resource",
            "resources",
            "storage",
            "show-storage",
            "add-storage",
            "attach-storage",
            "detach-storage",
            "remove-storage",
        ],
    ),
    (
        "Models",
        &[
            "add-model",
            "models",
            "switch",
            "show-model",
            "destroy-model",
            "model-config",
            "model-constraints",
            "set-model-constraints",
            "version",
        ],
    ),
    ("This program", &["completion", "help"]),
];

/// The command line as it is parsed and described.
pub(super) fn command() -> clap::Command {
    let command = Cli::command();
    let mut groups = String::new();
    for (heading, names) in GROUPS {
        groups.extend([heading, ":\n"]);
        for name in names {
            // The parser adds `help` itself, and later.
            let known = command.find_subcommand(name);
            let about = known.and_then(clap::Command::get_about).map_or_else(
                || "Say more about a command".to_owned(),
                ToString::to_string,
            );
            let line = format!("  {name:<21}  {about}\n");
            groups.push_str(&line);
        }
        groups.push('\n');
    }
    command.help_template(format!(
        "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{groups}Options:\n{{options}}{{after-help}}"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;
    use std::collections::BTreeSet;

    /// The words of a line, as a shell would read it.
    fn words(line: &str) -> Vec<String> {
        let (mut words, mut quote) = (vec![String::new()], None);
        for letter in line.chars() {
            match (letter, quote) {
                ('"' | '\'', None) => quote = Some(letter),
                (_, Some(mark)) if mark == letter => quote = None,
                (' ', None) => words.push(String::new()),
                _ => words.last_mut().unwrap().push(letter),
            }
        }
        words
    }

    #[test]
    fn every_command_is_in_one_group() {
        let mut command = Cli::command();
        command.build();
        let known: Vec<&str> = command
            .get_subcommands()
            .filter(|one| !one.is_hide_set())
            .map(clap::Command::get_name)
            .collect();
        let mut listed: Vec<&str> = GROUPS
            .iter()
            .flat_map(|(_, names)| *names)
            .copied()
            .collect();
        let count = listed.len();
        listed.sort_unstable();
        listed.dedup();
        assert_eq!(listed.len(), count, "a command is listed twice");
        assert_eq!(
            known.into_iter().collect::<BTreeSet<_>>(),
            listed.into_iter().collect()
        );
    }

    #[test]
    fn the_readmes_commands_are_understood() {
        let readme = include_str!("../../README.md");
        let commands = readme.lines().filter_map(|line| line.strip_prefix("$ "));
        let mut count = 0;
        for line in commands {
            let parsed = Cli::try_parse_from(words(line));
            assert!(parsed.is_ok(), "{line}: {}", parsed.unwrap_err());
            count += 1;
        }
        assert!(count > 5);
    }

    #[test]
    fn every_command_has_an_example_that_is_understood() {
        for command in Cli::command().get_subcommands() {
            let name = command.get_name();
            let help = command.get_after_help().map(ToString::to_string);
            let help = help.unwrap_or_default();
            let lines = help.lines().filter_map(|line| line.strip_prefix("  "));
            let mut count = 0;
            for line in lines {
                let line = line.split(" > ").next().unwrap();
                let words = words(line);
                assert_eq!(words[..1], ["juju-sandbox"], "{name}: {line}");
                let parsed = Cli::try_parse_from(&words);
                assert!(parsed.is_ok(), "{name}: {line}: {}", parsed.unwrap_err());
                count += usize::from(words[1] == name);
            }
            assert!(count > 0, "{name} has no example of its own");
        }
    }
}
