#!/usr/bin/env python3
"""Writes a reproducible tree of Python sources and the prefix that holds its bytecode.

The tree looks like installed packages: GROUP/site-packages/PACKAGE/..., three to eight directories
deep, names of 5 to 20 letters, data files and dist-info directories between the sources. About 1 %
of the bytecode is stale and 0.5 % orphaned, so that programs can be compared by their verdicts.
A JSON summary with the expected totals goes to standard output.

Bodies are real code objects of the interpreter that runs this script, compiled once from a few
dozen templates: only a file's header, not its body, describes its own source.
"""

import argparse
import importlib.util
import json
import marshal
import math
import os
import random
import struct
import sys
import time

# Final magic numbers, for `--variants`; the running interpreter's own comes from importlib.
MAGIC_NUMBERS = {
    "cpython-38": 3413,
    "cpython-39": 3425,
    "cpython-310": 3439,
    "cpython-311": 3495,
    "cpython-312": 3531,
    "cpython-313": 3571,
    "cpython-314": 3627,
}

MINIMUM_DEPTH = 3
MAXIMUM_DEPTH = 8
PACKAGES_A_GROUP = 50
DATA_FILES_A_SOURCE = 0.11  # a tenth of all files
STALE = 0.01
ORPHANED = 0.004
VANISHED_LEAF = 0.002  # leaf directories that are gone with all their sources

# Long past, so that no file looks as if it were being edited while its bytecode was written.
OLDEST_MTIME = 1_600_000_000
NEWEST_MTIME = 1_700_000_000

TEMPLATES = 36
SYLLABLES = (
    "al an ar ba be ca co da de do el en er fi fo ga ge ha he in ka ki la le lo ma me mi mo na ne "
    "no or pa pe po ra re ri ro sa se si so ta te ti to un va ve vi wa we za ze".split()
)
DATA_SUFFIXES = (".json", ".txt", ".html", ".yaml", ".pyi")


class Draw:
    """Random choices made of `random()` alone, the one method whose sequence Python guarantees."""

    def __init__(self, seed):
        self.unit = random.Random(seed).random

    def below(self, bound):
        return int(self.unit() * bound)

    def between(self, low, high):
        return low + self.below(high - low + 1)

    def of(self, sequence):
        return sequence[self.below(len(sequence))]

    def chance(self, probability):
        return self.unit() < probability


class Directory:
    """One package directory: its path below the root, how deep it lies, the names taken in it."""

    __slots__ = ("path", "depth", "names", "children", "sources")

    def __init__(self, path, depth):
        self.path = path
        self.depth = depth
        self.names = set()
        self.children = 0
        self.sources = 1


def vocabulary(draw, count=4000):
    """Distinct names of 5 to 20 letters and underscores."""
    names = {}
    while len(names) < count:
        words = []
        for _ in range(draw.between(1, 3)):
            words.append("".join(draw.of(SYLLABLES) for _ in range(draw.between(2, 4))))
        name = "_".join(words)
        if 5 <= len(name) <= 20:
            names[name] = None
    return list(names)


def fresh_name(draw, names, taken):
    """A name that is not in `taken`, which then has it."""
    name = draw.of(names)
    while name in taken:
        name = "%s_%d" % (draw.of(names)[:13], draw.below(1_000_000))
    taken.add(name)
    return name


def lay_out(draw, names, count):
    """`count` package directories, parents before children, and the packages they belong to."""
    directories = []
    packages = []
    roots = set()
    while len(directories) < count:
        if len(packages) % PACKAGES_A_GROUP == 0:
            group = os.path.join(fresh_name(draw, names, roots), "site-packages")
            in_group = set()
        package = Directory(os.path.join(group, fresh_name(draw, names, in_group)), MINIMUM_DEPTH)
        packages.append(package.path)
        grown = [package]
        size = min(1 + int(-30 * math.log(1 - draw.unit())), count - len(directories))
        while len(grown) < size:
            parent = draw.of(grown)
            if parent.depth == MAXIMUM_DEPTH:
                continue
            parent.children += 1
            child = os.path.join(parent.path, fresh_name(draw, names, parent.names))
            grown.append(Directory(child, parent.depth + 1))
        directories += grown
    return directories, packages


def share_out(draw, directories, sources):
    """Gives every directory one source and spreads the others unevenly, as real packages do."""
    weights = [-math.log(1 - draw.unit()) for _ in directories]
    scale = (sources - len(directories)) / sum(weights)
    spread = 0
    for directory, weight in zip(directories, weights):
        directory.sources += int(weight * scale)
        spread += directory.sources
    for _ in range(sources - spread):
        draw.of(directories).sources += 1


def templates(draw, names):
    """Pairs of source text (about 60 to 1,900 bytes) and the marshalled code it compiles to."""
    pairs = []
    for index in range(TEMPLATES):
        wanted = 60 + (index * 1700) // TEMPLATES
        text = "LIMIT = %d\n" % draw.below(1000)
        while len(text) < wanted:
            name, argument = draw.of(names), draw.of(names)
            text += "\n\ndef %s(%s, limit=LIMIT):\n" % (name, argument)
            text += '    """Return %s up to a limit."""\n' % argument
            text += "    return [%s * %d for _ in range(limit)]\n" % (argument, draw.below(100))
        pairs.append((text.encode(), marshal.dumps(compile(text, "template.py", "exec"))))
    return pairs


