//! The guard against values that Kratos would misread.
//!
//! Every released Kratos charm writes the values into one YAML file, without quotes. A value that
//! does not survive this changes or breaks the whole configuration of Kratos, and with it
//! everybody's login. See [`external_provider::plain_scalar`].

use external_provider::Provider;
use external_provider::plain_scalar::{self, Reading, Why};

use super::entra::TENANT;
use super::mistake::look_up;
use crate::finding::{Code, Finding, Fix};
use crate::kinds::{facts, instead_of};

/// What to do with a value that Kratos would misread: the words of the option `unsafe_values`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum UnsafeValues {
    /// Nothing is published.
    Block,
    /// It is published as a JSON string literal. Kratos' configuration is YAML, which reads that
    /// as the original value.
    #[default]
    Escape,
    /// It is published as it is.
    Verbatim,
}

/// The policy that a word in the option `unsafe_values` names.
///
/// # Errors
///
/// If the word is not one of them.
pub fn policy(word: Option<&str>) -> Result<UnsafeValues, Finding> {
    match word.map(plain_scalar::trimmed) {
        None | Some("escape") => Ok(UnsafeValues::Escape),
        Some("block") => Ok(UnsafeValues::Block),
        Some("verbatim") => Ok(UnsafeValues::Verbatim),
        Some(_) => Err(Finding::new(
            Code::UnsafeValuesUnknown,
            "unsafe_values",
            "must be escape, block or verbatim",
            Fix::set("escape"),
        )),
    }
}

/// The values in `provider` that must not be published under `policy`, and notes about others.
#[must_use]
pub fn check(provider: &Provider, policy: UnsafeValues) -> Vec<Finding> {
    let mut findings = Vec::from_iter(refused_kind(provider));
    for (option, value) in provider.texts() {
        let trimmed = plain_scalar::trimmed(value);
        // A value that is published verbatim must not start with a tab, which YAML 1.1 forbids, or
        // with a line break, which would leave the key without a value.
        let verbatim = value.trim_matches(' ').trim_end_matches('\n');
        let carried = match policy {
            UnsafeValues::Verbatim => verbatim,
            UnsafeValues::Block | UnsafeValues::Escape => trimmed,
        };
        // Kratos charms split the scope, so quotes around several scopes are not removed.
        let is_split = option == "scope" && trimmed.contains(' ');
        let is_quoted = !is_split && plain_scalar::unquoted(carried).is_some();
        findings.extend(match plain_scalar::read(trimmed) {
            Reading::Bent(_) if is_quoted => Some(Finding::new(
                Code::AlreadyQuoted,
                option,
                "already in quotes, which Kratos' YAML removes",
                Fix::set("<the same without quotes>"),
            )),
            Reading::Bent(why) if policy == UnsafeValues::Verbatim => {
                Some(published_all_the_same(option, why))
            }
            // In quotes, Kratos reads it correctly.
            Reading::Bent(_) if policy == UnsafeValues::Escape && option != "scope" => None,
            Reading::Bent(why) => Some(refused(option, why)),
            _ if policy == UnsafeValues::Verbatim => match plain_scalar::read(verbatim) {
                Reading::Bent(why) => Some(published_all_the_same(option, why)),
                Reading::Same | Reading::OtherInYaml1_1 => None,
            },
            Reading::OtherInYaml1_1 => Some(Finding::new(
                Code::OtherInYaml11,
                option,
                "a YAML 1.1 reader does not read this as text, but Kratos does",
                Fix::instruction("with released Kratos charms, ignore this"),
            )),
            Reading::Same if !value.is_ascii() && value.contains('\u{feff}') => Some(Finding::new(
                Code::InvisibleCharacter,
                option,
                "contains an invisible character (U+FEFF), probably from copying",
                Fix::set("<the same without it>"),
            )),
            Reading::Same => None,
        });
    }
    if !provider.client().scope.split(' ').all(is_scope_token) {
        findings.push(Finding::new(
            Code::ScopeMalformed,
            "scope",
            "a scope cannot contain quotes, backslashes or accented letters",
            Fix::set(KNOWN_SCOPES),
        ));
    }
    findings
}

/// Kratos charms split the scope at its spaces: quotes would become part of it.
const KNOWN_SCOPES: &str = "<scopes that the provider supports>";

fn refused(option: &str, why: Why) -> Finding {
    let escape = "run juju config {app} unsafe_values=escape";
    let fix = match option {
        "scope" => Fix::set(KNOWN_SCOPES),
        // No provider issues such values: the character came in while copying.
        "client_id" | "client_secret"
            if matches!(why, Why::Tab | Why::Unprintable | Why::LineBreak) =>
        {
            Fix::set("<the same, copied again>")
        }
        // No issuer or tenant contains such a character.
        "issuer_url" => look_up(),
        "microsoft_tenant_id" => Fix::set(TENANT),
        _ => Fix::instruction(escape),
    };
    let problem = format!("Kratos would misread this value ({why})");
    Finding::new(Code::UnsafeValue, option, problem, fix)
}

fn published_all_the_same(option: &str, why: Why) -> Finding {
    Finding::new(
        Code::UnsafeValuePublished,
        option,
        format!("Kratos misreads this value ({why})"),
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

/// A kind that makes Kratos or its charm reject all providers.
fn refused_kind(provider: &Provider) -> Option<Finding> {
    let kind = provider.kind();
    let problem = format!("Kratos cannot use the kind {}", kind.word());
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
        struct Case {
            name: &'static str,
            label: &'static str,
            expected: Option<Severity>,
        }

        for Case {
            name,
            label,
            expected,
        } in [
            Case {
                name: "fit for YAML",
                label: "Corp",
                expected: None,
            },
            Case {
                name: "spaces around it, which YAML drops",
                label: "  Corp ",
                expected: None,
            },
            Case {
                name: "a line break after it",
                label: "Corp\n",
                expected: None,
            },
            Case {
                name: "a line break before it",
                label: "\nCorp",
                expected: Some(Severity::Warning),
            },
            Case {
                name: "a colon",
                label: "Okta: Corp",
                expected: Some(Severity::Warning),
            },
            Case {
                name: "quoted by hand",
                label: "\"Okta: Corp\"",
                expected: Some(Severity::Note),
            },
            Case {
                name: "so, and spaces",
                label: " \"Okta: Corp\" \n",
                expected: Some(Severity::Note),
            },
            Case {
                name: "so, after a break",
                label: "\n\"Okta: Corp\"",
                expected: Some(Severity::Warning),
            },
            Case {
                name: "so, after a tab",
                label: "\t'Corp'",
                expected: Some(Severity::Warning),
            },
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
