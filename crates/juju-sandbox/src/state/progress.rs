//! What a unit's agent does before and after a hook. Source: `operation/runhook.go` of the uniter.

use super::life::Life;
use super::memory::{RelationMemory, Stage, Work};
use super::root::State;
use super::running::Running;
use crate::clock::Timestamp;
use crate::event::{Event, RelationStep, SecretStep, UnitHook};
use crate::log::Level;
use crate::names;
use crate::refusals;
use crate::run::ActionStatus;
use crate::status::Status;

impl State {
    /// `runHook.beforeHook`.
    pub(crate) fn prepare(&mut self, name: &str, event: &Event) {
        let now = self.tick();
        let Some(unit) = self.unit_mut(name) else {
            return;
        };
        let says = match event {
            Event::Unit(UnitHook::Install) if !unit.memory.status_set => {
                Some("installing charm software")
            }
            Event::Unit(UnitHook::Stop) => Some("stopping charm software"),
            Event::Unit(UnitHook::Remove) => Some("cleaning up prior to charm deletion"),
            _ => None,
        };
        if let Some(message) = says {
            unit.set_workload(Status::new("maintenance", message, now));
        }
        // Not for update-status, which would fill the status history.
        if *event != Event::Unit(UnitHook::UpdateStatus) {
            unit.set_agent(Status::new(
                "executing",
                &format!("running {} hook", event.name()),
                now,
            ));
        }
    }

    /// `runHook.Commit` and `afterHook`: the hook counts as done.
    pub(crate) fn complete(&mut self, name: &str, event: &Event) {
        let now = self.tick();
        let Some(application) = self.applications.get(names::application_of(name)) else {
            return;
        };
        let settings = application.settings();
        let leader_settings_version = application.leader_settings_version;
        let Some(unit) = self.unit_mut(name) else {
            return;
        };
        let had_failed = matches!(unit.memory.work, Work::Failed(_) | Work::Retry(_));
        unit.memory.work = Work::Idle;
        unit.set_agent(Status::new("idle", "", now));
        let memory = &mut unit.memory;
        match event {
            Event::Action { .. } | Event::Exec { .. } => {}
            Event::Relation(hook) => {
                let id = hook.relation;
                if hook.step == RelationStep::Broken {
                    self.leave_scope(id, name);
                    self.collect();
                } else if let Some(memory) = memory.relations.get_mut(&id) {
                    memory.remember(&hook.application, &hook.step);
                }
            }
            Event::Secret(hook) => {
                let memory = &mut memory.secrets;
                match hook.step {
                    SecretStep::Changed => {
                        memory.told.insert(hook.secret.clone(), hook.revision);
                    }
                    SecretStep::Remove => {
                        memory.obsolete.insert((hook.secret.clone(), hook.revision));
                    }
                    SecretStep::Rotate => self.rotated(&hook.secret, hook.revision),
                    SecretStep::Expired => self.expired(&hook.secret, hook.revision),
                }
            }
            Event::Storage(hook) => {
                if hook.attached {
                    memory.storage.insert(hook.number);
                } else {
                    self.let_go(hook.number, name);
                }
            }
            Event::Unit(hook) => match hook {
                UnitHook::Install => memory.stage = Stage::Installed,
                UnitHook::LeaderElected => {
                    memory.leader = true;
                    memory.leader_settings_seen = Some(leader_settings_version);
                }
                UnitHook::LeaderSettingsChanged => {
                    memory.leader_settings_seen = Some(leader_settings_version);
                }
                UnitHook::ConfigChanged => {
                    // A 4.0.14 controller, which asks for it twice, was content with a failed one and
                    // its retry, even if the configuration was changed again in between.
                    if had_failed || memory.config_seen.as_ref() == Some(&settings) {
                        memory.config_again = false;
                    }
                    memory.config_seen = Some(settings);
                    if memory.stage == Stage::Installed && unit.life == Life::Alive {
                        memory.work = Work::Queued(Event::Unit(UnitHook::Start));
                    }
                }
                UnitHook::Start => {
                    memory.stage = Stage::Started;
                    if !memory.status_set {
                        unit.set_workload(Status::new("unknown", "", now));
                    }
                }
                UnitHook::UpgradeCharm => {
                    memory.work = Work::Queued(Event::Unit(UnitHook::ConfigChanged));
                }
                UnitHook::UpdateStatus => unit.update_status = false,
                UnitHook::Stop => {
                    memory.stage = Stage::Stopped;
                    unit.set_workload(Status::new("maintenance", "", now));
                }
                UnitHook::Remove => {
                    memory.stage = Stage::Removed;
                    unit.set_workload(Status::new("terminated", "", now));
                }
            },
        }
    }

