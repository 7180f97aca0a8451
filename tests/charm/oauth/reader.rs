//! What a released requirer makes of a provider's databag, from measurements of
//! charmlibs-interfaces-oauth 1.2.0, and without a line of the crate that is tested: each value goes
//! through Python's `json.loads`, or stays what it is, and then a schema is asked.

use std::collections::BTreeMap;

/// A databag, or the content of a secret.
pub(super) type Pairs = BTreeMap<String, String>;

/// What `json.loads` makes of a text, as far as the schema can tell the difference.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Loaded {
    Text(String),
    List(Vec<Self>),
    /// A number, a map, or one of the words.
    Other,
}

/// What becomes of the requirer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reading {
    /// Nothing is there, and it does not look further.
    Silent,
    /// It has no client yet.
    Waiting(Keys),
    /// It has one, with this secret.
    Usable(Keys, String),
    /// Its hook fails, for this reason.
    Broken(String),
}

/// All that it read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Keys(BTreeMap<String, Loaded>);

impl Keys {
    /// The text under `key`; `None` if nothing is there.
    pub(super) fn text(&self, key: &str) -> Option<&str> {
        match self.0.get(key)? {
            Loaded::Text(text) => Some(text),
            other => panic!("{key}: {other:?}"),
        }
    }

    /// The texts under `key`; `None` if nothing is there.
    pub(super) fn texts(&self, key: &str) -> Option<Vec<&str>> {
        let Loaded::List(items) = self.0.get(key)? else {
            panic!("{key} is not a list");
        };
        let texts = items.iter().map(|item| match item {
            Loaded::Text(text) => text.as_str(),
            other => panic!("{key}: {other:?}"),
        });
        Some(texts.collect())
    }
}

const REQUIRED: [&str; 7] = [
    "issuer_url",
    "authorization_endpoint",
    "token_endpoint",
    "introspection_endpoint",
    "userinfo_endpoint",
    "jwks_endpoint",
    "scope",
];

const OPTIONAL: [&str; 4] = [
    "client_id",
    "client_secret_id",
    "groups",
    "jwt_access_token",
];

/// The words of `strtobool`.
const TRUTHS: [&str; 12] = [
    "y", "yes", "t", "true", "on", "1", "n", "no", "f", "false", "off", "0",
];

/// Reads a databag. `secret` gives the content of a secret, if the requirer may read it.
pub(super) fn read(databag: &Pairs, secret: impl Fn(&str) -> Option<Pairs>) -> Reading {
    if databag.is_empty() {
        return Reading::Silent;
    }
    let loaded = databag.iter().map(|(key, raw)| (key.clone(), load(raw)));
    let keys = Keys(loaded.collect());
    if let Err(why) = validate(&keys) {
        return Reading::Broken(format!("DataValidationError: {why}"));
    }
    let word = keys.text("jwt_access_token").unwrap_or("False");
    if !TRUTHS.contains(&word.to_lowercase().as_str()) {
        return Reading::Broken(format!("ValueError: {word}"));
    }
    let filled = |key| keys.text(key).filter(|text| !text.is_empty());
    let (Some(_), Some(uri)) = (filled("client_id"), filled("client_secret_id")) else {
        return Reading::Waiting(keys);
    };
    match secret(uri).as_ref().map(|content| content.get("secret")) {
        None => Reading::Broken("SecretNotFoundError".into()),
        Some(None) => Reading::Broken("KeyError".into()),
        Some(Some(value)) => {
            let value = value.clone();
            Reading::Usable(keys, value)
        }
    }
}

fn validate(Keys(keys): &Keys) -> Result<(), String> {
    let is_text = |value: &Loaded| matches!(value, Loaded::Text(_));
    for key in REQUIRED {
        let value = keys.get(key).ok_or(format!("{key} is missing"))?;
        if !is_text(value) {
            return Err(format!("{key} is {value:?}"));
        }
    }
    let optional = OPTIONAL
        .iter()
        .filter_map(|key| Some((key, keys.get(*key)?)));
    for (key, value) in optional {
        if !is_text(value) {
            return Err(format!("{key} is {value:?}"));
        }
    }
    match keys.get("ca_chain") {
        Some(Loaded::List(items)) if items.iter().all(is_text) => Ok(()),
        None => Ok(()),
        Some(value) => Err(format!("ca_chain is {value:?}")),
    }
}

