//! `add-model` and the other commands for models. Source of texts and keys: `cmd/juju/controller`,
//! `cmd/juju/model`, `cmd/juju/common/model.go`.

use super::inert::HEADING;
use super::model_config;
use super::printed::{Printed, key_value, variable};
use super::table::{Align, Table};
use super::terminal::{CURRENT, Palette};
use crate::error::Error;
use crate::lock::Asker;
use crate::model::Model;
use crate::models::{Models, name_of};
use crate::names;
use crate::refusals;
use crate::state::Settings;
use clap::Args;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The UUID of the only controller.
const CONTROLLER_UUID: &str = "c0117011-0000-4000-8000-00000000cafe";

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox add-model old --juju-version 2.9.51
  juju-sandbox add-model new --config agent-version=4.0.14 --no-switch")]
pub(super) struct AddModel {
    /// The model's name.
    name: String,
    /// Juju's argument for a cloud or a region; there is one of each.
    cloud: Option<String>,
    /// The version of Juju to imitate.
    #[arg(long, value_name = "VERSION")]
    juju_version: Option<String>,
    /// The model's UUID.
    #[arg(long)]
    uuid: Option<String>,
    /// A variable for all hooks, by default with the value that it has here; can be repeated.
    #[arg(long, value_name = "NAME[=VALUE]")]
    env: Vec<String>,
    /// Leave the current model current.
    #[arg(long)]
    no_switch: bool,
    /// A setting of the model; agent-version is the version of Juju to imitate.
    #[arg(long, value_name = "KEY=VALUE")]
    config: Vec<String>,
    /// The controller, of which there is one: juju-sandbox.
    #[arg(short, long)]
    controller: Option<String>,
    #[command(flatten)]
    _inert: AddModelInert,
}

#[derive(Debug, Args)]
struct AddModelInert {
    #[arg(long, help_heading = HEADING)]
    credential: Option<String>,
    #[arg(long, help_heading = HEADING)]
    owner: Option<String>,
}

impl AddModel {
    pub(super) fn run(&self, models: &Models, asker: Asker<'_>) -> Result<Printed, Error> {
        if !names::is_model(&self.name) {
            let reason = refusals::invalid_model_name(&self.name);
            return Ok(Printed::error(&reason, 2));
        }
        if let Some(other) = self
            .controller
            .as_deref()
            .filter(|name| *name != model_config::CONTROLLER)
        {
            return Err(Error::Refused(refusals::unknown_controller(other)));
        }
        let _lock = models.lock(asker)?;
        let folder = models.folder_for(&self.name, !self.no_switch)?;
        let mut settings = Settings {
            name: self.name.clone(),
            ..Settings::default()
        };
        // The first model keeps the UUID that it always had.
        if !models.is_empty()? {
            settings.uuid = uuid(&self.name);
        }
        if let Some(uuid) = &self.uuid {
            settings.uuid.clone_from(uuid);
        }
        for argument in &self.env {
            settings.environment.extend([variable(argument)?]);
        }
        let mut config = BTreeMap::new();
        for pair in &self.config {
            let (key, value) = key_value(pair)?;
            config.insert(key.to_owned(), value.to_owned());
        }
        let version = config.remove(model_config::AGENT_VERSION);
        if let Some(version) = self.juju_version.clone().or(version) {
            settings.juju_version = version;
        }
        let mut model = Model::create_as(&folder, settings, asker)?;
        model.set_model_config(config, &[])?;
        model.save()?;
        if !self.no_switch {
            models.switch(Some(&self.name))?;
        }
        let name = &self.name;
        Ok(Printed::note(format!(
            "Added '{name}' model on sandbox/default with credential 'sandbox' for user 'admin'"
        )))
    }
}

/// A UUID that is always the same for a name, and as good as never the same for two.
fn uuid(name: &str) -> String {
    // FNV-1a, twice, from two starts.
    let hash = |start: u64| {
        name.bytes().fold(start, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
    };
    let digits = format!(
        "{:016x}{:016x}",
        hash(0xcbf2_9ce4_8422_2325),
        hash(0x5a0d_0b0c_7a9e_4c57)
    );
    format!(
        "{}-{}-4{}-8{}-{}",
        &digits[..8],
        &digits[8..12],
        &digits[13..16],
        &digits[17..20],
        &digits[20..]
    )
}

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "options of Juju's")]
#[command(after_help = "Examples:
  juju-sandbox destroy-model old --no-prompt")]
pub(super) struct DestroyModel {
    /// The model; by default the current one.
    name: Option<String>,
    /// Accepted because Juju has it: nothing is asked.
    #[arg(long, visible_alias = "yes", short_alias = 'y', hide = true)]
    no_prompt: bool,
    /// Accepted because Juju has it: everything is removed, and no hooks run.
    #[arg(long, hide = true)]
    force: bool,
    /// Accepted because Juju has it: a unit's storage goes with it.
    #[arg(long, hide = true)]
    destroy_storage: bool,
    /// Accepted because Juju has it: a unit's storage goes with it.
    #[arg(long, conflicts_with = "destroy_storage", hide = true)]
    release_storage: bool,
    /// Accepted because Juju has it: nothing is waited for.
    #[arg(long, hide = true)]
    no_wait: bool,
    /// Accepted because Juju has it: nothing is waited for.
    #[arg(short, long, hide = true)]
    timeout: Option<String>,
}

