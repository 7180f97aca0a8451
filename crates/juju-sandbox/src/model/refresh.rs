//! `juju refresh`.

use super::handle::Model;
use crate::charm::{Charm, Package, Role};
use crate::error::Error;
use crate::go::quote;
use crate::refusals;
use crate::state::{Side, Work};
use std::collections::BTreeMap;
use std::path::Path;

impl Model {
    /// Replaces an application's charm, by one of the same name or not (`juju refresh --path`), packed
    /// or not as with [`deploy`](Self::deploy). Its options, endpoints and actions are then those of
    /// the new charm; units that are in error wait until they are resolved.
    ///
    /// # Errors
    ///
    /// When Juju would refuse the charm: it lacks an endpoint that is in use, or lowers a limit
    /// below the number of existing relations.
    pub fn refresh(&mut self, application: &str, charm: &Path) -> Result<(), Error> {
        self.refresh_with(application, charm, &[])
    }

    /// [`refresh`](Self::refresh), with resources for the new charm, given as with
    /// [`Deploy::resources`](crate::Deploy::resources): one `upgrade-charm` tells of both.
    pub(crate) fn refresh_with(
        &mut self,
        application: &str,
        charm: &Path,
        resources: &[(String, String)],
    ) -> Result<(), Error> {
        let revision = self.app(application)?.charm_revision + 1;
        if self.app(application)?.stand_in {
            return Err(Error::Refused(format!(
                "application {} is a stand-in without a charm",
                quote(application)
            )));
        }
        let package = Package::open(charm, &self.state.settings.version())?;
        let resources = Self::read_resources(&package.charm.metadata.resources, resources)?;
        self.check_endpoints(application, &package.charm)?;
        self.check_storage(application, &package.charm)?;
        self.folder.keep_charm(&package, application, revision)?;
        let charm = package.charm;

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
        self.add_new_storage(application, &charm)?;
        let app = self.app_mut(application)?;
        // Values that the new charm does not accept are dropped (`Config.FilterSettings`).
        app.config
            .retain(|name, value| charm.config.accepts(name, value));
        app.charm = charm;
        app.charm_revision = revision;
        let mut resources = resources.iter();
        resources.try_for_each(|(name, content)| self.store_resource(application, name, content))
    }

    /// Gives an application's units that are in error its newest charm: their failed hooks count as
    /// done, and `upgrade-charm` does not run on them (`refresh --force-units`; `resolver.go` of the
    /// uniter). They get it before their next hook.
    ///
    /// # Errors
    ///
    /// When there is no such application.
    pub fn refresh_failed_units(&mut self, application: &str) -> Result<(), Error> {
        for unit in self.outdated_units(application)? {
            self.state.rest(&unit);
            self.unit_mut(&unit)?.memory.work = Work::Replace;
        }
        Ok(())
    }

    /// An application's units that are in error, and therefore do not get its newest charm.
    pub(crate) fn outdated_units(&self, application: &str) -> Result<Vec<String>, Error> {
        let revision = self.app(application)?.charm_revision;
        let mut units = self.failed(|unit| unit.memory.charm_seen != revision);
        units.retain(|unit| crate::names::application_of(unit) == application);
        Ok(units)
    }

    /// `checkRelationsOps` in `state/application.go`.
    fn check_endpoints(&self, application: &str, charm: &Charm) -> Result<(), Error> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for relation in self.state.relations.values() {
            let Some(side) = relation.side(application) else {
                continue;
            };
            let name = side.endpoint.name.as_str();
            let kept = charm.metadata.endpoint(name);
            if kept.is_none_or(|kept| {
                (kept.role, kept.interface.as_str())
                    != (side.endpoint.role, side.endpoint.interface.as_str())
            }) {
                return Err(Error::Refused(refusals::would_break_relation(
                    application,
                    &charm.metadata.name,
                    relation.key(),
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
                let endpoint = format!("{application}:{name}");
                let refusal = refusals::new_relation_limit(limit, endpoint, count);
                return Err(Error::Refused(refusal));
            }
        }
        Ok(())
    }
}
