/**
 * Inputs of any kind for what reads them: {@link io.pycached.fuzz.Target} says what may come out,
 * and {@link io.pycached.fuzz.CorpusTest} replays those inputs that showed something new.
 *
 * <p>The corpus under {@code src/test/resources/io/pycached/fuzz} was found with Jazzer, which is
 * no dependency of the build. To look for more, with its standalone jar ({@code
 * com.code-intelligence:jazzer}) and the test class path in {@code CP}:
 *
 * <pre>{@code
 * java -cp "$CP" io.pycached.fuzz.Distiller seeds marshal work/marshal
 * java -cp "jazzer.jar:$CP" -Dpycached.fuzz.target=marshal com.code_intelligence.jazzer.Jazzer \
 *     --target_class=io.pycached.fuzz.JazzerEntry --instrumentation_includes='io.pycached.**' \
 *     work/marshal -max_len=2000 -max_total_time=600
 * java -cp "$CP" io.pycached.fuzz.Distiller distil marshal work/marshal
 * }</pre>
 */
@NullMarked
package io.pycached.fuzz;

import org.jspecify.annotations.NullMarked;
