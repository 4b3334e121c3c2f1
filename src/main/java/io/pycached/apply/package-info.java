/**
 * Carries out plans. The only code that deletes and writes bytecode in a prefix.
 *
 * <p>A plan is about the past. Before each deletion the file is judged once more, in directories
 * that are opened anew from the prefix and from the project's root downwards; it goes only if the
 * verdict still stands and the file is, by its stamp, the one that was surveyed. Whatever has
 * changed meanwhile is left for the next survey and counted as skipped. What is written appears
 * whole or not at all, in directories that are reached the same way.
 */
@NullMarked
package io.pycached.apply;

import org.jspecify.annotations.NullMarked;
