"""Each public method of jubilant.Juju, against juju-sandbox.

`test_every_method_is_tried` fails when jubilant gets another one.
"""

import inspect
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import time
import zipfile

import jubilant
import pytest

VERSIONS = ["2.9.51", "3.6.12", "4.0.14"]


def test_add_model_and_destroy_model(empty, charm):
    for version in VERSIONS:
        name = "v" + version.replace(".", "-")
        empty.add_model(name, config={"agent-version": version})
        assert empty.model == name
        empty.deploy(charm, "a")
        assert empty.status().model.version == version
        assert empty.status().model.name == name
    assert empty.show_model().short_name == "v4-0-14"
    assert empty.show_model("v2-9-51").agent_version == "2.9.51"
    names = [model["short-name"] for model in json.loads(models(empty))["models"]]
    assert names == ["v2-9-51", "v3-6-12", "v4-0-14"]
    for name in names:
        empty.destroy_model(name, destroy_storage=True, force=True, no_wait=True, timeout=1)
    assert empty.model is None
    assert json.loads(models(empty))["models"] == []


def models(juju):
    return juju.cli("models", "--format", "json", include_model=False)


def test_temp_model(program, charm, tmp_path, monkeypatch):
    # It calls what is named juju.
    (tmp_path / "juju").symlink_to(program)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.chdir(tmp_path)
    with jubilant.temp_model() as juju:
        assert juju.model.startswith("jubilant-")
        juju.deploy(charm)
        juju.wait(jubilant.all_active, delay=0, timeout=5)
    assert not (tmp_path / ".juju-sandbox").exists()


def test_models_are_apart(empty, charm):
    one, other = (jubilant.Juju(cli_binary=empty.cli_binary) for _ in range(2))
    one.add_model("one")
    other.add_model("other", controller="juju-sandbox")
    assert other.model == "juju-sandbox:other"
    one.deploy(charm, "a")
    other.deploy(charm, "b")
    assert list(one.status().apps) == ["a"]
    assert list(other.status().apps) == ["b"]
    assert one.show_model().model_uuid != other.show_model().model_uuid
    # Neither is the current one.
    with pytest.raises(jubilant.CLIError, match="No model in focus"):
        empty.status()
    empty.cli("switch", "one")
    assert list(empty.status().apps) == ["a"]
    with pytest.raises(jubilant.CLIError, match="model juju-sandbox:admin/none not found"):
        jubilant.Juju(model="none", cli_binary=empty.cli_binary).status()


def test_add_secret_and_the_other_secret_methods(juju):
    uri = juju.add_secret("login", {"token": "s3cr3t"}, info="for a")
    assert uri.startswith("secret:")
    juju.grant_secret("login", ["a"])
    juju.config("a", {"key": uri})
    assert juju.config("a")["key"] == uri
    assert juju.exec("secret-get", uri, "token", unit="a/0").stdout == "s3cr3t\n"
    juju.update_secret(uri, {"token": "0ther"}, info="changed", name="renamed")
    shown = juju.show_secret("renamed", reveal=True)
    assert (shown.content, shown.revision) == ({"token": "0ther"}, 2)
    assert len(shown.checksum) == 64
    assert juju.show_secret(uri, reveal=True, revision=1).content == {"token": "s3cr3t"}
    listed = juju.show_secret("renamed", revisions=True)
    assert [revision.revision for revision in listed.revisions] == [1, 2]
    assert [access.target for access in listed.access] == ["application-a"]
    [secret] = juju.secrets()
    assert (secret.name, secret.description, secret.owner) == ("renamed", "changed", "<model>")
    assert juju.secrets(owner="application-a") == []
    juju.exec("secret-add", "--label", "own", "key=value", unit="a/leader")
    assert [secret.label for secret in juju.secrets(owner="application-a")] == ["own"]
    with pytest.raises(jubilant.CLIError, match='invalid owner "a"'):
        juju.secrets(owner="a")
    juju.update_secret("renamed", {"token": "third"}, auto_prune=True)
    juju.remove_secret("renamed", revision=1)
    juju.remove_secret("renamed")
    assert [secret.owner for secret in juju.secrets()] == ["a"]


