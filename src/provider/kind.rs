//! The kinds of identity provider, and all that is known of each: one table.

/// The shape of a provider's credentials: which options a kind needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// An issuer and a client secret.
    Generic,
    /// A client secret; Kratos knows the endpoints.
    Social,
    /// A client secret and a tenant.
    Microsoft,
    /// A private key instead of a client secret.
    Apple,
}

impl Shape {
    /// The options that hold the credentials, all of which are needed.
    #[must_use]
    pub fn options(self) -> &'static [&'static str] {
        match self {
            Self::Generic => &["client_secret", "issuer_url"],
            Self::Social => &["client_secret"],
            Self::Microsoft => &["client_secret", "microsoft_tenant_id"],
            Self::Apple => &["apple_team_id", "apple_private_key_id", "apple_private_key"],
        }
    }

    /// The one of them that holds a secret.
    #[must_use]
    pub fn secret_option(self) -> &'static str {
        match self {
            Self::Generic | Self::Social | Self::Microsoft => "client_secret",
            Self::Apple => "apple_private_key",
        }
    }
}

/// What is known of one kind: a row of the table.
struct Facts {
    /// The word on the wire, and in the option `provider`.
    word: &'static str,
    /// Another word for it in the option `provider`.
    alias: Option<&'static str>,
    /// What people try who do not know its word: letters in lower case.
    misnomers: &'static [&'static str],
    /// Which credentials it needs.
    shape: Shape,
    /// What is asked for if no scope is configured.
    default_scope: &'static str,
    /// What is known of its scopes.
    scope: ScopeFacts,
    /// Whether Kratos or its charm refuses it.
    refused: bool,
    /// The issuer with which it can be had as a generic provider.
    issuer: Option<&'static str>,
    /// Why no login works, as seen at the real Kratos.
    broken: Option<&'static str>,
    /// Whether Kratos never says of it that an email is verified.
    never_verified: bool,
}

/// What is known of the scopes of a kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ScopeFacts {
    /// `openid` has to be among them, and Kratos does not add it by itself.
    pub needs_openid: bool,
    /// Scopes that other providers have, and this one refuses.
    pub refused: &'static [&'static str],
    /// Whether it refuses them for certain, so that the login fails; else it may only not
    /// know them.
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

    /// Refuses some, so that the login fails.
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

impl Facts {
    /// A kind with `BaseProvider.scope` of the Python library as its scope.
    const fn new(word: &'static str, shape: Shape) -> Self {
        Self {
            word,
            alias: None,
            misnomers: &[],
            shape,
            default_scope: "profile email address phone",
            scope: ScopeFacts::NONE,
            refused: false,
            issuer: None,
            broken: None,
            never_verified: false,
        }
    }
}

/// Makes the enum and everything that goes through all of it from one table, so
/// that a kind without facts does not compile.
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident => $facts:expr,)*) => {
        /// A kind of identity provider that the interface has a word for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Kind {
            $($(#[$doc])* $kind,)*
        }

        impl Kind {
            /// Every kind, in the order in which the interface text names them.
            pub const ALL: &[Self] = &[$(Self::$kind,)*];

            const fn facts(self) -> &'static Facts {
                match self {
                    $(Self::$kind => const { &$facts },)*
                }
            }
        }
    };
}

