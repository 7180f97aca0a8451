//! Asks Juju everything that a decision needs, in two steps: what the relations and the
//! options are, and then what the options refer to. What is switched off is withdrawn between the
//! two, so nothing in the second step can prevent it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::SystemTime;

use doctor::Doctor;
use external_provider::{ENDPOINT, KEY, Provider, Published, SecretBackend, digest};
use juju_hook::{
    Context, Databag, Event, HookTools, JujuVersion, Refusal, RelationId, SecretContent, SecretUri,
    ToolError,
};

use oauth::provider as oauth_provider;

use crate::checks::Mappers;
use crate::config::{Answers, Configuration, Loose, Request, UserSecrets, is_option};
use crate::error::chain;
use crate::plan::Shown;

/// The relations and the options: what there is, before anything that it refers to is read.
#[derive(Debug)]
pub struct Surroundings {
    /// The options.
    pub request: Request,
    /// Whether this unit leads. False without asking if there is no relation to write on.
    pub leads: bool,
    /// The relations with requirers, in Juju's order, without our own secrets yet.
    pub relations: Vec<Relation>,
    /// The relations with applications on the endpoint `oauth`, without a look at our secrets there;
    /// what the applications ask for is left out if everything is switched off.
    pub applications: Result<oauth_provider::Observed, Refusal>,
    /// Our secrets that this hook has just withdrawn.
    pub withdrawn: Vec<SecretUri>,
}

/// The world as one hook sees it.
#[derive(Debug)]
pub struct Observed {
    /// The application that this unit belongs to.
    pub application: String,
    /// What the administrator asked for.
    pub configuration: Configuration,
    /// The relations with requirers, in Juju's order.
    pub relations: Vec<Relation>,
    /// The relations with applications on the endpoint `oauth`.
    pub applications: Result<oauth_provider::Observed, Refusal>,
    /// What happened.
    pub event: Event,
    /// The revision of a secret of ours that the event is about.
    pub event_revision: Option<(SecretUri, u32)>,
    /// As [`Surroundings::leads`].
    pub leads: bool,
    /// Whether this unit can make secrets of the application, and remove them.
    pub writes_secrets: bool,
    /// All secrets that the application owns; `None` until [`Self::sweep`] has asked.
    pub own_secrets: Option<Vec<SecretUri>>,
    /// As [`Surroundings::withdrawn`].
    pub withdrawn: Vec<SecretUri>,
    /// The secrets of ours whose back end is out of order, of those that were looked at.
    pub unreachable: BTreeSet<SecretUri>,
}

/// One relation with one requirer.
#[derive(Debug, Clone)]
pub struct Relation {
    /// Its id.
    pub id: RelationId,
    /// The requirer, normally `kratos`.
    pub requirer: String,
    /// What we have published; `None` on units that do not lead, since Juju lets
    /// only the leader read it.
    pub ours: Option<Databag>,
    /// What the requirer has answered.
    pub theirs: Databag,
    /// The secrets of ours on this relation that are to carry a provider's secret,
    /// by the provider's id. Only the leader sees them.
    pub secrets: BTreeMap<String, OwnSecret>,
}

/// The current state of one of our secrets.
#[derive(Debug, Clone)]
pub struct OwnSecret {
    /// Its URI, as the databag has it if it is there.
    pub uri: SecretUri,
    /// Its newest content.
    pub content: SecretContent,
}

impl Relation {
    /// What we have published, as far as it can be read.
    #[must_use]
    pub fn published(&self) -> Vec<Published> {
        self.ours
            .as_ref()
            .and_then(|ours| ours.get(KEY))
            .map(external_provider::published)
            .unwrap_or_default()
    }

    /// Whether the requirer says that it reads Juju secrets.
    #[must_use]
    pub fn reads_secrets(&self) -> bool {
        external_provider::reads_secrets(&self.theirs)
    }
}

/// The label of the Juju secret that carries one provider's secret on one relation. Every leader
/// finds it by that, whichever unit created it. A label is an argument of hook tools, so an id that
/// is too long for one, or has control characters, is replaced by its digest.
#[must_use]
pub fn secret_label(relation: &RelationId, provider_id: &str) -> String {
    if provider_id.len() <= LABELLED_ID_LIMIT && !provider_id.contains(char::is_control) {
        format!("{relation}/{provider_id}")
    } else {
        format!("{relation}/{}", digest(provider_id))
    }
}

