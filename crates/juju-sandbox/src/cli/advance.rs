//! `advance`: lets time pass. Juju has nothing like it.

use crate::clock::{Moment, Timestamp};
use crate::error::Error;
use crate::model::Model;
use crate::refusals;
use crate::secret::expiry;
use clap::Args;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox advance 24h
  juju-sandbox advance 2026-02-01T00:00:00Z")]
pub(super) struct Advance {
    /// How long, such as 24h or 1h30m, or until when, such as 2026-02-01T00:00:00Z.
    time: String,
}

impl Advance {
    pub(super) fn apply(&self, model: &mut Model) -> Result<(), Error> {
        let now: Moment = Timestamp(model.now().0).moment();
        let end = expiry(&self.time, now)
            .map_err(|_| Error::Refused(refusals::invalid_time(&self.time)))?;
        if end < now {
            return Err(Error::Refused(refusals::past_time(&self.time, now)));
        }
        model.advance_to(end)
    }
}
