//! What a unit does next, found by comparing its agent's memory with the model. Nothing is changed
//! here. Source: `resolver.go`, `relation/resolver.go`, `leadership/resolver.go` of the uniter.

use crate::event::{
    Event, RelationHook, RelationStep, SecretHook, SecretStep, StorageHook, UnitHook,
};
use crate::names;
use crate::state::{
    Application, Life, Memory, Relation, RelationMemory, Stage, State, StorageStep, Unit, Work,
};
use std::collections::BTreeMap;

/// The next thing that a unit's agent does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Operation {
    /// Put the application's charm into the unit's charm directory, for the first time.
    Deploy,
    /// The same for a newer revision, or for new resources; `upgrade-charm` follows.
    Upgrade,
    /// Put a newer revision there, and tell the charm nothing of it.
    Replace,
    /// Enter a relation, so that the other side sees the unit.
    EnterScope(u32),
    /// Give up leadership, which another unit now has.
    Resign,
    /// Drop a queued hook that is no longer needed.
    Drop,
    /// Run the charm.
    Run(Event),
    /// Let go of storage that the charm was never told about.
    LetGo(u32),
    /// Remove the unit, which has run its last hook.
    Terminate,
}

/// The unit's next operation; `None` when there is nothing to do.
pub(crate) fn next(state: &State, name: &str) -> Option<Operation> {
    let application = state.applications.get(names::application_of(name))?;
    let unit = state.unit(name)?;
    if application.stand_in {
        if let Some((number, StorageStep::LetGo)) = state.storage_step(name) {
            return Some(Operation::LetGo(number));
        }
        let leaves = unit.life == Life::Dying && state.subordinates_of(name).is_empty();
        return leaves.then_some(Operation::Terminate);
    }
    match &unit.memory.work {
        // Only `resolved` helps: nothing is retried on its own, unlike in Juju.
        Work::Failed(_) => None,
        Work::Queued(event) | Work::Retry(event) => {
            let lost = *event == Event::Unit(UnitHook::LeaderElected) && !state.is_leader(name);
            Some(if lost {
                Operation::Drop
            } else {
                Operation::Run(event.clone())
            })
        }
        Work::Replace => Some(Operation::Replace),
        Work::Idle => idle(state, name, application, unit),
    }
}

/// `uniterResolver.NextOp` and `nextOp`, for an agent that is not in the middle of something.
fn idle(state: &State, name: &str, application: &Application, unit: &Unit) -> Option<Operation> {
    let memory = &unit.memory;
    let run = |hook| Some(Operation::Run(Event::Unit(hook)));
    let alive = unit.life == Life::Alive;

    let first = created(state, name, unit)
        .or_else(|| leadership(state, name, application, unit))
        .or_else(|| secrets(state, name, unit));
    if first.is_some() {
        return first;
    }
    // Storage comes before install, but not before there is a charm to run.
    if memory.charm_seen > 0 {
        if let Some(hook) = storage(state, name, unit) {
            return Some(hook);
        }
    }
    if !alive {
        return relations(state, name, memory, alive).or_else(|| match memory.stage {
            Stage::Started => run(UnitHook::Stop),
            Stage::Installed | Stage::Stopped => run(UnitHook::Remove),
            // A unit stays as long as others live beside it (`Unit.EnsureDead`).
            Stage::New | Stage::Removed => state
                .subordinates_of(name)
                .is_empty()
                .then_some(Operation::Terminate),
        });
    }
    if memory.stage == Stage::New {
        return if memory.charm_seen == 0 {
            Some(Operation::Deploy)
        } else {
            run(UnitHook::Install)
        };
    }
    let is_newer = memory.charm_seen != application.charm_revision
        || memory.resources_seen != application.resources_version;
    if is_newer {
        return Some(Operation::Upgrade);
    }
    let is_news = memory.config_seen.as_ref() != Some(&application.settings());
    if is_news || memory.config_again {
        return run(UnitHook::ConfigChanged);
    }
    relations(state, name, memory, alive).or_else(|| {
        unit.update_status
            .then_some(Operation::Run(Event::Unit(UnitHook::UpdateStatus)))
    })
}

/// `createdRelationsResolver`: entering relations, and `relation-created` for each.
fn created(state: &State, name: &str, unit: &Unit) -> Option<Operation> {
    if unit.memory.stage == Stage::New || unit.life == Life::Dying {
        return None;
    }
    let own = names::application_of(name);
    let alive = || {
        state
            .relations
            .iter()
            .filter(|(_, relation)| relation.life == Life::Alive && relation.side(own).is_some())
    };
    // All are entered before the first hook, as `SynchronizeScopes` does.
    let entering = alive().find(|(id, _)| !unit.memory.relations.contains_key(id));
    if let Some((id, _)) = entering {
        return Some(Operation::EnterScope(*id));
    }
    alive().find_map(|(id, relation)| {
        let memory = unit
            .memory
            .relations
            .get(id)
            .filter(|memory| !memory.created)?;
        debug_assert!(memory.members.is_empty(), "created comes first");
        hook(name, *id, relation, RelationStep::Created)
    })
}

