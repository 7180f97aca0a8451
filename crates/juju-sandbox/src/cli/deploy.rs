//! `deploy` and `refresh`: a charm becomes an application, or an application's new charm. Source:
//! `cmd/juju/application`, `deploy.go` and `refresh.go`.

use super::config;
use super::inert::HEADING;
use super::printed::{Printed, read, variable};
use super::resource;
use crate::charm::Package;
use crate::error::Error;
use crate::model::{self, Model};
use crate::refusals;
use clap::Args;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox deploy ./my-charm web -n 2 --config port=8080
  juju-sandbox deploy ./my-charm_amd64.charm --trust
  juju-sandbox deploy ./my-charm --config options.yaml")]
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
    /// Trust the application, which has no effect but to be shown.
    #[arg(long)]
    trust: bool,
    /// A resource's file, or an image's path in a registry; can be repeated.
    #[arg(long, value_name = "NAME=FILE|IMAGE")]
    resource: Vec<String>,
    /// How much storage of a name; can be repeated.
    #[arg(long, value_name = "NAME=POOL,COUNT,SIZE")]
    storage: Vec<String>,
    /// Storage that no unit has, for its only unit; can be repeated.
    #[arg(long, value_name = "STORAGE", value_delimiter = ',')]
    attach_storage: Vec<String>,
    /// A variable for its hooks, by default with the value that it has here; can be repeated.
    #[arg(long, value_name = "NAME[=VALUE]")]
    env: Vec<String>,
    #[command(flatten)]
    _inert: DeployInert,
}

#[derive(Debug, Args)]
struct DeployInert {
    #[arg(long, help_heading = HEADING)]
    base: Option<String>,
    #[arg(long, help_heading = HEADING)]
    bind: Option<String>,
    #[arg(long, help_heading = HEADING)]
    channel: Option<String>,
    #[arg(long, help_heading = HEADING)]
    constraints: Vec<String>,
    #[arg(long, help_heading = HEADING)]
    force: bool,
    #[arg(long, help_heading = HEADING)]
    overlay: Vec<String>,
    #[arg(long, help_heading = HEADING)]
    revision: Option<u32>,
    #[arg(long, help_heading = HEADING)]
    series: Option<String>,
    #[arg(long, help_heading = HEADING)]
    to: Option<String>,
}

impl Deploy {
    pub(super) fn run(&self, model: &mut Model) -> Result<Printed, Error> {
        let package = Package::open(local(&self.charm)?, &model.settings().version())?;
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
        how.resources = resource::resources(&self.resource)?;
        for argument in &self.storage {
            let (name, wish) = argument
                .split_once('=')
                .ok_or_else(|| Error::Refused(refusals::storage_argument_without_wish(argument)))?;
            how.storage.push((name.to_owned(), wish.to_owned()));
        }
        how.attach_storage.clone_from(&self.attach_storage);
        for argument in &self.env {
            how.environment.extend([variable(argument)?]);
        }
        let warning = if package.skips_hooks {
            format!("WARNING charm {name:?} has neither dispatch nor hooks: nothing of it runs\n")
        } else {
            String::new()
        };
        model.deploy_package(package, &application, how)?;
        model.trust(&application, self.trust)?;
        Ok(Printed {
            stderr: warning,
            ..Printed::default()
        })
    }
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox refresh web --path ./my-charm
  juju-sandbox refresh web --path ./my-charm_amd64.charm --config port=80 --force-units")]
pub(super) struct Refresh {
    /// The application.
    application: String,
    /// The new charm: a .charm file or a directory; one of another name is taken, too.
    #[arg(long, visible_alias = "switch", value_name = "CHARM")]
    path: Option<PathBuf>,
    /// An option's value in the new charm, or a YAML file of them; can be repeated.
    #[arg(long, value_name = "KEY=VALUE|FILE")]
    config: Vec<String>,
    /// Refresh units that are in error, too; their failed hooks then count as done.
    #[arg(long)]
    force_units: bool,
    /// Trust the application, which has no effect but to be shown.
    #[arg(long)]
    trust: bool,
    /// A resource's file, or an image's path in a registry; can be repeated.
    #[arg(long, value_name = "NAME=FILE|IMAGE")]
    resource: Vec<String>,
    #[command(flatten)]
    _inert: RefreshInert,
}

#[derive(Debug, Args)]
struct RefreshInert {
    #[arg(long, help_heading = HEADING)]
    base: Option<String>,
    #[arg(long, help_heading = HEADING)]
    bind: Option<String>,
    #[arg(long, help_heading = HEADING)]
    channel: Option<String>,
    #[arg(long, help_heading = HEADING)]
    force: bool,
    #[arg(long, alias = "force-series", help_heading = HEADING)]
    force_base: bool,
    #[arg(long, help_heading = HEADING)]
    revision: Option<u32>,
    #[arg(long, help_heading = HEADING)]
    storage: Vec<String>,
}

impl Refresh {
    pub(super) fn run(&self, model: &mut Model) -> Result<Printed, Error> {
        self.apply(model)?;
        let mut printed = Printed::default();
        for unit in model.outdated_units(&self.application)? {
            let warning = [
                &format!("WARNING {unit} is in error, and keeps its charm until it is resolved: "),
                &format!("juju-sandbox resolved {unit}, or refresh with --force-units\n"),
            ];
            printed.stderr.extend(warning.map(String::as_str));
        }
        Ok(printed)
    }

    fn apply(&self, model: &mut Model) -> Result<(), Error> {
        let path = self
            .path
            .as_deref()
            .ok_or_else(|| Error::Refused(refusals::refresh_without_path(&self.application)))?;
        let resources = resource::resources(&self.resource)?;
        model.refresh_with(&self.application, local(path)?, &resources)?;
        let mut settings = Vec::new();
        for setting in &self.config {
            if setting.contains('=') {
                settings.push(config::setting(setting)?);
            } else {
                model.config_file(&self.application, &read(Path::new(setting))?)?;
            }
        }
        let settings: Vec<(&str, &str)> = settings
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        model.configure(&self.application, &settings)?;
        if self.trust {
            model.trust(&self.application, true)?;
        }
        if self.force_units {
            model.refresh_failed_units(&self.application)?;
        }
        Ok(())
    }
}

/// Refuses what only Charmhub would have: a name rather than a path.
fn local(charm: &Path) -> Result<&Path, Error> {
    let text = charm.to_string_lossy();
    let named = text.split_once(':').map_or(&*text, |(_, name)| name);
    if charm.exists() || (named.len() == text.len() && text.contains('/')) {
        return Ok(charm);
    }
    Err(Error::Refused(refusals::no_charmhub(text)))
}
