//! The reference: options, kinds, actions, statuses, applications, the command line.

use std::collections::BTreeSet;
use std::time::SystemTime;

use external_provider::Kind;
use kratos_external_idp_integrator::config::{Answers, Configuration, Request};
use serde_json::{Value, json};

use super::findings::{Found, intricate, validate};
use super::markdown::{assert_alike, code, first_code, listed, read, section, sections, table};
use super::story::Story;
use crate::support::{APPLE_KEY, charm};

#[test]
fn every_option_is_in_the_reference() {
    let reference = section(&read("docs/reference.md"), "Options");
    let mut documented = BTreeSet::new();
    for row in table(&reference, "Option (default)") {
        let (names, default) = names_and_default(&row[0]);
        assert!(!row[1].is_empty(), "{names:?}: what it is");
        for name in names {
            assert!(documented.insert((name, default.clone())), "{row:?}: twice");
        }
    }
    let config: Value = serde_yaml::from_str(&read("config.yaml")).unwrap();
    let options = config["options"].as_object().unwrap().iter();
    let expected = options.map(|(name, option)| (name.clone(), shown(&option["default"])));
    assert_eq!(documented, expected.collect());
}

/// The names in a cell, and the default in parentheses after them.
fn names_and_default(cell: &str) -> (Vec<String>, Option<String>) {
    match cell.split_once(" (") {
        Some((names, default)) => (code(names), code(default).pop()),
        None => (code(cell), None),
    }
}

