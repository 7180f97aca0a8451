//! Who reads a secret: grants, and the revision that each reader tracks. Source:
//! `state/secrets.go`.

use super::life::Life;
use super::root::State;
use super::secret::{Consumer, Reading, SecretOwner, SecretScope};
use crate::names;
use crate::refusals;
use crate::secret::SecretUri;

impl State {
    /// Returns the revision that a unit is given; from its first read on, the unit tracks one
    /// (`getConsumedRevision`). The caller has made sure that the unit may read it.
    pub(crate) fn consume_secret(
        &mut self,
        uri: &SecretUri,
        unit: &str,
        reading: Reading,
        label: Option<&str>,
    ) -> Result<u32, String> {
        let secret = self.secret_mut(uri)?;
        let known = secret.consumers.get(unit).cloned();
        let refresh = reading == Reading::Refresh || known.is_none();
        let mut consumer = known.clone().unwrap_or(Consumer {
            latest: secret.latest,
            ..Consumer::default()
        });
        let wanted = if refresh || reading == Reading::Peek {
            secret.latest
        } else {
            consumer.current
        };
        if refresh {
            consumer.current = secret.latest;
        }
        if let Some(label) = label.filter(|label| *label != consumer.label) {
            self.check_consumer_label(unit, label)?;
            label.clone_into(&mut consumer.label);
        }
        let secret = self.secret_mut(uri)?;
        let moved = known.is_some_and(|known| known.current < consumer.current);
        secret.consumers.insert(unit.to_owned(), consumer);
        if moved {
            secret.mark_obsolete();
        }
        Ok(wanted)
    }

    /// `uniqueSecretConsumerLabelOps`.
    fn check_consumer_label(&self, unit: &str, label: &str) -> Result<(), String> {
        let taken = |role: &str| {
            Err(refusals::consumer_label_exists(
                label,
                role,
                names::tag(unit),
            ))
        };
        let application = SecretOwner::Application(names::application_of(unit).to_owned());
        let owner = SecretOwner::Unit(unit.to_owned());
        for secret in self.secrets.values() {
            if secret.label == label && secret.owner == application {
                return taken("");
            }
            if secret.label == label && secret.owner == owner {
                return taken("owner ");
            }
            let consumer = secret.consumers.get(unit);
            if consumer.is_some_and(|consumer| consumer.label == label) {
                return taken("consumer ");
            }
        }
        Ok(())
    }

    /// Lets an application or a unit read a secret (`GrantSecretAccess`).
    pub(crate) fn grant_secret(
        &mut self,
        uri: &SecretUri,
        subject: &str,
        scope: SecretScope,
    ) -> Result<(), String> {
        if let SecretScope::Relation(id) = scope {
            let relation = self.relations.get(&id);
            let relation = relation.ok_or_else(|| refusals::no_such_scope(id))?;
            if relation.life == Life::Dying {
                return Err(refusals::dying_scope(relation.tag()));
            }
        }
        let (kind, life) = if subject.contains('/') {
            ("unit", self.unit(subject).map(|unit| unit.life))
        } else {
            let application = self.applications.get(subject);
            (
                "application",
                application.map(|application| application.life),
            )
        };
        match life {
            Some(Life::Alive) => {}
            Some(Life::Dying) => {
                return Err(refusals::dying_subject(names::tag(subject)));
            }
            None => {
                return Err(refusals::no_such_subject(kind, subject));
            }
        }
        let grants = &mut self.secret_mut(uri)?.grants;
        if *grants.entry(subject.to_owned()).or_insert(scope) != scope {
            return Err(refusals::other_scope());
        }
        Ok(())
    }

    /// Revokes a grant, if there is one (`RevokeSecretAccess`).
    pub(crate) fn revoke_secret(&mut self, uri: &SecretUri, subject: &str) {
        if let Ok(secret) = self.secret_mut(uri) {
            secret.grants.remove(subject);
        }
    }

    /// Removes an application or a unit that is gone from the grants and the readers.
    pub(crate) fn forget_reader(&mut self, name: &str) {
        for secret in self.secrets.values_mut() {
            secret.grants.remove(name);
            secret.consumers.remove(name);
        }
    }

    /// Removes the grants of relations that are gone.
    pub(crate) fn end_grants(&mut self) {
        let relations = &self.relations;
        for secret in self.secrets.values_mut() {
            secret.grants.retain(|_, scope| match scope {
                SecretScope::Model => true,
                SecretScope::Relation(id) => relations.contains_key(id),
            });
        }
    }
}
