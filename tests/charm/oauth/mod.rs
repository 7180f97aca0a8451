//! Applications on the endpoint `oauth`. After every hook, their databags are read as a released
//! requirer would read them.

mod faults;
mod isolation;
mod kill_switch;
mod list;
mod one_provider;
mod reader;
mod requests;
mod rotation;
mod steady;
mod written;

use std::ops::{Deref, DerefMut};

use juju_sandbox::{HookRun, SecretOwner, SecretScope};

use self::reader::{Keys, Pairs, Reading};
use crate::support::{ANSWER, GOOGLE, World};

/// Options of a provider whose endpoints the options say.
const GENERIC: [(&str, &str); 9] = [
    ("provider", "generic"),
    ("client_id", "corp-client"),
    ("client_secret", "hunter2-client-secret"),
    ("provider_id", "corp"),
    ("scope", "openid email"),
    ("issuer_url", "https://op.example.org"),
    ("authorization_endpoint", "https://op.example.org/authorize"),
    ("token_endpoint", "https://op.example.org/token"),
    ("jwks_endpoint", "https://op.example.org/jwks"),
];

const SECRET: &str = "hunter2-client-secret";

/// A model with the charm in it.
struct Scene {
    world: World,
}

impl Deref for Scene {
    type Target = World;

    fn deref(&self) -> &World {
        &self.world
    }
}

impl DerefMut for Scene {
    fn deref_mut(&mut self) -> &mut World {
        &mut self.world
    }
}

impl Scene {
    /// One with the charm as `idp`, settled.
    fn new(units: u32, options: &[(&str, &str)]) -> Self {
        let world = World::with_idp(units, options);
        Self { world }
    }

    /// One with a Kratos that has answered and the application `grafana` that has asked. Gives the
    /// numbers of both relations.
    fn served(units: u32, options: &[(&str, &str)]) -> (Self, u32, u32) {
        let mut scene = Self::new(units, options);
        let kratos = scene.add_stand_in("kratos");
        let id = options.iter().find(|(name, _)| *name == "provider_id");
        let id = id.map_or("google", |(_, id)| id);
        scene.answer(kratos, &ANSWER.replace("google", id));
        let relation = scene.application("grafana");
        (scene, kratos, relation)
    }

    /// One with the client at Google, on each of `units`.
    fn google(units: u32) -> (Self, u32, u32) {
        Self::served(units, &GOOGLE)
    }

    /// Lets the model settle, hook by hook.
    fn settle(&mut self) {
        for _ in 0..self.settings().hook_limit {
            if !self.world.step().unwrap() {
                return;
            }
            self.read_all();
        }
        panic!("no end of hooks");
    }

    /// Sets options, and settles.
    fn config(&mut self, options: &[(&str, &str)]) {
        self.configure("idp", options).unwrap();
        self.settle();
    }

    /// An application that is integrated and has not asked yet.
    fn integrated(&mut self, name: &str) -> u32 {
        let relation = self.begin_application(name);
        self.settle();
        relation
    }

    /// An application that is integrated and has asked.
    fn application(&mut self, name: &str) -> u32 {
        let relation = self.integrated(name);
        self.ask(relation, name, &[]);
        relation
    }

    /// The application asks, and the model settles.
    fn ask(&mut self, relation: u32, name: &str, others: &[(&str, &str)]) {
        self.begin_asking(relation, name, others);
        self.settle();
    }

    /// Runs update-status, reads what is left, and gives back how it went.
    fn update_status(&mut self, unit: &str) -> HookRun {
        let run = self.world.update_status(unit);
        self.read_all();
        run
    }

    /// Every application whose relation lives must be able to go on after each hook: not one of them
    /// is sent into error, and what it is to use, it can use.
    fn read_all(&self) {
        for relation in self.relation_ids("idp", "oauth").unwrap_or_default() {
            if self.relation(relation).unwrap().is_dying() {
                continue;
            }
            let databag = self.app_databag(relation, "idp").unwrap();
            let has = |key| databag.get(key).is_some_and(|value| value != "\"\"");
            assert_eq!(
                has("client_id"),
                has("client_secret_id"),
                "both or neither, and never empty: {databag:?}"
            );
            if let Reading::Broken(why) = self.reading(relation) {
                panic!("relation {relation}: {why}: {databag:?}");
            }
        }
    }

    fn requirer(&self, relation: u32) -> String {
        let relation = self.relation(relation).unwrap();
        let (application, _) = relation.other_side("idp").unwrap();
        application.to_owned()
    }

    /// What the application on a relation makes of its databag.
    fn reading(&self, relation: u32) -> Reading {
        let requirer = self.requirer(relation);
        let content = |uri: &str| {
            let secret = self.secret(uri).ok()?;
            let scope = secret.grants().get(requirer.as_str()).copied();
            let is_granted = scope == Some(SecretScope::Relation(relation));
            let is_ours = *secret.owner() == SecretOwner::Application("idp".into());
            let content: &Pairs = secret.content(secret.latest_revision())?;
            assert_eq!(content.len(), 1, "one key, which is secret");
            (is_granted && is_ours).then(|| content.clone())
        };
        let databag = self.app_databag(relation, "idp").unwrap();
        reader::read(databag, content)
    }

    /// The client on a relation, which has to have one, and its secret.
    fn client(&self, relation: u32) -> (Keys, String) {
        match self.reading(relation) {
            Reading::Usable(keys, secret) => (keys, secret),
            other => panic!("relation {relation}: {other:?}"),
        }
    }

    /// What is on a relation that has to be without a client.
    fn waiting(&self, relation: u32) -> Keys {
        match self.reading(relation) {
            Reading::Waiting(keys) => keys,
            other => panic!("relation {relation}: {other:?}"),
        }
    }

    /// The id and the secret of the client on a relation.
    fn credentials(&self, relation: u32) -> (String, String) {
        let (keys, secret) = self.client(relation);
        (keys.text("client_id").unwrap().to_owned(), secret)
    }

    /// The raw text that is on a relation under `key`.
    fn raw(&self, relation: u32, key: &str) -> Option<String> {
        let databag = self.app_databag(relation, "idp").unwrap();
        databag.get(key).cloned()
    }

    /// The message of a unit's status, behind its word.
    fn says(&self, unit: &str) -> String {
        let (word, message) = self.status(unit);
        format!("{word}: {message}")
    }

    /// The codes of the findings that validate-config gives.
    fn findings(&mut self, unit: &str) -> Vec<(String, String)> {
        let outcome = self.run(unit, "validate-config");
        let json = outcome.results["json"].as_str().unwrap();
        let report: serde_json::Value = serde_json::from_str(json).unwrap();
        let findings = report["findings"].as_array().unwrap().iter();
        let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
        let findings = findings.map(|one| (text(&one["code"]), text(&one["option"])));
        findings.collect()
    }

    /// Whether a finding with this code is given on `unit`.
    fn finds(&mut self, unit: &str, code: &str) -> bool {
        self.findings(unit).iter().any(|(found, _)| found == code)
    }
}
