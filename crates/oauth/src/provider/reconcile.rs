//! Decides what to do. No process, clock, environment or network here.

use std::collections::BTreeMap;

use juju_hook::{Databag, SecretUri};

use crate::interface::{CLIENT_ID, CLIENT_SECRET_ID, RETIRED_SECRET_ID};
use crate::provider::observed::{Holds, Observed, Relation};
use crate::provider::plan::{NewSecret, Plan, RelationPlan, Wanted};
use crate::value::encode;

/// Decides what to do about what was seen, once [`Observed::compare`] has looked with the same
/// `wanted`. On a unit that does not lead, that is nothing.
pub fn reconcile<'w>(seen: &Observed, wanted: impl Fn(&Relation) -> Wanted<'w>) -> Plan {
    let mut plan = Plan::default();
    for relation in &seen.relations {
        let Some(ours) = &relation.ours else {
            continue;
        };
        let published = relation.published_secret();
        let retired = relation.retired_secret();
        plan.removals
            .extend(retired.filter(|uri| published.as_ref() != Some(uri)));
        plan.relations
            .extend(on_relation(relation, ours, wanted(relation)));
    }
    // What has the label of a secret that is still to be made becomes that.
    let taken: Vec<_> = plan
        .relations
        .iter()
        .filter_map(|one| one.secret.as_ref())
        .collect();
    let left = seen.left_behind.iter().filter(|left| {
        let is_taken = taken.iter().any(|secret| secret.label == left.label);
        !is_taken
    });
    plan.removals.extend(left.map(|left| left.uri.clone()));
    plan
}

/// What to do on one relation, whose databag of ours is `ours`; `None` if it is in order.
fn on_relation(relation: &Relation, ours: &Databag, wanted: Wanted<'_>) -> Option<RelationPlan> {
    let mut changes = BTreeMap::new();
    // The hook that wrote this has ended, and so the time for what it refers to has come.
    changes.insert(RETIRED_SECRET_ID, String::new());
    let mut secret = None;
    match wanted {
        Wanted::Keep => {}
        Wanted::Withdraw => {
            changes.insert(CLIENT_ID, String::new());
            changes.insert(CLIENT_SECRET_ID, String::new());
            retire(&mut changes, relation.published_secret());
        }
        Wanted::Offer(info, credentials) => {
            changes.extend(info.endpoints().entries());
            let is_due = relation.request.is_ok() || relation.has_credentials();
            if let Some(credentials) = credentials.filter(|_| is_due) {
                let id = encode(credentials.client_id()).into_owned();
                changes.insert(CLIENT_ID, id);
                let published = relation.published_secret();
                // Where nobody has looked into a secret, it is left alone.
                let is_good = matches!(relation.secret, None | Some(Holds::Wanted));
                if published.is_none() || !is_good {
                    let old = published.clone().or_else(|| relation.retired_secret());
                    secret = Some(NewSecret {
                        label: relation.label(old.as_ref()),
                        value: credentials.client_secret().clone(),
                    });
                    let is_there = relation.secret == Some(Holds::Other);
                    retire(&mut changes, published.filter(|_| is_there));
                }
            }
        }
    }
    let is_new = |key: &str, value: &String| match ours.get(key) {
        Some(old) => old.expose() != value,
        None => !value.is_empty(),
    };
    changes.retain(|key, value| is_new(key, value));
    (secret.is_some() || !changes.is_empty()).then(|| RelationPlan {
        relation: relation.id.clone(),
        secret,
        changes,
    })
}

/// Notes that a later hook is to remove `old`.
fn retire(changes: &mut BTreeMap<&'static str, String>, old: Option<SecretUri>) {
    if let Some(old) = old {
        changes.insert(RETIRED_SECRET_ID, old.to_string());
    }
}
