//! An embedded Juju model: runs any charm directory for real, hook by hook, where there is no
//! controller.
//!
//! A charm is a directory with a `metadata.yaml` and an executable `dispatch` (or `hooks/…`), in
//! whatever language. The sandbox plays both the controller and each unit's agent for it: it works
//! out which hook comes next, runs the charm's own program with the environment that Juju gives it
//! and real hook tools on its `PATH`, and commits what the hook wrote if it exits 0.
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
//! Juju 2.9 to 4.x, as [`Settings::juju_version`] says; 3.6 is what it knows best. Rules and texts
//! come from Juju's source, and the items that hold them name the place.
//!
//! * The order of hooks, from `install` to `remove`: each unit remembers what it has been told, and
//!   its next hook follows from comparing that with the model.
//! * Hook tools with Juju's options, output formats, error texts and exit codes: `config-get`, the
//!   `relation-*`, `status-*`, `action-*`, `state-*`, `secret-*` and `leader-*` tools, `is-leader`,
//!   `juju-log`, `application-version-set`, `goal-state`, `network-get`, and the `*-port*` tools.
//! * Secrets of users, applications and units: revisions, the one that each unit tracks, labels,
//!   grants that end with their relation, `secret-changed` and `secret-remove`.
//! * Transactions: writes to databags, secrets, charm state and ports wait for the hook's exit
//!   code 0; statuses, versions, log lines and which revision of a secret a unit tracks do not. A
//!   failed hook leaves its unit in error.
//! * Leadership, configuration types, relation limits, action schemas, databags as they were
//!   announced, `update-status`, refresh.
//!
//! # What it does not
//!
//! * Nothing happens by itself: no timers, no retries, no lost agents. [`Model::update_status`] and
//!   [`Model::resolved`] ask for what Juju would do after a while, so that the same acts always run
//!   the same hooks. [The clock](Timestamp) is the model's own, too.
//! * No cross-model relations. Subordinate charms, storage and container-scoped endpoints are
//!   refused at deploy; workload containers and resources are declared in vain: the charm is
//!   deployed, and neither Pebble nor `resource-get` is there.
//! * A secret's rotation policy and expiry are kept and shown, but `secret-rotate` and
//!   `secret-expired` never run. There is one secret backend, the model's state; another model's
//!   secrets are not found.
//! * Owners of secrets track revisions as other readers do: Juju 3.6's way, for older ones too.
//! * A folder is for one process at a time: nothing locks it.
//! * As in Juju, what a hook prints and what it says with `juju-log` reach the log by two ways, and
//!   need not stand there in the order in which they were written.
//! * A hook runs on this machine as the user who runs the sandbox, and can do whatever that user
//!   can: it is not a prison for code that you do not trust.
//!
//! # How it is built
//!
//! `state` is what the controller and the unit agents know; `agent` is what an agent does with it;
//! `model` and, above it, `cli` are what a person does. Nothing uses what is above it. This is what
//! happens on `juju-sandbox config web port=80`:
//!
//! 1. `cli/config.rs` reads the line and calls [`Model::configure`], which is in `model/config.rs`.
//! 2. `charm/config.rs` reads the value by the option's type, and `state/application.rs` keeps it.
//! 3. [`Model::settle`], in `model/work.rs`, takes the units in turn until nothing is left to do.
//! 4. `agent/resolver.rs` compares a unit's memory with the state: `config-changed` is next.
//! 5. `agent/context` is that hook's view of the state, and holds what the hook writes.
//! 6. `agent/hook` starts the charm's program, with links to the hook tools on its `PATH`.
//! 7. A link runs `client`, which carries its call through a socket to the table in `agent/tools`.
//! 8. On exit code 0 `agent/context/commit.rs` writes what is pending into the state, and
//!    `state/progress.rs` remembers what the unit has been told; otherwise it puts it in error.

mod agent;
mod charm;
pub mod cli;
mod clock;
mod error;
mod event;
mod folder;
mod go;
mod log;
mod model;
mod names;
mod refusals;
mod run;
mod secret;
mod state;
mod status;
mod version;
#[path = "client/wire.rs"]
mod wire;

pub use agent::fault::{CommitStep, Fault, FaultKind};
pub use agent::tools::is_hook_tool;
pub use charm::CharmError;
pub use clock::Timestamp;
pub use error::{Error, chain};
pub use log::{Level, LogRecord, UnknownLevel};
pub use model::{ApplicationView, Deploy, Model, PortView, RelationView, SecretView, UnitView};
pub use run::{ActionOutcome, ActionStatus, HookRun, ToolCall};
pub use state::{SecretOwner, SecretScope, Settings};
pub use status::Status as UnitStatus;
