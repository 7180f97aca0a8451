//! Running a charm: its process, its environment, and the calls of its hook tools. Source:
//! `runner/runner.go` of the uniter.

mod environment;
mod group;
mod message;
mod output;
mod process;
mod server;

use crate::agent::context::{ActionRun, Context};
use crate::agent::fault::{Armed, FaultKind};
use crate::agent::tools::{self, Call, End};
use crate::error::Error;
use crate::event::{Event, SecretHook};
use crate::folder::{Folder, Site};
use crate::go::{os_reason, quote, through_json};
use crate::log::Level;
use crate::refusals;
use crate::run::{HookRun, ToolCall};
use message::{Message, Reply, Request, Stream};
use output::Lines;
use process::Program;
use server::Server;
use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::process::ExitStatus;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};
use tempfile::TempDir;

pub(crate) use group::{end_all, end_survivors, separate};

/// The tools whose effect others see at once, while the hook goes on.
const SEEN_AT_ONCE: [&str; 2] = ["status-set", "application-version-set"];

/// How long a silent process that the hook left behind, with its pipes, keeps the hook open.
/// `Logger.Stop` of `charmrunner/logger.go` waits 100 ms for each pipe; this is longer, so that a
/// busy machine has time to read what the hook itself printed.
const LEFT_BEHIND: Duration = Duration::from_secs(1);
/// The same for one that keeps printing.
const LEFT_TALKING: Duration = Duration::from_secs(5);

/// The result of a run.
#[derive(Debug)]
pub(crate) struct Finished {
    pub(crate) record: HookRun,
    /// The action, if it was one.
    pub(crate) action: Option<ActionRun>,
}

/// Runs one event and, if the charm exits 0, commits it. What is logged meanwhile, and what takes
/// effect at once, is kept in the model's folder.
pub(crate) fn run(
    mut context: Context<'_>,
    site: &Site,
    scratch: &Path,
    faults: &mut [Armed],
    folder: &mut Folder,
) -> Result<Finished, Error> {
    let event = context.event().clone();
    let relation = event.relation();
    let mut record = HookRun {
        unit: context.unit().to_owned(),
        hook: event.name(),
        action: event.is_action(),
        relation: relation.map(|hook| hook.relation),
        secret: event.secret().map(SecretHook::uri),
        remote_unit: relation
            .and_then(|hook| hook.step.unit())
            .map(str::to_owned),
        remote_application: relation.map(|hook| hook.application.clone()),
        environment: BTreeMap::new(),
        exit_code: None,
        stdout: String::new(),
        stderr: String::new(),
        calls: Vec::new(),
        committed: false,
        error: None,
    };
    let found = match event.command() {
        Some(command) => Program::shell(command, scratch)
            .map(|shell| Ok(Some(shell)))
            .map_err(Error::io("write the command's script"))?,
        None => Program::find(&site.charm, &event.dispatch_path()),
    };
    let outcome = match found {
        Ok(Some(program)) => {
            let ended = execute(
                &mut context,
                site,
                scratch,
                faults,
                folder,
                &program,
                &mut record,
            )?;
            conclude(&mut context, &program, faults, ended)
        }
        Ok(None) if event.is_action() => Err(refusals::action_not_implemented(context.unit())),
        Ok(None) => {
            let skipped = format!("skipped {} hook (missing)", quote(&record.hook));
            context.log_agent(Level::Info, &skipped);
            Ok(())
        }
        Err(reason) => {
            context.log_agent(Level::Error, &reason);
            Err(reason)
        }
    };
    record.committed = outcome.is_ok();
    record.error = outcome.err();
    Ok(Finished {
        record,
        action: context.finish(),
    })
}

