/**
 * Interpreters, and the worker processes in which they compile.
 *
 * <p>{@link io.pycached.compile.Interpreters} finds the interpreters of a machine and asks each who
 * it is; {@link io.pycached.compile.Compilers} has them compile sources and answers with the
 * marshalled code object. Nobody here writes a {@code .pyc}: whoever asked does, so that the writer
 * is always the same. What a code object's bytes are is what {@code importlib}'s {@code
 * source_to_code} and {@code _code_to_timestamp_pyc} would make of the source ({@code
 * Lib/importlib/_bootstrap_external.py}).
 *
 * <p><b>What runs.</b> Each child runs isolated ({@code -I -S -B -X utf8}), in the root directory
 * and in an environment of its own, so that neither the machine's {@code PYTHON…} variables nor
 * {@code SOURCE_DATE_EPOCH}, {@code sitecustomize} or a {@code struct.py} next to a source reach a
 * result. Its script is an argument ({@code -c}): a file would need a directory that nobody else
 * can write, and would be gone after a clean-up of it. Requests and replies are frames with
 * lengths; file names travel as bytes.
 *
 * <p><b>Whom is trusted.</b> Asking an interpreter runs it, with our rights. One that was not named
 * by the configuration is run only if its file belongs to root or to us and nobody else may write
 * it, and a virtual environment's own executable is never run but the interpreter it stands for.
 *
 * <p><b>Threads.</b> The public types are safe for use by any thread, and their calls block. A
 * caller exchanges with a worker in its own thread; besides there is one thread a worker that reads
 * its standard error, and one that ends what takes too long, which is gone when nothing is pending.
 *
 * <p><b>Errors.</b> What goes wrong with a source or an interpreter is a value: {@link
 * io.pycached.compile.Compiled}, {@link io.pycached.compile.Refusal}. Every time, size and number
 * has a bound in {@link io.pycached.compile.Limits} or a constant.
 */
@NullMarked
package io.pycached.compile;

import org.jspecify.annotations.NullMarked;
