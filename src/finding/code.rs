//! The kinds of finding: one table.

use serde::{Serialize, Serializer};

use super::severity::Severity;

/// The options that a finding can be about, if there are more of them than a row should name.
const ANY: [&str; 0] = [];
const SECRETS: [&str; 2] = ["client_secret", "apple_private_key"];
const ENDPOINTS: [&str; 5] = [
    "authorization_endpoint",
    "token_endpoint",
    "userinfo_endpoint",
    "introspection_endpoint",
    "jwks_endpoint",
];

/// Makes the enum and its methods from one table, so a code without a meaning, a word, a severity, a
/// brief text or options does not compile.
macro_rules! codes {
    ($(
        #[doc = $meaning:literal]
        $code:ident => $severity:ident, $word:literal, $brief:literal, $options:expr;
    )*) => {
        /// What is wrong, as a stable name. Programs rely on its word: texts may change, words do
        /// not.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $meaning] $code,)*
        }

        impl Code {
            /// Every code, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$code,)*];

            /// Its word, in JSON and in `docs/findings.md`.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self {
                    $(Self::$code => $word,)*
                }
            }

            /// How much it matters.
            #[must_use]
            pub const fn severity(self) -> Severity {
                match self {
                    $(Self::$code => Severity::$severity,)*
                }
            }

            /// What is wrong, in few enough words for a status.
            #[must_use]
            pub const fn brief(self) -> &'static str {
                match self {
                    $(Self::$code => $brief,)*
                }
            }

            /// What is wrong, in a sentence. Only `docs/findings.md` has it, so it is not in the
            /// charm that is packed.
            #[must_use]
            pub const fn meaning(self) -> &'static str {
                match self {
                    $(Self::$code => $meaning.trim_ascii(),)*
                }
            }

            /// The options that it can be about; none if it can be about any. For the same page.
            #[must_use]
            pub const fn options(self) -> &'static [&'static str] {
                match self {
                    $(Self::$code => &$options,)*
                }
            }
        }
    };
}

