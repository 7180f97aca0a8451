//! Nothing that anybody can type is a hook error, nothing ends the program but its own will,
//! and no core file is left.

use std::ffi::OsStr;
use std::fs;
use std::io::Write as _;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::process::{Command, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{ANSWER, GOOGLE, World, assert_all_succeeded, assert_all_succeeded_with};

const CHARM: &str = env!("CARGO_BIN_EXE_kratos-external-idp-integrator");

/// Every action, and a steady hook.
fn use_everything(world: &mut World, name: &str) {
    for unit in ["idp/0", "idp/1"] {
        world.update_status(unit);
        for action in ["validate-config", "get-redirect-uri", "test-mapper"] {
            world.run(unit, action);
        }
        let url = ("public-url", json!("https://iam.example.com"));
        world.run_action(unit, "validate-config", &[url]).unwrap();
    }
    assert_all_succeeded_with(world, name);
}

#[test]
fn odd_texts_of_any_length_make_nothing_fail() {
    let nul = r#"[{"provider": "google", "client_id": "c", "client_secret": "s\u0000t", "provider_id": "a\u0000b", "label": "\u001b[31m", "scope": "openid email"}]"#;
    let long_id = "x".repeat(140_000);
    let list = |id: &str| {
        format!(
            "- {{provider: google, client_id: c, client_secret: s, scope: email, provider_id: {id}}}\n"
        )
    };
    let large = "a: b #".repeat(30_000);
    let unset = GOOGLE.map(|(option, _)| (option, ""));
    for backend in ["relation", "secret"] {
        for (name, list) in [
            ("NUL", nul.to_owned()),
            ("a long id", list(&long_id)),
            (
                "many long ids",
                (0..2).map(|n| list(&format!("{n}{long_id}"))).collect(),
            ),
        ] {
            let (mut world, relation) = World::integrated(2, &unset);
            world.announce_secrets(relation);
            world.config(&[("secret_backend", backend), ("providers", &list)]);
            let name = format!("{name}, {backend}");
            assert!(world.published(relation).is_some(), "{name}");
            use_everything(&mut world, &name);
            world.answer(relation, ANSWER);
            use_everything(&mut world, &name);
            world.config(&[("enabled", "false")]);
            assert_eq!(world.published(relation), None, "{name}");
            assert_all_succeeded(&world);
        }
    }
    let (mut world, relation) = World::integrated(2, &GOOGLE);
    world.answer(relation, ANSWER);
    for option in [
        "client_id",
        "client_secret",
        "provider",
        "issuer_url",
        "label",
        "scope",
        "jsonnet_mapper",
        "providers",
        "unsafe_values",
    ] {
        world.config(&[(option, &large)]);
        use_everything(&mut world, option);
        let before = GOOGLE.iter().find(|(known, _)| *known == option);
        world.config(&[(option, before.map_or("", |(_, value)| *value))]);
    }
    assert_all_succeeded(&world);
}

#[test]
fn a_secret_uri_of_any_length_makes_nothing_fail() {
    let long = format!("secret:{}/d0erdgfmp25c762i8np0", "a".repeat(140_000));
    let (mut world, relation) = World::integrated(2, &GOOGLE);
    world.answer(relation, ANSWER);
    let before = world.published(relation);
    for (name, options) in [
        ("an option", vec![("client_secret", long.clone())]),
        (
            "a list",
            vec![(
                "providers",
                format!("- {{provider: google, client_id: c, client_secret: '{long}'}}"),
            )],
        ),
    ] {
        for (option, _) in GOOGLE.iter().filter(|_| name == "a list") {
            world.configure("idp", &[(option, "")]).unwrap();
        }
        let options: Vec<_> = options
            .iter()
            .map(|(option, value)| (*option, value.as_str()))
            .collect();
        world.config(&options);
        use_everything(&mut world, name);
        let (level, message) = world.status("idp/0");
        assert_eq!(level, "blocked", "{name}");
        assert!(message.contains("client_secret"), "{name}: {message}");
        assert_eq!(world.published(relation), before, "{name}: nothing is lost");
    }
    assert_all_succeeded(&world);
}

#[test]
fn parameters_of_any_depth_and_length_fail_the_action_at_most() {
    let deep = (0..200).fold(json!(1), |inner, _| json!({ "a": inner }));
    let (mut world, relation) = World::integrated(1, &GOOGLE);
    world.answer(relation, ANSWER);
    let mapper = "local claims = std.extVar('claims'); \
                  { identity: { traits: { email: claims.sub, again: claims.sub } } }";
    world.config(&[("jsonnet_mapper", mapper)]);
    let run = |world: &mut World, action: &str, parameter: (&str, Value)| {
        let outcome = world.run_action("idp/0", action, &[parameter]).unwrap();
        let run = world.last_run("idp/0", action);
        assert_eq!(run.exit_code, Some(0), "{action}: {}", run.stderr);
        outcome
    };
    let outcome = run(&mut world, "test-mapper", ("claims", deep));
    let failure = format!("{outcome:?}");
    assert!(failure.contains("nested too deeply"), "{failure}");

    // Traits that are too long for Kratos, and with a character that is not for a terminal.
    let claims = |sub: String| ("claims", json!({ "iss": "i", "sub": sub }));
    let outcome = run(&mut world, "test-mapper", claims("x".repeat(60_000)));
    let findings = outcome.results["findings"].as_str().unwrap();
    assert!(findings.contains("64 KiB"), "{findings}");
    assert!(!outcome.results.contains_key("traits-given"));
    let outcome = run(&mut world, "test-mapper", claims("a\u{7f}b".into()));
    let traits: Value =
        serde_json::from_str(outcome.results["traits-given"].as_str().unwrap()).unwrap();
    assert_eq!(traits["email"], "a\u{7f}b");

    for (action, parameter) in [
        ("test-mapper", "claims"),
        ("test-mapper", "provider-id"),
        ("validate-config", "public-url"),
        ("check-provider", "provider-id"),
        ("check-provider", "public-url"),
        ("check-provider", "ca"),
    ] {
        for text in ["x".repeat(2_000_000), "https://a\0b".into()] {
            run(&mut world, action, (parameter, text.into()));
        }
    }
}

#[test]
fn a_redirect_uri_that_is_too_long_is_not_cut() {
    let long = "x".repeat(140_000);
    let (mut world, relation) = World::integrated(1, &GOOGLE);
    world.config(&[("provider_id", &long)]);
    world.answer(relation, ANSWER);
    let two = format!(
        "- {{provider: google, client_id: c, client_secret: s, provider_id: google}}\n\
         - {{provider: google, client_id: c, client_secret: s, provider_id: {long}}}\n"
    );
    for (option, _) in GOOGLE {
        world.configure("idp", &[(option, "")]).unwrap();
    }
    world.config(&[("providers", &two)]);
    let outcome = world.run("idp/0", "get-redirect-uri");
    let listed: Value =
        serde_json::from_str(outcome.results["redirect-uris"].as_str().unwrap()).unwrap();
    assert_eq!(listed.as_array().unwrap().len(), 1, "what fits");
    let warning = outcome.results["warning"].as_str().unwrap();
    assert_eq!(
        warning,
        "only the first 1 of 2 redirect URIs fit into the result"
    );
}

/// A folder of hook tools that answer with canned texts, and nothing else on `PATH`.
struct Tools(TempDir);

impl Tools {
    fn new() -> Self {
        let tools = Self(tempfile::tempdir().unwrap());
        let config = json!({
            "provider": "google",
            "client_id": "c",
            "client_secret": "hunter2",
            "provider_id": "a/b",
            "scope": "openid email",
        });
        for (tool, answer) in [
            ("config-get", config.to_string()),
            ("relation-ids", r#"["kratos-external-idp:1"]"#.into()),
            ("is-leader", "true".into()),
            ("relation-list", r#""kratos""#.into()),
            ("relation-get", r#"{"providers": "{"}"#.into()),
            ("status-get", r#"{"status": "unknown"}"#.into()),
            ("relation-set", String::new()),
            ("status-set", String::new()),
            ("juju-log", String::new()),
        ] {
            tools.answer(tool, &format!("cat <<'END'\n{answer}\nEND\n"));
        }
        tools
    }

    /// What a tool does, as a shell script.
    fn answer(&self, tool: &str, script: &str) {
        let path = self.0.path().join(tool);
        fs::write(path.with_extension("sh"), script).unwrap();
        // There already, if it is given another answer.
        let _ = symlink(
            concat!(
                env!("CARGO_MANIFEST_DIR"),
                "/crates/juju-hook/tests/bin/hook-tool"
            ),
            path,
        );
    }

    fn path(&self) -> std::path::Display<'_> {
        self.0.path().display()
    }

    fn calls(&self) -> String {
        fs::read_to_string(self.0.path().join("calls")).unwrap_or_default()
    }

    /// What the last call of `action-set` was given.
    fn results(&self) -> String {
        fs::read_to_string(self.0.path().join("results")).unwrap()
    }

    /// The charm in a hook that warns.
    fn hook(&self, before: &str) -> Command {
        let mut command = sh(&format!("{before}exec {CHARM}"));
        command
            .env("PATH", format!("{}:/usr/bin:/bin", self.path()))
            .env("JUJU_DISPATCH_PATH", "hooks/config-changed")
            .env("JUJU_UNIT_NAME", "idp/0")
            .env("JUJU_VERSION", "3.6.12")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        command
    }
}

/// A shell that runs `script`.
fn sh(script: &str) -> Command {
    #[expect(
        clippy::disallowed_methods,
        reason = "runs what is tested, as Juju or a person would"
    )]
    let mut command = Command::new("/bin/sh");
    command.args(["-c", script]).env_clear();
    command
}

#[test]
fn a_log_that_cannot_be_written_stops_nothing() {
    for (name, redirect) in [
        ("a full disk", "exec 2>/dev/full; "),
        ("both full", "exec >/dev/full 2>&1; "),
        ("closed", "exec 2>&-; "),
        ("all closed", "exec <&- >&- 2>&-; "),
        ("nobody reads", "exec 2> >(exit); "),
    ] {
        let tools = Tools::new();
        // The last is of bash.
        let redirect = if redirect.contains(">(") {
            format!(
                "mkfifo {0}/pipe; (: < {0}/pipe) & exec 2> {0}/pipe; wait; ",
                tools.path()
            )
        } else {
            redirect.to_owned()
        };
        let output = tools.hook(&redirect).output().unwrap();
        assert!(output.status.success(), "{name}: {output:?}");
        let calls = tools.calls();
        assert!(
            calls.contains("relation-set") && calls.contains("status-set"),
            "{name}: {calls}"
        );
    }
}

#[test]
fn without_memory_to_check_a_mapper_work_goes_on() {
    struct Case {
        name: &'static str,
        limit: &'static str,
        is_checked: bool,
    }

    let config = json!({
        "provider": "google",
        "client_id": "c",
        "client_secret": "hunter2",
        "scope": "openid email",
        "jsonnet_mapper": "{ identity: { traits: {} } }",
    });
    for Case {
        name,
        limit,
        is_checked,
    } in [
        Case {
            name: "no memory for a stack",
            limit: "ulimit -v 30000; ",
            is_checked: false,
        },
        Case {
            name: "memory",
            limit: "ulimit -v 120000; ",
            is_checked: true,
        },
        Case {
            name: "few files",
            limit: "ulimit -n 16; ",
            is_checked: true,
        },
    ] {
        let tools = Tools::new();
        tools.answer("config-get", &format!("cat <<'END'\n{config}\nEND\n"));
        let output = tools.hook(limit).output().unwrap();
        assert!(output.status.success(), "{name}: {output:?}");
        assert!(tools.calls().contains("relation-set"), "{name}");
        // Nobody is blocked by it, but whoever asks is told.
        let validate = format!("{limit}exec {CHARM} validate - <<'END'\n{config}\nEND\n");
        let output = sh(&validate).output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        let is_unchecked = said.contains("note: jsonnet_mapper: not checked");
        assert_eq!(is_unchecked, !is_checked, "{name}: {output:?}");
    }
}

#[test]
fn the_doctor_is_found_beside_the_program_even_one_that_was_replaced() {
    let options = "{provider: google, client_id: c, client_secret: s, scope: openid email, \
                   jsonnet_mapper: '{'}";
    for (has_doctor, found) in [
        (
            false,
            "note: jsonnet_mapper: not checked: its check did not answer",
        ),
        (true, "warning: jsonnet_mapper: not valid Jsonnet"),
    ] {
        // Links that cannot be told from files of the charm's own.
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let dispatch = folder.path().join("dispatch");
        fs::hard_link(CHARM, &dispatch).unwrap();
        if has_doctor {
            let doctor = env!("CARGO_BIN_EXE_doctor");
            fs::hard_link(doctor, folder.path().join("doctor")).unwrap();
        }
        #[expect(
            clippy::disallowed_methods,
            reason = "runs what is tested, as a person would"
        )]
        let mut child = Command::new(&dispatch)
            .args(["validate", "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        fs::remove_file(dispatch).unwrap();
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(options.as_bytes()).unwrap();
        drop(stdin);
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(said.contains(found), "{said}");
    }
}

#[test]
fn no_core_dump_is_left() {
    let tools = Tools::new();
    tools.answer(
        "config-get",
        &format!(
            "(ulimit -Sc; ulimit -Hc) > {}/core; echo '{{}}'",
            tools.path()
        ),
    );
    let output = tools.hook(RAISE_CORE).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let limit = fs::read_to_string(tools.0.path().join("core")).unwrap();
    assert_eq!(limit, "0\n0\n", "inherited by what it starts");
}

/// Lets core files be of any length, as far as that is allowed.
const RAISE_CORE: &str = "ulimit -Sc $(ulimit -Hc); ";

#[test]
fn no_core_dump_is_left_by_the_command_line() {
    let run = format!("{RAISE_CORE}exec {CHARM} validate -");
    #[expect(
        clippy::disallowed_methods,
        reason = "runs what is tested, as a person would"
    )]
    let mut child = Command::new("/bin/sh")
        .args(["-c", &run])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    // More than the pipe holds: once it is written, the program has begun to read.
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(&b" ".repeat(4 << 20)).unwrap();
    let limits = fs::read_to_string(format!("/proc/{}/limits", child.id())).unwrap();
    drop(stdin);
    child.wait().unwrap();
    let core = limits.lines().find(|line| line.contains("core file"));
    let core: Vec<_> = core.unwrap().split_whitespace().collect();
    assert_eq!(core[4..6], ["0", "0"], "{limits}");
}

