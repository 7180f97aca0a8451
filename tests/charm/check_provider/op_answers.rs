//! What three real providers answered, replayed to the last header: every answer that was
//! recorded is given once, and judged.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::Deserialize;

use super::web::{Answer, Request, Web, answer};
use super::{Verdicts, check, verdicts};

/// One recorded answer.
#[derive(Debug, Clone, Deserialize)]
struct Recorded {
    status: u16,
    headers: BTreeMap<String, String>,
    body: String,
}

type Answers = BTreeMap<String, Recorded>;

#[derive(Deserialize)]
struct Vectors {
    answers: BTreeMap<String, Answers>,
}

static VECTORS: LazyLock<Vectors> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../vectors/op-answers.json")).unwrap());

const MOCK: &str = "oidc-provider-mock 0.3.4 (PyPI)";
const PANVA: &str = "panva oidc-provider 9.13.3 (npm)";
const PANVA_PKCE: &str = "panva oidc-provider 9.13.3, PKCE required";

/// A provider that gives these answers, by their names.
#[derive(Clone, Copy)]
struct Replay {
    provider: &'static str,
    discovery: &'static str,
    token: &'static str,
    authorize: &'static str,
}

impl Replay {
    fn of(provider: &'static str) -> Self {
        Self {
            provider,
            discovery: "discovery",
            token: "token: bogus code, right secret, basic",
            authorize: "authorize: prompt=none",
        }
    }

    fn serve(self) -> Web {
        let recorded = &VECTORS.answers[self.provider];
        let discovery: serde_json::Value =
            serde_json::from_str(&recorded["discovery"].body).unwrap();
        let issuer = discovery["issuer"].as_str().unwrap().to_owned();
        let path = move |key: &str| discovery[key].as_str().unwrap()[issuer.len()..].to_owned();
        let (token, authorize) = (path("token_endpoint"), path("authorization_endpoint"));
        let (jwks, issuer) = (path("jwks_uri"), path("issuer"));
        assert_eq!(issuer, "");
        Web::start(move |request: &Request, url| {
            let target = request.target.split('?').next().unwrap();
            let name = if target == token {
                self.token
            } else if target == authorize {
                self.authorize
            } else if target == jwks {
                "jwks"
            } else {
                self.discovery
            };
            replayed(&recorded[name], url)
        })
    }
}

/// The answer, from where the server is now.
fn replayed(recorded: &Recorded, url: &str) -> Answer {
    let here = |text: &str| {
        text.replace("http://127.0.0.1:9111", url)
            .replace("http://127.0.0.1:9112", url)
    };
    let headers: Vec<_> = recorded
        .headers
        .iter()
        .map(|(name, value)| (name.as_str(), here(value)))
        .collect();
    let headers: Vec<_> = headers
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    answer(recorded.status, &headers, &here(&recorded.body))
}

const GOOD: Option<&str> = Some("good");
const BAD: Option<&str> = Some("bad");
const UNKNOWN: Option<&str> = Some("unknown");

/// What is said where a provider gives this answer; `None` if there is no such answer of it.
struct Case {
    answer: &'static str,
    mock: Option<&'static str>,
    panva: Option<&'static str>,
    pkce: Option<&'static str>,
}

/// The verdict that a case has for one provider.
type Expected = fn(&Case) -> Option<&'static str>;

/// All say the same.
const fn all(answer: &'static str, verdict: Option<&'static str>) -> Case {
    Case {
        answer,
        mock: verdict,
        panva: verdict,
        pkce: verdict,
    }
}

/// Both kinds of panva's say the same.
const fn two(
    answer: &'static str,
    mock: Option<&'static str>,
    panva: Option<&'static str>,
) -> Case {
    Case {
        answer,
        mock,
        panva,
        pkce: panva,
    }
}

