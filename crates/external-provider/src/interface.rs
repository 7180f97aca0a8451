//! The names of the interface.

/// The name of the interface in `metadata.yaml` of both charms.
pub const INTERFACE: &str = "external_provider";

/// The endpoint's name, in the charm that provides and in Charmed Kratos.
pub const ENDPOINT: &str = "kratos-external-idp";

/// The key that both sides write in their databags.
pub const KEY: &str = "providers";
