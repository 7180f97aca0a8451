//! Why Juju started this process. The only reader of the environment.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::event::{Event, PebblePhase, RelationPhase};
use crate::relation::RelationId;
use crate::secret_uri::SecretUri;

/// What Juju says of the hook or action that this process is.
///
/// Left out is what the hook tools need for themselves (`JUJU_CONTEXT_ID`, the agent's socket),
/// where the controllers are (`JUJU_API_ADDRESSES`), which no charm talks to, what repeats something
/// else (`JUJU_HOOK_NAME`, `JUJU_ACTION_NAME`, `JUJU_ACTION_TAG`, `JUJU_RELATION`,
/// `JUJU_WORKLOAD_NAME`), the version of the cloud's API (`CLOUD_API_VERSION`), where Juju 4 wants
/// traces (`JUJU_CHARM_TRACE_CONFIG_*`), and what Juju has given up (`JUJU_SLA`, the meter status).
/// Source of all of it: `HookVars` in Juju's `internal/worker/uniter/runner/context/context.go`.
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
    /// The storage that the event is about, in storage hooks only.
    pub storage: Option<EventStorage>,
    /// What a workload container tells, in some of its hooks.
    pub workload: Option<EventWorkload>,
    /// What `juju run` calls the task, in actions only (`JUJU_ACTION_UUID`): a small number,
    /// since Juju 2.8.
    pub action_id: Option<String>,
    /// The base that the machine gets, in pre-series-upgrade only: `ubuntu@24.04/stable`
    /// (`JUJU_TARGET_BASE`), or in Juju 2.9 `noble` (`JUJU_TARGET_SERIES`).
    pub target_base: Option<String>,
    /// The Juju that asks (`JUJU_VERSION`); `None` where it does not say, as in
    /// some hooks of Juju 3.
    pub juju: Option<JujuVersion>,
    /// Where all of this happens.
    pub place: Place,
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
    /// The unit that goes, in relation-departed only (`JUJU_DEPARTING_UNIT`); this one, if it is
    /// on this side that something goes.
    pub departing_unit: Option<String>,
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

/// The storage that a storage hook is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventStorage {
    /// `JUJU_STORAGE_ID`, such as `data/0`.
    pub id: String,
    /// Where it is mounted, or its device (`JUJU_STORAGE_LOCATION`).
    pub location: Option<PathBuf>,
    /// `filesystem` or `block` (`JUJU_STORAGE_KIND`).
    pub kind: Option<String>,
}

/// What a workload container tells. Its name is in the event, as in `JUJU_WORKLOAD_NAME`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EventWorkload {
    /// In custom-notice, of Juju 3.4 or newer.
    Notice {
        /// `JUJU_NOTICE_ID`.
        id: String,
        /// `JUJU_NOTICE_TYPE`, which is `custom`.
        kind: String,
        /// What the sender called it, such as `example.com/backup-done` (`JUJU_NOTICE_KEY`).
        key: String,
    },
    /// In check-failed and check-recovered, of Juju 3.6 or newer: the check's name
    /// (`JUJU_PEBBLE_CHECK_NAME`).
    Check(String),
}

/// Where a hook runs. What Juju does not say is `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// `JUJU_MODEL_NAME`.
    pub model_name: Option<String>,
    /// `JUJU_MODEL_UUID`.
    pub model_uuid: Option<String>,
    /// Where the charm's own files are (`JUJU_CHARM_DIR`), which is where the process starts.
    pub charm_dir: Option<PathBuf>,
    /// The machine's number (`JUJU_MACHINE_ID`); none on Kubernetes.
    pub machine: Option<String>,
    /// `JUJU_AVAILABILITY_ZONE`, on clouds that have them.
    pub availability_zone: Option<String>,
    /// The unit that a subordinate is beside (`JUJU_PRINCIPAL_UNIT`).
    pub principal_unit: Option<String>,
    /// What the model wants charms to use. Juju does not set `http_proxy` and its like.
    pub proxies: Proxies,
}

/// The proxies of the model's `juju-http-proxy` and its like.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proxies {
    /// `JUJU_CHARM_HTTP_PROXY`.
    pub http: Option<String>,
    /// `JUJU_CHARM_HTTPS_PROXY`.
    pub https: Option<String>,
    /// `JUJU_CHARM_FTP_PROXY`.
    pub ftp: Option<String>,
    /// What is reached without one, with commas between (`JUJU_CHARM_NO_PROXY`).
    pub none: Option<String>,
}

