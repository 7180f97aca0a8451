//! `status`. Source of tables and keys: `cmd/juju/status`.

use super::inert::HEADING;
use super::printed::Printed;
use super::storage;
use super::table::{Align, Table};
use crate::clock::Timestamp;
use crate::model::{ApplicationView, Model, PortView, RelationView, UnitView};
use crate::status::Status as Shown;
use clap::Args;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox status
  juju-sandbox status web --format yaml")]
pub(super) struct Status {
    /// Show only these applications.
    applications: Vec<String>,
    /// The output format.
    #[arg(long, default_value = "tabular", value_parser = ["tabular", "yaml", "json"])]
    format: String,
    /// Accepted because Juju has it: relations are always shown.
    #[arg(long, visible_alias = "integrations", hide = true)]
    relations: bool,
    /// Show storage, too.
    #[arg(long)]
    storage: bool,
    #[command(flatten)]
    _inert: StatusInert,
}

#[derive(Debug, Args)]
struct StatusInert {
    #[arg(long, help_heading = HEADING)]
    watch: Option<String>,
    #[arg(long, hide = true)]
    color: bool,
    #[arg(long, hide = true)]
    no_color: bool,
    #[arg(long, hide = true)]
    utc: bool,
    #[arg(long, hide = true)]
    retry_count: Option<u32>,
    #[arg(long, hide = true)]
    retry_delay: Option<String>,
}

impl Status {
    pub(super) fn run(&self, model: &Model) -> Printed {
        match self.format.as_str() {
            "tabular" => Printed::out(self.tables(model) + &self.storage_table(model)),
            format => Printed::value(&self.described(model), format),
        }
    }

    fn shows(&self, application: &str) -> bool {
        self.applications.is_empty() || self.applications.iter().any(|shown| shown == application)
    }

    fn tables(&self, model: &Model) -> String {
        use Align::{Left, Right};
        let settings = model.settings();
        let mut head = Table::new([
            ("Model", Left),
            ("Controller", Left),
            ("Version", Left),
            ("Timestamp", Left),
        ]);
        let now = model.now().to_string();
        head.row([
            settings.name.clone(),
            "juju-sandbox".into(),
            settings.juju_version.clone(),
            now,
        ]);

        let mut applications = Table::new([
            ("App", Left),
            ("Version", Left),
            ("Status", Left),
            ("Scale", Right),
            ("Charm", Left),
            ("Rev", Right),
            ("Message", Left),
        ]);
        let mut units = Table::new([
            ("Unit", Left),
            ("Workload", Left),
            ("Agent", Left),
            ("Address", Left),
            ("Ports", Left),
            ("Message", Left),
        ]);
        for application in model
            .applications()
            .filter(|application| self.shows(application.name()))
        {
            let status = application.status();
            applications.row([
                application.name().to_owned(),
                application.version().to_owned(),
                status.word,
                application.units().count().to_string(),
                application.charm().to_owned(),
                application.charm_revision().to_string(),
                status.message,
            ]);
            for unit in application.units() {
                if unit.principal().is_some() {
                    continue;
                }
                units.row(unit_row("", &unit));
                for subordinate in beside(model, &unit) {
                    units.row(unit_row("  ", &subordinate));
                }
            }
        }
        let mut relations = Table::new([
            ("Integration provider", Left),
            ("Requirer", Left),
            ("Interface", Left),
            ("Type", Left),
            ("Message", Left),
        ]);
        for relation in model.relations() {
            let (provider, requirer) = (relation.provider(), relation.requirer());
            let application =
                |key: &str| key.split(':').next().is_some_and(|name| self.shows(name));
            if application(&provider) || application(&requirer) {
                let subordinate = || {
                    let mut names = model.applications().filter(ApplicationView::is_subordinate);
                    names.any(|application| relation.endpoint_of(application.name()).is_some())
                };
                let kind = if relation.is_peer() {
                    "peer"
                } else if relation.is_container_scoped() && subordinate() {
                    "subordinate"
                } else {
                    "regular"
                };
                let message = if relation.is_dying() { "dying" } else { "" };
                relations.row([
                    provider,
                    requirer,
                    relation.interface().to_owned(),
                    kind.into(),
                    message.into(),
                ]);
            }
        }
        let mut text = head.render();
        for table in [applications.render(), units.render(), relations.render()] {
            // A table that is only a header says nothing.
            if table.lines().count() > 1 {
                text.push('\n');
                text.push_str(&table);
            }
        }
        text
    }

    /// The storage, if it is asked for.
    fn storage_table(&self, model: &Model) -> String {
        let storage = model.storage();
        if !self.storage || storage.is_empty() {
            return String::new();
        }
        format!("\n{}", storage::status_table(&storage))
    }

    fn described(&self, model: &Model) -> Value {
        let settings = model.settings();
        let applications = model
            .applications()
            .filter(|application| self.shows(application.name()));
        let applications: Map<String, Value> = applications
            .map(|application| {
                (
                    application.name().to_owned(),
                    described_application(model, application),
                )
            })
            .collect();
        json!({
            "model": {
                "name": settings.name,
                "type": "caas",
                "controller": "juju-sandbox",
                "cloud": "sandbox",
                "region": "default",
                "version": settings.juju_version,
                "model-status": {"current": "available", "since": Timestamp::default().since()},
            },
            "machines": {},
            "applications": applications,
            "storage": storage::combined(&model.storage()),
            "controller": {"timestamp": model.now().time_of_day() + "Z"},
        })
    }
}

