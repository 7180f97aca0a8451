//! `storage`: lists it. Source: `cmd/juju/storage/list.go`, `listformatters.go`.

use super::printed::Printed;
use super::table::{Align, Table};
use crate::model::{Model, StorageView};
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
        if storage.is_empty() && self.format == "tabular" {
            return Printed::note("No storage to display.".into());
        }
        let described = || {
            let storage = storage.iter();
            let storage: Map<String, Value> = storage
                .map(|storage| (storage.id.clone(), described(storage)))
                .collect();
            json!({ "storage": storage })
        };
        match self.format.as_str() {
            "tabular" => Printed::out(table(&storage)),
            format => Printed::value(&described(), format),
        }
    }
}

fn status(storage: &StorageView) -> &'static str {
    if storage.attached {
        "attached"
    } else {
        "pending"
    }
}

/// `StorageInfo`.
fn described(storage: &StorageView) -> Value {
    let attachment = json!({"location": storage.location.to_string_lossy(), "life": "alive"});
    let unit = storage.unit.as_str();
    json!({
        "kind": "filesystem",
        "life": "alive",
        "status": {"current": status(storage), "since": storage.since.since()},
        "persistent": false,
        "attachments": {"units": {unit: attachment}},
    })
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
            storage.unit.clone(),
            storage.id.clone(),
            "filesystem".into(),
            storage.pool.clone(),
            size(storage.size),
            status(storage).into(),
            String::new(),
        ]);
    }
    table.render()
}

/// `humanize.IBytes` of a number of MiB.
fn size(mebibytes: u64) -> String {
    const UNITS: [&str; 4] = ["MiB", "GiB", "TiB", "PiB"];
    let (mut whole, mut tenths, mut unit) = (mebibytes, 0, 0);
    while whole >= 1024 && unit + 1 < UNITS.len() {
        tenths = whole % 1024 * 10 / 1024;
        whole /= 1024;
        unit += 1;
    }
    if whole < 10 {
        format!("{whole}.{tenths} {}", UNITS[unit])
    } else {
        format!("{whole} {}", UNITS[unit])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        for (mebibytes, text) in [
            (1, "1.0 MiB"),
            (512, "512 MiB"),
            (1024, "1.0 GiB"),
            (1536, "1.5 GiB"),
            (20_480, "20 GiB"),
        ] {
            assert_eq!(size(mebibytes), text);
        }
    }
}
