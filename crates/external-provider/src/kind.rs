//! The kinds of identity provider that the interface has words for: one table.

use serde::{Serialize, Serializer};

/// The shape of a provider: which options its kind needs. One for each provider class of the
/// Python library, and for each variant of [`crate::Provider`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// An issuer and a client secret.
    Generic,
    /// A client secret; Kratos knows the endpoints.
    Social,
    /// A client secret, with scopes of its own.
    Github,
    /// A client secret and a tenant.
    Microsoft,
    /// A private key instead of a client secret.
    Apple,
}

impl Shape {
    /// The options that a provider of this shape needs besides `client_id`.
    #[must_use]
    pub fn options(self) -> &'static [&'static str] {
        match self {
            Self::Generic => &["client_secret", "issuer_url"],
            Self::Social | Self::Github => &["client_secret"],
            Self::Microsoft => &["client_secret", "microsoft_tenant_id"],
            Self::Apple => &["apple_team_id", "apple_private_key_id", "apple_private_key"],
        }
    }

    /// Whether a provider of any shape needs `option` besides `client_id`.
    #[must_use]
    pub fn any_needs(option: &str) -> bool {
        let mut kinds = Kind::ALL.iter();
        kinds.any(|kind| kind.shape().options().contains(&option))
    }

    /// The one of them that holds a secret.
    #[must_use]
    pub fn secret_option(self) -> &'static str {
        match self {
            Self::Apple => "apple_private_key",
            Self::Generic | Self::Social | Self::Github | Self::Microsoft => "client_secret",
        }
    }

    /// The scopes to request if none are configured: `BaseProvider.scope` and
    /// `GithubProvider.scope` of the Python library.
    #[must_use]
    pub fn default_scope(self) -> &'static str {
        match self {
            Self::Github => "user:email",
            Self::Generic | Self::Social | Self::Microsoft | Self::Apple => {
                "profile email address phone"
            }
        }
    }
}

/// Makes the enum, and everything that covers all its members, from one table.
macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident: $shape:ident = $word:literal $(or $alias:literal)?,)*) => {
        /// A kind of identity provider that the interface has a word for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Kind {
            $($(#[$doc])* $kind,)*
        }

        impl Kind {
            /// Every kind, in the order in which the interface text names them.
            pub const ALL: &[Self] = &[$(Self::$kind,)*];

            /// The words for it in the option `provider`; the first is the one on the wire.
            #[must_use]
            pub fn words(self) -> &'static [&'static str] {
                match self {
                    $(Self::$kind => &[$word $(, $alias)?],)*
                }
            }

            /// Which options it needs.
            #[must_use]
            pub fn shape(self) -> Shape {
                match self {
                    $(Self::$kind => Shape::$shape,)*
                }
            }
        }
    };
}

// The shapes are those of the Python library's provider classes.
kinds! {
    /// Any OpenID Connect provider.
    Generic: Generic = "generic",
    /// Google.
    Google: Social = "google",
    /// Facebook.
    Facebook: Social = "facebook",
    /// Microsoft's Entra ID.
    Microsoft: Microsoft = "microsoft",
    /// GitHub.
    Github: Github = "github",
    /// Sign in with Apple.
    Apple: Apple = "apple",
    /// gitlab.com.
    Gitlab: Social = "gitlab",
    /// Auth0.
    Auth0: Generic = "auth0",
    /// Slack.
    Slack: Social = "slack",
    /// Spotify.
    Spotify: Social = "spotify",
    /// Discord.
    Discord: Social = "discord",
    /// Twitch.
    Twitch: Social = "twitch",
    /// netID.
    Netid: Social = "netid",
    /// What the libraries call Yandex, by mistake.
    Yander: Social = "yander",
    /// Yandex: the interface text has this word, but neither library does.
    Yandex: Social = "yandex",
    /// VK, which the interface text also calls `vkontakte`.
    Vk: Social = "vk" or "vkontakte",
    /// DingTalk.
    Dingtalk: Social = "dingtalk",
}

impl Kind {
    /// The kind that `word` stands for in the option `provider`. Case matters, as in the Python
    /// library.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        let mut kinds = Self::ALL.iter().copied();
        kinds.find(|kind| kind.words().contains(&word))
    }

    /// The word on the wire.
    #[must_use]
    pub fn word(self) -> &'static str {
        self.words()[0]
    }
}

impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
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
    fn words_are_exact() {
        for word in ["Google", "go0gle", "", " google"] {
            assert_eq!(Kind::from_word(word), None, "{word:?}");
        }
    }
}
