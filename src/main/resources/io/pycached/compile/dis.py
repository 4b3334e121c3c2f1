# Disassembles a marshalled code object: sys.stdin holds the body of a .pyc.
# The code is not run. Damaged marshal data can still end the interpreter, so its reader checks it first.
import dis
import marshal
import sys

sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")
dis.dis(marshal.loads(sys.stdin.buffer.read()))
