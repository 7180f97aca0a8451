//! The command line, modelled on `juju`. Each command opens a model in the state folder, acts on
//! it, runs hooks until it is idle, and saves it at each step. Commands that only look read what was
//! saved last, and wait for nobody.

mod act;
mod advance;
mod change;
mod command;
mod completion;
mod config;
mod deploy;
mod dispatch;
mod exec;
mod help;
mod history;
mod inert;
mod interrupt;
mod juju2;
mod log;
mod model_config;
mod models;
mod operations;
mod printed;
mod remote;
mod resource;
mod secret;
mod show;
mod status;
mod storage;
mod suggest;
mod table;
mod target;
mod task;
mod terminal;
mod unsupported;
mod version;

use crate::error::{Error, chain};
use crate::lock::Asker;
use crate::model::Model;
use crate::models::{self as state_folder, Models};
use crate::state::Settings;
use crate::surroundings;
use clap::FromArgMatches;
use command::{Cli, Command};
use printed::Printed;
use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Runs the command line; `args` begins with the program's name.
#[must_use]
pub fn main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let printed = parsed(args).map_or_else(
        |refused| refused,
        |(cli, command, notes)| {
            if let Err(clash) = cli.talk.check() {
                return Printed::error(&clash, 1);
            }
            let mut printed =
                run(&cli, &command).unwrap_or_else(|error| Printed::error(&chain(&error), 1));
            if cli.talk.quiet {
                printed.info.clear();
            }
            printed.stderr.insert_str(0, &notes);
            printed
        },
    );
    // First what happens, then the result, and why it is a failure, as Juju does. A reader that has
    // seen enough closes its end; that is not our failure.
    let _ = io::stderr().write_all(printed.info.as_bytes());
    let _ = io::stderr().write_all(printed.stderr.as_bytes());
    let _ = io::stdout().write_all(printed.stdout.as_bytes());
    let _ = io::stdout().flush();
    let _ = io::stderr().write_all(printed.failure.as_bytes());
    ExitCode::from(printed.code)
}

/// The command with its name, and with what there is to say about its options; or what to print
/// instead.
fn parsed(args: impl IntoIterator<Item = OsString>) -> Result<(Cli, String, String), Printed> {
    let mut command = help::command();
    let args: Vec<OsString> = args.into_iter().collect();
    let refused = |error: &clap::Error| suggest::refused(&help::command(), &args, error);
    let matches = command
        .try_get_matches_from_mut(&args)
        .map_err(|error| refused(&error))?;
    let cli = Cli::from_arg_matches(&matches).map_err(|error| refused(&error))?;
    let name = format!(
        "juju-sandbox {}",
        matches.subcommand_name().unwrap_or_default()
    );
    Ok((cli, name, inert::notes(&command, &matches)))
}

/// A variable of the environment that is not empty.
fn variable(name: &str) -> Option<PathBuf> {
    let value = surroundings::variable(name).filter(|value| !value.is_empty());
    value.map(PathBuf::from)
}

/// Tells whom a command waits for. Nothing else is said before the end, which may be far.
fn tell_wait(holder: &str) {
    let said = format!("waiting for {holder}\n");
    let _ = io::stderr().write_all(said.as_bytes());
}

fn run(cli: &Cli, command: &str) -> Result<Printed, Error> {
    let state = cli.state.clone().or_else(|| variable("JUJU_SANDBOX_STATE"));
    let state = state.unwrap_or_else(|| ".juju-sandbox".into());
    let models = Models::of(&state);
    let model = cli.model.clone().or_else(|| {
        let model = variable("JUJU_MODEL")?.into_os_string();
        model.into_string().ok()
    });
    let named = model.as_deref().map(state_folder::name_of);
    let asker = Asker::Patient {
        command,
        on_busy: &tell_wait,
    };
    match &cli.command {
        Command::AddModel(arguments) => return arguments.run(&models, asker),
        Command::DestroyModel(arguments) => return arguments.run(&models, named, asker),
        Command::Models(arguments) => return arguments.run(&models),
        Command::Switch(arguments) => return arguments.run(&models, asker),
        Command::ShowModel(arguments) => return arguments.run(&models, named),
        Command::Version(arguments) => return arguments.run(&models),
        Command::Completion(arguments) => return Ok(arguments.run(&mut help::command())),
        Command::Unsupported(words) => return Ok(unsupported::refused(words)),
        _ => {}
    }
    let creates = matches!(cli.command, Command::Deploy(_) | Command::StandIn { .. });
    let first = if creates && named.is_none() && models.is_empty()? {
        first_model(&models, &state, asker)?
    } else {
        None
    };
    let mut model = if let Some(model) = first {
        model
    } else {
        let folder = models.folder(named)?;
        if let Some(shown) = dispatch::shown(&folder, &cli.command) {
            return shown;
        }
        interrupt::watch()?;
        Model::open_as(&folder, asker)?
    };
    // The binary is also every hook tool, so it works wherever it is installed.
    if let Ok(program) = std::env::current_exe() {
        model.use_client(&program);
    }
    if cli.talk.tells() {
        model.on_start(|starting| {
            let _ = writeln!(io::stderr(), "{}: {}…", starting.unit, starting.hook);
        });
    }
    if let Some(gone) = dispatch::gone(&model, &cli.command) {
        return Ok(gone);
    }
    let acted = dispatch::act(&mut model, &cli.command, cli.talk.quiet);
    // Also what happened to a model that refused the rest.
    model.save()?;
    let settled = acted.and_then(|printed| model.settle().map(|()| printed));
    // What hooks did stays done, whatever happened afterwards.
    model.save()?;
    let mut printed = settled?;
    let failed_now = |unit: &str| {
        let mut hooks = model.runs().iter().filter(|run| !run.action);
        hooks.any(|run| run.unit == unit && !run.committed)
    };
    for (unit, message) in change::failed_units(&model) {
        if failed_now(&unit) {
            let warning = ["WARNING ", &unit, ": ", &message, " (see debug-log)\n"];
            printed.stderr.extend(warning);
        }
    }
    Ok(printed)
}

/// The first model, which a command makes if there is none.
fn first_model(models: &Models, state: &Path, asker: Asker<'_>) -> Result<Option<Model>, Error> {
    interrupt::watch()?;
    let _lock = models.lock(asker)?;
    // Somebody else may have made it meanwhile.
    if !models.is_empty()? {
        return Ok(None);
    }
    let mut model = Model::create_as(state, Settings::default(), asker)?;
    model.save()?;
    Ok(Some(model))
}
