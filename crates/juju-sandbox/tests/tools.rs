//! Each hook tool's output, error texts and exit codes, row by row.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

mod support;

use juju_sandbox::{ActionStatus, Level, Model, is_hook_tool};
use support::{act, deploy, model, pair, pair_of, script};

/// A shell script, and its expected result.
struct Case {
    script: &'static str,
    code: i32,
    stdout: &'static str,
    stderr: &'static str,
}

const fn ok(script: &'static str, stdout: &'static str) -> Case {
    Case {
        script,
        code: 0,
        stdout,
        stderr: "",
    }
}

const fn refused(script: &'static str, code: i32, stderr: &'static str) -> Case {
    Case {
        script,
        code,
        stdout: "",
        stderr,
    }
}

fn check(model: &mut Model, unit: &str, cases: &[Case]) {
    for Case {
        script,
        code,
        stdout,
        stderr,
    } in cases
    {
        let outcome = act(model, unit, script);
        let seen = (
            outcome.return_code,
            outcome.stdout.as_str(),
            outcome.stderr.as_str(),
        );
        assert_eq!(seen, (Some(*code), *stdout, *stderr), "{unit}: {script}");
    }
}

#[test]
fn options() {
    check(
        &mut pair(),
        "a/0",
        &[
            refused(
                "config-get --foo",
                2,
                "ERROR option provided but not defined: --foo\n",
            ),
            refused(
                "config-get -x",
                2,
                "ERROR option provided but not defined: -x\n",
            ),
            refused(
                "config-get --format",
                2,
                "ERROR option needs an argument: --format\n",
            ),
            refused(
                "config-get --format bad",
                2,
                "ERROR invalid value \"bad\" for option --format: unknown format \"bad\"\n",
            ),
            refused(
                "is-leader --format=bad",
                2,
                "ERROR invalid value \"bad\" for option --format: unknown format \"bad\"\n",
            ),
            refused("is-leader x", 2, "ERROR unrecognized args: [\"x\"]\n"),
            refused(
                "config-get text more 'and more'",
                2,
                "ERROR unrecognized args: [\"more\" \"and more\"]\n",
            ),
            refused(
                "config-get --all=maybe",
                2,
                "ERROR invalid value \"maybe\" for option --all: strconv.ParseBool: parsing \"maybe\": invalid syntax\n",
            ),
            refused(
                "goal-state --format smart",
                2,
                "ERROR invalid value \"smart\" for option --format: unknown format \"smart\"\n",
            ),
            ok("config-get text --format json", "\"hello\"\n"),
            ok("config-get --format json -- text", "\"hello\"\n"),
            ok("config-get text -o out; cat out", "hello\n"),
            ok("relation-list -r2 --format=json", "[\"b/0\"]\n"),
            ok("relation-list -r 2", "b/0\n"),
            ok("relation-list --relation db:2", "b/0\n"),
            ok("relation-list --relation=nonsense:2", "b/0\n"),
            ok("relation-list -r 2 --app=false", "b/0\n"),
            ok(
                "status-set active -- -dash; status-get --include-data --format=json",
                "{\"message\":\"-dash\",\"status\":\"active\",\"status-data\":{}}\n",
            ),
            ok(
                "is-leader --help | head -n 1",
                "Usage: is-leader [options]\n",
            ),
        ],
    );
}

#[test]
fn help() {
    for (juju, count) in [("3.6.28", 37), ("4.0.14", 35)] {
        let mut model = pair_of(juju);
        let ran = model.exec(
            "a/0",
            "for path in \"${PATH%%:*}\"/*; do ${path##*/} --help && ${path##*/} -h > /dev/null || exit; echo '#'; done",
        );
        let ran = ran.unwrap();
        let texts = ran.stdout;
        let texts: Vec<&str> = texts.split_terminator("#\n").collect();
        assert_eq!(texts.len(), count);
        for text in texts {
            let tool = text.split(' ').nth(1).unwrap();
            assert!(is_hook_tool(tool), "{text}");
            assert!(
                text.starts_with(&format!("Usage: {tool} [options]")),
                "{text}"
            );
            assert!(text.contains("\n\nSummary:\n"), "{text}");
            // Each option is explained.
            assert!(
                text.lines()
                    .all(|line| line.trim() != "" || line.is_empty()),
                "{text}"
            );
        }
    }
    check(
        &mut pair(),
        "a/0",
        &[ok(
            "relation-get --help",
            "Usage: relation-get [options] <key> <unit id>\n\n\
             Summary:\nPrint the databag of a unit or an application.\n\n\
             Options:\n\
             --app  (= false)\n    The application, rather than one of its units\n\
             --format  (= smart)\n    The format of the output (json|smart|yaml)\n\
             -o, --output (= \"\")\n    A file for the output\n\
             -r, --relation  (= )\n    The relation, by its id\n",
        )],
    );
}

#[test]
fn config() {
    check(
        &mut pair(),
        "a/0",
        &[
            ok(
                "config-get --format json",
                "{\"empty\":\"\",\"flag\":true,\"number\":1000000,\"ratio\":2,\"text\":\"hello\"}\n",
            ),
            ok(
                "config-get --all --format json",
                "{\"empty\":\"\",\"flag\":true,\"key\":null,\"number\":1000000,\"ratio\":2,\"text\":\"hello\",\"unset\":null}\n",
            ),
            ok(
                "config-get",
                "empty: \"\"\nflag: true\nnumber: 1e+06\nratio: 2\ntext: hello\n",
            ),
            ok("config-get text", "hello\n"),
            ok("config-get flag", "True\n"),
            ok("config-get --format=yaml flag", "true\n"),
            ok("config-get unset", ""),
            ok("config-get empty", ""),
            ok("config-get --format=json unset", "null\n"),
            ok("config-get --format=json unknown", "null\n"),
            refused(
                "config-get --all text",
                2,
                "ERROR cannot use argument --all together with key \"text\"\n",
            ),
            refused(
                "config-get -a text",
                2,
                "ERROR cannot use argument --all together with key \"text\"\n",
            ),
        ],
    );
}

