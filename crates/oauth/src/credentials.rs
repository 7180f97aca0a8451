//! What a client proves itself with.

use juju_hook::Secret;

use crate::errors::{Reason, UnwritableError};
use crate::fields::check_filled;
use crate::interface::{CLIENT_ID, CLIENT_SECRET};

/// The longest client secret in bytes: what every Juju keeps under one key (5 KiB up to 3.3.1,
/// `core/secrets/createsecret.go`).
const SECRET_LIMIT: usize = 5 * 1024;

/// The id and the secret of a client that is registered at the provider. Neither is empty: some
/// requirers take a key that is there for a client that is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    client_id: String,
    client_secret: Secret,
}

impl Credentials {
    /// The credentials of one client.
    ///
    /// # Errors
    ///
    /// If one of the two is empty, the id has control characters, or the secret is longer than
    /// Juju keeps.
    pub fn new(client_id: String, client_secret: Secret) -> Result<Self, UnwritableError> {
        check_filled(CLIENT_ID, &client_id)?;
        let limit = SECRET_LIMIT;
        let reason = match client_secret.expose().len() {
            0 => Some(Reason::Empty),
            length => (length > limit).then_some(Reason::TooLong { limit }),
        };
        if let Some(reason) = reason {
            let field = CLIENT_SECRET;
            return Err(UnwritableError { field, reason });
        }
        Ok(Self {
            client_id,
            client_secret,
        })
    }

    /// The client's id, which is not secret.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// The client's secret.
    #[must_use]
    pub fn client_secret(&self) -> &Secret {
        &self.client_secret
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_that_would_do_harm_cannot_be_made() {
        struct Case {
            name: &'static str,
            id: &'static str,
            secret: String,
            error: Option<&'static str>,
        }

        for Case {
            name,
            id,
            secret,
            error,
        } in [
            Case {
                name: "good",
                id: "c",
                secret: "s\n\0é".into(),
                error: None,
            },
            Case {
                name: "no id",
                id: "",
                secret: "hunter2".into(),
                error: Some("client_id: not set"),
            },
            Case {
                name: "an id of two lines",
                id: "a\nb",
                secret: "hunter2".into(),
                error: Some("client_id: has a control character"),
            },
            Case {
                name: "no secret",
                id: "c",
                secret: String::new(),
                error: Some("client_secret: not set"),
            },
            Case {
                name: "as long as can be",
                id: "c",
                secret: "x".repeat(5 * 1024),
                error: None,
            },
            Case {
                name: "longer",
                id: "c",
                secret: "x".repeat(5 * 1024 + 1),
                error: Some("client_secret: longer than 5120 bytes"),
            },
        ] {
            let made = Credentials::new(id.into(), Secret::new(secret));
            let said = made.as_ref().err().map(ToString::to_string);
            assert_eq!(said.as_deref(), error, "{name}");
            assert!(!format!("{made:?}").contains("hunter2"), "{name}");
        }
    }
}
