//! `juju config`.

use super::handle::Model;
use crate::error::Error;
use crate::go::quote;
use crate::refusals;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

impl Model {
    /// Sets options, each value read by the option's type, as `juju config app k=v` does. Either
    /// all of them are set or none is.
    ///
    /// # Errors
    ///
    /// When there is no such application or option, or a value is not of the option's type.
    pub fn configure(&mut self, application: &str, values: &[(&str, &str)]) -> Result<(), Error> {
        let options = &self.app(application)?.charm.config;
        let read: Result<Vec<(String, Value)>, String> = values
            .iter()
            .map(|(name, text)| Ok(((*name).to_owned(), options.typed_text(name, text)?)))
            .collect();
        let read = read.map_err(Error::Refused)?;
        self.change_config(application, |config| config.extend(read))
    }

    /// Sets options from a file's text, `{application: {option: value}}`; null resets an option
    /// (`juju config --file`).
    ///
    /// # Errors
    ///
    /// When the text is not such a map, or a value is not of its option's type.
    pub fn config_file(&mut self, application: &str, text: &str) -> Result<(), Error> {
        type File = BTreeMap<String, Option<BTreeMap<String, serde_yaml::Value>>>;
        let options = &self.app(application)?.charm.config;
        let mut file: File = serde_yaml::from_str(text)
            .map_err(|error| Error::Refused(refusals::bad_settings(error)))?;
        let values = file
            .remove(application)
            .ok_or_else(|| Error::Refused(refusals::no_settings(application)))?;
        let mut read = Vec::new();
        for (name, value) in values.unwrap_or_default() {
            let value = options.typed_yaml(&name, &value).map_err(Error::Refused)?;
            read.push((name, value));
        }
        self.change_config(application, |config| {
            for (name, value) in read {
                match value {
                    Some(value) => config.insert(name, value),
                    None => config.remove(&name),
                };
            }
        })
    }

    /// Changes options; Juju 4.0 announces the change twice.
    fn change_config(
        &mut self,
        application: &str,
        change: impl FnOnce(&mut BTreeMap<String, Value>),
    ) -> Result<(), Error> {
        let miscounts = self.state.settings.version().miscounts_config_changes();
        let app = self.app_mut(application)?;
        let before = app.settings();
        change(&mut app.config);
        if miscounts && app.settings() != before {
            for unit in app.units.values_mut() {
                unit.memory.config_again = true;
            }
        }
        Ok(())
    }

    /// Resets options to their defaults (`juju config --reset`).
    ///
    /// # Errors
    ///
    /// When there is no such application or option.
    pub fn reset_config(&mut self, application: &str, names: &[&str]) -> Result<(), Error> {
        let options = &self.app(application)?.charm.config;
        for name in names {
            options.option(name).map_err(Error::Refused)?;
        }
        let miscounts = self.state.settings.version().miscounts_config_changes();
        let app = self.app_mut(application)?;
        let before = app.settings();
        app.config.retain(|name, _| !names.contains(&name.as_str()));
        let after = app.settings();
        // Juju 4.0 runs no hook for this.
        for unit in app.units.values_mut().filter(|_| miscounts) {
            if unit.memory.config_seen.as_ref() == Some(&before) {
                unit.memory.config_seen = Some(after.clone());
            }
        }
        Ok(())
    }

    /// The value of one option; null if it is not set and has no default.
    ///
    /// # Errors
    ///
    /// When there is no such application or option.
    pub fn config_value(&self, application: &str, name: &str) -> Result<Value, Error> {
        let app = self.app(application)?;
        let settings = app.settings();
        if name == "trust" && !settings.contains_key(name) {
            return Ok(json!(app.trust));
        }
        let value = settings.get(name).ok_or_else(|| {
            let (name, application) = (quote(name), quote(application));
            Error::NotFound {
                what: format!("key {name} in {application} application config or charm settings"),
            }
        })?;
        Ok(value.clone().unwrap_or(Value::Null))
    }

    /// An application's options as `juju config app` shows them: application, charm, settings.
    ///
    /// # Errors
    ///
    /// When there is no such application.
    pub fn config(&self, application: &str) -> Result<Value, Error> {
        let app = self.app(application)?;
        let settings = app.settings();
        let options = app.charm.config.iter().map(|(name, option)| {
            let source = match (app.config.contains_key(name), &option.default) {
                (true, _) => "user",
                (false, Some(_)) => "default",
                (false, None) => "unset",
            };
            let mut shown = Map::new();
            shown.insert("description".into(), json!(option.description));
            shown.insert("source".into(), json!(source));
            shown.insert("type".into(), json!(option.kind.word()));
            if let Some(default) = &option.default {
                shown.insert("default".into(), default.clone());
            }
            if let Some(Some(value)) = settings.get(name) {
                shown.insert("value".into(), value.clone());
            }
            (name.to_owned(), Value::Object(shown))
        });
        let options: Map<String, Value> = options.collect();
        Ok(json!({
            "application": application,
            "application-config": {"trust": trust(app.trust)},
            "charm": app.charm.metadata.name,
            "settings": options,
        }))
    }

    /// Exposes an application, or does so no longer (`juju expose`); what it does here is to be
    /// shown.
    ///
    /// # Errors
    ///
    /// When there is no such application.
    pub fn expose(&mut self, application: &str, exposed: bool) -> Result<(), Error> {
        self.app_mut(application)?.exposed = exposed;
        Ok(())
    }

    /// Trusts an application, or does so no longer (`juju trust`, `cmd/juju/application/trust.go`);
    /// it shows, and has no other effect.
    ///
    /// # Errors
    ///
    /// When there is no such application.
    pub fn trust(&mut self, application: &str, trust: bool) -> Result<(), Error> {
        self.app_mut(application)?.trust = trust;
        Ok(())
    }
}

/// The only setting that Juju has for all applications (`core/config`, `application/trust.go`).
fn trust(value: bool) -> Value {
    json!({
        "default": false,
        "description": "Does this application have access to trusted credentials",
        "source": if value { "user" } else { "default" },
        "type": "bool",
        "value": value,
    })
}
