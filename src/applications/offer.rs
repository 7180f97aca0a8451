//! What applications get, from the configuration.

use std::collections::BTreeMap;
use std::time::SystemTime;

use external_provider::{Kind, Provider, SecretValue, plain_scalar};
use juju_hook::Secret;
use oauth::provider::{Relation, Wanted};
use oauth::{AuthMethod, Credentials, Endpoints, GrantType, ProviderInfo, Reason, UnwritableError};

use super::options::{ENDPOINTS, Options};
use crate::checks::apple::{self, Validity};
use crate::checks::{ca_chain, endpoint};
use crate::finding::{Code, Finding, Fix, Severity};
use crate::kinds::{OpenId, OpenIdProvider, facts, openid_of};

/// What applications get: the client of one provider, and where that provider is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applications {
    /// Whether they get anything: the kill switch is for them, too.
    enabled: bool,
    /// What to offer, if nothing is wrong.
    offer: Option<Offer>,
    /// The provider that they log in at: the first that has what OpenID Connect needs. `None` if the
    /// configuration is wrong, or no provider has.
    pub provider: Option<Shared>,
    /// Certificates in PEM of the provider's authority.
    pub certificates: Vec<String>,
    /// What is wrong with options that are set.
    pub set: Vec<Finding>,
    /// What is missing, or may be. It matters only where an application is integrated.
    pub lacks: Vec<Finding>,
}

/// The provider that applications share with Kratos.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shared {
    /// Its kind.
    pub kind: Kind,
    /// Its id in Kratos.
    pub id: String,
    /// What applications may ask for, with spaces between.
    pub scope: String,
    /// Whether options say where it is.
    pub has_options: bool,
    /// How to ask it where it is.
    pub ask: Fix,
    /// Scopes that it certainly refuses.
    pub refused_scopes: &'static [&'static str],
    /// The grant types that it has, if that is known.
    pub grant_types: Option<&'static [GrantType]>,
    /// The ways to show a secret that it accepts, if that is known.
    pub auth_methods: Option<&'static [AuthMethod]>,
}

/// What an application is offered.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Offer {
    info: ProviderInfo,
    credentials: Credentials,
}

impl Applications {
    /// Works out what applications get. `providers` are those of a configuration without errors,
    /// each with the item of the list that it is in. `now` is `None` where it does not matter.
    #[must_use]
    pub fn new(
        enabled: bool,
        options: Options,
        providers: &[(Option<usize>, &Provider)],
        now: Option<SystemTime>,
    ) -> Self {
        let Options {
            endpoints,
            groups_claim,
            jwt_access_token,
            ca_chain,
            refused: mut set,
        } = options;
        let urls = read_urls(&endpoints, &mut set);
        let ca_chain = ca_chain.map_or(Ok(Vec::new()), |text| ca_chain::read(&text));
        let certificates = ca_chain.unwrap_or_else(|finding| {
            set.push(finding);
            Vec::new()
        });
        let mut this = Self {
            enabled,
            offer: None,
            provider: None,
            certificates,
            set,
            lacks: Vec::new(),
        };
        let has_openid = |(_, one): &&(Option<usize>, &Provider)| {
            facts(one.kind()).openid != OpenId::Unavailable
        };
        let Some((item, provider)) = providers.iter().find(has_openid).copied() else {
            this.lacks.extend(without_openid(providers));
            return this;
        };
        // Without a location, its tenant is not one, which is found already. Another provider would
        // not do in its place.
        let Some(location) = Location::of(provider) else {
            return this;
        };
        let is_one_of_several = providers.len() > 1;
        let id = is_one_of_several.then(|| provider.id().into_owned());
        let ask = Fix::AskProvider(id);
        let [authorization, token, userinfo, introspection, jwks] =
            ENDPOINTS.map(|option| this.url_of(option, &location, &urls, &ask));
        let endpoints = Endpoints {
            authorization_endpoint: authorization,
            token_endpoint: token,
            userinfo_endpoint: userinfo,
            introspection_endpoint: introspection,
            jwks_endpoint: jwks,
            scope: location
                .known()
                .and_then(|known| known.scope)
                .map_or_else(|| scope(provider), str::to_owned),
            groups: groups_claim.map(|claim| plain_scalar::meant(&claim).into_owned()),
            ca_chain: this.certificates.clone(),
            jwt_access_token,
            issuer_url: location.issuer(),
        };
        if location.known().is_some_and(|known| !known.issuer_is_exact) {
            let id = provider.id();
            this.lacks
                .push(issuer_varies().in_item(item).keeping_id(&id));
        }
        this.provider = Some(Shared {
            kind: provider.kind(),
            id: provider.id().into_owned(),
            scope: endpoints.scope.clone(),
            has_options: location.known().is_none(),
            ask,
            refused_scopes: location.known().map_or(&[], |known| known.refused_scopes),
            grant_types: location.known().and_then(|known| known.grant_types),
            auth_methods: location.known().and_then(|known| known.auth_methods),
        });
        let info = ProviderInfo::try_from(endpoints);
        let credentials = credentials(provider, now).transpose();
        match (info, credentials) {
            // Without credentials, such as where no token can be signed for Apple, nothing changes:
            // with the endpoints of one provider and the client of another, an application would
            // show the one the secret of the other.
            (Ok(info), Ok(Some(credentials))) if !this.has_errors() => {
                this.offer = Some(Offer { info, credentials });
            }
            (info, credentials) => {
                let errors = [info.err(), credentials.err()].into_iter().flatten();
                let findings = errors.map(|error| unwritable(error, provider, item));
                this.set.extend(findings);
            }
        }
        this
    }

