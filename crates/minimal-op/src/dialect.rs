//! How other providers differ from Gafaelfawr, where a client or a checker notices.

use std::fmt;
use std::str::FromStr;

use crate::answers::{
    self, Asked, IssuedTokens, auth0, by_method, entra, gafaelfawr, github, google, okta, slack,
};
use crate::redemption::Step;
use crate::reply::Reply;
use crate::token_error::TokenError;

/// Whose ways the provider has. `gafaelfawr` is the default; each other one differs from it in what
/// its row of the table says, and in nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dialect {
    /// Gafaelfawr itself.
    #[default]
    Gafaelfawr,
    /// GitHub: its status is 200, and its error in the body.
    Github,
    /// Auth0: `access_denied` where others say `invalid_client`.
    Auth0,
    /// Okta: an unknown client gets an error of another form.
    Okta,
    /// Microsoft Entra ID: the description has numbers.
    Entra,
    /// Google: it tells an unknown client from a wrong secret.
    Google,
    /// Slack, by its older way to log in: `ok` is false.
    Slack,
    /// An issuer that ends with a slash.
    IssuerWithSlash,
    /// An issuer that ends without one.
    IssuerWithoutSlash,
    /// ID tokens that say little; the userinfo endpoint says the rest.
    ThinTokens,
    /// Proof Key for Code Exchange is needed (RFC 7636).
    PkceRequired,
    /// oidc-provider-mock: Basic and form are answered differently.
    AnswersByMethod,
    /// panva's oidc-provider: `prompt=none` tells whether client and return URI are known.
    PromptNone,
    /// oauth2-mock-server: tokens for anything.
    Anyone,
    /// A made-up code hides a wrong secret.
    CodeFirst,
}

/// Whether the issuer ends with a slash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slash {
    /// As configured, but a bare host gets one: what pydantic makes of it at Gafaelfawr.
    AsConfigured,
    /// Whatever is configured, it does.
    Always,
    /// Whatever is configured, it does not.
    Never,
}

/// A way that is all or nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quirk {
    /// There is no discovery document, and no key set.
    NoDiscovery,
    /// Client and return URI are looked at before the session, and `prompt=none` is known.
    ChecksBeforeLogin,
    /// A login request needs a challenge with S256, and a redemption its verifier (RFC 7636).
    NeedsPkce,
    /// ID tokens have only the claims that OpenID Connect Core, 2 requires.
    ThinTokens,
    /// Any code is as good as one that was issued.
    ServesAnyone,
}

/// One row of the table.
pub(crate) struct Row {
    dialect: Dialect,
    name: &'static str,
    about: &'static str,
    /// What the token endpoint checks, in this order.
    pub(crate) steps: &'static [Step],
    pub(crate) slash: Slash,
    pub(crate) quirks: &'static [Quirk],
    /// The answer to a request that fails a step.
    pub(crate) refuse: fn(&TokenError, Asked) -> Reply,
    /// The answer to one that passes all.
    pub(crate) grant: fn(&IssuedTokens, Asked) -> Reply,
    /// Paths of the login and token endpoints beside Gafaelfawr's, for clients that have them
    /// fixed.
    pub(crate) paths: Option<(&'static str, &'static str)>,
}

use Step::{
    Client, Code, CodeForm, CodeKnown, GrantType, Method, Parameters, ReturnUri, Secret,
    SecretGiven,
};

const GAFAELFAWR: Row = Row {
    dialect: Dialect::Gafaelfawr,
    name: "gafaelfawr",
    about: "400 for all errors; the form of the code is checked before the client",
    steps: &[
        Parameters,
        GrantType,
        CodeForm,
        SecretGiven,
        Client,
        Secret,
        ReturnUri,
        Code,
    ],
    slash: Slash::AsConfigured,
    quirks: &[],
    refuse: gafaelfawr,
    grant: answers::tokens,
    paths: None,
};

