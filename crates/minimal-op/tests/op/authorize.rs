//! The authorization endpoint, as Gafaelfawr has it.

use minimal_op::Dialect;

use crate::client::Client;
use crate::world::{Program, RETURN_URI, login_request};

/// Who has no session is sent to log in, whatever else is wrong: nothing is to be learnt here.
#[test]
fn the_session_comes_first() {
    struct Case {
        name: &'static str,
        changes: &'static [(&'static str, &'static str)],
    }
    let cases = [
        Case {
            name: "a right request",
            changes: &[],
        },
        Case {
            name: "an unknown client",
            changes: &[("client_id", "nobody")],
        },
        Case {
            name: "no client",
            changes: &[("client_id", "")],
        },
        Case {
            name: "another return URI",
            changes: &[("redirect_uri", "https://evil.example/")],
        },
        Case {
            name: "no response type",
            changes: &[("response_type", "")],
        },
        Case {
            name: "prompt=none",
            changes: &[("prompt", "none")],
        },
    ];
    let mut program = Program::start(Dialect::Gafaelfawr, &[]);
    for Case { name, changes } in cases {
        let asked = login_request(changes);
        let answer = program.client.get(&asked);
        assert_eq!(answer.status, 307, "{name}");
        assert!(answer.location().starts_with("/login?rd="), "{name}");
        let base = program.issuer.trim_end_matches('/');
        assert_eq!(
            answer.sent_back("rd"),
            Some(format!("{base}{asked}")),
            "{name}"
        );
    }
    // A cookie that nobody was given is as good as none.
    program.client.log_in("bob", "");
    let mut forged = Client::of(&program.issuer);
    let cookie = "Cookie: minimal-op=gs-0123456789abcdefABCDEF.0123456789abcdefABCDEF\r\n";
    let answer = forged.send("GET", &login_request(&[]), cookie, "");
    assert_eq!(answer.status, 307);
    assert!(answer.location().starts_with("/login?rd="));
}

/// A row for each fault without a way back, in order, and a row for each two that come together.
#[test]
fn faults_without_a_way_back_are_shown() {
    struct Case {
        name: &'static str,
        changes: &'static [(&'static str, &'static str)],
        status: u16,
        details: &'static [(&'static str, &'static str)],
    }
    let case = |name, changes, status, details| Case {
        name,
        changes,
        status,
        details,
    };
    let cases = [
        case(
            "no client",
            &[("client_id", "")],
            422,
            &[("missing", "client_id")],
        ),
        case(
            "no return URI",
            &[("redirect_uri", "")],
            422,
            &[("missing", "redirect_uri")],
        ),
        case(
            "neither",
            &[("client_id", ""), ("redirect_uri", "")],
            422,
            &[("missing", "client_id"), ("missing", "redirect_uri")],
        ),
        case(
            "no return URI, and an unknown client",
            &[("redirect_uri", ""), ("client_id", "nobody")],
            422,
            &[("missing", "redirect_uri")],
        ),
        case(
            "an unknown client",
            &[("client_id", "nobody")],
            403,
            &[("invalid_client", "client_id")],
        ),
        case(
            "an unknown client, and another return URI",
            &[
                ("client_id", "nobody"),
                ("redirect_uri", "https://evil.example/"),
            ],
            403,
            &[("invalid_client", "client_id")],
        ),
        case(
            "another return URI",
            &[("redirect_uri", "https://evil.example/")],
            403,
            &[("return_uri_mismatch", "redirect_uri")],
        ),
        case(
            "a trailing slash",
            &[("redirect_uri", "https://iam.example.com/callback/corp/")],
            403,
            &[("return_uri_mismatch", "redirect_uri")],
        ),
        case(
            "http",
            &[("redirect_uri", "http://iam.example.com/callback/corp")],
            403,
            &[("return_uri_mismatch", "redirect_uri")],
        ),
        case(
            "a parameter",
            &[("redirect_uri", "https://iam.example.com/callback/corp;a=b")],
            403,
            &[("return_uri_mismatch", "redirect_uri")],
        ),
        case(
            "http, which is registered",
            &[
                ("client_id", "plain"),
                ("redirect_uri", "http://iam.example.com/callback/plain"),
            ],
            403,
            &[("return_uri_mismatch", "redirect_uri")],
        ),
        case(
            "another return URI, and no response type",
            &[
                ("redirect_uri", "https://evil.example/"),
                ("response_type", ""),
            ],
            403,
            &[("return_uri_mismatch", "redirect_uri")],
        ),
        case(
            "a return URI with a line break",
            &[(
                "redirect_uri",
                "https://iam.example.com/callback/corp?\r\nSet-Cookie: a=b",
            )],
            403,
            &[("return_uri_mismatch", "redirect_uri")],
        ),
    ];
    let mut program = Program::start(Dialect::Gafaelfawr, &[]);
    program.client.log_in("bob", "");
    for case in cases {
        let answer = program.client.get(&login_request(case.changes));
        let details: Vec<_> = case
            .details
            .iter()
            .map(|(kind, place)| (*kind, *place))
            .collect();
        let body = answer.json();
        let told: Vec<_> = body["detail"].as_array().unwrap().iter().collect();
        let told: Vec<_> = told
            .iter()
            .map(|detail| {
                assert_eq!(detail["loc"][0], "query", "{}", case.name);
                assert!(detail["msg"].is_string(), "{}", case.name);
                let text = |value: &'_ serde_json::Value| value.as_str().unwrap().to_owned();
                (text(&detail["type"]), text(&detail["loc"][1]))
            })
            .collect();
        let told: Vec<_> = told.iter().map(|(k, p)| (k.as_str(), p.as_str())).collect();
        assert_eq!(
            (answer.status, told),
            (case.status, details),
            "{}",
            case.name
        );
        assert_eq!(answer.header("location"), None, "{}", case.name);
    }
}

