//! The requirer half, as the example charm that is built on it: the whole way from
//! `juju config` to the redirect URI, with nobody playing a part.

use crate::support::{GOOGLE, World, assert_all_succeeded, assert_log_lacks};

fn status(world: &World, unit: &str) -> String {
    let (level, message) = world.status(unit);
    format!("{level}: {message}")
}

#[test]
fn the_two_charms_work_together() {
    let mut world = World::with_idp(2, &GOOGLE);
    world.deploy_kratos("kratos", &[("public-url", "https://iam.example.com/")]);
    let relation = world.integrate("idp", "kratos").unwrap();
    world.settle().unwrap();
    assert_eq!(
        status(&world, "idp/0"),
        "active: The OIDC provider is ready"
    );
    assert_eq!(
        status(&world, "kratos/0"),
        "active: Users log in with google"
    );
    let uri = "https://iam.example.com/self-service/methods/oidc/callback/google";
    assert_eq!(
        world.run("idp/1", "get-redirect-uri").results["redirect-uri"],
        uri
    );

    world.config(&[("provider_id", "corp"), ("label", "Corp")]);
    assert_eq!(status(&world, "kratos/0"), "active: Users log in with Corp");
    let outcome = world.run("idp/0", "get-redirect-uri");
    assert_eq!(
        outcome.results["redirect-uri"],
        uri.replace("google", "corp")
    );
    assert!(!outcome.results.contains_key("warning"));

    let told = |world: &World, what: &str| {
        let text = format!("kratos-external-idp:{relation} has {what}");
        world.log().iter().any(|record| record.message == text)
    };
    assert!(told(&world, "providers now: 1") && !told(&world, "no providers any more"));
    world.config(&[("enabled", "false")]);
    assert!(told(&world, "no providers any more"));
    assert_eq!(status(&world, "kratos/0"), "active: No external provider");
    let answer = world.app_databag(relation, "kratos").unwrap();
    assert!(!answer.contains_key("providers"), "answer taken back");
    assert_all_succeeded(&world);
}

#[test]
fn without_a_public_url_it_answers_nothing() {
    let mut world = World::with_idp(1, &GOOGLE);
    world.deploy_kratos("kratos", &[]);
    world.integrate("idp", "kratos").unwrap();
    world.settle().unwrap();
    assert!(status(&world, "idp/0").starts_with("waiting"));
    world
        .configure("kratos", &[("public-url", "https://iam.example.com")])
        .unwrap();
    world.settle().unwrap();
    assert_eq!(
        status(&world, "idp/0"),
        "active: The OIDC provider is ready"
    );
}

#[test]
fn two_providers_and_two_requirers_each_know_their_own() {
    let mut world = World::with_idp(1, &GOOGLE);
    for (kratos, url) in [
        ("kratos", "https://one.example"),
        ("kratos-two", "https://two.example"),
    ] {
        world.deploy_kratos(kratos, &[("public-url", url)]);
        world.integrate("idp", kratos).unwrap();
        world.settle().unwrap();
    }
    let outcome = world.run("idp/0", "get-redirect-uri");
    let list = outcome.results["redirect-uris"].as_str().unwrap();
    for url in ["https://one.example", "https://two.example"] {
        assert!(list.contains(url), "{list}");
    }
    assert_all_succeeded(&world);
}

#[test]
fn a_broken_provider_does_not_make_the_requirer_fail() {
    struct Case {
        name: &'static str,
        value: &'static str,
        message: &'static str,
    }

    let mut world = World::new();
    world.deploy_kratos("kratos", &[("public-url", "https://iam.example.com")]);
    let metadata = include_str!("../../metadata.yaml");
    world.deploy_stand_in("idp", metadata).unwrap();
    let relation = world.integrate("idp", "kratos").unwrap();
    world.settle().unwrap();
    for Case {
        name,
        value,
        message,
    } in [
        Case {
            name: "not JSON",
            value: "hunter2",
            message: "No external provider",
        },
        Case {
            name: "incomplete",
            value: r#"[{"provider":"google","client_id":"c"}]"#,
            message: "No external provider",
        },
        Case {
            name: "library v0",
            value: r#"[{"provider":"google","client_id":"c","client_secret":"s","secret_backend":"relation"}]"#,
            message: "Users log in with google",
        },
        Case {
            name: "library v1",
            value: r#"[{"provider":"google","client_id":"c","client_secret":"s","id":"g","label":"G","scope":"a b","jsonnet_mapper":null,"mapper_url":null}]"#,
            message: "Users log in with G",
        },
    ] {
        world
            .write_app_databag(relation, "idp", &[("providers", value)])
            .unwrap();
        world.settle().unwrap();
        assert_eq!(
            status(&world, "kratos/0"),
            format!("active: {message}"),
            "{name}"
        );
    }
    assert_all_succeeded(&world);
    assert_log_lacks(&world, "hunter2");
}