/// The longest id that a label contains unchanged, in bytes.
const LABELLED_ID_LIMIT: usize = 100;

impl Surroundings {
    /// Asks Juju for the options and the relations. Costs two calls, one more if anything
    /// is integrated, and one to three for each relation; for the endpoint `oauth` one more, once
    /// anything has been integrated there.
    ///
    /// If everything is switched off, the calls that find out who the requirer is and what it
    /// answered may fail: withdrawing does not need them.
    ///
    /// # Errors
    ///
    /// If a hook tool fails.
    pub fn read(tools: &HookTools, context: &Context) -> Result<Self, ToolError> {
        let mut values: BTreeMap<String, Loose> = tools.config_get()?;
        // Another revision of the charm may have had other options.
        values.retain(|name, _| is_option(name));
        let request = Request::new(values);
        let ids = tools.living_relations(context, ENDPOINT)?;
        let may_fail = !request.is_enabled();
        let related = oauth_provider::Relations::read(tools, context, oauth::ENDPOINT);
        let related = or_else(may_fail, related.map(Some), || None)?;
        let is_unused = related
            .as_ref()
            .is_some_and(oauth_provider::Relations::is_empty);
        let is_idle = ids.is_empty() && is_unused && context.breaking().is_none();
        let leads = !is_idle && tools.is_leader()?;
        let is_action = matches!(context.event, Event::Action(_));
        let applications = match related {
            None => Ok(oauth_provider::Observed::default()),
            Some(related) if may_fail && !is_action => {
                let (seen, errors) = related.observe_ours(tools, context, leads);
                for error in errors {
                    tracing::warn!("{}", chain(&error));
                }
                Ok(seen)
            }
            Some(related) => related.observe(tools, context, leads)?,
        };
        let relations = ids
            .into_iter()
            .map(|id| read_relation(tools, context, leads, may_fail, id))
            .collect::<Result<_, _>>()?;
        Ok(Self {
            request,
            leads,
            relations,
            applications,
            withdrawn: Vec::new(),
        })
    }
}

fn read_relation(
    tools: &HookTools,
    context: &Context,
    leads: bool,
    may_fail: bool,
    id: RelationId,
) -> Result<Relation, ToolError> {
    let theirs = || {
        let requirer = match context.remote_app(&id) {
            Some(requirer) => requirer.to_owned(),
            None => tools.relation_app(&id)?,
        };
        let theirs = tools.relation_get(&id, &requirer)?;
        Ok((requirer, theirs))
    };
    let ours = || tools.relation_get(&id, context.application());
    let (requirer, theirs) = or_else(may_fail, theirs(), || ("?".to_owned(), Databag::default()))?;
    let ours = if leads {
        // If it cannot be read, there may be something to withdraw.
        Some(or_else(may_fail, ours(), || Databag::from([(KEY, "?")]))?)
    } else {
        None
    };
    Ok(Relation {
        id,
        requirer,
        ours,
        theirs,
        secrets: BTreeMap::new(),
    })
}

/// `result`, or a replacement if it is allowed to fail.
fn or_else<T>(
    may_fail: bool,
    result: Result<T, ToolError>,
    instead: impl FnOnce() -> T,
) -> Result<T, ToolError> {
    match result {
        Err(error) if may_fail => {
            tracing::warn!("{}", chain(&error));
            Ok(instead())
        }
        other => other,
    }
}

impl Observed {
    /// Asks Juju everything, for an action.
    ///
    /// # Errors
    ///
    /// If a hook tool fails.
    pub fn read(tools: &HookTools, context: &Context) -> Result<Self, ToolError> {
        let surroundings = Surroundings::read(tools, context)?;
        Self::complete(tools, context, surroundings)
    }

