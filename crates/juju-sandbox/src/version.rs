//! Juju versions, and what each of them has.

use crate::refusals;
use std::fmt;
use std::str::FromStr;

/// A Juju version such as `3.6.12` or `4.0-rc1`; the tag and build are kept only in the text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Version {
    numbers: [u32; 3],
    text: String,
}

impl Version {
    /// Whether this is the version in a text, such as `3.1`, or later; `None` if the text is not a
    /// version.
    pub(crate) fn is_at_least(&self, text: &str) -> Option<bool> {
        numbers(text).map(|numbers| self.numbers >= numbers)
    }

    /// Whether this is `major.minor.patch` or later.
    pub(crate) fn at_least(&self, major: u32, minor: u32, patch: u32) -> bool {
        self.numbers >= [major, minor, patch]
    }
}

/// What was added, removed or changed in a version.
impl Version {
    /// Whether this is Juju 2, which words some refusals in another way.
    pub(crate) fn is_2(&self) -> bool {
        !self.at_least(3, 0, 0)
    }

    /// Charms can have secrets, and the hook tools for them.
    pub(crate) fn has_secrets(&self) -> bool {
        !self.is_2()
    }

    /// `secret-add` prints a URI with the model's UUID (`CreateSecretURIs`).
    pub(crate) fn prints_model_in_secret_uris(&self) -> bool {
        self.at_least(3, 1, 3)
    }

    /// `relation-ids` asks for an endpoint's name, not for a relation's.
    pub(crate) fn says_endpoint(&self) -> bool {
        self.at_least(3, 2, 0)
    }

    /// Users can have secrets (`api/client/secrets/client.go`), and options can have the type
    /// `secret` (`juju/charm`).
    pub(crate) fn has_user_secrets(&self) -> bool {
        self.at_least(3, 3, 0)
    }

    /// `relation-get` checks a unit's name before it asks for the unit's databag.
    pub(crate) fn checks_unit_names(&self) -> bool {
        self.at_least(3, 3, 2)
    }

    /// Content equal to a secret's newest revision makes no new one: Juju keeps a checksum.
    pub(crate) fn compares_secrets(&self) -> bool {
        self.at_least(3, 6, 0)
    }

    /// The hook tool `relation-model-get` exists.
    pub(crate) fn has_relation_model_get(&self) -> bool {
        self.at_least(3, 6, 1)
    }

    /// `leader-get` and `leader-set` exist, and units are told what the leader set.
    pub(crate) fn has_leader_settings(&self) -> bool {
        !self.is_4()
    }

    /// A unit's databag contains its `private-address`.
    pub(crate) fn writes_private_address(&self) -> bool {
        !self.is_4()
    }

    /// Hooks have `JUJU_SLA` in their environment, instead of variables for tracing.
    pub(crate) fn has_sla(&self) -> bool {
        !self.is_4()
    }

    /// An action accepts parameters that it does not declare, unless it says otherwise.
    pub(crate) fn takes_undeclared_parameters(&self) -> bool {
        !self.is_4()
    }

    /// A change of options runs `config-changed` twice on each unit, and resetting them runs no
    /// hook. Both were seen on a 4.0.14 controller.
    pub(crate) fn miscounts_config_changes(&self) -> bool {
        self.is_4()
    }

    /// `relation-ids` leaves out a relation that is about to be broken. A 4.0.14 controller listed
    /// it to the end.
    pub(crate) fn hides_broken_relations(&self) -> bool {
        !self.is_4()
    }

    /// Parameters that are not what the charm declares still make a task, which takes a number but
    /// does not run. Seen with 4.0.14; before, nothing but the operation took one.
    pub(crate) fn makes_tasks_of_refusals(&self) -> bool {
        self.is_4()
    }

    /// A map among an action's parameters reaches the charm as text, as Go prints it. Seen with
    /// 4.0.14, whatever way the map was given.
    pub(crate) fn flattens_parameters(&self) -> bool {
        self.is_4()
    }

    /// `secret-info-get` tells of a secret that is not rotated, that it never is. Seen with 4.0.14.
    pub(crate) fn tells_rotation(&self) -> bool {
        self.is_4()
    }

    /// `network-get` gives an address as its own host name. Seen with 4.0.14.
    pub(crate) fn names_hosts_by_address(&self) -> bool {
        self.is_4()
    }

    /// The action that `juju exec` is says whether it runs where the workload does.
    pub(crate) fn tells_workload_context(&self) -> bool {
        !self.is_4()
    }

    /// The number of the first operation. That of a 4.0.14 controller was seen to be 0; it is 1 in
    /// the examples of Juju 3's documentation.
    pub(crate) fn first_operation(&self) -> u32 {
        u32::from(!self.is_4())
    }

    /// Tasks have no `completed` in their `timing`, as seen with 4.0.14.
    pub(crate) fn hides_completion(&self) -> bool {
        self.is_4()
    }

    /// The name of the action that `juju exec` is: before 3.0 the command was `juju run`.
    pub(crate) fn exec_action(&self) -> &'static str {
        if self.is_2() { "juju-run" } else { "juju-exec" }
    }

    /// Units other than the leader may read their own application's databag.
    pub(crate) fn shares_own_databag(&self) -> bool {
        self.is_4()
    }

    /// Whether this is Juju 4, where domain services with words of their own have replaced `state`.
    pub(crate) fn is_4(&self) -> bool {
        self.at_least(4, 0, 0)
    }
}

impl FromStr for Version {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers = numbers(text).ok_or_else(|| refusals::invalid_version(text))?;
        // Older versions have neither application databags nor `dispatch`.
        if numbers < [2, 8, 0] {
            return Err(format!(
                "Juju {text} is too old for this sandbox: 2.9 is the oldest"
            ));
        }
        Ok(Self {
            numbers,
            text: text.to_owned(),
        })
    }
}

/// Major, minor and patch without a tag; missing ones are 0.
fn numbers(text: &str) -> Option<[u32; 3]> {
    let (numbers, _tag) = text.split_at(text.find('-').unwrap_or(text.len()));
    let mut parts = numbers.split('.');
    let mut next = || parts.next().unwrap_or("0").parse().ok();
    Some([next()?, next()?, next()?])
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order() {
        let version = |text: &str| text.parse::<Version>().unwrap();
        assert!(version("3.6.12").at_least(3, 6, 9));
        assert!(!version("3.5.12").at_least(3, 6, 0));
        assert!(version("4.0-rc1").at_least(4, 0, 0));
        assert!("2.7.1".parse::<Version>().is_err());
        assert!("three".parse::<Version>().is_err());
    }
}
