//! The packages of the workspace, and which of them may stand on which.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::modules::Sources;
use crate::picture::Picture;

/// The crates of the workspace, each with those that it may stand on. An arrow that is not here
/// needs a reason first: most often, what it is for belongs in the lower crate.
const ALLOWED: &str = "
    kratos-external-idp-integrator: external-provider oauth doctor juju-hook
    doctor: external-provider juju-hook
    external-provider: juju-hook
    oauth: juju-hook
    juju-hook:
    juju-sandbox:
    minimal-op:
";

/// The folders of the packages, as prefixes, and their manifests: the root, and those in `crates/`.
pub(crate) fn packages() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let entries = fs::read_dir(root.join("crates")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let folders = names.map(|name| format!("crates/{name}/"));
    let folders = folders.chain([String::new()]).filter_map(|folder| {
        let manifest = fs::read_to_string(root.join(&folder).join("Cargo.toml")).ok()?;
        Some((folder, manifest))
    });
    folders.collect()
}

/// The lines of one section of a manifest, as keys and values: as much of TOML as ours have.
fn section<'a>(manifest: &'a str, header: &str) -> Vec<(&'a str, &'a str)> {
    let mut sections = manifest
        .split("\n[")
        .map(|text| text.trim_start_matches('['));
    let found = sections.find_map(|text| text.strip_prefix(header)?.strip_prefix(']'));
    let lines = found.unwrap_or_default().lines();
    let pairs = lines.filter_map(|line| line.split_once(['.', ' ', '=']));
    pairs.collect()
}

fn name_of(manifest: &str) -> &str {
    let package = section(manifest, "package");
    let name = package.iter().find(|(key, _)| *key == "name").unwrap().1;
    name.trim_matches(['=', ' ', '"'])
}

/// The dependencies between the packages that `ALLOWED` does not have.
pub(crate) fn refused_arrows(manifests: &[&str]) -> Vec<String> {
    let mut refused = Vec::new();
    for manifest in manifests {
        let name = name_of(manifest);
        // `section` would not see such a one.
        let is_apart = manifest.contains("\n[dependencies.");
        assert!(
            !is_apart,
            "{name}: a dependency is a line of [dependencies]"
        );
        let mut table = ALLOWED
            .lines()
            .filter_map(|line| line.trim().split_once(':'));
        let Some((_, allowed)) = table.find(|(known, _)| *known == name) else {
            refused.push(format!("{name} is not in the table"));
            continue;
        };
        for other in manifests.iter().map(|other| name_of(other)) {
            let mut dependencies = section(manifest, "dependencies").into_iter();
            let is_allowed = allowed.split(' ').any(|allowed| allowed == other);
            if dependencies.any(|(key, _)| key == other) && !is_allowed {
                refused.push(format!("{name} -> {other}"));
            }
        }
    }
    refused
}

fn read_sources(folder: &Path, sources: &mut Sources) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_sources(&path, sources);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap();
            let text = fs::read_to_string(&path).unwrap();
            sources.insert(name.to_str().unwrap().to_owned(), text);
        }
    }
}

/// Draws the files that are there.
pub(crate) fn workspace() -> Picture {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut picture = Picture::default();
    for (folder, manifest) in packages() {
        let src = format!("{folder}src");
        let mut sources = Sources::new();
        read_sources(&root.join(&src), &mut sources);
        picture.add(name_of(&manifest), &src, &sources);
    }
    picture
}