    /// The hook failed: nothing runs until somebody resolves it (`reportHookError`).
    pub(crate) fn fail(&mut self, name: &str, event: &Event) {
        let now = self.tick();
        let message = refusals::unit_in_error(event.name_in_status());
        if let Some(unit) = self.unit_mut(name) {
            unit.set_agent(Status::new("error", &message, now));
            unit.memory.work = Work::Failed(event.clone());
        }
    }

    /// A unit begins an action (`runAction.Execute` in `operation/runaction.go`).
    pub(crate) fn begin_action(&mut self, name: &str, event: &Event) -> Option<Status> {
        let now = Timestamp(self.now);
        let unit = self.unit_mut(name)?;
        let before = unit.agent.clone();
        let message = format!("running action {}", event.name());
        unit.set_agent(Status::new("executing", &message, now));
        Some(before)
    }

    /// What was running has ended; after an action the agent is as it was before.
    pub(crate) fn end_running(&mut self) {
        let Some(running) = self.running.take() else {
            return;
        };
        let now = Timestamp(self.now);
        if let (Some(before), Some(unit)) = (running.before, self.unit_mut(&running.unit)) {
            unit.set_agent(Status::new(&before.word, &before.message, now));
        }
    }

    /// What was running was stopped with whoever ran it. An agent that finds a hook half done takes
    /// it for failed and runs it again (`operation.Pending` in `resolver.go` of the uniter); an
    /// action it does not repeat (`failAction` in `operation/failaction.go`).
    pub(crate) fn interrupt(&mut self) {
        let Some(Running { unit, event, .. }) = self.running.clone() else {
            return;
        };
        self.end_running();
        let kind = if event.is_action() { "action" } else { "hook" };
        let follows = if event.is_action() {
            "it has failed"
        } else {
            "running it again"
        };
        let said = format!("{kind} {:?} was interrupted; {follows}", event.name());
        self.record(&unit, "juju.worker.uniter".into(), Level::Warning, &said);
        match event {
            Event::Action { id, .. } | Event::Exec { id, .. } => {
                let completed = self.tick();
                if let Some(task) = self.task_mut(id) {
                    task.status = ActionStatus::Failed;
                    task.message = refusals::action_terminated();
                    task.completed = Some(completed);
                }
            }
            event => {
                if let Some(unit) = self.unit_mut(&unit) {
                    unit.memory.work = Work::Retry(event);
                }
            }
        }
    }

    /// Makes the unit agent idle, whatever it was doing.
    pub(crate) fn rest(&mut self, name: &str) {
        let now = self.tick();
        if let Some(unit) = self.unit_mut(name) {
            unit.set_agent(Status::new("idle", "", now));
            unit.memory.work = Work::Idle;
        }
    }
}

impl RelationMemory {
    /// Remembers what a hook has announced (`State.UpdateStateForHook` in `relation/state.go`).
    fn remember(&mut self, application: &str, step: &RelationStep) {
        match step {
            RelationStep::Created => self.created = true,
            RelationStep::Joined { unit, version } => {
                self.members.insert(unit.clone(), *version);
                self.changed_pending = Some(unit.clone());
            }
            RelationStep::Changed {
                unit: Some(unit),
                version,
            } => {
                self.members.insert(unit.clone(), *version);
                self.changed_pending = None;
            }
            RelationStep::Changed {
                unit: None,
                version,
            } => {
                self.applications.insert(application.to_owned(), *version);
            }
            RelationStep::Departed { unit, .. } => {
                self.members.remove(unit);
                self.cache.remove(unit);
            }
            RelationStep::Broken => {}
        }
    }
}
