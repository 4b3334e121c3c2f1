/**
 * The journal of a prefix: what was deleted and written there, when, why and on what evidence.
 *
 * <p>It is kept as JSON lines in {@link io.pycached.layout.PycachePrefix#STATE_DIRECTORY}, in files
 * of a bounded size and number: {@code events.jsonl}, and before it {@code events.jsonl.1} and so
 * on. A {@link io.pycached.journal.Journal} writes it, on a thread of its own and never in the way
 * of what it tells of; the holder of the prefix's lock has one. A {@link
 * io.pycached.journal.JournalReader} reads it, in any process that may.
 *
 * <p>A journal that cannot be written stops nobody: a listener is told, what comes meanwhile waits
 * up to a bound, and what is beyond it is counted, and the count written. Errors are the JDK's own.
 */
@NullMarked
package io.pycached.journal;

import org.jspecify.annotations.NullMarked;
