//! What happens to secrets as time passes: when their owners are told to rotate them, or that they
//! have expired. Source: the workers `secretrotate` and `secretexpire`, and `SecretsRotated` of the
//! facade `secretsmanager`.

use super::root::State;
use super::secret::Secret;
use crate::clock::{Moment, Timestamp};
use crate::secret::Rotation;

/// When a charm is told again of a secret that it did not rotate, or of an expired revision that it
/// did not remove, in seconds (`RotateRetryDelay` and `ExpireRetryDelay` in
/// `core/secrets/rotate.go`).
const RETRY: u64 = 5 * 60;

impl State {
    /// Whether a moment has come. The clock moves by itself with whatever happens, but nothing comes
    /// of that: only time that somebody lets pass counts.
    fn has_come(&self, moment: Moment) -> bool {
        moment <= Timestamp(self.awaited).moment()
    }

    /// The secrets that a unit may change, by id.
    fn managed_by(&self, unit: &str) -> impl Iterator<Item = (&String, &Secret)> {
        let secrets = self.secrets.iter();
        secrets.filter(move |(_, secret)| self.manages(unit, &secret.owner))
    }

    /// A revision that has expired, of a secret that a unit manages.
    pub(crate) fn expired_revision(&self, unit: &str) -> Option<(String, u32)> {
        self.managed_by(unit).find_map(|(id, secret)| {
            let mut revisions = secret.revisions.iter();
            let expired = revisions
                .find(|(_, revision)| revision.expires.is_some_and(|moment| self.has_come(moment)));
            expired.map(|(number, _)| (id.clone(), *number))
        })
    }

    /// A secret that a unit is to rotate, and its latest revision.
    pub(crate) fn secret_to_rotate(&self, unit: &str) -> Option<(String, u32)> {
        let due = |secret: &Secret| {
            let moment = secret.next_rotation;
            moment.is_some_and(|moment| self.has_come(moment))
        };
        self.managed_by(unit)
            .find(|(_, secret)| due(secret))
            .map(|(id, secret)| (id.clone(), secret.latest))
    }

    /// The charm has been told to rotate a secret (`SecretsRotated`).
    pub(super) fn rotated(&mut self, id: &str, told: u32) {
        let now = Timestamp(self.now).moment();
        let Some(secret) = self.secrets.get_mut(id) else {
            return;
        };
        let policy = secret.rotation.filter(|policy| *policy != Rotation::Never);
        let Some(policy) = policy else {
            secret.next_rotation = None;
            return;
        };
        let last = secret.next_rotation.unwrap_or(now);
        let planned = policy.next(last).map(|next| next.max(now));
        let soon = last.plus_seconds(RETRY);
        let missed = secret.latest == told;
        // Rather sooner, so that the charm can rotate it before it expires.
        let expires_first = secret
            .expires
            .is_some_and(|expires| Some(expires) < planned && soon < expires);
        secret.next_rotation = if missed || expires_first {
            Some(soon)
        } else {
            planned
        };
    }

    /// The charm has been told that a revision has expired; it is told again, unless it has removed
    /// it (`secretexpire`). Where it had expired long ago, that is five minutes from now, too.
    pub(super) fn expired(&mut self, id: &str, number: u32) {
        let now = Timestamp(self.awaited).moment();
        let secret = self.secrets.get_mut(id);
        let revision = secret.and_then(|secret| secret.revisions.get_mut(&number));
        if let Some(revision) = revision {
            let again = revision
                .expires
                .map(|moment| moment.max(now).plus_seconds(RETRY));
            revision.expires = again;
        }
    }

    /// The next moment for which some secret waits.
    pub(crate) fn next_alarm(&self) -> Option<Moment> {
        let secrets = self.secrets.values();
        let moments = secrets.flat_map(|secret| {
            let revisions = secret.revisions.values();
            revisions
                .filter_map(|revision| revision.expires)
                .chain(secret.next_rotation)
        });
        moments.filter(|moment| !self.has_come(*moment)).min()
    }

    /// Lets time pass until a moment.
    pub(crate) fn wait_until(&mut self, moment: Moment) {
        let time = Timestamp::at(moment).0;
        self.now = self.now.max(time);
        self.awaited = self.awaited.max(time);
    }
}
