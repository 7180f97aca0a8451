//! `show-unit` and `show-application`. Source of the keys: `cmd/juju/application`, `showunit.go` and
//! `show.go`.

use super::printed::Printed;
use super::status;
use crate::error::Error;
use crate::model::{Model, UnitView};
use clap::Args;
use serde_json::{Map, Value, json};

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox show-unit web/0
  juju-sandbox show-unit web/0 --endpoint db --format json")]
pub(super) struct ShowUnit {
    /// The units.
    #[arg(required = true)]
    units: Vec<String>,
    /// Show only relations of this endpoint.
    #[arg(long)]
    endpoint: Option<String>,
    /// Show only this unit of other applications.
    #[arg(long)]
    related_unit: Option<String>,
    /// Show only databags of applications.
    #[arg(long)]
    app: bool,
    /// The output format.
    #[arg(long, default_value = "yaml", value_parser = ["yaml", "json"])]
    format: String,
}

impl ShowUnit {
    pub(super) fn run(&self, model: &Model) -> Result<Printed, Error> {
        let mut shown = Map::new();
        for name in &self.units {
            let name = model.resolve_unit(name)?;
            shown.insert(name.clone(), self.described(model, &model.unit(&name)?)?);
        }
        Ok(Printed::value(&shown.into(), &self.format))
    }

    fn described(&self, model: &Model, unit: &UnitView<'_>) -> Result<Value, Error> {
        let name = unit.name();
        let application = model.application(crate::names::application_of(&name))?;
        let mut relations = Vec::new();
        for relation in model.relations() {
            let Some(endpoint) = relation.endpoint_of(application.name()) else {
                continue;
            };
            let Some((other, other_endpoint)) = relation.other_side(application.name()) else {
                continue;
            };
            if self
                .endpoint
                .as_deref()
                .is_some_and(|wanted| wanted != endpoint)
            {
                continue;
            }
            let bags = relation.unit_databags();
            let of = |unit: &str| {
                bags.get(unit)
                    .map(|data| json!({"in-scope": true, "data": data}))
            };
            let units: Map<String, Value> = bags
                .keys()
                .filter(|unit| **unit != name && crate::names::application_of(unit) == other)
                .filter(|unit| {
                    self.related_unit
                        .as_deref()
                        .is_none_or(|only| only == **unit)
                })
                .filter_map(|unit| Some(((*unit).to_owned(), of(unit)?)))
                .collect();
            let mut info = json!({
                "relation-id": relation.id(),
                "endpoint": endpoint,
                "related-endpoint": other_endpoint,
                "application-data": relation.application_databags().get(other).map_or_else(
                    || json!({}),
                    |bag| json!(bag),
                ),
            });
            if !self.app {
                info["local-unit"] =
                    of(&name).unwrap_or_else(|| json!({"in-scope": false, "data": {}}));
            }
            if !units.is_empty() && !self.app {
                info["related-units"] = units.into();
            }
            relations.push(info);
        }
        let mut value = json!({
            "opened-ports": status::ports(unit),
            "charm": format!("local:{}-{}", application.charm(), application.charm_revision()),
            "leader": unit.is_leader(),
            "life": if unit.is_dying() { "dying" } else { "alive" },
            "public-address": unit.address(),
            "address": unit.address(),
            "provider-id": status::provider_id(&name),
        });
        if !unit.version().is_empty() {
            value["workload-version"] = json!(unit.version());
        }
        if !relations.is_empty() {
            value["relation-info"] = json!(relations);
        }
        Ok(value)
    }
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox show-application web")]
pub(super) struct ShowApplication {
    /// The applications.
    #[arg(required = true)]
    applications: Vec<String>,
    /// The output format.
    #[arg(long, default_value = "yaml", value_parser = ["yaml", "json"])]
    format: String,
}

impl ShowApplication {
    pub(super) fn run(&self, model: &Model) -> Result<Printed, Error> {
        let mut shown = Map::new();
        for name in &self.applications {
            let application = model.application(name)?;
            let mut value = json!({
                "charm": application.charm(),
                "base": status::base(),
                "constraints": {"arch": "amd64"},
                "principal": true,
                "exposed": application.is_exposed(),
                "remote": false,
                "life": if application.is_dying() { "dying" } else { "alive" },
                "endpoint-bindings": status::bindings(&application),
            });
            if !application.version().is_empty() {
                value["workload-version"] = json!(application.version());
            }
            shown.insert(name.clone(), value);
        }
        Ok(Printed::value(&shown.into(), &self.format))
    }
}
