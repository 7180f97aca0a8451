//! Errors of Go's os package.

use crate::refusals;
use std::io;

/// A failed open, as Go's os package words it.
pub(crate) fn open_error(path: &str, error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::IsADirectory => refusals::is_directory(path),
        _ => refusals::cannot_open(path, os_reason(error)),
    }
}

/// Why the system refused something (`syscall.Errno`).
pub(crate) fn os_reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file or directory".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => error.to_string(),
    }
}
