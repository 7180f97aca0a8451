//! Each hook tool's arguments and input, and how its output is read.
//!
//! The outputs are what a controller of Juju 4.0.14, or the hook tools of 3.6.28 themselves, were
//! seen to print, but where a case says "made up".

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::time::Duration;

use juju_hook::{
    ApplicationStatus, Context, Databag, Denial, Expiry, Grantee, HookTools, LogLevel, Port,
    Protocol, Reading, RelationId, Rotation, Secret, SecretChange, SecretName, SecretOwner,
    SecretUri, Status, StatusLevel, ToolError,
};

/// Writes down the arguments, each in brackets, and the standard input. Of a file in memory it
/// writes down what is in it.
const RECORD: &str = r#"
for arg; do
    case "$arg" in
    *'#file=/proc/'*) printf '[%s=' "${arg%%#file=*}"; cat "${arg#*#file=}"; printf ']' ;;
    *) printf '[%s]' "$arg" ;;
    esac
done > "${0%/*}/args"
cat > "${0%/*}/stdin"
"#;

/// One call of one tool.
struct Case {
    name: &'static str,
    tool: &'static str,
    call: fn(&HookTools) -> Result<String, ToolError>,
    args: &'static str,
    stdin: &'static str,
    prints: &'static str,
    answer: &'static str,
}

/// Hook tools of which there is one, that does what `does` says.
fn in_place_of(tool: &str, does: &str, folder: &Path) -> HookTools {
    let link = folder.join(tool);
    fs::write(link.with_extension("sh"), does).unwrap();
    let program = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/bin/hook-tool");
    symlink(program, link).unwrap();
    HookTools::in_dir(folder)
}

fn check(cases: impl IntoIterator<Item = Case>) {
    for case in cases {
        let folder = tempfile::tempdir().unwrap();
        let does = format!("{RECORD}cat \"${{0%/*}}/prints\"\n");
        let tools = in_place_of(case.tool, &does, folder.path());
        fs::write(folder.path().join("prints"), case.prints).unwrap();
        let answer = (case.call)(&tools).unwrap();
        let recorded = |file| fs::read_to_string(folder.path().join(file)).unwrap();
        assert_eq!(recorded("args"), case.args, "{}", case.name);
        assert_eq!(recorded("stdin"), case.stdin, "{}", case.name);
        assert_eq!(answer, case.answer, "{}", case.name);
    }
}

/// An answer as `Debug` shows it.
fn shown<T: Debug>(answer: Result<T, ToolError>) -> Result<String, ToolError> {
    answer.map(|answer| format!("{answer:?}"))
}

/// Secret values, which `Debug` does not show.
fn exposed(values: &BTreeMap<String, Secret>) -> String {
    let exposed = values
        .iter()
        .map(|(key, value)| format!("{key}={}", value.expose()));
    exposed.collect::<Vec<_>>().join(" ")
}

fn databag(bag: Result<Databag, ToolError>) -> Result<String, ToolError> {
    let bag = bag?;
    let values = bag.keys().map(|key| {
        let value = bag.get(key).unwrap().expose();
        format!("{key}={value}")
    });
    Ok(values.collect::<Vec<_>>().join(" "))
}

fn relation() -> RelationId {
    RelationId::new("kratos-external-idp:2")
}

fn uri() -> SecretUri {
    SecretUri::parse("secret:l3ou33lq13r9f6repjj0").unwrap()
}

