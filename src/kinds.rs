//! What we know about each kind of provider beyond the interface: how Kratos and the provider
//! treat it, and what people call it.

use external_provider::{Kind, Settings};

use crate::finding::{Code, Finding, Fix};

/// What we know about one kind.
#[derive(Debug, Clone, Copy)]
pub struct Facts {
    /// Other names that people try for it, as lower-case letters only.
    misnomers: &'static [&'static str],
    /// What we know about its scopes.
    pub scope: ScopeFacts,
    /// Whether it breaks Kratos' configuration: its schema, or the library in Kratos charms, does
    /// not know the kind.
    pub refused: bool,
    /// Where Kratos finds its endpoints.
    pub endpoints: KnownEndpoints,
    /// The issuer to use it with as a generic provider, if that works better than the kind.
    pub issuer: Option<&'static str>,
    /// Why no login works. We saw this with a real Kratos.
    pub broken: Option<&'static str>,
    /// Whether Kratos never says of its users that their email is verified.
    pub never_verified: bool,
}

impl Facts {
    /// Nothing is known.
    const NONE: Self = Self {
        misnomers: &[],
        scope: ScopeFacts::NONE,
        endpoints: KnownEndpoints::NONE,
        refused: false,
        issuer: None,
        broken: None,
        never_verified: false,
    };
}

/// Where Kratos finds the endpoints of a kind: what its providers in `selfservice/strategy/oidc`
/// contain. `{issuer}` and `{tenant}` stand for options.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownEndpoints {
    /// The issuer whose discovery document Kratos reads.
    pub issuer: Option<&'static str>,
    /// The authorization and the token endpoint, if Kratos does not take them from there.
    pub fixed: Option<(&'static str, &'static str)>,
}

impl KnownEndpoints {
    /// None are known: Kratos does not know the kind.
    const NONE: Self = Self {
        issuer: None,
        fixed: None,
    };

    /// All are in the discovery document.
    const fn of(issuer: &'static str) -> Self {
        Self {
            issuer: Some(issuer),
            fixed: None,
        }
    }

    /// They are in Kratos' code, and the document is for the keys.
    const fn beside(
        issuer: &'static str,
        authorization: &'static str,
        token: &'static str,
    ) -> Self {
        Self {
            issuer: Some(issuer),
            fixed: Some((authorization, token)),
        }
    }

    /// They are in Kratos' code, and there are no ID tokens.
    const fn fixed(authorization: &'static str, token: &'static str) -> Self {
        Self {
            issuer: None,
            fixed: Some((authorization, token)),
        }
    }
}

/// What we know about the scopes of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScopeFacts {
    /// `openid` must be among them, and Kratos does not add it itself.
    pub needs_openid: bool,
    /// Scopes that other providers have, and this one refuses.
    pub refused: &'static [&'static str],
    /// Whether it certainly refuses them, so that the login fails. If not, it may merely not know
    /// them.
    pub is_certain: bool,
    /// Scopes that work.
    pub suggestion: &'static str,
}

impl ScopeFacts {
    /// Nothing is known to be wrong.
    const NONE: Self = Self {
        needs_openid: false,
        refused: &[],
        is_certain: true,
        suggestion: "openid profile email",
    };

    /// It refuses some, so the login fails.
    const fn refuses(refused: &'static [&'static str], suggestion: &'static str) -> Self {
        Self {
            refused,
            suggestion,
            ..Self::NONE
        }
    }
}

/// The scopes of OpenID Connect Core 1.0, section 5.4, which the default has.
const OF_OPENID: &[&str] = &["openid", "profile", "email", "address", "phone"];

