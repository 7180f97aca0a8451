//! A person logs in: the form, the cookie, and the way back.

use minimal_op::Dialect;

use crate::client::{Client, encoded};
use crate::world::{Program, RETURN_URI, TOKEN, login_request, token_form};

#[test]
fn a_login_leads_there_and_back() {
    let mut program = Program::start(Dialect::Gafaelfawr, &[]);
    let client = &mut program.client;
    let asked = login_request(&[]);
    let answer = client.get(&asked);
    let form = client.get(answer.location());
    assert_eq!(
        (form.status, form.header("content-type")),
        (200, Some("text/html; charset=utf-8"))
    );
    let rd = answer.sent_back("rd").unwrap();
    let shown = format!("name=\"rd\" value=\"{}\"", rd.replace('&', "&amp;"));
    assert!(form.body.contains(&shown), "{}", form.body);
    for user in ["alice", "bob"] {
        assert!(
            form.body.contains(&format!("<option value=\"{user}\">")),
            "{}",
            form.body
        );
    }
    assert!(!form.body.contains("<script"), "{}", form.body);

    let wrong = [
        ("rd", rd.as_str()),
        ("username", "alice"),
        ("password", "no\"tea"),
    ];
    let again = client.post("/login", "", &wrong);
    assert_eq!((again.status, again.header("set-cookie")), (403, None));
    assert!(again.body.contains("value=\"alice\""), "{}", again.body);
    assert!(
        again.body.contains(&shown) && !again.body.contains("tea"),
        "{}",
        again.body
    );

    let right = [
        ("rd", rd.as_str()),
        ("username", "alice"),
        ("password", "wonderland"),
    ];
    let answer = client.post("/login", "", &right);
    assert_eq!((answer.status, answer.location()), (303, rd.as_str()));
    let cookie = answer.header("set-cookie").unwrap();
    assert!(cookie.starts_with("minimal-op-"), "{cookie}");
    assert!(
        cookie.ends_with("; Path=/; HttpOnly; SameSite=Lax"),
        "{cookie}"
    );
    assert!(client.get("/").body.contains("You are logged in as alice."));

    let target = rd
        .strip_prefix(&format!("http://{}", client.address))
        .unwrap();
    assert_eq!(target, asked);
    let answer = client.get(target);
    assert!(answer.location().starts_with(RETURN_URI), "{answer:?}");
    let code = answer.sent_back("code").unwrap();
    let answer = client.post(TOKEN, "", &token_form(&[("code", &code)]));
    assert_eq!(answer.status, 200, "{answer:?}");

    // The next login needs no form.
    assert!(client.get(&asked).sent_back("code").is_some());
}

#[test]
fn a_login_leads_to_this_provider_only() {
    struct Case {
        rd: String,
        is_own: bool,
    }
    let mut program = Program::start(Dialect::Gafaelfawr, &[]);
    let base = program.issuer.trim_end_matches('/').to_owned();
    let case = |rd: &str, is_own| Case {
        rd: rd.to_owned(),
        is_own,
    };
    let cases = [
        case("", true),
        case("/", true),
        case("/auth/openid/login?client_id=a", true),
        case(&base, true),
        case(
            &format!("{base}/auth/openid/login?redirect_uri=https://a.example/"),
            true,
        ),
        case("https://evil.example/", false),
        case("//evil.example/", false),
        case("/\\evil.example/", false),
        case("/\t/evil.example/", false),
        case("\\\\evil.example/", false),
        case("evil.example", false),
        case("javascript:alert(1)", false),
        case("javascript://127.0.0.1/%0aalert(1)", false),
        case(&format!("{base}@evil.example/"), false),
        case(&format!("{base}.evil.example/"), false),
        case(&format!("{base}\\@evil.example/"), false),
        case(&format!("{base}1/"), false),
        case(&base.replace("http:", "https:"), false),
        case(&format!(" {base}/"), false),
        case(&format!("{base}/\r\nSet-Cookie: a=b"), false),
    ];
    for Case { rd, is_own } in cases {
        let shown = program
            .client
            .get(&format!("/login?{}", encoded(&[("rd", &rd)])));
        assert_eq!(shown.status, if is_own { 200 } else { 400 }, "{rd:?}");
        let form = [("rd", rd.as_str()), ("username", "bob")];
        let mut client = Client::of(&program.issuer);
        let answer = client.post("/login", "", &form);
        assert_eq!(answer.status, if is_own { 303 } else { 400 }, "{rd:?}");
        let led = answer.header("location");
        let own = if rd.is_empty() { "/" } else { &rd };
        assert_eq!(led, is_own.then_some(own), "{rd:?}");
        assert_eq!(answer.header("set-cookie").is_some(), is_own, "{rd:?}");
    }
}

#[test]
fn nothing_that_comes_in_is_html() {
    let mut program = Program::start(Dialect::Gafaelfawr, &["--user", "username=\"><script>x"]);
    let evil = "\"'><script>alert(1)</script>";
    let rd = format!("/?{evil}");
    let pages = [
        program.client.get("/login"),
        program
            .client
            .get(&format!("/login?{}", encoded(&[("rd", &rd)]))),
        program
            .client
            .post("/login", "", &[("rd", &rd), ("username", evil)]),
        program
            .client
            .get(&format!("/login?{}", encoded(&[("rd", evil)]))),
    ];
    for page in pages {
        assert!(page.body.starts_with("<!doctype html>"), "{}", page.body);
        assert!(!page.body.contains("<script"), "{}", page.body);
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'"), "{policy}");
    }
    let form = [("username", "\"><script>x")];
    program.client.post("/login", "", &form);
    let start = program.client.get("/");
    assert!(
        start.body.contains("as &quot;&gt;&lt;script&gt;x."),
        "{}",
        start.body
    );
}
