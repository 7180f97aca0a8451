//! Where tickets are kept.

use std::collections::HashMap;
use std::error::Error;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::secret::Digest;
use crate::ticket::TicketKind;

/// What is kept of a ticket: never its secret half.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The hash of the secret half.
    pub secret: Digest,
    /// From when on it counts no more, in seconds since 1970.
    pub expires_at: u64,
    /// What the ticket stands for, as JSON.
    pub content: String,
}

/// The store did not do its work.
#[derive(Debug, thiserror::Error)]
#[error("the store failed")]
pub struct StoreError(#[source] Box<dyn Error + Send + Sync>);

impl StoreError {
    /// A failure with its cause.
    pub fn new(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(source.into())
    }
}

/// Keeps tickets by kind and key.
pub trait Store: Send + Sync {
    /// Keeps an entry, in place of one that has the same key.
    ///
    /// # Errors
    ///
    /// The store failed.
    fn put(&self, kind: TicketKind, key: &str, entry: &Entry) -> Result<(), StoreError>;

    /// The entry of a key, expired or not.
    ///
    /// # Errors
    ///
    /// The store failed.
    fn get(&self, kind: TicketKind, key: &str) -> Result<Option<Entry>, StoreError>;

    /// Removes an entry, and says whether it was there: of two who remove the same at once, one
    /// is told so.
    ///
    /// # Errors
    ///
    /// The store failed.
    fn remove(&self, kind: TicketKind, key: &str) -> Result<bool, StoreError>;

    /// Removes all entries of a kind.
    ///
    /// # Errors
    ///
    /// The store failed.
    fn remove_all(&self, kind: TicketKind) -> Result<(), StoreError>;

    /// Removes what expired before this time, in seconds since 1970.
    ///
    /// # Errors
    ///
    /// The store failed.
    fn remove_expired(&self, before: u64) -> Result<(), StoreError>;
}

/// A store that is gone when the process ends.
#[derive(Debug, Default)]
pub struct MemoryStore(Mutex<HashMap<(TicketKind, String), Entry>>);

impl MemoryStore {
    fn entries(&self) -> MutexGuard<'_, HashMap<(TicketKind, String), Entry>> {
        // No step leaves the map half changed, so one that panicked does no harm.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Store for MemoryStore {
    fn put(&self, kind: TicketKind, key: &str, entry: &Entry) -> Result<(), StoreError> {
        self.entries().insert((kind, key.to_owned()), entry.clone());
        Ok(())
    }

    fn get(&self, kind: TicketKind, key: &str) -> Result<Option<Entry>, StoreError> {
        Ok(self.entries().get(&(kind, key.to_owned())).cloned())
    }

    fn remove(&self, kind: TicketKind, key: &str) -> Result<bool, StoreError> {
        Ok(self.entries().remove(&(kind, key.to_owned())).is_some())
    }

    fn remove_all(&self, kind: TicketKind) -> Result<(), StoreError> {
        self.entries().retain(|(other, _), _| *other != kind);
        Ok(())
    }

    fn remove_expired(&self, before: u64) -> Result<(), StoreError> {
        self.entries().retain(|_, entry| entry.expires_at >= before);
        Ok(())
    }
}
