//! Secrets are planted in every option that may hold one; then everything that the
//! charm can be asked to do is done, with every hook tool failing in turn. Whatever
//! the charm said or left behind is searched for them.

use std::fs;
use std::path::Path;

use juju_sandbox::{Fault, FaultKind, HookRun, Model};
use serde_json::json;

use crate::check_provider::parrot;
use crate::support::{ANSWER, APPLE_KEY, World};

/// A text of a kind that no program makes by itself.
fn plant(name: &str) -> String {
    format!("hunter2-{name}-7f3a")
}

/// The options of three configurations: right, right in another way, and wrong.
fn gardens() -> Vec<(&'static str, Vec<(&'static str, String)>)> {
    let list = format!(
        "[{{provider: google, client_id: c, client_secret: {}}}, {{provider: apple, client_id: c, \
         apple_team_id: T, apple_private_key_id: K, apple_private_key: {}}}]",
        plant("listed-secret"),
        plant("listed-key"),
    );
    vec![
        (
            "google",
            vec![
                ("provider", "google".into()),
                ("client_id", "c".into()),
                ("client_secret", plant("secret")),
                ("apple_private_key", plant("unused-key")),
            ],
        ),
        (
            "apple",
            vec![
                ("provider", "apple".into()),
                ("client_id", "c".into()),
                ("client_secret", plant("unused-secret")),
                ("apple_team_id", "T".into()),
                ("apple_private_key_id", "K".into()),
                ("apple_private_key", plant("key")),
            ],
        ),
        (
            "apple with a key",
            vec![
                ("provider", "apple".into()),
                ("client_id", "c".into()),
                ("apple_team_id", "ABCDE12345".into()),
                ("apple_private_key_id", "KEYID12345".into()),
                ("apple_private_key", APPLE_KEY.into()),
                ("scope", "email".into()),
            ],
        ),
        (
            "about applications",
            vec![
                ("provider", "google".into()),
                ("client_id", "c".into()),
                ("client_secret", plant("secret")),
                ("ca_chain", plant("certificates")),
                ("token_endpoint", plant("token")),
            ],
        ),
        ("list", vec![("providers", list)]),
        (
            "unsafe",
            vec![
                ("provider", "google".into()),
                ("client_id", "c".into()),
                ("client_secret", format!("{}: x", plant("unsafe"))),
            ],
        ),
        (
            "in the wrong option",
            vec![
                ("provider", plant("provider")),
                ("secret_backend", plant("backend")),
                ("unsafe_values", plant("unsafe-values")),
                ("issuer_url", plant("issuer")),
                ("scope", plant("scope")),
                ("jsonnet_mapper", format!("{{ {}: [ }}", plant("mapper"))),
                ("providers", format!("- {}: [", plant("list"))),
            ],
        ),
    ]
}

