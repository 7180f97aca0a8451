//! Codes, access tokens and sessions: random texts that stand for something in the store.

use ring::rand::{SecureRandom as _, SystemRandom};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::secret::Secret;

/// The characters of each half: 128 bits in unpadded base64.
const HALF: usize = 22;

/// What a ticket is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TicketKind {
    /// An authorization code, for one redemption.
    Code,
    /// An access token, for the userinfo endpoint.
    AccessToken,
    /// The session of somebody who has logged in, for the cookie.
    Session,
}

impl TicketKind {
    /// Each kind.
    pub const ALL: [Self; 3] = [Self::Code, Self::AccessToken, Self::Session];

    /// How tickets of this kind start. Gafaelfawr has `gc-` and `gt-`; its sessions are `gt-` too.
    pub(crate) fn prefix(self) -> &'static str {
        match self {
            Self::Code => "gc-",
            Self::AccessToken => "gt-",
            Self::Session => "gs-",
        }
    }

    /// What the kind is called, in texts and in the store.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::AccessToken => "oidc",
            Self::Session => "session",
        }
    }
}

/// The system has no random numbers.
#[derive(Debug, thiserror::Error)]
#[error("the system gave no random numbers")]
pub struct NoRandomness;

/// `<prefix><key>.<secret>`: the key finds it in the store, and the secret shows that who has it
/// was given it. Only a hash of the secret is stored, so that the store gives no tickets away.
///
/// This is the form of Gafaelfawr's codes and tokens: `gc-`, 22 characters, a dot, 22 characters.
#[derive(Debug, Clone)]
pub struct Ticket {
    kind: TicketKind,
    key: String,
    secret: Secret,
}

impl Ticket {
    /// A new ticket, which nobody can guess.
    ///
    /// # Errors
    ///
    /// The system has no random numbers.
    pub fn generate(kind: TicketKind) -> Result<Self, NoRandomness> {
        let half = || {
            let mut bytes = [0; 16];
            let filled = SystemRandom::new().fill(&mut bytes);
            filled.map_err(|_| NoRandomness)?;
            Ok(URL_SAFE_NO_PAD.encode(bytes))
        };
        let (key, secret) = (half()?, Secret::new(half()?));
        Ok(Self { kind, key, secret })
    }

    /// Reads a ticket of this kind. Like Gafaelfawr, it minds the prefix, the dot and the lengths,
    /// and not which characters there are.
    #[must_use]
    pub fn parse(kind: TicketKind, text: &str) -> Option<Self> {
        let (key, secret) = text.strip_prefix(kind.prefix())?.split_once('.')?;
        let is_whole = |half: &str| half.chars().count() == HALF;
        (is_whole(key) && is_whole(secret)).then(|| Self {
            kind,
            key: key.to_owned(),
            secret: Secret::new(secret),
        })
    }

    /// What it is good for.
    #[must_use]
    pub fn kind(&self) -> TicketKind {
        self.kind
    }

    /// The half that finds it in the store, which is no secret.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The half that only its owner has.
    #[must_use]
    pub fn secret(&self) -> &Secret {
        &self.secret
    }

    /// The whole ticket, for its owner.
    #[must_use]
    pub fn whole(&self) -> Secret {
        let Self { kind, key, secret } = self;
        Secret::new(format!("{}{key}.{}", kind.prefix(), secret.expose()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ticket_reads_as_it_was_written() {
        for kind in TicketKind::ALL {
            let ticket = Ticket::generate(kind).unwrap();
            let read = Ticket::parse(kind, ticket.whole().expose()).unwrap();
            assert_eq!(
                (read.key(), read.secret()),
                (ticket.key(), ticket.secret()),
                "{kind:?}"
            );
        }
    }

    #[test]
    fn only_the_form_of_a_code_counts() {
        struct Case {
            name: &'static str,
            text: &'static str,
            is_code: bool,
        }
        let cases = [
            Case {
                name: "made up, in the right form",
                text: "gc-0123456789abcdefABCDEF.0123456789abcdefABCDEF",
                is_code: true,
            },
            Case {
                name: "no prefix",
                text: "0123456789abcdefABCDEF.0123456789abcdefABCDEF",
                is_code: false,
            },
            Case {
                name: "the prefix of a token",
                text: "gt-0123456789abcdefABCDEF.0123456789abcdefABCDEF",
                is_code: false,
            },
            Case {
                name: "no dot",
                text: "gc-0123456789abcdefABCDEF0123456789abcdefABCDEF",
                is_code: false,
            },
            Case {
                name: "a short key",
                text: "gc-0123456789abcdefABCDE.0123456789abcdefABCDEF",
                is_code: false,
            },
            Case {
                name: "a long secret",
                text: "gc-0123456789abcdefABCDEF.0123456789abcdefABCDEF0",
                is_code: false,
            },
            Case {
                name: "two dots",
                text: "gc-0123456789abcdefABCDEF.0123456789abcdefABCD.F",
                is_code: true,
            },
            Case {
                name: "a word",
                text: "bogus",
                is_code: false,
            },
            Case {
                name: "nothing",
                text: "",
                is_code: false,
            },
        ];
        for Case {
            name,
            text,
            is_code,
        } in cases
        {
            let read = Ticket::parse(TicketKind::Code, text);
            assert_eq!(read.is_some(), is_code, "{name}");
        }
    }
}
