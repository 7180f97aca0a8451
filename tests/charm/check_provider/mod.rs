//! `check-provider` and `check`: the built binaries ask providers that listen here, good ones and
//! hostile ones.

mod action;
mod applications;
mod dialects;
mod hostile;
mod op_answers;
mod tls;
mod web;

use std::collections::BTreeMap;
use std::process::Output;

pub(crate) use self::hostile::{honest, parrot};
use serde_json::{Value, json};

use crate::support::{charm, charm_with, stdout};

/// The verdicts, by the names of the checks.
type Verdicts = BTreeMap<String, String>;

/// The verdicts in the JSON of a report.
fn verdicts(found: &Value) -> Verdicts {
    let checks = found["checks"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    checks
        .iter()
        .map(|one| (text(&one["name"]), text(&one["verdict"])))
        .collect()
}

/// The check called `name` in a report.
fn named<'a>(found: &'a Value, name: &str) -> &'a Value {
    let mut checks = found["checks"].as_array().unwrap().iter();
    let check = checks.find(|one| one["name"] == name);
    check.unwrap_or_else(|| panic!("{name} in {found}"))
}

/// A file with a generic provider at `issuer`, and these options instead of its own.
fn generic(issuer: &str, options: &[(&str, &str)]) -> String {
    let mut file = json!({
        "provider": "generic",
        "client_id": "c",
        "client_secret": "hunter2-secret",
        "issuer_url": issuer,
        "provider_id": "corp",
        "scope": "openid email",
    });
    for (option, value) in options {
        file[*option] = (*value).into();
    }
    json!({ "idp": file }).to_string()
}

/// What `check` says of the provider at `issuer`.
fn check(issuer: &str, options: &[(&str, &str)]) -> Value {
    check_with(issuer, options, &[])
}

/// The same, with more flags.
fn check_with(issuer: &str, options: &[(&str, &str)], flags: &[&str]) -> Value {
    report(&run(&generic(issuer, options), flags, &[]))
}

/// Runs `check` on a file, with these flags and variables.
fn run(file: &str, flags: &[&str], variables: &[(&str, &str)]) -> Output {
    let url = [
        "--public-url",
        "https://iam.example.com",
        "--format",
        "json",
    ];
    let args = [&["check", "-"], &url[..], flags].concat();
    charm_with(&args, file, variables)
}

/// The report that was printed. It holds together: the exit code goes by the worst verdict, and
/// what is not good has a fix or needs none.
fn report(output: &Output) -> Value {
    let found: Value =
        serde_json::from_str(&stdout(output)).unwrap_or_else(|error| panic!("{error}: {output:?}"));
    let worst = ["bad", "unknown", "good"]
        .into_iter()
        .find(|verdict| verdicts(&found).values().any(|one| one == verdict));
    assert_eq!(found["verdict"], worst.unwrap(), "{found}");
    let code = i32::from(worst == Some("bad"));
    assert_eq!(output.status.code(), Some(code), "{output:?}");
    for check in found["checks"].as_array().unwrap() {
        let has_fix = check["fix"] != "";
        assert!(check["verdict"] != "bad" || has_fix, "{check}");
    }
    found
}

#[test]
fn the_report_is_for_people_too() {
    let web = hostile::honest();
    let file = generic(&web.url(), &[("client_secret", "wrong")]);
    let output = charm(&["check", "-"], &file);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let lines = stdout(&output);
    let lines: Vec<_> = lines.lines().collect();
    let url = web.url();
    assert_eq!(
        lines[2],
        "credentials: bad: the provider refuses client_id and client_secret: invalid_client: run juju \
         config idp client_secret='<secret>'"
    );
    let command = lines[lines.len() - 7..lines.len() - 1].join("\n");
    assert_eq!(
        command,
        format!(
            "juju config idp \\\n  authorization_endpoint={url}/authorize \\\n  \
             token_endpoint={url}/token \\\n  userinfo_endpoint={url}/userinfo \\\n  \
             introspection_endpoint={url}/introspect \\\n  jwks_endpoint={url}/jwks"
        )
    );
    assert_eq!(lines.last(), Some(&"bad"));
}

#[test]
fn what_cannot_be_asked_is_said() {
    struct Case {
        name: &'static str,
        file: String,
        flags: &'static [&'static str],
        says: &'static str,
    }

    let two = |id: &str| {
        format!(
            "{{provider: google, client_id: c, client_secret: s, scope: openid email, provider_id: {id}}}"
        )
    };
    let two =
        json!({ "idp": { "providers": format!("[{}, {}]", two("a"), two("b")) } }).to_string();
    for Case {
        name,
        file,
        flags,
        says,
    } in [
        Case {
            name: "a wrong configuration",
            file: generic("https://idp.example.com", &[("client_id", "")]),
            flags: &[],
            says: "client_id: not set",
        },
        Case {
            name: "several providers",
            file: two.clone(),
            flags: &[],
            says: "there are several providers: choose one with provider-id",
        },
        Case {
            name: "an unknown one",
            file: two,
            flags: &["--provider-id", "c"],
            says: "no provider has this provider-id: run validate-config to see the ids",
        },
        Case {
            name: "no such file of certificates",
            file: generic("https://idp.example.com", &[]),
            flags: &["--ca", "/nowhere"],
            says: "/nowhere cannot be read",
        },
    ] {
        let output = run(&file, flags, &[]);
        assert_eq!(output.status.code(), Some(1), "{name}: {output:?}");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains(says), "{name}: {said}");
    }
}
