//! Codes, sessions and tokens by the methods of the service: with a clock that the tests put
//! forward.

use std::sync::Arc;

use minimal_op::{
    CODE_LIFETIME, CodeFault, CodeRequest, Digest, Entry, InvalidToken, IssueError, LoginError,
    MemoryStore, OidcService, SESSION_LIFETIME, Secret, Server, Store, StoreError, Ticket,
    TicketKind, TokenClaims, TokenError, TokenRequest,
};
use minimal_op::{Config, Dialect, ManualClock};
use serde_json::{Value, json};

use crate::world::{RETURN_URI, SECRET, known, server};

fn request() -> CodeRequest {
    CodeRequest {
        client_id: "corp".to_owned(),
        redirect_uri: RETURN_URI.to_owned(),
        scope: "openid email".to_owned(),
        nonce: Some("n0nce".to_owned()),
        ..CodeRequest::default()
    }
}

fn redemption(code: &Ticket) -> TokenRequest {
    TokenRequest {
        grant_type: Some("authorization_code".to_owned()),
        client_id: Some("corp".to_owned()),
        client_secret: Some(Secret::new(SECRET)),
        redirect_uri: Some(RETURN_URI.to_owned()),
        code: Some(code.whole()),
        ..TokenRequest::default()
    }
}

fn log_in(service: &OidcService) -> Ticket {
    service.log_in("alice", Some("wonderland")).unwrap()
}

