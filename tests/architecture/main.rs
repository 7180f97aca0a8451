//! The picture of the workspace: which file of a crate imports which, which crate depends on which,
//! and how long a file is.
//!
//! Nothing else watches over it: the compiler does not mind circles of modules, and each is small
//! when it is made. A file outside of all circles can be read, tested and moved together with only
//! what it imports.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod cases;
mod imports;
mod modules;
mod packages;
mod picture;

use crate::packages::{packages, refused_arrows, workspace};

/// The most lines of code in a file: what one reads in one go, and still knows the start of.
const MOST_LINES: usize = 400;

/// Prints all imports if there is a circle: where to cut is a question of what is round it.
#[test]
fn no_file_imports_itself_in_a_circle() {
    let picture = workspace();
    let mut found = Vec::new();
    for (files, round) in picture.circles() {
        found.push(format!("\n{} files all lead to each other:", files.len()));
        for (file, next) in round.iter().zip(round.iter().cycle().skip(1)) {
            let path = &picture.imports[*file][*next];
            found.push(format!("  {file} -> {next} by {path}"));
        }
        found.push(format!("  all: {}", Vec::from_iter(files).join(" ")));
    }
    if !found.is_empty() {
        for (file, imports) in &picture.imports {
            println!("{file}");
            for (target, path) in imports {
                println!("  -> {target} by {path}");
            }
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn crates_import_downwards_only() {
    let packages = packages();
    let manifests: Vec<&str> = packages.values().map(String::as_str).collect();
    assert_eq!(refused_arrows(&manifests), Vec::<String>::new());
}

#[test]
fn no_file_is_long() {
    let mut lines = workspace().lines;
    lines.retain(|_, count| *count > MOST_LINES);
    assert!(
        lines.is_empty(),
        "more than {MOST_LINES} lines of code: {lines:#?}"
    );
}
