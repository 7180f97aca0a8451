//! Which storage a unit gets and loses, and what it is told of it. Source: `state/storage.go`.

use super::root::State;
use super::storage::{Fate, Storage};
use crate::charm::StorageWish;
use crate::names;

/// The size of storage if nobody says another one, in MiB (`defaultSize` of `state/storage.go`).
const DEFAULT_SIZE: u64 = 1024;

impl State {
    /// Gives a new unit the storage that its charm declares, as far as nobody asked for other. What
    /// is attached to it counts (`addUnitStorageOps`).
    pub(super) fn add_declared_storage(&mut self, unit: &str) {
        let Some(application) = self.applications.get(names::application_of(unit)) else {
            return;
        };
        let declared = application.charm.metadata.storage.iter();
        let wishes: Vec<(String, StorageWish)> = declared
            .map(|(name, meta)| {
                let mut wish = application.storage.get(name).cloned().unwrap_or_default();
                let count = wish.count.unwrap_or(meta.least);
                wish.count = Some(count.saturating_sub(self.count_storage(unit, name)));
                (name.clone(), wish)
            })
            .collect();
        for (name, wish) in wishes {
            self.add_storage(unit, &name, &wish);
        }
    }

    /// How much storage of a name a unit has.
    pub(crate) fn count_storage(&self, unit: &str, name: &str) -> u64 {
        let storage = self.unit(unit).into_iter().flat_map(|unit| &unit.storage);
        storage
            .filter(|(_, storage)| storage.name == name)
            .fold(0, |count, _| count + 1)
    }

    /// Gives a unit new storage, and returns its ids.
    pub(crate) fn add_storage(
        &mut self,
        unit: &str,
        name: &str,
        wish: &StorageWish,
    ) -> Vec<String> {
        let since = self.tick();
        let application = self.applications.get(names::application_of(unit));
        let asked = application.and_then(|application| application.storage.get(name));
        let declared =
            application.and_then(|application| application.charm.metadata.storage.get(name));
        let least = declared.map_or(0, |meta| meta.minimum_size);
        let size = wish.size.or(asked.and_then(|asked| asked.size));
        let pool = wish
            .pool
            .clone()
            .or(asked.and_then(|asked| asked.pool.clone()));
        let storage = Storage {
            name: name.to_owned(),
            pool: pool.unwrap_or_else(|| "rootfs".to_owned()),
            size: size.unwrap_or(if least == 0 { DEFAULT_SIZE } else { least }),
            since,
            fate: None,
        };
        let mut ids = Vec::new();
        for _ in 0..wish.count.unwrap_or(1) {
            let number = self.next_storage;
            self.next_storage += 1;
            if let Some(unit) = self.unit_mut(unit) {
                unit.storage.insert(number, storage.clone());
                ids.push(storage.id(number));
            }
        }
        ids
    }

    /// Gives a unit storage that no unit has.
    pub(crate) fn attach(&mut self, number: u32, unit: &str) {
        let since = self.tick();
        let Some(storage) = self.detached.remove(&number) else {
            return;
        };
        if let Some(unit) = self.unit_mut(unit) {
            unit.storage.insert(number, Storage { since, ..storage });
        }
    }

    /// Asks a unit to let go of storage. What was decided before remains, unless it is to go now.
    pub(crate) fn detach(&mut self, number: u32, unit: &str, fate: Fate) {
        let unit = self.unit_mut(unit);
        if let Some(storage) = unit.and_then(|unit| unit.storage.get_mut(&number)) {
            if storage.fate.is_none() || fate == Fate::Go {
                storage.fate = Some(fate);
            }
        }
    }

    /// A unit has let go of storage (`removeStorageAttachmentOps`).
    pub(crate) fn let_go(&mut self, number: u32, unit: &str) {
        let since = self.tick();
        let Some(unit) = self.unit_mut(unit) else {
            return;
        };
        unit.memory.storage.remove(&number);
        let left = unit.storage.remove(&number);
        let stays = |storage: &Storage| match storage.fate {
            Some(fate) => fate == Fate::Stay,
            None => !storage.is_of_the_machine(),
        };
        if let Some(storage) = left.filter(stays) {
            let storage = Storage {
                since,
                fate: None,
                ..storage
            };
            self.detached.insert(number, storage);
        }
    }

    /// What a unit does next because of its storage (`storageResolver.nextHookOp`).
    pub(crate) fn storage_step(&self, unit: &str) -> Option<(u32, StorageStep)> {
        let unit = self.unit(unit)?;
        let told = &unit.memory.storage;
        let mut storage = unit.storage.iter();
        storage.find_map(|(number, storage)| {
            let step = match (storage.fate, told.contains(number)) {
                (None, false) => StorageStep::Attached,
                (None, true) => return None,
                (Some(_), true) => StorageStep::Detaching,
                // What was never announced just goes (`maybeShortCircuitRemoval`).
                (Some(_), false) => StorageStep::LetGo,
            };
            Some((*number, step))
        })
    }
}

/// What a unit does because of its storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StorageStep {
    /// `storage-attached`.
    Attached,
    /// `storage-detaching`.
    Detaching,
    /// Let go without a hook.
    LetGo,
}
