//! `juju model-config` and `juju set-model-constraints`.

use super::handle::Model;
use crate::error::Error;
use crate::refusals;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Settings with their defaults, as far as charms and their tests ask for them; there can be others
/// (`environs/config/config.go`).
fn defaults() -> [(&'static str, Value); 12] {
    [
        ("automatically-retry-hooks", json!(true)),
        ("default-base", json!("")),
        ("development", json!(false)),
        ("juju-ftp-proxy", json!("")),
        ("logging-config", json!("<root>=INFO")),
        ("max-action-results-age", json!("336h")),
        ("max-status-history-age", json!("336h")),
        ("mode", json!("requires-prompts")),
        ("secret-backend", json!("auto")),
        ("test-mode", json!(false)),
        ("update-status-hook-interval", json!("5m")),
        ("workload-storage", json!("")),
    ]
}

impl Model {
    /// The model's settings as `juju model-config` shows them: each with `Value` and `Source`.
    pub(crate) fn model_config(&self) -> Map<String, Value> {
        let settings = &self.state.settings;
        let mut shown = Map::new();
        let mut put = |key: &str, value: Value, source: &str| {
            shown.insert(key.to_owned(), json!({"Value": value, "Source": source}));
        };
        for (key, value) in defaults() {
            put(key, value, "default");
        }
        put("agent-version", json!(settings.juju_version), "model");
        let default = crate::state::Settings::default();
        for (key, value, default) in [
            (
                "juju-http-proxy",
                &settings.juju_http_proxy,
                default.juju_http_proxy,
            ),
            (
                "juju-https-proxy",
                &settings.juju_https_proxy,
                default.juju_https_proxy,
            ),
            (
                "juju-no-proxy",
                &settings.juju_no_proxy,
                default.juju_no_proxy,
            ),
        ] {
            let source = if *value == default {
                "default"
            } else {
                "model"
            };
            put(key, json!(value), source);
        }
        for (key, text) in &self.state.model_config {
            let typed = text
                .parse::<bool>()
                .map_or_else(|_| json!(text), Value::Bool);
            put(key, typed, "model");
        }
        shown
    }

    /// Sets and resets settings, and tells which of those that were set have no effect.
    pub(crate) fn set_model_config(
        &mut self,
        settings: BTreeMap<String, String>,
        reset: &[&str],
    ) -> Result<Vec<String>, Error> {
        if settings.contains_key("agent-version") || reset.contains(&"agent-version") {
            return Err(Error::Refused(refusals::fixed_agent_version()));
        }
        let default = crate::state::Settings::default();
        let mut inert = Vec::new();
        for (key, text) in settings {
            if let Some(proxy) = self.proxy(&key) {
                *proxy = text;
            } else {
                inert.push(key.clone());
                self.state.model_config.insert(key, text);
            }
        }
        for key in reset {
            self.state.model_config.remove(*key);
            let value = match *key {
                "juju-no-proxy" => default.juju_no_proxy.clone(),
                _ => String::new(),
            };
            if let Some(proxy) = self.proxy(key) {
                *proxy = value;
            }
        }
        Ok(inert)
    }

    /// A setting that hooks see.
    fn proxy(&mut self, key: &str) -> Option<&mut String> {
        let settings = &mut self.state.settings;
        match key {
            "juju-http-proxy" => Some(&mut settings.juju_http_proxy),
            "juju-https-proxy" => Some(&mut settings.juju_https_proxy),
            "juju-no-proxy" => Some(&mut settings.juju_no_proxy),
            _ => None,
        }
    }

    /// What `juju set-model-constraints` has set.
    pub(crate) fn constraints(&self) -> &BTreeMap<String, String> {
        &self.state.constraints
    }

    /// Replaces the constraints, which have no effect.
    pub(crate) fn set_constraints(&mut self, constraints: BTreeMap<String, String>) {
        self.state.constraints = constraints;
    }
}
