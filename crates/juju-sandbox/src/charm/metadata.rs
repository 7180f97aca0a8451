//! `metadata.yaml`. Source of the rules: `juju/charm`, `meta.go`.

use super::assumes;
use super::error::CharmError;
use super::resource::{RawResource, ResourceMeta};
use super::storage::{RawStorage, StorageMeta};
use crate::names;
use crate::refusals;
use crate::version::Version;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Which side of a relation an endpoint is (`charm.RelationRole`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Role {
    Provider,
    Requirer,
    Peer,
}

/// Which units see each other in a relation (`charm.RelationScope`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Scope {
    #[default]
    Global,
    Container,
}

/// An endpoint that a charm declares.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Endpoint {
    pub(crate) name: String,
    pub(crate) role: Role,
    pub(crate) interface: String,
    /// The maximum number of its relations; `None` means any number.
    pub(crate) limit: Option<usize>,
    pub(crate) scope: Scope,
}

impl Endpoint {
    /// The endpoint that every charm provides (`Application.Endpoints` in `state/application.go`).
    fn implicit() -> Self {
        Self {
            name: IMPLICIT.to_owned(),
            role: Role::Provider,
            interface: IMPLICIT.to_owned(),
            limit: None,
            scope: Scope::Global,
        }
    }

    /// `Relation.IsImplicit` of `juju/charm`.
    pub(crate) fn is_implicit(&self) -> bool {
        self.name == IMPLICIT && self.interface == IMPLICIT && self.role == Role::Provider
    }
}

/// The name and the interface of the endpoint that every charm provides.
const IMPLICIT: &str = "juju-info";

/// The parts of `metadata.yaml` that matter to a model without machines.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Metadata {
    pub(crate) name: String,
    /// Whether its units live beside those of another application.
    #[serde(default)]
    pub(crate) subordinate: bool,
    /// By name, which is unique across all roles.
    pub(crate) endpoints: BTreeMap<String, Endpoint>,
    /// Names that `network-get` accepts besides the endpoints.
    pub(crate) extra_bindings: Vec<String>,
    #[serde(default)]
    pub(crate) resources: BTreeMap<String, ResourceMeta>,
    #[serde(default)]
    pub(crate) storage: BTreeMap<String, StorageMeta>,
}

/// The file as it is written; as in Juju, other keys are ignored.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Raw {
    name: String,
    #[serde(default)]
    summary: Option<String>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    provides: Option<BTreeMap<String, RawEndpoint>>,
    #[serde(default)]
    requires: Option<BTreeMap<String, RawEndpoint>>,
    #[serde(default)]
    peers: Option<BTreeMap<String, RawEndpoint>>,
    #[serde(default)]
    extra_bindings: Option<BTreeMap<String, serde_yaml::Value>>,
    #[serde(default)]
    subordinate: bool,
    #[serde(default)]
    storage: Option<BTreeMap<String, RawStorage>>,
    #[serde(default)]
    resources: Option<BTreeMap<String, Option<RawResource>>>,
    #[serde(default)]
    charm_user: Option<String>,
    #[serde(default)]
    assumes: Option<Vec<serde_yaml::Value>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum RawEndpoint {
    Interface(String),
    Full {
        interface: String,
        #[serde(default)]
        limit: Option<usize>,
        #[serde(default)]
        scope: Scope,
    },
}

impl Metadata {
    /// The declared endpoints, and the implicit one.
    pub(crate) fn all_endpoints(&self) -> impl Iterator<Item = Endpoint> {
        let declared = self.endpoints.values().cloned();
        declared.chain([Endpoint::implicit()])
    }

    /// One of [`all_endpoints`](Self::all_endpoints).
    pub(crate) fn endpoint(&self, name: &str) -> Option<Endpoint> {
        self.all_endpoints().find(|endpoint| endpoint.name == name)
    }

