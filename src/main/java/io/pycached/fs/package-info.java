/**
 * The few file-system operations that pycached is built on: reading and deleting relative to an
 * open directory, stamps that tell whether a file is still the one that was looked at, files that
 * appear whole or not at all, and the lock on a prefix.
 *
 * <p>Somebody may swap what was looked at before it is opened. A name that stands for a link or for
 * another directory then is refused by the kernel. One that stands for a FIFO would keep the thread
 * waiting for ever, and the JDK has no {@code O_NONBLOCK}: what is opened, is opened by {@link
 * io.pycached.fs.GuardedOpen}, over which one daemon thread of the process watches.
 *
 * <p>Nothing here follows a symbolic link unless its name says so. Errors are the JDK's own: {@link
 * java.nio.file.NoSuchFileException} means the name is not there, {@link
 * java.nio.file.AccessDeniedException} means that nobody knows. Works on any file system whose
 * directory streams are {@link java.nio.file.SecureDirectoryStream}s.
 */
@NullMarked
package io.pycached.fs;

import org.jspecify.annotations.NullMarked;
