//! The model's folder.
//!
//! ```text
//! state.json                  everything that the model remembers, but for its log
//! log.jsonl                   the log, a record on each line
//! juju-sandbox.lock           locked by whoever has the model open to change it, and names it
//! charms/idp-1/               a charm's files, as they were deployed or refreshed
//! agents/unit-idp-0/charm/    a unit's own copy: the charm directory of its hooks
//! agents/unit-idp-0/resources a unit's copies of resources
//! resources/idp/data          the content of a resource
//! storage/data/0/             a file system, whichever unit has it
//! tools/unit-idp-0/           links to the hook tools, recreated for each hook
//! ```

use crate::charm::Package;
use crate::error::Error;
use crate::lock::{Asker, Lock};
use crate::log_file::{LogReader, LogWriter};
use crate::names;
use crate::refusals;
use crate::state::State;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// The file that holds the state.
pub(crate) const STATE: &str = "state.json";
/// The file that holds the next state, until it is complete.
const NEXT_STATE: &str = "state.json.new";
/// The file that holds the log.
const LOG: &str = "log.jsonl";
/// The file that is locked. Nobody else has one of this name, so it tells a model's folder.
const LOCK: &str = "juju-sandbox.lock";
/// The folders of a model.
const FOLDERS: [&str; 5] = ["agents", "charms", "resources", "storage", "tools"];
/// The folder within the first model's in which others are, each in its own.
pub(crate) const MODELS: &str = "models";

/// The name of the model in a folder, if there is one; the rest of it is not read.
pub(crate) fn model_name(root: &Path) -> Result<Option<String>, Error> {
    #[derive(Deserialize)]
    struct Named {
        name: String,
    }
    #[derive(Deserialize)]
    struct Start {
        settings: Named,
    }
    let path = root.join(STATE);
    match fs::read(&path) {
        Ok(text) => serde_json::from_slice(&text)
            .map(|start: Start| Some(start.settings.name))
            .map_err(unreadable(&path)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io(format!("read {}", path.display()))(error)),
    }
}

/// The state in a folder, without its log; it may be of a model that is at work.
pub(crate) fn read_state(root: &Path) -> Result<State, Error> {
    let path = root.join(STATE);
    let text = fs::read(&path).map_err(Error::io(format!("read {}", path.display())))?;
    serde_json::from_slice(&text).map_err(unreadable(&path))
}

/// A reader of the log in a folder.
pub(crate) fn log_reader(root: &Path) -> Result<LogReader, Error> {
    LogReader::open(&root.join(LOG))
}

fn unreadable(path: &Path) -> impl FnOnce(serde_json::Error) -> Error {
    let path = path.display().to_string();
    move |source| Error::State { path, source }
}

/// The model's folder; only its owner can read it.
#[derive(Debug)]
pub(crate) struct Folder {
    root: PathBuf,
    log: LogWriter,
    /// Whether each step of the model is saved at once. Nobody would see those of a model in a
    /// temporary folder.
    keeps_steps: bool,
}

impl Folder {
    /// The folder, which is created if it does not exist.
    pub(crate) fn create(root: &Path, keeps_steps: bool) -> Result<Self, Error> {
        let doing = || Error::io(format!("create the folder {}", root.display()));
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(root)
            .map_err(doing())?;
        Self::existing(root, keeps_steps)
    }

