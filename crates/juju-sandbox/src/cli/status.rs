//! `status`. Source of tables and keys: `cmd/juju/status`.

use super::act::duration;
use super::printed::Printed;
use super::storage;
use super::table::{Align, Table};
use super::terminal::{self, DETAIL, GOOD, MESSAGE, Palette};
use crate::clock::Timestamp;
use crate::error::Error;
use crate::model::{ApplicationView, Model, PortView, RelationView, UnitView};
use crate::status::Status as Shown;
use clap::Args;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};
use std::ops::Deref;
use std::thread;
use std::time::Duration;

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
    /// Show it again and again, after this time, such as 2s, until interrupted.
    #[arg(long, value_name = "TIME", value_parser = duration)]
    watch: Option<i64>,
    #[command(flatten)]
    colours: terminal::Choice,
    /// Show storage, too.
    #[arg(long)]
    storage: bool,
    #[command(flatten)]
    _inert: StatusInert,
}

/// What makes a terminal forget what it shows (`clearScreen` in `status.go`).
const CLEAR: &str = "\x1bc";

#[derive(Debug, Args)]
struct StatusInert {
    #[arg(long, hide = true)]
    utc: bool,
    #[arg(long, hide = true)]
    retry_count: Option<u32>,
    #[arg(long, hide = true)]
    retry_delay: Option<String>,
}

impl Status {
    pub(super) fn is_watching(&self) -> bool {
        self.interval().is_some()
    }

    fn interval(&self) -> Option<Duration> {
        let time = self.watch.and_then(|time| u64::try_from(time).ok());
        time.filter(|time| *time > 0).map(Duration::from_millis)
    }

    /// Shows the model as it is again and again, until it cannot be shown (`Run` in `status.go`).
    pub(super) fn keep_running<M: Deref<Target = Model>>(
        &self,
        look: impl Fn() -> Result<M, Error>,
    ) -> Result<Printed, Error> {
        loop {
            let shown = self.run(&*look()?).stdout;
            let mut stdout = io::stdout().lock();
            let written = write!(stdout, "{CLEAR}{shown}").and_then(|()| stdout.flush());
            match self.interval() {
                Some(interval) if written.is_ok() => thread::sleep(interval),
                // Nobody reads it any more.
                _ => return Ok(Printed::default()),
            }
        }
    }

    pub(super) fn run(&self, model: &Model) -> Printed {
        if let Err(reason) = self.colours.check() {
            return Printed::error(&reason, 2);
        }
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
        let palette = self.colours.palette();
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
            ("Exposed", Left),
            ("Message", Left),
        ]);
        // There are no firewalls here: as long as nothing is exposed, the column says nothing.
        if !model.applications().any(|one| one.is_exposed()) {
            applications.hide(6);
        }
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
                palette.status(&status.word),
                application.units().count().to_string(),
                application.charm().to_owned(),
                application.charm_revision().to_string(),
                exposed(&application, palette),
                palette.paint(MESSAGE, &status.message),
            ]);
            for unit in application.units() {
                if unit.principal().is_some() {
                    continue;
                }
                units.row(unit_row("", &unit, palette));
                for subordinate in beside(model, &unit) {
                    units.row(unit_row("  ", &subordinate, palette));
                }
            }
        }
        let mut relations = self.relations(model, palette);
        head.paint(palette);
        applications.paint(palette);
        units.paint(palette);
        relations.paint(palette);
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

    fn relations(&self, model: &Model, palette: Palette) -> Table<5> {
        use Align::Left;
        let mut table = Table::new([
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
                table.row([
                    palette.endpoint(&provider),
                    palette.endpoint(&requirer),
                    relation.interface().to_owned(),
                    kind.into(),
                    message.into(),
                ]);
            }
        }
        table
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
fn unit_row(indent: &str, unit: &UnitView<'_>, palette: Palette) -> [String; 6] {
    let (word, message) = unit.workload();
    let leader = if unit.is_leader() { "*" } else { "" };
    let ports: Vec<String> = ports(unit).iter().map(|port| palette.port(port)).collect();
    [
        format!("{indent}{}{leader}", unit.name()),
        palette.status(word),
        palette.status(&unit.agent_status().word),
        palette.paint(DETAIL, unit.address()),
        ports.join(","),
        palette.paint(MESSAGE, message),
    ]
}

fn exposed(application: &ApplicationView<'_>, palette: Palette) -> String {
    if application.is_exposed() {
        palette.paint(GOOD, "yes")
    } else {
        "no".into()
    }
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
        "exposed": application.is_exposed(),
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
