//! Juju secrets at both ends: user secrets in, secrets of the application's own out,
//! with the example requirer at the other end.

use serde_json::{Value, json};

use crate::support::{World, assert_all_succeeded, assert_log_lacks};

const VALUE: &str = "hunter2-first";
const ROTATED: &str = "hunter2-second";

/// Options of a Google client with this secret, travelling this way.
fn google<'a>(secret: &'a str, secret_backend: &'a str) -> [(&'a str, &'a str); 6] {
    [
        ("provider", "google"),
        ("client_id", "c"),
        ("client_secret", secret),
        ("provider_id", "google"),
        ("scope", "openid"),
        ("secret_backend", secret_backend),
    ]
}

/// The first provider that `idp` publishes.
fn published(world: &World, relation: u32) -> Value {
    world.published_items(relation).swap_remove(0)
}

fn newest(world: &World, id: &str) -> (u32, Value) {
    let secret = world.secret(id).unwrap();
    let revision = secret.latest_revision();
    (revision, json!(secret.content(revision).unwrap()))
}

#[test]
fn a_user_secret_is_read_and_rotated() {
    let mut world = World::with_idp(2, &[]);
    let uri = world
        .add_secret("client", &[("client-secret", VALUE)])
        .unwrap();
    let id = uri.trim_start_matches("secret:").to_owned();
    let full = format!("secret://{}/{id}", world.settings().uuid);
    let relation = world.add_stand_in("kratos");
    world.config(&google(&uri, "relation"));
    let ungranted = format!(
        "Invalid OIDC provider configuration: client_secret: not granted: \
         run juju grant-secret {id} idp"
    );
    for unit in ["idp/0", "idp/1"] {
        assert_eq!(
            world.status(unit),
            ("blocked".into(), ungranted.clone()),
            "{unit}"
        );
    }
    assert_eq!(world.published(relation), None, "nothing is published");

    world.grant_secret("client", "idp").unwrap();
    world.settle().unwrap();
    assert_eq!(world.status("idp/0").1, ungranted, "a grant fires no hook");
    for unit in ["idp/0", "idp/1"] {
        world.update_status(unit);
        assert_eq!(world.status(unit).0, "waiting", "{unit} looks again");
    }
    let item = published(&world, relation);
    assert_eq!(
        (&item["client_secret"], &item["secret_backend"]),
        (&json!(VALUE), &json!("relation"))
    );

    world.forget_runs();
    world
        .update_secret("client", &[("client-secret", ROTATED)])
        .unwrap();
    world.settle().unwrap();
    assert_eq!(published(&world, relation)["client_secret"], ROTATED);
    let hooks: Vec<_> = world
        .runs()
        .iter()
        .map(|run| (run.unit.as_str(), run.hook.as_str()))
        .collect();
    assert_eq!(
        hooks,
        [("idp/0", "secret-changed"), ("idp/1", "secret-changed")]
    );
    let steady = world.update_status("idp/0");
    assert_eq!(
        steady.tools().len(),
        8,
        "one call more than without: {:?}",
        steady.tools()
    );
    assert!(
        !steady.tools().contains(&"relation-set"),
        "nothing is published twice"
    );

    world.config(&[("client_secret", &full)]);
    assert_eq!(
        published(&world, relation)["client_secret"],
        ROTATED,
        "the other form"
    );
    assert_all_succeeded(&world);
}

#[test]
fn what_is_wrong_with_a_user_secret_is_reported() {
    struct Case<'a> {
        name: &'static str,
        uri: &'a str,
        said: &'static str,
    }
    let mut world = World::with_idp(1, &[]);
    let relation = world.add_stand_in("kratos");
    world.config(&google("a-literal", "relation"));
    let before = world.published(relation);
    let gone = world
        .add_secret("gone", &[("client-secret", VALUE)])
        .unwrap();
    world.remove_secret("gone").unwrap();
    let made_up = "secret:aaaaaaaaaaaaaaaaaaaa";
    let several = world
        .add_secret("several", &[("one", VALUE), ("two", VALUE)])
        .unwrap();
    let single = world.add_secret("single", &[("password", VALUE)]).unwrap();
    for name in ["several", "single"] {
        world.grant_secret(name, "idp").unwrap();
    }
    let does_not_exist =
        "does not exist: run juju add-secret idp-client client-secret='<value>' &&";
    for Case { name, uri, said } in [
        Case {
            name: "removed",
            uri: &gone,
            said: does_not_exist,
        },
        Case {
            name: "never made",
            uri: made_up,
            said: does_not_exist,
        },
        Case {
            name: "several keys",
            uri: &several,
            said: "has several keys, but not client-secret: run juju add-secret",
        },
    ] {
        world.config(&[("client_secret", uri)]);
        assert_eq!(world.status("idp/0").0, "blocked", "{name}");
        let found = world.run("idp/0", "validate-config").results["findings"].to_string();
        assert!(found.contains(said), "{name}: {found}");
        assert_eq!(
            world.published(relation),
            before,
            "{name}: the last good one stays"
        );
    }
    world.config(&[("client_secret", &single)]);
    assert_eq!(
        published(&world, relation)["client_secret"],
        VALUE,
        "the only key"
    );
    assert_all_succeeded(&world);
}

