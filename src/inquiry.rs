//! Asking an identity provider whether a login can work: what is asked, and how the answer reads.
//!
//! The [`doctor`] asks. The action `check-provider` and the command `check` ask and print the same.

use std::time::SystemTime;

use doctor::Doctor;
use doctor::provider::{
    Application, Comparison, Credentials, Endpoints, Examination, Fixed, Found, Issuer, Question,
    Remedy, Verdict,
};
use external_provider::{Kind, Provider, SecretValue, plain_scalar};
use juju_hook::{Proxies, Secret, json};
use serde::{Deserialize, Serialize};

use crate::checks::apple::{self, Validity};
use crate::config::{self, Configuration};
use crate::finding::shell_word;
use crate::kinds::facts;
use crate::report::check_public_url;

/// What somebody who asks may say: the parameters of the action.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Parameters {
    /// Which provider to ask; empty if there is only one.
    pub provider_id: String,
    /// Where users reach Kratos; empty if that is not known.
    pub public_url: String,
    /// Certificates to trust beside those of the system, in PEM; may be empty.
    pub ca: String,
    /// Whether one request may be wrong on purpose.
    pub control: bool,
}

/// A question about one provider.
#[derive(Debug)]
pub struct Inquiry {
    /// What the doctor is asked.
    pub question: Question,
    /// The provider's id.
    pub provider_id: String,
    /// Where it is among those of the configuration.
    index: usize,
}

impl Inquiry {
    /// What to ask about one provider of `configuration`. `known_uri` is the redirect URI that
    /// Kratos gave for the provider with an id; a public URL goes before it. `applications` are those
    /// that log users in at the provider with an id, too.
    ///
    /// # Errors
    ///
    /// If it is not clear which provider is meant, the configuration is wrong, or a parameter is.
    pub fn new(
        configuration: &Configuration,
        parameters: Parameters,
        known_uri: impl FnOnce(&str) -> Option<String>,
        applications: impl FnOnce(&str) -> Vec<Application>,
        proxies: &Proxies,
    ) -> Result<Self, String> {
        let Parameters {
            provider_id,
            public_url,
            ca,
            control,
        } = parameters;
        let Some(providers) = configuration.providers() else {
            return Err("the configuration is wrong: run validate-config first".to_owned());
        };
        if !public_url.is_empty() {
            let checked = check_public_url(&public_url);
            checked.map_err(|problem| format!("public-url {problem}"))?;
        }
        let named = providers.iter().enumerate();
        let named = named.filter(|(_, one)| provider_id.is_empty() || one.id() == *provider_id);
        let named: Vec<_> = named.collect();
        let [(index, provider)] = named[..] else {
            return Err(config::why_not_one(&provider_id, named.len()).to_owned());
        };
        let id = provider.id().into_owned();
        let redirect_uri = if public_url.is_empty() {
            known_uri(&id)
        } else {
            Some(external_provider::of_kratos(&public_url, &id))
        };
        let question = Question {
            endpoints: endpoints(provider),
            client_id: plain_scalar::meant(&provider.client().client_id).into_owned(),
            credentials: credentials(provider),
            scopes: scopes(provider),
            redirect_uri,
            applications: applications(&id),
            certificates: vec![ca, configuration.applications.certificates.join("\n")],
            control,
            proxies: doctor::provider::Proxies {
                http: proxies.http.clone(),
                https: proxies.https.clone(),
                none: proxies.none.clone(),
            },
        };
        Ok(Self {
            question,
            provider_id: id,
            index,
        })
    }