/// How the page shows a default.
fn shown(default: &Value) -> Option<String> {
    match default {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

#[test]
fn every_kind_is_in_the_reference_with_what_it_needs() {
    let reference = section(&read("docs/reference.md"), "Options");
    let mut documented = BTreeSet::new();
    for row in table(&reference, "`provider`") {
        let needs = row[1].split(", no ").next().unwrap();
        for kind in code(&row[0]) {
            let client_id = "5c09f0c4-7d0b-4f4f-9a53-6d0f1f5b7a11";
            let mut options = json!({ "provider": kind, "client_id": client_id });
            let unusable = row[2].starts_with("refused");
            let needs = if unusable {
                vec!["client_secret".to_owned()]
            } else {
                code(needs)
            };
            for option in &needs {
                options[option.as_str()] = match option.as_str() {
                    "issuer_url" => "https://idp.example.com",
                    "microsoft_tenant_id" => "common",
                    "apple_team_id" | "apple_private_key_id" => "ABCDE12345",
                    "apple_private_key" => "secret:d0erdgfmp25c762i8np0",
                    _ => "s3cret",
                }
                .into();
            }
            let scope = first_code(&row[2]);
            options["scope"] = if scope.is_empty() { "openid" } else { &scope }.into();
            let found = validate(&options.to_string());
            if unusable {
                let problem = &found[0].problem;
                assert!(
                    problem.starts_with("Kratos cannot use"),
                    "{kind}: {problem}"
                );
            } else {
                // Problems with the kind itself, or with a mapper, do not count here.
                let of_kind = ["provider", "jsonnet_mapper"];
                let is_wrong = |one: &&Found| {
                    !of_kind.contains(&one.option.as_str()) && one.code != "scope-without-email"
                };
                let wrong = found.iter().filter(is_wrong).count();
                assert_eq!(wrong, 0, "{kind}: {found:?}");
                let fails = found.iter().any(|one| one.code == "kind-broken");
                let said = row[2].starts_with("none: logins fail");
                assert_eq!(fails, said, "{kind}: whether logins fail");
            }
            for need in &needs {
                let mut less = options.clone();
                less.as_object_mut().unwrap().remove(need);
                let found = validate(&less.to_string());
                let missing = |one: &Found| one.option == *need && one.problem == "not set";
                assert!(
                    found.iter().any(missing),
                    "{kind} without {need}: {found:?}"
                );
            }
            documented.insert(kind);
        }
    }
    let kinds = Kind::ALL.iter().flat_map(|kind| kind.words());
    assert_eq!(documented, kinds.map(|word| (*word).to_owned()).collect());
}

#[test]
fn every_action_is_in_the_reference() {
    let reference = section(&read("docs/reference.md"), "Actions");
    let actions: Value = serde_yaml::from_str(&read("actions.yaml")).unwrap();
    let actions = actions.as_object().unwrap();
    let mut documented = BTreeSet::new();
    for row in table(&reference, "Parameter (default)") {
        let (names, default) = names_and_default(&row[0]);
        assert!(!row[2].is_empty(), "{names:?}: what it is");
        for action in code(&row[1]) {
            documented.insert((action, names[0].clone(), default.clone()));
        }
    }
    let mut expected = BTreeSet::new();
    for (name, action) in actions {
        for (key, parameter) in action["params"].as_object().into_iter().flatten() {
            expected.insert((name.clone(), key.clone(), shown(&parameter["default"])));
        }
    }
    assert_eq!(documented, expected, "parameters");

    let story = Story::told();
    for name in actions.keys() {
        let said = section(&reference, &format!("`{name}`"));
        let rows = table(&said, "Result").into_iter();
        let results: BTreeSet<_> = rows.flat_map(|row| code(&row[0])).collect();
        assert_eq!(results, story.results[name], "{name}: results");
    }
    let headings: BTreeSet<_> = sections(&reference)
        .into_iter()
        .flat_map(|(_, title, _)| code(&title))
        .collect();
    assert_eq!(headings, actions.keys().cloned().collect());

    let failures = story.failures.values().flatten().cloned();
    let listed = listed(&section(&reference, "Failures"));
    assert_alike("failures", &listed, &failures.collect());
}

#[test]
fn every_check_is_in_the_reference() {
    let reference = section(&read("docs/reference.md"), "`check-provider`");
    let rows = table(&reference, "Check").into_iter();
    let documented: BTreeSet<_> = rows.flat_map(|row| code(&row[0])).collect();
    let reports = Story::told().json["check-provider"].iter();
    let checks = reports.flat_map(|one| one["checks"].as_array().unwrap());
    let names = checks.map(|one| one["name"].as_str().unwrap().to_owned());
    assert_eq!(documented, names.collect());
}

#[test]
fn what_applications_are_offered_is_in_the_reference() {
    let reference = section(&read("docs/reference.md"), "Applications");
    let mut documented = BTreeSet::new();
    let url = "https://idp.example.com/x";
    for row in table(&reference, "Kind") {
        for kind in code(&row[0]) {
            let options = json!({
                "provider": kind, "client_id": "c", "client_secret": "s", "scope": "groups",
                "issuer_url": "https://idp.example.com", "microsoft_tenant_id": "common",
                "apple_team_id": "ABCDE12345", "apple_private_key_id": "ABCDE12345",
                "apple_private_key": APPLE_KEY, "authorization_endpoint": url,
                "token_endpoint": url, "jwks_endpoint": url, "userinfo_endpoint": url,
            });
            let request = Request::new(serde_json::from_value(options).unwrap());
            let answers = Answers {
                now: Some(SystemTime::now()),
                ..Answers::default()
            };
            let applications = Configuration::check(request, &answers).applications;
            let offered = applications.endpoints();
            let scope = match row[1].as_str() {
                "none" => None,
                "`scope` and `openid`" => Some("openid groups".to_owned()),
                scopes => Some(first_code(scopes)),
            };
            let is_offered = offered.map(|all| all.scope.clone());
            assert_eq!(is_offered, scope, "{kind}: {:?}", applications.set);
            if let Some(offered) = offered {
                let says = |text| row[2].contains(text);
                let has_userinfo = !offered.userinfo_endpoint.is_empty();
                assert_eq!(has_userinfo, !says("No userinfo"), "{kind}");
                let is_set = offered.token_endpoint == url;
                assert_eq!(is_set, says("Endpoints from options"), "{kind}");
            }
            documented.insert(kind);
        }
    }
    // Those that cannot be configured are in the table of what each kind needs.
    let kinds = Kind::ALL.iter().flat_map(|kind| kind.words());
    let refused = ["twitch", "yander", "yandex"];
    let usable = kinds.filter(|word| !refused.contains(word));
    assert_eq!(documented, usable.map(|word| (*word).to_owned()).collect());
}

#[test]
fn every_status_is_in_the_reference() {
    let reference = section(&read("docs/reference.md"), "Statuses");
    let documented: Vec<_> = table(&reference, "Status")
        .into_iter()
        .map(|row| format!("{} {}", row[0], first_code(&row[1])))
        .collect();
    assert_alike("statuses", &documented, &Story::told().statuses);
}

#[test]
fn every_error_of_the_command_line_is_in_the_reference() {
    let reference = section(&read("docs/reference.md"), "The command line");
    let patterns = listed(&reference);
    let two = "a: {label: x}\nb: {label: y}";
    let disabled = "{provider: github, client_id: c, client_secret: s, enabled: false}";
    let complaint = |args: &str, input: &str, code| {
        let args: Vec<_> = args.split(' ').collect();
        let output = charm(&args, input);
        assert_eq!(output.status.code(), Some(code), "{args:?}: {input:.40}");
        String::from_utf8(output.stderr).unwrap().trim().to_owned()
    };
    let refusal = |args, input| complaint(args, input, 1);
    let complaints = [
        refusal("validate /nowhere/at-all.yaml", ""),
        refusal("validate -", "label: ["),
        refusal("validate -", "label: x\n---\nlabel: y"),
        refusal("validate -", &intricate()),
        refusal("validate -", "text"),
        refusal("validate -", two),
        refusal("validate --app c -", two),
        refusal("test-mapper - --claims {", disabled),
        complaint("render -", disabled, 0),
    ];
    assert_alike("complaints", &patterns, &complaints.into());
}
