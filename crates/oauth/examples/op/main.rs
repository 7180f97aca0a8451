//! A charm that stands for an OpenID provider elsewhere: it has the endpoints and a client from its
//! options, and gives them to every application that asks.
//!
//! Deploy it from a folder with this binary as `dispatch` beside the YAML files.

use std::error::Error;
use std::process::ExitCode;

use juju_hook::{Context, Event, HookTools, Refusal, Secret, Status, StatusLevel, ToolError};
use oauth::provider::{self, Observed, Relation, Wanted};
use oauth::{Credentials, ENDPOINT, Endpoints, ProviderInfo, UnwritableError};
use serde::Deserialize;

/// The charm's options.
#[derive(Deserialize)]
struct Options {
    #[serde(default)]
    issuer_url: String,
    #[serde(default)]
    client_id: String,
    client_secret: Option<Secret>,
    enabled: bool,
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
    if matches!(context.event, Event::Stop | Event::Remove) {
        return Ok(());
    }
    let tools = HookTools::on_path();
    let status = settle(&tools, &context, tools.config_get()?)?;
    Ok(tools.status_set(&status)?)
}

/// Does the same in every hook: makes everything what it should be.
fn settle(tools: &HookTools, context: &Context, options: Options) -> Result<Status, ToolError> {
    let is_enabled = options.enabled;
    let offer = offer(options);
    let wanted = |_: &Relation| match &offer {
        _ if !is_enabled => Wanted::Withdraw,
        Ok((info, credentials)) => Wanted::Offer(info, Some(credentials)),
        Err(_) => Wanted::Keep,
    };
    let seen = provider::settle(tools, context, ENDPOINT, wanted)?;
    Ok(match (seen, &offer) {
        (Err(refusal), _) => refused(refusal),
        (_, Err(error)) => status(StatusLevel::Blocked, error.to_string()),
        _ if !is_enabled => status(StatusLevel::Active, "disabled".to_owned()),
        (Ok(seen), Ok(_)) => status(StatusLevel::Active, redirect_uris(&seen)),
    })
}

/// What the options say, if it can be written.
fn offer(options: Options) -> Result<(ProviderInfo, Credentials), UnwritableError> {
    let secret = options.client_secret.unwrap_or(Secret::new(String::new()));
    let credentials = Credentials::new(options.client_id, secret)?;
    let below = |path: &str| format!("{}{path}", options.issuer_url.trim_end_matches('/'));
    let info = ProviderInfo::try_from(Endpoints {
        authorization_endpoint: below("/authorize"),
        token_endpoint: below("/token"),
        userinfo_endpoint: below("/userinfo"),
        jwks_endpoint: below("/jwks"),
        scope: "openid profile email".to_owned(),
        issuer_url: options.issuer_url,
        ..Endpoints::default()
    })?;
    Ok((info, credentials))
}

/// What a person has to register at the provider.
fn redirect_uris(seen: &Observed) -> String {
    let described = seen
        .relations
        .iter()
        .map(|relation| match &relation.request {
            Ok(request) => request.redirect_uris.join(" "),
            Err(lack) => format!("{}: {lack}", relation.requirer),
        });
    described.collect::<Vec<_>>().join("; ")
}

fn refused(refusal: Refusal) -> Status {
    status(StatusLevel::Blocked, refusal.to_string())
}

fn status(level: StatusLevel, message: String) -> Status {
    Status { level, message }
}
