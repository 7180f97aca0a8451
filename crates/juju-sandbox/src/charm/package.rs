//! A charm as its author has it: packed, as a directory of what would be packed, or as a source
//! tree in which `charmcraft.yaml` says everything.

use super::archive;
use super::contents::Charm;
use super::error::CharmError;
use super::program::Program;
use super::unified::Unified;
use crate::refusals;
use crate::version::Version;
use std::io;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// A charm's files, and what they say.
#[derive(Debug)]
pub(crate) struct Package {
    pub(crate) charm: Charm,
    /// Where its files are.
    pub(crate) folder: PathBuf,
    /// Files that packing would add, by name: those that `charmcraft.yaml` takes the place of.
    pub(crate) added: Vec<(&'static str, String)>,
    /// Whether there is nothing to run, so that each hook is skipped.
    pub(crate) skips_hooks: bool,
    /// Held until the end, because dropping it removes what was unpacked.
    _unpacked: Option<TempDir>,
}

impl Package {
    /// Reads a packed charm or a directory (`charm.ReadCharm`).
    pub(crate) fn open(path: &Path, juju: &Version) -> Result<Self, CharmError> {
        let cannot_read = |source| CharmError::Read {
            path: path.to_owned(),
            source,
        };
        if !path.is_file() {
            return Self::read(path.to_owned(), None, juju);
        }
        let unpacked = tempfile::Builder::new()
            .prefix("juju-sandbox-charm-")
            .tempdir()
            .map_err(cannot_read)?;
        archive::unpack(path, unpacked.path())?;
        Self::read(unpacked.path().to_owned(), Some(unpacked), juju)
    }

    fn read(
        folder: PathBuf,
        unpacked: Option<TempDir>,
        juju: &Version,
    ) -> Result<Self, CharmError> {
        let source = text(&folder.join("charmcraft.yaml"))?.filter(|_| unpacked.is_none());
        let unified = match source.as_deref().map(Unified::parse) {
            // With a metadata.yaml, the rest of the charm need not depend on it.
            Some(Err(_)) if folder.join("metadata.yaml").exists() => None,
            read => read.transpose()?,
        };
        let mut added = Vec::new();
        // A file of its own takes precedence, as when charmcraft packs.
        let mut file = |name| {
            let written = text(&folder.join(name))?;
            let unified = unified.as_ref();
            let made = match &written {
                None => unified.and_then(|unified| unified.file(name)),
                Some(text) if name == "metadata.yaml" => {
                    unified.and_then(|unified| unified.completed(text))
                }
                Some(_) => None,
            };
            added.extend(made.clone().map(|text| (name, text)));
            Ok(made.or(written))
        };
        let metadata =
            file("metadata.yaml")?.ok_or_else(|| CharmError::Invalid(refusals::no_metadata()))?;
        let (config, actions) = (file("config.yaml")?, file("actions.yaml")?);
        let charm = Charm::parse(&metadata, config.as_deref(), actions.as_deref(), juju)?;
        let name = &charm.metadata.name;
        let program = Program::of(&folder).map_err(|source| CharmError::Read {
            path: folder.clone(),
            source,
        })?;
        match (program, source) {
            (Program::Some, _) | (Program::Overlooked, None) => {}
            // Packing leaves charmcraft.yaml out: this has never been packed.
            (_, Some(_)) => {
                return Err(CharmError::Invalid(refusals::not_packed(
                    refusals::no_hooks(name),
                )));
            }
            (Program::None, None) => return Err(CharmError::Invalid(refusals::no_hooks(name))),
        }
        Ok(Self {
            charm,
            folder,
            added,
            skips_hooks: program != Program::Some,
            _unpacked: unpacked,
        })
    }
}

/// A file's text; `None` if there is no such file.
fn text(path: &Path) -> Result<Option<String>, CharmError> {
    match std::fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(CharmError::Read {
            path: path.to_owned(),
            source,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    struct Case {
        name: &'static str,
        files: &'static [(&'static str, &'static str)],
        /// The files that packing adds, or why there is nothing to deploy.
        outcome: Result<&'static [&'static str], &'static str>,
    }

    #[test]
    fn directories() {
        const METADATA: &str = "{name: web, summary: s, description: d}";
        const ALL: &str = "{name: web, summary: s, description: d, config: {options: {}}}";
        for Case {
            name,
            files,
            outcome,
        } in [
            Case {
                name: "as packed",
                files: &[("metadata.yaml", METADATA), ("dispatch", "")],
                outcome: Ok(&[]),
            },
            Case {
                name: "everything in charmcraft.yaml",
                files: &[("charmcraft.yaml", ALL), ("dispatch", "")],
                outcome: Ok(&["metadata.yaml", "config.yaml"]),
            },
            Case {
                name: "only options in charmcraft.yaml",
                files: &[
                    ("metadata.yaml", METADATA),
                    ("charmcraft.yaml", "{config: {options: {}}}"),
                    ("dispatch", ""),
                ],
                outcome: Ok(&["config.yaml"]),
            },
            Case {
                name: "the name in charmcraft.yaml, the rest in metadata.yaml",
                files: &[
                    ("metadata.yaml", "{subordinate: false}"),
                    ("charmcraft.yaml", METADATA),
                    ("dispatch", ""),
                ],
                outcome: Ok(&["metadata.yaml"]),
            },
            Case {
                name: "metadata.yaml beside what cannot be read",
                files: &[
                    ("metadata.yaml", METADATA),
                    ("charmcraft.yaml", "- 1"),
                    ("dispatch", ""),
                ],
                outcome: Ok(&[]),
            },
            Case {
                name: "source of a charm in Python",
                files: &[("charmcraft.yaml", ALL), ("charm.py", "")],
                outcome: Err(
                    "invalid charm \"web\": has no hooks nor dispatch file: build or pack it first, \
                     and deploy the .charm file or what is in it",
                ),
            },
            Case {
                name: "nothing to run",
                files: &[("metadata.yaml", METADATA)],
                outcome: Err("invalid charm \"web\": has no hooks nor dispatch file"),
            },
            Case {
                name: "no charm",
                files: &[],
                outcome: Err("open metadata.yaml: no such file or directory"),
            },
        ] {
            let folder = tempfile::tempdir().unwrap();
            for (file, text) in files {
                fs::write(folder.path().join(file), text).unwrap();
            }
            let opened = Package::open(folder.path(), &"3.6.0".parse().unwrap());
            let seen = opened
                .map(|package| {
                    package
                        .added
                        .iter()
                        .map(|(name, _)| *name)
                        .collect::<Vec<_>>()
                })
                .map_err(|error| error.to_string());
            let wanted = outcome.map(<[_]>::to_vec).map_err(str::to_owned);
            assert_eq!(seen, wanted, "{name}");
        }
    }

    #[test]
    fn not_an_archive() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.charm");
        fs::write(&path, "text").unwrap();
        let error = Package::open(&path, &"3.6.0".parse().unwrap()).unwrap_err();
        let text = error.to_string();
        assert!(
            text.ends_with("x.charm is not a packed charm: zip: not a valid zip file"),
            "{text}"
        );
    }
}