    /// Asks, and reports in words about `configuration` of the application named `application`.
    ///
    /// # Errors
    ///
    /// If the doctor does not answer, or a parameter is wrong.
    pub fn ask(
        self,
        doctor: &Doctor,
        configuration: &Configuration,
        application: &str,
    ) -> Result<Outcome, String> {
        let Self {
            question,
            provider_id,
            index,
        } = self;
        let Examination { checks, found } = doctor.examine(question)?;
        let fix = |remedy: &Remedy| match remedy {
            Remedy::Set { option, to } => configuration.how_to_set(index, option, to, application),
            Remedy::Do(instruction) => instruction.clone(),
        };
        let checks = checks.into_iter().map(|check| Line {
            name: check.name.word(),
            application: check.application,
            verdict: check.verdict,
            fix: check.remedy.as_ref().map(fix).unwrap_or_default(),
            seen: check.seen,
        });
        let mut checks: Vec<_> = checks.collect();
        let applications = &configuration.applications;
        let shared = applications.provider.as_ref();
        let is_shared = shared.is_some_and(|one| one.id == provider_id && one.has_options);
        let found = found.filter(|_| is_shared);
        let options = found.map(|found| endpoint_options(found, applications.endpoints()));
        let options = options.as_ref().map_or(&[][..], |all| all);
        let command = configure(options, application);
        checks.extend(compare(options, command.as_deref()));
        let verdict = checks.iter().map(|one| one.verdict).max();
        Ok(Outcome {
            provider_id,
            verdict: verdict.unwrap_or(Verdict::Unknown),
            checks,
            configure: command,
        })
    }
}

/// How Kratos finds a provider.
fn endpoints(provider: &Provider) -> Endpoints {
    let (issuer, tenant) = match provider {
        Provider::Generic { issuer_url, .. } => (issuer_url.as_str(), ""),
        Provider::Microsoft { tenant, .. } => ("", tenant.as_str()),
        Provider::Social { .. } | Provider::Github { .. } | Provider::Apple { .. } => ("", ""),
    };
    let (issuer, tenant) = (plain_scalar::meant(issuer), plain_scalar::meant(tenant));
    let known = facts(provider.kind()).endpoints;
    let filled = |template: &str| {
        let issuer = issuer.trim_end_matches('/');
        template
            .replace("{issuer}", issuer)
            .replace("{tenant}", &tenant)
    };
    Endpoints {
        issuer: known.issuer.map(|template| Issuer {
            // As it is configured: a slash at its end matters.
            url: template
                .replace("{issuer}", &issuer)
                .replace("{tenant}", &tenant),
            is_option: known.issuer == Some("{issuer}"),
            comparison: match provider.kind() {
                Kind::Microsoft => Comparison::Nothing,
                Kind::Auth0 => Comparison::BarSlash,
                _ => Comparison::Exact,
            },
        }),
        fixed: known.fixed.map(|(authorization, token)| Fixed {
            authorization: filled(authorization),
            token: filled(token),
        }),
    }
}

/// How Kratos says who the client is.
fn credentials(provider: &Provider) -> Credentials {
    let SecretValue::Given(secret) = provider.secret() else {
        return Credentials::Unknown;
    };
    match provider {
        Provider::Apple { .. } => Validity::of_a_login(SystemTime::now())
            .and_then(|validity| apple::client_secret(provider, validity))
            .map_or(Credentials::Unsigned, Credentials::Signed),
        Provider::Generic { .. }
        | Provider::Social { .. }
        | Provider::Github { .. }
        | Provider::Microsoft { .. } => {
            let meant = plain_scalar::meant(secret.expose()).into_owned();
            Credentials::Secret(Secret::new(meant))
        }
    }
}

/// The scopes that Kratos asks for: it adds `openid` where it reads ID tokens, except for the kinds
/// of which we know that it does not.
fn scopes(provider: &Provider) -> Vec<String> {
    let facts = facts(provider.kind());
    let scopes = provider.client().scope.split_whitespace();
    let mut scopes: Vec<_> = scopes.map(str::to_owned).collect();
    // Kratos asks Google for it in another way (`ProviderGoogle`).
    if provider.kind() == Kind::Google {
        scopes.retain(|one| one != "offline_access");
    }
    let adds_openid = facts.endpoints.issuer.is_some() && !facts.scope.needs_openid;
    if adds_openid && !scopes.iter().any(|one| one == "openid") {
        scopes.push("openid".to_owned());
    }
    scopes
}

/// What became of an inquiry. As JSON, it is an interface:
/// `docs/schema/check-provider.json` describes it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Outcome {
    /// Which provider was asked.
    pub provider_id: String,
    /// The worst verdict.
    pub verdict: Verdict,
    /// What was checked.
    pub checks: Vec<Line>,
    /// The command that sets what the discovery document says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub configure: Option<String>,
}

