//! Where applications find the OpenID providers of the kinds.
//!
//! We fetched none of the documents that are named here: their texts are from copies in public
//! repositories and archives, read in 2026-11.

use oauth::{AuthMethod, GrantType};

/// Whether an application can log its users in at a kind itself, with OpenID Connect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenId {
    /// It cannot: the kind has no OpenID provider for such clients.
    Unavailable,
    /// Where the options of the charm say.
    Configured,
    /// At endpoints that are always the same.
    Known(KnownOpenId),
}

/// What an application needs to know. `{tenant}` stands for the tenant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownOpenId {
    /// The issuer.
    pub issuer: &'static str,
    /// Where users log in.
    pub authorization_endpoint: &'static str,
    /// Where codes are redeemed.
    pub token_endpoint: &'static str,
    /// Where the keys are.
    pub jwks_endpoint: &'static str,
    /// Where claims are asked for, if it has that.
    pub userinfo_endpoint: Option<&'static str>,
    /// Where tokens are looked up, if it has that.
    pub introspection_endpoint: Option<&'static str>,
    /// All grant types that may work: another one certainly does not. `None` if that is not known.
    pub grant_types: Option<&'static [GrantType]>,
    /// All ways to show the secret that may work: another one certainly does not. `None` if that
    /// is not known.
    pub auth_methods: Option<&'static [AuthMethod]>,
    /// The scopes for an application, where they are others than those that Kratos needs.
    pub scope: Option<&'static str>,
    /// Scopes that it certainly refuses, so that a login fails.
    pub refused_scopes: &'static [&'static str],
}

/// In a header, or in the form.
const BOTH: Option<&[AuthMethod]> =
    Some(&[AuthMethod::ClientSecretBasic, AuthMethod::ClientSecretPost]);

/// Every grant type of the interface.
const EVERY: Option<&[GrantType]> = Some(&[
    GrantType::AuthorizationCode,
    GrantType::RefreshToken,
    GrantType::ClientCredentials,
    GrantType::DeviceCode,
]);

/// <https://accounts.google.com/.well-known/openid-configuration>
pub(super) const GOOGLE: OpenId = OpenId::Known(KnownOpenId {
    issuer: "https://accounts.google.com",
    authorization_endpoint: "https://accounts.google.com/o/oauth2/v2/auth",
    token_endpoint: "https://oauth2.googleapis.com/token",
    jwks_endpoint: "https://www.googleapis.com/oauth2/v3/certs",
    userinfo_endpoint: Some("https://openidconnect.googleapis.com/v1/userinfo"),
    // Its `tokeninfo` is not one: RFC 7662 wants a POST with the client's credentials.
    introspection_endpoint: None,
    grant_types: Some(&[
        GrantType::AuthorizationCode,
        GrantType::RefreshToken,
        GrantType::DeviceCode,
    ]),
    auth_methods: BOTH,
    scope: None,
    // Applications get refresh tokens by another parameter, `access_type`.
    refused_scopes: &["offline_access"],
});

/// <https://login.microsoftonline.com/{tenant}/v2.0/.well-known/openid-configuration>, which has
/// no grant types: those are on the pages on flows of the Microsoft identity platform.
pub(super) const MICROSOFT: OpenId = OpenId::Known(KnownOpenId {
    issuer: "https://login.microsoftonline.com/{tenant}/v2.0",
    authorization_endpoint: "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/authorize",
    token_endpoint: "https://login.microsoftonline.com/{tenant}/oauth2/v2.0/token",
    jwks_endpoint: "https://login.microsoftonline.com/{tenant}/discovery/v2.0/keys",
    userinfo_endpoint: Some("https://graph.microsoft.com/oidc/userinfo"),
    introspection_endpoint: None,
    grant_types: EVERY,
    auth_methods: BOTH,
    scope: None,
    refused_scopes: &[],
});

/// <https://gitlab.com/.well-known/openid-configuration>. It calls the last grant type
/// `device_code`; GitLab's page "OAuth 2.0 identity provider API" describes that of RFC 8628.
pub(super) const GITLAB: OpenId = OpenId::Known(KnownOpenId {
    issuer: "https://gitlab.com",
    authorization_endpoint: "https://gitlab.com/oauth/authorize",
    token_endpoint: "https://gitlab.com/oauth/token",
    jwks_endpoint: "https://gitlab.com/oauth/discovery/keys",
    userinfo_endpoint: Some("https://gitlab.com/oauth/userinfo"),
    introspection_endpoint: Some("https://gitlab.com/oauth/introspect"),
    grant_types: EVERY,
    auth_methods: BOTH,
    scope: None,
    refused_scopes: &[],
});

