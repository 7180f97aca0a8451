//! What each requirer has made of the providers: whether it answered, and with
//! which redirect URIs.

use std::collections::BTreeSet;

use external_provider::{KEY, Origin, Published, RedirectUri, Registered};

use crate::config::Configuration;
use crate::finding::{Code, Finding, Fix, shell_word};
use crate::observe::Relation;

/// The state of affairs on one relation.
#[derive(Debug)]
pub struct Registration<'a> {
    /// The relation.
    pub relation: &'a Relation,
    /// What the requirer answered, as far as it can be used.
    pub answered: Vec<Registered>,
    /// The redirect URIs of the providers that are in force, as far as they are
    /// known.
    pub redirect_uris: Vec<RedirectUri>,
    /// Whether every provider in force has its redirect URI.
    pub complete: bool,
    /// What is odd about the answer, for the log and for a person. Nothing where no
    /// provider is in force.
    pub warnings: Vec<String>,
}

impl<'a> Registration<'a> {
    /// Reads the answer on `relation` in the light of `configuration`.
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
        for RedirectUri {
            provider_id,
            origin,
            ..
        } in &redirect_uris
        {
            if let Origin::AnsweredFor {
                provider_id: answered,
            } = origin
            {
                warnings.push(format!(
                    "{} answered on {} for provider {answered} and not for {provider_id}: \
                     its redirect URI may be that of an earlier configuration",
                    relation.requirer, relation.id
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

    /// A warning if an id that the requirer knows goes while another comes: one that is
    /// published now, as `published` says, or that it still answers for. Kratos stores the
    /// id with every user who logged in through the provider.
    fn changed_ids(&self, ids: &[&str], published: &[Published]) -> Option<Finding> {
        let published: Vec<&str> = published.iter().map(|one| &*one.id).collect();
        let is_answered = |redirect: &RedirectUri| redirect.origin == Origin::Answered;
        if published == ids && self.redirect_uris.iter().any(is_answered) {
            // Nothing changes, as nearly always.
            return None;
        }
        let wanted: BTreeSet<_> = ids.iter().collect();
        let is_wanted = |id: &&str| wanted.contains(id);
        let answered = || self.answered.iter().map(|one| &*one.provider_id);
        // What Kratos knows: what is published, or where that has changed already, what
        // it answered for.
        let known: Vec<_> =
            if published.iter().all(is_wanted) && !answered().any(|id| is_wanted(&id)) {
                answered().collect()
            } else {
                published
            };
        // In their order, which may tell what becomes of which.
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
            "the id changes from {} to {}: users who logged in under the old one lose their link",
            gone.join(", "),
            new.join(", ")
        );
        let keep = match (&gone[..], &new[..]) {
            ([gone], [_]) => format!(
                ", or to keep it run juju config {{app}} provider_id={}",
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

    /// The id of the one provider that the requirer knows: what is published, as far as this
    /// unit may read that, or what it answered for.
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

/// What there is to say about ids that change, on relations that offer so much now, as
/// [`Relation::published`] says.
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

/// The ids of the providers that the requirer should know, once this hook is
/// over. `None` where this unit cannot know: the configuration is invalid, so
/// that the last good one stays published, and only the leader may read that.
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

/// The usable part of the answer. What cannot be read is not answered yet, and never
/// a reason to fail: another application wrote it.
fn read_answer(relation: &Relation, warnings: &mut Vec<String>) -> Vec<Registered> {
    let Some(value) = relation.theirs.get(KEY).filter(|value| !value.is_empty()) else {
        return Vec::new();
    };
    let who = format!("{} on {}", relation.requirer, relation.id);
    match external_provider::read_answer(value.expose()) {
        Ok(answer) => {
            if answer.unusable > 0 {
                warnings.push(format!(
                    "{} of the redirect URIs from {who} cannot be used: taken as not answered yet",
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
            warnings.push(format!(
                "the answer of {who} is {error}: taken as not answered yet"
            ));
            Vec::new()
        }
    }
}
