//! What the two generations of the Python library put on the wire, and which issuers
//! Kratos starts with, held against what we do.

use kratos_external_idp_integrator::checks::absolute_uri::is_absolute_uri;
use serde_json::{Map, Value};

use crate::support::render;

fn vectors(list: &str) -> Vec<Value> {
    let text = include_str!("../vectors/external-provider.json");
    let vectors: Value = serde_json::from_str(text).unwrap();
    vectors[list].as_array().unwrap().clone()
}

fn name(case: &Value) -> &str {
    case["name"].as_str().unwrap()
}

#[test]
fn the_databag_holds_what_both_generations_write() {
    let cases = vectors("valid");
    assert!(cases.len() > 20, "the vectors are there");
    for case in cases {
        let name = name(&case);
        let mut config = case["config"].clone();
        let is_unsafe = case.get("unsafe").is_some();
        config["unsafe_values"] = "block".into();
        let output = render(&config.to_string());
        assert_eq!(output.status.success(), !is_unsafe, "{name}: {output:?}");
        config["unsafe_values"] = "escape".into();
        let output = render(&config.to_string());
        // In quotes every value is carried; some kinds are not.
        let is_kind = config["provider"] == "twitch" || config["provider"] == "yander";
        assert_eq!(output.status.success(), !is_kind, "{name}: {output:?}");
        if is_kind {
            continue;
        }
        config["unsafe_values"] = "verbatim".into();
        let output = render(&config.to_string());
        assert!(output.status.success(), "{name}: {output:?}");
        let providers: Vec<Map<String, Value>> = serde_json::from_slice(&output.stdout).unwrap();
        let [item] = providers.as_slice() else {
            panic!("{name}: one provider")
        };
        for wire in ["v1_wire", "v0_wire"] {
            for (key, expected) in case[wire].as_object().unwrap() {
                // Library v0 passes the scope on as it is configured; v1 splits
                // and joins it, and that is what both are given.
                let expected = case["v1_wire"].get(key).unwrap_or(expected);
                assert_eq!(item.get(key), Some(expected), "{name}: {key} of {wire}");
            }
        }
        assert!(
            item.values().all(Value::is_string),
            "{name}: no nulls, {item:?}"
        );
    }
}

#[test]
fn what_the_python_charm_refuses_is_refused() {
    for case in vectors("invalid") {
        let output = render(&case["config"].to_string());
        assert_eq!(output.status.code(), Some(1), "{}", name(&case));
        assert!(output.stdout.is_empty(), "{}", name(&case));
        assert!(!output.stderr.is_empty(), "{}", name(&case));
    }
}

#[test]
fn an_issuer_is_a_uri_where_kratos_says_so() {
    let text = include_str!("../vectors/issuer-uri.json");
    let vectors: Value = serde_json::from_str(text).unwrap();
    let rows = vectors["rows"].as_array().unwrap();
    assert!(rows.len() > 100, "the vectors are there");
    for row in rows {
        let value = row["value"].as_str().unwrap();
        let expected = row["is_uri"].as_bool().unwrap();
        assert_eq!(is_absolute_uri(value), expected, "{value:?}");
    }
}
