//! What a hook costs beyond its hook tools: `cargo bench`.
//!
//! The charm runs against canned hook tools, and so does the *floor*: a program that
//! makes the same calls with the same input and does nothing else. What the charm
//! takes longer is its own. The tools are this program under other names: once they
//! answer at once, once after 5 ms that they spend one after another, as Juju's do
//! behind the lock of the unit's agent.
//!
//! One program in three roles, told apart by its name: tool, floor, and the driver
//! that `cargo bench` starts.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a benchmark stops and talks"
)]

use std::collections::BTreeMap;
use std::env;
use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use external_provider::{BOTH_BACKENDS, Carried, Registered, SECRET_BACKENDS, answer, offer};
use juju_hook::{Secret, SecretUri};
use kratos_external_idp_integrator::config::{Answers, Configuration, Loose, Request};

/// The charm, built for release by `cargo bench`.
const CHARM: &str = env!("CARGO_BIN_EXE_kratos-external-idp-integrator");

/// Where the canned answers are; the tools find it here.
const FOLDER: &str = "BENCH_FOLDER";

/// Every client's secret.
const SECRET: &str = "hunter2";

/// How long a tool holds the lock, in milliseconds.
const DELAY: &str = "BENCH_DELAY_MS";

fn main() {
    let name = env::args_os().next().map(PathBuf::from).unwrap();
    let name = name.file_name().unwrap().to_string_lossy().into_owned();
    #[expect(clippy::disallowed_methods, reason = "a tool of the benchmark")]
    let folder = env::var_os(FOLDER).map(PathBuf::from);
    match (folder, name.as_str()) {
        (Some(folder), "floor") => floor(&folder),
        (Some(folder), _) => tool(&folder, &name),
        (None, _) => drive(),
    }
}

/// A hook tool: prints what is in the file that is named after it and its last
/// argument.
fn tool(folder: &Path, name: &str) {
    let args: Vec<_> = env::args().skip(1).collect();
    if args.iter().any(|arg| arg == "--file") {
        let mut input = Vec::new();
        std::io::stdin().read_to_end(&mut input).unwrap();
    }
    #[expect(clippy::disallowed_methods, reason = "a tool of the benchmark")]
    let delay = env::var(DELAY)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(0);
    if delay > 0 {
        let lock = File::create(folder.join("lock")).unwrap();
        rustix::fs::flock(&lock, rustix::fs::FlockOperation::LockExclusive).unwrap();
        thread::sleep(Duration::from_millis(delay));
    }
    let asked = args.last().map(String::as_str).unwrap_or_default();
    let answer = fs::read(folder.join(format!("{name}.{asked}")))
        .or_else(|_| fs::read(folder.join(name)))
        .unwrap_or_default();
    let _ = std::io::stdout().write_all(&answer);
    if let Ok(mut calls) = File::options().append(true).open(folder.join("calls")) {
        let line: Vec<_> = std::iter::once(name.to_owned()).chain(args).collect();
        calls
            .write_all((line.join("\u{1f}") + "\n").as_bytes())
            .unwrap();
    }
}

/// Makes the calls that are listed, and nothing else.
#[expect(clippy::disallowed_methods, reason = "starts what is measured")]
fn floor(folder: &Path) {
    let input = fs::read(folder.join("input")).unwrap_or_default();
    for line in fs::read_to_string(folder.join("script")).unwrap().lines() {
        let mut words = line.split('\u{1f}');
        let mut command = Command::new(words.next().unwrap());
        command.args(words);
        let feeds = line.contains("--file");
        command.stdin(if feeds { Stdio::piped() } else { Stdio::null() });
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        if let Some(mut pipe) = child.stdin.take() {
            let _ = pipe.write_all(&input);
        }
        child.wait_with_output().unwrap();
    }
}

/// What Juju would say.
struct World {
    folder: tempfile::TempDir,
    hook: &'static str,
}

