//! The charm's options, by name and type.

use external_provider::{Settings, plain_scalar};
use juju_hook::Secret;

use super::loose::Loose;
use crate::applications::ENDPOINTS;
use crate::finding::{Code, Finding, Fix};

/// The type of an option in `config.yaml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OptionType {
    /// `string`.
    Text,
    /// `boolean`.
    Switch,
}

/// The options about all providers alike, beside those of [`Settings::OPTIONS`].
const FOR_ALL: [(&str, OptionType); 4] = [
    ("enabled", OptionType::Switch),
    ("providers", OptionType::Text),
    ("secret_backend", OptionType::Text),
    ("unsafe_values", OptionType::Text),
];

/// The options about applications on the endpoint `oauth`, beside [`ENDPOINTS`]. Their names are
/// those of `oauth-external-idp-integrator`, where that has them.
const FOR_APPLICATIONS: [(&str, OptionType); 3] = [
    ("ca_chain", OptionType::Text),
    ("groups_claim", OptionType::Text),
    ("jwt_access_token", OptionType::Switch),
];

/// Every option of the charm. Those of [`Settings::OPTIONS`], `enabled` and `secret_backend` have
/// the names and types of the Python charm, so `juju refresh --switch` from it keeps the configuration. `config.yaml`
/// adds defaults and descriptions; a test compares the two.
pub fn options() -> impl Iterator<Item = (&'static str, OptionType)> {
    let texts = Settings::OPTIONS.iter().chain(&ENDPOINTS);
    texts
        .map(|option| (*option, OptionType::Text))
        .chain(FOR_ALL)
        .chain(FOR_APPLICATIONS)
}

/// Whether the option concerns applications only, so that a mistake in it is none of Kratos'
/// business.
pub(super) fn is_for_applications(name: &str) -> bool {
    let mut others = FOR_APPLICATIONS.iter();
    ENDPOINTS.contains(&name) || others.any(|(option, _)| *option == name)
}

/// Whether the charm has an option of this name.
#[must_use]
pub fn is_option(name: &str) -> bool {
    options().any(|(option, _)| option == name)
}

/// Gives a provider's setting its value.
pub(super) fn set(settings: &mut Settings, name: &str, value: Loose) -> Result<(), Finding> {
    if Settings::OPTIONS.contains(&name) {
        settings.set(name, text(name, value)?);
        return Ok(());
    }
    if is_option(name) {
        let fix = format!("remove it from the list, and run juju config {{app}} {name}='<value>'");
        return Err(Finding::new(
            Code::OptionForAll,
            name,
            "this applies to all providers, not to one",
            Fix::instruction(fix),
        ));
    }
    Err(Finding::new(
        Code::OptionUnknown,
        nameable(name),
        Code::OptionUnknown.brief(),
        Fix::instruction("remove it, or correct the name"),
    ))
}

/// A name that is safe to show. Something that does not look like a name may be a secret: a colon
/// without a space after it makes one part of the key.
fn nameable(name: &str) -> &str {
    let is_name = name.len() <= 30
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || matches!(byte, b'_' | b'-'));
    if is_name { name } else { "<not a name>" }
}

/// The value of a string option.
pub(super) fn text(name: &str, value: Loose) -> Result<Option<Secret>, Finding> {
    let instruction = match value {
        Loose::Unset => return Ok(None),
        Loose::Text(text) => return Ok(Some(text).filter(|text| !is_unset(name, text.expose()))),
        Loose::Switch(_) | Loose::Number => "put it in quotes",
        Loose::List(_) | Loose::Map(_) => "write it as a string, for example as a block after |",
    };
    Err(Finding::new(
        Code::NotText,
        name,
        Code::NotText.brief(),
        Fix::instruction(instruction),
    ))
}

/// Whether a string counts as unset: it is empty, or only white space, which Kratos' YAML drops. A
/// scope of white space is left to a check.
fn is_unset(name: &str, text: &str) -> bool {
    text.is_empty() || name != "scope" && plain_scalar::trimmed(text).is_empty()
}

/// The value of a switch. It may be a string, which Juju reads with Go's `strconv.ParseBool`.
pub(super) fn switch(name: &str, value: Loose) -> Result<Option<bool>, Finding> {
    match value {
        Loose::Unset => Ok(None),
        Loose::Switch(on) => Ok(Some(on)),
        Loose::Text(text) => match text.expose() {
            "1" | "t" | "T" | "true" | "TRUE" | "True" => Ok(Some(true)),
            "0" | "f" | "F" | "false" | "FALSE" | "False" => Ok(Some(false)),
            "" => Ok(None),
            _ => Err(no_switch(name)),
        },
        Loose::Number | Loose::List(_) | Loose::Map(_) => Err(no_switch(name)),
    }
}

fn no_switch(name: &str) -> Finding {
    Finding::new(
        Code::NotBoolean,
        name,
        Code::NotBoolean.brief(),
        Fix::set("<true or false>"),
    )
}
