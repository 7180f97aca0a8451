//! `relation-ids`, `relation-list`, `relation-model-get`, `relation-get` and `relation-set`.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::json;
use crate::secret::Secret;
use crate::tools::{HookTools, ToolError};

/// One integration with one other application, as Juju writes it:
/// `database:7`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(transparent)]
pub struct RelationId(String);

impl RelationId {
    /// Takes an id from Juju.
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The id, for Juju.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RelationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What one side of a relation wrote. Every value may be a secret.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Databag(BTreeMap<String, Secret>);

impl Databag {
    /// The value of `key`, if there is one.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Secret> {
        self.0.get(key)
    }

    /// All keys, in their order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// Notes what was written: as with `relation-set`, an empty value deletes its key.
    pub fn note(&mut self, key: &str, value: &str) {
        if value.is_empty() {
            self.0.remove(key);
        } else {
            self.0.insert(key.to_owned(), Secret::new(value.to_owned()));
        }
    }
}

impl<const N: usize> From<[(&str, &str); N]> for Databag {
    fn from(entries: [(&str, &str); N]) -> Self {
        Self(
            entries
                .into_iter()
                .map(|(key, value)| (key.to_owned(), Secret::new(value.to_owned())))
                .collect(),
        )
    }
}

/// What `relation-model-get` prints.
#[derive(Deserialize)]
struct RelationModel {
    uuid: String,
}

impl HookTools {
    /// The relations of `endpoint`, those that are breaking excluded
    /// (`relation-ids`). In Juju's order: by text, so that 10 comes before 9.
    ///
    /// # Errors
    ///
    /// If the tool fails.
    pub fn relation_ids(&self, endpoint: &str) -> Result<Vec<RelationId>, ToolError> {
        self.read("relation-ids", &[endpoint])
    }

    /// The application on the other side of `relation` (`relation-list --app`).
    ///
    /// # Errors
    ///
    /// If the relation does not exist.
    pub fn relation_app(&self, relation: &RelationId) -> Result<String, ToolError> {
        self.read("relation-list", &["-r", relation.as_str(), "--app"])
    }

    /// The units on the other side of `relation` that this unit has met
    /// (`relation-list`).
    ///
    /// # Errors
    ///
    /// If the relation does not exist.
    pub fn relation_list(&self, relation: &RelationId) -> Result<Vec<String>, ToolError> {
        self.read("relation-list", &["-r", relation.as_str()])
    }

    /// The UUID of the model that the other side of `relation` is in (`relation-model-get`, of
    /// Juju 3.6.1 or newer).
    ///
    /// # Errors
    ///
    /// If the relation does not exist, or this Juju does not have the tool.
    pub fn relation_model_get(&self, relation: &RelationId) -> Result<String, ToolError> {
        let model: RelationModel = self.read("relation-model-get", &["-r", relation.as_str()])?;
        Ok(model.uuid)
    }

    /// The databag that application `app` wrote on `relation` (`relation-get
    /// --app`). Up to Juju 3.6, only the leader reads its own application's databag, but for a
    /// peer relation (`ReadRemoteSettings` in Juju's uniter API). On Juju 4 every unit does.
    ///
    /// # Errors
    ///
    /// If the relation does not exist, or Juju denies it.
    pub fn relation_get(&self, relation: &RelationId, app: &str) -> Result<Databag, ToolError> {
        self.read(
            "relation-get",
            &["-r", relation.as_str(), "--app", "-", app],
        )
    }

    /// The databag that one unit wrote on `relation` (`relation-get`), in which Juju writes the
    /// unit's addresses itself. This unit's own holds what this hook has written, too.
    ///
    /// # Errors
    ///
    /// If the relation does not exist, or the unit was never in it.
    pub fn relation_get_unit(
        &self,
        relation: &RelationId,
        unit: &str,
    ) -> Result<Databag, ToolError> {
        self.read("relation-get", &["-r", relation.as_str(), "-", unit])
    }

    /// Changes the databag of this unit's application on `relation`, on which
    /// Juju's own merge applies: keys that are not named stay, an empty value
    /// deletes its key (`relation-set --app --file -`). Leader only.
    ///
    /// # Errors
    ///
    /// If this unit does not lead, or the relation does not exist.
    pub fn relation_set(
        &self,
        relation: &RelationId,
        changes: &BTreeMap<&str, &str>,
    ) -> Result<(), ToolError> {
        let args = ["-r", relation.as_str(), "--app", "--file", "-"];
        self.feed("relation-set", &args, || json::encode(changes))
    }

    /// Changes this unit's own databag on `relation`, merged as by [`Self::relation_set`]
    /// (`relation-set --file -`).
    ///
    /// # Errors
    ///
    /// If the relation does not exist.
    pub fn relation_set_unit(
        &self,
        relation: &RelationId,
        changes: &BTreeMap<&str, &str>,
    ) -> Result<(), ToolError> {
        let args = ["-r", relation.as_str(), "--file", "-"];
        self.feed("relation-set", &args, || json::encode(changes))
    }
}
