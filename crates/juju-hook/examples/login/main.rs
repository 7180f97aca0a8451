//! A whole charm: it gives every application that asks a user and a password.
//!
//! The leader owns a secret with both, and gives each application on the endpoint `login` its URI;
//! every unit tells where it listens. Deploy it from a folder with this binary as `dispatch` beside
//! the YAML files.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read as _};
use std::process::ExitCode;

use juju_hook::{
    Context, Event, EventSecret, HookTools, LogLevel, Port, Rotation, Secret, SecretChange,
    SecretOwner, SecretPhase, SecretUri, Status, StatusLevel,
};
use serde::Deserialize;

/// The name of the endpoint, and the secret's label.
const LOGIN: &str = "login";

/// The charm's options.
#[derive(Deserialize)]
struct Options {
    port: u16,
    #[serde(default)]
    user: String,
}

/// The parameters of the action `rotate`.
#[derive(Deserialize)]
struct Rotate {
    reason: String,
}

#[expect(clippy::print_stderr, reason = "Juju logs what a hook prints there")]
fn main() -> ExitCode {
    match dispatch() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // Juju puts the unit in error, and runs the hook again.
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn dispatch() -> Result<(), Box<dyn Error>> {
    let context = Context::from_env()?.ok_or("this is a charm: Juju runs it")?;
    let tools = HookTools::on_path();
    match &context.event {
        Event::Stop | Event::Remove => Ok(()),
        Event::Action(_) => rotate(&tools),
        Event::Secret(SecretPhase::Remove) => forget(&tools, &context),
        _ => settle(&tools, &context),
    }
}

/// Does the same in every hook: makes everything what it should be.
fn settle(tools: &HookTools, context: &Context) -> Result<(), Box<dyn Error>> {
    let Options { port, user } = tools.config_get()?;
    if user.is_empty() {
        return set_status(tools, StatusLevel::Blocked, "Set user");
    }
    open(tools, port)?;
    let relations = tools.living_relations(context, LOGIN)?;
    let port = port.to_string();
    for relation in &relations {
        let network = tools.network_get(LOGIN, Some(relation))?;
        let address = network.ingress_address().unwrap_or_default();
        let values = BTreeMap::from([("address", address), ("port", port.as_str())]);
        tools.relation_set_unit(relation, &values)?;
    }
    if tools.is_leader()? {
        let is_due = context.event == Event::Secret(SecretPhase::Rotate);
        let uri = login(tools, &user, is_due)?;
        for relation in &relations {
            tools.secret_grant(&uri, relation)?;
            tools.relation_set(relation, &BTreeMap::from([(LOGIN, uri.as_str())]))?;
        }
        tools.application_version_set(env!("CARGO_PKG_VERSION"))?;
    }
    let message = format!("Applications: {}", relations.len());
    set_status(tools, StatusLevel::Active, &message)
}

/// Sees that `port` is open, and no other that was.
fn open(tools: &HookTools, port: u16) -> Result<(), Box<dyn Error>> {
    let text = port.to_string();
    let state = tools.state_get()?;
    match state.get("port").map(Secret::expose) {
        Some(old) if old == text => return Ok(()),
        Some(old) => tools.close_port(Port::tcp(old.parse()?))?,
        None => {}
    }
    tools.open_port(Port::tcp(port))?;
    tools.state_set(&BTreeMap::from([("port", text.as_str())]))?;
    Ok(())
}

/// The secret with this user, and with a new password if that `is_due`.
fn login(tools: &HookTools, user: &str, is_due: bool) -> Result<SecretUri, Box<dyn Error>> {
    let uri = tools.own_secret_uri(LOGIN)?;
    let old = tools.own_secret_get(LOGIN)?.unwrap_or_default();
    let is_same_user = old.get("user").is_some_and(|old| old.expose() == user);
    let user = Secret::new(user.to_owned());
    let password = password()?;
    let change = SecretChange {
        content: &[("user", &user), ("password", &password)],
        rotation: Some(Rotation::Monthly),
        ..SecretChange::default()
    };
    match uri {
        Some(uri) if is_same_user && !is_due => Ok(uri),
        Some(uri) => {
            tools.secret_set_as(&uri, change)?;
            Ok(uri)
        }
        None => {
            let new = SecretChange {
                label: Some(LOGIN),
                description: Some("What applications log in with"),
                ..change
            };
            Ok(tools.secret_add_as(SecretOwner::Application, new)?)
        }
    }
}

/// Removes a revision that nobody reads any more, and does nothing else: the secret is as good as
/// gone for the rest of this hook.
fn forget(tools: &HookTools, context: &Context) -> Result<(), Box<dyn Error>> {
    if let Some(EventSecret {
        uri,
        revision: Some(revision),
        ..
    }) = &context.secret
    {
        tools.secret_remove_revision(uri, *revision)?;
    }
    Ok(())
}

/// The action: makes a new password.
fn rotate(tools: &HookTools) -> Result<(), Box<dyn Error>> {
    if !tools.is_leader()? {
        tools.action_fail("run it on the leader: juju run login/leader rotate")?;
        return Ok(());
    }
    let Rotate { reason } = tools.action_get()?;
    let Options { user, .. } = tools.config_get()?;
    tools.action_log("making a new password")?;
    login(tools, &user, true)?;
    tools.juju_log(LogLevel::Info, &format!("a new password: {reason}"))?;
    tools.action_set(&[("user".to_owned(), user)])?;
    Ok(())
}

fn set_status(tools: &HookTools, level: StatusLevel, text: &str) -> Result<(), Box<dyn Error>> {
    let message = text.to_owned();
    Ok(tools.status_set(&Status { level, message })?)
}

/// 128 random bits, in hexadecimal.
fn password() -> io::Result<Secret> {
    let mut bytes = [0; 16];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    let mut text = String::with_capacity(2 * bytes.len());
    for byte in bytes {
        // A text cannot refuse it.
        let _ = write!(text, "{byte:02x}");
    }
    Ok(Secret::new(text))
}
