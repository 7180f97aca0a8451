//! `state-get`, `state-set`, `state-delete`. Source: `jujuc/state-*.go`.

use super::call::{Call, Failure};
use super::options::{Takes, check_empty, parse};
use super::output::{self, Unmade};
use super::settings;
use crate::agent::context::Context;
use crate::refusals;
use serde_json::json;

pub(super) fn get(context: &mut Context<'_>, call: &mut Call) -> Result<(), Failure> {
    let options = parse(
        call,
        context,
        &[output::STANDARD, &[("strict", Takes::Nothing)]],
    )?;
    check_empty(options.arguments.get(1..).unwrap_or_default())?;
    let kept = context.charm_state();
    let value = match options.arguments.first().map(String::as_str) {
        None | Some("" | "-") => match kept {
            None => return output::print_unmade(call, &options, &Unmade::Map),
            Some(kept) => json!(kept),
        },
        Some(key) => match kept.and_then(|kept| kept.get(key)) {
            Some(value) => json!(value),
            None if options.flag("strict") => {
                return Err(Failure::Work(refusals::state_key_not_found(key)));
            }
            None => json!(""),
        },
    };
    output::print(call, &options, &value)
}

pub(super) fn set(context: &mut Context<'_>, call: &mut Call) -> Result<(), Failure> {
    let options = parse(call, context, &[&[("file", Takes::Text)]])?;
    let arguments = settings::parse(&options.arguments)?;
    let values = settings::with_file(call, options.text("file"), arguments)?;
    values
        .iter()
        .try_for_each(|(key, value)| context.set_charm_state(key, value))
        .map_err(Failure::Work)
}

pub(super) fn delete(context: &mut Context<'_>, call: &mut Call) -> Result<(), Failure> {
    let options = parse(call, context, &[])?;
    let Some(key) = options.arguments.first().filter(|key| !key.is_empty()) else {
        return Ok(());
    };
    check_empty(options.arguments.get(1..).unwrap_or_default())?;
    context.delete_charm_state(key);
    Ok(())
}
