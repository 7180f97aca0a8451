//! The tenants of Entra ID.

/// The words that stand for a type of account instead of a tenant.
pub const ACCOUNTS: [&str; 3] = ["common", "organizations", "consumers"];

/// The tenant of all personal accounts. Source: Microsoft's documentation, "ID token claims
/// reference", of the claims `iss` and `tid`.
const OF_CONSUMERS: &str = "9188040d-6c67-4c5b-b112-36a304b66dad";

/// Whose users may log in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tenant {
    /// Those of several tenants: one of [`ACCOUNTS`].
    Accounts(&'static str),
    /// Those of the tenant with this id, in lower case, as tokens have it.
    Id(String),
    /// Those of the tenant with this domain.
    Domain(String),
}

impl Tenant {
    /// Parses `text`; `None` if it is not a tenant.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(word) = ACCOUNTS.into_iter().find(|word| *word == text) {
            Some(Self::Accounts(word))
        } else if is_guid(text) {
            Some(Self::Id(text.to_ascii_lowercase()))
        } else {
            is_domain(text).then(|| Self::Domain(text.to_owned()))
        }
    }

    /// What stands for it in a URL.
    #[must_use]
    pub fn word(&self) -> &str {
        match self {
            Self::Accounts(word) => word,
            Self::Id(word) | Self::Domain(word) => word,
        }
    }

    /// The id that every token has in its issuer. `None` if that differs between users, or is not
    /// known: the issuer has the id of the user's own tenant, never a domain or another word.
    #[must_use]
    pub fn issuing_id(&self) -> Option<&str> {
        match self {
            Self::Id(id) => Some(id),
            Self::Accounts("consumers") => Some(OF_CONSUMERS),
            Self::Accounts(_) | Self::Domain(_) => None,
        }
    }
}

/// `8-4-4-4-12` hexadecimal digits.
#[must_use]
pub fn is_guid(text: &str) -> bool {
    let groups: Vec<_> = text.split('-').collect();
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups.concat().bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Labels of letters, digits and hyphens, two or more.
fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    text.len() <= 253 && text.contains('.') && text.split('.').all(is_label)
}
