//! Sign in with Apple: tries the key out before Kratos needs it.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use external_provider::{Provider, Shape, plain_scalar};
use juju_hook::Secret;
use p256::ecdsa::signature::{Signer as _, Verifier as _};
use p256::ecdsa::{Signature, SigningKey, VerifyingKey};
use p256::pkcs8::DecodePrivateKey as _;
use serde_json::json;

use super::pem;
use super::subject::Subject;
use crate::finding::{Code, Finding, Fix};

/// How long the ids of teams and keys are.
const ID_LENGTH: usize = 10;

/// For whom Kratos signs.
const AUDIENCE: &str = "https://appleid.apple.com";

/// When a token is valid, in seconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Validity {
    from: u64,
    until: u64,
}

impl Validity {
    /// How long Kratos lets a token be valid, in seconds.
    const OF_A_LOGIN: u64 = 5 * 60;

    /// How often applications get a new token, in seconds.
    const PERIOD: u64 = 60 * 24 * 60 * 60;

    /// How long one of theirs is valid, in seconds. Apple refuses one with more than 15,777,000
    /// seconds before it ("Creating a client secret"); the rest is for clocks that differ.
    const OF_APPLICATIONS: u64 = 180 * 24 * 60 * 60;

    /// That of a token for one login. `None` before 1970.
    #[must_use]
    pub fn of_a_login(now: SystemTime) -> Option<Self> {
        let from = now.duration_since(UNIX_EPOCH).ok()?.as_secs();
        let until = from + Self::OF_A_LOGIN;
        Some(Self { from, until })
    }

    /// That of the token that applications keep. It is the same for sixty days, and so is the
    /// token, since a signature depends on nothing but what is signed (RFC 6979): whoever makes it
    /// again can tell whether it is published already. At least 120 days are left of it.
    #[must_use]
    pub fn of_applications(now: SystemTime) -> Option<Self> {
        let now = now.duration_since(UNIX_EPOCH).ok()?.as_secs();
        let from = now - now % Self::PERIOD;
        let until = from + Self::OF_APPLICATIONS;
        Some(Self { from, until })
    }
}

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    if subject.kind.shape() != Shape::Apple {
        return Vec::new();
    }
    let mut findings = Vec::new();
    for option in ["apple_team_id", "apple_private_key_id"] {
        let id = subject.settings.get(option);
        if id.is_some_and(|id| !is_id(&plain_scalar::meant(id))) {
            findings.push(Finding::new(
                Code::AppleIdMalformed,
                option,
                "must be ten characters: capital letters and digits",
                Fix::set("<the id on the Apple developer site>"),
            ));
        }
    }
    if let Some((option, key)) = subject.secret {
        if let Some(problem) = try_key(key.expose()) {
            findings.push(Finding::new(
                Code::AppleKeyUnusable,
                option,
                problem,
                Fix::set("@AuthKey.p8"),
            ));
        }
    }
    findings
}

fn is_id(text: &str) -> bool {
    text.len() == ID_LENGTH
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase())
}

/// What is wrong with a key; `None` if it signs a token that can be verified.
///
/// Kratos signs a token for each login (`ProviderApple.newClientSecret`): PEM of the
/// type `PRIVATE KEY`, PKCS#8 within, and for ES256 a key on P-256.
fn try_key(text: &str) -> Option<&'static str> {
    let key = match signing_key(text) {
        Ok(key) => key,
        Err(problem) => return Some(problem),
    };
    // The parts of a token's header and claims that matter for the key.
    let token = [
        r#"{"alg":"ES256"}"#,
        r#"{"aud":"https://appleid.apple.com"}"#,
    ]
    .map(|part| URL_SAFE_NO_PAD.encode(part))
    .join(".");
    let signature: Signature = key.sign(token.as_bytes());
    match VerifyingKey::from(&key).verify(token.as_bytes(), &signature) {
        Ok(()) => None,
        Err(_) => Some("a token signed with this key cannot be verified"),
    }
}

