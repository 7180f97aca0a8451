#!/usr/bin/env python3
"""Charms with the half of the interface oauth that we wrote, and charms on the Python library
that others wrote, with each other in juju-sandbox.

Usage: oauth.py JUJU_SANDBOX ENVIRONMENTS PROVIDER...

JUJU_SANDBOX is the built command line, and each PROVIDER a built charm of `PROVIDERS`.
In ENVIRONMENTS, `make` installs each of `LIBRARIES`, and does so here, so that what cannot
be had is a reason to skip cases, and not to fail.

After each step of a case, all units of all requirers know the client that the provider has,
none is in error, nothing has logged a traceback or a client secret, and `probe.py` makes the
same of each databag.
"""

import concurrent.futures
import contextlib
import functools
import hashlib
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import typing

from common import Tally, Tool, Unexpected, expect, install, last_words

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
REQUIRER = HERE / "oauth_requirer"

#: A hang is not a verdict, so this is for the busiest of machines. In seconds.
PATIENCE = 1800

#: They differ in their secrets, and in how often they tell of a configuration.
JUJUS = ("3.6.12", "4.0.14")

#: The Python library, in the versions that `oauth_requirer` has a folder of.
LIBRARIES = ("newest", "oldest")


# The probe, which has to be able to tell.

COMPLETE = {
    "issuer_url": "https://op.example.com",
    "authorization_endpoint": "https://op.example.com/authorize",
    "token_endpoint": "https://op.example.com/token",
    "introspection_endpoint": "https://op.example.com/introspect",
    "userinfo_endpoint": "https://op.example.com/userinfo",
    "jwks_endpoint": "https://op.example.com/jwks",
    "scope": "openid profile email",
    "client_id": "my-client",
    "client_secret_id": "secret:d0a1b2c3d4e5f6g7h8i9",
}


#: In the order of the probe's exit statuses.
VERDICTS = ("usable", "waiting", "broken")


class Row(typing.NamedTuple):
    """A databag, and what the library makes of it."""

    name: str
    #: How the databag differs from a complete one. None takes the key out.
    databag: dict = {}
    #: What else the probe is given.
    secret: typing.Optional[dict] = {"secret": "s3cret"}
    others: dict = {}
    verdict: str = "usable"
    #: The exception that takes the requirer down.
    raised: typing.Optional[str] = None
    #: Whether the charm is told of a client, and whether it is said that there is one.
    told: bool = True
    created: typing.Optional[bool] = True
    #: What it knows, where that says more than the verdict.
    known: dict = {}


def refused(name, **databag):
    """What the schema refuses. The hook fails, and nobody is told of anything."""
    return Row(name, databag, verdict="broken", raised="DataValidationError", told=False,
               created=None)  # fmt: skip


def digest(secret):
    return hashlib.sha256(secret.encode()).hexdigest()


waiting = functools.partial(Row, verdict="waiting", told=False, created=False)
broken = functools.partial(Row, verdict="broken", created=None)

ROWS = [
    Row("complete", known={"client_secret": digest("s3cret"), "jwt_access_token": False,
                           "groups": None, "ca_chain": None}),
    waiting("no client id", {"client_id": None}),
    waiting("no secret", {"client_secret_id": None}),
    waiting("neither", {"client_id": None, "client_secret_id": None}),
    waiting("an empty client id", {"client_id": ""}, created=True),
    Row("JWTs: True", {"jwt_access_token": "True"}, known={"jwt_access_token": True}),
    Row("JWTs: True in quotes", {"jwt_access_token": '"True"'}, known={"jwt_access_token": True}),
    refused("JWTs: true", jwt_access_token="true"),
    broken("JWTs: maybe", {"jwt_access_token": "maybe"}, raised="ValueError"),
    refused("a client id of digits", client_id="7890123"),
    refused("a client id with a point", client_id="1234.5678"),
    refused("a client id that is not a number", client_id="NaN"),
    refused("a client id that is true", client_id="true"),
    Row("digits in quotes", {"client_id": '"7890123"'}, known={"client_id": "7890123"}),
    Row("two certificates", {"ca_chain": '["PEM1", "PEM2"]'},
        known={"ca_chain": ["PEM1", "PEM2"]}),
    Row("a list without certificates", {"ca_chain": "[]"}, known={"ca_chain": []}),
    refused("a certificate that is not in a list", ca_chain="PEM1"),
    Row("groups", {"groups": "groups"}, known={"groups": "groups"}),
    refused("groups: null", groups="null"),
    refused("no introspection endpoint", introspection_endpoint=None),
    refused("introspection endpoint: null", introspection_endpoint="null"),
    Row("introspection endpoint: quotes", {"introspection_endpoint": '""'},
        known={"introspection_endpoint": ""}),
    refused("no userinfo endpoint", userinfo_endpoint=None),
    refused("a list of scopes", scope='["openid"]'),
    Row("a key of nobody's", {"retired_client_secret_id": "secret:d0"}),
    Row("an issuer that is not a URL", {"issuer_url": "op"}, known={"issuer_url": "op"}),
    broken("a secret that is not granted", secret=None, raised="SecretNotFoundError"),
    broken("a secret under another key", secret={"client-secret": "s3cret"}, raised="KeyError"),
    Row("a unit that does not lead", others={"leader": False}),
]  # fmt: skip

