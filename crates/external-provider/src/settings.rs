//! The settings of one provider before they are checked, from options or from the wire.

use std::fmt;

use juju_hook::{Secret, SecretUri};

use crate::id;
use crate::kind::{Kind, Shape};
use crate::plain_scalar;

/// A secret: either its value, or where Juju keeps it.
#[derive(Clone, PartialEq, Eq)]
pub enum SecretValue {
    /// The secret itself.
    Given(Secret),
    /// The URI of the Juju secret that holds it.
    InJuju(SecretUri),
}

impl SecretValue {
    /// A text that is a URI, apart from white space around it, counts as a URI.
    #[must_use]
    pub fn new(text: Secret) -> Self {
        match SecretUri::parse(plain_scalar::trimmed(text.expose())) {
            Some(uri) => Self::InJuju(uri),
            None => Self::Given(text),
        }
    }

    /// The secret, if it is known.
    #[must_use]
    pub fn given(&self) -> Option<&Secret> {
        match self {
            Self::Given(secret) => Some(secret),
            Self::InJuju(_) => None,
        }
    }

    /// The secret, or the URI that replaces it.
    #[must_use]
    pub fn expose(&self) -> &str {
        match self {
            Self::Given(secret) => secret.expose(),
            Self::InJuju(uri) => uri.as_str(),
        }
    }
}

/// A URI is not secret: its reader must still be granted the secret.
impl fmt::Debug for SecretValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Given(secret) => secret.fmt(f),
            Self::InJuju(uri) => uri.fmt(f),
        }
    }
}

/// Types that a setting can have.
trait Setting {
    fn from_secret(text: Secret) -> Self;
    fn expose(&self) -> &str;
}

impl Setting for String {
    fn from_secret(text: Secret) -> Self {
        text.into_exposed()
    }

    fn expose(&self) -> &str {
        self
    }
}

impl Setting for SecretValue {
    fn from_secret(text: Secret) -> Self {
        Self::new(text)
    }

    fn expose(&self) -> &str {
        self.expose()
    }
}

/// Makes the struct, and everything that covers all its fields, from one table.
macro_rules! settings {
    ($($(#[$doc:meta])* $option:ident: $type:ty,)*) => {
        /// The settings of one provider under the names of the charm's options, each of
        /// which may be unset.
        #[derive(Debug, Clone, Default, PartialEq, Eq)]
        pub struct Settings {
            $($(#[$doc])* pub $option: Option<$type>,)*
            /// Where Kratos reads the mapper. Not an option: only databags have it.
            pub mapper_url: Option<String>,
        }

        impl Settings {
            /// The options that make up the settings of one provider.
            pub const OPTIONS: &[&str] = &[$(stringify!($option),)*];

            /// Sets an option. Returns whether it is one of [`Self::OPTIONS`].
            pub fn set(&mut self, option: &str, text: Option<Secret>) -> bool {
                match option {
                    $(stringify!($option) => self.$option = text.map(Setting::from_secret),)*
                    _ => return false,
                }
                true
            }

            /// The value of an option, secret or not.
            #[must_use]
            pub fn get(&self, option: &str) -> Option<&str> {
                match option {
                    $(stringify!($option) => self.$option.as_ref().map(Setting::expose),)*
                    _ => None,
                }
            }
        }
    };
}

settings! {
    /// The word of a [`Kind`]; unset means `generic`.
    provider: String,
    /// The OAuth client's id.
    client_id: String,
    /// The OAuth client's secret.
    client_secret: SecretValue,
    /// The issuer, for generic providers.
    issuer_url: String,
    /// The tenant, for Entra ID.
    microsoft_tenant_id: String,
    /// The developer team, for Apple.
    apple_team_id: String,
    /// The private key's id, for Apple.
    apple_private_key_id: String,
    /// The private key, for Apple.
    apple_private_key: SecretValue,
    /// A Jsonnet program.
    jsonnet_mapper: String,
    /// The provider's id within Kratos.
    provider_id: String,
    /// The button's text.
    label: String,
    /// Scopes with white space between them.
    scope: String,
}

impl Settings {
    /// The requested kind; `None` if its word is unknown.
    #[must_use]
    pub fn kind(&self) -> Option<Kind> {
        let word = self.provider.as_deref();
        word.map_or(Some(Kind::Generic), Kind::from_word)
    }

    /// The provider's id in Kratos, if these settings determine it.
    #[must_use]
    pub fn id(&self) -> Option<String> {
        self.written_id()
            .map(|id| plain_scalar::meant(&id).into_owned())
    }

    /// The same as [`Self::id`], but exactly as it was typed, if it was.
    pub(crate) fn written_id(&self) -> Option<String> {
        if let Some(id) = &self.provider_id {
            return Some(id.clone());
        }
        let kind = self.kind()?;
        let realm = match kind.shape() {
            Shape::Generic => Some(self.issuer_url.as_deref()?),
            Shape::Microsoft => Some(self.microsoft_tenant_id.as_deref()?),
            Shape::Social | Shape::Github | Shape::Apple => None,
        };
        Some(id::derive(kind, self.client_id.as_deref()?, realm))
    }

    /// The scopes that Kratos requests, split as by `BaseProvider.deserialize_scope` of the Python
    /// library: those that are set, or the default of `kind`.
    pub fn scopes(&self, kind: Kind) -> impl Iterator<Item = &str> {
        let set = self.scope.as_deref();
        let set = set.filter(|scopes| !scopes.trim().is_empty());
        set.unwrap_or(kind.shape().default_scope())
            .split_whitespace()
    }

    /// The option of this kind that holds a secret, and its value. `None` if the kind is unknown, or
    /// the option is not set.
    #[must_use]
    pub fn secret(&self) -> Option<(&'static str, &SecretValue)> {
        let option = self.kind()?.shape().secret_option();
        let value = match option {
            "apple_private_key" => &self.apple_private_key,
            _ => &self.client_secret,
        };
        Some((option, value.as_ref()?))
    }

    /// Replaces the value of [`Self::secret`], if it is set.
    pub fn set_secret(&mut self, secret: Secret) {
        match self.secret() {
            Some(("apple_private_key", _)) => {
                self.apple_private_key = Some(SecretValue::Given(secret));
            }
            Some(_) => self.client_secret = Some(SecretValue::Given(secret)),
            None => {}
        }
    }
}
