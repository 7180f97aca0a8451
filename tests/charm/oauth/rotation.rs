//! Client secrets over time: none in use is ever removed, and none is left behind for ever.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use juju_sandbox::{CommitStep, Fault, FaultKind};
use serde_json::Value;

use super::{GENERIC, SECRET, Scene};
use crate::support::{
    ANSWER, APPLE_KEY, GOOGLE, GOOGLE_BY_SECRET, assert_all_succeeded, assert_all_succeeded_with,
};

impl Scene {
    /// After a hook of the leader that has time to tidy up, there is one secret for each of
    /// `relations`, and `others` of Kratos'.
    fn assert_tidy(&mut self, relations: &[u32], others: usize, name: &str) {
        let leader = self.application_leader();
        self.update_status(&leader);
        let mut own = self.own_secrets();
        for relation in relations {
            let uri = self.raw(*relation, "client_secret_id").unwrap();
            let before = own.len();
            own.retain(|id| !uri.ends_with(id.as_str()));
            assert_eq!(own.len() + 1, before, "{name}: {uri} is there");
        }
        assert_eq!(own.len(), others, "{name}: left: {own:?}");
    }

    fn application_leader(&self) -> String {
        self.world.application("idp").unwrap().leader().unwrap()
    }

    /// Runs the hook that failed again, as Juju does after a while.
    fn resolve(&mut self, unit: &str) {
        self.clear_faults();
        if self.unit(unit).unwrap().failed_hook().is_some() {
            self.resolved(unit, true).unwrap();
        }
        self.settle();
    }
}

#[test]
fn each_change_of_a_secret_is_followed() {
    let (mut scene, _, relation) = Scene::google(2);
    for value in ["hunter2-second", "hunter2-third", SECRET, "hunter2-second"] {
        let old = scene.raw(relation, "client_secret_id");
        scene.config(&[("client_secret", value)]);
        assert_eq!(scene.client(relation).1, value);
        assert_ne!(scene.raw(relation, "client_secret_id"), old, "{value}");
    }
    // Quick ones, between two hooks.
    for value in ["hunter2-a", "hunter2-b", "hunter2-c"] {
        scene.configure("idp", &[("client_secret", value)]).unwrap();
    }
    scene.settle();
    assert_eq!(scene.client(relation).1, "hunter2-c");
    scene.assert_tidy(&[relation], 0, "changed");
    assert_all_succeeded(&scene);
}

/// The header and the claims of a token.
fn decoded(token: &str) -> [Value; 2] {
    let mut parts = token.split('.');
    [(); 2].map(|()| {
        let part = URL_SAFE_NO_PAD.decode(parts.next().unwrap()).unwrap();
        serde_json::from_slice(&part).unwrap()
    })
}

#[test]
fn a_token_takes_the_place_of_apple_s_secret() {
    let apple = [
        ("provider", "apple"),
        ("client_id", "org.example.web"),
        ("provider_id", "google"),
        ("scope", "email"),
        ("apple_team_id", "ABCDE12345"),
        ("apple_private_key_id", "KEYID12345"),
        ("apple_private_key", APPLE_KEY),
    ];
    let (mut scene, _, relation) = Scene::served(2, &apple);
    let (keys, token) = scene.client(relation);
    assert_eq!(keys.text("scope"), Some("openid"));
    let [header, claims] = decoded(&token);
    for (member, value) in [("alg", "ES256"), ("kid", "KEYID12345")] {
        assert_eq!(header[member], value, "{member}");
    }
    for (member, value) in [
        ("sub", "org.example.web"),
        ("iss", "ABCDE12345"),
        ("aud", "https://appleid.apple.com"),
    ] {
        assert_eq!(claims[member], value, "{member}");
    }
    let day = 24 * 60 * 60;
    let [from, until] = ["iat", "exp"].map(|member| claims[member].as_u64().unwrap());
    assert_eq!((from % (60 * day), until - from), (0, 180 * day));
    // A period may end while this test runs, and then the token is the next one.
    let is_same = |scene: &Scene| {
        let [_, later] = decoded(&scene.client(relation).1);
        later["iat"] == from || later["iat"] == from + 60 * day
    };
    for unit in ["idp/0", "idp/1"] {
        scene.update_status(unit);
        assert!(is_same(&scene), "{unit}");
    }
    scene.set_leader("idp/1").unwrap();
    scene.settle();
    assert!(is_same(&scene), "another leader");
    let [_, now] = decoded(&scene.client(relation).1);
    if now["iat"] == from {
        assert_eq!(scene.client(relation).1, token, "the same in every hook");
    }
    scene.config(&[("apple_team_id", "TEAMS12345")]);
    let [_, claims] = decoded(&scene.client(relation).1);
    assert_eq!(claims["iss"], "TEAMS12345");
    scene.assert_tidy(&[relation], 0, "another team");
    let shown = |text: &str| scene.log().iter().any(|one| one.message.contains(text));
    assert!(!shown("eyJ") && !shown("PRIVATE KEY"), "in the log");
    assert_all_succeeded(&scene);
}

