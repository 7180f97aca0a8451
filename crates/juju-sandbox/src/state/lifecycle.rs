//! What the controller does by itself when units and relations come and go.

use super::life::Life;
use super::memory::{Memory, RelationMemory};
use super::root::State;
use super::secret::SecretOwner;
use super::unit::Unit;
use crate::names;
use crate::status::Status;
use std::collections::{BTreeMap, BTreeSet};

impl State {
    /// Moves an application's leadership.
    pub(crate) fn lead(&mut self, name: &str, unit: Option<u32>) {
        if let Some(application) = self.applications.get_mut(name) {
            if application.leader != unit {
                application.leader = unit;
                application.leader_settings_version += 1;
                if let Some(number) = unit {
                    self.skip_obsolete(&format!("{name}/{number}"));
                }
            }
        }
    }

    /// The unit that would lead if this one did not: the first other one that is not being removed.
    pub(crate) fn successor(&self, unit: &str) -> Option<u32> {
        let (application, number) = names::split_unit(unit)?;
        let units = &self.applications.get(application)?.units;
        units
            .iter()
            .find(|(other, unit)| **other != number && unit.life == Life::Alive)
            .map(|(other, _)| *other)
    }

    /// Marks a relation for removal, which happens once every unit has left it.
    pub(crate) fn break_relation(&mut self, id: u32) {
        let Some(relation) = self.relations.get_mut(&id) else {
            return;
        };
        relation.life = Life::Dying;
        let members: Vec<String> = relation.in_scope.iter().cloned().collect();
        for unit in members {
            let stand_in = self
                .applications
                .get(names::application_of(&unit))
                .is_none_or(|application| application.stand_in);
            if stand_in {
                self.leave_scope(id, &unit);
            }
        }
        self.destroy_unrelated_subordinates();
    }

    /// Adds a unit, beside another one if it is a subordinate, with storage that no unit has. The
    /// application's first unit becomes its leader. If the application is a stand-in, the unit enters
    /// its relations at once.
    pub(crate) fn add_unit(&mut self, name: &str, principal: Option<&str>, storage: &[u32]) {
        let since = self.tick();
        let address = match principal.and_then(|principal| self.unit(principal)) {
            Some(principal) => principal.address.clone(),
            None => self.new_address(),
        };
        let Some(application) = self.applications.get_mut(name) else {
            return;
        };
        let number = application.next_unit;
        application.next_unit += 1;
        let (word, message, agent) = if application.stand_in {
            ("active", "", "idle")
        } else {
            ("waiting", "installing agent", "allocating")
        };
        let unit = Unit {
            life: Life::Alive,
            address,
            principal: principal.map(str::to_owned),
            workload: Status::new(word, message, since),
            agent: Status::new(agent, "", since),
            history: Vec::new(),
            version: String::new(),
            charm_state: None,
            ports: BTreeSet::new(),
            storage: BTreeMap::new(),
            resources: BTreeMap::new(),
            update_status: false,
            memory: Memory::default(),
        };
        application.units.insert(number, unit);
        application.leader.get_or_insert(number);
        let stand_in = application.stand_in;
        let unit = format!("{name}/{number}");
        for number in storage {
            self.attach(*number, &unit);
        }
        self.add_declared_storage(&unit);
        if stand_in {
            let alive = self
                .relations
                .iter()
                .filter(|(_, relation)| relation.life == Life::Alive);
            let ids: Vec<u32> = alive
                .filter(|(_, relation)| relation.side(name).is_some())
                .map(|(id, _)| *id)
                .collect();
            for id in ids {
                self.enter_scope(id, &unit);
            }
        }
    }

    fn new_address(&mut self) -> String {
        let index = self.next_address;
        self.next_address += 1;
        format!(
            "10.{}.{}.{}",
            1 + index / 62_500,
            index / 250 % 250,
            1 + index % 250
        )
    }

    /// Makes a unit part of a relation, with its addresses in its databag (`EnterScope` in
    /// `state/relationunit.go`).
    pub(crate) fn enter_scope(&mut self, id: u32, unit: &str) {
        let private = self.settings.version().writes_private_address();
        let Some(state) = self.unit_mut(unit) else {
            return;
        };
        state.memory.relations.insert(id, RelationMemory::default());
        let address = state.address.clone();
        let Some(relation) = self.relations.get_mut(&id) else {
            return;
        };
        let subnet = format!("{address}/32");
        let bag = relation.unit_bags.entry(unit.to_owned()).or_default();
        bag.write([
            ("ingress-address", address.as_str()),
            ("egress-subnets", &subnet),
        ]);
        if private {
            bag.write([("private-address", address.as_str())]);
        }
        relation.in_scope.insert(unit.to_owned());
        self.add_subordinate(id, unit);
    }

    /// Takes a unit out of a relation; its databag stays.
    pub(crate) fn leave_scope(&mut self, id: u32, unit: &str) {
        if let Some(relation) = self.relations.get_mut(&id) {
            relation.in_scope.remove(unit);
        }
        if let Some(unit) = self.unit_mut(unit) {
            unit.memory.relations.remove(&id);
        }
    }

    /// Removes a dead unit, and passes on its leadership.
    pub(crate) fn remove_unit(&mut self, name: &str) {
        let storage = self.unit(name).into_iter().flat_map(|unit| &unit.storage);
        let storage: Vec<u32> = storage.map(|(number, _)| *number).collect();
        for number in storage {
            self.let_go(number, name);
        }
        let ids: Vec<u32> = self.relations.keys().copied().collect();
        for id in ids {
            self.leave_scope(id, name);
        }
        let Some((application, number)) = names::split_unit(name) else {
            return;
        };
        if self.is_leader(name) {
            let successor = self.successor(name);
            self.lead(application, successor);
        }
        if let Some(application) = self.applications.get_mut(application) {
            application.units.remove(&number);
        }
        self.forget_secrets_of(&SecretOwner::Unit(name.to_owned()));
        self.forget_reader(name);
        self.collect();
    }

    /// Removes dying relations and applications that nothing needs any more.
    pub(crate) fn collect(&mut self) {
        self.relations
            .retain(|_, relation| relation.life == Life::Alive || !relation.in_scope.is_empty());
        let relations = &self.relations;
        let dead: Vec<String> = self
            .applications
            .iter()
            .filter(|(name, application)| {
                let related = relations
                    .values()
                    .any(|relation| !relation.is_peer() && relation.side(name).is_some());
                application.life == Life::Dying && application.units.is_empty() && !related
            })
            .map(|(name, _)| name.clone())
            .collect();
        for name in dead {
            self.applications.remove(&name);
            self.relations
                .retain(|_, relation| relation.side(&name).is_none());
            self.forget_reader(&name);
            self.forget_secrets_of(&SecretOwner::Application(name));
        }
        self.end_grants();
    }
}