// The shapes are those of the Python library's provider classes.
kinds! {
    /// Any OpenID Connect provider.
    Generic => Facts {
        // OpenID Connect itself, and products that speak it.
        misnomers: &[
            "adfs", "asgardeo", "authelia", "authentik", "casdoor", "cognito", "custom", "dex",
            "forgejo", "fusionauth", "gafaelfawr", "gitea", "hydra", "identityserver", "jumpcloud",
            "kanidm", "keycloak", "logto", "oauth", "oidc", "okta", "onelogin", "openid",
            "openidconnect", "ping", "pingfederate", "pingidentity", "pingone", "pocketid",
            "redhatsso", "rhsso", "shibboleth", "zitadel",
        ],
        ..Facts::new("generic", Shape::Generic)
    },
    /// Google.
    Google => Facts {
        misnomers: &["gmail", "googleworkspace", "gsuite"],
        scope: ScopeFacts {
            is_certain: false,
            ..ScopeFacts::refuses(&["address", "phone"], "openid profile email")
        },
        ..Facts::new("google", Shape::Social)
    },
    /// Facebook.
    Facebook => Facts {
        misnomers: &["fb", "meta"],
        // It tells developers of "Invalid Scopes", and drops them for everybody else.
        scope: ScopeFacts {
            is_certain: false,
            ..ScopeFacts::refuses(&["profile", "address", "phone"], "email public_profile")
        },
        ..Facts::new("facebook", Shape::Social)
    },
    /// Microsoft's Entra ID.
    Microsoft => Facts {
        misnomers: &[
            "aad", "azure", "azureactivedirectory", "azuread", "entra", "entraid", "microsoftentra",
            "microsoftentraid",
        ],
        ..Facts::new("microsoft", Shape::Microsoft)
    },
    /// GitHub. Its scope is `GithubProvider.scope` of the Python library.
    Github => Facts {
        default_scope: "user:email",
        // Kratos fails the login if a scope is not granted.
        scope: ScopeFacts::refuses(OF_OPENID, "user:email"),
        ..Facts::new("github", Shape::Social)
    },
    /// Sign in with Apple.
    Apple => Facts {
        misnomers: &["appleid", "signinwithapple"],
        scope: ScopeFacts::refuses(&["profile", "address", "phone"], "name email"),
        ..Facts::new("apple", Shape::Apple)
    },
    /// gitlab.com.
    Gitlab => Facts {
        // `ProviderGitLab` takes the issuer from GitLab's userinfo, which has none, or
        // from an option that the libraries drop: `issuer not set in claims`.
        broken: Some("no login works with gitlab: Kratos finds no issuer in what GitLab says"),
        issuer: Some("https://gitlab.com"),
        scope: ScopeFacts { needs_openid: true, ..ScopeFacts::NONE },
        ..Facts::new("gitlab", Shape::Social)
    },
    /// Auth0.
    Auth0 => Facts {
        scope: ScopeFacts { needs_openid: true, ..ScopeFacts::NONE },
        ..Facts::new("auth0", Shape::Generic)
    },
    /// Slack.
    Slack => Facts {
        // Kratos uses Slack's older OAuth.
        scope: ScopeFacts::refuses(OF_OPENID, "identity.basic identity.email"),
        ..Facts::new("slack", Shape::Social)
    },
    /// Spotify.
    Spotify => Facts {
        scope: ScopeFacts::refuses(OF_OPENID, "user-read-email user-read-private"),
        never_verified: true,
        ..Facts::new("spotify", Shape::Social)
    },
    /// Discord.
    Discord => Facts {
        scope: ScopeFacts::refuses(&["profile", "address", "phone"], "identify email"),
        ..Facts::new("discord", Shape::Social)
    },
    /// Twitch.
    Twitch => Facts {
        refused: true,
        issuer: Some("https://id.twitch.tv/oauth2"),
        ..Facts::new("twitch", Shape::Social)
    },
    /// netID.
    Netid => Facts::new("netid", Shape::Social),
    /// What the libraries call Yandex, by a slip of the pen.
    Yander => Facts {
        refused: true,
        ..Facts::new("yander", Shape::Social)
    },
    /// Yandex, as the interface text has it and neither library does.
    Yandex => Facts {
        refused: true,
        ..Facts::new("yandex", Shape::Social)
    },
    /// VK, which the interface text also calls `vkontakte`.
    Vk => Facts {
        alias: Some("vkontakte"),
        never_verified: true,
        ..Facts::new("vk", Shape::Social)
    },
    /// DingTalk.
    Dingtalk => Facts {
        // `ProviderDingTalk` has its exchange of the code under a name that Kratos no
        // longer calls: the request goes out as a form, and DingTalk wants JSON.
        broken: Some("no login works with dingtalk: Kratos asks for its token in the wrong form"),
        scope: ScopeFacts::refuses(&["profile", "email", "address", "phone"], "openid"),
        never_verified: true,
        ..Facts::new("dingtalk", Shape::Social)
    },
}