fn configure(world: &mut World, options: &[(&'static str, String)]) {
    let names = [
        "provider",
        "client_id",
        "client_secret",
        "apple_private_key",
        "apple_team_id",
        "apple_private_key_id",
        "providers",
        "secret_backend",
        "unsafe_values",
        "issuer_url",
        "scope",
        "jsonnet_mapper",
        "ca_chain",
        "token_endpoint",
    ];
    world.reset_config("idp", &names).unwrap();
    let options: Vec<_> = options
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    world.configure("idp", &options).unwrap();
    world.settle().unwrap();
}

/// What may be in nothing that others see: what is planted, a part of the key that is for trial, and
/// how the tokens begin that are signed with it.
const NEEDLES: [&str; 3] = ["hunter2", "MIGHAgEAMBMG", "eyJ"];

/// An application on the endpoint `oauth` asks, and what it gets is looked at: its databag may refer
/// to a secret, and have none in it.
fn serve(world: &mut World, name: &str) -> u32 {
    let relation = world.add_application("grafana");
    world.ask(relation, "grafana", &[]);
    let databag = format!("{:?}", world.app_databag(relation, "idp").unwrap());
    let is_served = ["google", "apple with a key", "user secret"].contains(&name);
    assert!(
        !is_served || databag.contains("client_secret_id"),
        "{name}: {databag}"
    );
    for needle in NEEDLES {
        assert!(!databag.contains(needle), "{name}: {databag}");
    }
    relation
}

/// Everything that a unit can be asked to do.
fn live(world: &mut World, name: &str) {
    let application = serve(world, name);
    let relation = world.add_stand_in("kratos");
    world.answer(relation, ANSWER);
    world.answer(relation, "{");
    for unit in ["idp/0", "idp/1"] {
        for action in ["get-redirect-uri", "validate-config"] {
            world.run(unit, action);
        }
        let url = ("public-url", json!("https://iam.example.com"));
        world.run_action(unit, "validate-config", &[url]).unwrap();
    }
    world.set_leader("idp/1").unwrap();
    world.settle().unwrap();
    let charm = world.idp_charm();
    world.refresh("idp", &charm).unwrap();
    world.settle().unwrap();
    world.configure("idp", &[("enabled", "false")]).unwrap();
    world.settle().unwrap();
    world.configure("idp", &[("enabled", "true")]).unwrap();
    world.settle().unwrap();
    for relation in [relation, application] {
        world.remove_relation_id(relation).unwrap();
    }
    world.settle().unwrap();
}

/// All that may be seen by others than Juju and the requirer.
fn assert_nothing_leaks(name: &str, model: &Model) {
    let clean = |what: &str, text: &str| {
        for needle in NEEDLES {
            assert!(!text.contains(needle), "{name}: {what}: {text}");
        }
    };
    for run in model.runs() {
        let HookRun {
            hook,
            stdout,
            stderr,
            calls,
            ..
        } = run;
        clean(&format!("stdout of {hook}"), stdout);
        clean(&format!("stderr of {hook}"), stderr);
        for call in calls {
            clean(
                &format!("arguments in {hook}"),
                &format!("{} {:?}", call.tool, call.args),
            );
        }
    }
    for record in model.log() {
        clean("the log", &record.message);
    }
    for unit in ["idp/0", "idp/1"] {
        let Ok(unit) = model.unit(unit) else { continue };
        let (word, message) = unit.workload();
        clean("a status", &format!("{word} {message}"));
        for needle in NEEDLES {
            assert_no_file_holds(needle, &unit.charm_dir());
        }
    }
}

fn assert_no_file_holds(text: &str, folder: &Path) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        // The binary is a link to what the tests build.
        if entry.file_type().unwrap().is_file() {
            let content = fs::read(entry.path()).unwrap();
            assert!(
                !String::from_utf8_lossy(&content).contains(text),
                "{}",
                entry.path().display()
            );
        }
    }
}

/// Options that refer to a user secret, with the value planted there.
fn user_secret(world: &mut World) -> Vec<(&'static str, String)> {
    let content = plant("user-secret");
    let uri = world
        .add_secret("client", &[("client-secret", &content)])
        .unwrap();
    world.grant_secret("client", "idp").unwrap();
    vec![
        ("provider", "google".into()),
        ("client_id", "c".into()),
        ("client_secret", uri),
        ("secret_backend", "secret".into()),
    ]
}

#[test]
fn nothing_shows_a_secret() {
    for (name, options) in gardens() {
        let mut world = World::with_idp(2, &[]);
        configure(&mut world, &options);
        live(&mut world, name);
        assert_nothing_leaks(name, &world);
    }
    let mut world = World::with_idp(2, &[]);
    let options = user_secret(&mut world);
    configure(&mut world, &options);
    live(&mut world, "user secret");
    world
        .update_secret("client", &[("client-secret", &plant("rotated"))])
        .unwrap();
    world.settle().unwrap();
    world.revoke_secret("client", "idp").unwrap();
    world.update_status("idp/0");
    assert_nothing_leaks("user secret", &world);
}

