//! When Juju is asked for the relations of an endpoint that is seldom used.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use juju_hook::{Context, HookTools, RelationId, ToolError};
use tempfile::TempDir;

const RELATION: &str = "oauth:7";

/// A unit, with a `relation-ids` that answers for `oauth`, and the charm's folder.
struct Unit {
    tools: TempDir,
    charm: TempDir,
}

impl Unit {
    fn new() -> Self {
        let (tools, charm) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let program = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bin/hook-tool");
        symlink(program, tools.path().join("relation-ids")).unwrap();
        Self { tools, charm }
    }

    /// Runs a hook while there are these relations; says which it was given, and whether Juju was
    /// asked for them.
    fn run(&self, hook: &str, ids: &str, charm: Option<&Path>) -> (Vec<RelationId>, bool) {
        let (relations, asked) = self.endpoint("oauth", hook, ids, charm);
        (relations.unwrap(), asked)
    }

    fn endpoint(
        &self,
        endpoint: &str,
        hook: &str,
        ids: &str,
        charm: Option<&Path>,
    ) -> (Result<Vec<RelationId>, ToolError>, bool) {
        let answer = self.tools.path().join("relation-ids.sh");
        fs::write(answer, format!("echo '{ids}'")).unwrap();
        let context = Context::from_variables(|name| match name {
            "JUJU_DISPATCH_PATH" => Some(hook.into()),
            "JUJU_UNIT_NAME" => Some("idp/0".into()),
            "JUJU_RELATION_ID" if hook.starts_with("hooks/oauth-") => Some(RELATION.into()),
            "JUJU_RELATION_ID" => Some("other:1".into()),
            "JUJU_CHARM_DIR" => charm.map(Into::into),
            _ => None,
        });
        let context = context.unwrap().unwrap();
        let tools = HookTools::in_dir(self.tools.path());
        let relations = tools.living_relations_if_used(&context, endpoint);
        let calls = self.tools.path().join("calls");
        let asked = calls.exists();
        if asked {
            fs::remove_file(calls).unwrap();
        }
        (relations, asked)
    }

    fn has_note(&self) -> bool {
        self.charm.path().join(".unused-endpoint-oauth").is_file()
    }
}

#[test]
fn juju_is_asked_only_where_there_may_be_relations() {
    struct Case {
        hook: &'static str,
        /// Whether a note keeps it from asking.
        heeds: bool,
        /// Whether it notes that there is nothing.
        notes: bool,
    }
    let heeding = |hook| Case {
        hook,
        heeds: true,
        notes: true,
    };
    let asking = |hook| Case {
        hook,
        heeds: false,
        notes: true,
    };
    let own = |hook| Case {
        hook,
        heeds: false,
        notes: false,
    };
    for Case { hook, heeds, notes } in [
        heeding("hooks/update-status"),
        heeding("hooks/config-changed"),
        heeding("hooks/secret-changed"),
        heeding("hooks/collect-metrics"),
        heeding("hooks/stop"),
        heeding("hooks/brand-new"),
        heeding("hooks/other-relation-created"),
        heeding("hooks/other-relation-broken"),
        heeding("hooks/more-oauth-relation-created"),
        asking("hooks/install"),
        asking("hooks/start"),
        asking("hooks/upgrade-charm"),
        asking("hooks/leader-elected"),
        asking("actions/update-status"),
        own("hooks/oauth-relation-created"),
        own("hooks/oauth-relation-joined"),
        own("hooks/oauth-relation-changed"),
        own("hooks/oauth-relation-departed"),
        own("hooks/oauth-relation-broken"),
    ] {
        let there = format!("[\"{RELATION}\"]");
        let lives = hook != "hooks/oauth-relation-broken";
        let given: Vec<_> = lives
            .then(|| RelationId::new(RELATION))
            .into_iter()
            .collect();
        let unit = Unit::new();
        let folder = Some(unit.charm.path());
        assert_eq!(
            unit.run(hook, &there, folder),
            (given.clone(), true),
            "{hook}: no note"
        );
        assert!(!unit.has_note(), "{hook}: there is one, or was");
        assert_eq!(
            unit.run(hook, "[]", folder),
            (vec![], true),
            "{hook}: nothing"
        );
        assert_eq!(unit.has_note(), notes, "{hook}: nothing is noted");

        unit.run("hooks/update-status", "[]", folder);
        assert!(unit.has_note(), "{hook}");
        assert_eq!(
            unit.run(hook, "[]", folder),
            (vec![], !heeds),
            "{hook}: a note"
        );
        assert!(unit.has_note(), "{hook}: a note stays while it is right");
        let seen = if heeds { vec![] } else { given };
        let is_seen = !seen.is_empty();
        assert_eq!(
            unit.run(hook, &there, folder),
            (seen, !heeds),
            "{hook}: a wrong note"
        );
        assert_eq!(unit.has_note(), !is_seen, "{hook}: a wrong note goes");
    }
}

#[test]
fn without_a_note_juju_is_asked_each_time() {
    let unit = Unit::new();
    let absent = unit.charm.path().join("absent");
    let taken = tempfile::tempdir().unwrap();
    fs::create_dir(taken.path().join(".unused-endpoint-oauth")).unwrap();
    for (name, folder) in [
        ("Juju does not say where the folder is", None),
        ("no folder", Some(absent.as_path())),
        ("something else is there", Some(taken.path())),
    ] {
        for _ in 0..2 {
            let run = unit.run("hooks/update-status", "[]", folder);
            assert_eq!(run, (vec![], true), "{name}");
        }
    }
}

#[test]
fn a_wrong_note_that_cannot_be_removed_is_an_error() {
    // A name that leads to a file that not even root can remove.
    let unit = Unit::new();
    let aside = unit.charm.path().join(".unused-endpoint-x");
    fs::create_dir(&aside).unwrap();
    symlink("/proc", aside.join("proc")).unwrap();
    let endpoint = "x/proc/version";
    let folder = Some(unit.charm.path());
    let (nothing, asked) = unit.endpoint(endpoint, "hooks/start", "[]", folder);
    assert_eq!((nothing.unwrap(), asked), (vec![], true));
    let there = format!("[\"{RELATION}\"]");
    let (relations, _) = unit.endpoint(endpoint, "hooks/start", &there, folder);
    assert!(matches!(relations, Err(ToolError::Note { .. })));
}
