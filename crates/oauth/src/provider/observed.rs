//! Asks Juju what there is, and judges nothing.

use std::collections::BTreeSet;

use juju_hook::{
    Context, Databag, Event, HookTools, JujuVersion, Refusal, RelationId, RelationPhase,
    SecretName, SecretUri, ToolError,
};

use crate::client_config::ClientConfig;
use crate::errors::{MalformedError, Problem};
use crate::fields::{malformed, text};
use crate::interface::{
    CLIENT_ID, CLIENT_SECRET_ID, ISSUER_URL, REQUIRER, RETIRED_SECRET_ID, SCOPE, SECRET_KEY,
};
use crate::provider::plan::{Plan, RelationPlan, Wanted};
use crate::provider_info::Endpoints;

/// What the label of each of our secrets begins with.
const LABEL: &str = "oauth-client-secret";

/// The relations of one endpoint that provides `oauth`.
#[derive(Debug)]
pub struct Relations {
    ids: Vec<RelationId>,
    /// Whether this hook sees the last of another one.
    is_breaking: bool,
}

impl Relations {
    /// Asks for the relations of `endpoint`, in one call; where nothing is integrated, in none
    /// ([`HookTools::living_relations_if_used`]). Hence to be called in every hook of the endpoint.
    ///
    /// # Errors
    ///
    /// If the hook tool fails, or the note that saves it cannot be removed.
    pub fn read(tools: &HookTools, context: &Context, endpoint: &str) -> Result<Self, ToolError> {
        let ids = tools.living_relations_if_used(context, endpoint)?;
        let is_breaking = is_breaking(context, endpoint);
        Ok(Self { ids, is_breaking })
    }

    /// Whether there is nothing to do here, and no reason to ask who leads.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty() && !self.is_breaking
    }

    /// Asks what is on each relation: two calls for each. A leader that has not written there yet
    /// makes one more, and in the relation's own hooks there is one fewer.
    ///
    /// A Juju without secrets is a refusal: the interface does not work there.
    ///
    /// # Errors
    ///
    /// If a hook tool fails.
    pub fn observe(
        self,
        tools: &HookTools,
        context: &Context,
        leads: bool,
    ) -> Result<Result<Observed, Refusal>, ToolError> {
        if self.ids.is_empty() {
            return Ok(Ok(Observed::default()));
        }
        if has_no_secrets(context) {
            return Ok(Err(Refusal::NoSecrets));
        }
        let relations = self.ids.into_iter();
        let relations = relations.map(|id| Relation::read(tools, context, leads, id));
        Ok(Ok(Observed {
            relations: relations.collect::<Result<_, _>>()?,
            spares_retired: matches!(context.event, Event::ConfigChanged | Event::Secret(_)),
            left_behind: Vec::new(),
        }))
    }

    /// Asks only what we have written, which is all that [`Wanted::Withdraw`] needs: one call for each
    /// relation on the leader, and none on another unit. No failure keeps anything from being
    /// withdrawn: what cannot be read counts as credentials, and the errors are for the log.
    #[must_use]
    pub fn observe_ours(
        self,
        tools: &HookTools,
        context: &Context,
        leads: bool,
    ) -> (Observed, Vec<ToolError>) {
        let mut errors = Vec::new();
        let relations = self.ids.into_iter().map(|id| {
            let ours = leads.then(|| {
                let ours = tools.relation_get(&id, context.application());
                ours.unwrap_or_else(|error| {
                    errors.push(error);
                    Databag::from([(CLIENT_ID, "?"), (CLIENT_SECRET_ID, "?")])
                })
            });
            Relation {
                requirer: ours.as_ref().and_then(noted_requirer).unwrap_or_default(),
                request: Err(malformed(SCOPE, Problem::Missing)),
                ours,
                secret: None,
                id,
            }
        });
        let seen = Observed {
            relations: relations.collect(),
            spares_retired: false,
            left_behind: Vec::new(),
        };
        (seen, errors)
    }
}

/// Whether this is a hook in which [`Observed::sweep`] may find something, on the leader: a relation
/// of `endpoint` is gone, or what another leader or another revision of the charm did is not known.
/// A Juju without secrets has nothing to be found.
#[must_use]
pub fn is_sweep_due(context: &Context, endpoint: &str) -> bool {
    let is_new = matches!(context.event, Event::LeaderElected | Event::UpgradeCharm);
    !has_no_secrets(context) && (is_new || is_breaking(context, endpoint))
}

/// Whether Juju says that it is older than its secrets.
fn has_no_secrets(context: &Context) -> bool {
    context.juju.is_some_and(|juju| juju < JujuVersion::SECRETS)
}

