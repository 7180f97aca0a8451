//! What applications ask for, and what is to be said about it.

use juju_hook::Refusal;
use oauth::provider::{Observed, Relation};
use oauth::{ClientConfig, ENDPOINT, GrantType, MalformedError, Problem};

use super::offer::{Applications, Shared};
use crate::checks::redirect;
use crate::finding::{self, Code, Finding, Fix};

/// The applications that are integrated.
#[derive(Debug)]
pub struct Requests<'a> {
    /// Whether there is any.
    pub is_any: bool,
    /// Those that have not said yet which client they need.
    pub silent: Vec<&'a str>,
    /// What each of the others asks for.
    pub asked: Vec<Request<'a>>,
    /// What there is to say about them, and about what is offered to them, the worst first.
    pub findings: Vec<Finding>,
}

/// What one application asks for.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The relation.
    pub relation: &'a Relation,
    /// The client.
    pub client: &'a ClientConfig,
}

impl<'a> Requests<'a> {
    /// Sorts what is `seen`, and judges it by what `applications` says of the offer.
    #[must_use]
    pub fn new(applications: &Applications, seen: &'a Result<Observed, Refusal>) -> Self {
        let mut this = Self {
            is_any: true,
            silent: Vec::new(),
            asked: Vec::new(),
            findings: applications.set.clone(),
        };
        match seen {
            Ok(seen) => this.sort(applications, &seen.relations),
            // The only one is that Juju has no secrets.
            Err(_) => this.findings.push(unsupported()),
        }
        finding::sort(&mut this.findings);
        this
    }

    /// The redirect URIs that are asked for, all of which are to be registered at the provider.
    pub fn redirect_uris(&self) -> impl Iterator<Item = (&'a Relation, &'a str)> {
        self.asked.iter().flat_map(|Request { relation, client }| {
            let (relation, uris) = (*relation, client.redirect_uris.iter());
            uris.map(move |uri| (relation, uri.as_str()))
        })
    }

    fn sort(&mut self, applications: &Applications, relations: &'a [Relation]) {
        self.is_any = !relations.is_empty();
        if self.is_any {
            self.findings.extend(applications.lacks.iter().cloned());
        }
        if let Some(shared) = &applications.provider {
            let is_outdated = relations.iter().any(|one| applications.is_outdated(one));
            self.findings.extend(is_outdated.then(|| outdated(shared)));
        }
        for relation in relations {
            match &relation.request {
                Ok(client) => {
                    let request = Request { relation, client };
                    if let Some(shared) = &applications.provider {
                        self.findings.extend(request.judge(shared));
                    }
                    self.asked.push(request);
                }
                Err(error) => {
                    self.findings.extend(malformed(&relation.requirer, *error));
                    self.silent.push(&relation.requirer);
                }
            }
        }
    }
}

