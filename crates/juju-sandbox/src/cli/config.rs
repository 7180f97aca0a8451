//! `config`: shows and sets options. Source: `cmd/juju/application/config.go`.

use super::printed::{Printed, key_value, read};
use crate::error::Error;
use crate::go::to_json;
use crate::model::Model;
use crate::refusals;
use clap::Args;
use serde_json::Value;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  juju-sandbox config web
  juju-sandbox config web port=8080 page=@index.html
  juju-sandbox config web --reset port,page")]
pub(super) struct Config {
    /// The application.
    application: String,
    /// An option to show, or options to set; `key=@file` takes the value from a file.
    #[arg(value_name = "KEY|KEY=VALUE")]
    settings: Vec<String>,
    /// Options to reset to their defaults.
    #[arg(long, value_delimiter = ',', value_name = "KEY,…")]
    reset: Vec<String>,
    /// A YAML file: {application: {option: value}}.
    #[arg(long)]
    file: Option<PathBuf>,
    /// The format in which options are shown.
    #[arg(long, default_value = "yaml", value_parser = ["yaml", "json"])]
    format: String,
}

impl Config {
    /// Whether this sets something rather than shows it.
    pub(super) fn changes(&self) -> bool {
        !self.reset.is_empty()
            || self.file.is_some()
            || self.settings.iter().any(|setting| setting.contains('='))
    }

    pub(super) fn show(&self, model: &Model) -> Result<Printed, Error> {
        let json = self.format == "json";
        let value = match self.settings.as_slice() {
            [] => model.config(&self.application)?,
            [name] => match model.config_value(&self.application, name)? {
                Value::String(text) if !json => return Ok(Printed::out(text + "\n")),
                Value::Null if !json => return Ok(Printed::out("\n".into())),
                value => return Ok(Printed::out(to_json(&value) + "\n")),
            },
            _ => return Err(Error::Refused(refusals::several_config_keys())),
        };
        Ok(Printed::value(&value, &self.format))
    }

    pub(super) fn apply(&self, model: &mut Model) -> Result<(), Error> {
        if let Some(file) = &self.file {
            model.config_file(&self.application, &read(file)?)?;
        }
        let reset: Vec<&str> = self.reset.iter().map(String::as_str).collect();
        model.reset_config(&self.application, &reset)?;
        let settings = self
            .settings
            .iter()
            .map(|text| setting(text))
            .collect::<Result<Vec<_>, _>>()?;
        let settings: Vec<(&str, &str)> = settings
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        model.configure(&self.application, &settings)
    }
}

/// `key=value`, or `key=@file` with the value in a file.
pub(super) fn setting(text: &str) -> Result<(String, String), Error> {
    let (name, value) = key_value(text)?;
    let value = match value.strip_prefix('@') {
        Some(path) => read(Path::new(path))?,
        None => value.to_owned(),
    };
    Ok((name.to_owned(), value))
}
