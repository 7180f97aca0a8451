//! Secrets: user secrets, charms' own, who may read them, and the hooks about them.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod support;

use juju_sandbox::{Model, SecretOwner, SecretScope};
use support::{act, pair, script, settled};

/// What an action of a unit prints.
fn says(model: &mut Model, unit: &str, text: &str) -> String {
    let outcome = act(model, unit, text);
    outcome.stdout + &outcome.stderr
}

/// The hooks of a unit since the last time.
fn heard(model: &mut Model, unit: &str) -> Vec<String> {
    model.forget_runs();
    settled(model, unit)
}

#[test]
fn a_user_secret() {
    let mut model = pair();
    let uri = model.add_secret("login", &[("token", "one")]).unwrap();
    let id = uri.strip_prefix("secret:").unwrap().to_owned();
    model.configure("a", &[("key", &uri)]).unwrap();
    assert_eq!(heard(&mut model, "a/0"), ["config-changed"]);
    let get = format!("secret-get {uri} token");
    for unit in ["a/0", "a/1", "b/0"] {
        assert_eq!(says(&mut model, unit, &get), "ERROR permission denied\n");
    }
    model.grant_secret("login", "a").unwrap();
    assert!(heard(&mut model, "a/0").is_empty());
    assert_eq!(says(&mut model, "a/0", &get), "one\n");
    assert_eq!(says(&mut model, "b/0", &get), "ERROR permission denied\n");

    model.update_secret(&id, &[("token", "two")]).unwrap();
    // a/1 has not read it, and a/0 goes on reading what it has.
    script(
        &model,
        "a/0",
        "secret-changed",
        "env | grep SECRET | sort; secret-get $JUJU_SECRET_ID",
    );
    assert_eq!(heard(&mut model, "a/0"), ["secret-changed"]);
    let run = &model.runs()[0];
    assert_eq!(
        run.stdout,
        format!("JUJU_SECRET_ID={uri}\nJUJU_SECRET_LABEL=\ntoken: one\n")
    );
    assert!(model.runs().iter().all(|run| run.unit == "a/0"));
    assert_eq!(
        says(
            &mut model,
            "a/0",
            &format!("{get} --peek; {get}; {get} --refresh; {get}")
        ),
        "two\none\ntwo\ntwo\n"
    );
    assert!(heard(&mut model, "a/0").is_empty());
    // The first reading of a secret that is not new is told of once.
    assert_eq!(says(&mut model, "a/1", &get), "two\n");
    assert_eq!(heard(&mut model, "a/1"), ["secret-changed"]);
    assert!(heard(&mut model, "a/1").is_empty());

    let secret = model.secret("login").unwrap();
    assert_eq!(
        (secret.id(), secret.uri(), secret.name()),
        (id.as_str(), uri.clone(), Some("login"))
    );
    assert_eq!((secret.owner(), secret.label()), (&SecretOwner::User, ""));
    assert_eq!(
        (secret.latest_revision(), secret.revisions()),
        (2, vec![1, 2])
    );
    assert_eq!(secret.content(1).unwrap()["token"], "one");
    assert_eq!(
        secret.grants().into_iter().collect::<Vec<_>>(),
        [("a", SecretScope::Model)]
    );
    model.revoke_secret("login", "a").unwrap();
    assert_eq!(says(&mut model, "a/0", &get), "ERROR permission denied\n");
    model.remove_secret("login").unwrap();
    assert_eq!(
        says(&mut model, "a/0", &get),
        format!("ERROR secret \"{uri}\" not found\n")
    );
    assert_eq!(model.secrets().count(), 0);
}

#[test]
fn an_application_s_secret() {
    let mut model = pair();
    let add = "uri=$(secret-add --label key --description d token=one); relation-set -r 2 --app uri=$uri; secret-grant $uri -r 2; secret-info-get $uri --format json; secret-get $uri";
    let printed = says(&mut model, "a/0", add);
    let secret = model.secret("key").unwrap();
    let (id, uri) = (secret.id().to_owned(), secret.uri());
    assert_eq!(secret.owner(), &SecretOwner::Application("a".into()));
    assert_eq!(
        secret.grants().into_iter().collect::<Vec<_>>(),
        [("b", SecretScope::Relation(2))]
    );
    assert_eq!(
        printed,
        format!(
            "{{\"{id}\":{{\"access\":[{{\"role\":\"view\",\"scope\":\"relation-b.backend#a.db\",\"target\":\"application-b\"}}],\"description\":\"d\",\"label\":\"key\",\"owner\":\"application\",\"revision\":1}}}}\ntoken: one\n"
        )
    );
    let full = format!("secret://{}/{id}", model.settings().uuid);
    assert_eq!(model.app_databag(2, "a").unwrap()["uri"], full);
    for (unit, text) in [
        ("a/0", "secret-get --label key"),
        ("a/1", "secret-get --label key"),
        (
            "b/0",
            "secret-get $(relation-get -r 2 --app uri a) token --label theirs; secret-get --label theirs",
        ),
    ] {
        assert!(
            says(&mut model, unit, text).ends_with("token: one\n"),
            "{unit}"
        );
    }
    assert_eq!(
        says(&mut model, "a/0", &format!("secret-set {id} token=two")),
        ""
    );
    script(
        &model,
        "b/0",
        "secret-changed",
        "echo $JUJU_SECRET_ID,$JUJU_SECRET_LABEL; secret-get --label theirs --refresh",
    );
    assert_eq!(
        heard(&mut model, "b/0"),
        ["secret-changed", "backend-relation-changed"]
    );
    let run = model.runs().iter().find(|run| run.unit == "b/0").unwrap();
    assert_eq!(run.stdout, format!("{uri},theirs\ntoken: two\n"));
    assert_eq!(says(&mut model, "a/0", &format!("secret-remove {id}")), "");
    assert_eq!(model.secrets().count(), 0);
}
