//! Juju's hook tools and events, for any charm in Rust.
//!
//! A charm is a program that Juju starts for each event. Juju tells it by variables what happened,
//! and puts small programs on its `PATH`, the hook tools, with which it reads and writes the model.
//!
//! * [`Context`]: why Juju started this process, and its [`Event`]. The only reader of the
//!   environment.
//! * [`HookTools`]: one method for each hook tool, named after it. The only place that starts
//!   Juju's processes.
//! * [`Secret`]: a text that no log line can show, and whose memory is wiped.
//! * [`json`]: JSON that a YAML reader takes for the same value, as hook tools do.
//!
//! There is no framework: a charm is a `main` that reads what is, and writes what should be. This
//! is all of one:
//!
//! ```no_run
//! use juju_hook::{Context, HookTools, Status, StatusLevel};
//!
//! fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let context = Context::from_env()?.ok_or("this is a charm: Juju runs it")?;
//!     let message = format!("{:?} on {}", context.event, context.unit);
//!     HookTools::on_path().status_set(&Status { level: StatusLevel::Active, message })?;
//!     Ok(())
//! }
//! ```
//!
//! `examples/login` is a larger one, and its test runs it without a controller.
//!
//! # Trouble
//!
//! Two kinds of trouble have two types. A [`Refusal`] is what Juju says where a secret cannot be
//! read, and an administrator can do something about it: a charm shows it in its status. A
//! [`ToolError`] is a failure: a hook ends with it, so that Juju runs it again. Where a charm knows
//! better, [`ToolError::denial`] tells what Juju denied it.
//!
//! No error holds arguments, input or output of a tool. What may be secret never goes in as an
//! argument, which Juju logs and `ps` shows: databags and state go in by standard input, and the
//! content of secrets by way of a file in memory.
//!
//! # When it counts
//!
//! What a hook writes to databags, state, secrets and ports counts once its process has ended with
//! 0, and is read back before that. Statuses, versions, log lines and which revision of a secret a
//! unit tracks count at once, whatever becomes of the hook (`HookContext.Flush` in Juju's
//! `context/context.go`).
//!
//! # What is left out
//!
//! * `leader-get`, `leader-set`, `unit-get`, `add-metric`, `payload-*`, `k8s-spec-*`,
//!   `k8s-raw-*` and `pod-spec-*`: Juju 4 does not have them, and has others in their place.
//! * `storage-list`, `storage-get` and `storage-add`: the event says what a charm needs of a storage.
//! * `credential-get` and `juju-reboot`: few charms are trusted with the first, and the second ends
//!   the process while it works.
//! * Options that ask for a part of an answer, such as a key of `config-get` or
//!   `network-get --bind-address`: the whole costs as much, and has it.
//! * `--endpoints` of the port tools: ports are open for all endpoints.
//! * `--file` of the secret tools: what is in memory goes in key by key.

mod action;
mod config;
mod context;
mod endpoint;
mod event;
mod goal;
pub mod json;
mod leadership;
mod log;
mod memory_file;
mod network;
mod ports;
mod refusal;
mod relation;
mod resource;
mod rotation;
mod secret;
mod secret_uri;
mod secret_write;
mod secrets;
mod state;
mod status;
mod tools;

pub use self::context::{
    Context, ContextError, EventRelation, EventSecret, EventStorage, EventWorkload, JujuVersion,
    Place, Proxies,
};
pub use self::event::{Event, PebblePhase, RelationPhase, SecretPhase, StoragePhase};
pub use self::goal::{Goal, GoalState};
pub use self::log::LogLevel;
pub use self::network::{Address, Interface, Network};
pub use self::ports::{Port, Protocol};
pub use self::refusal::{Denial, Refusal};
pub use self::relation::{Databag, RelationId};
pub use self::rotation::{Expiry, Rotation};
pub use self::secret::Secret;
pub use self::secret_uri::{NoSecretUri, SecretUri};
pub use self::secret_write::{Grantee, SecretChange};
pub use self::secrets::{Reading, SecretContent, SecretInfo, SecretName, SecretOwner};
pub use self::state::State;
pub use self::status::{ApplicationStatus, ShownStatus, Status, StatusLevel};
pub use self::tools::{ARGUMENT_LIMIT, HookTools, ToolError, is_shown_whole, printable};

/// The README's example compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
