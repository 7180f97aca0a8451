//! Looking at relations.

use super::handle::Model;
use crate::charm::Role;
use crate::error::Error;
use crate::go::Pairs;
use crate::state::{Life, Relation};
use std::collections::BTreeMap;

/// A relation as it is now.
#[derive(Debug, Clone, Copy)]
pub struct RelationView<'m> {
    id: u32,
    state: &'m Relation,
}

impl Model {
    /// A relation by its id.
    ///
    /// # Errors
    ///
    /// When it does not exist.
    pub fn relation(&self, id: u32) -> Result<RelationView<'_>, Error> {
        Ok(RelationView {
            id,
            state: self.relation_state(id)?,
        })
    }

    /// All relations including peer relations, sorted by id.
    pub fn relations(&self) -> impl Iterator<Item = RelationView<'_>> {
        self.state
            .relations
            .iter()
            .map(|(id, state)| RelationView { id: *id, state })
    }
}

impl<'m> RelationView<'m> {
    /// Its id.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.id
    }

    /// `requirer:endpoint provider:endpoint`.
    #[must_use]
    pub fn key(&self) -> String {
        self.state.key()
    }

    /// The interface of both endpoints.
    #[must_use]
    pub fn interface(&self) -> &'m str {
        self.state
            .sides
            .first()
            .map_or("", |side| side.endpoint.interface.as_str())
    }

    /// Whether it is between the units of one application.
    #[must_use]
    pub fn is_peer(&self) -> bool {
        self.state.is_peer()
    }

    /// Whether only units that live beside each other see each other in it.
    #[must_use]
    pub fn is_container_scoped(&self) -> bool {
        self.state.is_container_scoped()
    }

    /// Whether it is being removed.
    #[must_use]
    pub fn is_dying(&self) -> bool {
        self.state.life == Life::Dying
    }

    /// `app:endpoint` of the provider, or of the peers.
    #[must_use]
    pub fn provider(&self) -> String {
        self.side(Role::Provider)
    }

    /// `app:endpoint` of the requirer, or of the peers.
    #[must_use]
    pub fn requirer(&self) -> String {
        self.side(Role::Requirer)
    }

    fn side(&self, role: Role) -> String {
        let sides = &self.state.sides;
        let side = sides
            .iter()
            .find(|side| side.endpoint.role == role)
            .or_else(|| sides.first());
        side.map(crate::state::Side::key).unwrap_or_default()
    }

    /// The endpoint of an application in it.
    #[must_use]
    pub fn endpoint_of(&self, application: &str) -> Option<&'m str> {
        self.state
            .side(application)
            .map(|side| side.endpoint.name.as_str())
    }

    /// The application on the other side, and its endpoint; in a peer relation, the application's
    /// own.
    #[must_use]
    pub fn other_side(&self, application: &str) -> Option<(&'m str, &'m str)> {
        self.state
            .other_side(application)
            .map(|side| (side.application.as_str(), side.endpoint.name.as_str()))
    }

    /// The databags of applications, by name.
    #[must_use]
    pub fn application_databags(&self) -> BTreeMap<&'m str, &'m Pairs> {
        self.state
            .application_bags
            .iter()
            .map(|(name, bag)| (name.as_str(), &bag.values))
            .collect()
    }

    /// The databags of the units that are in the relation now, by name.
    #[must_use]
    pub fn unit_databags(&self) -> BTreeMap<&'m str, &'m Pairs> {
        let bags = self
            .state
            .unit_bags
            .iter()
            .filter(|(unit, _)| self.state.in_scope.contains(*unit));
        bags.map(|(name, bag)| (name.as_str(), &bag.values))
            .collect()
    }
}
