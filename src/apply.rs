//! Carries out what was decided: data first, status last, and nothing that changes nothing.

use std::collections::BTreeMap;

use external_provider::KEY;
use juju_hook::{Event, HookTools, StatusLevel, ToolError};

use crate::action::Reply;
use crate::observe::{Observed, OwnSecret};
use crate::reconcile::{DatabagWrite, Grant, NewSecret, Plan, Revision, Write};

/// The version in `juju status`. The charm has no workload: it is its own.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Makes the secrets that are missing, and notes in `seen` that they are there. What they
/// are for is granted and published by the plan that is made with them.
///
/// # Errors
///
/// If a hook tool fails.
pub fn make_secrets(
    tools: &HookTools,
    missing: Vec<NewSecret>,
    seen: &mut Observed,
) -> Result<(), ToolError> {
    for secret in missing {
        let NewSecret {
            relation,
            provider_id,
            label,
            key,
            value,
        } = secret;
        let uri = tools.secret_add(&label, key, &value)?;
        let content = BTreeMap::from([(key.to_owned(), value)]);
        let mut relations = seen.relations.iter_mut();
        if let Some(relation) = relations.find(|one| one.id == relation) {
            relation
                .secrets
                .insert(provider_id, OwnSecret { uri, content });
        }
    }
    Ok(())
}

/// Carries out `plan` in the hook for `event`.
///
/// # Errors
///
/// If a hook tool fails. Every step can be repeated, and Juju runs the hook again.
pub fn apply(tools: &HookTools, event: &Event, plan: Plan) -> Result<(), ToolError> {
    let Plan {
        revisions,
        grants,
        writes,
        removals,
        unread_revision,
        warnings,
        status,
        news,
    } = plan;
    let changes_something = !(writes.is_empty() && removals.is_empty() && revisions.is_empty());
    // Secrets before the databags that refer to them.
    for Revision { uri, key, value } in &revisions {
        tools.secret_set(uri, key, value)?;
        tracing::info!("updated {uri}");
    }
    for Grant { uri, relation } in &grants {
        tools.secret_grant(uri, relation)?;
    }
    write(tools, &writes)?;
    for uri in &removals {
        tools.secret_remove(uri)?;
    }
    if let Some((uri, revision)) = &unread_revision {
        tools.secret_remove_revision(uri, *revision)?;
    }
    for warning in warnings {
        tracing::warn!("{warning}");
    }
    if matches!(event, Event::Install | Event::UpgradeCharm) {
        tools.application_version_set(VERSION)?;
    }
    // To ask first costs no more than to set again what is there, and spares the
    // unit's history a line every five minutes. After a write, when the status is
    // likely to change too, nobody is asked any more: that is one call less.
    let is_new = if changes_something {
        // What fails has to be in the log; what works is seen without.
        status.level == StatusLevel::Blocked
    } else {
        let shown = tools.status_get();
        // Where Juju does not say, it is set without comparing.
        let shown = shown.inspect_err(|error| tracing::debug!("the status is not known: {error}"));
        if shown.as_ref().is_ok_and(|shown| shown.is(&status)) {
            return Ok(());
        }
        shown.is_ok()
    };
    if let Some((level, text)) = news.filter(|_| is_new) {
        tools.juju_log(level, &text)?;
    }
    tools.status_set(&status)
}

/// Changes databags.
///
/// # Errors
///
/// If a hook tool fails.
pub fn write(tools: &HookTools, writes: &[Write]) -> Result<(), ToolError> {
    for Write { relation, databag } in writes {
        let (values, done) = match databag {
            DatabagWrite::Offer(offer) => (BTreeMap::from([(KEY, offer.expose())]), "published"),
            DatabagWrite::Clear(keys) => {
                let values = keys.iter().map(|key| (key.as_str(), ""));
                (values.collect(), "withdrew")
            }
        };
        tools.relation_set(relation, &values)?;
        tracing::info!("{done} the OIDC provider on {relation}");
    }
    Ok(())
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
