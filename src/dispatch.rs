//! Runs one hook or action from start to finish. Start here to see what happens on
//! `config-changed`.

use doctor::Doctor;
use juju_hook::{Context, Event, HookTools, Proxies, ToolError};

use crate::action::Action;
use crate::error::chain;
use crate::observe::{self, Observed, Surroundings};
use crate::plan::{Shown, Withdrawals};
use crate::{apply, reconcile};

/// Runs one hook or action.
///
/// # Errors
///
/// If a hook tool fails.
pub fn dispatch(tools: &HookTools, context: &Context) -> Result<(), ToolError> {
    match &context.event {
        Event::Action(name) => {
            let seen = Observed::read(tools, context)?;
            let action = Action::read(tools, name)?;
            let doctor = Doctor::beside_this_program();
            let proxies = context.place.proxies.clone().or(Proxies::of_shell());
            apply::apply_reply(tools, action.answer(&seen, &proxies, &doctor))
        }
        event if concerns_us(event) => hook(tools, context),
        event => {
            tracing::debug!("nothing to do for {event:?}");
            Ok(())
        }
    }
}

/// Runs one hook. What is switched off is withdrawn first, and once that is written nothing
/// that fails afterwards undoes it: Juju would take back all that a failed hook wrote.
fn hook(tools: &HookTools, context: &Context) -> Result<(), ToolError> {
    let surroundings = Surroundings::read(tools, context)?;
    let withdrawals = reconcile::withdrawals(&surroundings);
    if withdrawals.is_empty() {
        return settle(tools, context, surroundings);
    }
    let Withdrawals {
        writes,
        applications,
        switched_off,
        retired,
    } = withdrawals;
    let is_for_kratos = !writes.is_empty();
    // Once Kratos is withdrawn from, nothing that fails may take that back.
    let serve = |plan| match apply::serve(tools, plan) {
        Err(error) if is_for_kratos => {
            tracing::error!("withdrawn from Kratos only: {}", chain(&error));
            Ok(())
        }
        other => other,
    };
    apply::write(tools, &writes)?;
    serve(applications)?;
    let rest = reconcile::without(surroundings, writes, retired);
    if let Err(error) = settle(tools, context, rest) {
        tracing::error!("withdrawn, but: {}", chain(&error));
        serve(switched_off)?;
    }
    Ok(())
}

/// Makes everything what it should be.
fn settle(
    tools: &HookTools,
    context: &Context,
    surroundings: Surroundings,
) -> Result<(), ToolError> {
    let mut seen = Observed::complete(tools, context, surroundings)?;
    let missing = reconcile::missing_secrets(&seen);
    apply::make_secrets(tools, missing, &mut seen)?;
    let mut plan = reconcile::reconcile(&seen);
    if reconcile::wants_sweep(&seen, &plan) {
        seen.sweep(tools, context);
        plan = reconcile::reconcile(&seen);
    }
    let shown = if plan.asks_for_status() {
        observe::shown_status(tools)
    } else {
        Shown::NotAsked
    };
    apply::apply(tools, plan.in_view_of(&shown))
}

/// Whether a hook may find something to do. The others come when the unit is
/// going, when most hook tools fail, or for things that this charm does not have.
fn concerns_us(event: &Event) -> bool {
    match event {
        Event::Install
        | Event::UpgradeCharm
        | Event::ConfigChanged
        | Event::Start
        | Event::UpdateStatus
        | Event::LeaderElected
        | Event::LeaderSettingsChanged
        | Event::Secret(_) => true,
        Event::Relation { endpoint, .. } => {
            [external_provider::ENDPOINT, oauth::ENDPOINT].contains(&endpoint.as_str())
        }
        Event::Action(_)
        | Event::Stop
        | Event::Remove
        | Event::LeaderDeposed
        | Event::Storage { .. }
        | Event::Pebble { .. }
        | Event::CollectMetrics
        | Event::MeterStatusChanged
        | Event::PreSeriesUpgrade
        | Event::PostSeriesUpgrade
        | Event::Unknown(_) => false,
    }
}