/// Whether this hook sees the last of a relation of `endpoint`.
fn is_breaking(context: &Context, endpoint: &str) -> bool {
    matches!(
        &context.event,
        Event::Relation { endpoint: other, phase: RelationPhase::Broken } if other == endpoint
    )
}

/// What there is.
#[derive(Debug, Default)]
pub struct Observed {
    /// The relations with requirers, in Juju's order.
    pub relations: Vec<Relation>,
    /// Whether secrets that were published before stay in this hook: it is one of those that change
    /// client secrets, and they come in a row (Juju 4 runs config-changed twice). Requirers may not
    /// have heard of the new secrets yet.
    pub spares_retired: bool,
    /// Secrets of ours that no relation refers to, as far as [`Observed::sweep`] has found them.
    pub left_behind: Vec<LeftBehind>,
}

/// One relation with one requirer.
#[derive(Debug)]
pub struct Relation {
    /// Its id.
    pub id: RelationId,
    /// The requirer.
    pub requirer: String,
    /// The client that it asks for, or what that still lacks.
    pub request: Result<ClientConfig, MalformedError>,
    /// What we have written; `None` on units that do not lead, which Juju does not let read it.
    pub ours: Option<Databag>,
    /// What [`Observed::compare`] found in the secret that we have published.
    pub secret: Option<Holds>,
}

/// What a secret of ours holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// The client secret that is wanted, and nothing else.
    Wanted,
    /// Something else.
    Other,
    /// Nothing: it is gone, or not ours.
    Nothing,
}

/// A secret of ours that no relation refers to.
#[derive(Debug, PartialEq, Eq)]
pub struct LeftBehind {
    /// Its URI.
    pub uri: SecretUri,
    /// Its label.
    pub label: String,
}

impl Observed {
    /// The secrets that the relations refer to, published and retired. On a unit that does not
    /// lead, none is known.
    pub fn secrets(&self) -> impl Iterator<Item = SecretUri> {
        let relations = self.relations.iter();
        let secrets = relations.map(|one| [one.published_secret(), one.retired_secret()]);
        secrets.flatten().flatten()
    }

    /// Looks on the leader for secrets that were made for `endpoint` and that no relation refers to.
    /// One call, one for each secret of the application that no requirer has, and one more if any
    /// is found: hence not in every hook, but where [`is_sweep_due`]. A charm that removes by
    /// itself whatever secret of the application nothing refers to has [`Observed::secrets`] instead.
    ///
    /// # Errors
    ///
    /// If a hook tool fails.
    pub fn sweep(
        &mut self,
        tools: &HookTools,
        context: &Context,
        endpoint: &str,
    ) -> Result<(), ToolError> {
        let needed: BTreeSet<_> = self.secrets().collect();
        let prefix = format!("{LABEL}/{endpoint}:");
        let mut found = Vec::new();
        for uri in tools.secret_ids()? {
            if needed.contains(&uri) {
                continue;
            }
            let Some((uri, info)) = tools.secret_info_get(SecretName::Uri(&uri))? else {
                continue;
            };
            let label = info.label;
            if label.starts_with(&prefix) {
                found.push(LeftBehind { uri, label });
            }
        }
        // A unit that is being removed is no judge of what is left behind. Another sweep comes.
        if !found.is_empty() && tools.unit_stays(context) {
            self.left_behind = found;
        }
        Ok(())
    }

    /// Notes that `plan` was carried out, which makes no secret.
    pub fn note(&mut self, plan: &Plan) {
        for RelationPlan {
            relation: id,
            changes,
            secret: _,
        } in &plan.relations
        {
            let mut relations = self.relations.iter_mut().filter(|one| one.id == *id);
            if let Some(ours) = relations.next().and_then(|one| one.ours.as_mut()) {
                for (key, value) in changes {
                    ours.note(key, value);
                }
            }
        }
    }

    /// Looks whether the published secrets hold the client secrets that are wanted, with one call
    /// for each relation where one is.
    ///
    /// # Errors
    ///
    /// If a hook tool fails.
    pub fn compare<'w>(
        &mut self,
        tools: &HookTools,
        wanted: impl Fn(&Relation) -> Wanted<'w>,
    ) -> Result<(), ToolError> {
        for relation in &mut self.relations {
            let Some(credentials) = wanted(relation).credentials() else {
                continue;
            };
            let Some(uri) = relation.published_secret() else {
                continue;
            };
            // Not tracked, so that nobody takes this unit for a reader.
            relation.secret = Some(match tools.secret_peek(&uri)? {
                Err(_) => Holds::Nothing,
                Ok(content)
                    if content.len() == 1
                        && content.get(SECRET_KEY) == Some(credentials.client_secret()) =>
                {
                    Holds::Wanted
                }
                Ok(_) => Holds::Other,
            });
        }
        Ok(())
    }
}

