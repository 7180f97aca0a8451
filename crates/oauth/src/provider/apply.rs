//! Carries out what was decided: secrets before the databags that refer to them, and nothing that
//! changes nothing.

use std::collections::BTreeMap;

use juju_hook::{Context, HookTools, Refusal, RelationId, SecretUri, ToolError};

use crate::interface::{CLIENT_SECRET_ID, SECRET_KEY};
use crate::provider::observed::{Observed, Relation, Relations, is_sweep_due};
use crate::provider::plan::{NewSecret, Plan, RelationPlan, Wanted};
use crate::provider::reconcile::reconcile;

/// Carries out `plan`.
///
/// # Errors
///
/// If a hook tool fails. Every step can be repeated, and Juju runs the hook again.
pub fn apply(tools: &HookTools, plan: &Plan) -> Result<(), ToolError> {
    for RelationPlan {
        relation,
        secret,
        changes,
    } in &plan.relations
    {
        let changes = changes.iter().map(|(key, value)| (*key, value.as_str()));
        let mut changes: BTreeMap<_, _> = changes.collect();
        let uri = secret
            .as_ref()
            .map(|secret| publish(tools, secret, relation));
        let uri = uri.transpose()?;
        if let Some(uri) = &uri {
            changes.insert(CLIENT_SECRET_ID, uri.as_str());
        }
        tools.relation_set(relation, &changes)?;
    }
    for uri in &plan.removals {
        tools.secret_remove(uri)?;
    }
    Ok(())
}

/// Makes a secret that the requirer of `relation` can read.
fn publish(
    tools: &HookTools,
    secret: &NewSecret,
    relation: &RelationId,
) -> Result<SecretUri, ToolError> {
    let NewSecret { label, value } = secret;
    // Juju keeps secrets before databags, and a hook that it cut short between the two
    // leaves one behind. A second one with this label would fail at the end of the hook.
    let uri = match tools.own_secret_uri(label)? {
        Some(uri) => {
            tools.secret_set(&uri, SECRET_KEY, value)?;
            uri
        }
        None => tools.secret_add(label, SECRET_KEY, value)?,
    };
    tools.secret_grant(&uri, relation)?;
    Ok(uri)
}

/// Makes the relations of `endpoint` what they should be: all steps in a row, for a charm that has
/// nothing else to do between them. Says what it found before that.
///
/// # Errors
///
/// If a hook tool fails.
pub fn settle<'w>(
    tools: &HookTools,
    context: &Context,
    endpoint: &str,
    wanted: impl Fn(&Relation) -> Wanted<'w>,
) -> Result<Result<Observed, Refusal>, ToolError> {
    let relations = Relations::read(tools, context, endpoint)?;
    let leads = !relations.is_empty() && tools.is_leader()?;
    let mut seen = match relations.observe(tools, context, leads)? {
        Ok(seen) => seen,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if leads && is_sweep_due(context, endpoint) {
        seen.sweep(tools, context, endpoint)?;
    }
    seen.compare(tools, &wanted)?;
    apply(tools, &reconcile(&seen, &wanted))?;
    Ok(Ok(seen))
}
