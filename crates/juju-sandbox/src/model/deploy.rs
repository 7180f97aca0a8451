//! Applications: adding and removing them.

use super::handle::Model;
use crate::charm::{Charm, Package, Role};
use crate::error::Error;
use crate::names;
use crate::refusals;
use crate::state::{Application, Databag, Life, Relation, Side, check_variables};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// How an application is deployed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deploy {
    /// How many units it has; a subordinate has none of its own.
    pub units: u32,
    /// Options and their values, as they would be typed.
    pub config: Vec<(String, String)>,
    /// The text of a configuration file: `{application: {option: value}}`.
    pub config_file: Option<String>,
    /// Resources and their values: the path of a file, or the path of an image in a registry.
    pub resources: Vec<(String, String)>,
    /// Names of storage, and what is asked for: `pool,count,size`, or some of it.
    pub storage: Vec<(String, String)>,
    /// The ids of storage that no unit has, and that its only unit gets.
    pub attach_storage: Vec<String>,
    /// Variables that its hooks and actions have besides Juju's; see also
    /// [`Settings::environment`](crate::Settings::environment).
    pub environment: BTreeMap<String, String>,
}

impl Default for Deploy {
    /// One unit, no configuration.
    fn default() -> Self {
        Self {
            units: 1,
            config: Vec::new(),
            config_file: None,
            resources: Vec::new(),
            storage: Vec::new(),
            attach_storage: Vec::new(),
            environment: BTreeMap::new(),
        }
    }
}

impl Model {
    /// Deploys a charm under an application name (`juju deploy`): a `.charm` file, or a directory of
    /// what would be in one. In a source tree, `charmcraft.yaml` can take the place of the other
    /// YAML files, as it does when charmcraft packs.
    ///
    /// # Errors
    ///
    /// When Juju would refuse the charm, the name or the configuration, or a file cannot be copied.
    pub fn deploy(&mut self, charm: &Path, application: &str, how: Deploy) -> Result<(), Error> {
        let package = Package::open(charm, &self.state.settings.version())?;
        self.deploy_package(package, application, how)
    }

    /// [`deploy`](Self::deploy), for those who have opened the package to see the charm's name.
    pub(crate) fn deploy_package(
        &mut self,
        package: Package,
        application: &str,
        how: Deploy,
    ) -> Result<(), Error> {
        let Deploy {
            units,
            config,
            config_file,
            resources,
            storage,
            attach_storage,
            environment,
        } = how;
        self.check_new_name(application)?;
        // Subordinates have units only beside others; one unit is what is meant by none.
        let units = match (package.charm.metadata.subordinate, units) {
            (true, 0 | 1) => 0,
            (true, _) => return Err(Error::Refused(refusals::units_of_subordinate())),
            (false, units) => units,
        };
        let resources = Self::read_resources(&package.charm.metadata.resources, &resources)?;
        check_variables(&environment).map_err(Error::Refused)?;
        let storage = Self::read_storage(&package.charm, &storage)?;
        let attached =
            self.storage_to_attach(application, &package.charm, units, &attach_storage)?;
        self.folder.keep_charm(&package, application, 1)?;
        self.insert_application(application, package.charm, false);
        let app = self.app_mut(application)?;
        app.storage = storage;
        app.environment = environment;
        let config: Vec<(&str, &str)> = config
            .iter()
            .map(|(name, text)| (name.as_str(), text.as_str()))
            .collect();
        let deployed = config_file
            .map_or(Ok(()), |text| self.config_file(application, &text))
            .and_then(|()| self.configure(application, &config))
            .and_then(|()| {
                let mut resources = resources.iter();
                resources.try_for_each(|(name, text)| self.store_resource(application, name, text))
            })
            .and_then(|()| self.add_units_with(application, units, &attached));
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
        let units = u32::from(!charm.metadata.subordinate);
        self.insert_application(application, charm, true);
        self.add_units(application, units)
    }

    fn check_new_name(&self, application: &str) -> Result<(), Error> {
        if !names::is_application(application) {
            return Err(Error::Refused(refusals::invalid_application(application)));
        }
        if self.state.applications.contains_key(application) {
            return Err(Error::Refused(refusals::application_exists(application)));
        }
        Ok(())
    }

    fn insert_application(&mut self, name: &str, charm: Charm, stand_in: bool) {
        let deployed = self.state.tick();
        // Peer relations exist from the start (`addPeerRelationsOps`).
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
            resources: BTreeMap::new(),
            resources_version: 0,
            storage: BTreeMap::new(),
            environment: BTreeMap::new(),
            status: None,
            life: Life::Alive,
            trust: false,
            exposed: false,
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

    /// Removes an application, with its units and relations, once their hooks have run
    /// (`juju remove-application`).
    ///
    /// # Errors
    ///
    /// When there is no such application.
    pub fn remove_application(&mut self, application: &str) -> Result<(), Error> {
        let app = self.app_mut(application)?;
        app.life = Life::Dying;
        let numbers: Vec<u32> = app.units.keys().copied().collect();
        for number in numbers {
            self.state.destroy_unit(&format!("{application}/{number}"));
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
}
