//! The model's folder.
//!
//! ```text
//! state.json                  everything that the model remembers
//! charms/idp-1/               a charm's files, as they were deployed or refreshed
//! agents/unit-idp-0/charm/    a unit's own copy: the charm directory of its hooks
//! agents/unit-idp-0/resources a unit's copies of resources
//! resources/idp/data          the content of a resource
//! storage/data/0/             a file system, whichever unit has it
//! tools/unit-idp-0/           links to the hook tools, recreated for each hook
//! ```

use crate::charm::Package;
use crate::error::Error;
use crate::names;
use crate::state::State;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

/// The file that holds the state.
pub(crate) const STATE: &str = "state.json";
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
            .map_err(Error::State),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(Error::io(format!("read {}", path.display()))(error)),
    }
}

/// The model's folder; only its owner can read it.
#[derive(Debug)]
pub(crate) struct Folder {
    root: PathBuf,
}

impl Folder {
    /// The folder, which is created if it does not exist.
    pub(crate) fn create(root: &Path) -> Result<Self, Error> {
        let doing = || Error::io(format!("create the folder {}", root.display()));
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(root)
            .map_err(doing())?;
        // Hooks run in their charm directory: a relative path would mean another folder there.
        Ok(Self {
            root: root.canonicalize().map_err(doing())?,
        })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn has_state(&self) -> bool {
        self.root.join(STATE).exists()
    }

    pub(crate) fn load(&self) -> Result<State, Error> {
        let path = self.root.join(STATE);
        let text = fs::read(&path).map_err(Error::io(format!("read {}", path.display())))?;
        serde_json::from_slice(&text).map_err(Error::State)
    }

    pub(crate) fn save(&self, state: &State) -> Result<(), Error> {
        let path = self.root.join(STATE);
        let doing = || Error::io(format!("write {}", path.display()));
        // A temporary file is readable only by its owner, and stays so when it is renamed.
        let mut file = tempfile::NamedTempFile::new_in(&self.root).map_err(doing())?;
        let text = serde_json::to_vec(state).map_err(Error::State)?;
        file.write_all(&text).map_err(doing())?;
        file.persist(&path)
            .map(drop)
            .map_err(|error| doing()(error.error))
    }

    /// Removes what this module made, and nothing else that may be there.
    pub(crate) fn destroy(&self) -> Result<(), Error> {
        let doing = || Error::io(format!("remove the model in {}", self.root.display()));
        for folder in ["agents", "charms", "resources", "tools"] {
            remove(&self.root.join(folder)).map_err(doing())?;
        }
        unlink(&self.root.join(STATE)).map_err(doing())?;
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
        if let Some(before) = before {
            remove_listed(&self.charm(application, before), &to).map_err(doing())?;
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
        fs::write(folder.join(name), content).map_err(doing())
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
