//! `enabled=false` withdraws a provider at once, whatever else is wrong with the configuration or
//! with Juju.

use crate::support::{ANSWER, GOOGLE, World, assert_all_succeeded, every_call_fails, unset};

const SEALED: [&str; 2] = [
    "ERROR Vault is sealed\n",
    "ERROR dial tcp 127.0.0.1:8200: connect: connection refused\n",
];

/// The ids of the providers that `idp` has published.
fn published_ids(world: &World, relation: u32) -> Vec<String> {
    let items = world.published_items(relation);
    let ids = items.iter().map(|item| item["id"].as_str().unwrap());
    ids.map(str::to_owned).collect()
}

#[test]
fn the_kill_switch_works_whatever_else_fails() {
    for reason in SEALED {
        for backend in ["relation", "secret"] {
            let (mut world, relation) = World::integrated(1, &GOOGLE);
            world.announce_secrets(relation);
            let uri = world
                .add_secret("client", &[("client-secret", "s")])
                .unwrap();
            world.grant_secret("client", "idp").unwrap();
            world.config(&[("client_secret", &uri), ("secret_backend", backend)]);
            world.answer(relation, ANSWER);
            assert_eq!(published_ids(&world, relation), ["google"], "{backend}");
            let failing = [
                "secret-get",
                "secret-ids",
                "secret-info-get",
                "secret-remove",
                "relation-list",
                "relation-get",
                "status-get",
                "status-set",
                "juju-log",
            ];
            for tool in failing {
                world.inject(every_call_fails(tool, reason));
            }
            world.config(&[("enabled", "false"), ("scope", "openid;email")]);
            let run = world.last_run("idp/0", "config-changed");
            assert!(run.committed, "{backend}: {reason}: {}", run.stderr);
            assert_eq!(world.published(relation), None, "{backend}: {reason}");

            // The back end is there again: what was left is removed.
            world.clear_faults();
            world.config(&[("label", "x")]);
            assert!(world.own_secrets().is_empty(), "{backend}: {reason}");
            assert_eq!(
                world.status("idp/0").1,
                "The OIDC provider is disabled",
                "{backend}: {reason}"
            );
        }
    }
}

#[test]
fn one_provider_is_switched_off_while_another_is_wrong() {
    struct Case {
        name: &'static str,
        /// What the list has beside the one that is switched off.
        other: String,
        kept: &'static [&'static str],
    }
    let item = |id: &str, more: &str| {
        format!(
            "- {{provider: google, client_id: c, client_secret: s, provider_id: {id}, scope: email{more}}}\n"
        )
    };
    let off = ", enabled: false";
    for Case { name, other, kept } in [
        Case {
            name: "another lacks something",
            other: "- {provider: google}\n".into(),
            kept: &["b"],
        },
        Case {
            name: "another is not a map",
            other: "- 7\n".into(),
            kept: &["b"],
        },
        Case {
            name: "another has a wrong option",
            other: item("b", ", lable: x"),
            kept: &["b"],
        },
        Case {
            name: "all are off, and one is wrong",
            other: item("b", ", enabled: false, x: y"),
            kept: &[],
        },
    ] {
        let (mut world, relation) = World::integrated(2, &unset(GOOGLE));
        world.config(&[("providers", &(item("a", "") + &item("b", "")))]);
        assert_eq!(published_ids(&world, relation), ["a", "b"], "{name}");
        world.config(&[("providers", &(item("a", off) + &other))]);
        assert_eq!(published_ids(&world, relation), kept, "{name}");
        assert_eq!(world.status("idp/0").0, "blocked", "{name}");
        assert_all_succeeded(&world);
    }

    // And while the secret of another cannot be read.
    let (mut world, relation) = World::integrated(1, &unset(GOOGLE));
    let uri = world
        .add_secret("client", &[("client-secret", "s")])
        .unwrap();
    world.grant_secret("client", "idp").unwrap();
    let by_secret = item("b", "").replace("client_secret: s", &format!("client_secret: '{uri}'"));
    world.config(&[("providers", &(item("a", "") + &by_secret))]);
    assert_eq!(published_ids(&world, relation), ["a", "b"]);
    world.inject(every_call_fails("secret-get", SEALED[0]));
    world.config(&[("providers", &(item("a", off) + &by_secret))]);
    assert_eq!(published_ids(&world, relation), ["b"]);
    let run = world.last_run("idp/0", "config-changed");
    assert!(run.stderr.contains("withdrawn, but"), "{}", run.stderr);
    world.clear_faults();
    world.update_status("idp/0");
    assert_all_succeeded(&world);
}

#[test]
fn what_is_switched_off_is_withdrawn_from_applications_whatever_else_is_wrong() {
    struct Case {
        name: &'static str,
        others: &'static str,
        client: Option<&'static str>,
    }

    let list = |enabled: bool, others: &str| {
        format!(
            "[{{provider: google, client_id: '7890123', client_secret: s, scope: openid, \
             enabled: {enabled}}}{others}]"
        )
    };
    for Case {
        name,
        others,
        client,
    } in [
        Case {
            name: "it is the only one",
            others: "",
            client: None,
        },
        Case {
            name: "the other one has no OpenID Connect",
            others: ", {provider: github, client_id: c, client_secret: s}",
            client: None,
        },
        Case {
            name: "the other one is wrong",
            others: ", {provider: google}",
            client: None,
        },
        Case {
            name: "another one takes its place",
            others: ", {provider: google, client_id: other, client_secret: s, scope: openid}",
            client: Some("other"),
        },
        Case {
            name: "another one has the same client",
            others: ", {provider: google, client_id: '7890123', client_secret: s, provider_id: p}",
            client: Some(r#""7890123""#),
        },
    ] {
        let mut world = World::with_idp(1, &[("providers", &list(true, ""))]);
        let relation = world.add_application("grafana");
        world.ask(relation, "grafana", &[]);
        let written = |world: &World, key: &str| {
            let databag = world.app_databag(relation, "idp").unwrap();
            databag.get(key).cloned()
        };
        let before = written(&world, "client_id");
        assert_eq!(before.as_deref(), Some(r#""7890123""#), "{name}: before");
        world.config(&[("providers", &list(false, others))]);
        assert_eq!(written(&world, "client_id").as_deref(), client, "{name}");
        let uri = written(&world, "client_secret_id");
        assert_eq!(uri.is_some(), client.is_some(), "{name}: the secret");
        assert!(
            written(&world, "token_endpoint").is_some(),
            "{name}: endpoints"
        );
        world.update_status("idp/0");
        let left = usize::from(client.is_some());
        assert_eq!(world.own_secrets().len(), left, "{name}: in the end");
        assert_all_succeeded(&world);
    }
}
