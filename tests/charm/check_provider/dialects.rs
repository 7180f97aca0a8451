//! `minimal-op` with the ways of all others, asked with the right client, a wrong secret, and a
//! client that it does not know.

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use minimal_op::{Client, Config, Dialect, Server, User};
use serde_json::{Value, json};

use super::tls::Proxy;
use super::{check_with, verdicts};
use crate::support::World;

const SECRET: &str = "pl4nted-s3cret";

const RETURN_URI: &str = "https://iam.example.com/self-service/methods/oidc/callback/corp";

/// A provider that knows the client `corp`.
fn provider(dialect: &str, issuer: Option<&str>) -> Server {
    Server::start(Config {
        clients: vec![Client::new("corp", SECRET, RETURN_URI)],
        users: vec![User {
            username: "alice".into(),
            ..User::default()
        }],
        dialect: dialect.parse().unwrap(),
        issuer: issuer.map(str::to_owned),
        ..Config::default()
    })
    .unwrap()
}

/// What is said of the client at a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Said {
    right: &'static str,
    wrong: &'static str,
    unknown: &'static str,
    /// Of the right client, with a wrong request as a proof.
    proven: &'static str,
}

/// What is said where a provider says what is true.
const TRUE: Said = Said {
    right: "good",
    wrong: "bad",
    unknown: "bad",
    proven: "good",
};

/// A way to ask: with a client id, a secret and flags, what is said?
fn all_of(name: &str, said: Said, ask: impl Fn(&str, &str, &[&str]) -> Value) {
    for (client, secret, flags, verdict) in [
        ("corp", SECRET, &[][..], said.right),
        ("corp", "an0ther-pl4nted-one", &[], said.wrong),
        ("nobody", SECRET, &[], said.unknown),
        ("corp", SECRET, &["--control"], said.proven),
    ] {
        let found = ask(client, secret, flags);
        let context = format!("{name}: {client} {flags:?}: {found}");
        assert_eq!(verdicts(&found)["credentials"], verdict, "{context}");
        assert!(!found.to_string().contains("pl4nted"), "{context}");
    }
}

#[test]
fn every_dialect_is_understood() {
    struct Case {
        dialect: &'static str,
        said: Said,
        redirect: &'static str,
    }

    let plain = |dialect| Case {
        dialect,
        said: TRUE,
        redirect: "unknown",
    };
    let cases = [
        plain("gafaelfawr"),
        plain("auth0"),
        plain("okta"),
        plain("entra"),
        plain("google"),
        plain("issuer-with-slash"),
        plain("issuer-without-slash"),
        plain("thin-tokens"),
        plain("pkce-required"),
        plain("answers-by-method"),
        Case {
            redirect: "good",
            ..plain("prompt-none")
        },
        Case {
            said: Said {
                right: "bad",
                wrong: "bad",
                unknown: "bad",
                proven: "bad",
            },
            ..plain("anyone")
        },
        // Nothing but a wrong request shows that its answer says nothing.
        Case {
            said: Said {
                right: "good",
                wrong: "good",
                unknown: "good",
                proven: "unknown",
            },
            ..plain("code-first")
        },
    ];
    for Case {
        dialect,
        said,
        redirect,
    } in &cases
    {
        let server = provider(dialect, None);
        let ask = |client: &str, secret: &str, flags: &[&str]| {
            let options = [("client_id", client), ("client_secret", secret)];
            check_with(server.issuer(), &options, flags)
        };
        all_of(dialect, *said, ask);
        let found = verdicts(&ask("corp", SECRET, &[]));
        for name in ["discovery", "keys", "pkce"] {
            assert_eq!(found[name], "good", "{dialect}: {name}");
        }
        assert_eq!(found["redirect-uri"], *redirect, "{dialect}");
    }
    // Those without a discovery document are below.
    let tried: BTreeSet<_> = cases.iter().map(|case| case.dialect).collect();
    let all = Dialect::all().map(Dialect::name);
    let others: BTreeSet<_> = all.filter(|name| !tried.contains(name)).collect();
    assert_eq!(others, BTreeSet::from(["github", "slack"]));
}

