//! Placeholders from documentation and templates that nobody replaced.

use external_provider::plain_scalar;

use super::subject::Subject;
use crate::finding::{Code, Finding, Fix};

/// Pairs of signs that mark a placeholder.
const MARKS: [(&str, &str); 4] = [("<", ">"), ("${", "}"), ("{{", "}}"), ("$(", ")")];

/// Placeholders that examples use, without the signs between words.
const WORDS: [&str; 12] = [
    "changeme",
    "clientid",
    "clientsecret",
    "myclientid",
    "myclientsecret",
    "placeholder",
    "secret",
    "todo",
    "xxx",
    "xxxx",
    "yourclientid",
    "yourclientsecret",
];

pub(super) fn check(subject: &Subject<'_>) -> Vec<Finding> {
    subject
        .lines()
        .filter(|(option, text)| is_place_holder(option, &plain_scalar::meant(text)))
        .map(|(option, _)| {
            Finding::new(
                Code::PlaceHolder,
                option,
                "this looks like a placeholder that was not replaced",
                Fix::set("<the real value>"),
            )
        })
        .collect()
}

/// Whether the whole of `text` is a placeholder, or contains one of a template. Angle brackets
/// within a text may belong to it.
fn is_place_holder(option: &str, text: &str) -> bool {
    let is_marked = MARKS.iter().any(|(start, end)| {
        let is_all = text.starts_with(start) && text.ends_with(end) && text.len() > 2;
        let is_template = start.len() > 1
            && text
                .split_once(start)
                .is_some_and(|(_, rest)| rest.contains(end));
        is_all || is_template
    });
    is_marked
        || is_variable(text)
        || match option {
            "issuer_url" => is_half_an_issuer(text),
            // A button's label and a chosen id may be any word.
            "label" | "provider_id" => false,
            _ => is_word(text),
        }
}

/// `$CLIENT_SECRET`: it must contain an underscore, since a secret may start with a dollar sign.
fn is_variable(text: &str) -> bool {
    text.strip_prefix('$').is_some_and(|name| {
        name.contains('_')
            && name.starts_with(|first: char| first.is_ascii_uppercase())
            && name
                .bytes()
                .all(|byte| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_'))
    })
}

fn is_word(text: &str) -> bool {
    let is_sign = |c: char| matches!(c, '-' | '_' | ' ');
    let bare: String = text.chars().filter(|c| !is_sign(*c)).collect();
    // Nobody gives their own client such a name.
    let is_yours = text
        .split_once(is_sign)
        .is_some_and(|(owner, _)| owner.eq_ignore_ascii_case("your"));
    is_yours || WORDS.contains(&bare.to_ascii_lowercase().as_str())
}

/// A placeholder within a URL: `https://<tenant>.okta.com`, `https://{yourOktaDomain}`,
/// `https://your-domain.auth0.com`.
fn is_half_an_issuer(text: &str) -> bool {
    let is_in_angles = text
        .split_once('<')
        .is_some_and(|(_, rest)| rest.contains('>'));
    let host = text.split_once("://").map_or(text, |(_, rest)| rest);
    let host = host.to_ascii_lowercase();
    is_in_angles || host.starts_with("{your") || host.starts_with("your-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn place_holders_are_told_from_values() {
        for (text, expected) in [
            ("$CLIENT_SECRET", true),
            ("your-client-id-here", true),
            ("YOUR_APP", true),
            ("$SECRET", false),
            ("$Ab_cD", false),
            ("yours", false),
            ("my-client", false),
            ("<client-id>", true),
            ("${GOOGLE_CLIENT_ID}", true),
            ("prefix-${ID}", true),
            ("{{ client_id }}", true),
            ("$(cat secret)", true),
            ("client_id", true),
            ("YOUR-CLIENT-SECRET", true),
            ("changeme", true),
            ("a<b>c", false),
            ("<", false),
            ("$abc}", false),
            ("client_id_of_corp", false),
            ("0oa1example2client3id", false),
            ("https://<host>", false),
        ] {
            assert_eq!(is_place_holder("client_id", text), expected, "{text}");
        }
    }

    #[test]
    fn some_options_may_be_any_word() {
        struct Case {
            option: &'static str,
            text: &'static str,
            expected: bool,
        }

        for Case {
            option,
            text,
            expected,
        } in [
            Case {
                option: "label",
                text: "<label>",
                expected: true,
            },
            Case {
                option: "label",
                text: "${LABEL}",
                expected: true,
            },
            Case {
                option: "label",
                text: "todo",
                expected: false,
            },
            Case {
                option: "label",
                text: "Your company",
                expected: false,
            },
            Case {
                option: "provider_id",
                text: "client-id",
                expected: false,
            },
            Case {
                option: "issuer_url",
                text: "https://<tenant>.okta.com",
                expected: true,
            },
            Case {
                option: "issuer_url",
                text: "https://{yourOktaDomain}/oauth2/default",
                expected: true,
            },
            Case {
                option: "issuer_url",
                text: "https://your-domain.auth0.com/",
                expected: true,
            },
            Case {
                option: "issuer_url",
                text: "https://${DOMAIN}/",
                expected: true,
            },
            Case {
                option: "issuer_url",
                text: "https://yourcompany.okta.com",
                expected: false,
            },
            Case {
                option: "issuer_url",
                text: "https://sso.example.com/{x}",
                expected: false,
            },
        ] {
            assert_eq!(is_place_holder(option, text), expected, "{option}: {text}");
        }
    }
}
