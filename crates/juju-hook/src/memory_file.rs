//! A file for another process to read that is on no disk and has no name.

use std::fs::File;
use std::io::{self, Write as _};
use std::os::fd::AsRawFd as _;

use rustix::fs::{MemfdFlags, Mode};

/// Content for a hook tool that takes it only from a file.
///
/// The unit's agent opens the file, not the tool. It is memory of this process,
/// reached through `/proc`, which lets in root and this process' own user: the
/// agent is one of them. The kernel takes it back when the process ends, however it
/// ends, so that nothing is left over to find.
#[derive(Debug)]
pub(super) struct MemoryFile(File);

impl MemoryFile {
    /// A file that holds `content`.
    pub(super) fn new(content: &str) -> io::Result<Self> {
        let file = File::from(rustix::fs::memfd_create("secret", MemfdFlags::CLOEXEC)?);
        rustix::fs::fchmod(&file, Mode::RUSR | Mode::WUSR)?;
        (&file).write_all(content.as_bytes())?;
        Ok(Self(file))
    }

    /// Where other processes find it, as long as this value lives.
    pub(super) fn path(&self) -> String {
        format!("/proc/{}/fd/{}", std::process::id(), self.0.as_raw_fd())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn the_content_is_there_to_read_and_gone_afterwards() {
        let file = MemoryFile::new("hunter2\n").unwrap();
        let path = file.path();
        assert_eq!(fs::read_to_string(&path).unwrap(), "hunter2\n");
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        drop(file);
        assert!(fs::read_to_string(&path).is_err());
    }
}