    /// Asks Juju for what the options refer to. Costs one call for each user secret, one or two
    /// for each of ours, and one for each that was withdrawn.
    ///
    /// # Errors
    ///
    /// If a hook tool fails.
    pub fn complete(
        tools: &HookTools,
        context: &Context,
        surroundings: Surroundings,
    ) -> Result<Self, ToolError> {
        let Surroundings {
            request,
            leads,
            mut relations,
            mut applications,
            withdrawn,
        } = surroundings;
        let is_action = matches!(context.event, Event::Action(_));
        let mut answers = Answers {
            secrets_unsupported: is_older(context, JujuVersion::SECRETS),
            now: Some(SystemTime::now()),
            ..Answers::default()
        };
        // If everything is switched off, a hook does nothing that depends on them.
        if request.is_enabled() || is_action {
            answers.mappers = ask_doctor(&request);
            answers.user_secrets = read_user_secrets(tools, context, &request)?;
        }
        let configuration = Configuration::check(request, &answers);
        let writes_secrets = leads && !is_action && !answers.secrets_unsupported;
        if writes_secrets {
            read_own_secrets(tools, &configuration, &mut relations)?;
            if let Ok(seen) = &mut applications {
                let wanted =
                    |one: &oauth_provider::Relation| configuration.applications.wanted(one);
                // What cannot be looked at stays, and keeps nothing from Kratos.
                if let Err(error) = seen.compare(tools, wanted) {
                    tracing::warn!("secrets of applications cannot be read: {}", chain(&error));
                }
            }
        }
        let secret = context.secret.as_ref();
        Ok(Self {
            application: context.application().to_owned(),
            configuration,
            relations,
            applications,
            event: context.event.clone(),
            event_revision: secret.and_then(|secret| Some((secret.uri.clone(), secret.revision?))),
            leads,
            writes_secrets,
            own_secrets: None,
            unreachable: unreachable(tools, &withdrawn),
            withdrawn,
        })
    }

    /// The application `idp` in a hook that finds nothing to tidy up.
    #[cfg(test)]
    pub(crate) fn at_rest(configuration: Configuration, relations: Vec<Relation>) -> Self {
        Self {
            application: "idp".into(),
            configuration,
            relations,
            applications: Ok(oauth_provider::Observed::default()),
            event: Event::UpdateStatus,
            event_revision: None,
            leads: true,
            writes_secrets: false,
            own_secrets: None,
            withdrawn: Vec::new(),
            unreachable: BTreeSet::new(),
        }
    }

    /// Asks for all secrets of ours. Costs one call; where there are some, one or two more, and while
    /// all is switched off one for each. Where Juju does not say, another sweep will find them.
    pub fn sweep(&mut self, tools: &HookTools, context: &Context) {
        let found = self.all_secrets(tools, context);
        let found = found.inspect_err(|error| tracing::debug!("no sweep: {}", chain(error)));
        let found = found.unwrap_or_default();
        if !self.configuration.enabled {
            self.unreachable.extend(unreachable(tools, &found));
        }
        self.own_secrets = Some(found);
    }

    /// All secrets of ours. None where this unit is no judge of what is still needed.
    fn all_secrets(
        &self,
        tools: &HookTools,
        context: &Context,
    ) -> Result<Vec<SecretUri>, ToolError> {
        let found = tools.secret_ids()?;
        // A unit that is being removed leaves relations that live on, and then no longer sees them.
        if !found.is_empty() && may_be_going(&context.event) && !tools.unit_stays(context) {
            return Ok(Vec::new());
        }
        let is_served = matches!(&self.applications, Ok(seen) if !seen.relations.is_empty());
        // That there are no applications may be a note of this unit's, and a wrong one would cost
        // them their secrets.
        let is_sure = found.is_empty()
            || is_served
            || tools.living_relations(context, oauth::ENDPOINT)?.is_empty();
        Ok(if is_sure { found } else { Vec::new() })
    }
}

/// Whether Juju may run such a hook on a unit that is being removed: not those that come after its
/// end in `nextOp` of Juju's `internal/worker/uniter/resolver.go`.
fn may_be_going(event: &Event) -> bool {
    let only_living = [Event::Install, Event::ConfigChanged, Event::UpgradeCharm];
    !only_living.contains(event)
}