/// What we know about `kind`.
#[must_use]
#[expect(clippy::too_many_lines, reason = "a table")]
pub fn facts(kind: Kind) -> Facts {
    match kind {
        Kind::Generic => Facts {
            // OpenID Connect itself, and products that speak it.
            misnomers: &[
                "adfs",
                "asgardeo",
                "authelia",
                "authentik",
                "casdoor",
                "cognito",
                "custom",
                "dex",
                "forgejo",
                "fusionauth",
                "gafaelfawr",
                "gitea",
                "hydra",
                "identityserver",
                "jumpcloud",
                "kanidm",
                "keycloak",
                "logto",
                "oauth",
                "oidc",
                "okta",
                "onelogin",
                "openid",
                "openidconnect",
                "ping",
                "pingfederate",
                "pingidentity",
                "pingone",
                "pocketid",
                "redhatsso",
                "rhsso",
                "shibboleth",
                "zitadel",
            ],
            endpoints: KnownEndpoints::of("{issuer}"),
            ..Facts::NONE
        },
        Kind::Google => Facts {
            misnomers: &["gmail", "googleworkspace", "gsuite"],
            endpoints: KnownEndpoints::of("https://accounts.google.com"),
            scope: ScopeFacts {
                is_certain: false,
                ..ScopeFacts::refuses(&["address", "phone"], "openid profile email")
            },
            ..Facts::NONE
        },
        Kind::Facebook => Facts {
            misnomers: &["fb", "meta"],
            endpoints: KnownEndpoints::beside(
                "https://www.facebook.com",
                "https://facebook.com/dialog/oauth/",
                "https://graph.facebook.com/oauth/access_token",
            ),
            // It shows "Invalid Scopes" to developers, and drops them for everybody else.
            scope: ScopeFacts {
                is_certain: false,
                ..ScopeFacts::refuses(&["profile", "address", "phone"], "email public_profile")
            },
            ..Facts::NONE
        },
        Kind::Microsoft => Facts {
            misnomers: &[
                "aad",
                "azure",
                "azureactivedirectory",
                "azuread",
                "entra",
                "entraid",
                "microsoftentra",
                "microsoftentraid",
            ],
            endpoints: KnownEndpoints::beside(
                "https://login.microsoftonline.com/{tenant}/v2.0",
                "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize",
                "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",
            ),
            ..Facts::NONE
        },
        Kind::Github => Facts {
            // Kratos fails the login if a scope was not granted.
            scope: ScopeFacts::refuses(OF_OPENID, "user:email"),
            endpoints: KnownEndpoints::fixed(
                "https://github.com/login/oauth/authorize",
                "https://github.com/login/oauth/access_token",
            ),
            ..Facts::NONE
        },
        Kind::Apple => Facts {
            misnomers: &["appleid", "signinwithapple"],
            endpoints: KnownEndpoints::beside(
                "https://appleid.apple.com",
                "https://appleid.apple.com/auth/authorize",
                "https://appleid.apple.com/auth/token",
            ),
            scope: ScopeFacts::refuses(&["profile", "address", "phone"], "name email"),
            ..Facts::NONE
        },
        Kind::Gitlab => Facts {
            // `ProviderGitLab` takes the issuer from GitLab's userinfo, which has none, or
            // from an option that the libraries drop: `issuer not set in claims`.
            broken: Some(
                "logins fail with the kind gitlab: Kratos finds no issuer in GitLab's answer",
            ),
            endpoints: KnownEndpoints::beside(
                "https://gitlab.com",
                "https://gitlab.com/oauth/authorize",
                "https://gitlab.com/oauth/token",
            ),
            issuer: Some("https://gitlab.com"),
            scope: ScopeFacts {
                needs_openid: true,
                ..ScopeFacts::NONE
            },
            ..Facts::NONE
        },
        Kind::Auth0 => Facts {
            endpoints: KnownEndpoints::beside(
                "{issuer}",
                "{issuer}/authorize",
                "{issuer}/oauth/token",
            ),
            scope: ScopeFacts {
                needs_openid: true,
                ..ScopeFacts::NONE
            },
            ..Facts::NONE
        },
        Kind::Slack => Facts {
            // Kratos uses Slack's older OAuth.
            endpoints: KnownEndpoints::fixed(
                "https://slack.com/oauth/authorize",
                "https://slack.com/api/oauth.access",
            ),
            scope: ScopeFacts::refuses(OF_OPENID, "identity.basic identity.email"),
            ..Facts::NONE
        },
        Kind::Spotify => Facts {
            endpoints: KnownEndpoints::fixed(
                "https://accounts.spotify.com/authorize",
                "https://accounts.spotify.com/api/token",
            ),
            scope: ScopeFacts::refuses(OF_OPENID, "user-read-email user-read-private"),
            never_verified: true,
            ..Facts::NONE
        },
        Kind::Discord => Facts {
            endpoints: KnownEndpoints::fixed(
                "https://discord.com/api/oauth2/authorize",
                "https://discord.com/api/oauth2/token",
            ),
            scope: ScopeFacts::refuses(&["profile", "address", "phone"], "identify email"),
            ..Facts::NONE
        },
        Kind::Twitch => Facts {
            refused: true,
            issuer: Some("https://id.twitch.tv/oauth2"),
            ..Facts::NONE
        },
        Kind::Yander | Kind::Yandex => Facts {
            refused: true,
            ..Facts::NONE
        },
        Kind::Vk => Facts {
            endpoints: KnownEndpoints::fixed(
                "https://oauth.vk.com/authorize",
                "https://oauth.vk.com/access_token",
            ),
            never_verified: true,
            ..Facts::NONE
        },
        Kind::Dingtalk => Facts {
            endpoints: KnownEndpoints::fixed(
                "https://login.dingtalk.com/oauth2/auth",
                "https://api.dingtalk.com/v1.0/oauth2/userAccessToken",
            ),
            // `ProviderDingTalk` exchanges the code in a method that Kratos no longer
            // calls: the request goes out as a form, and DingTalk wants JSON.
            broken: Some(
                "logins fail with the kind dingtalk: Kratos requests its token in the wrong form",
            ),
            scope: ScopeFacts::refuses(&["profile", "email", "address", "phone"], "openid"),
            never_verified: true,
            ..Facts::NONE
        },
        Kind::Netid => Facts {
            endpoints: KnownEndpoints::beside(
                "https://broker.netid.de/",
                "https://broker.netid.de/authorize",
                "https://broker.netid.de/token",
            ),
            ..Facts::NONE
        },
    }
}

