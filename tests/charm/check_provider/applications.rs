//! Applications that log their users in at the provider beside Kratos.

use std::fs;

use doctor::Doctor;
use doctor::provider::Application;
use juju_hook::Proxies;
use kratos_external_idp_integrator::config::{Answers, Configuration, Request};
use kratos_external_idp_integrator::inquiry::{Inquiry, Outcome, Parameters};
use minimal_op::{Client, Config, Server};
use serde_json::{Value, json};

use super::hostile::{document, parrot, right};
use super::tls::Proxy;
use super::web::{self, Answer, Web, answer, json as in_json};

const SECRET: &str = "hunter2-secret";

/// Where Kratos is.
const KRATOS: &str = "https://iam.example.com/self-service/methods/oidc/callback/corp";

const GRAFANA: &str = "https://grafana.example.com/login/generic_oauth";

/// An application that asks for what every provider has.
fn application(name: &str, redirect_uris: &[&str]) -> Application {
    Application {
        name: name.into(),
        redirect_uris: redirect_uris.iter().map(|&uri| uri.to_owned()).collect(),
        scopes: vec!["openid".into(), "email".into()],
        grant_types: vec!["authorization_code".into()],
        auth_method: "client_secret_basic".into(),
    }
}

/// Asks about these options, and these applications.
fn ask_with(options: &Value, applications: Vec<Application>, proxies: &Proxies) -> Outcome {
    let options = serde_json::from_value(options.clone()).unwrap();
    let configuration = Configuration::check(Request::new(options), &Answers::default());
    let parameters = Parameters {
        public_url: "https://iam.example.com".into(),
        ..Parameters::default()
    };
    let known = |_: &str| None;
    let inquiry = Inquiry::new(&configuration, parameters, known, |_| applications, proxies);
    let doctor = Doctor::at(env!("CARGO_BIN_EXE_doctor"));
    inquiry
        .unwrap()
        .ask(&doctor, &configuration, "idp")
        .unwrap()
}

/// Asks the provider at `issuer`.
fn ask(issuer: &str, applications: Vec<Application>) -> Outcome {
    let options = json!({
        "provider": "generic",
        "client_id": "c",
        "client_secret": SECRET,
        "issuer_url": issuer,
        "provider_id": "corp",
        "scope": "openid email",
    });
    ask_with(&options, applications, &Proxies::default())
}

/// The lines about applications.
fn lines(outcome: &Outcome) -> Vec<String> {
    let lines = outcome.lines();
    let lines: Vec<_> = lines.lines().map(str::to_owned).collect();
    let of_kratos = outcome
        .checks
        .iter()
        .filter(|one| one.application.is_none());
    lines[of_kratos.count()..].to_vec()
}

/// A provider that sends users back to these redirect URIs only, and whose document has these
/// members instead of its own.
fn strict(registered: &'static [&'static str], members: Value) -> Web {
    Web::start(move |request, url| {
        let (path, query) = request
            .target
            .split_once('?')
            .unwrap_or((&request.target, ""));
        match path {
            "/.well-known/openid-configuration" => {
                let mut document = document(url);
                for (name, value) in members.as_object().unwrap() {
                    document[name] = value.clone();
                }
                in_json(200, &document)
            }
            "/authorize" => at_home(registered, query),
            _ => right(request, url),
        }
    })
}

fn at_home(registered: &[&str], query: &str) -> Answer {
    let mut fields = query.split('&').filter_map(|field| field.split_once('='));
    let uri = fields.find(|(name, _)| *name == "redirect_uri");
    let uri = uri.map(|(_, uri)| percent_encoding::percent_decode_str(uri).decode_utf8_lossy());
    match uri.filter(|uri| registered.contains(&&**uri)) {
        Some(uri) => {
            let location = format!("{uri}?error=login_required&state=s");
            answer(302, &[("Location", &location)], "")
        }
        None => answer(400, &[], "invalid redirect_uri"),
    }
}

/// How often the authorization endpoint was asked.
fn logins(web: &Web) -> usize {
    let requests = web.requests();
    let logins = requests.iter().map(|one: &web::Request| &one.target);
    logins.filter(|one| one.starts_with("/authorize")).count()
}

