//! Secrets: user secrets, charms' own, who may read them, and the hooks about them.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod support;

use juju_sandbox::{Deploy, Fault, FaultKind, Model, SecretOwner, SecretScope};
use support::{act, charm, pair, pair_of, script, settled};

/// What an action of a unit prints.
fn says(model: &mut Model, unit: &str, text: &str) -> String {
    let outcome = act(model, unit, text);
    outcome.stdout + &outcome.stderr
}

/// The hooks that a unit ran since the last time.
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
    // a/1 has not read it, and a/0 keeps reading what it has.
    script(
        &model,
        "a/0",
        "secret-changed",
        "env | grep SECRET | sort; secret-get $JUJU_SECRET_ID",
    );
    assert_eq!(heard(&mut model, "a/0"), ["secret-changed"]);
    let run = &model.runs()[0];
    assert_eq!(run.secret.as_ref(), Some(&uri));
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
    // After its first read of a secret that is not new, a unit is told about it once.
    assert_eq!(says(&mut model, "a/1", &get), "two\n");
    assert_eq!(heard(&mut model, "a/1"), ["secret-changed"]);
    assert!(heard(&mut model, "a/1").is_empty());

    // Juju announces it even to a unit that has read it already, and before anything else.
    model.update_secret("login", &[("token", "three")]).unwrap();
    assert_eq!(
        says(&mut model, "a/0", &format!("{get} --refresh")),
        "three\n"
    );
    model.configure("a", &[("text", "new")]).unwrap();
    let hooks = heard(&mut model, "a/0");
    assert_eq!(hooks, ["secret-changed", "config-changed"]);
    let told = model.runs().iter().filter(|run| run.unit == "a/1");
    assert!(told.map(|run| &run.hook).eq(&hooks));

    let secret = model.secret("login").unwrap();
    assert_eq!(
        (secret.id(), secret.uri(), secret.name()),
        (id.as_str(), uri.clone(), Some("login"))
    );
    assert_eq!((secret.owner(), secret.label()), (&SecretOwner::User, ""));
    assert_eq!(
        (secret.latest_revision(), secret.revisions()),
        (3, vec![1, 2, 3])
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
            "{{\"{id}\":{{\"revision\":1,\"label\":\"key\",\"owner\":\"application\",\"description\":\"d\"}}}}\ntoken: one\n"
        )
    );
    assert_eq!(
        says(
            &mut model,
            "a/0",
            "secret-info-get --label key --format json"
        ),
        format!(
            "{{\"{id}\":{{\"revision\":1,\"label\":\"key\",\"owner\":\"application\",\"description\":\"d\",\"access\":[{{\"target\":\"application-b\",\"scope\":\"relation-b.backend#a.db\",\"role\":\"view\"}}]}}}}\n"
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

/// The commit of an action that changes secrets: the refusal, if there was one.
fn refusal(model: &mut Model, unit: &str, text: &str) -> Option<String> {
    let outcome = act(model, unit, text);
    assert_eq!(outcome.stdout, "", "{text}");
    Some(outcome.stderr).filter(|stderr| !stderr.is_empty())
}

#[test]
fn a_failed_hook_leaves_tracking_only() {
    let mut model = pair();
    model.add_secret("login", &[("token", "one")]).unwrap();
    model.grant_secret("login", "a").unwrap();
    let id = model.secret("login").unwrap().id().to_owned();
    let own = says(
        &mut model,
        "a/0",
        "secret-add --label own key=one > /dev/null",
    );
    assert_eq!(own, "");
    let text = format!(
        "secret-get {id} --label L; id=$(secret-add --label new key=new); secret-get $id; \
         o=$(secret-info-get --label own --format json | cut -d'\"' -f2); \
         secret-set $o key=two --label renamed; secret-get $o; secret-get $o --peek; secret-get --label renamed --peek; \
         secret-grant $o -r 2; secret-info-get $o | grep -c target; secret-ids | wc -w; \
         secret-remove $id; secret-ids | wc -w; secret-get $o --refresh; exit 1"
    );
    script(&model, "a/0", "update-status", &text);
    model.update_status("a/0").unwrap();
    heard(&mut model, "a/0");
    let run = &model.runs()[0];
    assert_eq!(
        (run.stdout.as_str(), run.stderr.as_str()),
        (
            "token: one\nkey: new\nkey: one\nkey: two\nkey: two\n0\n2\n1\nkey: two\n",
            ""
        )
    );
    let secrets: Vec<_> = model
        .secrets()
        .map(|secret| {
            (
                secret.label(),
                secret.latest_revision(),
                secret.grants().len(),
                secret.tracked(),
            )
        })
        .collect();
    let tracked = |unit| std::collections::BTreeMap::from([(unit, 1)]);
    assert_eq!(
        secrets,
        [("", 1, 1, tracked("a/0")), ("own", 1, 0, tracked("a/0"))]
    );
    assert_eq!(
        says(&mut model, "a/0", "secret-get --label L"),
        "token: one\n"
    );

    // The same hook again, successfully: it tracks what it refreshed.
    script(
        &model,
        "a/0",
        "update-status",
        &text.replace("exit 1", "exit 0"),
    );
    model.resolved("a/0", true).unwrap();
    assert_eq!(
        heard(&mut model, "a/0"),
        ["update-status", "secret-changed", "secret-remove"]
    );
    let secret = model.secret("renamed").unwrap();
    assert_eq!((secret.latest_revision(), secret.tracked()["a/0"]), (2, 2));
    assert_eq!(secret.content(2).unwrap()["key"], "two");
    assert_eq!(
        secret.grants().into_iter().collect::<Vec<_>>(),
        [("b", SecretScope::Relation(2))]
    );
    assert!(model.secret("new").is_err());
}

/// What a unit tries, and how it is refused.
struct Attempt {
    by: &'static str,
    text: &'static str,
    refused: Option<&'static str>,
}

/// Changes of secrets by a unit, and how they are refused: by a tool, or at the commit. The words
/// in capitals stand for ids.
const REFUSALS: &[Attempt] = &[
    // A leader.
    Attempt {
        by: "a/0",
        text: "secret-set UNIT key=w",
        refused: None,
    },
    Attempt {
        by: "a/0",
        text: "secret-set APP --description d",
        refused: None,
    },
    Attempt {
        by: "a/0",
        text: "secret-set OTHER key=w",
        refused: Some("updating secrets: permission denied"),
    },
    Attempt {
        by: "a/0",
        text: "secret-set USER key=w",
        refused: Some("updating secrets: permission denied"),
    },
    Attempt {
        by: "a/0",
        text: "secret-set UNKNOWN key=w",
        refused: Some("updating secrets: secret \"secret:9m4e2mr0ui3e8a215n4g\" not found"),
    },
    Attempt {
        by: "a/0",
        text: "secret-set APP",
        refused: None,
    },
    Attempt {
        by: "a/0",
        text: "secret-remove OTHER",
        refused: Some("removing secrets: permission denied"),
    },
    Attempt {
        by: "a/0",
        text: "secret-remove USER --revision 1",
        refused: Some("removing secrets: permission denied"),
    },
    Attempt {
        by: "a/0",
        text: "secret-remove UNKNOWN",
        refused: None,
    },
    Attempt {
        by: "a/0",
        text: "secret-revoke OTHER --app b",
        refused: Some("revoking secrets access: permission denied"),
    },
    Attempt {
        by: "a/0",
        text: "secret-grant OTHER -r 2",
        refused: Some("ERROR secret \"OTHER\" not found\n"),
    },
    // Labels, of an application and its units alike.
    Attempt {
        by: "a/0",
        text: "secret-add --label app key=v > /dev/null",
        refused: Some("creating secrets: secret with label \"app\" already exists"),
    },
    Attempt {
        by: "a/0",
        text: "secret-add --label other key=v > /dev/null",
        refused: Some("creating secrets: secret with label \"other\" already exists"),
    },
    Attempt {
        by: "a/0",
        text: "secret-add --owner unit --label app key=v > /dev/null",
        refused: Some("creating secrets: secret with label \"app\" already exists"),
    },
    Attempt {
        by: "a/0",
        text: "secret-set UNIT --label app",
        refused: Some("updating secrets: secret with label \"app\" already exists"),
    },
    Attempt {
        by: "a/0",
        text: "secret-set UNIT --label unit",
        refused: None,
    },
    // Not a leader, which does not know its application's secrets.
    Attempt {
        by: "a/1",
        text: "secret-add key=v",
        refused: Some("ERROR this unit is not the leader\n"),
    },
    Attempt {
        by: "a/1",
        text: "secret-set APP key=w",
        refused: Some("updating secrets: permission denied"),
    },
    Attempt {
        by: "a/1",
        text: "secret-remove APP",
        refused: Some("removing secrets: permission denied"),
    },
    Attempt {
        by: "a/1",
        text: "secret-revoke APP --app b",
        refused: Some("revoking secrets access: permission denied"),
    },
    Attempt {
        by: "a/1",
        text: "secret-grant APP -r 2",
        refused: Some("ERROR secret \"APP\" not found\n"),
    },
    Attempt {
        by: "a/1",
        text: "secret-info-get APP",
        refused: Some("ERROR secret \"APP\" not found\n"),
    },
    Attempt {
        by: "a/1",
        text: "secret-set OTHER key=w; secret-grant OTHER -r 2",
        refused: None,
    },
    Attempt {
        by: "a/1",
        text: "test $(secret-ids) = OTHER",
        refused: None,
    },
];

/// The secrets that [`REFUSALS`] are about: their labels, which in capitals stand for their ids.
fn owned_secrets(model: &mut Model) -> impl Fn(&str) -> String + use<> {
    act(
        model,
        "a/0",
        "secret-add --label app key=v; secret-add --owner unit --label unit key=v",
    );
    act(model, "a/1", "secret-add --owner unit --label other key=v");
    model.add_secret("user", &[("key", "value")]).unwrap();
    let ids = ["app", "unit", "other", "user"].map(|label| {
        let secret = model.secret(label).unwrap();
        (label.to_uppercase(), secret.id().to_owned())
    });
    move |text| {
        let text = text.replace("UNKNOWN", "9m4e2mr0ui3e8a215n4g");
        ids.iter()
            .fold(text, |text, (word, id)| text.replace(word, id))
    }
}

#[test]
fn what_is_refused() {
    let mut model = pair();
    let filled = owned_secrets(&mut model);
    for Attempt { by, text, refused } in REFUSALS {
        let seen = refusal(&mut model, by, &filled(text));
        let refused = refused.map(|refused| match filled(refused) {
            refused if refused.starts_with("ERROR") => refused,
            refused => format!("cannot apply changes: {refused}"),
        });
        assert_eq!(seen, refused, "{by}: {text}");
    }

    // Kinds are committed one after another and before databags, not together.
    let text = "secret-add --label early key=v > /dev/null; secret-set OTHER key=w; relation-set -r 2 --app k=v";
    assert!(refusal(&mut model, "a/0", &filled(text)).is_some());
    assert!(model.secret("early").is_ok() && model.app_databag(2, "a").unwrap().is_empty());
}

#[test]
fn leadership_lost_in_between() {
    let mut model = pair();
    let filled = owned_secrets(&mut model);
    let lose = Fault {
        tool: "juju-log".into(),
        kind: FaultKind::LoseLeadership,
        ..Fault::default()
    };
    for (text, refused) in [
        (
            "secret-add key=v > /dev/null; juju-log x",
            "creating secrets: \"a/0\" is not leader of \"a\"",
        ),
        (
            "secret-set APP key=x; juju-log x",
            "updating secrets: permission denied",
        ),
    ] {
        model.set_leader("a/0").unwrap();
        model.inject(lose.clone());
        let seen = refusal(&mut model, "a/0", &filled(text));
        assert_eq!(
            seen,
            Some(format!("cannot apply changes: {refused}")),
            "{text}"
        );
    }
    // For secrets that the leader knew when the hook started, it is refused at once.
    for tool in [
        "secret-set APP key=x",
        "secret-remove APP",
        "secret-grant APP -r 2",
        "secret-revoke APP --app b",
    ] {
        model.set_leader("a/0").unwrap();
        model.inject(lose.clone());
        let text = filled(&format!("juju-log x; {tool}"));
        assert_eq!(
            refusal(&mut model, "a/0", &text).as_deref(),
            Some("ERROR this unit is not the leader\n"),
            "{tool}"
        );
    }
    model.inject(Fault {
        tool: "secret-get".into(),
        ..Fault::default()
    });
    assert_eq!(
        says(&mut model, "a/1", &filled("secret-get APP; secret-get APP")),
        "key: v\nERROR connection is shut down\n"
    );
}

#[test]
fn labels_of_readers() {
    struct Case {
        unit: &'static str,
        text: String,
        said: String,
    }

    let mut model = pair();
    for name in ["one", "two"] {
        model.add_secret(name, &[("key", name)]).unwrap();
        model.grant_secret(name, "a").unwrap();
    }
    let id = |name: &str| model.secret(name).unwrap().id().to_owned();
    let (one, two) = (id("one"), id("two"));
    act(
        &mut model,
        "a/0",
        "secret-add --label app key=app; secret-add --owner unit --label unit key=unit",
    );
    let app = model.secret("app").unwrap().id().to_owned();
    let taken = "ERROR getting latest secret revision: secret label";
    for Case { unit, text, said } in [
        Case {
            unit: "a/0",
            text: format!("secret-get {one} --label x"),
            said: "key: one\n".to_owned(),
        },
        Case {
            unit: "a/0",
            text: format!("secret-get {one} --label x"),
            said: "key: one\n".into(),
        },
        Case {
            unit: "a/0",
            text: format!("secret-get {two} --label x"),
            said: format!("{taken} \"x\" for consumer \"unit-a-0\" already exists\n"),
        },
        Case {
            unit: "a/0",
            text: format!("secret-get {two} --label app"),
            said: format!("{taken} \"app\" for \"unit-a-0\" already exists\n"),
        },
        Case {
            unit: "a/0",
            text: format!("secret-get {two} --label unit"),
            said: format!("{taken} \"unit\" for owner \"unit-a-0\" already exists\n"),
        },
        Case {
            unit: "a/0",
            text: format!("secret-get {one} --label y; secret-get --label y; secret-get --label x"),
            said: "key: one\nkey: one\nERROR consumer label \"x\" not found\n".into(),
        },
        // Another unit's label is another label.
        Case {
            unit: "a/1",
            text: "secret-get --label y".into(),
            said: "ERROR consumer label \"y\" not found\n".into(),
        },
        Case {
            unit: "a/1",
            text: format!("secret-get {two} --label y"),
            said: "key: two\n".into(),
        },
        // The owner gives the secret itself another label, another unit of the application does
        // not.
        Case {
            unit: "a/0",
            text: format!(
                "secret-get {app} --label renamed; secret-info-get --label renamed | grep -c label"
            ),
            said: "key: app\n1\n".into(),
        },
        Case {
            unit: "a/1",
            text: format!(
                "secret-get --label renamed; secret-get {app} --label mine; secret-get --label mine"
            ),
            said: "key: app\nkey: app\nkey: app\n".into(),
        },
        Case {
            unit: "a/1",
            text: "secret-get --label unit".into(),
            said: "ERROR consumer label \"unit\" not found\n".into(),
        },
    ] {
        assert_eq!(says(&mut model, unit, &text), said, "{unit}: {text}");
    }
    assert_eq!(model.secret("renamed").unwrap().id(), app);
}

#[test]
fn two_units_and_another_leader() {
    let mut model = pair();
    act(
        &mut model,
        "a/0",
        "u=$(secret-add --label key token=v1); secret-grant $u -r 2; relation-set -r 2 --app u=$u",
    );
    model.add_units("b", 1).unwrap();
    model.settle().unwrap();
    let id = model.secret("key").unwrap().id().to_owned();
    for unit in ["b/0", "b/1", "a/1"] {
        assert_eq!(
            says(&mut model, unit, &format!("secret-get {id}")),
            "token: v1\n"
        );
    }
    let told = |model: &mut Model| {
        model.forget_runs();
        model.settle().unwrap();
        let runs = model.runs().iter();
        let runs = runs.map(|run| {
            let revision = run.environment.get("JUJU_SECRET_REVISION");
            let label = &run.environment["JUJU_SECRET_LABEL"];
            format!(
                "{} {} {label}{}",
                run.unit,
                run.hook,
                revision.map_or("", String::as_str)
            )
        });
        runs.collect::<Vec<_>>()
    };
    assert!(told(&mut model).is_empty());
    // The leader did not read it itself.
    act(&mut model, "a/0", "secret-set $(secret-ids) token=v2");
    assert_eq!(
        told(&mut model),
        [
            "a/1 secret-changed key",
            "b/0 secret-changed ",
            "b/1 secret-changed "
        ]
    );
    model.set_leader("a/1").unwrap();
    model.settle().unwrap();
    assert_eq!(says(&mut model, "a/0", "secret-ids"), "");
    assert_eq!(
        says(&mut model, "a/1", "secret-set $(secret-ids) token=v3"),
        ""
    );
    // Nobody has ever tracked 2.
    assert_eq!(
        told(&mut model),
        [
            "b/0 secret-changed ",
            "b/1 secret-changed ",
            "a/1 secret-changed key",
            "a/1 secret-remove key2"
        ]
    );
    act(&mut model, "b/0", &format!("secret-get {id} --refresh"));
    act(&mut model, "b/1", &format!("secret-get {id} --refresh"));
    assert!(told(&mut model).is_empty());
    act(&mut model, "a/1", &format!("secret-get {id} --refresh"));
    assert_eq!(told(&mut model), ["a/1 secret-remove key1"]);
    assert_eq!(
        says(
            &mut model,
            "a/1",
            "secret-remove $(secret-ids) --revision 1"
        ),
        ""
    );
    assert_eq!(model.secret("key").unwrap().revisions(), [2, 3]);
    // A leader is told what becomes obsolete while it leads.
    model.set_leader("a/0").unwrap();
    model.forget_runs();
    assert_eq!(settled(&mut model, "a/0"), ["leader-elected"]);
    // The secret goes with its last revisions.
    assert_eq!(
        says(
            &mut model,
            "a/0",
            &format!("secret-remove {id} --revision 2; secret-remove {id} --revision 3")
        ),
        ""
    );
    assert!(model.secret("key").is_err());
}

#[test]
fn a_unit_s_secret() {
    const UNITS_FIRST: Option<&str> = Some(
        "ERROR any unit level grants need to be revoked before granting access to the corresponding application\n",
    );

    let mut model = pair();
    act(
        &mut model,
        "a/1",
        "u=$(secret-add --owner unit --label mine key=v); secret-grant $u -r 2 --unit b/0; relation-set -r 2 u=$u",
    );
    let secret = model.secret("mine").unwrap();
    assert_eq!(secret.owner(), &SecretOwner::Unit("a/1".into()));
    assert_eq!(
        secret.grants().into_iter().collect::<Vec<_>>(),
        [("b/0", SecretScope::Relation(2))]
    );
    let id = secret.id().to_owned();
    model.add_units("b", 1).unwrap();
    model.settle().unwrap();
    for (unit, said) in [
        ("a/1", "key: v\n"),
        ("b/0", "key: v\n"),
        ("a/0", "ERROR permission denied\n"),
        ("b/1", "ERROR permission denied\n"),
    ] {
        assert_eq!(
            says(&mut model, unit, &format!("secret-get {id}")),
            said,
            "{unit}"
        );
    }
    for (text, refused) in [
        ("secret-grant ID -r 2 --unit b/0", None),
        ("secret-grant ID -r 2", UNITS_FIRST),
        // Before the commit, the revocation does not count.
        (
            "secret-revoke ID --unit b/0; secret-grant ID -r 2",
            UNITS_FIRST,
        ),
        ("secret-revoke ID --unit b/0", None),
        (
            "secret-grant ID -r 2 --unit b/1; secret-grant ID -r 2",
            None,
        ),
    ] {
        assert_eq!(
            refusal(&mut model, "a/1", &text.replace("ID", &id)).as_deref(),
            refused,
            "{text}"
        );
    }
    // Of a hook's grants, the relation keeps the last.
    assert_eq!(
        model
            .secret(&id)
            .unwrap()
            .grants()
            .into_keys()
            .collect::<Vec<_>>(),
        ["b"]
    );
    act(
        &mut model,
        "a/1",
        &format!("secret-set {id} key=w; secret-set {id} key=x"),
    );
    // Its owner has read it, too.
    assert_eq!(heard(&mut model, "a/1"), ["secret-changed"]);
    assert_eq!(model.secret(&id).unwrap().latest_revision(), 2);
    model.remove_unit("a/1").unwrap();
    model.settle().unwrap();
    assert_eq!(model.secrets().count(), 0);
}

#[test]
fn grants_end_with_their_relation() {
    let mut model = pair();
    act(
        &mut model,
        "a/0",
        "secret-grant $(secret-add --label key k-e-y=v) -r 2",
    );
    let id = model.secret("key").unwrap().id().to_owned();
    let get = format!("secret-get {id} k-e-y");
    assert_eq!(says(&mut model, "b/0", &get), "v\n");
    // A second relation does not widen the grant, and is refused.
    model.integrate("a:solo", "b:extra").unwrap_err();
    script(&model, "b/0", "backend-relation-broken", &get);
    model.remove_relation("a", "b").unwrap();
    model.forget_runs();
    model.settle().unwrap();
    let broken = model
        .runs()
        .iter()
        .find(|run| run.hook == "backend-relation-broken")
        .unwrap();
    assert_eq!(broken.stdout, "v\n");
    assert!(model.secret("key").unwrap().grants().is_empty());
    assert_eq!(says(&mut model, "b/0", &get), "ERROR permission denied\n");
    // A unit that may not read it is not told.
    act(&mut model, "a/0", "secret-set $(secret-ids) k-e-y=w");
    assert!(heard(&mut model, "b/0").is_empty());

    // A secret goes with its owner.
    model.remove_application("a").unwrap();
    model.settle().unwrap();
    assert_eq!(model.secrets().count(), 0);
}

#[test]
fn equal_content_and_versions() {
    struct Case {
        juju: &'static str,
        full_uri: bool,
        revision: u32,
    }

    for Case {
        juju,
        full_uri,
        revision,
    } in [
        Case {
            juju: "3.1.2",
            full_uri: false,
            revision: 2,
        },
        Case {
            juju: "3.1.3",
            full_uri: true,
            revision: 2,
        },
        Case {
            juju: "3.5.9",
            full_uri: true,
            revision: 2,
        },
        Case {
            juju: "3.6.0",
            full_uri: true,
            revision: 1,
        },
        Case {
            juju: "4.0.1",
            full_uri: true,
            revision: 1,
        },
    ] {
        let mut model = support::model(juju);
        model
            .deploy(&charm("hooks"), "a", Deploy::default())
            .unwrap();
        model.settle().unwrap();
        let there = model.unit("a/0").unwrap().charm_dir().join("actions/there");
        std::fs::remove_file(&there).unwrap();
        std::fs::write(&there, "#!/bin/sh\ncase $(secret-ids) in '') secret-add key=v;; *) secret-set $(secret-ids) key=v;; esac\n").unwrap();
        std::fs::set_permissions(&there, std::os::unix::fs::PermissionsExt::from_mode(0o755))
            .unwrap();
        let uri = model.run_action("a/0", "there", &[]).unwrap().stdout;
        assert_eq!(uri.starts_with("secret://"), full_uri, "{juju}");
        assert_eq!(
            model.run_action("a/0", "there", &[]).unwrap().stderr,
            "",
            "{juju}"
        );
        assert_eq!(
            model.secrets().next().unwrap().latest_revision(),
            revision,
            "{juju}"
        );
    }
    for (juju, refused) in [("2.9.50", true), ("3.2.9", true), ("3.3.0", false)] {
        let mut model = support::model(juju);
        let added = model.add_secret("name", &[("key", "value")]);
        let refusal = added.err().map(|error| error.to_string());
        assert_eq!(
            refusal.as_deref(),
            refused.then_some("user secrets not supported"),
            "{juju}"
        );
    }
}

#[test]
fn what_a_user_is_refused() {
    struct Case {
        name: &'static str,
        outcome: Result<(), juju_sandbox::Error>,
        text: &'static str,
    }

    let mut model = pair();
    model.add_secret("one", &[("key", "value")]).unwrap();
    let refused = |outcome: Result<(), juju_sandbox::Error>| outcome.unwrap_err().to_string();
    for Case {
        name,
        outcome,
        text,
    } in [
        Case {
            name: "same name",
            outcome: model.add_secret("one", &[("key", "v")]).map(drop),
            text: "secret with name \"one\" already exists",
        },
        Case {
            name: "no content",
            outcome: model.add_secret("two", &[]).map(drop),
            text: "missing secret value or filename",
        },
        Case {
            name: "bad key",
            outcome: model.add_secret("two", &[("k", "v")]).map(drop),
            text: "key \"k\" not valid",
        },
        Case {
            name: "unknown",
            outcome: model.update_secret("two", &[("key", "v")]),
            text: "secret \"two\" not found",
        },
        Case {
            name: "unknown id",
            outcome: model.update_secret("9m4e2mr0ui3e8a215n4g", &[("key", "v")]),
            text: "secret \"secret:9m4e2mr0ui3e8a215n4g\" not found",
        },
        Case {
            name: "no change",
            outcome: model.update_secret("one", &[]),
            text: "at least one attribute to update must be specified",
        },
        Case {
            name: "no application",
            outcome: model.grant_secret("one", "z"),
            text: "invalid subject reference: application \"z\" not found",
        },
        Case {
            name: "no application either",
            outcome: model.revoke_secret("one", "z"),
            text: "application \"z\" not found",
        },
        Case {
            name: "no secret",
            outcome: model.remove_secret("two"),
            text: "secret \"two\" not found",
        },
    ] {
        assert_eq!(refused(outcome), text, "{name}");
    }
}

#[test]
fn names_and_revisions() {
    let mut model = pair();
    let uri = model
        .add_secret("one", &[("key", "value"), ("odd#base64", "/w==")])
        .unwrap();
    let refused = |outcome: Result<(), juju_sandbox::Error>| outcome.unwrap_err().to_string();
    act(&mut model, "a/0", "secret-add --label one key=v");
    act(&mut model, "b/0", "secret-add --label two key=v");
    act(
        &mut model,
        "a/0",
        "secret-add --owner unit --label two key=v",
    );
    // A name takes precedence over a label.
    assert_eq!(model.secret("one").unwrap().uri(), uri);
    assert_eq!(
        model.secret("two").unwrap_err().to_string(),
        "more than 1 secret with label \"two\""
    );
    assert_eq!(
        model.secret("").unwrap_err().to_string(),
        "secret \"\" not found"
    );
    let charms = model.secrets().last().unwrap().id().to_owned();
    assert_eq!(refused(model.remove_secret(&charms)), "permission denied");
    // Equal content makes no revision.
    model
        .update_secret("one", &[("odd#base64", "/w=="), ("key", "value")])
        .unwrap();
    assert_eq!(model.secret("one").unwrap().latest_revision(), 1);
    model.grant_secret("one", "a").unwrap();
    model.grant_secret("one", "a").unwrap();
    assert_eq!(
        says(&mut model, "a/0", &format!("secret-get {uri} odd#base64")),
        "/w==\n"
    );
    model.update_secret("one", &[("key", "s3cr3t")]).unwrap();
    assert!(!format!("{model:?}").contains("s3cr3t"));
    model.remove_secret_revision("one", 1).unwrap();
    assert_eq!(
        says(
            &mut model,
            "a/0",
            &format!("secret-get {uri}; secret-get {uri} --peek")
        ),
        format!(
            "key: s3cr3t\nERROR secret revision \"{}/1\" not found\n",
            &uri[7..]
        )
    );

    // Secrets are the same after saving and opening the model.
    model.save().unwrap();
    let again = Model::open(model.folder()).unwrap();
    let all = |model: &Model| {
        model
            .secrets()
            .map(|secret| (secret.uri(), secret.content(2).cloned()))
            .collect::<Vec<_>>()
    };
    assert_eq!(all(&model), all(&again));
}

#[test]
fn a_stand_in_s_secret() {
    struct Case {
        name: &'static str,
        refused: Result<(), juju_sandbox::Error>,
        text: &'static str,
    }

    const METADATA: &str = "{name: other, summary: s, description: d, provides: {extra: extra}}";
    let mut model = pair();
    model.deploy_stand_in("other", METADATA).unwrap();
    let relation = model.integrate("a", "other").unwrap();
    let uri = model
        .add_application_secret("other", "key", &[("token", "one")])
        .unwrap();
    model.grant_application_secret("key", relation).unwrap();
    model
        .write_app_databag(relation, "other", &[("uri", &uri)])
        .unwrap();
    let read = "secret-get $(relation-get --app uri) token";
    script(&model, "a/0", "extra-relation-changed", read);
    model.settle().unwrap();
    let mut runs = model.runs().iter();
    assert!(runs.any(|run| run.stdout == "one\n" && run.unit == "a/0"));
    model
        .update_application_secret("key", &[("token", "two")])
        .unwrap();
    assert_eq!(heard(&mut model, "a/0"), ["secret-changed"]);
    assert_eq!(model.secret("key").unwrap().tracked()["a/0"], 1);
    for Case {
        name,
        refused,
        text,
    } in [
        Case {
            name: "no relation",
            refused: model.grant_application_secret("key", 9),
            text: "relation 9 not found",
        },
        Case {
            name: "not its relation",
            refused: model.grant_application_secret("key", 2),
            text: "side of application \"other\" not found",
        },
        Case {
            name: "no secret",
            refused: model.update_application_secret("x", &[]),
            text: "secret \"x\" not found",
        },
    ] {
        assert_eq!(refused.unwrap_err().to_string(), text, "{name}");
    }
}

#[test]
fn refusals_are_in_the_words_of_each_version() {
    struct Case {
        version: &'static str,
        refused: &'static str,
        unknown: &'static str,
        label: &'static str,
    }

    for Case {
        version,
        refused,
        unknown,
        label,
    } in [
        Case {
            version: "3.3.7",
            refused: "ERROR permission denied\n",
            unknown: "ERROR secret \"secret:d0erdgfmp25c762i8np0\" not found\n",
            label: "ERROR consumer label \"x\" not found\n",
        },
        Case {
            version: "4.0.14",
            refused: "ERROR \"a/0\" is not allowed to read this secret\n",
            unknown: "ERROR getting latest secret revision: secret not found\n",
            label: "ERROR secret URI for consumer label \"x\" not found\n",
        },
    ] {
        let mut model = support::model(version);
        support::deploy(&mut model, "a", 1);
        model.settle().unwrap();
        let uri = model.add_secret("login", &[("token", "one")]).unwrap();
        let get = format!("secret-get {uri} token");
        assert_eq!(
            says(&mut model, "a/0", &get),
            refused,
            "{version}: not granted"
        );
        model.grant_secret("login", "a").unwrap();
        assert_eq!(says(&mut model, "a/0", &get), "one\n", "{version}: granted");
        model.revoke_secret("login", "a").unwrap();
        assert_eq!(says(&mut model, "a/0", &get), refused, "{version}: revoked");
        let get = "secret-get secret:d0erdgfmp25c762i8np0";
        assert_eq!(says(&mut model, "a/0", get), unknown, "{version}: unknown");
        let get = "secret-get --label x";
        assert_eq!(says(&mut model, "a/0", get), label, "{version}: label");
    }
}

#[test]
fn the_owner_hears_of_a_revision_that_nobody_tracks() {
    for juju in ["3.6.12", "4.0.14"] {
        let mut model = pair_of(juju);
        act(
            &mut model,
            "a/0",
            "secret-grant $(secret-add --label key token=one) -r 2",
        );
        let secret = model.secret("key").unwrap();
        let (id, uri) = (secret.id().to_owned(), secret.uri());
        let get = format!("secret-get {id} token");
        assert_eq!(says(&mut model, "b/0", &get), "one\n");
        let clean = "env | grep ^JUJU_SECRET_ | sort; secret-ids; secret-remove $JUJU_SECRET_ID --revision $JUJU_SECRET_REVISION";
        script(&model, "a/0", "secret-remove", clean);
        for content in ["two", "three"] {
            act(
                &mut model,
                "a/0",
                &format!("secret-set {id} token={content}"),
            );
        }
        // Nobody has ever read the second one, and the first one is still in use.
        let told = format!("JUJU_SECRET_ID={uri}\nJUJU_SECRET_LABEL=key\nJUJU_SECRET_REVISION=");
        let removals = |model: &mut Model| {
            model.forget_runs();
            model.settle().unwrap();
            let runs = model.runs().iter();
            let runs = runs.filter(|run| run.hook == "secret-remove");
            runs.map(|run| (run.unit.clone(), run.stdout.clone()))
                .collect::<Vec<_>>()
        };
        let heard = removals(&mut model);
        assert_eq!(
            heard,
            [("a/0".into(), format!("{told}2\n{id}\n"))],
            "{juju}"
        );
        assert_eq!(model.secret("key").unwrap().revisions(), [1, 3], "{juju}");
        assert!(removals(&mut model).is_empty(), "{juju}: once");

        assert_eq!(
            says(&mut model, "b/0", &format!("{get} --refresh")),
            "three\n"
        );
        let heard = removals(&mut model);
        assert_eq!(
            heard,
            [("a/0".into(), format!("{told}1\n{id}\n"))],
            "{juju}"
        );
        let secret = model.secret("key").unwrap();
        assert_eq!(
            (secret.latest_revision(), secret.revisions()),
            (3, vec![3]),
            "{juju}"
        );
        assert_eq!(says(&mut model, "b/0", &get), "three\n", "{juju}");

        // The secret goes with its latest revision.
        let last = format!("secret-remove {id} --revision 3");
        assert_eq!(refusal(&mut model, "a/0", &last), None, "{juju}");
        assert!(model.secret("key").is_err(), "{juju}");
    }
}