fn load(raw: &str) -> Loaded {
    loads(raw).unwrap_or_else(|| Loaded::Text(raw.to_owned()))
}

/// `json.loads`; `None` where it raises.
fn loads(text: &str) -> Option<Loaded> {
    let mut rest = text;
    let loaded = value(&mut rest)?;
    skip_space(&mut rest);
    rest.is_empty().then_some(loaded)
}

fn skip_space(rest: &mut &str) {
    *rest = rest.trim_start_matches([' ', '\t', '\n', '\r']);
}

/// Whether `rest` goes on with `token`, which is then behind us.
fn take(rest: &mut &str, token: &str) -> bool {
    let after = rest.strip_prefix(token);
    *rest = after.unwrap_or(rest);
    after.is_some()
}

fn value(rest: &mut &str) -> Option<Loaded> {
    skip_space(rest);
    let words = ["null", "true", "false", "NaN", "Infinity", "-Infinity"];
    if words.iter().any(|word| take(rest, word)) {
        return Some(Loaded::Other);
    }
    if rest.starts_with('"') {
        return string(rest).map(Loaded::Text);
    }
    if take(rest, "[") {
        return items(rest, "]", value).map(Loaded::List);
    }
    if take(rest, "{") {
        let member = |rest: &mut &str| {
            skip_space(rest);
            string(rest)?;
            skip_space(rest);
            take(rest, ":").then(|| value(rest))?
        };
        return items(rest, "}", member).map(|_| Loaded::Other);
    }
    number(rest).then_some(Loaded::Other)
}

/// What is between commas, up to `end`.
fn items<'a>(
    rest: &mut &'a str,
    end: &str,
    item: impl Fn(&mut &'a str) -> Option<Loaded>,
) -> Option<Vec<Loaded>> {
    let mut items = Vec::new();
    skip_space(rest);
    if take(rest, end) {
        return Some(items);
    }
    loop {
        items.push(item(rest)?);
        skip_space(rest);
        if take(rest, end) {
            return Some(items);
        }
        take(rest, ",").then_some(())?;
    }
}

fn string(rest: &mut &str) -> Option<String> {
    let mut is_escaped = false;
    let end = rest.char_indices().skip(1).find_map(|(at, c)| {
        let ends = c == '"' && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        ends.then_some(at + 1)
    })?;
    let (token, after) = rest.split_at(end);
    *rest = after;
    // Of the one difference, half a surrogate pair, no test has any.
    serde_json::from_str(token).ok()
}

/// A number of any size: Python has no limit that the tests reach.
fn number(rest: &mut &str) -> bool {
    let digits = |rest: &mut &str| {
        let after = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let count = rest.len() - after.len();
        *rest = after;
        count
    };
    take(rest, "-");
    if !take(rest, "0") && digits(rest) == 0 {
        return false;
    }
    // What does not go on like a number is not part of it.
    let mut ahead = *rest;
    if take(&mut ahead, ".") && digits(&mut ahead) > 0 {
        *rest = ahead;
    }
    let mut ahead = *rest;
    if take(&mut ahead, "e") || take(&mut ahead, "E") {
        let _ = take(&mut ahead, "+") || take(&mut ahead, "-");
        if digits(&mut ahead) > 0 {
            *rest = ahead;
        }
    }
    true
}

/// A databag that is usable, and what the cases change of it.
fn changed(changes: &[(&str, Option<&str>)]) -> Pairs {
    let mut databag: Pairs = REQUIRED
        .iter()
        .map(|key| ((*key).to_owned(), format!("https://op.example.com/{key}")))
        .collect();
    let client = [("client_id", "c"), ("client_secret_id", "secret:1")];
    databag.extend(client.map(|(key, value)| (key.to_owned(), value.to_owned())));
    for (key, value) in changes {
        match value {
            Some(value) => databag.insert((*key).to_owned(), (*value).to_owned()),
            None => databag.remove(*key),
        };
    }
    databag
}

