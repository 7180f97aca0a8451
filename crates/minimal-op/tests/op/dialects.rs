//! How other providers differ: what a checker sees of them.

use minimal_op::Dialect;
use serde_json::{Value, json};

use crate::client::{Client, basic};
use crate::world::{
    CHALLENGE, MADE_UP, Program, RETURN_URI, SECRET, TOKEN, VERIFIER, code, login_request, server,
    token_form, told,
};

/// The requests of a checker, all with a made-up code.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Probe {
    UnknownByBasic,
    UnknownByForm,
    WrongByBasic,
    WrongByForm,
    NoSecret,
    RightByBasic,
    RightByForm,
    OtherUri,
    OtherGrant,
    OtherGrantOfUnknown,
    /// The right secret by form of a client that is registered with Basic, and the other way round.
    OtherMethod,
}

fn ask(client: &mut Client, probe: Probe, headers: &str) -> crate::client::Answer {
    let bare = [("client_id", ""), ("client_secret", "")];
    let (header, form) = match probe {
        Probe::UnknownByBasic => (basic("nobody", "x"), token_form(&bare)),
        Probe::UnknownByForm => (String::new(), token_form(&[("client_id", "nobody")])),
        Probe::WrongByBasic => (basic("corp", "wrong"), token_form(&bare)),
        Probe::WrongByForm => (String::new(), token_form(&[("client_secret", "wrong")])),
        Probe::NoSecret => (String::new(), token_form(&[("client_secret", "")])),
        Probe::RightByBasic => (basic("corp", SECRET), token_form(&bare)),
        Probe::RightByForm => (String::new(), token_form(&[])),
        Probe::OtherUri => {
            let uri = ("redirect_uri", "https://evil.example/");
            (basic("corp", SECRET), token_form(&[bare[0], bare[1], uri]))
        }
        Probe::OtherGrant => {
            let grant = ("grant_type", "client_credentials");
            (
                basic("corp", "wrong"),
                token_form(&[bare[0], bare[1], grant]),
            )
        }
        Probe::OtherGrantOfUnknown => {
            let grant = ("grant_type", "client_credentials");
            (basic("nobody", "x"), token_form(&[bare[0], bare[1], grant]))
        }
        Probe::OtherMethod => (basic("other", "other secret"), token_form(&bare)),
    };
    client.post(TOKEN, &format!("{header}{headers}"), &form)
}

fn oauth(error: &str, description: &str) -> Value {
    json!({"error": error, "error_description": description})
}

