//! Storage: what a person asks for and sees. Source: `state/storage.go`; for 4.x, the facade
//! `storage`.

use super::handle::Model;
use crate::charm::{StorageMeta, StorageWish};
use crate::clock::Timestamp;
use crate::error::Error;
use crate::names;
use crate::refusals;
use crate::state::{Fate, Life, Storage, Work};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// A file system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StorageView {
    /// `data/0`.
    pub id: String,
    /// The unit that has it; `None` if it is detached.
    pub unit: Option<String>,
    /// The pool that was asked for. That of `loop`, `rootfs` and `tmpfs` goes with its unit; nothing
    /// else depends on it.
    pub pool: String,
    /// The size that was asked for, in MiB; nothing holds the charm to it.
    pub size: u64,
    /// Where it is: a folder that belongs to the model.
    pub location: PathBuf,
    /// Whether the unit has been told with `storage-attached`.
    pub attached: bool,
    /// Whether the unit is to let go of it.
    pub is_detaching: bool,
    /// Whether it is to be removed.
    pub is_dying: bool,
    /// When it was attached or detached.
    pub since: Timestamp,
}

/// Storage as it was found.
pub(super) struct Found<'a> {
    pub(super) number: u32,
    pub(super) storage: &'a Storage,
    /// The unit that has it.
    pub(super) unit: Option<String>,
}

impl Model {
    /// All storage, sorted by unit; what no unit has comes last.
    #[must_use]
    pub fn storage(&self) -> Vec<StorageView> {
        let mut found = self.all_storage();
        found.sort_by_key(|found| {
            let unit = found.unit.as_deref();
            let place = unit.map(|unit| names::split_unit(unit).unwrap_or((unit, 0)));
            let place = place.map(|(application, number)| (application.to_owned(), number));
            let name = found.storage.name.clone();
            (place.is_none(), place, name, found.number)
        });
        found.into_iter().map(|found| self.viewed(found)).collect()
    }

    fn viewed(&self, found: Found<'_>) -> StorageView {
        let Found {
            number,
            storage,
            unit,
        } = found;
        let state = unit.as_deref().and_then(|unit| self.state.unit(unit));
        StorageView {
            id: storage.id(number),
            pool: storage.pool.clone(),
            size: storage.size,
            location: self.folder.storage().join(storage.id(number)),
            attached: state.is_some_and(|unit| unit.memory.storage.contains(&number)),
            is_detaching: storage.fate.is_some(),
            is_dying: storage.fate == Some(Fate::Go),
            since: storage.since,
            unit,
        }
    }

