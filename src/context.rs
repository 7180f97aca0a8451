//! Why Juju started this process. The only reader of the environment.

use std::ffi::OsString;

use crate::hooktools::{RelationId, SecretUri};

/// What Juju says of the hook or action that this process is.
///
/// Source of all of it: `HookVars` in Juju's
/// `internal/worker/uniter/runner/context/context.go`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Context {
    /// What happened (`JUJU_DISPATCH_PATH`).
    pub event: Event,
    /// The unit that runs this (`JUJU_UNIT_NAME`), such as `idp/0`.
    pub unit: String,
    /// The relation that the event is about, in relation hooks only.
    pub relation: Option<EventRelation>,
    /// The secret that the event is about, in secret hooks only.
    pub secret: Option<EventSecret>,
    /// The Juju that asks (`JUJU_VERSION`); `None` where it does not say, as in
    /// some hooks of Juju 3.
    pub juju: Option<JujuVersion>,
}

/// A version of Juju, as far as features depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct JujuVersion {
    /// The 3 of 3.6.12.
    pub major: u32,
    /// The 6 of 3.6.12.
    pub minor: u32,
}

impl JujuVersion {
    /// The first with secrets.
    pub const SECRETS: Self = Self { major: 3, minor: 0 };
    /// The first in which an administrator can add a secret.
    pub const USER_SECRETS: Self = Self { major: 3, minor: 3 };

    /// Reads `3.6.12`, `3.6-beta2`, `4.0.1.3`: what comes after the minor number
    /// does not matter here.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (major, rest) = text.split_once('.')?;
        let minor = rest.split(|c: char| !c.is_ascii_digit()).next()?;
        Some(Self {
            major: major.parse().ok()?,
            minor: minor.parse().ok()?,
        })
    }
}

/// The relation that a relation hook is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRelation {
    /// `JUJU_RELATION_ID`.
    pub id: RelationId,
    /// The application on the other side (`JUJU_REMOTE_APP`).
    pub remote_app: Option<String>,
    /// The unit on the other side (`JUJU_REMOTE_UNIT`); `None` where the event
    /// is about the application as a whole.
    pub remote_unit: Option<String>,
}

/// The secret that a secret hook is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventSecret {
    /// `JUJU_SECRET_ID`.
    pub uri: SecretUri,
    /// `JUJU_SECRET_REVISION`: the revision that nobody reads any more, or that is to expire.
    pub revision: Option<u32>,
    /// `JUJU_SECRET_LABEL`.
    pub label: Option<String>,
}

/// Juju did not say what it should have said.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ContextError {
    /// A variable that Juju always sets is missing, or is not text.
    #[error("Juju did not set {0}")]
    Unset(&'static str),
    /// Neither `hooks/<name>` nor `actions/<name>`.
    #[error("JUJU_DISPATCH_PATH names neither a hook nor an action")]
    DispatchPath,
}