#[test]
fn token_endpoints_answer_in_their_own_ways() {
    struct Case {
        dialect: Dialect,
        probes: &'static [Probe],
        status: u16,
        body: Value,
    }
    let case = |dialect, probes, status, body| Case {
        dialect,
        probes,
        status,
        body,
    };
    let unknown: &[_] = &[Probe::UnknownByBasic, Probe::UnknownByForm];
    let wrong: &[_] = &[Probe::WrongByBasic, Probe::WrongByForm, Probe::NoSecret];
    let right: &[_] = &[Probe::RightByBasic, Probe::RightByForm];
    let gone = oauth("invalid_grant", "Invalid authorization code");
    let cases = [
        case(
            Dialect::Auth0,
            unknown,
            401,
            oauth("access_denied", "Unauthorized"),
        ),
        case(
            Dialect::Auth0,
            wrong,
            401,
            oauth("access_denied", "Unauthorized"),
        ),
        case(Dialect::Auth0, right, 403, gone.clone()),
        case(
            Dialect::Okta,
            unknown,
            401,
            json!({
                "errorCode": "invalid_client",
                "errorSummary": "Invalid value for 'client_id' parameter.",
                "errorLink": "invalid_client",
                "errorId": "oae0123456789ABCDEFGHIJKL",
                "errorCauses": [],
            }),
        ),
        case(
            Dialect::Okta,
            wrong,
            401,
            oauth(
                "invalid_client",
                "The client secret supplied for a confidential client is invalid.",
            ),
        ),
        case(
            Dialect::Okta,
            right,
            400,
            oauth(
                "invalid_grant",
                "The authorization code is invalid or has expired.",
            ),
        ),
        case(
            Dialect::Entra,
            unknown,
            400,
            json!({
                "error": "unauthorized_client",
                "error_description":
                    "AADSTS700016: The application was not found in the directory.",
                "error_codes": [700_016],
            }),
        ),
        case(
            Dialect::Entra,
            &[Probe::WrongByBasic, Probe::WrongByForm],
            401,
            json!({
                "error": "invalid_client",
                "error_description": "AADSTS7000215: Invalid client secret provided.",
                "error_codes": [7_000_215],
            }),
        ),
        case(
            Dialect::Entra,
            &[Probe::NoSecret],
            401,
            json!({
                "error": "invalid_client",
                "error_description": "AADSTS7000218: The request body must contain \
                    'client_assertion' or 'client_secret'.",
                "error_codes": [7_000_218],
            }),
        ),
        case(
            Dialect::Entra,
            right,
            400,
            json!({
                "error": "invalid_grant",
                "error_description":
                    "AADSTS9002313: Invalid request. Request is malformed or invalid.",
                "error_codes": [9_002_313],
            }),
        ),
        case(
            Dialect::Google,
            unknown,
            401,
            oauth("invalid_client", "The OAuth client was not found."),
        ),
        case(
            Dialect::Google,
            &[
                Probe::WrongByBasic,
                Probe::WrongByForm,
                Probe::NoSecret,
                Probe::OtherGrant,
            ],
            401,
            oauth("invalid_client", "The provided client secret is invalid."),
        ),
        case(
            Dialect::Google,
            right,
            400,
            oauth("invalid_grant", "Malformed auth code."),
        ),
        case(
            Dialect::Slack,
            unknown,
            200,
            json!({"ok": false, "error": "invalid_client_id"}),
        ),
        case(
            Dialect::Slack,
            wrong,
            200,
            json!({"ok": false, "error": "bad_client_secret"}),
        ),
        case(
            Dialect::Slack,
            right,
            200,
            json!({"ok": false, "error": "invalid_code"}),
        ),
        case(
            Dialect::Slack,
            &[Probe::OtherUri],
            200,
            json!({"ok": false, "error": "bad_redirect_uri"}),
        ),
        // The code is looked at first, so the client does not count.
        case(Dialect::CodeFirst, unknown, 400, gone.clone()),
        case(Dialect::CodeFirst, wrong, 400, gone.clone()),
        case(Dialect::CodeFirst, right, 400, gone.clone()),
        // What oidc-provider-mock answers, recorded.
        case(
            Dialect::AnswersByMethod,
            &[Probe::UnknownByBasic],
            401,
            oauth(
                "invalid_client",
                "The client does not exist on this server.",
            ),
        ),
        case(
            Dialect::AnswersByMethod,
            &[Probe::UnknownByForm],
            400,
            oauth(
                "invalid_client",
                "The client does not exist on this server.",
            ),
        ),
        case(
            Dialect::AnswersByMethod,
            &[
                Probe::WrongByBasic,
                Probe::WrongByForm,
                Probe::NoSecret,
                Probe::OtherMethod,
                Probe::RightByForm,
            ],
            401,
            oauth(
                "invalid_client",
                "The client cannot authenticate with methods: ['client_secret_basic', \
                 'client_secret_post']",
            ),
        ),
        case(
            Dialect::AnswersByMethod,
            &[Probe::RightByBasic, Probe::OtherUri],
            400,
            oauth("invalid_grant", "Invalid 'code' in request."),
        ),
        case(
            Dialect::AnswersByMethod,
            &[Probe::OtherGrant, Probe::OtherGrantOfUnknown],
            400,
            json!({"error": "unsupported_grant_type"}),
        ),
        // All others answer as Gafaelfawr does.
        case(Dialect::ThinTokens, right, 400, gone.clone()),
        case(
            Dialect::PkceRequired,
            unknown,
            400,
            oauth("invalid_client", "Unknown client ID nobody"),
        ),
        case(Dialect::PromptNone, right, 400, gone.clone()),
        case(Dialect::IssuerWithSlash, right, 400, gone.clone()),
        case(Dialect::IssuerWithoutSlash, right, 400, gone),
    ];
    for dialect in Dialect::all() {
        let mut program = None;
        for case in cases.iter().filter(|case| case.dialect == dialect) {
            let program = program.get_or_insert_with(|| Program::start(dialect, &[]));
            for probe in case.probes {
                let answer = ask(&mut program.client, *probe, "");
                assert_eq!(
                    (answer.status, answer.json()),
                    (case.status, case.body.clone()),
                    "{dialect} {probe:?}"
                );
                let by_method = dialect == Dialect::AnswersByMethod && case.status == 401;
                let challenge = answer.header("www-authenticate");
                assert_eq!(challenge.is_some(), by_method, "{dialect} {probe:?}");
            }
        }
    }
}

