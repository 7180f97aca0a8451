//! The report on a configuration, for people and as JSON. The action `validate-config` and the
//! command line print the same one.

use external_provider::Provider;
use juju_hook::json;
use serde::Serialize;

use crate::applications::Requests;
use crate::checks::redirect;
use crate::config::Configuration;
use crate::finding::{Code, Finding, Severity};

/// A report on a configuration. As JSON, it is an interface: `docs/schema/validate-config.json`
/// describes it.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Whether it would be published.
    pub valid: bool,
    /// Everything found, the worst first.
    pub findings: Vec<Line>,
    /// The providers, if it is valid.
    pub providers: Vec<Named>,
    /// What applications on the endpoint `oauth` ask for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub applications: Vec<Asked>,
}

/// One finding.
#[derive(Debug, Serialize)]
pub struct Line {
    /// What it is about.
    pub code: Code,
    /// How much it matters.
    pub severity: Severity,
    /// Where it is.
    pub option: String,
    /// What is wrong.
    pub problem: String,
    /// What to type.
    pub fix: String,
    /// The whole finding as one line.
    #[serde(skip)]
    pub text: String,
}

impl Line {
    /// How to print `finding` about the application named `application`.
    #[must_use]
    pub fn new(finding: &Finding, application: &str) -> Self {
        Self {
            code: finding.code,
            severity: finding.severity,
            option: finding.place.to_string(),
            problem: finding.problem.clone(),
            fix: finding.what_to_do(application),
            text: finding.line(application),
        }
    }
}

/// One provider.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Named {
    /// Its id.
    pub id: String,
    /// What to register at the provider, if Kratos' URL is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redirect_uri: Option<String>,
}

/// A redirect URI that an application asks for.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Asked {
    /// The relation's id.
    pub relation_id: String,
    /// The application.
    pub app: String,
    /// What to register at the provider.
    pub redirect_uri: String,
}

impl Report {
    /// Reports on the `configuration` of `application` and all its findings. The redirect URIs are
    /// those of a Kratos that users reach at `public_url`.
    #[must_use]
    pub fn new(
        application: &str,
        configuration: &Configuration,
        findings: &[Finding],
        public_url: Option<&str>,
    ) -> Self {
        let providers = configuration.providers();
        let refused = public_url.into_iter().flat_map(|url| {
            let kinds = providers.into_iter().flatten().map(Provider::kind);
            kinds.filter_map(move |kind| redirect::check(kind, url))
        });
        let line = |finding: &Finding| Line::new(finding, application);
        let name = |id: &str| Named {
            id: id.to_owned(),
            redirect_uri: public_url.map(|url| external_provider::of_kratos(url, id)),
        };
        Self {
            valid: findings.iter().all(|one| one.severity < Severity::Error),
            findings: findings
                .iter()
                .map(line)
                .chain(refused.map(|finding| line(&finding)))
                .collect(),
            providers: providers
                .into_iter()
                .flatten()
                .map(|provider| name(&provider.id()))
                .collect(),
            applications: Vec::new(),
        }
    }

    /// The same report with what applications ask for.
    #[must_use]
    pub fn with_applications(mut self, requests: &Requests<'_>) -> Self {
        let asked = requests.redirect_uris().map(|(relation, uri)| Asked {
            relation_id: relation.id.to_string(),
            app: relation.requirer.clone(),
            redirect_uri: uri.to_owned(),
        });
        self.applications = asked.collect();
        self
    }

    /// The findings, one a line, or `none`.
    #[must_use]
    pub fn lines(&self) -> String {
        lines(self.findings.iter().map(|line| line.text.clone()))
    }

    /// The whole report, as JSON.
    #[must_use]
    pub fn json(&self) -> String {
        json::encode(self).into_exposed()
    }
}

/// These findings, one a line, or `none`.
pub(crate) fn lines(findings: impl Iterator<Item = String>) -> String {
    let lines: Vec<_> = findings.collect();
    if lines.is_empty() {
        return "none".to_owned();
    }
    lines.join("\n")
}

/// Makes sure that users can reach Kratos at `url`.
///
/// # Errors
///
/// What it must be, in the words after its name.
pub fn check_public_url(url: &str) -> Result<(), &'static str> {
    let has_host = ["https://", "http://"].iter().any(|scheme| {
        url.strip_prefix(scheme)
            .is_some_and(|rest| !rest.is_empty() && !rest.starts_with('/'))
    });
    let is_odd = |c: char| c.is_whitespace() || c.is_control() || c == '?' || c == '#';
    if has_host && !url.contains(is_odd) {
        Ok(())
    } else {
        Err("must be a URL that starts with https:// or http://, without a query")
    }
}
