//! Both example charms with each other, in a model without a controller.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use juju_sandbox::{
    CommitStep, Deploy, Fault, FaultKind, HookRun, Model, SecretOwner, Settings, built_example,
};
use tempfile::TempDir;

/// The versions of Juju that differ in their secrets.
const JUJUS: [&str; 3] = ["3.1.8", "3.6.12", "4.0.14"];

/// The client secrets that are planted. No two have the same length.
const FIRST: &str = "hunter2-first";
const SECOND: &str = "hunter2-the-second";
const THIRD: &str = "hunter2-and-the-third";

/// A requirer without code, for what a hostile or a late one writes.
const STAND_IN: &str = "{name: web, summary: s, description: d, \
                        requires: {oauth: {interface: oauth}}}";

const ISSUER: (&str, &str) = ("issuer_url", "https://op.example.com/");

/// The databag of section 6 of the interface's documentation, byte for byte.
const REQUEST: [(&str, &str); 5] = [
    ("redirect_uri", "https://rp.example.com/oauth/callback"),
    ("scope", "openid email profile"),
    ("grant_types", r#"["authorization_code"]"#),
    ("audience", "[]"),
    ("token_endpoint_auth_method", "client_secret_basic"),
];

/// The folder of an example charm: its YAML files, and `dispatch`.
fn charm(name: &str) -> TempDir {
    let charm = tempfile::tempdir().unwrap();
    let source = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("examples")
        .join(name);
    for file in ["metadata.yaml", "config.yaml"] {
        fs::copy(source.join(file), charm.path().join(file)).unwrap();
    }
    let manifest = "bases: [{name: ubuntu, channel: 24.04/stable, architectures: [amd64]}]";
    fs::write(charm.path().join("manifest.yaml"), manifest).unwrap();
    symlink(built_example(name).unwrap(), charm.path().join("dispatch")).unwrap();
    charm
}

/// A model with both charms in it, neither integrated nor configured.
struct World {
    model: Model,
    /// They are run from these folders.
    charms: [TempDir; 2],
}

impl World {
    fn new(juju: &str, op_units: u32) -> Self {
        let settings = Settings {
            juju_version: juju.into(),
            ..Settings::default()
        };
        let mut model = Model::with_settings(settings).unwrap();
        let charms = ["op", "portal"].map(charm);
        if juju.starts_with("2.") {
            for charm in &charms {
                let path = charm.path().join("metadata.yaml");
                let text = fs::read_to_string(&path).unwrap();
                let (text, _) = text.split_once("assumes:").unwrap();
                fs::write(path, text).unwrap();
            }
        }
        let units = Deploy {
            units: op_units,
            ..Deploy::default()
        };
        model.deploy(charms[0].path(), "op", units).unwrap();
        model
            .deploy(charms[1].path(), "portal", Deploy::default())
            .unwrap();
        model.settle().unwrap();
        Self { model, charms }
    }

    /// One that has come to rest, with the first client secret, and its relation.
    fn at_rest(juju: &str, op_units: u32) -> (Self, u32) {
        let mut world = Self::new(juju, op_units);
        world.configure(&[ISSUER, ("client_id", "7890123"), ("client_secret", FIRST)]);
        let relation = world.integrate("portal");
        (world, relation)
    }

    fn configure(&mut self, options: &[(&str, &str)]) {
        self.model.configure("op", options).unwrap();
        self.model.settle().unwrap();
    }

    fn integrate(&mut self, requirer: &str) -> u32 {
        let relation = self.model.integrate("op", requirer).unwrap();
        self.model.settle().unwrap();
        relation
    }

    /// Gives the provider the same charm as another revision.
    fn refresh(&mut self) {
        let charm = self.charms[0].path();
        self.model.refresh("op", charm).unwrap();
        self.model.settle().unwrap();
    }

    fn update_status(&mut self, unit: &str) -> HookRun {
        self.model.forget_runs();
        self.model.update_status(unit).unwrap();
        self.model.settle().unwrap();
        let runs = self.model.runs();
        let run = runs.iter().find(|run| run.hook == "update-status");
        run.unwrap().clone()
    }

    /// What the provider wrote under `key`.
    fn written(&self, relation: u32, key: &str) -> Option<String> {
        let databag = self.model.app_databag(relation, "op").unwrap();
        databag.get(key).cloned()
    }

    fn status(&self, unit: &str) -> String {
        self.model.unit(unit).unwrap().workload().1.to_owned()
    }

    /// The ids of the secrets that there are.
    fn secrets(&self) -> Vec<String> {
        let secrets = self.model.secrets();
        secrets.map(|secret| secret.id().to_owned()).collect()
    }

    /// Gives the provider another client secret, and says which Juju secret has been made for it. The
    /// one before it stays for as long as the provider has no other hook: on Juju 4, a second
    /// config-changed comes at once.
    #[track_caller]
    fn rotate(&mut self, secret: &str) -> String {
        let before = self.secrets();
        self.model.forget_runs();
        self.configure(&[("client_secret", secret)]);
        let runs = self.model.runs().iter().filter(|run| run.unit == "op/0");
        let runs: Vec<_> = runs.map(HookRun::tools).collect();
        assert!(runs[0].contains(&"secret-add"), "{runs:?}");
        let removes = runs[0].contains(&"secret-remove");
        assert_eq!(removes, before.len() > 1, "only one that was old before");
        let there = self.secrets();
        // Juju 4 runs config-changed twice.
        assert!(there.contains(&before[before.len() - 1]), "{there:?}");
        let new = there.into_iter().find(|id| !before.contains(id));
        self.assert_in_order();
        new.unwrap()
    }

    /// What the portal says that it was told.
    fn told(&self) -> Vec<&str> {
        let log = self.model.log().iter();
        log.filter_map(|record| Some(record.message.split_once("client ")?.1))
            .collect()
    }

    /// Whether every hook since the last `forget_runs` succeeded, and no argument, output or log
    /// line has a client secret.
    #[track_caller]
    fn assert_in_order(&self) {
        for run in self.model.runs() {
            let name = format!("{} of {}", run.hook, run.unit);
            assert_eq!(run.exit_code, Some(0), "{name}: {}", run.stderr);
            assert!(run.committed, "{name}: {:?}", run.error);
            for call in &run.calls {
                // What is handed in by standard input is a databag, which holds no client secret.
                let fed = call.stdin.as_deref().unwrap_or_default();
                let fed = String::from_utf8_lossy(fed);
                assert!(!fed.contains("hunter2"), "{name}: {} shows it", call.tool);
                let shows = call.args.iter().any(|text| text.contains("hunter2"));
                assert!(!shows, "{name}: {} shows it", call.tool);
            }
            let shows = [&run.stdout, &run.stderr]
                .iter()
                .any(|text| text.contains("hunter2"));
            assert!(!shows, "{name} shows it");
        }
        for record in self.model.log() {
            assert!(!record.message.contains("hunter2"), "{}", record.message);
        }
        for relation in self.model.relations() {
            for databag in relation.application_databags().values() {
                let shows = databag.values().any(|text| text.contains("hunter2"));
                assert!(!shows, "{}", relation.key());
            }
        }
    }
}

/// The calls that are for the interface, and not for the charm's own options and status.
fn for_interface(run: &HookRun) -> Vec<&str> {
    let own = ["config-get", "is-leader", "status-set"];
    let tools = run.tools().into_iter();
    tools.filter(|tool| !own.contains(tool)).collect()
}

/// The status of a provider with the portal as its requirer.
const CALLBACK: &str = "https://portal.example.com/callback";

/// The status of a portal that has a client.
fn logged_in(secret: &str) -> String {
    format!("log in as 7890123 with {} characters", secret.len())
}

#[test]
fn the_order_does_not_matter() {
    for juju in JUJUS {
        for late in [false, true] {
            let mut world = World::new(juju, 1);
            let options = [ISSUER, ("client_id", "7890123"), ("client_secret", FIRST)];
            if !late {
                world.configure(&options);
            }
            // The endpoints' own order is either one, too.
            let relation = if late {
                world.model.integrate("portal", "op").unwrap()
            } else {
                world.model.integrate("op", "portal").unwrap()
            };
            world.model.settle().unwrap();
            if late {
                assert_eq!(world.status("portal/0"), "for the provider", "{juju}");
                assert_eq!(world.status("op/0"), "client_id: not set", "{juju}");
                world.configure(&options);
            }
            let name = format!("{juju}, configured late: {late}");
            assert_eq!(world.status("portal/0"), logged_in(FIRST), "{name}");
            assert_eq!(world.told(), ["available"], "{name}");
            assert_eq!(
                world.written(relation, "client_id").as_deref(),
                Some("\"7890123\""),
                "{name}"
            );
            assert_eq!(
                world.written(relation, "introspection_endpoint").as_deref(),
                Some("\"\""),
                "{name}"
            );
            assert_eq!(world.status("op/0"), CALLBACK, "{name}");
            let secret = world.model.secrets().next().unwrap();
            assert_eq!(secret.owner(), &SecretOwner::Application("op".into()));
            assert_eq!(
                secret.label(),
                format!("oauth-client-secret/oauth:{relation}")
            );
            let content = secret.content(1).unwrap();
            assert_eq!(content.iter().collect::<Vec<_>>().len(), 1, "{name}");
            assert_eq!(content["secret"], FIRST, "{name}");
            world.assert_in_order();
        }
    }
}

#[test]
fn a_steady_hook_asks_little_and_writes_nothing() {
    for juju in JUJUS {
        let (mut world, _) = World::at_rest(juju, 2);
        let all = [
            "config-get",
            "relation-ids",
            "is-leader",
            "relation-get",
            "relation-get",
            "secret-get",
            "status-set",
        ];
        assert_eq!(
            world.update_status("op/0").tools(),
            all,
            "{juju}: the leader"
        );
        let follower = [&all[..3], &["relation-list", "relation-get"], &all[6..]].concat();
        assert_eq!(
            world.update_status("op/1").tools(),
            follower,
            "{juju}: another"
        );
        let own = "relation-ids state-get relation-list relation-get secret-get is-leader \
                   relation-get relation-list relation-get secret-get";
        let own: Vec<_> = own.split(' ').collect();
        let portal = world.update_status("portal/0");
        let portal = portal.tools();
        assert_eq!(portal[1..portal.len() - 1], own, "{juju}: the requirer");
        world.assert_in_order();
    }
}

#[test]
fn calls_are_three_for_each_relation_and_none_without_one() {
    /// How many of the calls are for the interface, on the leader and on another unit.
    fn steady(world: &mut World) -> [usize; 2] {
        ["op/0", "op/1"].map(|unit| for_interface(&world.update_status(unit)).len())
    }
    for juju in JUJUS {
        let mut world = World::new(juju, 2);
        world.configure(&[ISSUER, ("client_id", "7890123"), ("client_secret", FIRST)]);
        for run in world.model.runs() {
            let asks = ["install", "leader-elected", "start"].contains(&run.hook.as_str());
            let expected: &[_] = if asks { &["relation-ids"] } else { &[] };
            let is_op = run.unit.starts_with("op/");
            let name = format!("{juju}: {} of {}", run.hook, run.unit);
            assert!(!is_op || for_interface(run) == expected, "{name}");
        }
        assert_eq!(steady(&mut world), [0, 0], "{juju}: unused");
        world.integrate("portal");
        assert_eq!(steady(&mut world), [4, 3], "{juju}: one");
        world.model.deploy_stand_in("web", STAND_IN).unwrap();
        let web = world.integrate("web");
        let model = &mut world.model;
        model.write_app_databag(web, "web", &REQUEST).unwrap();
        model.settle().unwrap();
        assert_eq!(steady(&mut world), [7, 5], "{juju}: two");
        for requirer in ["web", "portal"] {
            world.model.remove_relation("op", requirer).unwrap();
            world.model.settle().unwrap();
        }
        steady(&mut world);
        assert_eq!(steady(&mut world), [0, 0], "{juju}: unused again");
        world.assert_in_order();
    }
}

#[test]
fn a_relation_is_noticed_whatever_came_before_it() {
    let units = ["op/0", "op/1"];
    let note = |world: &World, unit| {
        let folder = world.model.unit(unit).unwrap().charm_dir();
        folder.join(".unused-endpoint-oauth")
    };
    for juju in JUJUS {
        let mut world = World::new(juju, 2);
        world.configure(&[ISSUER, ("client_id", "7890123"), ("client_secret", FIRST)]);
        for before in ["nothing", "an update", "a new pod", "a refresh", "both"] {
            let name = format!("{juju}, {before}");
            for unit in units {
                if before != "nothing" {
                    world.update_status(unit);
                    assert!(note(&world, unit).is_file(), "{name}");
                }
                if ["a new pod", "both"].contains(&before) {
                    // Its folder has only what is in the charm.
                    fs::remove_file(note(&world, unit)).unwrap();
                    let asked = [(); 2].map(|()| for_interface(&world.update_status(unit)).len());
                    assert_eq!(asked, [1, 0], "{name}");
                }
            }
            if ["a refresh", "both"].contains(&before) {
                world.refresh();
            }
            world.integrate("portal");
            for unit in units {
                assert_eq!(world.status(unit), CALLBACK, "{name}: {unit}");
                assert!(!note(&world, unit).exists(), "{name}: {unit}");
            }
            assert_eq!(world.status("portal/0"), logged_in(FIRST), "{name}");
            world.model.remove_relation("op", "portal").unwrap();
            world.model.settle().unwrap();
            for unit in units {
                assert_eq!(world.status(unit), "", "{name}: {unit}");
            }
            assert_eq!(world.secrets(), Vec::<String>::new(), "{name}");
        }
        world.assert_in_order();
    }
}

#[test]
fn a_wrong_note_of_an_unused_endpoint_does_not_last() {
    for juju in JUJUS {
        let (mut world, _) = World::at_rest(juju, 2);
        let notes = ["op/0", "op/1"].map(|unit| {
            let folder = world.model.unit(unit).unwrap().charm_dir();
            folder.join(".unused-endpoint-oauth")
        });
        let write = || notes.each_ref().map(|note| fs::write(note, "").unwrap());
        write();
        world.update_status("op/1");
        assert_eq!(world.status("op/1"), "", "{juju}: what it is about");
        world.refresh();
        assert_eq!(notes.each_ref().map(|note| note.exists()), [false; 2]);
        assert_eq!(world.status("op/1"), CALLBACK, "{juju}: upgrade-charm");
        write();
        world.model.set_leader("op/1").unwrap();
        world.model.settle().unwrap();
        assert!(!notes[1].exists(), "{juju}: leader-elected");
        world.configure(&[("client_secret", SECOND)]);
        assert_eq!(world.status("portal/0"), logged_in(SECOND), "{juju}");
        world.assert_in_order();
    }
}

#[test]
fn a_false_note_of_the_requirer_fails_no_hook_and_does_not_last() {
    let (mut world, relation) = World::at_rest(JUJUS[1], 1);
    assert_eq!(world.written(relation, "requirer").unwrap(), "portal");
    for note in ["", "Not a name", "portal/0", "--app", "true", "[1]", "\n"] {
        let databag = [("requirer", note)];
        world
            .model
            .write_app_databag(relation, "op", &databag)
            .unwrap();
        let run = world.update_status("op/0");
        assert!(run.tools().contains(&"relation-list"), "{note:?}");
        let written = world.written(relation, "requirer");
        assert_eq!(written.as_deref(), Some("portal"), "{note:?}");
        assert_eq!(world.status("portal/0"), logged_in(FIRST), "{note:?}");
        world.assert_in_order();
    }
}

#[test]
fn a_new_client_secret_has_a_new_uri_and_the_old_one_goes_later() {
    for juju in JUJUS {
        let (mut world, relation) = World::at_rest(juju, 1);
        let mut secrets = vec![world.secrets().remove(0)];
        for (place, secret) in [(1, SECOND), (2, THIRD), (3, FIRST)] {
            let name = format!("{juju}, {place}");
            let new = world.rotate(secret);
            assert_eq!(world.status("portal/0"), logged_in(secret), "{name}");
            let published = world.written(relation, "client_secret_id").unwrap();
            assert!(published.ends_with(&new), "{name}");
            world.update_status("op/0");
            assert_eq!(
                world.secrets(),
                [new.as_str()],
                "{name}: the old one is gone"
            );
            let settled = world.update_status("op/0");
            assert!(!settled.tools().contains(&"relation-set"), "{name}");
            assert!(!settled.tools().contains(&"secret-remove"), "{name}");
            secrets.push(new);
        }
        assert_eq!(world.told(), ["available", "changed", "changed", "changed"]);
        world.configure(&[("client_id", "other")]);
        assert!(world.status("portal/0").starts_with("log in as other"));
        assert_eq!(world.secrets(), secrets[3..], "{juju}: the secret stays");
        world.assert_in_order();
    }
}

#[test]
fn two_new_client_secrets_in_a_row_leave_nothing_behind() {
    for juju in JUJUS {
        let (mut world, _) = World::at_rest(juju, 1);
        for secret in [SECOND, THIRD] {
            world.rotate(secret);
            assert_eq!(world.status("portal/0"), logged_in(secret), "{juju}");
        }
        world.update_status("op/0");
        assert_eq!(world.secrets().len(), 1, "{juju}");
        world.assert_in_order();
    }
}

#[test]
fn what_is_withdrawn_is_gone_and_comes_back() {
    for juju in JUJUS {
        let (mut world, relation) = World::at_rest(juju, 1);
        for (enabled, has_waited) in [(false, true), (true, true), (false, false), (true, false)] {
            world.configure(&[("enabled", if enabled { "true" } else { "false" })]);
            let name = format!("{juju}, enabled: {enabled}, waited: {has_waited}");
            let keys = ["client_id", "client_secret_id"];
            let there = keys.map(|key| world.written(relation, key).is_some());
            assert_eq!(there, [enabled; 2], "{name}");
            assert!(world.written(relation, "issuer_url").is_some(), "{name}");
            let status = if enabled {
                logged_in(FIRST)
            } else {
                "for the provider".into()
            };
            assert_eq!(world.status("portal/0"), status, "{name}");
            if has_waited {
                world.update_status("op/0");
                assert_eq!(world.secrets().len(), usize::from(enabled), "{name}");
            }
        }
        world.update_status("op/0");
        assert_eq!(world.secrets().len(), 1, "{juju}");
        let told = ["available", "removed", "available", "removed", "available"];
        assert_eq!(world.told(), told, "{juju}");
        world.assert_in_order();
    }
}

#[test]
fn an_option_that_cannot_be_written_keeps_what_is_there() {
    for (option, value, status) in [
        ("client_id", "a\nb", "client_id: has a control character"),
        ("client_secret", "", "client_secret: not set"),
        (
            "issuer_url",
            "https://a\u{7f}b",
            "issuer_url: has a control character",
        ),
    ] {
        let (mut world, relation) = World::at_rest(JUJUS[1], 1);
        let before = world.model.app_databag(relation, "op").unwrap().clone();
        world.configure(&[(option, value)]);
        assert_eq!(world.status("op/0"), status, "{option}");
        let after = world.model.app_databag(relation, "op").unwrap();
        assert_eq!(*after, before, "{option}");
        world.assert_in_order();
    }
}

#[test]
fn another_leader_goes_on() {
    for juju in JUJUS {
        let (mut world, relation) = World::at_rest(juju, 2);
        let before = world.model.app_databag(relation, "op").unwrap().clone();
        world.model.set_leader("op/1").unwrap();
        world.model.settle().unwrap();
        let after = world.model.app_databag(relation, "op").unwrap().clone();
        assert_eq!(after, before, "{juju}: nothing to do");
        world.configure(&[("client_secret", SECOND)]);
        assert_eq!(world.status("portal/0"), logged_in(SECOND), "{juju}");
        world.model.set_leader("op/0").unwrap();
        world.model.settle().unwrap();
        assert_eq!(world.secrets().len(), 1, "{juju}: the old one was found");
        assert_eq!(world.status("portal/0"), logged_in(SECOND), "{juju}");
        world.assert_in_order();
    }
}

#[test]
fn a_leader_that_is_removed_leaves_the_secrets_of_those_who_stay() {
    for juju in JUJUS {
        let (mut world, _) = World::at_rest(juju, 2);
        let before = world.secrets();
        world.model.remove_unit("op/0").unwrap();
        world.model.settle().unwrap();
        assert_eq!(world.secrets(), before, "{juju}");
        assert_eq!(world.status("portal/0"), logged_in(FIRST), "{juju}");
        world.update_status("portal/0");
        world.update_status("op/1");
        assert_eq!(world.status("portal/0"), logged_in(FIRST), "{juju}");
        world.assert_in_order();
    }
}

#[test]
fn each_requirer_has_a_secret_of_its_own() {
    for juju in JUJUS {
        let (mut world, first) = World::at_rest(juju, 1);
        world.model.deploy_stand_in("web", STAND_IN).unwrap();
        let second = world.integrate("web");
        assert!(world.written(second, "issuer_url").is_some(), "{juju}");
        assert_eq!(
            world.written(second, "client_id"),
            None,
            "{juju}: not asked"
        );
        world
            .model
            .write_app_databag(second, "web", &REQUEST)
            .unwrap();
        world.model.settle().unwrap();
        let uris = [first, second].map(|id| world.written(id, "client_secret_id").unwrap());
        assert_ne!(uris[0], uris[1], "{juju}");
        let label = format!("oauth-client-secret/oauth:{second}");
        let secret = world.model.secret(&label).unwrap();
        assert!(secret.grants().contains_key("web"), "{juju}");
        assert!(!secret.grants().contains_key("portal"), "{juju}");
        let uris = "https://portal.example.com/callback; https://rp.example.com/oauth/callback";
        assert_eq!(world.status("op/0"), uris, "{juju}");

        // Twice three, one for the relations, and three of the charm.
        assert_eq!(world.update_status("op/0").calls.len(), 10, "{juju}");
        world.model.remove_relation("op", "web").unwrap();
        world.model.settle().unwrap();
        let there = world.secrets();
        assert_eq!(there.len(), 1, "{juju}");
        assert!(
            world
                .written(first, "client_secret_id")
                .unwrap()
                .ends_with(&there[0])
        );
        world.model.remove_relation("op", "portal").unwrap();
        world.model.settle().unwrap();
        assert_eq!(world.secrets(), Vec::<String>::new(), "{juju}");
        assert_eq!(world.status("portal/0"), "integrate a provider", "{juju}");
        assert_eq!(world.told(), ["available", "removed"], "{juju}");
        world.assert_in_order();
    }
}

#[test]
fn a_hook_that_is_cut_short_is_made_up_for() {
    for juju in JUJUS {
        for step in [
            CommitStep::Created,
            CommitStep::Updated,
            CommitStep::Granted,
        ] {
            let name = format!("{juju}, {step:?}");
            let (mut world, _) = World::at_rest(juju, 1);
            let fault = Fault {
                unit: Some("op/0".into()),
                kind: FaultKind::CommitStops(step),
                ..Fault::default()
            };
            world.model.inject(fault);
            world
                .model
                .configure("op", &[("client_secret", SECOND)])
                .unwrap();
            world.model.settle().unwrap();
            world.model.clear_faults();
            world.model.forget_runs();
            world.model.resolved("op/0", true).unwrap();
            world.model.settle().unwrap();
            assert_eq!(world.status("portal/0"), logged_in(SECOND), "{name}");
            world.update_status("op/0");
            assert_eq!(world.secrets().len(), 1, "{name}");
            world.assert_in_order();
        }
    }
}

#[test]
fn a_hostile_requirer_gets_nothing_and_breaks_nothing() {
    let deep = "[".repeat(100_000);
    let closed = format!("{deep}{}", "]".repeat(100_000));
    let long = "x".repeat(1_000_000);
    let many = format!("[{}\"\"]", "\"\",".repeat(50_000));
    for (key, value) in [
        ("redirect_uri", deep.as_str()),
        ("redirect_uri", closed.as_str()),
        ("redirect_uri", long.as_str()),
        ("redirect_uri", many.as_str()),
        ("redirect_uri", r#"["https://a/cb", 1]"#),
        ("redirect_uri", "NaN"),
        ("redirect_uri", "https://a/\u{1b}[31m"),
        ("redirect_uri", r#""https://a/\u0000""#),
        ("scope", "1e999"),
        ("scope", r#""\ud800""#),
        ("grant_types", closed.as_str()),
        ("grant_types", many.as_str()),
        ("audience", "{}"),
        ("token_endpoint_auth_method", "none"),
    ] {
        let name = format!("{key}: {}", value.chars().take(20).collect::<String>());
        let (mut world, _) = World::at_rest(JUJUS[1], 1);
        world.model.deploy_stand_in("web", STAND_IN).unwrap();
        let relation = world.integrate("web");
        let mut databag = REQUEST.to_vec();
        databag.push((key, value));
        world
            .model
            .write_app_databag(relation, "web", &databag)
            .unwrap();
        world.model.settle().unwrap();
        assert_eq!(world.written(relation, "client_id"), None, "{name}");
        assert_eq!(world.status("portal/0"), logged_in(FIRST), "{name}");
        let status = world.status("op/0");
        let lack = status.split("; ").last().unwrap();
        assert!(lack.starts_with(&format!("web: {key}: ")), "{name}: {lack}");
        world
            .model
            .write_app_databag(relation, "web", &REQUEST)
            .unwrap();
        world.model.settle().unwrap();
        assert!(
            world.written(relation, "client_id").is_some(),
            "{name}: mended"
        );
        world.assert_in_order();
    }
}

/// What the reference provider writes, byte for byte, before its last two keys.
const PROVIDED: [(&str, &str); 10] = [
    ("issuer_url", "https://accounts.google.com"),
    (
        "authorization_endpoint",
        "https://accounts.google.com/o/oauth2/v2/auth",
    ),
    ("token_endpoint", "https://oauth2.googleapis.com/token"),
    (
        "introspection_endpoint",
        "https://oauth2.googleapis.com/tokeninfo",
    ),
    (
        "userinfo_endpoint",
        "https://openidconnect.googleapis.com/v1/userinfo",
    ),
    (
        "jwks_endpoint",
        "https://www.googleapis.com/oauth2/v3/certs",
    ),
    ("scope", "openid profile email"),
    ("jwt_access_token", "True"),
    ("groups", "groups"),
    ("ca_chain", r#"["PEM1", "PEM2"]"#),
];

#[test]
fn a_requirer_lives_with_another_provider() {
    for juju in JUJUS {
        let mut world = World::new(juju, 1);
        let hydra = "{name: hydra, summary: s, description: d, \
                     provides: {oauth: {interface: oauth}}}";
        world.model.deploy_stand_in("hydra", hydra).unwrap();
        let relation = world.model.integrate("hydra", "portal").unwrap();
        world.model.settle().unwrap();
        let asked = world.model.app_databag(relation, "portal").unwrap();
        let mut request = REQUEST;
        request[0].1 = CALLBACK;
        request[1].1 = "openid profile email";
        let request = request.map(|(key, value)| (key.to_owned(), value.to_owned()));
        assert_eq!(*asked, request.into_iter().collect(), "{juju}");

        let write = |world: &mut World, entries: &[(&str, &str)], status: &str| {
            world
                .model
                .write_app_databag(relation, "hydra", entries)
                .unwrap();
            world.model.settle().unwrap();
            assert_eq!(world.status("portal/0"), status, "{juju}, {entries:?}");
        };
        write(&mut world, &PROVIDED, "for the provider");
        let add = |world: &mut World, key: &str| {
            let content = [(key, FIRST)];
            let label = format!("client_secret_{key}");
            world
                .model
                .add_application_secret("hydra", &label, &content)
                .unwrap()
        };
        let odd = add(&mut world, "client-secret");
        let denied = "the secret is not granted";
        write(
            &mut world,
            &[("client_id", "7890123"), ("client_secret_id", &odd)],
            "client_id: not a text",
        );
        write(&mut world, &[("client_id", "\"7890123\"")], denied);
        world
            .model
            .grant_application_secret(&odd, relation)
            .unwrap();
        let no_key = "client_secret_id: the secret has no key named secret";
        write(&mut world, &[("more", "1")], no_key);
        let uri = add(&mut world, "secret");
        world
            .model
            .grant_application_secret(&uri, relation)
            .unwrap();
        write(&mut world, &[("client_secret_id", &uri)], &logged_in(FIRST));

        // The Python provider's way with a new client secret: the databag stays as it is.
        world
            .model
            .update_application_secret(&uri, &[("secret", SECOND)])
            .unwrap();
        world.model.settle().unwrap();
        assert_eq!(world.status("portal/0"), logged_in(SECOND), "{juju}");
        assert_eq!(world.told(), ["available", "changed"], "{juju}");
        write(
            &mut world,
            &[("jwt_access_token", "true")],
            "jwt_access_token: not a text",
        );
        write(
            &mut world,
            &[("jwt_access_token", "True")],
            &logged_in(SECOND),
        );
        assert_eq!(
            world.told(),
            ["available", "changed"],
            "{juju}: nothing is new"
        );
        write(&mut world, &[("client_id", "")], "for the provider");
        world.model.remove_relation("hydra", "portal").unwrap();
        world.model.settle().unwrap();
        assert_eq!(world.told(), ["available", "changed", "removed"], "{juju}");
        world.assert_in_order();
    }
}

#[test]
fn a_juju_without_secrets_is_refused() {
    let mut world = World::new("2.9.51", 1);
    world.configure(&[ISSUER, ("client_id", "c"), ("client_secret", FIRST)]);
    assert_eq!(world.status("op/0"), "", "nothing is integrated");
    world.model.deploy_stand_in("web", STAND_IN).unwrap();
    let relation = world.integrate("web");
    world
        .model
        .write_app_databag(relation, "web", &REQUEST)
        .unwrap();
    world.model.settle().unwrap();
    assert_eq!(world.status("op/0"), "this Juju has no secrets");
    assert_eq!(world.written(relation, "issuer_url"), None);
    world.model.remove_relation_id(relation).unwrap();
    world.model.settle().unwrap();
    assert_eq!(world.status("op/0"), "", "nothing is integrated any more");
    world.assert_in_order();
}
