//! Secrets that are rotated, and that expire, as time passes.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod support;

use juju_sandbox::Model;
use std::time::Duration;
use support::{act, deploy, script, told};

const HOUR: Duration = Duration::from_secs(3600);

/// `a` with two units, the first of which leads and has added a secret.
fn with_secret(options: &str) -> (Model, String) {
    let mut model = Model::new().unwrap();
    deploy(&mut model, "a", 2);
    model.settle().unwrap();
    let add = format!("secret-add --label mine {options} token=one");
    let uri = act(&mut model, "a/0", &add).stdout.trim().to_owned();
    model.forget_runs();
    (model, uri)
}

fn runs(model: &mut Model) -> Vec<String> {
    let runs = model.runs().iter().map(told).collect();
    model.forget_runs();
    runs
}

#[test]
fn a_secret_is_rotated_by_its_owner() {
    let (mut model, uri) = with_secret("--rotate hourly");
    let rotate = "secret-set $JUJU_SECRET_ID token=$JUJU_CONTEXT_ID";
    script(&model, "a/0", "secret-rotate", rotate);
    let due = model.secret(&uri).unwrap().rotates().unwrap();
    model.advance(HOUR / 2).unwrap();
    assert!(runs(&mut model).is_empty());
    model.advance(HOUR).unwrap();
    let run = &model.runs()[0];
    assert_eq!(run.environment["JUJU_SECRET_LABEL"], "mine");
    assert!(!run.environment.contains_key("JUJU_SECRET_REVISION"));
    // The first revision has been of use to nobody.
    assert_eq!(runs(&mut model), ["a/0 secret-rotate", "a/0 secret-remove"]);
    let secret = model.secret(&uri).unwrap();
    assert_eq!(secret.latest_revision(), 2);
    let next = secret.rotates().unwrap();
    assert_eq!(next[14..], due[14..]);
    assert_ne!(next, due);
    let info = format!("secret-info-get {uri} --format json");
    let info = act(&mut model, "a/0", &info).stdout;
    let wanted = format!("\"rotation\":\"hourly\",\"rotates\":\"{next}\"");
    assert!(info.contains(&wanted), "{info}");
    // Each hour has its own hook.
    model.advance(HOUR * 3).unwrap();
    let rotations = |runs: Vec<String>| runs.iter().filter(|run| run.contains("rotate")).count();
    assert_eq!(rotations(runs(&mut model)), 3);
}

#[test]
fn a_charm_that_does_nothing_is_told_again() {
    let (mut model, _) = with_secret("--rotate daily");
    model.advance(HOUR * 24).unwrap();
    assert_eq!(runs(&mut model), ["a/0 secret-rotate"]);
    model.advance(Duration::from_secs(11 * 60)).unwrap();
    assert_eq!(runs(&mut model), ["a/0 secret-rotate"; 2]);
    // The new leader is told, too.
    model.set_leader("a/1").unwrap();
    model.settle().unwrap();
    model.forget_runs();
    model.advance(Duration::from_secs(5 * 60)).unwrap();
    assert_eq!(runs(&mut model), ["a/1 secret-rotate"]);
}

#[test]
fn an_expired_revision_is_removed_by_its_owner() {
    let (mut model, uri) = with_secret("--expire 2h --owner unit");
    model.advance(HOUR * 2).unwrap();
    let run = &model.runs()[0];
    assert_eq!(run.environment["JUJU_SECRET_REVISION"], "1");
    assert_eq!(runs(&mut model), ["a/0 secret-expired"]);
    let remove = "secret-remove $JUJU_SECRET_ID --revision $JUJU_SECRET_REVISION";
    script(&model, "a/0", "secret-expired", remove);
    model.advance(Duration::from_secs(5 * 60)).unwrap();
    assert_eq!(runs(&mut model), ["a/0 secret-expired"]);
    assert!(model.secret(&uri).is_err());
    model.advance(HOUR).unwrap();
    assert!(runs(&mut model).is_empty());
}

/// A charm that goes by the machine's clock may not believe that a revision has expired.
#[test]
fn a_charm_that_never_removes_what_has_expired_is_not_told_forever() {
    let (mut model, _) = with_secret("--expire 2h --owner unit");
    model.advance(HOUR * 24 * 365).unwrap();
    assert_eq!(runs(&mut model), ["a/0 secret-expired"; 14]);
}

#[test]
fn nothing_comes_of_time_that_nobody_lets_pass() {
    let (mut model, _) = with_secret("--expire 1s");
    for _ in 0..5 {
        act(&mut model, "a/0", "juju-log a");
    }
    model.forget_runs();
    model.settle().unwrap();
    assert!(model.runs().is_empty());
    model.advance(Duration::ZERO).unwrap();
    assert_eq!(runs(&mut model), ["a/0 secret-expired"]);
}

#[test]
fn what_expired_long_ago_is_told_once_until_time_passes() {
    let (mut model, _) = with_secret("--expire 2001-02-03T04:05:06Z");
    model.settle().unwrap();
    assert_eq!(runs(&mut model), ["a/0 secret-expired"]);
    model.advance(Duration::from_secs(5 * 60)).unwrap();
    assert_eq!(runs(&mut model), ["a/0 secret-expired"]);
}
