//! The model: what a person or a test does to it, and how its hooks are run.

mod action;
mod config;
mod deploy;
mod handle;
mod listener;
mod provision;
mod refresh;
mod relation;
mod relation_view;
mod resource;
mod secret;
mod settings;
mod storage;
mod time;
mod unit;
mod view;
mod work;

pub(crate) use action::{Command, EXEC_WAIT, Job};
pub use deploy::Deploy;
pub use handle::Model;
pub use listener::Starting;
pub use relation_view::RelationView;
pub use resource::{ResourceView, UploadView};
pub use secret::SecretView;
pub use storage::StorageView;
pub use view::{ApplicationView, PortView, UnitView};
