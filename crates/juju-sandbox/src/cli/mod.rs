//! The command line, modelled on `juju`. Each command opens the model in the state folder, acts on
//! it, runs hooks until it is idle, and saves it.

mod act;
mod advance;
mod config;
mod deploy;
mod log;
mod printed;
mod resource;
mod secret;
mod show;
mod status;
mod storage;
mod table;

use crate::error::{Error, chain};
use crate::model::Model;
use crate::refusals;
use crate::state::Settings;
use clap::{Parser, Subcommand};
use printed::{Printed, key_value, read, variable};
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// A Juju model on this machine, without a controller: deploys charm directories and really runs
/// their hooks.
#[derive(Debug, Parser)]
#[command(name = "juju-sandbox", version)]
struct Cli {
    /// The folder in which the model is kept.
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        default_value = ".juju-sandbox"
    )]
    state: PathBuf,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Create an empty model; otherwise the first deploy creates one.
    AddModel {
        /// The model's name.
        name: String,
        /// The version of Juju to imitate.
        #[arg(long, value_name = "VERSION")]
        juju_version: Option<String>,
        /// The model's UUID.
        #[arg(long)]
        uuid: Option<String>,
        /// A variable for all hooks, by default with the value that it has here; can be repeated.
        #[arg(long, value_name = "NAME[=VALUE]")]
        env: Vec<String>,
    },
    /// Remove the model and everything in it; no hooks run.
    DestroyModel,
    /// Deploy a charm: a .charm file or a directory.
    Deploy(deploy::Deploy),
    /// Deploy an application without charm code, whose databags are written by hand.
    StandIn {
        /// The path of a metadata.yaml.
        metadata: PathBuf,
        /// The application's name.
        application: String,
    },
    /// Replace an application's charm.
    Refresh {
        /// The application.
        application: String,
        /// The new charm: a .charm file or a directory.
        #[arg(long, value_name = "CHARM")]
        path: PathBuf,
    },
    /// Show or set an application's options.
    Config(config::Config),
    /// Relate two applications.
    #[command(alias = "relate")]
    Integrate {
        /// One application, or application:endpoint.
        one: String,
        /// The other application, or application:endpoint.
        other: String,
    },
    /// Remove a relation, given as two applications or as its id.
    RemoveRelation {
        /// An application, an application:endpoint, or a relation's id.
        one: String,
        /// The other application, unless an id was given.
        other: Option<String>,
    },
    /// Add units to an application.
    AddUnit {
        /// The application.
        application: String,
        /// The number of units.
        #[arg(short, long, default_value_t = 1)]
        num_units: u32,
    },
    /// Remove units.
    RemoveUnit {
        /// The units.
        #[arg(required = true)]
        units: Vec<String>,
    },
    /// Remove applications with their units and relations.
    RemoveApplication {
        /// The applications.
        #[arg(required = true)]
        applications: Vec<String>,
    },
    /// Run an action on a unit and show its results.
    Run(act::Run),
    /// Resolve units in error: run their failed hooks again.
    #[command(alias = "resolve")]
    Resolved {
        /// The units.
        units: Vec<String>,
        /// All units in error.
        #[arg(long, conflicts_with = "units")]
        all: bool,
        /// Treat the failed hook as done instead of running it again.
        #[arg(long)]
        no_retry: bool,
    },
    /// Run the update-status hook of units; of all units if none is named.
    UpdateStatus {
        /// The units.
        units: Vec<String>,
    },
    /// Let time pass: owners of secrets are told to rotate them, and that they have expired.
    Advance(advance::Advance),
    /// Make a unit its application's leader.
    SetLeader {
        /// The unit.
        unit: String,
    },
    /// Write to the databag of an application or a unit, as if it had done so itself.
    WriteDatabag {
        /// The relation's id.
        relation: u32,
        /// The application or unit.
        owner: String,
        /// Keys and values; an empty value removes the key.
        #[arg(required = true, value_name = "KEY=VALUE")]
        pairs: Vec<String>,
    },
    /// Give a resource of an application its content.
    AttachResource(resource::AttachResource),
    /// List the resources of an application.
    #[command(alias = "list-resources")]
    Resources(resource::Resources),
    /// List the storage of all units.
    #[command(alias = "list-storage")]
    Storage(storage::Storage),
    /// Add a user secret and print its URI.
    AddSecret(secret::AddSecret),
    /// Give a user secret new content, or another name or description.
    UpdateSecret(secret::UpdateSecret),
    /// Let applications read a user secret.
    GrantSecret(secret::Access),
    /// Revoke grants of a user secret.
    RevokeSecret(secret::Access),
    /// Remove a user secret, or one of its revisions.
    RemoveSecret(secret::RemoveSecret),
    /// List all secrets.
    #[command(alias = "list-secrets")]
    Secrets(secret::Secrets),
    /// Show a secret; with --reveal, also its content.
    ShowSecret(secret::ShowSecret),
    /// Show the model.
    Status(status::Status),
    /// Show a unit and the data of its relations.
    ShowUnit(show::ShowUnit),
    /// Show the log.
    DebugLog(log::DebugLog),
}

