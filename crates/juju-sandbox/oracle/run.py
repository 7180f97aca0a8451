#!/usr/bin/env python3
"""Checks juju-sandbox's hook tools with an independent client of theirs: ops.hookcmds.

Usage: run.py JUJU_SANDBOX FOLDER

JUJU_SANDBOX is the built command line. FOLDER keeps a virtual environment with ops
from one run to the next; it is created if it does not exist.
"""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import venv

#: Pinned, because another version may expect other answers: raise it on purpose.
OPS = "ops==3.9.0"

HERE = pathlib.Path(__file__).resolve().parent


def python_with_ops(folder):
    """The Python of a virtual environment that has ops."""
    python = folder / "bin" / "python"
    if not (folder / OPS).exists():
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", OPS], check=True)
        (folder / OPS).touch()
    return python


def stage(folder, python):
    """Creates the charm's folder, with a dispatch that starts it with `python`."""
    charm = folder / "oracle"
    shutil.copytree(HERE / "charm", charm)
    dispatch = charm / "dispatch"
    dispatch.write_text(f'#!/bin/sh\nexec {python} "$JUJU_CHARM_DIR/charm.py"\n')
    dispatch.chmod(0o755)


def main():
    sandbox, environment = (pathlib.Path(word).resolve() for word in sys.argv[1:])
    python = python_with_ops(environment)
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        stage(folder, python)

        def juju(*words):
            return subprocess.run(
                [sandbox, *words], cwd=folder, stdout=subprocess.PIPE, text=True, check=False
            )

        (folder / "text").write_text("the content\n")
        resources = ["--resource", "text=text", "--resource", "image=example.com/oracle:1"]
        for command in (
            ["deploy", "./oracle", "one", *resources],
            ["deploy", "./oracle", "two", *resources],
            ["integrate", "one:offer", "two:need"],
        ):
            juju(*command).check_returncode()
        failed = 0
        for unit, action in (
            ("one/0", "ask"),
            ("two/0", "ask"),
            ("one/0", "own-secrets"),
            ("two/0", "read-secret"),
            ("one/0", "added-storage"),
        ):
            ran = juju("run", unit, action, "--format", "json")
            # There is one unit, under its name.
            [result] = json.loads(ran.stdout or "{}").values() or [{}]
            agreed = result.get("results", {}).get("agreed")
            if agreed is None:
                failed += 1
                print(f"{unit} {action}: failed\n{json.dumps(result, indent=2)}")
            else:
                print(f"{unit} {action}: {agreed} answers agree")
        refused = juju("run", "one/0", "refuse", "--format", "json")
        [result] = json.loads(refused.stdout or "{}").values() or [{}]
        failed += result.get("status") != "failed"
        print(f"one/0 refuse: {result.get('status')}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