#[test]
fn a_juju_that_is_too_old_is_named() {
    struct Case {
        name: &'static str,
        version: &'static str,
        secret: &'static str,
        backend: &'static str,
        /// Empty if nothing is wrong.
        said: &'static str,
    }
    let uri = "secret:d0erdgfmp25c762i8np0";
    for Case {
        name,
        version,
        secret,
        backend,
        said,
    } in [
        Case {
            name: "a user secret with Juju 2",
            version: "2.9.51",
            secret: uri,
            backend: "relation",
            said: "user secrets need Juju 3.3",
        },
        Case {
            name: "a user secret with an early Juju 3",
            version: "3.1.8",
            secret: uri,
            backend: "relation",
            said: "user secrets need Juju 3.3",
        },
        Case {
            name: "by a secret with Juju 2",
            version: "2.9.51",
            secret: "a-literal",
            backend: "secret",
            said: "needs Juju 3.0",
        },
        Case {
            name: "by a secret with an early Juju 3",
            version: "3.1.8",
            secret: "a-literal",
            backend: "secret",
            said: "",
        },
        Case {
            name: "no secrets with Juju 2",
            version: "2.9.51",
            secret: "a-literal",
            backend: "relation",
            said: "",
        },
    ] {
        let mut world = World::with_juju(version);
        world.deploy_idp(1, &google(secret, backend));
        let relation = world.add_stand_in("kratos");
        world.announce_secrets(relation);
        let (_, message) = world.status("idp/0");
        assert!(message.contains(said), "{name}: {message}");
        assert_eq!(
            world.published(relation).is_some(),
            said.is_empty(),
            "{name}"
        );
        assert_all_succeeded(&world);
    }
}

#[test]
fn the_whole_way_by_secrets() {
    let mut world = World::with_idp(2, &[]);
    let uri = world
        .add_secret("client", &[("client-secret", VALUE)])
        .unwrap();
    world.grant_secret("client", "idp").unwrap();
    world.config(&google(&uri, "secret"));
    world.deploy_kratos("kratos", &[("public-url", "https://iam.example.com")]);
    let relation = world.integrate("idp", "kratos").unwrap();
    world.settle().unwrap();
    assert_eq!(world.status("idp/1").1, "The OIDC provider is ready");

    let [id] = world.own_secrets().try_into().unwrap();
    let item = published(&world, relation);
    let carried = item["client_secret"].as_str().unwrap();
    assert!(
        carried.starts_with("secret:") && carried.ends_with(&id),
        "{carried}"
    );
    assert_eq!(item["secret_backend"], "secret");
    assert_eq!(newest(&world, &id), (1, json!({ "client-secret": VALUE })));
    let before = world.published(relation);

    // A leader change in the middle, and a rotation after it.
    world.set_leader("idp/1").unwrap();
    world.settle().unwrap();
    world
        .update_secret("client", &[("client-secret", ROTATED)])
        .unwrap();
    world.settle().unwrap();
    assert_eq!(
        world.own_secrets().as_slice(),
        std::slice::from_ref(&id),
        "the same secret"
    );
    assert_eq!(
        newest(&world, &id),
        (2, json!({ "client-secret": ROTATED }))
    );
    assert_eq!(world.published(relation), before, "the databag stays");
    let told = world
        .runs()
        .iter()
        .any(|run| run.unit == "kratos/0" && run.hook == "secret-changed");
    assert!(told, "Kratos learns of it");
    assert_eq!(world.status("kratos/0").1, "Users log in with google");

    let charm = world.idp_charm();
    world.refresh("idp", &charm).unwrap();
    world.settle().unwrap();
    assert_eq!(world.own_secrets(), [id], "no second one after a refresh");
    let steady = world.update_status("idp/1");
    assert_eq!(
        steady.tools().len(),
        9,
        "a call more for each secret: {:?}",
        steady.tools()
    );
    assert_all_succeeded(&world);
    assert_log_lacks(&world, "hunter2");
}

