//! The model: what a person or a test does to it, and how its hooks are run.

mod action;
mod config;
mod deploy;
mod handle;
mod refresh;
mod relation;
mod secret;
mod settings;
mod unit;
mod view;
mod work;

pub(crate) use action::{Command, EXEC_WAIT, Job};
pub use deploy::Deploy;
pub use handle::Model;
pub use secret::SecretView;
pub use view::{ApplicationView, PortView, RelationView, UnitView};
