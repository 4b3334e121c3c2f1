/**
 * What a bytecode cache saves one command: its import times with and without it, as {@code -X
 * importtime} tells them.
 *
 * <p><b>Cold</b> is a run whose pycache prefix is an empty directory, so that every source is
 * compiled; <b>warm</b> one with the real prefix, as it is. Both have {@code
 * PYTHONDONTWRITEBYTECODE} set: the measurement neither warms what it measures nor counts the time
 * that a first run takes to write, and the only difference is whether bytecode is found. Runs take
 * turns, cold and warm, so that what the machine does meanwhile hits both, and medians are
 * compared.
 *
 * <p>One thread measures; another passes on what the command prints.
 */
@NullMarked
package io.pycached.measure;

import org.jspecify.annotations.NullMarked;
