//! `show-unit`. Source of the keys: `cmd/juju/application/showunit.go`.

use super::printed::Printed;
use super::status;
use crate::error::Error;
use crate::go::{to_json, to_yaml};
use crate::model::{Model, UnitView};
use clap::Args;
use serde_json::{Map, Value, json};

#[derive(Debug, Args)]
pub(super) struct ShowUnit {
    /// The units.
    #[arg(required = true)]
    units: Vec<String>,
    /// Show only relations of this endpoint.
    #[arg(long)]
    endpoint: Option<String>,
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
        let shown = Value::Object(shown);
        Ok(Printed::out(if self.format == "json" {
            to_json(&shown) + "\n"
        } else {
            to_yaml(&shown)
        }))
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
                .filter_map(|unit| Some(((*unit).to_owned(), of(unit)?)))
                .collect();
            let mut info = json!({
                "relation-id": relation.id(),
                "endpoint": endpoint,
                "related-endpoint": other_endpoint,
                "application-data": relation.application_databags().get(other),
                "local-unit": of(&name).unwrap_or_else(|| json!({"in-scope": false, "data": {}})),
            });
            if !units.is_empty() {
                info["related-units"] = units.into();
            }
            relations.push(info);
        }
        let mut value = json!({
            "workload-version": unit.version(),
            "opened-ports": status::ports(unit),
            "charm": format!("local:{}-{}", application.charm(), application.charm_revision()),
            "leader": unit.is_leader(),
            "life": if unit.is_dying() { "dying" } else { "alive" },
            "public-address": unit.address(),
        });
        if !relations.is_empty() {
            value["relation-info"] = json!(relations);
        }
        Ok(value)
    }
}
