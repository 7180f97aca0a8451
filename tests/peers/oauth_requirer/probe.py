#!/usr/bin/env python3
"""What a requirer on the Python library makes of a provider's databag, without a model.

Each line of standard input is JSON:

    databag   the provider's application databag, byte for byte
    secret    the content of the Juju secret that it names; none that is granted, if left out
    newer     the content of a revision after that one, which the requirer does not track yet
    leader    whether the unit is its application's leader: true, if left out

For each, a line of JSON says the verdict and what it comes from. The exit status is the
worst verdict's: 0 usable, 1 waiting for a client, 2 broken, which is a hook that fails.
"""

import dataclasses
import json
import logging
import pathlib
import sys

import yaml
from charmlibs.interfaces import oauth
from ops import testing

from charm import Requirer

HERE = pathlib.Path(__file__).resolve().parent
VERDICTS = ("usable", "waiting", "broken")


def of_charm(name):
    return yaml.safe_load((HERE / name).read_text())


def ask(given):
    """The databag arrives at a requirer that has asked for a client."""
    context = testing.Context(
        Requirer,
        meta=of_charm("metadata.yaml"),
        config=of_charm("config.yaml"),
        actions=of_charm("actions.yaml"),
    )
    relation = testing.Relation("oauth", remote_app_name="idp")
    secrets = set()
    if "secret" in given:
        uri = given["databag"].get("client_secret_id", "secret:elsewhere")
        secret = testing.Secret(given["secret"], latest_content=given.get("newer"), id=uri)
        secrets.add(secret)
    state = testing.State(
        leader=given.get("leader", True),
        config={"redirect_uris": "https://rp.example.com/callback"},
        relations={relation},
        secrets=secrets,
    )
    answer, raised = {}, None
    try:
        state = context.run(context.on.relation_created(relation), state)
        relation = dataclasses.replace(
            state.get_relation(relation.id), remote_app_data=given["databag"]
        )
        state = dataclasses.replace(state, relations={relation})
        state = context.run(context.on.relation_changed(relation), state)
        context.run(context.on.action("look"), state)
        answer = json.loads(context.action_results["answer"])
    except testing.errors.UncaughtCharmError as error:
        raised = type(error.__cause__).__name__
    known = answer.get("known") or {}
    is_usable = known.get("client_id") and known.get("client_secret")
    told = any(isinstance(event, oauth.OAuthInfoChangedEvent) for event in context.emitted_events)
    return {
        "verdict": "broken" if raised else "usable" if is_usable else "waiting",
        "raised": raised,
        "told": told,
        "created": answer.get("created"),
        "known": known,
    }


def main():
    # Its exceptions are what this is about, and they are in the verdicts.
    logging.disable(logging.CRITICAL)
    worst = 0
    for line in sys.stdin:
        seen = ask(json.loads(line))
        print(json.dumps(seen))
        worst = max(worst, VERDICTS.index(seen["verdict"]))
    return worst


if __name__ == "__main__":
    sys.exit(main())