impl Proxies {
    /// The proxies of the shell that started this process, as curl reads them: `http_proxy`,
    /// `https_proxy`, `ftp_proxy` and `no_proxy`, or the same in capitals.
    #[must_use]
    #[expect(
        clippy::disallowed_methods,
        reason = "the one place that reads the environment"
    )]
    pub fn of_shell() -> Self {
        Self::of_variables(std::env::var_os)
    }

    /// As [`Self::of_shell`], with the environment given.
    pub fn of_variables(variable: impl Fn(&'static str) -> Option<OsString>) -> Self {
        let set = |name| {
            let text = variable(name)?.into_string().ok()?;
            Some(text).filter(|text| !text.is_empty())
        };
        let either = |[lower, upper]: [&'static str; 2]| set(lower).or_else(|| set(upper));
        Self {
            http: either(["http_proxy", "HTTP_PROXY"]),
            https: either(["https_proxy", "HTTPS_PROXY"]),
            ftp: either(["ftp_proxy", "FTP_PROXY"]),
            none: either(["no_proxy", "NO_PROXY"]),
        }
    }

    /// These, or the others if these name no proxy at all. Juju sets `JUJU_CHARM_NO_PROXY` on models
    /// without a proxy too.
    #[must_use]
    pub fn or(self, others: Self) -> Self {
        if self.http.is_some() || self.https.is_some() || self.ftp.is_some() {
            self
        } else {
            others
        }
    }
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
        // Where there is nothing to do, nothing needs to be known.
        let unit = match &event {
            Event::Stop | Event::Remove | Event::Unknown(_) => {
                text("JUJU_UNIT_NAME").unwrap_or_default()
            }
            _ => required("JUJU_UNIT_NAME")?,
        };
        let mut context = Self {
            event,
            unit,
            relation: None,
            secret: None,
            storage: None,
            workload: None,
            action_id: None,
            target_base: None,
            juju: text("JUJU_VERSION").as_deref().and_then(JujuVersion::parse),
            place: Place {
                model_name: text("JUJU_MODEL_NAME"),
                model_uuid: text("JUJU_MODEL_UUID"),
                charm_dir: variable("JUJU_CHARM_DIR").map(PathBuf::from),
                machine: text("JUJU_MACHINE_ID"),
                availability_zone: text("JUJU_AVAILABILITY_ZONE"),
                principal_unit: text("JUJU_PRINCIPAL_UNIT"),
                proxies: Proxies {
                    http: text("JUJU_CHARM_HTTP_PROXY"),
                    https: text("JUJU_CHARM_HTTPS_PROXY"),
                    ftp: text("JUJU_CHARM_FTP_PROXY"),
                    none: text("JUJU_CHARM_NO_PROXY"),
                },
            },
        };
        match &context.event {
            Event::Relation { .. } => {
                context.relation = Some(EventRelation {
                    id: RelationId::new(required("JUJU_RELATION_ID")?),
                    remote_app: text("JUJU_REMOTE_APP"),
                    remote_unit: text("JUJU_REMOTE_UNIT"),
                    departing_unit: text("JUJU_DEPARTING_UNIT"),
                });
            }
            Event::Secret(_) => {
                let uri = text("JUJU_SECRET_ID").as_deref().and_then(SecretUri::parse);
                context.secret = uri.map(|uri| EventSecret {
                    uri,
                    revision: text("JUJU_SECRET_REVISION").and_then(|text| text.parse().ok()),
                    label: text("JUJU_SECRET_LABEL"),
                });
            }
            Event::Storage { .. } => {
                context.storage = text("JUJU_STORAGE_ID").map(|id| EventStorage {
                    id,
                    location: text("JUJU_STORAGE_LOCATION").map(PathBuf::from),
                    kind: text("JUJU_STORAGE_KIND"),
                });
            }
            Event::Pebble { phase, .. } => context.workload = EventWorkload::read(*phase, text),
            Event::Action(_) => context.action_id = text("JUJU_ACTION_UUID"),
            Event::PreSeriesUpgrade => {
                let base = text("JUJU_TARGET_BASE");
                context.target_base = base.or_else(|| text("JUJU_TARGET_SERIES"));
            }
            _ => {}
        }
        Ok(Some(context))
    }

    /// The application that this unit belongs to.
    #[must_use]
    pub fn application(&self) -> &str {
        self.unit.split('/').next().unwrap_or_default()
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

impl EventWorkload {
    fn read(phase: PebblePhase, text: impl Fn(&'static str) -> Option<String>) -> Option<Self> {
        Some(match phase {
            PebblePhase::Ready => return None,
            PebblePhase::CustomNotice => Self::Notice {
                id: text("JUJU_NOTICE_ID")?,
                kind: text("JUJU_NOTICE_TYPE")?,
                key: text("JUJU_NOTICE_KEY")?,
            },
            PebblePhase::CheckFailed | PebblePhase::CheckRecovered => {
                Self::Check(text("JUJU_PEBBLE_CHECK_NAME")?)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::ffi::OsStringExt as _;

    use super::*;

    #[test]
    fn proxies_are_those_of_juju_or_of_the_shell() {
        let shell = |name: &str| match name {
            "https_proxy" => Some("http://lower:3128".into()),
            "HTTPS_PROXY" => Some("http://upper:3128".into()),
            "HTTP_PROXY" => Some("http://plain:3128".into()),
            "NO_PROXY" => Some("localhost".into()),
            "http_proxy" | "no_proxy" => Some(OsString::new()),
            _ => None,
        };
        let shell = Proxies::of_variables(shell);
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(shell.https, text("http://lower:3128"));
        assert_eq!(shell.http, text("http://plain:3128"));
        assert_eq!(shell.none, text("localhost"));

        let without = Proxies {
            none: text("127.0.0.1"),
            ..Proxies::default()
        };
        assert_eq!(without.or(shell.clone()), shell);
        let juju = Proxies {
            http: text("http://juju:3128"),
            ..Proxies::default()
        };
        assert_eq!(juju.clone().or(shell), juju);
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
    fn a_path_that_is_not_text_is_unknown() {
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

    /// A context of these variables, and of a unit.
    fn context(variables: &[(&str, &str)]) -> Result<Option<Context>, ContextError> {
        Context::from_variables(|name| {
            let mut all = variables.iter().chain(&[("JUJU_UNIT_NAME", "idp/0")]);
            all.find(|(key, _)| *key == name)
                .map(|(_, value)| value.into())
        })
    }

    #[test]
    fn an_event_comes_with_what_it_is_about() {
        // As the environment of Juju 4.0.14, but for storage, containers and bases: those are as
        // in HookVars.
        let of = |variables: &[(&str, &str)]| context(variables).unwrap().unwrap();
        let departed = of(&[
            (
                "JUJU_DISPATCH_PATH",
                "hooks/kratos-external-idp-relation-departed",
            ),
            ("JUJU_RELATION_ID", "kratos-external-idp:0"),
            ("JUJU_REMOTE_APP", "kratos"),
            ("JUJU_REMOTE_UNIT", "kratos/0"),
            ("JUJU_DEPARTING_UNIT", "kratos/0"),
        ]);
        let relation = departed.relation.unwrap();
        assert_eq!(relation.departing_unit.as_deref(), Some("kratos/0"));
        assert_eq!(departed.action_id, None);

        let action = of(&[
            ("JUJU_DISPATCH_PATH", "actions/get-redirect-uri"),
            ("JUJU_ACTION_UUID", "1"),
        ]);
        assert_eq!(action.action_id.as_deref(), Some("1"));

        let attached = of(&[
            ("JUJU_DISPATCH_PATH", "hooks/data-storage-attached"),
            ("JUJU_STORAGE_ID", "data/0"),
            ("JUJU_STORAGE_LOCATION", "/srv"),
            ("JUJU_STORAGE_KIND", "filesystem"),
        ]);
        let storage = EventStorage {
            id: "data/0".into(),
            location: Some("/srv".into()),
            kind: Some("filesystem".into()),
        };
        assert_eq!(attached.storage, Some(storage));

        let notice = of(&[
            ("JUJU_DISPATCH_PATH", "hooks/web-pebble-custom-notice"),
            ("JUJU_NOTICE_ID", "4"),
            ("JUJU_NOTICE_TYPE", "custom"),
            ("JUJU_NOTICE_KEY", "example.com/done"),
        ]);
        let expected = EventWorkload::Notice {
            id: "4".into(),
            kind: "custom".into(),
            key: "example.com/done".into(),
        };
        assert_eq!(notice.workload, Some(expected));
        let check = of(&[
            ("JUJU_DISPATCH_PATH", "hooks/web-pebble-check-failed"),
            ("JUJU_PEBBLE_CHECK_NAME", "up"),
        ]);
        assert_eq!(check.workload, Some(EventWorkload::Check("up".into())));

        for name in ["JUJU_TARGET_BASE", "JUJU_TARGET_SERIES"] {
            let upgrade = of(&[
                ("JUJU_DISPATCH_PATH", "hooks/pre-series-upgrade"),
                (name, "noble"),
            ]);
            assert_eq!(upgrade.target_base.as_deref(), Some("noble"), "{name}");
        }
    }

    #[test]
    fn a_hook_says_where_it_runs() {
        // As the environment of Juju 4.0.14.
        let context = context(&[
            ("JUJU_DISPATCH_PATH", "hooks/install"),
            ("JUJU_MODEL_NAME", "controller"),
            ("JUJU_MODEL_UUID", "81824278-0594-426b-8f1d-e7a2d03d298f"),
            ("JUJU_CHARM_DIR", "/var/lib/juju/agents/unit-idp-0/charm"),
            ("JUJU_MACHINE_ID", "0"),
            ("JUJU_AVAILABILITY_ZONE", ""),
            ("JUJU_PRINCIPAL_UNIT", ""),
            ("JUJU_CHARM_HTTP_PROXY", ""),
            ("JUJU_CHARM_NO_PROXY", "127.0.0.1,localhost,::1"),
            ("JUJU_VERSION", "4.0.14"),
        ]);
        let context = context.unwrap().unwrap();
        assert_eq!(context.juju, Some(JujuVersion { major: 4, minor: 0 }));
        let place = Place {
            model_name: Some("controller".into()),
            model_uuid: Some("81824278-0594-426b-8f1d-e7a2d03d298f".into()),
            charm_dir: Some("/var/lib/juju/agents/unit-idp-0/charm".into()),
            machine: Some("0".into()),
            proxies: Proxies {
                none: Some("127.0.0.1,localhost,::1".into()),
                ..Proxies::default()
            },
            ..Place::default()
        };
        assert_eq!(context.place, place);
    }

    #[test]
    fn a_secret_hook_says_which_secret() {
        struct Case {
            name: &'static str,
            path: &'static str,
            variables: Vec<(&'static str, &'static str)>,
            expected: Option<(Option<u32>, Option<&'static str>)>,
        }
        let id = "secret:d0erdgfmp25c762i8np0";
        for Case {
            name,
            path,
            variables,
            expected,
        } in [
            Case {
                name: "a revision of ours",
                path: "hooks/secret-remove",
                variables: vec![("ID", id), ("REVISION", "3"), ("LABEL", "x")],
                expected: Some((Some(3), Some("x"))),
            },
            Case {
                name: "a secret of another application",
                path: "hooks/secret-changed",
                variables: vec![("ID", id), ("REVISION", ""), ("LABEL", "")],
                expected: Some((None, None)),
            },
            Case {
                name: "an odd revision",
                path: "hooks/secret-expired",
                variables: vec![("ID", id), ("REVISION", "-1")],
                expected: Some((None, None)),
            },
            Case {
                name: "an odd id",
                path: "hooks/secret-remove",
                variables: vec![("ID", "x")],
                expected: None,
            },
            Case {
                name: "nothing",
                path: "hooks/secret-rotate",
                variables: vec![],
                expected: None,
            },
            Case {
                name: "another hook",
                path: "hooks/start",
                variables: vec![("ID", id)],
                expected: None,
            },
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
        struct Case {
            name: &'static str,
            variables: Vec<(&'static str, &'static str)>,
            error: ContextError,
        }
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

        for Case {
            name,
            variables,
            error,
        } in [
            Case {
                name: "no unit",
                variables: vec![broken, id, app],
                error: ContextError::Unset("JUJU_UNIT_NAME"),
            },
            Case {
                name: "no relation",
                variables: vec![broken, unit, app],
                error: ContextError::Unset("JUJU_RELATION_ID"),
            },
            Case {
                name: "neither a hook nor an action",
                variables: vec![("JUJU_DISPATCH_PATH", "x"), unit],
                error: ContextError::DispatchPath,
            },
        ] {
            assert_eq!(context(&variables), Err(error), "{name}");
        }
    }
}
