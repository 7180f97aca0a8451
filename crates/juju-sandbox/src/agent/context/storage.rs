//! Storage as one hook sees it. Source: `context/context.go`, and `AddUnitStorage` of the facade.

use super::view::Context;
use crate::charm::StorageWish;
use crate::refusals;
use std::collections::BTreeMap;
use std::path::PathBuf;

impl Context<'_> {
    /// `storage-list`: the ids of what is attached to the unit (`StorageTags`).
    pub(crate) fn storage_ids(&self) -> Vec<String> {
        let storage = self.unit_state().into_iter().flat_map(|unit| &unit.storage);
        let mut ids: Vec<String> = storage
            .map(|(number, storage)| storage.id(*number))
            .collect();
        ids.sort();
        ids
    }

    /// Where a storage of the unit is.
    pub(crate) fn storage_location(&self, id: &str) -> PathBuf {
        self.files.storage(id)
    }

    /// `storage-add`: whatever else the hook asks for comes on top.
    pub(crate) fn add_storage(&mut self, wishes: BTreeMap<String, StorageWish>) {
        self.pending.storage.extend(wishes);
    }

    /// Adds what was asked for (`AddStorageForUnit` in `state/storage.go`).
    pub(super) fn commit_storage(&mut self) -> Result<(), String> {
        let wishes = std::mem::take(&mut self.pending.storage);
        let unit = self.unit.clone();
        self.check_storage(&wishes)?;
        for (name, wish) in wishes {
            self.state.add_storage(&unit, &name, &wish);
        }
        Ok(())
    }

    fn check_storage(&self, wishes: &[(String, StorageWish)]) -> Result<(), String> {
        let metadata = self
            .state
            .applications
            .get(self.application())
            .map(|application| &application.charm.metadata.storage);
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        for storage in self
            .unit_state()
            .into_iter()
            .flat_map(|unit| unit.storage.values())
        {
            *counts.entry(&storage.name).or_default() += 1;
        }
        for (name, wish) in wishes {
            let count = counts.entry(name).or_default();
            let more = wish.count.unwrap_or(1);
            let checked = metadata
                .and_then(|metadata| metadata.get(name))
                .ok_or_else(|| refusals::charm_storage_not_found(name))
                .and_then(|meta| meta.check_more(*count, more));
            checked.map_err(|reason| refusals::cannot_add_storage(&self.unit, name, reason))?;
            *count += more;
        }
        Ok(())
    }
}
