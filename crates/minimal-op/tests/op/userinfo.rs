//! The userinfo endpoint.

use minimal_op::{Dialect, SESSION_LIFETIME};
use serde_json::json;

use crate::client::Client;
use crate::world::{Program, TOKEN, code, login_request, server, token_form};

const USER_INFO: &str = "/auth/openid/userinfo";

fn access_token(client: &mut Client, code: &str) -> String {
    let answer = client.post(TOKEN, "", &token_form(&[("code", code)]));
    answer.json()["access_token"].as_str().unwrap().to_owned()
}

#[test]
fn all_that_is_known_is_told_whatever_the_scopes() {
    let mut program = Program::start(Dialect::Gafaelfawr, &[]);
    let client = &mut program.client;
    let code = code(client, &[("scope", "openid")]);
    let token = access_token(client, &code);
    let answer = client.user_info(&token);
    let known = json!({
        "sub": "alice",
        "preferred_username": "alice",
        "name": "Alice <Example>",
        "email": "alice@example.com",
        "data_rights": "dp1 dp2",
        "groups": ["admins"],
    });
    assert_eq!((answer.status, answer.json()), (200, known));

    client.log_in("bob", "");
    let code = client.get(&login_request(&[])).sent_back("code").unwrap();
    let token = access_token(client, &code);
    let known = json!({"sub": "bob", "preferred_username": "bob"});
    assert_eq!(client.user_info(&token).json(), known);
}

#[test]
fn a_token_is_challenged() {
    struct Case {
        name: &'static str,
        header: String,
        status: u16,
        challenge: &'static str,
    }
    let (server, clock) = server(Dialect::Gafaelfawr);
    let mut client = Client::of(server.issuer());
    let code = code(&mut client, &[]);
    let token = access_token(&mut client, &code);
    let session = server.service().log_in("bob", None).unwrap().whole();
    let bearer = |token: &str| format!("Authorization: Bearer {token}\r\n");
    let case = |name, header, status, challenge| Case {
        name,
        header,
        status,
        challenge,
    };
    let invalid = "Bearer realm=\"127.0.0.1\", error=\"invalid_token\", \
                   error_description=\"Invalid or expired token\"";
    let malformed = "Bearer realm=\"127.0.0.1\", error=\"invalid_request\", \
                     error_description=\"Malformed Authorization header\"";
    let cases = [
        case("none", String::new(), 401, "Bearer realm=\"127.0.0.1\""),
        case(
            "a client's secret",
            crate::client::basic("corp", "x"),
            401,
            "Bearer realm=\"127.0.0.1\"",
        ),
        case(
            "nothing behind Bearer",
            "Authorization: Bearer\r\n".to_owned(),
            403,
            malformed,
        ),
        case("two words", bearer("a b"), 403, malformed),
        case(
            "one word",
            "Authorization: bogus\r\n".to_owned(),
            403,
            malformed,
        ),
        case(
            "half of Basic",
            "Authorization: Basic !\r\n".to_owned(),
            403,
            malformed,
        ),
        case(
            "another kind",
            "Authorization: Digest x\r\n".to_owned(),
            401,
            "Bearer realm=\"127.0.0.1\"",
        ),
        case("a word", bearer("bogus"), 401, invalid),
        case(
            "made up",
            bearer("gt-0123456789abcdefABCDEF.0123456789abcdefABCDEF"),
            401,
            invalid,
        ),
        case(
            "another secret half",
            bearer(&format!(
                "{}.0123456789abcdefABCDEF",
                token.split('.').next().unwrap()
            )),
            401,
            invalid,
        ),
        case(
            "a session",
            bearer(session.expose()),
            401,
            "Bearer realm=\"127.0.0.1\", error=\"invalid_token\", error_description=\"Token of type \
             session not allowed\"",
        ),
        case(
            "a code",
            bearer(&code),
            401,
            "Bearer realm=\"127.0.0.1\", error=\"invalid_token\", error_description=\"Token of type \
             code not allowed\"",
        ),
    ];
    for case in cases {
        let answer = client.send("GET", USER_INFO, &case.header, "");
        assert_eq!(
            (answer.status, answer.header("www-authenticate")),
            (case.status, Some(case.challenge)),
            "{}",
            case.name
        );
        assert!(
            answer.json()["detail"][0]["msg"].is_string(),
            "{}",
            case.name
        );
    }
    clock.advance(SESSION_LIFETIME - 1);
    assert_eq!(client.user_info(&token).status, 200);
    clock.advance(1);
    let answer = client.user_info(&token);
    assert_eq!(
        (answer.status, answer.header("www-authenticate")),
        (401, Some(invalid))
    );
}
