//! `model-config`, `model-constraints`, `set-model-constraints`. Source: `cmd/juju/model`,
//! `environs/config/config.go`, `core/constraints`.

use super::inert::note;
use super::printed::{Printed, key_value};
use crate::error::Error;
use crate::model::Model;
use crate::refusals;
use clap::Args;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The name of the only controller.
pub(super) const CONTROLLER: &str = "juju-sandbox";

/// The setting that is the version of Juju.
pub(super) const AGENT_VERSION: &str = "agent-version";

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox model-config
  juju-sandbox model-config juju-http-proxy=http://proxy:3128
  juju-sandbox model-config --reset juju-http-proxy")]
pub(super) struct ModelConfig {
    /// A setting to show, or settings to set.
    #[arg(value_name = "KEY|KEY=VALUE")]
    settings: Vec<String>,
    /// Settings to reset to their defaults.
    #[arg(long, value_delimiter = ',', value_name = "KEY,…")]
    reset: Vec<String>,
    /// The format in which settings are shown.
    #[arg(long, default_value = "tabular", value_parser = ["tabular", "yaml", "json"])]
    format: String,
}

impl ModelConfig {
    /// Whether this sets something rather than shows it.
    pub(super) fn changes(&self) -> bool {
        !self.reset.is_empty() || self.settings.iter().any(|setting| setting.contains('='))
    }

    pub(super) fn show(&self, model: &Model) -> Result<Printed, Error> {
        let all = model.model_config();
        match self.settings.as_slice() {
            [] => {}
            [key] => {
                let value = all.get(key).and_then(|setting| setting.get("Value"));
                let value = value.ok_or_else(|| {
                    Error::Refused(refusals::no_model_setting(key, &model.settings().name))
                })?;
                return Ok(match (value, self.format.as_str()) {
                    (Value::String(text), "tabular") => Printed::out(format!("{text}\n")),
                    (value, format) => Printed::value(value, format),
                });
            }
            _ => return Err(Error::Refused(refusals::several_config_keys())),
        }
        if self.format == "tabular" {
            use super::table::{Align, Table};
            let mut table = Table::new([
                ("Attribute", Align::Left),
                ("From", Align::Left),
                ("Value", Align::Left),
            ]);
            for (key, setting) in &all {
                let text = match &setting["Value"] {
                    Value::String(text) if text.is_empty() => "\"\"".to_owned(),
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                };
                let from = setting["Source"].as_str().unwrap_or_default().to_owned();
                table.row([key.clone(), from, text]);
            }
            return Ok(Printed::out(table.render()));
        }
        Ok(Printed::value(&all.into(), &self.format))
    }

    pub(super) fn apply(&self, model: &mut Model) -> Result<Printed, Error> {
        let mut settings = BTreeMap::new();
        for pair in &self.settings {
            let (key, value) = key_value(pair)?;
            settings.insert(key.to_owned(), value.to_owned());
        }
        let reset: Vec<&str> = self.reset.iter().map(String::as_str).collect();
        let without_effect = model.set_model_config(settings, &reset)?;
        let notes: Vec<String> = without_effect.iter().map(|key| note(key)).collect();
        Ok(Printed {
            stderr: notes.concat(),
            ..Printed::default()
        })
    }
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox model-constraints")]
pub(super) struct Constraints {
    /// The output format.
    #[arg(long, default_value = "constraints", value_parser = ["constraints", "yaml", "json"])]
    format: String,
}

impl Constraints {
    pub(super) fn run(&self, model: &Model) -> Printed {
        let constraints = model.constraints();
        if self.format != "constraints" {
            let typed: Map<String, Value> = constraints
                .iter()
                .map(|(key, text)| (key.clone(), typed(text)))
                .collect();
            return Printed::value(&typed.into(), &self.format);
        }
        let words: Vec<String> = constraints
            .iter()
            .map(|(key, text)| format!("{key}={text}"))
            .collect();
        Printed::out(words.join(" ") + "\n")
    }
}

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox set-model-constraints mem=4G cores=2")]
pub(super) struct SetConstraints {
    /// Constraints, all of them: those that are not named are no longer set.
    #[arg(value_name = "KEY=VALUE")]
    constraints: Vec<String>,
}

impl SetConstraints {
    pub(super) fn apply(&self, model: &mut Model) -> Result<Printed, Error> {
        let mut constraints = BTreeMap::new();
        for pair in self.constraints.iter().flat_map(|word| word.split(' ')) {
            let (key, value) = key_value(pair)?;
            constraints.insert(key.to_owned(), value.to_owned());
        }
        model.set_constraints(constraints);
        Ok(Printed {
            stderr: note("set-model-constraints"),
            ..Printed::default()
        })
    }
}

/// A constraint's value as JSON shows it: sizes in MiB, numbers and booleans (`constraints.Value`).
fn typed(text: &str) -> Value {
    let scale = |unit: char| match unit {
        'M' => Some(1),
        'G' => Some(1024),
        'T' => Some(1024 * 1024),
        _ => None,
    };
    let last = text.chars().last();
    if let Some((scale, number)) = last
        .and_then(scale)
        .and_then(|scale| Some((scale, text[..text.len() - 1].parse::<u64>().ok()?)))
    {
        return json!(number * scale);
    }
    match (text.parse::<u64>(), text.parse::<bool>()) {
        (Ok(number), _) => json!(number),
        (_, Ok(flag)) => json!(flag),
        _ => json!(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constraints() {
        for (text, value) in [
            ("8G", json!(8192)),
            ("4", json!(4)),
            ("true", json!(true)),
            ("amd64", json!("amd64")),
            ("G", json!("G")),
        ] {
            assert_eq!(typed(text), value, "{text}");
        }
    }
}