impl DestroyModel {
    pub(super) fn run(
        &self,
        models: &Models,
        named: Option<&str>,
        asker: Asker<'_>,
    ) -> Result<Printed, Error> {
        let named = self.name.as_deref().map(name_of).or(named);
        let model = Model::open_as(&models.folder(named)?, asker)?;
        let lock = models.lock(asker)?;
        let name = model.settings().name.clone();
        models.leave(&name)?;
        model.destroy()?;
        models.tidy(lock)?;
        Ok(Printed::note(format!("Model destroyed: {name}")))
    }
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox models
  juju-sandbox models --format json")]
pub(super) struct List {
    /// Show UUIDs.
    #[arg(long)]
    uuid: bool,
    /// Accepted because Juju has it: there is one user.
    #[arg(long, hide = true)]
    all: bool,
    /// The output format.
    #[arg(long, default_value = "tabular", value_parser = ["tabular", "yaml", "json"])]
    format: String,
}

impl List {
    pub(super) fn run(&self, models: &Models) -> Result<Printed, Error> {
        let current = models.current()?;
        let mut opened = Vec::new();
        for folder in models.all()?.values() {
            opened.push(Model::look(folder)?);
        }
        if self.format != "tabular" {
            let infos: Vec<Value> = opened.iter().map(|model| info(model)).collect();
            let mut value = json!({"models": infos});
            if let Some(current) = current {
                value["current-model"] = json!(current);
            }
            return Ok(Printed::value(&value, &self.format));
        }
        let mut table = Table::new([
            ("Model", Align::Left),
            ("Cloud/Region", Align::Left),
            ("Type", Align::Left),
            ("Status", Align::Left),
            ("Units", Align::Right),
            ("Version", Align::Left),
            (if self.uuid { "UUID" } else { "" }, Align::Left),
        ]);
        let palette = Palette::of(false);
        for model in &opened {
            let settings = model.settings();
            let name = if current.as_deref() == Some(&settings.name) {
                palette.paint(CURRENT, &format!("{}*", settings.name))
            } else {
                settings.name.clone()
            };
            let units: usize = model.applications().map(|app| app.units().count()).sum();
            table.row([
                name,
                "sandbox/default".into(),
                "kubernetes".into(),
                "available".into(),
                units.to_string(),
                settings.juju_version.clone(),
                if self.uuid {
                    settings.uuid.clone()
                } else {
                    String::new()
                },
            ]);
        }
        Ok(Printed::out(format!(
            "Controller: {}\n\n{}",
            model_config::CONTROLLER,
            table.render()
        )))
    }
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox switch
  juju-sandbox switch old")]
pub(super) struct Switch {
    /// The model; without it, the current one is shown.
    name: Option<String>,
}

impl Switch {
    pub(super) fn run(&self, models: &Models, asker: Asker<'_>) -> Result<Printed, Error> {
        let full = |name: &str| format!("{}:admin/{name}", model_config::CONTROLLER);
        let current = models.current()?;
        let Some(name) = self.name.as_deref().map(name_of) else {
            let current = current.ok_or_else(|| Error::Refused(refusals::no_current_model()))?;
            return Ok(Printed::out(full(&current) + "\n"));
        };
        // Refuses a model that does not exist.
        models.folder(Some(name))?;
        let _lock = models.lock(asker)?;
        // It may have been removed meanwhile.
        models.folder(Some(name))?;
        models.switch(Some(name))?;
        let before = current.map_or_else(|| model_config::CONTROLLER.to_owned(), |old| full(&old));
        Ok(Printed::note(format!("{before} -> {}", full(name))))
    }
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox show-model
  juju-sandbox show-model old --format json")]
pub(super) struct ShowModel {
    /// The models; by default the current one.
    names: Vec<String>,
    /// The output format.
    #[arg(long, default_value = "yaml", value_parser = ["yaml", "json"])]
    format: String,
}

impl ShowModel {
    pub(super) fn run(&self, models: &Models, named: Option<&str>) -> Result<Printed, Error> {
        let mut wanted: Vec<Option<&str>> =
            self.names.iter().map(|name| Some(name_of(name))).collect();
        if wanted.is_empty() {
            wanted.push(named);
        }
        let mut shown = serde_json::Map::new();
        for name in wanted {
            let model = Model::look(&models.folder(name)?)?;
            shown.insert(model.settings().name.clone(), info(&model));
        }
        Ok(Printed::value(&shown.into(), &self.format))
    }
}

/// `ModelInfo` in `cmd/juju/common/model.go`.
fn info(model: &Model) -> Value {
    let settings = model.settings();
    let name = &settings.name;
    let version = settings.version();
    let mut info = json!({
        "name": format!("admin/{name}"),
        "short-name": name,
        "model-uuid": settings.uuid,
        "model-type": "caas",
        "controller-uuid": CONTROLLER_UUID,
        "controller-name": model_config::CONTROLLER,
        "is-controller": false,
        "cloud": "sandbox",
        "region": "default",
        "type": "kubernetes",
        "life": "alive",
        "status": {"current": "available", "since": "just now"},
        "users": {"admin": {
            "display-name": "admin",
            "access": "admin",
            "last-connection": "just now",
        }},
        "agent-version": settings.juju_version,
        "credential": {
            "name": "sandbox",
            "owner": "admin",
            "cloud": "sandbox",
            "validity-check": "valid",
        },
    });
    if version.has_sla() {
        info["owner"] = json!("admin");
        info["sla"] = json!("unsupported");
    }
    if version.has_secrets() {
        let count = model.secrets().count();
        info["secret-backends"] = json!({"internal": {"num-secrets": count, "status": "active"}});
    }
    info
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uuids() {
        let (one, other) = (uuid("one"), uuid("other"));
        assert_ne!(one, other);
        assert_eq!(one, uuid("one"));
        let lengths: Vec<usize> = one.split('-').map(str::len).collect();
        assert_eq!(lengths, [8, 4, 4, 4, 12]);
    }
}
