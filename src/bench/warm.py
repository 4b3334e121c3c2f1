#!/usr/bin/env python3
"""What keeping warm costs and brings: sync beside compileall, and a live daemon's edits.

    src/bench/warm.py --python ~/.pyenv/versions/3.12.1/bin/python [--copies 6] [--runs 3] [--edits 100]

The tree is the standard library of that Python, as often as --copies says, without its __pycache__. Every row but
`edit` is a median of ratios of pairs that ran one after the other, each side first every other time.

    floor     compileall -j N / N processes that compile() and dump the same sources and do nothing else
    cold      compileall -j N / sync -j N, both into an empty prefix
    again     compileall -j N / sync -j N, both with nothing to do
    survey    sync -j N / check, both with nothing to do
    edit      from the write of a source to its fresh .pyc, less the debounce, p50 and p99
"""
import argparse
import os
import shutil
import socket
import statistics
import struct
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
PYCACHED = os.path.join(HERE, '..', '..', 'target', 'pycached', 'bin', 'pycached')
DEBOUNCE_MS = 200

FLOOR = r'''
import gc, marshal, os, sys, warnings
warnings.simplefilter('ignore')
gc.disable()
part, parts, seen = int(sys.argv[2]), int(sys.argv[3]), 0
for directory, names, files in os.walk(sys.argv[1]):
    names.sort()
    for name in sorted(files):
        seen += name.endswith('.py')
        if not name.endswith('.py') or seen % parts != part:
            continue
        with open(os.path.join(directory, name), 'rb') as source:
            text = source.read()
        try:
            marshal.dumps(compile(text, name, 'exec', dont_inherit=True))
        except Exception:
            pass
        if seen % 200 == 0:
            gc.collect()
'''


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--python', default=sys.executable)
    parser.add_argument('--copies', type=int, default=6)
    parser.add_argument('--runs', type=int, default=3)
    parser.add_argument('--edits', type=int, default=100)
    parser.add_argument('--jobs', type=int, default=os.cpu_count())
    parser.add_argument('--dir', help='where to work; removed at the end')
    options = parser.parse_args()
    work = tempfile.mkdtemp(prefix='pycached-warm-', dir=options.dir)
    try:
        bench = Bench(options, work)
        print('%s sources, %d jobs, load before %.2f' % (
            format(bench.sources, ','), options.jobs, os.getloadavg()[0]))
        bench.compiling()
        bench.edits()
    finally:
        shutil.rmtree(work, ignore_errors=True)


