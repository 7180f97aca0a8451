//! The steps of the story, as commands of the built binary.

use super::Step;
use crate::hook::Names;
use crate::support::charm;
use crate::support::cli::Cli;

/// The charm that stands for one of the recording.
fn stand_in(recorded: &str) -> String {
    let folder = charm(match recorded {
        "ktraced" => "story-kratos",
        _ => "story-idp",
    });
    folder.to_str().unwrap().to_owned()
}

/// What to say to the command line for a step. `None` if it cannot be done here.
pub(super) fn words(cli: &Cli, step: &Step, names: &Names) -> Option<Vec<String>> {
    for (name, text) in &step.files {
        cli.file(name, text);
    }
    let words = step.command.iter();
    let mut words: Vec<String> = words
        .map(|word| String::from_utf8(names.ours(word)).unwrap())
        .collect();
    match words[0].as_str() {
        "deploy" => words[1] = stand_in(&words[1]),
        "refresh" => {
            words[2] = stand_in(&words[2]);
            // Juju's own argument is the name of a charm on Charmhub.
            words.insert(2, "--path".into());
        }
        // No machine is started again here.
        "reboot" => return None,
        _ => {}
    }
    Some(words)
}
