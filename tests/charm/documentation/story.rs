//! What the charm says in the course of a deployment.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::LazyLock;

use juju_sandbox::{ActionOutcome, Fault};
use serde_json::{Value, json};

use crate::check_provider::honest;
use crate::support::{ANSWER, GOOGLE, PUBLIC_URL, World, unset};

/// What the charm says in the course of a deployment.
#[derive(Default)]
pub(super) struct Story {
    /// Statuses: the word, and the message.
    pub(super) statuses: BTreeSet<String>,
    /// The messages.
    pub(super) messages: BTreeSet<String>,
    /// The keys of results, by action.
    pub(super) results: BTreeMap<String, BTreeSet<String>>,
    /// Why actions failed, by action.
    pub(super) failures: BTreeMap<String, BTreeSet<String>>,
    /// Lines of the log, and of the result `warning`.
    pub(super) lines: BTreeSet<String>,
}

impl Story {
    /// Told once, for all tests.
    pub(super) fn told() -> &'static Self {
        static STORY: LazyLock<Story> = LazyLock::new(Story::play);
        &STORY
    }

    /// What an application on the endpoint `oauth` leads to.
    fn serve_applications(&mut self) {
        let mut world = World::with_idp(2, &GOOGLE);
        let relation = world.add_application("grafana");
        self.look(&mut world);
        let grants = r#"["client_credentials"]"#;
        world.ask(relation, "grafana", &[("grant_types", grants)]);
        self.look(&mut world);
        let elsewhere = [
            ("provider", "generic"),
            ("issuer_url", "https://idp.example.com"),
        ];
        world.config(&elsewhere);
        self.look(&mut world);
        world.config(&[("ca_chain", "x")]);
        self.look(&mut world);
        world.add_stand_in("kratos");
        self.look(&mut world);
    }

    fn play() -> Self {
        let mut story = Self::default();
        let mut world = World::with_idp(2, &[]);
        story.look(&mut world);
        world.config(&GOOGLE);
        story.look(&mut world);
        world.config(&[("client_secret", "")]);
        story.look(&mut world);
        world.config(&GOOGLE);
        let relation = world.add_stand_in("kratos");
        story.look(&mut world);
        for answer in ["{", r#"[{"provider_id":"google"}]"#, ANSWER] {
            world.answer(relation, answer);
            story.look(&mut world);
        }
        world.config(&[("provider_id", "a/b")]);
        world.answer(relation, &ANSWER.replace("google", "a/b"));
        story.look(&mut world);
        world.config(&[("client_secret", "")]);
        story.look(&mut world);
        world.config(&[("enabled", "false"), ("client_secret", "s")]);
        story.look(&mut world);
        let mapper = "{ identity: { traits: { email: std.extVar('claims').email } } }";
        world.config(&[("jsonnet_mapper", mapper)]);
        let claims = json!({ "iss": "i", "sub": "s", "email": "alice@example.org" });
        for parameter in [
            ("claims", claims),
            ("claims", json!("{")),
            ("provider-id", json!("nobody")),
        ] {
            let outcome = world
                .run_action("idp/1", "test-mapper", &[parameter])
                .unwrap();
            story.note("test-mapper", &outcome);
        }
        story.look(&mut world);
        world.config(&[("provider_id", "google")]);
        story.look(&mut world);

        let item = |number| {
            format!(
                "- {{provider: google, client_id: c, client_secret: s, scope: openid, provider_id: \
                 p{number}}}"
            )
        };
        let list: Vec<_> = (0..1000).map(item).collect();
        world.config(&unset(GOOGLE));
        let item = |id| {
            format!(
                "- {{provider: google, client_id: c, client_secret: s, provider_id: {id}, \
                 jsonnet_mapper: '{{}}'}}\n"
            )
        };
        let two = item("one") + &item("two");
        world.config(&[("jsonnet_mapper", ""), ("providers", &two)]);
        let outcome = world.run("idp/0", "test-mapper");
        story.note("test-mapper", &outcome);
        let okta = "- {client_id: c, client_secret: s, issuer_url: 'https://i.example.com', \
                    jsonnet_mapper: '{identity: {traits: {}}}'}";
        let outcome = world.run("idp/0", "check-provider");
        story.note("check-provider", &outcome);
        for providers in ["[]", okta] {
            world.config(&[("providers", providers)]);
            let outcome = world.run("idp/0", "test-mapper");
            story.note("test-mapper", &outcome);
        }
        story.ask_providers();
        story.serve_applications();
        world.config(&[("enabled", "true"), ("providers", &list.join("\n"))]);
        world.answer(relation, &ANSWER.replace("google", "p999"));
        let outcome = world.run("idp/0", "get-redirect-uri");
        story.note("get-redirect-uri", &outcome);

        let fault = Fault {
            tool: "config-get".into(),
            ..Fault::default()
        };
        world.inject(fault);
        let run = world.update_status("idp/0");
        story.lines.extend(run.stderr.lines().map(str::to_owned));
        story
    }

    /// Asks a provider that is here, and some that are not.
    fn ask_providers(&mut self) {
        let mut world = World::with_idp(1, &[]);
        let web = honest();
        let here = format!(
            "- {{client_id: c, client_secret: s, issuer_url: '{}', scope: openid email}}",
            web.url()
        );
        for (providers, parameters) in [
            ("- {enabled: false, client_id: c}", vec![]),
            ("{", vec![]),
            (&*here, vec![("provider-id", json!("nobody"))]),
            (&*here, vec![("public-url", json!("iam.example.com"))]),
            (&*here, vec![("ca", json!("nonsense"))]),
            (&*here, vec![]),
        ] {
            world.config(&[("providers", providers)]);
            let outcome = world.run_action("idp/0", "check-provider", &parameters);
            self.note("check-provider", &outcome.unwrap());
        }
        // A program beside which there is no doctor.
        let mut world = World::new();
        let dispatch = world.idp_charm().join("dispatch");
        let program = fs::read(&dispatch).unwrap();
        fs::remove_file(&dispatch).unwrap();
        fs::write(&dispatch, program).unwrap();
        fs::set_permissions(&dispatch, fs::Permissions::from_mode(0o755)).unwrap();
        world.deploy_idp(1, &GOOGLE);
        let outcome = world.run("idp/0", "check-provider");
        self.note("check-provider", &outcome);
    }

    /// Looks at the statuses, runs every action, and reads the log.
    fn look(&mut self, world: &mut World) {
        for unit in ["idp/0", "idp/1"] {
            let url = |url: &str| [("public-url", json!(url))];
            for parameters in [url(PUBLIC_URL), url("iam.example.com")] {
                let outcome = world
                    .run_action(unit, "validate-config", &parameters)
                    .unwrap();
                self.note("validate-config", &outcome);
            }
            for action in ["get-redirect-uri", "test-mapper"] {
                let outcome = world.run(unit, action);
                self.note(action, &outcome);
            }

            let (level, message) = world.status(unit);
            self.messages.insert(message.clone());
            self.statuses.insert(format!("{level} {message}"));
        }
        let lines = world.log().iter().flat_map(|record| record.message.lines());
        self.lines.extend(lines.map(str::to_owned));
    }

    fn note(&mut self, action: &str, outcome: &ActionOutcome) {
        let failures = self.failures.entry(action.into()).or_default();
        if !outcome.message.is_empty() {
            failures.insert(outcome.message.clone());
        }
        let results = self.results.entry(action.into()).or_default();
        results.extend(outcome.results.keys().cloned());
        if let Some(warning) = outcome.results.get("warning").and_then(Value::as_str) {
            self.lines.extend(warning.lines().map(str::to_owned));
        }
    }
}
