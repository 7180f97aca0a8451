//! The program `minimal-op`.

use std::fs;
use std::path::Path;

use minimal_op::{ConfigFile, Dialect, SqliteStore, Store as _, Ticket, TicketKind};

use crate::world::{FILES, Program, SECRET, TOKEN, code, file, login_request, run, token_form};

#[test]
fn it_says_what_it_is_and_where_it_listens() {
    let mut program = Program::start(Dialect::Gafaelfawr, &[]);
    let issuer = program.issuer.clone();
    assert!(issuer.starts_with("http://127.0.0.1:"), "{issuer}");
    let answer = program.client.get("/.well-known/openid-configuration");
    assert_eq!(answer.json()["issuer"], issuer);
    let warning = &program.warning;
    assert!(warning.contains("for tests and demos only"), "{warning}");
}

#[test]
fn a_client_and_a_user_can_come_from_arguments() {
    let folder = tempfile::tempdir().unwrap();
    let secret = folder.path().join("secret");
    fs::write(&secret, format!("{SECRET}\n")).unwrap();
    let client = format!(
        "id=corp,secret-file={},return-uri=https://iam.example.com/callback/corp",
        secret.display()
    );
    let arguments = [
        "--key",
        &file("key.pem"),
        "--client",
        &client,
        "--user",
        "username=alice,email=alice@example.com,email-verified=true",
    ];
    let mut program = Program::start_with(&arguments);
    let client = &mut program.client;
    let code = code(client, &[]);
    let answer = client.post(TOKEN, "", &token_form(&[("code", &code)]));
    let token = answer.json()["access_token"].as_str().unwrap().to_owned();
    let info = client.user_info(&token).json();
    assert_eq!(info["email"], "alice@example.com");
    assert_eq!(info["email_verified"], true);
}

#[test]
fn a_database_survives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("op.sqlite");
    let database = database.to_str().unwrap();
    let issuer = ["--database", database, "--issuer", "http://127.0.0.1:1/"];
    // The issuer stays, and with it the name of the cookie.
    let first = Program::start(Dialect::Gafaelfawr, &issuer);
    let mut client = first.client.clone();
    let old_code = code(&mut client, &[]);
    let redeemed = code(&mut client, &[]);
    let answer = client.post(TOKEN, "", &token_form(&[("code", &redeemed)]));
    let token = answer.json()["access_token"].as_str().unwrap().to_owned();
    drop(first);

    let second = Program::start(Dialect::Gafaelfawr, &issuer);
    client.address.clone_from(&second.client.address);
    assert_eq!(client.user_info(&token).json()["sub"], "alice");
    let form = token_form(&[("code", &redeemed)]);
    assert_eq!(client.post(TOKEN, "", &form).status, 400);
    let form = token_form(&[("code", &old_code)]);
    assert_eq!(client.post(TOKEN, "", &form).status, 200);
    assert!(client.get(&login_request(&[])).sent_back("code").is_some());
    drop(second);

    // Nothing in the file is worth stealing.
    let bytes = fs::read(database).unwrap();
    let text = String::from_utf8_lossy(&bytes);
    let token = Ticket::parse(TicketKind::AccessToken, &token).unwrap();
    assert!(text.contains(token.key()));
    for secret in [token.secret().expose(), SECRET, "wonderland"] {
        assert!(!text.contains(secret));
    }
    let store = SqliteStore::open(Path::new(database)).unwrap();
    assert!(
        store
            .get(TicketKind::AccessToken, token.key())
            .unwrap()
            .is_some()
    );
    assert!(store.remove(TicketKind::AccessToken, token.key()).unwrap());
    assert!(!store.remove(TicketKind::AccessToken, token.key()).unwrap());
    store.remove_all(TicketKind::Session).unwrap();
    store.remove_expired(u64::MAX).unwrap();
}

#[test]
fn what_cannot_be_is_refused() {
    struct Case {
        name: &'static str,
        arguments: Vec<String>,
        refusal: &'static str,
    }
    let wrong = FILES.path().join("wrong.yaml");
    fs::write(&wrong, "clients:\n  - id: a\n    secret: [hunter2]\n").unwrap();
    let case = |name, arguments: &[&str], refusal| Case {
        name,
        arguments: arguments
            .iter()
            .map(|&argument| argument.to_owned())
            .collect(),
        refusal,
    };
    let cases = [
        case(
            "an address that others reach",
            &["--listen", "0.0.0.0:0"],
            "0.0.0.0:0 is not on loopback, and this provider is for tests and demos on one machine",
        ),
        case(
            "no address",
            &["--listen", "here"],
            "invalid value 'here' for '--listen",
        ),
        case(
            "an unknown dialect",
            &["--dialect", "latin"],
            "invalid value 'latin' for '--dialect",
        ),
        case(
            "a file that is not there",
            &["--config", "/nowhere"],
            "cannot read /nowhere",
        ),
        case(
            "a file of another form",
            &["--config", &file("wrong.yaml")],
            "at line 3, column 13",
        ),
        case(
            "a key that is not there",
            &["--key", "/nowhere"],
            "cannot read /nowhere",
        ),
        case(
            "no key",
            &["--key", &file("config.yaml")],
            "not an RSA key in PEM",
        ),
        case(
            "no database",
            &["--database", "/nowhere/op"],
            "the store failed",
        ),
        case(
            "a secret among the arguments",
            &["--client", "id=a,secret=hunter2"],
            "\"secret\" is not",
        ),
        case(
            "a user twice",
            &["--user", "username=a", "--user", "username=a"],
            "\"a\" is there twice",
        ),
    ];
    for case in cases {
        let mut arguments = vec!["serve"];
        arguments.extend(case.arguments.iter().map(String::as_str));
        let output = run(&arguments);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success(), "{}", case.name);
        assert!(said.contains(case.refusal), "{}: {said}", case.name);
        assert!(!said.contains("hunter2"), "{}: {said}", case.name);
        assert!(output.stdout.is_empty(), "{}", case.name);
    }
}

#[test]
fn help_and_readme_list_the_dialects() {
    let output = run(&["serve", "--help"]);
    let help = String::from_utf8(output.stdout).unwrap();
    let readme = include_str!("../../README.md");
    for dialect in Dialect::all() {
        assert!(help.contains(&format!("- {dialect}:")), "{help}");
        assert!(
            readme.contains(&format!("`{dialect}`")),
            "README.md: {dialect}"
        );
    }
    let words: String = help.split_whitespace().collect::<Vec<_>>().join(" ");
    for flag in ["--listen-anywhere", "--database", "--key", "--config"] {
        assert!(words.contains(flag) && readme.contains(flag), "{flag}");
    }
}

#[test]
fn the_readmes_file_is_understood() {
    let readme = include_str!("../../README.md");
    let (_, yaml) = readme.split_once("```yaml\n").unwrap();
    let (yaml, _) = yaml.split_once("```").unwrap();
    let path = FILES.path().join("readme.yaml");
    fs::write(&path, yaml).unwrap();
    let file = ConfigFile::read(&path).unwrap();
    assert_eq!((file.clients.len(), file.users.len()), (1, 1));
    assert_eq!(file.users[0].email_verified, Some(true));

    // JSON is YAML as well.
    fs::write(&path, r#"{"users": [{"username": "bob"}]}"#).unwrap();
    assert_eq!(ConfigFile::read(&path).unwrap().users[0].username, "bob");
}