#[test]
fn nothing_that_a_provider_repeats_is_shown() {
    const SECRET: &str = "hunter2-repeated-7f3a";
    let web = parrot(SECRET);
    let url = web.url();
    let options = [
        ("client_id", "c"),
        ("client_secret", SECRET),
        ("issuer_url", &url),
        ("provider_id", "corp"),
        ("scope", "openid email"),
    ];
    let (mut world, _) = World::with_kratos(2, &options);
    for unit in ["idp/0", "idp/1"] {
        let control = ("control", json!(true));
        let outcome = world
            .run_action(unit, "check-provider", &[control])
            .unwrap();
        let outcome = format!("{outcome:?}");
        assert!(outcome.contains("***"), "{outcome}");
        assert!(!outcome.contains("hunter2"), "{outcome}");
        assert!(!outcome.contains("\\u{1b}"), "{outcome}");
    }
    // For each unit the document, the keys, the client by Basic and in the body, the redirect URI.
    assert_eq!(web.requests().len(), 10);
    assert_nothing_leaks("repeated", &world);
}

#[test]
fn no_failure_shows_a_secret() {
    let kinds = [
        (
            "fails",
            FaultKind::Fail {
                exit_code: 1,
                stderr: "ERROR no\n".into(),
            },
        ),
        (
            "is garbage",
            FaultKind::Garbage(format!("{{\"{}\": [", plant("garbage"))),
        ),
    ];
    for (how, kind) in kinds {
        // Of config-changed, which makes and grants a secret: its last call is the
        // twelfth.
        for nth in 1..=12 {
            let mut world = World::with_idp(1, &[]);
            let options = user_secret(&mut world);
            world.add_stand_in("kratos");
            for hook in [
                "config-changed",
                "get-redirect-uri",
                "validate-config",
                "update-status",
            ] {
                let hook = Some(hook.into());
                world.inject(Fault {
                    nth,
                    kind: kind.clone(),
                    hook,
                    ..Fault::default()
                });
            }
            configure(&mut world, &options);
            for action in ["get-redirect-uri", "validate-config"] {
                let outcome = format!("{:?}", world.run("idp/0", action));
                assert!(!outcome.contains("hunter2"), "call {nth} {how}: {outcome}");
            }
            if world.unit("idp/0").unwrap().failed_hook().is_none() {
                world.update_status("idp/0");
            }
            world.clear_faults();
            if world.unit("idp/0").unwrap().failed_hook().is_some() {
                world.resolved("idp/0", true).unwrap();
            }
            world
                .update_secret("client", &[("client-secret", &plant("rotated"))])
                .unwrap();
            world.settle().unwrap();
            assert_nothing_leaks(&format!("call {nth} {how}"), &world);
        }
    }
}

#[test]
fn no_failure_about_applications_shows_a_secret() {
    let kinds = [
        FaultKind::Fail {
            exit_code: 1,
            stderr: "ERROR no\n".into(),
        },
        FaultKind::Garbage(format!("{{\"{}\": [", plant("garbage"))),
    ];
    // Of a rotation, in which the application gets a new secret, and of the hook after it.
    for tool in [
        "relation-get",
        "secret-get",
        "secret-info-get",
        "secret-add",
        "secret-grant",
        "relation-set",
        "secret-remove",
    ] {
        for kind in &kinds {
            let mut world = World::with_idp(1, &[]);
            let options = user_secret(&mut world);
            configure(&mut world, &options);
            serve(&mut world, "user secret");
            world.inject(Fault {
                tool: tool.into(),
                kind: kind.clone(),
                ..Fault::default()
            });
            world
                .update_secret("client", &[("client-secret", &plant("rotated"))])
                .unwrap();
            world.settle().unwrap();
            let model: &mut Model = &mut world;
            model.update_status("idp/0").unwrap();
            model.settle().unwrap();
            let is_called = |run: &HookRun| run.tools().contains(&tool);
            assert!(world.runs().iter().any(is_called), "{tool} failed");
            let outcome = format!("{:?}", world.run("idp/0", "validate-config"));
            assert!(!outcome.contains("hunter2"), "{tool}: {outcome}");
            assert_nothing_leaks(&format!("{tool}, {kind:?}"), &world);
        }
    }
}