/// What to use instead of a kind that only Kratos knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Instead {
    /// A generic provider with this issuer, since it has discovery.
    Issuer(&'static str),
    /// Another kind, after following an instruction.
    Kind(&'static str, &'static str),
    /// Nothing.
    Nothing,
}

/// The kinds in the schema of Kratos' configuration, up to 26.2.0, that the interface has no
/// word for.
const OF_KRATOS_ONLY: [(&str, Instead); 13] = [
    // OAuth without ID tokens.
    ("amazon", Instead::Nothing),
    ("fedcm-test", Instead::Nothing),
    // A GitHub App grants no scopes, and the kind `github` wants those that it asks for.
    (
        "github-app",
        Instead::Kind("register an OAuth app instead of the GitHub App", "github"),
    ),
    ("jackson", Instead::Nothing),
    ("lark", Instead::Nothing),
    // LINE has discovery, but signs with HS256, which Kratos does not accept, unless it is asked for
    // another algorithm. `ProviderLineV21` does that, but generic does not.
    ("line", Instead::Nothing),
    (
        "linkedin",
        Instead::Issuer("https://www.linkedin.com/oauth"),
    ),
    (
        "linkedin_v2",
        Instead::Issuer("https://www.linkedin.com/oauth"),
    ),
    ("patreon", Instead::Nothing),
    (
        "salesforce",
        Instead::Issuer("https://<domain>.my.salesforce.com"),
    ),
    ("twitter", Instead::Nothing),
    ("uaepass", Instead::Nothing),
    // OAuth 1.0a.
    ("x", Instead::Nothing),
];

/// What to use instead of the kind that Kratos knows by `word` and the interface does not.
#[must_use]
fn of_kratos_only(word: &str) -> Option<Instead> {
    let mut known = OF_KRATOS_ONLY.iter();
    known
        .find(|(known, _)| *known == word)
        .map(|(_, instead)| *instead)
}

/// The kind that somebody means by `word`, although it is not its name.
fn from_misnomer(word: &str) -> Option<Kind> {
    let letters = word.chars().filter(char::is_ascii_alphabetic);
    let word = letters.collect::<String>().to_ascii_lowercase();
    let mut kinds = Kind::ALL.iter().copied();
    kinds.find(|kind| facts(*kind).misnomers.contains(&word.as_str()))
}

/// What to use instead of `kind`, which does not work: `generic`, if the provider has an issuer.
#[must_use]
pub fn instead_of(kind: Kind) -> Fix {
    match facts(kind).issuer {
        Some(issuer) => Fix::as_generic(issuer),
        None => Fix::another_provider(),
    }
}

/// The finding for a word that is not the name of a kind.
#[must_use]
pub fn unknown_kind(word: &str) -> Finding {
    let word = word.trim().to_lowercase();
    let (code, problem, kind) = if let Some(kind) = Kind::from_word(&word) {
        let problem = "write the kind in lower case, without spaces";
        (Code::KindMisspelt, problem, kind)
    } else if let Some(kind) = from_misnomer(&word) {
        let problem = "Kratos has another name for this kind";
        (Code::KindMisspelt, problem, kind)
    } else if let Some(instead) = of_kratos_only(&word) {
        let problem = "Kratos supports this kind, but the interface of its charm does not";
        let fix = match instead {
            Instead::Issuer(issuer) => Fix::as_generic(issuer),
            Instead::Kind(first, kind) => Fix::DoThenSet(first.into(), kind.into()),
            Instead::Nothing => Fix::another_provider(),
        };
        return Finding::new(Code::KindNotInInterface, "provider", problem, fix);
    } else {
        let problem = "not a kind of provider that the interface supports";
        (Code::KindUnknown, problem, Kind::Generic)
    };
    Finding::new(code, "provider", problem, Fix::set(kind.word()))
}