impl Context {
    /// Reads the context of this process; `None` if a person started it.
    ///
    /// # Errors
    ///
    /// If Juju started it but left out what it always says.
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the environment"
    )]
    pub fn from_env() -> Result<Option<Self>, ContextError> {
        Self::from_variables(std::env::var_os)
    }

    /// As [`Self::from_env`], with the environment given.
    ///
    /// # Errors
    ///
    /// If `JUJU_DISPATCH_PATH` is set but another variable is missing.
    pub fn from_variables(
        variable: impl Fn(&'static str) -> Option<OsString>,
    ) -> Result<Option<Self>, ContextError> {
        // Juju sets some variables to nothing where they do not apply.
        let text = |name| {
            variable(name)
                .and_then(|value| value.into_string().ok())
                .filter(|text| !text.is_empty())
        };
        let required = |name| text(name).ok_or(ContextError::Unset(name));
        let path = variable("JUJU_DISPATCH_PATH").filter(|path| !path.is_empty());
        let Some(path) = path else {
            return Ok(None);
        };
        let event = match path.to_str() {
            Some(path) => Event::from_dispatch_path(path).ok_or(ContextError::DispatchPath)?,
            None => Event::not_text(&path.to_string_lossy()),
        };
        let relation = match &event {
            Event::Relation { .. } => Some(EventRelation {
                id: RelationId::new(required("JUJU_RELATION_ID")?),
                remote_app: text("JUJU_REMOTE_APP"),
                remote_unit: text("JUJU_REMOTE_UNIT"),
            }),
            _ => None,
        };
        let uri = text("JUJU_SECRET_ID").as_deref().and_then(SecretUri::parse);
        let secret = match (&event, uri) {
            (Event::Secret(_), Some(uri)) => Some(EventSecret {
                uri,
                revision: text("JUJU_SECRET_REVISION").and_then(|text| text.parse().ok()),
                label: text("JUJU_SECRET_LABEL"),
            }),
            _ => None,
        };
        // Where there is nothing to do, nothing needs to be known.
        let unit = match &event {
            Event::Stop | Event::Remove | Event::Unknown(_) => {
                text("JUJU_UNIT_NAME").unwrap_or_default()
            }
            _ => required("JUJU_UNIT_NAME")?,
        };
        let juju = text("JUJU_VERSION").as_deref().and_then(JujuVersion::parse);
        Ok(Some(Self {
            event,
            unit,
            relation,
            secret,
            juju,
        }))
    }

    /// The application that this unit belongs to.
    #[must_use]
    pub fn application(&self) -> &str {
        self.unit
            .split_once('/')
            .map_or(self.unit.as_str(), |(application, _)| application)
    }

    /// The application on the other side of `relation`, if this is one of its
    /// hooks: Juju has told it already, and need not be asked.
    #[must_use]
    pub fn remote_app(&self, relation: &RelationId) -> Option<&str> {
        let event = self
            .relation
            .as_ref()
            .filter(|event| event.id == *relation)?;
        event.remote_app.as_deref()
    }

    /// The relation that this hook sees the last of, if it is a relation-broken
    /// hook. `relation-ids` leaves it out already in every Juju that was looked
    /// at; whoever iterates over relations leaves it out all the same.
    #[must_use]
    pub fn breaking(&self) -> Option<&RelationId> {
        match (&self.event, &self.relation) {
            (
                Event::Relation {
                    phase: RelationPhase::Broken,
                    ..
                },
                Some(relation),
            ) => Some(&relation.id),
            _ => None,
        }
    }
}

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
    fn not_text(path: &str) -> Self {
        match path.strip_prefix("actions/") {
            Some(action) => Self::Action(action.into()),
            None => Self::Unknown(path.into()),
        }
    }

    /// Whether a revision of a secret of ours is to be removed, since nobody reads it.
    pub(crate) fn is_secret_remove(&self) -> bool {
        *self == Self::Secret(SecretPhase::Remove)
    }

    /// Whether it comes again and again, and seldom with anything to write.
    pub(crate) fn is_routine(&self) -> bool {
        *self == Self::UpdateStatus
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
        let named = |suffix| hook.strip_suffix(suffix).filter(|name| !name.is_empty());
        for (suffix, phase) in [
            ("-relation-created", RelationPhase::Created),
            ("-relation-joined", RelationPhase::Joined),
            ("-relation-changed", RelationPhase::Changed),
            ("-relation-departed", RelationPhase::Departed),
            ("-relation-broken", RelationPhase::Broken),
        ] {
            if let Some(endpoint) = named(suffix) {
                return Some(Self::Relation {
                    endpoint: endpoint.into(),
                    phase,
                });
            }
        }
        for (suffix, phase) in [
            ("-storage-attached", StoragePhase::Attached),
            ("-storage-detaching", StoragePhase::Detaching),
        ] {
            if let Some(name) = named(suffix) {
                return Some(Self::Storage {
                    name: name.into(),
                    phase,
                });
            }
        }
        for (suffix, phase) in [
            ("-pebble-ready", PebblePhase::Ready),
            ("-pebble-custom-notice", PebblePhase::CustomNotice),
            ("-pebble-check-failed", PebblePhase::CheckFailed),
            ("-pebble-check-recovered", PebblePhase::CheckRecovered),
        ] {
            if let Some(container) = named(suffix) {
                return Some(Self::Pebble {
                    container: container.into(),
                    phase,
                });
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::ffi::OsStringExt as _;

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

    #[test]
    fn versions_are_read() {
        for (text, version) in [
            ("3.6.12", Some((3, 6))),
            ("2.9.61", Some((2, 9))),
            ("4.0-rc1", Some((4, 0))),
            ("3.6.12.1", Some((3, 6))),
            ("10.11", Some((10, 11))),
            ("3", None),
            ("", None),
            ("x.y", None),
        ] {
            let version = version.map(|(major, minor)| JujuVersion { major, minor });
            assert_eq!(JujuVersion::parse(text), version, "{text:?}");
        }
        assert!(JujuVersion { major: 3, minor: 1 } < JujuVersion::USER_SECRETS);
        assert!(JujuVersion { major: 4, minor: 0 } > JujuVersion::USER_SECRETS);
    }

    #[test]
    fn a_path_that_is_not_text_is_nothing_that_is_known() {
        for (path, event) in [
            (&b"\xff"[..], Event::Unknown("\u{fffd}".into())),
            (b"hooks/\xff", Event::Unknown("hooks/\u{fffd}".into())),
            (
                b"hooks/\xff-relation-changed",
                Event::Unknown("hooks/\u{fffd}-relation-changed".into()),
            ),
            (b"actions/\xff", Event::Action("\u{fffd}".into())),
        ] {
            let variable = |name: &str| match name {
                "JUJU_DISPATCH_PATH" => Some(OsString::from_vec(path.to_vec())),
                "JUJU_UNIT_NAME" => Some("idp/0".into()),
                _ => None,
            };
            let context = Context::from_variables(variable).unwrap().unwrap();
            assert_eq!(context.event, event);
        }
    }

    #[test]
    fn a_secret_hook_says_which_secret() {
        let id = "secret:d0erdgfmp25c762i8np0";
        for (name, path, variables, expected) in [
            (
                "a revision of ours",
                "hooks/secret-remove",
                vec![("ID", id), ("REVISION", "3"), ("LABEL", "x")],
                Some((Some(3), Some("x"))),
            ),
            (
                "a secret of another application",
                "hooks/secret-changed",
                vec![("ID", id), ("REVISION", ""), ("LABEL", "")],
                Some((None, None)),
            ),
            (
                "an odd revision",
                "hooks/secret-expired",
                vec![("ID", id), ("REVISION", "-1")],
                Some((None, None)),
            ),
            ("an odd id", "hooks/secret-remove", vec![("ID", "x")], None),
            ("nothing", "hooks/secret-rotate", vec![], None),
            ("another hook", "hooks/start", vec![("ID", id)], None),
        ] {
            let context = Context::from_variables(|variable| match variable {
                "JUJU_DISPATCH_PATH" => Some(path.into()),
                "JUJU_UNIT_NAME" => Some("idp/0".into()),
                _ => {
                    let part = variable.strip_prefix("JUJU_SECRET_")?;
                    let (_, value) = variables.iter().find(|(name, _)| *name == part)?;
                    Some(value.into())
                }
            });
            let secret = context.unwrap().unwrap().secret;
            let expected = expected.map(|(revision, label)| EventSecret {
                uri: SecretUri::parse(id).unwrap(),
                revision,
                label: label.map(str::to_owned),
            });
            assert_eq!(secret, expected, "{name}");
        }
    }

    #[test]
    fn the_environment_makes_a_context() {
        let context = |variables: &[(&str, &str)]| {
            Context::from_variables(|name| {
                variables
                    .iter()
                    .find(|(key, _)| *key == name)
                    .map(|(_, value)| value.into())
            })
        };
        let unit = ("JUJU_UNIT_NAME", "idp/3");
        let broken = (
            "JUJU_DISPATCH_PATH",
            "hooks/kratos-external-idp-relation-broken",
        );
        let (id, app) = (
            ("JUJU_RELATION_ID", "kratos-external-idp:7"),
            ("JUJU_REMOTE_APP", "kratos"),
        );

        assert_eq!(context(&[unit]), Ok(None), "started by a person");
        assert_eq!(
            context(&[("JUJU_DISPATCH_PATH", ""), unit]),
            Ok(None),
            "juju-exec"
        );
        let start = context(&[("JUJU_DISPATCH_PATH", "hooks/start"), unit])
            .unwrap()
            .unwrap();
        assert_eq!(
            (start.event, start.relation),
            (Event::Start, None),
            "a plain hook"
        );
        let seen = context(&[broken, unit, id, app, ("JUJU_REMOTE_UNIT", "")])
            .unwrap()
            .unwrap();
        assert_eq!(seen.application(), "idp", "a relation hook's application");
        assert_eq!(
            seen.breaking(),
            Some(&RelationId::new("kratos-external-idp:7")),
            "the id"
        );
        let relation = seen.relation.unwrap();
        assert_eq!(
            relation.remote_app.as_deref(),
            Some("kratos"),
            "the other side"
        );
        assert_eq!(relation.remote_unit, None, "set but empty is unset");

        for (name, variables, error) in [
            (
                "no unit",
                vec![broken, id, app],
                ContextError::Unset("JUJU_UNIT_NAME"),
            ),
            (
                "no relation",
                vec![broken, unit, app],
                ContextError::Unset("JUJU_RELATION_ID"),
            ),
            (
                "no kind",
                vec![("JUJU_DISPATCH_PATH", "x"), unit],
                ContextError::DispatchPath,
            ),
        ] {
            assert_eq!(context(&variables), Err(error), "{name}");
        }
    }
}
