//! A whole charm on the requirer half of the interface: it stands in for Charmed
//! Kratos in the demo and in the tests.
//!
//! Deploy it from a folder with this binary as `dispatch` beside the YAML files
//! that are here.

mod login;
mod page;

use std::process::ExitCode;

use external_provider::{Change, ENDPOINT, Offer, Provider, Registered, Requirer};
use juju_hook::{Context, Event, HookTools, Status, StatusLevel, ToolError};
use serde::Deserialize;

use crate::login::Login;

/// The charm's own options.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
struct Options {
    public_url: String,
}

fn main() -> ExitCode {
    let context = match Context::from_env() {
        Ok(Some(context)) => context,
        Ok(None) => return fail("this is a charm: Juju runs it"),
        Err(error) => return fail(&error.to_string()),
    };
    match dispatch(&HookTools::on_path(), &context) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => fail(&error.to_string()),
    }
}

#[expect(clippy::print_stderr, reason = "Juju logs what a hook prints there")]
fn fail(message: &str) -> ExitCode {
    eprintln!("{message}");
    ExitCode::FAILURE
}

/// Does the same in every hook: answers every offer that there is now.
fn dispatch(tools: &HookTools, context: &Context) -> Result<(), ToolError> {
    if matches!(context.event, Event::Stop | Event::Remove) {
        return Ok(());
    }
    if let Event::Action(_) = context.event {
        return log_in(tools, context);
    }
    let Options { public_url } = tools.config_get()?;
    let requirer = Requirer::new(tools, context, ENDPOINT);
    match requirer.change()? {
        Some(Change::Changed(relation, providers)) => {
            log(&format!(
                "{relation} has providers now: {}",
                providers.len()
            ));
        }
        Some(Change::Removed(relation)) => log(&format!("{relation} has no providers any more")),
        None => {}
    }
    let mut labels = Vec::new();
    for relation in requirer.relations()? {
        match requirer.offer(&relation)? {
            Offer::Providers(providers) if !public_url.is_empty() => {
                requirer.publish(&relation, &registered(&public_url, &providers))?;
                labels.extend(
                    providers
                        .iter()
                        .map(|provider| provider.client().label.clone()),
                );
            }
            Offer::Providers(_) | Offer::Withdrawn => requirer.withdraw(&relation)?,
            // What is registered stays until there is something to read again.
            Offer::Unreadable(error) => log(&format!("the offer cannot be read: {error}")),
        }
    }
    let (level, message) = if public_url.is_empty() {
        (StatusLevel::Blocked, "Set public-url".to_owned())
    } else if labels.is_empty() {
        (StatusLevel::Active, "No external provider".to_owned())
    } else {
        (
            StatusLevel::Active,
            format!("Users log in with {}", labels.join(", ")),
        )
    };
    tools.status_set(&Status { level, message })
}

/// The parameters of the action `log-in`.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Who {
    username: Option<String>,
}

/// Logs a user in: the one that is named with the first provider, and otherwise whoever comes with a
/// browser. Prints what the provider says of the user.
fn log_in(tools: &HookTools, context: &Context) -> Result<(), ToolError> {
    let Options { public_url } = tools.config_get()?;
    let Who { username } = tools.action_get()?;
    let requirer = Requirer::new(tools, context, ENDPOINT);
    let mut offered = Vec::new();
    for relation in requirer.relations()? {
        if let Offer::Providers(providers) = requirer.offer(&relation)? {
            offered.extend(providers);
        }
    }
    let Some(provider) = offered.first() else {
        return tools.action_fail("there is no provider");
    };
    let registered = registered(&public_url, &offered);
    let claims = match username {
        Some(username) => Login::at(provider, &registered[0].redirect_uri)
            .and_then(|login| login.redeem(&login.browse(&username)?)),
        None => page::log_in(&public_url, &offered, &registered),
    };
    match claims {
        Ok(claims) => {
            let claims = juju_hook::json::encode(&claims).into_exposed();
            tools.action_set(&[("claims".to_owned(), claims)])
        }
        Err(error) => tools.action_fail(&format!("the login failed: {error}")),
    }
}

/// The redirect URIs that Kratos makes.
fn registered(public_url: &str, providers: &[Provider]) -> Vec<Registered> {
    let base = public_url.trim_end_matches('/');
    providers
        .iter()
        .map(|provider| Registered {
            provider_id: provider.id().into_owned(),
            redirect_uri: format!(
                "{base}/self-service/methods/oidc/callback/{}",
                provider.id()
            ),
        })
        .collect()
}

#[expect(clippy::print_stderr, reason = "Juju logs what a hook prints there")]
fn log(message: &str) {
    eprintln!("{message}");
}