def test_add_unit_and_remove_unit(juju):
    juju.add_unit("a", num_units=3)
    assert list(juju.status().apps["a"].units) == ["a/0", "a/1", "a/2", "a/3"]
    juju.remove_unit("a/1")
    juju.remove_unit("a", num_units=1, destroy_storage=True)
    assert list(juju.status().apps["a"].units) == ["a/0", "a/2"]
    with pytest.raises(jubilant.CLIError, match="--num-units"):
        juju.remove_unit("a")


def test_config(juju):
    assert juju.config("a") == {"greeting": "hello", "times": 1, "loud": False}
    juju.config("a", {"greeting": "=x", "times": -2, "loud": True})
    assert juju.config("a") == {"greeting": "=x", "times": -2, "loud": True}
    juju.config("a", {"greeting": "y"}, reset=["times", "loud"])
    assert juju.config("a") == {"greeting": "y", "times": 1, "loud": False}
    juju.config("a", reset="greeting")
    assert juju.config("a")["greeting"] == "hello"
    # Juju 4.0 tells the charm nothing of a reset.
    told = {"3.6.12": "hello", "4.0.14": "y"}[juju.status().model.version]
    assert juju.status().apps["a"].app_status.message == told
    assert juju.config("a", app_config=True) == {"trust": False}


def test_debug_log(juju):
    whole = juju.debug_log(limit=1000)
    assert 'ran "install" hook' in whole
    assert juju.debug_log(limit=2).splitlines() == whole.splitlines()[-2:]
    assert juju.debug_log().splitlines() == whole.splitlines()[-10:]


def test_deploy(empty, charm, caplog):
    empty.deploy(
        charm,
        "a",
        base="ubuntu@24.04",
        bind="alpha",
        channel="latest/edge",
        config={"greeting": "from the start"},
        constraints={"mem": "8G", "cores": 2},
        force=True,
        num_units=2,
        revision=3,
        trust=True,
    )
    status = empty.status()
    assert (status.apps["a"].scale, status.apps["a"].charm_name) == (2, "tiny")
    assert status.apps["a"].app_status.message == "from the start"
    assert empty.config("a", app_config=True) == {"trust": True}
    with pytest.raises(jubilant.CLIError, match="does not reach Charmhub"):
        empty.deploy("postgresql-k8s", channel="14/stable")
    with pytest.raises(jubilant.CLIError, match='unrecognized resource "image"'):
        empty.deploy(charm, "b", resources={"image": "x"})
    # A relative pathlib.Path, which jubilant completes.
    (pathlib.Path.cwd() / "link").symlink_to(charm)
    empty.deploy(pathlib.Path("link"))
    assert "tiny" in empty.status().apps


def test_deploy_with_resources_and_storage(empty, charm, caplog):
    """The charm with metadata of its own, in which it asks for both."""
    wanting = pathlib.Path.cwd() / "wanting"
    shutil.copytree(charm, wanting)
    with (wanting / "metadata.yaml").open("a") as metadata:
        metadata.write("resources: {text: {type: file, filename: text.txt}}\n")
        metadata.write("storage: {data: {type: filesystem, multiple: {range: 0-}}}\n")
    pathlib.Path("content").write_text("first")
    empty.deploy(wanting, "a", resources={"text": "content"}, storage={"data": "2,1G"})
    assert empty.exec("cat $(resource-get text)", unit="a/0").stdout == "first"
    assert empty.exec("storage-list", unit="a/0").stdout.split() == ["data/0", "data/1"]
    pathlib.Path("content").write_text("second")
    empty.refresh("a", path=wanting, resources={"text": "content"})
    assert empty.exec("cat $(resource-get text)", unit="a/0").stdout == "second"
    assert not [record for record in caplog.records if record.levelname == "WARNING"]


