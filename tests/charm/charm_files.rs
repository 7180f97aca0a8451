//! The YAML files that Juju and charmcraft read, held against the code.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use external_provider::{ENDPOINT, INTERFACE, Kind};
use kratos_external_idp_integrator::config::{
    Answers, Configuration, OptionType, Request, options,
};
use serde_yaml::Value;

fn file(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    serde_yaml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn keys(value: &Value) -> BTreeSet<&str> {
    value
        .as_mapping()
        .unwrap()
        .keys()
        .map(|key| key.as_str().unwrap())
        .collect()
}

#[test]
fn config_yaml_has_the_options_of_the_code() {
    let config = file("config.yaml");
    assert_eq!(
        keys(&config["options"]),
        options().map(|(name, _)| name).collect()
    );
    for (name, kind) in options() {
        let option = &config["options"][name];
        let expected = match kind {
            OptionType::Text => "string",
            OptionType::Switch => "boolean",
        };
        assert_eq!(option["type"], expected, "{name}: type");
        let description = option["description"].as_str().unwrap();
        assert!(description.len() > 40, "{name}: a description to act on");
        let default = match name {
            "provider" => "generic".into(),
            "secret_backend" => "relation".into(),
            "unsafe_values" => "escape".into(),
            "enabled" => true.into(),
            "jwt_access_token" => false.into(),
            _ => Value::Null,
        };
        assert_eq!(
            option.get("default").unwrap_or(&Value::Null),
            &default,
            "{name}: default"
        );
    }
    let described = config["options"]["provider"]["description"]
        .as_str()
        .unwrap();
    let words: BTreeSet<_> = described
        .split(|c: char| !c.is_ascii_alphanumeric())
        .collect();
    for word in Kind::ALL.iter().flat_map(|kind| kind.words()) {
        assert!(words.contains(word), "the option provider names {word}");
    }
}

#[test]
fn the_defaults_of_config_yaml_mean_the_same_as_none() {
    let config = file("config.yaml");
    let defaults: serde_json::Map<_, _> = options()
        .filter_map(|(name, _)| {
            let default = config["options"][name].get("default")?;
            Some((name.to_owned(), serde_json::to_value(default).unwrap()))
        })
        .collect();
    let read = |json| {
        let values = serde_json::from_value(serde_json::Value::Object(json)).unwrap();
        Configuration::check(Request::new(values), &Answers::default())
    };
    assert_eq!(read(defaults), read(serde_json::Map::new()));
}

#[test]
fn metadata_yaml_has_the_endpoints_of_the_code() {
    let metadata = file("metadata.yaml");
    assert_eq!(metadata["name"], env!("CARGO_PKG_NAME"));
    let provided = [(ENDPOINT, INTERFACE), (oauth::ENDPOINT, oauth::INTERFACE)];
    let names = provided.iter().map(|(endpoint, _)| *endpoint).collect();
    assert_eq!(keys(&metadata["provides"]), names);
    for (endpoint, interface) in provided {
        assert_eq!(metadata["provides"][endpoint]["interface"], interface);
    }
    for role in ["requires", "peers"] {
        assert!(metadata.get(role).is_none(), "{role}");
    }
    let requirer = file("examples/requirer/metadata.yaml");
    assert_eq!(requirer["requires"][ENDPOINT]["interface"], INTERFACE);
}

#[test]
fn actions_yaml_has_the_actions_of_the_code() {
    let actions = file("actions.yaml");
    assert_eq!(
        keys(&actions),
        BTreeSet::from([
            "check-provider",
            "get-redirect-uri",
            "test-mapper",
            "validate-config"
        ])
    );
    for (name, action) in actions.as_mapping().unwrap() {
        assert_eq!(action["additionalProperties"], false, "{name:?}");
        assert!(
            action["description"].as_str().unwrap().len() > 40,
            "{name:?}"
        );
    }
}

#[test]
fn cargo_run_runs_the_charm() {
    // With two programs Cargo has to be told, or every command of the documentation fails.
    let manifest = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml")).unwrap();
    let default = concat!("default-run = \"", env!("CARGO_PKG_NAME"), "\"\n");
    assert!(manifest.contains(default));
}

#[test]
fn charmcraft_yaml_packs_both_programs() {
    let charmcraft = file("charmcraft.yaml");
    assert_eq!(charmcraft["type"], "charm");
    let part = &charmcraft["parts"]["dispatch"];
    for (built, packed) in [(env!("CARGO_PKG_NAME"), "dispatch"), ("doctor", "doctor")] {
        assert_eq!(part["organize"][format!("bin/{built}")], packed);
        let prime = part["prime"].as_sequence().unwrap();
        assert!(prime.contains(&packed.into()), "{packed}");
    }
    for key in ["name", "config", "actions"] {
        assert!(charmcraft.get(key).is_none(), "{key} has a file of its own");
    }
}