#[test]
fn relations_outside_a_relation_hook() {
    let mut model = pair();
    model
        .write_app_databag(2, "b", &[("url", "<x>&y")])
        .unwrap();
    check(
        &mut model,
        "a/0",
        &[
            ok("relation-ids db --format json", "[\"db:2\"]\n"),
            ok("relation-ids solo --format json", "[]\n"),
            ok("relation-ids nowhere", ""),
            refused("relation-ids", 2, "ERROR no endpoint name specified\n"),
            ok("relation-list -r 2 --app --format json", "\"b\"\n"),
            ok("relation-list -r 0 --app --format json", "\"a\"\n"),
            ok("relation-list -r 0 --format json", "[\"a/1\"]\n"),
            refused("relation-list", 2, "ERROR no relation id specified\n"),
            refused(
                "relation-list -r one",
                2,
                "ERROR invalid value \"one\" for option -r: invalid relation id\n",
            ),
            refused(
                "relation-list -r burble:123",
                2,
                "ERROR invalid value \"burble:123\" for option -r: relation not found\n",
            ),
            refused(
                "relation-list --relation 1",
                2,
                "ERROR invalid value \"1\" for option --relation: relation not found\n",
            ),
            refused("relation-get", 2, "ERROR no relation id specified\n"),
            refused(
                "relation-get -r 2",
                2,
                "ERROR no unit or application specified\n",
            ),
            refused(
                "relation-get -r 2 --app",
                2,
                "ERROR no unit or application specified\n",
            ),
            ok("relation-get -r 2 ingress-address b/0", "10.1.0.4\n"),
            ok(
                "relation-get -r 2 --format json - b/0",
                "{\"egress-subnets\":\"10.1.0.4/32\",\"ingress-address\":\"10.1.0.4\",\"private-address\":\"10.1.0.4\"}\n",
            ),
            ok("relation-get -r 2 --format json missing b/0", "null\n"),
            ok("relation-get -r 2 missing b/0", ""),
            ok(
                "relation-get -r 2 --app --format json - b",
                "{\"url\":\"\\u003cx\\u003e\\u0026y\"}\n",
            ),
            ok("relation-get -r 2 --app=True url b/0", "<x>&y\n"),
            ok("relation-get -r 2 --app --format json - a", "{}\n"),
            refused(
                "relation-get -r 2 - b",
                2,
                "ERROR expected unit name, got application name \"b\"\n",
            ),
            refused(
                "relation-get -r 2 - 'x!'",
                2,
                "ERROR invalid unit name \"x!\"\n",
            ),
            refused(
                "relation-get -r 2 --app - 'x!'",
                1,
                "ERROR \"\" is not a valid unit or application\n",
            ),
            refused(
                "relation-get -r 2 - b/9",
                1,
                "ERROR cannot read settings for unit \"b/9\" in relation \"b:backend a:db\": unit \"b/9\": settings not found\n",
            ),
            refused("relation-get -r 2 - c/0", 1, "ERROR permission denied\n"),
            refused(
                "relation-get -r 2 --app - c",
                1,
                "ERROR permission denied\n",
            ),
            refused(
                "relation-get -r 2 - b/0 b/1",
                2,
                "ERROR unrecognized args: [\"b/1\"]\n",
            ),
            ok(
                "relation-model-get -r 2 --format json",
                "{\"uuid\":\"5a0d0b0c-7a9e-4c57-8f6e-0c0ffee0cafe\"}\n",
            ),
            refused("relation-model-get", 2, "ERROR no relation id specified\n"),
            refused("relation-set x=1", 2, "ERROR no relation id specified\n"),
        ],
    );
}

/// A call of `relation-set`, and the unit's databag after it.
struct Set {
    name: &'static str,
    script: &'static str,
    code: i32,
    stderr: &'static str,
    databag: &'static str,
}

const SETS: [Set; 10] = [
    Set {
        name: "trimmed",
        script: "relation-set -r 2 ' x = a=b ' '' y=",
        code: 0,
        stderr: "",
        databag: "x=a=b",
    },
    Set {
        name: "no value",
        script: "relation-set -r 2 haha",
        code: 2,
        stderr: "ERROR expected \"key=value\", got \"haha\"\n",
        databag: "x=a=b",
    },
    Set {
        name: "key twice",
        script: "relation-set -r 2 k=1 k=2",
        code: 2,
        stderr: "ERROR key \"k\" specified more than once\n",
        databag: "x=a=b",
    },
    Set {
        name: "a pipe under the arguments",
        script: "echo '{\"x\": \" b \", \"z\": 80, \"w\": true}' | relation-set -r 2 --file - z=81",
        code: 0,
        stderr: "",
        databag: "w=true x= b  z=81",
    },
    Set {
        name: "a file",
        script: "echo '{x: null, w: \"\"}' > f; relation-set -r 2 --file f",
        code: 0,
        stderr: "",
        databag: "z=81",
    },
    Set {
        name: "nothing",
        script: "relation-set -r 2",
        code: 0,
        stderr: "",
        databag: "z=81",
    },
    Set {
        name: "a map for a value",
        script: "echo '{x: {}}' | relation-set -r 2 --file -",
        code: 1,
        stderr: "ERROR yaml: unmarshal errors:\n  line 1: cannot unmarshal !!map into string\n",
        databag: "z=81",
    },
    Set {
        name: "text for a map",
        script: "echo haha | relation-set -r 2 --file -",
        code: 1,
        stderr: "ERROR yaml: unmarshal errors:\n  line 1: cannot unmarshal !!str `haha` into map[string]string\n",
        databag: "z=81",
    },
    Set {
        name: "no such file",
        script: "relation-set -r 2 --file /no/such",
        code: 1,
        stderr: "ERROR open /no/such: no such file or directory\n",
        databag: "z=81",
    },
    Set {
        name: "a format",
        script: "relation-set -r 2 z= --format json",
        code: 0,
        stderr: "--format flag deprecated for command \"relation-set\"",
        databag: "",
    },
];

