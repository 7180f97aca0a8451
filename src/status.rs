//! The status, in the words of the Python charm where it has any.

use juju_hook::{LogLevel, Status, StatusLevel};

use crate::applications::{self, Requests};
use crate::config::Configuration;
use crate::finding::{Finding, Fix, Severity};
use crate::news;
use crate::registration::Registration;

/// The maximum length of a status in characters: `juju status` shows it in a table column.
pub const LENGTH_LIMIT: usize = 120;

/// The status of this unit, which is the first that applies, the worst first; and what the log should
/// say if it is new.
///
/// `findings` are all findings about Kratos, the worst first, and `requests` is about applications.
/// `kept` says whether the last valid configuration stays published.
#[must_use]
pub fn status_and_news(
    application: &str,
    configuration: &Configuration,
    findings: &[Finding],
    registrations: &[Registration<'_>],
    requests: &Requests<'_>,
    kept: bool,
) -> (Status, Option<(LogLevel, String)>) {
    let (errors, mut warnings) = (
        of(Severity::Error, findings),
        of(Severity::Warning, findings),
    );
    if registrations.is_empty() {
        warnings.retain(|one| applications::concerns(&one.place.option));
    }
    // Applications wait for what is wrong only if there are any.
    let asked: &[Finding] = if requests.is_any {
        &requests.findings
    } else {
        &[]
    };
    let (theirs_wait, theirs_fail) = (of(Severity::Error, asked), of(Severity::Warning, asked));
    let (invalid, fail) = ("Invalid OIDC provider configuration", "Logins will fail");
    let is_registered = registrations.iter().all(|one| one.complete);
    let blocked = |says: &str, found: &[&Finding]| {
        let text = sentence(says, application, found, false)?;
        let news = news::to_fix(says, application, found);
        Some((StatusLevel::Blocked, text, Some((LogLevel::Error, news))))
    };
    let (level, message, news) = if let Some(text) = sentence(invalid, application, &errors, kept) {
        let mut news = news::to_fix(invalid, application, &errors);
        if kept {
            news.push_str("\nThe last valid configuration stays published.");
        }
        (StatusLevel::Blocked, text, Some((LogLevel::Error, news)))
    } else if registrations.is_empty() && !requests.is_any {
        let text = "Missing integration kratos-external-idp";
        (StatusLevel::Blocked, text.to_owned(), None)
    } else if !configuration.enabled {
        let text = "The OIDC provider is disabled";
        (StatusLevel::Active, text.to_owned(), None)
    } else if let Some(status) = blocked(fail, &warnings).filter(|_| is_registered) {
        status
    } else if let Some(status) = blocked("Endpoint oauth waits", &theirs_wait) {
        status
    } else if let Some(status) = blocked(fail, &theirs_fail) {
        status
    } else if !is_registered {
        let text = "Waiting for the requirer charm to register the OIDC provider";
        (StatusLevel::Waiting, text.to_owned(), None)
    } else if let [silent, ..] = requests.silent[..] {
        let text = format!("Waiting for {silent} to ask for a client on oauth");
        (StatusLevel::Waiting, text, None)
    } else {
        let text = "The OIDC provider is ready";
        let news = news::to_register(registrations, requests);
        (
            StatusLevel::Active,
            text.to_owned(),
            Some((LogLevel::Info, news)),
        )
    };
    (Status { level, message }, news)
}

/// Those of `findings` that matter as much.
fn of(severity: Severity, findings: &[Finding]) -> Vec<&Finding> {
    let is_of_it = |one: &&Finding| one.severity == severity;
    findings.iter().filter(is_of_it).collect()
}

/// The first of `findings`, how many more there are, and what to type, as far as there is room. If the
/// command does not fit, the action that prints it is named.
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
    let pointer = match first.fix {
        Fix::AskProvider(_) => "; run check-provider",
        _ => "; run validate-config",
    };
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
    use crate::finding::Code;

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
