//! Which storage a unit gets, and what it is told of it. Source: `state/storage.go`.

use super::life::Life;
use super::root::State;
use super::storage::Storage;
use crate::charm::StorageWish;
use crate::names;

/// The size of storage if nobody says another one, in MiB (`defaultSize` of `state/storage.go`).
const DEFAULT_SIZE: u64 = 1024;

impl State {
    /// Gives a new unit the storage that its charm declares, as far as nobody asked for other.
    pub(super) fn add_declared_storage(&mut self, unit: &str) {
        let Some(application) = self.applications.get(names::application_of(unit)) else {
            return;
        };
        let declared = application.charm.metadata.storage.iter();
        let wishes: Vec<(String, StorageWish)> = declared
            .map(|(name, meta)| {
                let mut wish = application.storage.get(name).cloned().unwrap_or_default();
                wish.count.get_or_insert(meta.least);
                (name.clone(), wish)
            })
            .collect();
        for (name, wish) in wishes {
            self.add_storage(unit, &name, &wish);
        }
    }

    /// Gives a unit storage.
    pub(crate) fn add_storage(&mut self, unit: &str, name: &str, wish: &StorageWish) {
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
        };
        for _ in 0..wish.count.unwrap_or(1) {
            let number = self.next_storage;
            self.next_storage += 1;
            if let Some(unit) = self.unit_mut(unit) {
                unit.storage.insert(number, storage.clone());
            }
        }
    }

    /// The storage that a unit has not been told about, and with `false` that it is to be told to let
    /// go of (`storageResolver.nextHookOp`).
    pub(crate) fn storage_to_tell(&self, unit: &str) -> Option<(u32, bool)> {
        let unit = self.unit(unit)?;
        let told = &unit.memory.storage;
        let mut numbers = unit.storage.keys().copied();
        match unit.life {
            Life::Alive => numbers
                .find(|number| !told.contains(number))
                .map(|number| (number, true)),
            // What was never announced just goes (`maybeShortCircuitRemoval`).
            Life::Dying => numbers
                .find(|number| told.contains(number))
                .map(|number| (number, false)),
        }
    }
}
