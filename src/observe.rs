//! Asks Juju everything that a decision needs, once.

use std::collections::{BTreeMap, BTreeSet};

use crate::config::{Configuration, Loose, OPTIONS, Options, Request, Secrets};
use crate::context::{Context, Event, JujuVersion};
use crate::external_provider::databag::{self, Offered, SecretBackend};
use crate::external_provider::{ENDPOINT, KEY};
use crate::hooktools::{
    Databag, HookTools, RelationId, SecretContent, SecretTrouble, SecretUri, ShownStatus, ToolError,
};
use crate::lanes;
use crate::provider::Provider;

/// The world as one hook sees it.
#[derive(Debug, Clone)]
pub struct Observed {
    /// The application that this unit belongs to.
    pub application: String,
    /// What the administrator asked for.
    pub configuration: Configuration,
    /// The relations with requirers, in Juju's order.
    pub relations: Vec<Relation>,
    /// Secrets of ours for a relation that breaks in this hook. Only the leader
    /// sees them.
    pub orphans: Vec<SecretUri>,
    /// What `juju status` shows for this unit; `None` where it was not asked for, or
    /// Juju did not say.
    pub shown: Option<ShownStatus>,
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

/// A secret of ours, as it is now.
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
    pub fn offered(&self) -> Vec<Offered<'_>> {
        self.ours
            .as_ref()
            .and_then(|ours| ours.get(KEY))
            .map(databag::offered)
            .unwrap_or_default()
    }
}

/// The label under which the leader finds the secret that carries the secret of one
/// provider on one relation, whoever led when it was made.
#[must_use]
pub fn secret_label(relation: &RelationId, provider_id: &str) -> String {
    format!("{relation}/{provider_id}")
}

impl Observed {
    /// Asks Juju. Costs two calls, one more if anything is integrated, one more in
    /// update-status, one to three for each relation, and one for each secret.
    ///
    /// # Errors
    ///
    /// If a hook tool fails.
    pub fn read(tools: &HookTools, context: &Context) -> Result<Self, ToolError> {
        // The configuration is read here and not beside, since it may be long: what a
        // thread allocates stays with it.
        let (integrations, (configuration, shown)) = lanes::both(
            || Integrations::read(tools, context),
            || {
                let configuration = read_configuration(tools, context);
                let is_routine = context.event.is_routine();
                let shown = is_routine.then(|| shown_status(tools)).flatten();
                (configuration, shown)
            },
        );
        let configuration = configuration?;
        let Integrations {
            leads,
            mut relations,
            orphans,
        } = integrations?;
        if leads && !matches!(context.event, Event::Action(_)) {
            read_own_secrets(tools, &configuration, &mut relations)?;
        }
        Ok(Self {
            application: context.application().to_owned(),
            configuration,
            relations,
            orphans,
            shown,
        })
    }
}

/// What `juju status` shows for this unit. Where Juju does not say, it has to be set
/// without comparing.
pub(crate) fn shown_status(tools: &HookTools) -> Option<ShownStatus> {
    let shown = tools.status_get();
    shown
        .inspect_err(|error| tracing::debug!("the status is not known: {error}"))
        .ok()
}

/// What Juju says of the relations, whatever the configuration is.
struct Integrations {
    /// Whether this unit leads. Not asked for, and false, where there is nothing to
    /// write on.
    leads: bool,
    /// As [`Observed::relations`], less our own secrets.
    relations: Vec<Relation>,
    /// As [`Observed::orphans`].
    orphans: Vec<SecretUri>,
}

