//! A Juju charm that gives Charmed Kratos an external identity provider.
//!
//! # What happens in a hook
//!
//! ```text
//! Juju ──env──▶ context ──▶ observe ──▶ reconcile ──▶ apply ──▶ Juju
//!               (event)     (reads)      (pure)       (writes)
//! ```
//!
//! * [`juju_hook`]: why Juju started us, the only reader of the environment; and Juju's hook
//!   tools, the only door to its processes.
//! * [`observe`]: asks Juju everything, once; between its two steps, what is switched off is
//!   withdrawn. What is slow or hostile it asks of the [`doctor`], a second program.
//! * [`reconcile`]: decides, in pure functions: configuration ([`config`], [`checks`]), answers
//!   ([`registration`]), [`status`].
//! * [`apply`]: carries the decision out: data first, status last, and nothing that changes
//!   nothing.
//!
//! The event hardly matters: nearly every hook reconciles the whole state, so that an event that
//! was lost heals at the next one. An [`action`] answers from the same observation. A person who
//! starts the program finds a command line ([`cli`]) in place of Juju.
//!
//! # Two kinds of trouble
//!
//! What the administrator can fix is a [`finding::Finding`]: the unit is blocked, the hook
//! succeeds. What Juju or we got wrong is an [`Error`]: exit code 1, and Juju runs the hook again.
//! What the other application wrote is neither: what cannot be read there is not answered yet,
//! with a warning.
//!
//! # The crates
//!
//! The charm is policy, and nothing that another charm would want: [`juju_hook`] serves any charm,
//! [`external_provider`] is the interface, both halves of it, and `juju-sandbox` runs charms
//! without a controller. Arrows between them go one way, and so they do between the files of each:
//! `tests/architecture` sees to it.
//!
//! # Where this differs from the obvious
//!
//! * An [`external_provider::Provider`] has a variant for each shape of fields, and not for each
//!   kind: seventeen kinds share five shapes, and a new kind is one row in one table.
//! * [`registration`] stands between observing and deciding, since the status, the log and the
//!   action all ask the same of an answer.

pub mod action;
pub mod apply;
pub mod checks;
pub mod cli;
pub mod config;
pub mod finding;
pub mod kinds;
pub mod mapper;
pub mod observe;
pub mod reconcile;
pub mod registration;
pub mod report;
pub mod status;

use std::error;
use std::path::Path;
use std::process::ExitCode;

use juju_hook::{Context, ContextError, Event, HookTools, ToolError};
use rustix::process::{Resource, Rlimit, setrlimit};
use tracing_subscriber::fmt::writer::MakeWriterExt as _;

use self::action::Action;
use self::observe::{Observed, Surroundings};

/// What keeps the charm from doing its work. Never the administrator's mistake.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Juju started the program but did not say why.
    #[error("the hook's context cannot be read")]
    Context(#[from] ContextError),
    /// A hook tool failed.
    #[error("Juju did not do what the charm asked of it")]
    Tool(#[from] ToolError),
}

/// Does what Juju or a person started the program for.
///
/// # Errors
///
/// If Juju did not do its part. Whoever calls this exits with 1, so that Juju runs
/// the hook again.
pub fn run() -> Result<ExitCode, Error> {
    leave_no_core();
    let Some(context) = Context::from_env()? else {
        return Ok(cli::run());
    };
    log_for(&context.event);
    dispatch(&HookTools::on_path(), &context)?;
    Ok(ExitCode::SUCCESS)
}

/// Sees to it that this process and those that it starts leave no core file, which would
/// hold secrets. Where the system does not let it, there is nothing else to do.
fn leave_no_core() {
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    let _ = setrlimit(Resource::Core, none);
}

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
            apply::apply_reply(tools, action.answer(&seen, dry_run))
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
    apply::write(tools, &withdrawals)?;
    let rest = reconcile::without(surroundings, withdrawals);
    if let Err(error) = settle(tools, context, rest) {
        tracing::error!("withdrawn, but: {}", chain(&error));
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
    // A hook that stopped halfway is run again, perhaps with another configuration. Where that
    // changes nothing, there is time to look for what the first run left behind.
    if context.event == Event::ConfigChanged && plan.writes.is_empty() {
        seen.sweep(tools);
        plan = reconcile::reconcile(&seen);
    }
    apply::apply(tools, &context.event, plan)
}

/// Runs a mapper in a process of its own, which is this program again.
#[must_use]
pub fn dry_run(trial: mapper::Trial) -> mapper::DryRun {
    // Not the path that started this one: a refresh may have replaced it meanwhile.
    mapper::dry_run(Path::new("/proc/self/exe"), trial)
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
        Event::Relation { endpoint, .. } => endpoint == external_provider::ENDPOINT,
        Event::Action(_)
        | Event::Stop
        | Event::Remove
        | Event::Storage { .. }
        | Event::Pebble { .. }
        | Event::CollectMetrics
        | Event::MeterStatusChanged
        | Event::PreSeriesUpgrade
        | Event::PostSeriesUpgrade
        | Event::Unknown(_) => false,
    }
}

/// Sends log lines where Juju picks them up for nothing: what a hook prints to its
/// standard error is logged at WARNING, to its standard output at DEBUG. Whoever
/// runs an action sees both, so that there the warnings must do.
fn log_for(event: &Event) {
    let subscriber = tracing_subscriber::fmt()
        .without_time()
        .with_target(false)
        .with_ansi(false)
        // It would be said on the standard error, with a panic where that is what fails.
        .log_internal_errors(false);
    let warnings = std::io::stderr.with_max_level(tracing::Level::WARN);
    if matches!(event, Event::Action(_)) {
        subscriber
            .with_max_level(tracing::Level::WARN)
            .with_writer(warnings)
            .init();
    } else {
        let everything = warnings.or_else(std::io::stdout);
        subscriber
            .with_max_level(tracing::Level::DEBUG)
            .with_writer(everything)
            .init();
    }
}

/// An error and all its causes, as one line.
#[must_use]
pub fn chain(error: &dyn error::Error) -> String {
    let causes = std::iter::successors(error.source(), |cause| cause.source());
    causes.fold(error.to_string(), |text, cause| format!("{text}: {cause}"))
}
