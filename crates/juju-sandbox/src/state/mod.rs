//! What a model is: the controller's side, and each unit agent's own memory. Nothing here starts a
//! process or reads a file.

mod alarms;
mod application;
mod attachment;
mod beside;
mod life;
mod lifecycle;
mod memory;
mod operation;
mod progress;
mod readers;
mod relation;
mod resource;
mod root;
mod running;
mod secret;
mod secrets;
mod settings;
mod storage;
mod tasks;
mod unit;

pub(crate) use application::Application;
pub(crate) use attachment::StorageStep;
pub(crate) use life::Life;
pub(crate) use memory::{Memory, RelationMemory, Stage, Work};
pub(crate) use operation::{Operation, Task};
pub(crate) use relation::{Databag, Relation, Side};
pub(crate) use resource::Resource;
pub(crate) use root::State;
pub(crate) use running::Running;
pub(crate) use secret::{Reading, Secret, SecretChange};
pub use secret::{SecretOwner, SecretScope};
pub use settings::Settings;
pub(crate) use settings::check_variables;
pub(crate) use storage::{Fate, Storage};
pub(crate) use unit::{Port, Unit};