#[rustfmt::skip]
const CASES: &[Case] = &[
    all("discovery", GOOD),
    // panva's is the same document, the mock has none there.
    two("discovery_oauth_authorization_server", BAD, GOOD),
    two("discovery_issuer_with_trailing_slash", GOOD, BAD),
    all("jwks", GOOD),

    all("token: bogus code, right secret, basic", GOOD),
    all("token: bogus code, right secret, post", GOOD),
    all("token: bogus code, wrong secret, basic", BAD),
    all("token: bogus code, wrong secret, post", BAD),
    all("token: bogus code, unknown client, basic", BAD),
    all("token: bogus code, unknown client, post", BAD),
    two("token: bogus code, no client auth", BAD, UNKNOWN),
    all("token: bogus code, client_id alone", BAD),
    all("token: bogus code, right secret, other redirect_uri, post", GOOD),
    all("token: bogus code, right secret, no redirect_uri, post", GOOD),
    // Before or after the client is looked at: that is not known.
    all("token: client_credentials, right secret, post", UNKNOWN),
    two("token: client_credentials, wrong secret, post", UNKNOWN, BAD),
    all("token: client_credentials, right secret, basic", UNKNOWN),
    two("token: bogus refresh_token, right secret, basic", GOOD, UNKNOWN),
    all("token: no grant_type, right secret, basic", UNKNOWN),
    two("token: odd secret, basic, form-encoded as RFC 6749 2.3.1", BAD, UNKNOWN),
    two("token: odd secret, basic, raw", GOOD, UNKNOWN),
    two("token: odd secret, post", GOOD, BAD),
    all("token: GET", UNKNOWN),
    Case {
        answer: "token: odd secret registered with non-ASCII, post",
        mock: None,
        panva: UNKNOWN,
        pkce: None,
    },

    // Only what comes back to the redirect URI says that it is registered.
    Case { answer: "authorize: registered redirect_uri", mock: UNKNOWN, panva: UNKNOWN, pkce: GOOD },
    all("authorize: unregistered redirect_uri", UNKNOWN),
    all("authorize: redirect_uri with trailing slash", UNKNOWN),
    all("authorize: redirect_uri http in place of https", UNKNOWN),
    Case { answer: "authorize: no redirect_uri", mock: UNKNOWN, panva: UNKNOWN, pkce: GOOD },
    all("authorize: unknown client", UNKNOWN),
    Case { answer: "authorize: unknown scope", mock: UNKNOWN, panva: UNKNOWN, pkce: GOOD },
    Case { answer: "authorize: no openid scope", mock: UNKNOWN, panva: GOOD, pkce: GOOD },
    all("authorize: prompt=none", GOOD),
    all("authorize: prompt=none, unregistered redirect_uri", UNKNOWN),
    two("authorize: response_type=token", UNKNOWN, GOOD),
    all("authorize: with PKCE S256", UNKNOWN),
    Case { answer: "authorize: client with odd secret", mock: None, panva: UNKNOWN, pkce: None },
];

/// Which check an answer is for.
fn subject(answer: &str) -> &'static str {
    match answer.split(['_', ':']).next().unwrap() {
        "discovery" => "discovery",
        "jwks" => "keys",
        "token" => "credentials",
        "authorize" => "redirect-uri",
        other => panic!("{other}"),
    }
}

#[test]
fn every_recorded_answer_is_judged() {
    let providers: [(_, Expected); 3] = [
        (MOCK, |case| case.mock),
        (PANVA, |case| case.panva),
        (PANVA_PKCE, |case| case.pkce),
    ];
    let mut judged = 0;
    for (provider, expected) in providers {
        let recorded: BTreeSet<_> = VECTORS.answers[provider]
            .keys()
            .map(String::as_str)
            .collect();
        let cases = CASES.iter().filter(|case| expected(case).is_some());
        let named: BTreeSet<_> = cases.clone().map(|case| case.answer).collect();
        assert_eq!(named, recorded, "{provider}");

        // One run judges an answer of each endpoint.
        let of = |name| {
            cases
                .clone()
                .filter(move |case| subject(case.answer) == name)
        };
        let [documents, tokens, pages] =
            ["discovery", "credentials", "redirect-uri"].map(|name| of(name).collect::<Vec<_>>());
        for case in documents {
            let replay = Replay {
                discovery: case.answer,
                ..Replay::of(provider)
            };
            judge(replay, &[case], expected);
            judged += 1;
        }
        for at in 0..tokens.len().max(pages.len()) {
            let (token, page) = (tokens[at % tokens.len()], pages[at % pages.len()]);
            let replay = Replay {
                token: token.answer,
                authorize: page.answer,
                ..Replay::of(provider)
            };
            judge(replay, &[token, page], expected);
        }
        judged += tokens.len() + pages.len();
        // The keys are in every run.
        judge(
            Replay::of(provider),
            &of("keys").collect::<Vec<_>>(),
            expected,
        );
        judged += 1;
    }
    assert_eq!(judged, 107);
}

