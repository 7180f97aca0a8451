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
pub mod json;
mod leadership;
mod log;
mod memory_file;
mod relation;
mod secret;
mod secrets;
mod status;
mod tools;

pub use self::context::{Context, ContextError, EventRelation, EventSecret, JujuVersion};
pub use self::event::{Event, PebblePhase, RelationPhase, SecretPhase, StoragePhase};
pub use self::log::LogLevel;
pub use self::relation::{Databag, RelationId};
pub use self::secret::Secret;
pub use self::secrets::{NoSecretUri, Refusal, SecretContent, SecretUri};
pub use self::status::{ShownStatus, Status, StatusLevel};
pub use self::tools::{ARGUMENT_LIMIT, HookTools, ToolError, is_shown_whole, printable};
