//! The commands and their help.

use super::{
    act, advance, change, completion, config, deploy, exec, history, juju2, log, model_config,
    models, operations, remote, resource, secret, show, status, storage, terminal, version,
};
use crate::refusals;
use clap::{Parser, Subcommand};
use std::path::PathBuf;

/// What `--help` says at the end.
const EXAMPLES: &str = "\
Examples:
  juju-sandbox deploy ./my-charm web -n 2 --config port=8080
  juju-sandbox status --format json
  juju-sandbox run web/leader get-password user=admin
  juju-sandbox exec --unit web/0 -- config-get port
  juju-sandbox add-model other --juju-version 4.0.14
  juju-sandbox status -m other

juju-sandbox help COMMAND says more about a command, with examples.";

/// A Juju model on this machine, without a controller: deploys charms and really runs their
/// hooks.
#[derive(Debug, Parser)]
// Of an option that is given twice, the last one counts (gnuflag).
#[command(name = "juju-sandbox", version, after_help = EXAMPLES, args_override_self = true)]
pub(super) struct Cli {
    /// The folder in which models are kept; by default `$JUJU_SANDBOX_STATE`, or else .juju-sandbox.
    #[arg(long, global = true, value_name = "DIR")]
    pub(super) state: Option<PathBuf>,
    /// The model to act on, also as controller:user/model; by default `$JUJU_MODEL`, or else the
    /// current one.
    #[arg(short, long, global = true, value_name = "MODEL")]
    pub(super) model: Option<String>,
    #[command(flatten)]
    pub(super) talk: Talk,
    #[command(subcommand)]
    pub(super) command: Command,
}

/// Juju's options for all commands that say how much to print.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "options of Juju's")]
pub(super) struct Talk {
    /// Print only results, warnings and errors.
    #[arg(short, long, global = true)]
    pub(super) quiet: bool,
    /// Say which hooks run, as at a terminal.
    #[arg(short, long, global = true)]
    verbose: bool,
    #[arg(long, global = true, hide = true)]
    debug: bool,
    #[arg(long, global = true, hide = true)]
    show_log: bool,
    #[arg(short = 'B', long, global = true, hide = true)]
    no_browser_login: bool,
    #[arg(long, global = true, hide = true)]
    logging_config: Option<String>,
}

impl Talk {
    /// What is wrong with the options (`Log.Start` of juju/cmd).
    pub(super) fn check(&self) -> Result<(), String> {
        if self.quiet && self.verbose {
            return Err(refusals::quiet_and_verbose());
        }
        Ok(())
    }

    /// Whether to say which hooks run.
    pub(super) fn tells(&self) -> bool {
        !self.quiet && (self.verbose || self.debug || terminal::is_watched())
    }
}

