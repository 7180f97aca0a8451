//! The JSON Schemas in `docs/schema`: what is written is valid, and what is wrong is not.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Value, json};

use super::markdown::read;
use super::story::Story;
use crate::support::{ANSWER, APPLE_KEY, GOOGLE, GOOGLE_BY_SECRET, World, render, stdout, unset};

const PROVIDER: &str = "external_provider-provider";
const REQUIRER: &str = "external_provider-requirer";

/// A value by a schema of the page's folder: valid, or not.
struct Case {
    name: &'static str,
    schema: &'static str,
    value: Value,
}

fn schema(name: &str) -> Value {
    let path = Path::new("docs/schema").join(format!("{name}.json"));
    let schema = serde_json::from_str(&read(path)).unwrap();
    jsonschema::meta::validate(&schema).unwrap();
    schema
}

/// What is wrong with `value` by a schema. Validators leave the JSON in the values of a databag alone,
/// so that is held against its own part of the schema.
fn complaints(name: &str, value: &Value) -> Vec<String> {
    let schema = schema(name);
    let mut all = errors(&schema, value);
    for (key, property) in schema["properties"].as_object().into_iter().flatten() {
        let content = property.get("contentSchema");
        let Some((content, text)) = content.zip(value[key].as_str()) else {
            continue;
        };
        let mut part = content.clone();
        for key in ["$schema", "$defs"] {
            part[key] = schema[key].clone();
        }
        match serde_json::from_str(text) {
            Ok(inner) => all.extend(errors(&part, &inner)),
            Err(error) => all.push(format!("{key}: {error}")),
        }
    }
    all
}