/// `leadershipResolver`.
fn leadership(
    state: &State,
    name: &str,
    application: &Application,
    unit: &Unit,
) -> Option<Operation> {
    let memory = &unit.memory;
    if memory.stage == Stage::New {
        return None;
    }
    let alive = unit.life == Life::Alive;
    match (memory.leader, state.is_leader(name) && alive) {
        (false, true) => Some(Operation::Run(Event::Unit(UnitHook::LeaderElected))),
        (true, false) => Some(Operation::Resign),
        (false, false)
            if alive
                && state.settings.version().has_leader_settings()
                && memory.leader_settings_seen != Some(application.leader_settings_version) =>
        {
            Some(Operation::Run(Event::Unit(UnitHook::LeaderSettingsChanged)))
        }
        _ => None,
    }
}

/// `storageResolver` on machines: storage is attached before the `install` hook.
fn storage(state: &State, name: &str, unit: &Unit) -> Option<Operation> {
    let (number, step) = state.storage_step(name)?;
    if step == StorageStep::LetGo {
        return Some(Operation::LetGo(number));
    }
    Some(Operation::Run(Event::Storage(StorageHook {
        attached: step == StorageStep::Attached,
        name: unit.storage.get(&number)?.name.clone(),
        number,
    })))
}

/// `secretsResolver`: first what has expired or is to be rotated, then new revisions for those who
/// have read a secret, and last obsolete ones for its owner.
fn secrets(state: &State, name: &str, unit: &Unit) -> Option<Operation> {
    let memory = &unit.memory;
    if memory.stage == Stage::New || unit.life == Life::Dying {
        return None;
    }
    let run = |id: &str, step, revision| {
        let secret = state.secrets.get(id)?;
        let label = match step {
            SecretStep::Changed => secret.label_for(name),
            _ => secret.label.clone(),
        };
        Some(Operation::Run(Event::Secret(SecretHook {
            step,
            secret: id.to_owned(),
            label,
            revision,
        })))
    };
    if let Some((id, revision)) = state.expired_revision(name) {
        return run(&id, SecretStep::Expired, revision);
    }
    if let Some((id, revision)) = state.secret_to_rotate(name) {
        return run(&id, SecretStep::Rotate, revision);
    }
    let changed = state.secrets.iter().find_map(|(id, secret)| {
        let latest = secret.consumers.get(name)?.latest;
        let told = memory.secrets.told.get(id).copied().unwrap_or_default();
        // Revision 1 is not announced (`consumedSecretsWatcher`). Others are, even if the unit has
        // the revision already because it asked for the latest.
        (latest > 1 && latest != told && secret.is_readable_by(name)).then_some((id, latest))
    });
    if let Some((id, latest)) = changed {
        return run(id, SecretStep::Changed, latest);
    }
    let mut obsolete = state.obsolete_revisions(name);
    let (id, revision) = obsolete.find(|revision| !memory.secrets.obsolete.contains(revision))?;
    run(&id, SecretStep::Remove, revision)
}

/// `relationsResolver`: peers come last.
fn relations(state: &State, name: &str, memory: &Memory, unit_alive: bool) -> Option<Operation> {
    let known = || {
        memory
            .relations
            .iter()
            .filter_map(|(id, memory)| Some((*id, state.relations.get(id)?, memory)))
    };
    let plain = known().filter(|(_, relation, _)| !relation.is_peer());
    let peers = known().filter(|(_, relation, _)| relation.is_peer());
    plain.chain(peers).find_map(|(id, relation, memory)| {
        let step = relation_step(state, name, (id, relation), memory, unit_alive)?;
        hook(name, id, relation, step)
    })
}

