//! The one table of the kinds.

use external_provider::{Kind, Settings};

use super::openid::{self, OpenId};

/// What we know about one kind.
#[derive(Debug, Clone, Copy)]
pub struct Facts {
    /// Other names that people try for it, as lower-case letters only.
    pub(super) misnomers: &'static [&'static str],
    /// What we know about its scopes.
    pub scope: ScopeFacts,
    /// Whether it breaks Kratos' configuration: its schema, or the library in Kratos charms, does
    /// not know the kind.
    pub refused: bool,
    /// Where Kratos finds its endpoints.
    pub endpoints: KnownEndpoints,
    /// Where an application finds them that logs its users in there itself, without Kratos.
    pub openid: OpenId,
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
        openid: OpenId::Unavailable,
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
            openid: OpenId::Configured,
            ..Facts::NONE
        },
        Kind::Google => Facts {
            misnomers: &["gmail", "googleworkspace", "gsuite"],
            endpoints: KnownEndpoints::of("https://accounts.google.com"),
            openid: openid::GOOGLE,
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
            openid: openid::FACEBOOK,
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
            openid: openid::MICROSOFT,
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
            openid: openid::APPLE,
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
            openid: openid::GITLAB,
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
            openid: OpenId::Configured,
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
            openid: openid::SLACK,
            scope: ScopeFacts::refuses(OF_OPENID, "identity.basic identity.email"),
            ..Facts::NONE
        },
        Kind::Spotify => Facts {
            // Its discovery document is not for applications: they may not ask for `openid`, which
            // is not among its scopes (Spotify's page on scopes of its Web API).
            openid: OpenId::Unavailable,
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
            openid: openid::DISCORD,
            scope: ScopeFacts::refuses(&["profile", "address", "phone"], "identify email"),
            ..Facts::NONE
        },
        Kind::Twitch => Facts {
            refused: true,
            // It has one, but nobody can configure the kind.
            openid: OpenId::Unavailable,
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
            openid: openid::NETID,
            ..Facts::NONE
        },
    }
}

/// Whether the claims may include a phone number. Those of the other kinds never do.
#[must_use]
pub fn brings_phone_number(kind: Kind, settings: &Settings) -> bool {
    matches!(kind, Kind::Generic | Kind::Auth0)
        && settings.scopes(kind).any(|scope| scope == "phone")
}

#[cfg(test)]
mod tests {
    use oauth::{AuthMethod, GrantType};

    use super::*;
    use crate::kinds::KnownOpenId;

    fn known(kind: Kind) -> Option<KnownOpenId> {
        match facts(kind).openid {
            OpenId::Known(known) => Some(known),
            OpenId::Unavailable | OpenId::Configured => None,
        }
    }

    #[test]
    fn every_kind_has_its_place_among_openid_providers() {
        struct Case {
            name: &'static str,
            has: fn(Kind) -> bool,
            kinds: &'static [Kind],
        }

        let cases = [
            Case {
                name: "none",
                has: |kind| facts(kind).openid == OpenId::Unavailable,
                kinds: &[
                    Kind::Github,
                    Kind::Spotify,
                    Kind::Twitch,
                    Kind::Yander,
                    Kind::Yandex,
                    Kind::Vk,
                    Kind::Dingtalk,
                ],
            },
            Case {
                name: "where the options say",
                has: |kind| facts(kind).openid == OpenId::Configured,
                kinds: &[Kind::Generic, Kind::Auth0],
            },
            Case {
                name: "known",
                has: |kind| known(kind).is_some(),
                kinds: &[
                    Kind::Google,
                    Kind::Facebook,
                    Kind::Microsoft,
                    Kind::Apple,
                    Kind::Gitlab,
                    Kind::Slack,
                    Kind::Discord,
                    Kind::Netid,
                ],
            },
        ];
        for Case { name, has, kinds } in &cases {
            for kind in Kind::ALL {
                assert_eq!(has(*kind), kinds.contains(kind), "{name}: {kind:?}");
            }
        }
    }

    #[test]
    fn endpoints_are_at_hosts_of_the_provider() {
        struct Case {
            kind: Kind,
            domains: &'static [&'static str],
        }

        let mut without_a_row: Vec<_> = Kind::ALL.iter().filter_map(|kind| known(*kind)).collect();
        for Case { kind, domains } in [
            Case {
                kind: Kind::Google,
                domains: &["google.com", "googleapis.com"],
            },
            Case {
                kind: Kind::Facebook,
                domains: &["facebook.com"],
            },
            Case {
                kind: Kind::Microsoft,
                domains: &["microsoftonline.com", "microsoft.com"],
            },
            Case {
                kind: Kind::Apple,
                domains: &["apple.com"],
            },
            Case {
                kind: Kind::Gitlab,
                domains: &["gitlab.com"],
            },
            Case {
                kind: Kind::Slack,
                domains: &["slack.com"],
            },
            Case {
                kind: Kind::Discord,
                domains: &["discord.com"],
            },
            Case {
                kind: Kind::Netid,
                domains: &["netid.de"],
            },
        ] {
            let known = known(kind).unwrap();
            without_a_row.retain(|one| *one != known);
            let always = [
                known.issuer,
                known.authorization_endpoint,
                known.token_endpoint,
                known.jwks_endpoint,
            ];
            let sometimes = [known.userinfo_endpoint, known.introspection_endpoint];
            for url in always.into_iter().chain(sometimes.into_iter().flatten()) {
                let rest = url.strip_prefix("https://").unwrap_or_default();
                let host = rest.split('/').next().unwrap_or_default();
                let is_at = |domain: &&str| {
                    let below = host.strip_suffix(*domain);
                    below.is_some_and(|below| below.is_empty() || below.ends_with('.'))
                };
                assert!(domains.iter().any(is_at), "{kind:?}: {url}");
                // Neither a query nor a fragment, nor a user, nor a port.
                let plain = rest.replace("{tenant}", "");
                let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/.-_".contains(&byte);
                assert!(plain.bytes().all(is_plain), "{kind:?}: {url}");
            }
        }
        assert_eq!(without_a_row, []);
    }

    /// A user is the same one there, whether Kratos asks or an application.
    #[test]
    fn kratos_and_applications_meet_at_the_same_provider() {
        for kind in Kind::ALL {
            let Some(known) = known(*kind) else { continue };
            let of_kratos = facts(*kind).endpoints;
            if let Some(issuer) = of_kratos.issuer {
                assert_eq!(known.issuer, issuer, "{kind:?}");
            }
            if let Some(fixed) = of_kratos.fixed {
                let own = (known.authorization_endpoint, known.token_endpoint);
                // Kratos uses Slack's older OAuth, which has no ID tokens.
                assert_eq!(own == fixed, *kind != Kind::Slack, "{kind:?}");
            }
            if let Some(generic) = facts(*kind).issuer {
                assert_eq!(known.issuer, generic, "{kind:?}");
            }
        }
    }

    #[test]
    fn every_known_provider_redeems_codes_for_clients_with_a_secret() {
        for kind in Kind::ALL {
            let Some(known) = known(*kind) else { continue };
            let has_codes = |all: &[GrantType]| all.contains(&GrantType::AuthorizationCode);
            assert!(known.grant_types.is_none_or(has_codes), "{kind:?}");
            let has_form = |all: &[AuthMethod]| all.contains(&AuthMethod::ClientSecretPost);
            assert!(known.auth_methods.is_none_or(has_form), "{kind:?}");
        }
    }
}