#[test]
fn relations() {
    check([
        Case {
            name: "ids",
            tool: "relation-ids",
            call: |tools| shown(tools.relation_ids("cluster")),
            args: "[--format=json][cluster]",
            stdin: "",
            prints: "[\"cluster:0\"]\n",
            answer: "[RelationId(\"cluster:0\")]",
        },
        Case {
            name: "no ids",
            tool: "relation-ids",
            call: |tools| shown(tools.relation_ids("nonesuch")),
            args: "[--format=json][nonesuch]",
            stdin: "",
            prints: "[]\n",
            answer: "[]",
        },
        Case {
            name: "units",
            tool: "relation-list",
            call: |tools| shown(tools.relation_list(&relation())),
            args: "[--format=json][-r][kratos-external-idp:2]",
            stdin: "",
            prints: "[\"kratos/0\"]\n",
            answer: "[\"kratos/0\"]",
        },
        Case {
            name: "application",
            tool: "relation-list",
            call: |tools| shown(tools.relation_app(&relation())),
            args: "[--format=json][-r][kratos-external-idp:2][--app]",
            stdin: "",
            prints: "\"kratos\"\n",
            answer: "\"kratos\"",
        },
        Case {
            name: "model",
            tool: "relation-model-get",
            call: |tools| shown(tools.relation_model_get(&relation())),
            args: "[--format=json][-r][kratos-external-idp:2]",
            stdin: "",
            prints: "{\"uuid\":\"81824278-0594-426b-8f1d-e7a2d03d298f\"}\n",
            answer: "\"81824278-0594-426b-8f1d-e7a2d03d298f\"",
        },
        Case {
            name: "application databag",
            tool: "relation-get",
            call: |tools| databag(tools.relation_get(&relation(), "kratos")),
            args: "[--format=json][-r][kratos-external-idp:2][--app][-][kratos]",
            stdin: "",
            prints: r#"{"html":"\u003c\u0026\u003e","json":"{\"a\":1}","num":"0123"}"#,
            answer: r#"html=<&> json={"a":1} num=0123"#,
        },
        Case {
            name: "unit databag",
            tool: "relation-get",
            call: |tools| databag(tools.relation_get_unit(&relation(), "kratos/0")),
            args: "[--format=json][-r][kratos-external-idp:2][-][kratos/0]",
            stdin: "",
            prints: "{\"egress-subnets\":\"10.77.0.1/32\",\"ingress-address\":\"10.77.0.1\"}\n",
            answer: "egress-subnets=10.77.0.1/32 ingress-address=10.77.0.1",
        },
        Case {
            name: "write as the application",
            tool: "relation-set",
            call: |tools| {
                let changes = BTreeMap::from([("gone", ""), ("token", "s3cr3t")]);
                shown(tools.relation_set(&relation(), &changes))
            },
            args: "[-r][kratos-external-idp:2][--app][--file][-]",
            stdin: r#"{"gone":"","token":"s3cr3t"}"#,
            prints: "",
            answer: "()",
        },
        Case {
            name: "write as the unit",
            tool: "relation-set",
            call: |tools| {
                let changes = BTreeMap::from([("port", "80")]);
                shown(tools.relation_set_unit(&relation(), &changes))
            },
            args: "[-r][kratos-external-idp:2][--file][-]",
            stdin: r#"{"port":"80"}"#,
            prints: "",
            answer: "()",
        },
    ]);
}