impl Request<'_> {
    /// What the provider certainly or perhaps cannot give.
    fn judge(&self, provider: &Shared) -> Vec<Finding> {
        let checks = [
            self.grant_types(provider),
            self.auth_method(provider),
            self.scopes(provider),
            self.redirect_uris(provider),
        ];
        checks.into_iter().flatten().collect()
    }

    fn grant_types(&self, provider: &Shared) -> Option<Finding> {
        let app = &self.relation.requirer;
        let known = provider.grant_types?;
        let mut asked = self.client.grant_types.iter();
        let grant = asked.find(|one| !known.contains(one))?.word();
        let kind = provider.kind.word();
        // A refresh token comes with another grant type.
        let works = |one: &GrantType| known.contains(one) && *one != GrantType::RefreshToken;
        let code = if self.client.grant_types.iter().any(works) {
            Code::GrantTypeMissing
        } else {
            Code::GrantTypeRefused
        };
        Some(about(
            code,
            format!("{app} asks for the grant type {grant}, which {kind} does not have"),
            format!("use another provider for {app}, in another application of this charm"),
        ))
    }

    fn auth_method(&self, provider: &Shared) -> Option<Finding> {
        let app = &self.relation.requirer;
        let method = self.client.auth_method;
        let accepted = provider.auth_methods.filter(|all| !all.contains(&method))?;
        let accepted: Vec<_> = accepted.iter().map(|one| one.word()).collect();
        let (method, accepted) = (method.word(), accepted.join(" or "));
        let kind = provider.kind.word();
        Some(about(
            Code::AuthMethodRefused,
            format!("{app} shows its secret by {method}, and {kind} accepts {accepted} only"),
            format!("configure {app} for {accepted}, or use another provider for it"),
        ))
    }

    fn scopes(&self, provider: &Shared) -> Option<Finding> {
        let app = &self.relation.requirer;
        let offered = provider.scope.split_whitespace();
        let asked = self.client.scope.split_whitespace();
        let missing = asked.filter(|one| !offered.clone().any(|other| other == *one));
        let missing: Vec<_> = missing.collect();
        let is_refused = |one: &&str| provider.refused_scopes.contains(one);
        let kind = provider.kind.word();
        if let Some(refused) = missing.iter().copied().find(is_refused) {
            return Some(about(
                Code::ScopeRefused,
                format!("{app} asks for the scope {refused}, which {kind} refuses"),
                format!("configure {app} to ask for other scopes"),
            ));
        }
        // A scope is short (RFC 6749, 3.3, sets no limit). What is not does not belong in a log.
        let is_short = |one: &&&str| one.len() <= 40;
        let shown: Vec<_> = missing.iter().filter(is_short).copied().collect();
        (!shown.is_empty()).then(|| {
            let some = &shown[..shown.len().min(SHOWN_SCOPES)];
            let more = match shown.len() - some.len() {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            let shown = some.join(" ") + &more;
            about(
                Code::ScopeNotConfigured,
                format!("{app} asks for {shown}, which is not among the scopes that it is offered"),
                "check at the provider that the client may ask for it".to_owned(),
            )
        })
    }

    fn redirect_uris(&self, provider: &Shared) -> Option<Finding> {
        let app = &self.relation.requirer;
        let mut uris = self.client.redirect_uris.iter();
        if uris.clone().any(|uri| !redirect::is_web_url(uri)) {
            return Some(about(
                Code::RedirectUriRefused,
                format!("{app} asks for a redirect URI that is not a web URL"),
                format!("do not register it before you know what {app} does with it"),
            ));
        }
        let problem = uris.find_map(|uri| redirect::problem(provider.kind, uri))?;
        Some(about(
            Code::RedirectUriRefused,
            format!("{problem}, and {app} has another"),
            format!("give {app} an ingress with a host name and TLS"),
        ))
    }
}

/// How many scopes a finding names.
const SHOWN_SCOPES: usize = 5;

/// A finding about an application.
fn about(code: Code, problem: String, fix: String) -> Finding {
    Finding::new(code, ENDPOINT, problem, Fix::instruction(fix))
}

/// Says that a request cannot be read; nothing if it is merely not there yet.
fn malformed(app: &str, error: MalformedError) -> Option<Finding> {
    let MalformedError { key, problem } = error;
    if problem == Problem::Missing {
        return None;
    }
    let problem = format!("{app} asks for a client, but its {key} is {problem}");
    let fix = format!("see juju status {app}, and refresh it");
    Some(about(Code::RequestMalformed, problem, fix))
}

fn outdated(provider: &Shared) -> Finding {
    Finding::new(
        Code::EndpointsOutdated,
        "token_endpoint",
        "the issuer is another one, and the endpoints are still those of the one before",
        provider.ask.clone(),
    )
}

fn unsupported() -> Finding {
    Finding::new(
        Code::ApplicationsUnsupported,
        ENDPOINT,
        "this endpoint needs the secrets of Juju 3.0 or newer",
        Fix::instruction("upgrade Juju, or remove the integration"),
    )
}
