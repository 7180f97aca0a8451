//! Errors of Go's os package.

use crate::refusals;
use crate::surroundings;
use std::io;

/// A path with a home in the place of `~` or `~user`, as the agent knows them (`NormalizePath` of
/// juju/utils).
pub(crate) fn normal_path(path: &str) -> Result<String, String> {
    let home = || surroundings::variable("HOME").and_then(|home| home.into_string().ok());
    let users = || std::fs::read_to_string("/etc/passwd").unwrap_or_default();
    at_home(path, home, users)
}

fn at_home(
    path: &str,
    home: impl FnOnce() -> Option<String>,
    users: impl FnOnce() -> String,
) -> Result<String, String> {
    let Some(path) = path.strip_prefix('~') else {
        return Ok(path.to_owned());
    };
    let (user, rest) = path.split_at(path.find('/').unwrap_or(path.len()));
    if user.is_empty() {
        return Ok(home().unwrap_or_default() + rest);
    }
    let users = users();
    let mut users = users
        .lines()
        .map(|line| line.split(':').collect::<Vec<_>>());
    let found = users.find(|fields| fields[0] == user);
    match found.as_deref() {
        Some([_, _, _, _, _, home, ..]) => Ok(format!("{home}{rest}")),
        _ => Err(refusals::unknown_user(user)),
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn homes() {
        let home = || Some("/home/me".to_owned());
        let users = || "root:x:0:0:root:/root:/bin/sh\nbad\n".to_owned();
        for (path, outcome) in [
            ("/a/~/b", Ok("/a/~/b")),
            ("~", Ok("/home/me")),
            ("~/a", Ok("/home/me/a")),
            ("~root/a", Ok("/root/a")),
            ("~bad/a", Err("no such user: user: unknown user bad")),
            ("~you", Err("no such user: user: unknown user you")),
        ] {
            let expected = outcome.map(str::to_owned).map_err(str::to_owned);
            assert_eq!(at_home(path, home, users), expected, "{path}");
        }
    }
}
