//! The action, run by Juju.

use std::fs;

use juju_sandbox::Settings;
use serde_json::{Value, json};

use super::hostile::honest;
use super::tls::Proxy;
use super::web::json as in_json;
use super::{named, verdicts};
use crate::support::{GOOGLE, World, assert_all_succeeded, assert_log_lacks};

/// Options for a generic provider at `issuer`.
fn options(issuer: &str) -> [(&'static str, &str); 5] {
    [
        ("client_id", "c"),
        ("client_secret", "hunter2-secret"),
        ("issuer_url", issuer),
        ("provider_id", "corp"),
        ("scope", "openid email"),
    ]
}

fn checked(world: &mut World, unit: &str, parameters: &[(&str, Value)]) -> Value {
    let outcome = world
        .run_action(unit, "check-provider", parameters)
        .unwrap();
    let json = outcome.results["json"]
        .as_str()
        .unwrap_or_else(|| panic!("{outcome:?}"));
    serde_json::from_str(json).unwrap()
}

#[test]
fn every_unit_asks_with_the_redirect_uri_of_kratos() {
    let web = honest();
    let url = web.url();
    let (mut world, _) = World::with_kratos(2, &options(&url));
    let before = world.status("idp/0");
    for unit in ["idp/0", "idp/1"] {
        let found = checked(&mut world, unit, &[]);
        let verdicts = verdicts(&found);
        for name in [
            "discovery",
            "keys",
            "credentials",
            "redirect-uri",
            "scopes",
            "pkce",
        ] {
            assert_eq!(verdicts[name], "good", "{name} on {unit}: {found}");
        }
    }
    // It changes nothing.
    assert_eq!(world.status("idp/0"), before);
    assert_all_succeeded(&world);
}

#[test]
fn no_hook_asks() {
    let web = honest();
    let url = web.url();
    let (mut world, _) = World::with_kratos(1, &options(&url));
    world.update_status("idp/0");
    world.run("idp/0", "validate-config");
    world.run("idp/0", "get-redirect-uri");
    assert_eq!(web.requests().len(), 0);
}

#[test]
fn the_model_s_proxy_and_the_given_authority_lead_to_the_provider() {
    let proxy = Proxy::start(|_, request| match request.method.as_str() {
        "POST" => in_json(400, &json!({ "error": "invalid_grant" })),
        _ => in_json(404, &json!({})),
    });
    let mut world = World::with_settings(Settings {
        juju_https_proxy: proxy.url(),
        ..Settings::default()
    });
    let github = [("provider", "github"), ("scope", "user:email")];
    world.deploy_idp(1, &[&GOOGLE[1..4], &github].concat());
    let ca = fs::read_to_string(proxy.ca()).unwrap();
    // As it is, and as YAML folds it where Juju reads `ca="$(cat ca.pem)"`.
    for ca in [
        ca.clone(),
        ca.replace('\n', " "),
        format!("{ca}{ca}").replace('\n', " "),
    ] {
        let found = checked(&mut world, "idp/0", &[("ca", json!(ca))]);
        assert_eq!(verdicts(&found)["credentials"], "good", "{found}");
    }
    let found = checked(&mut world, "idp/0", &[]);
    assert_eq!(verdicts(&found)["credentials"], "unknown", "{found}");
    let hosts: Vec<_> = proxy.seen().into_iter().map(|(host, _)| host).collect();
    assert_eq!(hosts, ["github.com"; 3]);
}

#[test]
fn a_secret_in_a_user_secret_is_tried_and_its_fix_is_there() {
    let web = honest();
    let url = web.url();
    let mut world = World::with_idp(1, &[]);
    let uri = world
        .add_secret("idp-secret", &[("client-secret", "hunter2-secret")])
        .unwrap();
    world.grant_secret("idp-secret", "idp").unwrap();
    let mut options = options(&url);
    options[1] = ("client_secret", &uri);
    world.config(&options);
    let found = checked(
        &mut world,
        "idp/0",
        &[("public-url", json!("https://iam.example.com"))],
    );
    assert_eq!(named(&found, "credentials")["verdict"], "good", "{found}");

    world
        .update_secret("idp-secret", &[("client-secret", "not-it-planted")])
        .unwrap();
    world.settle().unwrap();
    let found = checked(&mut world, "idp/0", &[]);
    let check = named(&found, "credentials");
    assert_eq!(check["verdict"], "bad", "{found}");
    let fix = check["fix"].as_str().unwrap();
    assert!(fix.starts_with("run juju update-secret "), "{fix}");
    assert!(fix.ends_with("client-secret='<secret>'"), "{fix}");
    assert!(!found.to_string().contains("planted"), "{found}");
    assert_log_lacks(&world, "planted");
}

#[test]
fn an_item_of_the_list_is_named_in_the_fix() {
    let web = honest();
    let item = |id: &str, secret: &str| {
        json!({
            "provider_id": id, "client_id": "c", "client_secret": secret,
            "issuer_url": web.url(), "scope": "openid email",
        })
    };
    let list = json!([item("one", "hunter2-secret"), item("two", "wrong")]).to_string();
    let mut world = World::with_idp(1, &[("providers", &list)]);
    let found = checked(&mut world, "idp/0", &[("provider-id", json!("two"))]);
    let fix = &named(&found, "credentials")["fix"];
    assert_eq!(
        fix,
        "set client_secret of item 2 to <secret> in the list providers"
    );
    let found = checked(&mut world, "idp/0", &[("provider-id", json!("one"))]);
    assert_eq!(named(&found, "credentials")["verdict"], "good", "{found}");
}
