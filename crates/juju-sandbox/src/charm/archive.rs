//! Packed charms, which are zip archives (`charm.ReadCharmArchive`). Source of the format:
//! PKWARE's `APPNOTE.TXT`, sections 4.3 and 4.5.

use super::error::CharmError;
use crate::refusals;
use std::fs;
use std::io;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Component, Path, PathBuf};
use tempfile::TempDir;

/// The record at the end of an archive: its signature, and its length without a comment.
const END: (&[u8], usize) = (b"PK\x05\x06", 22);
/// The same of an entry in the directory, without its name.
const ENTRY: (&[u8], usize) = (b"PK\x01\x02", 46);
/// The same of the header in front of a file's bytes.
const HEADER: (&[u8], usize) = (b"PK\x03\x04", 30);
/// Bits of a Unix mode: what kind of file it is, and that of a link.
const KIND: u32 = 0o170_000;
const LINK: u32 = 0o120_000;

/// A charm's directory: the one that was given, or that of an archive's content, for as long as this
/// lives.
#[derive(Debug)]
pub(crate) struct CharmFolder {
    path: PathBuf,
    _unpacked: Option<TempDir>,
}

impl CharmFolder {
    /// The directory of a charm, which may be packed.
    pub(crate) fn open(charm: &Path) -> Result<Self, CharmError> {
        if !charm.is_file() {
            return Ok(Self {
                path: charm.to_owned(),
                _unpacked: None,
            });
        }
        let failed = |source| CharmError::Read {
            path: charm.to_owned(),
            source,
        };
        let bytes = fs::read(charm).map_err(failed)?;
        let folder = tempfile::Builder::new()
            .prefix("juju-charm-")
            .tempdir()
            .map_err(failed)?;
        let invalid = |reason: &str| {
            CharmError::Invalid(refusals::not_a_charm_archive(charm.display(), reason))
        };
        for entry in entries(&bytes).ok_or_else(|| invalid("it is not a zip archive"))? {
            let entry = entry.ok_or_else(|| invalid("the archive is damaged"))?;
            entry.write(folder.path()).map_err(failed)?;
        }
        Ok(Self {
            path: folder.path().to_owned(),
            _unpacked: Some(folder),
        })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

/// One file, link or folder in an archive.
struct Entry {
    name: String,
    mode: u32,
    content: Vec<u8>,
}

impl Entry {
    fn write(&self, root: &Path) -> io::Result<()> {
        let name = Path::new(&self.name);
        // Nothing outside of the folder.
        if !name
            .components()
            .all(|part| matches!(part, Component::Normal(_)))
        {
            return Err(io::Error::other(format!("{} leads out of it", self.name)));
        }
        let path = root.join(name);
        if self.name.ends_with('/') {
            return fs::create_dir_all(path);
        }
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        if self.mode & KIND == LINK {
            return symlink(String::from_utf8_lossy(&self.content).as_ref(), path);
        }
        fs::write(&path, &self.content)?;
        let mode = match self.mode & 0o777 {
            0 => 0o644,
            mode => mode,
        };
        fs::set_permissions(&path, fs::Permissions::from_mode(mode))
    }
}

/// The entries in the directory of an archive, each `None` if it cannot be read; `None` if there is
/// no directory. Archives of more than 4 GB or 65535 files are not read.
fn entries(archive: &[u8]) -> Option<impl Iterator<Item = Option<Entry>>> {
    // A comment may follow, of which Juju's tools write none: the last signature counts.
    let end = archive
        .windows(END.0.len())
        .rposition(|window| window == END.0)?;
    let end = archive.get(end..end + END.1)?;
    let count = number(end, 10, 2)?;
    let mut at = number(end, 16, 4)?;
    Some((0..count).map(move |_| {
        let (entry, length) = entry(archive, at)?;
        at += length;
        Some(entry)
    }))
}

/// The entry at a place in the directory, and its length there.
fn entry(archive: &[u8], at: usize) -> Option<(Entry, usize)> {
    let fixed = archive.get(at..at.checked_add(ENTRY.1)?)?;
    if !fixed.starts_with(ENTRY.0) {
        return None;
    }
    let method = number(fixed, 10, 2)?;
    let (packed, size) = (number(fixed, 20, 4)?, number(fixed, 24, 4)?);
    let name_length = number(fixed, 28, 2)?;
    let length = ENTRY.1 + name_length + number(fixed, 30, 2)? + number(fixed, 32, 2)?;
    let mode = u32::try_from(number(fixed, 38, 4)?).ok()? >> 16;
    let header_at = number(fixed, 42, 4)?;
    let name = archive.get(at + ENTRY.1..)?.get(..name_length)?;

    let header = archive.get(header_at..)?.get(..HEADER.1)?;
    if !header.starts_with(HEADER.0) {
        return None;
    }
    let content_at = header_at + HEADER.1 + number(header, 26, 2)? + number(header, 28, 2)?;
    let bytes = archive.get(content_at..)?.get(..packed)?;
    let content = match method {
        0 => bytes.to_vec(),
        8 => miniz_oxide::inflate::decompress_to_vec_with_limit(bytes, size).ok()?,
        _ => return None,
    };
    let entry = Entry {
        name: String::from_utf8(name.to_vec()).ok()?,
        mode,
        content,
    };
    (entry.content.len() == size).then_some((entry, length))
}

/// A number of two or four bytes, the least significant first.
fn number(record: &[u8], at: usize, length: usize) -> Option<usize> {
    let bytes = record.get(at..at + length)?;
    Some(
        bytes
            .iter()
            .rev()
            .fold(0, |number, byte| number << 8 | usize::from(*byte)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An archive of one file, not compressed.
    fn archive(name: &str, mode: u32, content: &[u8]) -> Vec<u8> {
        let word = |number: usize| u16::try_from(number).unwrap().to_le_bytes();
        let long = |number: usize| u32::try_from(number).unwrap().to_le_bytes();
        let mut bytes = HEADER.0.to_vec();
        bytes.resize(26, 0);
        bytes.extend([word(name.len()), word(0)].concat());
        bytes.extend(name.as_bytes());
        bytes.extend(content);
        let directory = bytes.len();
        bytes.extend(ENTRY.0);
        bytes.resize(directory + 20, 0);
        bytes.extend([long(content.len()), long(content.len())].concat());
        bytes.extend(word(name.len()));
        bytes.resize(directory + 38, 0);
        bytes.extend((mode << 16).to_le_bytes());
        bytes.extend(long(0));
        bytes.extend(name.as_bytes());
        let end = bytes.len();
        bytes.extend(END.0);
        bytes.resize(end + 10, 0);
        bytes.extend(word(1));
        bytes.extend([long(end - directory), long(directory)].concat());
        bytes.extend(word(0));
        bytes
    }

    #[test]
    fn unpacking() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.charm");
        let open = |bytes: &[u8]| {
            fs::write(&path, bytes).unwrap();
            CharmFolder::open(&path)
        };
        let charm = open(&archive("hooks/install", 0o100_755, b"#!/bin/sh\n")).unwrap();
        let file = charm.path().join("hooks/install");
        assert_eq!(fs::read(&file).unwrap(), b"#!/bin/sh\n");
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o755);
        let unpacked = charm.path().to_owned();
        drop(charm);
        assert!(!unpacked.exists());

        let link = open(&archive("dispatch", LINK | 0o777, b"bin/run")).unwrap();
        let target = fs::read_link(link.path().join("dispatch")).unwrap();
        assert_eq!(target, Path::new("bin/run"));

        for (name, bytes) in [
            ("nothing", Vec::new()),
            ("no archive", b"name: x".to_vec()),
            ("a way out", archive("../x", 0o100_644, b"")),
            ("an absolute path", archive("/tmp/x", 0o100_644, b"")),
        ] {
            assert!(open(&bytes).is_err(), "{name}");
        }
        let mut cut = archive("file", 0o100_644, b"content");
        cut.drain(30..35);
        assert!(open(&cut).is_err());
    }
}