#[test]
fn the_charm_and_its_unit() {
    check([
        Case {
            name: "options",
            tool: "config-get",
            call: |tools| shown(tools.config_get::<BTreeMap<String, serde_json::Value>>()),
            args: "[--format=json]",
            stdin: "",
            prints: "{\"number\":1000000,\"off\":false,\"ratio\":2,\"text\":\"hello\"}\n",
            answer: r#"{"number": Number(1000000), "off": Bool(false), "ratio": Number(2), "text": String("hello")}"#,
        },
        Case {
            name: "a follower",
            tool: "is-leader",
            call: |tools| shown(tools.is_leader()),
            args: "[--format=json]",
            stdin: "",
            prints: "false\n",
            answer: "false",
        },
        Case {
            name: "log",
            tool: "juju-log",
            call: |tools| shown(tools.juju_log(LogLevel::Warning, "-x \u{1b}[31m")),
            args: "[--log-level][WARNING][--][-x \u{fffd}[31m]",
            stdin: "",
            prints: "",
            answer: "()",
        },
        Case {
            name: "version",
            tool: "application-version-set",
            call: |tools| shown(tools.application_version_set("1.2")),
            args: "[--][1.2]",
            stdin: "",
            prints: "",
            answer: "()",
        },
        Case {
            name: "state",
            tool: "state-get",
            call: |tools| tools.state_get().map(|state| exposed(&state)),
            args: "[--format=json]",
            stdin: "",
            prints: "{\"a\":\"b=c\",\"c\":\"\"}\n",
            answer: "a=b=c c=",
        },
        Case {
            name: "no state",
            tool: "state-get",
            call: |tools| tools.state_get().map(|state| exposed(&state)),
            args: "[--format=json]",
            stdin: "",
            prints: "null\n",
            answer: "",
        },
        Case {
            name: "store",
            tool: "state-set",
            call: |tools| shown(tools.state_set(&BTreeMap::from([("a", "s3cr3t\u{7f}")]))),
            args: "[--file][-]",
            stdin: r#"{"a":"s3cr3t\u007f"}"#,
            prints: "",
            answer: "()",
        },
        Case {
            name: "forget",
            tool: "state-delete",
            call: |tools| shown(tools.state_delete("-a")),
            args: "[--][-a]",
            stdin: "",
            prints: "",
            answer: "()",
        },
        Case {
            name: "goal",
            tool: "goal-state",
            call: |tools| {
                let goal = tools.goal_state()?;
                let of = &goal.relations["cluster"]["kratos"];
                let since = goal.units["py/0"].since.as_deref();
                Ok(format!("{} {since:?}", of.status))
            },
            args: "[--format=json]",
            stdin: "",
            prints: r#"{"units":{"py/0":{"status":"active","since":"2026-11-25 16:37:52Z"}},"relations":{"cluster":{"kratos":{"status":"joined","since":"2026-11-25 16:37:26Z"}}}}"#,
            answer: "joined Some(\"2026-11-25 16:37:52Z\")",
        },
        Case {
            name: "resource, made up",
            tool: "resource-get",
            call: |tools| shown(tools.resource_get("data")),
            args: "[data]",
            stdin: "",
            prints: "/var/lib/juju/agents/unit-idp-0/resources/data/data.tar",
            answer: "\"/var/lib/juju/agents/unit-idp-0/resources/data/data.tar\"",
        },
    ]);
}

#[test]
fn statuses() {
    check([
        Case {
            name: "of the unit",
            tool: "status-get",
            call: |tools| {
                let status = tools.status_get()?;
                Ok(format!("{}: {}", status.word(), status.message()))
            },
            args: "[--format=json][--include-data]",
            stdin: "",
            prints: "{\"message\":\"The OIDC provider is ready\",\"status\":\"active\",\"status-data\":{}}\n",
            answer: "active: The OIDC provider is ready",
        },
        Case {
            name: "of the application",
            tool: "status-get",
            call: |tools| {
                let ApplicationStatus { own, units } = tools.application_status_get()?;
                let unit = &units["idp/1"];
                Ok(format!("{} {}", own.message(), unit.word()))
            },
            args: "[--format=json][--include-data][--application]",
            stdin: "",
            prints: r#"{"application-status":{"message":"ready","status":"active","status-data":{},"units":{"idp/0":{"message":"ready","status":"active","status-data":{}},"idp/1":{"message":"ready","status":"active","status-data":{}}}}}"#,
            answer: "ready active",
        },
        Case {
            name: "set the unit's",
            tool: "status-set",
            call: |tools| shown(tools.status_set(&status(StatusLevel::Blocked, "-x"))),
            args: "[blocked][--][-x]",
            stdin: "",
            prints: "",
            answer: "()",
        },
        Case {
            name: "set the application's",
            tool: "status-set",
            call: |tools| {
                shown(tools.application_status_set(&status(StatusLevel::Maintenance, "")))
            },
            args: "[--application][maintenance][--][]",
            stdin: "",
            prints: "",
            answer: "()",
        },
    ]);
}

fn status(level: StatusLevel, message: &str) -> Status {
    let message = message.to_owned();
    Status { level, message }
}

