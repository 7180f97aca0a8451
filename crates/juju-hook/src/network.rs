//! `network-get`.

use serde::Deserialize;

use crate::relation::RelationId;
use crate::tools::{HookTools, ToolError};

/// What this unit's network looks like from an endpoint. Juju leaves out what is empty
/// (`resultToDisplay` in Juju's `jujuc/network-get.go`).
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Network {
    /// Where a server listens.
    pub bind_addresses: Vec<Interface>,
    /// Where the other side sees this unit's connections come from.
    pub egress_subnets: Vec<String>,
    /// Where the other side reaches this unit; the best first.
    pub ingress_addresses: Vec<String>,
}

/// One network interface.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Interface {
    /// Its hardware address; may be empty.
    pub mac_address: String,
    /// Its name, such as `eth0`; may be empty.
    pub interface_name: String,
    /// Its addresses.
    pub addresses: Vec<Address>,
}

/// One address.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Address {
    /// Its name; may be empty.
    pub hostname: String,
    /// The address itself.
    pub value: String,
    /// The subnet that it is in; may be empty.
    pub cidr: String,
}

impl Network {
    /// The first address to listen on, as `network-get --bind-address` has it.
    #[must_use]
    pub fn bind_address(&self) -> Option<&str> {
        let mut addresses = self.bind_addresses.iter().flat_map(|at| &at.addresses);
        addresses.next().map(|address| address.value.as_str())
    }

    /// The first address to be reached at, as `network-get --ingress-address` has it.
    #[must_use]
    pub fn ingress_address(&self) -> Option<&str> {
        self.ingress_addresses.first().map(String::as_str)
    }
}

impl HookTools {
    /// This unit's network as seen from an endpoint or extra binding, or from one relation of
    /// that endpoint (`network-get`).
    ///
    /// # Errors
    ///
    /// If there is no such binding, or the relation does not exist.
    pub fn network_get(
        &self,
        binding: &str,
        relation: Option<&RelationId>,
    ) -> Result<Network, ToolError> {
        let mut args = vec![binding];
        args.extend(relation.into_iter().flat_map(|id| ["-r", id.as_str()]));
        self.read("network-get", &args)
    }
}
