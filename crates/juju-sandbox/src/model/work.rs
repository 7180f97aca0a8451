//! Running hooks until there is nothing left to do.

use super::Model;
use super::state::{Life, Stage, State, Work};
use crate::context::{ActionRun, Context};
use crate::error::Error;
use crate::event::{Event, RelationStep, SecretStep, UnitHook};
use crate::hook::{self, Ran};
use crate::resolver::{self, Operation};
use crate::status::Status;

impl Model {
    /// Runs hooks until nothing is left to do: each unit in turn, one hook at a time, in the order
    /// of the applications' names. Failed hooks are no errors; their units are left in error.
    ///
    /// # Errors
    ///
    /// When a hook could not be run for reasons of the machine, or the model does not come to rest.
    pub fn settle(&mut self) -> Result<(), Error> {
        let limit = self.state.settings.hook_limit;
        for _ in 0..limit {
            if !self.step()? {
                return Ok(());
            }
        }
        if self.is_idle() {
            return Ok(());
        }
        let last = self.runs.iter().rev().take(6).rev();
        let last: Vec<String> = last
            .map(|run| format!("{} {}", run.unit, run.hook))
            .collect();
        Err(Error::Restless {
            limit,
            last: last.join(", "),
        })
    }

    /// Runs the next hook; false if there was none. The unit after the one that ran last is first.
    ///
    /// # Errors
    ///
    /// When the hook could not be run for reasons of the machine.
    pub fn step(&mut self) -> Result<bool, Error> {
        loop {
            let mut moved = false;
            for unit in self.units_in_turn() {
                while let Some(operation) = resolver::next(&self.state, &unit) {
                    if let Operation::Run(event) = operation {
                        self.run_hook(&unit, &event)?;
                        return Ok(true);
                    }
                    self.perform(&unit, &operation)?;
                    moved = true;
                }
            }
            // What one unit did without a hook may give another one a hook.
            if !moved {
                return Ok(false);
            }
        }
    }

    /// Whether there is nothing left to do.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.units_in_turn()
            .iter()
            .all(|unit| resolver::next(&self.state, unit).is_none())
    }

    fn units_in_turn(&self) -> Vec<String> {
        let units = self
            .state
            .applications
            .iter()
            .flat_map(|(name, application)| {
                application
                    .units
                    .keys()
                    .map(move |number| (name.clone(), *number))
            });
        let (before, after): (Vec<_>, Vec<_>) = units.partition(|unit| {
            self.state
                .last_unit
                .as_ref()
                .is_some_and(|last| unit <= last)
        });
        after
            .into_iter()
            .chain(before)
            .map(|(name, number)| format!("{name}/{number}"))
            .collect()
    }

    /// An operation that runs no hook.
    fn perform(&mut self, unit: &str, operation: &Operation) -> Result<(), Error> {
        match operation {
            Operation::Run(_) => {}
            Operation::EnterScope(relation) => self.state.enter_scope(*relation, unit),
            Operation::Resign => self.unit_mut(unit)?.memory.leader = false,
            Operation::Drop => self.state.rest(unit),
            Operation::Terminate => {
                self.state.remove_unit(unit);
                self.folder.forget_unit(unit)?;
            }
            Operation::Deploy | Operation::Upgrade => {
                let application = crate::names::application_of(unit).to_owned();
                let revision = self.app(&application)?.charm_revision;
                let memory = &self.unit_mut(unit)?.memory;
                let before = Some(memory.charm_seen).filter(|seen| *seen > 0);
                self.folder.deploy(unit, &application, revision, before)?;
                let memory = &mut self.unit_mut(unit)?.memory;
                memory.charm_seen = revision;
                if *operation == Operation::Upgrade {
                    memory.work = Work::Queued(Event::Unit(UnitHook::UpgradeCharm));
                }
            }
        }
        Ok(())
    }

    /// Runs one hook, and remembers that it ran or failed.
    fn run_hook(&mut self, unit: &str, event: &Event) -> Result<(), Error> {
        self.state.last_unit =
            crate::names::split_unit(unit).map(|(name, number)| (name.to_owned(), number));
        self.state.prepare(unit, event);
        let ran = self.run_event(unit, event, None)?;
        if ran.record.committed {
            self.state.complete(unit, event);
        } else {
            self.state.fail(unit, event);
        }
        self.runs.push(ran.record);
        Ok(())
    }

    /// Runs the charm for an event.
    pub(super) fn run_event(
        &mut self,
        unit: &str,
        event: &Event,
        action: Option<ActionRun>,
    ) -> Result<Ran, Error> {
        self.state.next_run += 1;
        let id = format!("{unit}-{}-{}", event.name(), hex(self.state.next_run));
        let site = self.folder.site(unit, &self.client);
        let context = Context::new(&mut self.state, unit, event.clone(), id, action)
            .ok_or_else(|| Error::not_found("unit", unit))?;
        hook::run(context, &site, &mut self.faults)
    }
}