#[test]
fn networks_and_ports() {
    check([
        Case {
            name: "network",
            tool: "network-get",
            call: |tools| {
                let network = tools.network_get("cluster", None)?;
                let interface = &network.bind_addresses[0];
                let name = &interface.interface_name;
                let cidr = &interface.addresses[0].cidr;
                let ends = (network.bind_address(), network.ingress_address());
                Ok(format!(
                    "{name} {cidr} {ends:?} {:?}",
                    network.egress_subnets
                ))
            },
            args: "[--format=json][cluster]",
            stdin: "",
            prints: r#"{"bind-addresses":[{"mac-address":"12:c1:6e:25:45:81","interface-name":"eth0","addresses":[{"hostname":"10.77.0.1","value":"10.77.0.1","cidr":"10.77.0.0/24"}]}],"egress-subnets":["10.77.0.1/32"],"ingress-addresses":["10.77.0.1"]}"#,
            answer: r#"eth0 10.77.0.0/24 (Some("10.77.0.1"), Some("10.77.0.1")) ["10.77.0.1/32"]"#,
        },
        Case {
            name: "network of a relation, made up",
            tool: "network-get",
            call: |tools| {
                let network = tools.network_get("cluster", Some(&relation()))?;
                Ok(format!("{:?}", network.bind_address()))
            },
            args: "[--format=json][cluster][-r][kratos-external-idp:2]",
            stdin: "",
            prints: "{}",
            answer: "None",
        },
        Case {
            name: "open",
            tool: "open-port",
            call: |tools| shown(tools.open_port(Port::udp(53))),
            args: "[53/udp]",
            stdin: "",
            prints: "",
            answer: "()",
        },
        Case {
            name: "close",
            tool: "close-port",
            call: |tools| {
                let (from, to, protocol) = (80, 90, Protocol::Tcp);
                shown(tools.close_port(Port::Range { from, to, protocol }))
            },
            args: "[80-90/tcp]",
            stdin: "",
            prints: "",
            answer: "()",
        },
        Case {
            name: "opened",
            tool: "opened-ports",
            call: |tools| {
                let ports = tools.opened_ports()?;
                let ports: Vec<_> = ports.iter().map(ToString::to_string).collect();
                Ok(ports.join(" "))
            },
            args: "[--format=json]",
            stdin: "",
            prints: "[\"icmp\",\"0/tcp\",\"80-90/tcp\",\"65535/tcp\",\"80/udp\"]\n",
            answer: "icmp 0/tcp 80-90/tcp 65535/tcp 80/udp",
        },
    ]);
}

#[test]
fn actions() {
    check([
        Case {
            name: "parameters",
            tool: "action-get",
            call: |tools| shown(tools.action_get::<BTreeMap<String, serde_json::Value>>()),
            args: "[--format=json]",
            stdin: "",
            prints: "{\"big\":12345678,\"flag\":true,\"text\":\"tx\"}\n",
            answer: r#"{"big": Number(12345678), "flag": Bool(true), "text": String("tx")}"#,
        },
        Case {
            name: "results",
            tool: "action-set",
            call: |tools| shown(tools.action_set(&[("user".into(), "a=b".into())])),
            args: "[--][user=a=b]",
            stdin: "",
            prints: "",
            answer: "()",
        },
        Case {
            name: "failure",
            tool: "action-fail",
            call: |tools| shown(tools.action_fail("--no")),
            args: "[--][--no]",
            stdin: "",
            prints: "",
            answer: "()",
        },
        Case {
            name: "progress",
            tool: "action-log",
            call: |tools| shown(tools.action_log("half")),
            args: "[--][half]",
            stdin: "",
            prints: "",
            answer: "()",
        },
    ]);
}