/// A unit's line; a subordinate's is indented below that of its principal.
fn unit_row(indent: &str, unit: &UnitView<'_>) -> [String; 6] {
    let (word, message) = unit.workload();
    let leader = if unit.is_leader() { "*" } else { "" };
    [
        format!("{indent}{}{leader}", unit.name()),
        word.to_owned(),
        unit.agent_status().word,
        unit.address().to_owned(),
        ports(unit).join(","),
        message.to_owned(),
    ]
}

/// The units that live beside another one.
fn beside<'m>(model: &'m Model, unit: &UnitView<'m>) -> Vec<UnitView<'m>> {
    let names = unit.subordinates().into_iter();
    names.filter_map(|name| model.unit(&name).ok()).collect()
}

fn described_status(status: &Shown) -> Value {
    let mut value = json!({"current": status.word, "since": status.since.since()});
    if !status.message.is_empty() {
        value["message"] = json!(status.message);
    }
    value
}

fn described_application(model: &Model, application: ApplicationView<'_>) -> Value {
    let mut relations: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    for relation in model.relations() {
        let name = application.name();
        if let (Some(endpoint), Some((other, _))) =
            (relation.endpoint_of(name), relation.other_side(name))
        {
            let scope = if relation.is_container_scoped() {
                "container"
            } else {
                "global"
            };
            let related = json!({"related-application": other, "interface": relation.interface(), "scope": scope});
            relations.entry(endpoint).or_default().push(related);
        }
    }
    let units: Map<String, Value> = application
        .units()
        .map(|unit| (unit.name(), described_unit(model, &unit)))
        .collect();
    let mut value = json!({
        "charm": format!("local:{}-{}", application.charm(), application.charm_revision()),
        "charm-origin": "local",
        "charm-name": application.charm(),
        "charm-rev": application.charm_revision(),
        "base": base(),
        "endpoint-bindings": bindings(&application),
        "provider-id": provider_id(application.name()),
        "exposed": false,
        "scale": application.units().count(),
        "application-status": described_status(&application.status()),
        "relations": relations,
        "units": units,
    });
    if let Some(unit) = application.units().next() {
        value["address"] = json!(unit.address());
    }
    if application.is_subordinate() {
        // Its units are shown below those that they live beside.
        let beside = model.relations().filter(RelationView::is_container_scoped);
        let principals: BTreeSet<&str> = beside
            .filter_map(|relation| Some(relation.other_side(application.name())?.0))
            .collect();
        value["subordinate-to"] = json!(principals);
        if let Value::Object(keys) = &mut value {
            keys.remove("units");
        }
    }
    if !application.version().is_empty() {
        value["version"] = json!(application.version());
    }
    if application.is_dying() {
        value["life"] = json!("dying");
    }
    value
}

fn described_unit(model: &Model, unit: &UnitView<'_>) -> Value {
    let mut agent = described_status(&unit.agent_status());
    agent["version"] = json!(model.settings().juju_version);
    let mut value = json!({
        "workload-status": described_status(&unit.status()),
        "juju-status": agent,
        "address": unit.address(),
        "provider-id": provider_id(&unit.name()),
    });
    if unit.is_leader() {
        value["leader"] = json!(true);
    }
    let beside = beside(model, unit);
    if !beside.is_empty() {
        let beside = beside.iter();
        let beside: Map<String, Value> = beside
            .map(|unit| (unit.name(), described_unit(model, unit)))
            .collect();
        value["subordinates"] = beside.into();
    }
    let open = ports(unit);
    if !open.is_empty() {
        value["open-ports"] = json!(open);
    }
    value
}

/// The base that charms are said to run on; they run on this machine, whatever it is.
pub(super) fn base() -> Value {
    json!({"name": "ubuntu", "channel": "24.04/stable"})
}

/// The name by which a cluster would know an application or a unit, of which there is none here.
pub(super) fn provider_id(name: &str) -> String {
    name.replace('/', "-")
}

/// The space of each endpoint: there is one, whose name in Juju is `alpha`.
pub(super) fn bindings(application: &ApplicationView<'_>) -> Value {
    let names = application.endpoints().chain([""]);
    names
        .map(|name| (name.to_owned(), json!("alpha")))
        .collect::<Map<_, _>>()
        .into()
}

/// A unit's opened ports, each once.
pub(super) fn ports(unit: &UnitView<'_>) -> Vec<String> {
    let mut ports: Vec<String> = unit
        .ports()
        .into_iter()
        .map(
            |PortView {
                 protocol, from, to, ..
             }| match (protocol.as_str(), from == to) {
                ("icmp", _) => protocol,
                (_, true) => format!("{from}/{protocol}"),
                (_, false) => format!("{from}-{to}/{protocol}"),
            },
        )
        .collect();
    ports.dedup();
    ports
}
