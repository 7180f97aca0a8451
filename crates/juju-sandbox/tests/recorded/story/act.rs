//! The steps of the story.

use super::Step;
use crate::hook::{Names, id_of};
use juju_sandbox::{Deploy, Model};
use serde_json::Value;
use std::path::PathBuf;

fn charm(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/charms")
        .join(name)
}

/// Does what was done. `None` if it cannot be done here.
pub(super) fn act(model: &mut Model, step: &Step, names: &mut Names) -> Option<()> {
    let command: Vec<&str> = step.command.iter().map(String::as_str).collect();
    match command.as_slice() {
        ["deploy", _, application] => {
            let charm = charm(&format!("story-{application}"));
            model
                .deploy(&charm, application, Deploy::default())
                .unwrap();
        }
        ["integrate", one, other] => drop(model.integrate(one, other).unwrap()),
        ["remove-relation", one, other] => model.remove_relation(one, other).unwrap(),
        ["add-unit", application] => model.add_units(application, 1).unwrap(),
        ["remove-unit", unit, ..] => model.remove_unit(unit).unwrap(),
        ["remove-application", application, ..] => model.remove_application(application).unwrap(),
        ["refresh", application, _] => model
            .refresh(application, &charm(&format!("story-{application}")))
            .unwrap(),
        ["config", application, "--reset", option] => {
            model.reset_config(application, &[option]).unwrap();
        }
        ["config", application, values @ ..] => {
            let values: Vec<(String, String)> = values
                .iter()
                .map(|value| {
                    let (name, value) = value.split_once('=').unwrap();
                    let value = String::from_utf8(names.ours(value)).unwrap();
                    (name.to_owned(), value)
                })
                .collect();
            let values: Vec<(&str, &str)> = values
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect();
            model.configure(application, &values).unwrap();
        }
        ["add-secret", name, content] => {
            let uri = model.add_secret(name, &[content.split_once('=').unwrap()]);
            names.add("f70s3vnoraop3jn0e710", &id_of(uri.unwrap().as_bytes()));
        }
        ["update-secret", name, content] => model
            .update_secret(name, &[content.split_once('=').unwrap()])
            .unwrap(),
        ["grant-secret", name, application] => model.grant_secret(name, application).unwrap(),
        // Juju's client itself fails to send an object.
        ["run", _, _, parameter, ..] if parameter.starts_with("claims.") => return None,
        ["run", unit, action, parameters @ ..] => {
            let parameters: Vec<(&str, Value)> = parameters
                .iter()
                .filter_map(|parameter| parameter.split_once('='))
                .map(|(name, value)| (name, value.into()))
                .collect();
            return model.run_action(unit, action, &parameters).ok().map(drop);
        }
        _ => return None,
    }
    Some(())
}