#[test]
fn secrets_are_read() {
    fn read(
        tools: &HookTools,
        name: SecretName<'_>,
        reading: Reading,
    ) -> Result<String, ToolError> {
        Ok(exposed(&tools.secret_get_as(name, reading)?.unwrap()))
    }
    const CONTENT: &str = r#"{"client-secret":"a\"b\u003cé","token":"s3cr3t"}"#;
    const READ: &str = "client-secret=a\"b<é token=s3cr3t";
    check([
        Case {
            name: "refresh",
            tool: "secret-get",
            call: |tools| Ok(exposed(&tools.secret_get(&uri())?.unwrap())),
            args: "[--format=json][secret:l3ou33lq13r9f6repjj0][--refresh]",
            stdin: "",
            prints: CONTENT,
            answer: READ,
        },
        Case {
            name: "peek",
            tool: "secret-get",
            call: |tools| Ok(exposed(&tools.secret_peek(&uri())?.unwrap())),
            args: "[--format=json][secret:l3ou33lq13r9f6repjj0][--peek]",
            stdin: "",
            prints: CONTENT,
            answer: READ,
        },
        Case {
            name: "tracked",
            tool: "secret-get",
            call: |tools| read(tools, SecretName::Uri(&uri()), Reading::Tracked),
            args: "[--format=json][secret:l3ou33lq13r9f6repjj0]",
            stdin: "",
            prints: CONTENT,
            answer: READ,
        },
        Case {
            name: "labelled",
            tool: "secret-get",
            call: |tools| read(tools, SecretName::Labelled(&uri(), "-x"), Reading::Peek),
            args: "[--format=json][secret:l3ou33lq13r9f6repjj0][--label][-x][--peek]",
            stdin: "",
            prints: CONTENT,
            answer: READ,
        },
        Case {
            name: "by label",
            tool: "secret-get",
            call: |tools| Ok(exposed(&tools.own_secret_get("x:7/a")?.unwrap())),
            args: "[--format=json][--label][x:7/a][--refresh]",
            stdin: "",
            prints: CONTENT,
            answer: READ,
        },
        Case {
            name: "ids",
            tool: "secret-ids",
            call: |tools| shown(tools.secret_ids()),
            args: "[--format=json]",
            stdin: "",
            prints: "[\"l3ou33lq13r9f6repjj0\"]\n",
            answer: "[secret:l3ou33lq13r9f6repjj0]",
        },
        Case {
            name: "no ids",
            tool: "secret-ids",
            call: |tools| shown(tools.secret_ids()),
            args: "[--format=json]",
            stdin: "",
            prints: "null\n",
            answer: "[]",
        },
        Case {
            name: "uri by label",
            tool: "secret-info-get",
            call: |tools| shown(tools.own_secret_uri("l1")),
            args: "[--format=json][--label][l1]",
            stdin: "",
            prints: "{\"l3ou33lq13r9f6repjj0\":{\"revision\":1,\"label\":\"l1\",\"owner\":\"application\",\"rotation\":\"never\"}}\n",
            answer: "Some(secret:l3ou33lq13r9f6repjj0)",
        },
        Case {
            name: "info",
            tool: "secret-info-get",
            call: |tools| shown(tools.secret_info_get(SecretName::Uri(&uri()))),
            args: "[--format=json][secret:l3ou33lq13r9f6repjj0]",
            stdin: "",
            prints: "{\"l3ou33lq13r9f6repjj0\":{\"revision\":1,\"label\":\"l1\",\"owner\":\"application\",\"rotation\":\"never\"}}\n",
            answer: "Some((secret:l3ou33lq13r9f6repjj0, SecretInfo { revision: 1, label: \"l1\", \
                     owner: Application, description: \"\", rotation: Some(Never), expiry: None, \
                     rotates: None }))",
        },
    ]);
}