impl Command {
    /// Its name, if Juju has not had it since 3.0.
    pub(super) fn of_juju_2(&self) -> Option<&'static str> {
        match self {
            Self::RunAction(_) => Some("run-action"),
            Self::ShowActionOutput(_) => Some("show-action-output"),
            Self::ShowActionStatus(_) => Some("show-action-status"),
            _ => None,
        }
    }
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Create an empty model; otherwise the first deploy creates one.
    AddModel(models::AddModel),
    /// Remove a model and everything in it; no hooks run.
    DestroyModel(models::DestroyModel),
    /// List the models in the state folder.
    #[command(visible_alias = "list-models")]
    Models(models::List),
    /// Make another model the current one, or show which one is.
    Switch(models::Switch),
    /// Show models.
    ShowModel(models::ShowModel),
    /// Show or set a model's settings; those of proxies reach hooks, and agent-version is fixed.
    ModelConfig(model_config::ModelConfig),
    /// Show the model's constraints, which have no effect.
    ModelConstraints(model_config::Constraints),
    /// Set the model's constraints, which have no effect.
    SetModelConstraints(model_config::SetConstraints),
    /// Deploy a charm: a .charm file or a directory.
    Deploy(deploy::Deploy),
    /// Deploy an application without charm code, whose databags are written by hand.
    #[command(after_help = "Examples:
  juju-sandbox stand-in ./postgresql/metadata.yaml db")]
    StandIn {
        /// The path of a metadata.yaml.
        metadata: PathBuf,
        /// The application's name.
        application: String,
    },
    /// Replace an application's charm.
    #[command(visible_alias = "upgrade-charm")]
    Refresh(deploy::Refresh),
    /// Show or set an application's options.
    Config(config::Config),
    /// Trust an application, or no longer, which has no effect but to be shown.
    Trust(change::Trust),
    /// Expose an application, which has no effect but to be shown.
    Expose(change::Expose),
    /// Expose an application no longer.
    Unexpose(change::Unexpose),
    /// Relate two applications.
    #[command(visible_alias = "relate", alias = "add-relation")]
    Integrate(change::Integrate),
    /// Remove a relation, given as two applications or as its id.
    RemoveRelation(change::RemoveRelation),
    /// Add units to an application.
    AddUnit(change::AddUnit),
    /// Remove units, given by name, or as an application with --num-units.
    RemoveUnit(change::RemoveUnit),
    /// Remove applications with their units and relations.
    RemoveApplication(change::RemoveApplication),
    /// Run an action on units and show its results.
    Run(act::Run),
    /// Run an action on units, in a model that imitates Juju 2.9.
    #[command(hide = true)]
    RunAction(juju2::RunAction),
    /// Show an action's results, in a model that imitates Juju 2.9.
    #[command(hide = true)]
    ShowActionOutput(juju2::ShowActionOutput),
    /// List what has been run, in a model that imitates Juju 2.9.
    #[command(hide = true)]
    ShowActionStatus(juju2::ShowActionStatus),
    /// Run a shell command in the context of units' hooks.
    Exec(exec::Exec),
    /// List an application's actions.
    #[command(visible_alias = "list-actions")]
    Actions(operations::Actions),
    /// List what has been run.
    #[command(visible_alias = "list-operations")]
    Operations(operations::Operations),
    /// Show an operation and its tasks.
    ShowOperation(operations::ShowOperation),
    /// Show a task's results.
    ShowTask(operations::ShowTask),
    /// Run a shell command in a unit's charm directory, without hook tools.
    Ssh(remote::Ssh),
    /// Copy files to and from units' charm directories.
    Scp(remote::Scp),
    /// Resolve units in error: run their failed hooks again.
    #[command(visible_alias = "resolve")]
    Resolved(change::Resolved),
    /// Run the update-status hook of units; of all units if none is named.
    #[command(after_help = "Examples:
  juju-sandbox update-status
  juju-sandbox update-status web/0")]
    UpdateStatus {
        /// The units.
        units: Vec<String>,
    },
    /// Let time pass: owners of secrets are told to rotate them, and that they have expired.
    Advance(advance::Advance),
    /// Make a unit its application's leader.
    #[command(after_help = "Examples:
  juju-sandbox set-leader web/1")]
    SetLeader {
        /// The unit.
        unit: String,
    },
    /// Write to the databag of an application or a unit, as if it had done so itself.
    #[command(after_help = "Examples:
  juju-sandbox write-databag 0 db endpoints=10.0.0.7:5432 username=web
  juju-sandbox write-databag 0 db/0 ready=")]
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
    #[command(visible_alias = "list-resources")]
    Resources(resource::Resources),
    /// List storage.
    #[command(visible_alias = "list-storage")]
    Storage(storage::Storage),
    /// Show storage.
    ShowStorage(storage::ShowStorage),
    /// Give a unit more storage.
    AddStorage(storage::AddStorage),
    /// Give a unit storage that no unit has.
    AttachStorage(storage::AttachStorage),
    /// Take storage away from its unit; it stays in the model.
    DetachStorage(storage::DetachStorage),
    /// Remove storage.
    RemoveStorage(storage::RemoveStorage),
    /// Add a user secret and print its URI.
    AddSecret(secret::AddSecret),
    /// Give a user secret new content, or another name or description.
    UpdateSecret(secret::UpdateSecret),
    /// Let applications read a user secret.
    #[command(after_help = "Examples:
  juju-sandbox grant-secret login web,db")]
    GrantSecret(secret::Access),
    /// Revoke grants of a user secret.
    #[command(after_help = "Examples:
  juju-sandbox revoke-secret login web")]
    RevokeSecret(secret::Access),
    /// Remove a user secret, or one of its revisions.
    RemoveSecret(secret::RemoveSecret),
    /// List all secrets.
    #[command(visible_alias = "list-secrets")]
    Secrets(secret::Secrets),
    /// Show a secret; with --reveal, also its content.
    ShowSecret(secret::ShowSecret),
    /// Show the model.
    Status(status::Status),
    /// Show applications.
    ShowApplication(show::ShowApplication),
    /// Show units and the data of their relations.
    ShowUnit(show::ShowUnit),
    /// Show the statuses that a unit had.
    ShowStatusLog(history::ShowStatusLog),
    /// Show the log.
    DebugLog(log::DebugLog),
    /// Show the version of Juju that the current model imitates.
    Version(version::Version),
    /// Print a script that lets a shell complete commands and options.
    Completion(completion::Completion),
    /// A command of Juju's that is not here, or one that does not exist.
    #[command(external_subcommand)]
    Unsupported(Vec<String>),
}