#[test]
fn each_redirect_uri_is_asked_about() {
    const MIMIR: &str = "https://mimir.example.com/callback";
    let web = strict(&[KRATOS, GRAFANA, MIMIR], json!({}));
    let unregistered = "https://grafana.example.com/other";
    let applications = vec![
        application("grafana", &[GRAFANA, unregistered, GRAFANA]),
        application("mimir", &[MIMIR]),
    ];
    let outcome = ask(&web.url(), applications);
    assert_eq!(
        lines(&outcome),
        [
            format!(
                "grafana: redirect-uri: good: the provider sends users back to {GRAFANA}, here with \
                 login_required"
            ),
            format!(
                "grafana: redirect-uri: bad: for {unregistered}, the provider answered with HTTP 400, \
                 but sends users back to another redirect URI: register {unregistered} at the \
                 provider, character for character"
            ),
            "grafana: scopes: good: the provider lists all that the application asks for".into(),
            "grafana: grant-types: good: the provider lists all that the application asks for"
                .into(),
            "grafana: auth-method: good: the provider accepts the client with client_secret_basic"
                .into(),
            format!(
                "mimir: redirect-uri: good: the provider sends users back to {MIMIR}, here with \
                 login_required"
            ),
            "mimir: scopes: good: the provider lists all that the application asks for".into(),
            "mimir: grant-types: good: the provider lists all that the application asks for".into(),
            "mimir: auth-method: good: the provider accepts the client with client_secret_basic"
                .into(),
        ]
    );
    assert_eq!(logins(&web), 4);
    let found: Value = serde_json::from_str(&outcome.json()).unwrap();
    assert_eq!(found["verdict"], "bad");
    let checks = found["checks"].as_array().unwrap();
    assert_eq!(checks[0]["application"], Value::Null);
    assert_eq!(checks[8]["application"], "grafana");
    assert_eq!(checks[8]["name"], "redirect-uri");
}

#[test]
fn kratos_own_redirect_uri_is_known_to_be_wrong_where_another_is_right() {
    let web = strict(&[GRAFANA], json!({}));
    let verdict = |applications| {
        let outcome = ask(&web.url(), applications);
        let check = outcome
            .checks
            .into_iter()
            .find(|one| one.name == "redirect-uri");
        check.unwrap().verdict.word()
    };
    assert_eq!(verdict(vec![]), "unknown");
    assert_eq!(verdict(vec![application("grafana", &[GRAFANA])]), "bad");
}

#[test]
fn a_real_provider_tells_redirect_uris_apart() {
    let server = Server::start(Config {
        clients: vec![Client::new("c", SECRET, GRAFANA)],
        dialect: "prompt-none".parse().unwrap(),
        ..Config::default()
    })
    .unwrap();
    // It does not look at queries.
    let second = format!("{GRAFANA}?org=2");
    let third = "https://grafana.example.com/login";
    let mut grafana = application("grafana", &[GRAFANA, &second, third]);
    grafana.grant_types.push("refresh_token".into());
    grafana.scopes.push("groups".into());
    grafana.auth_method = "client_secret_post".into();
    let outcome = ask(server.issuer(), vec![grafana]);
    let found: Vec<_> = outcome
        .checks
        .iter()
        .filter(|one| one.application.is_some())
        .collect();
    let verdicts: Vec<_> = found
        .iter()
        .map(|one| (one.name, one.verdict.word()))
        .collect();
    assert_eq!(
        verdicts,
        [
            ("redirect-uri", "good"),
            ("redirect-uri", "good"),
            ("redirect-uri", "bad"),
            ("scopes", "unknown"),
            ("grant-types", "unknown"),
            ("auth-method", "good"),
        ]
    );
    let to_do = format!("register {third} at the provider, character for character");
    assert_eq!(found[2].fix, to_do);
    assert!(found[3].seen.contains("does not list groups"), "{found:?}");
    assert!(
        found[4].seen.contains("does not list refresh_token"),
        "{found:?}"
    );
}

