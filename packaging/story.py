#!/usr/bin/env python3
"""Plays the charm's whole life in juju-sandbox, with the packed charm.

    story.py FILE.charm --programs DIR

--programs is where cargo put juju-sandbox, minimal-op and examples/requirer. The charm is unpacked
as Juju does it: the modes are those of the archive. The other end is the project's
stand-in for Charmed Kratos. tests/integration has the same story for a controller.
"""

import argparse
import contextlib
import json
import pathlib
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import zipfile

PROJECT = pathlib.Path(__file__).resolve().parent.parent
SECRET = "GOCSPX-story"
# The id is made from the client id, and users' accounts hang on it: it may never change.
PROVIDER_ID = "google_c0fca45e348e843d943c7ecb3768a5a1e123ff09"
REDIRECT_URI = f"https://iam.example.com/self-service/methods/oidc/callback/{PROVIDER_ID}"
CORP_REDIRECT_URI = "https://iam.example.com/self-service/methods/oidc/callback/corp"


class Sandbox:
    """The commands of juju-sandbox, on a model of its own."""

    def __init__(self, program, folder):
        self.program = program
        self.folder = folder

    def run(self, *arguments, check=True):
        print("$ juju-sandbox", *arguments)
        result = subprocess.run(
            [self.program, *arguments],
            cwd=self.folder,
            check=check,
            capture_output=True,
            text=True,
        )
        return result.stdout

    def expect(self, application, status, message):
        """Every unit of an application shows this; the message is how it begins."""
        shown = json.loads(self.run("status", "--format", "json"))
        units = shown["applications"][application]["units"]
        for unit, state in units.items():
            workload = state["workload-status"]
            print(f"  {unit}: {workload['current']}: {workload['message']}")
            assert workload["current"] == status, unit
            assert workload["message"].startswith(message), unit

    def action(self, unit, action):
        """What an action answers; nothing if it fails."""
        arguments = ["run", unit, action, "--format", "json"]
        shown = json.loads(self.run(*arguments, check=False))[unit]
        return shown["results"] if shown["status"] == "completed" else None


def unpack(charm, folder):
    with zipfile.ZipFile(charm) as archive:
        for member in archive.infolist():
            path = pathlib.Path(archive.extract(member, folder))
            path.chmod(stat.S_IMODE(member.external_attr >> 16))


def stand_in(programs, folder):
    """The charm directory of the stand-in for Charmed Kratos."""
    folder.mkdir()
    for name in ["metadata.yaml", "config.yaml", "actions.yaml"]:
        shutil.copy(PROJECT / "examples/requirer" / name, folder)
    shutil.copy(programs / "examples/requirer", folder / "dispatch")


