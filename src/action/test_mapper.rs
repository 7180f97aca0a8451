//! `test-mapper`: what Kratos would store of a user, before one logs in.

use serde::Deserialize;
use serde_json::Value;

use super::Reply;
use crate::mapper::DryRun;
use crate::observe::Observed;
use crate::provider::{Kind, Provider};

/// A mapper to try out.
#[derive(Debug)]
pub struct Trial<'a> {
    /// The program.
    pub jsonnet: &'a str,
    /// The claims to give it; the samples for the kind if there are none.
    pub claims: Option<Value>,
    /// The id of the provider.
    pub provider_id: &'a str,
    /// Its kind.
    pub kind: Kind,
}

/// What the administrator may say.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Parameters {
    /// What the provider says of a user; unset for the samples.
    pub claims: Option<Value>,
    /// Whose mapper; empty where there is but one.
    pub provider_id: String,
}

/// Tries out the mapper of one provider, with `run`: the only one that has a mapper,
/// or the one that is named.
pub(super) fn answer(
    seen: &Observed,
    parameters: Parameters,
    run: impl FnOnce(Trial<'_>) -> DryRun,
) -> Reply {
    let Parameters {
        claims,
        provider_id,
    } = parameters;
    let Some(providers) = seen.configuration.providers() else {
        return Reply::failed("the configuration is invalid: run validate-config");
    };
    let candidates: Vec<(&Provider, &str)> = providers
        .iter()
        .filter(|provider| provider_id.is_empty() || provider.id() == provider_id)
        .filter_map(|provider| Some((provider, provider.mapper()?.jsonnet.as_deref()?)))
        .collect();
    let (provider, jsonnet) = match candidates.as_slice() {
        [one] => *one,
        [] => {
            return Reply::failed(format!(
                "there is no mapper to test: run juju config {} jsonnet_mapper=@mapper.jsonnet",
                seen.application
            ));
        }
        [..] => {
            return Reply::failed("several providers have a mapper: name one with provider-id");
        }
    };
    let trial = Trial {
        jsonnet,
        claims,
        provider_id: &provider.id(),
        kind: provider.kind(),
    };
    let DryRun { results, findings } = run(trial);
    let lines: Vec<_> = findings
        .iter()
        .map(|finding| finding.line(&seen.application))
        .collect();
    let findings = if lines.is_empty() {
        "none".to_owned()
    } else {
        lines.join("\n")
    };
    let mut reply = Reply::default();
    for (key, traits) in results {
        reply.whole(&key, traits);
    }
    reply.lines("findings", &findings);
    reply
}
