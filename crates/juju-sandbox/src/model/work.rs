//! Running hooks until there is nothing left to do.

use super::handle::Model;
use crate::agent::context::{ActionRun, Context};
use crate::agent::hook::{self, Finished};
use crate::agent::resolver::{self, Operation};
use crate::error::Error;
use crate::event::{Event, UnitHook};
use crate::state::{Running, Work};

impl Model {
    /// Runs hooks until nothing is left to do: each unit in turn, one hook at a time, in the order
    /// of the applications' names. A failed hook is not an error here; its unit is left in error.
    ///
    /// # Errors
    ///
    /// When the machine could not run a hook, or the model never becomes idle.
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
        Err(self.restless())
    }

    /// Why no more hooks are run.
    pub(super) fn restless(&self) -> Error {
        let last = self.runs.iter().rev().take(6).rev();
        let last: Vec<String> = last
            .map(|run| format!("{} {}", run.unit, run.hook))
            .collect();
        Error::Restless {
            limit: self.state.settings.hook_limit,
            last: last.join(", "),
        }
    }

    /// Runs the next hook, and returns false if there was none. The unit after the one that ran
    /// last comes first.
    ///
    /// # Errors
    ///
    /// When the machine could not run the hook.
    pub fn step(&mut self) -> Result<bool, Error> {
        if !self.run_pending_tasks()?.is_empty() {
            return Ok(true);
        }
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
            // What one unit did without a hook may have given another one a hook.
            if !moved {
                return Ok(false);
            }
        }
    }

    /// Whether there is nothing left to do.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        let mut units = self.units_in_turn().into_iter();
        self.state.pending_task().is_none()
            && units.all(|unit| resolver::next(&self.state, &unit).is_none())
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

    /// Runs one hook, and remembers whether it succeeded.
    fn run_hook(&mut self, unit: &str, event: &Event) -> Result<(), Error> {
        self.state.last_unit =
            crate::names::split_unit(unit).map(|(name, number)| (name.to_owned(), number));
        self.state.prepare(unit, event);
        let ran = self.run_event(unit, event, None)?;
        if ran.record.committed {
            self.state.complete(unit, event);
            if event.storage().is_some() {
                self.clear_storage()?;
            }
        } else {
            self.state.fail(unit, event);
        }
        self.runs.push(ran.record);
        self.state.end_running();
        self.folder.keep_step(&self.state)
    }

    /// Runs the charm for an event.
    pub(super) fn run_event(
        &mut self,
        unit: &str,
        event: &Event,
        action: Option<ActionRun>,
    ) -> Result<Finished, Error> {
        self.state.next_run += 1;
        let id = format!("{unit}-{}-{}", event.name(), hex(self.state.next_run));
        let before = if event.is_action() {
            self.state.begin_action(unit, event)
        } else {
            None
        };
        let scratch = hook::scratch(event)?;
        self.state.running = Some(Running {
            unit: unit.to_owned(),
            event: event.clone(),
            context: id.clone(),
            scratch: scratch.path().to_owned(),
            process: std::process::id(),
            before,
        });
        // From here on it counts as begun, and a crash as its failure.
        self.folder.keep_step(&self.state)?;
        let site = self.folder.site(unit, &self.client);
        let files = self.folder.unit_files(unit);
        if let Some(hook) = event.storage() {
            let folder = files.storage(&hook.id());
            std::fs::create_dir_all(&folder)
                .map_err(Error::io(format!("create {}", folder.display())))?;
        }
        let context = Context::new(&mut self.state, unit, event.clone(), id, action, files)
            .ok_or_else(|| Error::not_found("unit", unit))?;
        self.listener.tell(event.is_action(), unit, &event.name());
        hook::run(
            context,
            &site,
            scratch.path(),
            &mut self.faults,
            &mut self.folder,
        )
    }

    /// Performs an operation that runs no hook.
    fn perform(&mut self, unit: &str, operation: &Operation) -> Result<(), Error> {
        match operation {
            Operation::Run(_) => {}
            Operation::EnterScope(relation) => self.state.enter_scope(*relation, unit),
            Operation::Resign => self.unit_mut(unit)?.memory.leader = false,
            Operation::Drop => self.state.rest(unit),
            Operation::LetGo(storage) => {
                self.state.let_go(*storage, unit);
                self.clear_storage()?;
            }
            Operation::Terminate => {
                self.state.remove_unit(unit);
                // First, because a unit without files could not go on.
                self.folder.keep_step(&self.state)?;
                self.folder.forget_unit(unit)?;
                self.clear_storage()?;
            }
            Operation::Deploy | Operation::Upgrade | Operation::Replace => {
                let application = crate::names::application_of(unit).to_owned();
                let revision = self.app(&application)?.charm_revision;
                let resources = self.app(&application)?.resources_version;
                let memory = &self.unit_mut(unit)?.memory;
                let before = Some(memory.charm_seen).filter(|seen| *seen > 0);
                self.folder.deploy(unit, &application, revision, before)?;
                let memory = &mut self.unit_mut(unit)?.memory;
                memory.charm_seen = revision;
                if *operation == Operation::Replace {
                    memory.work = Work::Idle;
                    return Ok(());
                }
                memory.resources_seen = resources;
                if *operation == Operation::Upgrade {
                    memory.work = Work::Queued(Event::Unit(UnitHook::UpgradeCharm));
                }
            }
        }
        Ok(())
    }
}

/// 32 digits that look random, and are the same whenever the same steps are run.
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
