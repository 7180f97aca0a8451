//! `storage` and the commands that change it. Source of texts and keys: `cmd/juju/storage`.

use super::inert::HEADING;
use super::printed::Printed;
use super::table::{Align, Table};
use crate::charm::StorageWish;
use crate::error::{Error, chain};
use crate::go::size;
use crate::model::{Model, StorageView};
use crate::names;
use crate::refusals;
use clap::Args;
use serde_json::{Map, Value, json};

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox storage
  juju-sandbox storage --format yaml")]
pub(super) struct Storage {
    /// The output format.
    #[arg(long, default_value = "tabular", value_parser = ["tabular", "yaml", "json"])]
    format: String,
}

impl Storage {
    pub(super) fn run(&self, model: &Model) -> Printed {
        let storage = model.storage();
        match self.format.as_str() {
            "tabular" if storage.is_empty() => Printed::note("No storage to display.".into()),
            "tabular" => Printed::out(table(&storage)),
            _ if storage.is_empty() => Printed::default(),
            format => Printed::value(&combined(&storage), format),
        }
    }
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox show-storage data/0")]
pub(super) struct ShowStorage {
    /// The storage, such as data/0.
    #[arg(required = true, value_name = "STORAGE")]
    ids: Vec<String>,
    /// The output format.
    #[arg(long, default_value = "yaml", value_parser = ["yaml", "json"])]
    format: String,
}

impl ShowStorage {
    pub(super) fn run(&self, model: &Model) -> Result<Printed, Error> {
        if let Some(id) = self.ids.iter().find(|id| !names::is_storage(id)) {
            return Err(Error::Refused(refusals::not_a_storage(id)));
        }
        let all = model.storage();
        let (mut shown, mut missing) = (Map::new(), Vec::new());
        for id in &self.ids {
            match all.iter().find(|storage| storage.id == *id) {
                Some(storage) => drop(shown.insert(id.clone(), described(storage))),
                None => missing.push(refusals::storage_instance_not_found(id)),
            }
        }
        if !missing.is_empty() {
            return Err(Error::Refused(missing.join("\n")));
        }
        Ok(Printed::value(&Value::Object(shown), &self.format))
    }
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox add-storage web/0 data
  juju-sandbox add-storage web/0 data=10G,2 logs=ssd")]
pub(super) struct AddStorage {
    /// The unit.
    unit: String,
    /// What it gets.
    #[arg(required = true, value_name = "NAME[=POOL,COUNT,SIZE]")]
    storage: Vec<String>,
}

impl AddStorage {
    pub(super) fn apply(&self, model: &mut Model) -> Result<Printed, Error> {
        if names::split_unit(&self.unit).is_none() {
            return Err(Error::Refused(refusals::not_a_unit(&self.unit)));
        }
        let arguments = self.storage.iter().map(String::as_str);
        let wishes = StorageWish::parse_all(arguments, true).map_err(Error::Refused)?;
        let mut outcome = Outcome::default();
        for (name, wish) in &wishes {
            match model.add_wished_storage(&self.unit, name, wish) {
                Ok(ids) => {
                    let done = ids
                        .iter()
                        .map(|id| format!("added storage {id} to {}", self.unit));
                    outcome.done.extend(done);
                }
                Err(error) => outcome.failed.push(format!(
                    "failed to add storage {} to {}: {}",
                    crate::go::quote(name),
                    self.unit,
                    chain(&error)
                )),
            }
        }
        Ok(outcome.printed())
    }
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox attach-storage web/1 data/0")]
pub(super) struct AttachStorage {
    /// The unit.
    unit: String,
    /// Storage that no unit has.
    #[arg(required = true, value_name = "STORAGE")]
    ids: Vec<String>,
}

impl AttachStorage {
    pub(super) fn apply(&self, model: &mut Model) -> Result<Printed, Error> {
        if names::split_unit(&self.unit).is_none() {
            return Err(Error::Refused(refusals::not_a_unit_id(&self.unit)));
        }
        check_ids(&self.ids)?;
        let unit = &self.unit;
        Ok(Outcome::of(&self.ids, |id| {
            let attached = model.attach_storage(unit, id);
            (
                attached,
                format!("attaching {id} to {unit}"),
                format!("failed to attach {id} to {unit}"),
            )
        })
        .printed())
    }
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox detach-storage data/0")]
pub(super) struct DetachStorage {
    /// The storage, which stays in the model.
    #[arg(required = true, value_name = "STORAGE")]
    ids: Vec<String>,
    /// Detach it even if the unit is in error.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    _inert: NoWait,
}

#[derive(Debug, Args)]
struct NoWait {
    #[arg(long, help_heading = HEADING)]
    no_wait: bool,
}

impl DetachStorage {
    pub(super) fn apply(&self, model: &mut Model) -> Result<Printed, Error> {
        check_ids(&self.ids)?;
        let outcome = Outcome::of(&self.ids, |id| {
            let detached = model.detach_storage(id);
            (
                detached,
                format!("detaching {id}"),
                format!("failed to detach {id}"),
            )
        });
        enforce(model, self.force)?;
        Ok(outcome.printed())
    }
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox remove-storage data/0
  juju-sandbox remove-storage --force data/0")]
pub(super) struct RemoveStorage {
    /// The storage.
    #[arg(required = true, value_name = "STORAGE")]
    ids: Vec<String>,
    /// Remove it even if a unit has it.
    #[arg(long)]
    force: bool,
    /// Accepted because Juju has it: there is no cloud in which the storage would stay.
    #[arg(long)]
    no_destroy: bool,
    #[command(flatten)]
    _inert: NoWait,
}

impl RemoveStorage {
    pub(super) fn apply(&self, model: &mut Model) -> Result<Printed, Error> {
        const ADVICE: &str = "
Use the --force option to remove attached storage, or use
\"juju detach-storage\" to explicitly detach the storage
before removing.";
        check_ids(&self.ids)?;
        let mut attached = false;
        let mut outcome = Outcome::of(&self.ids, |id| {
            let storage = model.storage().into_iter();
            attached |= storage
                .filter(|storage| storage.unit.is_some())
                .any(|storage| storage.id == *id);
            let removed = model.remove_storage(id, self.force, !self.no_destroy);
            (
                removed,
                format!("removing {id}"),
                format!("failed to remove {id}"),
            )
        });
        if attached && !self.force {
            outcome.failed.push(ADVICE.to_owned());
        }
        enforce(model, self.force)?;
        Ok(outcome.printed())
    }
}

/// Runs the last hooks, and takes storage away from those for which they fail.
fn enforce(model: &mut Model, force: bool) -> Result<(), Error> {
    if force {
        model.settle()?;
        model.abandon_storage()?;
    }
    Ok(())
}

fn check_ids(ids: &[String]) -> Result<(), Error> {
    match ids.iter().find(|id| !names::is_storage(id)) {
        Some(id) => Err(Error::Refused(refusals::not_a_storage_id(id))),
        None => Ok(()),
    }
}

/// What was done, and what was not; one failure does not stop the rest.
#[derive(Debug, Default)]
struct Outcome {
    done: Vec<String>,
    failed: Vec<String>,
}

impl Outcome {
    /// Does something with each storage, and says so, or why not.
    fn of(
        ids: &[String],
        mut act: impl FnMut(&String) -> (Result<(), Error>, String, String),
    ) -> Self {
        let mut outcome = Self::default();
        for id in ids {
            let (result, done, failed) = act(id);
            match result {
                Ok(()) => outcome.done.push(done),
                Err(error) => outcome.failed.push(format!("{failed}: {}", chain(&error))),
            }
        }
        outcome
    }

