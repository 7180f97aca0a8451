//! `goal-state`. Source: `jujuc/goal-state.go`, and `GoalStates` in
//! `apiserver/facades/agent/uniter/goal-state.go`.

use super::call::{Call, Failure};
use super::options::{check_empty, parse};
use super::output;
use crate::agent::context::Context;
use crate::clock::Timestamp;
use crate::go::fields;
use crate::state::{Life, State};
use crate::status::Status;
use serde_json::{Map, Value, json};

pub(super) fn state(context: &mut Context<'_>, call: &mut Call) -> Result<(), Failure> {
    let options = parse(call, context, &[output::STRUCTURED])?;
    check_empty(&options.arguments)?;
    let state = context.state();
    let own = context.application();
    let mut endpoints: Map<String, Value> = Map::new();
    for relation in state
        .relations
        .values()
        .filter(|relation| relation.life == Life::Alive && !relation.is_peer())
    {
        let (Some(side), Some(other)) = (relation.side(own), relation.other_side(own)) else {
            continue;
        };
        let entry = endpoints
            .entry(side.endpoint.name.clone())
            .or_insert_with(|| json!({}));
        let Value::Object(entry) = entry else {
            continue;
        };
        let joined = state
            .applications
            .get(&other.application)
            .map(|application| &application.deployed);
        entry.insert(other.application.clone(), status("joined", joined.copied()));
        entry.extend(units(state, &other.application));
    }
    let value = fields([
        ("units", units(state, own).into()),
        ("relations", endpoints.into()),
    ]);
    output::print_structured(call, &options, &value)
}

/// The units that are not being removed, with their statuses.
fn units(state: &State, application: &str) -> Map<String, Value> {
    let units = state
        .applications
        .get(application)
        .into_iter()
        .flat_map(|application| &application.units);
    units
        .filter(|(_, unit)| unit.life == Life::Alive)
        .map(|(number, unit)| {
            let Status { word, since, .. } = unit.shown_status();
            (
                format!("{application}/{number}"),
                status(&word, Some(since)),
            )
        })
        .collect()
}

/// `goalStateStatusContents`, with the form of dates that `FormatTime` of `cmd/output` gives them.
fn status(word: &str, since: Option<Timestamp>) -> Value {
    let since = since.map(|since| since.to_string().replacen('T', " ", 1));
    fields([
        ("status", json!(word)),
        ("since", json!(since.unwrap_or_default())),
    ])
}