#: The one thing in which the libraries differ.
NEW_REVISION = {
    "newest": Row("a new revision", others={"newer": {"secret": "new"}},
                  known={"client_secret": digest("new")}),
    "oldest": Row("a new revision, unseen", others={"newer": {"secret": "new"}},
                  known={"client_secret": digest("s3cret")}),
}  # fmt: skip


class Probe:
    """The library by itself, in one version."""

    def __init__(self, environments, library):
        self.command = [environments / library / "bin/python", REQUIRER / "probe.py"]
        #: Most databags look like one that was there before, and it takes its time.
        self.asked = {}

    def verdict(self, given):
        """What is made of one."""
        key = json.dumps(given, sort_keys=True)
        if key not in self.asked:
            code, [answer] = self.ask([given])
            expect("the probe's exit status", VERDICTS.index(answer["verdict"]), code)
            self.asked[key] = answer
        return self.asked[key]

    def ask(self, givens):
        """The worst verdict's number, and what is made of each."""
        lines = "".join(json.dumps(given) + "\n" for given in givens)
        ran = subprocess.run(
            self.command, input=lines, capture_output=True, text=True, check=False,
            timeout=PATIENCE,
        )  # fmt: skip
        answers = [json.loads(line) for line in ran.stdout.splitlines()]
        if len(answers) != len(givens):
            raise Unexpected(f"the probe: {last_words(ran.stderr)}")
        return ran.returncode, answers


def is_as_the_row_says(row, answer):
    for field in ("verdict", "raised", "told", "created"):
        expect(field, getattr(row, field), answer[field])
    for name, value in row.known.items():
        expect(name, value, answer["known"][name])


def try_probe(tally, probe, library):
    """Every row, those with the same verdict at once: the exit status is theirs."""
    rows = [*ROWS, NEW_REVISION[library]]
    for number, verdict in enumerate(VERDICTS):
        of_verdict = [row for row in rows if row.verdict == verdict]
        code, answers = None, [None] * len(of_verdict)
        with tally.case(f"probe: {library}: exit status: {verdict}"):
            code, answers = probe.ask([given(row) for row in of_verdict])
            expect("exit status", number, code)
        for row, answer in zip(of_verdict, answers):
            with tally.case(f"probe: {library}: {row.name}"):
                if answer is None:
                    raise Unexpected("it has not been asked")
                is_as_the_row_says(row, answer)


def given(row):
    databag = COMPLETE | row.databag
    databag = {key: value for key, value in databag.items() if value is not None}
    secret = {} if row.secret is None else {"secret": row.secret}
    return {"databag": databag, **secret, **row.others}


# The charms.


class Provider(typing.NamedTuple):
    """A charm with our half of the interface."""

    #: Where its YAML files are.
    folder: pathlib.Path
    #: Options for an offer, but for the client, and what a requirer knows then.
    options: dict
    known: dict
    #: An option that cannot be published.
    wrong: dict
    #: Where it shows the redirect URIs that it is asked for: an action, or else its status.
    action: str = ""
    #: What it has no option for.
    lacks: frozenset = frozenset()


