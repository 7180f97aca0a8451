//! What is wrong with a configuration, in which option, and how to mend it.

use std::fmt;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Worth knowing: published all the same, shown in the log and by
    /// `validate-config` only.
    Note,
    /// The provider's own login cannot work: published, counted in the status.
    Warning,
    /// Not published; the unit is blocked.
    Error,
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
        })
    }
}

/// Something that the administrator should know about one option.
///
/// A finding never holds the value of an option, whatever the option: people
/// paste secrets into the wrong one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How much it matters.
    pub severity: Severity,
    /// The option's name.
    pub option: String,
    /// What is wrong, in a few words.
    pub problem: String,
    /// What to do about it.
    pub fix: Fix,
}

/// What the administrator can do about a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fix {
    /// Set the option to something; `to` says what, for a person.
    Set {
        /// A placeholder such as `<client id>`, or a value that can be typed.
        to: String,
    },
    /// Something else, as an instruction, in which `{app}` stands for the
    /// application's name.
    Do(String),
}

impl Finding {
    /// Something that keeps the configuration from being published.
    #[must_use]
    pub fn error(option: impl Into<String>, problem: impl Into<String>, fix: Fix) -> Self {
        Self {
            severity: Severity::Error,
            option: option.into(),
            problem: problem.into(),
            fix,
        }
    }

    /// `<option>: <problem>: <what to type>`, for the application named
    /// `application`.
    #[must_use]
    pub fn advice(&self, application: &str) -> String {
        let Self {
            option,
            problem,
            fix,
            ..
        } = self;
        match fix {
            Fix::Set { to } => {
                format!("{option}: {problem}: run juju config {application} {option}={to}")
            }
            Fix::Do(instruction) => {
                format!(
                    "{option}: {problem}: {}",
                    instruction.replace("{app}", application)
                )
            }
        }
    }

    /// [`Self::advice`] with the severity before it: a line of `validate-config`.
    #[must_use]
    pub fn line(&self, application: &str) -> String {
        format!("{}: {}", self.severity, self.advice(application))
    }
}

/// How many of `findings` are of `severity`.
#[must_use]
pub fn count(findings: &[Finding], severity: Severity) -> usize {
    findings
        .iter()
        .filter(|finding| finding.severity == severity)
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_says_what_to_type() {
        for (name, fix, expected) in [
            (
                "set",
                Fix::Set {
                    to: "<client id>".into(),
                },
                "error: client_id: not set: run juju config idp client_id=<client id>",
            ),
            (
                "do",
                Fix::Do("wait for {app}".into()),
                "error: client_id: not set: wait for idp",
            ),
        ] {
            assert_eq!(
                Finding::error("client_id", "not set", fix).line("idp"),
                expected,
                "{name}"
            );
        }
    }

    #[test]
    fn worse_is_more() {
        assert!(Severity::Error > Severity::Warning && Severity::Warning > Severity::Note);
    }
}
