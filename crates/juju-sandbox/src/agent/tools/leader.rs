//! `is-leader`, `leader-get`, `leader-set`. Source: `jujuc/is-leader.go`, `jujuc/leader-*.go`.

use super::call::{Call, Failure};
use super::options::{check_empty, parse};
use super::{output, settings};
use crate::agent::context::Context;
use crate::refusals;
use serde_json::{Value, json};

pub(super) fn is_leader(context: &mut Context<'_>, call: &mut Call) -> Result<(), Failure> {
    let options = parse(call, context, &[output::STANDARD])?;
    check_empty(&options.arguments)?;
    let leader = context.is_leader();
    output::print(call, &options, &json!(leader))
}

pub(super) fn get(context: &mut Context<'_>, call: &mut Call) -> Result<(), Failure> {
    let options = parse(call, context, &[output::STANDARD])?;
    let key = options.arguments.first().map(String::as_str);
    if let Some(key) = key.filter(|key| key.contains('=')) {
        return Err(Failure::Usage(refusals::invalid_leader_key(key)));
    }
    check_empty(options.arguments.get(1..).unwrap_or_default())?;
    let values = context.leader_settings();
    let value = match key {
        None | Some("" | "-") => json!(values),
        Some(key) => values.get(key).map_or(Value::Null, |value| json!(value)),
    };
    output::print(call, &options, &value)
}

pub(super) fn set(context: &mut Context<'_>, call: &mut Call) -> Result<(), Failure> {
    let options = parse(call, context, &[])?;
    let changes = settings::parse(&options.arguments)?;
    context
        .set_leader_settings(&changes)
        .map_err(|reason| Failure::Work(refusals::cannot_write_leader_settings(reason)))
}
