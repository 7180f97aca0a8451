//! What the provider says of itself.

use minimal_op::Dialect;
use serde_json::json;

use crate::world::{Program, login_request};

#[test]
fn the_document_is_gafaelfawrs() {
    let mut program = Program::start(Dialect::Gafaelfawr, &[]);
    let answer = program.client.get("/.well-known/openid-configuration");
    let base = program.issuer.strip_suffix('/').unwrap();
    let document = json!({
        "issuer": format!("{base}/"),
        "authorization_endpoint": format!("{base}/auth/openid/login"),
        "token_endpoint": format!("{base}/auth/openid/token"),
        "userinfo_endpoint": format!("{base}/auth/openid/userinfo"),
        "jwks_uri": format!("{base}/.well-known/jwks.json"),
        "scopes_supported": ["openid", "profile", "email", "rubin"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
    });
    assert_eq!(answer.json(), document);
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, Some("application/json"))
    );
}

#[test]
fn there_is_one_key() {
    let mut program = Program::start(Dialect::Gafaelfawr, &[]);
    let keys = program.client.get("/.well-known/jwks.json").json();
    let key = &keys["keys"][0];
    assert_eq!(keys["keys"].as_array().unwrap().len(), 1);
    assert_eq!(
        (
            &key["alg"],
            &key["kty"],
            &key["use"],
            &key["kid"],
            &key["e"]
        ),
        (
            &json!("RS256"),
            &json!("RSA"),
            &json!("sig"),
            &json!("gafaelfawr"),
            &json!("AQAB")
        )
    );
    // 2048 bits are 256 bytes, and 342 characters of base64.
    assert_eq!(key["n"].as_str().unwrap().len(), 342);
    assert_eq!(key.as_object().unwrap().len(), 6, "{key}");
}

#[test]
fn routes_have_their_methods_only() {
    struct Case {
        method: &'static str,
        path: &'static str,
        status: u16,
    }
    let case = |method, path, status| Case {
        method,
        path,
        status,
    };
    let cases = [
        case("HEAD", "/.well-known/openid-configuration", 405),
        case("POST", "/.well-known/openid-configuration", 405),
        case("POST", "/.well-known/jwks.json", 405),
        case("POST", "/auth/openid/login", 405),
        case("GET", "/auth/openid/token", 405),
        case("PUT", "/auth/openid/token", 405),
        case("POST", "/auth/openid/userinfo", 405),
        case("DELETE", "/login", 405),
        case("GET", "/", 200),
        case("GET", "/.well-known/oauth-authorization-server", 404),
        case("GET", "//.well-known/openid-configuration", 404),
        case("GET", "/login/oauth/access_token", 404),
        case("GET", "/auth/openid/login/", 404),
    ];
    let mut program = Program::start(Dialect::Gafaelfawr, &[]);
    for Case {
        method,
        path,
        status,
    } in cases
    {
        let answer = program.client.send(method, path, "", "");
        assert_eq!(answer.status, status, "{method} {path}");
        let is_refused = answer.header("allow").is_some();
        assert_eq!(is_refused, status == 405, "{method} {path}");
    }
}

#[test]
fn an_issuer_with_a_path_moves_all_routes() {
    let issuer = "https://op.example.com/tenant";
    let mut program = Program::start(Dialect::Gafaelfawr, &["--issuer", issuer]);
    assert_eq!(program.issuer, issuer);
    let client = &mut program.client;
    let document = client
        .get("/tenant/.well-known/openid-configuration")
        .json();
    assert_eq!(
        document["token_endpoint"],
        format!("{issuer}/auth/openid/token")
    );
    assert_eq!(client.get("/.well-known/openid-configuration").status, 404);
    let asked = format!("/tenant{}", login_request(&[]));
    let answer = client.get(&asked);
    assert!(
        answer.location().starts_with("/tenant/login?rd="),
        "{answer:?}"
    );
    let rd = answer.sent_back("rd").unwrap();
    assert_eq!(rd, format!("https://op.example.com{asked}"));
    let form = [("rd", rd.as_str()), ("username", "bob")];
    assert_eq!(client.post("/tenant/login", "", &form).location(), rd);
    assert!(client.get(&asked).sent_back("code").is_some());
}
