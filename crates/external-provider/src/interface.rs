//! The names of the interface.

/// The name under which `metadata.yaml` of both charms knows the interface.
pub const INTERFACE: &str = "external_provider";

/// The endpoint's name, in the charm that provides and in Charmed Kratos.
pub const ENDPOINT: &str = "kratos-external-idp";

/// The one key of either side's databag.
pub const KEY: &str = "providers";