#[test]
fn relation_set() {
    let mut model = pair();
    for Set {
        name,
        script,
        code,
        stderr,
        databag,
    } in SETS
    {
        let outcome = act(&mut model, "a/0", script);
        let seen = (
            outcome.return_code,
            outcome.stdout.as_str(),
            outcome.stderr.as_str(),
        );
        assert_eq!(seen, (Some(code), "", stderr), "{name}");
        let own = model.unit_databag(2, "a/0").unwrap().iter();
        let own = own.filter(|(key, _)| !key.contains('-'));
        let own: Vec<String> = own.map(|(key, value)| format!("{key}={value}")).collect();
        assert_eq!(own.join(" "), databag, "{name}");
    }
    // The second round of a tool that reads its standard input is not a second call.
    let run = model
        .runs()
        .iter()
        .find(|run| run.calls.iter().any(|call| call.stdin.is_some()));
    assert_eq!(run.unwrap().tools(), ["action-get", "relation-set"]);
}

#[test]
fn leadership() {
    let mut model = pair();
    check(
        &mut model,
        "a/0",
        &[
            ok("is-leader --format json", "true\n"),
            ok("is-leader", "True\n"),
            ok(
                "relation-set -r 2 --app x=1; relation-get -r 2 --app - a",
                "x: \"1\"\n",
            ),
            ok("relation-set -r 0 --app p=1", ""),
            ok(
                "leader-set x=1 y=2; leader-set y=; leader-get --format json; leader-get x; leader-get none",
                "{\"x\":\"1\"}\n1\n",
            ),
            refused("leader-get a=b", 2, "ERROR invalid key \"a=b\"\n"),
        ],
    );
    check(
        &mut model,
        "a/1",
        &[
            ok("is-leader --format json", "false\n"),
            refused(
                "relation-set -r 2 --app x=1",
                1,
                "ERROR cannot write relation settings\n",
            ),
            refused(
                "relation-set -r 2 --app x",
                2,
                "ERROR expected \"key=value\", got \"x\"\n",
            ),
            refused(
                "echo [ | relation-set -r 2 --app --file /no/such",
                1,
                "ERROR open /no/such: no such file or directory\n",
            ),
            refused(
                "relation-get -r 2 --app - a",
                1,
                "ERROR permission denied\n",
            ),
            ok("relation-get -r 0 --app - a", "p: \"1\"\n"),
            refused(
                "status-set --application active",
                1,
                "ERROR this unit is not the leader\n",
            ),
            refused(
                "status-get --application",
                1,
                "ERROR finding application status: this unit is not the leader\n",
            ),
            refused(
                "leader-set x=1",
                1,
                "ERROR cannot write leadership settings: cannot write settings: not the leader\n",
            ),
            ok("leader-get x", "1\n"),
        ],
    );
}

#[test]
fn status() {
    let mut model = pair();
    check(
        &mut model,
        "a/0",
        &[
            refused(
                "status-set",
                2,
                "ERROR invalid args, require <status> [message]\n",
            ),
            refused(
                "status-set foo",
                2,
                "ERROR invalid status \"foo\", expected one of [maintenance blocked waiting active]\n",
            ),
            refused(
                "status-set active two words",
                2,
                "ERROR unrecognized args: [\"words\"]\n",
            ),
            ok("status-set waiting 'for <it>'", ""),
            ok("status-get", "waiting\n"),
            ok("status-get --format json", "{\"status\":\"waiting\"}\n"),
            ok(
                "status-get --include-data --format json",
                "{\"message\":\"for \\u003cit\\u003e\",\"status\":\"waiting\",\"status-data\":{}}\n",
            ),
            ok(
                "status-get; status-set active; status-get",
                "waiting\nwaiting\n",
            ),
            ok("status-set --application=True blocked no", ""),
            ok("status-get --application", "blocked\n"),
            ok(
                "status-get --application --format json",
                "{\"application-status\":{\"status\":\"blocked\",\"units\":{\"a/0\":{\"status\":\"active\"},\"a/1\":{\"status\":\"unknown\"}}}}\n",
            ),
            refused("application-version-set", 2, "ERROR no version specified\n"),
            refused(
                "application-version-set 1 2",
                2,
                "ERROR unrecognized args: [\"2\"]\n",
            ),
            refused(
                "application-version-set --format json 1",
                2,
                "ERROR option provided but not defined: --format\n",
            ),
            ok("application-version-set 1.2.3", ""),
        ],
    );
    assert_eq!(model.unit("a/0").unwrap().version(), "1.2.3");
    let application = model.application("a").unwrap().status();
    assert_eq!(
        (application.word.as_str(), application.message.as_str()),
        ("blocked", "no")
    );
}