/// The key in `text`, or what is wrong with it.
fn signing_key(text: &str) -> Result<SigningKey, &'static str> {
    // An administrator may have put it in quotes, which Kratos' YAML removes. White space around
    // it stays, because it is published.
    let unquoted = plain_scalar::unquoted(plain_scalar::trimmed(text));
    let text = unquoted.as_deref().unwrap_or(text);
    let block = match pem::decode(text) {
        Some(block) if block.label == "PRIVATE KEY" => block,
        found => return Err(not_a_key(text, found.is_some())),
    };
    SigningKey::from_pkcs8_der(&block.content)
        .map_err(|_| "this is not a PKCS#8 key on the curve P-256")
}

/// The token that is signed instead of a client secret (`ProviderApple.newClientSecret` in Kratos);
/// `None` if the provider is not Apple, or its key is not here or cannot be used.
#[must_use]
pub fn client_secret(provider: &Provider, validity: Validity) -> Option<Secret> {
    let Provider::Apple {
        client,
        team_id,
        private_key_id,
        ..
    } = provider
    else {
        return None;
    };
    let key = signing_key(provider.secret().given()?.expose()).ok()?;
    let header = json!({
        "alg": "ES256",
        "kid": plain_scalar::meant(private_key_id),
        "typ": "JWT",
    });
    let claims = json!({
        "iss": plain_scalar::meant(team_id),
        "iat": validity.from,
        "exp": validity.until,
        "aud": AUDIENCE,
        "sub": plain_scalar::meant(&client.client_id),
    });
    let parts = [header, claims].map(|part| URL_SAFE_NO_PAD.encode(part.to_string()));
    let signed = parts.join(".");
    let signature: Signature = key.sign(signed.as_bytes());
    let signature = URL_SAFE_NO_PAD.encode(signature.to_bytes());
    Some(Secret::new(format!("{signed}.{signature}")))
}

/// Signs of what the text is if Kratos cannot find a key in it, and what is wrong in each case.
/// The first that matches counts.
const NOT_KEYS: [(&str, &str); 8] = [
    (
        "BEGIN EC PRIVATE KEY",
        "this is a SEC1 key, but Apple's keys are PKCS#8",
    ),
    (
        "BEGIN RSA PRIVATE KEY",
        "this is an RSA key, but Apple's keys are on the curve P-256",
    ),
    (
        "BEGIN ENCRYPTED PRIVATE KEY",
        "this key is encrypted, but Apple's keys are not",
    ),
    (
        "BEGIN PUBLIC KEY",
        "this is the public key, not the private key",
    ),
    (
        "BEGIN CERTIFICATE",
        "this is a certificate, not a private key",
    ),
    (
        "\\n",
        r"it contains \n instead of line breaks, so it is not PEM",
    ),
    // As a heredoc of HCL or a block in YAML leaves it (`pem.Decode` of Go).
    (
        " -----",
        "its lines are indented, but BEGIN and END must be at the start of a line",
    ),
    (
        "\t-----",
        "its lines are indented, but BEGIN and END must be at the start of a line",
    ),
];

