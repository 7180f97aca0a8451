//! The `external_provider` interface, both halves of it.
//!
//! The *provider* (this charm) publishes identity providers; the *requirer*
//! (Charmed Kratos) registers them and answers with their redirect URIs. Both
//! write one key, [`KEY`], in the databag of their application.
//!
//! * [`databag`]: the form on the wire, of both sides.
//! * [`redirect_uri`]: the provider half: which answer is whose.
//! * [`requirer`]: the requirer half, for charms that stand in Kratos' place.

pub mod databag;
pub mod redirect_uri;
pub mod requirer;

/// The name under which `metadata.yaml` of both charms knows the interface.
pub const INTERFACE: &str = "external_provider";

/// The endpoint's name, in this charm and in Charmed Kratos.
pub const ENDPOINT: &str = "kratos-external-idp";

/// The one key of either side's databag.
pub const KEY: &str = "providers";
