"""What the peers have in common: cases, and the programs of others that they need."""

import contextlib
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import typing

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

#: How long anything may take to start or to answer, in seconds. Machines are busy.
PATIENCE = 120
#: How long it may take to download and build what one tool is made of.
INSTALLATION = 900


class Unexpected(Exception):
    """Something is not as a case has it."""


class Skipped(Exception):
    """A case cannot run here."""


class Tally:
    """What became of the cases."""

    def __init__(self):
        self.held = self.failed = self.skipped = 0

    @contextlib.contextmanager
    def case(self, name):
        try:
            yield
        except Skipped as reason:
            self.skipped += 1
            print(f"peers: {name}: SKIPPED: {reason}", flush=True)
        except (Unexpected, OSError, ValueError, subprocess.SubprocessError) as error:
            self.failed += 1
            print(f"peers: {name}: FAILED: {error}", flush=True)
        else:
            self.held += 1
            print(f"peers: {name}: as expected", flush=True)


def expect(what, expected, seen):
    if expected != seen:
        raise Unexpected(f"{what}: expected {expected!r}, saw {seen!r}")


def last_words(text):
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else "it said nothing"


# What is installed.


class Tool(typing.NamedTuple):
    """A program of others, or several."""

    #: What `make` makes.
    target: str
    #: What has to be there for it: how it tells its version, and the oldest that will do.
    needs: list
    at_least: tuple
    #: Succeeds if the registry that it comes from can be reached.
    registry: list


def run(*command, **options):
    """Runs a command. Returns whether it succeeded, and what it said."""
    ran = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, **options
    )
    return ran.returncode == 0, ran.stdout


def reason(said):
    """Where tools say why they failed: npm and pip in their first line of many."""
    lines = [line for line in said.splitlines() if not re.match(r"make(\[\d+\])?: \*\*\*", line)]
    return next((line for line in lines if "error" in line.lower()), last_words("\n".join(lines)))


def install(tool):
    """Makes a tool, or tells why there is none."""
    needed = tool.needs[0]
    if not shutil.which(needed):
        raise Skipped(f"there is no {needed} here")
    _, version = run(*tool.needs)
    numbers = re.search(r"\d+(\.\d+)+", version)
    if numbers and tuple(map(int, numbers[0].split("."))) < tool.at_least:
        wanted = ".".join(map(str, tool.at_least))
        raise Skipped(f"it takes {needed} {wanted}, and here is {version.strip()}")
    made, said = run("make", "--silent", tool.target, cwd=ROOT, timeout=INSTALLATION)
    if made:
        return
    with tempfile.TemporaryDirectory() as scratch:
        reachable, _ = run(*tool.registry, cwd=scratch, timeout=PATIENCE)
    if reachable:
        print(said, file=sys.stderr)
        raise Unexpected(f"not installed, though the registry answers: {reason(said)}")
    raise Skipped(f"not installed, and the registry does not answer: {reason(said)}")
