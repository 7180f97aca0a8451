//! The store that survives a restart.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::types::Type;
use rusqlite::{Connection, OptionalExtension as _, params};

use crate::secret::Digest;
use crate::store::{Entry, Store, StoreError};
use crate::ticket::TicketKind;

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS tickets (
        kind TEXT NOT NULL,
        key TEXT NOT NULL,
        secret TEXT NOT NULL,
        expires_at INTEGER NOT NULL,
        content TEXT NOT NULL,
        PRIMARY KEY (kind, key)
    ) STRICT, WITHOUT ROWID;
";

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::new(error)
    }
}

/// A store in a file of SQLite. It holds hashes of secrets only.
#[derive(Debug)]
pub struct SqliteStore(Mutex<Connection>);

impl SqliteStore {
    /// Opens the file, and makes it if it is not there.
    ///
    /// # Errors
    ///
    /// The file cannot be opened, or is no database.
    pub fn open(file: &Path) -> Result<Self, StoreError> {
        let connection = Connection::open(file)?;
        connection.execute_batch(SCHEMA)?;
        Ok(Self(Mutex::new(connection)))
    }

    fn connection(&self) -> MutexGuard<'_, Connection> {
        // Each use is one statement, so one that panicked leaves nothing half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// SQLite's integers have a sign: what is too late for one never expires.
fn as_integer(time: u64) -> i64 {
    i64::try_from(time).unwrap_or(i64::MAX)
}

impl Store for SqliteStore {
    fn put(&self, kind: TicketKind, key: &str, entry: &Entry) -> Result<(), StoreError> {
        self.connection().execute(
            "INSERT OR REPLACE INTO tickets VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                kind.name(),
                key,
                entry.secret.to_base64(),
                as_integer(entry.expires_at),
                entry.content,
            ],
        )?;
        Ok(())
    }

    fn get(&self, kind: TicketKind, key: &str) -> Result<Option<Entry>, StoreError> {
        let row = self.connection().query_row(
            "SELECT secret, expires_at, content FROM tickets WHERE kind = ?1 AND key = ?2",
            params![kind.name(), key],
            |row| {
                let secret: String = row.get(0)?;
                let broken = || rusqlite::Error::InvalidColumnType(0, "secret".into(), Type::Text);
                let expires_at: i64 = row.get(1)?;
                Ok(Entry {
                    secret: Digest::from_base64(&secret).ok_or_else(broken)?,
                    expires_at: expires_at.try_into().unwrap_or_default(),
                    content: row.get(2)?,
                })
            },
        );
        Ok(row.optional()?)
    }

    fn remove(&self, kind: TicketKind, key: &str) -> Result<bool, StoreError> {
        let removed = self.connection().execute(
            "DELETE FROM tickets WHERE kind = ?1 AND key = ?2",
            params![kind.name(), key],
        )?;
        Ok(removed > 0)
    }

    fn remove_all(&self, kind: TicketKind) -> Result<(), StoreError> {
        let sql = "DELETE FROM tickets WHERE kind = ?1";
        self.connection().execute(sql, params![kind.name()])?;
        Ok(())
    }

    fn remove_expired(&self, before: u64) -> Result<(), StoreError> {
        let sql = "DELETE FROM tickets WHERE expires_at < ?1";
        self.connection()
            .execute(sql, params![as_integer(before)])?;
        Ok(())
    }
}