def test_attach_storage(empty, charm):
    wanting = pathlib.Path.cwd() / "wanting"
    shutil.copytree(charm, wanting)
    with (wanting / "metadata.yaml").open("a") as metadata:
        metadata.write("storage: {data: {type: filesystem, multiple: {range: 0-}}}\n")
    empty.deploy(wanting, "a", storage={"data": "ebs,2,1G"})
    empty.remove_application("a")
    assert held(empty) == {"data/0": [], "data/1": []}
    empty.deploy(wanting, "b", attach_storage="data/1")
    empty.add_unit("b", attach_storage=["data/0"])
    assert held(empty) == {"data/0": ["b/1"], "data/1": ["b/0"]}
    assert empty.exec("storage-list", unit="b/1").stdout.split() == ["data/0"]
    empty.remove_application("b")
    empty.deploy(wanting, "c", attach_storage=["data/0", "data/1"])
    assert held(empty) == {"data/0": ["c/0"], "data/1": ["c/0"]}
    with pytest.raises(jubilant.CLIError, match="data/0"):
        empty.add_unit("c", attach_storage="data/0")


def held(juju):
    """The units that have each storage."""
    storage = juju.status().storage.storage.items()
    return {name: list(one.attachments.units) if one.attachments else [] for name, one in storage}


