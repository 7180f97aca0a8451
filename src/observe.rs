//! Asks Juju everything that a decision needs, once.

use crate::config::Options;
use crate::context::Context;
use crate::external_provider::ENDPOINT;
use crate::hooktools::{Databag, HookTools, RelationId, ToolError};

/// The world as one hook sees it.
#[derive(Clone)]
pub struct Observed {
    /// The application that this unit belongs to.
    pub application: String,
    /// The configuration.
    pub options: Options,
    /// The relations with requirers, in Juju's order.
    pub relations: Vec<Relation>,
}

/// One relation with one requirer.
#[derive(Debug, Clone)]
pub struct Relation {
    /// Its id.
    pub id: RelationId,
    /// The requirer, normally `kratos`.
    pub requirer: String,
    /// What we have published; `None` on units that do not lead, since Juju lets
    /// only the leader read it.
    pub ours: Option<Databag>,
    /// What the requirer has answered.
    pub theirs: Databag,
}

impl Observed {
    /// Asks Juju. Costs two calls, one more if anything is integrated, and two or
    /// three for each relation.
    ///
    /// # Errors
    ///
    /// If a hook tool fails.
    pub fn read(tools: &HookTools, context: &Context) -> Result<Self, ToolError> {
        let options = tools.config_get()?;
        let mut ids = tools.relation_ids(ENDPOINT)?;
        ids.retain(|id| context.breaking() != Some(id));
        // Who leads matters only where there is something to write.
        let leads = !ids.is_empty() && tools.is_leader()?;
        let application = context.application();
        let relations = ids
            .into_iter()
            .map(|id| {
                let requirer = match context.remote_app(&id) {
                    Some(requirer) => requirer.to_owned(),
                    None => tools.relation_app(&id)?,
                };
                let theirs = tools.relation_get(&id, &requirer)?;
                let ours = leads
                    .then(|| tools.relation_get(&id, application))
                    .transpose()?;
                Ok(Relation {
                    id,
                    requirer,
                    ours,
                    theirs,
                })
            })
            .collect::<Result<_, ToolError>>()?;
        Ok(Self {
            application: application.to_owned(),
            options,
            relations,
        })
    }
}
