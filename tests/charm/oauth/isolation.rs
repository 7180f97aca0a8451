//! Nothing about applications affects Kratos: what is published for it stays byte for byte, no hook
//! fails, and the status says first what is wrong for it.

use super::{GENERIC, SECRET, Scene};
use crate::support::{
    ANSWER, APPLE_KEY, GOOGLE, World, assert_all_succeeded, assert_all_succeeded_with,
};

const READY: &str = "active: The OIDC provider is ready";

const UNITS: [&str; 2] = ["idp/0", "idp/1"];

/// A certificate, and a key that has no business beside it.
const WITH_KEY: &str = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n\
                        -----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n";

/// What can be wrong with an option about applications.
const MISTAKES: [(&str, &str, &str); 12] = [
    (
        "authorization_endpoint",
        "op.example.org",
        "endpoint-not-a-url",
    ),
    (
        "authorization_endpoint",
        "https://{host}/authorize",
        "endpoint-not-a-url",
    ),
    (
        "authorization_endpoint",
        "https://op.example.org/.well-known/openid-configuration",
        "endpoint-is-discovery",
    ),
    (
        "token_endpoint",
        "https://u:p@op.example.org/token",
        "endpoint-not-a-url",
    ),
    ("token_endpoint", "", "not-set"),
    (
        "userinfo_endpoint",
        "ftp://op.example.org/x",
        "endpoint-not-a-url",
    ),
    (
        "introspection_endpoint",
        "https://op.example.org/#x",
        "endpoint-not-a-url",
    ),
    (
        "jwks_endpoint",
        "https://op.example.org/a b",
        "endpoint-not-a-url",
    ),
    ("jwks_endpoint", "", "not-set"),
    ("groups_claim", "a\u{1b}b", "groups-claim-malformed"),
    ("ca_chain", "x", "ca-chain-malformed"),
    ("ca_chain", WITH_KEY, "ca-chain-has-key"),
];

#[test]
fn a_mistake_in_an_option_about_applications_stops_nothing() {
    for (option, value, code) in MISTAKES {
        let name = format!("{option}={value}");
        let (mut scene, kratos, relation) = Scene::served(2, &GENERIC);
        let published = scene.published(kratos);
        let before = scene.client(relation);
        scene.forget_runs();
        scene.config(&[(option, value)]);
        for unit in UNITS {
            let says = scene.says(unit);
            let waits = format!("blocked: Endpoint oauth waits: {option}: ");
            assert!(says.starts_with(&waits), "{name}: {unit}: {says}");
            assert!(scene.finds(unit, code), "{name}: {unit}");
        }
        assert_eq!(scene.published(kratos), published, "{name}");
        assert_eq!(
            scene.client(relation),
            before,
            "{name}: a typo ends no login"
        );
        assert_all_succeeded_with(&scene, &name);

        // Kratos comes first.
        scene.config(&[("client_id", "")]);
        for unit in UNITS {
            let says = scene.says(unit);
            let first = "blocked: Invalid OIDC provider configuration: client_id: not set";
            assert!(says.starts_with(first), "{name}: {unit}: {says}");
        }
        assert_eq!(scene.published(kratos), published, "{name}");
        let right = GENERIC.iter().find(|(known, _)| *known == option);
        let right = right.map_or("", |(_, value)| value);
        scene.config(&[("client_id", "corp-client"), (option, right)]);
        for unit in UNITS {
            assert_eq!(scene.says(unit), READY, "{name}: {unit}");
        }
        assert_eq!(scene.client(relation), before, "{name}");
        assert_all_succeeded_with(&scene, &name);
    }
}

#[test]
fn without_an_application_no_option_about_them_changes_the_status() {
    let mut scene = Scene::new(2, &GENERIC);
    for (option, value, _) in MISTAKES {
        let without = "blocked: Missing integration kratos-external-idp";
        scene.config(&[(option, value)]);
        for unit in UNITS {
            assert_eq!(scene.says(unit), without, "{option}={value}: {unit}");
        }
    }
    let kratos = scene.add_stand_in("kratos");
    for unit in UNITS {
        let says = scene.says(unit);
        assert!(
            says.starts_with("waiting: Waiting for the requirer"),
            "{says}"
        );
    }
    scene.answer(kratos, &ANSWER.replace("google", "corp"));
    let published = scene.published(kratos);
    for (option, value, _) in MISTAKES {
        scene.config(&[(option, value)]);
        for unit in UNITS {
            assert_eq!(scene.says(unit), READY, "{option}={value}: {unit}");
        }
    }
    assert_eq!(scene.published(kratos), published);
    scene.config(&[("enabled", "false")]);
    for unit in UNITS {
        assert_eq!(scene.says(unit), "active: The OIDC provider is disabled");
    }
    assert_all_succeeded(&scene);
}

