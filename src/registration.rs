//! Whether each requirer has answered, and with which redirect URIs.

use std::collections::BTreeSet;

use external_provider::{KEY, Origin, Published, RedirectUri, Registered};

use crate::config::Configuration;
use crate::finding::{Code, Finding, Fix, shell_word};
use crate::observe::Relation;

/// The state of one relation.
#[derive(Debug)]
pub struct Registration<'a> {
    /// The relation.
    pub relation: &'a Relation,
    /// The usable part of the requirer's answer.
    pub answered: Vec<Registered>,
    /// The known redirect URIs of the providers in force.
    pub redirect_uris: Vec<RedirectUri>,
    /// Whether every provider in force has its redirect URI.
    pub complete: bool,
    /// What is odd about the answer, for the log and for people. Empty if no provider is in force.
    pub warnings: Vec<String>,
}

impl<'a> Registration<'a> {
    /// What each of `relations` says, in their order.
    #[must_use]
    pub fn read_each(configuration: &'a Configuration, relations: &'a [Relation]) -> Vec<Self> {
        let relations = relations.iter();
        relations
            .map(|one| Self::read(configuration, one))
            .collect()
    }

    /// Reads the answer on `relation` to what `configuration` asks for.
    #[must_use]
    pub fn read(configuration: &'a Configuration, relation: &'a Relation) -> Self {
        let mut warnings = Vec::new();
        let answered = read_answer(relation, &mut warnings);
        let in_force = ids_in_force(configuration, relation);
        if in_force.as_ref().is_some_and(Vec::is_empty) {
            return Self {
                relation,
                answered,
                redirect_uris: vec![],
                complete: false,
                warnings: vec![],
            };
        }
        let expected = in_force.as_ref().map_or(1, Vec::len);
        let redirect_uris = match in_force {
            Some(ids) => external_provider::redirect_uris(ids, &answered),
            None => external_provider::as_answered(&answered),
        };
        for redirect in &redirect_uris {
            if let Origin::AnsweredFor { provider_id } = &redirect.origin {
                warnings.push(format!(
                    "{} answered on {} for provider {provider_id}, not for {}: \
                     the redirect URI may belong to an earlier configuration",
                    relation.requirer, relation.id, redirect.provider_id
                ));
            }
        }
        Self {
            relation,
            answered,
            complete: redirect_uris.len() >= expected,
            redirect_uris,
            warnings,
        }
    }

    /// A finding if an id that the requirer knows is replaced by another. It knows the ids that
    /// are `published` now, or those that it still answers for. Kratos stores the id with every
    /// user who logged in through the provider.
    fn changed_ids(&self, ids: &[&str], published: &[Published]) -> Option<Finding> {
        let published: Vec<&str> = published.iter().map(|one| &*one.id).collect();
        let is_answered = |redirect: &RedirectUri| redirect.origin == Origin::Answered;
        if published == ids && self.redirect_uris.iter().any(is_answered) {
            // Nothing changes: the usual case.
            return None;
        }
        let wanted: BTreeSet<_> = ids.iter().collect();
        let is_wanted = |id: &&str| wanted.contains(id);
        let answered = || self.answered.iter().map(|one| &*one.provider_id);
        // What Kratos knows: what is published, or if that has changed already, what it
        // answered for.
        let known: Vec<_> =
            if published.iter().all(is_wanted) && !answered().any(|id| is_wanted(&id)) {
                answered().collect()
            } else {
                published
            };
        // In their order, which may show which id replaces which.
        let gone: Vec<_> = known.iter().copied().filter(|id| !is_wanted(id)).collect();
        let known: BTreeSet<_> = known.into_iter().collect();
        let is_new = |id: &&str| !known.contains(id);
        let new: Vec<_> = ids.iter().copied().filter(is_new).collect();
        if gone.is_empty() || new.is_empty() {
            return None;
        }
        let uris: Vec<_> = new
            .iter()
            .map(|id| {
                external_provider::derived(&self.answered, id).unwrap_or_else(|| {
                    external_provider::of_kratos("<where users reach Kratos>", id)
                })
            })
            .collect();
        let problem = format!(
            "the id changes from {} to {}: Kratos no longer recognises users who logged in before",
            gone.join(", "),
            new.join(", ")
        );
        let keep = match (&gone[..], &new[..]) {
            ([gone], [_]) => format!(
                ", or to keep the old id run juju config {{app}} provider_id={}",
                shell_word(gone)
            ),
            _ => String::new(),
        };
        let fix = format!("register {} at the provider{keep}", uris.join(" and "));
        Some(Finding::new(
            Code::ProviderIdChanged,
            "provider_id",
            problem,
            Fix::instruction(fix),
        ))
    }