#[test]
fn a_leader_that_changes_in_the_middle_leaves_nothing() {
    for tool in [
        "is-leader",
        "relation-get",
        "secret-get",
        "secret-info-get",
        "secret-add",
        "secret-grant",
        "relation-set",
        "status-set",
    ] {
        let (mut scene, kratos, relation) = Scene::google(2);
        scene.inject(Fault {
            tool: tool.into(),
            unit: Some("idp/0".into()),
            hook: Some("config-changed".into()),
            kind: FaultKind::LoseLeadership,
            ..Fault::default()
        });
        scene.config(&[("client_secret", "hunter2-new")]);
        assert_eq!(scene.application_leader(), "idp/1", "{tool}: it was lost");
        scene.resolve("idp/0");
        scene.update_status("idp/1");
        assert_eq!(scene.client(relation).1, "hunter2-new", "{tool}");
        assert!(
            scene.published(kratos).unwrap().contains("hunter2-new"),
            "{tool}"
        );
        scene.assert_tidy(&[relation], 0, tool);
        scene.set_leader("idp/0").unwrap();
        scene.settle();
        assert_eq!(scene.client(relation).1, "hunter2-new", "{tool}");
        scene.assert_tidy(&[relation], 0, tool);
    }
}

const STEPS: [CommitStep; 5] = [
    CommitStep::Nothing,
    CommitStep::Created,
    CommitStep::Updated,
    CommitStep::Granted,
    CommitStep::Removed,
];

#[test]
fn a_hook_that_juju_cut_short_is_made_up_for() {
    struct Case {
        name: &'static str,
        /// What happens before the hook is tried again.
        then: &'static [(&'static str, &'static str)],
        secret: Option<&'static str>,
    }
    for step in STEPS {
        for Case { name, then, secret } in [
            Case {
                name: "nothing",
                then: &[],
                secret: Some("hunter2-new"),
            },
            Case {
                name: "another secret",
                then: &[("client_secret", "hunter2-newer")],
                secret: Some("hunter2-newer"),
            },
            Case {
                name: "back again",
                then: &[("client_secret", SECRET)],
                secret: Some(SECRET),
            },
            Case {
                name: "a mistake",
                then: &[("client_id", "")],
                secret: Some(SECRET),
            },
            Case {
                name: "off",
                then: &[("enabled", "false")],
                secret: None,
            },
        ] {
            let name = format!("{step:?}, {name}");
            let (mut scene, _, relation) = Scene::google(2);
            scene.inject(Fault {
                unit: Some("idp/0".into()),
                hook: Some("config-changed".into()),
                kind: FaultKind::CommitStops(step),
                ..Fault::default()
            });
            scene.config(&[("client_secret", "hunter2-new")]);
            assert_eq!(scene.client(relation).1, SECRET, "{name}: as before");
            scene.configure("idp", then).unwrap();
            scene.resolve("idp/0");
            let relations = if let Some(secret) = secret {
                assert_eq!(scene.client(relation).1, secret, "{name}");
                vec![relation]
            } else {
                scene.waiting(relation);
                vec![]
            };
            scene.update_status("idp/0");
            // The charm's sweep.
            scene.config(&[("label", "x")]);
            scene.assert_tidy(&relations, 0, &name);
        }
    }
}

#[test]
fn the_first_secret_of_a_hook_that_juju_cut_short_is_used() {
    for step in STEPS {
        let mut scene = Scene::new(2, &GOOGLE);
        let relation = scene.integrated("grafana");
        scene.inject(Fault {
            unit: Some("idp/0".into()),
            hook: Some("oauth-relation-changed".into()),
            kind: FaultKind::CommitStops(step),
            ..Fault::default()
        });
        scene.ask(relation, "grafana", &[]);
        scene.waiting(relation);
        // The sweep of another hook must not take what the next try needs.
        scene.set_leader("idp/1").unwrap();
        scene.settle();
        scene.resolve("idp/0");
        assert_eq!(scene.client(relation).1, SECRET, "{step:?}");
        scene.config(&[("label", "x")]);
        scene.assert_tidy(&[relation], 0, &format!("{step:?}"));
    }
}

