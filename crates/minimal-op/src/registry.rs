//! Who is known: clients and users.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::redemption::ClientAuth;
use crate::secret::{Digest, Secret};

/// A client that may ask for logins.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Client {
    /// Its id: any text.
    pub id: String,
    /// What its secret is compared with.
    #[serde(deserialize_with = "hashed")]
    pub secret: Digest,
    /// Where browsers may be sent back to: see [`crate::return_uri_matches`]. As at Gafaelfawr, one
    /// that breaks the rule is registered, and never matches.
    pub return_uri: String,
    /// How it registered to authenticate. Only the dialect `answers-by-method` minds.
    #[serde(default, rename = "token_endpoint_auth_method")]
    pub auth: ClientAuth,
}

impl Client {
    /// A client that authenticates by Basic.
    #[must_use]
    pub fn new(id: &str, secret: &str, return_uri: &str) -> Self {
        Self {
            id: id.to_owned(),
            secret: Digest::of(secret),
            return_uri: return_uri.to_owned(),
            auth: ClientAuth::Basic,
        }
    }
}

/// Somebody who can log in.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct User {
    /// What they type, and the `sub` of their tokens.
    pub username: String,
    /// What their password is compared with. Without one, their name is enough.
    #[serde(default, deserialize_with = "hashed_if_any")]
    pub password: Option<Digest>,
    /// `name`, with scope `profile`.
    #[serde(default)]
    pub name: Option<String>,
    /// `email`, with scope `email`.
    #[serde(default)]
    pub email: Option<String>,
    /// `email_verified`, beside `email`. Gafaelfawr never has it, so it is left out unless set.
    #[serde(default)]
    pub email_verified: Option<bool>,
    /// `data_rights`, with scope `rubin`: names with spaces between.
    #[serde(default)]
    pub data_rights: Option<String>,
    /// Other claims, with scope `profile`.
    #[serde(default)]
    pub claims: BTreeMap<String, Value>,
}

fn hashed<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Digest, D::Error> {
    let secret = Secret::deserialize(deserializer)?;
    Ok(Digest::of(secret.expose()))
}

fn hashed_if_any<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Digest>, D::Error> {
    hashed(deserializer).map(Some)
}