def test_deploy_a_packed_charm(empty, charm):
    with zipfile.ZipFile("tiny.charm", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in charm.iterdir():
            archive.write(path, path.name)
    empty.deploy("./tiny.charm", "a")
    empty.refresh("a", path="./tiny.charm")
    assert jubilant.all_active(empty.status())
    assert empty.status().apps["a"].charm_rev == 1


def test_exec(pair):
    task = pair.exec("echo $JUJU_ACTION_NAME $JUJU_CONTEXT_ID; action-set a=b", unit="a/leader")
    name, context = task.stdout.split()
    assert name == "juju-exec"
    assert context.startswith("a/0-juju-exec-")
    assert len(context) == len("a/0-juju-exec-") + 32
    assert (task.status, task.return_code, task.results) == ("completed", 0, {"a": "b"})
    # What the command writes takes effect, and the other side is told.
    pair.exec("relation-set", "-r", "0", "--app", "k=two words", unit="a/0")
    [relation] = pair.show_unit("b/0").relation_info
    assert relation.app_data == {"greeting": "hello", "k": "two words"}
    with pytest.raises(jubilant.TaskError) as failed:
        pair.exec("echo out; no-such-tool", unit="a/0")
    assert failed.value.task.return_code == 127
    assert failed.value.task.stdout == "out\n"
    assert "line 1: no-such-tool: " in failed.value.task.stderr
    with pytest.raises(ValueError, match="failed to schedule"):
        pair.exec("true", unit="a/9")
    with pytest.raises(jubilant.CLIError, match="unable to target machines"):
        pair.exec("true", machine=0)
    with pytest.raises(TimeoutError):
        pair.exec("sleep 0.3", unit="a/0", wait=0.1)


def test_integrate_and_remove_relation(juju, charm):
    juju.deploy(charm, "b")
    juju.integrate("a:offer", "b:need", via="192.0.2.0/24")
    relations = juju.status().apps["a"].relations
    assert relations["offer"][0].related_app == "b"
    assert relations["offer"][0].interface == "greeting"
    juju.remove_relation("a:offer", "b:need", force=True)
    assert juju.status().apps["a"].relations == {}
    with pytest.raises(jubilant.CLIError, match="cannot integrate with"):
        juju.integrate("a:offer", "other.c")


def test_model_config(juju):
    assert juju.model_config()["update-status-hook-interval"] == "5m"
    juju.model_config({"update-status-hook-interval": "10s", "juju-http-proxy": "http://p"})
    config = juju.model_config()
    assert config["update-status-hook-interval"] == "10s"
    assert juju.exec("echo $JUJU_CHARM_HTTP_PROXY", unit="a/0").stdout == "http://p\n"
    juju.model_config(reset=["update-status-hook-interval", "juju-http-proxy"])
    assert juju.model_config()["update-status-hook-interval"] == "5m"
    assert juju.model_config()["juju-http-proxy"] == ""


def test_model_constraints(juju):
    assert juju.model_constraints() == {}
    juju.model_constraints({"mem": "8G", "cores": 4})
    assert juju.model_constraints() == {"mem": 8192, "cores": 4}


def test_refresh(juju, charm):
    juju.config("a", {"greeting": "broken"})
    assert juju.status().apps["a"].is_error
    juju.refresh(
        "a", path=charm, config={"greeting": "new"}, force=True, base="ubuntu@24.04", trust=True
    )
    app = juju.status().apps["a"]
    assert (app.charm_rev, app.app_status.current, app.app_status.message) == (1, "active", "new")
    assert juju.config("a", app_config=True) == {"trust": True}
    with pytest.raises(jubilant.CLIError, match="--path"):
        juju.refresh("a", channel="edge")


def test_remove_application(pair):
    pair.remove_application("a", destroy_storage=True)
    pair.config("b", {"greeting": "broken"})
    assert pair.status().apps["b"].is_error
    pair.remove_application("b")
    assert "b" in pair.status().apps, "it is in error"
    pair.remove_application("b", force=True)
    assert pair.status().apps == {}


@pytest.mark.parametrize("version", VERSIONS)
def test_run(empty, charm, version):
    empty.add_model("m", config={"agent-version": version})
    empty.deploy(charm, "a")
    task = empty.run("a/leader", "greet", {"name": "you", "times": 2})
    assert (task.status, task.results) == ("completed", {"greeting": "hello you"})
    assert (task.return_code, task.stdout) == (0, "printed\n")
    assert task.id == ("1" if version.startswith("4") else "2")
    [line] = task.log
    assert line.endswith(" +0000 UTC greeting")
    assert empty.run("a/0", "greet").id == ("3" if version.startswith("4") else "4")
    with pytest.raises(jubilant.TaskError) as failed:
        empty.run("a/0", "fail")
    assert failed.value.task.message == "as it should"
    assert failed.value.task.results == {"tried": "yes"}
    with pytest.raises(jubilant.TaskError) as crashed:
        empty.run("a/0", "crash")
    task = crashed.value.task
    assert (task.return_code, task.stderr, task.message) == (3, "crashing\n", "exit status 3")
    with pytest.raises(ValueError, match="not defined"):
        empty.run("a/0", "none")
    with pytest.raises(ValueError, match="failed to schedule"):
        empty.run("a/9", "greet")
    with pytest.raises(TimeoutError):
        empty.run("a/0", "slow", wait=0.5)
    refused = {"times": 0}
    if version.startswith("4"):
        with pytest.raises(jubilant.TaskError, match="validation failed") as failed:
            empty.run("a/0", "greet", refused)
        assert failed.value.task.status == "error"
    else:
        with pytest.raises(ValueError, match="validation failed"):
            empty.run("a/0", "greet", refused)


def test_scp(juju):
    pathlib.Path("here").write_text("text")
    juju.scp("here", "a/0:there")
    assert juju.ssh("a/0", "cat there") == "text"
    juju.scp("a/leader:there", "back", container="charm", host_key_checks=False)
    assert pathlib.Path("back").read_text() == "text"
    pathlib.Path("folder").mkdir()
    pathlib.Path("folder/file").write_text("inner")
    juju.scp("folder", "ubuntu@a/0:folder", scp_options=["-r", "-C"])
    assert juju.ssh("a/0", "cat", "folder/file") == "inner"
    with pytest.raises(jubilant.CLIError, match="not a regular file"):
        juju.scp("a/0:folder", "copy")


def test_show_unit(pair):
    unit = pair.show_unit("a/0")
    assert (unit.leader, unit.life, unit.opened_ports) == (True, "alive", ["80/tcp"])
    [relation] = unit.relation_info
    assert (relation.endpoint, relation.related_endpoint) == ("offer", "need")
    assert relation.local_unit.in_scope
    assert list(relation.related_units) == ["b/0"]


def test_ssh(juju):
    assert juju.ssh("a/0", "head -n 1 metadata.yaml | cut -c 1-4") == "name\n"
    assert juju.ssh("a/leader", "echo", "two", "words", user="root") == "two words\n"
    options = ["-i", "key", "-oBatchMode=yes"]
    assert juju.ssh("a/0", "echo x", ssh_options=options, host_key_checks=False) == "x\n"
    with pytest.raises(jubilant.CLIError) as failed:
        juju.ssh("a/0", "echo out; exit 7")
    assert (failed.value.returncode, failed.value.stdout) == (7, "out\n")
    with pytest.raises(jubilant.CLIError, match='no container "other"'):
        juju.ssh("a/0", "true", container="other")


def test_status(pair):
    status = pair.status()
    assert status.model.type == "caas"
    assert status.model.model_status.current == "available"
    app = status.apps["a"]
    assert (app.charm_origin, app.charm_name, app.version) == ("local", "tiny", "1.2")
    assert app.base.name == "ubuntu"
    unit = status.get_units("a")["a/0"]
    assert unit.leader
    assert (unit.workload_status.current, unit.juju_status.current) == ("active", "idle")
    assert unit.open_ports == ["80/tcp"]
    assert jubilant.all_agents_idle(status)


def test_trust(juju):
    juju.trust("a", scope="cluster")
    assert juju.config("a", app_config=True) == {"trust": True}
    juju.trust("a", remove=True, scope="cluster")
    assert juju.config("a", app_config=True) == {"trust": False}


def test_version(empty):
    assert empty.version().tuple >= (3, 6, 0)


def test_wait(juju):
    begun = time.monotonic()
    juju.wait(jubilant.all_active, delay=0)
    assert time.monotonic() - begun < 5
    juju.config("a", {"greeting": "broken"})
    with pytest.raises(jubilant.WaitError):
        juju.wait(jubilant.all_active, error=jubilant.any_error, delay=0)


#: Methods for what is not here, each with arguments and what the refusal says.
REFUSED = [
    ("add_cloud", ("x", {"clouds": {}}), {"client": True}, "there is one controller"),
    ("add_credential", ("x", {"credentials": {}}), {"client": True}, "there is one controller"),
    ("add_machine", (), {}, "not supported on container models"),
    ("add_ssh_key", ("ssh-rsa AAAA",), {}, "not supported on container models"),
    ("bootstrap", ("k8s", "other"), {}, "there is one controller"),
    ("consume", ("other.a",), {}, "do not offer anything"),
    ("offer", ("a",), {"endpoint": "offer"}, "do not offer anything"),
    ("remove_ssh_key", ("user@host",), {}, "not supported on container models"),
    ("update_cloud", ("x", {"clouds": {}}), {"client": True}, "there is one controller"),
]


@pytest.mark.parametrize(
    ("method", "arguments", "options", "reason"), REFUSED, ids=[row[0] for row in REFUSED]
)
def test_refusals(juju, method, arguments, options, reason):
    with pytest.raises(jubilant.CLIError) as refused:
        getattr(juju, method)(*arguments, **options)
    assert reason in refused.value.stderr
    assert refused.value.returncode == 1


def test_cli_with_stdin(juju):
    juju.cli("config", "a", "--file", "-", stdin="a: {greeting: from stdin}")
    assert juju.config("a")["greeting"] == "from stdin"


def test_cli(juju):
    with pytest.raises(jubilant.CLIError) as unknown:
        juju.cli("statsu")
    assert unknown.value.returncode == 2
    assert "Did you mean:\n\tstatus" in unknown.value.stderr
    task = juju.run("a/0", "greet")
    # Operations and tasks share a sequence of numbers.
    operation = str(int(task.id) - 1)
    for command, number in [("show-task", task.id), ("show-operation", operation)]:
        shown = json.loads(juju.cli(command, number, "--format", "json"))
        assert shown["status"] == "completed"
    listed = json.loads(juju.cli("operations", "--format", "json"))
    assert listed[operation]["action"]["name"] == "greet"
    assert json.loads(juju.cli("actions", "a", "--format", "json"))["fail"].startswith("Fails")


def test_every_method_is_tried():
    methods = inspect.getmembers(jubilant.Juju, inspect.isfunction)
    public = {name for name, _ in methods if not name.startswith("_")}
    source = pathlib.Path(__file__).read_text()
    tried = {row[0] for row in REFUSED}
    tried |= {name for name in public if f".{name}(" in source}
    assert public == tried


def test_the_tutorial(program, tmp_path):
    # Its other commands are run by cargo test.
    page = pathlib.Path(__file__).parents[1] / "docs" / "tutorial.md"
    for script in re.findall(r"^```shell\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL):
        subprocess.run(["sh", "-ec", script], cwd=tmp_path, check=True)
    path = f"{pathlib.Path(program).parent}:{os.environ['PATH']}"
    command = [sys.executable, "-m", "pytest", "--quiet", "test_greeter.py"]
    subprocess.run(command, cwd=tmp_path, env=os.environ | {"PATH": path}, check=True)
