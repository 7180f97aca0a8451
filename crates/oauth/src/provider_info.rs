//! What the provider says of itself.

use std::collections::BTreeMap;

use juju_hook::Databag;

use crate::errors::{MalformedError, Problem, Reason, UnwritableError};
use crate::fields::{check_line, malformed, required_text, text, texts};
use crate::interface::{
    AUTHORIZATION_ENDPOINT, CA_CHAIN, GROUPS, INTROSPECTION_ENDPOINT, ISSUER_URL, JWKS_ENDPOINT,
    JWT_ACCESS_TOKEN, SCOPE, TOKEN_ENDPOINT, USERINFO_ENDPOINT,
};
use crate::value::{encode, encode_bool, encode_texts, truth};

/// Where the provider is reached, and what it can do. An empty text stands for an endpoint that
/// it does not have.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Endpoints {
    /// The issuer, as its tokens have it.
    pub issuer_url: String,
    /// Where users log in.
    pub authorization_endpoint: String,
    /// Where codes are redeemed.
    pub token_endpoint: String,
    /// Where tokens are looked up. Google, Entra and Gafaelfawr have none.
    pub introspection_endpoint: String,
    /// Where claims are asked for.
    pub userinfo_endpoint: String,
    /// Where the keys are: `jwks_uri` in a discovery document.
    pub jwks_endpoint: String,
    /// What may be asked for, with spaces between.
    pub scope: String,
    /// The claim that has the groups of a user.
    pub groups: Option<String>,
    /// Certificates in PEM, of a provider that the system's own authorities do not know.
    pub ca_chain: Vec<String>,
    /// Whether access tokens are JWTs.
    pub jwt_access_token: bool,
}

impl Endpoints {
    /// Reads what a provider wrote, credentials aside.
    ///
    /// # Errors
    ///
    /// If a key is missing or has another shape. The Python library raises an exception then.
    pub fn read(databag: &Databag) -> Result<Self, MalformedError> {
        let required = |key| required_text(databag, key);
        let jwt_access_token = match text(databag, JWT_ACCESS_TOKEN)? {
            None => false,
            Some(word) => truth(&word).ok_or(malformed(JWT_ACCESS_TOKEN, Problem::UnknownWord))?,
        };
        Ok(Self {
            issuer_url: required(ISSUER_URL)?,
            authorization_endpoint: required(AUTHORIZATION_ENDPOINT)?,
            token_endpoint: required(TOKEN_ENDPOINT)?,
            introspection_endpoint: required(INTROSPECTION_ENDPOINT)?,
            userinfo_endpoint: required(USERINFO_ENDPOINT)?,
            jwks_endpoint: required(JWKS_ENDPOINT)?,
            scope: required(SCOPE)?,
            groups: text(databag, GROUPS)?.filter(|claim| !claim.is_empty()),
            ca_chain: texts(databag, CA_CHAIN)?.unwrap_or_default(),
            jwt_access_token,
        })
    }

    /// The keys that are always there, and their texts.
    fn texts(&self) -> [(&'static str, &str); 7] {
        [
            (ISSUER_URL, &self.issuer_url),
            (AUTHORIZATION_ENDPOINT, &self.authorization_endpoint),
            (TOKEN_ENDPOINT, &self.token_endpoint),
            (INTROSPECTION_ENDPOINT, &self.introspection_endpoint),
            (USERINFO_ENDPOINT, &self.userinfo_endpoint),
            (JWKS_ENDPOINT, &self.jwks_endpoint),
            (SCOPE, &self.scope),
        ]
    }

    /// All keys as they are written. An empty value means that the key is not there.
    pub(crate) fn entries(&self) -> BTreeMap<&'static str, String> {
        let texts = self.texts().into_iter();
        let mut entries: BTreeMap<_, _> = texts
            .map(|(key, text)| (key, encode(text).into_owned()))
            .collect();
        let groups = self.groups.as_deref().filter(|claim| !claim.is_empty());
        let groups = groups.map(|claim| encode(claim).into_owned());
        entries.insert(GROUPS, groups.unwrap_or_default());
        let has_chain = !self.ca_chain.is_empty();
        let chain = has_chain.then(|| encode_texts(&self.ca_chain));
        entries.insert(CA_CHAIN, chain.unwrap_or_default());
        let is_jwt = encode_bool(self.jwt_access_token);
        entries.insert(JWT_ACCESS_TOKEN, is_jwt.to_owned());
        entries
    }
}

/// [`Endpoints`] that can be written: no requirer goes into error over them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderInfo(Endpoints);

impl ProviderInfo {
    /// What it says.
    #[must_use]
    pub fn endpoints(&self) -> &Endpoints {
        &self.0
    }
}

impl TryFrom<Endpoints> for ProviderInfo {
    type Error = UnwritableError;

    fn try_from(endpoints: Endpoints) -> Result<Self, UnwritableError> {
        for (field, text) in endpoints.texts() {
            check_line(field, text)?;
        }
        if let Some(claim) = &endpoints.groups {
            check_line(GROUPS, claim)?;
        }
        let is_odd = |c: char| c.is_control() && !matches!(c, '\n' | '\r' | '\t');
        for certificate in &endpoints.ca_chain {
            let reason = match certificate.as_str() {
                "" => Reason::Empty,
                text if text.contains(is_odd) => Reason::ControlCharacter,
                _ => continue,
            };
            let field = CA_CHAIN;
            return Err(UnwritableError { field, reason });
        }
        Ok(Self(endpoints))
    }
}