/// One check.
#[derive(Debug, Serialize)]
pub struct Line {
    /// What was checked.
    pub name: &'static str,
    /// Whose login it is about; `None` if it is Kratos'.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub application: Option<String>,
    /// The outcome.
    pub verdict: Verdict,
    /// What was seen.
    pub seen: String,
    /// What to do; empty if there is nothing to do.
    pub fix: String,
}

impl Outcome {
    /// The checks, one a line.
    #[must_use]
    pub fn lines(&self) -> String {
        let line = |Line {
                        name,
                        application,
                        verdict,
                        seen,
                        fix,
                    }: &Line| {
            let of = application.as_ref();
            let of = of.map(|one| format!("{one}: ")).unwrap_or_default();
            let fix = if fix.is_empty() {
                String::new()
            } else {
                format!(": {fix}")
            };
            format!("{of}{name}: {}: {seen}{fix}", verdict.word())
        };
        let lines: Vec<_> = self.checks.iter().map(line).collect();
        lines.join("\n")
    }

    /// Everything, as JSON.
    #[must_use]
    pub fn json(&self) -> String {
        json::encode(self).into_exposed()
    }
}

/// An option for an endpoint: its name, what the discovery document has for it, and what
/// applications are offered.
type EndpointOption = (&'static str, Option<String>, Option<String>);

/// The options for endpoints, of which `offered` are those that applications get.
fn endpoint_options(found: Found, offered: Option<&oauth::Endpoints>) -> [EndpointOption; 5] {
    let offered = |endpoint: fn(&oauth::Endpoints) -> &String| {
        let url = offered.map(endpoint).filter(|url| !url.is_empty());
        url.cloned()
    };
    [
        (
            "authorization_endpoint",
            found.authorization_endpoint,
            offered(|all| &all.authorization_endpoint),
        ),
        (
            "token_endpoint",
            found.token_endpoint,
            offered(|all| &all.token_endpoint),
        ),
        (
            "userinfo_endpoint",
            found.userinfo_endpoint,
            offered(|all| &all.userinfo_endpoint),
        ),
        (
            "introspection_endpoint",
            found.introspection_endpoint,
            offered(|all| &all.introspection_endpoint),
        ),
        (
            "jwks_endpoint",
            found.jwks_endpoint,
            offered(|all| &all.jwks_endpoint),
        ),
    ]
}

/// The command that sets these options to what the document has, and unsets what it has not.
fn configure(options: &[EndpointOption], application: &str) -> Option<String> {
    let set = options.iter().filter_map(|(option, found, offered)| {
        let url = found.as_deref().or(offered.as_deref().map(|_| ""))?;
        Some(format!("{option}={}", shell_word(url)))
    });
    let set: Vec<_> = set.collect();
    // A line for each, since Juju folds long ones.
    (!set.is_empty()).then(|| format!("juju config {application} \\\n  {}", set.join(" \\\n  ")))
}

/// Whether what applications get is what the document has; `None` if they get nothing.
fn compare(options: &[EndpointOption], command: Option<&str>) -> Option<Line> {
    let offered: Vec<_> = options
        .iter()
        .filter(|(_, _, offered)| offered.is_some())
        .collect();
    let named = |is_it: fn(&EndpointOption) -> bool| {
        let names = offered
            .iter()
            .filter(|one| is_it(one))
            .map(|(name, ..)| *name);
        names.collect::<Vec<_>>().join(", ")
    };
    let other = named(|(_, found, offered)| found.is_some() && found != offered);
    let unknown = named(|(_, found, _)| found.is_none());
    let (verdict, seen) = if !other.is_empty() {
        (Verdict::Bad, format!("the document has others: {other}"))
    } else if !unknown.is_empty() {
        (
            Verdict::Unknown,
            format!("the document does not have: {unknown}"),
        )
    } else {
        (
            Verdict::Good,
            "applications get those of the document".to_owned(),
        )
    };
    let is_right = verdict == Verdict::Good;
    let fix = command
        .filter(|_| !is_right)
        .map(|command| format!("run {}", command.replace("\\\n  ", "")));
    (!offered.is_empty()).then(|| Line {
        name: "endpoints",
        application: None,
        verdict,
        seen,
        fix: fix.unwrap_or_default(),
    })
}
