//! Who is known in all tests, and the program that knows them.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Output, Stdio};
use std::sync::{Arc, LazyLock};

use minimal_op::{Config, ConfigFile, Dialect, ManualClock, Server};
use rsa::RsaPrivateKey;
use rsa::pkcs1::EncodeRsaPrivateKey as _;
use rsa::pkcs8::LineEnding;
use rsa::rand_core::OsRng;
use tempfile::TempDir;

use crate::client::{Answer, Client, encoded};

/// The file with the clients and users. Client `corp` authenticates by Basic where that counts, and
/// `other` by form; the URI of `plain` breaks the rule, and that of `local` is on loopback.
pub(crate) const CONFIG: &str = r#"
clients:
  - id: corp
    secret: "hunter2:%41+b"
    return_uri: https://iam.example.com/callback/corp
  - id: other
    secret: other secret
    return_uri: https://iam.example.com/callback/other
    token_endpoint_auth_method: client_secret_post
  - id: plain
    secret: plain secret
    return_uri: http://iam.example.com/callback/plain
  - id: local
    secret: local secret
    return_uri: http://127.0.0.1:9/callback
users:
  - username: alice
    password: wonderland
    name: Alice <Example>
    email: alice@example.com
    data_rights: dp1 dp2
    claims: {groups: [admins], sub: mallory}
  - username: bob
"#;

/// The secret of client `corp`: with a colon and a percent sign, which Basic leaves as they are.
pub(crate) const SECRET: &str = "hunter2:%41+b";
pub(crate) const RETURN_URI: &str = "https://iam.example.com/callback/corp";
/// A code in the form of one, which was never issued.
pub(crate) const MADE_UP: &str = "gc-0123456789abcdefABCDEF.0123456789abcdefABCDEF";
/// The pair of RFC 7636, appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

pub(crate) const TOKEN: &str = "/auth/openid/token";

/// One key for all programs: a new one takes longer than all they do. With it, the file for
/// `--config`.
pub(crate) static FILES: LazyLock<TempDir> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let key = RsaPrivateKey::new(&mut OsRng, 2048).unwrap();
    let pem = key.to_pkcs1_pem(LineEnding::LF).unwrap();
    fs::write(folder.path().join("key.pem"), pem.as_bytes()).unwrap();
    fs::write(folder.path().join("config.yaml"), CONFIG).unwrap();
    folder
});

pub(crate) fn file(name: &str) -> String {
    FILES.path().join(name).to_str().unwrap().to_owned()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the program is what this is about"
)]
pub(crate) fn command() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_minimal-op"));
    command.env_clear();
    command
}

/// Runs the program to its end.
pub(crate) fn run(arguments: &[&str]) -> Output {
    command().args(arguments).output().unwrap()
}

/// The running program. It is killed when it is dropped.
pub(crate) struct Program {
    child: Child,
    stderr: BufReader<ChildStderr>,
    /// The first line of what it wrote to stderr.
    pub(crate) warning: String,
    pub(crate) issuer: String,
    pub(crate) client: Client,
}

impl Program {
    /// Starts the program with what all tests know.
    pub(crate) fn start(dialect: Dialect, more: &[&str]) -> Self {
        let (key, config) = (file("key.pem"), file("config.yaml"));
        let mut arguments = vec!["--key", &key, "--config", &config];
        arguments.extend(["--dialect", dialect.name()]);
        arguments.extend(more);
        Self::start_with(&arguments)
    }

    /// Starts the program with these arguments only.
    pub(crate) fn start_with(arguments: &[&str]) -> Self {
        let mut child = command()
            .arg("serve")
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let stdout = child.stdout.take().unwrap();
        BufReader::new(stdout).read_line(&mut line).unwrap();
        let issuer = line.trim_end().to_owned();
        assert!(!issuer.is_empty(), "{arguments:?}: it does not listen");
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let mut warning = String::new();
        stderr.read_line(&mut warning).unwrap();
        // Where it listens is in the issuer too, unless that is given.
        let (_, address) = warning.split_once("listening on ").unwrap();
        let (address, _) = address.split_once(": ").unwrap();
        let client = Client::of(&format!("http://{address}/"));
        Self {
            child,
            stderr,
            warning,
            issuer,
            client,
        }
    }

    /// Stops the program, and returns what else it wrote to stderr.
    pub(crate) fn stop(mut self) -> String {
        self.child.kill().unwrap();
        let mut said = String::new();
        self.stderr.read_to_string(&mut said).unwrap();
        said
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A server in this process, with a clock that stands at 1,000,000.
pub(crate) fn server(dialect: Dialect) -> (Server, ManualClock) {
    let clock = ManualClock::at(1_000_000);
    let config = Config {
        clock: Arc::new(clock.clone()),
        ..known(dialect)
    };
    (Server::start(config).unwrap(), clock)
}

/// What a server is started with that knows whom all tests know.
pub(crate) fn known(dialect: Dialect) -> Config {
    let ConfigFile { clients, users } = ConfigFile::read(Path::new(&file("config.yaml"))).unwrap();
    Config {
        clients,
        users,
        dialect,
        ..Config::default()
    }
}

/// A request to the authorization endpoint that is right, with these changes: a field with an empty
/// value is left out.
pub(crate) fn login_request(changes: &[(&str, &str)]) -> String {
    let mut fields = vec![
        ("response_type", "code"),
        ("client_id", "corp"),
        ("redirect_uri", RETURN_URI),
        ("scope", "openid profile email rubin unheard-of"),
        ("state", "st"),
        ("nonce", "n0nce"),
    ];
    change(&mut fields, changes);
    format!("/auth/openid/login?{}", encoded(&fields))
}

/// A form for the token endpoint that is right but for its made-up code, with these changes.
pub(crate) fn token_form<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![
        ("grant_type", "authorization_code"),
        ("code", MADE_UP),
        ("redirect_uri", RETURN_URI),
        ("client_id", "corp"),
        ("client_secret", SECRET),
    ];
    change(&mut fields, changes);
    fields
}

fn change<'a>(fields: &mut Vec<(&'a str, &'a str)>, changes: &[(&'a str, &'a str)]) {
    for &(name, value) in changes {
        fields.retain(|(other, _)| *other != name);
        if !value.is_empty() {
            fields.push((name, value));
        }
    }
}

/// Logs somebody in and has a code issued.
pub(crate) fn code(client: &mut Client, changes: &[(&str, &str)]) -> String {
    client.log_in("alice", "wonderland");
    let answer = client.get(&login_request(changes));
    let code = answer.sent_back("code");
    code.unwrap_or_else(|| panic!("{answer:?}"))
}

/// `error` and `error_description` of an answer.
pub(crate) fn told(answer: &Answer) -> (String, String) {
    let body = answer.json();
    let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
    (text("error"), text("error_description"))
}
