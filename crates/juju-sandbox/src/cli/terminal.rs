//! What is for a person at a terminal: colours, and what runs. Source of the colours:
//! `core/output/output.go`, `cmd/juju/status/output_tabular.go` and `debuglog.go`; of their codes,
//! and of when there are any: juju/ansiterm.

use crate::log::{Level, LogRecord};
use crate::refusals;
use crate::surroundings;
use clap::Args;
use std::io::{self, IsTerminal};

/// Parameters of the escape sequence that starts a colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Colour(&'static str);

/// Good news (`GoodHighlight`).
pub(super) const GOOD: Colour = Colour("32");
/// The current one of several (`CurrentHighlight`).
pub(super) const CURRENT: Colour = GOOD;
/// What a person should know, but need not act on (`WarningHighlight`).
const WARNING: Colour = Colour("33");
/// What is wrong (`ErrorHighlight`).
const BAD: Colour = Colour("31");
/// Details such as addresses (`InfoHighlight`).
pub(super) const DETAIL: Colour = Colour("36");
/// A table's header.
pub(super) const HEADER: Colour = Colour("39;1");
/// A message in a table.
pub(super) const MESSAGE: Colour = Colour("37");
/// The endpoint after an application's name.
pub(super) const ENDPOINT: Colour = Colour("35");
/// The number of a port.
pub(super) const PORT: Colour = Colour("95");

/// Options about colours of the commands that have any.
#[derive(Debug, Args)]
pub(super) struct Choice {
    /// Use colours even if the output is no terminal, or `NO_COLOR` is set.
    #[arg(long)]
    pub(super) color: bool,
    /// Use no colours.
    #[arg(long)]
    pub(super) no_color: bool,
}

impl Choice {
    /// What is wrong with the options (`statusCommand.Init`).
    pub(super) fn check(&self) -> Result<(), String> {
        if self.color && self.no_color {
            return Err(refusals::color_and_no_color());
        }
        Ok(())
    }

    pub(super) fn palette(&self) -> Palette {
        if self.no_color {
            return Palette { painting: false };
        }
        Palette::of(self.color)
    }
}

/// Whether there are colours.
#[derive(Debug, Clone, Copy)]
pub(super) struct Palette {
    painting: bool,
}

impl Palette {
    /// Colours if they are wanted in any case, or the output is a terminal that has them and
    /// nobody has set `NO_COLOR`, to whatever value (`colorEnabledWriter`).
    pub(super) fn of(always: bool) -> Self {
        let able = || {
            surroundings::variable("NO_COLOR").is_none()
                && surroundings::variable("TERM").is_none_or(|term| term != "dumb")
                && io::stdout().is_terminal()
        };
        Self {
            painting: always || able(),
        }
    }

    pub(super) fn paint(self, colour: Colour, text: &str) -> String {
        if !self.painting || text.is_empty() {
            return text.to_owned();
        }
        format!("\x1b[{}m{text}\x1b[0m", colour.0)
    }

    /// A status's word (`statusColors`).
    pub(super) fn status(self, word: &str) -> String {
        let colour = match word {
            "active" | "running" | "idle" | "started" | "executing" | "attaching" | "attached" => {
                GOOD
            }
            "allocating" | "lost" | "maintenance" | "pending" | "rebooting" | "stopped"
            | "unknown" | "detaching" | "detached" => WARNING,
            "blocked" | "down" | "error" | "failed" | "terminated" => BAD,
            _ => return word.to_owned(),
        };
        self.paint(colour, word)
    }

    /// An application with its endpoint.
    pub(super) fn endpoint(self, key: &str) -> String {
        match key.split_once(':') {
            Some((application, name)) => {
                application.to_owned() + &self.paint(ENDPOINT, &format!(":{name}"))
            }
            None => key.to_owned(),
        }
    }

    /// A port or a range of them, with its protocol.
    pub(super) fn port(self, port: &str) -> String {
        match port.split_once('/') {
            Some((number, protocol)) => self.paint(PORT, number) + "/" + protocol,
            None => port.to_owned(),
        }
    }

    /// A line of the log (`SeverityColor`).
    pub(super) fn record(self, record: &LogRecord) -> String {
        let colour = match record.level {
            Level::Unspecified | Level::Trace => Colour("39"),
            Level::Debug => GOOD,
            Level::Info => Colour("94"),
            Level::Warning => WARNING,
            Level::Error => Colour("91"),
            Level::Critical => Colour("97;41"),
        };
        record.line(&self.paint(colour, record.level.word()))
    }
}

/// How wide a text is that may have colours.
pub(super) fn width(text: &str) -> usize {
    let mut parts = text.split("\x1b[");
    let plain = parts.next().unwrap_or_default().chars().count();
    let painted = parts.map(|part| part.split_once('m').map_or(part, |(_, rest)| rest));
    plain + painted.map(|rest| rest.chars().count()).sum::<usize>()
}

/// Whether somebody watches the standard error.
pub(super) fn is_watched() -> bool {
    io::stderr().is_terminal()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths() {
        let palette = Palette { painting: true };
        for (text, expected) in [
            ("", 0),
            ("active", 6),
            (&palette.status("active"), 6),
            (&palette.endpoint("web:db"), 6),
            (&palette.port("80/tcp"), 6),
            ("\x1b[", 0),
        ] {
            assert_eq!(width(text), expected, "{text:?}");
        }
    }
}
