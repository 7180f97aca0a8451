//! The commands and their help.

use super::{
    act, advance, change, config, deploy, exec, history, log, model_config, models, operations,
    remote, resource, secret, show, status, storage, version,
};
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

juju-sandbox run --help says more about a command.";

/// A Juju model on this machine, without a controller: deploys charms and really runs their
/// hooks.
#[derive(Debug, Parser)]
#[command(name = "juju-sandbox", version, after_help = EXAMPLES)]
pub(super) struct Cli {
    /// The folder in which models are kept; by default `$JUJU_SANDBOX_STATE`, or else .juju-sandbox.
    #[arg(long, global = true, value_name = "DIR")]
    pub(super) state: Option<PathBuf>,
    /// The model to act on, also as controller:user/model; by default `$JUJU_MODEL`, or else the
    /// current one.
    #[arg(short, long, global = true, value_name = "MODEL")]
    pub(super) model: Option<String>,
    #[command(flatten)]
    _talk: Talk,
    #[command(subcommand)]
    pub(super) command: Command,
}

/// Juju's options for all commands that say how much to print about connections and logs of which
/// there are none here.
#[derive(Debug, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "options of Juju's")]
struct Talk {
    #[arg(long, global = true, hide = true)]
    debug: bool,
    #[arg(long, global = true, hide = true)]
    show_log: bool,
    #[arg(short, long, global = true, hide = true)]
    quiet: bool,
    #[arg(short, long, global = true, hide = true)]
    verbose: bool,
    #[arg(short = 'B', long, global = true, hide = true)]
    no_browser_login: bool,
    #[arg(long, global = true, hide = true)]
    logging_config: Option<String>,
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
    GrantSecret(secret::Access),
    /// Revoke grants of a user secret.
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
    /// A command of Juju's that is not here, or one that does not exist.
    #[command(external_subcommand)]
    Unsupported(Vec<String>),
}