#[test]
fn the_charm_s_own_sweep_takes_nothing_that_is_in_use() {
    let mut scene = Scene::new(2, &GOOGLE_BY_SECRET);
    scene.deploy_kratos("kratos", &[("public-url", crate::support::PUBLIC_URL)]);
    let kratos = scene.integrate("idp", "kratos").unwrap();
    scene.settle();
    let relation = scene.application("grafana");
    let second = scene.application("mimir");
    let both = [relation, second];
    scene.assert_tidy(&both, 1, "at rest");
    let steps: [(&str, &[(&str, &str)]); 4] = [
        ("an option", &[("label", "x")]),
        ("a secret", &[("client_secret", "hunter2-new")]),
        ("an option after that", &[("label", "y")]),
        ("another id", &[("provider_id", "other")]),
    ];
    for (name, options) in steps {
        scene.config(options);
        for leader in ["idp/1", "idp/0"] {
            scene.set_leader(leader).unwrap();
            scene.settle();
        }
        let charm = scene.idp_charm();
        scene.refresh("idp", &charm).unwrap();
        scene.settle();
        scene.assert_tidy(&both, 1, name);
    }
    // Rotated, and at once every hook that sweeps; the application has not heard yet.
    scene.config(&[("client_secret", "hunter2-newest")]);
    let run = scene.last_run("idp/0", "config-changed");
    assert!(
        !run.tools().contains(&"secret-remove"),
        "only in a later hook"
    );
    assert_eq!(scene.client(relation).1, "hunter2-newest");
    // Kratos goes, and its secret with it; those of applications stay.
    scene.remove_relation_id(kratos).unwrap();
    scene.settle();
    scene.assert_tidy(&both, 0, "no Kratos");
    scene.config(&[("secret_backend", "relation")]);
    scene.assert_tidy(&both, 0, "in plain text");
    assert_all_succeeded(&scene);
}

#[test]
fn a_secret_goes_with_its_relation_and_not_before() {
    let (mut scene, _, relation) = Scene::google(2);
    let second = scene.application("mimir");
    scene.remove_relation_id(relation).unwrap();
    scene.settle();
    scene.assert_tidy(&[second], 0, "a relation");
    let again = scene.integrate("idp", "grafana").unwrap();
    scene.settle();
    scene.ask(again, "grafana", &[]);
    assert_eq!(scene.client(again).1, SECRET);
    scene.assert_tidy(&[second, again], 0, "made again");
    scene.remove_application("mimir").unwrap();
    scene.settle();
    scene.assert_tidy(&[again], 0, "an application");
    // Rotated just before it goes: there are two secrets, and both go.
    scene.config(&[("client_secret", "hunter2-new")]);
    assert_eq!(scene.own_secrets().len(), 2);
    scene.remove_relation_id(again).unwrap();
    scene.settle();
    scene.assert_tidy(&[], 0, "all");
    // And while the configuration is wrong, or off.
    for options in [
        [("client_id", ""), ("enabled", "true")],
        [("client_id", "c"), ("enabled", "false")],
    ] {
        let relation = scene.integrate("idp", "grafana").unwrap();
        scene.config(&[("client_id", "c"), ("enabled", "true")]);
        scene.ask(relation, "grafana", &[]);
        assert_eq!(scene.client(relation).1, "hunter2-new");
        scene.config(&options);
        scene.remove_relation_id(relation).unwrap();
        scene.settle();
        scene.assert_tidy(&[], 0, &format!("{options:?}"));
    }
    assert_all_succeeded(&scene);
}

#[test]
fn a_leader_that_is_removed_takes_nothing_with_it() {
    for backend in ["relation", "secret"] {
        let (mut scene, kratos, relation) = Scene::google(2);
        scene.announce_secrets(kratos);
        scene.config(&[("secret_backend", backend)]);
        scene.answer(kratos, ANSWER);
        let others = usize::from(backend == "secret");
        let second = scene.application("mimir");
        scene.config(&[("client_secret", "hunter2-new")]);
        scene.update_status("idp/0");
        let before = [relation, second].map(|one| scene.client(one));
        let (own, published) = (scene.own_secrets(), scene.published(kratos));
        scene.forget_runs();
        scene.remove_unit("idp/0").unwrap();
        scene.settle();
        let broken = scene.runs().iter();
        let broken = broken.filter(|run| run.hook == "oauth-relation-broken");
        assert_eq!(broken.count(), 2, "it saw both relations break");
        assert_eq!(
            [relation, second].map(|one| scene.client(one)),
            before,
            "{backend}"
        );
        assert_eq!(
            (scene.own_secrets(), scene.published(kratos)),
            (own, published)
        );
        assert_eq!(scene.application_leader(), "idp/1");
        scene.config(&[("client_secret", "hunter2-newest")]);
        assert_eq!(scene.client(second).1, "hunter2-newest", "{backend}");
        scene.assert_tidy(&[relation, second], others, backend);
        assert_all_succeeded_with(&scene, backend);
    }
}

#[test]
fn the_last_unit_leaves_what_the_next_one_finds() {
    let (mut scene, _, relation) = Scene::served(1, &GENERIC);
    let before = scene.client(relation);
    scene.remove_unit("idp/0").unwrap();
    scene.settle();
    assert_eq!(scene.client(relation), before, "nobody is there");
    scene.add_units("idp", 1).unwrap();
    scene.settle();
    assert_eq!(scene.client(relation), before);
    scene.config(&[("client_secret", "hunter2-new")]);
    assert_eq!(scene.client(relation).1, "hunter2-new");
    scene.assert_tidy(&[relation], 0, "a new unit");
    assert_all_succeeded(&scene);
}
