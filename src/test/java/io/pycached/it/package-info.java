/**
 * The packaged program as real processes: commands, and a daemon over trees that change under it.
 *
 * <p>The truth is CPython, which compiles what is in the prefixes here; of what the daemon knows it
 * is a fresh {@code check}, and of what it may delete the source tree.
 */
@NullMarked
package io.pycached.it;

import org.jspecify.annotations.NullMarked;
