//! Several providers: which one applications share with Kratos, and what becomes of it when it is
//! switched off or when there are mistakes.

use super::Scene;
use crate::support::{GOOGLE, assert_all_succeeded_with, every_call_fails, unset};

/// The application on `relation` has no client, but knows where the provider is.
fn assert_withdrawn(scene: &Scene, relation: u32, name: &str) {
    let keys = scene.waiting(relation);
    for key in ["client_id", "client_secret_id"] {
        assert_eq!(scene.raw(relation, key), None, "{name}: {key}");
    }
    assert!(keys.text("issuer_url").is_some(), "{name}");
}

/// An item of the list.
fn item(kind: &str, id: &str, more: &str) -> String {
    format!(
        "- {{provider: {kind}, client_id: c-{id}, client_secret: hunter2-{id}, provider_id: {id}, \
         scope: openid email{more}}}\n"
    )
}

/// A scene with this list, a Kratos that has not answered, and an application.
fn listed(list: &str) -> (Scene, u32, u32) {
    let mut scene = Scene::new(2, &unset(GOOGLE));
    scene.config(&[("providers", list)]);
    let kratos = scene.add_stand_in("kratos");
    let relation = scene.application("grafana");
    (scene, kratos, relation)
}

const OFF: &str = ", enabled: false";

#[test]
fn the_first_provider_with_openid_is_the_one_that_is_shared() {
    struct Case {
        name: &'static str,
        list: String,
        client: &'static str,
    }
    for Case { name, list, client } in [
        Case {
            name: "the first",
            list: item("google", "a", "") + &item("gitlab", "b", ""),
            client: "a",
        },
        Case {
            name: "the first has no OpenID",
            list: item("github", "a", "") + &item("gitlab", "b", ""),
            client: "b",
        },
        Case {
            name: "the first is off",
            list: item("google", "a", OFF) + &item("gitlab", "b", ""),
            client: "b",
        },
        Case {
            name: "of the first, no tenant is known",
            list: item("github", "z", "") + &item("google", "a", OFF) + &item("google", "b", ""),
            client: "b",
        },
    ] {
        let (scene, _, relation) = listed(&list);
        let expected = (format!("c-{client}"), format!("hunter2-{client}"));
        assert_eq!(scene.credentials(relation), expected, "{name}");
        assert_all_succeeded_with(&scene, name);
    }
}

#[test]
fn a_list_with_mistakes_takes_nothing_away() {
    let both = item("google", "a", "") + &item("gitlab", "b", "");
    let (mut scene, kratos, relation) = listed(&both);
    let (published, before) = (scene.published(kratos), scene.client(relation));
    for (name, list) in [
        ("not YAML", "[".to_owned()),
        ("not a list", "7".into()),
        ("empty", "[]".into()),
        ("an item that is not a map", both.clone() + "- 7\n"),
        (
            "one lacks something",
            both.clone() + "- {provider: google}\n",
        ),
        (
            "the first lacks something",
            format!("- {{provider: google}}\n{both}"),
        ),
        (
            "a wrong option",
            both.clone() + &item("google", "c", ", lable: x"),
        ),
        ("the same id", both.clone() + &item("google", "a", "")),
    ] {
        scene.config(&[("providers", &list)]);
        assert_eq!(scene.published(kratos), published, "{name}");
        assert_eq!(scene.client(relation), before, "{name}");
        let says = scene.says("idp/0");
        assert!(says.starts_with("blocked: Invalid OIDC"), "{name}: {says}");
        assert_all_succeeded_with(&scene, name);
    }
}

#[test]
fn a_provider_of_the_list_that_is_switched_off_is_nobody_s_any_more() {
    struct Case {
        name: &'static str,
        rest: String,
        /// Whose client the application has afterwards; `None` if it has none.
        client: Option<&'static str>,
    }
    for Case { name, rest, client } in [
        Case {
            name: "another takes its place",
            rest: item("gitlab", "b", ""),
            client: Some("b"),
        },
        Case {
            name: "the others have no OpenID",
            rest: item("github", "b", ""),
            client: None,
        },
        Case {
            name: "another lacks something",
            rest: "- {provider: gitlab}\n".into(),
            client: None,
        },
        Case {
            name: "another is not a map",
            rest: "- 7\n".into(),
            client: None,
        },
        Case {
            name: "all are off",
            rest: item("gitlab", "b", OFF),
            client: None,
        },
        Case {
            name: "it is on in another item",
            rest: item("google", "a", ""),
            client: Some("a"),
        },
    ] {
        let (mut scene, kratos, relation) = listed(&item("google", "a", ""));
        assert_eq!(scene.client(relation).1, "hunter2-a", "{name}");
        scene.config(&[("providers", &(item("google", "a", OFF) + &rest))]);
        let expected = client.map(|id| (format!("c-{id}"), format!("hunter2-{id}")));
        match expected {
            Some(expected) => assert_eq!(scene.credentials(relation), expected, "{name}"),
            None => assert_withdrawn(&scene, relation, name),
        }
        let published = scene.published(kratos).unwrap_or_default();
        let stays = client == Some("a");
        assert_eq!(
            published.contains("hunter2-a"),
            stays,
            "{name}: {published}"
        );
        scene.update_status("idp/0");
        scene.update_status("idp/0");
        let left = scene.own_secrets().len();
        assert_eq!(left, usize::from(client.is_some()), "{name}");
        scene.config(&[("providers", &item("google", "a", ""))]);
        assert_eq!(scene.client(relation).1, "hunter2-a", "{name}: on again");
        assert_all_succeeded_with(&scene, name);
    }
}

#[test]
fn one_is_switched_off_while_the_secret_of_another_cannot_be_read() {
    for has_kratos in [true, false] {
        let name = format!("with Kratos: {has_kratos}");
        let (mut scene, kratos, relation) = listed(&item("google", "a", ""));
        if !has_kratos {
            scene.remove_relation_id(kratos).unwrap();
            scene.settle();
        }
        let uri = scene
            .add_secret("client", &[("client-secret", "hunter2-user")])
            .unwrap();
        scene.grant_secret("client", "idp").unwrap();
        let other = item("gitlab", "b", "").replace("hunter2-b", &format!("'{uri}'"));
        let list = item("google", "a", OFF) + &other;
        scene.inject(every_call_fails("secret-get", "ERROR Vault is sealed\n"));
        scene.config(&[("providers", &list)]);
        let run = scene.last_run("idp/0", "config-changed");
        assert!(
            run.stderr.contains("withdrawn, but"),
            "{name}: {}",
            run.stderr
        );
        assert!(run.committed, "{name}: {:?}", run.error);
        assert_withdrawn(&scene, relation, &name);
        scene.clear_faults();
        if scene.unit("idp/1").unwrap().failed_hook().is_some() {
            scene.resolved("idp/1", true).unwrap();
        }
        scene.settle();
        scene.update_status("idp/0");
        let expected = ("c-b".to_owned(), "hunter2-user".to_owned());
        assert_eq!(scene.credentials(relation), expected, "{name}");
        scene.update_status("idp/0");
        assert_eq!(scene.own_secrets().len(), 1, "{name}");
    }
}
