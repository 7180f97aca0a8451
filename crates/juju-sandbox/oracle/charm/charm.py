"""The oracle: `ops.hookcmds` asks, and each answer is compared with what Juju says.

`dispatch` starts this file with the Python that has ops.
"""

import os
import sys
import traceback

from ops import hookcmds as tools

AGREED = []


def agree(what, found, expected):
    """Counts an answer that is as expected; any other makes the charm fail."""
    if found != expected:
        raise AssertionError(f"{what}: found {found!r}, expected {expected!r}")
    AGREED.append(what)


def refused(what, words, call):
    """Counts a call that Juju refuses, with these words in its complaint."""
    try:
        call()
    except tools.Error as error:
        agree(what, words in error.stderr, True)
    else:
        raise AssertionError(f"{what}: not refused")


def relation_id():
    for endpoint in ("offer", "need"):
        ids = tools.relation_ids(endpoint)
        if ids:
            return int(ids[0].split(":")[1])
    raise AssertionError("no relation")


def ask():
    unit = os.environ["JUJU_UNIT_NAME"]
    app = unit.split("/")[0]
    other = {"one": "two", "two": "one"}[app]
    relation = relation_id()

    agree("action-get", tools.action_get(), {"name": "nobody"})
    agree("action-get of a key", tools.action_get("name"), "nobody")
    tools.action_log("half-way")

    expected = {"text": "a text", "number": 1000000, "fraction": 0.5, "switch": True}
    agree("config-get", tools.config_get(), expected)
    agree("config-get of a text", tools.config_get("text"), "a text")
    agree("config-get of a number", tools.config_get("number"), 1000000)
    agree("config-get of a switch", tools.config_get("switch"), True)
    agree("config-get of what is unset", tools.config_get("unset"), None)

    agree("is-leader", tools.is_leader(), True)
    for level in ("TRACE", "DEBUG", "INFO", "WARNING", "ERROR"):
        tools.juju_log(f"-- at {level}", level=level)

    agree("relation-ids of no endpoint", tools.relation_ids("nothing"), [])
    agree("relation-list", tools.relation_list(relation), [f"{other}/0"])
    agree("relation-list --app", tools.relation_list(relation, app=True), other)
    data = {"greeting": "hello: 'you' \"there\" é", "lines": "a\nb\n", "number": "007"}
    tools.relation_set(data, relation)
    tools.relation_set({"from": app}, relation, app=True)
    mine = tools.relation_get(relation, unit=unit)
    agree("relation-get of our own unit", {key: mine[key] for key in data}, data)
    agree("relation-get knows our address", mine["ingress-address"] != "", True)
    agree("relation-get of a key", tools.relation_get(relation, key="number", unit=unit), "007")
    agree(
        "relation-get of our own application",
        tools.relation_get(relation, unit=app, app=True),
        {"from": app},
    )
    tools.relation_set({"lines": ""}, relation)
    agree("relation-set deletes", "lines" in tools.relation_get(relation, unit=unit), False)
    theirs = tools.relation_get(relation, unit=f"{other}/0")
    agree("relation-get of their unit", theirs["ingress-address"] != "", True)
    agree("relation-model-get", len(tools.relation_model_get(relation).uuid), 36)
    refused("relation-list of no relation", "relation not found", lambda: tools.relation_list(99))
    refused(
        "relation-get of no unit",
        "invalid unit name",
        lambda: tools.relation_get(relation, unit="x!"),
    )

    tools.status_set("waiting", "-- for it")
    status = tools.status_get()
    agree("status-get", (status.status, status.message), ("waiting", "-- for it"))
    tools.status_set("active", "all of us", app=True)
    status = tools.status_get(app=True)
    agree("status-get of the application", (status.status, status.message), ("active", "all of us"))
    # The units are not compared: ops looks for them beside application-status, where
    # Juju's status-get.go has them within it.
    tools.app_version_set("1.2.3")

    tools.state_set({"one": "1", "empty": "", "lines": "a\nb"})
    agree("state-get", tools.state_get(None), {"one": "1", "empty": "", "lines": "a\nb"})
    agree("state-get of a key", tools.state_get("one"), "1")
    tools.state_delete("one")
    agree("state-delete", tools.state_get(None), {"empty": "", "lines": "a\nb"})

    tools.open_port("tcp", 8080)
    tools.open_port("udp", 5000, to_port=5010)
    found = {(port.protocol, port.port, port.to_port) for port in tools.opened_ports()}
    agree("opened-ports", found, {("tcp", 8080, None), ("udp", 5000, 5010)})
    tools.close_port("udp", 5000, to_port=5010)
    agree("close-port", len(tools.opened_ports()), 1)

    goal = tools.goal_state()
    agree("goal-state of units", set(goal.units), {unit})
    endpoint = "offer" if app == "one" else "need"
    agree("goal-state of relations", set(goal.relations[endpoint]), {other, f"{other}/0"})
    network = tools.network_get("siblings")
    agree("network-get", network.bind_addresses[0].addresses[0].value, mine["ingress-address"])
    text = tools.resource_get("text").read_text()
    agree("resource-get", text, "the content\n")
    image = tools.resource_get("image").read_text()
    agree("resource-get of an image", "registrypath: example.com/oracle:1\n" in image, True)
    refused("resource-get of none", "not found", lambda: tools.resource_get("nothing"))

    [disk] = tools.storage_list("disk")
    storage = tools.storage_get(disk)
    agree("storage-get", (storage.kind, storage.location.is_dir()), ("filesystem", True))
    agree("storage-list", tools.storage_list(), [disk])
    agree("storage-list of none", tools.storage_list("more"), [])
    tools.storage_add({"more": 2})
    refused("storage-get of none", "not found", lambda: tools.storage_get("disk/99"))
    tools.action_set({"nested": {"key": "value"}})


