//! A packed charm: a zip archive. Source of the rules: `zip/zip.go` of `juju/utils`, and
//! `charmarchive.go` of `juju/charm`.

use super::error::CharmError;
use crate::refusals;
use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Component, Path};
use zip::ZipArchive;
use zip::read::ZipFile;

/// The bits of a mode that say what kind of file it is, and the value for a symbolic link.
const KIND: u32 = 0o170_000;
const SYMLINK: u32 = 0o120_000;

/// Unpacks an archive into a folder, with the modes of files, and links as links.
///
/// Nothing is written outside the folder. Juju cuts `../` off from names; here they are refused,
/// because a charm that has them is broken.
pub(super) fn unpack(archive: &Path, to: &Path) -> Result<(), CharmError> {
    let cannot_read = |source| CharmError::Read {
        path: archive.to_owned(),
        source,
    };
    let not_zip = || CharmError::Invalid(refusals::not_zip(archive.display()));
    let file = File::open(archive).map_err(cannot_read)?;
    let mut zip = ZipArchive::new(file).map_err(|_| not_zip())?;
    if zip.index_for_name("metadata.yaml").is_none() {
        return Err(CharmError::Invalid(refusals::not_in_archive(
            "metadata.yaml",
        )));
    }
    for index in 0..zip.len() {
        let mut entry = zip.by_index(index).map_err(|_| not_zip())?;
        extract(&mut entry, to).map_err(|reason| {
            CharmError::Invalid(refusals::cannot_extract(entry.name(), reason))
        })?;
    }
    make_hooks_executable(&to.join("hooks")).map_err(cannot_read)
}

/// Writes one entry.
fn extract(entry: &mut ZipFile<'_, File>, root: &Path) -> Result<(), String> {
    let name = entry
        .enclosed_name()
        .ok_or_else(|| "its name leads out of the charm".to_owned())?;
    if name.as_os_str().is_empty() {
        return Ok(());
    }
    let mode = entry.unix_mode();
    let target = root.join(&name);
    check_parents(root, &name)?;
    let mut write = || -> io::Result<()> {
        if entry.is_dir() {
            fs::create_dir_all(&target)?;
            let mode = mode.unwrap_or(0o755) & 0o777 | 0o700;
            return fs::set_permissions(&target, Permissions::from_mode(mode));
        }
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent)?;
        }
        if target.symlink_metadata().is_ok() {
            fs::remove_file(&target)?;
        }
        if mode.is_some_and(|mode| mode & KIND == SYMLINK) {
            let to = io::read_to_string(&mut *entry)?;
            check_symlink(&name, &to).map_err(io::Error::other)?;
            return symlink(to, &target);
        }
        io::copy(entry, &mut File::create_new(&target)?)?;
        let mode = mode.unwrap_or(0o644) & 0o777 | 0o600;
        fs::set_permissions(&target, Permissions::from_mode(mode))
    };
    write().map_err(|error| error.to_string())
}

/// Refuses to write through a link that the archive has made: each link leads to a place within the
/// charm, but two of them together need not.
fn check_parents(root: &Path, name: &Path) -> Result<(), String> {
    let through_link = name
        .ancestors()
        .skip(1)
        .any(|parent| root.join(parent).is_symlink() && !parent.as_os_str().is_empty());
    if through_link {
        return Err("its folder is a symbolic link".into());
    }
    Ok(())
}

/// `checkSymlink`: a link must be relative, and lead to a place within the charm.
fn check_symlink(name: &Path, to: &str) -> Result<(), String> {
    if to.starts_with('/') {
        return Err(refusals::symlink_absolute(to));
    }
    let mut depth = name.components().count() - 1;
    for component in Path::new(to).components() {
        depth = match component {
            Component::Normal(_) => depth + 1,
            Component::ParentDir => depth
                .checked_sub(1)
                .ok_or_else(|| refusals::symlink_out_of_scope(to))?,
            _ => depth,
        };
    }
    Ok(())
}

/// `fixHookFunc`: hooks are executable by their owner, whatever the archive says. Juju does this for
/// the hooks that it may run, and does not run other files.
fn make_hooks_executable(hooks: &Path) -> io::Result<()> {
    let entries = match hooks.read_dir() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        other => other?,
    };
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            let mode = entry.metadata()?.permissions().mode() | 0o100;
            fs::set_permissions(entry.path(), Permissions::from_mode(mode))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use zip::write::SimpleFileOptions;

    /// An entry of an archive.
    #[derive(Clone, Copy)]
    enum Entry {
        File(&'static str, u32),
        Link(&'static str, &'static str),
    }
    use Entry::{File as Plain, Link};

    fn unpacked(entries: &[Entry]) -> Result<tempfile::TempDir, String> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.charm");
        let mut zip = zip::ZipWriter::new(File::create(&path).unwrap());
        for entry in entries {
            let options = SimpleFileOptions::default();
            match *entry {
                Plain(name, mode) => {
                    zip.start_file(name, options.unix_permissions(mode))
                        .unwrap();
                    zip.write_all(b"text").unwrap();
                }
                Link(name, to) => zip.add_symlink(name, to, options).unwrap(),
            }
        }
        zip.finish().unwrap();
        let to = folder.path().join("charm");
        let done = unpack(&path, &to).map_err(|error| error.to_string());
        // Nothing but the charm is beside the archive, whatever happened.
        assert!(folder.path().read_dir().unwrap().count() <= 2);
        done.map(|()| folder)
    }

    #[test]
    fn modes_and_links_are_kept() {
        let folder = unpacked(&[
            Plain("metadata.yaml", 0o644),
            Plain("bin/run", 0o755),
            Link("dispatch", "bin/run"),
            Plain("hooks/install", 0o644),
        ])
        .unwrap();
        let charm = folder.path().join("charm");
        let mode = |name: &str| charm.join(name).metadata().unwrap().permissions().mode() & 0o777;
        assert_eq!(mode("metadata.yaml"), 0o644);
        assert_eq!(mode("bin/run"), 0o755);
        assert_eq!(mode("hooks/install"), 0o744);
        let link = fs::read_link(charm.join("dispatch")).unwrap();
        assert_eq!(link, Path::new("bin/run"));
    }

    #[test]
    fn refusals() {
        struct Case {
            name: &'static str,
            entry: &'static [Entry],
            reason: &'static str,
        }

        for Case {
            name,
            entry,
            reason,
        } in [
            Case {
                name: "a name that climbs",
                entry: &[Plain("../evil", 0o644)],
                reason: "cannot extract \"../evil\": its name leads out of the charm",
            },
            Case {
                name: "an absolute link",
                entry: &[Link("x", "/etc/passwd")],
                reason: "cannot extract \"x\": symlink \"/etc/passwd\" is absolute",
            },
            Case {
                name: "a link that climbs",
                entry: &[Link("a/x", "../../etc")],
                reason: "cannot extract \"a/x\": symlink \"../../etc\" leads out of scope",
            },
            Case {
                name: "a file below a link",
                entry: &[Link("s", "."), Plain("s/x", 0o644)],
                reason: "cannot extract \"s/x\": its folder is a symbolic link",
            },
        ] {
            let entries: Vec<Entry> = [Plain("metadata.yaml", 0o644)]
                .iter()
                .chain(entry)
                .copied()
                .collect();
            assert_eq!(unpacked(&entries).unwrap_err(), reason, "{name}");
        }
        assert_eq!(
            unpacked(&[Plain("a", 0o644)]).unwrap_err(),
            "archive file \"metadata.yaml\" not found"
        );
    }
}
