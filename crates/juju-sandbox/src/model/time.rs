//! Letting time pass.

use super::handle::Model;
use crate::clock::{Moment, Timestamp};
use crate::error::Error;
use std::time::Duration;

/// How often a charm is told again, in one stretch of time, that revisions have expired of which it
/// removes none. It may look at another clock than the model's, and would be told every five minutes.
const TELLINGS: u32 = 12;

impl Model {
    /// Lets time pass, and runs the hooks that it brings: `secret-rotate` and `secret-expired`, each
    /// at its moment, with whatever follows from them. As in Juju, a charm is told again after five
    /// minutes if it has not rotated the secret, or not removed the expired revision; of the latter,
    /// an hour long, and then once more at the end. No other hook comes of time: ask for [`update_status`](Self::update_status).
    ///
    /// # Errors
    ///
    /// When the machine could not run a hook, the model never becomes idle, or more hooks than
    /// [`Settings::hook_limit`](crate::Settings::hook_limit) would run.
    pub fn advance(&mut self, duration: Duration) -> Result<(), Error> {
        let now = Timestamp(self.state.now).moment();
        self.advance_to(now.plus_seconds(duration.as_secs()))
    }

    /// The same until a moment; one that is past changes nothing.
    pub(crate) fn advance_to(&mut self, end: Moment) -> Result<(), Error> {
        self.settle()?;
        let (first, limit) = (self.state.next_run, self.state.settings.hook_limit);
        let (mut before, mut tellings) = (Vec::new(), 0);
        // In steps, because what a charm does at one moment decides about the next.
        while let Some(moment) = self.state.next_alarm().filter(|moment| *moment <= end) {
            let ran = self.runs.len();
            self.state.wait_until(moment);
            self.settle()?;
            let told: Vec<(String, Option<String>)> = self.runs[ran..]
                .iter()
                .filter(|run| run.hook == "secret-expired")
                .map(|run| {
                    let id = run.environment.get("JUJU_SECRET_ID").cloned();
                    (run.unit.clone(), id)
                })
                .collect();
            let only = !told.is_empty() && told.len() == self.runs.len() - ran;
            tellings = if only && told == before {
                tellings + 1
            } else {
                0
            };
            before = told;
            if tellings == TELLINGS {
                break;
            }
            if self.state.next_run - first > u64::from(limit) {
                return Err(self.restless());
            }
        }
        self.state.wait_until(end);
        self.settle()
    }
}
