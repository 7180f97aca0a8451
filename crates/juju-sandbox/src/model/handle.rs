//! A model and the folder in which it is kept.

use super::listener::{Listener, Starting};
use crate::agent::fault::{Armed, Fault};
use crate::agent::hook;
use crate::clock::Timestamp;
use crate::error::Error;
use crate::folder::{self, Folder};
use crate::lock::{Asker, Lock};
use crate::log::LogRecord;
use crate::run::HookRun;
use crate::state::{Application, Settings, State, Unit};
use std::io;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A Juju model with everything in it. What is done to it (deploying, configuring, …) takes effect
/// at once, but runs no hooks: [`settle`](Self::settle) and [`step`](Self::step) do.
#[derive(Debug)]
pub struct Model {
    pub(super) state: State,
    pub(super) folder: Folder,
    /// Held until the end, so that nobody else changes the model.
    lock: Option<Lock>,
    /// Held until the end, because dropping it removes the folder.
    pub(super) temporary: Option<TempDir>,
    /// The program that hook tools are links to.
    pub(super) client: PathBuf,
    pub(super) runs: Vec<HookRun>,
    pub(super) faults: Vec<Armed>,
    pub(super) listener: Listener,
}

impl Model {
    /// An empty model with default settings, in a temporary folder that is removed with it.
    ///
    /// # Errors
    ///
    /// When the folder cannot be created.
    pub fn new() -> Result<Self, Error> {
        Self::with_settings(Settings::default())
    }

    /// The same with other settings.
    ///
    /// # Errors
    ///
    /// When the folder cannot be created, or the Juju version is invalid or too old.
    pub fn with_settings(settings: Settings) -> Result<Self, Error> {
        settings.check()?;
        let temporary = tempfile::Builder::new()
            .prefix("juju-sandbox-")
            .tempdir()
            .map_err(Error::io("create a folder for the model"))?;
        let folder = Folder::existing(temporary.path(), false)?;
        let mut model = Self::in_folder(folder, State::new(settings), None);
        model.temporary = Some(temporary);
        Ok(model)
    }

    /// An empty model whose state is kept in a folder: before and after each hook, and by
    /// [`save`](Self::save). Until it is dropped, nobody else can open it.
    ///
    /// # Errors
    ///
    /// When the folder cannot be created, or holds a model already, or something else under a
    /// model's names, or the Juju version is invalid or too old.
    pub fn create(folder: &Path, settings: Settings) -> Result<Self, Error> {
        Self::create_as(folder, settings, Asker::Impatient)
    }

    /// [`create`](Self::create), for those who can wait.
    pub(crate) fn create_as(
        folder: &Path,
        settings: Settings,
        asker: Asker<'_>,
    ) -> Result<Self, Error> {
        settings.check()?;
        let folder = Folder::create(folder, true)?;
        folder.check_vacant()?;
        let lock = folder.lock(asker)?;
        if folder.has_state() {
            return Err(Error::Refused(format!(
                "there is already a model in {}",
                folder.root().display()
            )));
        }
        folder.clear()?;
        Ok(Self::in_folder(folder, State::new(settings), Some(lock)))
    }

    /// The model that was saved in a folder. Until it is dropped, nobody else can open it. If the
    /// one who had it open before was killed in the middle of a hook, the hook counts as failed, and
    /// is the next to run; an action is not repeated.
    ///
    /// # Errors
    ///
    /// When the folder holds no model, or the model cannot be read, or somebody has it open.
    pub fn open(folder: &Path) -> Result<Self, Error> {
        Self::open_as(folder, Asker::Impatient)
    }