/// What a kind that only Kratos knows can be had as through this interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Instead {
    /// A generic provider with this issuer, since it has discovery.
    Issuer(&'static str),
    /// Another kind, after what the instruction says.
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
        Instead::Kind("register an OAuth app in place of the GitHub App", "github"),
    ),
    ("jackson", Instead::Nothing),
    ("lark", Instead::Nothing),
    // There is discovery; but unless it is asked otherwise, as `ProviderLineV21` does and
    // generic does not, LINE signs with HS256, which Kratos does not take.
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

/// What a kind that Kratos knows by `word`, and the interface does not, can be had as.
#[must_use]
pub(super) fn of_kratos_only(word: &str) -> Option<Instead> {
    let mut known = OF_KRATOS_ONLY.iter();
    known
        .find(|(known, _)| *known == word)
        .map(|(_, instead)| *instead)
}

impl Kind {
    /// The kind that `word` names in the option `provider`. Case matters, as it
    /// does to the Python library.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|kind| kind.words().any(|known| known == word))
    }

    /// The kind that somebody means by `word`, which is not its word.
    #[must_use]
    pub fn from_misnomer(word: &str) -> Option<Self> {
        let letters = word.chars().filter(char::is_ascii_alphabetic);
        let word = letters.collect::<String>().to_ascii_lowercase();
        let mut kinds = Self::ALL.iter().copied();
        kinds.find(|kind| kind.facts().misnomers.contains(&word.as_str()))
    }

    /// The words for it in the option `provider`; the first is the one on the
    /// wire.
    pub fn words(self) -> impl Iterator<Item = &'static str> {
        let Facts { word, alias, .. } = self.facts();
        std::iter::once(*word).chain(*alias)
    }

    /// The word on the wire.
    #[must_use]
    pub fn word(self) -> &'static str {
        self.facts().word
    }

    /// Which credentials it needs.
    #[must_use]
    pub fn shape(self) -> Shape {
        self.facts().shape
    }

    /// What is known of its scopes.
    #[must_use]
    pub fn scope_facts(self) -> ScopeFacts {
        self.facts().scope
    }

    /// Whether it breaks Kratos' configuration: it is not in the schema of that, or in
    /// the library that Kratos charms carry.
    #[must_use]
    pub fn is_refused(self) -> bool {
        self.facts().refused
    }

    /// The issuer with which it can be had as a generic provider, for a kind that is
    /// better had so.
    #[must_use]
    pub fn issuer(self) -> Option<&'static str> {
        self.facts().issuer
    }

    /// Why no login works with it, if none does.
    #[must_use]
    pub fn broken(self) -> Option<&'static str> {
        self.facts().broken
    }

    /// Whether Kratos never says of its users that their email is verified.
    #[must_use]
    pub fn is_never_verified(self) -> bool {
        self.facts().never_verified
    }

    /// The scopes that are asked for if none are configured.
    #[must_use]
    pub fn default_scope(self) -> &'static str {
        self.facts().default_scope
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_names_one_kind() {
        for &kind in Kind::ALL {
            for word in kind.words() {
                assert_eq!(Kind::from_word(word), Some(kind), "{word}");
            }
        }
        assert_eq!(Kind::from_word("vkontakte"), Some(Kind::Vk));
    }

    #[test]
    fn what_a_word_stands_for_is_told_once() {
        for (word, _) in OF_KRATOS_ONLY {
            assert_eq!(Kind::from_word(word), None, "{word}");
            assert_eq!(Kind::from_misnomer(word), None, "{word}");
        }
        let misnomers = Kind::ALL.iter().flat_map(|kind| kind.facts().misnomers);
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
    fn words_are_exact() {
        for word in ["Google", "go0gle", "", " google"] {
            assert_eq!(Kind::from_word(word), None, "{word:?}");
        }
    }
}
