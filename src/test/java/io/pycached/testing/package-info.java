/**
 * What tests of several packages share. {@link io.pycached.testing.Interpreter} asks a real Python:
 * where a test can, the interpreter is right.
 */
@NullMarked
package io.pycached.testing;

import org.jspecify.annotations.NullMarked;
