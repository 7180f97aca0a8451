//! Applications and units: adding, refreshing and removing them.

use super::Model;
use super::state::{
    Application, Databag, Life, Memory, Relation, RelationMemory, Side, Unit, Work,
};
use crate::charm::{Charm, Role};
use crate::error::Error;
use crate::go::quote;
use crate::names;
use crate::status::Status;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// How an application is deployed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deploy {
    /// How many units it has.
    pub units: u32,
    /// Options and their values, as a person would type them.
    pub config: Vec<(String, String)>,
    /// The text of a configuration file: `{application: {option: value}}`.
    pub config_file: Option<String>,
}

impl Default for Deploy {
    /// One unit, no configuration.
    fn default() -> Self {
        Self {
            units: 1,
            config: Vec::new(),
            config_file: None,
        }
    }
}

impl Model {
    /// Deploys a charm directory under a name of its own (`juju deploy`).
    ///
    /// # Errors
    ///
    /// When Juju would refuse the charm, the name or the configuration, or a file cannot be copied.
    pub fn deploy(&mut self, charm: &Path, application: &str, how: Deploy) -> Result<(), Error> {
        let Deploy {
            units,
            config,
            config_file,
        } = how;
        self.check_new_name(application)?;
        let read = Charm::read(charm, &self.state.settings.version())?;
        self.folder.keep_charm(charm, application, 1)?;
        self.insert_application(application, read, false);
        let config: Vec<(&str, &str)> = config
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str()))
            .collect();
        let deployed = config_file
            .map_or(Ok(()), |text| self.config_file(application, &text))
            .and_then(|()| self.configure(application, &config))
            .and_then(|()| self.add_units(application, units));
        if deployed.is_err() {
            self.state.applications.remove(application);
            self.state
                .relations
                .retain(|_, relation| relation.side(application).is_none());
        }
        deployed
    }

    /// Deploys an application that has no charm code, with one unit: a stand-in, whose side of a
    /// relation is played with [`write_app_databag`](Self::write_app_databag) and
    /// [`write_unit_databag`](Self::write_unit_databag). Its units run no hooks.
    ///
    /// # Errors
    ///
    /// When Juju would refuse the metadata or the name.
    pub fn deploy_stand_in(&mut self, application: &str, metadata: &str) -> Result<(), Error> {
        self.check_new_name(application)?;
        let charm = Charm::without_code(metadata)?;
        self.insert_application(application, charm, true);
        self.add_units(application, 1)
    }

    fn check_new_name(&self, application: &str) -> Result<(), Error> {
        if !names::is_application(application) {
            return Err(Error::Refused(format!(
                "invalid application name {}",
                quote(application)
            )));
        }
        if self.state.applications.contains_key(application) {
            // AddApplication in state/state.go.
            let name = quote(application);
            return Err(Error::Refused(format!(
                "cannot add application {name}: application {name} already exists"
            )));
        }
        Ok(())
    }

    fn insert_application(&mut self, name: &str, charm: Charm, stand_in: bool) {
        let deployed = self.state.tick();
        // Peer relations are there from the start (`addPeerRelationsOps`).
        for endpoint in charm
            .metadata
            .endpoints
            .values()
            .filter(|endpoint| endpoint.role == Role::Peer)
        {
            let side = Side {
                application: name.to_owned(),
                endpoint: endpoint.clone(),
            };
            self.insert_relation(vec![side]);
        }
        let application = Application {
            charm,
            charm_revision: 1,
            stand_in,
            config: BTreeMap::new(),
            units: BTreeMap::new(),
            next_unit: 0,
            leader: None,
            leader_settings: BTreeMap::new(),
            leader_settings_version: 0,
            status: None,
            life: Life::Alive,
            deployed,
        };
        self.state.applications.insert(name.to_owned(), application);
    }

    pub(super) fn insert_relation(&mut self, sides: Vec<Side>) -> u32 {
        let id = self.state.next_relation;
        self.state.next_relation += 1;
        let bags = sides
            .iter()
            .map(|side| (side.application.clone(), Databag::default()))
            .collect();
        let relation = Relation {
            sides,
            life: Life::Alive,
            application_bags: bags,
            unit_bags: BTreeMap::new(),
            in_scope: BTreeSet::new(),
        };
        self.state.relations.insert(id, relation);
        id
    }

    /// Adds units (`juju add-unit -n`). The first unit of all leads.
    ///
    /// # Errors
    ///
    /// When there is no such application, or it is being removed.
    pub fn add_units(&mut self, application: &str, count: u32) -> Result<(), Error> {
        let life = self.app(application)?.life;
        if life == Life::Dying {
            let name = quote(application);
            return Err(Error::Refused(format!(
                "cannot add unit 1/{count} to application {name}: application is not alive"
            )));
        }
        for _ in 0..count {
            self.add_unit(application)?;
        }
        Ok(())
    }

    fn add_unit(&mut self, application: &str) -> Result<(), Error> {
        let since = self.state.tick();
        let index = self.state.next_address;
        self.state.next_address += 1;
        let address = format!(
            "10.{}.{}.{}",
            1 + index / 62_500,
            index / 250 % 250,
            1 + index % 250
        );
        let app = self.app_mut(application)?;
        let number = app.next_unit;
        app.next_unit += 1;
        let (word, message, agent) = if app.stand_in {
            ("active", "", "idle")
        } else {
            ("waiting", "installing agent", "allocating")
        };
        let unit = Unit {
            life: Life::Alive,
            address,
            workload: Status::new(word, message, since),
            agent: Status::new(agent, "", since),
            version: String::new(),
            charm_state: None,
            ports: BTreeSet::new(),
            update_status: false,
            memory: Memory::default(),
        };
        app.units.insert(number, unit);
        app.leader.get_or_insert(number);
        if app.stand_in {
            let name = format!("{application}/{number}");
            let alive = self
                .state
                .relations
                .iter()
                .filter(|(_, relation)| relation.life == Life::Alive);
            let ids: Vec<u32> = alive
                .filter(|(_, relation)| relation.side(application).is_some())
                .map(|(id, _)| *id)
                .collect();
            for id in ids {
                self.state.enter_scope(id, &name);
            }
        }
        Ok(())
    }

    /// Has a unit removed once its hooks have run (`juju remove-unit`).
    ///
    /// # Errors
    ///
    /// When there is no such unit.
    pub fn remove_unit(&mut self, unit: &str) -> Result<(), Error> {
        self.unit_mut(unit)?.life = Life::Dying;
        Ok(())
    }

    /// Has an application removed, with its units and relations, once their hooks have run
    /// (`juju remove-application`).
    ///
    /// # Errors
    ///
    /// When there is no such application.
    pub fn remove_application(&mut self, application: &str) -> Result<(), Error> {
        let app = self.app_mut(application)?;
        app.life = Life::Dying;
        for unit in app.units.values_mut() {
            unit.life = Life::Dying;
        }
        let relations = self
            .state
            .relations
            .iter()
            .filter(|(_, relation)| !relation.is_peer());
        let ids: Vec<u32> = relations
            .filter(|(_, relation)| relation.side(application).is_some())
            .map(|(id, _)| *id)
            .collect();
        for id in ids {
            self.state.break_relation(id);
        }
        self.state.collect();
        Ok(())
    }

    /// Gives an application another charm, of the same name or not (`juju refresh --path`). Its
    /// options, endpoints and actions are the new charm's from now on; units that are in error
    /// wait until they are resolved.
    ///
    /// # Errors
    ///
    /// When Juju would refuse the charm: it lacks an endpoint that is in use, or lowers a limit
    /// below the relations that there are.
    pub fn refresh(&mut self, application: &str, charm: &Path) -> Result<(), Error> {
        let revision = self.app(application)?.charm_revision + 1;
        if self.app(application)?.stand_in {
            return Err(Error::Refused(format!(
                "application {} is a stand-in without a charm",
                quote(application)
            )));
        }
        let charm_path = charm;
        let charm = Charm::read(charm, &self.state.settings.version())?;
        self.check_endpoints(application, &charm)?;
        self.folder.keep_charm(charm_path, application, revision)?;

        for relation in self.state.relations.values_mut() {
            for side in relation
                .sides
                .iter_mut()
                .filter(|side| side.application == application)
            {
                if let Some(endpoint) = charm.metadata.endpoints.get(&side.endpoint.name) {
                    side.endpoint = endpoint.clone();
                }
            }
        }
        let peers = charm
            .metadata
            .endpoints
            .values()
            .filter(|endpoint| endpoint.role == Role::Peer);
        for endpoint in peers {
            let side = Side {
                application: application.to_owned(),
                endpoint: endpoint.clone(),
            };
            let known = self
                .state
                .relations
                .values()
                .any(|relation| relation.key() == side.key());
            if !known {
                self.insert_relation(vec![side]);
            }
        }
        let app = self.app_mut(application)?;
        // Values that the new charm does not take any more are dropped (`Config.FilterSettings`).
        app.config
            .retain(|name, value| charm.config.accepts(name, value));
        app.charm = charm;
        app.charm_revision = revision;
        Ok(())
    }

    /// `checkRelationsOps` in `state/application.go`.
    fn check_endpoints(&self, application: &str, charm: &Charm) -> Result<(), Error> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for relation in self.state.relations.values() {
            let Some(side) = relation.side(application) else {
                continue;
            };
            let name = side.endpoint.name.as_str();
            let kept = charm.metadata.endpoints.get(name);
            if kept.is_none_or(|kept| {
                (kept.role, &kept.interface) != (side.endpoint.role, &side.endpoint.interface)
            }) {
                return Err(Error::Refused(format!(
                    "cannot upgrade application {} to charm {}: would break relation {}",
                    quote(application),
                    quote(&charm.metadata.name),
                    quote(&relation.key())
                )));
            }
            *counts.entry(name).or_default() += 1;
        }
        for (name, count) in counts {
            let limit = charm
                .metadata
                .endpoints
                .get(name)
                .and_then(|endpoint| endpoint.limit);
            if let Some(limit) = limit.filter(|limit| count > *limit) {
                return Err(Error::Refused(format!(
                    "new charm version imposes a maximum relation limit of {limit} for {application}:{name} which cannot be satisfied by the number of already established relations ({count})"
                )));
            }
        }
        Ok(())
    }

    /// Makes a unit its application's leader.
    ///
    /// # Errors
    ///
    /// When there is no such unit.
    pub fn set_leader(&mut self, unit: &str) -> Result<(), Error> {
        self.unit_mut(unit)?;
        let Some((application, number)) = names::split_unit(unit) else {
            return Err(Error::not_found("unit", unit));
        };
        self.state.lead(application, Some(number));
        Ok(())
    }

    /// Queues `update-status` for a unit: it runs when nothing else is left to do.
    ///
    /// # Errors
    ///
    /// When there is no such unit.
    pub fn update_status(&mut self, unit: &str) -> Result<(), Error> {
        self.unit_mut(unit)?.update_status = true;
        Ok(())
    }

    /// Lets a unit in error go on (`juju resolved`): its hook runs again, or with `retry` false
    /// counts as done (`--no-retry`). Juju itself retries after a while, too; here nothing happens
    /// before it is asked for, so that the same acts always run the same hooks.
    ///
    /// # Errors
    ///
    /// When there is no such unit, or it is not in error.
    pub fn resolved(&mut self, unit: &str, retry: bool) -> Result<(), Error> {
        let memory = &mut self.unit_mut(unit)?.memory;
        let Work::Failed(event) = memory.work.clone() else {
            return Err(Error::Refused(format!(
                "unit {} is not in an error state",
                quote(unit)
            )));
        };
        if retry {
            memory.work = Work::Retry(event);
        } else {
            self.state.complete(unit, &event);
        }
        Ok(())
    }
}

impl super::state::State {
    /// The unit takes part in a relation from now on, with its addresses in its databag
    /// (`EnterScope` in `state/relationunit.go`).
    pub(super) fn enter_scope(&mut self, id: u32, unit: &str) {
        let juju_4 = self.settings.version().at_least(4, 0, 0);
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
        if !juju_4 {
            bag.write([("private-address", address.as_str())]);
        }
        relation.in_scope.insert(unit.to_owned());
    }
}
