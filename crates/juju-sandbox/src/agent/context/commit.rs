//! The end of a hook. Source: `doFlush` in `context/context.go`, and
//! `commitHookChangesForOneUnit` in `apiserver/facades/agent/uniter/uniter.go`.

use super::action::ActionRun;
use super::pending::{Grant, Pending};
use super::view::Context;
use crate::agent::fault::CommitStep;
use crate::go::{Pairs, through_json};
use crate::refusals;
use crate::secret::{SecretUri, refusal};
use crate::state::{Reading, SecretOwner, SecretScope};
use std::collections::BTreeMap;

/// The maximum size of a charm's whole state, in bytes (`max-charm-state-size`).
const STATE_LIMIT: usize = 2_097_152;

impl Context<'_> {
    /// Writes what is pending to the model: secrets first, then either all of the rest or, if any
    /// of it is refused, nothing. A fault can stop it within the secrets.
    pub(crate) fn commit(&mut self, stop_after: Option<CommitStep>) -> Result<(), String> {
        self.commit_secrets(stop_after)?;
        self.commit_storage()?;
        let Pending {
            unit,
            application,
            charm_state,
            ports,
            secrets: _,
            storage: _,
        } = std::mem::take(&mut self.pending);
        if application.values().any(|changes| !changes.is_empty())
            && !self.state.is_leader(&self.unit)
        {
            return Err(refusals::prerequisites_failed(self.not_leader()));
        }
        if charm_state
            .as_ref()
            .is_some_and(|charm_state| size(charm_state) > STATE_LIMIT)
        {
            return Err(refusals::state_too_large(STATE_LIMIT));
        }

        let own = self.application().to_owned();
        for (id, changes) in application {
            if let Some(relation) = self.state.relations.get_mut(&id) {
                relation
                    .application_bags
                    .entry(own.clone())
                    .or_default()
                    .write(arrived(&changes).iter().map(as_strs));
            }
        }
        for (id, changes) in unit {
            if let Some(relation) = self.state.relations.get_mut(&id) {
                relation
                    .unit_bags
                    .entry(self.unit.clone())
                    .or_default()
                    .write(arrived(&changes).iter().map(as_strs));
            }
        }
        if let Some(unit) = self.state.unit_mut(&self.unit) {
            if charm_state.is_some() {
                unit.charm_state = charm_state.as_ref().map(arrived);
            }
            unit.ports.extend(ports.opens);
            for closed in &ports.closes {
                // Closing it for all endpoints closes it for each one.
                let all = closed.endpoint.is_empty();
                unit.ports
                    .retain(|port| port != closed && !(all && port.is_same_range(closed)));
            }
        }
        Ok(())
    }

    /// Writes pending secrets to the model, kind by kind. If one kind is refused, the kinds before
    /// it stay done: Juju has no transaction around them.
    ///
    /// A fault can stop it after a step.
    fn commit_secrets(&mut self, stop_after: Option<CommitStep>) -> Result<(), String> {
        let check_stop = |step| match stop_after {
            Some(stop) if stop == step => Err(refusals::connection_shut_down()),
            _ => Ok(()),
        };
        let pending = std::mem::take(&mut self.pending.secrets);
        check_stop(CommitStep::Nothing)?;
        commit_all(
            "creating secrets",
            pending.creates,
            |(id, (owner, change))| {
                if matches!(owner, SecretOwner::Application(_)) && !self.state.is_leader(&self.unit)
                {
                    return Err(self.not_leader());
                }
                self.state.create_secret(&id, owner, change)
            },
        )?;
        check_stop(CommitStep::Created)?;
        commit_all("updating secrets", pending.updates, |(_, (uri, change))| {
            self.check_may_change(&uri)?;
            self.state.update_secret(&uri, change)
        })?;
        let unit = self.unit.clone();
        commit_all(
            "updating secret tracked revisions",
            pending.track_latest,
            |id| {
                let uri = SecretUri::of(&id);
                self.state
                    .consume_secret(&uri, &unit, Reading::Refresh, None)
                    .map(drop)
            },
        )?;
        check_stop(CommitStep::Updated)?;
        commit_all(
            "granting secrets access",
            pending.grants.into_iter().flat_map(granted),
            |(id, grant)| {
                let uri = SecretUri::of(&id);
                self.check_may_change(&uri)?;
                self.state.grant_secret(&uri, &grant.subject, grant.scope)
            },
        )?;
        commit_all(
            "revoking secrets access",
            pending.revokes.into_iter().flat_map(revoked),
            |(id, subject)| {
                let uri = SecretUri::of(&id);
                self.check_may_change(&uri)?;
                self.state.revoke_secret(&uri, &subject);
                Ok(())
            },
        )?;
        check_stop(CommitStep::Granted)?;
        commit_all(
            "removing secrets",
            pending.deletes,
            |(_, (uri, revisions))| {
                // Removing what is already gone is not an error.
                if self.state.secret(&uri).is_some() {
                    self.check_may_change(&uri)?;
                    self.state.delete_secret(&uri, &revisions);
                }
                Ok(())
            },
        )?;
        check_stop(CommitStep::Removed)
    }

    /// Refuses changes that the unit may not make, as the controller does.
    fn check_may_change(&self, uri: &SecretUri) -> Result<(), String> {
        let unknown = || refusal::unknown(&self.juju(), uri);
        let secret = self.state.secret(uri).ok_or_else(unknown)?;
        let may = self.state.manages(&self.unit, &secret.owner);
        may.then_some(())
            .ok_or_else(|| refusal::not_manageable(&self.juju(), &self.unit))
    }

    /// What the controller says to a unit that is no longer the leader.
    fn not_leader(&self) -> String {
        refusals::not_leader_of(&self.unit, self.application())
    }

    /// Ends the context. What is still pending is discarded, but an action's results are returned.
    pub(crate) fn finish(self) -> Option<ActionRun> {
        self.action
    }
}

fn as_strs<'a>((key, value): (&'a String, &'a String)) -> (&'a str, &'a str) {
    (key, value)
}

/// Pairs as they arrive at the controller.
fn arrived(pairs: &Pairs) -> Pairs {
    let arrived = pairs
        .iter()
        .map(|(key, value)| (through_json(key), through_json(value)));
    arrived.collect()
}

fn size(charm_state: &Pairs) -> usize {
    charm_state
        .iter()
        .map(|(key, value)| key.len() + value.len())
        .sum()
}

/// The grants of one secret, each with its id.
fn granted(
    (id, grants): (String, BTreeMap<SecretScope, Grant>),
) -> impl Iterator<Item = (String, Grant)> {
    grants.into_values().map(move |grant| (id.clone(), grant))
}

/// The applications and units that lose one secret, each with its id.
fn revoked((id, subjects): (String, Vec<String>)) -> impl Iterator<Item = (String, String)> {
    subjects
        .into_iter()
        .map(move |subject| (id.clone(), subject))
}

/// Does everything of one kind, and then reports all refusals.
fn commit_all<T>(
    doing: &str,
    items: impl IntoIterator<Item = T>,
    act: impl FnMut(T) -> Result<(), String>,
) -> Result<(), String> {
    let refusals: Vec<String> = items.into_iter().map(act).filter_map(Result::err).collect();
    if refusals.is_empty() {
        Ok(())
    } else {
        Err(format!("{doing}: {}", refusals.join("\n")))
    }
}
