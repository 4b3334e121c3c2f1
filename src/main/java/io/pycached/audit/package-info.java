/**
 * Who could have written what is in a prefix.
 *
 * <p>Bytecode is code, and an interpreter loads it for what its header says: magic number, flags
 * and the source's time and size, never for whose it is ({@code SourceLoader.get_code} of {@code
 * Lib/importlib/_bootstrap_external.py}). So whoever may write to a mirror runs code as everyone
 * who imports through it. An audit looks at owners, modes and links, in open directories, and
 * changes nothing; what it finds are {@link io.pycached.audit.Flaw}s.
 *
 * <p>The kernel tells modes with their upper bits, and the number of links, by path only; what it
 * tells counts if device and inode are those of the entry in the open directory. Owners are
 * compared by number: a name may cost a question to a directory service.
 *
 * <p>An {@link io.pycached.audit.Auditor} may be used by any thread. What has vanished meanwhile
 * has no flaws; other faults are {@code IOException}s.
 */
@NullMarked
package io.pycached.audit;

import org.jspecify.annotations.NullMarked;
