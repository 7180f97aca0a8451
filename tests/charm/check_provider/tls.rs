//! Providers that are known by their names, reached through a proxy. The proxy plays them: it
//! answers for every host itself, with a certificate from an authority of its own.

use std::io::{self, BufRead as _, BufReader, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use p256::ecdsa::signature::Verifier as _;
use p256::pkcs8::DecodePrivateKey as _;
use rcgen::{BasicConstraints, Certificate, CertificateParams, DnType, IsCa, KeyPair};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::{Value, json};

use super::web::{Answer, Request, answer, json as in_json, read};
use super::{named, report, run, verdicts};
use crate::support::APPLE_KEY;

/// An authority that nobody knows.
struct Authority {
    certificate: Certificate,
    key: KeyPair,
}

impl Authority {
    fn new() -> Self {
        let mut params = CertificateParams::new(["accounts.google.com".to_owned()]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params
            .distinguished_name
            .push(DnType::CommonName, "a test's authority");
        let key = KeyPair::generate().unwrap();
        let certificate = params.self_signed(&key).unwrap();
        Self { certificate, key }
    }

    fn certified(&self, host: &str, validity: Validity) -> CertifiedKey {
        if validity == Validity::Authority {
            return certified(&self.certificate, &self.key);
        }
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new([host.to_owned()]).unwrap();
        if validity == Validity::Expired {
            params.not_after = rcgen::date_time_ymd(2001, 1, 1);
        }
        let certificate = params
            .signed_by(&key, &self.certificate, &self.key)
            .unwrap();
        certified(&certificate, &key)
    }
}

fn certified(certificate: &Certificate, key: &KeyPair) -> CertifiedKey {
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let key = rustls::crypto::ring::sign::any_supported_type(&key).unwrap();
    CertifiedKey::new(vec![certificate.der().clone()], key)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Validity {
    Right,
    Expired,
    OtherHost,
    /// The authority's own certificate.
    Authority,
}

/// Makes a certificate for whatever host is asked for.
struct AnyHost {
    authority: Authority,
    validity: Validity,
}

impl std::fmt::Debug for AnyHost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AnyHost")
    }
}

impl ResolvesServerCert for AnyHost {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        let host = match self.validity {
            Validity::OtherHost => "other.example",
            Validity::Right | Validity::Expired | Validity::Authority => hello.server_name()?,
        };
        Some(Arc::new(self.authority.certified(host, self.validity)))
    }
}

/// A proxy that plays every host behind it.
pub(super) struct Proxy {
    address: SocketAddr,
    ca: tempfile::NamedTempFile,
    seen: Arc<Mutex<Vec<(String, Request)>>>,
    thread: Option<JoinHandle<()>>,
    stopped: Arc<Mutex<bool>>,
}

impl Proxy {
    /// Starts one. `answer` gets the host that is meant, and the request.
    pub(super) fn start(answer: impl Fn(&str, &Request) -> Answer + Send + 'static) -> Self {
        Self::with(Validity::Right, answer)
    }

    fn with(
        validity: Validity,
        answer: impl Fn(&str, &Request) -> Answer + Send + 'static,
    ) -> Self {
        let authority = Authority::new();
        let mut ca = tempfile::NamedTempFile::new().unwrap();
        ca.write_all(authority.certificate.pem().as_bytes())
            .unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_cert_resolver(Arc::new(AnyHost {
                authority,
                validity,
            }));
        let config = Arc::new(config);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (seen, stopped) = (Arc::default(), Arc::new(Mutex::new(false)));
        let (kept, stop) = (Arc::clone(&seen), Arc::clone(&stopped));
        let thread = thread::spawn(move || {
            for stream in listener.incoming() {
                if *stop.lock().unwrap() {
                    break;
                }
                // Whoever does not trust us goes away.
                let _ = serve(&stream.unwrap(), &config, &kept, &answer);
            }
        });
        Self {
            address,
            ca,
            seen,
            thread: Some(thread),
            stopped,
        }
    }

    /// What `check` says of a file, with the providers behind this proxy.
    fn check(&self, options: &Value) -> Value {
        self.check_with(options, &["--ca", self.ca()])
    }