/// Runs the command line; `args` begins with the program's name.
#[must_use]
pub fn main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let printed = match Cli::try_parse_from(args) {
        Ok(cli) => run(&cli).unwrap_or_else(|error| Printed {
            stderr: format!("ERROR {}\n", chain(&error)),
            code: 1,
            ..Printed::default()
        }),
        Err(error) => {
            let text = error.render().to_string();
            let code = u8::from(error.use_stderr()) * 2;
            if error.use_stderr() {
                Printed {
                    stderr: text,
                    code,
                    ..Printed::default()
                }
            } else {
                Printed::out(text)
            }
        }
    };
    // First what happens, then the result, as Juju does. A reader that has seen enough closes its
    // end; that is not our failure.
    let _ = io::stderr().write_all(printed.stderr.as_bytes());
    let _ = io::stdout().write_all(printed.stdout.as_bytes());
    ExitCode::from(printed.code)
}

fn run(cli: &Cli) -> Result<Printed, Error> {
    if let Command::AddModel {
        name,
        juju_version,
        uuid,
        env,
    } = &cli.command
    {
        let default = Settings::default();
        let settings = Settings {
            name: name.clone(),
            juju_version: juju_version.clone().unwrap_or(default.juju_version),
            uuid: uuid.clone().unwrap_or(default.uuid),
            environment: env
                .iter()
                .map(|text| variable(text))
                .collect::<Result<_, _>>()?,
            ..Settings::default()
        };
        Model::create(&cli.state, settings)?.save()?;
        return Ok(Printed::default());
    }
    let creates = matches!(cli.command, Command::Deploy(_) | Command::StandIn { .. });
    let mut model = if creates && !Model::is_in(&cli.state) {
        Model::create(&cli.state, Settings::default())?
    } else {
        Model::open(&cli.state)?
    };
    // The binary is also every hook tool, so it works wherever it is installed.
    if let Ok(program) = std::env::current_exe() {
        model.use_client(&program);
    }
    match &cli.command {
        Command::DestroyModel => model.destroy().map(|()| Printed::default()),
        Command::Status(arguments) => Ok(arguments.run(&model)),
        Command::ShowUnit(arguments) => arguments.run(&model),
        Command::DebugLog(arguments) => Ok(arguments.run(&model)),
        Command::Secrets(arguments) => Ok(arguments.run(&model)),
        Command::Resources(arguments) => arguments.run(&model),
        Command::Storage(arguments) => Ok(arguments.run(&model)),
        Command::ShowSecret(arguments) => arguments.run(&model),
        Command::Config(arguments) if !arguments.changes() => arguments.show(&model),
        command => {
            let acted = act(&mut model, command);
            let settled = acted.and_then(|printed| model.settle().map(|()| printed));
            // What hooks did stays done, whatever happened afterwards.
            model.save()?;
            let mut printed = settled?;
            let failed_now = |unit: &str| {
                let mut hooks = model.runs().iter().filter(|run| !run.action);
                hooks.any(|run| run.unit == unit && !run.committed)
            };
            for (unit, message) in failed_units(&model) {
                if failed_now(&unit) {
                    let warning = ["WARNING ", &unit, ": ", &message, " (see debug-log)\n"];
                    printed.stderr.extend(warning);
                }
            }
            Ok(printed)
        }
    }
}