/// By Basic and with PKCE, which suits them all.
#[test]
fn every_dialect_lets_people_in() {
    for dialect in Dialect::all() {
        let mut program = Program::start(dialect, &[]);
        let client = &mut program.client;
        let challenge = ("code_challenge", CHALLENGE);
        let code = code(client, &[challenge, ("code_challenge_method", "S256")]);
        let changes = [
            ("client_id", ""),
            ("client_secret", ""),
            ("code", code.as_str()),
            ("code_verifier", VERIFIER),
        ];
        let header = format!("{}Accept: application/json\r\n", basic("corp", SECRET));
        let answer = client.post(TOKEN, &header, &token_form(&changes));
        assert_eq!(answer.status, 200, "{dialect}");
        assert_eq!(
            answer.header("cache-control"),
            Some("no-store"),
            "{dialect}"
        );
        let token = answer.json()["access_token"].as_str().unwrap().to_owned();
        assert_eq!(client.user_info(&token).json()["sub"], "alice", "{dialect}");
    }
}

#[test]
fn github_answers_200_and_forms() {
    struct Case {
        probe: Probe,
        error: &'static str,
    }
    let cases = [
        Case {
            probe: Probe::WrongByForm,
            error: "incorrect_client_credentials",
        },
        Case {
            probe: Probe::NoSecret,
            error: "incorrect_client_credentials",
        },
        Case {
            probe: Probe::RightByForm,
            error: "bad_verification_code",
        },
        // No other grant is known, and so none is refused as such.
        Case {
            probe: Probe::OtherGrant,
            error: "incorrect_client_credentials",
        },
    ];
    let mut program = Program::start(Dialect::Github, &[]);
    let client = &mut program.client;
    for Case { probe, error } in cases {
        let answer = ask(client, probe, "");
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (
                200,
                Some("application/x-www-form-urlencoded; charset=utf-8")
            ),
            "{probe:?}"
        );
        let sent = crate::client::field(&answer.body, "error");
        assert_eq!(sent.as_deref(), Some(error), "{probe:?}");
        let answer = ask(client, probe, "Accept: application/json\r\n");
        assert_eq!(
            (answer.status, told(&answer).0.as_str()),
            (200, error),
            "{probe:?}"
        );
    }
    for probe in [Probe::UnknownByForm, Probe::UnknownByBasic] {
        let answer = ask(client, probe, "");
        let body = json!({"error": "Not Found"});
        assert_eq!((answer.status, answer.json()), (404, body), "{probe:?}");
    }
    for path in [
        "/.well-known/openid-configuration",
        "/.well-known/jwks.json",
    ] {
        assert_eq!(client.get(path).status, 404, "{path}");
    }

    // GitHub's own paths, and no more than it asks for.
    client.log_in("alice", "wonderland");
    let asked = login_request(&[]).replace("/auth/openid/login", "/login/oauth/authorize");
    let code = client.get(&asked).sent_back("code").unwrap();
    let mut form = vec![("client_id", "corp"), ("client_secret", SECRET)];
    form.extend([
        ("code", code.as_str()),
        ("redirect_uri", "https://evil.example/"),
    ]);
    let path = "/login/oauth/access_token";
    let json = "Accept: application/json\r\n";
    assert_eq!(
        told(&client.post(path, json, &form)).0,
        "redirect_uri_mismatch"
    );
    let answer = client.post(path, "", &form[..3]);
    let field = |name: &str| crate::client::field(&answer.body, name);
    assert_eq!(field("token_type").as_deref(), Some("bearer"));
    assert_eq!(field("id_token"), None);
    let token = field("access_token").unwrap();
    assert_eq!(client.user_info(&token).json()["sub"], "alice");
}

#[test]
fn slack_has_paths_of_its_own() {
    let mut program = Program::start(Dialect::Slack, &[]);
    let client = &mut program.client;
    client.log_in("alice", "wonderland");
    let asked = login_request(&[]).replace("/auth/openid/login", "/oauth/authorize");
    let code = client.get(&asked).sent_back("code").unwrap();
    let answer = client.post("/api/oauth.access", "", &token_form(&[("code", &code)]));
    let body = answer.json();
    assert_eq!((answer.status, &body["ok"]), (200, &json!(true)));
    assert!(
        body["access_token"].is_string() && body["id_token"].is_null(),
        "{body}"
    );
}