#: What is known of every provider that says nothing about it.
UNSAID = {"introspection_endpoint": "", "groups": None, "ca_chain": None,
          "jwt_access_token": False}  # fmt: skip

ISSUER = "https://op.example.com/"
SCOPE = "openid profile email"

ENDPOINTS = {
    "issuer_url": ISSUER,
    "authorization_endpoint": f"{ISSUER}authorize",
    "token_endpoint": f"{ISSUER}token",
    "userinfo_endpoint": f"{ISSUER}userinfo",
    "jwks_endpoint": f"{ISSUER}jwks",
    "scope": SCOPE,
}

PROVIDERS = {
    "kratos-external-idp-integrator": Provider(
        ROOT,
        options={"provider": "generic", **ENDPOINTS},
        known=UNSAID | ENDPOINTS,
        wrong={"token_endpoint": "not a URL"},
        action="get-redirect-uri",
    ),
    # It makes the endpoints from the issuer.
    "op": Provider(
        ROOT / "crates/oauth/examples/op",
        options={"issuer_url": ISSUER},
        known=UNSAID | ENDPOINTS,
        wrong={"issuer_url": "https://a\x7fb"},
        lacks=frozenset({"introspection_endpoint", "groups_claim", "ca_chain",
                         "jwt_access_token", "user secrets"}),
    ),
}  # fmt: skip

#: Juju wants the base of a charm on a machine.
MANIFEST = "bases: [{name: ubuntu, channel: 24.04/stable, architectures: [amd64]}]\n"


def stage(charm, source):
    """The charm's folder, less its program."""
    charm.mkdir(parents=True)
    for name in ("metadata.yaml", "config.yaml", "actions.yaml"):
        if (source / name).exists():
            shutil.copy(source / name, charm)
    (charm / "manifest.yaml").write_text(MANIFEST)
    return charm


def stage_provider(charm, program):
    stage(charm, PROVIDERS[program.name].folder)
    (charm / "dispatch").symlink_to(program)


#: In the hooks of a unit's own life the library does nothing, and they are most of them.
DISPATCH = """#!/bin/sh
case $JUJU_DISPATCH_PATH in
hooks/install | hooks/start | hooks/stop | hooks/remove) ;;
*) exec '{python}' "$JUJU_CHARM_DIR/charm.py" ;;
esac
"""


def stage_requirer(charm, environments, library):
    stage(charm, REQUIRER)
    shutil.copy(REQUIRER / "charm.py", charm)
    python = environments / library / "bin/python"
    dispatch = charm / "dispatch"
    dispatch.write_text(DISPATCH.format(python=python))
    dispatch.chmod(0o755)


# The model.

CLIENT_ID = "my-client"
#: No other text has these in it.
FIRST, SECOND, THIRD = "hunter2-first", "hunter2-the-second", "hunter2-and-the-third"
PLANTED = "hunter2"

CALLBACK = "https://rp.example.com/oauth/callback"


class Asks(typing.NamedTuple):
    """What a requirer asks for."""

    uris: typing.Sequence
    #: Whether the library lets that pass.
    is_valid: bool
    is_integrated: bool = False


