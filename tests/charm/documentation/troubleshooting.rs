//! Every message of the troubleshooting page, said by the charm.

use std::collections::BTreeSet;

use kratos_external_idp_integrator::applications::Requests;
use kratos_external_idp_integrator::config::{Answers, Configuration, Request};
use kratos_external_idp_integrator::finding::{Code, Finding, Fix};
use kratos_external_idp_integrator::registration::Registration;
use kratos_external_idp_integrator::status::{LENGTH_LIMIT, status_and_news};
use serde_json::{Value, json};

use super::findings::{intricate, relation};
use super::markdown::{assert_alike, first_code, matches, read, section, table};
use super::story::Story;
use crate::support::{ANSWER, GOOGLE, charm};

/// The statuses with one finding of every code, in a deployment that works otherwise. Most are
/// not in the story, as they need secrets or many configurations.
pub(super) fn statuses_of_findings() -> BTreeSet<String> {
    let options = GOOGLE.map(|(option, value)| (option.to_owned(), json!(value)));
    let options = serde_json::from_value(Value::Object(options.into_iter().collect())).unwrap();
    let configuration = Configuration::check(Request::new(options), &Answers::default());
    let relation = relation(None, ANSWER);
    let registrations = [Registration::read(&configuration, &relation)];
    assert!(registrations[0].complete, "nothing else is shown");
    let long = Fix::instruction("x".repeat(LENGTH_LIMIT));
    let mut statuses = BTreeSet::new();
    for &code in Code::ALL {
        for fix in [Fix::set("x"), long.clone()] {
            for kept in [false, true] {
                let found = [Finding::new(code, "option", "problem", fix.clone())];
                for (of_kratos, of_applications) in [(&found[..], &[][..]), (&[], &found)] {
                    let requests = Requests {
                        is_any: !of_applications.is_empty(),
                        silent: vec![],
                        asked: vec![],
                        findings: of_applications.to_vec(),
                    };
                    let (status, _) = status_and_news(
                        "idp",
                        &configuration,
                        of_kratos,
                        &registrations,
                        &requests,
                        kept,
                    );
                    statuses.insert(status.message);
                }
            }
        }
    }
    statuses
}

#[test]
fn every_message_in_troubleshooting_is_said() {
    let page = read("docs/troubleshooting.md");
    let story = Story::told();
    let mut messages = story.messages.clone();
    messages.extend(statuses_of_findings());
    let failures: BTreeSet<_> = story.failures.values().flatten().cloned().collect();
    let lines: BTreeSet<_> = story
        .lines
        .iter()
        .map(|line| line.trim_start().trim_start_matches("WARN "))
        // Juju puts the relation before what is logged in its hooks.
        .map(|line| {
            line.trim_start_matches("kratos-external-idp:0: ")
                .to_owned()
        })
        .collect();
    for (heading, said) in [
        ("The status", messages),
        ("Actions", failures),
        ("Log lines and warnings", lines),
    ] {
        let rows = table(&section(&page, heading), "Message");
        assert!(rows.len() > 4, "{heading}");
        for row in rows {
            let pattern = first_code(&row[0]);
            assert!(
                said.iter().any(|text| matches(&pattern, text)),
                "{heading}: nothing says {pattern}: {said:#?}"
            );
        }
    }
}

#[test]
fn every_error_of_the_command_line_is_in_the_reference() {
    let reference = section(&read("docs/reference.md"), "The command line");
    let rows = table(&reference, "Message on standard error");
    let patterns: Vec<_> = rows.iter().map(|row| first_code(&row[0])).collect();
    let two = "a: {label: x}\nb: {label: y}";
    let disabled = "{provider: github, client_id: c, client_secret: s, enabled: false}";
    let complaint = |args: &str, input: &str, code| {
        let args: Vec<_> = args.split(' ').collect();
        let output = charm(&args, input);
        assert_eq!(output.status.code(), Some(code), "{args:?}: {input:.40}");
        String::from_utf8(output.stderr).unwrap().trim().to_owned()
    };
    let refusal = |args, input| complaint(args, input, 1);
    let complaints = [
        refusal("validate /nowhere/at-all.yaml", ""),
        refusal("validate -", "label: ["),
        refusal("validate -", "label: x\n---\nlabel: y"),
        refusal("validate -", &intricate()),
        refusal("validate -", "text"),
        refusal("validate -", two),
        refusal("validate --app c -", two),
        refusal("test-mapper - --claims {", disabled),
        complaint("render -", disabled, 0),
    ];
    assert_alike("complaints", &patterns, &complaints.into());
}
