//! `status-set`, `status-get`, `application-version-set`.
//! Source: `jujuc/status-set.go`, `jujuc/status-get.go`, `jujuc/application-version-set.go`.

use super::call::{Call, Failure};
use super::options::{Takes, check_empty, parse};
use super::output;
use crate::agent::context::Context;
use crate::go::through_json;
use crate::refusals;
use crate::status::Status;
use serde_json::{Map, Value, json};

/// The statuses that a charm may set.
const WORDS: [&str; 4] = ["maintenance", "blocked", "waiting", "active"];

pub(super) fn set(context: &mut Context<'_>, call: &mut Call) -> Result<(), Failure> {
    let options = parse(call, context, &[&[("application", Takes::Nothing)]])?;
    let Some(word) = options.arguments.first() else {
        return Err(Failure::Usage(refusals::status_arguments()));
    };
    if !WORDS.contains(&word.as_str()) {
        let known = WORDS.join(" ");
        return Err(Failure::Usage(refusals::invalid_status(word, known)));
    }
    check_empty(options.arguments.get(2..).unwrap_or_default())?;
    let message = &through_json(options.arguments.get(1).map_or("", String::as_str));
    if options.flag("application") {
        context
            .set_application_status(word, message)
            .map_err(Failure::Work)
    } else {
        context.set_status(word, message);
        Ok(())
    }
}

fn details(status: &Status, data: bool) -> Map<String, Value> {
    let mut details = Map::new();
    details.insert("status".into(), json!(status.word));
    if data {
        details.insert("message".into(), json!(status.message));
        details.insert("status-data".into(), json!({}));
    }
    details
}

pub(super) fn get(context: &mut Context<'_>, call: &mut Call) -> Result<(), Failure> {
    let own = &[
        ("include-data", Takes::Nothing),
        ("application", Takes::Nothing),
    ];
    let options = parse(call, context, &[output::STANDARD, own])?;
    check_empty(&options.arguments)?;
    let data = options.flag("include-data");
    let word_only = !data && output::is_smart(&options);
    if !options.flag("application") {
        let status = context
            .status()
            .ok_or_else(|| Failure::Work(refusals::no_workload_status()))?;
        let value = if word_only {
            json!(status.word)
        } else {
            details(&status, data).into()
        };
        return output::print(call, &options, &value);
    }
    let (status, units) = context
        .application_status()
        .map_err(|reason| Failure::Work(refusals::no_application_status(reason)))?;
    if word_only {
        return output::print(call, &options, &json!(status.word));
    }
    let mut application = details(&status, data);
    let units: Map<String, Value> = units
        .iter()
        .map(|(name, status)| (name.clone(), details(status, data).into()))
        .collect();
    application.insert("units".into(), units.into());
    output::print(
        call,
        &options,
        &json!({ "application-status": application }),
    )
}

pub(super) fn application_version_set(
    context: &mut Context<'_>,
    call: &mut Call,
) -> Result<(), Failure> {
    let options = parse(call, context, &[])?;
    let Some(version) = options.arguments.first() else {
        return Err(Failure::Usage(refusals::no_version()));
    };
    check_empty(options.arguments.get(1..).unwrap_or_default())?;
    context.set_version(&through_json(version));
    Ok(())
}