def own_secrets():
    relation = relation_id()
    agree("secret-ids without any", tools.secret_ids() or [], [])
    uri = tools.secret_add({"password": "first\n"}, label="ours", description="of ours")
    agree("secret-ids", [uri.endswith(bare) for bare in tools.secret_ids()], [True])
    agree("secret-get of a new secret", tools.secret_get(id=uri), {"password": "first\n"})
    info = tools.secret_info_get(label="ours")
    agree("secret-info-get", (info.revision, info.label, info.description), (1, "ours", "of ours"))
    agree("secret-info-get tells the id", uri.endswith(info.id), True)
    tools.secret_grant(uri, relation)
    tools.relation_set({"secret": uri}, relation, app=True)
    mine = tools.secret_add({"token": "x" * 4000}, owner="unit", label="of the unit")
    tools.secret_set(mine, content={"token": "y"}, description="changed", owner="unit")
    tools.secret_grant(mine, relation)
    tools.secret_revoke(mine, relation_id=relation)
    tools.secret_remove(mine)
    refused("secret-get of no label", "not found", lambda: tools.secret_get(label="nothing"))
    refused("secret-add of a bad key", "not valid", lambda: tools.secret_add({"a": "b"}))


def read_secret():
    relation = relation_id()
    other = tools.relation_list(relation, app=True)
    uri = tools.relation_get(relation, key="secret", unit=other, app=True)
    agree("secret-get of theirs", tools.secret_get(id=uri, label="theirs"), {"password": "first\n"})
    agree("secret-get by our label", tools.secret_get(label="theirs"), {"password": "first\n"})
    agree("secret-get --peek", tools.secret_get(id=uri, peek=True), {"password": "first\n"})
    agree("secret-get --refresh", tools.secret_get(id=uri, refresh=True), {"password": "first\n"})
    refused("secret-grant of theirs", "not found", lambda: tools.secret_grant(uri, relation))


def added_storage():
    agree("storage-add", len(tools.storage_list("more")), 2)


def refuse():
    tools.action_fail("-- as it should")


def main():
    action = os.environ.get("JUJU_ACTION_NAME")
    if not action:
        return
    {
        "ask": ask,
        "own-secrets": own_secrets,
        "read-secret": read_secret,
        "added-storage": added_storage,
        "refuse": refuse,
    }[action]()
    tools.action_set({"agreed": str(len(AGREED))})


if __name__ == "__main__":
    try:
        main()
    except Exception:
        traceback.print_exc()
        sys.exit(1)