/// The reader is of use only if it fails where a requirer does.
#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn the_reader_decides_as_was_measured() {
    struct Case {
        name: &'static str,
        changes: &'static [(&'static str, Option<&'static str>)],
        /// The key of the secret; `None` if it is not granted.
        secret: Option<&'static str>,
        /// How the word for the reading begins.
        reading: &'static str,
    }
    let case = |name, changes, reading| Case {
        name,
        changes,
        secret: Some("secret"),
        reading,
    };
    for Case {
        name,
        changes,
        secret,
        reading,
    } in [
        case("all keys", &[], "Usable"),
        case("no client id", &[("client_id", None)], "Waiting"),
        case("no secret", &[("client_secret_id", None)], "Waiting"),
        case("an empty client id", &[("client_id", Some(""))], "Waiting"),
        case("True", &[("jwt_access_token", Some("True"))], "Usable"),
        case(
            "in quotes",
            &[("jwt_access_token", Some("\"True\""))],
            "Usable",
        ),
        case(
            "a boolean",
            &[("jwt_access_token", Some("true"))],
            "Broken(\"Data",
        ),
        case(
            "no word",
            &[("jwt_access_token", Some("maybe"))],
            "Broken(\"Value",
        ),
        case(
            "an integer",
            &[("client_id", Some("7890123"))],
            "Broken(\"Data",
        ),
        case(
            "a fraction",
            &[("client_id", Some("1234.5678"))],
            "Broken(\"Data",
        ),
        case("no number", &[("client_id", Some("NaN"))], "Broken(\"Data"),
        case(
            "a large number",
            &[("client_id", Some("1e999"))],
            "Broken(\"Data",
        ),
        case(
            "a map",
            &[("client_id", Some(" {\"a\": [1, {}]}"))],
            "Broken(\"Data",
        ),
        case("quoted", &[("client_id", Some("\"7890123\""))], "Usable"),
        case(
            "not quite a number",
            &[("client_id", Some("0123"))],
            "Usable",
        ),
        case("not quite JSON", &[("client_id", Some("[1}"))], "Usable"),
        case("a list", &[("ca_chain", Some("[\"P\", \"Q\"]"))], "Usable"),
        case("an empty list", &[("ca_chain", Some("[]"))], "Usable"),
        case(
            "bare PEM",
            &[("ca_chain", Some("-----BEGIN"))],
            "Broken(\"Data",
        ),
        case("a claim", &[("groups", Some("groups"))], "Usable"),
        case("null", &[("groups", Some("null"))], "Broken(\"Data"),
        case(
            "missing",
            &[("introspection_endpoint", None)],
            "Broken(\"Data",
        ),
        case(
            "none",
            &[("userinfo_endpoint", Some("null"))],
            "Broken(\"Data",
        ),
        case(
            "two quotes",
            &[("introspection_endpoint", Some("\"\""))],
            "Usable",
        ),
        case(
            "scopes",
            &[("scope", Some("[\"openid\"]"))],
            "Broken(\"Data",
        ),
        case(
            "others",
            &[("x", Some("[")), ("issuer_url", Some("x"))],
            "Usable",
        ),
        Case {
            secret: None,
            ..case("not granted", &[], "Broken(\"SecretNotFound")
        },
        Case {
            secret: Some("client-secret"),
            ..case("another key", &[], "Broken(\"Key")
        },
    ] {
        let content = |_: &str| {
            let key = secret?.to_owned();
            Some(Pairs::from([(key, "s".to_owned())]))
        };
        let found = format!("{:?}", read(&changed(changes), content));
        assert!(found.starts_with(reading), "{name}: {found}");
    }
    assert_eq!(read(&Pairs::new(), |_| None), Reading::Silent);
}
