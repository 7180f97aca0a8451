//! What Juju tells a charm: hooks and actions, with the variables of each.

use serde::{Deserialize, Serialize};

/// One run of a charm's `dispatch`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Event {
    /// A hook that concerns only the unit.
    Unit(UnitHook),
    /// A hook of one relation.
    Relation(RelationHook),
    /// A hook of one secret.
    Secret(SecretHook),
    /// A hook of one storage.
    Storage(StorageHook),
    /// An action.
    Action {
        /// Its name.
        name: String,
        /// Its number in the model.
        id: u32,
    },
    /// A command of `juju exec`, which is an action without a charm's program.
    Exec {
        /// `juju-exec`, or `juju-run`.
        name: String,
        /// Its number in the model.
        id: u32,
        /// A shell script.
        command: String,
    },
}

/// The hooks that concern only the unit (`juju/charm`, `hooks/hooks.go`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum UnitHook {
    Install,
    LeaderElected,
    LeaderSettingsChanged,
    ConfigChanged,
    Start,
    UpgradeCharm,
    UpdateStatus,
    Stop,
    Remove,
}

impl UnitHook {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Install => "install",
            Self::LeaderElected => "leader-elected",
            Self::LeaderSettingsChanged => "leader-settings-changed",
            Self::ConfigChanged => "config-changed",
            Self::Start => "start",
            Self::UpgradeCharm => "upgrade-charm",
            Self::UpdateStatus => "update-status",
            Self::Stop => "stop",
            Self::Remove => "remove",
        }
    }
}

/// A hook of one relation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RelationHook {
    pub(crate) step: RelationStep,
    pub(crate) relation: u32,
    /// This unit's endpoint.
    pub(crate) endpoint: String,
    /// The other application; the unit's own in a peer relation.
    pub(crate) application: String,
}

/// A hook of one secret.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SecretHook {
    pub(crate) step: SecretStep,
    /// The secret's id.
    pub(crate) secret: String,
    /// The label that the unit knows it by; may be empty.
    pub(crate) label: String,
    pub(crate) revision: u32,
}

impl SecretHook {
    /// `secret:<id>`.
    pub(crate) fn uri(&self) -> String {
        format!("secret:{}", self.secret)
    }
}

/// A hook of one storage.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StorageHook {
    /// Whether it was attached; otherwise, it is about to be detached.
    pub(crate) attached: bool,
    /// The charm's name for this kind of storage.
    pub(crate) name: String,
    pub(crate) number: u32,
}

impl StorageHook {
    /// `data/0`.
    pub(crate) fn id(&self) -> String {
        format!("{}/{}", self.name, self.number)
    }

    fn kind(&self) -> &'static str {
        if self.attached {
            "storage-attached"
        } else {
            "storage-detaching"
        }
    }
}

/// What happened to the secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum SecretStep {
    /// There is a newer revision; readers are told.
    Changed,
    /// Nobody tracks the revision any more; the owner is told.
    Remove,
    /// It is time to make a new revision; the owner is told.
    Rotate,
    /// The revision has expired; the owner is told.
    Expired,
}

impl SecretStep {
    fn hook(self) -> &'static str {
        match self {
            Self::Changed => "secret-changed",
            Self::Remove => "secret-remove",
            Self::Rotate => "secret-rotate",
            Self::Expired => "secret-expired",
        }
    }
}

/// What happened in the relation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum RelationStep {
    Created,
    Joined {
        unit: String,
        /// The version of the unit's databag that this announces.
        version: u64,
    },
    Changed {
        /// The unit whose databag changed; `None` for the application's.
        unit: Option<String>,
        version: u64,
    },
    Departed {
        unit: String,
        /// The unit that leaves: this one, if the local side is leaving.
        departing: String,
    },
    Broken,
}

impl RelationStep {
    fn suffix(&self) -> &'static str {
        match self {
            Self::Created => "relation-created",
            Self::Joined { .. } => "relation-joined",
            Self::Changed { .. } => "relation-changed",
            Self::Departed { .. } => "relation-departed",
            Self::Broken => "relation-broken",
        }
    }

    /// The remote unit that the hook is about, if any.
    pub(crate) fn unit(&self) -> Option<&str> {
        match self {
            Self::Joined { unit, .. } | Self::Departed { unit, .. } => Some(unit),
            Self::Changed { unit, .. } => unit.as_deref(),
            Self::Created | Self::Broken => None,
        }
    }
}

impl Event {
    /// The hook's or action's name: `config-changed`, `db-relation-joined`, `get-password`.
    pub(crate) fn name(&self) -> String {
        match self {
            Self::Unit(hook) => hook.name().to_owned(),
            Self::Relation(hook) => format!("{}-{}", hook.endpoint, hook.step.suffix()),
            Self::Secret(hook) => hook.step.hook().to_owned(),
            Self::Storage(hook) => format!("{}-{}", hook.name, hook.kind()),
            Self::Action { name, .. } | Self::Exec { name, .. } => name.clone(),
        }
    }