/// The client before the code, which is what RFC 6749, 5.2 amounts to.
const CLIENT_FIRST: &[Step] = &[Parameters, Client, Secret, GrantType, ReturnUri, Code];

const TABLE: &[Row] = &[
    GAFAELFAWR,
    Row {
        dialect: Dialect::Github,
        name: "github",
        about: "200 with incorrect_client_credentials or bad_verification_code, 404 for an unknown \
                client; a form unless JSON is accepted; no discovery, no ID token",
        steps: &[Client, Secret, CodeKnown, ReturnUri, Code],
        quirks: &[Quirk::NoDiscovery],
        refuse: github,
        grant: answers::github_tokens,
        paths: Some(("/login/oauth/authorize", "/login/oauth/access_token")),
        ..GAFAELFAWR
    },
    Row {
        dialect: Dialect::Auth0,
        name: "auth0",
        about: "401 access_denied for the client, 403 invalid_grant for the code; the issuer ends \
                with a slash",
        steps: CLIENT_FIRST,
        slash: Slash::Always,
        refuse: auth0,
        ..GAFAELFAWR
    },
    Row {
        dialect: Dialect::Okta,
        name: "okta",
        about: "an unknown client gets errorCode and errorSummary, a wrong secret error",
        steps: CLIENT_FIRST,
        slash: Slash::Never,
        refuse: okta,
        ..GAFAELFAWR
    },
    Row {
        dialect: Dialect::Entra,
        name: "entra",
        about: "AADSTS codes in error_description; unauthorized_client for an unknown client",
        steps: CLIENT_FIRST,
        slash: Slash::Never,
        refuse: entra,
        ..GAFAELFAWR
    },
    Row {
        dialect: Dialect::Google,
        name: "google",
        about: "401 invalid_client that tells which, 400 invalid_grant \"Malformed auth code.\"",
        steps: CLIENT_FIRST,
        slash: Slash::Never,
        refuse: google,
        ..GAFAELFAWR
    },
    Row {
        dialect: Dialect::Slack,
        name: "slack",
        about: "200 with ok false, and invalid_client_id, bad_client_secret, bad_redirect_uri or \
                invalid_code",
        steps: &[Client, Secret, ReturnUri, Code],
        refuse: slack,
        grant: answers::slack_tokens,
        paths: Some(("/oauth/authorize", "/api/oauth.access")),
        ..GAFAELFAWR
    },
    Row {
        dialect: Dialect::IssuerWithSlash,
        name: "issuer-with-slash",
        about: "the issuer ends with a slash, whatever is configured",
        slash: Slash::Always,
        ..GAFAELFAWR
    },
    Row {
        dialect: Dialect::IssuerWithoutSlash,
        name: "issuer-without-slash",
        about: "the issuer ends without a slash, whatever is configured",
        slash: Slash::Never,
        ..GAFAELFAWR
    },
    Row {
        dialect: Dialect::ThinTokens,
        name: "thin-tokens",
        about: "ID tokens have the required claims only; the userinfo endpoint has the rest",
        quirks: &[Quirk::ThinTokens],
        ..GAFAELFAWR
    },
    Row {
        dialect: Dialect::PkceRequired,
        name: "pkce-required",
        about: "a login request needs a code_challenge with S256, and the code its verifier",
        quirks: &[Quirk::NeedsPkce],
        ..GAFAELFAWR
    },
    Row {
        dialect: Dialect::AnswersByMethod,
        name: "answers-by-method",
        about: "an unknown client gets 401 by Basic and 400 by form; only the registered way to \
                authenticate works; the grant type is checked first",
        steps: &[GrantType, Client, Method, Secret, Code],
        refuse: by_method,
        ..GAFAELFAWR
    },
    Row {
        dialect: Dialect::PromptNone,
        name: "prompt-none",
        about: "client and return URI are checked before the login, by a page with 400; then \
                prompt=none leads back with login_required",
        quirks: &[Quirk::ChecksBeforeLogin],
        ..GAFAELFAWR
    },
    Row {
        dialect: Dialect::Anyone,
        name: "anyone",
        about: "tokens for any code, client and secret: of the first user, if nobody logged in for \
                the code",
        steps: &[],
        quirks: &[Quirk::ServesAnyone],
        ..GAFAELFAWR
    },
    Row {
        dialect: Dialect::CodeFirst,
        name: "code-first",
        about: "the code is checked before the client: a made-up one is invalid_grant whatever the \
                secret",
        steps: &[
            Parameters, GrantType, CodeKnown, Client, Secret, ReturnUri, Code,
        ],
        ..GAFAELFAWR
    },
];