    /// The folder, which exists.
    pub(crate) fn existing(root: &Path, keeps_steps: bool) -> Result<Self, Error> {
        let doing = Error::io(format!("open the folder {}", root.display()));
        // Hooks run in their charm directory: a relative path would mean another folder there.
        let root = root.canonicalize().map_err(doing)?;
        Ok(Self {
            log: LogWriter::new(root.join(LOG)),
            root,
            keeps_steps,
        })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn has_state(&self) -> bool {
        self.root.join(STATE).exists()
    }

    /// Refuses a place for a new model where somebody else keeps something under a model's names:
    /// the file that is locked is the last to go of a model.
    pub(crate) fn check_vacant(&self) -> Result<(), Error> {
        if self.root.join(LOCK).exists() {
            return Ok(());
        }
        let mut names = FOLDERS.into_iter().chain([NEXT_STATE, LOG]);
        match names.find(|name| self.root.join(name).symlink_metadata().is_ok()) {
            Some(name) => Err(Error::Refused(refusals::place_taken(
                self.root.join(name).display(),
            ))),
            None => Ok(()),
        }
    }

    /// Removes what may be left of a model that was here before.
    pub(crate) fn clear(&self) -> Result<(), Error> {
        let doing = || Error::io(format!("remove the model in {}", self.root.display()));
        for file in [STATE, NEXT_STATE, LOG] {
            unlink(&self.root.join(file)).map_err(doing())?;
        }
        for folder in FOLDERS {
            remove(&self.root.join(folder)).map_err(doing())?;
        }
        Ok(())
    }

    /// Keeps others from changing the model.
    pub(crate) fn lock(&self, asker: Asker<'_>) -> Result<Lock, Error> {
        Lock::take(&self.root.join(LOCK), asker)
    }

    pub(crate) fn load(&mut self) -> Result<State, Error> {
        let mut state = read_state(&self.root)?;
        let (writer, records) = LogWriter::resume(self.root.join(LOG))?;
        self.log = writer;
        state.put_log(records);
        Ok(state)
    }

    /// Saves a model, in one step: until it is complete, the one before stays.
    pub(crate) fn save(&mut self, state: &State) -> Result<(), Error> {
        self.log.write(&state.log)?;
        let path = self.root.join(STATE);
        let next = self.root.join(NEXT_STATE);
        let text = serde_json::to_vec(state).map_err(unreadable(&path))?;
        let mut options = fs::OpenOptions::new();
        options.write(true).create(true).truncate(true).mode(0o600);
        options
            .open(&next)
            .and_then(|mut file| file.write_all(&text))
            .and_then(|()| fs::rename(&next, &path))
            .map_err(Error::io(format!("write {}", path.display())))
    }

    /// Saves a model after a step.
    pub(crate) fn keep_step(&mut self, state: &State) -> Result<(), Error> {
        if self.keeps_steps {
            self.save(state)?;
        }
        Ok(())
    }

    /// Saves what has been logged in the middle of a step.
    pub(crate) fn keep_log(&mut self, state: &State) -> Result<(), Error> {
        if self.keeps_steps {
            self.log.write(&state.log)?;
        }
        Ok(())
    }

    /// Removes what this module made, and nothing else that may be there. Without its state it is no
    /// model any more, wherever this stops.
    pub(crate) fn destroy(&self, lock: Option<Lock>) -> Result<(), Error> {
        self.clear()?;
        lock.map_or(Ok(()), Lock::remove)?;
        // Fails, as it should, if there is anything else in it.
        let _ = fs::remove_dir(&self.root);
        Ok(())
    }

    /// The kept files of a charm revision.
    pub(crate) fn charm(&self, application: &str, revision: u32) -> PathBuf {
        self.root
            .join("charms")
            .join(format!("{application}-{revision}"))
    }

    /// Keeps a charm's files, as they would be packed.
    pub(crate) fn keep_charm(
        &self,
        package: &Package,
        application: &str,
        revision: u32,
    ) -> Result<(), Error> {
        let to = self.charm(application, revision);
        self.replace(&package.folder, &to)?;
        for (name, text) in &package.added {
            fs::write(to.join(name), text).map_err(Error::io(format!("write {name}")))?;
        }
        Ok(())
    }

    /// The unit's charm directory.
    pub(crate) fn unit_charm(&self, unit: &str) -> PathBuf {
        self.agent(unit).join("charm")
    }

    /// Puts a kept charm into the unit's charm directory. What the unit's hooks left there stays,
    /// unless the charm has it too, or had it before (`manifestDeployer` of the uniter).
    pub(crate) fn deploy(
        &self,
        unit: &str,
        application: &str,
        revision: u32,
        before: Option<u32>,
    ) -> Result<(), Error> {
        let to = self.unit_charm(unit);
        let doing = || Error::io(format!("deploy the charm of {unit}"));
        match before {
            Some(before) => {
                remove_listed(&self.charm(application, before), &to).map_err(doing())?;
            }
            // What may be there belonged to another unit of this name.
            None => self.forget_unit(unit)?,
        }
        copy(&self.charm(application, revision), &to, &self.root).map_err(doing())
    }

    /// Keeps the content of an application's resource.
    pub(crate) fn keep_resource(
        &self,
        application: &str,
        name: &str,
        content: &[u8],
    ) -> Result<(), Error> {
        let folder = self.resources(application);
        let doing = || Error::io(format!("keep the resource {name} of {application}"));
        fs::create_dir_all(&folder).map_err(doing())?;
        let next = folder.join(format!("{name}.new"));
        fs::write(&next, content)
            .and_then(|()| fs::rename(&next, folder.join(name)))
            .map_err(doing())
    }

    fn resources(&self, application: &str) -> PathBuf {
        self.root.join("resources").join(application)
    }

    /// What a unit's hook tools read and write.
    pub(crate) fn unit_files(&self, unit: &str) -> UnitFiles {
        UnitFiles {
            kept_resources: self.resources(names::application_of(unit)),
            resources: self.agent(unit).join("resources"),
            storage: self.storage(),
        }
    }

    /// Removes what belongs only to one unit.
    pub(crate) fn forget_unit(&self, unit: &str) -> Result<(), Error> {
        for folder in [self.agent(unit), self.tools(unit)] {
            remove(&folder).map_err(Error::io(format!("remove {}", folder.display())))?;
        }
        Ok(())
    }

    /// Where all storage is, by id.
    pub(crate) fn storage(&self) -> PathBuf {
        self.root.join("storage")
    }

    /// Removes all storage but these.
    pub(crate) fn keep_storage(&self, ids: &BTreeSet<String>) -> Result<(), Error> {
        let root = self.storage();
        let gone = |id: &String| !ids.contains(id);
        let swept = children(&root).and_then(|names| {
            for name in names {
                let numbers = children(&root.join(&name))?;
                let found = numbers.iter().map(|number| format!("{name}/{number}"));
                found
                    .filter(gone)
                    .try_for_each(|id| remove(&root.join(id)))?;
            }
            Ok(())
        });
        swept.map_err(Error::io(format!("clear {}", root.display())))
    }

    /// Where a unit's hooks run.
    pub(crate) fn site(&self, unit: &str, client: &Path) -> Site {
        Site {
            charm: self.unit_charm(unit),
            tools: self.tools(unit),
            client: client.to_owned(),
        }
    }

    fn agent(&self, unit: &str) -> PathBuf {
        self.root.join("agents").join(tag(unit))
    }

    fn tools(&self, unit: &str) -> PathBuf {
        self.root.join("tools").join(tag(unit))
    }

    /// The folder of all models, if this is one of several.
    fn outermost(&self) -> &Path {
        let parent = self.root.parent();
        parent
            .filter(|parent| parent.ends_with(MODELS))
            .and_then(Path::parent)
            .unwrap_or(&self.root)
    }

    fn replace(&self, from: &Path, to: &Path) -> Result<(), Error> {
        let doing = || Error::io(format!("copy the charm {}", from.display()));
        remove(to).map_err(doing())?;
        copy(from, to, self.outermost()).map_err(doing())
    }
}

/// The files that a unit's hook tools read and write.
#[derive(Debug, Default)]
pub(crate) struct UnitFiles {
    /// The resources of its application, one file each.
    pub(crate) kept_resources: PathBuf,
    /// Its own copies of them.
    pub(crate) resources: PathBuf,
    /// Where all storage is.
    pub(crate) storage: PathBuf,
}

impl UnitFiles {
    /// Where a storage is, whatever the charm says: nothing can be mounted here.
    pub(crate) fn storage(&self, id: &str) -> PathBuf {
        self.storage.join(id)
    }
}

/// Where a unit's files are.
#[derive(Debug)]
pub(crate) struct Site {
    /// The unit's charm directory.
    pub(crate) charm: PathBuf,
    /// The folder of hook tools that is first in `PATH`.
    pub(crate) tools: PathBuf,
    /// The program that each hook tool is a link to.
    pub(crate) client: PathBuf,
}

/// Held while a program is written, and while one is started. A process that starts inherits what
/// its siblings have open for writing, until it becomes another program; until then, the program
/// that is being written cannot be started ("text file busy").
static WRITING_OR_STARTING: Mutex<()> = Mutex::new(());

/// Does something while no process is started.
pub(crate) fn while_none_starts<T>(act: impl FnOnce() -> T) -> T {
    let _guard = WRITING_OR_STARTING
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    act()
}

/// `unit-idp-0` (`names.UnitTag`).
fn tag(unit: &str) -> String {
    format!("unit-{}", unit.replace('/', "-"))
}

fn remove(folder: &Path) -> io::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// The names in a folder, which need not exist.
fn children(folder: &Path) -> io::Result<Vec<String>> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries?,
    };
    entries
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect()
}