    /// Its URL.
    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The file with the certificate of its authority.
    pub(super) fn ca(&self) -> &str {
        self.ca.path().to_str().unwrap()
    }

    /// The same, with these flags.
    pub(super) fn check_with(&self, options: &Value, flags: &[&str]) -> Value {
        let file = json!({ "idp": options }).to_string();
        report(&run(&file, flags, &[("https_proxy", &self.url())]))
    }

    /// The requests so far, each with the host that it was for.
    pub(super) fn seen(&self) -> Vec<(String, Request)> {
        self.seen.lock().unwrap().clone()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        *self.stopped.lock().unwrap() = true;
        // Wakes it up.
        drop(TcpStream::connect(self.address));
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

fn serve(
    stream: &TcpStream,
    config: &Arc<ServerConfig>,
    seen: &Mutex<Vec<(String, Request)>>,
    answer: impl Fn(&str, &Request) -> Answer,
) -> io::Result<()> {
    let host = connected(stream)?;
    let connection = ServerConnection::new(Arc::clone(config)).map_err(io::Error::other)?;
    let mut secured = StreamOwned::new(connection, stream);
    let request = read(&mut secured)?;
    let answer = answer(&host, &request);
    seen.lock().unwrap().push((host, request));
    secured.write_all(&answer)?;
    secured.conn.send_close_notify();
    secured.flush()
}

/// Reads a CONNECT, and grants it: the host that it names.
fn connected(mut stream: &TcpStream) -> io::Result<String> {
    let mut lines = BufReader::with_capacity(1, stream);
    let mut first = String::new();
    lines.read_line(&mut first)?;
    loop {
        let mut line = String::new();
        lines.read_line(&mut line)?;
        if line.trim().is_empty() {
            break;
        }
    }
    stream.write_all(b"HTTP/1.1 200 Connected\r\n\r\n")?;
    let target = first.strip_prefix("CONNECT ").unwrap_or_default();
    Ok(target.split(':').next().unwrap_or_default().to_owned())
}

/// Where the client is in these tests.
fn client(kind: &str, scope: &str) -> Value {
    json!({
        "provider": kind,
        "client_id": "5c09f0c4-7d0b-4f4f-9a53-6d0f1f5b7a11",
        "client_secret": "hunter2-secret",
        "provider_id": "corp",
        "scope": scope,
    })
}

#[test]
fn what_is_not_trusted_is_told_apart() {
    struct Case {
        name: &'static str,
        validity: Validity,
        trusted: bool,
        verdict: &'static str,
        seen: &'static str,
    }

    for Case {
        name,
        validity,
        trusted,
        verdict,
        seen,
    } in [
        Case {
            name: "unknown authority",
            validity: Validity::Right,
            trusted: false,
            verdict: "unknown",
            seen: "from an authority that is not trusted here",
        },
        Case {
            name: "expired",
            validity: Validity::Expired,
            trusted: true,
            verdict: "bad",
            seen: "has expired",
        },
        Case {
            name: "another host's",
            validity: Validity::OtherHost,
            trusted: true,
            verdict: "bad",
            seen: "is for another host",
        },
        Case {
            name: "an authority's own",
            validity: Validity::Authority,
            trusted: true,
            verdict: "unknown",
            seen: "is an authority's own",
        },
        Case {
            name: "right",
            validity: Validity::Right,
            trusted: true,
            verdict: "bad",
            seen: "answered with HTTP 404",
        },
    ] {
        let proxy = Proxy::with(validity, |_, _| answer(404, &[], ""));
        let google = client("google", "openid email");
        let found = if trusted {
            proxy.check(&google)
        } else {
            proxy.check_with(&google, &[])
        };
        let check = named(&found, "discovery");
        assert_eq!(check["verdict"], verdict, "{name}: {found}");
        assert!(
            check["seen"].as_str().unwrap().contains(seen),
            "{name}: {found}"
        );
    }
}

#[test]
fn a_redirect_out_of_the_secure_connection_is_not_followed() {
    let proxy = Proxy::start(|_, _| answer(302, &[("Location", "http://idp.example.com/")], ""));
    let found = proxy.check(&client("google", "openid email"));
    let check = named(&found, "discovery");
    assert_eq!(check["verdict"], "bad", "{found}");
    assert!(
        check["seen"]
            .as_str()
            .unwrap()
            .contains("anybody can read along"),
        "{found}"
    );
}

#[test]
fn certificates_that_are_not_are_said() {
    let proxy = Proxy::start(|_, _| answer(404, &[], ""));
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(b"nonsense").unwrap();
    let google = client("google", "openid email");
    let ca = file.path().to_str().unwrap();
    let output = run(&json!({ "idp": google }).to_string(), &["--ca", ca], &[]);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(
        said,
        "error: ca must contain certificates in PEM, and nothing else\n"
    );
    assert!(proxy.seen().is_empty());
}

#[test]
fn no_proxy_is_led_to_the_cloud_s_secrets() {
    let url = "https://idp.example.com";
    for endpoint in [
        "https://169.254.169.254/token",
        "https://2852039166/token",
        "https://0xa9fea9fe/token",
        "https://0251.0376.0251.0376/token",
        "https://169.254.43518/token",
        "https://169.254.169.254./token",
        "https://[::ffff:a9fe:a9fe]/token",
    ] {
        let proxy = Proxy::start(move |_, request| match request.method.as_str() {
            "GET" => in_json(
                200,
                &json!({
                    "issuer": url,
                    "authorization_endpoint": format!("{url}/authorize"),
                    "token_endpoint": endpoint,
                    "jwks_uri": format!("{url}/jwks"),
                }),
            ),
            _ => in_json(400, &json!({ "error": "invalid_grant" })),
        });
        let mut options = client("generic", "openid email");
        options["issuer_url"] = url.into();
        let found = proxy.check(&options);
        assert_eq!(verdicts(&found)["discovery"], "good", "{endpoint}: {found}");
        assert_eq!(
            verdicts(&found)["credentials"],
            "unknown",
            "{endpoint}: {found}"
        );
        let elsewhere = |(host, _): &(String, Request)| host != "idp.example.com";
        assert!(!proxy.seen().iter().any(elsewhere), "{endpoint}");
    }
}

#[test]
fn a_proxy_that_cannot_be_used_is_said() {
    let file = json!({ "idp": client("google", "openid email") }).to_string();
    let found = report(&run(
        &file,
        &[],
        &[("https_proxy", "socks5://127.0.0.1:1080")],
    ));
    let check = named(&found, "discovery");
    assert_eq!(check["verdict"], "unknown", "{found}");
    assert!(
        check["seen"].as_str().unwrap().contains("the proxy's URL"),
        "{found}"
    );
}

#[test]
fn what_the_list_names_is_asked_directly() {
    let proxy = Proxy::start(|_, _| answer(404, &[], ""));
    let url = proxy.url();
    let file = json!({ "idp": client("google", "openid email") }).to_string();
    let variables = [
        ("https_proxy", url.as_str()),
        ("no_proxy", "localhost,.google.com"),
    ];
    run(&file, &[], &variables);
    assert!(proxy.seen().is_empty());
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn providers_with_endpoints_of_their_own_are_asked_there() {
    struct Case {
        name: &'static str,
        options: Value,
        /// What the token endpoint answers.
        token: (u16, Value),
        /// Where that is.
        at: (&'static str, &'static str),
        verdict: &'static str,
    }

    let github = || client("github", "user:email");
    let entra = |tenant: &str| {
        let mut options = client("microsoft", "openid email");
        options["microsoft_tenant_id"] = tenant.into();
        options
    };
    let auth0 = |issuer: &str| {
        let mut options = client("auth0", "openid email");
        options["issuer_url"] = issuer.into();
        options
    };
    let error = |word: &str| json!({ "error": word });
    let described = |word: &str, text: &str| json!({ "error": word, "error_description": text });
    let at_github = ("github.com", "/login/oauth/access_token");
    let at_entra = (
        "login.microsoftonline.com",
        "/corp.example/oauth2/v2.0/token",
    );
    let at_auth0 = ("corp.eu.auth0.com", "/oauth/token");
    for Case {
        name,
        options,
        token,
        at,
        verdict,
    } in [
        Case {
            name: "GitHub",
            options: github(),
            token: (200, error("bad_verification_code")),
            at: at_github,
            verdict: "good",
        },
        Case {
            name: "GitHub, refused",
            options: github(),
            token: (200, error("incorrect_client_credentials")),
            at: at_github,
            verdict: "bad",
        },
        Case {
            name: "GitHub, unknown",
            options: github(),
            token: (404, error("Not Found")),
            at: at_github,
            verdict: "bad",
        },
        Case {
            name: "Slack",
            options: client("slack", "identity.basic identity.email"),
            token: (200, error("invalid_code")),
            at: ("slack.com", "/api/oauth.access"),
            verdict: "good",
        },
        Case {
            name: "Slack, refused",
            options: client("slack", "identity.basic identity.email"),
            token: (200, error("bad_client_secret")),
            at: ("slack.com", "/api/oauth.access"),
            verdict: "bad",
        },
        Case {
            name: "Entra ID may look at the code first",
            options: entra("corp.example"),
            token: (
                400,
                described("invalid_grant", "AADSTS9002313: Invalid request."),
            ),
            at: at_entra,
            verdict: "unknown",
        },
        Case {
            name: "Entra ID, refused",
            options: entra("corp.example"),
            token: (
                401,
                described("invalid_client", "AADSTS7000215: Invalid client secret."),
            ),
            at: at_entra,
            verdict: "bad",
        },
        Case {
            name: "Entra ID, unknown",
            options: entra("corp.example"),
            token: (
                400,
                described("unauthorized_client", "AADSTS700016: Application not found"),
            ),
            at: at_entra,
            verdict: "bad",
        },
        Case {
            name: "Auth0",
            options: auth0("https://corp.eu.auth0.com/"),
            token: (403, error("invalid_grant")),
            at: at_auth0,
            verdict: "good",
        },
        Case {
            name: "Auth0, refused",
            options: auth0("https://corp.eu.auth0.com/"),
            token: (401, described("access_denied", "Unauthorized")),
            at: at_auth0,
            verdict: "bad",
        },
        Case {
            name: "Discord",
            options: client("discord", "identify email"),
            token: (401, error("invalid_client")),
            at: ("discord.com", "/api/oauth2/token"),
            verdict: "bad",
        },
        Case {
            name: "Spotify",
            options: client("spotify", "user-read-email user-read-private"),
            token: (400, error("invalid_grant")),
            at: ("accounts.spotify.com", "/api/token"),
            verdict: "good",
        },
    ] {
        let (status, body) = token;
        let proxy = Proxy::start(move |_, request| match request.method.as_str() {
            "POST" => in_json(status, &body),
            _ => answer(404, &[], ""),
        });
        let found = proxy.check(&options);
        assert_eq!(verdicts(&found)["credentials"], verdict, "{name}: {found}");
        let seen = proxy.seen();
        let asked = seen.iter().filter(|(_, request)| request.method == "POST");
        for (host, request) in asked {
            assert_eq!((host.as_str(), request.target.as_str()), at, "{name}");
        }
        assert!(
            seen.iter().any(|(_, request)| request.method == "POST"),
            "{name}"
        );
    }
}

#[test]
fn entra_s_document_names_another_issuer() {
    let url = "https://login.microsoftonline.com";
    let proxy = Proxy::start(move |_, request| match request.target.as_str() {
        "/common/v2.0/.well-known/openid-configuration" => in_json(
            200,
            &json!({
                "issuer": format!("{url}/{{tenantid}}/v2.0"),
                "authorization_endpoint": format!("{url}/common/oauth2/v2.0/authorize"),
                "token_endpoint": format!("{url}/common/oauth2/v2.0/token"),
                "jwks_uri": format!("{url}/common/discovery/v2.0/keys"),
            }),
        ),
        _ => answer(404, &[], ""),
    });
    let mut options = client("microsoft", "openid email");
    options["microsoft_tenant_id"] = "common".into();
    let found = proxy.check(&options);
    assert_eq!(verdicts(&found)["discovery"], "good", "{found}");
}

#[test]
fn facebook_s_document_says_little() {
    let proxy = Proxy::start(|_, request| match request.target.as_str() {
        "/.well-known/openid-configuration" => in_json(
            200,
            &json!({
                "issuer": "https://www.facebook.com",
                "authorization_endpoint": "https://facebook.com/dialog/oauth/",
                "jwks_uri": "https://www.facebook.com/.well-known/oauth/openid/jwks/",
                "response_types_supported": ["id_token", "token id_token"],
                "id_token_signing_alg_values_supported": ["RS256"],
            }),
        ),
        _ => answer(404, &[], ""),
    });
    let found = proxy.check(&client("facebook", "email public_profile"));
    assert_eq!(verdicts(&found)["discovery"], "good", "{found}");
}

#[test]
fn a_key_that_cannot_sign_is_bad() {
    let proxy = Proxy::start(|_, _| answer(404, &[], ""));
    let found = proxy.check(&json!({
        "provider": "apple",
        "client_id": "com.example.idp",
        "apple_team_id": "ABCDE12345",
        "apple_private_key_id": "FGHIJ67890",
        "apple_private_key": "hunter2",
        "scope": "name email",
    }));
    let check = named(&found, "credentials");
    assert_eq!(check["verdict"], "bad", "{found}");
    assert_eq!(
        check["fix"],
        "run juju config idp apple_private_key=@AuthKey.p8"
    );
    assert!(
        proxy
            .seen()
            .iter()
            .all(|(_, request)| request.method == "GET")
    );
}

#[test]
fn apple_gets_a_token_that_is_signed_with_the_key() {
    let proxy = Proxy::start(|_, request| match request.method.as_str() {
        "POST" => in_json(400, &json!({ "error": "invalid_grant" })),
        _ => answer(404, &[], ""),
    });
    let found = proxy.check(&json!({
        "provider": "apple",
        "client_id": "com.example.idp",
        "apple_team_id": "ABCDE12345",
        "apple_private_key_id": "FGHIJ67890",
        "apple_private_key": APPLE_KEY,
        "scope": "name email",
    }));
    assert_eq!(verdicts(&found)["credentials"], "good", "{found}");
    let seen = proxy.seen();
    let posts: Vec<_> = seen
        .iter()
        .filter(|(_, request)| request.method == "POST")
        .collect();
    let [(host, request)] = posts[..] else {
        panic!("one request: {posts:?}")
    };
    assert_eq!(
        (host.as_str(), request.target.as_str()),
        ("appleid.apple.com", "/auth/token")
    );
    assert_eq!(request.authorization, "");
    let (_, token) = request.body.split_once("client_secret=").unwrap();
    let parts: Vec<_> = token.split('.').collect();
    let decoded = |part: &str| -> Value {
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
    };
    let header = decoded(parts[0]);
    assert_eq!(
        header,
        json!({ "alg": "ES256", "kid": "FGHIJ67890", "typ": "JWT" })
    );
    let claims = decoded(parts[1]);
    let (issued, expires) = (
        claims["iat"].as_u64().unwrap(),
        claims["exp"].as_u64().unwrap(),
    );
    assert_eq!(expires - issued, 300);
    assert_eq!(
        (&claims["iss"], &claims["sub"], &claims["aud"]),
        (
            &json!("ABCDE12345"),
            &json!("com.example.idp"),
            &json!("https://appleid.apple.com")
        )
    );

    let block = APPLE_KEY
        .lines()
        .filter(|line| !line.starts_with('-'))
        .collect::<String>();
    let key = base64::engine::general_purpose::STANDARD
        .decode(block)
        .unwrap();
    let key = p256::ecdsa::SigningKey::from_pkcs8_der(&key).unwrap();
    let signature = URL_SAFE_NO_PAD.decode(parts[2]).unwrap();
    let signature = p256::ecdsa::Signature::from_slice(&signature).unwrap();
    let signed = format!("{}.{}", parts[0], parts[1]);
    let verifying = p256::ecdsa::VerifyingKey::from(&key);
    verifying.verify(signed.as_bytes(), &signature).unwrap();
    assert!(!request.body.contains("hunter2"));
}
