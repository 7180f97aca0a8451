//! A Juju charm that gives Charmed Kratos an external identity provider, and applications the same
//! client.
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
//!   ([`registration`]), [`status`]; and for applications [`applications`], which has a say on the
//!   endpoint `oauth` only.
//! * [`apply`]: carries the decision out: data first, status last, and nothing that changes
//!   nothing.
//!
//! The event hardly matters: nearly every hook reconciles the whole state, so the next one makes up
//! for an event that was lost. An [`action`] answers from the same observation, and one of them
//! asks the identity provider ([`inquiry`]). A person who starts
//! the program gets a command line ([`cli`]).
//!
//! # One option, from Juju to the databag
//!
//! ```text
//! juju-hook/config.rs            config-get prints it
//! config/loose.rs                a value of some type
//! config/request.rs              what it is about; of a provider, a setting
//! external-provider/settings.rs  loose: each may be unset
//! checks/                        what may be wrong with it
//! external-provider/provider.rs  strict: a provider of its shape
//! reconcile.rs                   what should be published, and where
//! external-provider/offer.rs     as JSON that both generations of the library read
//! apply.rs                       the databag is written,
//! juju-hook/relation.rs          by relation-set
//! ```
//!
//! For an application, from the provider on:
//!
//! ```text
//! kinds/openid.rs                where that provider is, if the kind says it
//! applications/offer.rs          what to offer, and what is wrong with it
//! oauth/provider/reconcile.rs    what to write, and which secrets to make and remove
//! oauth/provider/apply.rs        the secrets, then the databag
//! ```
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
//! [`external_provider`] and [`oauth`] are the interfaces, both halves of each, and `juju-sandbox` runs charms
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
pub mod applications;
pub mod apply;
pub mod checks;
pub mod cli;
pub mod config;
pub mod dispatch;
pub mod error;
pub mod finding;
pub mod inquiry;
pub mod kinds;
pub mod mapper;
mod news;
pub mod observe;
pub mod plan;
pub mod reconcile;
pub mod registration;
pub mod report;
pub mod status;

use std::process::ExitCode;

use juju_hook::{Context, Event, HookTools};
use rustix::process::{Resource, Rlimit, setrlimit};
use tracing::Level;
use tracing_subscriber::fmt::writer::MakeWriterExt as _;

pub use self::error::{Error, chain};

/// Does what Juju or a person started the program for.
///
/// # Errors
///
/// If Juju did not do its part. The caller exits with 1, so Juju runs the hook again.
pub fn run() -> Result<ExitCode, Error> {
    leave_no_core_dump();
    let Some(context) = Context::from_env()? else {
        return Ok(cli::run());
    };
    log_for(&context.event);
    dispatch::dispatch(&HookTools::on_path(), &context)?;
    Ok(ExitCode::SUCCESS)
}

/// Sees to it that this process and those that it starts leave no core file, which would
/// hold secrets. Where the system does not let it, there is nothing else to do.
fn leave_no_core_dump() {
    let none = Rlimit {
        current: Some(0),
        maximum: Some(0),
    };
    let _ = setrlimit(Resource::Core, none);
}

/// Sends log lines to where Juju collects them without a call: what a hook prints to its
/// standard error is logged at WARNING, to its standard output at DEBUG. Whoever
/// runs an action sees both, so actions log only warnings.
fn log_for(event: &Event) {
    let level = if matches!(event, Event::Action(_)) {
        Level::WARN
    } else {
        Level::DEBUG
    };
    let warnings = std::io::stderr.with_max_level(Level::WARN);
    tracing_subscriber::fmt()
        .without_time()
        .with_target(false)
        .with_ansi(false)
        // It would be said on the standard error, with a panic where that is what fails.
        .log_internal_errors(false)
        .with_max_level(level)
        .with_writer(warnings.or_else(std::io::stdout))
        .init();
}
