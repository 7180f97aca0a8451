//! The story of the README, played by the built charm: deploy, configure,
//! integrate with a stand-in for Charmed Kratos, ask for the redirect URI.
//!
//! `cargo demo` runs it. It prints each command before its output; the commands
//! are those of `juju` but for the name.

use std::error::Error;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

/// The application's commands, in order.
const STORY: [(&str, &[&str]); 8] = [
    (
        "A fresh application is blocked, and says what it needs.",
        &["deploy", "./kratos-external-idp-integrator", "idp"],
    ),
    ("", &["status"]),
    (
        "Kratos is here already, under a URL that users reach.",
        &[
            "deploy",
            "./kratos",
            "kratos",
            "--config",
            "public-url=https://iam.example.com",
        ],
    ),
    (
        "Give the charm the OAuth client that you registered at the provider.",
        &[
            "config",
            "idp",
            "provider=google",
            "client_id=1234.apps.googleusercontent.com",
            "client_secret=GOCSPX-example",
            "label=Google",
        ],
    ),
    ("", &["status"]),
    ("Integrate it with Kratos.", &["integrate", "idp", "kratos"]),
    ("", &["status"]),
    (
        "The redirect URI is what to register at the provider.",
        &["run", "idp/0", "get-redirect-uri"],
    ),
];

fn main() -> Result<(), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let built = build()?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    stage(
        &folder.path().join(env!("CARGO_PKG_NAME")),
        &built.join(env!("CARGO_PKG_NAME")),
        &["metadata.yaml", "config.yaml", "actions.yaml"].map(|file| root.join(file)),
    )?;
    stage(
        &folder.path().join("kratos"),
        &built.join("examples/requirer"),
        &["metadata.yaml", "config.yaml"].map(|file| root.join("examples/requirer").join(file)),
    )?;
    for (why, arguments) in STORY {
        play(folder.path(), &built.join("juju-sandbox"), why, arguments)?;
    }
    Ok(())
}

/// Builds everything that the story needs, and says where it is.
#[expect(clippy::disallowed_methods, reason = "the demo starts what it shows")]
fn build() -> Result<PathBuf, Box<dyn Error>> {
    let status = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args([
            "build",
            "--quiet",
            "--locked",
            "--workspace",
            "--bins",
            "--example",
            "requirer",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()?;
    if !status.success() {
        return Err("the charm does not build".into());
    }
    // This program is examples/demo beside them.
    let examples = env::current_exe()?;
    Ok(examples
        .ancestors()
        .nth(2)
        .ok_or("this program has no folder")?
        .to_owned())
}

/// Makes a charm's folder: its YAML files, and `dispatch`.
fn stage(charm: &Path, dispatch: &Path, files: &[PathBuf]) -> Result<(), Box<dyn Error>> {
    fs::create_dir(charm)?;
    symlink(dispatch, charm.join("dispatch"))?;
    for file in files {
        fs::copy(
            file,
            charm.join(file.file_name().ok_or("a file without a name")?),
        )?;
    }
    Ok(())
}

/// Prints one command, runs it, and stops the story if it fails.
#[expect(clippy::disallowed_methods, reason = "the demo starts what it shows")]
#[expect(clippy::print_stdout, reason = "the demo is there to be read")]
fn play(
    folder: &Path,
    sandbox: &Path,
    why: &str,
    arguments: &[&str],
) -> Result<(), Box<dyn Error>> {
    if !why.is_empty() {
        println!("\n# {why}");
    }
    println!("$ juju-sandbox {}", arguments.join(" "));
    let status = Command::new(sandbox)
        .args(arguments)
        .current_dir(folder)
        .status()?;
    if status.success() {
        Ok(())
    } else {
        Err("the command failed".into())
    }
}
