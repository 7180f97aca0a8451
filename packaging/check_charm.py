#!/usr/bin/env python3
"""Checks a packed charm: what no other tool looks at before Juju does.

    check_charm.py FILE.charm --platform ubuntu@24.04:amd64
    check_charm.py FILE.charm --platform ubuntu@24.04:amd64 --self-test

--self-test breaks copies of the charm, one way each, and fails unless the check that
is meant for it refuses the copy. Needs nothing but Python's standard library.
"""

import argparse
import dataclasses
import io
import pathlib
import re
import stat
import struct
import sys
import zipfile

PROJECT = pathlib.Path(__file__).resolve().parent.parent

# These must be in the charm byte for byte as they are in the project.
VERBATIM = ["LICENSE", "README.md", "actions.yaml", "config.yaml", "icon.svg", "metadata.yaml"]
# These are made by the compiler; Juju runs the first, and that starts the second.
PROGRAMS = ["dispatch", "doctor"]
# And this by charmcraft.
MADE = [*PROGRAMS, "manifest.yaml"]

MAX_SIZE = 4_000_000
MAX_DISPATCH = 2_500_000

# What only doctor may hold: its crate, as it stands in the program that has it.
SLOW_OR_HOSTILE = {"the Jsonnet interpreter": b"rsjsonnet", "TLS": b"rustls"}

# Architecture as Juju and Debian call it: the ELF machine, and whether it is
# little-endian.
MACHINES = {
    "amd64": (62, True),
    "arm64": (183, True),
    "s390x": (22, False),
    "ppc64el": (21, True),
    "riscv64": (243, True),
}

PT_DYNAMIC, PT_INTERP, DT_NULL, DT_NEEDED = 2, 3, 0, 1


class Broken(Exception):
    """Why a check refuses the charm."""


@dataclasses.dataclass
class Charm:
    """A charm's archive, and what it should be for."""

    file: bytes
    base: str
    channel: str
    architecture: str

    def __post_init__(self):
        self.archive = zipfile.ZipFile(io.BytesIO(self.file))

    def members(self):
        return self.archive.infolist()

    def read(self, name):
        try:
            return self.archive.read(name)
        except KeyError:
            raise Broken(f"{name} is missing") from None


def members(charm):
    """Every file that belongs in the charm, once, and nothing else."""
    names = sorted(member.filename for member in charm.members())
    expected = sorted(VERBATIM + MADE)
    if names != expected:
        raise Broken(f"holds {names}, not {expected}")
    damaged = charm.archive.testzip()
    if damaged:
        raise Broken(f"{damaged} does not unpack")


def modes(charm):
    """Plain files, of which the programs can be run: Juju takes modes from the archive."""
    for member in charm.members():
        # Modes are read only where the archive says that it was made on Unix.
        if member.create_system != 3:
            raise Broken(f"{member.filename}: not made on Unix")
        mode = member.external_attr >> 16
        expected = 0o755 if member.filename in PROGRAMS else 0o644
        if not stat.S_ISREG(mode) or stat.S_IMODE(mode) != expected:
            raise Broken(f"{member.filename}: {stat.filemode(mode)}, not {expected:o}")


def verbatim(charm):
    """The files that people wrote are those of the project."""
    for name in VERBATIM:
        if charm.read(name) != (PROJECT / name).read_bytes():
            raise Broken(f"{name} differs from the project's")


def manifest(charm):
    """The manifest names the one base and architecture of the platform."""
    expected = (
        f"- name: {charm.base}\n"
        f"  channel: '{charm.channel}'\n"
        f"  architectures:\n"
        f"  - {charm.architecture}\n"
    )
    text = charm.read("manifest.yaml").decode()
    found = re.search(r"^bases:\n((?:[- ].*\n)*)", text, re.MULTILINE)
    if not found or found[1] != expected:
        raise Broken(f"bases are\n{found[1] if found else text}not\n{expected}")


def machine(charm):
    """The programs are 64-bit ones for the platform's architecture."""
    wanted = MACHINES[charm.architecture]
    for program in PROGRAMS:
        elf = Elf(program, charm.read(program))
        found = (elf.machine, elf.little)
        if found != wanted:
            raise Broken(f"{program}: machine and byte order are {found}, not {wanted}")