/// Starts the program, serves its tool calls and logs its output until it ends.
fn execute(
    context: &mut Context<'_>,
    site: &Site,
    scratch: &Path,
    faults: &mut [Armed],
    folder: &mut Folder,
    program: &Program,
    record: &mut HookRun,
) -> Result<Result<(), String>, Error> {
    let socket = scratch.join("agent.socket");
    let (sender, receiver) = mpsc::channel();
    let server =
        Server::listen(&socket, sender.clone()).map_err(Error::io("listen for hook tools"))?;

    let environment = environment::variables(context, site, &socket);
    record.environment = environment
        .iter()
        .map(|(name, value)| (name.clone(), value.to_string_lossy().into_owned()))
        .collect();
    let hidden = |tool: &str| {
        faults
            .iter()
            .any(|fault| fault.hides(&record.unit, &record.hook, tool))
    };
    link_tools(context, site, hidden).map_err(Error::io("link the hook tools"))?;

    if let Err(error) = process::start(program, &site.charm, &environment, scratch, &sender) {
        server.close();
        let path = program.path.display();
        return Ok(Err(refusals::cannot_fork(path, os_reason(&error))));
    }
    let status = serve(context, faults, folder, record, &receiver, server)?;
    record.exit_code = status.as_ref().ok().and_then(ExitStatus::code);
    Ok(match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(process::go_text(status)),
        Err(error) => Err(error.to_string()),
    })
}

/// A folder for what an event needs while it runs: the socket, whose path may be at most 107 bytes
/// long, and a command's script. It is never in the state folder, and not in the temporary one if
/// its path is long.
pub(crate) fn scratch(event: &Event) -> Result<TempDir, Error> {
    let temporary = std::env::temp_dir();
    let short = temporary.as_os_str().len() <= 64;
    let parent = if short { &temporary } else { Path::new("/tmp") };
    let is_command = event.command().is_some();
    tempfile::Builder::new()
        .prefix(if is_command { "juju-exec" } else { "juju-" })
        .tempdir_in(parent)
        .map_err(Error::io("create a folder for the socket"))
}

/// Recreates the tools' folder, with a link for each tool that the hook may use.
fn link_tools(context: &Context<'_>, site: &Site, hidden: impl Fn(&str) -> bool) -> io::Result<()> {
    match std::fs::remove_dir_all(&site.tools) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => std::fs::create_dir_all(&site.tools)?,
    }
    tools::available(&context.juju())
        .filter(|tool| !hidden(tool.name))
        .try_for_each(|tool| std::os::unix::fs::symlink(&site.client, site.tools.join(tool.name)))
}

/// The hook's main loop. Everything that touches the context happens here, one thing at a time.
fn serve(
    context: &mut Context<'_>,
    faults: &mut [Armed],
    folder: &mut Folder,
    record: &mut HookRun,
    receiver: &Receiver<Message>,
    server: Server,
) -> Result<io::Result<ExitStatus>, Error> {
    let logger = record.hook.clone();
    let is_command = context.event().command().is_some();
    let mut server = Some(server);
    let mut exited: Option<(io::Result<ExitStatus>, Instant)> = None;
    let mut open = 2;
    let mut lines = [Lines::default(), Lines::default()];
    let mut printed = [Vec::new(), Vec::new()];
    // If the folder cannot be written to, the hook still runs to its end.
    let mut kept = Ok(());
    loop {
        let message = match &exited {
            Some((_, since)) if open == 0 || since.elapsed() > LEFT_TALKING => break,
            Some(_) => receiver.recv_timeout(LEFT_BEHIND),
            None => receiver.recv().map_err(|_| RecvTimeoutError::Disconnected),
        };
        match message {
            Ok(Message::Call(request, answer)) if exited.is_none() => {
                let is_seen = SEEN_AT_ONCE.contains(&request.tool.as_str());
                let reply = answer_call(context, faults, record, request);
                // Before the answer, so that the caller can rely on it.
                kept = kept.and_then(|()| {
                    if is_seen {
                        folder.keep_step(context.state())
                    } else {
                        folder.keep_log(context.state())
                    }
                });
                // The caller may be gone, which does not matter to the hook.
                let _ = answer.send(reply);
            }
            // Once the hook is over no call is answered: dropping the channel closes the
            // connection.
            Ok(Message::Call(..)) => {}
            Ok(Message::Output(stream, bytes)) => {
                let index = usize::from(stream == Stream::Stderr);
                // What a command prints is only in its results.
                for line in lines[index].feed(&bytes) {
                    if !is_command {
                        context.log(&logger, stream.level(), &line);
                    }
                }
                kept = kept.and_then(|()| folder.keep_log(context.state()));
                printed[index].extend(bytes);
            }
            Ok(Message::Closed) => open -= 1,
            Ok(Message::Exited(status)) => {
                if let Some(server) = server.take() {
                    server.close();
                }
                exited = Some((status, Instant::now()));
            }
            Err(_) => break,
        }
    }
    for (lines, stream) in lines.into_iter().zip([Stream::Stdout, Stream::Stderr]) {
        if let Some(line) = lines.finish().filter(|_| !is_command) {
            context.log(&logger, stream.level(), &line);
        }
    }
    let [stdout, stderr] = printed.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    record.stdout = stdout;
    record.stderr = stderr;
    kept?;
    Ok(exited.map_or_else(
        || Err(io::ErrorKind::BrokenPipe.into()),
        |(status, _)| status,
    ))
}