class World:
    """A model with a provider and requirers in it, and what these should know."""

    def __init__(self, sandbox, charms, probes, provider, juju, folder):
        self.sandbox, self.charms, self.probes, self.folder = sandbox, charms, probes, folder
        self.provider = provider
        #: What each requirer is to know, or what it last knew of the endpoints.
        self.known = provider.known | {"client_id": CLIENT_ID, "client_secret": digest(FIRST)}
        #: Whether the provider has a client to give.
        self.offers = False
        #: Whether it has other things to say than which redirect URIs it is asked for.
        self.complains = False
        self.asks = {}
        self.juju("add-model", "peers", "--juju-version", juju)

    def juju(self, *words, **options):
        ran = subprocess.run(
            [self.sandbox, "--state", self.folder / "model", *words], cwd=self.folder,
            capture_output=True, text=True, check=False, timeout=PATIENCE, **options,
        )  # fmt: skip
        if ran.returncode:
            raise Unexpected(f"{' '.join(map(str, words))}: {last_words(ran.stderr)}")
        return ran.stdout

    def show(self, *words):
        return json.loads(self.juju(*words, "--format", "json"))

    # What is done to it.

    def provide(self, units=1):
        self.juju("deploy", self.charms / "provider", "idp", "-n", str(units))

    def require(self, name="portal", library="newest", units=1, uris=(CALLBACK,), **options):
        words = [f"{key}={value}" for key, value in options.items()]
        words.append(f"redirect_uris={' '.join(uris)}")
        config = [word for pair in words for word in ("--config", pair)]
        self.juju("deploy", self.charms / library, name, "-n", str(units), *config)
        self.asks[name] = Asks(uris, bool(uris) or "grant_types" in options)

    def integrate(self, name="portal"):
        self.juju("integrate", "idp", name)
        self.asks[name] = self.asks[name]._replace(is_integrated=True)
        self.check()

    def separate(self, name="portal"):
        self.juju("remove-relation", "idp", name)
        self.asks[name] = self.asks[name]._replace(is_integrated=False)
        self.check()

    def ask(self, name, uris):
        """A requirer changes its redirect URIs."""
        self.juju("config", name, f"redirect_uris={' '.join(uris)}")
        self.asks[name] = self.asks[name]._replace(uris=uris, is_valid=bool(uris))
        self.check()

    def configure(self, options, **known):
        """Sets options of the provider; None resets one. `known` is what is new to requirers."""
        given = {name: value for name, value in options.items() if value is not None}
        file = self.folder / "options.json"
        # JSON is YAML. A secret on a command line is for all to see.
        file.write_text(json.dumps({"idp": given}))
        self.juju("config", "idp", "--file", file)
        unset = [name for name, value in options.items() if value is None]
        if unset:
            self.juju("config", "idp", "--reset", ",".join(unset))
            # Juju 4.0 runs no hook for that, so it is for the next one to see.
            self.juju("update-status", *self.units_of("idp"))
        self.known |= known
        self.check()

    def offer(self, client_id=CLIENT_ID, secret=FIRST):
        self.offers = True
        self.configure(
            self.provider.options | {"client_id": client_id, "client_secret": secret},
            client_id=client_id, client_secret=digest(secret),
        )  # fmt: skip

    def rotate(self, secret):
        self.configure({"client_secret": secret}, client_secret=digest(secret))

    def act(self, *words):
        self.juju(*words)
        self.check()

    def set_up(self, units=1, **requirer):
        """The usual: configured, then integrated."""
        self.provide(units)
        self.require(**requirer)
        self.offer()
        self.integrate()

    # What it looks like.

    def units(self):
        """Every unit with its statuses."""
        applications = self.show("status")["applications"].values()
        return {
            name: unit
            for application in applications
            for name, unit in (application.get("units") or {}).items()
        }

    def units_of(self, application):
        return [name for name in self.units() if name.split("/")[0] == application]

    def databag(self, requirer):
        """What the provider has written for a requirer."""
        unit = self.units_of(requirer)[0]
        shown = self.show("show-unit", unit, "--endpoint", "oauth")[unit]
        relations = shown.get("relation-info", [])
        return (relations[0]["application-data"] or {}) if relations else {}

    def content(self, uri):
        shown = self.show("show-secret", uri.removeprefix("secret:"), "--reveal")
        [secret] = shown.values()
        return secret["content"]["Data"]

    def secrets(self):
        """The ids of the provider's secrets."""
        return {id for id, one in self.show("secrets").items() if one["owner"] == "idp"}

    def look(self, unit):
        try:
            [ran] = self.show("run", unit, "look").values()
        except Unexpected as error:
            raise Unexpected(f"{error}: {self.why()}") from None
        return json.loads(ran["results"]["answer"])

    # What it should look like.

    def check(self):
        self.check_health()
        for name, asks in self.asks.items():
            is_usable = asks.is_integrated and asks.is_valid and self.offers
            for unit in self.units_of(name):
                self.check_unit(unit, asks, is_usable)
            if asks.is_integrated:
                self.check_databag(name, is_usable)
        self.check_redirect_uris()
        # The actions may have gone wrong as well.
        self.check_health()

    def check_health(self):
        for name, unit in self.units().items():
            for key in ("workload-status", "juju-status"):
                status = unit[key]
                if status["current"] in ("error", "failed"):
                    raise Unexpected(f"{name} is in error: {status.get('message')}: {self.why()}")
        log = self.juju("debug-log", "--replay")
        if "Traceback" in log:
            raise Unexpected(f"a traceback in the log: {self.why()}")
        if PLANTED in log:
            raise Unexpected("a client secret in the log")

    def why(self):
        """The first exception, which is what the others come from, or the last error."""
        log = self.juju("debug-log", "--replay", "--level", "ERROR")
        exceptions = re.findall(r"^[\w.]+(?:Error|Exception): .*", log, re.MULTILINE)
        return (exceptions or [last_words(log)])[0]

    def check_unit(self, unit, asks, is_usable):
        seen = self.look(unit)
        if not asks.is_integrated:
            expect(f"{unit} knows", None, seen["known"])
            return
        expect(f"{unit} has a client", is_usable, bool(seen["created"]))
        self.check_known(unit, seen["known"], is_usable)
        if is_usable and "OAuthInfoChangedEvent" not in seen["events"]:
            raise Unexpected(f"{unit} has not been told of the client")

    def check_known(self, who, known, is_usable):
        if is_usable:
            known = comparable(known)
            for key in sorted(self.known | known):
                expect(f"{who} knows {key}", self.known.get(key), known.get(key))
        elif known:
            # Withdrawn, or not there yet. The endpoints may be there.
            seen = known["client_id"], known["client_secret"]
            expect(f"{who} knows of a client", (None, None), seen)

    def check_databag(self, name, is_usable):
        databag = self.databag(name)
        if not databag and not is_usable:
            return
        given = {"databag": databag}
        if "client_secret_id" in databag:
            given["secret"] = self.content(databag["client_secret_id"])
        for library in LIBRARIES:
            seen = self.probes[library].verdict(given)
            who = f"the {library} library, of the databag for {name},"
            expect(f"{who} says", "usable" if is_usable else "waiting", seen["verdict"])
            self.check_known(who, seen["known"], is_usable)
        if PLANTED in json.dumps(databag):
            raise Unexpected("a client secret in a databag")

    def check_redirect_uris(self):
        """Somebody has to register them, so the provider shows all that it is asked for."""
        wanted = {
            uri
            for asks in self.asks.values()
            if asks.is_integrated and asks.is_valid and self.offers
            for uri in asks.uris
        }
        if not wanted or self.complains:
            return
        unit = self.units_of("idp")[0]
        if self.provider.action:
            said = json.dumps(self.show("run", unit, self.provider.action))
        else:
            said = self.units()[unit]["workload-status"].get("message", "")
        missing = sorted(uri for uri in wanted if uri not in said)
        if missing:
            raise Unexpected(f"{unit} does not show {missing}, but {said}")

    def check_secrets(self, before=frozenset()):
        """One for each relation, all new ones, once the provider has had another hook."""
        self.act("update-status", *self.units_of("idp"))
        secrets = self.secrets()
        integrated = [asks for asks in self.asks.values() if asks.is_integrated]
        expect("secrets", len(integrated), len(secrets))
        expect("secrets that should be gone", set(), secrets & before)
        # It reads what there is now.
        self.act("update-status")


