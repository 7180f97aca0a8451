//! How a secret is named, and what it holds. Source: `core/secrets` of Juju.

mod content;
mod options;
pub(crate) mod refusal;
mod uri;

pub(crate) use content::Content;
pub(crate) use options::{Rotation, expiry};
pub(crate) use uri::{SecretUri, new_id};