def static(charm):
    """The programs ask for no loader and no library, so that no base can lack one."""
    for program in PROGRAMS:
        elf = Elf(program, charm.read(program))
        if elf.segment(PT_INTERP):
            raise Broken(f"{program} asks for a loader")
        if DT_NEEDED in elf.dynamic_tags():
            raise Broken(f"{program} asks for a shared library")


def separation(charm):
    """What is slow or hostile is in doctor, and not in the program that Juju waits for."""
    for what, crate in SLOW_OR_HOSTILE.items():
        if crate in charm.read("dispatch"):
            raise Broken(f"dispatch holds {what}")
        if crate not in charm.read("doctor"):
            raise Broken(f"doctor does not hold {what}")


def size(charm):
    """Small enough to be uploaded, and copied to each unit, without a thought."""
    if len(charm.file) > MAX_SIZE:
        raise Broken(f"{len(charm.file):,} bytes are more than {MAX_SIZE:,}")
    dispatch = len(charm.read("dispatch"))
    if dispatch > MAX_DISPATCH:
        raise Broken(f"dispatch: {dispatch:,} bytes are more than {MAX_DISPATCH:,}")


CHECKS = [members, modes, verbatim, manifest, machine, static, separation, size]


class Elf:
    """As much of the 64-bit ELF format as the checks need."""

    def __init__(self, name, file):
        self.name = name
        self.file = file
        if len(file) < 64 or file[:5] != b"\x7fELF\x02":
            raise Broken(f"{name} is not a 64-bit ELF file")
        self.little = file[5] == 1
        (self.machine,) = self.unpack("H", 18)
        (self.headers,) = self.unpack("Q", 32)
        self.header_size, self.header_count = self.unpack("HH", 54)

    def unpack(self, form, offset):
        try:
            return struct.unpack_from(("<" if self.little else ">") + form, self.file, offset)
        except struct.error:
            raise Broken(f"{self.name} is cut short") from None

    def header(self, kind):
        """Where the first program header of a kind is, if there is one."""
        for number in range(self.header_count):
            offset = self.headers + number * self.header_size
            if self.unpack("I", offset) == (kind,):
                return offset
        return None

    def segment(self, kind):
        """Offset and size in the file of the first segment of a kind."""
        offset = self.header(kind)
        if offset is None:
            return None
        start, _, _, length = self.unpack("QQQQ", offset + 8)
        return start, length

    def dynamic_tags(self):
        start, length = self.segment(PT_DYNAMIC) or (0, 0)
        tags = (self.unpack("Q", start + offset)[0] for offset in range(0, length, 16))
        return list(iter(lambda: next(tags, DT_NULL), DT_NULL))


def failures(charm):
    """The names of the checks that refuse the charm, with their reasons."""
    found = {}
    for check in CHECKS:
        try:
            check(charm)
        except Broken as reason:
            found[check.__name__] = str(reason)
    return found


