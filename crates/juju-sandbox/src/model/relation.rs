//! Relations: adding and removing them, and playing one side by hand.

use super::handle::Model;
use crate::charm::{Endpoint, Role, Scope};
use crate::error::Error;
use crate::go::{Pairs, quote};
use crate::names;
use crate::refusals;
use crate::state::{Life, Relation, Side};

impl Model {
    /// Relates two applications, each given as `app` or `app:endpoint` (`juju integrate`); returns
    /// the relation's id.
    ///
    /// # Errors
    ///
    /// When no pair of endpoints matches or several do, the relation exists already or is not gone
    /// yet, or it would exceed an endpoint's limit.
    pub fn integrate(&mut self, one: &str, other: &str) -> Result<u32, Error> {
        let sides = self.infer(one, other)?;
        let key = Side::keys(&sides);
        let refused = |reason| Error::Refused(refusals::cannot_add_relation(&key, reason));
        let mut relations = self.state.relations.values();
        if let Some(there) = relations.find(|relation| relation.key() == key) {
            return Err(refused(match there.life {
                Life::Alive => refusals::relation_exists(&key),
                Life::Dying => refusals::relation_dying(&key),
            }));
        }
        for Side {
            application,
            endpoint,
        } in &sides
        {
            let taken = self.state.relations.values().filter(|relation| {
                relation
                    .side(application)
                    .is_some_and(|side| side.endpoint.name == endpoint.name)
            });
            if let Some(limit) = endpoint.limit.filter(|limit| taken.count() >= *limit) {
                let endpoint = format!("{application}:{}", endpoint.name);
                return Err(refused(refusals::relation_limit(endpoint, limit)));
            }
        }
        for Side { application, .. } in &sides {
            if self.app(application)?.life == Life::Dying {
                return Err(refused(refusals::application_not_alive(application)));
            }
        }
        let applications = sides
            .iter()
            .filter_map(|side| self.state.applications.get_key_value(&side.application));
        let stand_ins: Vec<String> = applications
            .filter(|(_, application)| application.stand_in)
            .flat_map(|(name, application)| {
                let numbers = application.units.keys();
                numbers.map(move |number| format!("{name}/{number}"))
            })
            .collect();
        let id = self.insert_relation(sides);
        for unit in stand_ins {
            self.state.enter_scope(id, &unit);
        }
        Ok(id)
    }

    /// The endpoints that two names refer to, requirer first (`State.InferEndpoints`).
    fn infer(&self, one: &str, other: &str) -> Result<Vec<Side>, Error> {
        let mut found: Vec<Vec<Side>> = Vec::new();
        let others = self.candidates(other)?;
        for left in self.candidates(one)? {
            for right in &others {
                let fits = matches!(
                    (left.endpoint.role, right.endpoint.role),
                    (Role::Requirer, Role::Provider) | (Role::Provider, Role::Requirer)
                );
                if fits
                    && left.endpoint.interface == right.endpoint.interface
                    && left.application != right.application
                    && self.may_share_scope(&left, right)
                {
                    let mut sides = vec![left.clone(), right.clone()];
                    sides.sort_by_key(|side| side.endpoint.role != Role::Requirer);
                    found.push(sides);
                }
            }
        }
        // The implicit endpoint counts only if there is nothing else.
        if found.len() > 1 {
            let explicit =
                |sides: &Vec<Side>| !sides.iter().any(|side| side.endpoint.is_implicit());
            let rest: Vec<Vec<Side>> = found
                .iter()
                .filter(|sides| explicit(sides))
                .cloned()
                .collect();
            if !rest.is_empty() {
                found = rest;
            }
        }
        if found.len() > 1 {
            let mut keys: Vec<String> = found
                .iter()
                .map(|sides| quote(&Side::keys(sides)))
                .collect();
            keys.sort();
            return Err(Error::Refused(refusals::ambiguous_relation(
                format!("{one} {other}"),
                keys.join("; "),
            )));
        }
        found
            .pop()
            .ok_or_else(|| Error::Refused(refusals::no_relations()))
    }

    /// A relation in container scope needs a subordinate (`containerScopeOk`).
    fn may_share_scope(&self, one: &Side, other: &Side) -> bool {
        let sides = [one, other];
        let in_container = |side: &&Side| side.endpoint.scope == Scope::Container;
        let subordinate = |side: &&Side| self.state.is_subordinate(&side.application);
        !sides.iter().any(in_container) || sides.iter().any(subordinate)
    }

    /// The endpoints that `app` or `app:endpoint` may refer to.
    fn candidates(&self, text: &str) -> Result<Vec<Side>, Error> {
        let (application, endpoint) = text
            .split_once(':')
            .map_or((text, None), |(app, endpoint)| (app, Some(endpoint)));
        let metadata = &self.app(application)?.charm.metadata;
        let side = |endpoint: Endpoint| Side {
            application: application.to_owned(),
            endpoint,
        };
        match endpoint {
            None => Ok(metadata
                .all_endpoints()
                .filter(|endpoint| endpoint.role != Role::Peer)
                .map(side)
                .collect()),
            Some(name) => metadata
                .endpoint(name)
                .map(|endpoint| vec![side(endpoint)])
                .ok_or_else(|| Error::Refused(refusals::no_such_endpoint(application, name))),
        }
    }

