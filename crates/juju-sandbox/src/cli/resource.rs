//! `attach-resource` and `resources`. Source: `cmd/juju/resource`.

use super::printed::Printed;
use super::table::{Align, Table};
use crate::error::Error;
use crate::model::{Model, ResourceView, UnitView};
use crate::names;
use crate::refusals;
use clap::Args;
use serde_json::{Value, json};

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox attach-resource web licence=./licence.txt
  juju-sandbox attach-resource web image=ghcr.io/me/web:2")]
pub(super) struct AttachResource {
    /// The application.
    application: String,
    /// The resource, and the path of a file, or of an image in a registry.
    #[arg(value_name = "NAME=FILE|IMAGE")]
    resource: String,
}

impl AttachResource {
    pub(super) fn apply(&self, model: &mut Model) -> Result<(), Error> {
        let (name, value) = resource(&self.resource)?;
        model.attach_resource(&self.application, &name, &value)
    }
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox resources web
  juju-sandbox resources web/0 --details")]
pub(super) struct Resources {
    /// The application, or one of its units.
    #[arg(value_name = "APPLICATION|UNIT")]
    target: String,
    /// Show what each unit has got, and what it would get.
    #[arg(long)]
    details: bool,
    /// The output format.
    #[arg(long, default_value = "tabular", value_parser = ["tabular", "yaml", "json"])]
    format: String,
}

/// A resource of a unit beside that of its application (`FormattedDetailResource`).
struct Detail {
    unit: String,
    got: ResourceView,
    expected: ResourceView,
}

impl Resources {
    pub(super) fn run(&self, model: &Model) -> Result<Printed, Error> {
        let unit = names::split_unit(&self.target);
        let name = unit.map_or(self.target.as_str(), |(name, _)| name);
        if !names::is_application(name) {
            return Err(Error::Refused(refusals::neither_application_nor_unit(
                &self.target,
            )));
        }
        let application = model.application(name)?;
        let resources = application.resources();
        if resources.is_empty() {
            return Ok(Printed::note("No resources to display.".into()));
        }
        if self.details {
            let details = application
                .units()
                .filter(|shown| unit.is_none() || shown.name() == self.target)
                .flat_map(|unit| details(&unit, &resources))
                .collect();
            return Ok(self.print_details(name, unit.is_some(), details));
        }
        let Some((_, number)) = unit else {
            return Ok(match self.format.as_str() {
                "tabular" => Printed::out(table(&resources)),
                format => {
                    let resources = resources.iter();
                    let resources: Vec<Value> = resources
                        .map(|resource| described(name, resource))
                        .collect();
                    Printed::value(&json!({ "resources": resources }), format)
                }
            });
        };
        // As in Juju, a unit that does not exist has nothing.
        let mut units = application.units();
        let unit = units.find(|unit| unit.name() == format!("{name}/{number}"));
        let got = unit.map_or_else(Vec::new, |unit| unit.resources());
        let of_unit = resources.iter().map(|resource| {
            let mut got = got.iter().filter(|got| got.upload.is_some());
            got.find(|got| got.name == resource.name)
        });
        let shown: Vec<(&ResourceView, bool)> = resources
            .iter()
            .zip(of_unit)
            .map(|(resource, got)| (got.unwrap_or(resource), got.is_some()))
            .collect();
        Ok(match self.format.as_str() {
            "tabular" => Printed::out(unit_table(shown.iter().map(|(resource, _)| *resource))),
            format => {
                let shown = shown.iter().map(|(resource, got)| {
                    let mut value = described(name, resource);
                    if !got {
                        value["revision"] = json!("-");
                    }
                    value
                });
                Printed::value(&shown.collect(), format)
            }
        })
    }

