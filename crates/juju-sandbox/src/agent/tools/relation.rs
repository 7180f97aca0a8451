//! The relation tools. Source: `jujuc/relation-*.go`.

use super::call::{Call, Failure};
use super::options::{Parsed, Spec, Takes, check_empty, complain_about_format, parse};
use super::{output, settings};
use crate::agent::context::Context;
use crate::go::Pairs;
use crate::names;
use crate::refusals;
use serde_json::{Map, Value, json};

pub(super) const RELATION: &[Spec] = &[("r", Takes::Relation), ("relation", Takes::Relation)];

/// The relation that was named, or the hook's.
fn needed(options: &Parsed, context: &Context<'_>) -> Result<u32, Failure> {
    options
        .relation(context)
        .ok_or_else(|| Failure::Usage(refusals::no_relation_id()))
}

fn object(pairs: Pairs) -> Value {
    pairs
        .into_iter()
        .map(|(key, value)| (key, Value::String(value)))
        .collect::<Map<_, _>>()
        .into()
}

pub(super) fn ids(context: &mut Context<'_>, call: &mut Call) -> Result<(), Failure> {
    let options = parse(call, context, &[output::STANDARD])?;
    // Even an empty name counts: no endpoint has it.
    let endpoint = match options.arguments.first() {
        Some(endpoint) => Some(endpoint.clone()),
        None => context.event().relation().map(|hook| hook.endpoint.clone()),
    };
    let Some(endpoint) = endpoint else {
        return Err(Failure::Usage(if context.juju().says_endpoint() {
            refusals::no_endpoint()
        } else {
            refusals::no_relation_name()
        }));
    };
    check_empty(options.arguments.get(1..).unwrap_or_default())?;
    let ids = context.relation_ids(&endpoint);
    output::print(call, &options, &json!(ids))
}

pub(super) fn list(context: &mut Context<'_>, call: &mut Call) -> Result<(), Failure> {
    let options = parse(
        call,
        context,
        &[output::STANDARD, RELATION, &[("app", Takes::Nothing)]],
    )?;
    let id = needed(&options, context)?;
    check_empty(&options.arguments)?;
    let value = if options.flag("app") {
        json!(context.remote_application(id))
    } else {
        json!(context.members(id))
    };
    output::print(call, &options, &value)
}

/// Whose databag `relation-get` reads.
enum Target {
    Unit(String),
    Application(String),
}

/// `determineUnitOrAppName`.
fn target(context: &Context<'_>, options: &Parsed) -> Result<Target, Failure> {
    let application = options.flag("app");
    if let Some(name) = options.arguments.get(1) {
        let strict = context.juju().checks_unit_names();
        return if application {
            let valid = names::is_application(name) || names::split_unit(name).is_some();
            Ok(Target::Application(if valid {
                names::application_of(name).to_owned()
            } else {
                String::new()
            }))
        } else if names::split_unit(name).is_some() {
            Ok(Target::Unit(name.clone()))
        } else if !strict && names::is_application(name) {
            Ok(Target::Application(name.clone()))
        } else if names::is_application(name) {
            Err(Failure::Usage(refusals::application_for_unit(name)))
        } else {
            Err(Failure::Usage(refusals::invalid_unit(name)))
        };
    }
    let hook = context.event().relation();
    let unit = hook
        .and_then(|hook| hook.step.unit())
        .filter(|_| !application);
    unit.map(|unit| Target::Unit(unit.to_owned()))
        .or_else(|| hook.map(|hook| Target::Application(hook.application.clone())))
        .ok_or_else(|| Failure::Usage(refusals::no_unit_or_application()))
}

pub(super) fn get(context: &mut Context<'_>, call: &mut Call) -> Result<(), Failure> {
    let options = parse(
        call,
        context,
        &[output::STANDARD, RELATION, &[("app", Takes::Nothing)]],
    )?;
    let id = needed(&options, context)?;
    let target = target(context, &options)?;
    check_empty(options.arguments.get(2..).unwrap_or_default())?;
    let bag = match &target {
        Target::Unit(unit) if unit == context.unit() => Ok(context.own_unit_bag(id)),
        Target::Unit(unit) => context.unit_bag(id, unit),
        Target::Application(name) if name == context.application() && context.is_leader() => {
            Ok(context.own_application_bag(id))
        }
        Target::Application(name) => context.application_bag(id, name),
    };
    let bag = bag.map_err(Failure::Work)?;
    let value = match options.arguments.first().map(String::as_str) {
        None | Some("" | "-") => object(bag),
        Some(key) => bag.get(key).map_or(Value::Null, |value| json!(value)),
    };
    output::print(call, &options, &value)
}

pub(super) fn set(context: &mut Context<'_>, call: &mut Call) -> Result<(), Failure> {
    let own: &[Spec] = &[
        ("app", Takes::Nothing),
        ("file", Takes::Text),
        ("format", Takes::Text),
    ];
    let options = parse(call, context, &[RELATION, own])?;
    let id = needed(&options, context)?;
    let arguments = settings::parse(&options.arguments)?;
    complain_about_format("relation-set", &options, call);
    let changes = settings::with_file(call, options.text("file"), arguments)?;
    if !options.flag("app") {
        context.set_unit_bag(id, changes);
    } else if context.is_leader() {
        context.set_application_bag(id, changes);
    } else {
        return Err(Failure::Work(refusals::cannot_write_relation_settings()));
    }
    Ok(())
}

pub(super) fn model_get(context: &mut Context<'_>, call: &mut Call) -> Result<(), Failure> {
    let options = parse(call, context, &[output::STANDARD, RELATION])?;
    needed(&options, context)?;
    check_empty(&options.arguments)?;
    let uuid = context.state().settings.uuid.clone();
    output::print(call, &options, &json!({ "uuid": uuid }))
}