// An error is something that the Python charm refuses too, that would break more than this
// provider's own login, or that would not handle a secret as the administrator asked.
// A warning is certain to make a login fail: we saw it with a real Kratos, or its code says so.
// Everything else is a note: a false alarm about something that works is as bad as silence.
codes! {
    /// An option that the kind needs has no value.
    NotSet => Error, "not-set", "not set", ANY;
    /// The word in `provider` is not a kind.
    KindUnknown => Error, "kind-unknown", "not a known kind", ["provider"];
    /// The word in `provider` is not the name of a kind, but it is clear which kind is meant.
    KindMisspelt => Error, "kind-misspelt", "not Kratos' name for this kind", ["provider"];
    /// Kratos knows the kind, but the interface of its charm does not.
    KindNotInInterface => Error, "kind-not-in-interface", "not supported by the interface", ["provider"];
    /// The kind breaks Kratos' configuration or its charm.
    KindRefused => Error, "kind-refused", "Kratos rejects this kind", ["provider"];
    /// No login works with this kind.
    KindBroken => Warning, "kind-broken", "logins fail with this kind", ["provider"];
    /// The issuer is not an absolute URI, so Kratos does not start.
    IssuerNotAUri => Error, "issuer-not-a-uri", "not an absolute URI", ["issuer_url"];
    /// The issuer is a URI, but not a web address.
    IssuerNotAUrl => Warning, "issuer-not-a-url", "not a valid http(s) URL", ["issuer_url"];
    /// The issuer is the URL of the discovery document.
    IssuerIsDiscovery => Warning, "issuer-is-discovery", "this is the discovery document", ["issuer_url"];
    /// The issuer has a query or a fragment.
    IssuerWithQuery => Warning, "issuer-with-query", "has a query or a fragment", ["issuer_url"];
    /// The issuer is that of Entra ID for all tenants, which does not work with `generic`.
    IssuerOfAllTenants => Warning, "issuer-of-all-tenants", "needs a single-tenant issuer", ["issuer_url"];
    /// The host is that of a well-known provider, but the issuer is wrong.
    IssuerMistaken => Warning, "issuer-mistaken", "not the provider's issuer", ["issuer_url"];
    /// The issuer belongs to an older version of the provider's endpoints.
    IssuerOutdated => Note, "issuer-outdated", "issuer of an older version", ["issuer_url"];
    /// The issuer belongs to another cloud than the kind.
    IssuerOfAnotherCloud => Warning, "issuer-of-another-cloud", "issuer of another cloud", ["issuer_url"];
    /// The host has no OpenID discovery for users.
    IssuerWithoutDiscovery => Warning, "issuer-without-discovery", "host has no OpenID discovery", ["issuer_url"];
    /// The provider works better with a kind of its own than with `generic`.
    IssuerHasAKind => Note, "issuer-has-a-kind", "this provider has its own kind", ["issuer_url"];
    /// The client id and the client secret are swapped.
    CredentialsSwapped => Warning, "credentials-swapped", "id and secret are swapped", ["client_id", "client_secret"];
    /// The client secret is really a client id.
    SecretIsClientId => Warning, "secret-is-client-id", "a client id, not the secret", ["client_secret"];
    /// The client id cannot be one from this provider.
    ClientIdMalformed => Warning, "client-id-malformed", "not a client id", ["client_id"];
    /// Few providers would issue such a client id.
    ClientIdOdd => Note, "client-id-odd", "unusual client id", ["client_id"];
    /// The issuer uses plain http.
    IssuerWithoutTls => Note, "issuer-without-tls", "plain http is insecure", ["issuer_url"];
    /// Kratos' YAML would change the value, and `unsafe_values` refuses it, or it is a `scope`.
    UnsafeValue => Error, "unsafe-value", "Kratos would misread it", ANY;
    /// Kratos' YAML changes the value, and it is published as it is.
    UnsafeValuePublished => Warning, "unsafe-value-published", "Kratos misreads it", ANY;
    /// A YAML 1.1 reader misreads the value.
    OtherInYaml11 => Note, "other-in-yaml-1-1", "YAML 1.1 reads it differently", ANY;
    /// The value is already in quotes.
    AlreadyQuoted => Note, "already-quoted", "already in quotes", ANY;
    /// The value has leading or trailing white space.
    WhiteSpace => Note, "white-space", "leading or trailing space", ANY;
    /// The value contains a byte order mark.
    InvisibleCharacter => Note, "invisible-character", "has an invisible character", ANY;
    /// The scope has characters that a scope cannot have.
    ScopeMalformed => Error, "scope-malformed", "not a valid scope", ["scope"];
    /// The scope is only white space, and counts as unset.
    ScopeBlank => Note, "scope-blank", "only white space", ["scope"];
    /// The scopes are not separated by spaces.
    ScopesJoined => Warning, "scopes-joined", "separate scopes with spaces", ["scope"];
    /// The scopes may not be separated by spaces, or the provider may accept that.
    ScopesJoinedMaybe => Note, "scopes-joined-maybe", "separate scopes with spaces", ["scope"];
    /// `openid` is needed, and missing.
    ScopeLacksOpenid => Warning, "scope-lacks-openid", "openid is missing", ["scope"];
    /// The provider refuses some of the scopes.
    ScopeRefused => Warning, "scope-refused", "the provider refuses a scope", ["scope", "oauth"];
    /// The provider may not know some of the scopes.
    ScopeUnknown => Note, "scope-unknown", "possibly unknown scopes", ["scope"];
    /// The scope for the email address is missing.
    ScopeWithoutEmail => Note, "scope-without-email", "may give no email address", ["scope"];
    /// The provider does not accept such a redirect URI, or it is not a web URL.
    RedirectUriRefused => Note, "redirect-uri-refused", "the provider may refuse it", ["public-url", "oauth"];
    /// A user with an unverified phone number cannot log in.
    PhoneUnverified => Note, "phone-unverified", "unverified phone blocks login", ["scope", "jsonnet_mapper"];
    /// No user has an email address that Charmed Kratos' own mapper accepts.
    NoAddress => Warning, "no-address", "not set, so nobody can log in", ["jsonnet_mapper"];
    /// Okta sends no `email_verified`, unless a custom authorization server adds it.
    AddressUnverified => Note, "address-unverified", "not set, so maybe no email", ["jsonnet_mapper"];
    /// `unsafe_values` is none of `escape`, `block` and `verbatim`.
    UnsafeValuesUnknown => Error, "unsafe-values-unknown", "use escape, block or verbatim", ["unsafe_values"];
    /// `secret_backend` is neither `relation` nor `secret`.
    SecretBackendUnknown => Error, "secret-backend-unknown", "use relation or secret", ["secret_backend"];
    /// `secret_backend` is `vault`.
    SecretBackendVault => Error, "secret-backend-vault", "vault is not supported", ["secret_backend"];
    /// This Juju has no secrets.
    SecretBackendUnsupported => Error, "secret-backend-unsupported", "needs Juju 3.0 or newer", ["secret_backend"];
    /// The requirer does not announce that it reads secrets, and nothing is published that it can use.
    SecretBackendNotAnnounced => Error, "secret-backend-not-announced", "not supported by the requirer", ["secret_backend"];
    /// The requirer does not announce that it reads secrets, but what is published already is right.
    SecretBackendUnused => Note, "secret-backend-unused", "not supported by the requirer", ["secret_backend"];
    /// No released Kratos charm announces that it reads secrets.
    SecretBackendUnreleased => Note, "secret-backend-unreleased", "no released charm supports it", ["secret_backend"];
    /// The secret is too large for a Juju secret.
    SecretTooLarge => Error, "secret-too-large", "too large for a Juju secret", SECRETS;
    /// The user secret is not granted.
    SecretNotGranted => Error, "secret-not-granted", "not granted", SECRETS;
    /// The user secret does not exist.
    SecretNotFound => Error, "secret-not-found", "no such secret", SECRETS;
    /// The value in the user secret is empty.
    SecretEmpty => Error, "secret-empty", "the secret is empty", SECRETS;
    /// The value in the user secret is not text.
    SecretNotText => Error, "secret-not-text", "the secret is not text", SECRETS;
    /// The value in the user secret is the URI of a secret.
    SecretHoldsUri => Error, "secret-holds-uri", "the secret holds a URI", SECRETS;
    /// The user secret has several keys, but not the right one.
    SecretKeyUnclear => Error, "secret-key-unclear", "the secret lacks the right key", SECRETS;
    /// The user secret has no keys.
    SecretWithoutKeys => Error, "secret-without-keys", "the secret has no keys", SECRETS;
    /// This Juju has no user secrets.
    UserSecretsUnsupported => Error, "user-secrets-unsupported", "user secrets need Juju 3.3", SECRETS;
    /// The value looks like the URI of a user secret, but is not a valid one.
    SecretUriMalformed => Error, "secret-uri-malformed", "not a valid secret URI", SECRETS;
    /// The value may be the id of a user secret, without `secret:` before it.
    SecretLooksLikeId => Note, "secret-looks-like-id", "looks like a secret's id", SECRETS;
    /// The value looks like a placeholder.
    PlaceHolder => Note, "place-holder", "looks like a placeholder", ANY;
    /// The value is the id of an Entra ID secret, not the secret itself.
    SecretIdOfEntra => Warning, "secret-id-of-entra", "the secret's id, not its value", ["client_secret"];
    /// The tenant is really the client id.
    TenantIsClientId => Warning, "tenant-is-client-id", "this is the client id", ["microsoft_tenant_id"];
    /// The tenant belongs to Entra External ID, which has an issuer of its own.
    TenantOfExternalId => Warning, "tenant-of-external-id", "External ID needs generic", ["microsoft_tenant_id"];
    /// The value cannot be a tenant of Entra ID.
    TenantMalformed => Warning, "tenant-malformed", "not a valid tenant", ["microsoft_tenant_id"];
    /// The value does not look like an id from Apple.
    AppleIdMalformed => Warning, "apple-id-malformed", "not ten capitals or digits", ["apple_team_id", "apple_private_key_id"];
    /// Kratos cannot sign with this key.
    AppleKeyUnusable => Warning, "apple-key-unusable", "not a usable Apple key", ["apple_private_key"];
    /// A redirect URI with this id leads elsewhere.
    ProviderIdUnroutable => Warning, "provider-id-unroutable", "breaks the redirect URI", ["provider_id"];
    /// Kratos percent-encodes the id in the redirect URI.
    ProviderIdEncoded => Note, "provider-id-encoded", "encoded in the redirect URI", ["provider_id"];
    /// Two providers have the same id.
    ProviderIdRepeated => Error, "provider-id-repeated", "another provider has this id", ["provider_id"];
    /// The id of a provider changes, and its redirect URI with it.
    ProviderIdChanged => Note, "provider-id-changed", "the id changes", ["provider_id"];
    /// The mapper is not Jsonnet.
    MapperNotJsonnet => Warning, "mapper-not-jsonnet", "not valid Jsonnet", ["jsonnet_mapper"];
    /// The value is a URL, a file name or base64, not the mapper itself.
    MapperNotAProgram => Warning, "mapper-not-a-program", "not the program itself", ["jsonnet_mapper"];
    /// The mapper is too large for Kratos to run.
    MapperTooLarge => Warning, "mapper-too-large", "too large for Kratos to run", ["jsonnet_mapper"];
    /// The mapper is too complex for the charm to check, or its check did not answer.
    MapperUnchecked => Note, "mapper-unchecked", "not checked", ["jsonnet_mapper"];
    /// A dry run of the mapper fails.
    MapperFails => Warning, "mapper-fails", "the mapper fails", ["jsonnet_mapper"];
    /// A dry run of the mapper sets no email address.
    MapperWithoutEmail => Warning, "mapper-without-email", "the mapper sets no email", ["jsonnet_mapper"];
    /// A dry run of the mapper sets no email address unless the provider says that it is verified.
    MapperNeedsVerified => Note, "mapper-needs-verified", "no email unless it is verified", ["jsonnet_mapper"];
    /// A dry run of the mapper asks for a variable that Kratos does not set.
    MapperAsksForProvider => Warning, "mapper-asks-for-provider", "uses std.extVar('provider')", ["jsonnet_mapper"];
    /// The kind has no OpenID provider for applications.
    KindWithoutOpenid => Error, "kind-without-openid", "no OpenID provider", ["provider"];
    /// An endpoint is not a web URL.
    EndpointNotAUrl => Error, "endpoint-not-a-url", "not a valid http(s) URL", ENDPOINTS;
    /// An endpoint is the URL of the discovery document.
    EndpointIsDiscovery => Error, "endpoint-is-discovery", "this is the discovery document", ENDPOINTS;
    /// An endpoint uses plain http.
    EndpointWithoutTls => Note, "endpoint-without-tls", "plain http is insecure", ENDPOINTS;
    /// Two endpoints are the same.
    EndpointRepeated => Note, "endpoint-repeated", "the same as another endpoint", ENDPOINTS;
    /// An endpoint that gets the secret is in another domain than the issuer.
    EndpointElsewhere => Note, "endpoint-elsewhere", "not in the issuer's domain", ["token_endpoint", "introspection_endpoint"];
    /// The issuer changed, and the endpoints did not: applications keep those of before.
    EndpointsOutdated => Error, "endpoints-outdated", "of the issuer before", ["token_endpoint"];
    /// The endpoint for claims is not set, which many applications need.
    UserinfoNotSet => Note, "userinfo-not-set", "applications may need it", ["userinfo_endpoint"];
    /// The name of the claim has characters that applications cannot read.
    GroupsClaimMalformed => Error, "groups-claim-malformed", "not the name of a claim", ["groups_claim"];
    /// The value is not certificates in PEM.
    CaChainMalformed => Error, "ca-chain-malformed", "not certificates in PEM", ["ca_chain"];
    /// A private key is among the certificates.
    CaChainHasKey => Error, "ca-chain-has-key", "contains a private key", ["ca_chain"];
    /// Tokens name the tenant by its id, so their issuer is another one.
    IssuerVaries => Note, "issuer-varies", "tokens name another issuer", ["microsoft_tenant_id"];
    /// The value has characters that applications cannot read, or is too long.
    ClientUnwritable => Error, "client-unwritable", "applications cannot read it", ["client_id", "client_secret", "issuer_url", "scope"];
    /// This Juju has no secrets, which applications need.
    ApplicationsUnsupported => Error, "applications-unsupported", "needs Juju 3.0 or newer", ["oauth"];
    /// An application asks for something that cannot be read.
    RequestMalformed => Note, "request-malformed", "a request that cannot be read", ["oauth"];
    /// An application asks only for grant types that the provider does not have.
    GrantTypeRefused => Warning, "grant-type-refused", "the provider lacks a grant type", ["oauth"];
    /// An application asks for a grant type that the provider does not have, beside others.
    GrantTypeMissing => Note, "grant-type-missing", "the provider lacks a grant type", ["oauth"];
    /// An application shows its secret in a way that the provider does not accept.
    AuthMethodRefused => Warning, "auth-method-refused", "the provider lacks a method", ["oauth"];
    /// An application asks for a scope that is not configured.
    ScopeNotConfigured => Note, "scope-not-configured", "lacks a scope that is asked for", ["oauth"];
    /// The kind does not use this option.
    OptionIgnored => Note, "option-ignored", "not used by this kind", ANY;
    /// Options about one provider are set as well as the list.
    OptionsBesideList => Error, "options-beside-list", "cannot be set with providers", ANY;
    /// An item of the list sets an option that applies to all providers.
    OptionForAll => Error, "option-for-all", "applies to all providers", ANY;
    /// There is no option of that name.
    OptionUnknown => Error, "option-unknown", "no such option", ANY;
    /// The value is not a string.
    NotText => Error, "not-text", "must be a string", ANY;
    /// The value is neither true nor false.
    NotBoolean => Error, "not-boolean", "must be true or false", ["enabled", "jwt_access_token"];
    /// The value is not a list.
    ListNotAList => Error, "list-not-a-list", "must be a list", ["providers"];
    /// The list is empty.
    ListEmpty => Error, "list-empty", "the list is empty", ["providers"];
    /// The list is not valid YAML.
    ListNotYaml => Error, "list-not-yaml", "not valid YAML", ["providers"];
    /// An item of the list is not a map.
    ListItemNotAMap => Error, "list-item-not-a-map", "an item is not a map", ["providers"];
}

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn words_are_kebab_case_and_unique() {
        let words: BTreeSet<_> = Code::ALL.iter().map(|code| code.word()).collect();
        assert_eq!(words.len(), Code::ALL.len());
        for word in words {
            let is_word = word
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
            assert!(is_word, "{word}");
        }
    }

    #[test]
    fn meanings_are_sentences_for_a_table() {
        for code in Code::ALL {
            let meaning = code.meaning();
            assert!(
                meaning.ends_with('.') && !meaning.contains('|'),
                "{meaning}"
            );
        }
    }

    #[test]
    fn brief_texts_are_brief() {
        for code in Code::ALL {
            let brief = code.brief();
            assert!(brief.len() <= 31 && !brief.contains(':'), "{brief}");
        }
    }
}