    fn all_storage(&self) -> Vec<Found<'_>> {
        let applications = self.state.applications.iter();
        let units = applications.flat_map(|(name, application)| {
            let units = application.units.iter();
            units.map(move |(number, unit)| (format!("{name}/{number}"), unit))
        });
        let attached = units.flat_map(|(name, unit)| {
            let storage = unit.storage.iter();
            storage.map(move |(number, storage)| (*number, storage, Some(name.clone())))
        });
        let detached = self.state.detached.iter();
        let detached = detached.map(|(number, storage)| (*number, storage, None));
        attached
            .chain(detached)
            .map(|(number, storage, unit)| Found {
                number,
                storage,
                unit,
            })
            .collect()
    }

    pub(super) fn find_storage(&self, id: &str) -> Result<Found<'_>, Error> {
        let mut storage = self.all_storage().into_iter();
        let found = storage.find(|found| found.storage.id(found.number) == id);
        found.ok_or_else(|| {
            Error::Refused(if self.state.settings.version().is_4() {
                refusals::storage_does_not_exist_4(id)
            } else {
                refusals::storage_instance_not_found(id)
            })
        })
    }

    /// Gives a unit more storage (`juju add-storage`), and returns its ids. `wish` is
    /// `pool,count,size`, or some of it; if it is empty, one as the charm wants it is added.
    ///
    /// # Errors
    ///
    /// When there is no such unit, or its charm does not want that storage, or not as much.
    pub fn add_storage(
        &mut self,
        unit: &str,
        name: &str,
        wish: &str,
    ) -> Result<Vec<String>, Error> {
        let wish = match wish {
            "" => Ok(StorageWish::default()),
            wish => StorageWish::parse(wish),
        };
        let wish = wish
            .map_err(|reason| refusals::storage_wish(name, reason))
            .map_err(Error::Refused)?;
        self.add_wished_storage(unit, name, &wish)
    }

    /// [`add_storage`](Self::add_storage), of what has been parsed.
    pub(crate) fn add_wished_storage(
        &mut self,
        unit: &str,
        name: &str,
        wish: &StorageWish,
    ) -> Result<Vec<String>, Error> {
        self.check_added(unit, name, wish).map_err(Error::Refused)?;
        Ok(self.state.add_storage(unit, name, wish))
    }

    /// `addStorageForUnitOps`; in 4.x `addOneStorage`.
    fn check_added(&self, unit: &str, name: &str, wish: &StorageWish) -> Result<(), String> {
        let is_4 = self.state.settings.version().is_4();
        let refused = |reason| {
            if is_4 {
                reason
            } else {
                refusals::adding_storage(name, unit, reason)
            }
        };
        let state = self.state.unit(unit).ok_or_else(|| {
            if is_4 {
                refusals::unit_does_not_exist_4(unit)
            } else {
                refusals::unit_not_found(unit)
            }
        })?;
        if state.life == Life::Dying {
            return Err(refused(refusals::unit_not_found_or_alive()));
        }
        let charm = self.charm_of(unit);
        let declared = self.declared(unit, name).ok_or_else(|| {
            if is_4 {
                refusals::storage_name_not_supported_4(name)
            } else {
                refused(refusals::charm_storage_not_found(name))
            }
        })?;
        let (current, more) = (
            self.state.count_storage(unit, name),
            wish.count.unwrap_or(1),
        );
        declared
            .check_more(current, more)
            .map_err(|reason| match (is_4, declared.most) {
                (true, Some(most)) => {
                    refusals::storage_count_exceeded_4(name, current + more, most)
                }
                _ => refused(reason),
            })?;
        declared
            .check_size(wish.size)
            .map_err(|reason| refused(refusals::store(charm, name, reason)))
    }

    fn charm_of(&self, unit: &str) -> &str {
        let application = self.state.applications.get(names::application_of(unit));
        application.map_or("", |application| &application.charm.metadata.name)
    }

    fn declared(&self, unit: &str, name: &str) -> Option<&StorageMeta> {
        let application = self.state.applications.get(names::application_of(unit))?;
        application.charm.metadata.storage.get(name)
    }

    /// Gives a unit storage that no unit has (`juju attach-storage`).
    ///
    /// # Errors
    ///
    /// When there is no such unit or storage, another unit has it, or the unit's charm does not want
    /// it.
    pub fn attach_storage(&mut self, unit: &str, id: &str) -> Result<(), Error> {
        let number = if self.state.settings.version().is_4() {
            self.attachable_4(unit, id)
        } else {
            self.attachable(unit, id)
                .map_err(|reason| refusals::cannot_attach_storage(id, unit, reason))
        };
        if let Some(number) = number.map_err(Error::Refused)? {
            self.state.attach(number, unit);
        }
        Ok(())
    }

    /// The number of storage that a unit can get; `None` if it has it (`AttachStorage`,
    /// `attachStorageOps`).
    fn attachable(&self, unit: &str, id: &str) -> Result<Option<u32>, String> {
        let found = self.find_storage(id).map_err(|error| error.to_string())?;
        let state = self.state.unit(unit);
        let state = state.ok_or_else(|| refusals::unit_not_found(unit))?;
        if state.life == Life::Dying {
            return Err(refusals::unit_not_alive());
        }
        match &found.unit {
            Some(owner) if owner == unit => return Ok(None),
            Some(owner) => return Err(refusals::storage_of_other_unit(owner, unit)),
            None => {}
        }
        let name = &found.storage.name;
        let declared = self.declared(unit, name);
        declared
            .ok_or_else(|| refusals::charm_has_no_storage(self.charm_of(unit), name))?
            .check_more(self.state.count_storage(unit, name), 1)?;
        Ok(Some(found.number))
    }

    /// The same in Juju 4 (`attachOneStorage`).
    fn attachable_4(&self, unit: &str, id: &str) -> Result<Option<u32>, String> {
        let state = self.state.unit(unit);
        let state = state.ok_or_else(|| refusals::unit_does_not_exist_4(unit))?;
        let found = self.find_storage(id).map_err(|error| error.to_string())?;
        if state.life == Life::Dying {
            return Err(refusals::unit_not_alive_4(unit));
        }
        let name = &found.storage.name;
        let declared = self.declared(unit, name);
        let declared = declared.ok_or_else(|| refusals::storage_not_supported_4(id, unit))?;
        match &found.unit {
            Some(owner) if owner == unit => {
                return Err(refusals::storage_already_attached_4(id, unit));
            }
            Some(_) => return Err(refusals::storage_not_shared_4(id, unit)),
            None => {}
        }
        let checked = declared.check_more(self.state.count_storage(unit, name), 1);
        checked.map_err(|reason| match declared.most {
            Some(most) => refusals::storage_exceeded_4(id, most, name, unit),
            None => reason,
        })?;
        Ok(Some(found.number))
    }

    /// Asks the unit that has it to let go of storage, which stays in the model (`juju
    /// detach-storage`).
    ///
    /// # Errors
    ///
    /// When there is no such storage, or the unit's charm needs it.
    pub fn detach_storage(&mut self, id: &str) -> Result<(), Error> {
        let is_4 = self.state.settings.version().is_4();
        let Found {
            number,
            storage,
            unit,
        } = self.find_storage(id)?;
        let Some(unit) = unit.filter(|_| storage.fate.is_none()) else {
            return Ok(());
        };
        let name = storage.name.clone();
        self.check_taken(&unit, &name).map_err(|reason| {
            let least = self.declared(&unit, &name).map_or(0, |meta| meta.least);
            Error::Refused(if is_4 {
                refusals::detaching_storage_4(id, refusals::storage_minimum_4(&name, least))
            } else {
                refusals::cannot_detach_storage(id, &unit, reason)
            })
        })?;
        self.state.detach(number, &unit, Fate::Stay);
        Ok(())
    }

    /// Whether a unit can do with one less (`validateRemoveOwnerStorageInstanceOps`).
    fn check_taken(&self, unit: &str, name: &str) -> Result<(), String> {
        let Some(state) = self
            .state
            .unit(unit)
            .filter(|unit| unit.life == Life::Alive)
        else {
            return Ok(());
        };
        let storage = state.storage.values();
        let kept = storage.filter(|storage| storage.name == name && storage.fate.is_none());
        let kept = kept.fold(0, |count, _| count + 1);
        self.declared(unit, name)
            .map_or(Ok(()), |declared| declared.check_fewer(kept))
    }

    /// Removes storage with what is in it (`juju remove-storage`); if a unit has it and `force` is
    /// true, after the unit has let go of it. `destroy` is false for `--no-destroy`; there is no
    /// cloud in which the storage would stay, but Juju refuses it for some pools.
    ///
    /// # Errors
    ///
    /// When there is no such storage, or a unit has it and cannot or should not do without it.
    pub fn remove_storage(&mut self, id: &str, force: bool, destroy: bool) -> Result<(), Error> {
        let is_4 = self.state.settings.version().is_4();
        let refused = |reason: String| {
            Error::Refused(match (is_4, destroy) {
                (true, _) => reason,
                (false, true) => refusals::cannot_destroy_storage(id, reason),
                (false, false) => refusals::cannot_release_storage(id, reason),
            })
        };
        let found = self.find_storage(id);
        let Found {
            number,
            storage,
            unit,
        } = found.map_err(|error| refused(error.to_string()))?;
        if unit.is_some() && !force {
            return Err(refused(refusals::storage_is_attached()));
        }
        let (name, taken) = (storage.name.clone(), storage.fate.is_none());
        if let Some(unit) = unit.as_ref().filter(|_| taken) {
            self.check_taken(unit, &name).map_err(refused)?;
        }
        if !destroy && storage.is_of_the_machine() {
            let refusal = refusals::storage_not_releasable(&storage.pool);
            return Err(refused(refusal));
        }
        match unit {
            Some(unit) => self.state.detach(number, &unit, Fate::Go),
            None => drop(self.state.detached.remove(&number)),
        }
        self.clear_storage()
    }

    /// Makes the storage of an application's units, or of one, go with them (`--destroy-storage`).
    pub fn destroy_storage_of(&mut self, name: &str) {
        let all = self.all_storage().into_iter();
        let taken: Vec<(u32, String)> = all
            .filter_map(|found| Some((found.number, found.unit?)))
            .filter(|(_, unit)| unit == name || names::application_of(unit) == name)
            .collect();
        for (number, unit) in taken {
            self.state.detach(number, &unit, Fate::Go);
        }
    }

    /// Takes storage away from units that are to let go of it, and are in error, without their hooks
    /// (`--force` of `detach-storage` and `remove-storage`; `cleanup.go`).
    ///
    /// # Errors
    ///
    /// When what is in it cannot be removed.
    pub fn abandon_storage(&mut self) -> Result<(), Error> {
        for name in self.failed(|unit| unit.life == Life::Alive) {
            let Some(unit) = self.state.unit(&name) else {
                continue;
            };
            let storage = unit.storage.iter();
            let leaving = storage.filter(|(_, storage)| storage.fate.is_some());
            let leaving: Vec<u32> = leaving.map(|(number, _)| *number).collect();
            // The hook that failed cannot run again for what is gone.
            let failed = match &unit.memory.work {
                Work::Failed(event) => event.storage().map(|hook| hook.number),
                _ => None,
            };
            if failed.is_some_and(|number| leaving.contains(&number)) {
                self.state.rest(&name);
            }
            for number in leaving {
                self.state.let_go(number, &name);
            }
        }
        self.clear_storage()
    }

    /// Removes what was in storage that there is no more.
    pub(super) fn clear_storage(&self) -> Result<(), Error> {
        let all = self.all_storage().into_iter();
        let ids: BTreeSet<String> = all.map(|found| found.storage.id(found.number)).collect();
        self.folder.keep_storage(&ids)
    }
}
