//! What the Python charm left behind, and a requirer that is not Kratos.

use serde_json::Value;

use crate::support::{ANSWER, GOOGLE, GOOGLE_BY_SECRET, World, assert_all_succeeded, unset};

#[test]
fn the_python_charms_options_give_its_ids() {
    let (world, relation) = World::integrated(
        1,
        &[
            ("provider", "microsoft"),
            ("client_id", "8eaef023-2b34-4da1-9baa-8bc8c9d6a490"),
            ("client_secret", "abc~DEF.ghi"),
            ("microsoft_tenant_id", "contoso.onmicrosoft.com"),
            ("label", ""),
        ],
    );
    let published = world.published(relation).unwrap();
    let id = r#""id":"microsoft_447972a6d8e1ed70359a7dbf25e5a194f71d5b50""#;
    assert!(published.contains(id), "{published}");
    assert!(
        published.contains(r#""label":"microsoft""#),
        "the empty string is unset"
    );
}

#[test]
fn what_the_python_charm_wrote_is_replaced() {
    let (mut world, relation) = World::integrated(1, &GOOGLE);
    let ours = world.published(relation);
    let theirs = r#"[{"provider":"google","client_id":"c","id":"google","jsonnet_mapper":null}]"#;
    world
        .write_app_databag(relation, "idp", &[("providers", theirs)])
        .unwrap();
    let run = world.update_status("idp/0");
    assert_eq!(world.published(relation), ours);
    assert!(run.tools().contains(&"relation-set"));
}

#[test]
fn an_upgrade_in_place_changes_nothing_that_works() {
    // As the Python charm writes it, which ignores secret_backend.
    let python = r#"[{"client_id":"1234.apps.example","provider":"google","id":"google","client_secret":"hunter2-client-secret","label":"google","scope":"openid email","secret_backend":"secret","jsonnet_mapper":null}]"#;
    let mut world = World::with_idp(2, &GOOGLE_BY_SECRET);
    let metadata = include_str!("../../examples/requirer/metadata.yaml");
    world.deploy_stand_in("kratos", metadata).unwrap();
    let relation = world.integrate("idp", "kratos").unwrap();
    world
        .write_app_databag(relation, "idp", &[("providers", python)])
        .unwrap();
    world.settle().unwrap();
    world.answer(relation, ANSWER);
    assert_eq!(
        world.published(relation).unwrap(),
        python,
        "nothing changes there"
    );
    for unit in ["idp/0", "idp/1"] {
        assert_eq!(world.status(unit).1, "The OIDC provider is ready", "{unit}");
    }
    assert!(world.own_secrets().is_empty());

    // White space around a value, such as the line break at the end of a file, and quotes that
    // somebody typed.
    let (mut world, relation) = World::integrated(1, &GOOGLE);
    world.config(&[
        ("client_secret", "hunter2-client-secret\n"),
        ("label", " 'Okta: Corp' "),
        ("provider_id", "\"google\""),
    ]);
    let items = world.published_items(relation);
    assert_eq!(items[0]["client_secret"], "hunter2-client-secret");
    assert_eq!(items[0]["label"], "'Okta: Corp'");
    assert_eq!(items[0]["id"], "\"google\"");
    world.answer(relation, &ANSWER.replace("\"google\"", r#""\"google\"""#));
    assert_eq!(world.status("idp/0").1, "The OIDC provider is ready");
    assert_all_succeeded(&world);
}

#[test]
fn keystone_gets_values_as_they_are_and_its_one_answer_stands_for_all() {
    let item = |id: &str| {
        format!(
            "- {{provider: generic, client_id: a1, client_secret: '@{id}', scope: openid email, \
             provider_id: {id}, issuer_url: 'https://{id}.example.com', label: 'Corp: {id}'}}\n"
        )
    };
    let (mut world, relation) = World::integrated(2, &unset(GOOGLE));
    world.config(&[("providers", &(item("one") + &item("two")))]);
    assert!(
        world.published(relation).unwrap().contains(r#""\"@one\"""#),
        "quoted, in case it is Kratos"
    );
    let uri = "https://172.16.1.204/keystone/v3/OS-FEDERATION/protocols/openid/redirect_uri";
    world.answer(
        relation,
        &format!(r#"[{{"provider_id":"two","redirect_uri":"{uri}"}}]"#),
    );
    let items = world.published_items(relation);
    assert_eq!(items[0]["client_secret"], "@one");
    assert_eq!(items[1]["label"], "Corp: two");
    for unit in ["idp/0", "idp/1"] {
        assert_eq!(world.status(unit).1, "The OIDC provider is ready", "{unit}");
        let outcome = world.run(unit, "get-redirect-uri");
        let list: Vec<Value> =
            serde_json::from_str(outcome.results["redirect-uris"].as_str().unwrap()).unwrap();
        let uris: Vec<_> = list.iter().map(|one| &one["redirect-uri"]).collect();
        assert_eq!(uris, [uri, uri], "{unit}");
    }
    assert_all_succeeded(&world);
}
