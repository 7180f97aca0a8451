//! The end of a hook. Source: `doFlush` in `context/context.go`, and
//! `commitHookChangesForOneUnit` in `apiserver/facades/agent/uniter/uniter.go`.

use super::{ActionRun, Context, Pending};
use crate::fault::CommitStep;
use crate::go::quote;
use crate::model::state::Pairs;

/// The most that a charm's whole state may have, in bytes (`max-charm-state-size`).
const STATE_LIMIT: usize = 2_097_152;

impl Context<'_> {
    /// Puts what is pending into the model: secrets first, then all of the rest or, if something
    /// is refused, nothing. A fault may stop it among the secrets.
    pub(crate) fn commit(&mut self, stops: Option<CommitStep>) -> Result<(), String> {
        self.commit_secrets(stops)?;
        let Pending {
            unit,
            application,
            charm_state,
            ports,
            secrets: _,
        } = std::mem::take(&mut self.pending);
        if application.values().any(|changes| !changes.is_empty())
            && !self.state.is_leader(&self.unit)
        {
            return Err(format!("prerequisites failed: {}", self.not_leader()));
        }
        if charm_state
            .as_ref()
            .is_some_and(|charm_state| size(charm_state) > STATE_LIMIT)
        {
            return Err(format!("max allowed size ({STATE_LIMIT}) exceeded"));
        }

        let own = self.application().to_owned();
        for (id, changes) in application {
            if let Some(relation) = self.state.relations.get_mut(&id) {
                relation
                    .application_bags
                    .entry(own.clone())
                    .or_default()
                    .write(changes.iter().map(texts));
            }
        }
        for (id, changes) in unit {
            if let Some(relation) = self.state.relations.get_mut(&id) {
                relation
                    .unit_bags
                    .entry(self.unit.clone())
                    .or_default()
                    .write(changes.iter().map(texts));
            }
        }
        if let Some(unit) = self.state.unit_mut(&self.unit) {
            if charm_state.is_some() {
                unit.charm_state = charm_state;
            }
            if let Some(ports) = ports {
                unit.ports = ports;
            }
        }
        Ok(())
    }

    /// What the controller says to who leads no more (`core/leadership/interface.go`).
    pub(super) fn not_leader(&self) -> String {
        let (unit, application) = (quote(&self.unit), quote(self.application()));
        format!("{unit} is not leader of {application}")
    }

    /// Ends the context; what is still pending is discarded. An action's results remain.
    pub(crate) fn finish(self) -> Option<ActionRun> {
        self.action
    }
}

fn texts<'a>((key, value): (&'a String, &'a String)) -> (&'a str, &'a str) {
    (key, value)
}

fn size(charm_state: &Pairs) -> usize {
    charm_state
        .iter()
        .map(|(key, value)| key.len() + value.len())
        .sum()
}