fn fault(service: &OidcService, code: &Ticket) -> Option<CodeFault> {
    match service.redeem_code(&redemption(code)) {
        Ok(_) => None,
        Err(TokenError::Code(fault)) => Some(fault),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn a_code_is_good_for_an_hour() {
    struct Case {
        name: &'static str,
        waited: u64,
        fault: Option<CodeFault>,
    }
    let cases = [
        Case {
            name: "at once",
            waited: 0,
            fault: None,
        },
        Case {
            name: "in the last second",
            waited: 3599,
            fault: None,
        },
        Case {
            name: "after an hour",
            waited: 3600,
            fault: Some(CodeFault::Expired),
        },
        Case {
            name: "after two days, when nobody remembers",
            waited: 2 * SESSION_LIFETIME,
            fault: Some(CodeFault::Expired),
        },
    ];
    assert_eq!(CODE_LIFETIME, 3600);
    for case in cases {
        let (server, clock) = server(Dialect::Gafaelfawr);
        let service = server.service();
        let code = service.issue_code(&request(), &log_in(service)).unwrap();
        clock.advance(case.waited);
        assert_eq!(fault(service, &code), case.fault, "{}", case.name);
    }
}

#[test]
fn a_code_ends_with_its_session() {
    let (server, clock) = server(Dialect::Gafaelfawr);
    let service = server.service();
    let session = log_in(service);
    let code = service.issue_code(&request(), &session).unwrap();
    service.log_out(&session).unwrap();
    assert_eq!(fault(service, &code), Some(CodeFault::SessionGone));
    assert!(matches!(
        service.issue_code(&request(), &session),
        Err(IssueError::Session)
    ));

    let session = log_in(service);
    clock.advance(SESSION_LIFETIME - 1);
    let code = service.issue_code(&request(), &session).unwrap();
    clock.advance(1);
    assert_eq!(fault(service, &code), Some(CodeFault::SessionGone));
    assert!(service.user_of(&session).is_none());
}

#[test]
fn what_is_stored_may_be_corrupt_or_somebody_elses() {
    struct Case {
        name: &'static str,
        content: String,
        fault: CodeFault,
    }
    let store = Arc::new(MemoryStore::default());
    let clock = ManualClock::at(1_000_000);
    let server = Server::start(Config {
        store: store.clone(),
        clock: Arc::new(clock),
        ..known(Dialect::Gafaelfawr)
    })
    .unwrap();
    let service = server.service();
    let code = service.issue_code(&request(), &log_in(service)).unwrap();
    let good = store.get(TicketKind::Code, code.key()).unwrap().unwrap();
    // Of the code, only the hash of its secret half is there.
    assert!(!format!("{good:?}").contains(code.secret().expose()));
    assert!(good.secret.is_of(code.secret().expose()));
    let cases = [
        Case {
            name: "no JSON",
            content: "{".to_owned(),
            fault: CodeFault::Corrupt,
        },
        Case {
            name: "other JSON",
            content: "[]".to_owned(),
            fault: CodeFault::Corrupt,
        },
        Case {
            name: "another client",
            content: good.content.replace("corp\"", "other\""),
            fault: CodeFault::OtherClient,
        },
    ];
    for Case {
        name,
        content,
        fault: expected,
    } in cases
    {
        let entry = Entry {
            content,
            ..good.clone()
        };
        store.put(TicketKind::Code, code.key(), &entry).unwrap();
        assert_eq!(fault(service, &code), Some(expected), "{name}");
    }
    let entry = Entry {
        secret: Digest::of("another"),
        ..good.clone()
    };
    store.put(TicketKind::Code, code.key(), &entry).unwrap();
    assert_eq!(fault(service, &code), Some(CodeFault::WrongSecret));
    store.put(TicketKind::Code, code.key(), &good).unwrap();
    assert_eq!(fault(service, &code), None);
}

#[test]
fn issue_code_checks_for_itself() {
    let (server, _) = server(Dialect::Gafaelfawr);
    let service = server.service();
    let session = log_in(service);
    let nobody = CodeRequest {
        client_id: "nobody".to_owned(),
        ..request()
    };
    assert!(matches!(
        service.issue_code(&nobody, &session),
        Err(IssueError::UnauthorizedClient(id)) if id == "nobody"
    ));
    let elsewhere = CodeRequest {
        redirect_uri: "https://evil.example/".to_owned(),
        ..request()
    };
    assert!(matches!(
        service.issue_code(&elsewhere, &session),
        Err(IssueError::ReturnUri)
    ));
    assert!(service.is_valid_client("corp") && !service.is_valid_client("nobody"));
}

#[test]
fn delete_all_codes_leaves_sessions() {
    let (server, _) = server(Dialect::Gafaelfawr);
    let service = server.service();
    let session = log_in(service);
    let codes = [(); 2].map(|()| service.issue_code(&request(), &session).unwrap());
    service.delete_all_codes().unwrap();
    for code in codes {
        assert_eq!(fault(service, &code), Some(CodeFault::Unknown));
    }
    let code = service.issue_code(&request(), &session).unwrap();
    assert_eq!(fault(service, &code), None);
}

/// A store where somebody else is always a moment faster.
#[derive(Default)]
struct Slower(MemoryStore);

impl Store for Slower {
    fn put(&self, kind: TicketKind, key: &str, entry: &Entry) -> Result<(), StoreError> {
        self.0.put(kind, key, entry)
    }
    fn get(&self, kind: TicketKind, key: &str) -> Result<Option<Entry>, StoreError> {
        self.0.get(kind, key)
    }
    fn remove(&self, _: TicketKind, _: &str) -> Result<bool, StoreError> {
        Ok(false)
    }
    fn remove_all(&self, kind: TicketKind) -> Result<(), StoreError> {
        self.0.remove_all(kind)
    }
    fn remove_expired(&self, before: u64) -> Result<(), StoreError> {
        self.0.remove_expired(before)
    }
}

#[test]
fn of_two_who_redeem_a_code_at_once_one_gets_nothing() {
    let server = Server::start(Config {
        store: Arc::new(Slower::default()),
        ..known(Dialect::Gafaelfawr)
    })
    .unwrap();
    let service = server.service();
    let code = service.issue_code(&request(), &log_in(service)).unwrap();
    assert_eq!(fault(service, &code), Some(CodeFault::Unknown));
}

/// What expired more than a day ago is cleared away when something new is kept.
#[test]
fn old_tickets_do_not_pile_up() {
    let store = Arc::new(MemoryStore::default());
    let clock = ManualClock::at(1_000_000);
    let server = Server::start(Config {
        store: store.clone(),
        clock: Arc::new(clock.clone()),
        ..known(Dialect::Gafaelfawr)
    })
    .unwrap();
    let service = server.service();
    let code = service.issue_code(&request(), &log_in(service)).unwrap();
    let is_kept = || store.get(TicketKind::Code, code.key()).unwrap().is_some();
    clock.advance(CODE_LIFETIME + SESSION_LIFETIME);
    log_in(service);
    assert!(is_kept());
    clock.advance(1);
    log_in(service);
    assert!(!is_kept());
}

#[test]
fn a_password_is_needed_where_there_is_one() {
    struct Case {
        username: &'static str,
        password: Option<&'static str>,
        is_right: bool,
    }
    let case = |username, password, is_right| Case {
        username,
        password,
        is_right,
    };
    let cases = [
        case("alice", Some("wonderland"), true),
        case("alice", Some("Wonderland"), false),
        case("alice", Some(""), false),
        case("alice", None, false),
        case("bob", None, true),
        case("bob", Some("anything"), true),
        case("mallory", None, false),
        case("", None, false),
    ];
    let (server, _) = server(Dialect::Gafaelfawr);
    for case in cases {
        let tried = server.service().log_in(case.username, case.password);
        let is_refused = matches!(tried, Err(LoginError::Refused));
        assert_eq!(
            is_refused, !case.is_right,
            "{} {:?}",
            case.username, case.password
        );
    }
}

/// The claims of a token, taken apart by hand.
fn claims(token: &str) -> Value {
    use base64::Engine as _;
    let payload = token.split('.').nth(1).unwrap();
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(payload);
    serde_json::from_slice(&bytes.unwrap()).unwrap()
}

#[test]
fn an_id_token_has_what_its_scopes_ask_for() {
    struct Case {
        scope: &'static str,
        scopes: &'static str,
        more: Value,
    }
    let cases = [
        Case {
            scope: "openid",
            scopes: "openid",
            more: json!({}),
        },
        Case {
            scope: "openid email",
            scopes: "email openid",
            more: json!({"email": "alice@example.com"}),
        },
        Case {
            scope: "profile unheard-of openid",
            scopes: "openid profile",
            more: json!({
                "name": "Alice <Example>",
                "preferred_username": "alice",
                "groups": ["admins"],
            }),
        },
        Case {
            scope: "rubin openid",
            scopes: "openid rubin",
            more: json!({"data_rights": "dp1 dp2"}),
        },
    ];
    let (server, clock) = server(Dialect::Gafaelfawr);
    let service = server.service();
    let session = log_in(service);
    clock.advance(100);
    for Case {
        scope,
        scopes,
        more,
    } in cases
    {
        let asked = CodeRequest {
            scope: scope.to_owned(),
            ..request()
        };
        let code = service.issue_code(&asked, &session).unwrap();
        let issued = service.redeem_code(&redemption(&code)).unwrap();
        let mut expected = json!({
            "aud": "corp",
            "exp": 1_000_000 + SESSION_LIFETIME,
            "iat": 1_000_100,
            "iss": server.issuer(),
            "jti": code.key(),
            "nonce": "n0nce",
            "scope": scopes,
            "sub": "alice",
        });
        let more = more.as_object().unwrap().clone();
        expected.as_object_mut().unwrap().extend(more);
        assert_eq!(claims(issued.id_token.expose()), expected, "{scope}");
        assert_eq!(
            (issued.scope.as_str(), issued.expires_in),
            (scopes, SESSION_LIFETIME - 100),
            "{scope}"
        );
        let verified = service.verify_token(issued.id_token.expose()).unwrap();
        assert_eq!(
            (
                verified.username.as_str(),
                verified.client_id.as_str(),
                verified.jti.as_str()
            ),
            ("alice", "corp", code.key()),
            "{scope}"
        );
    }
}

#[test]
fn only_good_tokens_of_ones_own_are_verified() {
    let (server, clock) = server(Dialect::Gafaelfawr);
    let service = server.service();
    let user = minimal_op::User {
        username: "alice".to_owned(),
        ..Default::default()
    };
    let good = TokenClaims {
        client_id: "other".to_owned(),
        jti: "key".to_owned(),
        expires_at: 1_000_010,
        ..TokenClaims::default()
    };
    let token = service.issue_token(&user, &good).unwrap();
    // Any registered client will do.
    assert!(service.verify_token(token.expose()).is_ok());

    let nobody = TokenClaims {
        client_id: "nobody".to_owned(),
        ..good.clone()
    };
    let nobody = service.issue_token(&user, &nobody).unwrap();
    let elsewhere = Server::start(known(Dialect::Gafaelfawr)).unwrap();
    let elsewhere = elsewhere.service().issue_token(&user, &good).unwrap();
    let (head, rest) = token.expose().split_once('.').unwrap();
    let (payload, signature) = rest.split_once('.').unwrap();
    let other = elsewhere.expose().split('.').nth(1).unwrap();
    let bad = [
        ("for nobody", nobody.expose().to_owned()),
        ("of another issuer", elsewhere.expose().to_owned()),
        ("changed", format!("{head}.{other}.{signature}")),
        ("unsigned", format!("{head}.{payload}.")),
        ("no token", "x".to_owned()),
    ];
    for (name, token) in bad {
        assert_eq!(service.verify_token(&token), Err(InvalidToken), "{name}");
    }
    clock.advance(10);
    assert_eq!(service.verify_token(token.expose()), Err(InvalidToken));
}

/// Checked by another library than the one that signs, with the key set alone.
#[test]
fn the_key_set_checks_the_signature() {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};

    let (server, _) = server(Dialect::Gafaelfawr);
    let service = server.service();
    let code = service.issue_code(&request(), &log_in(service)).unwrap();
    let issued = service.redeem_code(&redemption(&code)).unwrap();
    let (signed, signature) = issued.id_token.expose().rsplit_once('.').unwrap();
    let decoded = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
    let [jwk] = service.jwks().keys;
    let key = RsaPublicKeyComponents {
        n: decoded(&jwk.n),
        e: decoded(&jwk.e),
    };
    let signature = decoded(signature);
    let checked = key.verify(&RSA_PKCS1_2048_8192_SHA256, signed.as_bytes(), &signature);
    assert!(checked.is_ok());
    let head: Value = serde_json::from_slice(&decoded(signed.split('.').next().unwrap())).unwrap();
    assert_eq!(
        head,
        json!({"alg": "RS256", "kid": "gafaelfawr", "typ": "JWT"})
    );
}
