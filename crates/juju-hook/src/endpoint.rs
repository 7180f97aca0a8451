//! The relations of an endpoint, in the light of why the hook runs.

use std::fs::{self, File};

use crate::context::Context;
use crate::event::Event;
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

    /// As [`Self::living_relations`], for an endpoint that most deployments leave unused: where Juju
    /// has said that it is, it is not asked again in each hook.
    ///
    /// The unit notes by an empty file in the charm's folder that there was no relation. Juju tells a
    /// unit of each new one by relation-created, or if its agent was restarted just then, of whoever
    /// is on the other side by relation-joined: so between two hooks of the endpoint, the note stays
    /// right. The charm must call this in each of them. Juju is asked all the same
    ///
    /// * in the hooks of the endpoint itself;
    /// * in install, start, upgrade-charm and leader-elected, so that a note does not last that became
    ///   wrong while another revision of the charm or an administrator (`juju resolved --no-retry`)
    ///   left such a hook out;
    /// * in actions, where a person waits for what is true now;
    /// * where there is no note: it could not be written, Juju does not say where the charm's folder
    ///   is, or that is new, as in each new pod on Kubernetes.
    ///
    /// Source: `createdRelationsResolver` and `loadInitialState` in Juju's
    /// `internal/worker/uniter/relation`; what a charm leaves in its folder outlives its hooks and,
    /// by `manifestDeployer` in `internal/worker/uniter/charm`, its upgrades.
    ///
    /// # Errors
    ///
    /// If the tool fails, or if there are relations, and the note of the contrary cannot be removed.
    /// That is a failure, though the answer of this hook is right: later ones would pass over
    /// the relations without a word.
    pub fn living_relations_if_used(
        &self,
        context: &Context,
        endpoint: &str,
    ) -> Result<Vec<RelationId>, ToolError> {
        let folder = context.place.charm_dir.as_ref();
        let Some(note) = folder.map(|dir| dir.join(format!(".unused-endpoint-{endpoint}"))) else {
            return self.living_relations(context, endpoint);
        };
        let is_noted = note.is_file();
        let is_own =
            matches!(&context.event, Event::Relation { endpoint: own, .. } if own == endpoint);
        if is_noted && !is_own && !doubts_notes(&context.event) {
            return Ok(Vec::new());
        }
        let relations = self.living_relations(context, endpoint)?;
        if is_noted && !relations.is_empty() {
            fs::remove_file(note).map_err(|source| ToolError::Note { source })?;
        } else if !is_noted && relations.is_empty() && !is_own {
            // Where it cannot be written, the next hook asks.
            let _ = File::create_new(note);
        }
        Ok(relations)
    }
}

/// Whether Juju is asked in such a hook whatever is noted.
fn doubts_notes(event: &Event) -> bool {
    matches!(
        event,
        Event::Install
            | Event::Start
            | Event::UpgradeCharm
            | Event::LeaderElected
            | Event::Action(_)
    )
}
