//! The storage tools. Source: `jujuc/storage-*.go`.

use super::call::{Call, Failure};
use super::options::{Takes, check_empty, parse};
use super::output;
use crate::agent::context::Context;
use crate::charm::StorageWish;
use crate::refusals;
use serde_json::json;

pub(super) fn get(context: &mut Context<'_>, call: &mut Call) -> Result<(), Failure> {
    let options = parse(call, context, &[output::STANDARD, &[("s", Takes::Storage)]])?;
    let hook = context.event().storage();
    let id = options
        .text("s")
        .map(str::to_owned)
        .or_else(|| hook.map(crate::event::StorageHook::id))
        .ok_or_else(|| Failure::Usage(refusals::no_storage_instance()))?;
    check_empty(options.arguments.get(1..).unwrap_or_default())?;
    let location = context.storage_location(&id);
    let location = json!(location.to_string_lossy());
    let value = match options.arguments.first().map(String::as_str) {
        None | Some("") => json!({"kind": "filesystem", "location": location}),
        Some("kind") => json!("filesystem"),
        Some("location") => location,
        Some(key) => return Err(Failure::Work(refusals::invalid_storage_attribute(key))),
    };
    output::print(call, &options, &value)
}

pub(super) fn list(context: &mut Context<'_>, call: &mut Call) -> Result<(), Failure> {
    let options = parse(call, context, &[output::STANDARD])?;
    check_empty(options.arguments.get(1..).unwrap_or_default())?;
    let mut ids = context.storage_ids();
    if let Some(name) = options.arguments.first().filter(|name| !name.is_empty()) {
        ids.retain(|id| id.split_once('/').is_some_and(|(kind, _)| kind == name));
    }
    output::print(call, &options, &json!(ids))
}

pub(super) fn add(context: &mut Context<'_>, call: &mut Call) -> Result<(), Failure> {
    let options = parse(call, context, &[])?;
    if options.arguments.is_empty() {
        return Err(Failure::Usage(refusals::no_storage_directive()));
    }
    let arguments = options.arguments.iter().map(String::as_str);
    let wishes = StorageWish::parse_all(arguments, true).map_err(Failure::Usage)?;
    let beyond = wishes
        .iter()
        .find(|(_, wish)| wish.pool.is_some() || wish.size.is_some());
    if let Some((name, _)) = beyond {
        return Err(Failure::Usage(refusals::only_storage_count(name)));
    }
    context.add_storage(wishes);
    Ok(())
}
