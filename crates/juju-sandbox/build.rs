//! Compiles the hook-tool client, `src/client/main.rs`, into `OUT_DIR`.
//!
//! Cargo does not build a dependency's binary targets, so a crate that only has `juju-sandbox` as a
//! dev-dependency would have no program to put on a hook's `PATH`. The client needs nothing but
//! std, so one call of the compiler builds it.

use std::path::{Path, PathBuf};

fn main() -> Result<(), String> {
    for source in [
        "src/client/main.rs",
        "src/client/jujuc.rs",
        "src/client/wire.rs",
    ] {
        println!("cargo::rerun-if-changed={source}");
    }
    let client = PathBuf::from(variable("OUT_DIR")?).join("jujuc");
    compile(&client)
}

/// Runs the compiler that Cargo uses, for the same target and with the same linker and flags.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place of the build that starts a process"
)]
fn compile(client: &Path) -> Result<(), String> {
    let mut rustc = std::process::Command::new(variable("RUSTC")?);
    rustc.args([
        "--edition",
        "2024",
        "--crate-name",
        "jujuc",
        "--crate-type",
        "bin",
    ]);
    rustc.args(["-C", "opt-level=2", "-C", "strip=symbols"]);
    if variable("TARGET")? != variable("HOST")? {
        rustc.args(["--target", &variable("TARGET")?]);
    }
    if let Ok(linker) = variable("RUSTC_LINKER") {
        rustc.arg("-C").arg(format!("linker={linker}"));
    }
    if let Ok(flags) = variable("CARGO_ENCODED_RUSTFLAGS") {
        rustc.args(flags.split('\u{1f}').filter(|flag| !flag.is_empty()));
    }
    rustc.arg("-o").arg(client).arg("src/client/main.rs");
    match rustc.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("the hook-tool client does not compile: {status}")),
        Err(error) => Err(format!("cannot start the compiler: {error}")),
    }
}

/// A variable that Cargo sets for build scripts.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place of the build that reads the environment"
)]
fn variable(name: &str) -> Result<String, String> {
    std::env::var(name).map_err(|error| format!("{name}: {error}"))
}