    fn printed(self) -> Printed {
        let code = u8::from(!self.failed.is_empty());
        let lines = self.done.into_iter().chain(self.failed);
        Printed {
            stderr: lines.map(|line| line + "\n").collect(),
            code,
            ..Printed::default()
        }
    }
}

fn status(storage: &StorageView) -> &'static str {
    match (&storage.unit, storage.attached) {
        (None, _) => "detached",
        (_, true) => "attached",
        (_, false) => "pending",
    }
}

fn life(is_dying: bool) -> &'static str {
    if is_dying { "dying" } else { "alive" }
}

/// `CombinedStorage`: storage, and the file systems that it is.
pub(super) fn combined(storage: &[StorageView]) -> Value {
    if storage.is_empty() {
        return json!({});
    }
    let instances = storage.iter();
    let instances: Map<String, Value> = instances
        .map(|storage| (storage.id.clone(), described(storage)))
        .collect();
    let filesystems: Map<String, Value> = storage.iter().map(filesystem).collect();
    json!({ "storage": instances, "filesystems": filesystems })
}

/// `StorageInfo`.
fn described(storage: &StorageView) -> Value {
    let mut value = json!({
        "kind": "filesystem",
        "life": life(storage.is_dying),
        "status": {"current": status(storage), "since": storage.since.since()},
        "persistent": false,
    });
    if let Some(unit) = storage.unit.as_deref() {
        value["attachments"] = json!({"units": {unit: attachment(storage)}});
    }
    value
}

/// `UnitStorageAttachment`.
fn attachment(storage: &StorageView) -> Value {
    json!({
        "location": storage.location.to_string_lossy(),
        "life": life(storage.is_detaching),
    })
}

/// `FilesystemInfo`, with the id of a file system, which is the number of its storage.
fn filesystem(storage: &StorageView) -> (String, Value) {
    let number = storage.id.rsplit('/').next().unwrap_or_default().to_owned();
    let mut value = json!({
        "provider-id": number,
        "storage": storage.id,
        "pool": storage.pool,
        "size": storage.size,
        "life": life(storage.is_dying),
        "status": {"current": status(storage), "since": storage.since.since()},
    });
    if let Some(unit) = storage.unit.as_deref() {
        let mount = json!({
            "mount-point": storage.location.to_string_lossy(),
            "read-only": false,
            "life": life(storage.is_detaching),
        });
        value["attachments"] = json!({
            "containers": {unit: mount},
            "units": {unit: attachment(storage)},
        });
    }
    (number, value)
}

/// `formatStorageInstancesListTabular`.
fn table(storage: &[StorageView]) -> String {
    let titles = [
        "Unit",
        "Storage ID",
        "Type",
        "Pool",
        "Size",
        "Status",
        "Message",
    ];
    let mut table = Table::new(titles.map(|title| (title, Align::Left)));
    for storage in storage {
        table.row([
            storage.unit.clone().unwrap_or_default(),
            storage.id.clone(),
            "filesystem".into(),
            storage.pool.clone(),
            size::binary(storage.size),
            status(storage).into(),
            String::new(),
        ]);
    }
    table.render()
}

/// The same in `status --storage` (`FormatStorageListForStatusTabular`).
pub(super) fn status_table(storage: &[StorageView]) -> String {
    let titles = [
        "Storage Unit",
        "Storage ID",
        "Type",
        "Pool",
        "Mountpoint",
        "Size",
        "Status",
        "Message",
    ];
    let mut table = Table::new(titles.map(|title| (title, Align::Left)));
    for storage in storage {
        let mounted = storage.unit.as_ref().map(|_| &storage.location);
        table.row([
            storage.unit.clone().unwrap_or_default(),
            storage.id.clone(),
            "filesystem".into(),
            storage.pool.clone(),
            mounted.map_or_else(String::new, |path| path.to_string_lossy().into_owned()),
            size::binary(storage.size),
            status(storage).into(),
            String::new(),
        ]);
    }
    table.render()
}
