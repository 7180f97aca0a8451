#!/usr/bin/env python3
"""Tries the wheel of juju-sandbox, and the program in it, where nothing else is installed.

    check_wheel.py FILE.whl

The program is left beside the wheel: on its own, it is all that anyone needs who has no
Python. Needs nothing but Python's standard library, and no network.
"""

import argparse
import json
import pathlib
import platform
import subprocess
import tempfile
import venv
import zipfile

from check_charm import DT_NEEDED, PT_INTERP, Elf

# A charm needs no more than this, and so do those who try one.
PATH = "/usr/bin:/bin"

CHARM = {
    "metadata.yaml": "{name: greeter, summary: s, description: d}\n",
    "config.yaml": "{options: {greeting: {type: string, default: hello}}}\n",
    "actions.yaml": "{greet: {description: d}}\n",
    "dispatch": """#!/bin/sh
case "$JUJU_DISPATCH_PATH" in
actions/*) action-set greeting="$(config-get greeting)" ;;
*) status-set active "$(config-get greeting)" ;;
esac
""",
}


def extract(wheel):
    """Puts the program beside the wheel."""
    name, version, *_ = wheel.stem.split("-")
    program = wheel.with_name(f"juju-sandbox-{version}-linux-{platform.machine()}")
    with zipfile.ZipFile(wheel) as archive:
        script = f"{name}-{version}.data/scripts/juju-sandbox"
        program.write_bytes(archive.read(script))
    program.chmod(0o755)
    return program


def check_static(program):
    """It asks for no loader and no library, so that no system can lack one."""
    elf = Elf(program.name, program.read_bytes())
    assert not elf.segment(PT_INTERP), f"{program} asks for a loader"
    assert DT_NEEDED not in elf.dynamic_tags(), f"{program} asks for a shared library"


def play(program, folder):
    """Deploys a charm, changes its configuration and runs its action."""

    def run(*arguments):
        return subprocess.run(
            [program, *arguments],
            cwd=folder,
            env={"PATH": PATH},
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        ).stdout

    charm = folder / "charm"
    charm.mkdir()
    for name, text in CHARM.items():
        (charm / name).write_text(text)
    (charm / "dispatch").chmod(0o755)

    run("deploy", "./charm", "greeter")
    run("config", "greeter", "greeting=good day")
    status = json.loads(run("status", "--format", "json"))
    unit = status["applications"]["greeter"]["units"]["greeter/0"]
    shown = unit["workload-status"]
    assert (shown["current"], shown["message"]) == ("active", "good day"), shown
    task = json.loads(run("run", "greeter/0", "greet", "--format", "json"))["greeter/0"]
    assert task["results"]["greeting"] == "good day", task
    run("destroy-model", "sandbox", "--no-prompt")
    print(f"{program}: plays")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("wheel", type=pathlib.Path)
    wheel = parser.parse_args().wheel.resolve()

    program = extract(wheel)
    check_static(program)
    with tempfile.TemporaryDirectory() as folder:
        play(program, pathlib.Path(folder))
    with tempfile.TemporaryDirectory() as folder:
        environment = pathlib.Path(folder) / "venv"
        venv.create(environment, with_pip=True)
        pip = [environment / "bin/pip", "install", "--quiet", "--no-index", wheel]
        subprocess.run(pip, check=True)
        play(environment / "bin/juju-sandbox", pathlib.Path(folder))
    for made in (program, wheel):
        print(f"{made.name}: {made.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
