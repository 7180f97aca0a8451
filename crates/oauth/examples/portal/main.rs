//! A charm that users log in to, by way of an OpenID provider that it is integrated with.
//!
//! Deploy it from a folder with this binary as `dispatch` beside the YAML files.

use std::collections::BTreeMap;
use std::error::Error;
use std::process::ExitCode;

use juju_hook::{
    Context, Event, HookTools, LogLevel, RelationId, Secret, Status, StatusLevel, ToolError,
};
use oauth::{Change, ClientConfig, ClientRequest, ENDPOINT, GrantType, Provided, Requirer};
use serde::Deserialize;

/// The charm's options.
#[derive(Deserialize)]
struct Options {
    #[serde(default)]
    url: String,
}

/// Where the charm keeps what it was told last.
const CLIENT: &str = "client";

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
    if matches!(context.event, Event::Stop | Event::Remove) {
        return Ok(());
    }
    let tools = HookTools::on_path();
    let requirer = Requirer::new(&tools, &context, ENDPOINT);
    let status = settle(&tools, &context, &requirer)?;
    Ok(tools.status_set(&status)?)
}

/// Does the same in every hook: asks for a client, and uses what there is.
fn settle(
    tools: &HookTools,
    context: &Context,
    requirer: &Requirer<'_>,
) -> Result<Status, ToolError> {
    let Options { url } = tools.config_get()?;
    let request = ClientRequest::try_from(ClientConfig {
        redirect_uris: vec![format!("{url}/callback")],
        scope: "openid profile email".to_owned(),
        grant_types: vec![GrantType::AuthorizationCode],
        ..ClientConfig::default()
    });
    let status = |level, message: String| Ok(Status { level, message });
    let request = match request {
        Ok(request) => request,
        Err(error) => return status(StatusLevel::Blocked, error.to_string()),
    };
    let relations = requirer.relations()?;
    if let Some(relation) = relations.first().or(context.breaking()) {
        tell(tools, requirer, relation)?;
    }
    let Some(relation) = relations.first() else {
        return status(StatusLevel::Blocked, "integrate a provider".to_owned());
    };
    requirer.publish(relation, &request)?;
    match requirer.provided(relation)? {
        Provided::Available(client) => {
            // A real charm gives the secret to its workload, and shows nothing of it.
            let length = client.client_secret.expose().len();
            let message = format!("log in as {} with {length} characters", client.client_id);
            status(StatusLevel::Active, message)
        }
        Provided::Refused(refusal) => status(StatusLevel::Waiting, refusal.to_string()),
        Provided::Malformed(error) => status(StatusLevel::Blocked, error.to_string()),
        Provided::Nothing | Provided::Waiting(_) => {
            status(StatusLevel::Waiting, "for the provider".to_owned())
        }
    }
}

/// Logs what is new.
fn tell(
    tools: &HookTools,
    requirer: &Requirer<'_>,
    relation: &RelationId,
) -> Result<(), ToolError> {
    let state = tools.state_get()?;
    let known = state.get(CLIENT).map(Secret::expose);
    let (word, mark) = match requirer.change(relation, known)? {
        Some(Change::Available(client)) => ("available", client.mark()),
        Some(Change::Changed(client)) => ("changed", client.mark()),
        Some(Change::Removed) => ("removed", String::new()),
        None => return Ok(()),
    };
    tools.juju_log(LogLevel::Info, &format!("client {word}"))?;
    if mark.is_empty() {
        return tools.state_delete(CLIENT);
    }
    tools.state_set(&BTreeMap::from([(CLIENT, mark.as_str())]))
}
