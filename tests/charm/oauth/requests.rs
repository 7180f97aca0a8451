//! What is said of what applications ask for: only what the provider certainly or perhaps cannot give.

use super::{GENERIC, SECRET, Scene};
use crate::support::{APPLE_KEY, assert_all_succeeded_with};

/// Options that make of [`GENERIC`] another kind.
fn options(kind: &'static str) -> Vec<(&'static str, &'static str)> {
    let mut options = vec![("provider", kind)];
    match kind {
        "apple" => options.extend([
            ("client_secret", ""),
            ("apple_team_id", "ABCDE12345"),
            ("apple_private_key_id", "ABCDE12345"),
            ("apple_private_key", APPLE_KEY),
        ]),
        "microsoft" => {
            options.push((
                "microsoft_tenant_id",
                "8eaef023-2b34-4da1-9baa-8bc8c9d6a490",
            ));
        }
        _ => {}
    }
    if kind != "generic" {
        options.extend(["issuer_url", "authorization_endpoint"].map(|one| (one, "")));
        options.extend(["token_endpoint", "jwks_endpoint"].map(|one| (one, "")));
    }
    options
}

const KINDS: [&str; 4] = ["google", "apple", "microsoft", "generic"];

const DEVICE: &str = r#"["authorization_code", "urn:ietf:params:oauth:grant-type:device_code"]"#;

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn each_kind_is_known_for_what_it_refuses() {
    struct Case {
        name: &'static str,
        asks: &'static [(&'static str, &'static str)],
        /// What is found, and of which of [`KINDS`].
        code: &'static str,
        kinds: &'static [&'static str],
    }
    let cases = [
        Case {
            name: "nothing odd",
            asks: &[
                ("token_endpoint_auth_method", "client_secret_post"),
                ("scope", "openid"),
            ],
            code: "",
            kinds: &[],
        },
        Case {
            name: "refreshing",
            asks: &[("grant_types", r#"["authorization_code", "refresh_token"]"#)],
            code: "grant-type-refused",
            kinds: &[],
        },
        Case {
            name: "in its own name",
            asks: &[("grant_types", r#"["client_credentials"]"#)],
            code: "grant-type-refused",
            kinds: &["google", "apple"],
        },
        Case {
            name: "on a device",
            asks: &[("grant_types", DEVICE)],
            code: "grant-type-missing",
            kinds: &["apple"],
        },
        Case {
            name: "in the form",
            asks: &[("token_endpoint_auth_method", "client_secret_post")],
            code: "auth-method-refused",
            kinds: &[],
        },
        Case {
            name: "in a header",
            asks: &[("token_endpoint_auth_method", "client_secret_basic")],
            code: "auth-method-refused",
            kinds: &["apple"],
        },
        Case {
            name: "a scope that is not configured",
            asks: &[("scope", "openid groups")],
            code: "scope-not-configured",
            kinds: &KINDS,
        },
        Case {
            name: "a scope that is refused",
            asks: &[("scope", "openid phone")],
            code: "scope-refused",
            kinds: &["apple"],
        },
        Case {
            name: "when the user is away",
            asks: &[("scope", "openid offline_access")],
            code: "scope-refused",
            kinds: &["google"],
        },
        Case {
            name: "not a web URL",
            asks: &[("redirect_uri", "javascript:alert(1)")],
            code: "redirect-uri-refused",
            kinds: &KINDS,
        },
        Case {
            name: "plain http",
            asks: &[("redirect_uri", "http://grafana.example.com/callback")],
            code: "redirect-uri-refused",
            kinds: &["google", "apple", "microsoft"],
        },
        Case {
            name: "a number",
            asks: &[("redirect_uri", "https://10.0.0.1/callback")],
            code: "redirect-uri-refused",
            kinds: &["google", "apple"],
        },
        Case {
            name: "a private name",
            asks: &[("redirect_uri", "https://grafana.internal/callback")],
            code: "redirect-uri-refused",
            kinds: &["google"],
        },
        Case {
            name: "this machine",
            asks: &[("redirect_uri", "http://localhost:3000/callback")],
            code: "redirect-uri-refused",
            kinds: &["apple"],
        },
        Case {
            name: "one of two",
            asks: &[(
                "redirect_uri",
                r#"["https://grafana.example.com/callback", "http://10.0.0.1/callback"]"#,
            )],
            code: "redirect-uri-refused",
            kinds: &["google", "apple", "microsoft"],
        },
    ];
    for kind in KINDS {
        let (mut scene, _, relation) = Scene::served(2, &GENERIC);
        scene.config(&options(kind));
        for Case {
            name,
            asks,
            code,
            kinds,
        } in &cases
        {
            let name = format!("{kind}: {name}");
            scene.forget_runs();
            scene.ask(relation, "grafana", asks);
            let found = scene.findings("idp/1");
            let about: Vec<_> = found
                .iter()
                .filter(|(_, option)| option == "oauth")
                .map(|(code, _)| code.as_str())
                .collect();
            let is_of_it = about.contains(code);
            assert_eq!(is_of_it, kinds.contains(&kind), "{name}: {about:?}");
            if code.is_empty() {
                assert!(about.is_empty(), "{name}: {about:?}");
            }
            // A finding is a word of advice: the client is there all the same.
            let (_, secret) = scene.client(relation);
            assert_eq!(secret == SECRET, kind != "apple", "{name}");
            assert_all_succeeded_with(&scene, &name);
        }
    }
}

#[test]
fn only_what_is_certain_blocks() {
    struct Case {
        name: &'static str,
        asks: &'static [(&'static str, &'static str)],
        says: &'static str,
    }
    let (mut scene, _, relation) = Scene::served(2, &GENERIC);
    scene.config(&options("apple"));
    let post = ("token_endpoint_auth_method", "client_secret_post");
    scene.ask(relation, "grafana", &[post, ("scope", "openid")]);
    for Case { name, asks, says } in [
        Case {
            name: "all is well",
            asks: &[],
            says: "active: The OIDC provider is ready",
        },
        Case {
            name: "a redirect URI",
            asks: &[("redirect_uri", "http://grafana.example.com/callback")],
            says: "active: The OIDC provider is ready",
        },
        Case {
            name: "a grant type beside another",
            asks: &[("grant_types", DEVICE)],
            says: "active: The OIDC provider is ready",
        },
        Case {
            name: "a grant type",
            asks: &[("grant_types", r#"["client_credentials"]"#)],
            says: "blocked: Logins will fail: oauth: the provider lacks a grant type",
        },
        Case {
            name: "a method",
            asks: &[("token_endpoint_auth_method", "client_secret_basic")],
            says: "blocked: Logins will fail: oauth: the provider lacks a method",
        },
    ] {
        let usual = [post, ("scope", "openid")];
        let asks: Vec<_> = usual.iter().chain(asks).copied().collect();
        scene.ask(relation, "grafana", &asks);
        for unit in ["idp/0", "idp/1"] {
            let shown = scene.says(unit);
            assert!(shown.starts_with(says), "{name}: {unit}: {shown}");
        }
        assert_all_succeeded_with(&scene, name);
    }
}
