//! The key that signs ID tokens.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use rsa::pkcs1::{DecodeRsaPrivateKey as _, EncodeRsaPrivateKey as _};
use rsa::pkcs8::DecodePrivateKey as _;
use rsa::rand_core::OsRng;
use rsa::traits::PublicKeyParts as _;
use rsa::{BigUint, RsaPrivateKey, RsaPublicKey};
use serde::Serialize;
use serde_json::{Map, Value};

/// The length of keys, in bits: the least that RS256 may have (RFC 7518, 3.3).
const BITS: usize = 2048;

/// The name of the key, as Gafaelfawr calls its own unless told otherwise.
const KEY_ID: &str = "gafaelfawr";

/// There is no key to sign with, or it did not sign.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// No key could be made.
    #[error("no key could be made")]
    Generate(#[source] rsa::Error),
    /// The parser's words are left out: they are about a private key.
    #[error("not an RSA key in PEM, of PKCS#8 or PKCS#1")]
    Pem,
    /// The key is too short for RS256.
    #[error("the key has fewer than {BITS} bits")]
    Short,
    /// The key was made, but cannot be written in the form that signing needs.
    #[error("the key cannot be used")]
    Form,
    /// A token could not be signed.
    #[error("the token could not be signed")]
    Sign(#[source] jsonwebtoken::errors::Error),
}

/// A public key, as the key set has it (RFC 7517, 4; RFC 7518, 6.3.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Jwk {
    /// The algorithm: always `RS256`.
    pub alg: &'static str,
    /// The type of key: always `RSA`.
    pub kty: &'static str,
    /// What it is for: always `sig`.
    #[serde(rename = "use")]
    pub usage: &'static str,
    /// The name that the header of a token has too.
    pub kid: &'static str,
    /// The modulus, in base64.
    pub n: String,
    /// The exponent, in base64.
    pub e: String,
}

/// A key set with the one public key: keys are not rotated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Jwks {
    /// The keys: one.
    pub keys: [Jwk; 1],
}

/// An RSA key of 2048 bits or more.
///
/// It is made when it is first needed, or read from a file: none is part of the program.
pub struct SigningKey {
    private: EncodingKey,
    public: DecodingKey,
    jwk: Jwk,
}

impl SigningKey {
    /// Makes a key, which takes about as long as a person notices.
    ///
    /// # Errors
    ///
    /// The system has no random numbers.
    pub fn generate() -> Result<Self, KeyError> {
        let key = RsaPrivateKey::new(&mut OsRng, BITS).map_err(KeyError::Generate)?;
        Self::new(&key)
    }

    /// The key of this process, made at the first call: many providers in one test share it.
    ///
    /// # Errors
    ///
    /// The system has no random numbers.
    pub fn of_process() -> Result<Arc<Self>, KeyError> {
        static KEY: Mutex<Option<Arc<SigningKey>>> = Mutex::new(None);
        let mut key = KEY.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = &*key {
            return Ok(Arc::clone(key));
        }
        let made = Arc::new(Self::generate()?);
        *key = Some(Arc::clone(&made));
        Ok(made)
    }

    /// Reads a private key in PEM, of PKCS#8 (`BEGIN PRIVATE KEY`) or PKCS#1 (`BEGIN RSA PRIVATE
    /// KEY`).
    ///
    /// # Errors
    ///
    /// It is not such a key, or it is too short. The error shows nothing of the text.
    pub fn from_pem(pem: &str) -> Result<Self, KeyError> {
        let key = RsaPrivateKey::from_pkcs8_pem(pem)
            .or_else(|_| RsaPrivateKey::from_pkcs1_pem(pem))
            .map_err(|_| KeyError::Pem)?;
        if key.n().bits() < BITS {
            return Err(KeyError::Short);
        }
        Self::new(&key)
    }

    fn new(key: &RsaPrivateKey) -> Result<Self, KeyError> {
        let der = key.to_pkcs1_der().map_err(|_| KeyError::Form)?;
        let public = RsaPublicKey::from(key);
        let in_base64 = |number: &BigUint| URL_SAFE_NO_PAD.encode(number.to_bytes_be());
        let (n, e) = (in_base64(public.n()), in_base64(public.e()));
        Ok(Self {
            private: EncodingKey::from_rsa_der(der.as_bytes()),
            public: DecodingKey::from_rsa_components(&n, &e).map_err(|_| KeyError::Form)?,
            jwk: Jwk {
                alg: "RS256",
                kty: "RSA",
                usage: "sig",
                kid: KEY_ID,
                n,
                e,
            },
        })
    }

    /// The public half, for who checks signatures.
    #[must_use]
    pub fn jwks(&self) -> Jwks {
        Jwks {
            keys: [self.jwk.clone()],
        }
    }

    /// Signs claims: the token is a JWT with the key's name in its header.
    pub(crate) fn sign(&self, claims: &Map<String, Value>) -> Result<String, KeyError> {
        let mut header = Header::new(Algorithm::RS256);
        header.kid = Some(self.jwk.kid.to_owned());
        jsonwebtoken::encode(&header, claims, &self.private).map_err(KeyError::Sign)
    }

    /// The claims of a token that this key signed, whatever they say. None for any other text.
    pub(crate) fn claims(&self, token: &str) -> Option<Map<String, Value>> {
        let mut only_signature = Validation::new(Algorithm::RS256);
        // The library would look at the clock of the machine; who asks has a clock to go by.
        only_signature.validate_exp = false;
        only_signature.validate_aud = false;
        only_signature.required_spec_claims.clear();
        let token = jsonwebtoken::decode(token, &self.public, &only_signature).ok()?;
        Some(token.claims)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").finish_non_exhaustive()
    }
}
