//! Statuses of units and applications. Source: `core/status/status.go`.

use crate::clock::Timestamp;
use serde::{Deserialize, Serialize};

/// A status: one of Juju's words, and a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// `active`, `blocked`, `waiting`, `maintenance`, `unknown`, `error`, `terminated`, `idle`, …
    pub word: String,
    /// The message that is shown next to it.
    pub message: String,
    /// When it was last set, even if to the same status.
    pub since: Timestamp,
}

impl Status {
    pub(crate) fn new(word: &str, message: &str, since: Timestamp) -> Self {
        Self {
            word: word.to_owned(),
            message: message.to_owned(),
            since,
        }
    }

    /// How bad it is; worse is greater (`statusSeverities` of `core/status`, used by
    /// `DeriveStatus`).
    fn severity(&self) -> u32 {
        match self.word.as_str() {
            "error" => 100,
            "blocked" => 90,
            "maintenance" => 80,
            "waiting" => 70,
            "active" => 60,
            "terminated" => 50,
            "unknown" => 40,
            _ => 0,
        }
    }

    /// What an application shows if it has not set a status of its own: the worst status of its
    /// units, and of equals the first (`DeriveStatus` in `core/status`).
    pub(crate) fn worst<'a>(units: impl Iterator<Item = &'a Status>) -> Option<&'a Status> {
        // Not `max_by_key`: of equals, that returns the last.
        units.min_by_key(|status| std::cmp::Reverse(status.severity()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn worst_of_units() {
        let statuses: Vec<Status> = ["active", "waiting", "blocked", "unknown", "blocked"]
            .iter()
            .enumerate()
            .map(|(index, word)| Status::new(word, &index.to_string(), Timestamp(0)))
            .collect();
        assert_eq!(Status::worst(statuses.iter()).unwrap().message, "2");
        assert!(Status::worst([].iter()).is_none());
    }
}
