//! Writes that wait for the commit.

use crate::charm::StorageWish;
use crate::go::Pairs;
use crate::secret::SecretUri;
use crate::state::{Port, SecretChange, SecretOwner, SecretScope};
use std::collections::{BTreeMap, BTreeSet};

/// Writes that wait for the commit.
#[derive(Debug, Default)]
pub(super) struct Pending {
    /// Changes to the unit's databags, by relation; an empty value removes the key.
    pub(super) unit: BTreeMap<u32, Pairs>,
    /// The same for the application's.
    pub(super) application: BTreeMap<u32, Pairs>,
    /// The whole charm state, if any of it has been written.
    pub(super) charm_state: Option<Pairs>,
    pub(super) ports: PendingPorts,
    pub(super) secrets: PendingSecrets,
    /// Storage to add.
    pub(super) storage: Vec<(String, StorageWish)>,
}

/// Requests for ports that wait for the commit, oldest first (`portRangeChangeRecorder`).
#[derive(Debug, Default)]
pub(super) struct PendingPorts {
    pub(super) opens: Vec<Port>,
    pub(super) closes: Vec<Port>,
}

/// Changes of secrets that wait for the commit, by id (`secretsChangeRecorder`).
#[derive(Debug, Default)]
pub(super) struct PendingSecrets {
    pub(super) creates: BTreeMap<String, (SecretOwner, SecretChange)>,
    pub(super) updates: BTreeMap<String, (SecretUri, SecretChange)>,
    /// Secrets whose newest revision this unit tracks after the commit.
    pub(super) track_latest: BTreeSet<String>,
    /// New grants, of which each relation keeps the last.
    pub(super) grants: BTreeMap<String, BTreeMap<SecretScope, Grant>>,
    /// The applications and units whose grants are revoked.
    pub(super) revokes: BTreeMap<String, Vec<String>>,
    /// The revisions to remove; if there are none, the whole secret.
    pub(super) deletes: BTreeMap<String, (SecretUri, BTreeSet<u32>)>,
}

/// Permission to read a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Grant {
    /// An application or a unit.
    pub(crate) subject: String,
    pub(crate) scope: SecretScope,
}
