//! The status, in the words of the Python charm.

use juju_hook::{Status, StatusLevel};

use crate::config::Configuration;
use crate::finding::{Finding, Severity};
use crate::registration::Registration;

/// The maximum length of a status in characters: `juju status` shows it in a table column.
pub const LENGTH_LIMIT: usize = 120;

/// The status of this unit: the first that applies, the worst first.
///
/// `findings` are all findings, the worst first. `kept` says whether the last valid configuration
/// stays published.
#[must_use]
pub fn status(
    application: &str,
    configuration: &Configuration,
    findings: &[Finding],
    registrations: &[Registration<'_>],
    kept: bool,
) -> Status {
    let worst = |severity, says: &str, kept| {
        let found = findings.iter().filter(|one| one.severity == severity);
        sentence(says, application, &found.collect::<Vec<_>>(), kept)
    };
    let waits = || registrations.iter().any(|one| !one.complete);
    let invalid = "Invalid OIDC provider configuration";
    let (level, message) = if let Some(invalid) = worst(Severity::Error, invalid, kept) {
        (StatusLevel::Blocked, invalid)
    } else if registrations.is_empty() {
        let text = "Missing integration kratos-external-idp";
        (StatusLevel::Blocked, text.to_owned())
    } else if !configuration.enabled {
        let text = "The OIDC provider is disabled";
        (StatusLevel::Active, text.to_owned())
    } else if waits() {
        let text = "Waiting for the requirer charm to register the OIDC provider";
        (StatusLevel::Waiting, text.to_owned())
    } else if let Some(fails) = worst(Severity::Warning, "Logins will fail", false) {
        (StatusLevel::Blocked, fails)
    } else {
        let text = "The OIDC provider is ready";
        (StatusLevel::Active, text.to_owned())
    };
    Status { level, message }
}

/// The first of `findings`, how many more there are, and what to type, as far as there is room. If the
/// command does not fit, `validate-config` prints it.
fn sentence(says: &str, application: &str, findings: &[&Finding], kept: bool) -> Option<String> {
    let (first, others) = findings.split_first()?;
    let problem = format!("{says}: {}: {}", first.place, first.code.brief());
    let fix = first.what_to_do(application);
    let more = match others.len() {
        0 => String::new(),
        more => format!(" (and {more} more)"),
    };
    let kept = if kept {
        "; the last valid one stays"
    } else {
        ""
    };
    let pointer = "; run validate-config";
    let texts = [
        format!("{problem}: {fix}{more}{kept}"),
        format!("{problem}: {fix}{more}"),
        format!("{problem}{more}{kept}{pointer}"),
        format!("{problem}{more}{pointer}"),
        format!("{problem}{pointer}"),
    ];
    let fits = |text: &String| text.chars().count() <= LENGTH_LIMIT;
    Some(texts.into_iter().find(fits).unwrap_or_else(|| {
        // An item of a list, and an option with a long name.
        let room = LENGTH_LIMIT - pointer.len() - 1;
        let start: String = problem.chars().take(room).collect();
        format!("{start}…{pointer}")
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::options;
    use crate::finding::{Code, Fix};

    #[test]
    fn every_status_is_short_for_an_application_of_the_default_name() {
        let application = env!("CARGO_PKG_NAME");
        let fixes = [
            Fix::Unset,
            Fix::set("<a placeholder>"),
            Fix::instruction("x".repeat(200)),
        ];
        for (severity, says) in [
            (Severity::Error, "Invalid OIDC provider configuration"),
            (Severity::Warning, "Logins will fail"),
        ] {
            for &code in Code::ALL.iter().filter(|code| code.severity() == severity) {
                for (option, _) in options() {
                    for fix in &fixes {
                        let finding = Finding::new(code, option, "problem", fix.clone());
                        for (item, others, kept) in
                            [(None, 0, false), (None, 99, true), (Some(99), 99, true)]
                        {
                            let finding = finding.clone().in_item(item);
                            let findings = vec![&finding; others + 1];
                            let text = sentence(says, application, &findings, kept).unwrap();
                            assert!(text.chars().count() <= LENGTH_LIMIT, "{text}");
                            let is_whole = text.contains(code.brief());
                            assert!(is_whole || item.is_some(), "{text}: cut");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn a_status_says_as_much_as_there_is_room_for() {
        struct Case<'a> {
            name: &'static str,
            findings: Vec<&'a Finding>,
            kept: bool,
            expected: &'static str,
        }

        let finding = |fix| Finding::new(Code::NotSet, "client_id", "not set", fix);
        let short = finding(Fix::set("<client id>"));
        let long = finding(Fix::instruction("x".repeat(99)));
        let says = "Invalid OIDC provider configuration";
        for Case {
            name,
            findings,
            kept,
            expected,
        } in [
            Case {
                name: "the command",
                findings: vec![&short],
                kept: false,
                expected: "client_id: not set: run juju config idp client_id='<client id>'",
            },
            Case {
                name: "and more of them",
                findings: vec![&short, &short],
                kept: false,
                expected: "client_id: not set: run juju config idp client_id='<client id>' (and 1 more)",
            },
            Case {
                name: "the command is worth more than what stays",
                findings: vec![&short, &short],
                kept: true,
                expected: "client_id: not set: run juju config idp client_id='<client id>' (and 1 more)",
            },
            Case {
                name: "what stays, without room for the command",
                findings: vec![&long, &short],
                kept: true,
                expected: "client_id: not set (and 1 more); the last valid one stays; run validate-config",
            },
            Case {
                name: "no room for the command",
                findings: vec![&long],
                kept: false,
                expected: "client_id: not set; run validate-config",
            },
        ] {
            let text = sentence(says, "idp", &findings, kept).unwrap();
            assert_eq!(text, format!("{says}: {expected}"), "{name}");
        }
        assert_eq!(sentence(says, "idp", &[], false), None, "nothing found");
    }
}
