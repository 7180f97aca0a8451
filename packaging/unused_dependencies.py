#!/usr/bin/env python3
"""Refuses dependencies that nothing uses: cargo itself does not mind them.

A dependency is used if a source names it as `name::` or in a `use`. Those for tests
must be named under tests/, examples/, benches/, or in a test within src/.
"""

import json
import pathlib
import re
import subprocess
import sys


def sources(folder, names):
    files = (file for name in names for file in (folder / name).rglob("*.rs"))
    return "\n".join(file.read_text() for file in files)


def main():
    metadata = json.loads(
        subprocess.check_output(
            ["cargo", "metadata", "--locked", "--no-deps", "--format-version", "1"]
        )
    )
    unused = []
    for package in metadata["packages"]:
        folder = pathlib.Path(package["manifest_path"]).parent
        ours = sources(folder, ["src"])
        tests = sources(folder, ["src", "tests", "examples", "benches"])
        for dependency in package["dependencies"]:
            name = (dependency["rename"] or dependency["name"]).replace("-", "_")
            where = tests if dependency["kind"] == "dev" else ours
            if not re.search(rf"\b{name}::|\buse {name}\b", where):
                unused.append(f"{package['name']}: nothing uses {dependency['name']}")
    print("\n".join(unused) or "every dependency is used")
    sys.exit(bool(unused))


if __name__ == "__main__":
    main()