#[test]
fn a_secret_goes_when_nobody_needs_it() {
    struct Case {
        name: &'static str,
        change: (&'static str, &'static str),
        left: usize,
    }
    let setup = || {
        let (world, relation) = World::with_kratos(2, &google(VALUE, "secret"));
        assert_eq!(world.own_secrets().len(), 1);
        (world, relation)
    };
    for Case { name, change, left } in [
        Case {
            name: "back to the relation",
            change: ("secret_backend", "relation"),
            left: 0,
        },
        Case {
            name: "disabled",
            change: ("enabled", "false"),
            left: 0,
        },
        Case {
            name: "another id: one goes, one comes",
            change: ("provider_id", "corp"),
            left: 1,
        },
        Case {
            name: "invalid: all stays",
            change: ("client_secret", ""),
            left: 1,
        },
    ] {
        let (mut world, _) = setup();
        let before = world.own_secrets();
        world.config(&[change]);
        let after = world.own_secrets();
        assert_eq!(after.len(), left, "{name}");
        assert_eq!(
            after == before,
            name.starts_with("invalid"),
            "{name}: the same one"
        );
        assert_all_succeeded(&world);
    }
    let (mut world, relation) = setup();
    world.remove_relation_id(relation).unwrap();
    world.settle().unwrap();
    assert_eq!(world.own_secrets().len(), 0, "the relation is removed");
    assert_all_succeeded(&world);

    let (mut world, _) = setup();
    world.deploy_kratos("kratos-two", &[("public-url", "https://two.example.com")]);
    let second = world.integrate("idp", "kratos-two").unwrap();
    world.settle().unwrap();
    assert_eq!(world.own_secrets().len(), 2, "one for each relation");
    world.remove_relation_id(second).unwrap();
    world.settle().unwrap();
    assert_eq!(world.own_secrets().len(), 1, "and the other stays");
    assert_all_succeeded(&world);
}

#[test]
fn an_apple_key_travels_under_its_own_key() {
    let options = [
        ("provider", "apple"),
        ("client_id", "c"),
        ("apple_team_id", "KP76DQS54M"),
        ("apple_private_key_id", "UX56C66723"),
        ("apple_private_key", VALUE),
        ("secret_backend", "secret"),
    ];
    let (mut world, relation) = World::integrated(1, &options);
    world.announce_secrets(relation);
    let [id] = world.own_secrets().try_into().unwrap();
    assert_eq!(newest(&world, &id), (1, json!({ "private-key": VALUE })));
    let item = published(&world, relation);
    assert_eq!(
        item["apple_private_key"], item["private_key"],
        "both generations"
    );
    assert!(item["private_key"].as_str().unwrap().ends_with(&id));
}

#[test]
fn five_kibibytes_fit_and_more_is_a_finding() {
    for (size, level) in [(5 * 1024, "waiting"), (5 * 1024 + 1, "blocked")] {
        let mut world = World::with_juju("3.1.8");
        world.deploy_idp(1, &google(&"x".repeat(size), "secret"));
        let relation = world.add_stand_in("kratos");
        world.announce_secrets(relation);
        assert_eq!(
            world.status("idp/0").0,
            level,
            "{size}: {:?}",
            world.status("idp/0")
        );
        assert_all_succeeded(&world);
    }
}

#[test]
fn content_goes_in_by_a_file_that_leaves_nothing() {
    let (mut world, relation) = World::integrated(1, &google(VALUE, "secret"));
    world.announce_secrets(relation);
    world.config(&[("client_secret", ROTATED)]);
    let calls: Vec<_> = world
        .runs()
        .iter()
        .flat_map(|run| run.calls.clone())
        .collect();
    for tool in ["secret-add", "secret-set"] {
        let call = calls.iter().find(|call| call.tool == tool).unwrap();
        let file = call
            .args
            .iter()
            .find_map(|arg| arg.strip_prefix("client-secret#file="))
            .unwrap();
        assert!(!std::path::Path::new(file).exists(), "{tool}: {file}");
        assert!(!call.args.join(" ").contains("hunter2"), "{tool}");
    }
    assert_all_succeeded(&world);
}