#[test]
fn kinds_with_endpoints_of_their_own_are_understood_there() {
    struct Case {
        name: &'static str,
        dialect: &'static str,
        issuer: Option<&'static str>,
        options: Value,
        said: Said,
    }

    for Case {
        name,
        dialect,
        issuer,
        options,
        said,
    } in [
        Case {
            name: "GitHub",
            dialect: "github",
            issuer: None,
            options: json!({ "provider": "github", "scope": "user:email" }),
            said: TRUE,
        },
        Case {
            name: "Slack",
            dialect: "slack",
            issuer: None,
            options: json!({ "provider": "slack", "scope": "identity.basic identity.email" }),
            said: TRUE,
        },
        Case {
            name: "Google",
            dialect: "google",
            issuer: Some("https://accounts.google.com"),
            options: json!({ "provider": "google", "scope": "openid email" }),
            said: TRUE,
        },
        Case {
            name: "Okta",
            dialect: "okta",
            issuer: Some("https://corp.okta.com"),
            options: json!({
                "provider": "generic",
                "issuer_url": "https://corp.okta.com",
                "scope": "openid email",
            }),
            said: TRUE,
        },
        Case {
            name: "Auth0",
            dialect: "auth0",
            issuer: Some("https://corp.eu.auth0.com"),
            options: json!({
                "provider": "auth0",
                "issuer_url": "https://corp.eu.auth0.com",
                "scope": "openid email",
            }),
            said: TRUE,
        },
        Case {
            name: "Entra ID",
            dialect: "entra",
            issuer: None,
            options: json!({
                "provider": "microsoft",
                "microsoft_tenant_id": "corp.example",
                "scope": "openid email",
            }),
            // Its real order is not known.
            said: Said {
                right: "unknown",
                ..TRUE
            },
        },
    ] {
        let server = provider(dialect, issuer);
        let address = server.address();
        let proxy = Proxy::start(move |_, request| forwarded(address, &request.whole));
        all_of(name, said, |client, secret, flags| {
            let mut options = options.clone();
            options["client_id"] = client.into();
            options["client_secret"] = secret.into();
            options["provider_id"] = "corp".into();
            proxy.check_with(&options, &[&["--ca", proxy.ca()], flags].concat())
        });
    }
}

#[test]
fn what_is_good_logs_users_in() {
    for dialect in [
        "gafaelfawr",
        "thin-tokens",
        "issuer-with-slash",
        "answers-by-method",
    ] {
        let server = provider(dialect, None);
        let options = [
            ("client_id", "corp"),
            ("client_secret", SECRET),
            ("issuer_url", server.issuer()),
            ("provider_id", "corp"),
            ("scope", "profile email"),
        ];
        let (mut world, _) = World::with_kratos(1, &options);
        let found = world.run("idp/0", "check-provider");
        let found = found.results["json"].as_str().unwrap();
        let found: Value = serde_json::from_str(found).unwrap();
        assert_ne!(found["verdict"], "bad", "{dialect}: {found}");
        let login = [("username", json!("alice"))];
        let outcome = world.run_action("kratos/0", "log-in", &login).unwrap();
        let claims = outcome.results.get("claims").and_then(Value::as_str);
        let claims = claims.unwrap_or_else(|| panic!("{dialect}: {outcome:?}"));
        let claims: Value = serde_json::from_str(claims).unwrap();
        assert_eq!(claims["sub"], "alice", "{dialect}");
        assert_eq!(claims["preferred_username"], "alice", "{dialect}");
    }
}

/// What the provider at `address` answers to a request, whatever path the token endpoint has.
fn forwarded(address: SocketAddr, request: &str) -> Vec<u8> {
    let (first, rest) = request.split_once("\r\n").unwrap();
    let first = if first.starts_with("POST ") {
        "POST /auth/openid/token HTTP/1.1"
    } else {
        first
    };
    let mut stream = TcpStream::connect(address).unwrap();
    let request = format!("{first}\r\nConnection: close\r\n{rest}");
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    answer
}
