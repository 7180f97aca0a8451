//! The state folder: the models in it, and which of them is current.
//!
//! ```text
//! state.json, charms/, …      the first model, as `folder.rs` lays it out
//! models/NAME/                each further model, laid out in the same way
//! current                     the name of the current model; empty if there is none
//! juju-sandbox-models.lock    locked by whoever adds or removes a model, or makes one current
//! ```
//!
//! Most people have one model, so that one has the folder to itself, and is current for as long as
//! nobody says otherwise.

use crate::error::Error;
use crate::folder::{self, Folder};
use crate::lock::{Asker, Lock};
use crate::names;
use crate::refusals;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The file with the current model's name.
const CURRENT: &str = "current";

/// The file that holds the next one, until it is complete.
const NEXT_CURRENT: &str = "current.new";
/// The file that is locked.
const LOCK: &str = "juju-sandbox-models.lock";

/// The models of a state folder.
#[derive(Debug)]
pub(crate) struct Models {
    root: PathBuf,
}

impl Models {
    /// The folder, which does not have to exist.
    pub(crate) fn of(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
        }
    }

    /// Keeps others from adding and removing models, and from making one current. Who needs a
    /// model's own lock, too, takes that first, unless the model is new.
    pub(crate) fn lock(&self, asker: Asker<'_>) -> Result<Lock, Error> {
        let (lock, current) = (self.root.join(LOCK), self.root.join(CURRENT));
        if !lock.exists() && current.exists() && self.is_empty()? {
            return Err(Error::Refused(refusals::place_taken(current.display())));
        }
        loop {
            Folder::create(&self.root, false)?;
            match Lock::take(&self.root.join(LOCK), asker) {
                // Somebody has just removed the last model, and the folder with it.
                Err(Error::Io { source, .. }) if source.kind() == io::ErrorKind::NotFound => {}
                other => return other,
            }
        }
    }

    /// Each model's folder, by the model's name.
    pub(crate) fn all(&self) -> Result<BTreeMap<String, PathBuf>, Error> {
        let mut all = self.others()?;
        if let Some(name) = folder::model_name(&self.root)? {
            all.insert(name, self.root.clone());
        }
        Ok(all)
    }

    /// Whether there are none.
    pub(crate) fn is_empty(&self) -> Result<bool, Error> {
        Ok(!holds_model(&self.root) && self.others()?.is_empty())
    }

    /// All but the first.
    fn others(&self) -> Result<BTreeMap<String, PathBuf>, Error> {
        let folder = self.root.join(folder::MODELS);
        let doing = || Error::io(format!("list {}", folder.display()));
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(BTreeMap::new()),
            Err(error) => return Err(doing()(error)),
        };
        let mut others = BTreeMap::new();
        for entry in entries {
            let entry = entry.map_err(doing())?;
            if holds_model(&entry.path()) {
                let name = entry.file_name().to_string_lossy().into_owned();
                others.insert(name, entry.path());
            }
        }
        Ok(others)
    }

    /// What the file says about the current model: `None` if there is no such file, and an empty
    /// name if there is no current model.
    fn chosen(&self) -> Result<Option<String>, Error> {
        let path = self.root.join(CURRENT);
        match fs::read_to_string(&path) {
            Ok(name) => Ok(Some(name.trim().to_owned())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Error::io(format!("read {}", path.display()))(error)),
        }
    }

    /// The current model's name, if there is one.
    pub(crate) fn current(&self) -> Result<Option<String>, Error> {
        match self.chosen()? {
            Some(name) => Ok(Some(name).filter(|name| !name.is_empty())),
            None => folder::model_name(&self.root),
        }
    }

    /// The folder of a model, or of the current one if none is named.
    pub(crate) fn folder(&self, name: Option<&str>) -> Result<PathBuf, Error> {
        if name.is_none() && self.is_empty()? {
            let root = self.root.to_string_lossy();
            return Err(Error::not_found("model in", &root));
        }
        let chosen = self.chosen()?;
        let name = match (name, &chosen) {
            (Some(name), _) => name,
            (None, Some(chosen)) if !chosen.is_empty() => chosen,
            // Its name is in a file that is large, and does not matter here.
            (None, None) if holds_model(&self.root) => return Ok(self.root.clone()),
            (None, _) => return Err(Error::Refused(refusals::no_current_model())),
        };
        let other = self.root.join(folder::MODELS).join(name);
        if names::is_model(name) && holds_model(&other) {
            return Ok(other);
        }
        if folder::model_name(&self.root)?.as_deref() == Some(name) {
            return Ok(self.root.clone());
        }
        Err(Error::Refused(refusals::model_not_found(name)))
    }

    /// The folder for a new model. One that does not become current leaves the state folder itself
    /// to the first one that does.
    pub(crate) fn folder_for(&self, name: &str, becomes_current: bool) -> Result<PathBuf, Error> {
        if self.all()?.contains_key(name) {
            return Err(Error::Refused(refusals::model_exists(name)));
        }
        Ok(if becomes_current && !holds_model(&self.root) {
            self.root.clone()
        } else {
            self.root.join(folder::MODELS).join(name)
        })
    }

    /// Makes a model the current one; without a name, none is.
    pub(crate) fn switch(&self, name: Option<&str>) -> Result<(), Error> {
        let path = self.root.join(CURRENT);
        // Renamed, so that whoever reads it meanwhile finds one name or the other.
        let next = self.root.join(NEXT_CURRENT);
        fs::write(&next, name.unwrap_or_default())
            .and_then(|()| fs::rename(&next, &path))
            .map_err(Error::io(format!("write {}", path.display())))
    }

    /// To be called before a model is removed: it is no longer current.
    pub(crate) fn leave(&self, name: &str) -> Result<(), Error> {
        let all = self.all()?;
        if all.keys().any(|other| other != name) {
            if self.current()?.as_deref() == Some(name) {
                self.switch(None)?;
            }
            return Ok(());
        }
        for file in [CURRENT, NEXT_CURRENT] {
            let path = self.root.join(file);
            match fs::remove_file(&path) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => {
                    return Err(Error::io(format!("remove {}", path.display()))(error));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// To be called when a model has been removed: with the last one goes the folder, if nothing
    /// else is in it.
    pub(crate) fn tidy(&self, lock: Lock) -> Result<(), Error> {
        if !self.is_empty()? {
            return Ok(());
        }
        lock.remove()?;
        // Both fail, as they should, if there is anything else in them.
        let _ = fs::remove_dir(self.root.join(folder::MODELS));
        let _ = fs::remove_dir(&self.root);
        Ok(())
    }
}

fn holds_model(folder: &Path) -> bool {
    folder.join(folder::STATE).exists()
}

/// The name in `[<controller>:][<user>/]<model>`; there are one controller and one user here.
pub(crate) fn name_of(reference: &str) -> &str {
    let model = reference
        .rsplit_once(':')
        .map_or(reference, |(_, model)| model);
    model.rsplit_once('/').map_or(model, |(_, model)| model)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references() {
        for reference in ["m", "admin/m", "juju-sandbox:m", "juju-sandbox:admin/m"] {
            assert_eq!(name_of(reference), "m", "{reference}");
        }
    }
}
