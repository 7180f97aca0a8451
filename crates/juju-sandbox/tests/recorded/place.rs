//! The model in which the calls were recorded.

use crate::hook;
use crate::recording::{Answer, HookState, Scenario};
use juju_sandbox::{Deploy, Model, Settings};
use serde_json::json;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The relation `kratos:kratos-external-idp idp:kratos-external-idp`.
const RELATION: u32 = 1;
/// The model's UUID.
const UUID: &str = "6c4c3c4e-3c4e-4c4e-8c4e-6c4c3c4e3c4e";

/// The configuration of `idp`.
const CONFIG: [(&str, &str); 14] = [
    ("text", "hello"),
    ("number", "1000000"),
    ("small", "7"),
    ("big", "123456789012"),
    ("ratio", "2.0"),
    ("tiny", "0.00001"),
    ("flag", "true"),
    ("off", "false"),
    ("multi", "a\nb: c\n"),
    ("odd", "yes"),
    ("html", "<a href=\"x&y\">\u{2028}</a>"),
    ("uni", "héé ☃ 日本"),
    ("numlike", "0123"),
    ("colon", "a: b # c"),
];

const KRATOS: &str = "\
name: kratos
summary: s
description: d
requires:
  kratos-external-idp:
    interface: external_provider
";

/// The model before the hook, in a folder to copy.
pub(crate) struct Template {
    folder: TempDir,
}

impl Template {
    /// Makes the model: `idp` with two units, `kratos` with one, and two secrets of users.
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let settings = Settings {
            uuid: UUID.into(),
            juju_version: "3.6.28".into(),
            ..Settings::default()
        };
        let mut model = Model::create(&folder.path().join("model"), settings).unwrap();
        let charm = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/charms/recorded");
        let idp = Deploy {
            units: 2,
            config: CONFIG.map(|(name, text)| (name.into(), text.into())).into(),
            ..Deploy::default()
        };
        model.deploy(&charm, "idp", idp).unwrap();
        model.settle().unwrap();
        model.deploy_stand_in("kratos", KRATOS).unwrap();
        assert_eq!(model.integrate("idp", "kratos").unwrap(), RELATION);
        model.settle().unwrap();
        let application = [
            ("redirect_uri", "https://k/é"),
            ("json", r#"{"a":1}"#),
            ("num", "0123"),
            ("html", "<&>"),
        ];
        let unit = [("ukey", "uval"), ("multi", "a\nb")];
        model
            .write_app_databag(RELATION, "kratos", &application)
            .unwrap();
        model
            .write_unit_databag(RELATION, "kratos/0", &unit)
            .unwrap();
        model.settle().unwrap();
        let login = [("token", "s3cr3t"), ("client-secret", "a\"b<é")];
        model.add_secret("login", &login).unwrap();
        model.add_secret("hidden", &[("token", "x")]).unwrap();
        model.grant_secret("login", "idp").unwrap();
        model.settle().unwrap();
        model.save().unwrap();
        Self { folder }
    }

    /// Makes the calls of a scenario in a copy of the model.
    pub(crate) fn replay(&self, scenario: &Scenario) -> Vec<Answer> {
        let copy = TempDir::new().unwrap();
        copy_folder(&self.folder.path().join("model"), copy.path());
        let scratch = TempDir::new().unwrap();
        let mut model = Model::open(copy.path()).unwrap();
        let unit = match scenario.state {
            HookState::Minion | HookState::RelMinion => "idp/1",
            _ => "idp/0",
        };
        match scenario.state {
            HookState::Leader | HookState::Minion => model.update_status(unit).unwrap(),
            HookState::RelUnit | HookState::RelMinion => model
                .write_unit_databag(RELATION, "kratos/0", &[("trig", "1")])
                .unwrap(),
            HookState::RelApp => model
                .write_app_databag(RELATION, "kratos", &[("trig", "1")])
                .unwrap(),
            HookState::Action => {}
        }
        let place = hook::Place {
            charm: model.unit(unit).unwrap().charm_dir(),
            scratch: scratch.path().to_owned(),
        };
        hook::hold(&place, &scenario.calls, || match scenario.state {
            HookState::Action => {
                let obj = json!({"a": {"b": "c"}, "d": [1, "two", null], "e": 1.5});
                let parameters = [
                    ("text", json!("tx")),
                    ("num", json!(5)),
                    ("big", json!(12_345_678)),
                    ("obj", obj),
                    ("flag", json!(true)),
                ];
                let done = model.run_action(unit, "act", &parameters);
                assert_eq!(done.unwrap().return_code, Some(0));
            }
            _ => while model.step().unwrap() {},
        })
    }
}

/// Copies a folder with everything in it; links stay links to the same place.
fn copy_folder(from: &Path, to: &Path) {
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            fs::create_dir(&to).unwrap();
            copy_folder(&entry.path(), &to);
        } else if kind.is_file() {
            fs::copy(entry.path(), &to).unwrap();
        }
    }
}
