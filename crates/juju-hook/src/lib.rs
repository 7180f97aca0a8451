//! Juju's hook tools and events, for any charm in Rust.
//!
//! * [`Context`]: why Juju started this process, and its [`Event`]. The only reader of the
//!   environment.
//! * [`HookTools`]: one method for each hook tool, named after it. The only place that starts
//!   Juju's processes.
//! * [`Secret`]: a text that no log line can show, and whose memory is wiped.
//! * [`json`]: JSON that a YAML reader takes for the same value, as hook tools do.
//!
//! Two kinds of trouble have two types. A [`Refusal`] is what Juju says to what a charm or its
//! administrator may do something about; a [`ToolError`] is a failure, after which a hook ends
//! with an error, so that Juju runs it again.

mod action;
mod config;
mod context;
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
pub use self::ports::{NoPort, Port, Protocol};
pub use self::refusal::{Denial, Refusal};
pub use self::relation::{Databag, RelationId};
pub use self::rotation::{Expiry, Rotation};
pub use self::secret::Secret;
pub use self::secret_uri::{NoSecretUri, SecretUri};
pub use self::secret_write::{Grantee, SecretChange};
pub use self::secrets::{
    Reading, SecretAccess, SecretContent, SecretInfo, SecretName, SecretOwner,
};
pub use self::state::State;
pub use self::status::{ApplicationStatus, ShownStatus, Status, StatusLevel};
pub use self::tools::{ARGUMENT_LIMIT, HookTools, ToolError, is_shown_whole, printable};
