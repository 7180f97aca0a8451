//! Tickets with what they stand for, kept in a store.

use std::sync::Arc;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::clock::Clock;
use crate::secret::Digest;
use crate::store::{Entry, Store, StoreError};
use crate::ticket::{Ticket, TicketKind};
use crate::token_error::{CodeFault, TokenError};

/// How long an expired ticket is still known as one, in seconds: a day.
const REMEMBERED: u64 = 24 * 60 * 60;

/// What a code stands for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct CodeContent {
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    /// The key of the session in which it was issued.
    pub(crate) session: String,
    pub(crate) scopes: Vec<String>,
    pub(crate) nonce: Option<String>,
    pub(crate) code_challenge: Option<String>,
}

/// What an access token stands for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct AccessContent {
    pub(crate) username: String,
}

/// What a session stands for.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct SessionContent {
    pub(crate) username: String,
}

/// What a ticket stands for, and until when.
#[derive(Debug)]
pub(crate) struct Found<T> {
    pub(crate) content: T,
    /// In seconds since 1970.
    pub(crate) expires_at: u64,
}

/// The store, with the clock that tells what in it has expired.
pub(crate) struct Tickets {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Tickets {
    /// Keeps a new ticket that is good until `expires_at`, in seconds since 1970.
    pub(crate) fn issue<T: Serialize>(
        &self,
        kind: TicketKind,
        content: &T,
        expires_at: u64,
    ) -> Result<Ticket, TokenError> {
        let old = self.clock.now().saturating_sub(REMEMBERED);
        self.store.remove_expired(old)?;
        let ticket = Ticket::generate(kind)?;
        let entry = Entry {
            secret: Digest::of(ticket.secret().expose()),
            expires_at,
            // The types above have nothing that JSON cannot say.
            content: serde_json::to_string(content).unwrap_or_default(),
        };
        self.store.put(kind, ticket.key(), &entry)?;
        Ok(ticket)
    }

    /// What a ticket stands for.
    pub(crate) fn find<T: DeserializeOwned>(
        &self,
        ticket: &Ticket,
    ) -> Result<Found<T>, TokenError> {
        let entry = self.store.get(ticket.kind(), ticket.key())?;
        let entry = entry.ok_or(CodeFault::Unknown)?;
        if !entry.secret.is_of(ticket.secret().expose()) {
            return Err(CodeFault::WrongSecret.into());
        }
        self.read(&entry)
    }

    /// What the ticket with this key stands for, for who is not its owner.
    pub(crate) fn find_by_key<T: DeserializeOwned>(
        &self,
        kind: TicketKind,
        key: &str,
    ) -> Result<Found<T>, TokenError> {
        let entry = self.store.get(kind, key)?.ok_or(CodeFault::Unknown)?;
        self.read(&entry)
    }

    fn read<T: DeserializeOwned>(&self, entry: &Entry) -> Result<Found<T>, TokenError> {
        if self.clock.now() >= entry.expires_at {
            return Err(CodeFault::Expired.into());
        }
        let content = serde_json::from_str(&entry.content).map_err(|_| CodeFault::Corrupt)?;
        Ok(Found {
            content,
            expires_at: entry.expires_at,
        })
    }

    /// Removes a ticket, and says whether it was still there.
    pub(crate) fn remove(&self, ticket: &Ticket) -> Result<bool, StoreError> {
        self.store.remove(ticket.kind(), ticket.key())
    }
}
