//! `test-mapper`: what Kratos would store of a user, before one logs in.

use serde::{Deserialize, Deserializer};
use serde_json::Value;
use serde_json::value::RawValue;

use super::reply::Reply;
use crate::config::{Configuration, MapperOf};
use crate::mapper::{DryRun, Trial};
use crate::observe::Observed;

/// What the administrator may say.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Parameters {
    /// What the provider says of a user: an object, or its text in JSON or YAML, since not
    /// every Juju carries an object; unset for the samples.
    #[serde(deserialize_with = "any_claims")]
    pub claims: Option<Value>,
    /// Whose mapper; empty where there is only one.
    pub provider_id: String,
}

/// Claims as Juju prints them. What cannot be read, as where they nest too deeply, is taken for
/// a text, of which whoever gave it is told.
fn any_claims<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    let printed = Option::<Box<RawValue>>::deserialize(deserializer)?;
    Ok(printed.map(|printed| {
        serde_json::from_str(printed.get()).unwrap_or_else(|_| printed.get().to_owned().into())
    }))
}

/// Tries out the mapper of one provider, which is that of [`trial`], with `run`.
pub(super) fn answer(
    seen: &Observed,
    parameters: Parameters,
    run: impl FnOnce(Trial) -> DryRun,
) -> Reply {
    let DryRun { results, findings } = match trial(&seen.configuration, parameters) {
        Ok(trial) => run(trial),
        Err(problem) => return Reply::failed(problem),
    };
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

/// What is to be tried out: the mapper of the provider that is named, or of the only one, or of
/// the only one that has a mapper of its own.
///
/// # Errors
///
/// If that cannot be told, or the claims cannot be read.
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
        ([], _) if provider_id.is_empty() => {
            return Err("there is no provider: run validate-config".to_owned());
        }
        ([], _) => return Err("there is no provider with that provider-id".to_owned()),
        _ => return Err("there are several providers: name one with provider-id".to_owned()),
    };
    Ok(Trial {
        jsonnet: one.jsonnet.clone(),
        claims: claims.map(read).transpose()?,
        provider_id: one.id.clone().unwrap_or_default(),
        kind: one.kind,
        with_phone: one.asks_for_phone,
    })
}

/// Claims that are given as a text.
fn read(claims: Value) -> Result<Value, String> {
    let Value::String(text) = claims else {
        return Ok(claims);
    };
    serde_json::from_str(&text)
        .or_else(|_| serde_yaml::from_str(&text))
        .map_err(|_| "claims is neither JSON nor YAML, or nests too deeply".to_owned())
}