impl Integrations {
    fn read(tools: &HookTools, context: &Context) -> Result<Self, ToolError> {
        let mut ids = tools.relation_ids(ENDPOINT)?;
        ids.retain(|id| context.breaking() != Some(id));
        if ids.is_empty() && context.breaking().is_none() {
            return Ok(Self {
                leads: false,
                relations: Vec::new(),
                orphans: Vec::new(),
            });
        }
        let name_requirer = |id| {
            let requirer = match context.remote_app(&id) {
                Some(requirer) => requirer.to_owned(),
                None => tools.relation_app(&id)?,
            };
            Ok((id, requirer))
        };
        let (leads, named) = lanes::both(|| tools.is_leader(), || lanes::each(ids, name_requirer));
        let leads = leads?;
        let read_relation = |(id, requirer)| read_relation(tools, context, leads, id, requirer);
        let relations = lanes::each(named?, read_relation)?;
        let orphans = match context.breaking() {
            Some(id) if leads && !is_older(context, JujuVersion::SECRETS) => {
                let ours = tools.relation_get(id, context.application())?;
                let offered = ours.get(KEY).map(databag::offered).unwrap_or_default();
                offered
                    .into_iter()
                    .filter_map(|offered| offered.secret)
                    .collect()
            }
            _ => Vec::new(),
        };
        Ok(Self {
            leads,
            relations,
            orphans,
        })
    }
}

/// The options, with what is in the user secrets that they refer to.
fn read_configuration(tools: &HookTools, context: &Context) -> Result<Configuration, ToolError> {
    let mut values: BTreeMap<String, Loose> = tools.config_get()?;
    // Another revision of the charm may have had other options.
    values.retain(|name, _| OPTIONS.iter().any(|(known, _)| known == name));
    let request = Request::new(Options::sort(values));
    let uris: BTreeSet<_> = request.user_secrets().collect();
    let answers = lanes::each(uris.into_iter().collect(), |uri| {
        let answer = if is_older(context, JujuVersion::USER_SECRETS) {
            Err(SecretTrouble::NoSecrets)
        } else {
            tools.secret_get(&uri)?
        };
        Ok((uri, answer))
    })?;
    let secrets = Secrets {
        unsupported: is_older(context, JujuVersion::SECRETS),
        user: answers.into_iter().collect(),
    };
    Ok(Configuration::read(request, &secrets))
}

/// Whether Juju says that it is older than `version`.
fn is_older(context: &Context, version: JujuVersion) -> bool {
    context.juju.is_some_and(|juju| juju < version)
}

fn read_relation(
    tools: &HookTools,
    context: &Context,
    leads: bool,
    id: RelationId,
    requirer: String,
) -> Result<Relation, ToolError> {
    let read_theirs = || tools.relation_get(&id, &requirer);
    let (ours, theirs) = if leads {
        let read_ours = || tools.relation_get(&id, context.application());
        let (ours, theirs) = lanes::both(read_ours, read_theirs);
        (Some(ours?), theirs?)
    } else {
        (None, read_theirs()?)
    };
    Ok(Relation {
        id,
        requirer,
        ours,
        theirs,
        secrets: BTreeMap::new(),
    })
}

/// Adds to `relations` the secrets of ours, as far as the configuration asks for any.
fn read_own_secrets(
    tools: &HookTools,
    configuration: &Configuration,
    relations: &mut [Relation],
) -> Result<(), ToolError> {
    let by_secret = configuration.enabled && configuration.secret_backend == SecretBackend::Secret;
    let Some(providers) = configuration.providers().filter(|_| by_secret) else {
        return Ok(());
    };
    let mut wanted = Vec::new();
    for (at, relation) in relations.iter().enumerate() {
        let offered = relation.offered().into_iter();
        let mut published: BTreeMap<_, _> = offered.map(|one| (one.id, one.secret)).collect();
        for id in providers.iter().map(Provider::id) {
            wanted.push((at, id, published.remove(id).flatten()));
        }
    }
    let found = lanes::each(wanted, |(at, id, uri)| {
        let secret = read_own_secret(tools, &relations[at].id, id, uri)?;
        Ok((at, id, secret))
    })?;
    for (at, id, secret) in found {
        let secret = secret.map(|secret| (id.to_owned(), secret));
        relations[at].secrets.extend(secret);
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