/// <https://appleid.apple.com/.well-known/openid-configuration>. The grant types are on Apple's
/// page "Token validation" of the Sign in with Apple REST API.
pub(super) const APPLE: OpenId = OpenId::Known(KnownOpenId {
    issuer: "https://appleid.apple.com",
    authorization_endpoint: "https://appleid.apple.com/auth/authorize",
    token_endpoint: "https://appleid.apple.com/auth/token",
    jwks_endpoint: "https://appleid.apple.com/auth/keys",
    userinfo_endpoint: None,
    introspection_endpoint: None,
    grant_types: Some(&[GrantType::AuthorizationCode, GrantType::RefreshToken]),
    auth_methods: Some(&[AuthMethod::ClientSecretPost]),
    // Apple answers other scopes by a POST only, which few applications take.
    scope: Some("openid"),
    refused_scopes: &["profile", "address", "phone"],
});

/// <https://www.facebook.com/.well-known/openid-configuration>, which is for applications in a
/// browser: it has neither a token endpoint nor the response type `code`. Both are on Facebook's
/// page "OIDC Code Flow with PKCE for Manually Built Facebook Login Flows", where the token
/// endpoint answers with an ID token, which has the claims. So a client can use it that does not
/// read the document. The page says that this is still in testing.
///
/// `/me` of the Graph API is not a userinfo endpoint: it has no `sub`.
pub(super) const FACEBOOK: OpenId = OpenId::Known(KnownOpenId {
    issuer: "https://www.facebook.com",
    authorization_endpoint: "https://facebook.com/dialog/oauth/",
    // Without the version that the page has in it, as in Kratos.
    token_endpoint: "https://graph.facebook.com/oauth/access_token",
    jwks_endpoint: "https://www.facebook.com/.well-known/oauth/openid/jwks/",
    userinfo_endpoint: None,
    introspection_endpoint: None,
    grant_types: None,
    auth_methods: None,
    scope: Some("openid email"),
    refused_scopes: &[],
});

/// <https://slack.com/.well-known/openid-configuration>. The reference of the method
/// `openid.connect.token` has one more grant type, `refresh_token`.
pub(super) const SLACK: OpenId = OpenId::Known(KnownOpenId {
    issuer: "https://slack.com",
    authorization_endpoint: "https://slack.com/openid/connect/authorize",
    token_endpoint: "https://slack.com/api/openid.connect.token",
    jwks_endpoint: "https://slack.com/openid/connect/keys",
    userinfo_endpoint: Some("https://slack.com/api/openid.connect.userInfo"),
    introspection_endpoint: None,
    grant_types: Some(&[GrantType::AuthorizationCode, GrantType::RefreshToken]),
    auth_methods: BOTH,
    // Kratos uses Slack's older OAuth, which has other ones.
    scope: Some("openid profile email"),
    refused_scopes: &[],
});

/// <https://discord.com/.well-known/openid-configuration>; older copies have no userinfo endpoint.
/// The methods and three grant types are in
/// <https://discord.com/.well-known/oauth-authorization-server>, and the page "Account Linking on
/// Consoles" of its Social SDK has the fourth.
pub(super) const DISCORD: OpenId = OpenId::Known(KnownOpenId {
    issuer: "https://discord.com",
    authorization_endpoint: "https://discord.com/api/oauth2/authorize",
    token_endpoint: "https://discord.com/api/oauth2/token",
    jwks_endpoint: "https://discord.com/api/oauth2/keys",
    userinfo_endpoint: Some("https://discord.com/api/oauth2/userinfo"),
    introspection_endpoint: None,
    grant_types: EVERY,
    auth_methods: BOTH,
    scope: Some("openid identify email"),
    refused_scopes: &["profile", "address", "phone"],
});

/// <https://developerzone.netid.dev/sso/>, which names
/// <https://broker.netid.de/.well-known/openid-configuration>. We found no copy of that: the keys
/// are where a test of Kratos' `ProviderNetID` has them.
pub(super) const NETID: OpenId = OpenId::Known(KnownOpenId {
    issuer: "https://broker.netid.de/",
    authorization_endpoint: "https://broker.netid.de/authorize",
    token_endpoint: "https://broker.netid.de/token",
    jwks_endpoint: "https://broker.netid.de/.well-known/jwks.json",
    userinfo_endpoint: Some("https://broker.netid.de/userinfo"),
    introspection_endpoint: None,
    // "exclusively the Authorization Code Flow", and not a word on refreshing.
    grant_types: None,
    auth_methods: BOTH,
    scope: None,
    refused_scopes: &[],
});
