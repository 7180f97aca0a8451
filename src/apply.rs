//! Carries out a plan: data first, status last, and nothing that changes nothing.

use std::collections::BTreeMap;

use crate::action::Reply;
use crate::context::Event;
use crate::external_provider::KEY;
use crate::external_provider::databag::{self, Carried};
use crate::hooktools::{HookTools, RelationId, SecretUri, ShownStatus, ToolError};
use crate::observe;
use crate::reconcile::{Carrier, DatabagWrite, Plan, Revision, Write};

/// The version in `juju status`. The charm has no workload: it is its own.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Carries out `plan` in the hook for `event`. What `juju status` shows so far is `shown`,
/// if that was asked for beforehand.
///
/// # Errors
///
/// If a hook tool fails. Every step can be repeated, and Juju runs the hook again.
pub fn apply(
    tools: &HookTools,
    event: &Event,
    plan: Plan,
    mut shown: Option<ShownStatus>,
) -> Result<(), ToolError> {
    let Plan {
        writes,
        removals,
        warnings,
        status,
        news,
    } = plan;
    let changes_something = !(writes.is_empty() && removals.is_empty());
    for write in writes {
        apply_write(tools, write)?;
    }
    for uri in &removals {
        tools.secret_remove(uri)?;
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
    if !changes_something && !event.is_routine() {
        shown = observe::shown_status(tools);
    }
    if let Some(shown) = shown {
        if shown.is(&status) {
            return Ok(());
        }
        if let Some((level, text)) = news {
            tools.juju_log(level, &text)?;
        }
    }
    tools.status_set(&status)
}

/// Secrets before the databag that refers to them.
fn apply_write(tools: &HookTools, write: Write) -> Result<(), ToolError> {
    let Write {
        relation,
        databag,
        revisions,
    } = write;
    for Revision { uri, key, value } in &revisions {
        tools.secret_set(uri, key, value)?;
        tracing::info!("updated the secret for {relation}");
    }
    let by_uri;
    let (values, done) = match &databag {
        DatabagWrite::Nothing => return Ok(()),
        DatabagWrite::Offer(offer) => (BTreeMap::from([(KEY, offer.expose())]), "published"),
        DatabagWrite::Clear(keys) => {
            let values = keys.iter().map(|key| (key.as_str(), ""));
            (values.collect(), "withdrew")
        }
        DatabagWrite::ByUri(providers) => {
            let uris = providers
                .iter()
                .map(|one| present(tools, &relation, &one.secret))
                .collect::<Result<Vec<_>, _>>()?;
            let providers = providers.iter().map(|one| &one.provider);
            by_uri = databag::offer(providers.zip(uris.iter().map(Carried::Uri)));
            (BTreeMap::from([(KEY, by_uri.expose())]), "published")
        }
    };
    tools.relation_set(&relation, &values)?;
    tracing::info!("{done} the OIDC provider on {relation}");
    Ok(())
}

/// The URI of a secret that carries a provider's secret on `relation`, made if it is
/// not there yet.
fn present(
    tools: &HookTools,
    relation: &RelationId,
    secret: &Carrier,
) -> Result<SecretUri, ToolError> {
    match secret {
        Carrier::Present(uri) => Ok(uri.clone()),
        Carrier::New { label, key, value } => {
            let uri = tools.secret_add(label, key, value)?;
            tools.secret_grant(&uri, relation)?;
            Ok(uri)
        }
    }
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
