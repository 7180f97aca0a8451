//! `goal-state`.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::context::Context;
use crate::tools::{HookTools, ToolError};

/// Which units and relations there are to be once everything that was asked of Juju is done.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct GoalState {
    /// This application's units.
    pub units: BTreeMap<String, Goal>,
    /// By endpoint, the applications and units on the other side.
    pub relations: BTreeMap<String, BTreeMap<String, Goal>>,
}

/// How far a unit or an application is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Goal {
    /// A unit's workload status, or for an application that of the relation, such as `joined`.
    pub status: String,
    /// Since when, as Juju writes it: `2026-01-01 00:00:29Z`.
    #[serde(default)]
    pub since: Option<String>,
}

impl HookTools {
    /// What is to be (`goal-state`).
    ///
    /// # Errors
    ///
    /// If the tool fails.
    pub fn goal_state(&self) -> Result<GoalState, ToolError> {
        self.read("goal-state", &[])
    }

    /// Whether this unit is to stay, as [`Self::goal_state`] has it. Where Juju does not say, it
    /// is not.
    ///
    /// A unit that is being removed has a relation-broken hook for relations that live on between
    /// those who stay: it is no judge of what nobody needs any more. Source:
    /// `relationsResolver.NextOp` in Juju's `internal/worker/uniter/relation/resolver.go`; the
    /// status `dying` is that of `goalStateUnits` in its uniter API.
    #[must_use]
    pub fn unit_stays(&self, context: &Context) -> bool {
        let goal = self.goal_state().unwrap_or_default();
        let unit = goal.units.get(&context.unit);
        unit.is_some_and(|unit| unit.status != "dying")
    }
}