    /// The id of the only provider that the requirer knows: the published one, if this unit may read
    /// that, or the one that it answered for.
    #[must_use]
    pub fn known_id(&self) -> Option<String> {
        let published = self.relation.published();
        let id = match (&published[..], &self.answered[..]) {
            ([one], _) => &one.id,
            ([], [one]) if self.relation.ours.is_none() => &one.provider_id,
            _ => return None,
        };
        Some(id.clone())
    }
}

/// The findings about ids that change. Each relation comes with what [`Relation::published`] says
/// is published there now.
#[must_use]
pub fn changed_ids<'a>(
    configuration: &Configuration,
    relations: impl IntoIterator<Item = (&'a Registration<'a>, &'a [Published])>,
) -> Vec<Finding> {
    let (true, Some(ids)) = (configuration.enabled, configuration.ids()) else {
        return Vec::new();
    };
    let ids: Vec<_> = ids.iter().map(|id| &**id).collect();
    let mut findings = Vec::new();
    for (registration, published) in relations {
        let finding = registration.changed_ids(&ids, published);
        findings.extend(finding.filter(|finding| !findings.contains(finding)));
    }
    findings
}

/// The ids of the providers that the requirer should know after this hook. `None` if this unit cannot
/// tell: the configuration is invalid, so the last valid one stays published, and only the leader
/// may read that.
fn ids_in_force(configuration: &Configuration, relation: &Relation) -> Option<Vec<String>> {
    if !configuration.enabled {
        return Some(Vec::new());
    }
    if let Some(providers) = configuration.providers() {
        let ids = providers.iter().map(|one| one.id().into_owned());
        return Some(ids.collect());
    }
    relation.ours.as_ref()?;
    let published = relation
        .published()
        .into_iter()
        .map(|published| published.id);
    let is_on = |id: &String| !configuration.switched_off.iter().any(|off| off == id);
    Some(published.filter(is_on).collect())
}

/// What the requirer of `relation` answered, as far as it can be used.
#[must_use]
pub fn answered(relation: &Relation) -> Vec<Registered> {
    read_answer(relation, &mut Vec::new())
}

/// The usable part of the answer. What cannot be read counts as no answer. It is never a reason to
/// fail, because another application wrote it.
fn read_answer(relation: &Relation, warnings: &mut Vec<String>) -> Vec<Registered> {
    let Some(value) = relation.theirs.get(KEY).filter(|value| !value.is_empty()) else {
        return Vec::new();
    };
    let who = format!("{} on {}", relation.requirer, relation.id);
    match external_provider::read_answer(value.expose()) {
        Ok(answer) => {
            if answer.unusable > 0 {
                warnings.push(format!(
                    "{} of the redirect URIs from {who} cannot be used: ignored",
                    answer.unusable
                ));
            }
            answer
                .registered
                .into_iter()
                .map(Registered::as_kratos_has_it)
                .collect()
        }
        Err(error) => {
            warnings.push(format!("the answer from {who} is ignored: it is {error}"));
            Vec::new()
        }
    }
}
