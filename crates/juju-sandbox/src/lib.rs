//! An embedded Juju model, which really runs any charm directory, hook by hook, without a
//! controller.
//!
//! A charm is a `.charm` file or a directory, with a `metadata.yaml` (or a `charmcraft.yaml` that
//! says the same) and an executable `dispatch` (or `hooks/…`), in any language. The sandbox plays
//! both the controller and each unit's agent: it works out which hook comes next, runs the charm's
//! own program with the environment that Juju would give it and real hook tools on its `PATH`, and
//! commits what the hook wrote if it exits 0.
//!
//! ```no_run
//! use juju_sandbox::{Deploy, Model};
//! use std::path::Path;
//!
//! # fn main() -> Result<(), juju_sandbox::Error> {
//! let mut model = Model::new()?;
//! model.deploy(Path::new("my-charm"), "web", Deploy::default())?;
//! // The other side of a relation can be played by hand.
//! model.deploy_stand_in("db", "{name: db, summary: s, description: d, provides: {db: postgresql}}")?;
//! let relation = model.integrate("web", "db")?;
//! model.write_app_databag(relation, "db", &[("endpoints", "10.0.0.7:5432")])?;
//! model.settle()?;
//!
//! assert_eq!(model.unit("web/0")?.workload(), ("active", ""));
//! assert_eq!(model.unit_databag(relation, "web/0")?.get("database").map(String::as_str), Some("web"));
//! for run in model.runs() {
//!     println!("{} {}: {:?}", run.unit, run.hook, run.tools());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # What it imitates
//!
//! Juju 2.9 to 4.x, depending on [`Settings::juju_version`]; it knows 3.6 best. Rules and texts
//! come from Juju's source, and the items that contain them name the place. Its tests hold it to
//! recordings of Juju 3.6 and 4.0.
//!
//! * The order of hooks, from `install` to `remove`: each unit remembers what it has been told, and
//!   comparing that with the model gives its next hook.
//! * Hook tools with Juju's options, output formats, error texts and exit codes: `config-get`, the
//!   `relation-*`, `status-*`, `action-*`, `state-*`, `secret-*` and `leader-*` tools, `is-leader`,
//!   `juju-log`, `application-version-set`, `goal-state`, `network-get`, `resource-get`, and the
//!   `storage-*` and `*-port*` tools.
//! * Secrets of users, applications and units: revisions, which of them each unit tracks, labels,
//!   grants that end with their relation, rotation and expiry, and the hooks for all of this.
//! * Transactions: writes to databags, secrets, charm state and ports take effect only if the hook
//!   exits 0; statuses, versions, log lines and tracked revisions of secrets take effect at once. A
//!   failed hook leaves its unit in error.
//! * `juju exec`, and the numbers, results and timings of actions' tasks and operations.
//! * Subordinates beside their principals, container scope, and the implicit endpoint `juju-info`.
//! * Resources: files, and paths of images. Storage of type `filesystem`.
//! * Leadership, configuration types, relation limits, action schemas, databags as they were
//!   announced, `update-status` and refresh.
//!
//! # What it does not imitate
//!
//! * Nothing happens on its own: there are no timers, retries or lost agents.
//!   [`Model::update_status`], [`Model::resolved`] and [`Model::advance`] ask for what Juju would
//!   do after a while, so that the same steps always run the same hooks.
//!   [The clock](Timestamp) is the model's own, too.
//! * A charm directory counts as packed. It does not need the `manifest.yaml` that packing adds, and
//!   without which Juju would not run actions of a charm with `assumes`.
//! * There are no cross-model relations. Charms with workload containers are deployed, but without
//!   Pebble, and even if a resource that is an image is missing.
//! * Storage is a folder of the model, wherever the charm wants it to be mounted, and of any size.
//!   It is attached before `install`, as on machines. What is of the pools `loop`, `rootfs` (the
//!   default) and `tmpfs` goes with its unit; the rest stays, and can be attached to another one.
//!   Storage of type `block` is refused, unless the charm can do without it.
//! * The model's state is the only secret backend, and secrets of other models are not found.
//! * Owners of secrets track revisions as other readers do, which is how Juju 3.6 does it, even if
//!   the model imitates an older version.
//! * A hook that is interrupted together with the sandbox is not retried on its own, either: it runs
//!   again with the next command that runs hooks, or with the next [`Model::step`] after
//!   [`Model::open`], and the log says so.
//! * As in Juju, what a hook prints and what it says with `juju-log` reach the log by different
//!   ways, and may be logged in another order than they were written.
//! * A hook runs on this machine as the user who runs the sandbox, and can do whatever that user
//!   can. The sandbox does not contain code that you do not trust.
//!
//! # How it is kept
//!
//! A model in a folder of somebody's choice ([`Model::create`], [`Model::open`]) is saved before each
//! hook and after it, and when a hook sets a status or a version; the log is written record by
//! record. Each time the state is replaced in one step, so whoever reads it finds a whole one, and
//! whoever is killed leaves one. Only one at a time can have such a model open, because its folder is
//! locked; the command line waits for its turn, and does not have to if it only looks. A model in a
//! temporary folder ([`Model::new`]) is saved by [`Model::save`], and not locked: nobody else knows
//! of it.
//!
//! # How it is built
//!
//! `state` is what the controller and the unit agents know, `agent` is what an agent does with it,
//! and `model` and, above it, `cli` are what a person does. None of them uses one above it, and no
//! two files use each other. Only `folder.rs` knows where a model's files are, and only `models.rs`
//! where models are. This is what happens on `juju-sandbox config web port=80`:
//!
//! 1. `cli/config.rs` reads the line and calls [`Model::configure`], which is in `model/config.rs`.
//! 2. `charm/config.rs` reads the value by the option's type, and `state/application.rs` keeps it.
//! 3. [`Model::settle`], in `model/work.rs`, takes the units in turn until nothing is left to do.
//!    Before each hook and after it, `folder.rs` saves the state, with what runs now in it
//!    (`state/running.rs`); `log_file.rs` writes the log meanwhile.
//! 4. `agent/resolver.rs` compares a unit's memory with the state: `config-changed` is next.
//! 5. `agent/context` is that hook's view of the state, and collects what the hook writes.
//! 6. `agent/hook` starts the charm's program, with links to the hook tools on its `PATH`.
//! 7. A link runs `client`, which carries its call through a socket to the table in `agent/tools`.
//! 8. On exit code 0, `agent/context/commit.rs` writes what is pending to the state, and
//!    `state/progress.rs` remembers what the unit was told; otherwise, it puts the unit in error.

mod agent;
mod charm;
pub mod cli;
mod clock;
mod error;
mod event;
mod example;
mod folder;
mod go;
mod lock;
mod log;
mod log_file;
mod model;
mod models;
mod names;
mod refusals;
mod run;
mod secret;
mod state;
mod status;
mod surroundings;
mod version;
#[path = "client/wire.rs"]
mod wire;

pub use agent::fault::{CommitStep, Fault, FaultKind};
pub use agent::tools::is_hook_tool;
pub use charm::CharmError;
pub use clock::Timestamp;
pub use error::{Error, chain};
pub use example::built_example;
pub use log::{Level, LogRecord, UnknownLevel};
pub use model::{
    ApplicationView, Deploy, Model, PortView, RelationView, ResourceView, SecretView, Starting,
    StorageView, UnitView, UploadView,
};
pub use run::{ActionOutcome, ActionStatus, HookRun, ToolCall};
pub use state::{SecretOwner, SecretScope, Settings};
pub use status::Status as UnitStatus;
