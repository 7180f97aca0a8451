//! The guard: values that Kratos' configuration would not carry.
//!
//! Every released Kratos charm writes what it is given without quotes into one YAML
//! file. A value that does not survive that bends or breaks the configuration of all
//! of Kratos, and with it everybody's login. See [`crate::plain_scalar`].

use super::issuer::ISSUER;
use super::microsoft::TENANT;
use crate::finding::{Finding, Fix};
use crate::plain_scalar::{self, Reading, Why};
use crate::provider::{Provider, UnsafeValues};

/// The policy that a word in the option `unsafe_values` names.
///
/// # Errors
///
/// If it names none.
pub fn policy(word: Option<&str>) -> Result<UnsafeValues, Finding> {
    match word {
        None | Some("block") => Ok(UnsafeValues::Block),
        Some("escape") => Ok(UnsafeValues::Escape),
        Some("verbatim") => Ok(UnsafeValues::Verbatim),
        Some(_) => Err(Finding::error(
            "unsafe_values",
            "it is block, escape or verbatim",
            Fix::set("block"),
        )),
    }
}

/// What in `provider` must not be published under `policy`, and what is worth knowing.
#[must_use]
pub fn check(provider: &Provider, policy: UnsafeValues) -> Vec<Finding> {
    if policy == UnsafeValues::Verbatim {
        return Vec::new();
    }
    let mut findings = Vec::from_iter(unusable_kind(provider));
    for (option, value) in provider.texts() {
        findings.extend(match plain_scalar::read(value) {
            // In quotes it gets through.
            Reading::Bent(_) if policy == UnsafeValues::Escape && option != "scope" => None,
            Reading::Bent(why) => Some(unsafe_value(option, value, why)),
            Reading::OtherInYaml1_1 => Some(Finding::note(
                option,
                "a reader of YAML 1.1 takes it for something else than a text, Kratos does not",
                Fix::instruction("nothing is to be done for released Kratos charms"),
            )),
            Reading::Same if !value.is_ascii() && value.contains('\u{feff}') => {
                Some(Finding::note(
                    option,
                    "an invisible character (U+FEFF) is in it, as from copying",
                    Fix::set("<the same without it>"),
                ))
            }
            Reading::Same => None,
        });
    }
    if !provider.scope().split(' ').all(is_scope_token) {
        let why = "a scope has no quotes, backslashes or accents";
        findings.push(not_carried("scope", why, Fix::set(KNOWN_SCOPES)));
    }
    findings
}

/// Kratos charms split the scope: in quotes it would be another one.
const KNOWN_SCOPES: &str = "\"<scopes that the provider knows>\"";

fn unsafe_value(option: &str, value: &str, why: Why) -> Finding {
    // A key in PEM ends in a line break.
    let around = value.trim() != value && option != "apple_private_key";
    let escape = "run juju config {app} unsafe_values=escape";
    let fix = match option {
        "scope" => Fix::set(KNOWN_SCOPES),
        _ if around => Fix::set("<the same without white space around it>"),
        // No provider makes such; the way here added them.
        "client_id" | "client_secret"
            if matches!(why, Why::Tab | Why::Unprintable | Why::LineBreak) =>
        {
            Fix::set("<the same, copied again>")
        }
        // The provider made these.
        "client_id"
        | "client_secret"
        | "apple_private_key"
        | "apple_private_key_id"
        | "apple_team_id" => Fix::instruction(escape),
        // No URL or tenant needs it.
        "issuer_url" => Fix::set(ISSUER),
        "microsoft_tenant_id" => Fix::set(TENANT),
        _ => Fix::instruction(format!("change it, or {escape}")),
    };
    not_carried(option, &why.to_string(), fix)
}

fn not_carried(option: &str, why: &str, fix: Fix) -> Finding {
    Finding::error(
        option,
        format!("Kratos' configuration would not carry it ({why})"),
        fix,
    )
}

/// `scope-token` of RFC 6749, section 3.3.
fn is_scope_token(token: &str) -> bool {
    !token.is_empty()
        && token
            .bytes()
            .all(|byte| matches!(byte, 0x21 | 0x23..=0x5b | 0x5d..=0x7e))
}

/// A kind that Kratos or its charm refuses, and all other providers with it.
fn unusable_kind(provider: &Provider) -> Option<Finding> {
    let kind = provider.kind();
    let fix = match kind.issuer() {
        Some(issuer) => Fix::as_generic(issuer),
        None => Fix::instruction("use another provider"),
    };
    let problem = format!("Kratos cannot use {}", kind.word());
    kind.is_refused()
        .then(|| Finding::error("provider", problem, fix))
}