class Bench:
    def __init__(self, options, work):
        self.options = options
        self.tree = os.path.join(work, 'tree')
        self.theirs = os.path.join(work, 'theirs')
        self.ours = os.path.join(work, 'ours')
        self.socket = os.path.join(work, 'socket')
        self.log = os.path.join(work, 'log')
        self.moved = 0
        library, self.tag = subprocess.run(
            [options.python, '-c',
             'import os, sys; print(os.path.dirname(os.__file__)); print(sys.implementation.cache_tag)'],
            stdout=subprocess.PIPE, check=True, universal_newlines=True).stdout.split()
        ignored = shutil.ignore_patterns('__pycache__', 'site-packages', '*.so', '*.a')
        for copy in range(options.copies):
            shutil.copytree(library, os.path.join(self.tree, 'lib%d' % copy), ignore=ignored)
        self.sources = sum(
            name.endswith('.py') for _, _, names in os.walk(self.tree) for name in names)

    # The two sides.

    def compileall(self):
        environment = dict(os.environ, PYTHONPYCACHEPREFIX=self.theirs)
        environment.pop('PYTHONDONTWRITEBYTECODE', None)
        return self.timed([self.options.python, '-m', 'compileall', '-q', '-j', str(self.options.jobs),
                           self.tree], environment)

    def sync(self):
        return self.timed([PYCACHED, 'sync', '-j', str(self.options.jobs), '--prefix', self.ours,
                           '--socket', self.socket, '--variant', self.tag, self.tree], os.environ)

    def check(self):
        return self.timed([PYCACHED, 'check', '--prefix', self.ours, self.tree], os.environ)

    def floor(self):
        started = time.monotonic()
        processes = [
            subprocess.Popen([self.options.python, '-c', FLOOR, self.tree, str(part), str(self.options.jobs)])
            for part in range(self.options.jobs)]
        for process in processes:
            process.wait()
        return time.monotonic() - started

    @staticmethod
    def timed(command, environment):
        started = time.monotonic()
        status = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL,
                                stderr=subprocess.DEVNULL, check=False).returncode
        # 1: sources that do not compile; a standard library has some on purpose.
        if status > 1:
            sys.exit('%s ended with %d' % (' '.join(command), status))
        return time.monotonic() - started

    def compiling(self):
        self.row('floor', self.cold(self.compileall), self.floor, 1)
        self.row('cold', self.cold(self.compileall), self.cold(self.sync), self.options.runs)
        self.compileall()
        self.sync()
        self.row('again', self.compileall, self.sync, self.options.runs)
        self.row('survey', self.sync, self.check, self.options.runs)

    def cold(self, side):
        """Into empty prefixes. The old ones are only moved away: ext4 is slow to hand out inodes just given back."""
        def run():
            for prefix in (self.theirs, self.ours):
                if os.path.exists(prefix):
                    self.moved += 1
                    os.rename(prefix, '%s-%d' % (prefix, self.moved))
            os.sync()
            return side()
        return run

    @staticmethod
    def row(name, a, b, runs):
        ratios, times = [], []
        for run in range(runs):
            pair = {}
            for side in (('a', a), ('b', b)) if run % 2 == 0 else (('b', b), ('a', a)):
                pair[side[0]] = side[1]()
            ratios.append(pair['a'] / pair['b'])
            times.append((pair['a'], pair['b']))
        print('%-8s %6.2f x  %.2f .. %.2f  a %.2f s, b %.2f s' % (
            name, statistics.median(ratios), min(ratios), max(ratios),
            statistics.median(t[0] for t in times), statistics.median(t[1] for t in times)), flush=True)

    # A live daemon.

    def edits(self):
        source = os.path.join(self.tree, 'lib0', 'bisect.py')
        bytecode = os.path.join(
            self.ours + os.path.dirname(source), 'bisect.%s.pyc' % self.tag)
        with open(self.log, 'wb') as log:
            daemon = subprocess.Popen(
                [PYCACHED, 'run', '--prefix', self.ours, '--socket', self.socket, self.tree],
                stdout=log, stderr=log)
        try:
            self.await_ready(daemon)
            took = sorted(self.edit(source, bytecode, number) for number in range(self.options.edits))
        finally:
            daemon.terminate()
            daemon.wait()
        print('edit     p50 %.0f ms, p99 %.0f ms beyond the debounce of %d ms, %d edits' % (
            took[len(took) // 2] - DEBOUNCE_MS, took[int(len(took) * 0.99)] - DEBOUNCE_MS,
            DEBOUNCE_MS, len(took)))

    def await_ready(self, daemon):
        while daemon.poll() is None:
            try:
                with socket.socket(socket.AF_UNIX) as connection:
                    connection.connect(self.socket)
                    connection.sendall(b'GET /readyz HTTP/1.0\r\nHost: localhost\r\n\r\n')
                    if b' 200 ' in connection.recv(64):
                        return
            except OSError:
                pass
            time.sleep(0.05)
        sys.exit('the daemon ended: ' + open(self.log).read())

    @staticmethod
    def edit(source, bytecode, number):
        """One edit, each at another moment of the second and of the debounce; in milliseconds."""
        time.sleep(0.3 + number * 0.037 % 0.4)
        with open(source, 'w') as file:
            file.write('x = %d\n' % number + '#' * number + '\n')
        started = time.monotonic()
        looked = os.stat(source)
        expected = struct.pack('<II', int(looked.st_mtime) & 0xFFFFFFFF, looked.st_size & 0xFFFFFFFF)
        while time.monotonic() - started < 30:
            try:
                with open(bytecode, 'rb') as file:
                    if file.read(16)[8:] == expected:
                        return (time.monotonic() - started) * 1000
            except FileNotFoundError:
                pass
            time.sleep(0.001)
        sys.exit('no fresh bytecode 30 s after edit %d' % number)


if __name__ == '__main__':
    main()
