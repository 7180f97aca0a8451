//! Storage: what a person asks for and sees. Source: `cmd/juju/storage`, `state/storage.go`.

use super::handle::Model;
use crate::charm::{Charm, StorageWish};
use crate::clock::Timestamp;
use crate::error::Error;
use crate::refusals;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// A file system that is attached to a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StorageView {
    /// `data/0`.
    pub id: String,
    /// The unit that has it.
    pub unit: String,
    /// The pool that was asked for; nothing else depends on it.
    pub pool: String,
    /// The size that was asked for, in MiB; nothing holds the charm to it.
    pub size: u64,
    /// Where it is: a folder that belongs to the model.
    pub location: PathBuf,
    /// Whether the unit has been told with `storage-attached`.
    pub attached: bool,
    /// When it was made.
    pub since: Timestamp,
}

impl Model {
    /// The storage of all units, sorted by unit.
    #[must_use]
    pub fn storage(&self) -> Vec<StorageView> {
        let units = self
            .state
            .applications
            .iter()
            .flat_map(|(name, application)| {
                let units = application.units.iter();
                units.map(move |(number, unit)| (format!("{name}/{number}"), unit))
            });
        let storage = units.flat_map(|(name, unit)| {
            let files = self.folder.unit_files(&name);
            let storage = unit.storage.iter();
            storage.map(move |(number, storage)| StorageView {
                id: storage.id(*number),
                unit: name.clone(),
                pool: storage.pool.clone(),
                size: storage.size,
                location: files.storage(&storage.id(*number)),
                attached: unit.memory.storage.contains(number),
                since: storage.since,
            })
        });
        storage.collect()
    }

    /// Reads what is asked for with `juju deploy --storage`
    /// (`validateStorageConstraintsAgainstCharm`).
    pub(super) fn read_storage(
        charm: &Charm,
        given: &[(String, String)],
    ) -> Result<BTreeMap<String, StorageWish>, Error> {
        let read = |(name, text): &(String, String)| {
            let wish =
                StorageWish::parse(text).map_err(|reason| refusals::storage_wish(name, reason))?;
            let charm = &charm.metadata;
            let declared = charm.storage.get(name);
            let declared = declared.ok_or_else(|| refusals::no_such_store(&charm.name, name))?;
            declared
                .check_count(wish.count.unwrap_or(1))
                .map_err(|reason| refusals::store(&charm.name, name, reason))?;
            Ok((name.clone(), wish))
        };
        let wishes: Result<_, String> = given.iter().map(read).collect();
        wishes.map_err(Error::Refused)
    }

    /// A new charm must not take away storage that is in use (`checkStorageUpgrade`).
    pub(super) fn check_storage(&self, application: &str, charm: &Charm) -> Result<(), Error> {
        let units = self.app(application)?.units.values();
        let mut used = units.flat_map(|unit| unit.storage.values());
        match used.find(|storage| !charm.metadata.storage.contains_key(&storage.name)) {
            None => Ok(()),
            Some(storage) => Err(Error::Refused(refusals::storage_removed(
                application,
                &charm.metadata.name,
                &storage.name,
            ))),
        }
    }

    /// Units get the storage that a new charm needs, and that the old one did not have
    /// (`upgradeStorageOps`).
    pub(super) fn add_new_storage(
        &mut self,
        application: &str,
        charm: &Charm,
    ) -> Result<(), Error> {
        let app = self.app(application)?;
        let known = &app.charm.metadata.storage;
        let declared = charm.metadata.storage.iter();
        let new: Vec<(String, StorageWish)> = declared
            .filter(|(name, meta)| !known.contains_key(*name) && meta.least > 0)
            .map(|(name, meta)| {
                let wish = StorageWish {
                    count: Some(meta.least),
                    ..StorageWish::default()
                };
                (name.clone(), wish)
            })
            .collect();
        let numbers: Vec<u32> = app.units.keys().copied().collect();
        for number in numbers {
            for (name, wish) in &new {
                self.state
                    .add_storage(&format!("{application}/{number}"), name, wish);
            }
        }
        Ok(())
    }
}
