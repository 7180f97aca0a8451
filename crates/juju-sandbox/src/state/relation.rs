//! Relations and their databags.

use super::life::Life;
use crate::charm::{Endpoint, Role, Scope};
use crate::go::Pairs;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A relation between two endpoints, or a peer relation of one.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Relation {
    /// Requirer first, as in Juju's relation keys; a peer relation has one.
    pub(crate) sides: Vec<Side>,
    pub(crate) life: Life,
    /// By application.
    pub(crate) application_bags: BTreeMap<String, Databag>,
    /// By unit; kept when the unit leaves, until the relation is gone.
    pub(crate) unit_bags: BTreeMap<String, Databag>,
    /// The units that are in the relation now.
    pub(crate) in_scope: BTreeSet<String>,
}

/// One side of a relation.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Side {
    pub(crate) application: String,
    pub(crate) endpoint: Endpoint,
}

impl Side {
    /// `app:endpoint`.
    pub(crate) fn key(&self) -> String {
        format!("{}:{}", self.application, self.endpoint.name)
    }

    /// The key of a relation between sides.
    pub(crate) fn keys(sides: &[Self]) -> String {
        let keys: Vec<String> = sides.iter().map(Self::key).collect();
        keys.join(" ")
    }
}

impl Relation {
    pub(crate) fn is_peer(&self) -> bool {
        self.sides
            .iter()
            .any(|side| side.endpoint.role == Role::Peer)
    }

    /// Whether only units that live beside each other see each other: if either side says so, it is
    /// true of both (`State.AddRelation`).
    pub(crate) fn is_container_scoped(&self) -> bool {
        self.sides
            .iter()
            .any(|side| side.endpoint.scope == Scope::Container)
    }

    /// The side that the application is on.
    pub(crate) fn side(&self, application: &str) -> Option<&Side> {
        self.sides
            .iter()
            .find(|side| side.application == application)
    }

    /// The other side; in a peer relation, the application's own.
    pub(crate) fn other_side(&self, application: &str) -> Option<&Side> {
        self.side(application)?;
        self.sides
            .iter()
            .find(|side| side.application != application)
            .or_else(|| self.sides.first())
    }

    /// `requirer:endpoint provider:endpoint` (`relationKey` in `state/relation.go`).
    pub(crate) fn key(&self) -> String {
        Side::keys(&self.sides)
    }

    /// `relation-requirer.endpoint#provider.endpoint` (`names.RelationTag`).
    pub(crate) fn tag(&self) -> String {
        format!(
            "relation-{}",
            self.key().replace(':', ".").replace(' ', "#")
        )
    }
}

/// A databag, and how often it has changed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Databag {
    pub(crate) values: Pairs,
    /// 0: never written.
    pub(crate) version: u64,
}

impl Databag {
    /// Sets keys; an empty value removes one. The version grows only if something changed.
    pub(crate) fn write<'a>(&mut self, changes: impl IntoIterator<Item = (&'a str, &'a str)>) {
        let before = self.values.clone();
        for (key, value) in changes {
            if value.is_empty() {
                self.values.remove(key);
            } else {
                self.values.insert(key.to_owned(), value.to_owned());
            }
        }
        if self.values != before {
            self.version += 1;
        }
    }
}