impl Relation {
    fn read(
        tools: &HookTools,
        context: &Context,
        leads: bool,
        id: RelationId,
    ) -> Result<Self, ToolError> {
        let ours = leads.then(|| tools.relation_get(&id, context.application()));
        let ours = ours.transpose()?;
        let told = context.remote_app(&id).map(str::to_owned);
        let requirer = match told.or_else(|| noted_requirer(ours.as_ref()?)) {
            Some(requirer) => requirer,
            None => tools.relation_app(&id)?,
        };
        let request = ClientConfig::read(&tools.relation_get(&id, &requirer)?);
        Ok(Self {
            requirer,
            request,
            ours,
            secret: None,
            id,
        })
    }

    /// The id of the client that we have published, and the issuer beside it.
    #[must_use]
    pub fn published_client(&self) -> Option<(String, String)> {
        let ours = self.ours.as_ref()?;
        Some((text(ours, CLIENT_ID).ok()??, text(ours, ISSUER_URL).ok()??))
    }

    /// What we have published about the provider, if it is whole.
    #[must_use]
    pub fn published_endpoints(&self) -> Option<Endpoints> {
        Endpoints::read(self.ours.as_ref()?).ok()
    }

    /// The URI of the secret that we have published.
    #[must_use]
    pub fn published_secret(&self) -> Option<SecretUri> {
        self.uri(CLIENT_SECRET_ID)
    }

    /// The URI of the secret that was published before, and is to be removed.
    #[must_use]
    pub fn retired_secret(&self) -> Option<SecretUri> {
        self.uri(RETIRED_SECRET_ID)
    }

    /// Whether the requirer has credentials from us.
    #[must_use]
    pub fn has_credentials(&self) -> bool {
        let has = |key| {
            self.ours
                .as_ref()
                .is_some_and(|ours| ours.get(key).is_some())
        };
        has(CLIENT_ID) && has(CLIENT_SECRET_ID)
    }

    fn uri(&self, key: &'static str) -> Option<SecretUri> {
        SecretUri::parse(&text(self.ours.as_ref()?, key).ok()??)
    }

    /// The label for the secret of this relation that takes the place of `old`.
    pub(super) fn label(&self, old: Option<&SecretUri>) -> String {
        match old {
            None => format!("{LABEL}/{}", self.id),
            Some(old) => format!("{LABEL}/{}/{}", self.id, old.id()),
        }
    }
}

/// The requirer that a leader before this hook has noted in our databag.
///
/// Juju never changes which application is on the other side, and lets only our leader write here:
/// what can be a name is believed. What cannot would fail the hook that asks for its databag, and
/// counts as not there. Source: `IsValidApplication` in juju/names, a little stricter.
fn noted_requirer(ours: &Databag) -> Option<String> {
    let name = text(ours, REQUIRER).ok()??;
    let is_named = name.starts_with(|c: char| c.is_ascii_lowercase());
    let is_inside = |c| matches!(c, 'a'..='z' | '0'..='9' | '-');
    (is_named && name.chars().all(is_inside)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_that_cannot_be_a_name_is_not_there() {
        struct Case {
            name: &'static str,
            written: &'static str,
            requirer: Option<&'static str>,
        }
        for Case {
            name,
            written,
            requirer,
        } in [
            Case {
                name: "a name",
                written: "web-2-x",
                requirer: Some("web-2-x"),
            },
            Case {
                name: "of an application in another model",
                written: "remote-0af1c2d3",
                requirer: Some("remote-0af1c2d3"),
            },
            Case {
                name: "a name that is JSON, as we write it",
                written: "\"true\"",
                requirer: Some("true"),
            },
            Case {
                name: "not a text",
                written: "true",
                requirer: None,
            },
            Case {
                name: "nothing",
                written: "\"\"",
                requirer: None,
            },
            Case {
                name: "a unit",
                written: "web/0",
                requirer: None,
            },
            Case {
                name: "capitals",
                written: "Web",
                requirer: None,
            },
            Case {
                name: "an option of a tool",
                written: "--app",
                requirer: None,
            },
            Case {
                name: "a digit first",
                written: "1web",
                requirer: None,
            },
            Case {
                name: "two lines",
                written: "web\n",
                requirer: None,
            },
            Case {
                name: "letters of elsewhere",
                written: "wéb",
                requirer: None,
            },
        ] {
            let ours = Databag::from([(REQUIRER, written)]);
            assert_eq!(noted_requirer(&ours).as_deref(), requirer, "{name}");
        }
        assert_eq!(noted_requirer(&Databag::default()), None, "no key");
    }
}
