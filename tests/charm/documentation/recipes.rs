//! The recipes, followed.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::markdown::{blocks, commands, read, root, section, sections, slug, table};
use crate::support::{ANSWER, APPLE_KEY, GOOGLE, PUBLIC_URL, World, charm, stdout};

pub(super) fn recipe_files() -> Vec<PathBuf> {
    let folder = fs::read_dir(root().join("examples/recipes")).unwrap();
    let files = folder.map(|entry| entry.unwrap().path());
    files
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "yaml")
        })
        .collect()
}

#[test]
fn every_recipe_has_a_valid_file() {
    let page = read("docs/recipes.md");
    let mut files = BTreeSet::new();
    for path in recipe_files() {
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        let args = [
            "validate",
            path.to_str().unwrap(),
            "--public-url",
            PUBLIC_URL,
        ];
        let output = charm(&args, "");
        let said = stdout(&output);
        let (verdict, uri) = said.split_once('\n').unwrap();
        assert_eq!(verdict, "valid", "{stem}: {said}");
        assert_eq!(output.status.code(), Some(0), "{stem}");
        let (id, uri) = uri.trim().split_once(": ").unwrap();
        assert_eq!(
            section_of(&page, &stem).matches(uri).count().min(1),
            1,
            "{stem}: {uri}"
        );
        assert!(uri.ends_with(&format!("/{id}")), "{stem}");
        files.insert(stem);
    }
    let rows = table(&page, "Provider").into_iter();
    let listed: BTreeSet<_> = rows
        .map(|row| row[2].split(['/', '.']).rev().nth(1).unwrap().to_owned())
        .collect();
    assert_eq!(listed, files, "the table of recipes");
    assert_eq!(files.len(), 9);
}

/// The recipe under the heading that is linked as `#slug`.
pub(super) fn section_of(page: &str, anchor: &str) -> String {
    let found = sections(page)
        .into_iter()
        .find(|(_, title, _)| slug(title) == anchor);
    found.unwrap_or_else(|| panic!("a heading for #{anchor}")).2
}

#[test]
fn the_commands_of_a_recipe_set_what_its_file_sets() {
    let page = read("docs/recipes.md");
    for path in recipe_files() {
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        let file: Value = serde_yaml::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let recipe = section(&section_of(&page, &stem), "Here");
        let commands: Vec<_> = blocks(&recipe, "shell")
            .iter()
            .flat_map(|block| commands(block))
            .collect();
        let names: Vec<_> = commands.iter().map(|command| command[1].as_str()).collect();
        assert_eq!(names, ["add-secret", "grant-secret", "config"], "{stem}");
        let set: serde_json::Map<_, _> = commands[2][3..]
            .iter()
            .map(|word| {
                let (option, value) = word.split_once('=').unwrap();
                let value = value.strip_prefix('@').map_or(value.to_owned(), read);
                (option.to_owned(), value.into())
            })
            .collect();
        assert_eq!(Value::from(set), file["idp"], "{stem}");
        let key = commands[0][3].split(['=', '#']).next().unwrap();
        assert!(
            !file["idp"][key.replace('-', "_")].is_null(),
            "{stem}: {key}"
        );
    }
}

/// Options as texts.
pub(super) fn texts(options: &Value) -> Vec<(&str, &str)> {
    let options = options.as_object().unwrap().iter();
    options
        .map(|(option, value)| (option.as_str(), value.as_str().unwrap()))
        .collect()
}

#[test]
fn every_recipe_leads_to_a_redirect_uri() {
    for path in recipe_files() {
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        let file: Value = serde_yaml::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        let mut options = file["idp"].clone();
        let apple = stem == "apple";
        let (option, key, value) = if apple {
            ("apple_private_key", "apple-private-key", APPLE_KEY)
        } else {
            ("client_secret", "client-secret", "s3cret")
        };
        let mut world = World::with_idp(1, &[]);
        world.deploy_kratos("kratos", &[("public-url", PUBLIC_URL)]);
        let uri = world.add_secret("idp-client", &[(key, value)]).unwrap();
        world.grant_secret("idp-client", "idp").unwrap();
        options[option] = uri.into();
        world.config(&texts(&options));
        let relation = world.integrate("idp", "kratos").unwrap();
        world.settle().unwrap();
        assert_eq!(world.status("idp/0").0, "active", "{stem}");
        let uri = world.run("idp/0", "get-redirect-uri").results["redirect-uri"].clone();
        let id = options["provider_id"].as_str().unwrap();
        assert!(
            uri.as_str().unwrap().ends_with(&format!("/callback/{id}")),
            "{stem}: {uri}"
        );
        let published: Value = serde_json::from_str(&world.published(relation).unwrap()).unwrap();
        assert_eq!(
            published[0][option],
            if apple {
                json!(value).to_string()
            } else {
                value.into()
            }
        );
    }
}

#[test]
fn the_guide_to_secrets_can_be_followed() {
    let (mut world, relation) = World::integrated(1, &GOOGLE);
    world.answer(relation, ANSWER);
    let before = world.published(relation);
    let uri = world
        .add_secret("idp-client", &[("password", GOOGLE[2].1)])
        .unwrap();
    world.config(&[("client_secret", &uri)]);
    let (level, message) = world.status("idp/0");
    assert!(
        level == "blocked" && message.contains("not granted: run juju grant-secret "),
        "granted late: {message}"
    );
    world.grant_secret("idp-client", "idp").unwrap();
    world.settle().unwrap();
    assert_eq!(
        world.status("idp/0").0,
        "blocked",
        "a grant is not an event"
    );
    world.update_status("idp/0");
    assert_eq!(world.status("idp/0").0, "active");
    assert_eq!(
        world.published(relation),
        before,
        "from the option to the secret"
    );

    world
        .update_secret("idp-client", &[("password", "new")])
        .unwrap();
    world.settle().unwrap();
    let rotated = world.published(relation).unwrap();
    assert_eq!(
        rotated,
        before.unwrap().replace(GOOGLE[2].1, "new"),
        "at once"
    );

    world.announce_secrets(relation);
    world.config(&[("secret_backend", "secret")]);
    assert!(!world.published(relation).unwrap().contains("new"));
    assert_eq!(world.secrets().count(), 2);
    world.config(&[("secret_backend", "relation")]);
    assert_eq!(world.published(relation).unwrap(), rotated);
    assert_eq!(world.secrets().count(), 1, "removed again");
}