#[test]
fn log() {
    let mut model = pair();
    check(
        &mut model,
        "a/0",
        &[
            refused("juju-log", 2, "ERROR no message specified\n"),
            refused("juju-log -l", 2, "ERROR option needs an argument: -l\n"),
            ok("juju-log one two", ""),
            ok("juju-log -l error 'a\nb'", ""),
            ok("juju-log --log-level=Warn -- -x", ""),
            ok("juju-log --debug ''", ""),
            ok("juju-log -l nonsense %s", ""),
            ok("juju-log -l unspecified dropped", ""),
        ],
    );
    let records = model
        .log()
        .iter()
        .filter(|record| record.module == "unit.a/0.juju-log");
    let seen: Vec<_> = records
        .map(|record| (record.level, record.message.as_str()))
        .collect();
    assert_eq!(
        seen,
        [
            (Level::Info, "one two"),
            (Level::Error, "a\nb"),
            (Level::Warning, "-x"),
            (Level::Debug, ""),
            (
                Level::Warning,
                "Specified log level of \"nonsense\" is not valid"
            ),
            (Level::Info, "%s"),
        ]
    );
}

#[test]
fn actions() {
    let mut model = pair();
    check(
        &mut model,
        "a/0",
        &[
            ok("action-get level --format json", "2\n"),
            ok("action-get nested.deep", "True\n"),
            ok("action-get nested.deep.er --format json", "null\n"),
            ok("action-get none", ""),
            refused("action-get a b", 2, "ERROR unrecognized args: [\"b\"]\n"),
            refused(
                "action-set result",
                2,
                "ERROR argument \"result\" must be of the form key...=value\n",
            ),
            refused(
                "action-set result-Value=1",
                2,
                "ERROR key \"result-Value\" must start and end with lowercase alphanumeric, and contain only lowercase alphanumeric and hyphens\n",
            ),
            refused(
                "action-set a.=1",
                2,
                "ERROR key \"\" must start and end with lowercase alphanumeric, and contain only lowercase alphanumeric and hyphens\n",
            ),
            refused(
                "action-set a.stdout=1",
                2,
                "ERROR cannot set reserved action key \"stdout\"\n",
            ),
            ok("action-set", ""),
            refused("action-fail a b", 2, "ERROR unrecognized args: [\"b\"]\n"),
            refused("action-log", 2, "ERROR no message specified\n"),
        ],
    );
    let outcome = model.run_action("a/0", "plain", &[]).unwrap();
    assert_eq!(
        (outcome.status, outcome.results.len(), outcome.return_code),
        (ActionStatus::Completed, 0, Some(0))
    );
    let outcome = act(
        &mut model,
        "a/leader",
        "action-set a.b=1 x=y=z; action-log one two; action-fail; action-set late=1",
    );
    assert_eq!(outcome.status, ActionStatus::Failed);
    assert_eq!(
        outcome.message,
        "action failed without reason given, check action for errors"
    );
    assert_eq!(
        serde_json::Value::Object(outcome.results),
        serde_json::json!({"a": {"b": "1"}, "x": "y=z", "late": "1"})
    );
    assert_eq!(outcome.log, ["one two"]);
    let outcome = act(&mut model, "a/0", "action-set kept=1; echo out; exit 3");
    assert_eq!(
        (outcome.message.as_str(), outcome.return_code),
        ("exit status 3", Some(3))
    );
    assert_eq!(
        serde_json::Value::Object(outcome.stored_results()),
        serde_json::json!({"kept": "1", "return-code": 3, "stdout": "out\n"})
    );
}