    /// Whether the options for endpoints are still those of the issuer that an application has now,
    /// although there is another one: with them, it would show the one provider the secret of the other.
    #[must_use]
    pub fn is_outdated(&self, relation: &Relation) -> bool {
        let (Some(offer), Some(old)) = (&self.offer, relation.published_endpoints()) else {
            return false;
        };
        let new = offer.info.endpoints();
        let [before, now] = [&old, new].map(|one| one.issuer_url.trim_end_matches('/'));
        before != now
            && old.token_endpoint == new.token_endpoint
            && !endpoint::is_near(&new.token_endpoint, &new.issuer_url)
    }

    /// Whether applications get anything.
    #[must_use]
    pub fn is_offered(&self) -> bool {
        self.offer.is_some()
    }

    /// What is offered of the provider, with the endpoints.
    #[must_use]
    pub fn endpoints(&self) -> Option<&Endpoints> {
        self.offer.as_ref().map(|offer| offer.info.endpoints())
    }

    /// What is to be on a relation with an application.
    #[must_use]
    pub fn wanted(&self, relation: &Relation) -> Wanted<'_> {
        match &self.offer {
            _ if !self.enabled => Wanted::Withdraw,
            _ if self.is_outdated(relation) => Wanted::Keep,
            Some(Offer { info, credentials }) => Wanted::Offer(info, Some(credentials)),
            None => Wanted::Keep,
        }
    }

    fn has_errors(&self) -> bool {
        let mut findings = self.set.iter().chain(&self.lacks);
        findings.any(|one| one.severity == Severity::Error)
    }

    /// The URL of an endpoint, which is empty if there is none: where the kind says it, that, and
    /// otherwise that of the option.
    fn url_of(
        &mut self,
        option: &'static str,
        location: &Location,
        urls: &Urls,
        ask: &Fix,
    ) -> String {
        let set = urls.get(option);
        if let Some(fixed) = location.fixed(option) {
            let differs = |url: &&Option<String>| url.as_deref().unwrap_or_default() != fixed;
            let ignored = set.filter(differs).map(|_| {
                let problem = "this kind has endpoints of its own";
                Finding::new(Code::OptionIgnored, option, problem, Fix::Unset)
            });
            self.set.extend(ignored);
            return fixed.to_owned();
        }
        if set.is_none() {
            self.lacks.extend(not_set(option, ask));
        }
        let url = set.cloned().flatten().unwrap_or_default();
        let shows_secret = ["token_endpoint", "introspection_endpoint"].contains(&option);
        if shows_secret && !url.is_empty() && !endpoint::is_near(&url, &location.issuer()) {
            self.set.push(elsewhere(option, ask));
        }
        url
    }
}

/// Where a provider is.
enum Location {
    /// The kind says it.
    Known(OpenIdProvider),
    /// Options say it: beside the issuer, which is this, those of [`ENDPOINTS`].
    Set(String),
}

impl Location {
    /// Where `provider` is; `None` if it has no OpenID Connect, or its tenant is not one.
    fn of(provider: &Provider) -> Option<Self> {
        match (facts(provider.kind()).openid, provider) {
            (OpenId::Configured, Provider::Generic { issuer_url, .. }) => {
                let issuer = plain_scalar::meant(issuer_url);
                Some(Self::Set(match provider.kind() {
                    // Kratos does without the slash, and Auth0's tokens have it.
                    Kind::Auth0 => format!("{}/", issuer.trim_end_matches('/')),
                    _ => issuer.into_owned(),
                }))
            }
            _ => openid_of(provider).map(Self::Known),
        }
    }

    fn known(&self) -> Option<&OpenIdProvider> {
        match self {
            Self::Known(known) => Some(known),
            Self::Set(_) => None,
        }
    }

    fn issuer(&self) -> String {
        match self {
            Self::Known(OpenIdProvider { issuer, .. }) | Self::Set(issuer) => issuer.clone(),
        }
    }

    /// The endpoint that the kind has whatever `option` says, which is empty if it has none: what is set
    /// belongs to another provider, and applications would show that their secret.
    fn fixed(&self, option: &str) -> Option<&str> {
        let known = self.known()?;
        match option {
            "authorization_endpoint" => Some(&known.authorization_endpoint),
            "token_endpoint" => Some(&known.token_endpoint),
            "jwks_endpoint" => Some(&known.jwks_endpoint),
            "userinfo_endpoint" => Some(known.userinfo_endpoint.as_deref().unwrap_or_default()),
            "introspection_endpoint" => {
                Some(known.introspection_endpoint.as_deref().unwrap_or_default())
            }
            _ => None,
        }
    }
}

