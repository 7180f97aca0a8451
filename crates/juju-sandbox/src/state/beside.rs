//! Units that live beside others: subordinates and their principals. Source: `state/relationunit.go`,
//! `state/unit.go`, and `relation/statetracker.go` of the uniter.

use super::life::Life;
use super::root::State;
use super::storage::Fate;
use crate::names;
use std::collections::BTreeMap;

impl State {
    /// Whether the application's units only live beside others.
    pub(crate) fn is_subordinate(&self, application: &str) -> bool {
        let application = self.applications.get(application);
        application.is_some_and(|application| application.charm.metadata.subordinate)
    }

    /// The unit that a unit lives beside: itself, if it is not a subordinate.
    pub(crate) fn place<'a>(&'a self, unit: &'a str) -> &'a str {
        let principal = self.unit(unit).and_then(|unit| unit.principal.as_deref());
        principal.unwrap_or(unit)
    }

    /// The units that live beside a unit.
    pub(crate) fn subordinates_of(&self, principal: &str) -> Vec<String> {
        let units = self.applications.iter().flat_map(|(name, application)| {
            let units = application.units.iter();
            units.map(move |(number, unit)| (format!("{name}/{number}"), unit))
        });
        units
            .filter(|(_, unit)| unit.principal.as_deref() == Some(principal))
            .map(|(name, _)| name)
            .collect()
    }

    /// The units that a unit sees in a relation, with the versions of their databags: those on the
    /// other side and, in container scope, only those beside it.
    pub(crate) fn members_for(&self, relation: u32, unit: &str) -> BTreeMap<String, u64> {
        let Some(relation) = self.relations.get(&relation) else {
            return BTreeMap::new();
        };
        let Some(other) = relation.other_side(names::application_of(unit)) else {
            return BTreeMap::new();
        };
        let beside =
            |name: &str| !relation.is_container_scoped() || self.place(name) == self.place(unit);
        let others = relation.in_scope.iter().filter(|name| {
            *name != unit && names::application_of(name) == other.application && beside(name)
        });
        others
            .map(|name| {
                let bag = relation.unit_bags.get(name);
                (name.clone(), bag.map_or(0, |bag| bag.version))
            })
            .collect()
    }

    /// A principal that enters a relation in container scope gets a unit of the subordinate on the
    /// other side, unless it has one (`subordinateOps`).
    pub(super) fn add_subordinate(&mut self, relation: u32, principal: &str) {
        let own = names::application_of(principal);
        let other = self
            .relations
            .get(&relation)
            .filter(|relation| relation.is_container_scoped() && !relation.is_peer())
            .and_then(|relation| relation.other_side(own))
            .map(|side| side.application.clone());
        let Some(other) = other.filter(|other| self.is_subordinate(other)) else {
            return;
        };
        if self.is_subordinate(own) {
            return;
        }
        let known = self.subordinates_of(principal);
        if !known
            .iter()
            .any(|unit| names::application_of(unit) == other)
        {
            self.add_unit(&other, Some(principal), &[]);
        }
    }

    /// Marks a unit for removal with its storage, and those that live beside it
    /// (`DestroyAllSubordinates`, `cleanupUnitStorageAttachments`).
    pub(crate) fn destroy_unit(&mut self, unit: &str) {
        for subordinate in self.subordinates_of(unit) {
            self.destroy_unit(&subordinate);
        }
        if let Some(unit) = self.unit_mut(unit) {
            unit.life = Life::Dying;
            for storage in unit.storage.values_mut() {
                let fate = if storage.is_of_the_machine() {
                    Fate::Go
                } else {
                    Fate::Stay
                };
                storage.fate.get_or_insert(fate);
            }
        }
    }

    /// Removes the subordinates that a relation kept alive: those with no other relation in
    /// container scope to their principal (`SynchronizeScopes` of the uniter).
    pub(super) fn destroy_unrelated_subordinates(&mut self) {
        let kept = |unit: &str, principal: &str| {
            let (own, other) = (
                names::application_of(unit),
                names::application_of(principal),
            );
            self.relations.values().any(|relation| {
                relation.life == Life::Alive
                    && relation.is_container_scoped()
                    && relation
                        .other_side(own)
                        .is_some_and(|side| side.application == other)
            })
        };
        let mut unrelated = Vec::new();
        for (name, application) in &self.applications {
            for (number, unit) in &application.units {
                let name = format!("{name}/{number}");
                let principal = unit.principal.as_deref();
                if principal.is_some_and(|principal| !kept(&name, principal)) {
                    unrelated.push(name);
                }
            }
        }
        for unit in unrelated {
            self.destroy_unit(&unit);
        }
    }
}
