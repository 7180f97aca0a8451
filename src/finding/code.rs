//! The kinds of finding: one table.

use serde::{Serialize, Serializer};

use super::severity::Severity;

/// Makes the enum and what is known of each of its members from one table, so that a
/// code without a word, a severity or a brief text does not compile.
macro_rules! codes {
    ($($(#[$doc:meta])* $code:ident => $severity:ident, $word:literal, $brief:literal;)*) => {
        /// What is wrong, as a stable name: programs may go by its word, and so does the
        /// reference. Texts may change, words do not.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code {
            $($(#[$doc])* $code,)*
        }

        impl Code {
            /// Every code, in the order of the table.
            pub const ALL: &[Self] = &[$(Self::$code,)*];

            /// Its word, in JSON and in the reference.
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

            /// What is wrong, in so few words that a status has room for them.
            #[must_use]
            pub const fn brief(self) -> &'static str {
                match self {
                    $(Self::$code => $brief,)*
                }
            }
        }
    };
}

// Errors are what the Python charm refuses too, what would break more than this provider's
// own login, and what would handle a secret otherwise than the administrator asked.
// Warnings are what is certain to fail at a login, seen at a real Kratos or said by its
// code. All else is a note: a false alarm about what works is as bad as silence.
codes! {
    /// An option that the kind needs has no value.
    NotSet => Error, "not-set", "not set";
    /// The word in `provider` is not a kind.
    KindUnknown => Error, "kind-unknown", "not a known kind";
    /// The word in `provider` is nearly a kind.
    KindMisspelt => Error, "kind-misspelt", "not the word for that kind";
    /// A kind that Kratos knows, and the interface of its charm does not.
    KindNotInInterface => Error, "kind-not-in-interface", "the interface has no such kind";
    /// A kind that breaks Kratos' configuration or its charm.
    KindRefused => Error, "kind-refused", "Kratos cannot use it";
    /// A kind with which no login works.
    KindBroken => Warning, "kind-broken", "no login works with this kind";
    /// The issuer keeps Kratos from starting.
    IssuerNotAUri => Error, "issuer-not-a-uri", "not an absolute URI";
    /// The issuer is a URI from which nothing can be fetched.
    IssuerNotAUrl => Warning, "issuer-not-a-url", "not a URL for the web";
    /// The issuer is the URL of the discovery document.
    IssuerIsDiscovery => Warning, "issuer-is-discovery", "not the issuer but its document";
    /// The issuer has a query or a fragment.
    IssuerWithQuery => Warning, "issuer-with-query", "an issuer has no query";
    /// The issuer of Entra ID for all tenants, with which `generic` cannot work.
    IssuerOfAllTenants => Warning, "issuer-of-all-tenants", "for one tenant only";
    /// Something else than the issuer of a well-known provider.
    IssuerMistaken => Warning, "issuer-mistaken", "not the provider's issuer";
    /// The issuer of an older version of the provider's endpoints.
    IssuerOutdated => Note, "issuer-outdated", "of an older version";
    /// An issuer of another cloud than that of the kind.
    IssuerOfAnotherCloud => Warning, "issuer-of-another-cloud", "of another cloud";
    /// A host that has no OpenID discovery for users.
    IssuerWithoutDiscovery => Warning, "issuer-without-discovery", "no discovery at this host";
    /// The issuer of a provider that is better had as a kind of its own.
    IssuerHasAKind => Note, "issuer-has-a-kind", "there is a kind for it";
    /// The client id and the client secret are swapped.
    CredentialsSwapped => Warning, "credentials-swapped", "id and secret are swapped";
    /// A client id in place of the client secret.
    SecretIsClientId => Warning, "secret-is-client-id", "a client id, and not the secret";
    /// A client id that the provider cannot have made.
    ClientIdMalformed => Warning, "client-id-malformed", "not a client id";
    /// A client id that few providers would make.
    ClientIdOdd => Note, "client-id-odd", "an odd client id";
    /// The issuer has no TLS.
    IssuerWithoutTls => Note, "issuer-without-tls", "http can be forged";
    /// A value that Kratos' YAML would change, where that is refused.
    UnsafeValue => Error, "unsafe-value", "YAML would change it";
    /// The same, published as it is.
    UnsafeValuePublished => Warning, "unsafe-value-published", "YAML changes it";
    /// A value that a reader of YAML 1.1 takes for something else.
    OtherInYaml11 => Note, "other-in-yaml-1-1", "YAML 1.1 reads it otherwise";
    /// A value in quotes of its own.
    AlreadyQuoted => Note, "already-quoted", "it is in quotes";
    /// White space around a value.
    WhiteSpace => Note, "white-space", "white space around it";
    /// A byte order mark within a value.
    InvisibleCharacter => Note, "invisible-character", "an invisible character";
    /// A scope with characters that no scope has.
    ScopeMalformed => Error, "scope-malformed", "not what a scope can be";
    /// A scope of white space, which is taken for unset.
    ScopeBlank => Note, "scope-blank", "white space only";
    /// Scopes that are joined by something else than spaces.
    ScopesJoined => Warning, "scopes-joined", "scopes have spaces between";
    /// The same, where the provider may take it.
    ScopesJoinedMaybe => Note, "scopes-joined-maybe", "scopes have spaces between";
    /// `openid` is missing and needed.
    ScopeLacksOpenid => Warning, "scope-lacks-openid", "openid is missing";
    /// Scopes that the provider refuses.
    ScopeRefused => Warning, "scope-refused", "scopes that it refuses";
    /// Scopes that the provider may not know.
    ScopeUnknown => Note, "scope-unknown", "scopes it may not know";
    /// The scope that brings the email is missing.
    ScopeWithoutEmail => Note, "scope-without-email", "it may bring no email";
    /// A redirect URI that the provider does not register.
    RedirectUriRefused => Note, "redirect-uri-refused", "the provider may refuse it";
    /// A phone number that is not verified keeps its user out.
    PhoneUnverified => Note, "phone-unverified", "unverified numbers fail";
    /// No user has an address that Charmed Kratos' own mapper takes.
    NoAddress => Warning, "no-address", "not set, so nobody has an email";
    /// The word in `unsafe_values` is not one of its words.
    UnsafeValuesUnknown => Error, "unsafe-values-unknown", "escape, block or verbatim";
    /// The word in `secret_backend` is not one of its words.
    SecretBackendUnknown => Error, "secret-backend-unknown", "relation or secret";
    /// `secret_backend` is `vault`.
    SecretBackendVault => Error, "secret-backend-vault", "the charm has no Vault";
    /// This Juju has no secrets.
    SecretBackendUnsupported => Error, "secret-backend-unsupported", "needs Juju 3.0";
    /// The requirer does not announce that it reads secrets, and nothing usable is published.
    SecretBackendNotAnnounced => Error, "secret-backend-not-announced", "not for this requirer";
    /// The same, where what is published already is right.
    SecretBackendUnused => Note, "secret-backend-unused", "not for this requirer";
    /// No released Kratos charm announces it.
    SecretBackendUnreleased => Note, "secret-backend-unreleased", "no released charm reads it";
    /// The secret is too large for a Juju secret.
    SecretTooLarge => Error, "secret-too-large", "too large for a Juju secret";
    /// The user secret is not granted.
    SecretNotGranted => Error, "secret-not-granted", "not granted";
    /// The user secret does not exist.
    SecretNotFound => Error, "secret-not-found", "no such secret";
    /// The value in the user secret is empty.
    SecretEmpty => Error, "secret-empty", "the secret is empty";
    /// The value in the user secret is not text.
    SecretNotText => Error, "secret-not-text", "the secret is not text";
    /// The value in the user secret is the URI of a secret.
    SecretHoldsUri => Error, "secret-holds-uri", "the secret holds a URI";
    /// The user secret has several keys, none of which is the right one.
    SecretKeyUnclear => Error, "secret-key-unclear", "the secret lacks the key";
    /// The user secret has no keys.
    SecretWithoutKeys => Error, "secret-without-keys", "the secret has no keys";
    /// This Juju has no user secrets.
    UserSecretsUnsupported => Error, "user-secrets-unsupported", "needs Juju 3.3";
    /// A text that was meant to be the URI of a user secret.
    SecretUriMalformed => Error, "secret-uri-malformed", "not the URI of a secret";
    /// What may be the bare id of a user secret.
    SecretLooksLikeId => Note, "secret-looks-like-id", "it looks like a secret's id";
    /// A place holder that was to be replaced.
    PlaceHolder => Note, "place-holder", "it looks like a place holder";
    /// The id of an Entra ID secret in place of its value.
    SecretIdOfEntra => Warning, "secret-id-of-entra", "the secret's id, not its value";
    /// The client id in place of the tenant.
    TenantIsClientId => Warning, "tenant-is-client-id", "that is the client id";
    /// A tenant of Entra External ID, which has an issuer of its own.
    TenantOfExternalId => Warning, "tenant-of-external-id", "External ID is generic";
    /// Not a tenant of Entra ID.
    TenantMalformed => Warning, "tenant-malformed", "not a tenant";
    /// Not an id as Apple makes them.
    AppleIdMalformed => Warning, "apple-id-malformed", "not ten capitals and digits";
    /// Not a key that Kratos can sign with.
    AppleKeyUnusable => Warning, "apple-key-unusable", "not a key as Apple makes them";
    /// An id that the redirect URI does not carry.
    ProviderIdUnroutable => Warning, "provider-id-unroutable", "no redirect URI carries it";
    /// An id that Kratos encodes in the redirect URI.
    ProviderIdEncoded => Note, "provider-id-encoded", "encoded in the redirect URI";
    /// Two providers with one id.
    ProviderIdRepeated => Error, "provider-id-repeated", "another provider's id";
    /// An id that goes while another comes.
    ProviderIdChanged => Note, "provider-id-changed", "the id changes";
    /// The mapper is not Jsonnet.
    MapperNotJsonnet => Warning, "mapper-not-jsonnet", "not valid Jsonnet";
    /// Not a mapper but a URL or a file's name that leads to one.
    MapperNotAProgram => Warning, "mapper-not-a-program", "not the program itself";
    /// The mapper is larger than Kratos can run.
    MapperTooLarge => Warning, "mapper-too-large", "larger than Kratos can run";
    /// The mapper is more than is looked at.
    MapperUnchecked => Note, "mapper-unchecked", "not checked";
    /// A dry run of the mapper fails.
    MapperFails => Warning, "mapper-fails", "it fails";
    /// A dry run of the mapper gives no email.
    MapperWithoutEmail => Warning, "mapper-without-email", "it gives no email";
    /// A dry run of the mapper gives no email where the provider does not say that it is
    /// verified, which it may always do.
    MapperNeedsVerified => Note, "mapper-needs-verified", "no email if it is not verified";
    /// The mapper asks for what Kratos does not set.
    MapperAsksForProvider => Warning, "mapper-asks-for-provider", "asks for std.extVar('provider')";
    /// An option that the kind does nothing with.
    OptionIgnored => Note, "option-ignored", "this kind does not use it";
    /// Options beside the list.
    OptionsBesideList => Error, "options-beside-list", "options are set beside it";
    /// An option about all providers in an item of the list.
    OptionForAll => Error, "option-for-all", "that is for all providers";
    /// Not an option.
    OptionUnknown => Error, "option-unknown", "there is no such option";
    /// A value that is not a text.
    NotText => Error, "not-text", "it has to be a text";
    /// A value that is neither true nor false.
    NotBoolean => Error, "not-boolean", "it is true or false";
    /// The list is not a list.
    ListNotAList => Error, "list-not-a-list", "it has to be a list";
    /// The list is empty.
    ListEmpty => Error, "list-empty", "it names no provider";
    /// The list is not YAML.
    ListNotYaml => Error, "list-not-yaml", "not valid YAML";
    /// An item of the list is not a map.
    ListItemNotAMap => Error, "list-item-not-a-map", "an item is not a map";
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
    fn words_are_words_and_tell_codes_apart() {
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
    fn brief_texts_are_brief() {
        for code in Code::ALL {
            let brief = code.brief();
            assert!(brief.len() <= 31 && !brief.contains(':'), "{brief}");
        }
    }
}
