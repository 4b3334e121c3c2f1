# pycached: compiles sources on request.
#
# Runs as `-I -S -B -X utf8 -c SCRIPT MEMORY SECONDS REPLY`, on Python 3.7 and later.
#
# request   u32 source bytes, u32 file name bytes, u8 optimize; file name; source
# reply     u8 status, u32 bytes; bytes
# status    0 the marshalled code object, or at the start who this is
#           1 the message of what compile() raised
#           2 the same, and this process ends: its memory is spent
import sys
import os

PROTOCOL = 'pycached-worker/1'
# A message is for people; what is longer is cut.
MESSAGE = 2000
DONE, REFUSED, SPENT = 0, 1, 2
# Files between two collections: what is left behind by a refusal holds a whole syntax tree.
COLLECT = 200


def confine(memory):
    """Bounds what a source can take along. Not every system has each of these limits."""
    try:
        import resource
    except ImportError:
        return
    # GraalPy is a JVM, which reserves more than it uses.
    wanted = {'RLIMIT_CORE': 0}
    if sys.implementation.name in ('cpython', 'pypy'):
        wanted['RLIMIT_AS'] = memory
    for name, value in wanted.items():
        limit = getattr(resource, name, None)
        if limit is None:
            continue
        hard = resource.getrlimit(limit)[1]
        if hard != resource.RLIM_INFINITY:
            value = min(value, hard)
        try:
            resource.setrlimit(limit, (value, value))
        except (ValueError, OSError):
            pass


def backstop():
    """The function that arms a timer which ends this process when nobody is left to do so."""
    try:
        import _signal
        # Ctrl-C on a terminal is meant for the parent, which ends its children.
        _signal.signal(_signal.SIGINT, _signal.SIG_IGN)
        _signal.signal(_signal.SIGALRM, _signal.SIG_DFL)
        return _signal.alarm
    except (ImportError, AttributeError):
        return lambda seconds: None


def message(error):
    try:
        text = str(error)
    except Exception:
        text = repr(error.args)
    text = '%s: %s' % (type(error).__name__, text) if text else type(error).__name__
    text = text[:MESSAGE]
    if not text.isprintable():
        text = ''.join(c if c.isprintable() else ascii(c)[1:-1] for c in text)
    return text.encode('utf-8', 'backslashreplace')


def serve(requests, replies, seconds, longest):
    import gc
    import marshal
    import struct

    ask = struct.Struct('>IIB')
    say = struct.Struct('>BI').pack
    read, write, flush = requests.read, replies.write, replies.flush
    alarm = backstop()
    served = 0

    def reply(status, body):
        write(say(status, len(body)))
        write(body)
        flush()

    from importlib.util import MAGIC_NUMBER
    reply(DONE, '\0'.join([
        PROTOCOL,
        sys.implementation.cache_tag or '',
        ''.join('%02x' % byte for byte in MAGIC_NUMBER),
        sys.version.split()[0],
    ]).encode())

    gc.collect()
    if hasattr(gc, 'freeze'):
        # The compiler makes no cycles.
        gc.freeze()
        gc.disable()
    while True:
        head = read(ask.size)
        if len(head) < ask.size:
            return
        length, name_length, optimize = ask.unpack(head)
        name = read(name_length)
        source = read(length)
        if len(source) < length:
            return
        alarm(seconds)
        try:
            # As importlib's source_to_code and _code_to_timestamp_pyc do.
            code = compile(source, name.decode('utf-8', 'surrogateescape'), 'exec',
                           dont_inherit=True, optimize=optimize)
            status, body = DONE, marshal.dumps(code)
            if len(body) > longest:
                status = REFUSED
                body = b'the code object is %d bytes, more than the %d that are taken' % (
                    len(body), longest)
        except MemoryError as error:
            source = code = None
            status, body = SPENT, message(error)
        except BaseException as error:
            status, body = REFUSED, message(error)
        source = code = None
        reply(status, body)
        alarm(0)
        if status == SPENT:
            return
        served += 1
        if served % COLLECT == 0:
            gc.collect()


def main():
    memory, seconds, longest = (int(argument) for argument in sys.argv[1:4])
    requests = os.fdopen(os.dup(0), 'rb', 1 << 18)
    replies = os.fdopen(os.dup(1), 'wb', 1 << 18)
    # What anything else reads or prints is none of the protocol's.
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    os.close(null)
    os.dup2(2, 1)
    confine(memory)
    import warnings
    warnings.simplefilter('ignore')
    try:
        serve(requests, replies, seconds, longest)
    except BrokenPipeError:
        pass
    # No clean-up: there is nothing to clean, and a heap that is full of dead trees is slow to free.
    os._exit(0)


main()