impl World {
    /// `providers` providers on each of `relations` relations, published and answered
    /// already; but for config-changed, where one of them has another secret now.
    fn new(hook: &'static str, form: Form, providers: usize, relations: usize) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        let options = options(providers, form);
        put("config-get", &serde_json::to_string(&options).unwrap());
        let ids: Vec<_> = (0..relations)
            .map(|id| format!("kratos-external-idp:{id}"))
            .collect();
        put("relation-ids", &serde_json::to_string(&ids).unwrap());
        put("is-leader", "true");
        put("action-get", "{}");
        put("relation-list", r#""kratos""#);
        let values = options
            .into_iter()
            .map(|(name, text)| (name, Loose::Text(Secret::new(text))));
        let request = Request::new(values.collect());
        let configuration = Configuration::check(request, &Answers::default());
        let ours = configuration.providers().unwrap();
        let registered: Vec<_> = ours
            .iter()
            .map(|provider| Registered {
                provider_id: provider.id().into_owned(),
                redirect_uri: format!(
                    "https://iam.example.com/self-service/methods/oidc/callback/{}",
                    provider.id()
                ),
            })
            .collect();
        let bag = |value: &str| serde_json::json!({ "providers": value }).to_string();
        let mut theirs = serde_json::json!({ "providers": answer(&registered) });
        if let Form::Secrets = form {
            theirs[SECRET_BACKENDS] = BOTH_BACKENDS.into();
        }
        put("relation-get.kratos", &theirs.to_string());
        let uri = SecretUri::from_id("d0erdgfmp25c762i8np0").unwrap();
        let carried = match form {
            Form::Secrets => Carried::Uri(&uri),
            Form::Options | Form::Json | Form::Yaml => Carried::Plain,
        };
        let published = offer(
            ours.iter().map(|provider| (provider, carried)),
            external_provider::Form::PlainScalars,
        );
        let owned = match form {
            Form::Secrets => r#"["d0erdgfmp25c762i8np0"]"#,
            Form::Options | Form::Json | Form::Yaml => "[]",
        };
        put("secret-ids", owned);
        put("secret-get", &format!(r#"{{"client-secret":{SECRET:?}}}"#));
        let found = match hook {
            "hooks/config-changed" => bag(&published.expose().replacen(SECRET, "former", 1)),
            _ => bag(published.expose()),
        };
        put("relation-get.idp", &found);
        let (status, message) = match (hook, relations) {
            ("hooks/install", _) => ("maintenance", "installing charm software"),
            (_, 0) => ("blocked", "Missing integration kratos-external-idp"),
            _ => ("active", "The OIDC provider is ready"),
        };
        let shown = serde_json::json!({ "status": status, "message": message });
        put("status-get", &shown.to_string());
        put("input", &bag(published.expose()));
        let program = env::current_exe().unwrap();
        fs::create_dir(folder.path().join("tools")).unwrap();
        for tool in [
            "config-get",
            "relation-ids",
            "is-leader",
            "relation-list",
            "relation-get",
            "relation-set",
            "status-get",
            "status-set",
            "juju-log",
            "application-version-set",
            "action-get",
            "action-set",
            "action-fail",
            "secret-get",
            "secret-ids",
        ] {
            symlink(&program, folder.path().join("tools").join(tool)).unwrap();
        }
        symlink(&program, folder.path().join("floor")).unwrap();
        Self { folder, hook }
    }

    #[expect(clippy::disallowed_methods, reason = "starts what is measured")]
    fn command(&self, program: &Path, delay: u64) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("PATH", self.folder.path().join("tools"))
            .env(FOLDER, self.folder.path())
            .env(DELAY, delay.to_string())
            .env("JUJU_DISPATCH_PATH", self.hook)
            .env("JUJU_UNIT_NAME", "idp/0")
            .env("JUJU_RELATION_ID", "kratos-external-idp:0")
            .env("JUJU_REMOTE_APP", "kratos")
            .env("JUJU_VERSION", "3.6.12")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    /// Records which calls the charm makes; gives back how many, and the bytes of their
    /// arguments, input and output.
    fn record(&self) -> (usize, usize) {
        let path = self.folder.path();
        File::create(path.join("calls")).unwrap();
        assert!(
            self.command(Path::new(CHARM), 0)
                .status()
                .unwrap()
                .success()
        );
        let script = fs::read_to_string(path.join("calls")).unwrap();
        fs::rename(path.join("calls"), path.join("script")).unwrap();
        let size = |name: &str| fs::metadata(path.join(name)).map_or(0, |data| data.len());
        let bytes: u64 = script
            .lines()
            .map(|line| {
                let words: Vec<_> = line.split('\u{1f}').collect();
                let answer = format!("{}.{}", words[0], words[words.len() - 1]);
                let answered = size(&answer).max(size(words[0]));
                let fed = if line.contains("--file") {
                    size("input")
                } else {
                    0
                };
                answered + fed + u64::try_from(line.len()).unwrap()
            })
            .sum();
        (script.lines().count(), usize::try_from(bytes).unwrap())
    }

    /// Median wall times of the charm and the floor. They run in turn, so that whatever
    /// else the machine does slows both.
    fn time(&self, delay: u64, runs: usize) -> (Duration, Duration) {
        let run = |program: &Path| {
            let start = Instant::now();
            let status = self.command(program, delay).status().unwrap();
            assert!(status.success(), "{}: {status}", program.display());
            start.elapsed()
        };
        let floor = self.folder.path().join("floor");
        let (mut ours, mut theirs): (Vec<_>, Vec<_>) = (0..runs)
            .map(|_| (run(Path::new(CHARM)), run(&floor)))
            .unzip();
        ours.sort_unstable();
        theirs.sort_unstable();
        (ours[runs / 2], theirs[runs / 2])
    }

    /// Peak memory in KiB and time on a processor of the charm, its tools not counted: what the
    /// kernel last said before it ended, and before each of its threads did.
    fn appetite(&self) -> (u64, Duration) {
        let mut child = self.command(Path::new(CHARM), 5).spawn().unwrap();
        let proc = PathBuf::from(format!("/proc/{}", child.id()));
        let mut peak = 0;
        let mut threads = BTreeMap::new();
        while child.try_wait().unwrap().is_none() {
            let status = fs::read_to_string(proc.join("status")).unwrap_or_default();
            let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
            let kib = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
            peak = kib.unwrap_or(0).max(peak);
            for thread in fs::read_dir(proc.join("task"))
                .into_iter()
                .flatten()
                .flatten()
            {
                let sched = fs::read_to_string(thread.path().join("schedstat"));
                let sched = sched.unwrap_or_default();
                if let Some(time) = sched.split(' ').next().and_then(|text| text.parse().ok()) {
                    threads.insert(thread.file_name(), Duration::from_nanos(time));
                }
            }
            thread::sleep(Duration::from_micros(300));
        }
        (peak, threads.values().sum())
    }
}

fn options(providers: usize, form: Form) -> BTreeMap<String, String> {
    let text = |text: &str| text.to_owned();
    let item = |number: usize| {
        let id = format!("client-{number}");
        let pairs = [
            ("provider", "google"),
            ("client_id", &id),
            ("client_secret", SECRET),
            ("scope", "openid"),
        ];
        BTreeMap::from(pairs.map(|(name, value)| (text(name), text(value))))
    };
    let list: Vec<_> = (0..providers).map(item).collect();
    match form {
        Form::Options => item(0),
        Form::Json => BTreeMap::from([(text("providers"), serde_json::to_string(&list).unwrap())]),
        Form::Yaml => BTreeMap::from([(text("providers"), serde_yaml::to_string(&list).unwrap())]),
        Form::Secrets => BTreeMap::from([
            (text("providers"), serde_json::to_string(&list).unwrap()),
            (text("secret_backend"), text("secret")),
        ]),
    }
}

/// How the providers are configured.
#[derive(Clone, Copy, Debug)]
enum Form {
    /// By the charm's options.
    Options,
    /// By a list in JSON.
    Json,
    /// By a list in YAML.
    Yaml,
    /// By a list in JSON; their secrets travel in Juju secrets.
    Secrets,
}

fn drive() {
    // `cargo bench` passes options of the usual harness. As there, a word picks rows.
    let (arguments, words): (Vec<_>, Vec<_>) = env::args()
        .skip(1)
        .partition(|argument| argument.starts_with('-'));
    let quick = arguments.iter().any(|argument| argument == "--quick");
    println!(
        "| hook or action | configured by | providers | relations | calls | KiB | charm | floor | ratio | charm, 5 ms | floor, 5 ms | ratio | CPU | peak |"
    );
    println!(
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    );
    let changed = "hooks/kratos-external-idp-relation-changed";
    let broken = "hooks/kratos-external-idp-relation-broken";
    for (hook, form, providers, relations, runs) in [
        ("hooks/install", Form::Options, 1, 0, 200),
        ("hooks/config-changed", Form::Options, 1, 1, 200),
        ("hooks/leader-elected", Form::Options, 1, 1, 200),
        (changed, Form::Options, 1, 1, 200),
        (broken, Form::Options, 1, 1, 200),
        ("hooks/update-status", Form::Options, 1, 0, 200),
        ("hooks/update-status", Form::Options, 1, 1, 200),
        ("hooks/stop", Form::Options, 1, 1, 200),
        ("actions/get-redirect-uri", Form::Options, 1, 1, 200),
        ("actions/validate-config", Form::Options, 1, 1, 200),
        ("hooks/update-status", Form::Json, 10, 1, 100),
        ("hooks/update-status", Form::Json, 100, 1, 100),
        ("hooks/update-status", Form::Yaml, 100, 1, 100),
        ("hooks/config-changed", Form::Yaml, 100, 1, 100),
        ("actions/get-redirect-uri", Form::Yaml, 100, 1, 100),
        ("hooks/update-status", Form::Secrets, 1, 1, 200),
        ("hooks/update-status", Form::Secrets, 10, 1, 40),
        ("hooks/update-status", Form::Options, 1, 10, 40),
        ("hooks/update-status", Form::Options, 1, 100, 6),
        ("hooks/config-changed", Form::Options, 1, 100, 6),
    ] {
        let hook_name = hook.rsplit('/').next().unwrap();
        let row = format!(
            "| {} | {} | {providers} | {relations} |",
            hook_name.trim_start_matches("kratos-external-idp-"),
            format!("{form:?}").to_lowercase(),
        );
        if !words.iter().all(|word| row.contains(word.as_str())) {
            continue;
        }
        let runs = if quick { 3 } else { runs };
        let world = World::new(hook, form, providers, relations);
        let (calls, bytes) = world.record();
        let ratio = |ours: Duration, theirs: Duration| ours.as_secs_f64() / theirs.as_secs_f64();
        let ms = |time: Duration| format!("{:.1} ms", time.as_secs_f64() * 1e3);
        let (fast, fast_floor) = world.time(0, runs);
        let (slow, slow_floor) = world.time(5, runs.div_ceil(5));
        let (peak, cpu) = world.appetite();
        println!(
            "{row} {calls} | {:.1} | {} | {} | {:.2} | {} | {} | {:.2} | {} | {:.1} MiB |",
            f64::from(u32::try_from(bytes).unwrap()) / 1024.0,
            ms(fast),
            ms(fast_floor),
            ratio(fast, fast_floor),
            ms(slow),
            ms(slow_floor),
            ratio(slow, slow_floor),
            ms(cpu),
            f64::from(u32::try_from(peak).unwrap()) / 1024.0,
        );
    }
}
