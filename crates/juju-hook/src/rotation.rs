//! When a secret is due for a new revision, and when it ends.

use std::time::Duration;

use serde::Deserialize;

/// How often a secret is due for a new revision: Juju then runs secret-rotate on its owner, every
/// five minutes until there is one. Source: Juju's `core/secrets/rotate.go`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the words say it")]
pub enum Rotation {
    Never,
    Hourly,
    Daily,
    Weekly,
    Monthly,
    Quarterly,
    Yearly,
}

impl Rotation {
    /// The word that `secret-add --rotate` takes.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Hourly => "hourly",
            Self::Daily => "daily",
            Self::Weekly => "weekly",
            Self::Monthly => "monthly",
            Self::Quarterly => "quarterly",
            Self::Yearly => "yearly",
        }
    }
}

/// When a revision of a secret expires: Juju then runs secret-expired on its owner, every five
/// minutes until the revision is removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expiry<'a> {
    /// From now on. Whole seconds.
    After(Duration),
    /// At a time in RFC 3339, or without a zone in UTC, as in `2027-01-31T12:00:00`.
    At(&'a str),
}

impl Expiry<'_> {
    /// What `secret-add --expire` takes: a time, or a duration as Go writes it.
    pub(crate) fn word(self) -> String {
        match self {
            Self::After(time) => format!("{}s", time.as_secs()),
            Self::At(time) => time.to_owned(),
        }
    }
}