/// `nextHookForRelation`.
fn relation_step(
    state: &State,
    name: &str,
    (id, relation): (u32, &Relation),
    memory: &RelationMemory,
    unit_alive: bool,
) -> Option<RelationStep> {
    let leaving = !unit_alive || relation.life == Life::Dying;
    let remote = if leaving {
        BTreeMap::new()
    } else {
        state.members_for(id, name)
    };
    if let Some(unit) = &memory.changed_pending {
        let version = remote.get(unit).copied().unwrap_or_default();
        return Some(RelationStep::Changed {
            unit: Some(unit.clone()),
            version,
        });
    }
    if let Some(unit) = memory
        .members
        .keys()
        .find(|unit| !remote.contains_key(*unit))
    {
        let application_alive = state
            .applications
            .get(names::application_of(name))
            .is_some_and(|application| application.life == Life::Alive);
        let departing = if unit_alive && application_alive {
            unit
        } else {
            name
        };
        return Some(RelationStep::Departed {
            unit: unit.clone(),
            departing: departing.to_owned(),
        });
    }
    if leaving {
        return (!relation.is_peer()).then_some(RelationStep::Broken);
    }
    if let Some(other) = relation.other_side(names::application_of(name)) {
        let version = relation
            .application_bags
            .get(&other.application)
            .map_or(0, |bag| bag.version);
        if version
            != memory
                .applications
                .get(&other.application)
                .copied()
                .unwrap_or_default()
        {
            return Some(RelationStep::Changed {
                unit: None,
                version,
            });
        }
    }
    if let Some((unit, version)) = remote
        .iter()
        .find(|(unit, _)| !memory.members.contains_key(*unit))
    {
        return Some(RelationStep::Joined {
            unit: unit.clone(),
            version: *version,
        });
    }
    remote
        .iter()
        .find(|(unit, version)| memory.members.get(*unit) != Some(version))
        .map(|(unit, version)| RelationStep::Changed {
            unit: Some(unit.clone()),
            version: *version,
        })
}

fn hook(name: &str, id: u32, relation: &Relation, step: RelationStep) -> Option<Operation> {
    let own = names::application_of(name);
    let endpoint = relation.side(own)?.endpoint.name.clone();
    let application = relation.other_side(own)?.application.clone();
    Some(Operation::Run(Event::Relation(RelationHook {
        step,
        relation: id,
        endpoint,
        application,
    })))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Model;

    /// A model with a unit that has no charm code, and the state of that unit.
    fn state() -> State {
        let mut model = Model::new().unwrap();
        let metadata = "{name: a, summary: s, description: d, peers: {p: p}}";
        model.deploy_stand_in("a", metadata).unwrap();
        let mut state = model.into_state();
        for application in state.applications.values_mut() {
            application.stand_in = false;
        }
        state
    }

    struct Case {
        name: &'static str,
        /// What happens to the unit.
        change: fn(&mut Unit),
        /// What the unit does next.
        operation: Option<Operation>,
    }

    #[test]
    fn what_comes_next() {
        let unit = |hook| Some(Operation::Run(Event::Unit(hook)));
        // Each case continues from the one before it.
        let mut state = state();
        let cases = [
            Case {
                name: "new",
                change: |_| (),
                operation: Some(Operation::Deploy),
            },
            Case {
                name: "has a charm",
                change: |u| u.memory.charm_seen = 1,
                operation: unit(UnitHook::Install),
            },
            Case {
                name: "forgets relations",
                change: |u| {
                    u.memory.stage = Stage::Installed;
                    u.memory.relations.clear();
                },
                operation: Some(Operation::EnterScope(0)),
            },
            Case {
                name: "in scope",
                change: |u| {
                    u.memory.relations.insert(
                        0,
                        RelationMemory {
                            created: true,
                            ..RelationMemory::default()
                        },
                    );
                },
                operation: unit(UnitHook::LeaderElected),
            },
            Case {
                name: "leads",
                change: |u| u.memory.leader = true,
                operation: unit(UnitHook::ConfigChanged),
            },
            Case {
                name: "configured",
                change: |u| u.memory.config_seen = Some(BTreeMap::new()),
                operation: None,
            },
            Case {
                name: "start is queued",
                change: |u| u.memory.work = Work::Queued(Event::Unit(UnitHook::Start)),
                operation: unit(UnitHook::Start),
            },
            Case {
                name: "started",
                change: |u| {
                    u.memory.work = Work::Idle;
                    u.memory.stage = Stage::Started;
                    u.update_status = true;
                },
                operation: unit(UnitHook::UpdateStatus),
            },
            Case {
                name: "failed",
                change: |u| u.memory.work = Work::Failed(Event::Unit(UnitHook::UpdateStatus)),
                operation: None,
            },
            Case {
                name: "resolved",
                change: |u| u.memory.work = Work::Retry(Event::Unit(UnitHook::UpdateStatus)),
                operation: unit(UnitHook::UpdateStatus),
            },
            Case {
                name: "older charm",
                change: |u| {
                    u.memory.work = Work::Idle;
                    u.memory.charm_seen = 0;
                },
                operation: Some(Operation::Upgrade),
            },
            Case {
                name: "dying leader",
                change: |u| u.life = Life::Dying,
                operation: Some(Operation::Resign),
            },
            Case {
                name: "dying",
                change: |u| u.memory.leader = false,
                operation: unit(UnitHook::Stop),
            },
        ];
        for Case {
            name,
            change,
            operation,
        } in cases
        {
            change(state.unit_mut("a/0").unwrap());
            assert_eq!(next(&state, "a/0"), operation, "{name}");
        }
    }
}
