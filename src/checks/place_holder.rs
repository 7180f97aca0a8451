//! Place holders of documentation and templates that nobody replaced.

use super::Subject;
use crate::finding::{Code, Finding, Fix};
use crate::plain_scalar;

/// Pairs of signs with which templates mark what is to be replaced.
const MARKS: [(&str, &str); 4] = [("<", ">"), ("${", "}"), ("{{", "}}"), ("$(", ")")];

/// What examples have in place of a value, less the signs between its words.
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
    let settings = subject.settings;
    let texts = [
        ("client_id", &settings.client_id),
        ("issuer_url", &settings.issuer_url),
        ("microsoft_tenant_id", &settings.microsoft_tenant_id),
        ("apple_team_id", &settings.apple_team_id),
        ("apple_private_key_id", &settings.apple_private_key_id),
        ("provider_id", &settings.provider_id),
        ("scope", &settings.scope),
    ];
    let texts = texts
        .into_iter()
        .filter_map(|(option, text)| Some((option, text.as_deref()?)));
    let secret = subject
        .secret
        .filter(|(option, _)| *option == "client_secret")
        .map(|(option, secret)| (option, secret.expose()));
    texts
        .chain(secret)
        .filter(|(_, text)| is_place_holder(&plain_scalar::meant(text)))
        .map(|(option, _)| {
            Finding::new(
                Code::PlaceHolder,
                option,
                "that looks like a place holder, which something was to replace",
                Fix::set("<the value itself>"),
            )
        })
        .collect()
}

/// Whether all of `text` is one mark, or a word of examples. A mark within a text may be a part
/// of it, but for those of templates.
fn is_place_holder(text: &str) -> bool {
    let is_marked = MARKS.iter().any(|(start, end)| {
        let is_all = text.starts_with(start) && text.ends_with(end) && text.len() > 2;
        let is_template = start.len() > 1
            && text
                .split_once(start)
                .is_some_and(|(_, rest)| rest.contains(end));
        is_all || is_template
    });
    let bare: String = text
        .chars()
        .filter(|c| !matches!(c, '-' | '_' | ' '))
        .collect();
    is_marked || WORDS.contains(&bare.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn place_holders_are_told_from_values() {
        for (text, expected) in [
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
            assert_eq!(is_place_holder(text), expected, "{text}");
        }
    }
}