fn judge(replay: Replay, cases: &[&Case], expected: Expected) {
    let web = replay.serve();
    let found = check(&web.url(), &[]);
    let verdicts: Verdicts = verdicts(&found);
    for case in cases {
        let name = subject(case.answer);
        let context = format!("{}: {}: {found}", replay.provider, case.answer);
        assert_eq!(
            verdicts.get(name).map(String::as_str),
            expected(case),
            "{context}"
        );
    }
}

/// What a client sends, as the recordings name it.
fn sent(request: &Request) -> String {
    let basic = !request.authorization.is_empty();
    let pair = if basic {
        use base64::Engine as _;
        let encoded = request.authorization.strip_prefix("Basic ").unwrap();
        let bytes = base64::engine::general_purpose::STANDARD
            .decode(encoded)
            .unwrap();
        String::from_utf8(bytes).unwrap()
    } else {
        request.body.clone()
    };
    let client = if pair.contains("unknown-client") {
        "unknown client"
    } else if pair.contains("hunter2") {
        "right secret"
    } else {
        "wrong secret"
    };
    format!(
        "token: bogus code, {client}, {}",
        if basic { "basic" } else { "post" }
    )
}

#[test]
fn a_provider_that_looks_at_what_it_is_sent_is_understood() {
    #[derive(Clone, Copy)]
    struct Case {
        name: &'static str,
        client_id: &'static str,
        secret: &'static str,
        control: bool,
        verdict: &'static str,
        /// How often the token endpoint is asked.
        asked: usize,
    }

    let case = Case {
        name: "right",
        client_id: "c",
        secret: "hunter2",
        control: false,
        verdict: "good",
        asked: 1,
    };
    for provider in [MOCK, PANVA, PANVA_PKCE] {
        for Case {
            name,
            client_id,
            secret,
            control,
            verdict,
            asked,
        } in [
            case,
            Case {
                name: "right, proven",
                control: true,
                asked: 2,
                ..case
            },
            Case {
                name: "wrong",
                secret: "hunter3",
                verdict: "bad",
                asked: 2,
                ..case
            },
            Case {
                name: "wrong, not proven again",
                secret: "hunter3",
                control: true,
                verdict: "bad",
                asked: 2,
                ..case
            },
            Case {
                name: "unknown",
                client_id: "unknown-client",
                verdict: "bad",
                asked: 2,
                ..case
            },
        ] {
            let recorded = &VECTORS.answers[provider];
            let web = Web::start(move |request, url| {
                let target = request.target.as_str();
                let name = if request.method == "POST" {
                    &sent(request)
                } else if target.contains("prompt=none") {
                    "authorize: prompt=none"
                } else if target.contains("jwks") {
                    "jwks"
                } else {
                    "discovery"
                };
                replayed(&recorded[name], url)
            });
            let options = [("client_id", client_id), ("client_secret", secret)];
            let flags: &[&str] = if control { &["--control"] } else { &[] };
            let found = super::check_with(&web.url(), &options, flags);
            let context = format!("{provider}: {name}: {found}");
            assert_eq!(verdicts(&found)["credentials"], verdict, "{context}");
            let tokens = web
                .requests()
                .into_iter()
                .filter(|one| one.method == "POST");
            assert_eq!(tokens.count(), asked, "{context}");
        }
    }
}