#[test]
fn secrets_are_written() {
    const PRINTS: &str = "secret://81824278-0594-426b-8f1d-e7a2d03d298f/l3ou33lq13r9f6repjj0\n";
    const URI: &str = "secret://81824278-0594-426b-8f1d-e7a2d03d298f/l3ou33lq13r9f6repjj0";
    fn secret() -> Secret {
        Secret::new("hunter2\n".into())
    }
    check([
        Case {
            name: "add",
            tool: "secret-add",
            call: |tools| shown(tools.secret_add("l1", "token", &secret())),
            args: "[--label][l1][token=hunter2\n]",
            stdin: "",
            prints: PRINTS,
            answer: URI,
        },
        Case {
            name: "add everything",
            tool: "secret-add",
            call: |tools| {
                let change = SecretChange {
                    content: &[("token", &secret()), ("user", &Secret::new("me".into()))],
                    label: Some("l1"),
                    description: Some("a\0b"),
                    expiry: Some(Expiry::After(Duration::from_secs(3600))),
                    rotation: Some(Rotation::Monthly),
                };
                shown(tools.secret_add_as(SecretOwner::Unit, change))
            },
            args: "[--owner][unit][--label][l1][--description][a\u{fffd}b][--expire][3600s]\
                   [--rotate][monthly][token=hunter2\n][user=me]",
            stdin: "",
            prints: PRINTS,
            answer: URI,
        },
        Case {
            name: "set",
            tool: "secret-set",
            call: |tools| shown(tools.secret_set(&uri(), "token", &secret())),
            args: "[secret:l3ou33lq13r9f6repjj0][token=hunter2\n]",
            stdin: "",
            prints: "",
            answer: "()",
        },
        Case {
            name: "set no content",
            tool: "secret-set",
            call: |tools| {
                let change = SecretChange {
                    expiry: Some(Expiry::At("2027-01-31T12:00:00Z")),
                    ..SecretChange::default()
                };
                shown(tools.secret_set_as(&uri(), change))
            },
            args: "[secret:l3ou33lq13r9f6repjj0][--expire][2027-01-31T12:00:00Z]",
            stdin: "",
            prints: "",
            answer: "()",
        },
    ]);
}

#[test]
fn secrets_are_granted_and_removed() {
    check([
        Case {
            name: "grant",
            tool: "secret-grant",
            call: |tools| shown(tools.secret_grant(&uri(), &relation())),
            args: "[secret:l3ou33lq13r9f6repjj0][-r][kratos-external-idp:2]",
            stdin: "",
            prints: "",
            answer: "()",
        },
        Case {
            name: "grant to a unit",
            tool: "secret-grant",
            call: |tools| shown(tools.secret_grant_unit(&uri(), &relation(), "kratos/0")),
            args: "[secret:l3ou33lq13r9f6repjj0][-r][kratos-external-idp:2][--unit][kratos/0]",
            stdin: "",
            prints: "",
            answer: "()",
        },
        Case {
            name: "revoke from a relation",
            tool: "secret-revoke",
            call: |tools| shown(tools.secret_revoke(&uri(), Grantee::Relation(&relation()))),
            args: "[secret:l3ou33lq13r9f6repjj0][-r][kratos-external-idp:2]",
            stdin: "",
            prints: "",
            answer: "()",
        },
        Case {
            name: "revoke from an application",
            tool: "secret-revoke",
            call: |tools| shown(tools.secret_revoke(&uri(), Grantee::Application("kratos"))),
            args: "[secret:l3ou33lq13r9f6repjj0][--app][kratos]",
            stdin: "",
            prints: "",
            answer: "()",
        },
        Case {
            name: "revoke from a unit",
            tool: "secret-revoke",
            call: |tools| shown(tools.secret_revoke(&uri(), Grantee::Unit("kratos/0"))),
            args: "[secret:l3ou33lq13r9f6repjj0][--unit][kratos/0]",
            stdin: "",
            prints: "",
            answer: "()",
        },
        Case {
            name: "remove",
            tool: "secret-remove",
            call: |tools| shown(tools.secret_remove(&uri())),
            args: "[secret:l3ou33lq13r9f6repjj0]",
            stdin: "",
            prints: "",
            answer: "()",
        },
        Case {
            name: "remove a revision",
            tool: "secret-remove",
            call: |tools| shown(tools.secret_remove_revision(&uri(), 3)),
            args: "[secret:l3ou33lq13r9f6repjj0][--revision][3]",
            stdin: "",
            prints: "",
            answer: "()",
        },
    ]);
}