def comparable(known):
    """A certificate is the same with and without a last line break."""
    chain = known["ca_chain"]
    return known | {"ca_chain": chain and [pem.strip() for pem in chain]}


# The cases.


class Case(typing.NamedTuple):
    """What happens in a model."""

    name: str
    play: typing.Callable
    #: What the provider needs an option for.
    needs: str = ""


def configured_first(world):
    world.set_up()
    world.check_secrets()


def integrated_first(world):
    world.provide()
    world.require()
    world.integrate()
    world.offer()
    world.check_secrets()


def asked_late(world):
    world.provide()
    world.require(uris=())
    world.offer()
    world.integrate()
    world.ask("portal", [CALLBACK])
    secrets = world.secrets()
    world.ask("portal", ["https://rp.example.com/elsewhere"])
    expect("secrets", secrets, world.secrets())


def oldest_library(world):
    world.set_up(library="oldest")


def several_units(world):
    world.provide(2)
    world.require(units=2)
    world.offer()
    world.integrate()
    world.act("add-unit", "portal")
    world.act("add-unit", "idp")
    world.rotate(SECOND)


def client_id(world, value):
    world.provide()
    world.require()
    world.offer(client_id=value)
    world.integrate()


def introspection(world):
    world.set_up()
    endpoint = f"{ISSUER}introspect"
    world.configure({"introspection_endpoint": endpoint}, introspection_endpoint=endpoint)
    world.configure({"introspection_endpoint": None}, introspection_endpoint="")


