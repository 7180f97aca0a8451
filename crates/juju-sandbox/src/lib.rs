//! An embedded Juju model.

mod charm;
pub mod cli;
mod clock;
mod context;
mod error;
mod event;
mod fault;
mod go;
mod hook;
mod log;
mod model;
mod names;
mod resolver;
mod run;
mod status;
mod tools;
mod version;
#[path = "client/wire.rs"]
mod wire;

pub use charm::CharmError;
pub use clock::Timestamp;
pub use error::{Error, chain};
pub use fault::{Fault, FaultKind};
pub use log::{Level, LogRecord, UnknownLevel};
pub use model::{ApplicationView, Deploy, Model, PortView, RelationView, Settings, UnitView};
pub use run::{ActionOutcome, ActionStatus, HookRun, ToolCall};
pub use status::Status as UnitStatus;
pub use tools::is_hook_tool;
