//! How a secret is named. Source: `core/secrets/uri.go`.

use crate::refusals;
use std::fmt;

/// A reference to a secret: its id, and perhaps the UUID of its model (`secrets.URI`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SecretUri {
    source: Option<String>,
    id: String,
}

impl SecretUri {
    /// `secret:<id>`.
    pub(crate) fn of(id: &str) -> Self {
        Self {
            source: None,
            id: id.to_owned(),
        }
    }

    /// `secret://<model>/<id>`.
    pub(crate) fn in_model(id: &str, model: &str) -> Self {
        Self {
            source: Some(model.to_owned()),
            id: id.to_owned(),
        }
    }

    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Whether it may be a secret of this model.
    pub(crate) fn is_local(&self, model: &str) -> bool {
        self.source.as_deref().is_none_or(|source| source == model)
    }

    /// `<id>`, `secret:<id>`, `secret:<model>/<id>` or `secret://<model>/<id>`
    /// (`secrets.ParseURI`).
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        // As in any URL, a query and a fragment are no part of the path.
        let address = text.split(['?', '#']).next().unwrap_or_default();
        let (scheme, rest) = address
            .split_once(':')
            .filter(|(scheme, _)| is_scheme(scheme))
            .unwrap_or(("secret", address));
        if !scheme.eq_ignore_ascii_case("secret") {
            let scheme = scheme.to_ascii_lowercase();
            return Err(refusals::invalid_secret_scheme(scheme));
        }
        let (host, path) = match rest.strip_prefix("//") {
            Some(rest) => rest.split_once('/').unwrap_or((rest, "")),
            None => ("", rest),
        };
        if !host.is_empty() && !is_uuid(host) {
            return Err(refusals::invalid_secret_host(host));
        }
        let path = path.trim_start_matches('/');
        let (source, id) = path.split_once('/').unwrap_or((host, path));
        if !is_id(id) || !(source.is_empty() || is_uuid(source)) {
            return Err(refusals::invalid_secret_uri(text));
        }
        Ok(Self {
            source: Some(source.to_owned()).filter(|source| !source.is_empty()),
            id: id.to_owned(),
        })
    }
}

impl fmt::Display for SecretUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.source {
            Some(source) => write!(f, "secret://{source}/{}", self.id),
            None => write!(f, "secret:{}", self.id),
        }
    }
}

/// Whether Go's net/url accepts this as a URL's scheme.
fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

fn is_uuid(text: &str) -> bool {
    let lengths = text.split('-').map(str::len);
    lengths.eq([8, 4, 4, 4, 12])
        && text
            .bytes()
            .all(|byte| byte == b'-' || byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

/// The digits of an id: base 32 with an extended hex alphabet.
const DIGITS: &[u8; 32] = b"0123456789abcdefghijklmnopqrstuv";

/// Twelve bytes in base 32, as rs/xid writes and reads them: the last digit holds only one bit.
fn is_id(text: &str) -> bool {
    text.len() == 20
        && text.bytes().all(|byte| DIGITS.contains(&byte))
        && text.ends_with(['0', 'g'])
}

/// An id as rs/xid makes it, from a time in seconds since 1970, the machine (here the model) and a
/// counter. Sorting ids sorts their secrets by age.
pub(crate) fn new_id(seconds: u64, model: &str, number: u64) -> String {
    // FNV-1a
    let machine = model.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let bits = u128::from(seconds & 0xffff_ffff) << 64
        | u128::from(machine >> 24) << 24
        | u128::from(number & 0xff_ffff);
    let bits = bits << 4;
    (0..20)
        .rev()
        .filter_map(|digit| usize::try_from(bits >> (5 * digit) & 31).ok())
        .map(|digit| char::from(DIGITS[digit]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uris() {
        const UUID: &str = "5a0d0b0c-7a9e-4c57-8f6e-0c0ffee0cafe";
        const ID: &str = "9m4e2mr0ui3e8a215n4g";
        for (text, shown) in [
            (ID.to_owned(), format!("secret:{ID}")),
            (format!("secret:{ID}"), format!("secret:{ID}")),
            (
                format!("secret:{UUID}/{ID}"),
                format!("secret://{UUID}/{ID}"),
            ),
            (format!("{UUID}/{ID}"), format!("secret://{UUID}/{ID}")),
            (
                format!("secret://{UUID}/{ID}"),
                format!("secret://{UUID}/{ID}"),
            ),
            (format!("secret:{ID}?a=b"), format!("secret:{ID}")),
            (format!("{ID}#part"), format!("secret:{ID}")),
        ] {
            let uri = SecretUri::parse(&text).unwrap();
            assert_eq!((uri.id(), uri.to_string()), (ID, shown), "{text}");
        }
        for (text, refusal) in [
            ("", "secret URI \"\" not valid"),
            ("token", "secret URI \"token\" not valid"),
            ("secret:", "secret URI \"secret:\" not valid"),
            (
                "secret:9M4E2MR0UI3E8A215N4G",
                "secret URI \"secret:9M4E2MR0UI3E8A215N4G\" not valid",
            ),
            (
                "9m4e2mr0ui3e8a215n4w",
                "secret URI \"9m4e2mr0ui3e8a215n4w\" not valid",
            ),
            (
                "9m4e2mr0ui3e8a215n4h",
                "secret URI \"9m4e2mr0ui3e8a215n4h\" not valid",
            ),
            ("http:x", "secret URI scheme \"http\" not valid"),
            ("secret://x/y", "host controller UUID \"x\" not valid"),
        ] {
            assert_eq!(SecretUri::parse(text), Err(refusal.to_owned()), "{text}");
        }
    }

    #[test]
    fn ids() {
        let ids: Vec<String> = (1..4)
            .map(|number| new_id(1_767_225_600 + number, "m", number))
            .collect();
        assert!(ids.iter().all(|id| is_id(id)), "{ids:?}");
        assert!(ids.is_sorted() && ids[0] != ids[1]);
        assert_eq!(ids[0], new_id(1_767_225_601, "m", 1));
        assert_ne!(ids[0], new_id(1_767_225_601, "n", 1));
    }
}
