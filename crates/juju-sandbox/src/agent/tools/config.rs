//! `config-get`. Source: `jujuc/config-get.go`.

use super::call::{Call, Failure};
use super::options::{Takes, check_empty, parse};
use super::output;
use crate::agent::context::Context;
use crate::refusals;
use serde_json::{Map, Value};

pub(super) fn get(context: &mut Context<'_>, call: &mut Call) -> Result<(), Failure> {
    let options = parse(
        call,
        context,
        &[
            output::STANDARD,
            &[("a", Takes::Nothing), ("all", Takes::Nothing)],
        ],
    )?;
    let all = options.flag("a") || options.flag("all");
    let key = options.arguments.first().filter(|key| !key.is_empty());
    if let Some(key) = key.filter(|_| all) {
        return Err(Failure::Usage(refusals::all_with_key(key)));
    }
    check_empty(options.arguments.get(1..).unwrap_or_default())?;
    let settings = context.settings();
    let value = match key {
        Some(key) => settings.get(key).cloned().flatten().unwrap_or(Value::Null),
        None => settings
            .into_iter()
            .filter(|(_, value)| all || value.is_some())
            .map(|(name, value)| (name, value.unwrap_or(Value::Null)))
            .collect::<Map<_, _>>()
            .into(),
    };
    output::print(call, &options, &value)
}
