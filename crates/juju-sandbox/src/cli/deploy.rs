//! `deploy`: a charm becomes an application.

use super::config;
use super::printed::{Printed, read, variable};
use super::resource;
use crate::charm::Package;
use crate::error::Error;
use crate::model::{self, Model};
use crate::refusals;
use clap::Args;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct Deploy {
    /// The charm: a .charm file or a directory.
    charm: PathBuf,
    /// The application's name; by default the charm's.
    application: Option<String>,
    /// The number of units.
    #[arg(short, long, default_value_t = 1)]
    num_units: u32,
    /// An option's value, or a YAML file of them; can be repeated.
    #[arg(long, value_name = "KEY=VALUE|FILE")]
    config: Vec<String>,
    /// A resource's file, or an image's path in a registry; can be repeated.
    #[arg(long, value_name = "NAME=FILE|IMAGE")]
    resource: Vec<String>,
    /// How much storage of a name; can be repeated.
    #[arg(long, value_name = "NAME=POOL,COUNT,SIZE")]
    storage: Vec<String>,
    /// A variable for its hooks, by default with the value that it has here; can be repeated.
    #[arg(long, value_name = "NAME[=VALUE]")]
    env: Vec<String>,
}

impl Deploy {
    pub(super) fn run(&self, model: &mut Model) -> Result<Printed, Error> {
        let package = Package::open(&self.charm, &model.settings().version())?;
        let name = &package.charm.metadata.name;
        let application = self.application.as_ref().unwrap_or(name).clone();
        let mut how = model::Deploy {
            units: self.num_units,
            ..model::Deploy::default()
        };
        for setting in &self.config {
            if setting.contains('=') {
                how.config.push(config::setting(setting)?);
            } else {
                how.config_file = Some(read(Path::new(setting))?);
            }
        }
        for argument in &self.resource {
            how.resources.push(resource::resource(argument)?);
        }
        for argument in &self.storage {
            let (name, wish) = argument
                .split_once('=')
                .ok_or_else(|| Error::Refused(refusals::storage_argument_without_wish(argument)))?;
            how.storage.push((name.to_owned(), wish.to_owned()));
        }
        for argument in &self.env {
            how.environment.extend([variable(argument)?]);
        }
        model.deploy_package(package, &application, how)?;
        Ok(Printed::default())
    }
}
