//! Relations as one hook sees them. Source: `context/relation.go` and `context/cache.go`.

use super::view::Context;
use crate::event::RelationStep;
use crate::go::Pairs;
use crate::names;
use crate::refusals;
use crate::state::{Life, Relation};
use std::collections::BTreeSet;

impl Context<'_> {
    /// Whether a tool may refer to the relation: the unit is part of it.
    pub(crate) fn knows_relation(&self, id: u32) -> bool {
        self.relation_memory(id).is_some() && self.state.relations.contains_key(&id)
    }

    pub(super) fn relation(&self, id: u32) -> Option<&Relation> {
        self.state.relations.get(&id)
    }

    /// At the start of a joined or changed hook, forgets the cached databag of that unit, even if
    /// the hook then fails (`RelationCache.InvalidateMember`).
    pub(super) fn forget_stale_databag(&mut self) {
        let Some(hook) = self.event.relation() else {
            return;
        };
        let stale = match &hook.step {
            RelationStep::Joined { unit, .. }
            | RelationStep::Changed {
                unit: Some(unit), ..
            } => unit.clone(),
            _ => return,
        };
        let id = hook.relation;
        if let Some(memory) = self
            .state
            .unit_mut(&self.unit)
            .and_then(|unit| unit.memory.relations.get_mut(&id))
        {
            memory.cache.remove(&stale);
        }
    }

    /// `relation-ids`: `endpoint:id` of each relation of an endpoint, sorted as text. Before
    /// Juju 4, a relation that is about to be broken is left out.
    pub(crate) fn relation_ids(&self, endpoint: &str) -> Vec<String> {
        let Some(unit) = self.unit_state() else {
            return Vec::new();
        };
        let known = unit.memory.relations.keys().copied();
        let mut ids: Vec<String> = known
            .filter(|id| {
                self.relation(*id).is_some_and(|relation| {
                    let named = relation
                        .side(self.application())
                        .is_some_and(|side| side.endpoint.name == endpoint);
                    let breaking = self.juju().hides_broken_relations()
                        && !relation.is_peer()
                        && relation.life == Life::Dying
                        && self.members(*id).is_empty();
                    named && !breaking
                })
            })
            .map(|id| format!("{endpoint}:{id}"))
            .collect();
        ids.sort();
        ids
    }

    /// `relation-list`: the remote units whose joining has been announced to this unit.
    pub(crate) fn members(&self, id: u32) -> BTreeSet<String> {
        let memory = self.relation_memory(id);
        let mut members: BTreeSet<String> = memory
            .map(|memory| memory.members.keys().cloned().collect())
            .unwrap_or_default();
        if let Some(hook) = self.event.relation().filter(|hook| hook.relation == id) {
            match &hook.step {
                RelationStep::Joined { unit, .. }
                | RelationStep::Changed {
                    unit: Some(unit), ..
                } => {
                    members.insert(unit.clone());
                }
                RelationStep::Departed { unit, .. } => {
                    members.remove(unit);
                }
                RelationStep::Created
                | RelationStep::Changed { unit: None, .. }
                | RelationStep::Broken => {}
            }
        }
        members
    }

    /// The application on the other side.
    pub(crate) fn remote_application(&self, id: u32) -> Option<&str> {
        Some(
            &self
                .relation(id)?
                .other_side(self.application())?
                .application,
        )
    }

    /// This unit's databag with its pending writes.
    pub(crate) fn own_unit_bag(&self, id: u32) -> Pairs {
        let bag = self
            .relation(id)
            .and_then(|relation| relation.unit_bags.get(&self.unit));
        overlaid(
            bag.map(|bag| bag.values.clone()),
            self.pending.unit.get(&id),
        )
    }

    /// The application's databag with this unit's pending writes; for leaders.
    pub(crate) fn own_application_bag(&self, id: u32) -> Pairs {
        let bag = self
            .relation(id)
            .and_then(|relation| relation.application_bags.get(self.application()));
        overlaid(
            bag.map(|bag| bag.values.clone()),
            self.pending.application.get(&id),
        )
    }

    /// Another unit's databag: for a member as it was when it was announced, for others as it is
    /// now.
    pub(crate) fn unit_bag(&mut self, id: u32, unit: &str) -> Result<Pairs, String> {
        let relation = self.relation(id).ok_or_else(refusals::relation_not_found)?;
        if relation.side(names::application_of(unit)).is_none() {
            return Err(refusals::permission_denied());
        }
        let key = (id, unit.to_owned());
        let member = self.members(id).contains(unit);
        let cached = if member {
            self.relation_memory(id)
                .and_then(|memory| memory.cache.get(unit))
        } else {
            self.fetched.get(&key)
        };
        if let Some(values) = cached {
            return Ok(values.clone());
        }
        // In container scope, the databags of other containers are under other keys
        // (`RelationUnit.ReadSettings`).
        let beside = !relation.is_container_scoped()
            || self.state.place(unit) == self.state.place(&self.unit);
        let Some(bag) = relation.unit_bags.get(unit).filter(|_| beside) else {
            if self.juju().is_4() {
                return Err(refusals::relation_unit_not_found());
            }
            return Err(refusals::settings_not_found(unit, relation.key()));
        };
        let values = bag.values.clone();
        if member {
            let memory = self
                .state
                .unit_mut(&self.unit)
                .and_then(|unit| unit.memory.relations.get_mut(&id));
            if let Some(memory) = memory {
                memory.cache.insert(unit.to_owned(), values.clone());
            }
        } else {
            self.fetched.insert(key, values.clone());
        }
        Ok(values)
    }

    /// An application's databag, which is fetched once per hook. Before Juju 4.0, a unit that is
    /// not the leader may not read its own application's, except in a peer relation (`ReadSettings`
    /// in `apiserver/facades/agent/uniter/uniter.go`).
    pub(crate) fn application_bag(&mut self, id: u32, application: &str) -> Result<Pairs, String> {
        if !names::is_application(application) {
            return Err(refusals::not_unit_or_application(application));
        }
        let relation = self.relation(id).ok_or_else(refusals::relation_not_found)?;
        let own = application == self.application();
        let may_read_own = relation.is_peer() || self.juju().shares_own_databag();
        if relation.side(application).is_none() || (own && !may_read_own) {
            return Err(refusals::permission_denied());
        }
        let key = (id, application.to_owned());
        if let Some(values) = self.fetched.get(&key) {
            return Ok(values.clone());
        }
        let values = relation
            .application_bags
            .get(application)
            .map(|bag| bag.values.clone())
            .unwrap_or_default();
        self.fetched.insert(key, values.clone());
        Ok(values)
    }

    /// `relation-set` on the unit's databag; an empty value removes the key.
    pub(crate) fn set_unit_bag(&mut self, id: u32, changes: Pairs) {
        self.pending.unit.entry(id).or_default().extend(changes);
    }

    /// `relation-set --app`; the caller has checked that the unit is the leader.
    pub(crate) fn set_application_bag(&mut self, id: u32, changes: Pairs) {
        self.pending
            .application
            .entry(id)
            .or_default()
            .extend(changes);
    }
}

/// A databag with pending changes on top.
fn overlaid(bag: Option<Pairs>, changes: Option<&Pairs>) -> Pairs {
    let mut values = bag.unwrap_or_default();
    for (key, value) in changes.into_iter().flatten() {
        if value.is_empty() {
            values.remove(key);
        } else {
            values.insert(key.clone(), value.clone());
        }
    }
    values
}