    /// The name in the status of a unit whose hook failed (`reportHookError` in `uniter.go`).
    pub(crate) fn name_in_status(&self) -> String {
        match self {
            Self::Storage(hook) => hook.kind().to_owned(),
            _ => self.name(),
        }
    }

    /// `hooks/…` or `actions/…`: the value of `JUJU_DISPATCH_PATH`.
    pub(crate) fn dispatch_path(&self) -> String {
        let kind = if self.is_action() { "actions" } else { "hooks" };
        format!("{kind}/{}", self.name())
    }

    pub(crate) fn is_action(&self) -> bool {
        matches!(self, Self::Action { .. } | Self::Exec { .. })
    }

    /// The shell script that runs instead of the charm.
    pub(crate) fn command(&self) -> Option<&str> {
        match self {
            Self::Exec { command, .. } => Some(command),
            _ => None,
        }
    }

    /// The relation that the event is about.
    pub(crate) fn relation(&self) -> Option<&RelationHook> {
        match self {
            Self::Relation(hook) => Some(hook),
            _ => None,
        }
    }

    /// The secret that the event is about.
    pub(crate) fn secret(&self) -> Option<&SecretHook> {
        match self {
            Self::Secret(hook) => Some(hook),
            _ => None,
        }
    }

    /// The storage that the event is about.
    pub(crate) fn storage(&self) -> Option<&StorageHook> {
        match self {
            Self::Storage(hook) => Some(hook),
            _ => None,
        }
    }

    /// The variables that only this kind of event has (`HookVars` in `context/context.go`).
    pub(crate) fn variables(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Unit(_) => Vec::new(),
            Self::Relation(hook) => {
                let mut variables = vec![
                    ("JUJU_RELATION", hook.endpoint.clone()),
                    (
                        "JUJU_RELATION_ID",
                        format!("{}:{}", hook.endpoint, hook.relation),
                    ),
                    // Set but empty if the hook is not about a unit.
                    (
                        "JUJU_REMOTE_UNIT",
                        hook.step.unit().unwrap_or_default().to_owned(),
                    ),
                    ("JUJU_REMOTE_APP", hook.application.clone()),
                ];
                if let RelationStep::Departed { departing, .. } = &hook.step {
                    variables.push(("JUJU_DEPARTING_UNIT", departing.clone()));
                }
                variables
            }
            // Its location is known only where its folder is.
            Self::Storage(hook) => vec![
                ("JUJU_STORAGE_ID", hook.id()),
                ("JUJU_STORAGE_KIND", "filesystem".to_owned()),
            ],
            Self::Secret(hook) => {
                let mut variables = vec![
                    ("JUJU_SECRET_ID", hook.uri()),
                    ("JUJU_SECRET_LABEL", hook.label.clone()),
                ];
                if matches!(hook.step, SecretStep::Remove | SecretStep::Expired) {
                    variables.push(("JUJU_SECRET_REVISION", hook.revision.to_string()));
                }
                variables
            }
            Self::Action { name, id } | Self::Exec { name, id, .. } => vec![
                ("JUJU_ACTION_NAME", name.clone()),
                ("JUJU_ACTION_UUID", id.to_string()),
                ("JUJU_ACTION_TAG", format!("action-{id}")),
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_variables() {
        let relation = |step| {
            Event::Relation(RelationHook {
                step,
                relation: 7,
                endpoint: "db".into(),
                application: "pg".into(),
            })
        };
        let departed = relation(RelationStep::Departed {
            unit: "pg/0".into(),
            departing: "web/1".into(),
        });
        assert_eq!(departed.dispatch_path(), "hooks/db-relation-departed");
        assert_eq!(
            departed.variables(),
            [
                ("JUJU_RELATION", "db".to_owned()),
                ("JUJU_RELATION_ID", "db:7".to_owned()),
                ("JUJU_REMOTE_UNIT", "pg/0".to_owned()),
                ("JUJU_REMOTE_APP", "pg".to_owned()),
                ("JUJU_DEPARTING_UNIT", "web/1".to_owned()),
            ]
        );
        let created = relation(RelationStep::Created);
        assert!(
            created
                .variables()
                .contains(&("JUJU_REMOTE_UNIT", String::new()))
        );
        let secret = |step| {
            Event::Secret(SecretHook {
                step,
                secret: "9m4e2mr0ui3e8a215n4g".into(),
                label: String::new(),
                revision: 2,
            })
        };
        assert_eq!(
            secret(SecretStep::Remove).variables(),
            [
                ("JUJU_SECRET_ID", "secret:9m4e2mr0ui3e8a215n4g".to_owned()),
                ("JUJU_SECRET_LABEL", String::new()),
                ("JUJU_SECRET_REVISION", "2".to_owned()),
            ]
        );
        let changed = secret(SecretStep::Changed);
        assert_eq!(
            (changed.dispatch_path().as_str(), changed.variables().len()),
            ("hooks/secret-changed", 2)
        );
        let action = Event::Action {
            name: "go".into(),
            id: 3,
        };
        assert_eq!(
            (action.dispatch_path().as_str(), action.variables().len()),
            ("actions/go", 3)
        );
    }
}
