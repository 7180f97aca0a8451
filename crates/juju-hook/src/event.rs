//! What Juju started this process for.

/// What Juju woke the charm for: every hook and action that it has, from 2.9 to
/// 4.x. Source: `internal/charm/hooks` in Juju.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Once, first of all.
    Install,
    /// The charm's files have changed.
    UpgradeCharm,
    /// The configuration may have changed.
    ConfigChanged,
    /// After the first config-changed, and after a restart.
    Start,
    /// The unit is about to go, or on Kubernetes its pod.
    Stop,
    /// The last hook.
    Remove,
    /// Every five minutes or so.
    UpdateStatus,
    /// This unit leads now.
    LeaderElected,
    /// Another unit leads, or changed its settings; up to Juju 3.6.
    LeaderSettingsChanged,
    /// This unit no longer leads. Juju names this hook, but no version runs it.
    LeaderDeposed,
    /// Something happened to a relation.
    Relation {
        /// Our side of it.
        endpoint: String,
        /// What.
        phase: RelationPhase,
    },
    /// Something happened to a secret.
    Secret(SecretPhase),
    /// Something happened to a storage.
    Storage {
        /// Its name in `metadata.yaml`.
        name: String,
        /// What.
        phase: StoragePhase,
    },
    /// Something happened in a workload container.
    Pebble {
        /// Its name in `metadata.yaml`.
        container: String,
        /// What.
        phase: PebblePhase,
    },
    /// Metrics are due; up to Juju 3.6.10. Most hook tools fail in it.
    CollectMetrics,
    /// The meter status changed; up to Juju 3.6.10. Most hook tools fail in it.
    MeterStatusChanged,
    /// The machine is about to get a new base; up to Juju 3.6.
    PreSeriesUpgrade,
    /// The machine has got a new base; up to Juju 3.6.
    PostSeriesUpgrade,
    /// `juju run` asks for this action.
    Action(String),
    /// A hook that this program does not know. Not an error: a charm outlives the
    /// Juju that it was written for.
    Unknown(String),
}

/// The life of a relation, as one unit sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RelationPhase {
    /// It is there; nobody is on the other side yet.
    Created,
    /// A unit appeared on the other side.
    Joined,
    /// The other side wrote something.
    Changed,
    /// A unit on the other side went.
    Departed,
    /// All of them went; the relation is going.
    Broken,
}

/// The life of a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecretPhase {
    /// A secret that this unit reads has a new revision.
    Changed,
    /// Nobody reads a revision of a secret of ours any more.
    Remove,
    /// A secret of ours is due for a new revision.
    Rotate,
    /// A secret of ours is past its time.
    Expired,
}

/// The life of a storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoragePhase {
    /// It is there.
    Attached,
    /// It is going.
    Detaching,
}

/// What Pebble tells of a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PebblePhase {
    /// It answers.
    Ready,
    /// Somebody in it sent a notice.
    CustomNotice,
    /// A check failed.
    CheckFailed,
    /// A failed check passes again.
    CheckRecovered,
}

impl Event {
    /// Reads `JUJU_DISPATCH_PATH`: `hooks/<hook>` or `actions/<action>`.
    #[must_use]
    pub fn from_dispatch_path(path: &str) -> Option<Self> {
        match path.split_once('/')? {
            (_, "") => None,
            ("actions", action) => Some(Self::Action(action.into())),
            ("hooks", hook) => Some(Self::from_hook_name(hook)),
            _ => None,
        }
    }

    /// What a dispatch path is that is not text, and so is not one that any Juju knows: with
    /// what cannot be read replaced, it could pass for another.
    pub(crate) fn not_text(path: &str) -> Self {
        match path.strip_prefix("actions/") {
            Some(action) => Self::Action(action.into()),
            None => Self::Unknown(path.into()),
        }
    }

    fn from_hook_name(hook: &str) -> Self {
        match hook {
            "install" => Self::Install,
            "upgrade-charm" => Self::UpgradeCharm,
            "config-changed" => Self::ConfigChanged,
            "start" => Self::Start,
            "stop" => Self::Stop,
            "remove" => Self::Remove,
            "update-status" => Self::UpdateStatus,
            "leader-elected" => Self::LeaderElected,
            "leader-settings-changed" => Self::LeaderSettingsChanged,
            "leader-deposed" => Self::LeaderDeposed,
            "secret-changed" => Self::Secret(SecretPhase::Changed),
            "secret-remove" => Self::Secret(SecretPhase::Remove),
            "secret-rotate" => Self::Secret(SecretPhase::Rotate),
            "secret-expired" => Self::Secret(SecretPhase::Expired),
            "collect-metrics" => Self::CollectMetrics,
            "meter-status-changed" => Self::MeterStatusChanged,
            "pre-series-upgrade" => Self::PreSeriesUpgrade,
            "post-series-upgrade" => Self::PostSeriesUpgrade,
            _ => Self::from_prefixed_hook_name(hook).unwrap_or_else(|| Self::Unknown(hook.into())),
        }
    }

