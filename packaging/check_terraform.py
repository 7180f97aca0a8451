#!/usr/bin/env python3
"""Checks the Terraform module's syntax, and that every name in it leads somewhere.

    check_terraform.py terraform

Needs python-hcl2. `terraform validate` would say more, but wants Terraform and the Juju
provider; this much can be had anywhere.
"""

import pathlib
import re
import sys

import hcl2

PROJECT = pathlib.Path(__file__).resolve().parent.parent

# What callers of the Python charm's module hold on to.
VARIABLES = {"model", "app_name", "config", "constraints", "units", "base", "channel", "revision"}
OUTPUTS = {"app_name", "provides"}


def plain(value):
    """What the parser made of a file, without the quotes that it keeps around text."""
    if isinstance(value, dict):
        return {plain(key): plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value.strip('"') if isinstance(value, str) else value


class Folder:
    """A folder's Terraform files as one."""

    def __init__(self, folder):
        self.folder = folder
        self.blocks = {}
        for file in sorted(folder.glob("*.tf")):
            with file.open() as text:
                for kind, blocks in plain(hcl2.load(text)).items():
                    self.blocks.setdefault(kind, []).extend(blocks)
        self.variables = self.named("variable")
        self.outputs = self.named("output")
        self.modules = self.named("module")
        self.resources = {
            f"{kind}.{name}"
            for block in self.blocks.get("resource", [])
            for kind, names in block.items()
            for name in names
        }

    def named(self, kind):
        return {name: body for block in self.blocks.get(kind, []) for name, body in block.items()}

    def references(self):
        """Every `var.x`, `module.x.y` and `juju_x.y` that anything refers to."""
        text = repr(
            {kind: blocks for kind, blocks in self.blocks.items() if kind != "__comments__"}
        )
        return set(re.findall(r"\b(?:var\.\w+|module\.\w+\.\w+|juju_\w+\.\w+)", text))

    def faults(self):
        for name, body in (self.variables | self.outputs).items():
            if not body.get("description"):
                yield f"{name} has no description"
        for name, body in self.variables.items():
            if "type" not in body:
                yield f"variable {name} has no type"
            if f"var.{name}" not in self.references():
                yield f"nothing uses the variable {name}"
        called = {name: Folder(self.folder / body["source"]) for name, body in self.modules.items()}
        known = {f"var.{name}" for name in self.variables} | self.resources
        known |= {f"module.{name}.{out}" for name in called for out in called[name].outputs}
        for name in self.references() - known:
            yield f"{name} is nowhere"
        for name, body in self.modules.items():
            given = {key for key in body if not key.startswith("__")} - {"source"}
            takes = called[name].variables
            for key in given - set(takes):
                yield f"module {name} takes no {key}"
            for key in {key for key in takes if "default" not in takes[key]} - given:
                yield f"module {name} is not given {key}"
            for key in set(body.get("config", {})) - options():
                yield f"module {name}: the charm has no option {key}"


def options():
    """The names of the charm's options. Two spaces deep is all there is to know."""
    return set(re.findall(r"^  (\w+):$", (PROJECT / "config.yaml").read_text(), re.MULTILINE))


def main():
    root = pathlib.Path(sys.argv[1])
    wrong = []
    folders = [root, *sorted(file.parent for file in root.glob("examples/*/main.tf"))]
    for folder in folders:
        try:
            wrong += [f"{folder}: {fault}" for fault in Folder(folder).faults()]
        except Exception as error:  # the parser has no one kind of its own
            wrong.append(f"{folder}: {str(error).splitlines()[0]}")
    if not wrong:
        module = Folder(root)
        if set(module.variables) != VARIABLES:
            wrong.append(f"variables are {sorted(module.variables)}, not {sorted(VARIABLES)}")
        if set(module.outputs) != OUTPUTS:
            wrong.append(f"outputs are {sorted(module.outputs)}, not {sorted(OUTPUTS)}")
    print("\n".join(wrong) or f"{len(folders)} folders of Terraform are sound")
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
