//! The relations of an endpoint, in the light of why the hook runs.

use crate::context::Context;
use crate::relation::RelationId;
use crate::tools::{HookTools, ToolError};

impl HookTools {
    /// The relations of `endpoint` that live on after this hook: in relation-broken, Juju may still
    /// name the one that is going (`relation-ids`). In Juju's order.
    ///
    /// # Errors
    ///
    /// If the tool fails.
    pub fn living_relations(
        &self,
        context: &Context,
        endpoint: &str,
    ) -> Result<Vec<RelationId>, ToolError> {
        let mut relations = self.relation_ids(endpoint)?;
        relations.retain(|relation| context.breaking() != Some(relation));
        Ok(relations)
    }
}
