/**
 * The bytecode file: its magic number, its header, the hash of a source and the marshalled body.
 *
 * <p>A {@code .pyc} is a header and a body. {@link io.pycached.pyc.PycHeader} reads the header as
 * {@code importlib._bootstrap_external._classify_pyc} does, {@link io.pycached.pyc.Magics} knows
 * which interpreter wrote it, {@link io.pycached.pyc.SourceMtime} and {@link
 * io.pycached.pyc.SourceHash} compute what a header must hold for a source to match, and {@link
 * io.pycached.pyc.MarshalCheck} tells whether {@code marshal.loads} would accept the body. Sources:
 * PEP 3147, PEP 552, {@code Lib/importlib/_bootstrap_external.py}, {@code Python/marshal.c}, {@code
 * Objects/codeobject.c}, {@code Python/pyhash.c} and {@code
 * Include/internal/pycore_magic_number.h}.
 *
 * <p>Nothing here does I/O: everything works on buffers. All types are immutable and thread-safe,
 * but for {@link io.pycached.pyc.SourceHash.Digest}, which belongs to one thread. Bytes that are
 * not a header are a {@link io.pycached.pyc.MalformedPycException}; a damaged body is a value.
 */
@NullMarked
package io.pycached.pyc;

import org.jspecify.annotations.NullMarked;