fn errors(schema: &Value, value: &Value) -> Vec<String> {
    let validator = jsonschema::draft202012::new(schema).unwrap();
    let errors = validator.iter_errors(value);
    errors
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

fn assert_valid(what: &str, schema: &str, value: &Value) {
    assert_eq!(complaints(schema, value), [""; 0], "{what}: {value}");
}

/// What `application` has written on a relation.
fn databag(world: &World, relation: u32, application: &str) -> Value {
    json!(world.app_databag(relation, application).unwrap())
}

/// The vectors of both generations: the configuration, and what each writes.
fn vectors() -> Vec<Value> {
    let vectors: Value =
        serde_json::from_str(include_str!("../../vectors/external-provider.json")).unwrap();
    vectors["valid"].as_array().unwrap().clone()
}

#[test]
fn what_is_published_for_any_configuration_is_valid() {
    let mut written = BTreeSet::new();
    for case in vectors() {
        for unsafe_values in ["escape", "verbatim"] {
            let mut config = case["config"].clone();
            config["unsafe_values"] = unsafe_values.into();
            let output = render(&config.to_string());
            if !output.status.success() {
                continue;
            }
            let text = stdout(&output);
            let items: Vec<BTreeMap<String, Value>> = serde_json::from_str(&text).unwrap();
            written.extend(items.into_iter().flat_map(BTreeMap::into_keys));
            let databag = json!({ "providers": text.trim() });
            assert_valid(&case["name"].to_string(), PROVIDER, &databag);
        }
    }
    let described = described();
    assert_eq!(written, described.keys().cloned().collect());
}

/// The keys of a provider in the schema, with what is said about each.
fn described() -> BTreeMap<String, String> {
    let schema = schema(PROVIDER);
    let properties = schema["$defs"]["provider"]["properties"].as_object();
    let described = properties.unwrap().iter().map(|(key, property)| {
        let description = property["description"].as_str().unwrap();
        (key.clone(), description.to_owned())
    });
    described.collect()
}

#[test]
fn the_schema_says_which_generation_reads_which_key() {
    for generation in ["v0", "v1"] {
        let wire = format!("{generation}_wire");
        let of_it: BTreeSet<_> = vectors()
            .iter()
            .flat_map(|case| case[&wire].as_object().unwrap().keys().cloned())
            .collect();
        let said = described().into_iter().filter_map(|(key, description)| {
            let (generations, _) = description.split_once(':').unwrap();
            let is_of_it = generations.split(", ").any(|one| one == generation);
            is_of_it.then_some(key)
        });
        assert_eq!(said.collect::<BTreeSet<_>>(), of_it, "{generation}");
    }
}

#[test]
fn what_both_sides_write_in_a_model_is_valid() {
    // With Kratos' part played by the example, which says that it reads secrets.
    for options in [&GOOGLE[..], &GOOGLE_BY_SECRET] {
        let (world, relation) = World::with_kratos(2, options);
        for (application, schema) in [("idp", PROVIDER), ("kratos", REQUIRER)] {
            let databag = databag(&world, relation, application);
            assert!(databag["providers"].is_string(), "{databag}");
            assert_valid(application, schema, &databag);
        }
    }

    let (mut world, relation) = World::integrated(1, &GOOGLE_BY_SECRET);
    world.announce_secrets(relation);
    let valid = |world: &World, what: &str| {
        assert_valid(what, PROVIDER, &databag(world, relation, "idp"));
        assert_valid(what, REQUIRER, &databag(world, relation, "kratos"));
    };
    valid(&world, "by secret");
    let uri = world.published_items(relation)[0]["client_secret"].clone();
    assert!(uri.as_str().unwrap().starts_with("secret:"), "{uri}");
    world.answer(relation, ANSWER);
    valid(&world, "answered");

    let list = json!([
        { "provider": "apple", "client_id": "com.example.login", "apple_team_id": "ABCDE12345",
          "apple_private_key_id": "ABCDE12345", "apple_private_key": APPLE_KEY },
        { "provider": "microsoft", "client_id": "8eaef023-2b34-4da1-9baa-8bc8c9d6a490",
          "client_secret": "s", "microsoft_tenant_id": "common", "label": "Work: all" },
        { "provider": "auth0", "client_id": "c", "client_secret": "s", "scope": "openid email",
          "issuer_url": "https://corp.auth0.com/", "provider_id": "a b" },
    ]);
    world.config(&unset(GOOGLE));
    world.config(&[("providers", &list.to_string())]);
    assert_eq!(world.published_items(relation).len(), 3);
    valid(&world, "a list, by secret");
    world.config(&[("secret_backend", "relation")]);
    valid(&world, "a list");
    // As Keystone answers: values are published as they are from now on.
    let keystone = "https://keystone.example.com/v3/OS-FEDERATION/protocols/openid/redirect_uri";
    world.answer(
        relation,
        &json!([{ "provider_id": "a b", "redirect_uri": keystone }]).to_string(),
    );
    assert_eq!(world.published_items(relation)[1]["label"], "Work: all");
    valid(&world, "for Keystone");
    world.config(&[("enabled", "false")]);
    valid(&world, "withdrawn");
}

#[test]
fn the_json_of_actions_is_valid() {
    for (action, schema) in [
        ("validate-config", "validate-config"),
        ("check-provider", "check-provider"),
        ("get-redirect-uri", "redirect-uris"),
    ] {
        let results = &Story::told().json[action];
        assert!(!results.is_empty(), "{action}");
        for result in results {
            assert_valid(action, schema, result);
        }
    }
}

#[test]
fn the_examples_are_valid() {
    for name in [PROVIDER, REQUIRER] {
        for example in schema(name)["examples"].as_array().unwrap() {
            assert_valid(name, name, example);
        }
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn what_is_wrong_is_refused() {
    let google = json!({
        "provider": "google", "client_id": "c", "client_secret": "s", "scope": "openid email",
        "id": "g", "provider_id": "g", "label": "g", "secret_backend": "relation",
    });
    let with = |changes: Value| {
        let mut item = google.clone();
        for (key, value) in changes.as_object().unwrap() {
            item[key] = value.clone();
        }
        // As a value that is left out, unless null itself is the mistake.
        item.as_object_mut()
            .unwrap()
            .retain(|_, value| value != "left out");
        json!({ "providers": json!([item]).to_string() })
    };
    let providers = |text: &str| json!({ "providers": text });
    assert_valid("the right one", PROVIDER, &with(json!({})));
    let answer = |item: Value| json!({ "providers": json!([item]).to_string() });
    let validated =
        |findings: Value| json!({ "valid": true, "findings": findings, "providers": [] });
    let checked =
        |check: Value| json!({ "provider-id": "g", "verdict": "good", "checks": [check] });
    let good = json!({ "name": "keys", "verdict": "good", "seen": "x", "fix": "" });
    assert_valid("the right one", "check-provider", &checked(good.clone()));
    assert_valid("the right one", "validate-config", &validated(json!([])));

    for Case {
        name,
        schema,
        value,
    } in [
        Case {
            name: "a list that is not in a text",
            schema: PROVIDER,
            value: json!({ "providers": [google] }),
        },
        Case {
            name: "not JSON",
            schema: PROVIDER,
            value: providers("[{"),
        },
        Case {
            name: "an object",
            schema: PROVIDER,
            value: providers(&google.to_string()),
        },
        Case {
            name: "an empty list, on which v1 fails",
            schema: PROVIDER,
            value: providers("[]"),
        },
        Case {
            name: "a kind that is not in the interface",
            schema: PROVIDER,
            value: with(json!({ "provider": "linkedin" })),
        },
        Case {
            name: "null, as v1 writes it and v0 refuses it",
            schema: PROVIDER,
            value: with(json!({ "jsonnet_mapper": null })),
        },
        Case {
            name: "a number",
            schema: PROVIDER,
            value: with(json!({ "client_id": 1234 })),
        },
        Case {
            name: "an empty label",
            schema: PROVIDER,
            value: with(json!({ "label": "" })),
        },
        Case {
            name: "no secret_backend, without which v0 fails",
            schema: PROVIDER,
            value: with(json!({ "secret_backend": "left out" })),
        },
        Case {
            name: "vault",
            schema: PROVIDER,
            value: with(json!({ "secret_backend": "vault" })),
        },
        Case {
            name: "the id for one generation only",
            schema: PROVIDER,
            value: with(json!({ "provider_id": "left out" })),
        },
        Case {
            name: "no client secret",
            schema: PROVIDER,
            value: with(json!({ "client_secret": "left out" })),
        },
        Case {
            name: "a secret in plain text where a URI is announced",
            schema: PROVIDER,
            value: with(json!({ "secret_backend": "secret" })),
        },
        Case {
            name: "two spaces between scopes, which v0 splits into three",
            schema: PROVIDER,
            value: with(json!({ "scope": "openid  email" })),
        },
        Case {
            name: "scopes as a list",
            schema: PROVIDER,
            value: with(json!({ "scope": ["openid"] })),
        },
        Case {
            name: "a mapper for v0 only",
            schema: PROVIDER,
            value: with(json!({ "jsonnet_mapper": "{}" })),
        },
        Case {
            name: "generic without an issuer",
            schema: PROVIDER,
            value: with(json!({ "provider": "generic" })),
        },
        Case {
            name: "microsoft with the tenant for one generation",
            schema: PROVIDER,
            value: with(json!({ "provider": "microsoft", "microsoft_tenant": "common" })),
        },
        Case {
            name: "apple with a client secret",
            schema: PROVIDER,
            value: with(json!({ "provider": "apple" })),
        },
        Case {
            name: "an answer without a redirect URI",
            schema: REQUIRER,
            value: answer(json!({ "provider_id": "g" })),
        },
        Case {
            name: "an answer with an empty redirect URI",
            schema: REQUIRER,
            value: answer(json!({ "provider_id": "g", "redirect_uri": "" })),
        },
        Case {
            name: "an answer with a line break",
            schema: REQUIRER,
            value: answer(json!({ "provider_id": "g", "redirect_uri": "https://a\nb" })),
        },
        Case {
            name: "an answer that is one object",
            schema: REQUIRER,
            value: providers(r#"{"provider_id":"g","redirect_uri":"https://k/g"}"#),
        },
        Case {
            name: "an announcement that is no list",
            schema: REQUIRER,
            value: json!({ "secret_backends": "secret" }),
        },
        Case {
            name: "a report without findings",
            schema: "validate-config",
            value: json!({ "valid": true, "providers": [] }),
        },
        Case {
            name: "a finding without a code",
            schema: "validate-config",
            value: validated(
                json!([{ "severity": "note", "option": "x", "problem": "x", "fix": "x" }]),
            ),
        },
        Case {
            name: "an unknown check",
            schema: "check-provider",
            value: {
                let mut check = good.clone();
                check["name"] = "weather".into();
                checked(check)
            },
        },
        Case {
            name: "a verdict of another kind",
            schema: "check-provider",
            value: {
                let mut check = good.clone();
                check["verdict"] = true.into();
                checked(check)
            },
        },
        Case {
            name: "a redirect URI of nobody",
            schema: "redirect-uris",
            value: json!([{ "redirect-uri": "https://k/g", "derived": false }]),
        },
    ] {
        assert_ne!(complaints(schema, &value), [""; 0], "{name}: {value}");
    }
}