    /// A hook that carries the name of an endpoint, a storage or a container.
    fn from_prefixed_hook_name(hook: &str) -> Option<Self> {
        let relation = [
            ("-relation-created", RelationPhase::Created),
            ("-relation-joined", RelationPhase::Joined),
            ("-relation-changed", RelationPhase::Changed),
            ("-relation-departed", RelationPhase::Departed),
            ("-relation-broken", RelationPhase::Broken),
        ];
        let storage = [
            ("-storage-attached", StoragePhase::Attached),
            ("-storage-detaching", StoragePhase::Detaching),
        ];
        let pebble = [
            ("-pebble-ready", PebblePhase::Ready),
            ("-pebble-custom-notice", PebblePhase::CustomNotice),
            ("-pebble-check-failed", PebblePhase::CheckFailed),
            ("-pebble-check-recovered", PebblePhase::CheckRecovered),
        ];
        if let Some((endpoint, phase)) = split(hook, &relation) {
            return Some(Self::Relation { endpoint, phase });
        }
        if let Some((name, phase)) = split(hook, &storage) {
            return Some(Self::Storage { name, phase });
        }
        split(hook, &pebble).map(|(container, phase)| Self::Pebble { container, phase })
    }
}

/// The name before the one of `suffixes` that `hook` ends with, and what that means.
fn split<T: Copy>(hook: &str, suffixes: &[(&str, T)]) -> Option<(String, T)> {
    suffixes.iter().find_map(|(suffix, means)| {
        let name = hook.strip_suffix(suffix)?;
        (!name.is_empty()).then(|| (name.to_owned(), *means))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dispatch_path_has_its_event() {
        let relation = |endpoint: &str, phase| Event::Relation {
            endpoint: endpoint.into(),
            phase,
        };
        let pebble = |container: &str, phase| Event::Pebble {
            container: container.into(),
            phase,
        };
        let storage = |name: &str, phase| Event::Storage {
            name: name.into(),
            phase,
        };
        for (path, event) in [
            ("hooks/install", Event::Install),
            ("hooks/upgrade-charm", Event::UpgradeCharm),
            ("hooks/config-changed", Event::ConfigChanged),
            ("hooks/start", Event::Start),
            ("hooks/stop", Event::Stop),
            ("hooks/remove", Event::Remove),
            ("hooks/update-status", Event::UpdateStatus),
            ("hooks/leader-elected", Event::LeaderElected),
            (
                "hooks/leader-settings-changed",
                Event::LeaderSettingsChanged,
            ),
            ("hooks/leader-deposed", Event::LeaderDeposed),
            ("hooks/secret-changed", Event::Secret(SecretPhase::Changed)),
            ("hooks/secret-remove", Event::Secret(SecretPhase::Remove)),
            ("hooks/secret-rotate", Event::Secret(SecretPhase::Rotate)),
            ("hooks/secret-expired", Event::Secret(SecretPhase::Expired)),
            ("hooks/collect-metrics", Event::CollectMetrics),
            ("hooks/meter-status-changed", Event::MeterStatusChanged),
            ("hooks/pre-series-upgrade", Event::PreSeriesUpgrade),
            ("hooks/post-series-upgrade", Event::PostSeriesUpgrade),
            ("hooks/kratos-external-idp-relation-created", {
                relation("kratos-external-idp", RelationPhase::Created)
            }),
            (
                "hooks/a-relation-joined",
                relation("a", RelationPhase::Joined),
            ),
            (
                "hooks/a-relation-changed",
                relation("a", RelationPhase::Changed),
            ),
            (
                "hooks/a-relation-departed",
                relation("a", RelationPhase::Departed),
            ),
            (
                "hooks/a-relation-broken",
                relation("a", RelationPhase::Broken),
            ),
            (
                "hooks/data-storage-attached",
                storage("data", StoragePhase::Attached),
            ),
            (
                "hooks/data-storage-detaching",
                storage("data", StoragePhase::Detaching),
            ),
            ("hooks/foo-pebble-ready", pebble("foo", PebblePhase::Ready)),
            (
                "hooks/foo-pebble-custom-notice",
                pebble("foo", PebblePhase::CustomNotice),
            ),
            (
                "hooks/foo-pebble-check-failed",
                pebble("foo", PebblePhase::CheckFailed),
            ),
            (
                "hooks/foo-pebble-check-recovered",
                pebble("foo", PebblePhase::CheckRecovered),
            ),
            (
                "hooks/-relation-changed",
                Event::Unknown("-relation-changed".into()),
            ),
            ("hooks/brand-new", Event::Unknown("brand-new".into())),
            (
                "actions/get-redirect-uri",
                Event::Action("get-redirect-uri".into()),
            ),
            ("actions/install", Event::Action("install".into())),
        ] {
            assert_eq!(Event::from_dispatch_path(path), Some(event), "{path}");
        }
        for path in ["", "hooks", "hooks/", "actions/", "/install", "install"] {
            assert_eq!(Event::from_dispatch_path(path), None, "{path:?}");
        }
    }
}
