//! The storage that units get with their charm. Source: `state/storage.go`, `state/application.go`.

use super::handle::Model;
use crate::charm::{Charm, StorageWish};
use crate::error::Error;
use crate::names;
use crate::refusals;
use std::collections::BTreeMap;

impl Model {
    /// The numbers of the storage that a new unit of a charm is to get (`AddUnit` in
    /// `state/application.go`).
    pub(super) fn storage_to_attach(
        &self,
        application: &str,
        charm: &Charm,
        units: u32,
        ids: &[String],
    ) -> Result<Vec<u32>, Error> {
        if !ids.is_empty() && units != 1 {
            return Err(Error::Refused(refusals::attach_storage_of_several()));
        }
        let charm = &charm.metadata;
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        let mut numbers = Vec::new();
        for id in ids {
            if !names::is_storage(id) {
                return Err(Error::Refused(refusals::not_a_storage_id(id)));
            }
            let refused = |reason| {
                Error::Refused(refusals::cannot_add_unit_with_storage(application, reason))
            };
            let found = self
                .find_storage(id)
                .map_err(|error| refused(error.to_string()))?;
            if let Some(owner) = &found.unit {
                let next = self.state.applications.get(application);
                let next = next.map_or(0, |application| application.next_unit);
                let unit = format!("{application}/{next}");
                return Err(refused(refusals::storage_of_other_unit(owner, unit)));
            }
            let name = found.storage.name.as_str();
            let declared = charm.storage.get(name);
            let count = counts.entry(name).or_default();
            declared
                .ok_or_else(|| refusals::charm_has_no_storage(&charm.name, name))
                .and_then(|declared| declared.check_more(*count, 1))
                .map_err(refused)?;
            *count += 1;
            numbers.push(found.number);
        }
        Ok(numbers)
    }

    /// Adds a unit that gets storage which no unit has (`juju add-unit --attach-storage`).
    ///
    /// # Errors
    ///
    /// When [`add_units`](Self::add_units) would refuse it, or the storage cannot be attached.
    pub fn add_unit_with_storage(
        &mut self,
        application: &str,
        storage: &[String],
    ) -> Result<(), Error> {
        let charm = &self.app(application)?.charm;
        let numbers = self.storage_to_attach(application, charm, 1, storage)?;
        self.add_units_with(application, 1, &numbers)
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
                .and_then(|()| declared.check_size(wish.size))
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
