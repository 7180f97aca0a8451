//! The action tools. Source: `jujuc/action-*.go`.

use super::call::{Call, Failure};
use super::options::{check_empty, parse};
use super::output;
use crate::agent::context::{ActionRun, Context};
use crate::go::through_json;
use crate::refusals;

pub(super) fn get(context: &mut Context<'_>, call: &mut Call) -> Result<(), Failure> {
    let options = parse(call, context, &[output::STANDARD])?;
    check_empty(options.arguments.get(1..).unwrap_or_default())?;
    let action = context.action().map_err(Failure::Work)?;
    let keys: Vec<&str> = options
        .arguments
        .first()
        .map(|key| key.split('.').collect())
        .unwrap_or_default();
    let value = action.parameter(&keys);
    output::print(call, &options, &value)
}

pub(super) fn set(context: &mut Context<'_>, call: &mut Call) -> Result<(), Failure> {
    let options = parse(call, context, &[])?;
    let juju = context.juju();
    let mut results = Vec::new();
    for argument in &options.arguments {
        let (key, value) = argument
            .split_once('=')
            .ok_or_else(|| Failure::Usage(refusals::action_argument(argument)))?;
        let keys: Vec<String> = key.split('.').map(str::to_owned).collect();
        keys.iter()
            .try_for_each(|key| ActionRun::check_key(key, &juju))
            .map_err(Failure::Usage)?;
        results.push((keys, value));
    }
    // Without results it succeeds anywhere: Juju looks for the action with the first one.
    for (keys, value) in results {
        let action = context.action().map_err(Failure::Work)?;
        action.set_result(&keys, &through_json(value));
    }
    Ok(())
}

pub(super) fn fail(context: &mut Context<'_>, call: &mut Call) -> Result<(), Failure> {
    let options = parse(call, context, &[])?;
    check_empty(options.arguments.get(1..).unwrap_or_default())?;
    let message = options
        .arguments
        .first()
        .filter(|message| !message.is_empty());
    let message = message.cloned().unwrap_or_else(refusals::action_failed);
    context.action().map_err(Failure::Work)?.failure = Some(through_json(&message));
    Ok(())
}

pub(super) fn log(context: &mut Context<'_>, call: &mut Call) -> Result<(), Failure> {
    let options = parse(call, context, &[])?;
    if options.arguments.is_empty() {
        return Err(Failure::Usage(refusals::no_message()));
    }
    context
        .action()
        .map_err(Failure::Work)?
        .add_log(through_json(&options.arguments.join(" ")));
    Ok(())
}
