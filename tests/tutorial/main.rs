//! The tutorial, followed line by line as it stands, and the pictures of the pages, drawn again.
//!
//! Both run programs that cargo builds for the tutorial. Cargo runs one test program after another,
//! so in one of their own they replace no program that another test is running.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should stop, and clippy only knows #[test] functions"
)]

mod browser;
mod pictures;
mod walk;

use std::ffi::{OsStr, OsString};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Where cargo builds.
fn target() -> PathBuf {
    // This program is debug/deps/tutorial-… there.
    let test = env::current_exe().unwrap();
    test.ancestors().nth(3).unwrap().to_owned()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads them one by one"
)]
fn variable(name: &str) -> Option<OsString> {
    env::var_os(name)
}

/// `program` without what cargo tells this one: a cargo in there would take it for a reason to build
/// again.
#[expect(clippy::disallowed_methods, reason = "runs what a person would type")]
fn command(program: impl AsRef<OsStr>) -> Command {
    const OF_THIS: [&str; 4] = [
        "CARGO_PKG_",
        "CARGO_MANIFEST_",
        "CARGO_BIN_",
        "CARGO_CRATE_",
    ];

    let mut command = Command::new(program);
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy();
        if OF_THIS.iter().any(|start| name.starts_with(start)) {
            command.env_remove(&*name);
        }
    }
    command
}

/// A port of this machine that nobody uses.
fn free_port() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port().to_string()
}

/// The code blocks in `language`.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let opening = format!("```{language}\n");
    let blocks = page.split(&opening).skip(1);
    blocks
        .map(|rest| rest.split("```").next().unwrap().to_owned())
        .collect()
}