fn not_a_key(pem: &str, is_block: bool) -> &'static str {
    // Go looks at the first block only.
    if is_block && pem.contains("BEGIN PRIVATE KEY") {
        return "another PEM block comes before the key";
    }
    NOT_KEYS
        .into_iter()
        .find(|(sign, _)| pem.contains(sign))
        .map_or("this is not a private key in PEM", |(_, problem)| problem)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use external_provider::Settings;

    use super::*;
    use crate::checks::tests::KEY;

    /// A day, in seconds.
    const DAY: u64 = 24 * 60 * 60;

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(seconds)
    }

    #[test]
    fn the_token_of_applications_is_the_same_for_a_period() {
        struct Case {
            name: &'static str,
            now: u64,
            from: u64,
        }

        let options = [
            ("provider", "apple"),
            ("client_id", "org.example.web"),
            ("apple_team_id", "ABCDE12345"),
            ("apple_private_key_id", "KEYID12345"),
            ("apple_private_key", KEY),
        ];
        let mut settings = Settings::default();
        for (option, value) in options {
            settings.set(option, Some(Secret::new(value.to_owned())));
        }
        let provider = Provider::try_from(settings).unwrap();
        let token = |now| {
            let validity = Validity::of_applications(at(now)).unwrap();
            client_secret(&provider, validity).unwrap()
        };
        let start = 300 * 60 * DAY;
        for Case { name, now, from } in [
            Case {
                name: "its first second",
                now: start,
                from: start,
            },
            Case {
                name: "its second day",
                now: start + DAY,
                from: start,
            },
            Case {
                name: "its last second",
                now: start + 60 * DAY - 1,
                from: start,
            },
            Case {
                name: "the next one",
                now: start + 60 * DAY,
                from: start + 60 * DAY,
            },
            Case {
                name: "the first of all",
                now: 0,
                from: 0,
            },
        ] {
            let validity = Validity::of_applications(at(now)).unwrap();
            assert_eq!(validity.from, from, "{name}");
            let left = validity.until - now;
            // Apple's limit is 15,777,000 seconds.
            assert!((120 * DAY..=15_777_000).contains(&left), "{name}: {left}");
            assert_eq!(token(now), token(from), "{name}");
            assert_ne!(token(now), token(from + 60 * DAY), "{name}");
        }
        let before = UNIX_EPOCH - Duration::from_secs(1);
        assert_eq!(Validity::of_applications(before), None);
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table")]
    fn keys_that_go_does_not_find_are_known() {
        struct Case<'a> {
            name: &'static str,
            key: String,
            problem: &'a str,
        }

        let indent = |by: &str| {
            let lines: Vec<_> = KEY.lines().map(|line| format!("{by}{line}")).collect();
            lines.join("\n")
        };
        let only = |part: &str, by: &str| KEY.replace(part, &format!("{by}{part}"));
        let certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        let start = "indented";
        for Case { name, key, problem } in [
            Case {
                name: "as Apple gives it",
                key: KEY.to_owned(),
                problem: "",
            },
            Case {
                name: "a text before it",
                key: format!("Bag Attributes\n{KEY}"),
                problem: "",
            },
            Case {
                name: "white space behind a line",
                key: KEY.replace("-----\n", "----- \t\n"),
                problem: "",
            },
            Case {
                name: "its middle is indented",
                key: only("NLCN2v", "    "),
                problem: "",
            },
            Case {
                name: "headers",
                key: KEY.replace("KEY-----\nMIG", "KEY-----\nA: b\n\nMIG"),
                problem: "",
            },
            Case {
                name: "indented",
                key: indent("  "),
                problem: start,
            },
            Case {
                name: "indented with tabs",
                key: indent("\t"),
                problem: start,
            },
            Case {
                name: "its end is indented",
                key: only("-----END", " "),
                problem: start,
            },
            Case {
                name: "a text before BEGIN",
                key: format!("key: {KEY}"),
                problem: start,
            },
            Case {
                name: "a text behind END",
                key: KEY.replace("END PRIVATE KEY-----\n", "END PRIVATE KEY----- x\n"),
                problem: "not a private key",
            },
            Case {
                name: "old line breaks",
                key: KEY.replace('\n', "\r"),
                problem: "not a private key",
            },
            Case {
                name: "no BEGIN",
                key: KEY.replace("BEGIN", "BEGUN"),
                problem: "not a private key",
            },
            Case {
                name: "a certificate before it",
                key: format!("{certificate}{KEY}"),
                problem: "before the key",
            },
            Case {
                name: "a certificate",
                key: certificate.to_owned(),
                problem: "certificate",
            },
            Case {
                name: "a public key",
                key: KEY.replace("PRIVATE", "PUBLIC"),
                problem: "public key",
            },
            Case {
                name: "an RSA key",
                key: KEY.replace("PRIVATE", "RSA PRIVATE"),
                problem: "RSA",
            },
            Case {
                name: "encrypted",
                key: KEY.replace("PRIVATE", "ENCRYPTED PRIVATE"),
                problem: "encrypted",
            },
            Case {
                name: "a character less",
                key: KEY.replace("MIGH", "MIG"),
                problem: "not a private key",
            },
        ] {
            match try_key(&key) {
                None => assert_eq!(problem, "", "{name}"),
                Some(found) => {
                    let is_it = !problem.is_empty() && found.contains(problem);
                    assert!(is_it, "{name}: {found}");
                }
            }
        }
    }
}