def rewrite(charm, *, change=lambda name, data: data, mode=lambda name, bits: bits, extra=()):
    """A copy of the charm with some of it changed. `change` drops a member by None."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in charm.members():
            data = change(member.filename, charm.archive.read(member))
            if data is None:
                continue
            copy = zipfile.ZipInfo(member.filename, member.date_time)
            copy.compress_type = zipfile.ZIP_DEFLATED
            copy.external_attr = mode(member.filename, member.external_attr >> 16) << 16
            archive.writestr(copy, data)
        for name, data in extra:
            new = zipfile.ZipInfo(name)
            new.external_attr = (stat.S_IFREG | 0o644) << 16
            archive.writestr(new, data)
    return dataclasses.replace(charm, file=file.getvalue())


def broken_copies(charm):
    """The ways to break a charm: what was done, the check to refuse it, the copy."""

    def changed(member, patch):
        return rewrite(charm, change=lambda name, data: patch(data) if name == member else data)

    def patched(offset, value):
        return lambda data: data[:offset] + value + data[offset + len(value) :]

    def with_mode(member, bits):
        return rewrite(charm, mode=lambda name, was: bits if name == member else was)

    foreign = MACHINES["arm64" if charm.architecture == "amd64" else "amd64"][0]

    yield "a file too many", "members", rewrite(charm, extra=[("src/main.rs", b"")])
    for name in sorted(VERBATIM + MADE):
        yield (
            f"no {name}",
            "members",
            rewrite(charm, change=lambda was, data, gone=name: None if was == gone else data),
        )
    for name in PROGRAMS:
        yield f"{name} 0644", "modes", with_mode(name, stat.S_IFREG | 0o644)
        yield f"{name} 0777", "modes", with_mode(name, stat.S_IFREG | 0o777)
        yield f"{name} a link", "modes", with_mode(name, stat.S_IFLNK | 0o755)
    yield "config.yaml 0600", "modes", with_mode("config.yaml", stat.S_IFREG | 0o600)
    for name in VERBATIM:
        yield f"another {name}", "verbatim", changed(name, lambda data: data + b"\n")
    yield (
        "another base",
        "manifest",
        changed("manifest.yaml", lambda data: data.replace(charm.channel.encode(), b"20.04")),
    )
    yield (
        "two architectures",
        "manifest",
        changed(
            "manifest.yaml",
            lambda data: data.replace(b"architectures:\n", b"architectures:\n  - armhf\n"),
        ),
    )
    yield "no bases", "manifest", changed("manifest.yaml", lambda data: b"analysis: {}\n")
    for name in PROGRAMS:
        elf = Elf(name, charm.read(name))
        order = "little" if elf.little else "big"
        machine_of_another = patched(18, foreign.to_bytes(2, order))
        # Any program header will do to be called a loader.
        loader = patched(elf.headers, PT_INTERP.to_bytes(4, order))
        dynamic = elf.segment(PT_DYNAMIC)
        yield f"{name} for another machine", "machine", changed(name, machine_of_another)
        yield f"{name} a script", "machine", changed(name, lambda data: b"#!/bin/sh\n")
        yield f"half of {name}", "machine", changed(name, lambda data: data[:20])
        yield f"{name} with a loader", "static", changed(name, loader)
        if dynamic:
            library = patched(dynamic[0], DT_NEEDED.to_bytes(8, order))
            yield f"{name} with a shared library", "static", changed(name, library)
    for what, crate in SLOW_OR_HOSTILE.items():
        added = changed("dispatch", lambda data, crate=crate: data + crate)
        hidden = changed("doctor", lambda data, crate=crate: data.replace(crate, b"x" * len(crate)))
        yield f"{what} in dispatch", "separation", added
        yield f"no {what} in doctor", "separation", hidden
    padding = bytes(MAX_DISPATCH)
    yield "a big dispatch", "size", changed("dispatch", lambda data: data + padding)
    # Bytes of a generator do not compress.
    noise = bytes((number * number * 2654435761 >> 13) & 255 for number in range(MAX_SIZE))
    yield "a big program", "size", changed("dispatch", lambda data: data + noise)


def self_test(charm):
    tried = 0
    wrong = []
    for done, check, copy in broken_copies(charm):
        tried += 1
        found = failures(copy)
        if check not in found:
            wrong.append(f"{done}: {check} does not mind, only {found or 'nothing does'}")
    if failures(rewrite(charm)):
        wrong.append("a copy that is not broken is refused")
    if {check for _, check, _ in broken_copies(charm)} != {check.__name__ for check in CHECKS}:
        wrong.append("a check has nothing to refuse")
    for line in wrong:
        print(f"self-test: {line}")
    print(f"self-test: {tried} broken charms, {tried - len(wrong)} refused as they should be")
    return not wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("charm", type=pathlib.Path)
    parser.add_argument("--platform", required=True, help="such as ubuntu@24.04:amd64")
    parser.add_argument("--self-test", action="store_true")
    arguments = parser.parse_args()

    platform = re.fullmatch(r"([a-z]+)@([0-9.]+):([a-z0-9]+)", arguments.platform)
    if not platform or platform[3] not in MACHINES:
        parser.error(f"{arguments.platform} is not a platform")
    charm = Charm(arguments.charm.read_bytes(), *platform.groups())

    found = failures(charm)
    for check in CHECKS:
        result = f"REFUSED: {found[check.__name__]}" if check.__name__ in found else "ok"
        print(f"{check.__name__:11} {result}")
    sizes = ", ".join(f"{name} {len(charm.read(name)):,}" for name in PROGRAMS)
    print(f"{arguments.charm.name}: {len(charm.file):,} bytes, {sizes}")
    if found:
        sys.exit(1)
    if arguments.self_test and not self_test(charm):
        sys.exit(1)


if __name__ == "__main__":
    main()
