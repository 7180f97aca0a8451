//! `ssh` and `scp`: a unit's machine is this one, and its folder the unit's charm directory.
//! Source: `cmd/juju/ssh`.

use super::printed::Printed;
use crate::error::Error;
use crate::model::Model;
use crate::refusals;
use clap::Args;
use std::fs;
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};

/// The options of OpenSSH's client that take a value.
const WITH_VALUE: &str = "BbcDEeFIiJLlmOopQRSWw";

/// What only `ssh` to a machine elsewhere would need.
#[derive(Debug, Args)]
struct Connection {
    /// The container; there is only the charm's.
    #[arg(long)]
    container: Option<String>,
    /// Accepted because Juju has it: nothing is connected to.
    #[arg(long, hide = true)]
    no_host_key_checks: bool,
    /// Accepted because Juju has it: nothing is connected to.
    #[arg(long, hide = true)]
    proxy: bool,
    /// Accepted because Juju has it: the unit's charm is its operator.
    #[arg(long, hide = true)]
    remote: bool,
}

impl Connection {
    fn check(&self) -> Result<(), Error> {
        match self.container.as_deref() {
            None | Some("charm") => Ok(()),
            Some(other) => Err(Error::Refused(refusals::no_container(other))),
        }
    }
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox ssh web/0 ls
  juju-sandbox ssh web/leader 'cat metadata.yaml | head -n 1'")]
pub(super) struct Ssh {
    #[command(flatten)]
    connection: Connection,
    /// Accepted because Juju has it: there is no terminal.
    #[arg(
        long,
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "true",
        value_name = "BOOL", hide = true
    )]
    pty: Option<bool>,
    /// The unit, also as user@unit; options of OpenSSH, which have no effect, and the command.
    #[arg(
        required = true,
        trailing_var_arg = true,
        allow_hyphen_values = true,
        value_name = "UNIT COMMAND…"
    )]
    words: Vec<String>,
}

impl Ssh {
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place of the command line that starts processes"
    )]
    pub(super) fn run(&self, model: &Model) -> Result<Printed, Error> {
        self.connection.check()?;
        let Some((target, rest)) = self.words.split_first() else {
            return Err(Error::Refused(refusals::no_terminal()));
        };
        let folder = folder_of(model, target)?;
        if !folder.is_dir() {
            return Err(Error::Refused(refusals::no_charm_yet(target)));
        }
        let command = command(rest);
        if command.is_empty() {
            return Err(Error::Refused(refusals::no_terminal()));
        }
        // As ssh does: the words are joined, and the other side's shell reads them.
        let status = std::process::Command::new("/bin/sh")
            .arg("-c")
            .arg(command.join(" "))
            .current_dir(folder)
            .status()
            .map_err(Error::io("start /bin/sh"))?;
        let code = status.code().or(status.signal().map(|signal| 128 + signal));
        Ok(Printed {
            code: code.and_then(|code| u8::try_from(code).ok()).unwrap_or(255),
            ..Printed::default()
        })
    }
}

/// What follows the options of OpenSSH.
fn command(words: &[String]) -> &[String] {
    let mut rest = words;
    while let [first, others @ ..] = rest {
        if first == "--" {
            return others;
        }
        let Some(letters) = first
            .strip_prefix('-')
            .filter(|letters| !letters.is_empty())
        else {
            break;
        };
        // A value may be part of the word, as in -oBatchMode=yes.
        let takes_next = letters.len() == 1 && WITH_VALUE.contains(letters);
        rest = others.get(usize::from(takes_next)..).unwrap_or_default();
    }
    rest
}

/// A unit's folder; its name may have a user in front.
fn folder_of(model: &Model, target: &str) -> Result<PathBuf, Error> {
    let unit = target.rsplit_once('@').map_or(target, |(_, unit)| unit);
    if unit.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Error::not_found("machine", unit));
    }
    Ok(model.unit(&model.resolve_unit(unit)?)?.charm_dir())
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox scp data.json web/0:data.json
  juju-sandbox scp -- -r web/0:src ./copy")]
pub(super) struct Scp {
    #[command(flatten)]
    connection: Connection,
    /// Options of scp after --, sources, and the target; a path of a unit is unit:path, relative to
    /// its charm directory.
    #[arg(required = true, value_name = "[-- -r] FROM… TO")]
    words: Vec<String>,
}

impl Scp {
    pub(super) fn run(&self, model: &Model) -> Result<Printed, Error> {
        self.connection.check()?;
        let paths = command_paths(&self.words);
        let recursive = self.words.iter().any(|word| is_recursive(word));
        let [sources @ .., target] = paths.as_slice() else {
            return Err(Error::Refused(refusals::scp_arguments()));
        };
        if sources.is_empty() {
            return Err(Error::Refused(refusals::scp_arguments()));
        }
        let target = local_path(model, target)?;
        for source in sources {
            let from = local_path(model, source)?;
            if from.is_dir() && !recursive {
                let reason = format!("scp: {}: not a regular file", from.display());
                return Err(Error::Refused(reason));
            }
            let name = from.file_name().unwrap_or_default();
            let to = if target.is_dir() {
                target.join(name)
            } else {
                target.clone()
            };
            copy(&from, &to).map_err(Error::io(format!(
                "copy {} to {}",
                from.display(),
                to.display()
            )))?;
        }
        Ok(Printed::default())
    }
}

fn is_recursive(word: &str) -> bool {
    word.strip_prefix('-')
        .is_some_and(|letters| letters.contains('r') && !letters.starts_with('o'))
}

/// The words that are not options of scp, which are those of ssh.
fn command_paths(words: &[String]) -> Vec<&str> {
    let mut paths = Vec::new();
    let mut words = words.iter();
    while let Some(word) = words.next() {
        match word.strip_prefix('-') {
            Some(letter) if letter.len() == 1 && "cDFiJloPSX".contains(letter) => {
                words.next();
            }
            Some(letters) if !letters.is_empty() => {}
            _ => paths.push(word.as_str()),
        }
    }
    paths
}

/// Where `unit:path` is on this machine. A colon after a slash is part of a path, as for scp.
fn local_path(model: &Model, path: &str) -> Result<PathBuf, Error> {
    match path.split_once(':') {
        Some((unit, path)) if !unit.starts_with(['/', '.']) => {
            Ok(folder_of(model, unit)?.join(path))
        }
        _ => Ok(PathBuf::from(path)),
    }
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    if !from.is_dir() {
        return fs::copy(from, to).map(drop);
    }
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        copy(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_after_options() {
        struct Case {
            name: &'static str,
            words: &'static [&'static str],
            command: &'static [&'static str],
        }

        for Case {
            name,
            words,
            command: expected,
        } in [
            Case {
                name: "no options",
                words: &["echo", "-n", "x"],
                command: &["echo", "-n", "x"],
            },
            Case {
                name: "an option with a value",
                words: &["-i", "key", "ls"],
                command: &["ls"],
            },
            Case {
                name: "a value in the same word",
                words: &["-oBatchMode=yes", "-A", "ls"],
                command: &["ls"],
            },
            Case {
                name: "the end of options",
                words: &["--", "-x"],
                command: &["-x"],
            },
            Case {
                name: "options only",
                words: &["-i"],
                command: &[],
            },
        ] {
            let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
            assert_eq!(command(&words), expected, "{name}");
        }
    }
}