#[test]
fn the_status_says_what_matters_most() {
    let mut scene = Scene::new(2, &GOOGLE);
    let relation = scene.integrated("grafana");
    let is = |scene: &Scene, expected: &str| {
        for unit in UNITS {
            assert_eq!(scene.says(unit), expected, "{unit}");
        }
    };
    // An application is reason enough to be ready without Kratos.
    is(
        &scene,
        "waiting: Waiting for grafana to ask for a client on oauth",
    );
    scene.ask(relation, "grafana", &[]);
    is(&scene, READY);
    let kratos = scene.add_stand_in("kratos");
    is(
        &scene,
        "waiting: Waiting for the requirer charm to register the OIDC provider",
    );
    scene.answer(kratos, ANSWER);
    is(&scene, READY);
    let second = scene.integrated("mimir");
    is(
        &scene,
        "waiting: Waiting for mimir to ask for a client on oauth",
    );
    scene.config(&[("enabled", "false")]);
    is(&scene, "active: The OIDC provider is disabled");
    scene.config(&[("enabled", "true")]);
    scene.ask(
        second,
        "mimir",
        &[("grant_types", r#"["client_credentials"]"#)],
    );
    let says = scene.says("idp/1");
    let fails = "blocked: Logins will fail: oauth: the provider lacks a grant type";
    assert!(says.starts_with(fails), "{says}");
    is(&scene, &says);
    scene.remove_relation_id(second).unwrap();
    scene.settle();
    is(&scene, READY);
    scene.remove_relation_id(kratos).unwrap();
    scene.settle();
    is(&scene, READY);
    scene.remove_relation_id(relation).unwrap();
    scene.settle();
    is(&scene, "blocked: Missing integration kratos-external-idp");
    assert_all_succeeded(&scene);
}

#[test]
fn a_kind_without_openid_is_for_kratos_only() {
    let github = [("provider", "github"), ("scope", "user:email")];
    let (mut scene, kratos, relation) = Scene::google(2);
    let before = scene.client(relation);
    scene.config(&github);
    let published = scene.published(kratos).unwrap();
    assert!(published.contains(r#""provider":"github""#), "{published}");
    assert!(published.contains(SECRET), "{published}");
    for unit in UNITS {
        let says = scene.says(unit);
        let waits = "blocked: Endpoint oauth waits: provider: no OpenID provider";
        assert!(says.starts_with(waits), "{unit}: {says}");
        assert!(scene.finds(unit, "kind-without-openid"), "{unit}");
    }
    assert_eq!(scene.client(relation), before, "what it had");
    let second = scene.application("mimir");
    assert!(
        scene.app_databag(second, "idp").unwrap().is_empty(),
        "nothing"
    );
    assert_eq!(scene.published(kratos).unwrap(), published);
    scene.remove_application("mimir").unwrap();
    scene.remove_relation_id(relation).unwrap();
    scene.settle();
    for unit in UNITS {
        assert_eq!(scene.says(unit), READY, "{unit}");
        assert!(!scene.finds(unit, "kind-without-openid"), "{unit}");
    }
    assert!(scene.own_secrets().is_empty());
    assert_all_succeeded(&scene);
}

#[test]
fn what_an_application_writes_harms_nobody() {
    let huge = "x".repeat(200_000);
    let many = serde_json::to_string(&vec!["https://a.example.com/cb"; 5000]).unwrap();
    let nest = "[".repeat(5000);
    let mut scene = Scene::new(2, &GOOGLE);
    let kratos = scene.add_stand_in("kratos");
    scene.answer(kratos, ANSWER);
    let published = scene.published(kratos);
    let second = scene.application("mimir");
    for (key, value) in [
        ("redirect_uri", "{\"a\": 1}"),
        ("redirect_uri", "[1]"),
        ("redirect_uri", "[null, true]"),
        ("redirect_uri", "https://a.example.com/\u{1b}[31m\u{7}"),
        ("redirect_uri", &huge),
        ("redirect_uri", &many),
        ("redirect_uri", &nest),
        ("scope", "7"),
        ("scope", "openid\nemail"),
        ("scope", &huge),
        ("grant_types", "authorization_code implicit"),
        ("grant_types", r#"["implicit"]"#),
        ("grant_types", "{"),
        ("grant_types", &nest),
        ("audience", "{}"),
        ("audience", &huge),
        ("token_endpoint_auth_method", "private_key_jwt"),
        ("token_endpoint_auth_method", "[\"client_secret_basic\"]"),
        ("client_id", "\u{0}"),
    ] {
        let shown: String = value.chars().take(30).collect();
        let name = format!("{key}={shown:?}");
        let relation = scene.integrated("grafana");
        scene.forget_runs();
        scene.ask(relation, "grafana", &[(key, value)]);
        for unit in UNITS {
            let says = scene.says(unit);
            assert_eq!(
                says, "waiting: Waiting for grafana to ask for a client on oauth",
                "{name}: {unit}"
            );
        }
        for action in ["validate-config", "get-redirect-uri"] {
            let outcome = scene.run("idp/1", action);
            assert_eq!(outcome.return_code, Some(0), "{name}: {action}");
            let said = format!("{:?}", outcome.results);
            assert!(!said.contains("\\u{1b}"), "{name}: {action}: {said}");
            assert!(said.len() < 20_000, "{name}: {action}");
        }
        assert!(scene.finds("idp/0", "request-malformed"), "{name}");
        scene.waiting(relation);
        assert_eq!(scene.client(second).1, SECRET, "{name}: another one");
        assert_eq!(scene.published(kratos), published, "{name}");
        scene.ask(relation, "grafana", &[(key, "")]);
        scene.ask(relation, "grafana", &[]);
        assert_eq!(scene.client(relation).1, SECRET, "{name}: right again");
        scene.remove_application("grafana").unwrap();
        scene.settle();
        assert_all_succeeded_with(&scene, &name);
    }
}

#[test]
fn an_application_that_writes_something_wrong_keeps_its_client() {
    let (mut scene, _, relation) = Scene::google(1);
    let before = scene.client(relation);
    for (key, value) in [("scope", "7"), ("grant_types", ""), ("redirect_uri", "[1]")] {
        scene.ask(relation, "grafana", &[(key, value)]);
        assert_eq!(scene.client(relation), before, "{key}={value}");
    }
    // And a new secret reaches it all the same.
    scene.config(&[("client_secret", "hunter2-new")]);
    assert_eq!(scene.client(relation).1, "hunter2-new");
    assert_all_succeeded(&scene);
}

#[test]
fn a_juju_without_secrets_serves_kratos_only() {
    let mut scene = Scene {
        world: World::with_juju("2.9.51"),
    };
    scene.deploy_idp(2, &GOOGLE);
    let kratos = scene.add_stand_in("kratos");
    scene.answer(kratos, ANSWER);
    let published = scene.published(kratos);
    let relation = scene.application("grafana");
    let waits = "blocked: Endpoint oauth waits: oauth: needs Juju 3.0 or newer";
    for unit in UNITS {
        let says = scene.says(unit);
        assert!(says.starts_with(waits), "{unit}: {says}");
        assert!(scene.finds(unit, "applications-unsupported"), "{unit}");
    }
    assert!(scene.app_databag(relation, "idp").unwrap().is_empty());
    assert_eq!(scene.published(kratos), published);
    scene.config(&[("client_secret", "hunter2-new")]);
    assert!(scene.published(kratos).unwrap().contains("hunter2-new"));
    scene.config(&[("enabled", "false")]);
    assert_eq!(scene.published(kratos), None, "withdrawn");
    for unit in UNITS {
        assert_eq!(scene.says(unit), "active: The OIDC provider is disabled");
    }
    scene.config(&[("enabled", "true")]);
    scene.remove_relation_id(relation).unwrap();
    scene.settle();
    for unit in UNITS {
        assert_eq!(scene.says(unit), READY, "{unit}");
    }
    let used = |tool: &&str| tool.starts_with("secret-");
    let runs = scene.runs().iter();
    let used: Vec<_> = runs.flat_map(|run| run.tools()).filter(used).collect();
    assert!(used.is_empty(), "{used:?}");
    assert_all_succeeded(&scene);
}

#[test]
fn a_client_is_never_shown_to_another_provider() {
    let (mut scene, kratos, relation) = Scene::google(1);
    let before = scene.client(relation);
    // Nobody can sign with such a key, and Kratos gets it all the same.
    let apple = [
        ("provider", "apple"),
        ("client_secret", ""),
        ("scope", "email"),
        ("apple_team_id", "ABCDE12345"),
        ("apple_private_key_id", "ABCDE12345"),
        ("apple_private_key", "x"),
    ];
    scene.config(&apple);
    assert!(
        scene
            .published(kratos)
            .unwrap()
            .contains(r#""provider":"apple""#)
    );
    assert_eq!(
        scene.client(relation),
        before,
        "endpoints and client are of one provider"
    );
    let says = scene.says("idp/0");
    assert!(
        says.starts_with("blocked: Logins will fail: apple_private_key"),
        "{says}"
    );
    scene.config(&[("apple_private_key", APPLE_KEY)]);
    let (keys, secret) = scene.client(relation);
    assert_eq!(keys.text("issuer_url"), Some("https://appleid.apple.com"));
    assert!(secret.starts_with("ey"), "a token");
    assert_all_succeeded(&scene);
}