@contextlib.contextmanager
def provider(programs, folder):
    """An identity provider, known by a name: the charm is linked statically, and must look it up."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    secret = folder / "client.secret"
    secret.write_text(SECRET)
    client = f"id=corp,secret-file={secret},return-uri={CORP_REDIRECT_URI}"
    issuer = f"http://localhost:{port}"
    command = ["serve", "--listen", f"127.0.0.1:{port}", "--issuer", issuer, "--client", client]
    with subprocess.Popen(
        [programs / "minimal-op", *command, "--dialect", "prompt-none"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            # It says so when it listens.
            yield process.stdout.readline().strip()
        finally:
            process.kill()


def ask_provider(sandbox, issuer):
    """The packed charm asks an identity provider over the network."""
    options = ["provider=generic", "provider_id=corp", "client_id=corp", f"issuer_url={issuer}"]
    sandbox.run("config", "idp", *options, f"client_secret={SECRET}", "scope=profile email")
    good = sandbox.action("idp/0", "check-provider")
    assert good["verdict"] == "good", good
    sandbox.run("config", "idp", "client_secret=mistyped")
    bad = sandbox.action("idp/1", "check-provider")
    assert bad["verdict"] == "bad", bad
    assert "credentials: bad: " in bad["checks"], bad
    options = ["provider=google", "provider_id=", "client_id=story.apps.example.com"]
    sandbox.run("config", "idp", *options, f"client_secret={SECRET}", "issuer_url=", "scope=")


def story(sandbox, issuer):
    sandbox.run("deploy", "./idp", "idp", "-n", "2")
    sandbox.expect("idp", "blocked", "Invalid OIDC provider configuration: client_id: ")

    options = ["provider=google", "client_id=story.apps.example.com", f"client_secret={SECRET}"]
    sandbox.run("config", "idp", *options)
    sandbox.expect("idp", "blocked", "Missing integration kratos-external-idp")

    # Kratos has no URL yet under which users reach it, so it cannot answer.
    sandbox.run("deploy", "./kratos", "kratos")
    sandbox.run("integrate", "idp", "kratos")
    sandbox.expect("idp", "waiting", "Waiting for the requirer charm")

    sandbox.run("config", "kratos", "public-url=https://iam.example.com")
    sandbox.expect("idp", "active", "The OIDC provider is ready")
    for unit in ["idp/0", "idp/1"]:
        assert sandbox.action(unit, "get-redirect-uri")["redirect-uri"] == REDIRECT_URI
    assert sandbox.action("idp/1", "validate-config")["valid"] == "true"

    # A typo keeps what was published; the action goes on answering.
    sandbox.run("config", "idp", "provider=gogle")
    sandbox.expect("idp", "blocked", "Invalid OIDC provider configuration: provider: ")
    assert sandbox.action("idp/0", "get-redirect-uri")["redirect-uri"] == REDIRECT_URI
    sandbox.run("config", "idp", "provider=google")

    sandbox.run("config", "idp", "enabled=false")
    sandbox.expect("idp", "active", "The OIDC provider is disabled")
    sandbox.expect("kratos", "active", "No external provider")
    sandbox.run("config", "idp", "enabled=true")
    sandbox.expect("idp", "active", "The OIDC provider is ready")

    # A mapper is read and run by the charm's second program.
    sandbox.run("config", "idp", "jsonnet_mapper={ identity: ")
    sandbox.expect("idp", "blocked", "Logins will fail: jsonnet_mapper: ")
    mapper = "{ identity: { traits: { email: std.extVar('claims').email } } }"
    sandbox.run("config", "idp", f"jsonnet_mapper={mapper}")
    sandbox.expect("idp", "active", "The OIDC provider is ready")
    assert sandbox.action("idp/1", "test-mapper")["findings"] == "none"
    sandbox.run("config", "idp", "jsonnet_mapper=")

    ask_provider(sandbox, issuer)

    # The same charm again, as an upgrade in place.
    sandbox.run("refresh", "idp", "--path", "./idp")
    sandbox.expect("idp", "active", "The OIDC provider is ready")
    assert sandbox.action("idp/0", "get-redirect-uri")["redirect-uri"] == REDIRECT_URI

    log = sandbox.run("debug-log", "--replay")
    assert 'ran "upgrade-charm" hook' in log, "the log is there"
    assert SECRET not in log, "the secret is not"

    sandbox.run("remove-relation", "idp", "kratos")
    sandbox.expect("idp", "blocked", "Missing integration kratos-external-idp")
    assert sandbox.action("idp/0", "get-redirect-uri") is None
    sandbox.run("remove-application", "idp", "kratos")
    assert not json.loads(sandbox.run("status", "--format", "json"))["applications"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("charm", type=pathlib.Path)
    parser.add_argument("--programs", type=pathlib.Path, required=True)
    arguments = parser.parse_args()

    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        unpack(arguments.charm, folder / "idp")
        programs = arguments.programs.resolve()
        stand_in(programs, folder / "kratos")
        try:
            with provider(programs, folder) as issuer:
                story(Sandbox(programs / "juju-sandbox", folder), issuer)
        except (AssertionError, subprocess.CalledProcessError) as error:
            print(getattr(error, "stderr", ""))
            sys.exit(f"the story went wrong: {error!r}")
    print("The packed charm lived its whole life.")


if __name__ == "__main__":
    main()