/// A command that may change the model.
fn act(model: &mut Model, command: &Command) -> Result<Printed, Error> {
    match command {
        Command::Deploy(arguments) => return arguments.run(model),
        Command::Config(arguments) => arguments.apply(model)?,
        Command::Run(arguments) => return arguments.run(model),
        Command::Advance(arguments) => arguments.apply(model)?,
        Command::AttachResource(arguments) => arguments.apply(model)?,
        Command::AddSecret(arguments) => return arguments.run(model),
        Command::UpdateSecret(arguments) => arguments.apply(model)?,
        Command::GrantSecret(arguments) => arguments.grant(model)?,
        Command::RevokeSecret(arguments) => arguments.revoke(model)?,
        Command::RemoveSecret(arguments) => arguments.apply(model)?,
        Command::StandIn {
            metadata,
            application,
        } => {
            model.deploy_stand_in(application, &read(metadata)?)?;
        }
        Command::Refresh { application, path } => model.refresh(application, path)?,
        Command::Integrate { one, other } => drop(model.integrate(one, other)?),
        Command::RemoveRelation {
            one,
            other: Some(other),
        } => model.remove_relation(one, other)?,
        Command::RemoveRelation { one, other: None } => {
            let id = one
                .parse()
                .map_err(|_| Error::Refused(refusals::two_applications()))?;
            model.remove_relation_id(id)?;
        }
        Command::AddUnit {
            application,
            num_units,
        } => model.add_units(application, *num_units)?,
        Command::RemoveUnit { units } => {
            units.iter().try_for_each(|unit| model.remove_unit(unit))?;
        }
        Command::RemoveApplication { applications } => {
            applications
                .iter()
                .try_for_each(|application| model.remove_application(application))?;
        }
        Command::Resolved {
            units,
            all,
            no_retry,
        } => {
            let failed = failed_units(model)
                .into_iter()
                .map(|(unit, _)| unit)
                .collect();
            let units: Vec<String> = if *all { failed } else { units.clone() };
            units
                .iter()
                .try_for_each(|unit| model.resolved(unit, !no_retry))?;
        }
        Command::UpdateStatus { units } => {
            let all = model
                .applications()
                .flat_map(|application| application.units());
            let all = all.map(|unit| unit.name()).collect();
            let units: Vec<String> = if units.is_empty() { all } else { units.clone() };
            units
                .iter()
                .try_for_each(|unit| model.update_status(unit))?;
        }
        Command::SetLeader { unit } => model.set_leader(unit)?,
        Command::WriteDatabag {
            relation,
            owner,
            pairs,
        } => {
            let pairs = pairs
                .iter()
                .map(|pair| key_value(pair))
                .collect::<Result<Vec<_>, _>>()?;
            if owner.contains('/') {
                model.write_unit_databag(*relation, owner, &pairs)?;
            } else {
                model.write_app_databag(*relation, owner, &pairs)?;
            }
        }
        // `run` has already handled these.
        Command::AddModel { .. }
        | Command::DestroyModel
        | Command::Status(_)
        | Command::ShowUnit(_)
        | Command::DebugLog(_)
        | Command::Resources(_)
        | Command::Secrets(_)
        | Command::ShowSecret(_)
        | Command::Storage(_) => {}
    }
    Ok(Printed::default())
}

fn failed_units(model: &Model) -> Vec<(String, String)> {
    model
        .applications()
        .flat_map(|application| application.units())
        .filter(|unit| unit.failed_hook().is_some())
        .map(|unit| (unit.name(), unit.workload().1.to_owned()))
        .collect()
}
