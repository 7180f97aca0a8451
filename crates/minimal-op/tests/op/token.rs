//! The token endpoint, as Gafaelfawr has it.

use minimal_op::Dialect;
use serde_json::json;

use crate::client::basic;
use crate::world::{MADE_UP, Program, RETURN_URI, SECRET, TOKEN, code, server, token_form, told};

/// A row for each check, in their order, and a row for each pair of neighbours that fail together:
/// the earlier one answers.
#[test]
fn the_first_check_that_fails_answers() {
    struct Case {
        name: &'static str,
        changes: &'static [(&'static str, &'static str)],
        error: &'static str,
        description: &'static str,
    }
    let case = |name, changes, error, description| Case {
        name,
        changes,
        error,
        description,
    };
    let no_parameter = "Invalid token request";
    let bad_code = "Invalid authorization code";
    let cases = [
        // 1: parameters.
        case(
            "no grant type",
            &[("grant_type", "")],
            "invalid_request",
            no_parameter,
        ),
        case(
            "no client",
            &[("client_id", "")],
            "invalid_request",
            no_parameter,
        ),
        case("no code", &[("code", "")], "invalid_request", no_parameter),
        case(
            "no return URI",
            &[("redirect_uri", "")],
            "invalid_request",
            no_parameter,
        ),
        case(
            "client_credentials",
            &[
                ("grant_type", "client_credentials"),
                ("code", ""),
                ("redirect_uri", ""),
            ],
            "invalid_request",
            no_parameter,
        ),
        case(
            "refresh_token",
            &[
                ("grant_type", "refresh_token"),
                ("code", ""),
                ("redirect_uri", ""),
            ],
            "invalid_request",
            no_parameter,
        ),
        case(
            "no code, and another grant type",
            &[("code", ""), ("grant_type", "password")],
            "invalid_request",
            no_parameter,
        ),
        // 2: the grant type.
        case(
            "another grant type",
            &[("grant_type", "password")],
            "unsupported_grant_type",
            "Invalid grant type password",
        ),
        case(
            "another grant type, and a malformed code",
            &[("grant_type", "password"), ("code", "bogus")],
            "unsupported_grant_type",
            "Invalid grant type password",
        ),
        // 3: the form of the code, before the client.
        case(
            "a malformed code",
            &[("code", "bogus")],
            "invalid_grant",
            bad_code,
        ),
        case(
            "a malformed code, and no secret",
            &[("code", "bogus"), ("client_secret", "")],
            "invalid_grant",
            bad_code,
        ),
        case(
            "a malformed code, and a wrong secret",
            &[("code", "bogus"), ("client_secret", "wrong")],
            "invalid_grant",
            bad_code,
        ),
        // 4: a secret.
        case(
            "no secret",
            &[("client_secret", "")],
            "invalid_client",
            "No client_secret provided",
        ),
        case(
            "no secret, and an unknown client",
            &[("client_secret", ""), ("client_id", "nobody")],
            "invalid_client",
            "No client_secret provided",
        ),
        // 5: the client.
        case(
            "an unknown client",
            &[("client_id", "nobody")],
            "invalid_client",
            "Unknown client ID nobody",
        ),
        case(
            "an unknown client, and a wrong secret",
            &[("client_id", "nobody"), ("client_secret", "wrong")],
            "invalid_client",
            "Unknown client ID nobody",
        ),
        // 6: its secret.
        case(
            "a wrong secret",
            &[("client_secret", "wrong")],
            "invalid_client",
            "Invalid secret for corp",
        ),
        case(
            "the secret of another client",
            &[("client_secret", "other secret")],
            "invalid_client",
            "Invalid secret for corp",
        ),
        case(
            "a wrong secret, and another return URI",
            &[
                ("client_secret", "wrong"),
                ("redirect_uri", "https://evil.example/"),
            ],
            "invalid_client",
            "Invalid secret for corp",
        ),
        // 7 and 8: the return URI and the code, which look the same.
        case(
            "another return URI",
            &[("redirect_uri", "https://evil.example/")],
            "invalid_grant",
            bad_code,
        ),
        case(
            "http, which is registered",
            &[
                ("client_id", "plain"),
                ("client_secret", "plain secret"),
                ("redirect_uri", "http://iam.example.com/callback/plain"),
            ],
            "invalid_grant",
            bad_code,
        ),
        case("an unknown code", &[], "invalid_grant", bad_code),
    ];
    let mut program = Program::start(Dialect::Gafaelfawr, &[]);
    for case in cases {
        let answer = program.client.post(TOKEN, "", &token_form(case.changes));
        let (error, description) = told(&answer);
        assert_eq!(
            (answer.status, error.as_str(), description.as_str()),
            (400, case.error, case.description),
            "{}",
            case.name
        );
        let body = answer.json();
        assert_eq!(body.as_object().unwrap().len(), 2, "{}: {body}", case.name);
    }
    let said = program.stop();
    for secret in [SECRET, "other secret", MADE_UP] {
        assert!(!said.contains(secret), "{said}");
    }
    for reason in [
        "the return URI is not that of the registration",
        "the code is not known",
        "the code is malformed",
    ] {
        assert!(said.contains(reason), "{said}");
    }
}

