//! The options about applications, as they are set.

use std::collections::{BTreeMap, BTreeSet};

use juju_hook::Secret;

use crate::finding::Finding;

/// The options that say where the provider's endpoints are.
pub const ENDPOINTS: [&str; 5] = [
    "authorization_endpoint",
    "token_endpoint",
    "userinfo_endpoint",
    "introspection_endpoint",
    "jwks_endpoint",
];

/// What the options about applications say, before it is checked.
#[derive(Debug, Default)]
pub struct Options {
    /// The values of [`ENDPOINTS`], of those that are set.
    pub endpoints: BTreeMap<&'static str, String>,
    /// The claim that has the groups of a user.
    pub groups_claim: Option<String>,
    /// Whether access tokens are JWTs.
    pub jwt_access_token: bool,
    /// Certificates in PEM. A private key may be among them by mistake.
    pub ca_chain: Option<Secret>,
    /// The client ids of providers that the list switches off, and that no other item of it has.
    pub switched_off: BTreeSet<String>,
    /// Findings about values that cannot be used.
    pub refused: Vec<Finding>,
}
