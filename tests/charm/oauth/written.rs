//! What is written, row by row of what is known of released requirers.

use std::collections::BTreeMap;

use juju_sandbox::{HookRun, SecretScope};

use super::reader::{Reading, read};
use super::{GENERIC, SECRET, Scene};
use crate::support::{GOOGLE, assert_all_succeeded, assert_all_succeeded_with};

/// A certificate, as far as anybody looks.
const PEM: &str = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----";

#[test]
fn a_client_has_all_keys_and_a_secret_that_can_be_read() {
    let (mut scene, _, relation) = Scene::served(2, &GENERIC);
    let (keys, secret) = scene.client(relation);
    for (key, value) in [
        ("issuer_url", "https://op.example.org"),
        ("authorization_endpoint", "https://op.example.org/authorize"),
        ("token_endpoint", "https://op.example.org/token"),
        ("jwks_endpoint", "https://op.example.org/jwks"),
        ("userinfo_endpoint", ""),
        ("introspection_endpoint", ""),
        ("scope", "openid email"),
        ("jwt_access_token", "False"),
        ("client_id", "corp-client"),
    ] {
        assert_eq!(keys.text(key), Some(value), "{key}");
    }
    assert_eq!(secret, SECRET);
    for key in ["ca_chain", "groups"] {
        assert_eq!(scene.raw(relation, key), None, "{key}: absent");
    }
    for key in ["userinfo_endpoint", "introspection_endpoint"] {
        assert_eq!(
            scene.raw(relation, key).unwrap(),
            "\"\"",
            "Juju drops empty keys"
        );
    }
    let uri = scene.raw(relation, "client_secret_id").unwrap();
    let own = scene.secret(&uri).unwrap();
    assert_eq!(
        own.grants(),
        BTreeMap::from([("grafana", SecretScope::Relation(relation))])
    );
    let content = own.content(own.latest_revision()).unwrap();
    assert_eq!(*content, BTreeMap::from([("secret".into(), SECRET.into())]));
    // Nothing else, and nothing of a single unit's.
    for unit in ["idp/0", "idp/1"] {
        let databag = scene.unit_databag(relation, unit).unwrap();
        let of_juju = ["egress-subnets", "ingress-address", "private-address"];
        let keys: Vec<_> = databag.keys().map(String::as_str).collect();
        assert_eq!(keys, of_juju, "{unit}");
    }
    scene.config(&[("jwt_access_token", "true")]);
    assert_all_succeeded(&scene);
}

#[test]
fn there_are_endpoints_before_the_client_is_asked_for() {
    let mut scene = Scene::new(1, &GENERIC);
    let relation = scene.integrated("grafana");
    let keys = scene.waiting(relation);
    assert_eq!(keys.text("issuer_url"), Some("https://op.example.org"));
    for key in ["client_id", "client_secret_id"] {
        assert_eq!(scene.raw(relation, key), None, "{key}");
    }
    assert!(scene.own_secrets().is_empty());
    scene.ask(relation, "grafana", &[]);
    assert_eq!(scene.client(relation).1, SECRET);
    assert_all_succeeded(&scene);
}