/// Copies a folder with its modes; links stay links. `except` is left out: the models' own folder
/// may lie within a charm.
fn copy(from: &Path, to: &Path, except: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (source, target) = (entry.path(), to.join(entry.file_name()));
        let kind = entry.file_type()?;
        if kind.is_symlink() {
            unlink(&target)?;
            std::os::unix::fs::symlink(fs::read_link(&source)?, &target)?;
        } else if kind.is_dir() {
            if source.canonicalize()? != except {
                if target.is_symlink() {
                    unlink(&target)?;
                }
                copy(&source, &target, except)?;
            }
        } else if kind.is_file() {
            // A new file rather than new content in the old one, which may be running.
            unlink(&target)?;
            while_none_starts(|| fs::copy(&source, &target))?;
        }
    }
    // Last, because the folder may be read-only.
    fs::set_permissions(
        to,
        fs::Permissions::from_mode(from.metadata()?.permissions().mode() | 0o700),
    )
}

fn unlink(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(_) if path.is_dir() && !path.is_symlink() => fs::remove_dir_all(path),
        other => other,
    }
}

/// Removes from a folder the files that another one has.
fn remove_listed(listed: &Path, from: &Path) -> io::Result<()> {
    if !listed.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(listed)? {
        let entry = entry?;
        let target = from.join(entry.file_name());
        if entry.file_type()?.is_dir() && !target.is_symlink() {
            remove_listed(&entry.path(), &target)?;
            // Fails, as it should, for a folder in which a hook left something.
            let _ = fs::remove_dir(&target);
        } else if !target.is_dir() {
            unlink(&target)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_keep_links_and_modes() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("from"), folder.path().join("to"));
        fs::create_dir_all(from.join("bin")).unwrap();
        fs::write(from.join("bin/run"), "x").unwrap();
        fs::set_permissions(from.join("bin/run"), fs::Permissions::from_mode(0o755)).unwrap();
        std::os::unix::fs::symlink("bin/run", from.join("dispatch")).unwrap();
        copy(&from, &to, Path::new("/nowhere")).unwrap();
        assert_eq!(
            fs::read_link(to.join("dispatch")).unwrap(),
            Path::new("bin/run")
        );
        assert_eq!(
            to.join("dispatch").metadata().unwrap().permissions().mode() & 0o777,
            0o755
        );

        fs::write(to.join("left-by-a-hook"), "y").unwrap();
        remove_listed(&from, &to).unwrap();
        let left: Vec<_> = fs::read_dir(&to)
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        assert_eq!(left, ["left-by-a-hook"]);
    }
}
