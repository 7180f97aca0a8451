//! Providers that are wrong, broken or hostile.

use std::io::Write as _;
use std::net::TcpListener;
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

use super::web::{Answer, Request, Web, answer, json as in_json};
use super::{check, check_with, generic, named, report, run, verdicts};

/// The discovery document of a provider at `url` that does everything right.
pub(super) fn document(url: &str) -> Value {
    json!({
        "issuer": url,
        "authorization_endpoint": format!("{url}/authorize"),
        "token_endpoint": format!("{url}/token"),
        "userinfo_endpoint": format!("{url}/userinfo"),
        "introspection_endpoint": format!("{url}/introspect"),
        "jwks_uri": format!("{url}/jwks"),
        "response_types_supported": ["code"],
        "grant_types_supported": ["authorization_code"],
        "id_token_signing_alg_values_supported": ["RS256", "ES256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
        "scopes_supported": ["openid", "email"],
        "code_challenge_methods_supported": ["S256"],
    })
}

/// A key that verifies signatures.
fn rsa() -> Value {
    json!({ "kty": "RSA", "use": "sig", "alg": "RS256", "kid": "k", "e": "AQAB", "n": "w".repeat(342) })
}

/// Answers as a provider that does everything right, whose client's secret is `hunter2-secret`.
pub(super) fn right(request: &Request, url: &str) -> Answer {
    let (path, query) = request
        .target
        .split_once('?')
        .unwrap_or((&request.target, ""));
    match path {
        "/.well-known/openid-configuration" => in_json(200, &document(url)),
        "/jwks" => in_json(200, &json!({ "keys": [rsa()] })),
        "/token" if request.authorization == "Basic YzpodW50ZXIyLXNlY3JldA==" => {
            in_json(400, &json!({ "error": "invalid_grant" }))
        }
        "/token" => in_json(401, &json!({ "error": "invalid_client" })),
        "/authorize" if query.contains("prompt=none") => {
            let back = "https://iam.example.com/self-service/methods/oidc/callback/corp";
            let location = format!("{back}?error=login_required&state=s");
            answer(302, &[("Location", &location)], "")
        }
        _ => answer(404, &[], "not found"),
    }
}

/// A provider that does everything right.
pub(crate) fn honest() -> Web {
    Web::start(right)
}

/// One that does everything right but at `path`.
fn but(
    path: &'static str,
    wrong: impl Fn(&Request, &str) -> Answer + Send + Sync + 'static,
) -> Web {
    Web::start(move |request, url| {
        let at = request.target.split('?').next().unwrap();
        if at == path {
            wrong(request, url)
        } else {
            right(request, url)
        }
    })
}

const DOCUMENT: &str = "/.well-known/openid-configuration";

#[test]
fn a_right_provider_is_good() {
    let web = honest();
    let found = check_with(&web.url(), &[], &["--control"]);
    assert!(
        verdicts(&found)
            .values()
            .filter(|one| *one != "good")
            .count()
            <= 1,
        "{found}"
    );
    // Only the clock: this server has none.
    assert_eq!(verdicts(&found)["clock"], "unknown", "{found}");
    let requests: Vec<_> = web.requests();
    let asked: Vec<_> = requests
        .iter()
        .map(|one| (one.method.as_str(), one.target.split('?').next().unwrap()))
        .collect();
    let expected = [
        ("GET", DOCUMENT),
        ("GET", "/jwks"),
        ("POST", "/token"),
        ("POST", "/token"),
        ("GET", "/authorize"),
    ];
    assert_eq!(asked, expected);
    // As Kratos would ask.
    let uri = "https%3A%2F%2Fiam.example.com%2Fself-service%2Fmethods%2Foidc%2Fcallback%2Fcorp";
    assert_eq!(
        requests[2].body,
        format!(
            "grant_type=authorization_code&code=gc-0123456789abcdefABCDEF.0123456789abcdefABCDEF\
             &redirect_uri={uri}"
        )
    );
    let query = &requests[4].target;
    for part in [
        "client_id=c",
        "scope=openid+email",
        "code_challenge_method=S256",
        uri,
    ] {
        assert!(query.contains(part), "{part}: {query}");
    }
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn a_document_is_judged_by_what_kratos_needs() {
    struct Case {
        name: &'static str,
        change: fn(&mut Value, &str),
        verdict: &'static str,
        seen: &'static str,
    }

    for Case {
        name,
        change,
        verdict,
        seen,
    } in [
        Case {
            name: "nothing optional",
            change: |document, _| {
                for key in [
                    "grant_types_supported",
                    "id_token_signing_alg_values_supported",
                    "token_endpoint_auth_methods_supported",
                    "response_types_supported",
                    "userinfo_endpoint",
                ] {
                    document.as_object_mut().unwrap().remove(key);
                }
            },
            verdict: "good",
            seen: "all that Kratos needs",
        },
        Case {
            name: "what need not be decoded",
            change: |document, _| {
                document["x"] = "\u{fffd}".into();
                document["service_documentation"] = 5.into();
            },
            verdict: "good",
            seen: "all that Kratos needs",
        },
        Case {
            name: "a text for a list",
            change: |document, _| {
                document["id_token_signing_alg_values_supported"] = "RS256".into();
            },
            verdict: "bad",
            seen: "id_token_signing_alg_values_supported is of a wrong type",
        },
        Case {
            name: "a number for an endpoint",
            change: |document, _| document["userinfo_endpoint"] = 5.into(),
            verdict: "bad",
            seen: "userinfo_endpoint is of a wrong type",
        },
        Case {
            name: "somebody's name in an endpoint",
            change: |document, _| document["token_endpoint"] = "http://okta.com:x@evil/t".into(),
            verdict: "bad",
            seen: "token_endpoint is not a URL",
        },
        Case {
            name: "no issuer",
            change: |document, _| document["issuer"] = Value::Null,
            verdict: "bad",
            seen: "names no issuer",
        },
        Case {
            name: "a slash more",
            change: |document, url| document["issuer"] = format!("{url}/").into(),
            verdict: "bad",
            seen: "byte for byte",
        },
        Case {
            name: "no token endpoint",
            change: |document, _| document["token_endpoint"] = Value::Null,
            verdict: "bad",
            seen: "token_endpoint is missing",
        },
        Case {
            name: "an endpoint that is not a URL",
            change: |document, _| document["jwks_uri"] = "file:///etc/passwd".into(),
            verdict: "bad",
            seen: "jwks_uri is not a URL",
        },
        Case {
            name: "no code",
            change: |document, _| document["response_types_supported"] = json!(["id_token"]),
            verdict: "bad",
            seen: "response_types_supported does not contain code",
        },
        Case {
            name: "no such grant",
            change: |document, _| document["grant_types_supported"] = json!(["implicit"]),
            verdict: "bad",
            seen: "grant_types_supported does not contain authorization_code",
        },
        Case {
            name: "algorithms that Kratos refuses",
            change: |document, _| {
                document["id_token_signing_alg_values_supported"] = json!(["HS256", "none"]);
            },
            verdict: "bad",
            seen: "nothing that Kratos accepts",
        },
        Case {
            name: "no client secrets",
            change: |document, _| {
                document["token_endpoint_auth_methods_supported"] = json!(["private_key_jwt"]);
            },
            verdict: "bad",
            seen: "does not contain client_secret_basic or client_secret_post",
        },
    ] {
        let web = but(DOCUMENT, move |_, url| {
            let mut document = document(url);
            change(&mut document, url);
            in_json(200, &document)
        });
        let found = check(&web.url(), &[]);
        let check = named(&found, "discovery");
        assert_eq!(check["verdict"], verdict, "{name}: {found}");
        assert!(
            check["seen"].as_str().unwrap().contains(seen),
            "{name}: {found}"
        );
    }
}

#[test]
fn the_right_issuer_is_in_the_fix_and_keeps_the_id() {
    let web = but(DOCUMENT, |_, url| {
        let mut document = document(url);
        document["issuer"] = format!("{url}/").into();
        in_json(200, &document)
    });
    let file = generic(&web.url(), &[("provider_id", "")]);
    let found = report(&run(&file, &[], &[]));
    let fix = named(&found, "discovery")["fix"].as_str().unwrap();
    let start = format!(
        "run juju config idp issuer_url={}/ provider_id=generic_",
        web.url()
    );
    assert!(fix.starts_with(&start), "{fix}");
}

#[test]
fn no_command_has_the_secret_in_it() {
    let web = but(DOCUMENT, |_, url| {
        let mut document = document(url);
        document["issuer"] = format!("{url}/hunter2-secret").into();
        in_json(200, &document)
    });
    let found = check(&web.url(), &[]);
    assert_eq!(named(&found, "discovery")["verdict"], "bad");
    assert!(!found.to_string().contains("hunter2"), "{found}");
    let web = but(DOCUMENT, |_, url| {
        let mut document = document(url);
        document["userinfo_endpoint"] = format!("{url}/?s=hunter2%2dsecret").into();
        in_json(200, &document)
    });
    let found = check(&web.url(), &[]);
    let configure = found["configure"].as_str().unwrap();
    assert!(configure.contains("token_endpoint="), "{configure}");
    assert!(!configure.contains("userinfo_endpoint="), "{configure}");
}

#[test]
fn a_token_for_a_wrong_secret_is_bad() {
    let web = but("/token", |request, url| {
        let answer = right(request, url);
        if answer.starts_with(b"HTTP/1.1 401") {
            return in_json(200, &json!({ "access_token": "t" }));
        }
        answer
    });
    let found = check_with(&web.url(), &[], &["--control"]);
    assert_eq!(named(&found, "credentials")["verdict"], "bad", "{found}");
}

#[test]
fn a_redirect_uri_that_is_not_known_is_not_to_be_registered() {
    let web = but("/token", |_, _| {
        in_json(200, &json!({ "error": "redirect_uri_mismatch" }))
    });
    let args = ["check", "-", "--format", "json"];
    let output = crate::support::charm(&args, &generic(&web.url(), &[]));
    let found = report(&output);
    let fix = named(&found, "credentials")["fix"].as_str().unwrap();
    assert!(fix.ends_with("as public-url"), "{fix}");
    assert_eq!(
        named(&found, "redirect-uri")["verdict"],
        "unknown",
        "{found}"
    );
}

#[test]
fn another_issuer_gets_no_secret() {
    let other = honest();
    let there = other.url();
    let web = but(DOCUMENT, move |_, _| in_json(200, &document(&there)));
    let found = check(&web.url(), &[]);
    assert_eq!(named(&found, "discovery")["verdict"], "bad");
    assert_eq!(named(&found, "credentials")["verdict"], "unknown");
    assert!(other.requests().is_empty(), "{:?}", other.requests());
    assert_eq!(found.get("configure"), None);
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn whatever_a_provider_answers_is_survived() {
    struct Case {
        name: &'static str,
        path: &'static str,
        wrong: fn(&Request, &str) -> Answer,
        check: &'static str,
        verdict: &'static str,
    }

    for Case {
        name,
        path,
        wrong,
        check: subject,
        verdict,
    } in [
        Case {
            name: "no document",
            path: DOCUMENT,
            wrong: |_, _| answer(404, &[], "<html>"),
            check: "discovery",
            verdict: "bad",
        },
        Case {
            name: "an error",
            path: DOCUMENT,
            wrong: |_, _| answer(503, &[], ""),
            check: "discovery",
            verdict: "unknown",
        },
        Case {
            name: "a page",
            path: DOCUMENT,
            wrong: |_, _| answer(200, &[], "<html>\u{1b}[2J</html>"),
            check: "discovery",
            verdict: "bad",
        },
        Case {
            name: "a list",
            path: DOCUMENT,
            wrong: |_, _| answer(200, &[], "[1]"),
            check: "discovery",
            verdict: "bad",
        },
        Case {
            name: "nested without end",
            path: DOCUMENT,
            wrong: |_, _| answer(200, &[], &"[".repeat(500_000)),
            check: "discovery",
            verdict: "bad",
        },
        Case {
            name: "odd numbers, texts and depths in what is not needed",
            path: DOCUMENT,
            wrong: |_, url| {
                let document = document(url).to_string();
                let deep = "[".repeat(5000) + &"]".repeat(5000);
                let odd = format!(r#"{{"x":1e999,"y":"\ud800","z":{deep},"#);
                answer(200, &[], &document.replacen('{', &odd, 1))
            },
            check: "discovery",
            verdict: "good",
        },
        Case {
            name: "algorithms and keys without end",
            path: DOCUMENT,
            wrong: |_, url| {
                let mut document = document(url);
                document["id_token_signing_alg_values_supported"] = vec!["RS512"; 80_000].into();
                in_json(200, &document)
            },
            check: "keys",
            verdict: "bad",
        },
        Case {
            name: "2 MiB",
            path: DOCUMENT,
            wrong: |_, _| answer(200, &[], &" ".repeat(2 * 1024 * 1024)),
            check: "discovery",
            verdict: "bad",
        },
        Case {
            name: "a header of 1 MiB",
            path: DOCUMENT,
            wrong: |_, _| answer(200, &[("X", &"x".repeat(1024 * 1024))], "{}"),
            check: "discovery",
            verdict: "unknown",
        },
        Case {
            name: "not HTTP",
            path: DOCUMENT,
            wrong: |_, _| b"\0\xff220 smtp ready\r\n".to_vec(),
            check: "discovery",
            verdict: "unknown",
        },
        Case {
            name: "nothing",
            path: DOCUMENT,
            wrong: |_, _| Vec::new(),
            check: "discovery",
            verdict: "unknown",
        },
        Case {
            name: "redirected in circles",
            path: DOCUMENT,
            wrong: |_, _| answer(302, &[("Location", DOCUMENT)], ""),
            check: "discovery",
            verdict: "bad",
        },
        Case {
            name: "redirected once",
            path: DOCUMENT,
            wrong: |request, url| {
                if request.target.contains('?') {
                    return right(request, url);
                }
                answer(
                    301,
                    &[("Location", "/.well-known/openid-configuration?again")],
                    "",
                )
            },
            check: "discovery",
            verdict: "good",
        },
        Case {
            name: "redirected to the cloud's secrets",
            path: DOCUMENT,
            wrong: |_, _| answer(302, &[("Location", "http://169.254.169.254/latest")], ""),
            check: "discovery",
            verdict: "bad",
        },
        Case {
            name: "redirected to a file",
            path: DOCUMENT,
            wrong: |_, _| answer(302, &[("Location", "file:///etc/passwd")], ""),
            check: "discovery",
            verdict: "bad",
        },
        Case {
            name: "keys of the cloud",
            path: DOCUMENT,
            wrong: |_, url| {
                let mut document = document(url);
                document["jwks_uri"] = "http://[::ffff:169.254.169.254]/".into();
                in_json(200, &document)
            },
            check: "keys",
            verdict: "unknown",
        },
        Case {
            name: "tokens from the cloud",
            path: DOCUMENT,
            wrong: |_, url| {
                let mut document = document(url);
                document["token_endpoint"] = "http://[fe80::1]/".into();
                in_json(200, &document)
            },
            check: "credentials",
            verdict: "unknown",
        },
        Case {
            name: "a token for nothing",
            path: "/token",
            wrong: |_, _| in_json(200, &json!({ "access_token": "t", "token_type": "Bearer" })),
            check: "credentials",
            verdict: "bad",
        },
        Case {
            name: "a redirect of the token request",
            path: "/token",
            wrong: |_, _| answer(307, &[("Location", "/jwks")], ""),
            check: "credentials",
            verdict: "unknown",
        },
        Case {
            name: "a location beside an error",
            path: "/token",
            wrong: |_, _| {
                let headers = [("Location", "/elsewhere")];
                answer(400, &headers, r#"{"error":"invalid_grant"}"#)
            },
            check: "credentials",
            verdict: "good",
        },
        Case {
            name: "too many requests",
            path: "/token",
            wrong: |_, _| in_json(429, &json!({ "error": "invalid_client" })),
            check: "credentials",
            verdict: "unknown",
        },
        Case {
            name: "not allowed",
            path: "/token",
            wrong: |_, _| in_json(400, &json!({ "error": "unauthorized_client" })),
            check: "credentials",
            verdict: "bad",
        },
        Case {
            name: "another redirect URI, at the token endpoint",
            path: "/token",
            wrong: |_, _| in_json(200, &json!({ "error": "redirect_uri_mismatch" })),
            check: "redirect-uri",
            verdict: "bad",
        },
        Case {
            name: "a redirect to nearly the URI",
            path: "/authorize",
            wrong: |_, _| {
                let near = "https://iam.example.com/self-service/methods/oidc/callback/corporate";
                answer(
                    302,
                    &[("Location", &format!("{near}?error=login_required"))],
                    "",
                )
            },
            check: "redirect-uri",
            verdict: "unknown",
        },
        Case {
            name: "scopes that are refused",
            path: "/authorize",
            wrong: |_, _| {
                let back = "https://iam.example.com/self-service/methods/oidc/callback/corp";
                answer(
                    302,
                    &[("Location", &format!("{back}?error=invalid_scope"))],
                    "",
                )
            },
            check: "scopes",
            verdict: "bad",
        },
        Case {
            name: "a login at once",
            path: "/authorize",
            wrong: |_, _| {
                let back = "https://iam.example.com/self-service/methods/oidc/callback/corp";
                answer(303, &[("Location", &format!("{back}?code=c&state=s"))], "")
            },
            check: "redirect-uri",
            verdict: "good",
        },
        Case {
            name: "out of order by Basic only",
            path: "/token",
            wrong: |request, _| {
                if request.authorization.is_empty() {
                    return in_json(400, &json!({ "error": "invalid_grant" }));
                }
                answer(500, &[], "")
            },
            check: "credentials",
            verdict: "good",
        },
        Case {
            name: "not allowed by Basic only",
            path: "/token",
            wrong: |request, _| {
                if request.authorization.is_empty() {
                    return in_json(400, &json!({ "error": "invalid_grant" }));
                }
                in_json(400, &json!({ "error": "unauthorized_client" }))
            },
            check: "credentials",
            verdict: "good",
        },
        Case {
            name: "an old clock",
            path: "/token",
            wrong: |_, _| {
                let date = ("Date", "Wed, 21 Oct 2015 07:28:00 GMT");
                answer(400, &[date], r#"{"error":"invalid_grant"}"#)
            },
            check: "clock",
            verdict: "bad",
        },
    ] {
        let web = but(path, wrong);
        let found = check(&web.url(), &[]);
        assert_eq!(
            named(&found, subject)["verdict"],
            verdict,
            "{name}: {found}"
        );
    }
}

#[test]
fn nobody_is_waited_for_without_end() {
    struct Case {
        name: &'static str,
        /// What is sent at once.
        start: &'static str,
        /// And then, again and again.
        more: &'static str,
    }

    let check = |Case { name, start, more }| {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            stream.write_all(start.as_bytes()).unwrap();
            // Longer than anybody waits.
            for _ in 0..300 {
                let _ = stream.write_all(more.as_bytes());
                thread::sleep(Duration::from_millis(100));
            }
        });
        let found = check(&url, &[]);
        let seen = named(&found, "discovery")["seen"].clone();
        let expected = "the issuer cannot be asked: it did not answer in time";
        assert_eq!(seen, expected, "{name}");
        assert_eq!(verdicts(&found)["discovery"], "unknown", "{name}");
    };
    let checked = [
        Case {
            name: "silence",
            start: "",
            more: "",
        },
        Case {
            name: "headers without end",
            start: "HTTP/1.1 200 OK\r\n",
            more: "X: y\r\n",
        },
        Case {
            name: "a body without end",
            start: "HTTP/1.1 200 OK\r\n\r\n",
            more: " ",
        },
    ]
    .map(|case| thread::spawn(move || check(case)));
    for one in checked {
        one.join().unwrap();
    }
}

#[test]
fn pkce_that_is_demanded_but_not_announced_is_bad() {
    let demands = |_: &Request, _: &str| {
        let back = "https://iam.example.com/self-service/methods/oidc/callback/corp";
        let query = "error=invalid_request&error_description=code_challenge+is+required";
        answer(302, &[("Location", &format!("{back}?{query}"))], "")
    };
    let web = Web::start(
        move |request, url| match request.target.split('?').next().unwrap() {
            "/authorize" => demands(request, url),
            DOCUMENT => {
                let mut document = document(url);
                document["code_challenge_methods_supported"] = json!(["plain"]);
                in_json(200, &document)
            }
            _ => right(request, url),
        },
    );
    let found = check(&web.url(), &[]);
    assert_eq!(named(&found, "pkce")["verdict"], "bad", "{found}");
    assert_eq!(named(&found, "redirect-uri")["verdict"], "good", "{found}");
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn keys_are_judged_as_kratos_uses_them() {
    struct Case {
        name: &'static str,
        body: Value,
        verdict: &'static str,
    }

    let with = |key: &str, value: Value| {
        let mut changed = rsa();
        changed[key] = value;
        json!({ "keys": [changed] })
    };
    let ec = |curve: &str, length| {
        let part = "w".repeat(length);
        json!({ "keys": [{ "kty": "EC", "crv": curve, "x": part, "y": part }] })
    };
    for Case {
        name,
        body,
        verdict,
    } in [
        Case {
            name: "RSA",
            body: json!({ "keys": [rsa()] }),
            verdict: "good",
        },
        Case {
            name: "no use, no algorithm",
            body: with("use", Value::Null),
            verdict: "good",
        },
        Case {
            name: "P-256",
            body: ec("P-256", 43),
            verdict: "good",
        },
        Case {
            name: "no keys",
            body: json!({ "keys": [] }),
            verdict: "bad",
        },
        Case {
            name: "not a set",
            body: json!({}),
            verdict: "bad",
        },
        Case {
            name: "a list",
            body: json!([rsa()]),
            verdict: "bad",
        },
        Case {
            name: "for encryption",
            body: with("use", "enc".into()),
            verdict: "bad",
        },
        Case {
            name: "of another algorithm",
            body: with("alg", "RS512".into()),
            verdict: "bad",
        },
        Case {
            name: "an empty algorithm",
            body: with("alg", "".into()),
            verdict: "good",
        },
        Case {
            name: "a number for an id",
            body: with("kid", 7.into()),
            verdict: "bad",
        },
        Case {
            name: "nothing but zeros",
            body: with("n", "A".repeat(342).into()),
            verdict: "bad",
        },
        Case {
            name: "one of an unknown type beside it",
            body: json!({ "keys": [rsa(), { "kty": "AKP", "pub": "eHg" }] }),
            verdict: "unknown",
        },
        Case {
            name: "only one of an unknown type",
            body: json!({ "keys": [{ "kty": "AKP", "pub": "eHg" }] }),
            verdict: "bad",
        },
        Case {
            name: "without a modulus",
            body: with("n", Value::Null),
            verdict: "bad",
        },
        Case {
            name: "512 bits",
            body: with("n", "w".repeat(86).into()),
            verdict: "bad",
        },
        Case {
            name: "a secret key",
            body: with("kty", "oct".into()),
            verdict: "bad",
        },
        Case {
            name: "a curve that is not offered",
            body: ec("P-384", 64),
            verdict: "bad",
        },
        Case {
            name: "too short a point",
            body: ec("P-256", 20),
            verdict: "bad",
        },
        Case {
            name: "one without a type spoils all",
            body: json!({ "keys": [rsa(), { "n": "x" }] }),
            verdict: "bad",
        },
        Case {
            name: "one of another kind does not",
            body: json!({ "keys": [{ "kty": "oct", "k": "eHg" }, rsa()] }),
            verdict: "good",
        },
    ] {
        let web = but("/jwks", move |_, _| in_json(200, &body));
        let found = check(&web.url(), &[]);
        assert_eq!(named(&found, "keys")["verdict"], verdict, "{name}: {found}");
    }
}

/// A provider that repeats what it was sent wherever it can, and `secret` itself.
pub(crate) fn parrot(secret: &'static str) -> Web {
    Web::start(move |request, url| {
        let sent = format!("{} {}", request.authorization, request.body);
        let said = format!("\u{1b}[31m{sent} {secret}\u{202e}");
        match request.target.split('?').next().unwrap() {
            "/token" => in_json(
                401,
                &json!({ "error": "invalid_client", "error_description": said }),
            ),
            "/authorize" => {
                let back = "https://iam.example.com/self-service/methods/oidc/callback/corp";
                let said: Vec<_> = secret.bytes().map(|byte| format!("%{byte:02x}")).collect();
                let said = said.concat();
                let query = format!("error=invalid_scope&error_description=%1B%5B2J{said}");
                answer(302, &[("Location", &format!("{back}?{query}"))], "")
            }
            _ => right(request, url),
        }
    })
}

#[test]
fn a_provider_that_repeats_the_secret_makes_nobody_print_it() {
    let secret = "pl4nted+s3cret/with \"odd\" signs~é";
    let web = parrot(secret);
    let file = generic(&web.url(), &[("client_secret", secret)]);
    for format in ["json", "text"] {
        let url = "https://iam.example.com";
        let args = [
            "check",
            "-",
            "--control",
            "--public-url",
            url,
            "--format",
            format,
        ];
        let output = crate::support::charm(&args, &file);
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert!(said.contains("***"), "{said}");
        for planted in ["pl4nted", "s3cret", "cGw0bnRlZ", "\u{1b}", "\u{202e}"] {
            assert!(!said.contains(planted), "{planted}: {said}");
        }
    }
}
