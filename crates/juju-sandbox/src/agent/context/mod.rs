//! What one hook sees, and what it has pending.

mod action;
mod commit;
mod pending;
mod ports;
mod reading;
mod relation;
mod resource;
mod secret;
mod storage;
mod view;

pub(crate) use action::ActionRun;
pub(crate) use pending::Grant;
pub(crate) use secret::SecretInfo;
pub(crate) use view::Context;
