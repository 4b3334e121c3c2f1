/**
 * Where bytecode lives: which {@code .pyc} importlib reads for a source, and which source a {@code
 * .pyc} in a pycache prefix belongs to.
 *
 * <p>The rules are those of {@code importlib.util.cache_from_source} with {@code
 * sys.pycache_prefix} set (PEP 3147, PEP 488, {@code Lib/importlib/_bootstrap_external.py}).
 * Everything here is a value or a pure function; nothing touches a file system, and everything is
 * safe for use by any thread.
 *
 * <p><b>Names are bytes.</b> A file name on Linux is any bytes but {@code /} and NUL, and Java's
 * strings do not carry all of them. Code here therefore moves {@link java.nio.file.Path} objects
 * about and, where it must look inside a name, uses its <i>raw</i> form: a string in which each
 * character is one byte ({@link io.pycached.layout.RawPath}).
 */
@NullMarked
package io.pycached.layout;

import org.jspecify.annotations.NullMarked;
