//! What `reconcile` has decided and `apply` will do, as plain data.

use std::collections::BTreeMap;

use external_provider::KEY;
use juju_hook::{LogLevel, RelationId, Secret, SecretUri, ShownStatus, Status, StatusLevel};

/// What is switched off, and goes before anything else is looked at.
#[derive(Debug, Default)]
pub struct Withdrawals {
    /// What to write on relations with Kratos.
    pub writes: Vec<Write>,
    /// What to write on relations with applications.
    pub applications: oauth::provider::Plan,
    /// The same for a provider of the list. The rest of the hook does it, too, and may have another one
    /// to offer: so this is only for when that fails.
    pub switched_off: oauth::provider::Plan,
    /// Secrets of theirs whose time has come. To remove one is not urgent, and may fail.
    pub retired: Vec<SecretUri>,
}

impl Withdrawals {
    /// Whether there is nothing to withdraw.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let applications = [&self.applications, &self.switched_off];
        self.writes.is_empty() && applications.iter().all(|plan| plan.is_empty())
    }
}

/// What to do.
#[derive(Debug, PartialEq, Eq)]
pub struct Plan {
    /// New revisions of secrets of ours whose URIs stay.
    pub revisions: Vec<Revision>,
    /// Secrets of ours that a requirer is to read.
    pub grants: Vec<Grant>,
    /// What to write on relations. Only where something changes.
    pub writes: Vec<Write>,
    /// What to do on relations with applications.
    pub applications: oauth::provider::Plan,
    /// Our secrets that are no longer needed.
    pub removals: Vec<SecretUri>,
    /// A revision of one of our secrets that nobody reads any more.
    pub unread_revision: Option<(SecretUri, u32)>,
    /// What is odd about the other side, for the log.
    pub warnings: Vec<String>,
    /// The version to show, where this revision of the charm is new.
    pub version: Option<&'static str>,
    /// What to log of the status, if it is news.
    pub news: Option<(LogLevel, String)>,
    /// What this unit says of itself; `None` where it says so already.
    pub status: Option<Status>,
}

/// The status that this unit shows now.
#[derive(Debug)]
pub enum Shown {
    /// Nobody asked.
    NotAsked,
    /// Juju did not say.
    Unknown,
    /// This.
    Status(ShownStatus),
}

impl Plan {
    /// Whether to ask for the unit's current status first. Asking costs no more than setting the
    /// same status again, and saves a line in the unit's history every five minutes. After a write
    /// the status probably changes too, so not asking saves a call.
    #[must_use]
    pub fn asks_for_status(&self) -> bool {
        self.writes.is_empty()
            && self.removals.is_empty()
            && self.revisions.is_empty()
            && self.applications.is_empty()
    }

    /// The same plan without what need not be said, given that the unit shows `shown`.
    #[must_use]
    pub fn in_view_of(mut self, shown: &Shown) -> Self {
        let blocked = |status: &Status| status.level == StatusLevel::Blocked;
        let is_news = match shown {
            // What fails has to be in the log; what works is seen without.
            Shown::NotAsked => self.status.as_ref().is_some_and(blocked),
            Shown::Unknown => false,
            Shown::Status(shown) => {
                self.status = self.status.filter(|status| !shown.is(status));
                self.status.is_some()
            }
        };
        self.news = self.news.filter(|_| is_news);
        self
    }
}

/// A change to our databag on one relation.
#[derive(Debug, PartialEq, Eq)]
pub struct Write {
    /// Where.
    pub relation: RelationId,
    /// What becomes of it.
    pub databag: DatabagWrite,
}

/// What becomes of our databag.
#[derive(Debug, PartialEq, Eq)]
pub enum DatabagWrite {
    /// This value for [`KEY`].
    Offer(Secret),
    /// These keys go, which is all that there are.
    Clear(Vec<String>),
}

impl DatabagWrite {
    /// The keys that change, and their values; an empty value deletes its key.
    #[must_use]
    pub fn changes(&self) -> BTreeMap<&str, &str> {
        match self {
            Self::Offer(offer) => BTreeMap::from([(KEY, offer.expose())]),
            Self::Clear(keys) => keys.iter().map(|key| (key.as_str(), "")).collect(),
        }
    }

    /// What it does, for the log.
    #[must_use]
    pub fn verb(&self) -> &'static str {
        match self {
            Self::Offer(_) => "published",
            Self::Clear(_) => "withdrew",
        }
    }
}

/// A secret to create, for one provider on one relation.
#[derive(Debug, PartialEq, Eq)]
pub struct NewSecret {
    /// The relation.
    pub relation: RelationId,
    /// The provider's id.
    pub provider_id: String,
    /// The label to make it under.
    pub label: String,
    /// The one key that it has.
    pub key: &'static str,
    /// What it holds.
    pub value: Secret,
}

/// A new revision of a secret of ours.
#[derive(Debug, PartialEq, Eq)]
pub struct Revision {
    /// Of which.
    pub uri: SecretUri,
    /// The one key that it has.
    pub key: &'static str,
    /// What it holds now.
    pub value: Secret,
}

/// The right to read a secret of ours.
#[derive(Debug, PartialEq, Eq)]
pub struct Grant {
    /// Which.
    pub uri: SecretUri,
    /// For the requirer of this relation.
    pub relation: RelationId,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(level: &str, message: &str) -> Shown {
        let json = format!(r#"{{"status":"{level}","message":"{message}"}}"#);
        Shown::Status(serde_json::from_str(&json).unwrap())
    }

    #[test]
    fn what_is_said_already_is_not_said_again() {
        struct Case {
            name: &'static str,
            level: StatusLevel,
            shown: Shown,
            is_set: bool,
            is_news: bool,
        }
        use StatusLevel::{Active, Blocked};
        for Case {
            name,
            level,
            shown,
            is_set,
            is_news,
        } in [
            Case {
                name: "the same",
                level: Active,
                shown: shown("active", "text"),
                is_set: false,
                is_news: false,
            },
            Case {
                name: "another text",
                level: Active,
                shown: shown("active", "other"),
                is_set: true,
                is_news: true,
            },
            Case {
                name: "another level",
                level: Blocked,
                shown: shown("active", "text"),
                is_set: true,
                is_news: true,
            },
            Case {
                name: "Juju does not say",
                level: Blocked,
                shown: Shown::Unknown,
                is_set: true,
                is_news: false,
            },
            Case {
                name: "after a write that works",
                level: Active,
                shown: Shown::NotAsked,
                is_set: true,
                is_news: false,
            },
            Case {
                name: "after a write that does not",
                level: Blocked,
                shown: Shown::NotAsked,
                is_set: true,
                is_news: true,
            },
        ] {
            let plan = Plan {
                revisions: Vec::new(),
                grants: Vec::new(),
                writes: Vec::new(),
                applications: oauth::provider::Plan::default(),
                removals: Vec::new(),
                unread_revision: None,
                warnings: Vec::new(),
                version: None,
                news: Some((LogLevel::Info, "news".into())),
                status: Some(Status {
                    level,
                    message: "text".into(),
                }),
            };
            let plan = plan.in_view_of(&shown);
            assert_eq!(plan.status.is_some(), is_set, "{name}: set");
            assert_eq!(plan.news.is_some(), is_news, "{name}: news");
        }
    }
}
