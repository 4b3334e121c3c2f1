/**
 * The command line. Alone knows picocli.
 *
 * <p>Commands are thin: they read their options, let the domain work, and have a report written.
 * Results go to standard output, talk to standard error; the exit status is one of {@link
 * io.pycached.cli.ExitStatus}. Arguments are raw strings (see {@link io.pycached.layout.RawPath}),
 * since a path on the command line may be any bytes.
 */
@NullMarked
package io.pycached.cli;

import org.jspecify.annotations.NullMarked;
