#!/usr/bin/env python3
"""Judges a pycache prefix in Python: the same job as survey.c, in one of two ways.

    survey.py PREFIX SOURCE MAGIC...               a loop tuned by hand
    survey.py --importlib PREFIX SOURCE            importlib's own functions for every file

SOURCE is an absolute directory without symbolic links. The answer, on standard output, is
survey.c's with `elapsed_seconds` added: the survey's time, without the start of the interpreter.
"""

import argparse
import importlib._bootstrap_external as bootstrap
import importlib.machinery
import importlib.util
import io
import json
import os
import sys
import time


def by_loop(mirror, source, magics):
    """Counts with the fewest calls into the kernel and the fewest Python objects."""
    known = {magic.to_bytes(2, "little") + b"\r\n" for magic in magics}
    fresh = stale = orphaned = other = 0
    scandir, open_file, read, close, stat = os.scandir, os.open, os.read, os.close, os.stat
    number = int.from_bytes
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC
    pending = [(mirror, source)]
    while pending:
        directory, source_directory = pending.pop()
        with scandir(directory) as entries:
            for entry in entries:
                name = entry.name
                if name.endswith(".pyc"):
                    descriptor = open_file(entry.path, flags)
                    header = read(descriptor, 16)
                    close(descriptor)
                    base, _, tag = name[:-4].rpartition(".")
                    if tag.startswith("opt-"):
                        base = base.rpartition(".")[0]
                    if not base:
                        other += 1
                        continue
                    try:
                        status = stat(source_directory + "/" + base + ".py")
                    except (FileNotFoundError, NotADirectoryError):
                        orphaned += 1
                        continue
                    except OSError:
                        other += 1
                        continue
                    if len(header) != 16:
                        other += 1
                    elif header[:4] not in known:
                        stale += 1
                    elif header[4:8] != b"\0\0\0\0":
                        other += 1
                    elif (
                        number(header[8:12], "little") == int(status.st_mtime) & 0xFFFFFFFF
                        and number(header[12:], "little") == status.st_size & 0xFFFFFFFF
                    ):
                        fresh += 1
                    else:
                        stale += 1
                elif entry.is_dir(follow_symlinks=False):
                    pending.append((entry.path, source_directory + "/" + name))
    return {"fresh": fresh, "stale": stale, "orphaned": orphaned, "other": other}


def by_importlib(mirror, prefix):
    """Counts as a script would that trusts importlib with every rule, for its own cache tag."""
    sys.pycache_prefix = prefix
    counts = {"fresh": 0, "stale": 0, "orphaned": 0, "other": 0}
    for directory, _, files in os.walk(mirror):
        for name in files:
            if name.endswith(".pyc"):
                counts[importlib_state(os.path.join(directory, name))] += 1
    return counts


def importlib_state(path):
    """The state of one `.pyc`; the reading is ours, since importlib would read the body too."""
    try:
        source = importlib.util.source_from_cache(path)
    except ValueError:
        return "other"
    with io.open_code(path) as file:
        header = file.read(16)
    module = os.path.basename(source)[: -len(".py")]
    details = {"name": module, "path": path}
    try:
        stats = importlib.machinery.SourceFileLoader(module, source).path_stats(source)
    except (FileNotFoundError, NotADirectoryError):
        return "orphaned"
    except OSError:
        return "other"
    try:
        if bootstrap._classify_pyc(header, module, details) != 0:
            return "other"
        bootstrap._validate_timestamp_pyc(
            header, int(stats["mtime"]), stats["size"], module, details
        )
    except EOFError:
        return "other"
    except ImportError:
        return "stale"
    return "fresh"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--importlib", action="store_true", help="use importlib's own functions")
    parser.add_argument("prefix")
    parser.add_argument("source")
    parser.add_argument("magic", nargs="*", type=int, help="magic numbers that count as known")
    arguments = parser.parse_args()
    mirror = os.path.join(arguments.prefix, arguments.source.lstrip("/"))
    started = time.perf_counter()
    if arguments.importlib:
        counts = by_importlib(mirror, arguments.prefix)
    else:
        counts = by_loop(mirror, arguments.source, arguments.magic)
    counts["elapsed_seconds"] = round(time.perf_counter() - started, 6)
    json.dump(counts, sys.stdout)
    print()


if __name__ == "__main__":
    main()
