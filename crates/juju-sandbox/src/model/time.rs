//! Letting time pass.

use super::handle::Model;
use crate::clock::{Moment, Timestamp};
use crate::error::Error;
use std::time::Duration;

impl Model {
    /// Lets time pass, and runs the hooks that it brings: `secret-rotate` and `secret-expired`, each
    /// at its moment, with whatever follows from them. As in Juju, a charm is told again after five
    /// minutes if it has not rotated the secret, or not removed the expired revision. No other hook
    /// comes of time: ask for [`update_status`](Self::update_status).
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
        // In steps, because what a charm does at one moment decides about the next.
        while let Some(moment) = self.state.next_alarm().filter(|moment| *moment <= end) {
            self.state.wait_until(moment);
            self.settle()?;
            if self.state.next_run - first > u64::from(limit) {
                return Err(self.restless());
            }
        }
        self.state.wait_until(end);
        self.settle()
    }
}
