//! `attach-resource` and `resources`. Source: `cmd/juju/resource`.

use super::printed::Printed;
use super::table::{Align, Table};
use crate::error::Error;
use crate::model::{Model, ResourceView};
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
  juju-sandbox resources web")]
pub(super) struct Resources {
    /// The application, or one of its units.
    application: String,
    /// The output format.
    #[arg(long, default_value = "tabular", value_parser = ["tabular", "yaml", "json"])]
    format: String,
}

impl Resources {
    pub(super) fn run(&self, model: &Model) -> Result<Printed, Error> {
        let application = names::application_of(&self.application);
        let resources = model.application(application)?.resources();
        if resources.is_empty() {
            return Ok(Printed::note("No resources to display.".into()));
        }
        let described = || {
            let resources = resources.iter();
            let resources: Vec<Value> = resources
                .map(|resource| described(application, resource))
                .collect();
            json!({ "resources": resources })
        };
        Ok(match self.format.as_str() {
            "tabular" => Printed::out(table(&resources)),
            format => Printed::value(&described(), format),
        })
    }
}

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
        "timestamp": upload.map_or_else(
            || "0001-01-01T00:00:00Z".to_owned(),
            |upload| upload.uploaded.to_string(),
        ),
    });
    if !resource.description.is_empty() {
        value["description"] = json!(resource.description);
    }
    if upload.is_some() {
        value["username"] = json!("admin");
    }
    value
}

/// `formatApplicationTabular`.
fn table(resources: &[ResourceView]) -> String {
    let mut table = Table::new([
        ("Resource", Align::Left),
        ("Supplied by", Align::Left),
        ("Revision", Align::Left),
    ]);
    for resource in resources {
        let (by, revision) = match &resource.upload {
            // As Juju has it: the year, the day, the month.
            Some(upload) => {
                let time = upload.uploaded.to_string();
                let (year, month, day, clock) =
                    (&time[0..4], &time[5..7], &time[8..10], &time[11..16]);
                ("admin", format!("{year}-{day}-{month}T{clock}"))
            }
            None => ("charmhub", "-".to_owned()),
        };
        table.row([resource.name.clone(), by.to_owned(), revision]);
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
