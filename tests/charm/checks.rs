//! The checks of a configuration, through the whole charm.

use serde_json::{Value, json};

use crate::support::{ANSWER, GOOGLE, World, assert_all_succeeded};

const CALLBACK: &str = "https://iam.example.com/self-service/methods/oidc/callback/";

fn findings(world: &mut World) -> String {
    world.run("idp/0", "validate-config").results["findings"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[test]
fn a_login_that_cannot_work_is_reported_and_nothing_is_held_back() {
    let (mut world, relation) = World::integrated(2, &GOOGLE);
    world.answer(relation, ANSWER);
    world.config(&[
        ("provider_id", "a/b"),
        ("issuer_url", "https://accounts.google.com"),
    ]);
    world.answer(relation, &ANSWER.replace("google", "a/b"));
    let told = (
        "blocked".to_owned(),
        "Logins will fail: provider_id: breaks the redirect URI: \
         run juju config idp provider_id='<letters, digits or dashes>'"
            .to_owned(),
    );
    for unit in ["idp/0", "idp/1"] {
        assert_eq!(world.status(unit), told, "{unit}");
    }
    assert!(world.published(relation).unwrap().contains("a/b"));
    let said = findings(&mut world);
    let lines: Vec<_> = said.lines().collect();
    assert!(lines[0].starts_with("warning: provider_id: "), "{said}");
    assert!(lines[1].starts_with("note: issuer_url: "), "{said}");
    assert_all_succeeded(&world);
}

#[test]
fn a_value_that_would_take_kratos_down_is_not_published_as_it_is() {
    let (mut world, relation) = World::integrated(1, &GOOGLE);
    world.answer(relation, ANSWER);
    let before = world.published(relation);
    world.config(&[("label", "Okta: Corp"), ("unsafe_values", "block")]);
    assert_eq!(world.published(relation), before, "the last good one stays");
    let (level, message) = world.status("idp/0");
    assert_eq!(level, "blocked");
    assert!(
        message.starts_with("Invalid OIDC provider configuration: label: "),
        "{message}"
    );
    let said = findings(&mut world);
    assert!(
        said.contains("run juju config idp unsafe_values=escape"),
        "{said}"
    );
    world.config(&[("unsafe_values", "")]);
    assert_eq!(world.status("idp/0").0, "active");
    let items: Value = serde_json::from_str(&world.published(relation).unwrap()).unwrap();
    assert_eq!(items[0]["label"], r#""Okta: Corp""#);
    assert_eq!(
        items[0]["client_id"], GOOGLE[1].1,
        "quotes only where needed"
    );
    world.config(&[("unsafe_values", "verbatim")]);
    let items: Value = serde_json::from_str(&world.published(relation).unwrap()).unwrap();
    assert_eq!(items[0]["label"], "Okta: Corp");
    let (level, message) = world.status("idp/0");
    assert_eq!(level, "blocked");
    assert!(
        message.starts_with("Logins will fail: label: Kratos misreads it"),
        "{message}"
    );
    world.config(&[("unsafe_values", "banana")]);
    assert!(
        world
            .status("idp/0")
            .1
            .contains("unsafe_values: use escape, block or verbatim")
    );
    assert_all_succeeded(&world);
}

#[test]
fn an_id_in_quotes_is_still_the_same_id() {
    let (mut world, relation) = World::integrated(1, &GOOGLE);
    world.config(&[("provider_id", "12345"), ("unsafe_values", "escape")]);
    // The Kratos charm makes the URI from what it reads, quotes included.
    let answer =
        json!([{ "provider_id": "\"12345\"", "redirect_uri": format!("{CALLBACK}\"12345\"") }]);
    world.answer(relation, &answer.to_string());
    let outcome = world.run("idp/0", "get-redirect-uri");
    assert_eq!(outcome.results["redirect-uri"], format!("{CALLBACK}12345"));
    assert!(
        !outcome.results.contains_key("warning"),
        "{:?}",
        outcome.results
    );
}

#[test]
fn ids_are_hashed_over_what_was_typed() {
    let (mut world, relation) = World::integrated(1, &GOOGLE);
    let id = |world: &World| {
        let items: Value = serde_json::from_str(&world.published(relation).unwrap()).unwrap();
        items[0]["id"].clone()
    };
    world.config(&[
        ("provider_id", ""),
        ("client_id", "1234567890"),
        ("unsafe_values", "verbatim"),
    ]);
    let verbatim = id(&world);
    world.config(&[("unsafe_values", "escape")]);
    assert_eq!(id(&world), verbatim);
}

#[test]
fn several_providers_travel_together() {
    let list = "
- {provider: google, client_id: c, client_secret: one, provider_id: google, scope: openid}
- {provider: github, client_id: c, client_secret: two, provider_id: github}
- {provider: slack, client_id: c, client_secret: three, enabled: false}
";
    let (mut world, relation) = World::integrated(2, &[("providers", list)]);
    let items: Value = serde_json::from_str(&world.published(relation).unwrap()).unwrap();
    let ids: Vec<_> = items
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["id"].clone())
        .collect();
    assert_eq!(ids, ["google", "github"]);

    // Charmed Kratos answers for the last one only.
    let answer = json!([{ "provider_id": "github", "redirect_uri": format!("{CALLBACK}github") }]);
    world.answer(relation, &answer.to_string());
    for unit in ["idp/0", "idp/1"] {
        assert_eq!(world.status(unit).1, "The OIDC provider is ready", "{unit}");
        let outcome = world.run(unit, "get-redirect-uri");
        assert_eq!(
            outcome.results["redirect-uri"],
            format!("{CALLBACK}google"),
            "{unit}"
        );
        let list: Value =
            serde_json::from_str(outcome.results["redirect-uris"].as_str().unwrap()).unwrap();
        let found: Vec<_> = list
            .as_array()
            .unwrap()
            .iter()
            .map(|item| (item["redirect-uri"].clone(), item["derived"].clone()))
            .collect();
        let expected = [
            (json!(format!("{CALLBACK}google")), json!(true)),
            (json!(format!("{CALLBACK}github")), json!(false)),
        ];
        assert_eq!(found, expected, "{unit}");
    }

    world.config(&[("providers", "- {provider: google, client_id: c}")]);
    let (level, message) = world.status("idp/0");
    assert_eq!(level, "blocked");
    assert!(
        message.contains("providers[1].client_secret: not set"),
        "{message}"
    );
    world.config(&[("providers", list), ("label", "x")]);
    let said = findings(&mut world);
    assert!(
        said.contains("error: label: label is set, but the list in providers"),
        "{said}"
    );
    world.config(&[("label", ""), ("providers", "- {enabled: false}")]);
    assert_eq!(world.status("idp/0").1, "The OIDC provider is disabled");
    assert_eq!(world.published(relation), None);
    assert_all_succeeded(&world);
}

#[test]
fn the_log_warns_of_a_new_id() {
    let (mut world, relation) = World::integrated(2, &GOOGLE);
    world.answer(relation, ANSWER);
    world.forget_runs();
    world.config(&[("provider_id", "corp")]);
    let run = world.last_run("idp/0", "config-changed");
    assert!(
        run.stderr.contains("the id changes from google to corp"),
        "{}",
        run.stderr
    );
    assert!(
        run.stderr
            .contains(&format!("register {CALLBACK}corp at the provider")),
        "{}",
        run.stderr
    );
    for unit in ["idp/0", "idp/1"] {
        let said = world.run(unit, "validate-config").results["findings"].clone();
        let said = said.as_str().unwrap();
        assert!(
            said.contains("the id changes from google to corp"),
            "{unit}: {said}"
        );
    }
    world.answer(relation, &ANSWER.replace("google", "corp"));
    assert_eq!(findings(&mut world), "none", "Kratos knows the new one");
    world.config(&[("label", "x")]);
    let run = world.last_run("idp/0", "config-changed");
    assert!(
        !run.stderr.contains("the id changes"),
        "once: {}",
        run.stderr
    );
    assert_all_succeeded(&world);
}

#[test]
fn a_thousand_providers_fit_wherever_they_go() {
    let item = |number: usize| {
        format!(
            "- {{provider: google, client_id: client-{number}, client_secret: s, scope: openid}}\n"
        )
    };
    let list: String = (0..1000).map(item).collect();
    let mut world = World::with_idp(1, &[("providers", &list)]);
    world.deploy_kratos("kratos", &[("public-url", "https://iam.example.com")]);
    let relation = world.integrate("idp", "kratos").unwrap();
    world.settle().unwrap();
    assert_eq!(world.status("idp/0").1, "The OIDC provider is ready");
    let items: Value = serde_json::from_str(&world.published(relation).unwrap()).unwrap();
    assert_eq!(items.as_array().unwrap().len(), 1000);
    let outcome = world.run("idp/0", "get-redirect-uri");
    let list: Vec<Value> =
        serde_json::from_str(outcome.results["redirect-uris"].as_str().unwrap()).unwrap();
    let warning = format!(
        "only the first {} of 1000 redirect URIs fit into the result",
        list.len()
    );
    assert_eq!(outcome.results["warning"], warning);
    let outcome = world.run_action("idp/0", "validate-config", &[]).unwrap();
    assert_eq!(
        outcome.results["provider-ids"]
            .as_str()
            .unwrap()
            .lines()
            .count(),
        1000
    );
    world.config(&[("providers", &list_of_mistakes())]);
    let outcome = world.run_action("idp/0", "validate-config", &[]).unwrap();
    assert!(
        outcome.results["findings"]
            .as_str()
            .unwrap()
            .ends_with(" more lines")
    );
    assert_all_succeeded(&world);
}

/// A thousand providers of which each lacks something.
fn list_of_mistakes() -> String {
    "- {provider: microsoft, label: 'a label', apple_team_id: x}\n".repeat(1000)
}

/// A mapper that takes the email whether the provider verified it or not.
const MAPPER: &str = "local claims = std.extVar('claims');
{ identity: { traits: { [if 'email' in claims then 'email']: claims.email } } }";

#[test]
fn a_mapper_is_tried_out_on_every_unit() {
    let mut world = World::with_idp(2, &GOOGLE);
    let own = world.run("idp/0", "test-mapper");
    assert_eq!(
        own.results["mapper"],
        "what Charmed Kratos does without jsonnet_mapper"
    );
    let traits = own.results["traits-verified"].as_str().unwrap();
    assert!(traits.contains("ada@example.com"), "{traits}");

    world.config(&[("jsonnet_mapper", MAPPER)]);
    for unit in ["idp/0", "idp/1"] {
        let outcome = world.run(unit, "test-mapper");
        assert_eq!(outcome.results["findings"], "none", "{unit}");
        for claims in ["traits-verified", "traits-unverified"] {
            let traits: Value =
                serde_json::from_str(outcome.results[claims].as_str().unwrap()).unwrap();
            assert!(
                traits["email"].as_str().unwrap().contains("@example.com"),
                "{unit}: {traits}"
            );
        }
    }
    // A text, as every Juju carries it, in JSON or YAML; and an object, where one does.
    let object = json!({ "iss": "i", "sub": "1", "name": "No Email" });
    for claims in [object.to_string().into(), "{iss: i, sub: s}".into(), object] {
        let claims = ("claims", claims);
        let outcome = world.run_action("idp/0", "test-mapper", &[claims]).unwrap();
        assert_eq!(outcome.results["traits-given"], "{}");
        let found = outcome.results["findings"].as_str().unwrap();
        assert!(found.contains("no email"), "{found}");
    }
    let claims = ("claims", json!("{"));
    let outcome = world.run_action("idp/0", "test-mapper", &[claims]).unwrap();
    assert_eq!(
        outcome.message,
        "claims must be a JSON or YAML object that is not nested too deeply"
    );
    assert_all_succeeded(&world);
}

#[test]
fn a_wrong_or_hostile_mapper_is_reported() {
    let mut world = World::with_idp(1, &GOOGLE);
    world.config(&[("jsonnet_mapper", "{\n  identity: ]")]);
    let said = findings(&mut world);
    assert!(
        said.starts_with("warning: jsonnet_mapper: not valid Jsonnet: "),
        "{said}"
    );
    assert!(said.contains("line 2"), "{said}");
    for (name, mapper) in [
        ("loops", "local f(x) = f(x + 1) tailstrict; f(0)"),
        ("recurses", "local f(x) = 1 + f(x + 1); f(0)"),
        ("fills the memory", "std.repeat('x', 1000000000000)"),
        (
            "doubles",
            "std.foldl(function(a, b) a + a, std.range(1, 60), 'x')",
        ),
    ] {
        world.config(&[("jsonnet_mapper", mapper)]);
        let outcome = world.run("idp/0", "test-mapper");
        let said = outcome.results["findings"].as_str().unwrap();
        assert!(
            said.starts_with("warning: jsonnet_mapper: "),
            "{name}: {said}"
        );
    }
    assert_all_succeeded(&world);
}

#[test]
fn what_is_not_a_name_is_not_shown() {
    let list = "[{client_id: c, client_secret:HUNTER2, issuer_url: 'https://i.example.com'}]";
    let mut world = World::with_idp(1, &[("providers", list)]);
    let said = findings(&mut world);
    assert!(
        said.contains("providers[1].<not a name>: no such option"),
        "{said}"
    );
    assert!(!format!("{said} {:?} {:?}", world.status("idp/0"), world.log()).contains("HUNTER2"));
}

#[test]
fn what_is_wrong_in_a_user_secret_is_fixed_there() {
    let mut world = World::with_idp(1, &GOOGLE);
    let uri = world
        .add_secret("client", &[("client-secret", "hunter2\n")])
        .unwrap();
    world.grant_secret("client", "idp").unwrap();
    world.config(&[("client_secret", &uri)]);
    let fix = format!(
        "run juju update-secret {} client-secret='<the same without it>'",
        uri.trim_start_matches("secret:")
    );
    let said = findings(&mut world);
    assert_eq!(
        said.lines().filter(|line| line.ends_with(&fix)).count(),
        1,
        "{said}"
    );
}
