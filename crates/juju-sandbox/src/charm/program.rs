//! Whether a charm has anything to run.

use std::io;
use std::path::Path;

/// What a charm's files leave to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Program {
    /// `dispatch` or hooks.
    Some,
    /// Nothing, but Juju takes the charm: each of its hooks is skipped.
    Overlooked,
    /// Nothing, and Juju refuses the charm.
    None,
}

/// The hooks that are not about something with a name in front.
const HOOKS: [&str; 17] = [
    "install",
    "start",
    "stop",
    "remove",
    "config-changed",
    "update-status",
    "upgrade-charm",
    "leader-elected",
    "leader-deposed",
    "leader-settings-changed",
    "secret-changed",
    "secret-rotate",
    "secret-expired",
    "secret-remove",
    "collect-metrics",
    "pre-series-upgrade",
    "post-series-upgrade",
];

impl Program {
    /// Looks at a charm's folder.
    pub(super) fn of(folder: &Path) -> io::Result<Self> {
        let hooks = match folder.join("hooks").read_dir() {
            Ok(hooks) => hooks.collect::<io::Result<Vec<_>>>()?,
            Err(_) => Vec::new(),
        };
        let has_hook = hooks
            .iter()
            .any(|hook| is_hook(&hook.file_name().to_string_lossy()));
        if has_hook || folder.join("dispatch").exists() {
            return Ok(Self::Some);
        }
        let mut counted = 0;
        if is_taken(folder, "", &mut counted)? {
            return Ok(Self::Overlooked);
        }
        Ok(Self::None)
    }
}

fn is_hook(file: &str) -> bool {
    let about = ["-relation-", "-storage-", "-pebble-"];
    HOOKS.contains(&file) || about.iter().any(|about| file.contains(about))
}

/// Whether Juju takes the files for those of a charm: there is `dispatch` in a name, or `hooks/` in
/// two of them, wherever that is (`hasHooksFolderOrDispatchFile` in
/// `api/client/charms/localcharmclient.go`).
fn is_taken(folder: &Path, name: &str, counted: &mut usize) -> io::Result<bool> {
    for entry in folder.read_dir()? {
        let entry = entry?;
        let file = entry.file_name().to_string_lossy().into_owned();
        if file.starts_with('.') {
            continue;
        }
        let is_folder = entry.file_type()?.is_dir();
        let name = format!("{name}{file}{}", if is_folder { "/" } else { "" });
        *counted += usize::from(name.contains("hooks/"));
        if *counted > 1 || name.contains("dispatch") {
            return Ok(true);
        }
        if is_folder && is_taken(&entry.path(), &name, counted)? {
            return Ok(true);
        }
    }
    Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn programs() {
        for (name, files, expected) in [
            ("dispatch", &["dispatch"][..], Program::Some),
            ("a hook", &["hooks/install"], Program::Some),
            (
                "a relation's hook",
                &["hooks/db-relation-joined"],
                Program::Some,
            ),
            (
                "no hook among hooks",
                &["hooks/README"],
                Program::Overlooked,
            ),
            (
                "hooks elsewhere",
                &["src/webhooks/a", "src/b"],
                Program::Overlooked,
            ),
            (
                "dispatch elsewhere",
                &["src/dispatcher.py"],
                Program::Overlooked,
            ),
            ("only a source", &["src/charm.py"], Program::None),
            ("hidden", &[".git/hooks/install"], Program::None),
            ("nothing", &[], Program::None),
        ] {
            let folder = tempfile::tempdir().unwrap();
            for file in files {
                let path = folder.path().join(file);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, "").unwrap();
            }
            assert_eq!(Program::of(folder.path()).unwrap(), expected, "{name}");
        }
    }
}
