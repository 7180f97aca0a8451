//! Locks on folders: advisory ones, which end with the process that holds them, however it ends.

use crate::error::Error;
use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;
use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Who asks for a lock.
#[derive(Clone, Copy)]
pub(crate) enum Asker<'a> {
    /// It gives up if somebody else holds the lock: it may be that somebody itself.
    Impatient,
    /// It waits.
    Patient {
        /// What it is doing, for others that have to wait for it.
        command: &'a str,
        /// Told who holds the lock before it waits.
        on_busy: &'a dyn Fn(&str),
    },
}

impl Asker<'_> {
    fn command(self) -> String {
        if let Self::Patient { command, .. } = self {
            return command.to_owned();
        }
        let program = std::env::current_exe().ok();
        let name = program.as_deref().and_then(Path::file_name);
        name.map_or_else(|| "?".into(), |name| name.to_string_lossy().into_owned())
    }
}

/// A lock that is held until this is dropped.
#[derive(Debug)]
pub(crate) struct Lock {
    path: PathBuf,
    /// Whoever has this open holds the lock.
    _file: File,
}

impl Lock {
    /// Takes the lock that a file stands for, which is created if it does not exist.
    pub(crate) fn take(path: &Path, asker: Asker<'_>) -> Result<Self, Error> {
        let doing = || Error::io(format!("lock {}", path.display()));
        loop {
            let mut file = OpenOptions::new()
                .read(true)
                .write(true)
                .create(true)
                .truncate(false)
                .mode(0o600)
                .open(path)
                .map_err(doing())?;
            match flock(&file, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => {}
                Err(Errno::WOULDBLOCK) => {
                    let Asker::Patient { on_busy, .. } = asker else {
                        return Err(Error::InUse {
                            folder: path.parent().unwrap_or(path).display().to_string(),
                            holder: holder(&mut file),
                        });
                    };
                    on_busy(&holder(&mut file));
                    wait(&file).map_err(|error| doing()(error.into()))?;
                }
                Err(error) => return Err(doing()(error.into())),
            }
            // Whoever held it may have removed the file: then another one counts.
            if !is_at(&file, path) {
                continue;
            }
            let holder = format!("{} {}\n", std::process::id(), asker.command());
            file.set_len(0)
                .and_then(|()| file.rewind())
                .and_then(|()| file.write_all(holder.as_bytes()))
                .map_err(doing())?;
            return Ok(Self {
                path: path.to_owned(),
                _file: file,
            });
        }
    }

    /// Ends it for good: what it is about is gone.
    pub(crate) fn remove(self) -> Result<(), Error> {
        std::fs::remove_file(&self.path)
            .map_err(Error::io(format!("remove {}", self.path.display())))
    }
}

fn wait(file: &File) -> Result<(), Errno> {
    loop {
        match flock(file, FlockOperation::LockExclusive) {
            Err(Errno::INTR) => {}
            other => return other,
        }
    }
}

/// Whether a path still leads to an open file.
fn is_at(file: &File, path: &Path) -> bool {
    let place = |metadata: std::fs::Metadata| (metadata.dev(), metadata.ino());
    match (file.metadata(), path.metadata()) {
        (Ok(open), Ok(named)) => place(open) == place(named),
        _ => false,
    }
}

/// What the holder wrote: its process id and what it does. It may not have come to that yet.
fn holder(file: &mut File) -> String {
    let mut text = String::new();
    // A name is all that is missing otherwise.
    let _ = file.read_to_string(&mut text);
    match text.trim().split_once(' ') {
        Some((id, command)) => format!("process {id} ({command})"),
        None => "another process".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_holds_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let waiting = Asker::Patient {
            command: "juju-sandbox deploy",
            on_busy: &|_| {},
        };
        let first = Lock::take(&path, waiting).unwrap();
        let refused = Lock::take(&path, Asker::Impatient).unwrap_err().to_string();
        let holder = format!("process {} (juju-sandbox deploy)", std::process::id());
        assert!(
            refused.ends_with(&format!("is in use by {holder}")),
            "{refused}"
        );
        drop(first);
        Lock::take(&path, Asker::Impatient).unwrap();
    }

    #[test]
    fn who_waits_for_a_file_that_goes_gets_the_new_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lock");
        let first = Lock::take(&path, Asker::Impatient).unwrap();
        let first = std::sync::Mutex::new(Some(first));
        let waiting = Asker::Patient {
            command: "second",
            on_busy: &|_| first.lock().unwrap().take().unwrap().remove().unwrap(),
        };
        let _second = Lock::take(&path, waiting).unwrap();
        // Nobody can take the file that is there now.
        assert!(Lock::take(&path, Asker::Impatient).is_err());
    }
}