#[test]
fn what_the_provider_lacks_is_said() {
    struct Case {
        name: &'static str,
        members: Value,
        change: fn(&mut Application),
        line: &'static str,
    }

    for Case {
        name,
        members,
        change,
        line,
    } in [
        Case {
            name: "a grant type",
            members: json!({}),
            change: |one| one.grant_types.push("client_credentials".into()),
            line: "grafana: grant-types: unknown: the provider does not list client_credentials, but \
                   such lists are often incomplete: look them up in the provider's documentation, or \
                   let the application leave them out",
        },
        Case {
            name: "a way to show the secret",
            members: json!({}),
            change: |one| one.auth_method = "client_secret_post".into(),
            line: "grafana: auth-method: unknown: the provider does not list client_secret_post, but \
                   such lists are often incomplete: let the application use client_secret_basic, \
                   unless the provider's documentation has client_secret_post",
        },
        Case {
            name: "a list",
            members: json!({ "token_endpoint_auth_methods_supported": null }),
            change: |one| one.auth_method = "client_secret_post".into(),
            line: "grafana: auth-method: unknown: the discovery document does not list any, so \
                   client_secret_post may work or not: look client_secret_post up in the provider's \
                   documentation",
        },
        Case {
            name: "a scope",
            members: json!({}),
            change: |one| one.scopes.push("groups".into()),
            line: "grafana: scopes: unknown: the provider does not list groups, but such lists are \
                   often incomplete: let the application leave them out, unless the provider's \
                   documentation has them",
        },
    ] {
        let web = strict(&[KRATOS, GRAFANA], members);
        let mut grafana = application("grafana", &[GRAFANA]);
        change(&mut grafana);
        let lines = lines(&ask(&web.url(), vec![grafana]));
        assert!(lines.contains(&line.to_owned()), "{name}: {lines:#?}");
    }
}

#[test]
fn a_client_that_is_known_in_one_way_only_is_not_in_the_other() {
    let web = Web::start(|request, url| match request.target.as_str() {
        "/token" if request.authorization.is_empty() => {
            in_json(400, &json!({ "error": "invalid_grant" }))
        }
        "/token" => in_json(401, &json!({ "error": "invalid_client" })),
        _ => right(request, url),
    });
    let lines = lines(&ask(&web.url(), vec![application("grafana", &[])]));
    assert_eq!(
        lines.last().unwrap(),
        "grafana: auth-method: bad: the provider refuses the client with client_secret_basic, but not \
         with client_secret_post: allow the client client_secret_basic at the provider, or let the \
         application use client_secret_post"
    );
}

#[test]
fn an_application_that_logs_nobody_in_is_not_sent_back() {
    let web = strict(&[KRATOS], json!({}));
    let mut worker = application("worker", &[GRAFANA]);
    worker.grant_types = vec!["client_credentials".into()];
    let lines = lines(&ask(&web.url(), vec![worker]));
    assert!(lines[0].starts_with("worker: scopes: good: "), "{lines:#?}");
    assert_eq!(logins(&web), 1);
}

#[test]
fn a_provider_is_not_asked_without_end() {
    let web = strict(&[KRATOS], json!({}));
    let uris = |host: &str, count| {
        let uris = (0..count).map(|number| format!("https://{host}.example.com/{number}"));
        uris.collect::<Vec<_>>()
    };
    let many = |name: &str, count| Application {
        redirect_uris: uris(name, count),
        ..application(name, &[])
    };
    let outcome = ask(&web.url(), vec![many("a", 10), many("b", 8), many("c", 1)]);
    // Kratos', and no more than sixteen.
    assert_eq!(logins(&web), 17);
    let found = lines(&outcome);
    let left_out = found
        .iter()
        .find(|line| line.contains("not asked"))
        .unwrap();
    let expected = "a: redirect-uri: unknown: for https://a.example.com/8 https://a.example.com/9, not \
                    asked, since 8 redirect URIs of an application and 16 in all are asked about at \
                    most: check that it is registered at the provider, character for character";
    assert_eq!(left_out, expected);
    let last = found.iter().find(|line| line.starts_with("c: ")).unwrap();
    assert!(
        last.contains("https://c.example.com/0, not asked"),
        "{last}"
    );

    // One that has had enough is not asked again.
    let web = Web::start(|request, url| {
        if request.target.starts_with("/authorize") {
            answer(429, &[], "")
        } else {
            right(request, url)
        }
    });
    let found = lines(&ask(&web.url(), vec![many("a", 10)]));
    assert_eq!(logins(&web), 1);
    let refused =
        "for https://a.example.com/9, not asked, since the provider had too many requests";
    assert!(found[9].contains(refused), "{found:#?}");
}