#[test]
fn other_faults_go_back_to_the_client() {
    struct Case {
        name: &'static str,
        changes: &'static [(&'static str, &'static str)],
        description: &'static str,
    }
    let case = |name, changes, description| Case {
        name,
        changes,
        description,
    };
    let cases = [
        case(
            "no response type",
            &[("response_type", "")],
            "response_type is missing",
        ),
        case(
            "another one",
            &[("response_type", "token")],
            "response_type is not code",
        ),
        case(
            "another one, and no scope",
            &[("response_type", "token"), ("scope", "")],
            "response_type is not code",
        ),
        case("no scope", &[("scope", "")], "scope is missing"),
        case(
            "no openid",
            &[("scope", "profile openidx")],
            "openid is not in scope",
        ),
    ];
    let mut program = Program::start(Dialect::Gafaelfawr, &[]);
    program.client.log_in("bob", "");
    for case in cases {
        let answer = program.client.get(&login_request(case.changes));
        assert_eq!(answer.status, 307, "{}", case.name);
        assert!(answer.location().starts_with(RETURN_URI), "{}", case.name);
        let sent =
            ["error", "error_description", "state", "code"].map(|name| answer.sent_back(name));
        let owned = |text: &str| Some(text.to_owned());
        assert_eq!(
            sent,
            [
                owned("invalid_request"),
                owned(case.description),
                owned("st"),
                None
            ],
            "{}",
            case.name
        );
    }
}

#[test]
fn a_code_comes_with_the_state() {
    struct Case {
        name: &'static str,
        changes: &'static [(&'static str, &'static str)],
        location: &'static str,
        state: Option<&'static str>,
    }
    let cases = [
        Case {
            name: "all there is",
            changes: &[
                ("prompt", "none"),
                ("claims", "{}"),
                ("code_challenge", "x"),
            ],
            location: "https://iam.example.com/callback/corp?code=gc-",
            state: Some("st"),
        },
        Case {
            name: "a query of its own",
            changes: &[(
                "redirect_uri",
                "https://iam.example.com/callback/corp?own=1",
            )],
            location: "https://iam.example.com/callback/corp?own=1&code=gc-",
            state: Some("st"),
        },
        Case {
            name: "no state",
            changes: &[("state", "")],
            location: "https://iam.example.com/callback/corp?code=gc-",
            state: None,
        },
        Case {
            name: "a state with everything in it",
            changes: &[("state", "a b&c=d#e\"ü")],
            location: "https://iam.example.com/callback/corp?code=gc-",
            state: Some("a b&c=d#e\"ü"),
        },
        Case {
            name: "http on loopback",
            changes: &[
                ("client_id", "local"),
                ("redirect_uri", "http://127.0.0.1:9/callback"),
            ],
            location: "http://127.0.0.1:9/callback?code=gc-",
            state: Some("st"),
        },
    ];
    let mut program = Program::start(Dialect::Gafaelfawr, &[]);
    program.client.log_in("bob", "");
    for case in cases {
        let answer = program.client.get(&login_request(case.changes));
        assert_eq!(answer.status, 307, "{}", case.name);
        assert!(
            answer.location().starts_with(case.location),
            "{}: {}",
            case.name,
            answer.location()
        );
        assert_eq!(
            answer.sent_back("state").as_deref(),
            case.state,
            "{}",
            case.name
        );
        let code = answer.sent_back("code").unwrap();
        assert_eq!(code.len(), "gc-".len() + 22 + 1 + 22, "{}", case.name);
    }
}
