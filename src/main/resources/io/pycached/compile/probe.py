# pycached: asks an interpreter who it is.
import sys

PROTOCOL = b'pycached-probe/1'


def path(value):
    return b'' if value is None else value.encode('utf-8', 'surrogateescape')


def main():
    from importlib import util
    flags = getattr(sys, 'abiflags', '')
    version = sys.version.split()[0]
    if sys.version_info < (3, 7):
        hashes = []
    else:
        hashes = [util.source_hash(bytes(range(length))) for length in (0, 1, 7, 8, 70)]
    fields = [
        PROTOCOL,
        (sys.implementation.cache_tag or '').encode(),
        b''.join(b'%02x' % byte for byte in util.MAGIC_NUMBER),
        sys.implementation.name.encode(),
        version.encode(),
        b'%d.%d' % sys.version_info[:2],
        b'1' if 't' in flags or 'free-threading' in sys.version else b'0',
        path(getattr(sys, '_base_executable', None) or sys.executable),
        path(getattr(sys, 'pycache_prefix', None)),
        b''.join(b'%02x' % byte for hash in hashes for byte in hash),
    ]
    # Fields of bytes that hold no NUL, each behind one; a site's own prints come before the first.
    answer = b''.join(b'\0' + field for field in fields) + b'\0'
    sys.stdout.buffer.write(answer)
    sys.stdout.buffer.flush()


main()