def groups(world):
    world.set_up()
    world.configure({"groups_claim": "roles"}, groups="roles")
    world.configure({"groups_claim": None}, groups=None)


def ca_chain(world):
    pem = (REQUIRER / "ca_chain.pem").read_text()
    end = "-----END CERTIFICATE-----"
    chain = [f"{part.strip()}\n{end}" for part in pem.split(end)[:-1]]
    expect("certificates", 2, len(chain))
    world.set_up()
    world.configure({"ca_chain": pem}, ca_chain=chain)
    world.configure({"ca_chain": None}, ca_chain=None)


def jwt(world):
    world.set_up()
    world.configure({"jwt_access_token": True}, jwt_access_token=True)
    world.configure({"jwt_access_token": False}, jwt_access_token=False)


def rotated(world):
    """It reaches a library that looks only where the databag changes, too."""
    world.provide()
    world.require()
    world.require("legacy", "oldest")
    world.offer()
    world.integrate()
    world.integrate("legacy")
    world.check_secrets()
    for secret in (SECOND, THIRD):
        before = world.secrets()
        world.rotate(secret)
        world.check_secrets(before)


def rotated_in_a_row(world):
    world.set_up()
    before = world.secrets()
    world.rotate(SECOND)
    world.rotate(THIRD)
    world.check_secrets(before)


def user_secret(world):
    """The administrator keeps the client secret in a Juju secret, and gives that a new value."""
    world.provide()
    world.require()
    file = world.folder / "client_secret.json"
    file.write_text(json.dumps({"client-secret": FIRST}))
    uri = world.juju("add-secret", "client", "--file", file).strip()
    world.juju("grant-secret", "client", "idp")
    world.offers = True
    world.configure(world.provider.options | {"client_id": CLIENT_ID, "client_secret": uri})
    world.integrate()
    before = world.secrets()
    file.write_text(json.dumps({"client-secret": SECOND}))
    world.known["client_secret"] = digest(SECOND)
    world.act("update-secret", "client", "--file", file)
    world.check_secrets(before)


def disabled(world):
    world.set_up()
    for has_waited in (True, False):
        before = world.secrets()
        world.offers = False
        world.configure({"enabled": False})
        if has_waited:
            world.act("update-status")
            expect("secrets", set(), world.secrets())
        world.offers = True
        world.configure({"enabled": True})
        world.check_secrets(before)


def leader(world, *, is_removed):
    world.set_up(units=2)
    before = world.secrets()
    if is_removed:
        world.act("remove-unit", "idp/0")
        expect("units", ["idp/1"], world.units_of("idp"))
    else:
        world.act("set-leader", "idp/1")
    world.act("update-status")
    expect("secrets", before, world.secrets())
    world.rotate(SECOND)
    world.check_secrets(before)


def integrated_again(world):
    world.set_up()
    before = world.secrets()
    world.separate()
    expect("secrets", set(), world.secrets())
    [unit] = world.units_of("portal")
    events = world.look(unit)["events"]
    expect("the last event", "OAuthInfoRemovedEvent", events[-1])
    world.integrate()
    world.check_secrets(before)


def wrong_option(world):
    world.set_up()
    before, databag = world.secrets(), world.databag("portal")
    world.complains = True
    world.configure(world.provider.wrong)
    world.act("update-status")
    expect("the databag", databag, world.databag("portal"))
    expect("secrets", before, world.secrets())
    world.complains = False
    world.configure(dict.fromkeys(world.provider.wrong) | world.provider.options)
    world.rotate(SECOND)
    world.check_secrets(before)


