//! The requirer half: what Charmed Kratos does, for charms that do the same. It behaves like
//! `ExternalIdpRequirer` of the Python library.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use juju_hook::{
    Context, Event, HookTools, RelationId, RelationPhase, Secret, SecretUri, ToolError,
};

use crate::answer::{self, Registered};
use crate::interface::KEY;
use crate::provider::Provider;
use crate::received::read_offer;
use crate::unreadable::UnreadableError;

/// What the provider on one relation offers.
#[derive(Debug, PartialEq, Eq)]
pub enum Offer {
    /// Nothing yet, or no longer anything.
    Withdrawn,
    /// These providers.
    Providers(Vec<Provider>),
    /// Something that cannot be read. The Python library raises an exception, which puts its charm
    /// into error. We do not, since the fault is on the other side.
    Unreadable(UnreadableError),
}

/// Why an offer cannot be read: the provider's fault, or Juju's.
enum OfferError {
    Unreadable(UnreadableError),
    Tool(ToolError),
}

impl From<UnreadableError> for OfferError {
    fn from(error: UnreadableError) -> Self {
        Self::Unreadable(error)
    }
}

/// What a hook means for the providers of one relation.
#[derive(Debug, PartialEq, Eq)]
pub enum Change {
    /// These are the providers now (`client_config_changed` of the Python library).
    Changed(RelationId, Vec<Provider>),
    /// There are no providers any more (`client_config_removed`).
    Removed(RelationId),
}

/// The requirer side of one endpoint, during one hook.
#[derive(Debug)]
pub struct Requirer<'a> {
    tools: &'a HookTools,
    context: &'a Context,
    endpoint: &'a str,
    /// Read once, and only if there is something to write.
    leader: OnceCell<bool>,
}

impl<'a> Requirer<'a> {
    /// The requirer on `endpoint` of this charm, [`crate::ENDPOINT`] in Charmed
    /// Kratos.
    #[must_use]
    pub fn new(tools: &'a HookTools, context: &'a Context, endpoint: &'a str) -> Self {
        Self {
            tools,
            context,
            endpoint,
            leader: OnceCell::new(),
        }
    }

    /// The relations of the endpoint, without the one that is breaking.
    ///
    /// # Errors
    ///
    /// If a hook tool fails.
    pub fn relations(&self) -> Result<Vec<RelationId>, ToolError> {
        self.tools.living_relations(self.context, self.endpoint)
    }

    /// What the provider on `relation` offers now, with the newest content of its secrets. Juju runs
    /// secret-changed when that changes.
    ///
    /// # Errors
    ///
    /// If a hook tool fails.
    pub fn offer(&self, relation: &RelationId) -> Result<Offer, ToolError> {
        let provider = self.tools.relation_app(relation)?;
        let databag = self.tools.relation_get(relation, &provider)?;
        let Some(value) = databag.get(KEY).filter(|value| !value.is_empty()) else {
            return Ok(Offer::Withdrawn);
        };
        let resolve = |uri: &SecretUri| {
            let content = self.tools.secret_get(uri).map_err(OfferError::Tool)?;
            content.map_err(|trouble| OfferError::Unreadable(UnreadableError::Secret(trouble)))
        };
        match read_offer(value.expose(), resolve) {
            Ok(providers) if providers.is_empty() => Ok(Offer::Withdrawn),
            Ok(providers) => Ok(Offer::Providers(providers)),
            Err(OfferError::Unreadable(error)) => Ok(Offer::Unreadable(error)),
            Err(OfferError::Tool(error)) => Err(error),
        }
    }

    /// What the current hook means for the providers on its relation: the two events of the Python
    /// library. `None` for every other hook, and if the offer cannot be read. Charms that reconcile
    /// the whole state do not need this.
    ///
    /// # Errors
    ///
    /// If a hook tool fails.
    pub fn change(&self) -> Result<Option<Change>, ToolError> {
        let (Event::Relation { endpoint, phase }, Some(relation)) =
            (&self.context.event, &self.context.relation)
        else {
            return Ok(None);
        };
        if endpoint != self.endpoint {
            return Ok(None);
        }
        let relation = &relation.id;
        Ok(match phase {
            RelationPhase::Broken => Some(Change::Removed(relation.clone())),
            RelationPhase::Changed => match self.offer(relation)? {
                Offer::Providers(providers) => Some(Change::Changed(relation.clone(), providers)),
                Offer::Withdrawn => Some(Change::Removed(relation.clone())),
                Offer::Unreadable(_) => None,
            },
            RelationPhase::Created | RelationPhase::Joined | RelationPhase::Departed => None,
        })
    }

    /// Answers on `relation` with the registered providers and their redirect URIs
    /// (`update_registered_provider`). Writes only what changes, and only on the leader.
    ///
    /// # Errors
    ///
    /// If a hook tool fails.
    pub fn publish(
        &self,
        relation: &RelationId,
        registered: &[Registered],
    ) -> Result<(), ToolError> {
        self.write(relation, &answer::answer(registered))
    }

    /// Withdraws the answer on `relation` (`remove_registered_provider`), under the same conditions
    /// as [`Self::publish`].
    ///
    /// # Errors
    ///
    /// If a hook tool fails.
    pub fn withdraw(&self, relation: &RelationId) -> Result<(), ToolError> {
        self.write(relation, "")
    }

    /// An empty value deletes the key. Also announces that this requirer reads secrets: see
    /// [`answer::SECRET_BACKENDS`].
    fn write(&self, relation: &RelationId, value: &str) -> Result<(), ToolError> {
        if !self.is_leader()? {
            return Ok(());
        }
        let ours = self
            .tools
            .relation_get(relation, self.context.application())?;
        let mut changes = BTreeMap::from([
            (KEY, value),
            (answer::SECRET_BACKENDS, answer::BOTH_BACKENDS),
        ]);
        changes.retain(|key, value| ours.get(key).map_or("", Secret::expose) != *value);
        if changes.is_empty() {
            return Ok(());
        }
        self.tools.relation_set(relation, &changes)
    }

    fn is_leader(&self) -> Result<bool, ToolError> {
        if let Some(&leader) = self.leader.get() {
            return Ok(leader);
        }
        let leader = self.tools.is_leader()?;
        Ok(*self.leader.get_or_init(|| leader))
    }
}
