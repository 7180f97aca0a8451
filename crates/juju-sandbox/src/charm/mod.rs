//! A charm as Juju reads it: packed or not, with its `metadata.yaml`, `config.yaml` and
//! `actions.yaml`.

mod actions;
mod archive;
mod assumes;
mod config;
mod contents;
mod error;
mod metadata;
mod package;
mod program;
mod resource;
mod schema;
mod storage;
mod unified;

pub(crate) use contents::Charm;
pub use error::CharmError;
pub(crate) use metadata::{Endpoint, Role, Scope};
pub(crate) use package::Package;
pub(crate) use resource::{ResourceKind, ResourceMeta};
pub(crate) use storage::{StorageMeta, StorageWish};
