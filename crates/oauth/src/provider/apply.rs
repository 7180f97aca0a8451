//! Carries out what was decided: secrets before the databags that refer to them, and nothing that
//! changes nothing.

use juju_hook::{Context, HookTools, Refusal, ToolError};

use crate::interface::{CLIENT_SECRET_ID, SECRET_KEY};
use crate::provider::observed::{Observed, Relation, Relations, is_sweep_due};
use crate::provider::plan::{NewSecret, Plan, RelationPlan, Wanted};
use crate::provider::reconcile::reconcile;

/// Carries out `plan`.
///
/// # Errors
///
/// If a hook tool fails. Every step can be repeated, and Juju runs the hook again.
pub fn apply(tools: &HookTools, plan: Plan) -> Result<(), ToolError> {
    let Plan {
        relations,
        removals,
    } = plan;
    for plan in relations {
        let RelationPlan {
            relation,
            secret,
            mut changes,
        } = plan;
        if let Some(NewSecret { label, value }) = secret {
            // Juju keeps secrets before databags, and a hook that it cut short between the two
            // leaves one behind. A second one with this label would fail at the end of the hook.
            let uri = match tools.own_secret_uri(&label)? {
                Some(uri) => {
                    tools.secret_set(&uri, SECRET_KEY, &value)?;
                    uri
                }
                None => tools.secret_add(&label, SECRET_KEY, &value)?,
            };
            tools.secret_grant(&uri, &relation)?;
            changes.insert(CLIENT_SECRET_ID, uri.to_string());
        }
        let changes = changes.iter().map(|(key, value)| (*key, value.as_str()));
        tools.relation_set(&relation, &changes.collect())?;
    }
    for uri in &removals {
        tools.secret_remove(uri)?;
    }
    Ok(())
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
    apply(tools, reconcile(&seen, &wanted))?;
    Ok(Ok(seen))
}