def two_requirers(world):
    world.set_up()
    world.require("wiki", uris=["https://wiki.example.com/callback"])
    world.integrate("wiki")
    uris = {world.databag(name)["client_secret_id"] for name in ("portal", "wiki")}
    expect("secrets", 2, len(uris))
    before = world.secrets()
    world.rotate(SECOND)
    world.check_secrets(before)
    world.separate()
    world.check_secrets()


def two_redirect_uris(world):
    world.set_up(uris=[CALLBACK, "https://rp.example.com/second"])
    world.ask("portal", [CALLBACK])


def without_redirect_uri(world):
    world.set_up(uris=(), grant_types="client_credentials", auth_method="client_secret_post")


CASES = [
    Case("configured, then integrated", configured_first),
    Case("integrated, then configured", integrated_first),
    Case("the redirect URI comes late, and changes", asked_late),
    Case("the oldest library", oldest_library),
    Case("several units on both sides", several_units),
    *(Case(f"client id {value}", functools.partial(client_id, value=value))
      for value in ("7890123", "1234.5678", "NaN", "true")),
    Case("introspection endpoint set and unset", introspection, "introspection_endpoint"),
    Case("groups claim set and unset", groups, "groups_claim"),
    Case("two certificates", ca_chain, "ca_chain"),
    Case("JWTs as access tokens", jwt, "jwt_access_token"),
    Case("new client secrets", rotated),
    Case("new client secrets in a row", rotated_in_a_row),
    Case("new client secret in a user secret", user_secret, "user secrets"),
    Case("disabled and enabled", disabled),
    Case("another leader", functools.partial(leader, is_removed=False)),
    Case("the leader is removed", functools.partial(leader, is_removed=True)),
    Case("integrated again", integrated_again),
    Case("an option that cannot be published", wrong_option),
    Case("two requirers", two_requirers),
    Case("two redirect URIs", two_redirect_uris),
    Case("a client without redirect URI", without_redirect_uri),
]  # fmt: skip


def cases_of(provider):
    return [case for case in CASES if case.needs not in provider.lacks]


def play(case, sandbox, charms, probes, provider, juju):
    with tempfile.TemporaryDirectory() as folder:
        case.play(World(sandbox, charms, probes, provider, juju, pathlib.Path(folder)))


def main():
    sandbox, environments, *programs = (pathlib.Path(word).absolute() for word in sys.argv[1:])
    # However this is told to end, what it started ends first, within seconds.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    tools = [
        Tool(f"{environments}/{library}/bin/installed", ["python3", "--version"], (3, 10),
             ["python3", "-m", "pip", "download", "--no-deps", "charmlibs-interfaces-oauth"])
        for library in LIBRARIES
    ]  # fmt: skip
    tally = Tally()
    with contextlib.ExitStack() as stack:
        scratch = pathlib.Path(stack.enter_context(tempfile.TemporaryDirectory()))
        pool = stack.enter_context(concurrent.futures.ThreadPoolExecutor(os.cpu_count()))
        # Whoever is told to end does not wait for what has not begun.
        stack.callback(pool.shutdown, cancel_futures=True)
        installed = [pool.submit(install, tool) for tool in tools]
        probes = {library: Probe(environments, library) for library in LIBRARIES}

        def prepared(run, *arguments):
            for one in installed:
                one.result()
            return run(*arguments)

        played = []
        for program in programs:
            charms = scratch / program.name
            stage_provider(charms / "provider", program)
            for library in LIBRARIES:
                stage_requirer(charms / library, environments, library)
            for juju in JUJUS:
                for case in cases_of(PROVIDERS[program.name]):
                    name = f"oauth: {program.name}: Juju {juju}: {case.name}"
                    run = pool.submit(
                        prepared, play, case, sandbox, charms, probes,
                        PROVIDERS[program.name], juju,
                    )  # fmt: skip
                    played.append((name, run))
        for library, one in zip(LIBRARIES, installed):
            with tally.case(f"probe: {library}: installed"):
                one.result()
                try_probe(tally, probes[library], library)
        for name, run in played:
            with tally.case(name):
                run.result()

    print(f"peers: {tally.held} as expected, {tally.failed} failed, {tally.skipped} skipped")
    return 1 if tally.failed else 0


if __name__ == "__main__":
    sys.exit(main())