/// A call that fails.
struct Failure {
    tool: &'static str,
    call: fn(&HookTools) -> Result<(), ToolError>,
    says: &'static str,
    denial: Option<Denial>,
}

#[test]
fn what_is_denied_is_told_from_what_fails() {
    let hunter = |tools: &HookTools| tools.state_set(&BTreeMap::from([("a", "hunter2")]));
    for Failure {
        tool,
        call,
        says,
        denial,
    } in [
        Failure {
            tool: "status-set",
            call: |tools| tools.application_status_set(&status(StatusLevel::Active, "")),
            says: "ERROR this unit is not the leader",
            denial: Some(Denial::NotLeader),
        },
        Failure {
            tool: "relation-get",
            call: |tools| tools.relation_get_unit(&relation(), "kratos/7").map(drop),
            says: "ERROR relation unit not found",
            denial: Some(Denial::NoSuchUnit),
        },
        Failure {
            tool: "relation-set",
            call: |tools| tools.relation_set(&relation(), &BTreeMap::from([("a", "hunter2")])),
            says: "ERROR cannot write relation settings",
            denial: Some(Denial::NotLeader),
        },
        Failure {
            tool: "state-set",
            call: hunter,
            says: "ERROR max allowed value length (65536) exceeded",
            denial: Some(Denial::TooLarge),
        },
        Failure {
            tool: "state-set",
            call: hunter,
            says: "ERROR yaml: cannot unmarshal !!str `hunter2`",
            denial: None,
        },
        Failure {
            tool: "secret-add",
            call: |tools| {
                let secret = Secret::new("hunter2".into());
                tools.secret_add("x", "hunter2", &secret).map(drop)
            },
            says: "ERROR key \"hunter2\" not valid",
            denial: None,
        },
    ] {
        let folder = tempfile::tempdir().unwrap();
        let does = format!("cat > /dev/null\necho '{says}' >&2\nexit 1\n");
        let tools = in_place_of(tool, &does, folder.path());
        let error = call(&tools).unwrap_err();
        assert_eq!(error.denial(), denial, "{tool}: {says}");
        let said = format!("{error} {error:?}");
        assert!(!said.contains("hunter2"), "{tool}: {said}");
    }
}

#[test]
fn a_unit_stays_if_juju_says_so() {
    struct Case {
        name: &'static str,
        does: &'static str,
        stays: bool,
    }
    for Case { name, does, stays } in [
        Case {
            name: "it stays",
            does: r#"echo '{"units":{"py/0":{"status":"active"},"py/1":{"status":"dying"}}}'"#,
            stays: true,
        },
        Case {
            name: "it goes",
            does: r#"echo '{"units":{"py/0":{"status":"dying"},"py/1":{"status":"active"}}}'"#,
            stays: false,
        },
        Case {
            name: "others stay",
            does: r#"echo '{"units":{"py/1":{"status":"active"}}}'"#,
            stays: false,
        },
        Case {
            name: "Juju does not say",
            does: "exit 1",
            stays: false,
        },
    ] {
        let folder = tempfile::tempdir().unwrap();
        let tools = in_place_of("goal-state", does, folder.path());
        let context = Context::from_variables(|name| match name {
            "JUJU_DISPATCH_PATH" => Some("hooks/update-status".into()),
            "JUJU_UNIT_NAME" => Some("py/0".into()),
            _ => None,
        });
        let context = context.unwrap().unwrap();
        assert_eq!(tools.unit_stays(&context), stays, "{name}");
    }
}

#[test]
fn a_tool_that_is_not_there_is_absent() {
    let folder = tempfile::tempdir().unwrap();
    let error = HookTools::in_dir(folder.path()).goal_state().unwrap_err();
    assert!(matches!(error, ToolError::Absent { tool: "goal-state" }));
}
