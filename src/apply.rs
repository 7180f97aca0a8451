//! Carries out a plan: data first, status last, and nothing that changes nothing.

use std::collections::BTreeMap;

use crate::action::Reply;
use crate::context::Event;
use crate::hooktools::{HookTools, ToolError};
use crate::reconcile::{Plan, Write};

/// The version in `juju status`. The charm has no workload: it is its own.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Carries out `plan` in the hook for `event`.
///
/// # Errors
///
/// If a hook tool fails. Every step can be repeated, and Juju runs the hook again.
pub fn apply(tools: &HookTools, event: &Event, plan: Plan) -> Result<(), ToolError> {
    let Plan {
        writes,
        warnings,
        status,
        news,
    } = plan;
    for Write { relation, changes } in &writes {
        let changes: BTreeMap<_, _> = changes
            .iter()
            .map(|(key, value)| (key.as_str(), value.expose()))
            .collect();
        tools.relation_set(relation, &changes)?;
        let done = if changes.values().all(|value| value.is_empty()) {
            "withdrew"
        } else {
            "published"
        };
        tracing::info!("{done} the OIDC provider on {relation}");
    }
    for warning in warnings {
        tracing::warn!("{warning}");
    }
    if matches!(event, Event::Install | Event::UpgradeCharm) {
        tools.application_version_set(VERSION)?;
    }
    // To ask first costs no more than to set again what is there, and spares the
    // unit's history a line every five minutes. After a write, when the status is
    // likely to change too, it is set without asking: that is one call less.
    if writes.is_empty() {
        match tools.status_is(&status) {
            Ok(true) => return Ok(()),
            Ok(false) => {
                if let Some((level, text)) = news {
                    tools.juju_log(level, &text)?;
                }
            }
            Err(error) => tracing::debug!("the status is set without comparing: {error}"),
        }
    }
    tools.status_set(&status)
}

/// Gives `reply` to whoever runs the action.
///
/// # Errors
///
/// If a hook tool fails.
pub fn apply_reply(tools: &HookTools, reply: Reply) -> Result<(), ToolError> {
    let Reply { results, failure } = reply;
    if !results.is_empty() {
        tools.action_set(&results)?;
    }
    match failure {
        Some(message) => tools.action_fail(&message),
        None => Ok(()),
    }
}
