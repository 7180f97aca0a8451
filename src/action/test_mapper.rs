//! `test-mapper`: what Kratos would store about a user, before anyone logs in.

use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::value::RawValue;

use super::reply::Reply;
use crate::config::{self, Configuration, MapperOf};
use crate::mapper::{DryRun, Trial};
use crate::observe::Observed;
use crate::report;

/// The parameters of the action.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Parameters {
    /// What the provider says about a user: an object, or JSON or YAML text, since not every Juju can
    /// pass an object. Unset for the samples.
    #[serde(deserialize_with = "any_claims")]
    pub claims: Option<Value>,
    /// Whose mapper to run; empty if there is only one.
    pub provider_id: String,
}

/// Claims as Juju prints them. If they cannot be parsed, for example because they are nested too
/// deeply, they stay a text, and [`read`] complains about it.
fn any_claims<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    let printed = Option::<Box<RawValue>>::deserialize(deserializer)?;
    Ok(printed.map(|printed| {
        serde_json::from_str(printed.get()).unwrap_or_else(|_| printed.get().to_owned().into())
    }))
}

/// Tries out the mapper that [`trial`] selects, with `run`.
pub(super) fn answer(
    seen: &Observed,
    parameters: Parameters,
    run: impl FnOnce(Trial) -> DryRun,
) -> Reply {
    let DryRun { results, findings } = match trial(&seen.configuration, parameters) {
        Ok(trial) => run(trial),
        Err(problem) => return Reply::failed(problem),
    };
    let findings = report::lines(findings.iter().map(|one| one.line(&seen.application)));
    let mut reply = Reply::default();
    for (key, traits) in results {
        reply.whole(&key, traits);
    }
    reply.lines("findings", &findings);
    reply
}

/// The mapper to try out: that of the provider that the parameters name, of the only provider, or of
/// the only provider with a mapper of its own.
///
/// # Errors
///
/// If it is not clear which mapper is meant, or the claims cannot be read.
pub fn trial(configuration: &Configuration, parameters: Parameters) -> Result<Trial, String> {
    let Parameters {
        claims,
        provider_id,
    } = parameters;
    let named: Vec<&MapperOf> = configuration
        .mappers
        .iter()
        .filter(|one| provider_id.is_empty() || one.id.as_deref() == Some(&provider_id))
        .collect();
    let has_own = |one: &&&MapperOf| one.jsonnet.is_some();
    let with_mapper: Vec<&MapperOf> = named.iter().filter(has_own).copied().collect();
    let one = match (&named[..], &with_mapper[..]) {
        ([one], _) | (_, [one]) => *one,
        _ => return Err(config::why_not_one(&provider_id, named.len()).to_owned()),
    };
    Ok(Trial {
        jsonnet: one.jsonnet.clone(),
        claims: claims.map(read).transpose()?,
        provider_id: one.id.clone().unwrap_or_default(),
        kind: one.kind,
        with_phone: one.asks_for_phone,
    })
}

/// Parses claims that are a text.
fn read(claims: Value) -> Result<Value, String> {
    let Value::String(text) = claims else {
        return Ok(claims);
    };
    serde_json::from_str(&text)
        .or_else(|_| serde_yaml::from_str(&text))
        .map_err(|_| {
            "claims must be a JSON or YAML object that is not nested too deeply".to_owned()
        })
}