#[test]
fn results_are_given_in_calls_that_the_system_takes() {
    let item = "- {provider: google, client_id: c, client_secret: s, scope: email, provider_id: ";
    let padding = "x".repeat(100);
    let ids: Vec<_> = (0..900).map(|n| format!("{item}{n}{padding}}}")).collect();
    let ids = ids.join("\n");
    let tools = Tools::new();
    let config = json!({ "providers": ids });
    tools.answer("config-get", &format!("cat <<'END'\n{config}\nEND\n"));
    tools.answer(
        "action-get",
        r#"echo '{"public-url": "https://iam.example.com"}'"#,
    );
    tools.answer(
        "action-set",
        &format!(
            "for each; do echo \"${{each%%=*}}\"; done >> {}/results",
            tools.path()
        ),
    );
    // All arguments of a program together may then be 128 KiB, the least that there is.
    let output = tools
        .hook("ulimit -s 512; ")
        .env("JUJU_DISPATCH_PATH", "actions/validate-config")
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let results = tools.results();
    for key in ["valid", "provider-ids", "redirect-uris"] {
        assert!(results.contains(key), "{key}: {results}");
    }
    assert_eq!(results.matches("--").count(), 2, "{results}");
}

#[test]
fn a_hook_whose_name_is_not_text_does_nothing() {
    for path in [
        &b"hooks/\xff"[..],
        b"actions/\xff\xfe",
        b"\xff",
        b"hooks/\xff-relation-changed",
    ] {
        let tools = Tools::new();
        tools.answer("action-get", "echo '{}'");
        tools.answer("action-fail", "");
        let output = tools
            .hook("")
            .env("JUJU_DISPATCH_PATH", OsStr::from_bytes(path))
            .output()
            .unwrap();
        assert!(output.status.success(), "{path:?}: {output:?}");
        assert!(!tools.calls().contains("-set"), "{path:?}");
    }
}