    /// Reads the text of a `metadata.yaml` (`charm.ReadMeta`); if a Juju version is given, it must
    /// meet what the charm assumes.
    pub(crate) fn parse(text: &str, juju: Option<&Version>) -> Result<Self, CharmError> {
        let invalid = |reason: String| CharmError::Invalid(refusals::metadata(reason));
        let raw: Raw = serde_yaml::from_str(text).map_err(|error| invalid(error.to_string()))?;
        if !names::is_application(&raw.name) {
            return Err(invalid(refusals::invalid_charm_name(&raw.name)));
        }
        for (field, value) in [("summary", &raw.summary), ("description", &raw.description)] {
            if value.is_none() {
                return Err(invalid(refusals::field_missing(field)));
            }
        }
        if let Some(user) = raw
            .charm_user
            .as_deref()
            .filter(|user| !["root", "sudoer", "non-root"].contains(user))
        {
            return Err(invalid(refusals::invalid_charm_user(user)));
        }
        if let (Some(juju), Some(assumes)) = (juju, &raw.assumes) {
            let missing = assumes::missing(assumes, juju);
            if !missing.is_empty() {
                let lines = missing.join("\n  - ");
                return Err(CharmError::Invalid(refusals::unmet_assumptions(lines)));
            }
        }
        let storage = raw.storage.unwrap_or_default().into_iter();
        let storage = storage
            .map(|(name, storage)| {
                let meta = storage.check(&raw.name, &name)?;
                Ok((name, meta))
            })
            .collect::<Result<_, CharmError>>()?;
        let endpoints = endpoints(
            &raw.name,
            raw.subordinate,
            [
                (Role::Provider, raw.provides),
                (Role::Requirer, raw.requires),
                (Role::Peer, raw.peers),
            ],
        )?;
        let beside = |endpoint: &Endpoint| {
            endpoint.role == Role::Requirer && endpoint.scope == Scope::Container
        };
        if raw.subordinate && !endpoints.values().any(beside) {
            return Err(CharmError::Invalid(refusals::subordinate_without_scope(
                &raw.name,
            )));
        }
        let resources = raw.resources.unwrap_or_default().into_iter();
        let resources = resources
            .map(|(name, resource)| {
                let meta = resource.unwrap_or_default().check(&name)?;
                Ok((name, meta))
            })
            .collect::<Result<_, String>>()
            .map_err(CharmError::Invalid)?;
        let extra_bindings = raw.extra_bindings.unwrap_or_default().into_keys().collect();
        Ok(Self {
            name: raw.name,
            subordinate: raw.subordinate,
            endpoints,
            extra_bindings,
            resources,
            storage,
        })
    }
}

/// Reads and checks the endpoints of a charm (`checkRelations` in `Meta.Check`).
fn endpoints(
    charm: &str,
    subordinate: bool,
    declared: [(Role, Option<BTreeMap<String, RawEndpoint>>); 3],
) -> Result<BTreeMap<String, Endpoint>, CharmError> {
    let invalid = |reason: String| CharmError::Invalid(refusals::metadata(reason));
    let mut endpoints = BTreeMap::new();
    for (role, declared) in declared {
        for (name, declaration) in declared.unwrap_or_default() {
            let (interface, limit, scope) = match declaration {
                RawEndpoint::Interface(interface) => (interface, None, Scope::Global),
                RawEndpoint::Full {
                    interface,
                    limit,
                    scope,
                } => (interface, limit, scope),
            };
            if !names::is_endpoint(&name) {
                return Err(invalid(refusals::invalid_endpoint(name)));
            }
            let reserved = |name: &str| name == "juju" || name.starts_with("juju-");
            // A subordinate may say so plainly when it asks for juju-info.
            let is_free = subordinate && role == Role::Requirer && scope == Scope::Container;
            if !is_free && reserved(&name) && !charm.starts_with("juju-") {
                return Err(CharmError::Invalid(refusals::reserved_endpoint(
                    charm, name,
                )));
            }
            if role != Role::Requirer && reserved(&interface) && !charm.starts_with("juju-") {
                return Err(CharmError::Invalid(refusals::reserved_interface(
                    charm, name, &interface,
                )));
            }
            if endpoints.contains_key(&name) {
                return Err(CharmError::Invalid(refusals::duplicated_endpoint(
                    charm, name,
                )));
            }
            let endpoint = Endpoint {
                name: name.clone(),
                role,
                interface,
                limit,
                scope,
            };
            endpoints.insert(name, endpoint);
        }
    }
    Ok(endpoints)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endpoints() {
        let text = "name: a\nsummary: s\ndescription: d\ntype: charm\nprovides:\n  x: {interface: i, limit: 1}\nrequires:\n  y: j\npeers:\n  z: {interface: k}\nassumes: [juju]\n";
        let metadata = Metadata::parse(text, None).unwrap();
        let seen: Vec<_> = metadata
            .endpoints
            .values()
            .map(|e| (e.name.as_str(), e.role, e.interface.as_str(), e.limit))
            .collect();
        assert_eq!(
            seen,
            [
                ("x", Role::Provider, "i", Some(1)),
                ("y", Role::Requirer, "j", None),
                ("z", Role::Peer, "k", None)
            ]
        );
    }

    #[test]
    fn refusals() {
        let head = "summary: s\ndescription: d\n";
        for (text, reason) in [
            ("name: A\n", "metadata: invalid charm name \"A\""),
            (
                "name: a\nsubordinate: true\n",
                "subordinate charm \"a\" lacks \"requires\" relation with container scope",
            ),
            (
                "name: a\nprovides: {x: i}\nrequires: {x: i}\n",
                "charm \"a\" using a duplicated relation name: \"x\"",
            ),
            (
                "name: a\nprovides: {juju-x: i}\n",
                "charm \"a\" using a reserved relation name: \"juju-x\"",
            ),
            (
                "name: a\ncharm-user: me\n",
                "metadata: invalid charm-user \"me\" expected one of root, sudoer or non-root",
            ),
        ] {
            assert_eq!(
                Metadata::parse(&format!("{text}{head}"), None)
                    .unwrap_err()
                    .to_string(),
                reason
            );
        }
    }
}
