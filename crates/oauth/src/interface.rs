//! The names of the interface.

/// The name of the interface in `metadata.yaml` of both charms.
pub const INTERFACE: &str = "oauth";

/// The endpoint's usual name on both sides. Any other works.
pub const ENDPOINT: &str = "oauth";

/// The one key of the Juju secret that holds the client secret: a requirer that finds another goes
/// into error.
pub const SECRET_KEY: &str = "secret";

// The keys of the provider.
pub(crate) const ISSUER_URL: &str = "issuer_url";
pub(crate) const AUTHORIZATION_ENDPOINT: &str = "authorization_endpoint";
pub(crate) const TOKEN_ENDPOINT: &str = "token_endpoint";
pub(crate) const INTROSPECTION_ENDPOINT: &str = "introspection_endpoint";
pub(crate) const USERINFO_ENDPOINT: &str = "userinfo_endpoint";
pub(crate) const JWKS_ENDPOINT: &str = "jwks_endpoint";
pub(crate) const GROUPS: &str = "groups";
pub(crate) const CA_CHAIN: &str = "ca_chain";
pub(crate) const JWT_ACCESS_TOKEN: &str = "jwt_access_token";
pub(crate) const CLIENT_SECRET_ID: &str = "client_secret_id";

// The provider's own notes, on keys that no requirer knows, and so ignores.
/// The secret that it will remove in a later hook.
pub(crate) const RETIRED_SECRET_ID: &str = "retired_client_secret_id";
/// The requirer's application, so that Juju need not be asked again.
pub(crate) const REQUIRER: &str = "requirer";

// The keys of both.
pub(crate) const SCOPE: &str = "scope";
pub(crate) const CLIENT_ID: &str = "client_id";

// The keys of the requirer.
pub(crate) const REDIRECT_URI: &str = "redirect_uri";
pub(crate) const GRANT_TYPES: &str = "grant_types";
pub(crate) const AUDIENCE: &str = "audience";
pub(crate) const AUTH_METHOD: &str = "token_endpoint_auth_method";

/// The name under which errors speak of the client secret, which is no key.
pub(crate) const CLIENT_SECRET: &str = "client_secret";