    /// [`open`](Self::open), for those who can wait.
    pub(crate) fn open_as(folder: &Path, asker: Asker<'_>) -> Result<Self, Error> {
        let not_found = || Error::not_found("model in", &folder.to_string_lossy());
        if !Self::is_in(folder) {
            return Err(not_found());
        }
        let mut folder = Folder::existing(folder, true)?;
        let lock = match folder.lock(asker) {
            // Removed while this waited, and the folder with it.
            Err(Error::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {
                return Err(not_found());
            }
            lock => lock?,
        };
        // It may have been removed meanwhile, if not to the end.
        if !folder.has_state() {
            folder.destroy(Some(lock))?;
            return Err(not_found());
        }
        let mut state = folder.load()?;
        if let Some(running) = &state.running {
            let charm = folder.unit_charm(&running.unit);
            hook::end_survivors(&charm, &running.context, &running.scratch);
        }
        state.interrupt();
        Ok(Self::in_folder(folder, state, Some(lock)))
    }

    /// The model in a folder as it was saved last, without its log, for those who only look: others
    /// may have it open, and change it meanwhile.
    pub(crate) fn look(folder: &Path) -> Result<impl Deref<Target = Self> + use<>, Error> {
        let mut state = folder::read_state(folder)?;
        // Whoever ran this is gone. Only who opens the model can do something about it, but it has
        // stopped.
        if state
            .running
            .as_ref()
            .is_some_and(|running| !running.goes_on())
        {
            state.interrupt();
        }
        let folder = Folder::existing(folder, false)?;
        Ok(Box::new(Self::in_folder(folder, state, None)))
    }

    /// Whether a folder holds a model.
    #[must_use]
    pub fn is_in(folder: &Path) -> bool {
        folder.join(folder::STATE).exists()
    }

    fn in_folder(folder: Folder, state: State, lock: Option<Lock>) -> Self {
        let client = PathBuf::from(concat!(env!("OUT_DIR"), "/jujuc"));
        Self {
            state,
            folder,
            lock,
            temporary: None,
            client,
            runs: Vec::new(),
            faults: Vec::new(),
            listener: Listener::default(),
        }
    }

    /// Saves the model in its folder, in one step: what was there before stays until the new state is
    /// complete. A model in a folder of its own choice is also saved before and after each hook; one
    /// in a temporary folder is not. Hook runs and faults are not saved.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn save(&mut self) -> Result<(), Error> {
        self.folder.save(&self.state)
    }

    /// Removes the model from its folder, and the folder if nothing else is in it. No hooks run.
    ///
    /// # Errors
    ///
    /// When something cannot be removed.
    pub fn destroy(mut self) -> Result<(), Error> {
        self.folder.destroy(self.lock.take())
    }

    /// Uses another program for the hook tools: one that acts as this crate's client when it is
    /// called by a tool's name, as the `juju-sandbox` binary does.
    pub fn use_client(&mut self, program: &Path) {
        program.clone_into(&mut self.client);
    }

    /// Calls a function just before each hook, action and command runs, instead of the one before.
    ///
    /// ```
    /// # fn main() -> Result<(), juju_sandbox::Error> {
    /// let mut model = juju_sandbox::Model::new()?;
    /// model.on_start(|starting| eprintln!("{}: {}", starting.unit, starting.hook));
    /// # Ok(())
    /// # }
    /// ```
    pub fn on_start(&mut self, call: impl FnMut(Starting<'_>) + Send + 'static) {
        self.listener = Listener::new(call);
    }

    /// The settings that the model was made with.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.state.settings
    }

    /// The time in the model.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        Timestamp(self.state.now)
    }

    /// The folder that the model works in.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.root()
    }

    /// Everything that was logged, oldest first.
    #[must_use]
    pub fn log(&self) -> &[LogRecord] {
        &self.state.log
    }

    /// The hooks and actions that ran, oldest first, since the model was made or opened, or since
    /// [`forget_runs`](Self::forget_runs).
    #[must_use]
    pub fn runs(&self) -> &[HookRun] {
        &self.runs
    }

    /// Empties the list of [`runs`](Self::runs).
    pub fn forget_runs(&mut self) {
        self.runs.clear();
    }

    /// Makes a hook tool fail. Several faults may be waiting; the first that matches a call
    /// decides.
    pub fn inject(&mut self, fault: Fault) {
        self.faults.push(Armed::new(fault));
    }

    /// Makes all hook tools work again.
    pub fn clear_faults(&mut self) {
        self.faults.clear();
    }

    /// The state without the rest, for tests of what works on it.
    #[cfg(test)]
    pub(crate) fn into_state(self) -> State {
        self.state
    }

    pub(super) fn app(&self, name: &str) -> Result<&Application, Error> {
        self.state
            .applications
            .get(name)
            .ok_or_else(|| Error::not_found("application", name))
    }

    pub(super) fn app_mut(&mut self, name: &str) -> Result<&mut Application, Error> {
        self.state
            .applications
            .get_mut(name)
            .ok_or_else(|| Error::not_found("application", name))
    }

    pub(super) fn unit_mut(&mut self, name: &str) -> Result<&mut Unit, Error> {
        self.state
            .unit_mut(name)
            .ok_or_else(|| Error::not_found("unit", name))
    }
}
