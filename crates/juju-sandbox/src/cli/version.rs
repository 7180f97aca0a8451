//! `version`. Source: `cmd/juju/commands/version.go`, `version.Binary`.

use super::printed::Printed;
use crate::error::Error;
use crate::model::Model;
use crate::models::Models;
use crate::state::Settings;
use clap::Args;
use serde_json::json;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox version
  juju-sandbox version --all --format yaml")]
pub(super) struct Version {
    /// Show all that is known about the version.
    #[arg(long)]
    all: bool,
    /// The output format.
    #[arg(long, default_value = "smart", value_parser = ["smart", "yaml", "json"])]
    format: String,
}

impl Version {
    pub(super) fn run(&self, models: &Models) -> Result<Printed, Error> {
        let juju = match models.current()? {
            Some(name) => Model::look(&models.folder(Some(&name))?)?
                .settings()
                .juju_version
                .clone(),
            None => Settings::default().juju_version,
        };
        let version = binary(&juju);
        if !self.all && self.format == "smart" {
            return Ok(Printed::out(version + "\n"));
        }
        let value = if self.all {
            json!({
                "version": version,
                "git-commit": "",
                "git-tree-state": "clean",
                "compiler": "gc",
            })
        } else {
            json!(version)
        };
        Ok(Printed::value(&value, &self.format))
    }
}

/// `3.6.12-ubuntu-amd64`: the version with an operating system and an architecture, which charm
/// authors take for granted.
fn binary(juju: &str) -> String {
    let architecture = match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        "powerpc64" => "ppc64el",
        other => other,
    };
    let padding = if juju.contains('-') || juju.split('.').count() > 2 {
        ""
    } else {
        ".0"
    };
    format!("{juju}{padding}-ubuntu-{architecture}")
}
