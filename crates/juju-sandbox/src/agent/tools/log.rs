//! `juju-log`. Source: `jujuc/juju-log.go`.

use super::call::{Call, Failure};
use super::options::{Takes, complain_about_format, parse};
use crate::agent::context::Context;
use crate::go::through_json;
use crate::log::Level;
use crate::refusals;

const LOGGER: &str = "juju-log";

pub(super) fn juju_log(context: &mut Context<'_>, call: &mut Call) -> Result<(), Failure> {
    let own = &[
        ("debug", Takes::Nothing),
        ("l", Takes::Text),
        ("log-level", Takes::Text),
        ("format", Takes::Text),
    ];
    let options = parse(call, context, &[own])?;
    if options.arguments.is_empty() {
        return Err(Failure::Usage(refusals::no_message()));
    }
    complain_about_format("juju-log", &options, call);
    let mut level = Level::Info;
    if options.flag("debug") {
        level = Level::Debug;
    } else if let Some(word) = options
        .either("l", "log-level")
        .filter(|word| !word.is_empty())
    {
        if let Ok(known) = word.parse() {
            level = known;
        } else {
            let complaint = refusals::invalid_log_level(word);
            context.log(LOGGER, Level::Warning, &complaint);
        }
    }
    let prefix = match context.event().relation() {
        Some(hook) => format!("{}:{}: ", hook.endpoint, hook.relation),
        None => String::new(),
    };
    context.log(
        LOGGER,
        level,
        &(prefix + &through_json(&options.arguments.join(" "))),
    );
    Ok(())
}
