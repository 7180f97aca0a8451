//! What the tests share: the binary as a person runs it, and the charm in a
//! model.

use std::ops::{Deref, DerefMut};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::{fs, io::Write as _};

use juju_sandbox::{
    ActionOutcome, Deploy, Fault, FaultKind, HookRun, Model, SecretOwner, Settings, built_example,
};
use serde_json::Value;
use tempfile::TempDir;

/// The built charm.
const CHARM: &str = env!("CARGO_BIN_EXE_kratos-external-idp-integrator");

/// Valid options.
pub(crate) const GOOGLE: [(&str, &str); 5] = [
    ("provider", "google"),
    ("client_id", "1234.apps.example"),
    ("client_secret", "hunter2-client-secret"),
    ("provider_id", "google"),
    ("scope", "openid email"),
];

/// The same, but that the client secret travels in a Juju secret.
pub(crate) const GOOGLE_BY_SECRET: [(&str, &str); 6] = [
    GOOGLE[0],
    GOOGLE[1],
    GOOGLE[2],
    GOOGLE[3],
    GOOGLE[4],
    ("secret_backend", "secret"),
];

/// Where users reach the Kratos of [`World::with_kratos`].
pub(crate) const PUBLIC_URL: &str = "https://iam.example.com";

/// A P-256 key in PKCS#8, made for this test.
pub(crate) const APPLE_KEY: &str = "-----BEGIN PRIVATE KEY-----\n\
    MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgU2BY0Fewmrx/4Rpq\n\
    NLCN2v+AXx10P/Jd3v/9n82G57ShRANCAAT3te3pbAxaKbCucv4dKndLSj5rT3OG\n\
    QE40CMWfp/Z5Tl1l+G+sLF8vHF5s3h3FZZU7Lk02cu0nkw5Ey1GYKZTi\n\
    -----END PRIVATE KEY-----\n";

/// What Kratos answers to [`GOOGLE`].
pub(crate) const ANSWER: &str = r#"[{"provider_id":"google","redirect_uri":"https://iam.example.com/self-service/methods/oidc/callback/google"}]"#;

/// Runs the charm's binary by hand, with `input` to read.
pub(crate) fn charm(args: &[&str], input: &str) -> Output {
    charm_with(args, input, &[])
}

