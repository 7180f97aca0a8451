//! `validate-config`: everything that is wrong, and how to fix it.

use serde::Deserialize;

use super::reply::Reply;
use crate::applications::Requests;
use crate::finding;
use crate::observe::{Observed, Relation};
use crate::reconcile;
use crate::registration::{self, Registration};
use crate::report::{Report, check_public_url};

/// The parameters of the action.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Parameters {
    /// Where users reach Kratos; empty if that is not known.
    pub public_url: String,
}

pub(super) fn answer(seen: &Observed, parameters: &Parameters) -> Reply {
    let public_url = Some(parameters.public_url.as_str()).filter(|url| !url.is_empty());
    if let Some(Err(problem)) = public_url.map(check_public_url) {
        return Reply::failed(format!("public-url {problem}"));
    }
    let registrations = Registration::read_each(&seen.configuration, &seen.relations);
    let mut findings = reconcile::findings(&seen.configuration, &registrations);
    let published: Vec<_> = seen.relations.iter().map(Relation::published).collect();
    let relations = registrations
        .iter()
        .zip(published.iter().map(Vec::as_slice));
    findings.extend(registration::changed_ids(&seen.configuration, relations));
    let requests = Requests::new(&seen.configuration.applications, &seen.applications);
    findings.extend(requests.findings.iter().cloned());
    finding::sort(&mut findings);
    let report = Report::new(
        &seen.application,
        &seen.configuration,
        &findings,
        public_url,
    );
    let report = report.with_applications(&requests);
    let providers = report.providers.iter();
    let ids: Vec<_> = providers.clone().map(|one| one.id.as_str()).collect();
    let of_kratos = providers.filter_map(|one| one.redirect_uri.as_deref());
    let of_applications = requests.redirect_uris().map(|(_, uri)| uri);
    let uris: Vec<_> = of_kratos.chain(of_applications).collect();
    let mut reply = Reply::default();
    reply.lines("valid", &report.valid.to_string());
    reply.lines("findings", &report.lines());
    for (key, lines) in [("provider-ids", ids), ("redirect-uris", uris)] {
        if !lines.is_empty() {
            reply.lines(key, &lines.join("\n"));
        }
    }
    reply.whole("json", report.json());
    reply
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use external_provider::KEY;
    use juju_hook::{Databag, RelationId};

    use super::*;
    use crate::config::{Answers, Configuration, Request};
    use crate::observe::Relation;

    const GOOGLE: &str = r#"{"provider":"google","client_id":"c","client_secret":"s","provider_id":"g","scope":"openid email"}"#;

    fn answered(options: &str, published: Option<&str>, public_url: &str) -> Reply {
        let options = Request::new(serde_json::from_str(options).unwrap());
        let relation = |value: &str| Relation {
            id: RelationId::new("kratos-external-idp:7"),
            requirer: "kratos".into(),
            ours: Some(Databag::from([(KEY, value)])),
            theirs: Databag::default(),
            secrets: BTreeMap::new(),
        };
        let configuration = Configuration::check(options, &Answers::default());
        let seen = Observed::at_rest(configuration, published.map(relation).into_iter().collect());
        let public_url = public_url.to_owned();
        answer(&seen, &Parameters { public_url })
    }

    #[test]
    fn all_findings_are_listed() {
        let valid = answered(GOOGLE, None, "");
        assert_eq!(
            valid.results,
            [
                ("valid", "true".into()),
                ("findings", "none".into()),
                ("provider-ids", "g".into()),
                (
                    "json",
                    r#"{"valid":true,"findings":[],"providers":[{"id":"g"}]}"#.into()
                ),
            ]
            .map(|(key, value): (&str, String)| (key.to_owned(), value))
        );
        let invalid = answered(r#"{"provider":"microsoft"}"#, None, "");
        assert_eq!(invalid.results[0], ("valid".to_owned(), "false".to_owned()));
        assert_eq!(invalid.results[1].1.lines().count(), 3);
        assert_eq!(invalid.failure, None);
    }

    #[test]
    fn redirect_uris_are_known_beforehand() {
        let reply = answered(GOOGLE, None, "https://iam.example.com/");
        let uri = "https://iam.example.com/self-service/methods/oidc/callback/g";
        assert!(
            reply
                .results
                .contains(&("redirect-uris".to_owned(), uri.to_owned())),
            "{reply:?}"
        );
        for url in [
            "iam.example.com",
            "https://",
            "ftp://x",
            "https://a b",
            "https://a?b",
        ] {
            assert!(answered(GOOGLE, None, url).failure.is_some(), "{url}");
        }
    }

    #[test]
    fn a_change_of_the_published_id_is_reported() {
        struct Case {
            name: &'static str,
            published: Option<&'static str>,
            warns: bool,
        }

        let old = r#"[{"provider":"google","id":"old"}]"#;
        let same = r#"[{"provider":"google","id":"g"}]"#;
        for Case {
            name,
            published,
            warns,
        } in [
            Case {
                name: "nothing published",
                published: None,
                warns: false,
            },
            Case {
                name: "same",
                published: Some(same),
                warns: false,
            },
            Case {
                name: "other",
                published: Some(old),
                warns: true,
            },
        ] {
            let reply = answered(GOOGLE, published, "");
            let findings = &reply.results[1].1;
            assert_eq!(
                findings.starts_with("note: provider_id: "),
                warns,
                "{name}: {findings}"
            );
            assert_eq!(findings.contains("callback/g"), warns, "{name}: {findings}");
        }
    }
}