/// The endpoints that are set; `None` where the value is wrong.
type Urls = BTreeMap<&'static str, Option<String>>;

fn read_urls(set: &BTreeMap<&'static str, String>, found: &mut Vec<Finding>) -> Urls {
    let mut urls = Urls::new();
    for option in ENDPOINTS {
        let Some(text) = set.get(option) else {
            continue;
        };
        let url = match endpoint::check(option, text) {
            Ok((url, finding)) => {
                found.extend(finding);
                let mut others = urls.iter();
                let other = others.find(|(_, other)| other.as_deref() == Some(&*url));
                found.extend(other.map(|(other, _)| repeated(option, other)));
                Some(url)
            }
            Err(finding) => {
                found.push(finding);
                None
            }
        };
        urls.insert(option, url);
    }
    urls
}

fn repeated(option: &str, other: &str) -> Finding {
    Finding::new(
        Code::EndpointRepeated,
        option,
        format!("the same URL as {other}, which few providers have"),
        Fix::set("<URL of the endpoint>"),
    )
}

/// The finding for an endpoint that is not set. Many providers have no introspection, and no
/// application is known that needs it.
fn not_set(option: &'static str, ask: &Fix) -> Option<Finding> {
    let (code, problem) = match option {
        "introspection_endpoint" => return None,
        "userinfo_endpoint" => (
            Code::UserinfoNotSet,
            "not set, and many applications ask there who the user is",
        ),
        _ => (
            Code::NotSet,
            "not set, and applications on the endpoint oauth need it",
        ),
    };
    Some(Finding::new(code, option, problem, ask.clone()))
}

/// The finding for an endpoint that gets the secret, but is not where the issuer is.
fn elsewhere(option: &str, ask: &Fix) -> Finding {
    let problem = "not in the issuer's domain, and applications show their secret there";
    Finding::new(Code::EndpointElsewhere, option, problem, ask.clone())
}

/// The finding for providers of which none has what OpenID Connect needs.
fn without_openid(providers: &[(Option<usize>, &Provider)]) -> Option<Finding> {
    let (_, provider) = providers.first()?;
    let has =
        |(_, one): &(Option<usize>, &Provider)| facts(one.kind()).openid != OpenId::Unavailable;
    if providers.iter().any(has) {
        // Its tenant is not one: that is found already.
        return None;
    }
    let problem = format!(
        "{} has no OpenID Connect, which applications on the endpoint oauth need",
        provider.kind().word()
    );
    let fix = Fix::another_provider();
    Some(Finding::new(
        Code::KindWithoutOpenid,
        "provider",
        problem,
        fix,
    ))
}

/// Entra ID puts the user's own tenant into the issuer of its tokens.
fn issuer_varies() -> Finding {
    Finding::new(
        Code::IssuerVaries,
        "microsoft_tenant_id",
        "tokens name the tenant by its id, and applications that compare that with the issuer refuse \
         them",
        Fix::set("<the Directory (tenant) ID>"),
    )
}

/// What applications may ask for unless the kind says otherwise: what Kratos asks for, and `openid`,
/// without which it would not be OpenID Connect (Core 1.0, 3.1.2.1).
fn scope(provider: &Provider) -> String {
    let configured = plain_scalar::meant(&provider.client().scope);
    let mut scopes: Vec<_> = configured.split_whitespace().collect();
    if !scopes.contains(&"openid") {
        scopes.insert(0, "openid");
    }
    scopes.join(" ")
}

/// The client that is registered at the provider, if its secret is known. Apple has none: a token
/// is signed.
fn credentials(
    provider: &Provider,
    now: Option<SystemTime>,
) -> Option<Result<Credentials, UnwritableError>> {
    let secret = match (provider, provider.secret()) {
        (Provider::Apple { .. }, _) => {
            apple::client_secret(provider, Validity::of_applications(now?)?)?
        }
        (_, SecretValue::Given(secret)) => {
            Secret::new(plain_scalar::meant(secret.expose()).into_owned())
        }
        (_, SecretValue::InJuju(_)) => return None,
    };
    let id = plain_scalar::meant(&provider.client().client_id);
    Some(Credentials::new(id.into_owned(), secret))
}

/// The finding for something that no application could read.
fn unwritable(error: UnwritableError, provider: &Provider, item: Option<usize>) -> Finding {
    let UnwritableError { field, reason } = error;
    // The interface has other names for some options.
    let (option, item) = match field {
        "groups" => ("groups_claim", None),
        "client_secret" => (provider.kind().shape().secret_option(), item),
        "client_id" | "issuer_url" | "scope" => (field, item),
        _ => (field, None),
    };
    let (problem, fix) = match reason {
        Reason::TooLong { .. } => (
            "larger than 5 KiB, which is too large for a Juju secret",
            Fix::set("<a shorter one>"),
        ),
        _ => (
            "has a line break or another control character, which applications refuse",
            Fix::set("<the same without it>"),
        ),
    };
    let code = if field == "groups" {
        Code::GroupsClaimMalformed
    } else {
        Code::ClientUnwritable
    };
    Finding::new(code, option, problem, fix).in_item(item)
}