/// 32 digits that look random and are the same in each run of the same story.
fn hex(number: u64) -> String {
    // SplitMix64
    let mix = |seed: u64| {
        let mut mixed = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    };
    format!("{:016x}{:016x}", mix(number), mix(number + (1 << 32)))
}

/// What happens around a hook. Source: `operation/runhook.go` of the uniter.
impl State {
    /// `runHook.beforeHook`.
    fn prepare(&mut self, name: &str, event: &Event) {
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
            unit.workload = Status::new("maintenance", message, now);
        }
        // Not for update-status: it would fill the status history.
        if *event != Event::Unit(UnitHook::UpdateStatus) {
            unit.agent = Status::new("executing", &format!("running {} hook", event.name()), now);
        }
    }

    /// The hook failed: nothing runs until somebody resolves it (`reportHookError`).
    fn fail(&mut self, name: &str, event: &Event) {
        let now = self.tick();
        let message = format!("hook failed: {}", crate::go::quote(&event.name()));
        if let Some(unit) = self.unit_mut(name) {
            unit.agent = Status::new("error", &message, now);
            unit.memory.work = Work::Failed(event.clone());
        }
    }

    /// The unit agent lets go of what it has in hand.
    fn rest(&mut self, name: &str) {
        let now = self.tick();
        if let Some(unit) = self.unit_mut(name) {
            unit.agent = Status::new("idle", "", now);
            unit.memory.work = Work::Idle;
        }
    }

    /// `runHook.Commit` and `afterHook`: the hook counts as done.
    pub(super) fn complete(&mut self, name: &str, event: &Event) {
        let now = self.tick();
        let Some(application) = self.applications.get(crate::names::application_of(name)) else {
            return;
        };
        let settings = application.settings();
        let leader_settings_version = application.leader_settings_version;
        let Some(unit) = self.unit_mut(name) else {
            return;
        };
        unit.memory.work = Work::Idle;
        unit.agent = Status::new("idle", "", now);
        let memory = &mut unit.memory;
        match event {
            Event::Action { .. } => {}
            Event::Relation(hook) => {
                let id = hook.relation;
                if hook.step == RelationStep::Broken {
                    self.leave_scope(id, name);
                    self.collect();
                } else if let Some(memory) = memory.relations.get_mut(&id) {
                    memory.heard(&hook.application, &hook.step);
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
                    if memory.config_seen.as_ref() == Some(&settings) {
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
                        unit.workload = Status::new("unknown", "", now);
                    }
                }
                UnitHook::UpgradeCharm => {
                    memory.work = Work::Queued(Event::Unit(UnitHook::ConfigChanged));
                }
                UnitHook::UpdateStatus => unit.update_status = false,
                UnitHook::Stop => {
                    memory.stage = Stage::Stopped;
                    unit.workload = Status::new("maintenance", "", now);
                }
                UnitHook::Remove => {
                    memory.stage = Stage::Removed;
                    unit.workload = Status::new("terminated", "", now);
                }
            },
        }
    }
}

impl super::state::RelationMemory {
    /// Remembers what a hook has announced (`State.UpdateStateForHook` in `relation/state.go`).
    fn heard(&mut self, application: &str, step: &RelationStep) {
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