#[test]
fn every_client_id_reaches_the_application_as_it_is() {
    let long = "9".repeat(5000);
    let nest = "[".repeat(2000);
    let (mut scene, _, relation) = Scene::served(1, &GENERIC);
    for id in [
        "7890123",
        "-0",
        "1234.5678",
        "NaN",
        "Infinity",
        "-Infinity",
        "true",
        "false",
        "null",
        "1e5",
        "1e999",
        "[1]",
        "[]",
        "[NaN]",
        "{}",
        "0123",
        "12a",
        "123-abc.apps.googleusercontent.com",
        "a \"b\" \\ c",
        "é",
        "\"",
        &long,
        &nest,
    ] {
        scene.config(&[("client_id", id)]);
        assert_eq!(scene.client(relation).0.text("client_id"), Some(id), "{id}");
        let status = scene.says("idp/0");
        assert!(!status.contains("oauth waits"), "{id}: {status}");
    }
    // Quotes around a value are not part of it, as in Kratos' YAML.
    for (option, id, written) in [
        ("\"x\"", "x", "x"),
        ("\"7\"", "7", "\"7\""),
        ("'\"x\"'", "\"x\"", r#""\"x\"""#),
    ] {
        scene.config(&[("client_id", option)]);
        assert_eq!(
            scene.client(relation).0.text("client_id"),
            Some(id),
            "{option}"
        );
        assert_eq!(
            scene.raw(relation, "client_id").unwrap(),
            written,
            "{option}"
        );
    }
    // Quotes are shown to whoever reads without a library, so only what needs them has them.
    for (id, written) in [
        ("7890123", "\"7890123\""),
        ("0123", "0123"),
        ("corp-client", "corp-client"),
    ] {
        scene.config(&[("client_id", id)]);
        assert_eq!(scene.raw(relation, "client_id").unwrap(), written);
    }
    assert_all_succeeded(&scene);
}

#[test]
fn what_is_optional_is_a_right_value_or_absent() {
    struct Case {
        name: &'static str,
        options: Vec<(&'static str, String)>,
        key: &'static str,
        written: Option<String>,
    }
    let case = |name, option, value: &str, key, written: Option<&str>| Case {
        name,
        options: vec![(option, value.to_owned())],
        key,
        written: written.map(str::to_owned),
    };
    let two = format!("subject=x\n{PEM}\n\nissuer=y\n{PEM}\n");
    let in_json = |pem: &str| pem.replace('\n', "\\n");
    let list = format!("[\"{0}\", \"{0}\"]", in_json(PEM));
    let one = format!("[\"{}\"]", in_json(PEM));
    let jwt = "jwt_access_token";
    let (userinfo, introspection) = ("userinfo_endpoint", "introspection_endpoint");
    let url = "https://op.example.org/x";
    let (mut scene, _, relation) = Scene::served(1, &GENERIC);
    for Case {
        name,
        options,
        key,
        written,
    } in [
        case("a JWT", jwt, "true", jwt, Some("True")),
        case("no JWT", jwt, "false", jwt, Some("False")),
        case("certificates", "ca_chain", &two, "ca_chain", Some(&list)),
        case("one certificate", "ca_chain", PEM, "ca_chain", Some(&one)),
        case("no certificates", "ca_chain", "", "ca_chain", None),
        case(
            "a claim",
            "groups_claim",
            "groups",
            "groups",
            Some("groups"),
        ),
        case("null", "groups_claim", "null", "groups", Some("\"null\"")),
        case("a number", "groups_claim", "7", "groups", Some("\"7\"")),
        case("white space", "groups_claim", "  ", "groups", None),
        case("no claim", "groups_claim", "", "groups", None),
        case("userinfo", userinfo, url, userinfo, Some(url)),
        case("no userinfo", userinfo, "", userinfo, Some("\"\"")),
        case(
            "introspection",
            introspection,
            url,
            introspection,
            Some(url),
        ),
        case("none", introspection, "", introspection, Some("\"\"")),
        case(
            "a scope",
            "scope",
            "openid groups",
            "scope",
            Some("openid groups"),
        ),
        case("no openid", "scope", "email", "scope", Some("openid email")),
        case(
            "a JSON scope",
            "scope",
            "7 openid",
            "scope",
            Some("7 openid"),
        ),
    ] {
        let options: Vec<_> = options
            .iter()
            .map(|(name, value)| (*name, &**value))
            .collect();
        scene.config(&options);
        assert_eq!(scene.raw(relation, key), written, "{name}");
        assert_eq!(scene.client(relation).1, SECRET, "{name}");
        assert_all_succeeded_with(&scene, name);
    }
    scene.config(&[("ca_chain", &two)]);
    let (keys, _) = scene.client(relation);
    assert_eq!(keys.texts("ca_chain").unwrap(), [PEM, PEM]);
}

#[test]
fn each_kind_with_openid_has_its_endpoints() {
    let key = crate::support::APPLE_KEY;
    for (kind, options) in [
        ("google", &[][..]),
        ("gitlab", &[]),
        ("slack", &[]),
        ("discord", &[]),
        ("netid", &[]),
        ("facebook", &[]),
        (
            "microsoft",
            &[(
                "microsoft_tenant_id",
                "8eaef023-2b34-4da1-9baa-8bc8c9d6a490",
            )],
        ),
        (
            "apple",
            &[
                ("apple_team_id", "ABCDE12345"),
                ("apple_private_key_id", "ABCDE12345"),
                ("apple_private_key", key),
            ],
        ),
    ] {
        let (mut scene, _, relation) = Scene::google(1);
        let secret = if kind == "apple" { "" } else { SECRET };
        let kind_and_scope = [
            ("provider", kind),
            ("client_secret", secret),
            ("scope", "openid"),
        ];
        scene.configure("idp", options).unwrap();
        scene.config(&kind_and_scope);
        let (keys, _) = scene.client(relation);
        for key in [
            "issuer_url",
            "authorization_endpoint",
            "token_endpoint",
            "jwks_endpoint",
        ] {
            let url = keys.text(key).unwrap();
            assert!(url.starts_with("https://"), "{kind}: {key}: {url}");
            assert!(!url.contains(['{', '}']), "{kind}: {key}: {url}");
        }
        assert_all_succeeded_with(&scene, kind);
    }
}

/// All writes of a run on one relation, as the texts that `relation-set` was given.
fn writes(run: &HookRun) -> Vec<String> {
    let calls = run.calls.iter().filter(|call| call.tool == "relation-set");
    let said = |bytes: &Option<Vec<u8>>| {
        let bytes = bytes.clone().unwrap_or_default();
        String::from_utf8(bytes).unwrap()
    };
    calls.map(|call| said(&call.stdin)).collect()
}

#[test]
fn a_rotated_secret_has_a_new_uri_and_the_old_one_goes_later() {
    let (mut scene, _, relation) = Scene::google(2);
    let old = scene.raw(relation, "client_secret_id").unwrap();
    scene.forget_runs();
    scene.config(&[("client_secret", "hunter2-new")]);
    let new = scene.raw(relation, "client_secret_id").unwrap();
    assert_ne!(old, new, "the databag changes, so that old requirers look");
    assert_eq!(scene.client(relation).1, "hunter2-new");
    assert!(scene.secret(&old).is_ok(), "it may not have been told yet");
    let run = scene.last_run("idp/0", "config-changed");
    let tools = run.tools();
    let at = |tool| tools.iter().position(|one| *one == tool);
    assert!(at("secret-add") < at("secret-grant"), "{tools:?}");
    // The one before is about Kratos.
    let written = tools.iter().rposition(|one| *one == "relation-set");
    assert!(at("secret-grant") < written, "{tools:?}");
    assert!(!tools.contains(&"secret-remove"), "{tools:?}");
    let written = writes(&run);
    let written = written.last().unwrap();
    assert!(
        written.contains(&new) && !written.contains("client_id:"),
        "{written}"
    );
    scene.update_status("idp/1");
    assert!(scene.secret(&old).is_ok(), "only the leader removes");
    scene.update_status("idp/0");
    assert!(scene.secret(&old).is_err(), "a later hook");
    assert_eq!(scene.client(relation).1, "hunter2-new");
    assert_eq!(scene.own_secrets().len(), 1);
    assert_all_succeeded(&scene);
}

#[test]
fn google_gets_the_documented_endpoints_in_full() {
    let (scene, _, relation) = Scene::google(1);
    let databag = scene.app_databag(relation, "idp").unwrap();
    let expected = [
        ("issuer_url", "https://accounts.google.com"),
        (
            "authorization_endpoint",
            "https://accounts.google.com/o/oauth2/v2/auth",
        ),
        ("token_endpoint", "https://oauth2.googleapis.com/token"),
        ("introspection_endpoint", "\"\""),
        (
            "userinfo_endpoint",
            "https://openidconnect.googleapis.com/v1/userinfo",
        ),
        (
            "jwks_endpoint",
            "https://www.googleapis.com/oauth2/v3/certs",
        ),
        ("scope", "openid email"),
        ("jwt_access_token", "False"),
        ("client_id", GOOGLE[1].1),
        (
            "client_secret_id",
            &scene.raw(relation, "client_secret_id").unwrap(),
        ),
        // A note of the provider's own, which no requirer knows.
        ("requirer", "grafana"),
    ];
    let expected = expected.map(|(key, value)| (key.to_owned(), value.to_owned()));
    assert_eq!(*databag, BTreeMap::from(expected));
    let without_secret = read(databag, |_| None);
    assert!(
        matches!(without_secret, Reading::Broken(_)),
        "the secret is looked at"
    );
}