/// Whether the claims may include a phone number. Those of the other kinds never do.
#[must_use]
pub fn brings_phone_number(kind: Kind, settings: &Settings) -> bool {
    matches!(kind, Kind::Generic | Kind::Auth0)
        && settings.scopes(kind).any(|scope| scope == "phone")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_word_stands_for_is_told_once() {
        for (word, _) in OF_KRATOS_ONLY {
            assert_eq!(Kind::from_word(word), None, "{word}");
            assert_eq!(from_misnomer(word), None, "{word}");
        }
        let misnomers = Kind::ALL.iter().flat_map(|kind| facts(*kind).misnomers);
        let mut misnomers: Vec<_> = misnomers.collect();
        let all = misnomers.len();
        misnomers.sort_unstable();
        misnomers.dedup();
        assert_eq!(misnomers.len(), all);
        for misnomer in misnomers {
            let is_sought = misnomer.bytes().all(|byte| byte.is_ascii_lowercase());
            assert!(
                is_sought && Kind::from_word(misnomer).is_none(),
                "{misnomer}"
            );
        }
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table")]
    fn a_wrong_word_is_never_repeated_but_its_kind_is_guessed() {
        struct Case {
            name: &'static str,
            word: &'static str,
            code: Code,
            to: &'static str,
        }

        use Code::{KindMisspelt, KindNotInInterface, KindUnknown};
        const GENERIC: &str = "run juju config idp provider=generic";
        const ANOTHER: &str = "use another provider";
        for Case {
            name,
            word,
            code,
            to,
        } in [
            Case {
                name: "case",
                word: "GitHub",
                code: KindMisspelt,
                to: "run juju config idp provider=github",
            },
            Case {
                name: "spaces",
                word: " google ",
                code: KindMisspelt,
                to: "run juju config idp provider=google",
            },
            Case {
                name: "what Entra ID was called",
                word: "AzureAD",
                code: KindMisspelt,
                to: "run juju config idp provider=microsoft",
            },
            Case {
                name: "a product",
                word: "Okta",
                code: KindMisspelt,
                to: GENERIC,
            },
            Case {
                name: "a product's whole name",
                word: "Red Hat SSO",
                code: KindMisspelt,
                to: GENERIC,
            },
            Case {
                name: "the protocol",
                word: "openid-connect",
                code: KindMisspelt,
                to: GENERIC,
            },
            Case {
                name: "unknown",
                word: "hunter2",
                code: KindUnknown,
                to: GENERIC,
            },
            Case {
                name: "nearly the protocol",
                word: "oidcx",
                code: KindUnknown,
                to: GENERIC,
            },
            Case {
                name: "LinkedIn",
                word: "linkedin_v2",
                code: KindNotInInterface,
                to: "run juju config idp provider=generic issuer_url=https://www.linkedin.com/oauth",
            },
            Case {
                name: "Salesforce",
                word: "salesforce",
                code: KindNotInInterface,
                to: "run juju config idp provider=generic \
                 issuer_url='https://<domain>.my.salesforce.com'",
            },
            Case {
                name: "a GitHub App",
                word: "github-app",
                code: KindNotInInterface,
                to: "register an OAuth app instead of the GitHub App, then run juju config idp \
                 provider=github",
            },
            Case {
                name: "LINE",
                word: "line",
                code: KindNotInInterface,
                to: ANOTHER,
            },
            Case {
                name: "X",
                word: "X",
                code: KindNotInInterface,
                to: ANOTHER,
            },
            Case {
                name: "Amazon",
                word: "amazon",
                code: KindNotInInterface,
                to: ANOTHER,
            },
            Case {
                name: "Patreon",
                word: "patreon",
                code: KindNotInInterface,
                to: ANOTHER,
            },
            Case {
                name: "UAE Pass",
                word: "uaepass",
                code: KindNotInInterface,
                to: ANOTHER,
            },
            Case {
                name: "Lark",
                word: "lark",
                code: KindNotInInterface,
                to: ANOTHER,
            },
            Case {
                name: "Jackson",
                word: "jackson",
                code: KindNotInInterface,
                to: ANOTHER,
            },
            Case {
                name: "a test's",
                word: "fedcm-test",
                code: KindNotInInterface,
                to: ANOTHER,
            },
        ] {
            let finding = unknown_kind(word);
            assert_eq!(finding.code, code, "{name}");
            assert_eq!(finding.what_to_do("idp"), to, "{name}");
            assert!(!format!("{finding:?}").contains("hunter2"), "{name}");
        }
    }
}
