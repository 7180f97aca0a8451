//! The guard: values that Kratos' configuration would not carry.
//!
//! Every released Kratos charm writes what it is given without quotes into one YAML
//! file. A value that does not survive that bends or breaks the configuration of all
//! of Kratos, and with it everybody's login. See [`external_provider::plain_scalar`].

use external_provider::Provider;
use external_provider::plain_scalar::{self, Reading, Why};

use super::entra::TENANT;
use super::mistake::ISSUER;
use crate::finding::{Code, Finding, Fix};
use crate::kinds::{facts, instead_of};

/// What becomes of a value that Kratos' configuration would not carry as it is: the words of
/// the option `unsafe_values`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UnsafeValues {
    /// It is not published.
    Block,
    /// It is published as a JSON string literal. Kratos' configuration is YAML, which
    /// reads that as the value.
    #[default]
    Escape,
    /// It is published as it is.
    Verbatim,
}

/// The policy that a word in the option `unsafe_values` names.
///
/// # Errors
///
/// If it names none.
pub fn policy(word: Option<&str>) -> Result<UnsafeValues, Finding> {
    match word.map(plain_scalar::trimmed) {
        None | Some("escape") => Ok(UnsafeValues::Escape),
        Some("block") => Ok(UnsafeValues::Block),
        Some("verbatim") => Ok(UnsafeValues::Verbatim),
        Some(_) => Err(Finding::new(
            Code::UnsafeValuesUnknown,
            "unsafe_values",
            "it is escape, block or verbatim",
            Fix::set("escape"),
        )),
    }
}

/// What in `provider` must not be published under `policy`, and what is worth knowing.
#[must_use]
pub fn check(provider: &Provider, policy: UnsafeValues) -> Vec<Finding> {
    let mut findings = Vec::from_iter(refused_kind(provider));
    for (option, value) in provider.texts() {
        let trimmed = plain_scalar::trimmed(value);
        // What is published verbatim may have no tab before it, says YAML 1.1, and no line
        // break, after which nothing is in its place.
        let verbatim = value.trim_matches(' ').trim_end_matches('\n');
        let carried = match policy {
            UnsafeValues::Verbatim => verbatim,
            UnsafeValues::Block | UnsafeValues::Escape => trimmed,
        };
        // Kratos charms split the scope, so that quotes around several are not taken off.
        let is_split = option == "scope" && trimmed.contains(' ');
        let is_quoted = !is_split && plain_scalar::unquoted(carried).is_some();
        findings.extend(match plain_scalar::read(trimmed) {
            Reading::Bent(_) if is_quoted => Some(Finding::new(
                Code::AlreadyQuoted,
                option,
                "it is in quotes, which Kratos' YAML takes off",
                Fix::set("<the same without quotes>"),
            )),
            Reading::Bent(why) if policy == UnsafeValues::Verbatim => {
                Some(published_all_the_same(option, why))
            }
            // In quotes it gets through.
            Reading::Bent(_) if policy == UnsafeValues::Escape && option != "scope" => None,
            Reading::Bent(why) => Some(refused(option, why)),
            _ if policy == UnsafeValues::Verbatim => match plain_scalar::read(verbatim) {
                Reading::Bent(why) => Some(published_all_the_same(option, why)),
                Reading::Same | Reading::OtherInYaml1_1 => None,
            },
            Reading::OtherInYaml1_1 => Some(Finding::new(
                Code::OtherInYaml11,
                option,
                "a reader of YAML 1.1 takes it for something else than text, Kratos does not",
                Fix::instruction("nothing is to be done for released Kratos charms"),
            )),
            Reading::Same if !value.is_ascii() && value.contains('\u{feff}') => Some(Finding::new(
                Code::InvisibleCharacter,
                option,
                "an invisible character (U+FEFF) is in it, as from copying",
                Fix::set("<the same without it>"),
            )),
            Reading::Same => None,
        });
    }
    if !provider.client().scope.split(' ').all(is_scope_token) {
        findings.push(Finding::new(
            Code::ScopeMalformed,
            "scope",
            "a scope has no quotes, backslashes or accents",
            Fix::set(KNOWN_SCOPES),
        ));
    }
    findings
}

/// Kratos charms split the scope: in quotes it would be another one.
const KNOWN_SCOPES: &str = "<scopes that the provider knows>";

fn refused(option: &str, why: Why) -> Finding {
    let escape = "run juju config {app} unsafe_values=escape";
    let fix = match option {
        "scope" => Fix::set(KNOWN_SCOPES),
        // No provider makes such; the way here added them.
        "client_id" | "client_secret"
            if matches!(why, Why::Tab | Why::Unprintable | Why::LineBreak) =>
        {
            Fix::set("<the same, copied again>")
        }
        // No URL or tenant needs it.
        "issuer_url" => Fix::set(ISSUER),
        "microsoft_tenant_id" => Fix::set(TENANT),
        _ => Fix::instruction(escape),
    };
    let problem = format!("Kratos' configuration would not carry it ({why})");
    Finding::new(Code::UnsafeValue, option, problem, fix)
}

fn published_all_the_same(option: &str, why: Why) -> Finding {
    Finding::new(
        Code::UnsafeValuePublished,
        option,
        format!("Kratos' configuration does not carry it ({why})"),
        Fix::instruction("run juju config {app} unsafe_values=escape"),
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
fn refused_kind(provider: &Provider) -> Option<Finding> {
    let kind = provider.kind();
    let problem = format!("Kratos cannot use {}", kind.word());
    let fix = instead_of(kind);
    facts(kind)
        .refused
        .then(|| Finding::new(Code::KindRefused, "provider", problem, fix))
}

#[cfg(test)]
mod tests {
    use external_provider::{SecretValue, Settings};
    use juju_hook::Secret;

    use super::*;
    use crate::finding::Severity;

    #[test]
    fn what_is_published_verbatim_and_bent_is_a_warning() {
        for (name, label, expected) in [
            ("fit for YAML", "Corp", None),
            ("spaces around it, which YAML drops", "  Corp ", None),
            ("a line break after it", "Corp\n", None),
            ("a line break before it", "\nCorp", Some(Severity::Warning)),
            ("a colon", "Okta: Corp", Some(Severity::Warning)),
            ("quoted by hand", "\"Okta: Corp\"", Some(Severity::Note)),
            ("so, and spaces", " \"Okta: Corp\" \n", Some(Severity::Note)),
            (
                "so, after a break",
                "\n\"Okta: Corp\"",
                Some(Severity::Warning),
            ),
            ("so, after a tab", "\t'Corp'", Some(Severity::Warning)),
        ] {
            let provider = Provider::try_from(Settings {
                provider: Some("google".to_owned()),
                client_id: Some("1234.apps.example".to_owned()),
                client_secret: Some(SecretValue::new(Secret::new("hunter2".to_owned()))),
                label: Some(label.to_owned()),
                ..Settings::default()
            });
            let found = check(&provider.unwrap(), UnsafeValues::Verbatim);
            let severities: Vec<_> = found.iter().map(|one| one.severity).collect();
            assert_eq!(severities, Vec::from_iter(expected), "{name}: {found:?}");
        }
    }
}