/// The same, with these variables and no others.
#[expect(
    clippy::disallowed_methods,
    reason = "runs what is tested, as a person would"
)]
pub(crate) fn charm_with(args: &[&str], input: &str, variables: &[(&str, &str)]) -> Output {
    let mut child = Command::new(CHARM)
        .args(args)
        .env_clear()
        .envs(variables.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that takes no input may have ended already.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

/// `render --reveal` of `options`.
pub(crate) fn render(options: &str) -> Output {
    charm(&["render", "--reveal", "-"], options)
}

/// What a run of the binary printed.
pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// These options, set to nothing.
pub(crate) fn unset<const N: usize>(
    options: [(&'static str, &str); N],
) -> [(&'static str, &'static str); N] {
    options.map(|(option, _)| (option, ""))
}

/// The redirect URI that [`World::ask`] asks for.
pub(crate) fn callback(application: &str) -> String {
    format!("https://{application}.example.com/callback")
}

/// Every call of `tool` fails from now on.
pub(crate) fn every_call_fails(tool: &str, stderr: &str) -> Fault {
    Fault {
        tool: tool.into(),
        nth: 0,
        kind: FaultKind::Fail {
            exit_code: 1,
            stderr: stderr.into(),
        },
        ..Fault::default()
    }
}

/// A model, and the folders of the charms to deploy in it.
pub(crate) struct World {
    model: Model,
    charms: TempDir,
}

impl Deref for World {
    type Target = Model;

    fn deref(&self) -> &Model {
        &self.model
    }
}

impl DerefMut for World {
    fn deref_mut(&mut self) -> &mut Model {
        &mut self.model
    }
}

impl World {
    /// An empty model.
    pub(crate) fn new() -> Self {
        Self::with_juju("3.6.12")
    }

    /// An empty model of this version of Juju.
    pub(crate) fn with_juju(version: &str) -> Self {
        Self::with_settings(Settings {
            juju_version: version.into(),
            ..Settings::default()
        })
    }

    /// An empty model with these settings.
    pub(crate) fn with_settings(settings: Settings) -> Self {
        let model = Model::with_settings(settings).unwrap();
        let charms = tempfile::tempdir().unwrap();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let requirer = root.join("examples/requirer");
        stage(
            &charms.path().join("idp"),
            Path::new(CHARM),
            root,
            &["metadata.yaml", "config.yaml", "actions.yaml"],
        );
        stage(
            &charms.path().join("kratos"),
            &built_example("requirer").unwrap(),
            &requirer,
            &["metadata.yaml", "config.yaml", "actions.yaml"],
        );
        Self { model, charms }
    }

    /// A model with the charm as `idp`, settled.
    pub(crate) fn with_idp(units: u32, options: &[(&str, &str)]) -> Self {
        let mut world = Self::new();
        world.deploy_idp(units, options);
        world
    }

    /// A model with the charm as `idp`, integrated with a Kratos that the test plays,
    /// settled. Gives the relation's number.
    pub(crate) fn integrated(units: u32, options: &[(&str, &str)]) -> (Self, u32) {
        let mut world = Self::with_idp(units, options);
        let relation = world.add_stand_in("kratos");
        (world, relation)
    }

    /// A model with the charm as `idp`, integrated with the example charm in Kratos' place,
    /// settled. Gives the relation's number.
    pub(crate) fn with_kratos(units: u32, options: &[(&str, &str)]) -> (Self, u32) {
        let mut world = Self::with_idp(units, options);
        world.deploy_kratos("kratos", &[("public-url", PUBLIC_URL)]);
        let relation = world.integrate("idp", "kratos").unwrap();
        world.settle().unwrap();
        (world, relation)
    }

    /// Where the charm that is tested is.
    pub(crate) fn idp_charm(&self) -> PathBuf {
        self.charms.path().join("idp")
    }

    /// Deploys the charm as `idp`, and settles.
    pub(crate) fn deploy_idp(&mut self, units: u32, options: &[(&str, &str)]) {
        let config = pairs(options);
        let charm = self.idp_charm();
        self.model
            .deploy(
                &charm,
                "idp",
                Deploy {
                    units,
                    config,
                    ..Deploy::default()
                },
            )
            .unwrap();
        self.model.settle().unwrap();
    }

    /// Deploys the example charm in Kratos' place, and settles.
    pub(crate) fn deploy_kratos(&mut self, application: &str, options: &[(&str, &str)]) {
        let config = pairs(options);
        let charm = self.charms.path().join("kratos");
        self.model
            .deploy(
                &charm,
                application,
                Deploy {
                    config,
                    ..Deploy::default()
                },
            )
            .unwrap();
        self.model.settle().unwrap();
    }

    /// Integrates with a Kratos that has no code, which the test plays by writing its
    /// databag.
    pub(crate) fn add_stand_in(&mut self, application: &str) -> u32 {
        let metadata = include_str!("../../examples/requirer/metadata.yaml");
        self.model.deploy_stand_in(application, metadata).unwrap();
        let relation = self.model.integrate("idp", application).unwrap();
        self.model.settle().unwrap();
        relation
    }

    /// Integrates with an application on the endpoint `oauth` that has no code, which the test plays.
    pub(crate) fn add_application(&mut self, application: &str) -> u32 {
        let relation = self.begin_application(application);
        self.model.settle().unwrap();
        relation
    }

    /// The same, and no hook runs yet.
    pub(crate) fn begin_application(&mut self, application: &str) -> u32 {
        let metadata = include_str!("../../crates/oauth/examples/portal/metadata.yaml");
        self.model.deploy_stand_in(application, metadata).unwrap();
        self.model.integrate("idp", application).unwrap()
    }

    /// The application that the test plays asks for a client, and the model settles. `others` are
    /// keys that are not the usual ones.
    pub(crate) fn ask(&mut self, relation: u32, application: &str, others: &[(&str, &str)]) {
        self.begin_asking(relation, application, others);
        self.model.settle().unwrap();
    }

    /// The same, and no hook runs yet.
    pub(crate) fn begin_asking(
        &mut self,
        relation: u32,
        application: &str,
        others: &[(&str, &str)],
    ) {
        let uri = callback(application);
        let usual = [
            ("redirect_uri", uri.as_str()),
            ("scope", "openid email"),
            ("grant_types", r#"["authorization_code"]"#),
            ("audience", "[]"),
            ("token_endpoint_auth_method", "client_secret_basic"),
        ];
        for keys in [&usual[..], others] {
            self.model
                .write_app_databag(relation, application, keys)
                .unwrap();
        }
    }

    /// The Kratos that the test plays says that it reads Juju secrets, and the model
    /// settles.
    pub(crate) fn announce_secrets(&mut self, relation: u32) {
        let announced = [("secret_backends", r#"["relation","secret"]"#)];
        self.model
            .write_app_databag(relation, "kratos", &announced)
            .unwrap();
        self.model.settle().unwrap();
    }

    /// Sets options, and settles.
    pub(crate) fn config(&mut self, options: &[(&str, &str)]) {
        self.model.configure("idp", options).unwrap();
        self.model.settle().unwrap();
    }

    /// The Kratos that the test plays answers, and the model settles.
    pub(crate) fn answer(&mut self, relation: u32, value: &str) {
        self.model
            .write_app_databag(relation, "kratos", &[("providers", value)])
            .unwrap();
        self.model.settle().unwrap();
    }

    /// Runs update-status on a unit, and gives back how it went.
    pub(crate) fn update_status(&mut self, unit: &str) -> HookRun {
        self.model.forget_runs();
        self.model.update_status(unit).unwrap();
        self.model.settle().unwrap();
        let [run] = self.model.runs() else {
            panic!("one hook: {:?}", self.model.runs())
        };
        run.clone()
    }

    /// Runs an action without parameters.
    pub(crate) fn run(&mut self, unit: &str, action: &str) -> ActionOutcome {
        self.model.run_action(unit, action, &[]).unwrap()
    }

    /// A unit's workload status: word and message.
    pub(crate) fn status(&self, unit: &str) -> (String, String) {
        let unit = self.model.unit(unit).unwrap();
        let (word, message) = unit.workload();
        (word.to_owned(), message.to_owned())
    }

    /// What `idp` has published on a relation.
    pub(crate) fn published(&self, relation: u32) -> Option<String> {
        self.model
            .app_databag(relation, "idp")
            .unwrap()
            .get("providers")
            .cloned()
    }

    /// The providers in what `idp` has published on a relation.
    pub(crate) fn published_items(&self, relation: u32) -> Vec<Value> {
        let published = self.published(relation);
        published.map_or_else(Vec::new, |value| serde_json::from_str(&value).unwrap())
    }

    /// The ids of the secrets that `idp` owns.
    pub(crate) fn own_secrets(&self) -> Vec<String> {
        let owner = SecretOwner::Application("idp".into());
        let own = self.secrets().filter(|secret| *secret.owner() == owner);
        own.map(|secret| secret.id().to_owned()).collect()
    }

    /// One hook run by name; the last, if there are several.
    pub(crate) fn last_run(&self, unit: &str, hook: &str) -> HookRun {
        let mut runs = self.model.runs().iter().rev();
        runs.find(|run| run.unit == unit && run.hook == hook)
            .unwrap()
            .clone()
    }
}

/// Fails if `text` is anywhere in the log.
pub(crate) fn assert_log_lacks(model: &Model, text: &str) {
    let shows = model
        .log()
        .iter()
        .any(|record| record.message.contains(text));
    assert!(!shows, "{text} is in the log");
}

/// Fails unless everything that was run succeeded.
pub(crate) fn assert_all_succeeded(model: &Model) {
    assert_all_succeeded_with(model, "at the end");
}

/// As [`assert_all_succeeded`], and names the case.
pub(crate) fn assert_all_succeeded_with(model: &Model, name: &str) {
    for run in model.runs() {
        let run_name = format!("{name}: {} of {}", run.hook, run.unit);
        assert_eq!(run.exit_code, Some(0), "{run_name}: {}", run.stderr);
        assert!(run.committed, "{run_name}: {:?}", run.error);
    }
}

fn pairs(options: &[(&str, &str)]) -> Vec<(String, String)> {
    options
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

/// Makes a charm's folder: its YAML files, and `dispatch`.
fn stage(charm: &Path, dispatch: &Path, from: &Path, files: &[&str]) {
    fs::create_dir(charm).unwrap();
    symlink(dispatch, charm.join("dispatch")).unwrap();
    for file in files {
        fs::copy(from.join(file), charm.join(file)).unwrap();
    }
}