/// Those of these secrets of ours whose back end cannot be reached.
fn unreachable(tools: &HookTools, uris: &[SecretUri]) -> BTreeSet<SecretUri> {
    let is_in_order = |uri: &SecretUri| matches!(tools.secret_peek(uri), Ok(Ok(_)));
    let lost = uris.iter().filter(|uri| !is_in_order(uri));
    lost.cloned().collect()
}

/// What this unit says of itself now.
#[must_use]
pub fn shown_status(tools: &HookTools) -> Shown {
    match tools.status_get() {
        Ok(shown) => Shown::Status(shown),
        // It is set without comparing.
        Err(error) => {
            tracing::debug!("the status is not known: {}", chain(&error));
            Shown::Unknown
        }
    }
}

/// What the doctor says of the mappers that the options have.
#[must_use]
pub fn ask_doctor(request: &Request) -> Mappers {
    let doctor = Doctor::beside_this_program();
    let mappers = request.mappers().into_iter();
    mappers
        .map(|text| (text.to_owned(), doctor.check(text)))
        .collect()
}

/// What is in the user secrets that the options refer to.
fn read_user_secrets(
    tools: &HookTools,
    context: &Context,
    request: &Request,
) -> Result<UserSecrets, ToolError> {
    let mut secrets = UserSecrets::new();
    let uris: BTreeSet<_> = request.user_secrets().collect();
    for uri in uris {
        let answer = if is_older(context, JujuVersion::USER_SECRETS) {
            Err(Refusal::NoSecrets)
        } else {
            tools.secret_get(&uri)?
        };
        secrets.insert(uri, answer);
    }
    Ok(secrets)
}

/// Whether Juju says that it is older than `version`.
fn is_older(context: &Context, version: JujuVersion) -> bool {
    context.juju.is_some_and(|juju| juju < version)
}

/// Adds to `relations` the secrets of ours, as far as the configuration asks for any and
/// the requirer reads them.
fn read_own_secrets(
    tools: &HookTools,
    configuration: &Configuration,
    relations: &mut [Relation],
) -> Result<(), ToolError> {
    let by_secret = configuration.enabled && configuration.secret_backend == SecretBackend::Secret;
    let Some(providers) = configuration.providers().filter(|_| by_secret) else {
        return Ok(());
    };
    for relation in relations.iter_mut().filter(|one| one.reads_secrets()) {
        let published = relation.published().into_iter();
        let mut published: BTreeMap<_, _> = published.map(|one| (one.id, one.secret)).collect();
        for id in providers.iter().map(Provider::id) {
            let uri = published.remove(&*id).flatten();
            if let Some(secret) = read_own_secret(tools, &relation.id, &id, uri)? {
                relation.secrets.insert(id.into_owned(), secret);
            }
        }
    }
    Ok(())
}

/// The secret of ours for a provider, if it was made already. Its URI needs no call
/// of its own where it is published.
fn read_own_secret(
    tools: &HookTools,
    relation: &RelationId,
    provider_id: &str,
    published: Option<SecretUri>,
) -> Result<Option<OwnSecret>, ToolError> {
    let label = secret_label(relation, provider_id);
    let Some(content) = tools.own_secret_get(&label)? else {
        return Ok(None);
    };
    let uri = match published {
        Some(uri) => Some(uri),
        None => tools.own_secret_uri(&label)?,
    };
    Ok(uri.map(|uri| OwnSecret { uri, content }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_the_id_where_that_can_be_an_argument() {
        let relation = RelationId::new("kratos-external-idp:7");
        let label = |id: &str| {
            let label = secret_label(&relation, id);
            let (_, rest) = label.split_once("idp:7/").unwrap();
            rest.to_owned()
        };
        for id in ["google", "a b: \"é\"", &"x".repeat(100)] {
            assert_eq!(label(id), id);
        }
        let odd = ["x".repeat(101), "x".repeat(140_000), "a\0b".into()].map(|id| label(&id));
        for digest in &odd {
            let is_hex = digest.bytes().all(|byte| byte.is_ascii_hexdigit());
            assert!(is_hex && digest.len() == 40, "{digest}");
        }
        assert!(odd[0] != odd[1] && odd[1] != odd[2], "one for each");
    }
}
