# Usage: hang.py LEADER DIRECTORY
# Mounts, where the process LEADER sees DIRECTORY, a file system that never answers, as a dead file
# server does: nobody reads what the kernel asks of it. It is there until standard input ends.
import ctypes
import os
import sys

CLONE_NEWNS = 0x20000
MNT_DETACH = 2
libc = ctypes.CDLL(None, use_errno=True)


def call(function, *arguments):
    if function(*arguments) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


leader, directory = sys.argv[1], sys.argv[2].encode()
requests = os.open('/dev/fuse', os.O_RDWR)
call(libc.setns, os.open('/proc/%s/ns/mnt' % leader, os.O_RDONLY), CLONE_NEWNS)
os.chdir('/')
options = b'fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other' % requests
call(libc.mount, b'hang', directory, b'fuse', 0, options)
print('mounted', flush=True)
sys.stdin.read()
call(libc.umount2, directory, MNT_DETACH)
