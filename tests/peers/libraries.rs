//! How the two generations of the Python library read what is published: facts about
//! them, as tables.
//!
//! Every released Kratos charm carries one of them. Either refuses all of the databag for
//! one item that is not as it wants, and then that charm's hook fails.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

/// What Kratos is told of a provider, under Kratos' own keys. The scope is apart, since it
/// becomes a list.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) values: BTreeMap<&'static str, String>,
    pub(crate) scope: Vec<String>,
}

/// A generation of the library.
pub(crate) struct Library {
    pub(crate) name: &'static str,
    /// The keys that it wants, beside those of the kind.
    wants: &'static [&'static str],
    /// The keys that it reads, whatever the kind, and Kratos' keys for them; of several
    /// for the same, the first that is there.
    reads: &'static [(&'static str, &'static str)],
    /// The same for the kinds, and these keys it wants where it is strict about kinds.
    /// Where it is not, every kind may have all of them.
    of_kinds: &'static [OfKind],
    /// Keys that it does not read, but whose values must be texts too.
    checks: &'static [&'static str],
    /// Keys that may also be null.
    nullable: &'static [&'static str],
}

/// Kinds, by their words; and keys, with Kratos' own for them.
type OfKind = (
    &'static [&'static str],
    &'static [(&'static str, &'static str)],
);

/// What either takes for a kind.
const KINDS: [&str; 16] = [
    "generic",
    "auth0",
    "google",
    "facebook",
    "microsoft",
    "github",
    "apple",
    "gitlab",
    "slack",
    "spotify",
    "discord",
    "twitch",
    "netid",
    "yander",
    "vk",
    "dingtalk",
];

pub(crate) const LIBRARIES: [Library; 2] = [
    // A JSON schema, which wants texts of all keys that it knows and so no null; and a
    // data class. It raises an error where there is no secret_backend.
    Library {
        name: "v0",
        wants: &["provider", "client_id", "secret_backend"],
        reads: &[
            ("provider_id", "id"),
            ("id", "id"),
            ("provider", "provider"),
            ("client_id", "client_id"),
            ("label", "label"),
            ("client_secret", "client_secret"),
            ("issuer_url", "issuer_url"),
            ("tenant_id", "microsoft_tenant"),
            ("team_id", "apple_team_id"),
            ("private_key_id", "apple_private_key_id"),
            ("private_key", "apple_private_key"),
        ],
        of_kinds: &[],
        checks: &["scope", "secret_backend", "jsonnet_mapper"],
        nullable: &[],
    },
    // A model for each shape of kinds, picked by the key `provider`.
    Library {
        name: "v1",
        wants: &["provider", "client_id"],
        reads: &[
            ("id", "id"),
            ("provider_id", "id"),
            ("provider", "provider"),
            ("client_id", "client_id"),
            ("label", "label"),
        ],
        of_kinds: &[
            (
                &["generic", "auth0"],
                &[
                    ("issuer_url", "issuer_url"),
                    ("client_secret", "client_secret"),
                ],
            ),
            (
                &[
                    "google", "facebook", "gitlab", "slack", "spotify", "discord", "twitch",
                    "netid", "yander", "vk", "dingtalk", "github",
                ],
                &[("client_secret", "client_secret")],
            ),
            (
                &["microsoft"],
                &[
                    ("microsoft_tenant", "microsoft_tenant"),
                    ("client_secret", "client_secret"),
                ],
            ),
            (
                &["apple"],
                &[
                    ("apple_team_id", "apple_team_id"),
                    ("apple_private_key_id", "apple_private_key_id"),
                    ("apple_private_key", "apple_private_key"),
                ],
            ),
        ],
        checks: &["scope", "secret_backend", "jsonnet_mapper", "mapper_url"],
        nullable: &[
            "id",
            "provider_id",
            "label",
            "scope",
            "jsonnet_mapper",
            "mapper_url",
        ],
    },
];

impl Library {
    /// What it tells Kratos of `item`.
    ///
    /// # Errors
    ///
    /// Why it refuses the item, or what it would make up for itself.
    pub(crate) fn read(&self, item: &Map<String, Value>) -> Result<Told, String> {
        let text = |key: &str| item.get(key).and_then(Value::as_str);
        let kind = text("provider").unwrap_or_default();
        if !KINDS.contains(&kind) {
            return Err("a kind that it does not know".to_owned());
        }
        let of_kind = self
            .of_kinds
            .iter()
            .find(|(kinds, _)| kinds.contains(&kind));
        let of_kind = of_kind.map_or(&[][..], |(_, keys)| keys);
        let wanted: BTreeSet<_> = of_kind
            .iter()
            .map(|(key, _)| key)
            .chain(self.wants)
            .collect();
        if let Some(key) = wanted.iter().find(|key| text(key).is_none()) {
            return Err(format!("{key} is missing, or not text"));
        }
        let keys = self.reads.iter().chain(of_kind);
        let known = keys.clone().map(|(key, _)| key).chain(self.checks);
        for key in known {
            match item.get(*key) {
                None | Some(Value::String(_)) => {}
                Some(Value::Null) if self.nullable.contains(key) => {}
                Some(_) => return Err(format!("{key} is not text")),
            }
        }
        // v0 raises an error over any other; v1 takes the URI of a secret for the secret.
        if text("secret_backend").is_some_and(|word| word != "relation") {
            return Err("a secret_backend that it does not implement".to_owned());
        }
        let mut values = BTreeMap::new();
        for (key, kratos) in keys {
            // An empty text counts as missing.
            if let Some(text) = text(key).filter(|text| !text.is_empty()) {
                values.entry(*kratos).or_insert_with(|| text.to_owned());
            }
        }
        // It would make one of its own, of what is written and not of what is meant.
        if !values.contains_key("id") {
            return Err("no id".to_owned());
        }
        values.entry("label").or_insert_with(|| kind.to_owned());
        let scope = text("scope")
            .filter(|scope| !scope.is_empty())
            .ok_or("no scope")?;
        // v0 splits at each space, v1 at white space of any kind and amount.
        let scope = match self.name {
            "v0" => scope.split(' ').map(str::to_owned).collect(),
            _ => scope.split_whitespace().map(str::to_owned).collect(),
        };
        Ok(Told { values, scope })
    }
}