#[test]
fn what_an_application_asks_for_harms_nobody() {
    let web = strict(&[KRATOS], json!({}));
    let long = format!("https://grafana.example.com/{}", "x".repeat(10_000));
    let secret = format!("https://grafana.example.com/?secret={SECRET}");
    let mut grafana = application(
        "graf\u{1b}[2Jana",
        &[
            "https://grafana.example.com/\u{1b}]0;title\u{7}",
            "https://grafana.example.com/\n/next: redirect-uri: good: line",
            "https://grafana.example.com/\u{202e}moc.elpmaxe",
            &long,
            &secret,
            "javascript:alert(1)",
            "",
        ],
    );
    let mut mimir = application("mimir", &["https://mimir.example.com/callback"]);
    mimir.scopes.push(format!("\u{1b}[31m{SECRET}"));
    grafana.grant_types.push(format!("\u{202e}{SECRET}"));
    grafana.auth_method = format!("\u{1b}{SECRET}");
    let outcome = ask(&web.url(), vec![grafana, mimir]);
    let found = lines(&outcome);
    let refused = found
        .iter()
        .filter(|line| line.contains("not asked, since it"));
    assert_eq!(refused.count(), 5, "{found:#?}");
    let hidden = found
        .iter()
        .filter(|line| line.contains("not asked, since the client's secret"));
    assert_eq!(hidden.count(), 2, "{found:#?}");
    assert_eq!(found.len(), 14, "{found:#?}");
    for said in [found.join("\n"), outcome.json()] {
        for planted in [SECRET, "\u{1b}", "\u{202e}", "\u{7}", &"x".repeat(300)] {
            assert!(!said.contains(planted), "{planted:?}: {said}");
        }
    }
    for request in web.requests() {
        assert!(!request.target.contains(SECRET), "{}", request.target);
    }
}

#[test]
fn a_provider_that_repeats_what_an_application_asks_for_makes_nobody_print_it() {
    let secret = "pl4nted-s3cret";
    let web = parrot(secret);
    let options = json!({
        "provider": "generic", "client_id": "c", "client_secret": secret,
        "issuer_url": web.url(), "provider_id": "corp", "scope": "openid email",
    });
    let applications = vec![application("grafana", &[KRATOS])];
    let outcome = ask_with(&options, applications, &Proxies::default());
    let found = lines(&outcome);
    assert!(found[1].starts_with("grafana: scopes: bad: "), "{found:#?}");
    assert!(found[1].contains("***"), "{found:#?}");
    assert!(!outcome.json().contains("pl4nted"), "{found:#?}");
}

#[test]
fn without_a_document_only_the_endpoints_are_asked() {
    let proxy = Proxy::start(|_, request| match request.method.as_str() {
        "POST" => in_json(400, &json!({ "error": "invalid_grant" })),
        _ => answer(404, &[], ""),
    });
    // What the configuration trusts is trusted, with no parameter.
    let options = json!({
        "provider": "github", "client_id": "c", "client_secret": SECRET,
        "provider_id": "corp", "scope": "user:email",
        "ca_chain": fs::read_to_string(proxy.ca()).unwrap(),
    });
    let proxies = Proxies {
        https: Some(proxy.url()),
        ..Proxies::default()
    };
    let applications = vec![application("grafana", &[GRAFANA])];
    let found = lines(&ask_with(&options, applications, &proxies));
    let starts = [
        "grafana: redirect-uri: unknown: ",
        "grafana: auth-method: good: ",
    ];
    assert_eq!(found.len(), starts.len(), "{found:#?}");
    for (line, start) in found.iter().zip(starts) {
        assert!(line.starts_with(start), "{line}");
    }
    assert_eq!(proxy.seen().len(), 3);
}