#[test]
fn clients_authenticate_by_basic_or_by_form() {
    struct Case {
        name: &'static str,
        header: String,
        changes: &'static [(&'static str, &'static str)],
        error: &'static str,
        description: &'static str,
    }
    let case = |name, header: String, changes, error, description| Case {
        name,
        header,
        changes,
        error,
        description,
    };
    let bare: &[_] = &[("client_id", ""), ("client_secret", "")];
    let bad_code = "Invalid authorization code";
    let cases = [
        case("form", String::new(), &[], "invalid_grant", bad_code),
        case(
            "Basic",
            basic("corp", SECRET),
            bare,
            "invalid_grant",
            bad_code,
        ),
        case(
            "Basic, percent-encoded",
            basic("corp", "hunter2%3A%2541%2Bb"),
            bare,
            "invalid_client",
            "Invalid secret for corp",
        ),
        case(
            "right by Basic, wrong by form",
            basic("corp", SECRET),
            &[("client_id", "nobody"), ("client_secret", "wrong")],
            "invalid_grant",
            bad_code,
        ),
        case(
            "wrong by Basic, right by form",
            basic("corp", "wrong"),
            &[],
            "invalid_client",
            "Invalid secret for corp",
        ),
        case(
            "Basic without a secret",
            basic("corp", ""),
            &[],
            "invalid_client",
            "No client_secret provided",
        ),
        case(
            "Basic without a client",
            basic("", SECRET),
            bare,
            "invalid_request",
            "Invalid token request",
        ),
        case(
            "another scheme, which counts as none",
            "Authorization: Bearer x\r\n".to_owned(),
            &[],
            "invalid_grant",
            bad_code,
        ),
        case(
            "no scheme, which counts as none",
            "Authorization: x\r\n".to_owned(),
            &[],
            "invalid_grant",
            bad_code,
        ),
        // bcrypt 5 would refuse it, and Gafaelfawr then answers 500.
        case(
            "a secret of more than 72 bytes",
            basic("corp", &"x".repeat(100)),
            bare,
            "invalid_client",
            "Invalid secret for corp",
        ),
    ];
    let mut program = Program::start(Dialect::Gafaelfawr, &[]);
    for case in cases {
        let form = token_form(case.changes);
        let answer = program.client.post(TOKEN, &case.header, &form);
        let (error, description) = told(&answer);
        assert_eq!(
            (answer.status, error.as_str(), description.as_str()),
            (400, case.error, case.description),
            "{}",
            case.name
        );
    }
    for header in [
        "Authorization: Basic\r\n",
        "Authorization: Basic !\r\n",
        "Authorization: Basic bm9jb2xvbg==\r\n",
    ] {
        let answer = program.client.post(TOKEN, header, &token_form(&[]));
        assert_eq!(
            (answer.status, answer.json()),
            (401, json!({"detail": "Not authenticated"})),
            "{header}"
        );
    }
}

#[test]
fn what_is_no_form_reads_as_an_empty_one() {
    let mut program = Program::start(Dialect::Gafaelfawr, &[]);
    let header = "Content-Type: application/json\r\n";
    let answer = program
        .client
        .send("POST", TOKEN, header, "{\"code\": \"x\"}");
    assert_eq!(
        (answer.status, told(&answer).0.as_str()),
        (400, "invalid_request")
    );
    let long = "x".repeat(100_000);
    let answer = program.client.post(TOKEN, "", &[("code", &long)]);
    assert_eq!(answer.status, 413);
}

