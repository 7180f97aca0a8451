//! Carries out what was decided: data first, status last, and nothing that changes nothing.

use std::collections::BTreeMap;

use juju_hook::{HookTools, ToolError};

use crate::action::Reply;
use crate::observe::{Observed, OwnSecret};
use crate::plan::{Grant, NewSecret, Plan, Revision, Write};

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

/// Carries out `plan`.
///
/// # Errors
///
/// If a hook tool fails. Every step can be repeated, and Juju runs the hook again.
pub fn apply(tools: &HookTools, plan: Plan) -> Result<(), ToolError> {
    let Plan {
        revisions,
        grants,
        writes,
        applications,
        removals,
        unread_revision,
        warnings,
        version,
        news,
        status,
    } = plan;
    // Secrets before the databags that refer to them.
    for Revision { uri, key, value } in &revisions {
        tools.secret_set(uri, key, value)?;
        tracing::info!("updated {uri}");
    }
    for Grant { uri, relation } in &grants {
        tools.secret_grant(uri, relation)?;
    }
    write(tools, &writes)?;
    serve(tools, &applications)?;
    for uri in &removals {
        tools.secret_remove(uri)?;
    }
    if let Some((uri, revision)) = &unread_revision {
        tools.secret_remove_revision(uri, *revision)?;
    }
    for warning in warnings {
        tracing::warn!("{warning}");
    }
    if let Some(version) = version {
        tools.application_version_set(version)?;
    }
    if let Some((level, text)) = news {
        tools.juju_log(level, &text)?;
    }
    if let Some(status) = status {
        tools.status_set(&status)?;
    }
    Ok(())
}

/// Changes databags.
///
/// # Errors
///
/// If a hook tool fails.
pub fn write(tools: &HookTools, writes: &[Write]) -> Result<(), ToolError> {
    for Write { relation, databag } in writes {
        tools.relation_set(relation, &databag.changes())?;
        tracing::info!("{} the OIDC provider on {relation}", databag.verb());
    }
    Ok(())
}

/// Does what is to be done on relations with applications.
///
/// # Errors
///
/// If a hook tool fails.
pub fn serve(tools: &HookTools, plan: &oauth::provider::Plan) -> Result<(), ToolError> {
    for relation in &plan.relations {
        tracing::info!("updating the client on {}", relation.relation);
    }
    oauth::provider::apply(tools, plan)
}

/// Gives `reply` to the person who runs the action.
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