#[test]
fn refused_actions() {
    struct Refused {
        name: &'static str,
        action: &'static str,
        parameters: Vec<(&'static str, serde_json::Value)>,
        text: &'static str,
    }

    let mut model = pair();
    for Refused {
        name,
        action,
        parameters,
        text,
    } in [
        Refused {
            name: "not declared",
            action: "none",
            parameters: vec![],
            text: "action \"none\" not defined on unit \"a/0\"",
        },
        Refused {
            name: "parameter missing",
            action: "do",
            parameters: vec![],
            text: "validation failed: (root) : \"script\" property is missing and required, given {}",
        },
        Refused {
            name: "wrong type",
            action: "do",
            parameters: vec![("script", 5.into())],
            text: "validation failed: (root).script : must be of type string, given 5",
        },
        Refused {
            name: "out of range",
            action: "do",
            parameters: vec![("script", "".into()), ("level", 0.into())],
            text: "validation failed: (root).level : must be greater than or equal to 1, given 0",
        },
        Refused {
            name: "parameter not declared",
            action: "do",
            parameters: vec![("script", "".into()), ("x", 0.into())],
            text: "validation failed: (root) : additional property \"x\" is not allowed, given {\"script\":\"\",\"x\":0}",
        },
    ] {
        assert_eq!(
            model
                .run_action("a/0", action, &parameters)
                .unwrap_err()
                .to_string(),
            text,
            "{name}"
        );
    }
    let text = "action-get x\naction-set x=1\naction-fail\naction-log x\n";
    script(&model, "a/0", "update-status", text);
    model.forget_runs();
    model.update_status("a/0").unwrap();
    model.settle().unwrap();
    for call in &model.runs()[0].calls {
        assert_eq!(
            (call.exit_code, call.stderr.as_slice()),
            (1, b"ERROR not running an action\n".as_slice()),
            "{}",
            call.tool
        );
    }
}

#[test]
fn state() {
    let mut model = pair();
    check(
        &mut model,
        "a/0",
        &[
            ok("state-get --format json", "null\n"),
            ok("state-get one --format json", "\"\"\n"),
            refused("state-get --strict five", 1, "ERROR \"five\" not found\n"),
            ok(
                "state-set ' one = 1 ' two=; state-get --format json",
                "{\"one\":\"1\",\"two\":\"\"}\n",
            ),
            ok(
                "echo '{three: \" 3 \"}' | state-set --file - one=x; state-get --format json -",
                "{\"one\":\"x\",\"three\":\" 3 \",\"two\":\"\"}\n",
            ),
            ok(
                "state-delete one; state-delete none; state-get",
                "three: ' 3 '\ntwo: \"\"\n",
            ),
            refused(
                "state-set $(printf %0257d 0)=1",
                1,
                "ERROR max allowed key length (256) exceeded\n",
            ),
            refused(
                "state-set haha",
                2,
                "ERROR expected \"key=value\", got \"haha\"\n",
            ),
            refused(
                "printf 'k: %065537d' 0 | state-set --file -",
                1,
                "ERROR max allowed value length (65536) exceeded\n",
            ),
        ],
    );
    assert_eq!(model.unit("a/0").unwrap().charm_state().unwrap().len(), 2);
}

#[test]
fn ports_and_network() {
    check(
        &mut pair(),
        "a/0",
        &[
            ok(
                "open-port 80; open-port 8080-8088/UDP; open-port icmp; open-port 443 --endpoints db,cluster; opened-ports",
                "icmp\n80/tcp\n443/tcp\n8080-8088/udp\n",
            ),
            ok(
                "opened-ports --endpoints --format json",
                "[\"icmp (*)\",\"80/tcp (*)\",\"443/tcp (cluster, db)\",\"8080-8088/udp (*)\"]\n",
            ),
            // The hook itself still sees what is open for single endpoints.
            ok(
                "close-port icmp; close-port 443; opened-ports --format json",
                "[\"80/tcp\",\"443/tcp\",\"8080-8088/udp\"]\n",
            ),
            ok(
                "opened-ports --format json",
                "[\"80/tcp\",\"8080-8088/udp\"]\n",
            ),
            refused(
                "open-port 80-90",
                1,
                "ERROR cannot open 80-90/tcp (unit \"a/0\"): port range conflicts with 80/tcp (unit \"a/0\")\n",
            ),
            refused(
                "open-port 90; open-port 90-99",
                1,
                "ERROR cannot open 90-99/tcp (unit \"a/0\"): port range conflicts with 90/tcp (unit \"a/0\") requested earlier\n",
            ),
            refused(
                "close-port 80-90",
                1,
                "ERROR cannot close 80-90/tcp (unit \"a/0\"): port range conflicts with 80/tcp (unit \"a/0\")\n",
            ),
            refused("open-port", 2, "ERROR no port or range specified\n"),
            refused(
                "open-port x",
                2,
                "ERROR invalid port \"x\": strconv.Atoi: parsing \"x\": invalid syntax\n",
            ),
            refused("network-get", 2, "ERROR no arguments specified\n"),
            refused("network-get ''", 2, "ERROR no binding name specified\n"),
            refused(
                "network-get nowhere",
                1,
                "ERROR no network config found for binding \"nowhere\"\n",
            ),
            ok("network-get db --bind-address", "10.1.0.2\n"),
            ok(
                "network-get public --egress-subnets --format json",
                "[\"10.1.0.2/32\"]\n",
            ),
            ok(
                "network-get db -r 2 --format json",
                "{\"bind-addresses\":[{\"mac-address\":\"00:16:3e:00:00:01\",\"interface-name\":\"eth0\",\"addresses\":[{\"hostname\":\"\",\"value\":\"10.1.0.2\",\"cidr\":\"10.0.0.0/8\"}]}],\"egress-subnets\":[\"10.1.0.2/32\"],\"ingress-addresses\":[\"10.1.0.2\"]}\n",
            ),
            ok(
                "goal-state --format json | tr , '\\n' | sed s/2026.*Z/T/",
                "{\"units\":{\"a/0\":{\"status\":\"unknown\"\n\"since\":\"T\"}\n\"a/1\":{\"status\":\"unknown\"\n\"since\":\"T\"}}\n\"relations\":{\"db\":{\"b\":{\"status\":\"joined\"\n\"since\":\"T\"}\n\"b/0\":{\"status\":\"unknown\"\n\"since\":\"T\"}}}}\n",
            ),
        ],
    );
}

#[test]
fn inside_relation_hooks() {
    let mut model = pair();
    let lines = [
        "relation-ids --format json",
        "relation-list --format json",
        "relation-list --app",
        "relation-get new",
        "relation-get --app --format json",
        "juju-log said",
    ];
    for hook in [
        "db-relation-changed",
        "db-relation-departed",
        "db-relation-broken",
    ] {
        script(&model, "a/0", hook, &lines.join("\n"));
    }
    model.write_unit_databag(2, "b/0", &[("new", "1")]).unwrap();
    model.write_app_databag(2, "b", &[("app", "2")]).unwrap();
    model.settle().unwrap();
    model.remove_relation_id(2).unwrap();
    model.settle().unwrap();
    let seen: Vec<(String, Vec<String>)> = model
        .runs()
        .iter()
        .filter(|run| run.unit == "a/0")
        .map(|run| {
            let outputs = run
                .calls
                .iter()
                .map(|call| String::from_utf8_lossy(&call.stdout).trim().to_owned());
            (support::told(run), outputs.collect())
        })
        .collect();
    let texts = |texts: [&str; 6]| texts.map(str::to_owned).to_vec();
    assert_eq!(
        seen,
        [
            // The application's databag comes first; no unit is named.
            (
                "a/0 db-relation-changed".to_owned(),
                texts(["[\"db:2\"]", "[\"b/0\"]", "b", "", "{\"app\":\"2\"}", ""])
            ),
            (
                "a/0 db-relation-changed b/0".to_owned(),
                texts(["[\"db:2\"]", "[\"b/0\"]", "b", "1", "{\"app\":\"2\"}", ""])
            ),
            (
                "a/0 db-relation-departed b/0".to_owned(),
                texts(["[]", "[]", "b", "1", "{\"app\":\"2\"}", ""])
            ),
            (
                "a/0 db-relation-broken".to_owned(),
                texts(["[]", "[]", "b", "", "{\"app\":\"2\"}", ""])
            ),
        ]
    );
    assert!(
        model
            .log()
            .iter()
            .any(|record| record.message == "db:2: said")
    );
    check(
        &mut model,
        "a/0",
        &[refused(
            "relation-list -r 2",
            2,
            "ERROR invalid value \"2\" for option -r: relation not found\n",
        )],
    );
}

/// Calls of secret tools that are refused: a script, the exit code, and the complaint. `@` stands
/// for an id that no secret has.
const SECRET_REFUSALS: &[Case] = &[
    refused("secret-add", 2, "ERROR missing secret value or filename\n"),
    refused("secret-add ab=c", 2, "ERROR key \"ab\" not valid\n"),
    refused(
        "secret-add the_key=c",
        2,
        "ERROR key \"the_key\" not valid\n",
    ),
    refused("secret-add key=", 2, "ERROR key value \"key=\" not valid\n"),
    refused("secret-add =v", 2, "ERROR key value \"=v\" not valid\n"),
    refused("secret-add key", 2, "ERROR key value \"key\" not valid\n"),
    refused(
        "secret-add key#file=/no/such",
        2,
        "ERROR reading content for secret key \"key\": open /no/such: no such file or directory\n",
    ),
    refused(
        "secret-add --file /no/such",
        2,
        "ERROR open /no/such: no such file or directory\n",
    ),
    refused(
        "secret-add --file -",
        2,
        "ERROR open -: no such file or directory\n",
    ),
    refused(
        "echo '{}' > $PWD/f; secret-add --file $PWD/f",
        1,
        "ERROR empty secret value not valid\n",
    ),
    refused(
        "echo '{key: {a: b}}' > $PWD/f; secret-add --file $PWD/f",
        2,
        "ERROR yaml: unmarshal errors:\n  line 1: cannot unmarshal !!map into string\n",
    ),
    refused(
        "head -c 750001 /dev/zero > $PWD/f; secret-add key#file=$PWD/f",
        2,
        "ERROR base64 encoded secret content for key \"key\" too large: 1000004 bytes\n",
    ),
    refused(
        "secret-add --rotate often key=v",
        2,
        "ERROR rotate policy \"often\" not valid\n",
    ),
    refused(
        "secret-add --owner me key=v",
        2,
        "ERROR secret owner \"me\" not valid\n",
    ),
    refused(
        "secret-add --expire soon key=v",
        2,
        "ERROR expire time or duration \"soon\" not valid\n",
    ),
    refused(
        "secret-add --expire -1h key=v",
        2,
        "ERROR negative expire duration \"-1h\" not valid\n",
    ),
    refused(
        "secret-add --format json key=v",
        2,
        "ERROR option provided but not defined: --format\n",
    ),
    refused(
        "secret-add --label x key=v > /dev/null; secret-add --label x key=w",
        1,
        "ERROR secret with label \"x\" already exists\n",
    ),
    refused(
        "secret-get",
        2,
        "ERROR require either a secret URI or label\n",
    ),
    refused(
        "secret-get token",
        2,
        "ERROR secret URI \"token\" not valid\n",
    ),
    refused(
        "secret-get --peek --refresh @",
        2,
        "ERROR specify one of --peek or --refresh but not both\n",
    ),
    refused(
        "secret-get @ key more",
        2,
        "ERROR unrecognized args: [\"more\"]\n",
    ),
    refused("secret-get @", 1, "ERROR secret \"secret:@\" not found\n"),
    refused(
        "secret-get secret:@",
        1,
        "ERROR secret \"secret:@\" not found\n",
    ),
    refused(
        "secret-get secret:$JUJU_MODEL_UUID/@ 2>&1 | sed s/$JUJU_MODEL_UUID/uuid/ >&2; false",
        1,
        "ERROR secret \"secret://uuid/@\" not found\n",
    ),
    refused(
        "secret-get --label x",
        1,
        "ERROR consumer label \"x\" not found\n",
    ),
    refused(
        "secret-get --format smart @",
        2,
        "ERROR invalid value \"smart\" for option --format: unknown format \"smart\"\n",
    ),
    refused(
        "secret-get $(secret-add --owner unit key=v) other",
        1,
        "ERROR secret key value \"other\" not found\n",
    ),
    refused(
        "secret-get $(secret-add --owner unit key=v) other#base64",
        1,
        "ERROR secret key value \"other\" not found\n",
    ),
    refused(
        "secret-get $(secret-add --owner unit key#base64=a!b=)",
        1,
        "ERROR illegal base64 data at input byte 1\n",
    ),
    refused("secret-set", 2, "ERROR missing secret URI\n"),
    refused(
        "secret-set token key=v",
        2,
        "ERROR secret URI \"token\" not valid\n",
    ),
    refused(
        "secret-set http:x key=v",
        2,
        "ERROR secret URI scheme \"http\" not valid\n",
    ),
    refused("secret-set @ k=v", 2, "ERROR key \"k\" not valid\n"),
    refused(
        "secret-set @ --rotate often",
        2,
        "ERROR rotate policy \"often\" not valid\n",
    ),
    refused("secret-grant", 2, "ERROR missing secret URI\n"),
    refused("secret-grant x", 2, "ERROR secret URI \"x\" not valid\n"),
    refused("secret-grant @", 2, "ERROR no relation id specified\n"),
    refused(
        "secret-grant @ -r 9",
        2,
        "ERROR invalid value \"9\" for option -r: relation not found\n",
    ),
    refused(
        "secret-grant @ -r 2 --unit b",
        2,
        "ERROR unit \"b\" not valid\n",
    ),
    refused(
        "secret-grant @ -r 2 --unit a/0",
        2,
        "ERROR cannot specify unit \"a/0\" in relation to application \"b\"\n",
    ),
    refused(
        "secret-grant @ -r 2 more",
        2,
        "ERROR unrecognized args: [\"more\"]\n",
    ),
    refused("secret-grant @ -r 2", 1, "ERROR secret \"@\" not found\n"),
    refused("secret-revoke", 2, "ERROR missing secret URI\n"),
    refused(
        "secret-revoke @",
        2,
        "ERROR missing relation or application or unit\n",
    ),
    refused(
        "secret-revoke @ --app b!",
        2,
        "ERROR application \"b!\" not valid\n",
    ),
    refused(
        "secret-revoke @ --unit b",
        2,
        "ERROR unit \"b\" not valid\n",
    ),
    refused(
        "secret-revoke @ --application b --unit b/0",
        2,
        "ERROR specify only one of application or unit\n",
    ),
    refused(
        "secret-revoke @ --app b -r 2",
        2,
        "ERROR do not specify both relation and app\n",
    ),
    refused("secret-remove", 2, "ERROR missing secret URI\n"),
    refused("secret-remove x", 2, "ERROR secret URI \"x\" not valid\n"),
    refused(
        "secret-remove @ more",
        2,
        "ERROR unrecognized args: [\"more\"]\n",
    ),
    refused(
        "secret-remove @ --revision one",
        2,
        "ERROR invalid value \"one\" for option --revision: strconv.ParseInt: parsing \"one\": invalid syntax\n",
    ),
    refused(
        "secret-info-get",
        2,
        "ERROR require either a secret URI or label\n",
    ),
    refused("secret-info-get x", 2, "ERROR secret URI \"x\" not valid\n"),
    refused(
        "secret-info-get @ --label x",
        2,
        "ERROR specify either a secret URI or label but not both\n",
    ),
    refused(
        "secret-info-get secret:@",
        1,
        "ERROR secret \"@\" not found\n",
    ),
    refused(
        "secret-info-get --label x",
        1,
        "ERROR secret \"x\" not found\n",
    ),
    refused("secret-ids x", 2, "ERROR unrecognized args: [\"x\"]\n"),
];

#[test]
fn secret_refusals() {
    let mut model = pair();
    for Case {
        script,
        code,
        stderr,
        ..
    } in SECRET_REFUSALS
    {
        let filled = |text: &str| text.replace('@', "9m4e2mr0ui3e8a215n4g");
        let outcome = act(&mut model, "a/0", &filled(script));
        let seen = (outcome.return_code, outcome.stdout.as_str(), outcome.stderr);
        assert_eq!(seen, (Some(*code), "", filled(stderr)), "{script}");
    }
    // A failed action leaves no secret.
    assert_eq!(model.secrets().count(), 0);
}

#[test]
fn secret_output() {
    let mut model = pair();
    check(
        &mut model,
        "a/0",
        &[
            ok("secret-ids --format json", "null\n"),
            ok("secret-ids", ""),
            ok(
                "secret-add --label l token=t key#base64=/w== 'odd=a=b=' | sed s/[^/:]*$//",
                "secret://5a0d0b0c-7a9e-4c57-8f6e-0c0ffee0cafe/\n",
            ),
            ok(
                "secret-ids | wc -w; secret-ids --format json | tr -c '[]\",\\n' x",
                "1\n[\"xxxxxxxxxxxxxxxxxxxx\"]\n",
            ),
            ok(
                "secret-get --label l --format json",
                "{\"key\":\"\u{fffd}\",\"odd\":\"a=b=\",\"token\":\"t\"}\n",
            ),
            ok("secret-get $(secret-ids) token", "t\n"),
            ok(
                "secret-get secret:$(secret-ids) token --format=json",
                "\"t\"\n",
            ),
            ok("secret-get $(secret-ids) key#base64", "/w==\n"),
            ok(
                "secret-get $JUJU_MODEL_UUID/$(secret-ids) token#base64 --label l",
                "dA==\n",
            ),
            // Byte for byte, even from a file that only the charm's process has open.
            ok(
                "printf 'a\\n' > f; u=$(secret-add --owner unit file#file=$PWD/f); secret-get $u file#base64",
                "YQo=\n",
            ),
            ok(
                "printf '\\377\\n' > f; exec 9< f; rm f; u=$(secret-add --owner unit key#file=/proc/$$/fd/9); secret-get $u key#base64",
                "/wo=\n",
            ),
            // The file overrides the arguments.
            ok(
                "printf 'key: 1.50\\nother#base64: YQ==\\n' > f; secret-get $(secret-add --owner unit --file $PWD/f key=x more=y) --format json",
                "{\"key\":\"1.50\",\"more\":\"y\",\"other\":\"a\"}\n",
            ),
            ok(
                "secret-info-get --label l | sed 's/^[0-9a-v]*:/id:/'",
                "id:\n  revision: 1\n  label: l\n  owner: application\n",
            ),
            ok(
                "secret-get $(secret-add --owner unit key=v --label mine --description d --rotate daily --expire 2030-01-02T03:04:05) > /dev/null",
                "",
            ),
            ok(
                "secret-info-get --label mine --format json | sed 's/{\"[0-9a-v]*\"/{id/; s/\"rotates\":\"[^\"]*\"/rotates/'",
                "{id:{\"revision\":1,\"label\":\"mine\",\"owner\":\"unit\",\"description\":\"d\",\"rotation\":\"daily\",\"expiry\":\"2030-01-02T03:04:05Z\",rotates}}\n",
            ),
            ok(
                "secret-info-get --label mine | grep expiry",
                "  expiry: 2030-01-02T03:04:05Z\n",
            ),
            ok(
                "secret-get --help | head -n 1",
                "Usage: secret-get [options] <ID> [key[#base64]]\n",
            ),
        ],
    );
}

#[test]
fn versions() {
    struct VersionCase {
        juju: &'static str,
        tool: &'static str,
        code: i32,
    }

    for VersionCase { juju, tool, code } in [
        VersionCase {
            juju: "2.9.50",
            tool: "relation-model-get -r 0",
            code: 127,
        },
        VersionCase {
            juju: "3.6.0",
            tool: "relation-model-get -r 0",
            code: 127,
        },
        VersionCase {
            juju: "3.6.1",
            tool: "relation-model-get -r 0",
            code: 0,
        },
        VersionCase {
            juju: "3.6.12",
            tool: "leader-get",
            code: 0,
        },
        VersionCase {
            juju: "4.0.1",
            tool: "leader-get",
            code: 127,
        },
        VersionCase {
            juju: "2.9.50",
            tool: "secret-ids",
            code: 127,
        },
        VersionCase {
            juju: "3.0.0",
            tool: "secret-ids",
            code: 0,
        },
        VersionCase {
            juju: "3.3.1",
            tool: "relation-get -r 0 - a",
            code: 0,
        },
        VersionCase {
            juju: "3.3.2",
            tool: "relation-get -r 0 - a",
            code: 2,
        },
    ] {
        let mut model = model(juju);
        let charm = model.folder().join("old-probe");
        copy_without_secret_option(&charm);
        model
            .deploy(&charm, "a", juju_sandbox::Deploy::default())
            .unwrap();
        model.settle().unwrap();
        let outcome = act(&mut model, "a/0", tool);
        assert_eq!(
            outcome.return_code,
            Some(code),
            "{juju}: {tool}: {}",
            outcome.stderr
        );
    }
    let mut old = model("2.9.50");
    let error = old
        .deploy(
            &support::charm("probe"),
            "a",
            juju_sandbox::Deploy::default(),
        )
        .unwrap_err();
    assert_eq!(
        juju_sandbox::chain(&error),
        "cannot deploy the charm: invalid config: option \"key\" has unknown type \"secret\""
    );
    assert!(
        Model::with_settings(juju_sandbox::Settings {
            juju_version: "x".into(),
            ..juju_sandbox::Settings::default()
        })
        .is_err()
    );
    let mut model = Model::new().unwrap();
    deploy(&mut model, "a", 1);
}

/// The probe charm in a form that a Juju without user secrets accepts.
fn copy_without_secret_option(to: &std::path::Path) {
    std::fs::create_dir_all(to).unwrap();
    for file in ["metadata.yaml", "actions.yaml", "dispatch"] {
        std::os::unix::fs::symlink(support::charm("probe").join(file), to.join(file)).unwrap();
    }
}

#[test]
fn long_results_and_odd_characters() {
    const LONG: usize = 100 * 1024;
    let mut model = pair();
    let long = format!("long=$(head -c {LONG} /dev/zero | tr '\\0' x)");
    let script = format!(
        "{long}; action-set long=\"$long\"; action-fail \"$long\"; status-set blocked \"$long\""
    );
    let outcome = act(&mut model, "a/0", &script);
    assert_eq!(outcome.stderr, "");
    let long = "x".repeat(LONG);
    assert!(outcome.results["long"] == long && outcome.message == long);
    assert!(model.unit("a/0").unwrap().workload() == ("blocked", long.as_str()));
    for text in [
        "two\nlines",
        "tab\tand bell\u{7}",
        "escape \u{1b}[31m, DEL \u{7f}, NEL \u{85}",
        "quotes ' \" ` and \\",
        "\u{2028}\u{202e}\u{feff}",
        "Übung <&> 日本 🦀",
    ] {
        let quoted = text.replace('\'', "'\\''");
        let script = format!(
            "status-set active '{quoted}'; action-set text='{quoted}'; action-fail '{quoted}'; status-get --format json --include-data"
        );
        let outcome = act(&mut model, "a/0", &script);
        assert_eq!(model.unit("a/0").unwrap().workload(), ("active", text));
        assert_eq!(outcome.results["text"], text);
        assert_eq!(outcome.message, text);
        let status: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
        assert_eq!(status["message"], text);
    }
}

#[test]
fn a_unit_that_never_joined() {
    for (juju, said) in [
        (
            "3.6.12",
            "ERROR cannot read settings for unit \"b/9\" in relation \"b:backend a:db\": \
             unit \"b/9\": settings not found\n",
        ),
        ("4.0.14", "ERROR relation unit not found\n"),
    ] {
        let mut model = support::pair_of(juju);
        let outcome = act(&mut model, "a/1", "relation-get -r 2 - b/9");
        assert_eq!(outcome.stderr, said, "{juju}");
    }
}

#[test]
fn what_juju_4_tells_of_hosts_and_rotation() {
    for (juju, host, rotation) in [("3.6.12", "", 0), ("4.0.14", "10.1.0.2", 1)] {
        let mut model = pair_of(juju);
        let network = act(&mut model, "a/0", "network-get db | grep hostname");
        let shown = format!(
            "  - hostname: {}\n",
            if host.is_empty() { "\"\"" } else { host }
        );
        assert_eq!(network.stdout, shown, "{juju}");
        // Only once the secret is there.
        let info = "secret-info-get --label l | grep -c 'rotation: never'; true";
        let added = format!("secret-add --label l token=x > /dev/null; {info}");
        assert_eq!(act(&mut model, "a/0", &added).stdout, "0\n", "{juju}");
        let found = act(&mut model, "a/0", info).stdout;
        assert_eq!(found, format!("{rotation}\n"), "{juju}");
    }
}