def cache_tags(count):
    """The running interpreter's cache tag first, then others', each with its magic number."""
    own = sys.implementation.cache_tag
    if own is None:
        raise SystemExit("this interpreter has no cache tag, so it caches no bytecode")
    magic = int.from_bytes(importlib.util.MAGIC_NUMBER[:2], "little")
    tags = [(own, magic)] + [pair for pair in MAGIC_NUMBERS.items() if pair[0] != own]
    if not 1 <= count <= len(tags):
        raise SystemExit("--variants: expected 1 to %d, found %d" % (len(tags), count))
    return tags[:count]


def write(path, data):
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
    try:
        os.write(descriptor, data)
    finally:
        os.close(descriptor)


def write_distribution(base, package):
    """The dist-info directory that an installer leaves beside a package."""
    name = os.path.basename(package).encode()
    information = os.path.join(base, package + "-1.0.dist-info")
    os.makedirs(information)
    write(os.path.join(information, "METADATA"), b"Metadata-Version: 2.1\nName: %s\n" % name)
    write(os.path.join(information, "RECORD"), b"%s/__init__.py,,\n" % name)
    write(os.path.join(information, "WHEEL"), b"Wheel-Version: 1.0\n")


def generate(source, prefix, files, directories, variants, seed):
    """Writes both trees and returns the summary."""
    if not 1 <= directories * variants <= files:
        raise SystemExit("expected at least one file for each directory and variant")
    started = time.perf_counter()
    draw = Draw(seed)
    names = vocabulary(draw)
    tags = cache_tags(variants)
    pairs = templates(draw, names)
    laid_out, packages = lay_out(draw, names, directories)
    share_out(draw, laid_out, files // variants)

    mirror = os.path.join(prefix, source.lstrip("/"))
    totals = {"fresh": 0, "stale": 0, "orphaned": 0}
    sources = data_files = 0
    os.makedirs(source)
    os.makedirs(mirror)
    for directory in laid_out:
        source_directory = os.path.join(source, directory.path)
        mirror_directory = os.path.join(mirror, directory.path)
        os.makedirs(mirror_directory, exist_ok=True)
        vanished = directory.children == 0 and draw.chance(VANISHED_LEAF)
        if not vanished:
            os.makedirs(source_directory, exist_ok=True)
        for index in range(directory.sources):
            name = fresh_name(draw, names, directory.names) if index else "__init__"
            text, body = draw.of(pairs)
            text = b'"""%s, number %d."""\n' % (name.encode(), sum(totals.values())) + text
            mtime = draw.between(OLDEST_MTIME, NEWEST_MTIME)
            orphaned = vanished or draw.chance(ORPHANED)
            if not orphaned:
                path = "%s/%s.py" % (source_directory, name)
                write(path, text)
                nanoseconds = mtime * 1_000_000_000 + draw.below(900_000_000)
                os.utime(path, ns=(nanoseconds, nanoseconds))
                sources += 1
            for tag, magic in tags:
                recorded_mtime, recorded_size = mtime, len(text)
                if orphaned:
                    state = "orphaned"
                elif draw.chance(STALE):
                    state = "stale"
                    if draw.chance(0.5):
                        recorded_mtime -= 1 + draw.below(100_000)
                    else:
                        recorded_size += 1 + draw.below(100)
                else:
                    state = "fresh"
                totals[state] += 1
                header = struct.pack("<H2sIII", magic, b"\r\n", 0, recorded_mtime, recorded_size)
                write("%s/%s.%s.pyc" % (mirror_directory, name, tag), header + body)
            if not vanished and draw.chance(DATA_FILES_A_SOURCE):
                suffix = draw.of(DATA_SUFFIXES)
                data = fresh_name(draw, names, directory.names)
                write("%s/%s%s" % (source_directory, data, suffix), b"{}\n")
                data_files += 1
    for package in packages:
        write_distribution(source, package)
    return {
        "schema": 1,
        "source": source,
        "prefix": prefix,
        "seed": seed,
        "cache_tags": [tag for tag, _ in tags],
        "magic_numbers": [magic for _, magic in tags],
        "directories": directories,
        "sources": sources,
        "data_files": data_files,
        "distributions": len(packages),
        "files": sum(totals.values()),
        "totals": totals,
        "seconds": round(time.perf_counter() - started, 3),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("source", help="directory to create for the sources")
    parser.add_argument("prefix", help="directory to create for the bytecode")
    parser.add_argument("--files", type=int, default=100_000, help="bytecode files (%(default)s)")
    parser.add_argument("--directories", type=int, help="those with bytecode (files / 10)")
    parser.add_argument("--variants", type=int, default=1, help="cache tags a source (%(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="(%(default)s)")
    arguments = parser.parse_args()
    directories = arguments.directories
    if directories is None:
        directories = max(1, arguments.files // (10 * arguments.variants))
    summary = generate(
        os.path.abspath(arguments.source),
        os.path.abspath(arguments.prefix),
        arguments.files,
        directories,
        arguments.variants,
        arguments.seed,
    )
    json.dump(summary, sys.stdout)
    print()


if __name__ == "__main__":
    main()