impl Dialect {
    /// All dialects, in the order of the table.
    pub fn all() -> impl Iterator<Item = Self> {
        TABLE.iter().map(|row| row.dialect)
    }

    /// Its name, as the command line has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// How it differs from Gafaelfawr's, in a sentence.
    #[must_use]
    pub fn about(self) -> &'static str {
        self.row().about
    }

    pub(crate) fn row(self) -> &'static Row {
        let mut rows = TABLE.iter();
        rows.find(|row| row.dialect == self).unwrap_or(&GAFAELFAWR)
    }

    pub(crate) fn has(self, quirk: Quirk) -> bool {
        self.row().quirks.contains(&quirk)
    }

    /// The issuer as this dialect writes it.
    pub(crate) fn issuer(self, configured: &str) -> String {
        let bare = configured.trim_end_matches('/');
        let host = bare.split_once("://").map_or(bare, |(_, host)| host);
        let is_wanted = match self.row().slash {
            Slash::AsConfigured => configured.ends_with('/') || !host.contains('/'),
            Slash::Always => true,
            Slash::Never => false,
        };
        format!("{bare}{}", if is_wanted { "/" } else { "" })
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// There is no dialect of this name.
#[derive(Debug, thiserror::Error)]
#[error("there is no dialect {0:?}")]
pub struct UnknownDialect(String);

impl FromStr for Dialect {
    type Err = UnknownDialect;

    fn from_str(name: &str) -> Result<Self, UnknownDialect> {
        let found = Self::all().find(|dialect| dialect.name() == name);
        found.ok_or_else(|| UnknownDialect(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_host_gets_a_slash_unless_the_dialect_has_none() {
        struct Case {
            configured: &'static str,
            dialect: Dialect,
            issuer: &'static str,
        }
        let cases = [
            Case {
                configured: "https://op.example.com",
                dialect: Dialect::Gafaelfawr,
                issuer: "https://op.example.com/",
            },
            Case {
                configured: "https://op.example.com/tenant",
                dialect: Dialect::Gafaelfawr,
                issuer: "https://op.example.com/tenant",
            },
            Case {
                configured: "https://op.example.com/tenant/",
                dialect: Dialect::Gafaelfawr,
                issuer: "https://op.example.com/tenant/",
            },
            Case {
                configured: "https://op.example.com/tenant",
                dialect: Dialect::IssuerWithSlash,
                issuer: "https://op.example.com/tenant/",
            },
            Case {
                configured: "https://op.example.com/tenant/",
                dialect: Dialect::IssuerWithoutSlash,
                issuer: "https://op.example.com/tenant",
            },
            Case {
                configured: "https://op.example.com",
                dialect: Dialect::Auth0,
                issuer: "https://op.example.com/",
            },
        ];
        for case in cases {
            let issuer = case.dialect.issuer(case.configured);
            assert_eq!(issuer, case.issuer, "{} {}", case.dialect, case.configured);
        }
    }

    /// `row` falls back to Gafaelfawr's, which no dialect but that may need.
    #[test]
    fn each_dialect_has_a_row_and_a_name_of_its_own() {
        for dialect in Dialect::all() {
            assert_eq!(dialect.row().dialect, dialect);
            assert_eq!(dialect.name().parse::<Dialect>().unwrap(), dialect);
        }
        assert_eq!(TABLE.len(), Dialect::CodeFirst as usize + 1);
    }
}