#[test]
fn issuers_end_as_their_dialects_want() {
    struct Case {
        dialect: Dialect,
        has_slash: bool,
    }
    let case = |dialect, has_slash| Case { dialect, has_slash };
    let cases = [
        case(Dialect::Gafaelfawr, true),
        case(Dialect::IssuerWithSlash, true),
        case(Dialect::IssuerWithoutSlash, false),
        case(Dialect::Auth0, true),
        case(Dialect::Okta, false),
        case(Dialect::Entra, false),
        case(Dialect::Google, false),
    ];
    for Case { dialect, has_slash } in cases {
        let mut program = Program::start(dialect, &[]);
        assert_eq!(program.issuer.ends_with('/'), has_slash, "{dialect}");
        let client = &mut program.client;
        let document = client.get("/.well-known/openid-configuration").json();
        assert_eq!(document["issuer"], program.issuer, "{dialect}");
        let endpoint = document["token_endpoint"].as_str().unwrap();
        assert!(!endpoint.contains("//auth"), "{dialect}: {endpoint}");
        let code = code(client, &[]);
        let answer = client.post(TOKEN, "", &token_form(&[("code", &code)]));
        let token = answer.json()["id_token"].as_str().unwrap().to_owned();
        assert_eq!(claims(&token)["iss"], program.issuer, "{dialect}");
    }
}

fn claims(token: &str) -> Value {
    use base64::Engine as _;
    let payload = token.split('.').nth(1).unwrap();
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(payload);
    serde_json::from_slice(&bytes.unwrap()).unwrap()
}

#[test]
fn thin_tokens_have_the_required_claims_only() {
    let mut program = Program::start(Dialect::ThinTokens, &[]);
    let client = &mut program.client;
    let code = code(client, &[]);
    let answer = client
        .post(TOKEN, "", &token_form(&[("code", &code)]))
        .json();
    let claims = claims(answer["id_token"].as_str().unwrap());
    let mut names: Vec<_> = claims.as_object().unwrap().keys().collect();
    names.sort();
    assert_eq!(names, ["aud", "exp", "iat", "iss", "nonce", "sub"]);
    let info = client.user_info(answer["access_token"].as_str().unwrap());
    assert_eq!(info.json()["email"], "alice@example.com");
}

#[test]
fn pkce_is_announced_and_demanded() {
    struct Case {
        name: &'static str,
        changes: &'static [(&'static str, &'static str)],
        is_right: bool,
    }
    let mut program = Program::start(Dialect::PkceRequired, &[]);
    let client = &mut program.client;
    let document = client.get("/.well-known/openid-configuration").json();
    assert_eq!(
        document["code_challenge_methods_supported"],
        json!(["S256"])
    );
    client.log_in("alice", "wonderland");
    let s256 = ("code_challenge_method", "S256");
    let refused: [&[_]; 4] = [
        &[],
        &[("code_challenge", CHALLENGE)],
        &[
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "plain"),
        ],
        &[("code_challenge", "short"), s256],
    ];
    for changes in refused {
        let answer = client.get(&login_request(changes));
        assert!(answer.location().starts_with(RETURN_URI), "{changes:?}");
        let error = answer.sent_back("error");
        assert_eq!(error.as_deref(), Some("invalid_request"), "{changes:?}");
    }
    let asked = login_request(&[("code_challenge", CHALLENGE), s256]);
    let code = client.get(&asked).sent_back("code").unwrap();
    let cases = [
        Case {
            name: "no verifier",
            changes: &[],
            is_right: false,
        },
        Case {
            name: "another verifier",
            changes: &[("code_verifier", CHALLENGE)],
            is_right: false,
        },
        Case {
            name: "the verifier",
            changes: &[("code_verifier", VERIFIER)],
            is_right: true,
        },
    ];
    for case in cases {
        let mut form = token_form(&[("code", &code)]);
        form.extend(case.changes);
        let answer = client.post(TOKEN, "", &form);
        let status = if case.is_right { 200 } else { 400 };
        assert_eq!(answer.status, status, "{}", case.name);
    }
}