    fn print_details(&self, application: &str, of_unit: bool, details: Vec<Detail>) -> Printed {
        match (self.format.as_str(), of_unit) {
            ("tabular", true) => {
                let titles = ["Resource", "Revision", "Expected"];
                let mut table = Table::new(titles.map(|title| (title, Align::Left)));
                for detail in details {
                    let expected = revision(&detail.expected);
                    table.row([detail.got.name.clone(), revision(&detail.got), expected]);
                }
                Printed::out(table.render())
            }
            ("tabular", false) => {
                let titles = ["Unit", "Resource", "Revision", "Expected"];
                let mut table = Table::new(titles.map(|title| (title, Align::Left)));
                for detail in details {
                    let (got, expected) = (revision(&detail.got), revision(&detail.expected));
                    table.row([detail.unit, detail.got.name, got, expected]);
                }
                Printed::out(table.render())
            }
            (format, of_unit) => {
                let details = details.iter().map(|detail| detail.described(application));
                let details: Value = details.collect();
                let all = if of_unit {
                    details
                } else {
                    json!({ "resources": details })
                };
                Printed::value(&all, format)
            }
        }
    }
}

/// `detailedResources`.
fn details(unit: &UnitView<'_>, expected: &[ResourceView]) -> Vec<Detail> {
    let got = unit.resources().into_iter().zip(expected);
    got.map(|(got, expected)| Detail {
        unit: unit.name(),
        got,
        expected: expected.clone(),
    })
    .collect()
}

impl Detail {
    fn described(&self, application: &str) -> Value {
        let unit = if self.got.upload.is_some() {
            described(application, &self.got)
        } else {
            // What was not got is Go's empty value.
            json!({
                "name": "",
                "type": "",
                "path": "",
                "revision": "0",
                "fingerprint": "",
                "size": 0,
                "origin": "",
                "used": false,
                "timestamp": NEVER,
            })
        };
        json!({
            "unitID": self.unit,
            "unit": unit,
            "expected": described(application, &self.expected),
            "progress": -1,
        })
    }
}

/// Go's time when nothing has happened.
const NEVER: &str = "0001-01-01T00:00:00Z";

/// `FormatAppResource`. What was not uploaded is a placeholder for what a store would have.
fn described(application: &str, resource: &ResourceView) -> Value {
    let upload = resource.upload.as_ref();
    let mut value = json!({
        "resourceid": format!("{application}/{}", resource.name),
        "applicationId": application,
        "name": resource.name,
        "type": resource.kind,
        "path": resource.filename,
        "revision": if upload.is_some() { "0" } else { "-" },
        "fingerprint": upload.map_or("", |upload| &upload.fingerprint),
        "size": upload.map_or(0, |upload| upload.size),
        "origin": if upload.is_some() { "upload" } else { "store" },
        "used": upload.is_some(),
        "timestamp": upload.map_or_else(|| NEVER.to_owned(), |upload| upload.uploaded.to_string()),
    });
    if !resource.description.is_empty() {
        value["description"] = json!(resource.description);
    }
    if upload.is_some() {
        value["username"] = json!("admin");
    }
    value
}

/// `combinedRevision`: of what was uploaded, the time, as Juju has it: the year, the day, the month.
fn revision(resource: &ResourceView) -> String {
    let Some(upload) = &resource.upload else {
        return "-".to_owned();
    };
    let time = upload.uploaded.to_string();
    let (year, month, day, clock) = (&time[0..4], &time[5..7], &time[8..10], &time[11..16]);
    format!("{year}-{day}-{month}T{clock}")
}

/// `formatApplicationTabular`.
fn table(resources: &[ResourceView]) -> String {
    let titles = ["Resource", "Supplied by", "Revision"];
    let mut table = Table::new(titles.map(|title| (title, Align::Left)));
    for resource in resources {
        let by = match resource.upload {
            Some(_) => "admin",
            None => "charmhub",
        };
        table.row([resource.name.clone(), by.to_owned(), revision(resource)]);
    }
    table.render()
}

/// `formatUnitTabular`.
fn unit_table<'a>(resources: impl Iterator<Item = &'a ResourceView>) -> String {
    let mut table = Table::new(["Resource", "Revision"].map(|title| (title, Align::Left)));
    for resource in resources {
        table.row([resource.name.clone(), revision(resource)]);
    }
    table.render()
}

/// The resources that are given with `--resource`.
pub(super) fn resources(arguments: &[String]) -> Result<Vec<(String, String)>, Error> {
    arguments
        .iter()
        .map(|argument| resource(argument))
        .collect()
}

/// `name=value` (`parseResourceValueArg`).
fn resource(argument: &str) -> Result<(String, String), Error> {
    let bad = |reason| {
        Err(Error::Refused(refusals::bad_resource_argument(
            argument, reason,
        )))
    };
    match argument.split_once('=') {
        None => bad(refusals::not_name_path()),
        Some(("", _)) => bad(refusals::no_resource_name()),
        Some((_, "")) => bad(refusals::no_resource_value()),
        Some((name, value)) => Ok((name.to_owned(), value.to_owned())),
    }
}
