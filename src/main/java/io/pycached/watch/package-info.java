/**
 * Changes of source trees, as directories to look at again.
 *
 * <p>The watch makes it fast and the survey makes it right: nothing here carries a verdict. {@link
 * io.pycached.watch.WatchListener} hears "look at this directory", "look at everything below this
 * directory" and "this project is polled from now on"; too much may be said, and what no watch can
 * see (hard links, memory maps, mounts inside a tree, what other machines do) is left to the
 * periodic survey.
 *
 * <p>This is the only package that knows directory-watcher (io.methvin), the JDK's {@link
 * java.nio.file.WatchService} and inotify(7). It works around what they do:
 *
 * <ul>
 *   <li>directory-watcher 0.19 turns {@code OVERFLOW} into an exception, and never registers the
 *       directories created meanwhile: any exception means a new watcher, a survey, and only then
 *       the end of the old one.
 *   <li>{@code DELETE} can arrive after the {@code CREATE} that superseded it, and a directory
 *       moved out of the tree keeps reporting under its old name: events are hints.
 *   <li>A root that is missing, moved or re-created is not reported: each root is looked at every
 *       few seconds, by file key and time of birth, since inode numbers are reused at once.
 *   <li>One directory that vanishes or cannot be read fails the walk that registers: the walk here
 *       is our own.
 * </ul>
 *
 * <p><b>Threads.</b> A project has one thread, {@code watch-NAME}, that owns its state, registers
 * its directories, looks at its root and polls; and while it is watched one, {@code
 * watch-NAME-events}, that passes events on. Both are daemon threads and both call the listener.
 *
 * <p><b>Errors.</b> Nothing that goes wrong in a tree is thrown: it ends as something to survey, as
 * a mode and a reason in {@link io.pycached.watch.WatchStatus}, or as a {@link
 * io.pycached.watch.Degradation}.
 */
@NullMarked
package io.pycached.watch;

import org.jspecify.annotations.NullMarked;
