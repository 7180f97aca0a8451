//! The server as tests of other crates use it.

use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;

use minimal_op::{
    Authorization, Config, Dialect, Entry, Server, SigningKey, StartError, Store, StoreError,
    TicketKind,
};

use crate::client::{Client, basic};
use crate::world::{SECRET, TOKEN, code, known, server, token_form};

#[test]
fn a_test_sees_what_was_asked_and_how_often() {
    let (server, _) = server(Dialect::Gafaelfawr);
    let mut client = Client::of(server.issuer());
    client.get("/.well-known/openid-configuration?a=b");
    client.post(TOKEN, &basic("corp", SECRET), &token_form(&[]));
    let requests = server.requests();
    let asked: Vec<_> = requests
        .iter()
        .map(|request| (request.method.as_str(), request.path.as_str()))
        .collect();
    assert_eq!(
        asked,
        [
            ("GET", "/.well-known/openid-configuration"),
            ("POST", TOKEN)
        ]
    );
    assert_eq!(requests[0].query().get("a"), Some("b"));
    assert_eq!(
        requests[1].form.get("grant_type"),
        Some("authorization_code")
    );
    let Authorization::Basic(id, secret) = requests[1].authorization() else {
        panic!("{requests:?}");
    };
    assert_eq!((id.as_str(), secret.expose()), ("corp", SECRET));
    // What a failing test prints has no secret.
    let shown = format!("{requests:?} {server:?}");
    assert!(!shown.contains("hunter2"), "{shown}");
    assert!(shown.contains("client_secret"), "{shown}");
    let code = code(&mut client, &[]);
    let reply = server.service().answer(&minimal_op::Request {
        method: "GET".to_owned(),
        path: "/auth/openid/login".to_owned(),
        ..Default::default()
    });
    assert_eq!(format!("{reply:?}"), "Reply(307)");
    assert!(!format!("{:?}", server.requests()).contains(&code));
}

#[test]
fn it_stops_when_it_is_dropped() {
    // On an address of its own: no other test takes the port meanwhile.
    let config = Config {
        listen: "127.0.0.9:0".parse().unwrap(),
        ..Config::default()
    };
    let server = Server::start(config).unwrap();
    let address = server.address();
    // A connection that is still open does not keep it.
    let open = TcpStream::connect(address).unwrap();
    drop(server);
    drop(open);
    let config = Config {
        listen: address,
        ..Config::default()
    };
    assert_eq!(Server::start(config).unwrap().address(), address);
}

#[test]
fn only_loopback_is_listened_on_unasked() {
    struct Case {
        listen: &'static str,
        is_loopback: bool,
    }
    let cases = [
        Case {
            listen: "127.0.0.1:0",
            is_loopback: true,
        },
        Case {
            listen: "127.0.0.2:0",
            is_loopback: true,
        },
        Case {
            listen: "0.0.0.0:0",
            is_loopback: false,
        },
        Case {
            listen: "[::]:0",
            is_loopback: false,
        },
        Case {
            listen: "192.0.2.1:0",
            is_loopback: false,
        },
    ];
    for case in cases {
        let listen: SocketAddr = case.listen.parse().unwrap();
        let config = || Config {
            listen,
            ..Config::default()
        };
        let started = Server::start(config());
        let is_refused = matches!(started, Err(StartError::NotLoopback(_)));
        assert_eq!(is_refused, !case.is_loopback, "{}", case.listen);
    }
    let config = Config {
        listen: "0.0.0.0:0".parse().unwrap(),
        listen_anywhere: true,
        ..Config::default()
    };
    assert!(Server::start(config).is_ok());
}

#[test]
fn a_taken_port_is_refused() {
    let (taken, _) = server(Dialect::Gafaelfawr);
    let config = Config {
        listen: taken.address(),
        ..Config::default()
    };
    let error = Server::start(config).unwrap_err();
    let text = format!("cannot listen on {}", taken.address());
    assert_eq!(error.to_string(), text);
}

#[test]
fn a_key_is_one_of_rsa_and_long() {
    use rsa::pkcs1::DecodeRsaPrivateKey as _;
    use rsa::pkcs8::{EncodePrivateKey as _, LineEnding};

    struct Case {
        name: &'static str,
        pem: String,
        refusal: &'static str,
    }
    let short = rsa::RsaPrivateKey::new(&mut rsa::rand_core::OsRng, 1024).unwrap();
    let not = "not an RSA key in PEM, of PKCS#8 or PKCS#1";
    let short = short.to_pkcs8_pem(LineEnding::LF).unwrap();
    let cases = [
        Case {
            name: "a short key",
            pem: short.to_string(),
            refusal: "the key has fewer than 2048 bits",
        },
        Case {
            name: "no PEM",
            pem: "hunter2".to_owned(),
            refusal: not,
        },
        Case {
            name: "half a key",
            pem: short[..short.len() / 2].to_owned(),
            refusal: not,
        },
    ];
    for Case { name, pem, refusal } in cases {
        let error = SigningKey::from_pem(&pem).unwrap_err();
        assert_eq!(error.to_string(), refusal, "{name}");
    }
    let long = std::fs::read_to_string(crate::world::file("key.pem")).unwrap();
    let read = SigningKey::from_pem(&long).unwrap();
    let key = rsa::RsaPrivateKey::from_pkcs1_pem(&long).unwrap();
    let pkcs8 = key.to_pkcs8_pem(LineEnding::LF).unwrap();
    let again = SigningKey::from_pem(&pkcs8).unwrap();
    assert_eq!(read.jwks(), again.jwks());
    assert!(!format!("{read:?}").contains(&read.jwks().keys[0].n));
}

#[test]
fn an_issuer_is_a_url_with_a_host() {
    for issuer in [
        "op.example.com",
        "ftp://op.example.com",
        "https://",
        "https://a.example/?b",
        "",
    ] {
        let config = Config {
            issuer: Some(issuer.to_owned()),
            ..Config::default()
        };
        let started = Server::start(config);
        assert!(matches!(started, Err(StartError::Issuer(_))), "{issuer}");
    }
}

/// A store whose disk is full.
struct Full;

impl Store for Full {
    fn put(&self, _: TicketKind, _: &str, _: &Entry) -> Result<(), StoreError> {
        Err(StoreError::new("hunter2"))
    }
    fn get(&self, _: TicketKind, _: &str) -> Result<Option<Entry>, StoreError> {
        Err(StoreError::new("hunter2"))
    }
    fn remove(&self, _: TicketKind, _: &str) -> Result<bool, StoreError> {
        Err(StoreError::new("hunter2"))
    }
    fn remove_all(&self, _: TicketKind) -> Result<(), StoreError> {
        Err(StoreError::new("hunter2"))
    }
    fn remove_expired(&self, _: u64) -> Result<(), StoreError> {
        Err(StoreError::new("hunter2"))
    }
}

#[test]
fn a_store_that_fails_is_nobodys_fault_but_ours() {
    for dialect in [Dialect::Gafaelfawr, Dialect::Github] {
        let server = Server::start(Config {
            store: Arc::new(Full),
            ..known(dialect)
        })
        .unwrap();
        let mut client = Client::of(&format!("http://{}/", server.address()));
        let made_up = "gt-0123456789abcdefABCDEF.0123456789abcdefABCDEF";
        let answers = [
            client.post(TOKEN, "", &token_form(&[])),
            client.post("/login", "", &[("username", "bob")]),
            client.user_info(made_up),
        ];
        for answer in answers {
            assert_eq!(answer.status, 500, "{answer:?}");
            assert!(!answer.body.contains("hunter2"), "{answer:?}");
        }
    }
}