    /// Removes the relation between two applications, each given as `app` or `app:endpoint`
    /// (`juju remove-relation`).
    ///
    /// # Errors
    ///
    /// When there is no such relation, or several.
    pub fn remove_relation(&mut self, one: &str, other: &str) -> Result<(), Error> {
        let (ones, others) = (self.candidates(one)?, self.candidates(other)?);
        let named = |relation: &Relation, sides: &[Side]| {
            sides
                .iter()
                .any(|side| relation.sides.iter().any(|own| own.key() == side.key()))
        };
        let between = |relation: &Relation| {
            !relation.is_peer() && named(relation, &ones) && named(relation, &others)
        };
        let found: Vec<(u32, String)> = self
            .state
            .relations
            .iter()
            .filter(|(_, relation)| between(relation))
            .map(|(id, relation)| (*id, relation.key()))
            .collect();
        match found.as_slice() {
            [] => Err(Error::not_found("relation", &format!("{one} {other}"))),
            [(id, _)] => self.remove_relation_id(*id),
            several => {
                let keys: Vec<String> = several.iter().map(|(_, key)| quote(key)).collect();
                Err(Error::Refused(refusals::ambiguous_relation(
                    format!("{one} {other}"),
                    keys.join("; "),
                )))
            }
        }
    }

    /// Removes a relation by its id.
    ///
    /// # Errors
    ///
    /// When there is no such relation, or it is a peer relation.
    pub fn remove_relation_id(&mut self, id: u32) -> Result<(), Error> {
        let relation = self.relation_state(id)?;
        if relation.is_peer() {
            return Err(Error::Refused(refusals::is_peer_relation(relation.key())));
        }
        self.state.break_relation(id);
        self.state.collect();
        Ok(())
    }

    /// An application's databag.
    ///
    /// # Errors
    ///
    /// When there is no such relation, or the application is not part of it.
    pub fn app_databag(&self, relation: u32, application: &str) -> Result<&Pairs, Error> {
        let bags = &self.relation_state(relation)?.application_bags;
        bags.get(application)
            .map(|bag| &bag.values)
            .ok_or_else(|| Error::not_found("databag of application", application))
    }

    /// A unit's databag; a unit's databag outlives the unit, until the relation is gone.
    ///
    /// # Errors
    ///
    /// When there is no such relation, or the unit was never part of it.
    pub fn unit_databag(&self, relation: u32, unit: &str) -> Result<&Pairs, Error> {
        let bags = &self.relation_state(relation)?.unit_bags;
        bags.get(unit)
            .map(|bag| &bag.values)
            .ok_or_else(|| Error::not_found("databag of unit", unit))
    }

    /// Writes to an application's databag as its leader would; an empty value removes a key. If
    /// anything changed, the other side is told.
    ///
    /// # Errors
    ///
    /// When there is no such relation, or the application is not part of it.
    pub fn write_app_databag(
        &mut self,
        relation: u32,
        application: &str,
        changes: &[(&str, &str)],
    ) -> Result<(), Error> {
        let bags = &mut self.relation_state_mut(relation)?.application_bags;
        let bag = bags
            .get_mut(application)
            .ok_or_else(|| Error::not_found("databag of application", application))?;
        bag.write(changes.iter().copied());
        Ok(())
    }

    /// Writes to a unit's databag as the unit would.
    ///
    /// # Errors
    ///
    /// When there is no such relation, or the unit was never part of it.
    pub fn write_unit_databag(
        &mut self,
        relation: u32,
        unit: &str,
        changes: &[(&str, &str)],
    ) -> Result<(), Error> {
        let bags = &mut self.relation_state_mut(relation)?.unit_bags;
        let bag = bags
            .get_mut(unit)
            .ok_or_else(|| Error::not_found("databag of unit", unit))?;
        bag.write(changes.iter().copied());
        Ok(())
    }

    /// The ids of an application's relations through one endpoint.
    ///
    /// # Errors
    ///
    /// When there is no such application.
    pub fn relation_ids(&self, application: &str, endpoint: &str) -> Result<Vec<u32>, Error> {
        self.app(application)?;
        let ids = self.state.relations.iter().filter(|(_, relation)| {
            relation
                .side(names::application_of(application))
                .is_some_and(|side| side.endpoint.name == endpoint)
        });
        Ok(ids.map(|(id, _)| *id).collect())
    }

    pub(super) fn relation_state(&self, id: u32) -> Result<&Relation, Error> {
        self.state
            .relations
            .get(&id)
            .ok_or_else(|| Error::NotFound {
                what: format!("relation {id}"),
            })
    }

    fn relation_state_mut(&mut self, id: u32) -> Result<&mut Relation, Error> {
        self.state
            .relations
            .get_mut(&id)
            .ok_or_else(|| Error::NotFound {
                what: format!("relation {id}"),
            })
    }
}