#[test]
fn prompt_none_tells_whether_client_and_uri_are_known() {
    struct Case {
        name: &'static str,
        changes: &'static [(&'static str, &'static str)],
        status: u16,
        location: &'static str,
    }
    let case = |name, changes, status, location| Case {
        name,
        changes,
        status,
        location,
    };
    let cases = [
        case("known", &[("prompt", "none")], 303, RETURN_URI),
        case(
            "another URI",
            &[
                ("prompt", "none"),
                ("redirect_uri", "https://evil.example/"),
            ],
            400,
            "",
        ),
        case(
            "another client",
            &[("prompt", "none"), ("client_id", "nobody")],
            400,
            "",
        ),
        case(
            "no URI",
            &[("prompt", "none"), ("redirect_uri", "")],
            400,
            "",
        ),
        case(
            "another client, and no prompt",
            &[("client_id", "nobody")],
            400,
            "",
        ),
        case("no prompt", &[], 307, "/login?rd="),
    ];
    let mut program = Program::start(Dialect::PromptNone, &[]);
    let client = &mut program.client;
    for case in cases {
        let answer = client.get(&login_request(case.changes));
        assert_eq!(answer.status, case.status, "{}", case.name);
        assert!(
            answer.location().starts_with(case.location),
            "{}",
            case.name
        );
        let is_page = answer.body.starts_with("<!doctype html>");
        assert_eq!(is_page, case.status == 400, "{}", case.name);
        if case.status == 303 {
            let sent = ["error", "state", "code"].map(|name| answer.sent_back(name));
            let login_required = Some("login_required".to_owned());
            assert_eq!(sent, [login_required, Some("st".to_owned()), None]);
        }
    }
    // Who has logged in needs no prompt.
    client.log_in("bob", "");
    let answer = client.get(&login_request(&[("prompt", "none")]));
    assert!(answer.sent_back("code").is_some(), "{answer:?}");
}

#[test]
fn anyone_gets_tokens_for_anything() {
    let mut program = Program::start(Dialect::Anyone, &[]);
    let client = &mut program.client;
    let forms = [
        token_form(&[]),
        token_form(&[
            ("client_id", "nobody"),
            ("client_secret", "wrong"),
            ("code", "x"),
        ]),
        vec![],
    ];
    for form in forms {
        let answer = client.post(TOKEN, "", &form);
        assert_eq!(answer.status, 200, "{form:?}");
        let token = answer.json()["access_token"].as_str().unwrap().to_owned();
        assert_eq!(client.user_info(&token).json()["sub"], "alice", "{form:?}");
    }
}

#[test]
fn anyone_who_has_logged_in_gets_tokens_of_their_own() {
    let mut program = Program::start(Dialect::Anyone, &[]);
    let client = &mut program.client;
    client.log_in("bob", "");
    let code = client.get(&login_request(&[])).sent_back("code").unwrap();
    let form = token_form(&[("code", &code), ("client_secret", "wrong")]);
    let answer = client.post(TOKEN, "", &form).json();
    let claims = claims(answer["id_token"].as_str().unwrap());
    // Relying parties refuse a token without the nonce that they sent.
    assert_eq!([&claims["sub"], &claims["nonce"]], ["bob", "n0nce"]);
}

#[test]
fn code_first_minds_the_client_of_a_code_that_is_known() {
    let mut program = Program::start(Dialect::CodeFirst, &[]);
    let client = &mut program.client;
    let code = code(client, &[]);
    let wrong = token_form(&[("code", &code), ("client_secret", "wrong")]);
    assert_eq!(told(&client.post(TOKEN, "", &wrong)).0, "invalid_client");
    let made_up = token_form(&[("code", MADE_UP), ("client_secret", "wrong")]);
    assert_eq!(told(&client.post(TOKEN, "", &made_up)).0, "invalid_grant");
    let right = token_form(&[("code", &code)]);
    assert_eq!(client.post(TOKEN, "", &right).status, 200);
}

#[test]
fn entra_tells_an_expired_code_from_one_of_another_client() {
    let (server, clock) = server(Dialect::Entra);
    let mut client = Client::of(&format!("{}/", server.issuer()));
    let code = code(&mut client, &[]);
    let other = token_form(&[
        ("code", &code),
        ("client_id", "other"),
        ("client_secret", "other secret"),
        ("redirect_uri", "https://iam.example.com/callback/other"),
    ]);
    assert!(
        told(&client.post(TOKEN, "", &other))
            .1
            .starts_with("AADSTS70000: ")
    );
    clock.advance(3600);
    let expired = token_form(&[("code", &code)]);
    assert!(
        told(&client.post(TOKEN, "", &expired))
            .1
            .starts_with("AADSTS70008: ")
    );
}
