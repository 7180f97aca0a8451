//! What Kratos takes from a mapper's result.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What Kratos takes from a mapper's result: `setTraits`, `setMetadata` and
/// `extractVerifiedAddresses` of its `strategy_registration.go`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Identity {
    /// `identity.traits`, before Kratos holds them against its identity schema.
    pub traits: Map<String, Value>,
    /// `identity.metadata_public`.
    pub metadata_public: Option<Map<String, Value>>,
    /// `identity.metadata_admin`.
    pub metadata_admin: Option<Map<String, Value>>,
    /// `identity.verified_addresses`.
    pub verified_addresses: Vec<VerifiedAddress>,
    /// Whether the mapper asked for `std.extVar('provider')`. No release of Kratos
    /// that was read sets it, only copies of it do: `newIdentityFromClaims` sets
    /// only `claims`.
    pub asked_for_provider: bool,
}

/// An address that needs no verification by Kratos.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct VerifiedAddress {
    /// The address.
    pub value: String,
    /// What kind of address: `email` or `sms`.
    pub via: String,
}