#[test]
fn a_code_is_redeemed_once() {
    let mut program = Program::start(Dialect::Gafaelfawr, &[]);
    let code = code(&mut program.client, &[]);
    let form = token_form(&[("code", &code)]);
    // A request that fails leaves the code as it is.
    let wrong = token_form(&[("code", &code), ("client_secret", "wrong")]);
    assert_eq!(program.client.post(TOKEN, "", &wrong).status, 400);
    let answer = program.client.post(TOKEN, "", &form);
    assert_eq!(
        (
            answer.status,
            answer.header("cache-control"),
            answer.header("pragma")
        ),
        (200, Some("no-store"), Some("no-cache")),
        "{answer:?}"
    );
    let body = answer.json();
    let mut fields: Vec<_> = body.as_object().unwrap().keys().collect();
    fields.sort();
    assert_eq!(
        fields,
        [
            "access_token",
            "expires_in",
            "id_token",
            "scope",
            "token_type"
        ]
    );
    assert_eq!(
        (&body["scope"], &body["token_type"]),
        (&json!("email openid profile rubin"), &json!("Bearer"))
    );
    assert!(body["access_token"].as_str().unwrap().starts_with("gt-"));
    let again = program.client.post(TOKEN, "", &form);
    assert_eq!(
        (again.status, told(&again).0.as_str()),
        (400, "invalid_grant")
    );
}

#[test]
fn a_code_is_good_for_its_own_request_only() {
    struct Case {
        name: &'static str,
        changes: Vec<(&'static str, String)>,
        reason: &'static str,
    }
    let (server, _) = server(Dialect::Gafaelfawr);
    let mut client = crate::client::Client::of(server.issuer());
    let code = code(&mut client, &[]);
    let (key, secret) = code.split_once('.').unwrap();
    let case = |name, changes: &[(&'static str, &str)], reason| Case {
        name,
        changes: changes.iter().map(|&(k, v)| (k, v.to_owned())).collect(),
        reason,
    };
    let cases = [
        case(
            "another key half",
            &[("code", &format!("gc-0123456789abcdefABCDEF.{secret}"))],
            "the code is not known, or was redeemed",
        ),
        case(
            "another secret half",
            &[("code", &format!("{key}.0123456789abcdefABCDEF"))],
            "the secret half of the code is wrong",
        ),
        case(
            "another client",
            &[
                ("client_id", "other"),
                ("client_secret", "other secret"),
                ("redirect_uri", "https://iam.example.com/callback/other"),
            ],
            "the code was issued to another client",
        ),
        case(
            "another query, which the registration does not mind",
            &[("redirect_uri", &format!("{RETURN_URI}?a=b"))],
            "the return URI is not that of the login request",
        ),
        case(
            "another path, which it minds",
            &[("redirect_uri", "https://iam.example.com/callback/corpx")],
            "the return URI is not that of the registration",
        ),
    ];
    for case in cases {
        let mut changes = vec![("code", code.as_str())];
        changes.extend(case.changes.iter().map(|(k, v)| (*k, v.as_str())));
        let form = token_form(&changes);
        let answer = client.post(TOKEN, "", &form);
        assert_eq!(
            told(&answer),
            (
                "invalid_grant".to_owned(),
                "Invalid authorization code".to_owned()
            ),
            "{}",
            case.name
        );
        // The log has what the client is not told.
        let field = |name: &str| form.iter().find(|(other, _)| *other == name).map(|f| f.1);
        let request = minimal_op::TokenRequest {
            grant_type: field("grant_type").map(Into::into),
            client_id: field("client_id").map(Into::into),
            client_secret: field("client_secret").map(minimal_op::Secret::new),
            redirect_uri: field("redirect_uri").map(Into::into),
            code: field("code").map(minimal_op::Secret::new),
            ..Default::default()
        };
        let reason = server.service().redeem_code(&request).unwrap_err();
        assert_eq!(reason.to_string(), case.reason, "{}", case.name);
    }
    let form = token_form(&[("code", &code)]);
    assert_eq!(client.post(TOKEN, "", &form).status, 200);
}
