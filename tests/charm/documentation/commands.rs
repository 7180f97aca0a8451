//! Everything else on the pages that can be run or followed.

use std::fs;
use std::path::Path;

use kratos_external_idp_integrator::config::is_option;
use serde_json::{Value, json};

use super::findings::validate;
use super::markdown::{blocks, commands, first_code, pages, read, root, sections, slug, table};
use crate::support::charm_with;

/// The commands of Juju that the pages use.
pub(super) const JUJU: [&str; 13] = [
    "add-secret",
    "config",
    "debug-log",
    "deploy",
    "grant-secret",
    "integrate",
    "refresh",
    "remove-application",
    "remove-relation",
    "remove-secret",
    "run",
    "status",
    "update-secret",
];

#[test]
fn commands_in_the_pages_still_work() {
    let actions: Value = serde_yaml::from_str(&read("actions.yaml")).unwrap();
    let known = is_option;
    let (mut run, mut checked) = (0, 0);
    for page in pages(&root().join("docs")) {
        for command in blocks(&read(&page), "shell")
            .iter()
            .flat_map(|block| commands(block))
        {
            let name = format!("{}: {command:?}", page.display());
            let words: Vec<_> = command.iter().map(String::as_str).collect();
            match words.as_slice() {
                ["cargo", "run", "--", args @ ..]
                | ["target/release/kratos-external-idp-integrator", args @ ..] => {
                    // The reader's own file.
                    let own = |arg: &&str| arg.starts_with("idp.");
                    let args: Vec<_> = args
                        .iter()
                        .map(|arg| {
                            if own(arg) {
                                "examples/recipes/google.yaml"
                            } else {
                                arg
                            }
                        })
                        .collect();
                    // Nobody is asked: there is no such proxy.
                    let output = charm_with(&args, "", &[("https_proxy", "http://127.0.0.1:1")]);
                    assert_eq!(output.status.code(), Some(0), "{name}: {output:?}");
                    assert!(!output.stdout.is_empty(), "{name}");
                    run += 1;
                }
                ["juju", "config", "idp", "--reset", options] => {
                    assert!(options.split(',').all(known), "{name}");
                    checked += 1;
                }
                ["juju", "config", "idp", "--file" | "--format", ..] => {}
                ["juju", "config", "idp", set @ ..] => {
                    for word in set {
                        let (option, value) = word.split_once('=').unwrap();
                        assert!(known(option), "{name}: {option}");
                        if let Some(file) = value.strip_prefix("@examples/") {
                            read(format!("examples/{file}"));
                        }
                    }
                    checked += 1;
                }
                ["juju", "run", "idp/0", action, parameters @ ..] => {
                    let action = &actions[*action];
                    assert!(action.is_object(), "{name}");
                    for parameter in parameters {
                        let (key, _) = parameter.split_once('=').unwrap();
                        assert!(action["params"][key].is_object(), "{name}: {key}");
                    }
                    checked += 1;
                }
                ["juju", command, ..] => assert!(JUJU.contains(command), "{name}"),
                _ => {
                    let others = [
                        "cargo build",
                        "cargo build --release",
                        "umask 077",
                        "rm idp.json",
                        "> idp.json",
                    ];
                    assert!(others.contains(&words.join(" ").as_str()), "{name}");
                }
            }
        }
    }
    assert!(run > 8 && checked > 20, "{run} run, {checked} checked");
}

#[test]
fn lists_of_providers_are_valid() {
    let mut count = 0;
    for page in pages(&root().join("docs")) {
        for block in blocks(&read(&page), "yaml") {
            let options = json!({ "providers": block }).to_string();
            let found = validate(&options);
            assert!(found.is_empty(), "{}: {found:?}", page.display());
            count += 1;
        }
    }
    assert!(count > 0);
}

#[test]
fn links_lead_somewhere() {
    let mut count = 0;
    for page in pages(root()) {
        let text = fs::read_to_string(&page).unwrap();
        let mut fenced = false;
        for line in text.lines() {
            fenced ^= line.trim_start().starts_with("```");
            if fenced {
                continue;
            }
            for link in line.split("](").skip(1) {
                let target = link.split(')').next().unwrap();
                if target.contains("://") {
                    continue;
                }
                let name = format!("{}: {target}", page.display());
                let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
                let there = if file.is_empty() {
                    page.clone()
                } else {
                    page.with_file_name(file)
                };
                assert!(there.exists(), "{name}");
                if !anchor.is_empty() {
                    let headings = sections(&fs::read_to_string(&there).unwrap());
                    let mut anchors = headings.iter().map(|(_, title, _)| slug(title));
                    assert!(anchors.any(|known| known == anchor), "{name}");
                }
                count += 1;
            }
        }
    }
    assert!(count > 50, "{count} links");
}

#[test]
fn every_proof_is_a_test() {
    fn sources(folder: &Path) -> String {
        let mut all = String::new();
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                all += &sources(&path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                all += &fs::read_to_string(&path).unwrap();
            }
        }
        all
    }
    let tests = sources(&root().join("src")) + &sources(&root().join("tests"));
    let rows = table(&read("docs/explanation.md"), "The Python charm");
    assert!(rows.len() > 10);
    for row in rows {
        let proof = first_code(&row[2]);
        let (before, _) = tests
            .split_once(&format!("fn {proof}("))
            .unwrap_or_else(|| panic!("{proof} does not exist"));
        let attributes = before.rsplit("\n\n").next().unwrap();
        assert!(attributes.contains("#[test]"), "{proof} is not a test");
    }
}
