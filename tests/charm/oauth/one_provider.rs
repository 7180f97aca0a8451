//! An application gets everything from one provider. With the endpoints of another one, it would show
//! that the secret.

use super::{GENERIC, Scene};
use crate::support::{GOOGLE, assert_all_succeeded, unset};

/// Options that lead to another provider, and those for its endpoints.
const MOVE: [(&str, &str); 3] = [
    ("issuer_url", "https://kc.example.net"),
    ("client_id", "kc"),
    ("client_secret", "kc-secret"),
];

const ENDPOINTS: [(&str, &str); 3] = [
    ("authorization_endpoint", "https://kc.example.net/authorize"),
    ("token_endpoint", "https://kc.example.net/token"),
    ("jwks_endpoint", "https://kc.example.net/keys"),
];

#[test]
fn another_issuer_waits_for_its_own_endpoints() {
    let (mut scene, kratos, relation) = Scene::served(1, &GENERIC);
    let before = scene.client(relation);
    scene.config(&MOVE);
    assert_eq!(scene.client(relation), before, "nothing changes");
    assert!(scene.published(kratos).unwrap().contains("kc-secret"));
    assert!(scene.finds("idp/0", "endpoints-outdated"));
    assert!(scene.finds("idp/0", "endpoint-elsewhere"));
    let says = scene.says("idp/0");
    let expected = "blocked: Endpoint oauth waits: token_endpoint: of the issuer before";
    assert!(says.starts_with(expected), "{says}");
    scene.config(&ENDPOINTS);
    let (keys, secret) = scene.client(relation);
    assert_eq!(keys.text("token_endpoint"), Some(ENDPOINTS[1].1));
    assert_eq!(secret, "kc-secret");
    assert_eq!(scene.says("idp/0"), "active: The OIDC provider is ready");
    assert_all_succeeded(&scene);
}

#[test]
fn an_issuer_at_the_same_place_waits_for_nothing() {
    let (mut scene, _, relation) = Scene::served(1, &GENERIC);
    let issuer = scene.raw(relation, "issuer_url").unwrap() + "/realms/other";
    scene.config(&[("issuer_url", &issuer), ("client_secret", "new-secret")]);
    assert_eq!(scene.raw(relation, "issuer_url"), Some(issuer));
    assert_eq!(scene.client(relation).1, "new-secret");
    assert_all_succeeded(&scene);
}

#[test]
fn a_kind_with_endpoints_of_its_own_takes_none_from_the_options() {
    let (mut scene, _, relation) = Scene::served(1, &GENERIC);
    let introspection = (
        "introspection_endpoint",
        "https://op.example.com/introspect",
    );
    scene.config(&[introspection, ("provider", "google"), ("issuer_url", "")]);
    let (keys, _) = scene.client(relation);
    assert_eq!(keys.text("introspection_endpoint"), Some(""));
    let token = keys.text("token_endpoint");
    assert_eq!(token, Some("https://oauth2.googleapis.com/token"));
    assert!(scene.finds("idp/0", "option-ignored"));
    assert_all_succeeded(&scene);
}

/// A generic provider in a list.
fn item(host: &str, client: &str, more: &str) -> String {
    format!(
        "- {{issuer_url: 'https://{host}', client_id: {client}, client_secret: s-{client}, \
         provider_id: '{host}', scope: openid{more}}}\n"
    )
}

#[test]
fn the_next_provider_of_the_list_waits_for_its_own_endpoints() {
    let mut scene = Scene::new(1, &unset(GOOGLE));
    let endpoints = ENDPOINTS.map(|(option, url)| (option, url));
    let next = item("okta.example.org", "okta", "");
    let list = item("kc.example.net", "kc", "") + &next;
    scene.config(&endpoints);
    scene.config(&[("providers", &list)]);
    let relation = scene.application("grafana");
    assert_eq!(scene.client(relation).1, "s-kc");
    let list = item("kc.example.net", "kc", ", enabled: false") + &next;
    scene.config(&[("providers", &list)]);
    scene.waiting(relation);
    assert!(scene.finds("idp/0", "endpoints-outdated"));
    assert_all_succeeded(&scene);
}

#[test]
fn a_client_that_is_off_is_known_by_its_issuer_too() {
    let mut scene = Scene::new(1, &unset(GOOGLE));
    scene.config(&ENDPOINTS);
    scene.config(&[("providers", &item("kc.example.net", "same", ""))]);
    let relation = scene.application("grafana");
    scene.client(relation);
    let other = item("okta.example.org", "same", "").replace("s-same", "''");
    let list = item("kc.example.net", "same", ", enabled: false") + &other;
    scene.config(&[("providers", &list)]);
    scene.waiting(relation);
    assert_all_succeeded(&scene);
}

#[test]
fn a_tenant_that_is_none_hands_applications_to_nobody_else() {
    let microsoft = |tenant: &str| {
        format!(
            "- {{provider: microsoft, microsoft_tenant_id: '{tenant}', client_id: \
             4b9a6b2e-6a3f-4a54-8f0e-5d7b0f3c2a11, client_secret: s, provider_id: m, scope: openid}}\n"
        ) + &item("okta.example.org", "okta", "")
    };
    let mut scene = Scene::new(1, &unset(GOOGLE));
    scene.config(&ENDPOINTS);
    let id = "0c3c2f0e-2f5d-4d0b-9a3e-6a5a3c1d7e42";
    scene.config(&[("providers", &microsoft(id))]);
    let relation = scene.application("grafana");
    let before = scene.client(relation);
    scene.config(&[("providers", &microsoft("not a tenant"))]);
    assert_eq!(scene.client(relation), before);
    assert_all_succeeded(&scene);
}

#[test]
fn auth0_is_published_with_the_slash_that_its_tokens_have() {
    let (mut scene, _, relation) = Scene::served(1, &GENERIC);
    for issuer in ["https://t.eu.auth0.com", "https://t.eu.auth0.com/"] {
        let token = "https://t.eu.auth0.com/oauth/token";
        let moved = [
            ("provider", "auth0"),
            ("issuer_url", issuer),
            ("token_endpoint", token),
        ];
        scene.config(&moved);
        let published = scene.raw(relation, "issuer_url");
        assert_eq!(published.as_deref(), Some("https://t.eu.auth0.com/"));
    }
    assert_all_succeeded(&scene);
}