/// One tool call (`Jujuc.Main` in `jujuc/server.go`).
fn answer_call(
    context: &mut Context<'_>,
    faults: &mut [Armed],
    record: &mut HookRun,
    request: Request,
) -> Reply {
    let refused = |reason: String| Reply::Done {
        code: 1,
        stdout: Vec::new(),
        stderr: format!("ERROR {}\n", refusals::bad_request(reason)).into(),
    };
    if request.context != context.id() {
        return refused(refusals::wrong_context(&request.context));
    }
    let juju = context.juju();
    let Some(tool) = tools::available(&juju).find(|tool| tool.name == request.tool) else {
        return refused(refusals::unknown_command(request.tool));
    };
    let mut call = Call {
        args: request.args,
        directory: request.directory,
        stdin: request.stdin,
        ..Call::default()
    };
    let mut made = ToolCall {
        tool: request.tool,
        args: call.args.iter().map(|arg| through_json(arg)).collect(),
        stdin: call.stdin.clone(),
        exit_code: 0,
        stdout: Vec::new(),
        stderr: Vec::new(),
    };
    // The second round of a call is not a new call: it has been counted already.
    let fault = if made.stdin.is_some() {
        None
    } else {
        faults
            .iter_mut()
            .find_map(|fault| fault.strikes(&record.unit, &record.hook, &made))
    };
    made.exit_code = match fault {
        Some(FaultKind::Fail { exit_code, stderr }) => {
            call.stderr.extend(stderr.bytes());
            *exit_code
        }
        Some(FaultKind::Garbage(text)) => {
            call.stdout.extend(text.bytes());
            0
        }
        other => {
            if other == Some(&FaultKind::LoseLeadership) {
                context.lose_leadership();
            }
            match tool.call(context, &mut call) {
                End::Exit(code) => code,
                End::NeedsStdin => return Reply::NeedsStdin,
            }
        }
    };
    made.stdout.clone_from(&call.stdout);
    made.stderr.clone_from(&call.stderr);
    let code = made.exit_code;
    record.calls.push(made);
    Reply::Done {
        code,
        stdout: call.stdout,
        stderr: call.stderr,
    }
}

/// Commits a hook that succeeded, and logs the result as Juju does.
fn conclude(
    context: &mut Context<'_>,
    program: &Program,
    faults: &mut [Armed],
    ended: Result<(), String>,
) -> Result<(), String> {
    let kind = if context.event().is_action() {
        "action"
    } else {
        "hook"
    };
    let name = context.event().name();
    let via = program.kind();
    let is_command = context.event().command().is_some();
    // What a command wrote is committed whatever its exit code (`runJujuExecAction`).
    let ended = if is_command { Ok(()) } else { ended };
    let outcome = ended.and_then(|()| {
        let unit = context.unit().to_owned();
        let stops = faults
            .iter_mut()
            .find_map(|fault| fault.stops_commit(&unit, &name));
        context.commit(stops).map_err(|reason| {
            let refused = refusals::changes_not_applied(reason);
            context.log_agent(Level::Error, &refused);
            refused
        })
    });
    match &outcome {
        Ok(()) if is_command => {}
        Ok(()) => {
            let ran = format!("ran {} {kind} (via {via})", quote(&name));
            context.log_agent(Level::Info, &ran);
        }
        Err(reason) => context.log_agent(
            Level::Error,
            &refusals::hook_failed(kind, name, via, reason),
        ),
    }
    outcome
}
