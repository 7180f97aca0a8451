//! The reference: options, kinds, actions, statuses.

use std::collections::BTreeSet;

use external_provider::Kind;
use kratos_external_idp_integrator::mapper::DryRun;
use serde_json::{Value, json};

use super::dry_runs::outcomes;
use super::findings::{Found, findings_of_mappers, validate};
use super::markdown::{assert_alike, code, first_code, flat, read, section, sections, table};
use super::story::Story;

#[test]
fn every_option_is_in_the_reference() {
    let reference = section(&read("docs/reference.md"), "Options");
    let config: Value = serde_yaml::from_str(&read("config.yaml")).unwrap();
    let options = config["options"].as_object().unwrap();
    for (name, option) in options {
        let said = section(&reference, &format!("`{name}`"));
        let default = match &option["default"] {
            Value::Null => "none".to_owned(),
            Value::String(text) => format!("`{text}`"),
            other => format!("`{other}`"),
        };
        let kind = option["type"].as_str().unwrap();
        let first = format!("Type `{kind}`, default {default}.");
        let description = option["description"].as_str().unwrap();
        let expected = format!("{first}\n\n{description}");
        assert_eq!(said.trim(), expected.trim(), "{name}");
    }
    let headings: BTreeSet<_> = sections(&reference)
        .into_iter()
        .flat_map(|(_, title, _)| code(&title))
        .collect();
    assert_eq!(headings, options.keys().cloned().collect());
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
    let story = Story::told();
    for (name, action) in actions {
        let said = section(&reference, &format!("`{name}`"));
        let description = flat(action["description"].as_str().unwrap());
        assert!(
            flat(&said).starts_with(&description),
            "{name}: {description}"
        );

        let none = serde_json::Map::new();
        let parameters = action["params"].as_object().unwrap_or(&none);
        let expected: BTreeSet<_> = parameters
            .iter()
            .map(|(key, parameter)| {
                let kinds = match &parameter["type"] {
                    Value::Array(kinds) => kinds.clone(),
                    kind => vec![kind.clone()],
                };
                let kinds = kinds
                    .iter()
                    .map(|kind| format!("`{}`", kind.as_str().unwrap()));
                (
                    key.clone(),
                    kinds.collect::<Vec<_>>().join(" or "),
                    flat(parameter["description"].as_str().unwrap()),
                )
            })
            .collect();
        let documented = table(&said, "Parameter")
            .into_iter()
            .map(|row| (first_code(&row[0]), row[1].clone(), row[2].clone()));
        assert_eq!(documented.collect::<BTreeSet<_>>(), expected, "{name}");
        let has_none = said.contains("It has no parameters.");
        assert_eq!(has_none, parameters.is_empty(), "{name}");

        let first = |header| -> Vec<String> {
            let rows = table(&said, header).into_iter();
            rows.map(|row| first_code(&row[0])).collect()
        };
        let results: BTreeSet<_> = first("Result").into_iter().collect();
        assert_eq!(results, story.results[name], "{name}: results");
        assert_alike(
            &format!("{name}: failures"),
            &first("Failure"),
            &story.failures[name],
        );
    }
    let headings: BTreeSet<_> = sections(&reference)
        .into_iter()
        .flat_map(|(_, title, _)| code(&title))
        .collect();
    assert_eq!(headings, actions.keys().cloned().collect());
}

#[test]
fn every_finding_of_a_dry_run_is_in_the_reference() {
    // Of a provider that never says that an email is verified.
    let never = outcomes()
        .into_iter()
        .filter(|one| one.claims == "unverified");
    let never = DryRun::of(&never.collect::<Vec<_>>()).findings;
    let found = findings_of_mappers().into_iter();
    let found = found.chain(never.into_iter().map(Found::from));
    let with_mapper = |mapper: &str| {
        validate(&format!(
            "{{provider: github, client_id: c, client_secret: s, jsonnet_mapper: '{mapper}'}}"
        ))
    };
    let said = found
        .chain(with_mapper("{"))
        .chain(with_mapper("base64://e30="))
        .chain(with_mapper(&"[".repeat(300)))
        .chain(with_mapper(&"1".repeat(30_000)))
        .map(|one| format!("{} {}: {}", one.severity, one.problem, one.fix));
    let reference = section(&read("docs/reference.md"), "`test-mapper`");
    let patterns: Vec<_> = table(&reference, "Finding")
        .iter()
        .map(|row| {
            let (problem, fix, severity) = (first_code(&row[0]), first_code(&row[1]), &row[2]);
            format!("{severity} {problem}: {fix}")
        })
        .collect();
    assert_alike("findings", &patterns, &said.collect());
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
